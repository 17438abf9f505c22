"""HTTP to the registry's API v2 and nothing else: asks, paces, retries, pages. Yields studies as raw JSON, knows nothing of what they say.

Callers see `RegistryError` and its kinds, never an exception of requests. What the API promises is in its published contract
(https://clinicaltrials.gov/data-api/api); where it promises nothing, this module is careful:

- Only the absence of `nextPageToken` ends a sweep. Pages may be empty, and counts may be off.
- Studies are asked for in the order of their last update, oldest first. A study that changes during the sweep then moves ahead of the
  reader and comes a second time in its new form; in the opposite order it would move behind the reader and be missed. The same study may
  therefore come twice, and does after a restart: consumers write by NCT id.
- A page token that the registry no longer accepts starts the sweep again from its first page, a few times at most.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import NoReturn, TypeVar

import msgspec
import requests

from trials.registry.normalise import canonical_nct_id, whole_letters

log = logging.getLogger(__name__)

T = TypeVar("T")

IDS_PER_REQUEST = 100  # keeps the URL near 1,300 characters
LARGEST_PAGE_SIZE = 1000

_FIRST_BACKOFF_SECONDS = 1.0
_LONGEST_BACKOFF_SECONDS = 60.0
_LONGEST_RETRY_AFTER_SECONDS = 300.0
_LONGEST_ANSWER_SECONDS = 600.0
_MOST_EMPTY_PAGES = 100
_CHUNK_BYTES = 1 << 16
_RETRIED_STATUSES = frozenset({408, 425, 429})
_ADDRESS_FAULTS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidProxyURL,
)
_REFUSED_CLIENT = (
    "the registry refused this client's TLS or user agent ({what}). Update OpenSSL and the packages requests and urllib3; name the project "
    "and an address in CTGOV_USER_AGENT; if a proxy stands between (HTTPS_PROXY), let it pass the address; or set CTGOV_API_URL to a relay "
    "of the API that the registry accepts."
)


class RegistryError(Exception):
    """Something went wrong between us and the registry; the message is a sentence for the person who runs the sync."""


class RegistryUnavailable(RegistryError):
    """It could not be reached, or kept failing or putting us off, for as many attempts as were allowed."""


class RegistryRefused(RegistryError):
    """It understood the request and said no (4xx); trying again would not help."""


class StudyNotFound(RegistryRefused):
    """It has no study with this id, nor one that has taken over the id."""


class BadAnswer(RegistryError):
    """It answered with something that is not what the contract promises."""


class StalePageToken(RegistryRefused):
    """It no longer accepts the page token. Leaves this module only when restarting the sweep did not help."""


@dataclass(frozen=True, slots=True)
class Version:
    """`data_timestamp` is UTC, `yyyy-MM-ddTHH:mm:ss`, as the registry writes it; "" where it gives none."""

    api_version: str
    data_timestamp: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some studies, each the raw JSON of one record. `total` is the registry's count of all pages, on the first page where it says it."""

    studies: tuple[bytes, ...]
    total: int | None = None
    next_token: str | None = None


@dataclass(frozen=True, slots=True)
class StudyQuery:
    """Which studies to ask for. Texts are Essie expressions; the days are the first and the last of those on which the
    registry posted the last update.

    ValueError for a query that would ask for the whole registry, for an id that is none, and for a page size outside 1 to 1000.
    """

    condition: str = ""
    intervention: str = ""
    term: str = ""
    updated_since: dt.date | None = None
    updated_until: dt.date | None = None
    nct_ids: tuple[str, ...] = ()
    page_size: int = LARGEST_PAGE_SIZE

    def __post_init__(self):
        if not (self.condition or self.intervention or self.term or self.nct_ids):
            raise ValueError("a query needs a condition, an intervention, a term or NCT ids: without any it asks for the whole registry")
        if not 1 <= self.page_size <= LARGEST_PAGE_SIZE:
            raise ValueError(f"a page holds 1 to {LARGEST_PAGE_SIZE} studies, not {self.page_size}")
        object.__setattr__(self, "nct_ids", tuple(dict.fromkeys(map(canonical_nct_id, self.nct_ids))))

    def sweeps(self) -> Iterator[dict[str, str]]:
        """The parameters of each sweep that the query takes, but for those of paging: one sweep, or one for every hundred NCT ids."""
        parameters = {
            "query.cond": self.condition,
            "query.intr": self.intervention,
            "query.term": self.term,
            "filter.advanced": f"AREA[LastUpdatePostDate]RANGE[{self.updated_since or 'MIN'},{self.updated_until or 'MAX'}]"
            if self.updated_since or self.updated_until
            else "",
            "sort": "LastUpdatePostDate:asc",
            "format": "json",
            "markupFormat": "markdown",
        }
        parameters = {name: value for name, value in parameters.items() if value}
        if not self.nct_ids:
            yield parameters
        for start in range(0, len(self.nct_ids), IDS_PER_REQUEST):
            yield parameters | {"filter.ids": ",".join(self.nct_ids[start : start + IDS_PER_REQUEST])}


