"""The API gives what the pages give, says no to what it does not know, and says nothing twice."""

from urllib.parse import urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.http import QueryDict
from django.urls import reverse

from tests.builders import make_trial
from trials.exports import COLUMNS
from trials.filters import TrialFilter
from trials.models import Curation, Finding, SyncRun, Trial, TrialChange
from trials.querysets import ORDERS

pytestmark = pytest.mark.django_db

API = "/api/v1/"


@pytest.fixture
def ask(client):
    def call(path, expected=200, **params):
        response = client.get(f"{API}{path}", params)
        assert response.status_code == expected, response.content
        return response.json()

    return call


@pytest.fixture
def shelf():
    for number in range(1, 8):
        make_trial(
            number,
            approaches=["hsct"] if number % 2 else ["msc"],
            status="RECRUITING" if number < 4 else "COMPLETED",
            start_date=f"20{10 + number}-0{number}" if number != 5 else None,
            last_update_posted="2025-01-01" if number != 6 else None,
            enrollment=10 if number in (2, 3) else number * 10,
            brief_title=f"trial {'abcba'[number % 5]}",
            contacts=[{"name": "A. Person", "email": "person@example.org"}],
            sites=[{"country": "Norway", "city": "Bergen", "contacts": [{"name": "B. Person", "phone": "1"}]}],
        )
    make_trial(9, is_listed=False)


def ids(answer):
    return [row["nct_id"] for row in answer["results"]]


@pytest.mark.usefixtures("shelf")
def test_the_list_gives_the_columns_of_the_exports_and_what_they_rest_on(ask):
    answer = ask("trials/", approach="msc")

    assert ids(answer) == ["NCT00000002", "NCT00000004", "NCT00000006"]
    assert list(answer["results"][0]) == [column.name for column in COLUMNS]
    assert answer["next"] is None
    assert answer["meta"]["title"] == "MSC trials"
    assert answer["meta"]["count"] == 3
    assert answer["meta"]["url"] == "http://testserver/trials/?approach=msc"


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.usefixtures("shelf")
def test_cursors_walk_the_whole_list_in_its_order_and_each_trial_once(ask, client, order, size):
    answer, seen = ask("trials/", sort=order, page_size=size), []
    seen += ids(answer)
    while answer["next"]:
        answer = client.get(answer["next"]).json()
        seen += ids(answer)

    assert seen == [trial.nct_id for trial in Trial.objects.listed().sorted_by(order)]
    assert len(seen) == 7


@pytest.mark.usefixtures("shelf")
def test_a_trial_that_comes_in_between_pages_shifts_no_other(ask, client):
    first = ask("trials/", sort="-start", page_size=3)
    make_trial(20, start_date="2026-01")

    rest = client.get(first["next"]).json()

    assert ids(first) == ["NCT00000007", "NCT00000006", "NCT00000004"]
    assert ids(rest)[:3] == ["NCT00000003", "NCT00000002", "NCT00000001"]


@pytest.mark.usefixtures("shelf")
def test_fields_leave_the_rest_out(ask):
    assert ask("trials/", fields="title,nct_id", page_size=1)["results"] == [{"nct_id": "NCT00000001", "title": "trial b"}]


@pytest.mark.parametrize(
    ("path", "params", "parameter", "message"),
    [
        ("trials/", {"aproach": "msc"}, "aproach", "We know no parameter “aproach”."),
        ("trials/", {"page": "2"}, "page", "We know no parameter “page”."),
        ("trials/", {"approach": "crispr"}, "approach", "We know no approach “crispr”."),
        ("trials/", {"fields": "nct_id,contacts"}, "fields", "We know no field “contacts”."),
        ("trials/", {"page_size": "0"}, "page_size", "Write the rows a page as a whole number from 1 to 500, not “0”."),
        ("trials/", {"page_size": "501"}, "page_size", "Write the rows a page as a whole number from 1 to 500, not “501”."),
        ("trials/", {"page_size": ["1", "2"]}, "page_size", "Give this parameter once."),
        ("trials/", {"cursor": "Zm9v"}, "cursor",
         "This is no cursor of ours. Take the address that “next” gives, or leave the cursor out."),
        ("facets/", {"start_from": "soon"}, "start_from", "Write the first year as a whole number from 1950 to 2100, not “soon”."),
        ("changes/", {"since": "yesterday"}, "since", "Write the first day as YYYY-MM-DD, not “yesterday”."),
        ("changes/", {"since": "2025-02-01", "until": "2025-01-01"}, "since",
         "The days are the wrong way round: 2025-02-01 to 2025-01-01."),
        ("changes/", {"sort": "title"}, "sort", "We know no parameter “sort”."),
        ("sync/", {"x": "1"}, "x", "We know no parameter “x”."),
    ],
)  # fmt: skip
def test_what_it_does_not_know_is_named(ask, path, params, parameter, message):
    assert ask(path, 400, **params) == {"errors": [{"parameter": parameter, "message": message}]}


