"""The stand-in speaks the published API: its answers fit the contract, and it understands and refuses what the API does."""

import gzip
import json
import re
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

from tests.records import REPO, needs_records, read_records
from tests.registry.contract import contract, faults, needs_contract
from tests.registry.full_study import RECORD
from tests.standin import RegistryServer
from tests.standin.essie import QueryError, Study, compile
from tests.standin.holdings import STARTER_SET, Records, read_files
from tests.studies import drug_study, msc_study

pytestmark = pytest.mark.storeless


@pytest.fixture
def registry():
    studies = [
        RECORD,
        msc_study(1, updated="2026-01-05", status="COMPLETED", phases=["PHASE1", "PHASE2"]),
        msc_study(2, updated="2026-01-03", countries=["Norway", "Sweden"]),
        drug_study(3, updated="2026-01-04"),
        drug_study(4, updated="2026-01-04", conditions=["Neuromyelitis Optica"], title="Optic Neuritis"),
    ]
    with RegistryServer(studies, timestamp="2026-01-06T09:00:05") as server:
        yield server


@pytest.fixture
def ask(registry):
    """Ask for a path with parameters and return the response."""
    with requests.Session() as session:

        def call(path="/studies", **parameters):
            parameters = {name.replace("__", "."): value for name, value in parameters.items()}
            return session.get(registry.url + path, params=parameters, timeout=10)

        yield call


def numbers(response) -> list[int]:
    assert response.status_code == 200, response.text
    return [int(study["protocolSection"]["identificationModule"]["nctId"][3:]) for study in response.json()["studies"]]


# --- the contract -------------------------------------------------------------------------------------------------------------------


@needs_contract
@pytest.mark.parametrize(
    ("path", "parameters", "schema"),
    [
        ("/studies", {"countTotal": "true", "pageSize": "2"}, "PagedStudies"),
        ("/studies", {"query.cond": "nothing like it"}, "PagedStudies"),
        ("/studies", {"fields": "NCTId,BriefTitle,StatusModule,HasResults"}, "PagedStudies"),
        ("/studies/NCT01234567", {}, "Study"),
        ("/studies/NCT01234567", {"fields": "ProtocolSection"}, "Study"),
        ("/version", {}, "Version"),
        ("/stats/size", {}, "GzipStats"),
    ],
)
def test_answers_fit_the_contract(ask, path, parameters, schema):
    response = ask(path, **parameters)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert faults(response.json(), schema) == []


@needs_contract
def test_an_empty_registry_fits_the_contract(ask, registry):
    registry.records.clear()
    assert faults(ask("/stats/size").json(), "GzipStats") == []
    assert ask(countTotal="true").json() == {"totalCount": 0, "studies": []}


@needs_contract
def test_every_published_parameter_is_understood_or_refused_by_name(ask):
    for parameter in contract()["paths"]["/studies"]["get"]["parameters"]:
        response = ask(**{parameter["name"]: _example(parameter)})
        understood = response.status_code == 200 or response.text.startswith("pageToken ")
        assert understood or response.text == f"the stand-in does not imitate {parameter['name']}", parameter["name"]


def _example(parameter: dict) -> str:
    value = next(iter(parameter.get("examples", {"": {"value": "1"}}).values()))["value"]
    by_name = {"format": "json", "markupFormat": "markdown", "countTotal": "true", "filter.advanced": "AREA[StartDate]2022"}
    return by_name.get(parameter["name"], "|".join(value) if isinstance(value, list) else str(value))


@needs_records
def test_genuine_records_come_back_as_they_are():
    records = read_records("registry/mixed_v2.jsonl.gz")[:60]
    with RegistryServer(records) as server:
        studies = requests.get(f"{server.url}/studies", params={"pageSize": 1000}, timeout=10).json()["studies"]
        assert {json.dumps(study, sort_keys=True) for study in studies} == {json.dumps(record, sort_keys=True) for record in records}


def test_answers_are_compact_with_a_study_a_line(ask):
    lines = ask(query__id="NCT00000001 NCT00000002", countTotal="true").text.split("\n")
    assert lines[0].startswith('{"totalCount":2,"studies":[{"protocolSection":{"identificationModule":{"nctId":"NCT00000001",')
    assert lines[1].endswith("}]}")
    assert len(lines) == 2


