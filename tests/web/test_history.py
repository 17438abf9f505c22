"""What changed: each change once, in words, under the same filters as the list, and nothing that only looks like one."""

import copy
import datetime as dt
import re

import pytest
from django.http import QueryDict

from tests.builders import make_trial
from tests.standin import RegistryServer
from tests.studies import drug_study, msc_study
from tests.web.reading import text_of
from trials.changes import FIELDS
from trials.history import FIELD_WORDS, ChangeFilter, Piece, month_starts, tell, timeline, word_diff
from trials.models import Listing, SyncRun, Trial, TrialChange
from trials.registry.client import Client
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db


def test_every_field_whose_changes_are_kept_has_a_heading():
    assert list(FIELD_WORDS) == list(FIELDS)


# --- Words -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("EDSS 3.0 to 6.5", "EDSS 3.0 to 5.5", [("same", "EDSS 3.0 to"), ("gone", "6.5"), ("new", "5.5")]),
        ("Age 18 to 55", "Age 18 to 55 years", [("same", "Age 18 to 55"), ("new", "years")]),
        ("no MRI or CT", "no CT", [("same", "no"), ("gone", "MRI or"), ("same", "CT")]),
        ("age \\>= 18", "age  >=\n18", [("same", "age >= 18")]),
        ("", "new", [("new", "new")]),
    ],
)
def test_words_are_compared_one_by_one(old, new, pieces):
    assert [(piece.kind, piece.text) for piece in word_diff(old, new)] == pieces


def test_long_unchanged_runs_are_shortened_around_the_change():
    words = [f"w{n}" for n in range(100)]
    pieces = word_diff(" ".join(words), " ".join([*words[:50], "changed", *words[51:]]))

    assert [piece.kind for piece in pieces] == ["same", "gone", "new", "same"]
    assert pieces[0].text == "… " + " ".join(words[38:50])
    assert pieces[3].text == " ".join(words[51:63]) + " …"


def test_texts_too_long_to_compare_are_shown_whole():
    old = "a b " * 3000
    assert word_diff(old, "c") == [Piece("gone", old.strip()), Piece("new", "c")]


@pytest.mark.parametrize(
    ("field", "old", "new", "sentence"),
    [
        ("status", ["RECRUITING"], ["TERMINATED"], "Status: Recruiting → Terminated"),
        ("why_stopped", [], ["No funds"], "Why it stopped: not stated → No funds"),
        ("completion_date", ["2026-03 estimated"], ["2027 actual"], "Completion date: March 2026 (estimated) → 2027 (actual)"),
        (
            "start_date",
            ["2013-01-01 actual"],
            ["2013-01-01"],
            "Start date: 1 January 2013 (actual) → 1 January 2013 (actual or estimated: not stated)",
        ),
        ("results_first_posted", [], ["2020-01-02"], "Results posted: not stated → 2 January 2020"),
        ("enrollment", ["40 estimated"], [], "Number of people: 40 (estimated) → no longer stated"),
        ("sites", ["A, Oslo"], ["B, Bergen", "C, Bodø"], "Sites: removed A, Oslo, added B, Bergen; C, Bodø"),
        ("phases", [], ["PHASE2"], "Phase: added Phase 2"),
        ("eligibility_criteria", ["EDSS 3"], ["EDSS 4"], "Who can take part: the text changed"),
    ],
)
def test_a_change_is_told_in_one_line(field, old, new, sentence):
    assert tell(TrialChange(field=field, old=old, new=new)).sentence == sentence


def test_a_notable_change_is_pointed_out_as_a_fact():
    told = tell(TrialChange(field="enrollment", old=["40"], new=["20"], is_notable=True))
    assert told.note == "The number of people became smaller."


def test_months_are_counted_back_over_the_year():
    assert [str(day) for day in month_starts(dt.date(2026, 2, 28), 3)] == ["2026-02-01", "2026-01-01", "2025-12-01"]


# --- A week in the registry --------------------------------------------------------------------------------------------------


@pytest.fixture
def registry():
    with RegistryServer([*(msc_study(number) for number in range(1, 6)), drug_study(101)]) as server:
        yield server


@pytest.fixture
def run(registry):
    def call(**request):
        return sync(Request(**request), client=Client(registry.url, user_agent="TrialTracker tests", pace_seconds=0))

    return call


def study(number, edit, updated):
    """A study of `msc_study`, edited in its protocol section."""
    record = copy.deepcopy(msc_study(number, updated=updated))
    edit(record["protocolSection"])
    return record


