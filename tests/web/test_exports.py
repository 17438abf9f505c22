"""Exports: the same trials as the page, every column filled from one list, nothing that a spreadsheet would run."""

import csv
import io
import json

import pytest
from django.http import QueryDict
from django.utils import timezone

from tests.builders import make_trial
from tests.web.reading import ids_in
from trials.exports import COLUMNS
from trials.filters import TrialFilter
from trials.models import SyncRun

pytestmark = pytest.mark.django_db

COMBINATIONS = [
    "", "approach=hsct", "approach=hsct&approach=msc&sort=title", "approach=msc&role=treatment", "role=comparator", "phase=PHASE2",
    "phase=none&sort=-last_update", "status=RECRUITING&status=UNKNOWN", "country=Germany&approach=msc", "therapy=uc-msc",
    "study_type=OBSERVATIONAL", "has_results=yes&sort=enrollment", "start_from=2016&start_to=2021", "course=PPMS", "q=cells",
    "sponsor_class=INDUSTRY&sort=-start",
]  # fmt: skip


def body(response):
    return b"".join(response.streaming_content).decode()


def rows_of_csv(response):
    return list(csv.DictReader(io.StringIO(body(response), newline="")))


@pytest.fixture
def shelf():
    for number in range(1, 25):
        make_trial(
            number,
            approaches=[
                {"hsct": "treatment"}, {"msc": "treatment"}, {"hsct": "comparator", "msc": "treatment"}, {"other": "follow-up"},
            ][number % 4],
            therapies=[["ahsct"], ["uc-msc"], []][number % 3],
            phases=["PHASE1/PHASE2", "PHASE3", "", "PHASE2", "NA"][number % 5],
            status=["RECRUITING", "COMPLETED", "UNKNOWN"][number % 3],
            countries=[["Germany"], ["Spain", "Germany"], []][number % 3],
            study_type=["INTERVENTIONAL", "OBSERVATIONAL"][number % 7 == 0],
            has_results=number % 6 == 0,
            start_date=f"{2010 + number % 14}-0{1 + number % 9}",
            last_update_posted=f"2025-01-{number:02}",
            ms_courses=[["PPMS"], [], ["RRMS", "SPMS"]][number % 3],
            sponsor_class=["INDUSTRY", "OTHER"][number % 2],
            enrollment=number * 3,
            brief_title=f"{'Cells' if number % 2 else 'Grafts'} number {number}",
        )  # fmt: skip


@pytest.mark.parametrize("query", COMBINATIONS)
@pytest.mark.usefixtures("shelf")
def test_page_csv_and_json_show_the_same_trials_in_the_same_order(client, query):
    expected = [trial.nct_id for trial in TrialFilter(QueryDict(query)).qs]

    page = ids_in(client.get(f"/trials/?{query}"))
    from_csv = [row["nct_id"] for row in rows_of_csv(client.get(f"/trials/export.csv?{query}"))]
    answer = json.loads(body(client.get(f"/trials/export.json?{query}")))

    assert expected
    assert page == from_csv == [trial["nct_id"] for trial in answer["trials"]] == expected
    assert answer["meta"]["count"] == len(expected)


def test_every_column_is_filled(client):
    make_trial(
        273364,
        approaches={
            "hsct": {"role": "comparator", "donors": ["autologous"], "cell_sources": ["bone marrow"], "routes": ["intravenous"]},
            "msc": {"role": "treatment", "donors": ["autologous"], "routes": ["intrathecal"]},
        },
        therapies=["ahsct"], brief_title="Title", acronym="MIST", status="UNKNOWN", last_known_status="RECRUITING", why_stopped="No money",
        phases="PHASE1/PHASE2", countries=["Spain", "Germany"], enrollment=40, enrollment_kind="ESTIMATED", start_date="2015-03",
        start_date_kind="ACTUAL", primary_completion_date="2019", primary_completion_date_kind="ACTUAL",
        completion_date="2020-01-02", completion_date_kind="ESTIMATED",
        minimum_age_years=18.0, maximum_age_years=0.5, sex="ALL", ms_courses=["RRMS"], edss_min=3.0, edss_max=6.5,
        disease_duration_min_years=1.0, disease_duration_max_years=15.0, has_results=True, results_first_posted="2021-05-06",
        needs_review=True, gone=True,
        allocation="RANDOMIZED", intervention_model="PARALLEL", masking="DOUBLE",
        contacts=[{"name": "Secret Person", "email": "person@example.org"}], conditions=["Multiple Sclerosis", "Autoimmunity"],
    )  # fmt: skip

    answer = body(client.get("/trials/export.json"))
    [trial] = json.loads(answer)["trials"]

    assert trial == {
        "nct_id": "NCT00273364", "title": "Title", "acronym": "MIST", "status": "UNKNOWN", "last_known_status": "RECRUITING",
        "why_stopped": "No money", "phases": ["PHASE1", "PHASE2"], "study_type": "INTERVENTIONAL", "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL", "masking": "DOUBLE", "approaches": ["hsct", "msc"],
        "therapies": ["ahsct"], "roles": ["comparator", "treatment"], "donor": ["autologous"], "cell_sources": ["bone marrow"],
        "routes": ["intravenous", "intrathecal"], "conditions": ["Multiple Sclerosis", "Autoimmunity"], "countries": ["Germany", "Spain"],
        "enrollment": 40, "enrollment_kind": "ESTIMATED", "start_date": "2015-03", "start_date_kind": "ACTUAL",
        "primary_completion_date": "2019", "primary_completion_date_kind": "ACTUAL",
        "completion_date": "2020-01-02", "completion_date_kind": "ESTIMATED",
        "sponsor": "University Hospital", "sponsor_class": "OTHER", "min_age_years": 18, "max_age_years": 0.5, "sex": "ALL",
        "ms_courses": ["RRMS"], "edss_min": 3, "edss_max": 6.5, "disease_duration_min_years": 1, "disease_duration_max_years": 15,
        "has_results": True, "results_first_posted": "2021-05-06", "needs_review": True,
        "last_update": "2025-01-15", "gone_since": "2026-01-05", "rules_version": None,
        "url": "http://testserver/trials/NCT00273364/", "registry_url": "https://clinicaltrials.gov/study/NCT00273364",
    }  # fmt: skip
    assert list(trial) == [column.name for column in COLUMNS]
    assert "Secret Person" not in answer
    assert "person@example.org" not in answer

    [row] = rows_of_csv(client.get("/trials/export.csv"))
    assert row["phases"] == "PHASE1; PHASE2"
    assert row["has_results"] == "true"
    assert row["start_date"] == "2015-03"
    assert row["rules_version"] == ""


