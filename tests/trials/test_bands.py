"""Bands and word lists hold what they say, once each, and a list narrowed by one gives the trials that lie in it."""

import pytest
from django.http import QueryDict

from tests.builders import make_trial
from trials.bands import LASTED, OUTCOMES, PEOPLE, band_of, outcome_groups
from trials.filters import TrialFilter


@pytest.mark.parametrize("bands", [PEOPLE, LASTED])
def test_bands_follow_on_each_other_without_a_gap(bands):
    rows = list(bands.values())
    assert rows[0].low == 0
    assert [band.below for band in rows] == [*(band.low for band in rows[1:]), None]


@pytest.mark.parametrize(
    ("number", "key"), [(0, "0"), (1, "1-19"), (19, "1-19"), (20, "20-49"), (499, "200-499"), (9999, "500-"), (None, None)]
)
def test_a_number_lies_in_one_band(number, key):
    assert band_of(PEOPLE, number) == key


def test_a_time_that_runs_backwards_lies_in_none():
    assert band_of(LASTED, -1) is None


@pytest.mark.parametrize(
    ("measure", "groups"),
    [
        ("Change in EDSS at 2 years", ["edss"]),
        ("New gadolinium-enhancing LESIONS", ["mri"]),
        ("Time to relapse or death", ["relapse", "safety"]),
        ("Timed 25-foot walk", ["walking"]),
        ("Symbol Digit Modalities Test", ["cognition"]),
        ("Number of cells harvested", ["other"]),
        ("", ["other"]),
    ],
)
def test_words_tell_what_an_outcome_is_about(measure, groups):
    assert outcome_groups(measure) == groups


def test_no_word_of_the_list_repeats_another():
    for group in OUTCOMES.values():
        assert all(word == word.lower() for word in group.words)
        assert not [(one, other) for one in group.words for other in group.words if one != other and one in other]


@pytest.fixture
def shelf(db):
    def primary(*measures):
        return [{"kind": "primary", "measure": measure} for measure in measures] + [{"kind": "secondary", "measure": "Walking"}]

    make_trial(
        1, enrollment=0, enrollment_kind="ACTUAL", start_date="2015-03-31", completion_date="2016-03-01", completion_date_kind="ACTUAL",
        outcomes=primary("EDSS", "MRI lesions"), sponsor_name="Alpha, Inc.", countries=["Italy"],
    )  # fmt: skip
    make_trial(
        2, enrollment=19, enrollment_kind="ESTIMATED", start_date="2015", completion_date="2020-01", completion_date_kind="ESTIMATED",
        outcomes=primary("Safety"), sponsor_class="",
    )  # fmt: skip
    make_trial(3, enrollment=500, start_date="2015-03", completion_date="2025-03", outcomes=primary("Cell count", "edss"), sponsor_name="")
    make_trial(4, start_date="2020-05", completion_date="2020-04", status="", study_type="")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("people=0", ["01"]),
        ("people=1-19&people=500-", ["02", "03"]),
        ("people=none", ["04"]),
        ("people=none&people=0", ["01", "04"]),
        ("enrollment_kind=ESTIMATED", ["02"]),
        ("enrollment_kind=none", ["03", "04"]),
        ("lasted=1", ["01"]),
        ("lasted=10-", ["03"]),
        ("lasted=0", []),
        ("lasted=none", ["02", "04"]),
        ("lasted=none&lasted=1", ["01", "02", "04"]),
        ("completion_date_kind=ACTUAL", ["01"]),
        ("outcome=edss", ["01", "03"]),
        ("outcome=mri&outcome=safety", ["01", "02"]),
        ("outcome=other", ["03"]),
        ("outcome=walking", []),
        ("outcome=none", ["04"]),
        ("outcome=none&outcome=other&outcome=safety", ["02", "03", "04"]),
        ("sponsor=alpha,+inc.", None),
        ("sponsor=Alpha,+Inc.", ["01"]),
        ("sponsor=none&sponsor=Alpha,+Inc.", ["01", "03"]),
        ("sponsor_class=none", ["02"]),
        ("status=none", ["04"]),
        ("study_type=none&status=none", ["04"]),
        ("country=none", ["02", "03", "04"]),
        ("country=none&country=Italy", ["01", "02", "03", "04"]),
        ("start_stated=no", []),
        ("start_stated=yes&people=0", ["01"]),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_a_list_can_be_narrowed_to_what_a_mark_counts(query, expected):
    trials = TrialFilter(QueryDict(query))

    assert trials.is_valid() == (expected is not None)
    if expected is not None:
        assert sorted(trial.nct_id[-2:] for trial in trials.qs) == expected


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("people=1-19&people=none", "Stem-cell trials, with 1–19 people or whose number of people is not stated"),
        ("enrollment_kind=ESTIMATED&people=500-", "Stem-cell trials, with 500 or more people, enrolment estimated"),
        ("lasted=2&completion_date_kind=ACTUAL", "Stem-cell trials, lasting 2 years, completion date actual"),
        ("outcome=relapse&outcome=other", "Stem-cell trials, whose primary outcome is about Relapses or something else"),
        ("sponsor=Alpha,+Inc.&country=none", "Stem-cell trials, without a stated country, sponsored by Alpha, Inc."),
        ("start_stated=no&status=none", "Stem-cell trials, status not stated, without a stated start"),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_the_sentence_says_so(query, sentence):
    assert TrialFilter(QueryDict(query)).sentence == sentence
