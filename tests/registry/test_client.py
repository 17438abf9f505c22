"""The client against a real server on this machine that serves, and misbehaves on request."""

import datetime as dt
import itertools
import json
import math
from urllib.parse import urlencode

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.registry.contract import needs_contract, parameter_faults
from tests.standin import RegistryServer
from tests.studies import drug_study, msc_study
from trials.registry.client import (
    BadAnswer,
    Client,
    Page,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    StalePageToken,
    StudyNotFound,
    StudyQuery,
    Version,
)
from trials.registry.raw import decode

pytestmark = pytest.mark.storeless

MS = StudyQuery(condition="multiple sclerosis", page_size=4)


def days(count: int) -> list[dict]:
    """Studies NCT00000001 and on, each updated a day after the one before."""
    return [msc_study(number, updated=f"2026-03-{number:02}") for number in range(1, count + 1)]


@pytest.fixture
def registry():
    with RegistryServer(days(10), timestamp="2026-03-11T09:00:05") as server:
        yield server


@pytest.fixture
def waits():
    """The seconds that the client would have slept."""
    return []


@pytest.fixture
def client(registry, waits):
    with requests.Session() as session:
        yield client_of(registry, waits, session)


def client_of(registry, waits, session, **options) -> Client:
    defaults = {
        "user_agent": "TrialTracker tests",
        "pace_seconds": 0,
        "retries": 2,
        "sleep": waits.append,
        "jitter": lambda low, high: high,
    }
    return Client(registry.url, session, **(defaults | options))


def ids(pages) -> list[str]:
    return [decode(raw)["protocolSection"]["identificationModule"]["nctId"] for page in pages for raw in page.studies]


def nct_ids(*numbers: int) -> list[str]:
    return [f"NCT{number:08}" for number in numbers]


ALL = nct_ids(*range(1, 11))

# --- what is asked and answered -----------------------------------------------------------------------------------------------------


def test_the_version(client):
    assert client.version() == Version(api_version="2.0.5", data_timestamp="2026-03-11T09:00:05")


def test_every_page_until_no_token_comes(client, registry):
    pages = list(client.studies(MS))
    assert [(len(page.studies), page.total, page.next_token is None) for page in pages] == [
        (4, 10, False),
        (4, None, False),
        (2, None, True),
    ]
    assert ids(pages) == ALL
    assert [type(raw) for page in pages for raw in page.studies] == [bytes] * 10
    assert [decode(raw) for page in pages for raw in page.studies] == [holding.record for holding in registry.records]


def test_nothing_found_is_one_empty_page(client):
    assert list(client.studies(StudyQuery(condition="unheard of"))) == [Page((), total=0)]


def test_the_request_names_us_and_asks_for_full_records(client, registry):
    list(client.studies(StudyQuery("multiple sclerosis", "stromal", "2026", updated_since=dt.date(2026, 3, 9))))
    [request] = registry.requests
    assert request.headers["User-Agent"] == "TrialTracker tests"
    assert request.parameters == {
        "query.cond": "multiple sclerosis",
        "query.intr": "stromal",
        "query.term": "2026",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-03-09,MAX]",
        "sort": "LastUpdatePostDate:asc",
        "format": "json",
        "markupFormat": "markdown",
        "pageSize": "1000",
        "countTotal": "true",
    }


def test_only_what_was_updated_since(client):
    assert ids(client.studies(StudyQuery("multiple sclerosis", updated_since=dt.date(2026, 3, 9)))) == nct_ids(9, 10)


def test_further_pages_repeat_every_parameter_but_those_of_paging(client, registry):
    list(client.studies(MS))
    bound = [
        {name: value for name, value in request.parameters.items() if name not in ("pageToken", "countTotal")}
        for request in registry.requests
    ]
    assert bound == [bound[0]] * 3
    assert ["countTotal" in request.parameters for request in registry.requests] == [True, False, False]


def test_ids_are_asked_for_in_requests_with_short_addresses(client, registry):
    wanted = [f"nct{number}" for number in (*range(9, 300), 9)]
    pages = list(client.studies(StudyQuery(nct_ids=tuple(wanted))))
    assert ids(pages) == nct_ids(9, 10)
    assert [page.total for page in pages] == [None, None, None]
    asked = [request.parameters["filter.ids"].split(",") for request in registry.requests]
    assert list(itertools.chain(*asked)) == nct_ids(*range(9, 300))  # each once
    assert max(len(urlencode(request.parameters)) for request in registry.requests) < 2000