def test_what_the_registry_leaves_out_is_null(client):
    make_trial(phases="", status="", study_type="", sponsor_name="", sponsor_class="", last_update_posted=None, conditions=[])

    [trial] = json.loads(body(client.get("/trials/export.json")))["trials"]
    [row] = rows_of_csv(client.get("/trials/export.csv"))

    for name in ("acronym", "status", "study_type", "sponsor", "enrollment", "start_date", "min_age_years", "sex", "edss_max"):
        assert trial[name] is None
        assert row[name] == ""
    assert trial["phases"] == trial["countries"] == trial["conditions"] == []


@pytest.mark.parametrize("title", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_a_spreadsheet_runs_nothing(client, title):
    make_trial(brief_title=title)

    [row] = rows_of_csv(client.get("/trials/export.csv"))
    [trial] = json.loads(body(client.get("/trials/export.json")))["trials"]

    assert row["title"] == f"'{title}"
    assert trial["title"] == title


def test_a_title_with_markup_quotes_and_line_breaks_comes_back_whole(client):
    title = 'Cells, "cells"; <script>\nüöß 漢 🧬'
    make_trial(brief_title=title)

    [row] = rows_of_csv(client.get("/trials/export.csv"))

    assert row["title"] == title
    assert json.loads(body(client.get("/trials/export.json")))["trials"][0]["title"] == title


def test_exports_say_where_they_come_from(client):
    SyncRun.objects.create(kind="full", state="complete", finished_at=timezone.now(), data_timestamp="2026-11-20T09:00:05")
    make_trial(approaches=["msc"], status="RECRUITING")

    answer = client.get("/trials/export.json?approach=msc&status=RECRUITING")
    meta = json.loads(body(answer))["meta"]

    assert meta["title"] == "MSC trials, recruiting"
    assert (meta["source"], meta["data_timestamp"], meta["data_kind"]) == ("ClinicalTrials.gov", "2026-11-20T09:00:05", "live")
    assert meta["url"] == "http://testserver/trials/export.json?approach=msc&status=RECRUITING"
    assert "NLM" in meta["endorsement"]
    assert "worked out by TrialTracker" in meta["modifications"]
    response = client.get("/trials/export.csv")
    assert response["Content-Disposition"] == 'attachment; filename="trialtracker-2026-11-20.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("extension", ["csv", "json"])
def test_an_export_is_exactly_what_its_address_says_or_refused(client, extension):
    make_trial()

    for query, words in (("approach=crispr", "We know no approach “crispr”."), ("aproach=msc", "We know no parameter “aproach”.")):
        response = client.get(f"/trials/export.{extension}?{query}")
        assert response.status_code == 400
        text = response.content.decode()
        assert words in (json.loads(text)["errors"] if extension == "json" else text)


def test_without_trials_exports_are_empty_and_whole(client):
    assert rows_of_csv(client.get("/trials/export.csv")) == []
    assert json.loads(body(client.get("/trials/export.json")))["trials"] == []


@pytest.mark.parametrize("extension", ["csv", "json"])
def test_an_export_costs_the_same_whatever_its_length(client, django_assert_max_num_queries, extension):
    def cost():
        with django_assert_max_num_queries(7) as captured:
            body(client.get(f"/trials/export.{extension}?approach=hsct"))
        return len(captured)

    make_trial(therapies=["ahsct"], countries=["Germany"])
    body(client.get(f"/trials/export.{extension}"))
    at_one = cost()
    for _ in range(29):
        make_trial(therapies=["ahsct"], countries=["Germany"])
    assert cost() == at_one
