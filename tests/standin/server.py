"""The stand-in's HTTP side: what each path answers, and the server that can be started, changed, watched and told to misbehave."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import math
import re
import secrets
import socket
import sys
import threading
import time
import zlib
from bisect import bisect_right
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.standin import essie, pieces
from tests.standin.faults import PAGE, Fault
from tests.standin.holdings import Holding, Records, compact, nct_number

API_VERSION = "2.0.5"
ROOT = "/api/v2"
DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE = 10, 1000

_QUERY_AREAS = {
    "query.cond": "ConditionSearch",
    "query.term": "BasicSearch",
    "query.locn": "LocationSearch",
    "query.titles": "TitleSearch",
    "query.intr": "InterventionSearch",
    "query.outc": "OutcomeSearch",
    "query.spons": "SponsorSearch",
    "query.lead": "LeadSponsorName",
    "query.id": "IdSearch",
    "query.patient": "PatientSearch",
}
_FILTERS = ("overallStatus", "ids", "advanced")
_NOT_IMITATED = {"filter.geo", "filter.synonyms", "postFilter.geo", "postFilter.synonyms", "aggFilters", "geoDecay"}
_PAGING = {"countTotal", "pageSize", "pageToken"}
_STUDY_PARAMETERS = {"format", "markupFormat", "fields"}
_STUDIES_PARAMETERS = (
    {*_QUERY_AREAS, *_PAGING, *_STUDY_PARAMETERS, "sort"} | {f"{kind}.{name}" for kind in ("filter", "postFilter") for name in _FILTERS}
)  # fmt: skip
_STATUSES = frozenset(
    """ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED WITHDRAWN AVAILABLE
    NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING WITHHELD UNKNOWN""".split()
)
_SORT = re.compile(r"(@relevance|[A-Za-z][A-Za-z0-9\-. ]*)(?::(asc|desc))?")
_ONLY_IDS = re.compile(r"\s*NCT[0-9]+(?:[\s,]+NCT[0-9]+)*\s*", re.IGNORECASE)


class Refusal(Exception):
    """An answer other than 200, with a sentence as plain text."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None):
        super().__init__(sentence)
        self.status = status
        self.headers = headers or {}