# --- queries, filters, order --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, [1, 2, 3, 4, 1234567]),
        ({"query.cond": "multiple sclerosis"}, [1, 2, 3, 1234567]),
        ({"query.cond": "SCLEROSIS multiple"}, [1, 2, 3, 1234567]),
        ({"query.cond": '"sclerosis multiple"'}, []),
        ({"query.cond": "multiple sclerosis", "query.intr": "marrow"}, [1, 2, 1234567]),
        ({"query.intr": "stem OR stromal"}, [1, 2, 1234567]),
        ({"query.intr": "cells NOT stem"}, [3, 4]),
        ({"query.titles": "optic neuritis"}, [4]),
        ({"query.term": "AREA[Phase]PHASE1"}, [1, 1234567]),
        ({"query.term": "AREA[Phase](PHASE1 OR PHASE3) AND AREA[OverallStatus]COMPLETED"}, [1]),
        ({"query.locn": "Sweden"}, [2]),
        ({"query.spons": "Example Firm"}, [1234567]),
        ({"query.lead": "Example Firm"}, []),
        ({"query.id": "2020-000001-11"}, [1234567]),
        ({"query.term": "NCT00000002, NCT00000003", "filter.overallStatus": "WITHDRAWN"}, [2, 3]),
        ({"filter.ids": "NCT00000002|nct1234000,NCT00000099"}, [2, 1234567]),
        ({"filter.overallStatus": "COMPLETED|UNKNOWN"}, [1, 1234567]),
        ({"postFilter.overallStatus": "RECRUITING"}, [2, 3, 4]),
        ({"filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-04,MAX]"}, [1, 3, 4]),
        ({"filter.advanced": "AREA[LastUpdatePostDate]RANGE[MIN, 01/04/2026]"}, [2, 3, 4, 1234567]),
        ({"filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026,2026-01]"}, [1, 2, 3, 4]),
        ({"filter.advanced": "AREA[EnrollmentCount]RANGE[19,MAX]"}, [1234567]),
        ({"filter.advanced": "AREA[ResultsFirstPostDate]RANGE[MIN,MAX]"}, [1234567]),
    ],
)
def test_what_is_found(ask, parameters, found):
    response = ask(**parameters, pageSize="100", countTotal="true")
    assert numbers(response) == found
    assert response.json()["totalCount"] == len(found)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("LastUpdatePostDate:asc", [1234567, 2, 3, 4, 1]),
        ("LastUpdatePostDate", [1, 3, 4, 2, 1234567]),
        ("EnrollmentCount:desc|LastUpdatePostDate:asc", [1234567, 2, 3, 4, 1]),
        ("ResultsFirstPostDate:asc", [1234567, 1, 2, 3, 4]),
        ("ResultsFirstPostDate:desc", [1234567, 1, 2, 3, 4]),
        ("@relevance", [1, 2, 3, 4, 1234567]),
    ],
)
def test_the_order(ask, sort, order):
    assert numbers(ask(sort=sort)) == order
    paged, token = [], {}
    while token is not None:
        page = ask(sort=sort, pageSize="2", **token)
        paged += numbers(page)
        token = {"pageToken": page.json()["nextPageToken"]} if "nextPageToken" in page.json() else None
    assert paged == order


def test_only_the_fields_that_are_asked_for(ask):
    response = ask(fields="NCTId,LocationCity|Phase", filter__ids="NCT00000002")
    assert response.json() == {
        "studies": [
            {
                "protocolSection": {
                    "identificationModule": {"nctId": "NCT00000002"},
                    "designModule": {"phases": ["PHASE2"]},
                    "contactsLocationsModule": {"locations": [{"city": "Bergen"}, {"city": "Bergen"}]},
                }
            }
        ]
    }


@pytest.mark.parametrize(("asked", "given"), [("", 10), ("0", 10), ("3", 3), ("5000", 1000)])
def test_the_size_of_a_page(asked, given):
    with RegistryServer(msc_study(number) for number in range(1, 1100)) as server:
        parameters = {"pageSize": asked} if asked else {}
        assert len(requests.get(f"{server.url}/studies", params=parameters, timeout=10).json()["studies"]) == given