class _PageBody(msgspec.Struct, rename="camel"):
    studies: list[msgspec.Raw]
    next_page_token: str | None = None
    total_count: int | None = None


class _VersionBody(msgspec.Struct, rename="camel"):
    api_version: str
    data_timestamp: str = ""


class _Transient(Exception):
    """A fault that may pass; `outcome` is what to raise when it does not, `wait` what the registry asked for, in seconds."""

    def __init__(self, message: str, outcome: type[RegistryError] = RegistryUnavailable, wait: float = 0.0):
        super().__init__(message)
        self.outcome = outcome
        self.wait = wait


class Client:
    """Asks the registry at `base_url` (`https://clinicaltrials.gov/api/v2`). One request at a time; not for use by several threads at once.

    `pace_seconds` pass between the end of an answer and the next request, `timeout` is (connect, read) in seconds, `retries` is how often
    one request is tried again, `max_bytes` bounds one answer after decompression. `sleep`, `clock` and `jitter` are there for the tests.
    """

    def __init__(
        self,
        base_url: str,
        session: requests.Session | None = None,
        *,
        user_agent: str,
        pace_seconds: float = 1.0,
        timeout: tuple[float, float] = (10, 60),
        retries: int = 5,
        restarts: int = 3,
        max_bytes: int = 512 * 1024 * 1024,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[float, float], float] = random.uniform,
    ):
        self.base_url = base_url.rstrip("/")
        self._session = session or requests.Session()
        self._headers = {"User-Agent": user_agent, "Accept": "application/json, text/plain;q=0.5"}
        self._pace_seconds = pace_seconds
        self._timeout = timeout
        self._retries = retries
        self._restarts = restarts
        self._max_bytes = max_bytes
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._last_answer_at: float | None = None

    def version(self) -> Version:
        """The API's version and the time of the data release that it serves."""
        body = self._get("/version", {}, _decode_version)
        return Version(body.api_version, body.data_timestamp)

    def study(self, nct_id: str) -> bytes:
        """The raw JSON of one study; of the study that has taken over the id, where one has. StudyNotFound where none has."""
        path = f"/studies/{canonical_nct_id(nct_id)}"
        return self._get(path, {"format": "json", "markupFormat": "markdown"}, _checked_object)

    def studies(self, query: StudyQuery) -> Iterator[Page]:
        """Every page of the query's studies, in the order of their last update. A study may come more than once."""
        sweeps = list(query.sweeps())
        for parameters in sweeps:
            yield from self._sweep(parameters, query.page_size, count=len(sweeps) == 1)

    def _sweep(self, parameters: dict[str, str], page_size: int, *, count: bool) -> Iterator[Page]:
        for restart in range(self._restarts + 1):
            try:
                yield from self._pages(parameters | {"pageSize": str(page_size)}, count=count)
            except StalePageToken as error:
                if restart == self._restarts:
                    raise
                log.warning("starting the sweep again (%d of %d): %s", restart + 1, self._restarts, error)
            else:
                return

    def _pages(self, parameters: dict[str, str], *, count: bool) -> Iterator[Page]:
        page = self._page(parameters | ({"countTotal": "true"} if count else {}))
        tokens, empty_pages = set(), 0
        while True:
            yield page
            token = page.next_token
            if not token:
                return
            empty_pages = 0 if page.studies else empty_pages + 1
            if token in tokens:
                raise BadAnswer("the registry's pages run in a circle: it gave the same page token twice")
            if empty_pages > _MOST_EMPTY_PAGES:
                raise BadAnswer(f"the registry gave {empty_pages} empty pages in a row and no end")
            tokens.add(token)
            page = self._page(parameters | {"pageToken": token})

    def _page(self, parameters: dict[str, str]) -> Page:
        body = self._get("/studies", parameters, _decode_page)
        # Raw is a window on the whole page: copied, so that a study does not keep the page in memory
        return Page(tuple(bytes(raw) for raw in body.studies), body.total_count, body.next_page_token or None)

    # --- one request ----------------------------------------------------------------------------------------------------------------

    def _get(self, path: str, parameters: dict[str, str], decode: Callable[[bytes], T]) -> T:
        """GET, tried again while there is hope, and decoded: what cannot be decoded was cut short or stands for a fault on the way."""
        for attempt in range(self._retries + 1):
            self._keep_pace()
            try:
                return self._decoded(path, self._fetch(path, parameters), decode)
            except _Transient as fault:
                if attempt == self._retries:
                    times = "once" if attempt == 0 else f"{attempt + 1} times"
                    raise fault.outcome(f"{self.base_url}{path} was asked {times}; at last: {fault}") from fault
                backoff = self._jitter(0, min(_LONGEST_BACKOFF_SECONDS, _FIRST_BACKOFF_SECONDS * 2**attempt))
                wait = max(fault.wait, backoff)
                log.warning("trying %s again in %.1f s (%d of %d): %s", path, wait, attempt + 1, self._retries, fault)
                self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _keep_pace(self) -> None:
        if self._last_answer_at is not None:
            wait = self._last_answer_at + self._pace_seconds - self._clock()
            if wait > 0:
                self._sleep(wait)

    def _fetch(self, path: str, parameters: dict[str, str]) -> bytes:
        """The body of a 200; _Transient or RegistryError for everything else."""
        try:
            with self._session.get(
                self.base_url + path, params=parameters, headers=self._headers, timeout=self._timeout, stream=True
            ) as response:
                body = self._body(response)
        except requests.exceptions.SSLError as error:
            _explain_tls(error)
        except _ADDRESS_FAULTS as error:
            raise RegistryUnavailable(f"{self.base_url} is not an address that can be asked: {error}") from error
        except requests.exceptions.TooManyRedirects as error:
            raise BadAnswer(f"{path} redirects without end: {error}") from error
        except requests.RequestException as error:
            raise _Transient(_reason(error)) from error
        finally:
            self._last_answer_at = self._clock()
        if response.status_code == 200:
            return body
        return _refuse(path, parameters, response, body)

    def _body(self, response: requests.Response) -> bytes:
        chunks, size, deadline = [], 0, self._clock() + _LONGEST_ANSWER_SECONDS
        for chunk in response.iter_content(_CHUNK_BYTES):
            size += len(chunk)
            if size > self._max_bytes:
                raise BadAnswer(f"an answer of more than {self._max_bytes:,} bytes was not read")
            if self._clock() > deadline:
                raise _Transient(f"the answer was not complete after {_LONGEST_ANSWER_SECONDS:.0f} s")
            chunks.append(chunk)
        return b"".join(chunks)

    def _decoded(self, path: str, body: bytes, decode: Callable[[bytes], T]) -> T:
        try:
            return decode(body)
        except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
            what = "a web page" if _is_html(body) else "nothing" if not body.strip() else f"no JSON of the published form ({error})"
            raise _Transient(f"{path} answered {what} where JSON was expected", BadAnswer) from error