@pytest.mark.parametrize(
    "arguments", [{}, {"updated_since": dt.date(2026, 1, 1)}, {"condition": "MS", "page_size": 0}, {"condition": "MS", "page_size": 1001},
                  {"nct_ids": ("NCT00000001", "unknown")}],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused_before_it_is_asked(arguments):
    with pytest.raises(ValueError, match=r"query needs|a page holds|not an NCT id"):
        StudyQuery(**arguments)


def test_one_study(client, registry):
    assert decode(client.study("nct3")) == registry.records.find(3).record


def test_a_study_that_has_taken_over_the_id(client, registry):
    merged = msc_study(20)
    merged["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT00000019"]
    registry.records.add(merged)
    assert decode(client.study("NCT00000019")) == merged
    assert ids(client.studies(StudyQuery(nct_ids=("NCT00000019",)))) == ["NCT00000020"]


def test_a_study_that_there_is_not(client, waits):
    with pytest.raises(StudyNotFound, match="the registry has no study NCT00000099"):
        client.study("NCT00000099")
    assert waits == []


@needs_contract
def test_every_parameter_that_is_sent_stands_in_the_contract(client, registry):
    client.version()
    client.study("NCT00000001")
    list(client.studies(StudyQuery("multiple sclerosis", "cells", "2026 OR MS", updated_since=dt.date(2020, 1, 1), page_size=3)))
    list(client.studies(StudyQuery(nct_ids=tuple(ALL), page_size=3)))
    paths = [request.path.replace("NCT00000001", "{nctId}") for request in registry.requests]
    assert set(paths) == {"/version", "/studies", "/studies/{nctId}"}
    assert [parameter_faults(path, request.parameters) for path, request in zip(paths, registry.requests, strict=True)] == [[]] * len(paths)


# --- a registry that changes while it is read ---------------------------------------------------------------------------------------


def test_a_study_that_changes_during_the_sweep_comes_in_its_new_form_and_none_is_missed(client, registry):
    pages = client.studies(MS)
    read = [next(pages)]
    registry.records.replace(msc_study(2, updated="2026-03-20", status="COMPLETED"))  # already read
    registry.records.replace(msc_study(7, updated="2026-03-20", status="COMPLETED"))  # not yet read
    registry.records.remove("NCT00000001")
    read += pages
    assert ids(read) == [*nct_ids(1, 2, 3, 4, 5, 6, 8, 9), *nct_ids(10, 2, 7)]
    last = {decode(raw)["protocolSection"]["identificationModule"]["nctId"]: decode(raw) for page in read for raw in page.studies}
    assert last["NCT00000002"]["protocolSection"]["statusModule"]["overallStatus"] == "COMPLETED"


def test_a_study_may_come_twice(client, registry):
    registry.misbehave("duplicate", after=1)
    assert ids(client.studies(MS)) == [*ALL[:8], ALL[0], *ALL[8:]]


def test_empty_pages_do_not_end_a_sweep(client, registry):
    registry.misbehave("empty", times=3, after=1)
    assert ids(client.studies(MS)) == ALL


def test_empty_pages_without_end_are_a_bad_answer(client, registry):
    registry.misbehave("empty", times=math.inf, after=1)
    with pytest.raises(BadAnswer, match="empty pages in a row"):
        list(client.studies(MS))


def test_pages_that_run_in_a_circle_are_a_bad_answer(client, registry):
    registry.misbehave("loop", times=math.inf)
    with pytest.raises(BadAnswer, match="circle"):
        list(client.studies(MS))


def test_a_stale_page_token_starts_the_sweep_again(client, registry):
    registry.misbehave("stale_token", after=1)
    pages = list(client.studies(MS))
    assert ids(pages) == [*ALL[:8], *ALL]
    assert [page.total for page in pages] == [10, None, 10, None, None]


def test_page_tokens_that_are_always_stale_end_the_sweep(client, registry, caplog):
    registry.misbehave("stale_token", times=math.inf)
    with pytest.raises(StalePageToken, match="pageToken is no longer valid"):
        list(client.studies(MS))
    assert len(registry.requests) == 8  # four sweeps of two requests
    assert [record.args[:2] for record in caplog.records] == [(1, 3), (2, 3), (3, 3)]


# --- faults that pass ---------------------------------------------------------------------------------------------------------------

PASSING = [
    ("429", {}), ("500", {}), ("502", {}), ("503", {"retry_after": 3}), ("504", {}), ("disconnect", {}), ("drop", {}), ("truncate", {}),
    ("html", {}), ("text", {}), ("answer", {"body": b""}), ("answer", {"body": b"null"}), ("answer", {"body": b"[]"}),
    ("answer", {"body": b'{"error": "overloaded"}'}), ("answer", {"body": b'{"studies": {}}'}),
    ("answer", {"body": b'{"studies": [], "nextPageToken": 5}'}), ("answer", {"body": b"x", "headers": {"Content-Encoding": "gzip"}}),
    ("answer", {"status": 204, "body": b""}), ("answer", {"status": 408}), ("answer", {"status": 425}), ("answer", {"body": b"[" * 90_000}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "options"), PASSING)
def test_a_fault_that_passes_costs_a_wait_and_nothing_else(client, registry, waits, caplog, kind, options):
    registry.misbehave(kind, times=2, after=1, **options)
    assert ids(client.studies(MS)) == ALL
    assert len(registry.requests) == 5
    assert len(waits) == len(caplog.records) == 2
    assert "trying /studies again in" in caplog.text


@pytest.mark.parametrize(("kind", "options"), PASSING)
def test_a_fault_that_stays_ends_in_an_error_of_the_family(client, registry, kind, options):
    registry.misbehave(kind, times=math.inf, **options)
    with pytest.raises((RegistryUnavailable, BadAnswer), match="/studies was asked 3 times; at last: "):
        list(client.studies(MS))
    assert len(registry.requests) == 3


@pytest.mark.parametrize(
    ("kind", "error", "message"),
    [
        ("500", RegistryUnavailable, "HTTP 500: The service cannot answer now."),
        ("429", RegistryUnavailable, "HTTP 429"),
        ("disconnect", RegistryUnavailable, "at last: Remote end closed connection without response"),
        ("drop", RegistryUnavailable, "IncompleteRead"),
        ("truncate", BadAnswer, "no JSON of the published form"),
        ("html", BadAnswer, "a web page where JSON was expected"),
    ],
)
def test_the_error_says_what_went_wrong(client, registry, kind, error, message):
    registry.misbehave(kind, times=math.inf)
    with pytest.raises(error, match=message):
        next(client.studies(MS))


def test_the_right_answer_under_another_content_type_is_taken(client, registry, waits):
    registry.misbehave("wrong_type", times=math.inf)
    assert ids(client.studies(MS)) == ALL
    assert waits == []


def test_waits_grow_up_to_a_minute(registry, waits):
    registry.misbehave("500", times=math.inf)
    with requests.Session() as session, pytest.raises(RegistryUnavailable):
        client_of(registry, waits, session, retries=8).version()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_waits_are_spread_from_zero(registry, waits):
    asked = []
    registry.misbehave("500", times=2)
    with requests.Session() as session:
        client_of(registry, waits, session, jitter=lambda low, high: asked.append((low, high)) or high / 2).version()
    assert (asked, waits) == ([(0, 1), (0, 2)], [0.5, 1])


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [("7", 7), ("0", 1), ("999999", 300), ("9" * 30, 1), ("soon", 1), ("-5", 1), ("", 1), (None, 1),
     ("Fri, 01 Jan 2100 00:00:00 GMT", 300), ("Sat, 01 Jan 2000 00:00:00 GMT", 1),
     ("Wed, 99 Jan 2030 00:00:00 GMT", 1), ("Wed, 02 Jan 2999 00:00:00 -0000", 300),
     ("Mon, 01 Jan 99999999999 00:00:00 GMT", 1), ("Mon, 01 Jan 2030 00:00:00 +99999999999999", 1)],
)  # fmt: skip
@pytest.mark.parametrize("status", ["429", "503"])
def test_the_registry_s_wish_to_wait_is_honoured_within_reason(client, registry, waits, status, retry_after, wait):
    registry.misbehave(status, retry_after=retry_after)
    client.version()
    assert waits == [wait]


