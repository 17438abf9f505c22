"""What each parameter means, and that none of them is ever dropped in silence."""

import pytest
from django.http import QueryDict

from tests.builders import make_trial
from trials.filters import TrialFilter

pytestmark = pytest.mark.django_db


def found(query):
    trials = TrialFilter(QueryDict(query))
    assert trials.is_valid(), trials.errors
    return [trial.nct_id[-2:] for trial in trials.qs]


@pytest.fixture
def shelf():
    """Seven trials that differ in everything that one can ask for."""
    make_trial(
        1, approaches={"msc": "treatment"}, therapies=["bm-msc"], status="RECRUITING", phases="PHASE1/PHASE2",
        countries=["Germany", "Spain"], start_date="2020-03", last_update_posted="2025-06-01",
        ms_courses=["PPMS", "SPMS"], enrollment=40, brief_title="beta cells", allocation="RANDOMIZED", masking="DOUBLE",
    )  # fmt: skip
    make_trial(
        2, approaches={"hsct": "comparator", "msc": "treatment"}, therapies=["ahsct", "uc-msc"], status="COMPLETED", phases="PHASE3",
        countries=["United States"], start_date="2015", has_results=True, sponsor_class="INDUSTRY", last_update_posted="2024-01-01",
        enrollment=12, brief_title="Alpha cells", ms_courses=["RRMS"],
    )  # fmt: skip
    make_trial(
        3, approaches={"hsct": "follow-up"}, study_type="OBSERVATIONAL", phases="", status="UNKNOWN", countries=["Germany"],
        last_update_posted="2019-01-01", brief_title="Gamma registry",
    )  # fmt: skip
    make_trial(
        4, approaches=["other"], status="NOT_YET_RECRUITING", phases="NA", masking="NONE", start_date="2026-12-01",
        last_update_posted="2025-01-01",
    )  # fmt: skip
    make_trial(5, approaches=["msc"], status="BRAND_NEW_STATUS", phases="EARLY_PHASE1", last_update_posted="2018-01-01")
    make_trial(6, approaches=["msc"], is_listed=False)
    make_trial(
        7, approaches=["hsct"], status="TERMINATED", phases="PHASE2", start_date="2015-11-30", last_update_posted="2017-01-01",
        interventions=[{"name": "BEAM with 100% rescue"}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["01", "04", "02", "03", "05", "07"]),
        ("approach=hsct", ["02", "03", "07"]),
        ("approach=HSCT&approach=other", ["04", "02", "03", "07"]),
        ("approach=msc&role=treatment", ["01", "02", "05"]),
        ("approach=hsct&role=treatment", ["07"]),  # not 02: there the transplant is the comparator
        ("role=comparator", ["02"]),
        ("role=comparator&role=follow-up", ["02", "03"]),
        ("approach=ipsc", []),
        ("therapy=uc-msc&therapy=bm-msc", ["01", "02"]),
        ("status=RECRUITING&status=unknown", ["01", "03"]),
        ("status=BRAND_NEW_STATUS", ["05"]),
        ("phase=PHASE2", ["01", "07"]),
        ("phase=PHASE1&phase=PHASE3", ["01", "02"]),
        ("phase=none", ["03"]),
        ("phase=none&phase=NA", ["04", "03"]),
        ("study_type=OBSERVATIONAL", ["03"]),
        ("country=Germany", ["01", "03"]),
        ("country=Spain&country=United+States", ["01", "02"]),
        ("course=PPMS", ["01"]),
        ("course=RRMS&course=SPMS", ["01", "02"]),
        ("course=none", ["04", "03", "05", "07"]),
        ("sponsor_class=INDUSTRY", ["02"]),
        ("has_results=yes", ["02"]),
        ("has_results=false", ["01", "04", "03", "05", "07"]),
        ("start_from=2015&start_to=2015", ["02", "07"]),
        ("start_from=2016", ["01", "04"]),
        ("start_to=2019", ["02", "07"]),
        ("enrollment_from=13", ["01"]),
        ("enrollment_from=10&enrollment_to=40", ["01", "02"]),
        ("allocation=RANDOMIZED", ["01"]),
        ("allocation=randomized&masking=NONE", []),
        ("masking=DOUBLE&masking=NONE", ["01", "04"]),
        ("updated_since=2025-01-01", ["01", "04"]),
        ("q=beta", ["01"]),
        ("q=CELLS+alpha", ["02"]),
        ("q=100%25", ["07"]),
        ("q=germany&approach=hsct", ["03"]),
        ("sort=-last_update", ["01", "04", "02", "03", "05", "07"]),
        ("sort=last_update", ["07", "05", "03", "02", "04", "01"]),
        ("sort=-start", ["04", "01", "07", "02", "03", "05"]),
        ("sort=start", ["02", "07", "01", "04", "03", "05"]),
        ("sort=-enrollment", ["01", "02", "03", "04", "05", "07"]),
        ("sort=title", ["02", "04", "05", "07", "01", "03"]),
        ("phase=&country=&q=+&sort=", ["01", "04", "02", "03", "05", "07"]),
        ("utm_source=x&fbclid=1&page=2", ["01", "04", "02", "03", "05", "07"]),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_parameters_give_trials(query, expected):
    assert found(query) == expected


@pytest.mark.parametrize(
    ("query", "message", "way_out"),
    [
        ("approach=crispr&phase=PHASE2", "We know no approach “crispr”.", "phase=PHASE2"),
        ("approach=crispr&approach=msc", "We know no approach “crispr”.", "approach=msc"),
        ("therapy=snake-oil", "We know no therapy “snake-oil”.", ""),
        ("role=hero", "We know no role “hero”.", ""),
        ("status=50%25%00", "We know no status “50%\0”.", ""),
        ("status=RECRUTING", "We know no status “RECRUTING”.", ""),
        ("phase=9", "We know no phase “9”.", ""),
        ("study_type=x", "We know no study type “x”.", ""),
        ("country=Narnia&sort=title", "We know no country “Narnia”.", "sort=title"),
        ("course=XPMS", "We know no MS course “XPMS”.", ""),
        ("sponsor_class=x", "We know no kind of sponsor “x”.", ""),
        ("has_results=maybe", "Write yes or no, not “maybe”.", ""),
        ("start_from=soon", "Write the first year as a whole number from 1950 to 2100, not “soon”.", ""),
        ("start_to=20155", "Write the last year as a whole number from 1950 to 2100, not “20155”.", ""),
        ("start_from=2020&start_to=2010", "The years are the wrong way round: 2020 to 2010.", "start_to=2010"),
        ("enrollment_from=9&enrollment_to=3", "The numbers of people are the wrong way round: 9 to 3.", "enrollment_to=3"),
        ("allocation=x", "We know no allocation “x”.", ""),
        ("updated_since=spring", "Write the day of the last update as YYYY-MM-DD, not “spring”.", ""),
        ("sort=random", "We know no order “random”.", ""),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_a_value_that_cannot_be_used_is_named_with_the_way_out(query, message, way_out):
    trials = TrialFilter(QueryDict(query))

    assert not trials.is_valid()
    assert [(mistake.message, mistake.params.urlencode()) for mistake in trials.mistakes] == [(message, way_out)]


def test_a_search_text_of_any_length_is_answered(shelf):
    trials = TrialFilter(QueryDict("q=" + "x" * 201))

    assert [mistake.params.urlencode() for mistake in trials.mistakes] == [""]


def test_a_bare_url_is_bound():
    assert TrialFilter(QueryDict()).is_bound
    assert TrialFilter(None).is_valid()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Stem-cell trials"),
        ("phase=PHASE3&phase=PHASE2&approach=msc&status=RECRUITING&country=Germany", "Phase 2 or 3 MSC trials, recruiting, in Germany"),
        ("approach=msc&course=PPMS&start_from=2015", "MSC trials that accept PPMS, started since 2015"),
        ("approach=hsct&approach=other", "HSCT or other stem-cell trials"),
        ("country=United+States&country=Spain", "Stem-cell trials, in the United States or Spain"),
        ("study_type=OBSERVATIONAL&role=follow-up", "Observational stem-cell studies, following people who were treated"),
        ("phase=EARLY_PHASE1&phase=none", "Early phase 1 or no-phase-stated stem-cell trials"),
        ("therapy=uc-msc&sponsor_class=INDUSTRY&has_results=no",
         "Stem-cell trials, testing Umbilical cord MSC, sponsored by industry, without results on ClinicalTrials.gov"),
        ("allocation=RANDOMIZED&masking=NONE&masking=DOUBLE&enrollment_from=20&updated_since=2024-03-05",
         "Stem-cell trials, 20 people or more, randomised, open label or double masking, updated since 5 March 2024"),
        ("start_to=2015&q=beta&status=UNKNOWN", "Stem-cell trials, status unknown, started up to 2015, matching “beta”"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("shelf")
def test_the_sentence_says_what_is_shown(query, sentence):
    assert TrialFilter(QueryDict(query)).sentence == sentence


@pytest.mark.usefixtures("shelf")
def test_chips_name_each_value_and_take_it_away():
    trials = TrialFilter(QueryDict("approach=msc&approach=other&has_results=no&q=cells&start_from=2015&sort=title&page=3"))

    assert [(chip.label, chip.params.urlencode()) for chip in trials.chips] == [
        ("cells", "approach=msc&approach=other&has_results=no&start_from=2015&sort=title"),
        ("MSC", "q=cells&approach=other&has_results=no&start_from=2015&sort=title"),
        ("Other stem-cell treatment", "q=cells&approach=msc&has_results=no&start_from=2015&sort=title"),
        ("No results posted", "q=cells&approach=msc&approach=other&start_from=2015&sort=title"),
        ("Started since 2015", "q=cells&approach=msc&approach=other&has_results=no&sort=title"),
    ]


def test_parameters_that_nothing_knows_are_named():
    assert TrialFilter(QueryDict("aproach=msc&utm_medium=mail&page=2&status=RECRUITING")).ignored == ["aproach"]


@pytest.mark.parametrize(
    ("text", "nct_id"),
    [
        ("NCT00273364", "NCT00273364"),
        (" nct00273364 ", "NCT00273364"),
        ("https://clinicaltrials.gov/study/NCT00273364?tab=table", "NCT00273364"),
        ("NCT00273364 NCT00273364", "NCT00273364"),
        ("NCT00273364 or NCT04047628", None),
        ("NCT002733644", None),
        ("MIST", None),
    ],
)
def test_an_nct_id_is_seen_wherever_it_stands(text, nct_id):
    params = QueryDict(mutable=True)
    params["q"] = text
    assert TrialFilter(params).nct_id == nct_id