@pytest.mark.usefixtures("shelf")
def test_a_cursor_of_another_order_is_refused(ask):
    cursor = QueryDict(urlsplit(ask("trials/", page_size=1)["next"]).query)["cursor"]
    assert "another list or order" in ask("trials/", 400, sort="title", cursor=cursor)["errors"][0]["message"]


@pytest.mark.parametrize("path", ["trials/NCT99999999/", "trials/NCT00000009/", "therapies/snake-oil/", "approaches/crispr/", "no/where/"])
@pytest.mark.usefixtures("shelf")
def test_nothing_here_is_said_in_json(ask, path):
    assert ask(path, 404)["errors"][0]["parameter"] is None


def test_writing_is_refused(client):
    response = client.post(f"{API}trials/", {})
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.usefixtures("shelf")
def test_contacts_are_on_the_trial_while_it_is_not_over_and_in_no_list(ask):
    running, over = ask("trials/NCT00000001/"), ask("trials/NCT00000005/")

    assert running["contacts"] == [{"name": "A. Person", "role": "", "phone": "", "phone_ext": "", "email": "person@example.org"}]
    assert running["sites"][0]["contacts"] == [{"name": "B. Person", "phone": "1"}]
    assert (over["contacts"], over["sites"][0]["contacts"]) == ([], [])
    assert "Person" not in str(ask("trials/"))


def test_a_merged_id_gives_the_study_it_was_merged_into(ask):
    make_trial(1, aliases=["NCT00000777"])
    assert ask("trials/NCT00000777/")["nct_id"] == "NCT00000001"
    assert ask("trials/NCT00000777/")["merged_nct_ids"] == ["NCT00000777"]


@pytest.mark.usefixtures("shelf")
def test_facets_count_what_the_page_counts(ask):
    answer = ask("facets/", status="RECRUITING")
    approach = next(facet for facet in answer["facets"] if facet["key"] == "approach")
    assert [(option["value"], option["count"]) for option in approach["options"]] == [("hsct", 2), ("msc", 1), ("ipsc", 0), ("other", 0)]
    assert answer["meta"]["count"] == 3


@pytest.mark.usefixtures("shelf")
def test_the_taxonomy_says_how_many_trials_and_with_which_sources(ask):
    assert sorted((row["slug"], row["trials"]) for row in ask("approaches/")["results"]) == [
        ("hsct", 4),
        ("ipsc", 0),
        ("msc", 3),
        ("other", 0),
    ]
    assert "ahsct" in [row["slug"] for row in ask("therapies/")["results"]]
    assert ask("therapies/ahsct/")["approach"] == "hsct"
    assert all(statement["source"]["url"].startswith("http") for statement in ask("approaches/hsct/")["statements"])


def test_the_sync_says_how_fresh_the_data_are(ask):
    assert ask("sync/")["latest"] is None
    SyncRun.objects.create(
        kind="full", state="complete", finished_at="2026-01-02T03:04:05Z", data_timestamp="2026-01-01T09:00:05", created=3
    )
    answer = ask("sync/")
    assert answer["latest_complete"]["created"] == 3
    assert answer["latest"]["state"] == "complete"