@dataclass(frozen=True)
class Request:
    """What was asked: the path below /api/v2, the parameters and the headers."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str] = field(repr=False)


class RegistryServer:
    """Serves records at `url` while the `with` block lasts.

    `timestamp` is what /version gives: by default, the morning after the last update among the records.
    """

    def __init__(self, records: Iterable[dict[str, Any]] = (), *, timestamp: str = "", host: str = "127.0.0.1", port: int = 0):
        self.records = Records(records)
        self.timestamp = timestamp or self._morning_after()
        self.requests: list[Request] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._address = (host, port)
        self._stopping = threading.Event()
        self._http: _Http | None = None

    def __enter__(self) -> RegistryServer:
        self._stopping.clear()
        self._http = _Http(self._address, self)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, name="registry stand-in")
        self._thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.close_connections()
        self._http.server_close()

    @property
    def url(self) -> str:
        host, port = self._http.server_address[:2]
        return f"http://{host}:{port}{ROOT}"

    def misbehave(self, kind: str, times: float = 1, after: int = 0, **options: Any) -> None:
        """Spoil coming answers; `faults` says how."""
        with self._lock:
            self._faults.append(Fault(kind, times, after, options))

    def behave(self) -> None:
        """Forget every misbehaviour that was asked for."""
        with self._lock:
            self._faults.clear()

    def _morning_after(self) -> str:
        latest = max((holding.updated for holding in self.records), default=0) or dt.date(2026, 1, 1).toordinal()
        return f"{dt.date.fromordinal(latest) + dt.timedelta(days=1)}T09:00:05"

    def _log(self, request: Request) -> Fault | None:
        with self._lock:
            self.requests.append(request)
            is_page, has_token = request.path == "/studies", "pageToken" in request.parameters
            return next((fault for fault in self._faults if fault.takes(is_page=is_page, has_token=has_token)), None)

    # --- answers --------------------------------------------------------------------------------------------------------------------

    def answer(self, request: Request, fault: Fault | None) -> bytes:
        """The JSON for a request; Refusal where the API would refuse it."""
        if request.path == "/studies":
            return self._studies(request.parameters, fault.kind if fault else "")
        if request.path == "/version":
            _check_names(request.parameters, set())
            return compact({"apiVersion": API_VERSION, "dataTimestamp": self.timestamp})
        if request.path == "/stats/size":
            _check_names(request.parameters, set())
            return compact(self._sizes())
        if re.fullmatch(r"/studies/[^/]+", request.path):
            return self._study(request.path.removeprefix("/studies/"), request.parameters)
        raise Refusal(404, f"Not found: {request.path}")

    def _study(self, nct_id: str, parameters: dict[str, str]) -> bytes:
        _check_names(parameters, _STUDY_PARAMETERS)
        tree = _tree(parameters)
        number = nct_number(nct_id)
        if number is None:
            raise Refusal(400, "NCT number has incorrect format")
        holding = self.records.find(number)
        if holding is None:
            raise Refusal(404, f"NCT number {nct_id} not found")
        if holding.number != number:
            raise Refusal(301, f"{nct_id} is now {holding.nct_id}", {"Location": f"{ROOT}/studies/{holding.nct_id}"})
        return _json_of(holding, tree)

    def _studies(self, parameters: dict[str, str], fault: str) -> bytes:
        _check_names(parameters, _STUDIES_PARAMETERS)
        tree = _tree(parameters)
        key_of = _sort_key(parameters.get("sort", ""))
        page_size = _page_size(parameters.get("pageSize", ""))
        is_counted = _truth(parameters, "countTotal")
        test = _test(parameters)
        if fault == "stale_token":
            raise Refusal(400, "pageToken is no longer valid")
        found = sorted(filter(test, self.records), key=key_of)
        start = 0
        if token := parameters.get("pageToken"):
            cursor = _cursor(token, parameters)
            start = bisect_right([key_of(holding) for holding in found], cursor) if cursor is not None else 0
        page = found[start : start + page_size]
        is_last = start + page_size >= len(found)
        last_key = key_of(page[-1]) if page else None
        next_token = None if is_last else _token(last_key, parameters)
        if fault == "duplicate" and found:
            page = [*page, found[0]]
        elif fault == "loop":
            next_token = token
        elif fault == "empty":
            next_token = _token(key_of(found[start - 1]) if start else None, parameters)
            page = []
        fields = []
        if is_counted and not token:
            fields.append(b'"totalCount":%d' % len(found))
        fields.append(b'"studies":[' + b",\n".join(_json_of(holding, tree) for holding in page) + b"]")
        if next_token:
            fields.append(b'"nextPageToken":' + compact(next_token))
        return b"{" + b",".join(fields) + b"}"

    def _sizes(self) -> dict[str, Any]:
        sizes = sorted(((len(holding.json), str(holding.nct_id)) for holding in self.records), reverse=True)
        numbers = [size for size, _ in sizes]
        powers = sorted({max(size - 1, 0).bit_length() for size in numbers})
        return {
            "averageSizeBytes": round(sum(numbers) / len(numbers)) if numbers else 0,
            "largestStudies": [{"id": nct_id, "sizeBytes": size} for size, nct_id in sizes[:10]],
            "percentiles": {str(share): numbers[math.floor((100 - share) / 100 * (len(numbers) - 1))] for share in (50, 90) if numbers},
            "ranges": [
                {
                    "sizeRange": f"{2**power // 2} - {2**power} bytes",
                    "studiesCount": sum(max(size - 1, 0).bit_length() == power for size in numbers),
                }
                for power in powers
            ],
            "totalStudies": len(numbers),
        }


def _check_names(parameters: dict[str, str], known: set[str]) -> None:
    for name in parameters:
        if name in _NOT_IMITATED:
            raise Refusal(400, f"the stand-in does not imitate {name}")
        if name not in known:
            raise Refusal(400, f"unknown parameter `{name}`")


def _tree(parameters: dict[str, str]) -> dict[str, Any]:
    if parameters.get("format", "json") != "json":
        raise Refusal(400, "format: the stand-in gives json alone")
    if parameters.get("markupFormat", "markdown") not in ("markdown", "legacy"):
        raise Refusal(400, "markupFormat has incorrect value")
    if "fields" not in parameters:
        return {}
    names = [name.strip() for name in re.split(r"[,|]", parameters["fields"])]
    try:
        return pieces.tree_of(names)
    except KeyError as error:
        raise Refusal(400, f"fields: unknown field {error}") from error


def _page_size(text: str) -> int:
    if text and not re.fullmatch(r"[0-9]{1,9}", text):
        raise Refusal(400, "pageSize is not a number from 0")
    return min(int(text or 0) or DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE)


def _truth(parameters: dict[str, str], name: str) -> bool:
    value = parameters.get(name, "false")
    if value not in ("true", "false"):
        raise Refusal(400, f"{name} is neither true nor false")
    return value == "true"


def _sort_key(text: str):
    """A function from a study to a tuple of numbers. What lacks the field goes last, equals go by NCT number."""
    columns = []
    for item in filter(None, re.split(r"[,|]", text)):
        match = _SORT.fullmatch(item)
        name = match[1] if match else item
        if not match or name not in pieces.DATES | pieces.NUMBERS | {"@relevance"}:
            raise Refusal(400, f"sort: {item} is not a date or number to sort by")
        if name != "@relevance":  # which the stand-in does not weigh
            columns.append((name, -1 if (match[2] or ("desc" if name in pieces.DATES else "asc")) == "desc" else 1))
    if len(columns) > 2:
        raise Refusal(400, "sort takes two items at most")

    def key(holding: Holding) -> tuple[int, ...]:
        numbers = []
        for name, sign in columns:
            number = pieces.number(holding.record, name)
            numbers += [1, 0] if number is None else [0, sign * number]
        return (*numbers, holding.number)

    return key


def _test(parameters: dict[str, str]):
    """Whether a study answers all queries and, unless a query holds nothing but NCT ids, all filters."""
    tests = []
    for name, area in _QUERY_AREAS.items():
        if text := parameters.get(name, "").strip():
            expression = re.sub(r"[\s,]+", " OR ", text) if _ONLY_IDS.fullmatch(text) else text
            tests.append(_essie(name, expression, area))
    if not any(_ONLY_IDS.fullmatch(parameters.get(name, "")) for name in _QUERY_AREAS):
        for kind in ("filter", "postFilter"):
            tests += _filters({name: parameters[f"{kind}.{name}"] for name in _FILTERS if parameters.get(f"{kind}.{name}")})
    return lambda holding: all(test(holding) for test in tests)


def _filters(filters: dict[str, str]):
    if "overallStatus" in filters:
        statuses = set(re.split(r"[,|]", filters["overallStatus"]))
        if unknown := statuses - _STATUSES:
            raise Refusal(400, f"filter.overallStatus: unknown status {min(unknown)}")
        yield lambda holding: not statuses.isdisjoint(pieces.texts(holding.record, "OverallStatus"))
    if "ids" in filters:
        numbers = {nct_number(nct_id.strip()) for nct_id in re.split(r"[,|]", filters["ids"])}
        if None in numbers:
            raise Refusal(400, "filter.ids: an NCT number has incorrect format")
        yield lambda holding: holding.number in numbers or not numbers.isdisjoint(holding.aliases)
    if "advanced" in filters:
        yield _essie("filter.advanced", filters["advanced"], "BasicSearch")


def _essie(name: str, expression: str, area: str):
    try:
        return essie.compile(expression, area)
    except essie.QueryError as error:
        raise Refusal(400, f"{name}: {error}") from error


def _digest(parameters: dict[str, str]) -> str:
    """What a page token is bound to: every parameter but those of paging."""
    bound = sorted((name, value) for name, value in parameters.items() if name not in _PAGING)
    return hashlib.sha256(repr(bound).encode()).hexdigest()[:16]


def _token(key: tuple[int, ...] | None, parameters: dict[str, str]) -> str:
    """A place in the order of studies, not a count: what changes behind it or ahead of it does not move it."""
    return base64.urlsafe_b64encode(compact([_digest(parameters), key, secrets.token_hex(4)])).decode().rstrip("=")


def _cursor(token: str, parameters: dict[str, str]) -> tuple[int, ...] | None:
    try:
        digest, key, _ = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, TypeError, binascii.Error) as error:
        raise Refusal(400, "pageToken has incorrect value") from error
    if digest != _digest(parameters):
        raise Refusal(400, "pageToken belongs to a request with other parameters")
    return tuple(key) if key is not None else None


def _json_of(holding: Holding, tree: dict[str, Any]) -> bytes:
    return compact(pieces.projected(holding.record, tree)) if tree else holding.json


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them, after close_connections has woken them
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], registry: RegistryServer):
        self.registry = registry
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request, client_address):
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        """A client that hangs up is no error of the server's; anything else is shown."""
        if not self.registry._stopping.is_set() and not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close_connections(self):
        for connection in list(self._connections):
            with suppress(OSError):  # closed in the meantime
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet for headers and a small body
    server: _Http

    def log_message(self, format, *arguments):
        """The requests are logged in RegistryServer.requests."""

    def do_GET(self):
        registry = self.server.registry
        parts = urlsplit(self.path)
        parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(parts.path.removeprefix(ROOT), parameters, dict(self.headers))
        fault = registry._log(request)
        try:
            if not parts.path.startswith(f"{ROOT}/"):
                raise Refusal(404, f"Not found: {parts.path}")
            if fault is None or not self._spoil(fault, registry):
                self._json(registry.answer(request, fault), fault)
        except Refusal as refusal:
            self._send(refusal.status, "text/plain;charset=utf-8", str(refusal).encode(), refusal.headers)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _spoil(self, fault: Fault, registry: RegistryServer) -> bool:
        """Answer wrongly and say True, or leave the answer to the normal way."""
        options = fault.options
        if fault.kind == "403":
            self._send(403, "text/html", PAGE)
        elif fault.kind.isdigit():
            retry_after = options.get("retry_after", "1" if fault.kind == "429" else None)
            headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
            self._send(int(fault.kind), "text/plain", b"The service cannot answer now.", headers)
        elif fault.kind == "html":
            self._send(200, "text/html", PAGE)
        elif fault.kind == "text":
            self._send(200, "text/plain", b"Something went wrong.")
        elif fault.kind == "answer":
            content_type, headers = options.get("content_type", "application/json"), options.get("headers", {})
            self._send(options.get("status", 200), content_type, options.get("body", b"{}"), headers)
        elif fault.kind == "disconnect":
            self.close_connection = True
        else:
            if fault.kind == "slow":
                self._dawdle(registry, **options)
            return False
        return True

    def _dawdle(self, registry: RegistryServer, seconds: float = 1, until: threading.Event | None = None) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not (until and until.is_set()):
            if registry._stopping.wait(min(seconds, 0.05)):
                return

    def _json(self, body: bytes, fault: Fault | None) -> None:
        kind = fault.kind if fault else ""
        if kind == "truncate":
            body = body[: len(body) // 2]
        self._send(200, "text/plain" if kind == "wrong_type" else "application/json", body, cut=kind == "drop")

    def _send(self, status: int, content_type: str, body: bytes, headers: dict[str, str] | None = None, *, cut: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        if len(body) > 1024 and "gzip" in self.headers.get("Accept-Encoding", ""):
            packer = zlib.compressobj(1, wbits=31)
            body = packer.compress(body) + packer.flush()
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.wfile.flush()
        if cut:
            self.close_connection = True