def test_an_answer_that_takes_too_long_is_asked_for_again(registry, waits):
    registry.misbehave("slow", seconds=30)
    with requests.Session() as session:
        assert client_of(registry, waits, session, timeout=(5, 0.2)).version().api_version == "2.0.5"
    assert waits == [1]


def test_an_answer_that_trickles_is_not_waited_for_for_ever(registry, waits):
    times = iter(range(0, 10_000, 700))  # 700 s pass from one look at the clock to the next
    with requests.Session() as session, pytest.raises(RegistryUnavailable, match="not complete after 600 s"):
        client_of(registry, waits, session, clock=lambda: next(times), retries=0, max_bytes=10**6).study("NCT00000001")


def test_no_connection(waits):
    with RegistryServer() as server:
        client = Client(server.url, user_agent="x", pace_seconds=0, retries=1, sleep=waits.append)
    with pytest.raises(RegistryUnavailable, match=r"asked 2 times; at last: Failed to establish a new connection: .*refused"):
        client.version()


# --- faults that stay ---------------------------------------------------------------------------------------------------------------


def test_a_refused_request_is_not_repeated_and_tells_the_registry_s_words(client, registry, waits):
    with pytest.raises(RegistryRefused, match=r"refused /studies with HTTP 400: query.cond: a parenthesis is not closed"):
        list(client.studies(StudyQuery(condition="(multiple sclerosis")))
    assert (len(registry.requests), waits) == (1, [])


