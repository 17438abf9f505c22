"""Files for taking away: each format holds the same trials, rightly typed, says where it comes from, and is read by other programs."""

import datetime as dt
import io
import json
import tempfile
import tracemalloc

import bibtexparser
import feedparser
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rispy
from django.http import QueryDict

from tests.builders import make_trial
from trials import exports, facets, tables
from trials.charts import figures
from trials.exports import COLUMNS
from trials.filters import TrialFilter
from trials.models import SyncRun

pytestmark = pytest.mark.django_db

DATA_OF = "2026-11-20T09:00:05"


@pytest.fixture
def shelf():
    SyncRun.objects.create(kind="full", state="complete", finished_at="2026-11-21T03:04:05Z", data_timestamp=DATA_OF)
    make_trial(
        1, approaches={"msc": "treatment"}, therapies=["bm-msc"], status="RECRUITING", phases="PHASE1/PHASE2", acronym="BEST",
        countries=["Germany", "Spain"], start_date="2020-03-15", completion_date="2027", last_update_posted="2025-06-01",
        ms_courses=["PPMS", "SPMS"], enrollment=40, enrollment_kind="ESTIMATED", edss_min=2.5, edss_max=6.0, minimum_age_years=18.0,
        brief_title="=Cells & 50% of {nerves}_α", contacts=[{"name": "A. Person", "email": "person@example.org"}],
    )  # fmt: skip
    make_trial(
        2, approaches={"hsct": "comparator", "msc": "treatment"}, therapies=["ahsct", "uc-msc"], status="COMPLETED", phases="PHASE3",
        countries=["United States"], start_date="2015", has_results=True, sponsor_class="INDUSTRY", last_update_posted="2024-01-01",
    )  # fmt: skip
    make_trial(3, approaches={"hsct": "follow-up"}, study_type="OBSERVATIONAL", phases="", status="UNKNOWN", countries=["Germany"])
    make_trial(4, approaches=["other"], status="NOT_YET_RECRUITING", phases="NA", start_date="2026-12", last_update_posted=None)
    make_trial(5, approaches=["msc"], status="BRAND_NEW_STATUS", phases="EARLY_PHASE1", conditions=["MS", "Ataxia"])
    make_trial(6, approaches=["msc"], is_listed=False)
    make_trial(7, approaches=["hsct"], status="TERMINATED", phases="PHASE2", start_date="2015-11-30", why_stopped="+ no funds")


# --- The same everywhere -----------------------------------------------------------------------------------------------------


def ids_in_page(client, query):
    response = client.get(f"/trials/?{query}")
    return [trial.nct_id for trial in response.context["page"]]


def ids_in_api(client, query):
    return [row["nct_id"] for row in client.get(f"/api/v1/trials/?{query}").json()["results"]]


def ids_in_csv(client, query):
    return [line.split(",")[0] for line in body(client, "csv", query).decode().splitlines()[1:]]


def ids_in_json(client, query):
    return [row["nct_id"] for row in json.loads(body(client, "json", query))["trials"]]


def ids_in_jsonl(client, query):
    return [json.loads(line)["nct_id"] for line in body(client, "jsonl", query).splitlines()[1:]]


def ids_in_xlsx(client, query):
    return [row[0].value for row in workbook(client, query)["Trials"].iter_rows(min_row=2)]


def ids_in_parquet(client, query):
    return table(client, query)["nct_id"].to_pylist()


def ids_in_ris(client, query):
    return [entry["accession_number"] for entry in rispy.loads(body(client, "ris", query).decode())[1:]]


def ids_in_bibtex(client, query):
    return [entry.key for entry in bibtexparser.parse_string(body(client, "bib", query).decode()).entries[1:]]


def ids_in_feed(client, query):
    return [entry.id.rpartition("/")[2] for entry in feedparser.parse(client.get(f"/trials/feed.atom?{query}").content).entries]


def ids_in_charts(client, query):
    """Those behind the marks of each chart, one list for each chart."""
    found = figures.landscape(TrialFilter(QueryDict(query)))
    return [sorted(f"NCT{pk:08}" for pk in set().union(*(cell.trials for cell in figure.in_order))) for figure in found.figures]


def body(client, extension, query=""):
    response = client.get(f"/trials/export.{extension}?{query}")
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def workbook(client, query=""):
    return openpyxl.load_workbook(io.BytesIO(body(client, "xlsx", query)))


def table(client, query=""):
    return pq.read_table(io.BytesIO(body(client, "parquet", query)))