# --- refusals -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"filter.phase": "PHASE2"}, "unknown parameter `filter.phase`"),
        ({"filter.geo": "distance(1,2,3mi)"}, "does not imitate filter.geo"),
        ({"format": "csv"}, "json alone"),
        ({"markupFormat": "html"}, "markupFormat"),
        ({"fields": ""}, "fields"),
        ({"fields": "NCTId,Weather"}, "Weather"),
        ({"sort": "BriefTitle"}, "BriefTitle"),
        ({"sort": "StartDate,CompletionDate,EnrollmentCount"}, "two items"),
        ({"sort": "StartDate:up"}, "StartDate:up"),
        ({"pageSize": "many"}, "pageSize"),
        ({"pageSize": "-1"}, "pageSize"),
        ({"countTotal": "yes"}, "countTotal"),
        ({"filter.ids": "NCT00000001,X"}, "filter.ids"),
        ({"filter.overallStatus": "OPEN"}, "OPEN"),
        ({"query.cond": '(a OR "b)'}, "query.cond"),
        ({"filter.advanced": "AREA[Weather]x"}, "Weather"),
        ({"filter.advanced": "AREA[LastUpdatePostDate]RANGE[soon,MAX]"}, "soon"),
        ({"pageToken": "abracadabra"}, "pageToken"),
        ({"pageToken": "é"}, "pageToken"),
    ],
)
def test_what_the_registry_would_refuse_is_refused_in_a_sentence(ask, parameters, words):
    response = ask(**parameters)
    assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (400, "text/plain")
    assert words in response.text


def test_a_page_token_belongs_to_its_query(ask):
    first = ask(query__cond="sclerosis", pageSize="2", countTotal="true")
    token = first.json()["nextPageToken"]
    assert numbers(ask(query__cond="sclerosis", pageSize="1", pageToken=token)) == [3]
    refused = ask(query__cond="multiple", pageSize="2", pageToken=token)
    assert (refused.status_code, refused.text) == (400, "pageToken belongs to a request with other parameters")


@pytest.mark.parametrize(
    ("path", "status"), [("/studies/NCT00000099", 404), ("/studies/X", 400), ("/weather", 404), ("/studies/NCT00000001/x", 404), ("", 404)]
)
def test_paths_that_lead_nowhere(ask, path, status):
    response = ask(path)
    assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (status, "text/plain")


def test_an_alias_leads_to_the_study_that_has_taken_it_over(ask):
    response = ask("/studies/NCT01234000", fields="NCTId")
    assert [step.status_code for step in response.history] == [301]
    assert response.json() == RECORD


@pytest.mark.parametrize(
    "expression", ["", "(", ")", "a OR", "OR a", "NOT", "a AND AND b", '"open', "AREA[BriefTitle]", "RANGE[1,2]", "AREA[StartDate]RANGE[1]",
                   "AREA[Phase]RANGE[a,b]", "a [b]", "AREA[StartDate]RANGE[2024-02-30,MAX]"],
)  # fmt: skip
def test_expressions_that_make_no_sense(expression):
    with pytest.raises(QueryError):
        compile(expression, "BasicSearch")


@pytest.mark.parametrize(
    ("expression", "is_found"),
    [
        ("stem-cell", True),
        ("ells", False),
        ("cells sclerosis", True),
        ("cells fox OR sclerosis", True),
        ("cells AND (fox OR sclerosis)", True),
        ("NOT (fox OR wolf) cells", True),
        ("NOT cells", False),
        ('"sclerosis fatigue"', False),  # a phrase does not run from one text into the next
        ("AREA[TitleSearch](cells sclerosis)", True),
        ("AREA[Keyword]sclerosis", False),
        ("---", True),
    ],
)
def test_expressions(expression, is_found):
    record = {
        "protocolSection": {
            "identificationModule": {"briefTitle": "Stem-Cell Cells for Sclerosis"},
            "conditionsModule": {"conditions": ["Sclerosis", "Fatigue"], "keywords": ["MS", 7, None]},
        }
    }
    assert compile(expression, "BasicSearch")(Study(record)) == is_found


# --- the server ---------------------------------------------------------------------------------------------------------------------


