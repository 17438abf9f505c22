"""Which state of the data is shown: one short text that differs as soon as anything that a page, feed or answer shows may differ.

Conditional requests and caches hang on it. It costs one query of a few index look-ups, whatever the number of trials. Read it before the
data: an answer may then be newer than its version, which the next request mends, but never older.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

# Of runs the sum grows with each batch; findings and approaches are written anew whenever a trial is worked out again; whatever else a
# person changes, the admin logs. In plain SQL: the ORM's takes PostgreSQL half as long again to plan, and that is what a kept page costs.
MARKS = """
SELECT max(id), max(finished_at), sum(created + updated + missing),
    (SELECT max(id) FROM trials_finding),
    (SELECT max(id) FROM trials_trialapproach),
    (SELECT max(listed_at) FROM trials_listing),
    (SELECT max(judged_at) FROM trials_curation),
    (SELECT max(withdrawn_at) FROM trials_curation),
    (SELECT max(decided_at) FROM trials_family),
    (SELECT max(id) FROM django_admin_log)
FROM trials_syncrun
"""

KEPT_SECONDS = 60 * 60 * 24 * 30


def fingerprint(folder: Path) -> str:
    """One short text for the code, templates, styles and scripts that lie in a folder: it is the same on every machine that runs them."""
    files = [path for path in folder.rglob("*") if path.suffix in {".py", ".html", ".css", ".js"}]
    return hashlib.blake2b(b"".join(path.read_bytes() for path in sorted(files)), digest_size=8).hexdigest()


SOFTWARE = tuple(fingerprint(settings.BASE_DIR / name) for name in ("alerts", "templates", "therapies", "trials", "trialtracker"))
"""What shows the data. The number of a version stays the same between releases; whoever works on a page would be shown the old one."""


@dataclass(frozen=True, slots=True)
class Version:
    """`text` names the state; `seen_at` is when it was first asked for, in whole seconds, UTC."""

    text: str
    seen_at: dt.datetime


_since: dict[str, int] = {}
"""When this process first saw the version that it saw last: the cache need not be asked again for as long as it stands."""


def current_version() -> Version:
    """The state of the data and of the software that shows it. One query."""
    marks = _marks()
    text = hashlib.blake2b(repr((SOFTWARE, marks)).encode(), digest_size=12).hexdigest()
    seen = _since.get(text)
    if seen is None:
        # A version is at most as old as the first request that saw it; a cache that forgets makes readers fetch once more, nothing worse.
        seen = cache.get_or_set(f"trials.version.{text}", lambda: int(timezone.now().timestamp()), KEPT_SECONDS)
        _since.clear()
        _since[text] = seen
    return Version(text, dt.datetime.fromtimestamp(seen, dt.UTC))


def _marks() -> tuple:
    """What MARKS answers. Asking it tells whether the connection still stands, so Django need not ask that first, for as long again."""
    connection.health_check_done = True
    try:
        return _asked()
    except (InterfaceError, OperationalError):
        if connection.in_atomic_block:
            raise
        connection.close()  # the database was restarted since the connection was made
        return _asked()


def _asked() -> tuple:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.cursor = psycopg.Cursor(cursor.connection)  # planned once in a session; Django's own cursors have it planned each time
        cursor.execute(MARKS)
        return cursor.fetchone()


def etag_of(request: HttpRequest, version: Version) -> str:
    """The weak ETag of what this request's full address answers under a version."""
    address = hashlib.blake2b(request.build_absolute_uri().encode(), digest_size=8).hexdigest()
    return f'W/"{version.text}-{address}"'


def not_modified(request: HttpRequest, version: Version) -> HttpResponse | None:
    """The 304 (or 412) that a conditional request asks for, or None where it needs an answer."""
    return get_conditional_response(request, etag=etag_of(request, version), last_modified=int(version.seen_at.timestamp()))


def stamp(response: HttpResponse, request: HttpRequest, version: Version, seconds: int = 60) -> HttpResponse:
    """Give a response its ETag and Last-Modified, and let anybody keep it for some seconds."""
    response["ETag"] = etag_of(request, version)
    response["Last-Modified"] = f"{version.seen_at:%a, %d %b %Y %H:%M:%S} GMT"
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response
