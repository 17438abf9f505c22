"""How often one address may ask for what costs much: files, searches, charts, questions for mail. Reading is not counted.

Counted in the cache by the API's own means, for the time that the limit speaks of and no longer. Without a cache nothing is counted and
nobody is refused: a limit keeps the site up for all, it does not guard anything.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.shortcuts import render
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

FILES = {
    "trials:export-csv", "trials:export-json", "data:export", "data:about-list", "data:landscape-csv", "data:trials-feed",
    "data:changes-feed", "data:dates",
}  # fmt: skip
SEARCHES = {"data:landscape", "trials:near-me"}
SEARCHES_WITH = {"trials:list": ("q", "near"), "trials:home": ("near",), "trials:detail": ("near",), "trials:for-neurologist": ("near",)}


def address_of(request) -> str | None:
    """Whom a limit counts: with a proxy in front the address that it saw, unless what it says is none. None where no server took it."""
    address = BaseThrottle().get_ident(request)
    try:
        validate_ipv46_address(address)
    except ValidationError:
        return request.META.get("REMOTE_ADDR")
    return address


class PerAddress(SimpleRateThrottle):
    """So many times in a `period` (min, hour) from one address."""

    def __init__(self, scope, setting, period="min"):
        self.scope = scope
        self.rate = f"{getattr(settings, setting)}/{period}"
        super().__init__()

    def get_cache_key(self, request, view):
        return f"trials.limits.{self.scope}.{address_of(request)}"

    def seconds_to_wait(self) -> int:
        return int(self.wait() or self.duration) + 1


def limit_of(request):
    """The limit that a request falls under; None for reading."""
    name = request.resolver_match.view_name
    if name in FILES:
        return PerAddress("files", "FILES_PER_MINUTE")
    if name in SEARCHES or any(request.GET.get(key) for key in SEARCHES_WITH.get(name, ())):
        return PerAddress("searches", "SEARCHES_PER_MINUTE")
    if request.method == "POST" and name == "trials:for-me":
        return PerAddress("searches", "SEARCHES_PER_MINUTE")
    if request.method == "POST" and name == "alerts:subscribe":
        return PerAddress("subscriptions", "SUBSCRIPTIONS_PER_HOUR", "hour")
    return None


class Limits:
    """Middleware that answers 429, with Retry-After and a page that says so, where an address asks too often."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        limit = limit_of(request)
        if limit is None or limit.allow_request(request, view):
            return None
        seconds = limit.seconds_to_wait()
        context = {"seconds": seconds, "minutes": -(-seconds // 60)}
        response = render(request, "429.html", context, status=429)
        response["Retry-After"] = str(seconds)
        response["Cache-Control"] = "no-store"
        return response
