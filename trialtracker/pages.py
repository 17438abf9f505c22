"""Pages that look the same to everybody are made once for each state of the data, by middleware: kept in the cache under that state,
answered with 304 where a reader has them already, and made by one request while others wait for it.

A sync, a judgement or a text that an editor changes makes another state, so nothing that is kept is ever out of date. Only the pages named
in SHARED are kept, and none for who has signed in or names a place; every other answer that says nothing of itself is nobody's to keep.
"""

import datetime as dt
import hashlib
import time

from django.conf import settings
from django.core.cache import cache, caches
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from trials.filters import TRACKING
from trials.version import current_version

SHARED = frozenset(
    ("trials:home", "trials:list", "trials:detail", "trials:about", "trials:clinics", "trials:words", "data:changes", "data:landscape",
     "data:data", "therapies:list", "therapies:approach", "therapies:detail")
)  # fmt: skip

PERSONAL = {"near"}
"""Parameters that say where a reader is."""

KEPT_SECONDS = 10 * 60
LARGEST_HERE = 200_000
"""Bytes of a page that a process keeps in its own memory; larger ones are few, and lie where all processes find them."""
MAKING_SECONDS = 20
"""How long a page is taken to be in the making; then whoever made it is taken to have died."""
PATIENCE_SECONDS = 5
"""How long a request waits for another one that makes its page, before it makes it itself."""


def shared_pages(get_response):
    def answer(request):
        if not _is_shared(request):
            response = get_response(request)
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response
        state, since = _state(request)
        if unchanged := get_conditional_response(request, etag=f'W/"{state}"', last_modified=since):
            return _stamped(unchanged, state, since)
        key, here = f"page.{state}", caches["process"]
        if kept := here.get(key):
            return HttpResponse(kept[1], headers=kept[0])
        kept, is_maker = kept_or_to_be_made(key)
        if kept:
            if len(kept[1]) <= LARGEST_HERE:
                here.set(key, kept, KEPT_SECONDS)
            return HttpResponse(kept[1], headers=kept[0])
        try:
            response = get_response(request)
            if response.status_code == 200 and not response.streaming and not response.cookies:
                _stamped(response, state, since)
                cache.set(key, (dict(response.headers), response.content), KEPT_SECONDS)
        finally:
            if is_maker:
                cache.delete(f"{key}.making")
        return response

    return answer


def _is_shared(request) -> bool:
    if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES or not PERSONAL.isdisjoint(request.GET):
        return False
    try:
        request.resolver_match = resolve(request.path_info)  # also for who counts answers by view, though none is asked for a kept page
        return request.resolver_match.view_name in SHARED
    except Resolver404:
        return False


def _state(request) -> tuple[str, int]:
    """What an address shows now, as one short text, and the second since when it does. Some words on the pages depend on the day."""
    version, today = current_version(), timezone.localdate()
    params = sorted((key, values) for key, values in request.GET.lists() if not TRACKING.fullmatch(key))
    shown = (version.text, f"{today}", request.scheme, request.get_host(), request.path, params)
    midnight = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
    return hashlib.blake2b(repr(shown).encode(), digest_size=16).hexdigest(), int(max(version.seen_at, midnight).timestamp())


def _stamped(response, state: str, since: int):
    """Anybody may keep it, but asks before showing it again: a sync may have come in between."""
    response["ETag"] = f'W/"{state}"'
    response["Last-Modified"] = http_date(since)
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


def kept_or_to_be_made(key: str):
    """The page that is kept, or None; and whether this request is the one to make it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (kept := cache.get(key)):
        if cache.add(f"{key}.making", True, MAKING_SECONDS):
            return None, True
        if time.monotonic() > until:
            return None, False
        time.sleep(0.02)
    return kept, False
