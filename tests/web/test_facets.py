"""Facet counts: each says how many trials its link would show, under every combination, in one query."""

import itertools

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import make_trial
from trials.facets import count
from trials.filters import NOT_STATED, TrialFilter

pytestmark = pytest.mark.django_db

COMBINATIONS = [
    "",
    "approach=msc",
    "approach=hsct&approach=msc",
    "role=treatment",
    "approach=hsct&role=treatment",
    "approach=msc&role=comparator",
    "phase=PHASE2",
    "phase=PHASE1&phase=none",
    "status=RECRUITING&approach=msc",
    "country=Germany",
    "country=Germany&country=Spain&approach=hsct",
    "therapy=uc-msc",
    "course=PPMS&course=none",
    "has_results=no&approach=msc",
    "start_from=2015&start_to=2019",
    "started=2015-2019&started=none&approach=msc",
    "started=2020-2024&start_from=2021",
    "sponsor_class=INDUSTRY&phase=PHASE3",
    "allocation=RANDOMIZED&allocation=none&masking=NONE",
    "enrollment_from=10&enrollment_to=30&approach=msc",
    "updated_since=2024-06-01&status=RECRUITING",
    "near=Bergen&within=100&phase=PHASE3",
    "q=germany",
    "q=germany&approach=msc&role=treatment",
    "q=autologous&approach=hsct&approach=msc&role=comparator&phase=PHASE3&status=COMPLETED&country=Germany",
    "q=autologous&course=none&therapy=uc-msc&has_results=no&start_from=2020&start_to=2024&study_type=INTERVENTIONAL",
    "q=nowhere&status=RECRUITING",
    "q=autologous&country=Spain&status=RECRUITING&phase=none",
    "q=autologous&enrollment_from=10&country=Germany&phase=PHASE3",
    "enrollment_from=0&status=RECRUITING",
    "country=none",
    "q=autologous&country=none&country=Spain&status=none&phase=none",
    "study_type=none&sponsor_class=none&started=none&course=none",
]


@pytest.fixture
def shelf():
    """Trials of several approaches, phases, countries and courses at once, in every mixture, and two that state next to nothing."""
    mixtures = itertools.product(
        [
            {"hsct": "treatment"},
            {"msc": "treatment"},
            {"hsct": "comparator", "msc": "treatment"},
            {"msc": "comparator", "other": "treatment"},
        ],
        [("PHASE1/PHASE2", "2015-03", ["RRMS", "SPMS"]), ("PHASE3", "2021", []), ("", None, ["PPMS"])],
        [["Germany", "Spain"], ["Germany"], []],
    )
    for number, (approaches, (phases, start, courses), countries) in enumerate(mixtures, start=1):
        make_trial(
            number,
            approaches=approaches,
            therapies=["uc-msc", "bm-msc"] if "msc" in approaches else ["ahsct"],
            phases=phases,
            start_date=start,
            ms_courses=courses,
            countries=countries,
            status=["RECRUITING", "COMPLETED", "A_NEW_CODE"][number % 3],
            study_type="INTERVENTIONAL" if number % 4 else "OBSERVATIONAL",
            sponsor_class=["INDUSTRY", "OTHER"][number % 2],
            has_results=number % 5 == 0,
            allocation=["RANDOMIZED", "NA", ""][number % 3],
            masking=["NONE", "DOUBLE"][number % 2],
            enrollment=number,
            last_update_posted=f"2024-{1 + number % 12:02}-15",
            **({"sites": [{"country": countries[0], "latitude": 60.4, "longitude": 5.3}]} if countries else {}),
        )
    unstated = dict.fromkeys(("status", "phases", "study_type", "sponsor_class"), "")
    make_trial(50, approaches=["other"], **unstated)
    make_trial(51, approaches={"msc": "treatment"}, countries=["Spain"], **unstated)
    make_trial(100, approaches=["ipsc"], is_listed=False, **unstated)


@pytest.mark.parametrize("query", COMBINATIONS)
@pytest.mark.usefixtures("shelf", "atlas")
def test_each_count_is_what_choosing_that_value_alone_would_show(query):
    _counts_hold(TrialFilter(QueryDict(query)))


def _counts_hold(trial_filter):
    counted = count(trial_filter)

    assert counted.total == trial_filter.qs.count()
    for facet in counted.facets:
        for option in [*facet.options, *facet.more]:
            alone = trial_filter.with_values(**{facet.key: [option.value]})
            assert option.count == TrialFilter(alone).qs.count(), (facet.key, option.value)