def test_a_scripted_week_appears_exactly_once_each_and_nothing_else_does(run, registry, client):
    run()
    week = [
        # Monday: one recruits no more, one changes in white space and in the order of a list alone
        [
            msc_study(1, status="ACTIVE_NOT_RECRUITING", updated="2026-10-05"),
            msc_study(2, criteria=" Inclusion Criteria:\n* EDSS  3.0 to 6.5\n\nExclusion Criteria:\n\n* Pregnancy ", updated="2026-10-05"),
        ],
        # Tuesday: fewer people, another primary outcome, a new site
        [study(3, lambda section: section["designModule"].update(enrollmentInfo={"count": 9, "type": "ACTUAL"}), "2026-10-06"),
         study(4, lambda section: section["outcomesModule"].update(primaryOutcomes=[{"measure": "Relapses"}]), "2026-10-06"),
         msc_study(5, countries=["Norway", "Sweden"], updated="2026-10-06")],
        # Wednesday: nothing but a drug study
        [drug_study(101, title="Ocrelizumab, again", updated="2026-10-07")],
        # Thursday: the criteria of the first, its status stays
        [msc_study(1, status="ACTIVE_NOT_RECRUITING", criteria="Inclusion Criteria:\n\n* EDSS 3.0 to 5.5", updated="2026-10-08")],
        # Friday: the weekly sweep, which reads everything again
        [],
    ]  # fmt: skip
    for number, day in enumerate(week):
        for record in day:
            registry.records.replace(record)
        assert run(full=number == 4).state == "complete"

    expected = {
        ("NCT00000001", "status"),
        ("NCT00000001", "eligibility_criteria"),
        ("NCT00000003", "enrollment"),
        ("NCT00000004", "primary_outcomes"),
        ("NCT00000005", "sites"),
    }
    from_api = [(row["nct_id"], row["field"]) for row in client.get("/api/v1/changes/").json()["results"]]
    assert (len(from_api), set(from_api)) == (5, expected)
    page = client.get("/changes/").content.decode()
    assert len(re.findall(r'<article class="update', page)) == 5
    assert re.search(r"<del>6\.5[^<]*</del> <ins>5\.5</ins>", page)
    notable = client.get("/api/v1/changes/", {"notable": "yes"}).json()["results"]
    assert {(row["nct_id"], row["field"]) for row in notable} == {("NCT00000003", "enrollment"), ("NCT00000004", "primary_outcomes")}


def test_trials_are_new_once_and_not_each_time_they_are_read(run, registry):
    run()
    registry.records.replace(msc_study(6, updated="2026-10-05"))
    run()
    run(full=True)

    listed = list(ChangeFilter(QueryDict("")).listings.values_list("trial__nct_id", flat=True))
    assert listed[0] == "NCT00000006"
    assert len(listed) == 6


# --- The page ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def changed():
    run = SyncRun.objects.create(kind="full", state="complete", finished_at="2026-01-02T03:04:05Z")
    for number, approach in ((1, "hsct"), (2, "msc")):
        trial = make_trial(number, approaches=[approach], brief_title=f"Trial <{number}>")
        for field, old, new in (("status", "RECRUITING", "COMPLETED"), ("brief_title", "A <b>bold</b> title", "A title")):
            TrialChange.objects.create(
                trial=trial, run=run, field=field, old=[old], new=[new], seen_at=f"2026-01-0{number}T12:00:00Z", registry_date="2025-12-30"
            )
    return run


@pytest.mark.usefixtures("changed")
def test_the_page_groups_what_one_sync_found_and_escapes_it(client):
    page = client.get("/changes/?approach=hsct").content.decode()

    assert page.count('<article class="update') == 1
    assert 'id="NCT00000001-' in page
    assert "Trial &lt;1&gt;" in page
    assert "<del>&lt;b&gt;bold&lt;/b&gt;</del>" in page
    assert "the registry dates the update" in page


def test_what_was_here_from_the_first_day_is_no_news(client):
    for number, day in ((1, "2026-01-02T03:00:00Z"), (2, "2026-01-02T23:00:00Z"), (3, "2026-01-03T00:00:00Z")):
        Listing.objects.create(trial=make_trial(number, brief_title=f"Trial {number}"), listed_at=day)

    text = text_of(client.get("/changes/"))

    assert "We began on 2 January 2026." in text
    assert "Newly listed here: 1 Trial 3" in text
    assert "Trial 2" not in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("approach=hsct&since=2026-01-01&until=2026-01-31",
         "HSCT trials, changed since 1 January 2026, changed up to 31 January 2026"),
        ("field=status&notable=no", "Stem-cell trials, where status changed, changes not pointed out"),
    ],
)  # fmt: skip
def test_the_sentence_says_which_changes(query, sentence):
    assert ChangeFilter(QueryDict(query)).sentence == sentence


def test_a_bad_day_is_named_with_the_way_out(client):
    response = client.get("/changes/?since=2026-02-30&approach=msc")
    page = response.content.decode()
    assert response.status_code == 400
    assert "not “2026-02-30”" in page
    assert 'href="/changes/?approach=msc"' in page


@pytest.mark.usefixtures("changed")
def test_the_page_costs_the_same_however_many_changes(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as few:
        client.get("/changes/")
    run = SyncRun.objects.get()
    for number in range(10, 40):
        TrialChange.objects.create(trial=make_trial(number), run=run, field="status", seen_at="2026-01-01T00:00:00Z")
    with django_assert_max_num_queries(12) as many:
        assert client.get("/changes/").content.count(b'<article class="update') == 32
    assert len(many) == len(few)


@pytest.mark.usefixtures("changed")
def test_the_timeline_of_a_trial_is_one_query(django_assert_num_queries):
    trial = Trial.objects.get(pk=1)
    with django_assert_num_queries(1):
        (update,) = timeline(trial)
    assert [told.field for told in update.told] == ["status", "brief_title"]
    assert str(update.registry_date) == "2025-12-30"