IN_ORDER = [ids_in_page, ids_in_api, ids_in_csv, ids_in_json, ids_in_jsonl, ids_in_xlsx, ids_in_parquet, ids_in_ris, ids_in_bibtex]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 6),
        ("approach=hsct", 3),
        ("approach=msc&role=treatment", 3),
        ("approach=hsct&approach=other", 4),
        ("approach=ipsc", 0),
        ("role=comparator&role=follow-up", 2),
        ("therapy=uc-msc&therapy=bm-msc", 2),
        ("status=RECRUITING&status=unknown", 2),
        ("status=BRAND_NEW_STATUS", 1),
        ("phase=PHASE2", 2),
        ("phase=none&phase=NA", 2),
        ("study_type=OBSERVATIONAL", 1),
        ("country=Germany", 2),
        ("country=Spain&country=United+States", 2),
        ("course=PPMS", 1),
        ("course=none&approach=hsct", 3),
        ("sponsor_class=INDUSTRY&has_results=yes", 1),
        ("has_results=no&sort=title", 5),
        ("start_from=2015&start_to=2015", 2),
        ("start_from=2016&sort=-start", 2),
        ("sort=last_update", 6),
        ("q=nerves&sort=-last_update", 1),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_the_same_trials_in_page_api_files_feed_facets_and_charts(client, query, count):
    expected = ids_in_page(client, query)

    assert len(expected) == count
    for ids in IN_ORDER[1:]:
        assert ids(client, query) == expected, ids.__name__
    assert sorted(ids_in_feed(client, query)) == sorted(expected)
    assert facets.count(TrialFilter(QueryDict(query))).total == count
    charts = ids_in_charts(client, query)
    assert charts == [sorted(expected)] * len(figures.FIGURES if count else [])


# --- Types -------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("shelf")
def test_excel_has_numbers_and_dates_and_no_formula(client):
    sheet = workbook(client, "sort=start")["Trials"]
    head = [cell.value for cell in sheet[1]]
    rows = {row[0].value: dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=2)}

    assert head == [column.name for column in COLUMNS]
    best = rows["NCT00000001"]
    assert (best["title"].value, best["title"].data_type) == ("=Cells & 50% of {nerves}_α", "s")
    assert (best["enrollment"].value, best["edss_min"].value, best["min_age_years"].value) == (40, 2.5, 18)
    assert best["start_date"].value == dt.datetime(2020, 3, 15)
    assert best["completion_date"].value == "2027"
    assert best["countries"].value == "Germany; Spain"
    assert best["has_results"].value is False
    assert rows["NCT00000007"]["why_stopped"].data_type == "s"
    assert rows["NCT00000004"]["last_update"].value is None


@pytest.mark.usefixtures("shelf")
def test_excel_says_where_it_comes_from_and_what_its_columns_mean(client):
    book = workbook(client, "approach=msc")
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["title"] == "MSC trials"
    assert about["url"] == "http://testserver/trials/?approach=msc"
    assert about["data_timestamp"] == DATA_OF
    assert book["Columns"].max_row == len(COLUMNS) + 1


@pytest.mark.usefixtures("shelf")
def test_parquet_opens_with_the_right_types(client):
    read = table(client, "sort=title")
    types = {field.name: field.type for field in read.schema}
    assert types["enrollment"] == pa.int64()
    assert types["edss_min"] == types["max_age_years"] == pa.float64()
    assert types["start_date"] == pa.date32()
    assert types["countries"] == types["phases"] == pa.list_(pa.string())
    assert types["has_results"] == pa.bool_()
    assert types["title"] == pa.string()
    rows = {row["nct_id"]: row for row in read.to_pylist()}
    assert (rows["NCT00000001"]["start_date"], rows["NCT00000001"]["start_date_precision"]) == (dt.date(2020, 3, 15), "day")
    assert (rows["NCT00000004"]["start_date"], rows["NCT00000004"]["start_date_precision"]) == (dt.date(2026, 12, 1), "month")
    assert (rows["NCT00000003"]["start_date"], rows["NCT00000003"]["start_date_precision"]) == (None, None)
    assert rows["NCT00000001"]["countries"] == ["Germany", "Spain"]
    meta = json.loads(read.schema.metadata[b"trialtracker"])
    assert (meta["count"], meta["filters"]) == (6, {"sort": ["title"]})


def test_parquet_is_written_in_groups_of_rows(shelf, monkeypatch, client):
    monkeypatch.setattr(tables, "ROW_GROUP", 2)
    file = pq.ParquetFile(io.BytesIO(body(client, "parquet")))
    assert (file.num_row_groups, file.metadata.num_rows) == (3, 6)