def _decoder(type_: type[T]) -> Callable[[bytes], T]:
    decoder = msgspec.json.Decoder(type_)

    def decode(body: bytes) -> T:
        try:
            return decoder.decode(body)
        except ValueError as error:
            # one broken letter in one study must not cost the page; where it is not that, the first error tells more
            try:
                return decoder.decode(whole_letters(body))
            except ValueError:
                raise error from None

    return decode


_decode_page = _decoder(_PageBody)
_decode_version = _decoder(_VersionBody)
_decode_object = _decoder(dict[str, msgspec.Raw])


def _checked_object(body: bytes) -> bytes:
    _decode_object(body)
    return body.strip()


def _refuse(path: str, parameters: dict[str, str], response: requests.Response, body: bytes) -> NoReturn:
    status, says = response.status_code, _sentence(body)
    if status >= 500 or status in _RETRIED_STATUSES:
        raise _Transient(f"HTTP {status}{says}", wait=_retry_after(response.headers.get("Retry-After", "")))
    if status == 404 and path.startswith("/studies/"):
        raise StudyNotFound(f"the registry has no study {path.removeprefix('/studies/')}")
    if status == 400 and "pageToken" in parameters:
        raise StalePageToken(f"the registry no longer accepts the page token{says}")
    if status == 403 and _is_html(body):
        raise RegistryRefused(_REFUSED_CLIENT.format(what="HTTP 403 and a web page"))
    if 400 <= status < 500:
        raise RegistryRefused(f"the registry refused {path} with HTTP {status}{says}")
    raise _Transient(f"HTTP {status}, which the API does not know", BadAnswer)


def _explain_tls(error: requests.exceptions.SSLError) -> NoReturn:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        raise RegistryUnavailable(
            "the registry's TLS certificate could not be verified: install the system's CA certificates, or name those of your proxy in "
            f"REQUESTS_CA_BUNDLE ({_reason(error)})"
        ) from error
    # may also be a connection lost during the handshake, so it is tried again before it is believed
    raise _Transient(_REFUSED_CLIENT.format(what=f"the TLS handshake failed: {_reason(error)}"), RegistryRefused) from error


def _reason(error: requests.RequestException) -> str:
    """A short sentence: requests' own texts nest the reprs of what caused them."""
    if isinstance(error, requests.exceptions.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy cannot be reached or refused"
    cause: BaseException = error
    while inner := getattr(cause, "reason", None) or next((arg for arg in cause.args if isinstance(arg, BaseException)), None):
        if not isinstance(inner, BaseException):
            break
        cause = inner
    return re.sub(r"^(<[^>]*>|\w+\([^)]*\)):\s*", "", str(cause) or type(cause).__name__)


def _retry_after(value: str) -> float:
    """Seconds to wait, from seconds or an HTTP date, at most a few minutes; 0 where the header is absent or unreadable."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        seconds = float(value)
    else:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return 0.0
        if when.tzinfo is None:
            when = when.replace(tzinfo=dt.UTC)
        seconds = (when - dt.datetime.now(dt.UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER_SECONDS)


def _is_html(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"


def _sentence(body: bytes) -> str:
    """The registry's own words for an error, ready to append: one line, not too long; nothing where it sent a web page."""
    if _is_html(body):
        return ""
    words = " ".join(body[:2000].decode("utf-8", "replace").split())
    return f": {words[:300]}" if words else ""