CHOICES = {
    "q": ["autologous", "germany"],
    "approach": ["hsct", "msc", "other"],
    "role": ["treatment", "comparator"],
    "status": ["RECRUITING", "COMPLETED", NOT_STATED],
    "country": ["Germany", "Spain", NOT_STATED],
    "phase": ["PHASE1", "PHASE3", NOT_STATED],
    "course": ["RRMS", "PPMS", NOT_STATED],
    "study_type": ["INTERVENTIONAL", NOT_STATED],
    "sponsor_class": ["INDUSTRY", NOT_STATED],
    "started": ["2015-2019", NOT_STATED],
    "has_results": ["no"],
}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.fixed_dictionaries({}, optional={key: st.lists(st.sampled_from(of), min_size=1) for key, of in CHOICES.items()}))
@pytest.mark.usefixtures("shelf")
def test_so_it_is_whatever_is_chosen_together(chosen):
    _counts_hold(TrialFilter(chosen))


@pytest.mark.usefixtures("shelf")
def test_a_trial_of_two_approaches_counts_under_both():
    approach = count(TrialFilter(QueryDict("approach=hsct")))["approach"]

    assert {option.value: option.count for option in approach.options} == {"hsct": 18, "msc": 28, "ipsc": 0, "other": 10}
    assert [option.value for option in approach.options if option.is_chosen] == ["hsct"]


@pytest.mark.usefixtures("shelf")
def test_a_link_toggles_its_value_and_keeps_the_rest():
    counted = count(TrialFilter(QueryDict("approach=hsct&status=RECRUITING&page=2&started=2015-2019")))

    links = {(facet.key, option.value): option.params.urlencode() for facet in counted.facets for option in facet.options}
    assert links["approach", "hsct"] == "status=RECRUITING&started=2015-2019"
    assert links["approach", "msc"] == "approach=hsct&approach=msc&status=RECRUITING&started=2015-2019"
    assert links["started", "2015-2019"] == "approach=hsct&status=RECRUITING"
    assert links["started", "2020-2024"] == "approach=hsct&status=RECRUITING&started=2015-2019&started=2020-2024"
    assert links["has_results", "no"] == "approach=hsct&status=RECRUITING&has_results=no&started=2015-2019"


@pytest.mark.usefixtures("shelf")
def test_a_code_that_the_vocabulary_lacks_is_counted_readably():
    status = count(TrialFilter(QueryDict("")))["status"]

    assert [(option.label, option.count) for option in status.options] == [
        ("Recruiting", 12), ("Completed", 12), ("A new code", 12), ("Not stated", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["", "country=none&status=none&study_type=none&sponsor_class=none&started=none&phase=none&course=none"])
@pytest.mark.usefixtures("shelf")
def test_what_is_not_stated_stands_last_with_its_count_chosen_or_not(query):
    last = {facet.key: [*facet.options, *facet.more][-1:] for facet in count(TrialFilter(QueryDict(query))).facets}

    unstated = {key: option.label for key, options in last.items() for option in options if option.value == NOT_STATED and option.count}
    keys = ["status", "country", "phase", "course", "study_type", "sponsor_class", "started"]
    assert unstated == dict.fromkeys(keys, "Not stated") | {"phase": "No phase stated"}


def test_without_trials_every_approach_stands_at_zero():
    counted = count(TrialFilter(QueryDict("")))

    assert counted.total == 0
    assert [(option.label, option.count) for option in counted["approach"].options] == [
        ("HSCT", 0), ("MSC", 0), ("iPSC", 0), ("Other stem-cell treatment", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("trials", [1, 30])
def test_one_query_counts_everything(trials, django_assert_num_queries):
    for _ in range(trials):
        make_trial(approaches=["hsct", "msc"], therapies=["ahsct", "bm-msc"], countries=["Germany", "Spain"])
    trial_filter = TrialFilter(QueryDict("approach=hsct&phase=PHASE2"))
    assert trial_filter.is_valid()
    _ = trial_filter.approaches, trial_filter.therapies  # their names, which the page needs anyway

    with django_assert_num_queries(1):
        counted = count(trial_filter)

    assert counted.total == trials


def test_a_text_is_looked_for_once_whatever_else_is_asked(django_assert_num_queries):
    make_trial(approaches=["hsct"])
    trial_filter = TrialFilter(QueryDict("q=autologous&approach=hsct&phase=PHASE2&status=COMPLETED&sponsor_class=OTHER&has_results=no"))
    _ = trial_filter.approaches, trial_filter.therapies, trial_filter.query

    with django_assert_num_queries(1) as captured:
        assert count(trial_filter).total == 1

    searches = "MATCH" if connection.vendor == "sqlite" else "@@"
    assert captured[0]["sql"].count(searches) == 1
