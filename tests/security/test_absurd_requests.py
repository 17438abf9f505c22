"""Whatever stands in a query string, the answer is a page, a redirect or a clear 4xx: never a fault of ours, never unbounded."""

import string

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.builders import make_trial
from trials.filters import TrialFilter

LISTS = [
    "/trials/", "/trials/export.csv", "/trials/export.json", "/trials/export.jsonl", "/trials/export.ris", "/trials/export.meta.json",
    "/trials/feed.atom", "/trials/dates.ics", "/changes/", "/changes/feed.atom", "/api/v1/trials/", "/api/v1/facets/", "/api/v1/changes/",
]  # fmt: skip

KEYS = sorted({*TrialFilter.base_filters, "page", "cursor", "limit", "since", "until", "kind", "fields", "format", "nonsense"})

ODD = [
    "", "\0", "-1", "0", "1e9", "99999999999999999999", "NaN", "٣", "%", "_", "\\", "'", '"', "(", "a AND (", "* * *", "NEAR(", '"a', "-",
    "--", "NCT00000001", "nct0000000１", "\ud7ff", "\u202e", "İ", "ß" * 50, "a " * 500, "((((" * 200, "=1+1", "x\r\ny: z", "{{ 7 }}",
    "%00", "none", "hsct", "RECRUITING", "Germany", "2024-02-31", "9999-12-31", "0000-00-00",
]  # fmt: skip

VALUES = st.sampled_from(ODD) | st.text(st.characters(codec="utf-8"), max_size=40) | st.text(string.punctuation + ' aA*"', max_size=30)
QUERIES = st.lists(st.tuples(st.sampled_from(KEYS), VALUES), max_size=5)


@pytest.fixture
def some_trials(db, settings):
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    for number in range(1, 4):
        make_trial(number, countries=["Germany"])


def ask(path, pairs):
    query = {}
    for key, value in pairs:
        query.setdefault(key, []).append(value)
    response = Client().get(path, query)
    if response.streaming:
        b"".join(response)
    return response


@pytest.mark.parametrize("path", LISTS)
def test_no_query_string_is_a_fault_of_ours(some_trials, path):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @example([("q", "\0")])
    @example([("page", "99999999999999999999")])
    @example([("cursor", "eyJ:1:1")])
    @given(QUERIES)
    def holds(pairs):
        assert ask(path, pairs).status_code in {200, 302, 400, 404}

    holds()


@pytest.mark.parametrize("path", ["/trials/", "/trials/export.csv", "/api/v1/trials/"])
def test_ten_thousand_values_are_refused(some_trials, path):
    assert ask(path, [("country", f"Nowhere {number}") for number in range(10_000)]).status_code == 400


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", ['"' * 4000, "(" * 4000, "a* " * 1300, "OR " * 1300, "NOT " * 1000, "\\" * 4000, "é" * 4000])
def test_a_pathological_search_costs_few_questions(some_trials, django_assert_max_num_queries, path, query):
    with django_assert_max_num_queries(80):
        assert ask(path, [("q", query)]).status_code in {200, 400}


@pytest.mark.parametrize("page", ["0", "-1", "1000000000", "99999999999999999999", "last", "1.5", "x"])
def test_a_page_that_there_is_not_is_the_nearest_one(some_trials, page):
    response = ask("/trials/", [("page", page)])
    assert response.status_code == 200
    assert b"NCT0000000" in response.content