@pytest.mark.parametrize("write", [tables.write_xlsx, tables.write_parquet])
def test_memory_does_not_grow_with_the_rows(write, shelf, monkeypatch):
    monkeypatch.setattr(tables, "ROW_GROUP", 200)
    row = next(exports.rows(TrialFilter(QueryDict("q=NCT00000001")).qs, "http://testserver"))

    def peak(count):
        rows = (row | {"nct_id": f"NCT{number:08}"} for number in range(count))
        tracemalloc.start()
        with tempfile.TemporaryFile() as file:
            write(file, rows, {"count": count})
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(200)  # what is loaded once
    assert peak(4000) < 1.5 * peak(800)


def test_a_list_too_long_for_excel_is_refused_with_a_way_out():
    with pytest.raises(tables.TooManyRows, match="take CSV or Parquet"):
        tables.write_xlsx(io.BytesIO(), [], {"count": 1_048_576})


# --- References --------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("shelf")
def test_ris_is_read_as_it_was_meant(client):
    of_list, entry = rispy.loads(body(client, "ris", "q=NCT00000001").decode())

    assert of_list["urls"] == ["http://testserver/trials/?q=NCT00000001"]
    assert any(DATA_OF in note for note in of_list["notes"])
    assert entry["type_of_reference"] == "DATA"
    assert entry["title"] == "=Cells & 50% of {nerves}_α"
    assert entry["authors"] == ["University Hospital,"]
    assert entry["urls"] == ["https://clinicaltrials.gov/study/NCT00000001"]
    assert entry["year"] == "2025"
    assert entry["keywords"] == ["Multiple Sclerosis"]


@pytest.mark.usefixtures("shelf")
def test_bibtex_escapes_what_tex_would_take_for_commands(client):
    of_list, entry = bibtexparser.parse_string(body(client, "bib", "q=NCT00000001").decode()).entries

    fields = {field.key: field.value for field in entry.fields}
    assert fields["title"] == r"{=Cells \& 50\% of \{nerves\}\_α}"
    assert fields["author"] == "{University Hospital}"
    assert fields["howpublished"] == "ClinicalTrials.gov identifier NCT00000001"
    assert fields["year"] == "2025"
    assert of_list.fields_dict["url"].value == "http://testserver/trials/?q=NCT00000001"


# --- What goes with them -----------------------------------------------------------------------------------------------------

ALL = ["csv", "json", "jsonl", "xlsx", "parquet", "ris", "bib"]


@pytest.mark.usefixtures("shelf")
def test_jsonl_begins_with_where_it_comes_from(client):
    first = json.loads(body(client, "jsonl", "approach=msc&phase=PHASE3").splitlines()[0])["meta"]
    assert first["title"] == "Phase 3 MSC trials"
    assert first["filters"] == {"approach": ["msc"], "phase": ["PHASE3"]}
    assert first["count"] == 1
    assert first["data_timestamp"] == DATA_OF
    assert "2026-11-20T09:00:05" in first["citation"]
    assert "ClinicalTrials.gov" in first["terms"]
    assert first == client.get("/trials/export.meta.json?approach=msc&phase=PHASE3").json()


@pytest.mark.parametrize("extension", ALL)
@pytest.mark.usefixtures("shelf")
def test_no_contact_leaves_in_bulk(client, extension):
    if extension == "xlsx":
        text = str([[cell.value for cell in row] for row in workbook(client)["Trials"].iter_rows()])
    elif extension == "parquet":
        text = str(table(client).to_pylist())
    else:
        text = body(client, extension).decode()
    assert "NCT00000001" in text
    assert "Person" not in text


@pytest.mark.parametrize("extension", ALL)
def test_a_file_is_exactly_what_its_address_says_or_not_at_all(client, extension):
    response = client.get(f"/trials/export.{extension}?aproach=msc")
    assert response.status_code == 400
    text = response.content.decode()
    assert "We know no parameter “aproach”." in (json.loads(text)["errors"] if extension == "json" else text)


@pytest.mark.parametrize("extension", ["jsonl", "xlsx", "parquet", "ris", "bib"])
@pytest.mark.usefixtures("shelf")
def test_a_file_costs_the_same_however_many_trials(client, extension, django_assert_max_num_queries):
    body(client, extension)  # what is kept a minute is looked up
    with django_assert_max_num_queries(8) as few:
        body(client, extension)
    for number in range(10, 60):
        make_trial(number)
    with django_assert_max_num_queries(8) as many:
        body(client, extension)
    assert len(many) == len(few)


def test_the_data_dictionary_names_every_column_and_format(client):
    page = client.get("/data/").content.decode()
    for column in COLUMNS:
        assert f'id="column-{column.name}"' in page
    for extension in ALL:
        assert f"/trials/export.{extension}" in page
    assert '<a href="https://clinicaltrials.gov/about-site/terms-conditions"' in page
