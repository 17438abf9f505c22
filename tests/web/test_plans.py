"""Which indexes answer the questions that would read every trial: asked of the databases' own plans, with seconds nowhere in it."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.builders import make_trial
from trials.filters import TrialFilter
from trials.models import Trial
from trials.places import Place
from trials.search import SearchEntry, read

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


@pytest.mark.usefixtures("planner")
def test_the_nearest_are_looked_for_among_the_sites_of_a_ring():
    bergen = Place("Bergen", "", "Norway", 60.39, 5.32)
    for number in range(2, 42):
        make_trial(number, sites=[{"latitude": -30.0 + number, "longitude": 100.0}], status="RECRUITING")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else the plan depends on what the database last happened to find in these tables
    with CaptureQueriesContext(connection) as asked:
        assert Trial.objects.listed().nearest(bergen, 0, 1) == [1]

    assert len(asked) == 1  # the first ring holds one
    assert "site_place" in plan(asked[0]["sql"])


@pytest.mark.usefixtures("planner")
def test_nearest_and_by_distance_agree():
    bergen = Place("Bergen", "", "Norway", 60.39, 5.32)
    for number, latitude in enumerate([61.0, 60.4, 75.0, 59.0], start=2):
        make_trial(number, sites=[{"latitude": latitude, "longitude": 5.3}], status="RECRUITING")
    trials = Trial.objects.listed()

    assert trials.nearest(bergen, 0, 4) == list(trials.with_distances(bergen).by_distance().values_list("pk", flat=True)[:4])
    assert trials.nearest(bergen, 1, 3) == trials.nearest(bergen, 0, 4)[1:3]


@pytest.mark.usefixtures("planner")
def test_a_page_of_many_trials_is_the_same_found_by_its_keys_from_either_end():
    for number in range(2, 12):
        make_trial(number, last_update_posted=f"2025-01-{number:02}")
    bound = TrialFilter(QueryDict(""))
    every = list(bound.qs.values_list("pk", flat=True))

    assert [bound.qs.keys_between(first, first + 3, 11) for first in (0, 3, 6, 9)] == [every[0:3], every[3:6], every[6:9], every[9:]]