def test_a_refused_client_is_told_how_to_mend_it(client, registry, waits):
    registry.misbehave("403")
    with pytest.raises(RegistryRefused, match=r"refused this client's TLS or user agent \(HTTP 403 and a web page\).*CTGOV_USER_AGENT"):
        client.version()
    assert waits == []


def test_a_failed_tls_handshake_says_so_and_how_to_mend_it(registry, waits):
    with requests.Session() as session:
        client = client_of(registry, waits, session)
        client.base_url = registry.url.replace("http://", "https://")
        with pytest.raises(RegistryRefused, match=r"refused this client's TLS or user agent \(the TLS handshake failed: .*OpenSSL"):
            client.version()
    assert len(waits) == 2  # a handshake also fails when a connection is lost


class _Failing(requests.adapters.BaseAdapter):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def send(self, request, **options):
        raise self.error

    def close(self):
        pass


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), RegistryUnavailable, "REQUESTS_CA_BUNDLE"),
        (requests.exceptions.ProxyError("x"), RegistryUnavailable, "the proxy cannot be reached or refused"),
        (requests.exceptions.TooManyRedirects("x"), BadAnswer, "redirects without end"),
        (requests.exceptions.InvalidURL("x"), RegistryUnavailable, "not an address that can be asked"),
        (requests.exceptions.ConnectTimeout("x"), RegistryUnavailable, "no answer in time"),
    ],
)
def test_faults_that_no_server_of_ours_can_show(registry, waits, error, kind, message):
    with requests.Session() as session:
        session.mount("http://", _Failing(error))
        with pytest.raises(kind, match=message):
            client_of(registry, waits, session).version()


@pytest.mark.parametrize("address", ["", "clinicaltrials.gov", "ftp://example.org", "http://", "http://[::1"])
def test_an_address_that_is_none(waits, address):
    with pytest.raises(RegistryUnavailable, match="not an address"):
        Client(address, user_agent="x", sleep=waits.append).version()
    assert waits == []


def test_an_answer_without_bounds_is_not_read(registry, waits):
    registry.records.add(drug_study(500, criteria="long " * 500_000))
    with requests.Session() as session, pytest.raises(BadAnswer, match="more than 1,000,000 bytes"):
        client_of(registry, waits, session, max_bytes=1_000_000).study("NCT00000500")
    assert waits == []


def test_a_study_that_is_no_object_spoils_no_page(client, registry):
    registry.misbehave("answer", body=b'{"studies": [5, {"a":\n1}, null]}')
    assert [page.studies for page in client.studies(MS)] == [(b"5", b'{"a":\n1}', b"null")]


def test_a_broken_letter_spoils_neither_page_nor_study(client, registry, waits):
    registry.misbehave("answer", body=b'{"studies": [{"a": "\\ud800x"}, {"b": "\xed\xa0\x80y"}, {"c": "\\ud83d\\ude00 \xc3\xa9"}]}')
    [page] = client.studies(MS)
    assert [decode(raw) for raw in page.studies] == [{"a": "x"}, {"b": "y"}, {"c": "😀 é"}]
    assert waits == []


JSON_LIKE = st.recursive(
    st.none() | st.integers() | st.text() | st.booleans(),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(["studies", "nextPageToken", "totalCount", "apiVersion", "dataTimestamp"]), below, max_size=5)
    ),
)


def answer_or_words(ask):
    """What the registry answers, or what an error of ours says of it."""
    try:
        return ask()
    except RegistryError as error:
        return str(error)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([200, 200, 200, 201, 204, 304, 400, 401, 403, 404, 429, 500, 599]),
    st.binary(max_size=200) | JSON_LIKE.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(["application/json", "text/html", "text/plain", "", "application/json; charset=klingon"]),
)
def test_whatever_comes_it_is_a_page_or_an_error_of_the_family(registry, client, status, body, content_type):
    registry.behave()
    registry.misbehave("answer", times=math.inf, status=status, body=b"" if status in (204, 304) else body, content_type=content_type)
    for ask in (lambda: list(client.studies(MS)), client.version, lambda: client.study("NCT00000001")):
        assert answer_or_words(ask) not in (None, "")


# --- pace ---------------------------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_second_passes_between_requests_and_waits_count_towards_it(registry):
    clock, slept = Clock(), []
    with requests.Session() as session:
        client = client_of(
            registry, [], session, pace_seconds=1, clock=clock, sleep=lambda seconds: slept.append(seconds) or clock.sleep(seconds),
            jitter=lambda low, high: 0.25,
        )  # fmt: skip
        client.version()  # at once
        client.version()  # a second later
        clock.now += 0.75
        client.version()  # a quarter of a second later
        clock.now += 5
        client.version()  # at once
        registry.misbehave("500")
        client.version()  # a second later, and again after the backoff and the rest of a second
    assert slept == [1, 0.25, 1, 0.25, 0.75]
