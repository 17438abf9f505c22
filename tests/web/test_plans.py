"""Which indexes answer the questions that would read every trial: asked of the databases' own plans, with seconds nowhere in it."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.builders import make_trial
from trials import nearby
from trials.facets import count
from trials.filters import TrialFilter, trial_filter
from trials.models import Trial
from trials.places import Place
from trials.search import BY_INDEX, SearchEntry, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    """PostgreSQL, which reads a small table whole rather than through an index, is kept from doing so."""
    make_trial(1, sites=[{"latitude": 60.4, "longitude": 5.3}], status="RECRUITING", countries=["Norway"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = on")


def plan(sql, params=()):
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}", params)
        return "\n".join(f"{row[-1]}" for row in cursor.fetchall())


def plan_of(queryset):
    return plan(*queryset.query.sql_with_params())


@pytest.mark.parametrize(("query", "index"), [("", "trial_open_first"), ("sort=-last_update", "trial_latest_first")])
@pytest.mark.parametrize("end", ["first", "last"])
@pytest.mark.usefixtures("planner")
def test_the_usual_orders_are_read_off_an_index_from_either_end(query, index, end):
    trials = TrialFilter(QueryDict(query)).qs.values_list("pk")

    found = plan_of((trials if end == "first" else trials.reverse())[:25])

    assert index in found
    assert "Sort" not in found
    assert "TEMP B-TREE" not in found


@pytest.mark.usefixtures("planner")
def test_a_text_is_found_in_its_index():
    found = plan_of(SearchEntry.objects.filter(index__matches=read("autologous")).values("pk"))

    assert ("trials_search_words" if connection.vendor == "postgresql" else "VIRTUAL TABLE INDEX") in found


BERGEN = Place("Bergen", "", "Norway", 60.39, 5.32)


@pytest.mark.parametrize("filters", ["", "&status=RECRUITING&country=Norway&study_type=INTERVENTIONAL"])
@pytest.mark.usefixtures("planner")
def test_all_facets_of_a_text_read_its_index_alone(filters):
    with CaptureQueriesContext(connection) as asked:
        counted = count(TrialFilter(QueryDict(f"q=autologous{filters}")), best=25)

    assert counted.total == 1
    [counting] = [query["sql"].removeprefix(f"{BY_INDEX}; ") for query in asked if "mixtures" in query["sql"]]
    found = plan(counting)
    assert connection.vendor == "postgresql" or ("VIRTUAL TABLE INDEX" in found and "SEARCH trials_trial USING INDEX trial_facets" in found)
    assert "Seq Scan on trials_search" not in found
    assert "Seq Scan on trials_mixture" not in found
    indexes = {"trials_search_words", "trials_mixture_listed"} if connection.vendor == "postgresql" else set()
    assert indexes <= set(re.findall(r"\w+", found))
    assert connection.vendor != "postgresql" or not re.search(r"\bon trials_trial\b", found)
    assert counted.best == [1]


@pytest.mark.usefixtures("planner")
def test_a_long_list_shows_the_best_answers_whether_they_are_known_or_not(monkeypatch):
    for number in range(2, 8):
        make_trial(number, brief_title="Autologous " * number)
    bound = TrialFilter(QueryDict("q=autologous"))
    counted = count(bound, best=3)
    every = [trial.pk for trial in bound.qs]
    monkeypatch.setattr(trial_filter, "MANY", 0)

    for first in (0, 2, 3):
        with CaptureQueriesContext(connection) as asked:
            shown = [trial.pk for trial in bound.rows_between(first, first + 3, counted.total, counted.best)]
        assert shown == every[first : first + 3]
        is_known = first == 0
        assert any("@@" in query["sql"] or "MATCH" in query["sql"] for query in asked) != is_known
        assert any(query["sql"] == BY_INDEX for query in asked) == (connection.vendor == "postgresql" and not is_known)


def test_the_rows_that_an_index_of_words_leads_to_are_short():
    make_trial(1)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_size(reltoastrelid) > 0 FROM pg_class WHERE relname = 'trials_search'")
            assert cursor.fetchone() == (True,)  # even of a short document the long columns lie elsewhere


@pytest.mark.usefixtures("planner")
def test_the_nearest_are_looked_for_among_the_sites_of_a_ring():
    for number in range(2, 42):
        make_trial(number, sites=[{"latitude": -30.0 + number, "longitude": 100.0}], status="RECRUITING")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else the plan depends on what the database last happened to find in these tables
    with CaptureQueriesContext(connection) as asked:
        assert Trial.objects.listed().nearest(BERGEN, 0, 1) == [1]

    # the first ring holds one; PostgreSQL is asked before how far the nearest few reach, and among them how far a page does
    assert len(asked) == (3 if connection.vendor == "postgresql" else 1)
    for query in asked:
        found = plan(query["sql"])
        assert "site_on_map" in found
        assert "Seq Scan" not in found
        assert connection.vendor == "postgresql" or "USING COVERING INDEX site_on_map" in found


@pytest.mark.usefixtures("planner")
def test_the_nearest_are_found_however_few_lie_around(monkeypatch):
    for number in range(2, 12):
        make_trial(number, sites=[{"latitude": 60.0 - 10 * number, "longitude": 5.3}], status="RECRUITING")
    every = list(Trial.objects.listed().with_distances(BERGEN).by_distance().values_list("pk", flat=True))
    assert every == list(range(1, 12))

    for nearest in (1, 3, 5):
        monkeypatch.setattr(nearby, "NEAREST", nearest)
        assert [Trial.objects.listed().nearest(BERGEN, 0, last) for last in (1, 5, 11)] == [every[:1], every[:5], every]
    assert Trial.objects.listed().nearest(BERGEN, 0, 12) == every[:11]


@pytest.mark.usefixtures("planner")
def test_nearest_and_by_distance_agree():
    for number, latitude in enumerate([61.0, 60.4, 75.0, 59.0], start=2):
        make_trial(number, sites=[{"latitude": latitude, "longitude": 5.3}], status="RECRUITING")
    trials = Trial.objects.listed()

    assert trials.nearest(BERGEN, 0, 4) == list(trials.with_distances(BERGEN).by_distance().values_list("pk", flat=True)[:4])
    assert trials.nearest(BERGEN, 1, 3) == trials.nearest(BERGEN, 0, 4)[1:3]


@pytest.mark.usefixtures("planner")
def test_a_page_of_many_trials_is_the_same_found_by_its_keys_from_either_end():
    for number in range(2, 12):
        make_trial(number, last_update_posted=f"2025-01-{number:02}")
    bound = TrialFilter(QueryDict(""))
    every = list(bound.qs.values_list("pk", flat=True))

    assert [bound.qs.keys_between(first, first + 3, 11) for first in (0, 3, 6, 9)] == [every[0:3], every[3:6], every[6:9], every[9:]]