# --- Changes ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def changed(shelf):
    run = SyncRun.objects.create(kind="full", state="complete", finished_at="2026-01-02T03:04:05Z")
    rows = [(1, "status", "2026-01-02", False), (1, "enrollment", "2026-01-02", True), (2, "status", "2026-02-03", False)]
    for trial, field, day, is_notable in rows:
        TrialChange.objects.create(
            trial_id=trial, run=run, field=field, old=["40"], new=["20"], is_notable=is_notable, seen_at=f"{day}T12:00:00Z"
        )


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [("NCT00000002", "status"), ("NCT00000001", "enrollment"), ("NCT00000001", "status")]),
        ({"approach": "msc"}, [("NCT00000002", "status")]),
        ({"until": "2026-01-02"}, [("NCT00000001", "enrollment"), ("NCT00000001", "status")]),
        ({"since": "2026-01-03"}, [("NCT00000002", "status")]),
        ({"notable": "yes"}, [("NCT00000001", "enrollment")]),
        ({"field": ["status"], "approach": "hsct"}, [("NCT00000001", "status")]),
    ],
)
@pytest.mark.usefixtures("changed")
def test_changes_take_the_filters_of_the_list_and_a_period(ask, params, expected):
    answer = ask("changes/", **params)
    assert [(row["nct_id"], row["field"]) for row in answer["results"]] == expected
    assert answer["meta"]["count"] == len(expected)


@pytest.mark.usefixtures("changed")
def test_changes_of_one_moment_are_paged_without_loss(ask, client):
    answer, seen = ask("changes/", page_size=1), []
    while True:
        seen += [(row["nct_id"], row["field"]) for row in answer["results"]]
        if not answer["next"]:
            break
        answer = client.get(answer["next"]).json()
    assert len(seen) == len(set(seen)) == 3


# --- Costs and courtesies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "most"), [("trials/", 7), ("trials/NCT00000001/", 17), ("changes/", 5), ("facets/", 5), ("therapies/", 2)]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(client, django_assert_max_num_queries, path, most):
    def make(numbers):
        for number in numbers:
            trial = make_trial(
                number, approaches=["hsct", "msc"], therapies=["ahsct"], countries=["Norway", "Sweden"], arms=[{"label": "A"}] * number
            )
            TrialChange.objects.create(trial=trial, field="status", seen_at="2026-01-01T00:00:00Z")

    def queries():
        with django_assert_max_num_queries(most) as asked:
            assert client.get(f"{API}{path}").status_code == 200
        return len(asked)

    make([1])
    queries()  # what is kept a minute is looked up
    few = queries()
    make(range(2, 31))
    assert queries() == few


@pytest.mark.usefixtures("shelf")
def test_an_unchanged_answer_is_not_sent_again(client, django_assert_max_num_queries):
    first = client.get(f"{API}trials/?approach=hsct")

    with django_assert_max_num_queries(1):
        again = client.get(f"{API}trials/?approach=hsct", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{API}trials/?approach=hsct", headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert client.get(f"{API}trials/?approach=msc", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("what", ["sync", "derive", "curation", "admin"])
@pytest.mark.usefixtures("shelf")
def test_whatever_changes_the_data_changes_the_etag(client, admin_user, what):
    etag = client.get(f"{API}trials/")["ETag"]
    if what == "sync":
        SyncRun.objects.create(kind="full", state="running", updated=1)
    elif what == "derive":
        Finding.objects.create(trial_id=1, kind="condition", value="ms", rule="r", field="title", quote="MS", confidence=1)
    elif what == "curation":
        Curation.objects.create(record_id=1, field="hide", reason="Not about MS.", judged_by=admin_user)
    else:
        LogEntry.objects.create(user=admin_user, action_flag=2)
    assert client.get(f"{API}trials/", headers={"If-None-Match": etag}).status_code == 200


def test_too_many_requests_are_told_when_to_come_back(client, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    codes = [client.get(f"{API}sync/").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    response = client.get(f"{API}sync/")
    assert 1 <= int(response["Retry-After"]) <= 61
    assert "2 requests a minute" in response.json()["errors"][0]["message"]


def test_scripts_on_other_sites_may_read_and_only_read(client):
    assert client.get(f"{API}sync/", headers={"Origin": "https://example.org"})["Access-Control-Allow-Origin"] == "*"
    preflight = client.options(f"{API}trials/", headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"})
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in client.get("/admin/login/", headers={"Origin": "https://example.org"})


def test_the_documentation_is_served_from_here(client):
    page = client.get(reverse("api:docs")).content.decode()
    assert "swagger-ui" in page
    assert "//cdn" not in page
    assert '<a href="/">TrialTracker</a>' in page
    assert client.get(reverse("api:schema")).json()["openapi"].startswith("3.1")


def test_every_filter_of_the_pages_is_documented(client):
    paths = client.get(reverse("api:schema")).json()["paths"]
    named = {parameter["name"] for parameter in paths["/api/v1/trials/"]["get"]["parameters"]}
    assert set(TrialFilter.base_filters) | {"cursor", "page_size", "fields"} == named