def test_of_two_versions_the_later_is_kept_and_replacing_is_another_matter():
    records = Records([msc_study(1, updated="2026-02-01"), msc_study(1, updated="2026-01-01", status="WITHDRAWN")])
    assert [holding.record for holding in records] == [msc_study(1, updated="2026-02-01")]
    records.replace(msc_study(1, updated="2026-01-01"))
    assert [holding.record for holding in records] == [msc_study(1, updated="2026-01-01")]
    records.remove("NCT00000001")
    assert len(records) == 0


def test_records_of_any_shape_are_served_as_they_are(ask, registry):
    broken = [
        {"protocolSection": {"identificationModule": {"nctId": nct_id}, "statusModule": []}} for nct_id in (None, 7, "x", "NCT00000077")
    ]
    for record in broken:
        registry.records.replace(record)
    studies = ask(pageSize="100", sort="LastUpdatePostDate:asc", query__term="NOT fox").json()["studies"]
    assert [study for study in studies if study in broken] == broken


def test_the_data_s_timestamp_is_the_morning_after_the_last_update_unless_said_otherwise(registry):
    assert registry.timestamp == "2026-01-06T09:00:05"
    assert RegistryServer([msc_study(1, updated="2026-02-28")]).timestamp == "2026-03-01T09:00:05"


def test_an_unknown_misbehaviour_is_refused(registry):
    with pytest.raises(ValueError, match="no such misbehaviour: 'sulk'; there are 403, "):
        registry.misbehave("sulk")


def test_it_ends_with_connections_open_and_an_answer_under_way(registry):
    registry.misbehave("slow", seconds=600)
    host, port = re.search(r"//(.*):(\d+)/", registry.url).groups()
    with socket.create_connection((host, int(port))) as idle, socket.create_connection((host, int(port))) as waiting:
        waiting.sendall(b"GET /api/v2/version HTTP/1.1\r\nHost: x\r\n\r\n")
        while not registry.requests:
            time.sleep(0.01)
        registry.__exit__()
        assert idle.recv(1) == b""
    registry.__enter__()  # for the fixture to leave


# --- the command --------------------------------------------------------------------------------------------------------------------


def serve(*arguments) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.standin", *map(str, arguments)]
    return subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_command_serves_files_until_it_is_stopped(tmp_path):
    (tmp_path / "lines.jsonl.gz").write_bytes(
        gzip.compress(json.dumps(msc_study(1)).encode() + b"\n\n" + json.dumps(msc_study(2)).encode())
    )
    (tmp_path / "list.json").write_text(json.dumps([msc_study(3)]))
    (tmp_path / "one.json").write_text(json.dumps(msc_study(4)))
    (tmp_path / "page.json").write_text(json.dumps({"as_of": "2026-01-01", "studies": [msc_study(5)]}))
    (tmp_path / "notes.txt").write_text("no records")
    with serve(tmp_path, "--port", 0, "--timestamp", "2026-05-05T05:05:05", "--misbehave", "500:1:1") as process:
        try:
            said = process.stdout.readline()
            url = re.fullmatch(r"5 studies at (http://127\.0\.0\.1:\d+/api/v2), data of 2026-05-05T05:05:05\. Ctrl-C ends it\.\n", said)[1]
            assert numbers(requests.get(f"{url}/studies", timeout=10)) == [1, 2, 3, 4, 5]
            assert [requests.get(f"{url}/version", timeout=10).status_code for _ in range(2)] == [500, 200]
        finally:
            process.send_signal(signal.SIGTERM)
        assert (process.wait(10), process.stderr.read()) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.json"], "missing.json"),
        (["README.md"], "not a .json or .jsonl file"),
        (["--misbehave", "sulk"], "no such misbehaviour"),
        (["--misbehave", "500:often"], "often"),
    ],
)
def test_the_command_says_what_is_wrong_with_its_arguments(arguments, words):
    with serve(*arguments, "--port", 0) as process:
        out, errors = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert words in errors


def test_without_files_the_bundled_starter_set_is_served():
    records = list(read_files([STARTER_SET]))
    assert len(records) >= 50
    assert all(record["protocolSection"]["identificationModule"]["nctId"] for record in records)
