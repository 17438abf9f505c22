"""What somebody tells, against what a trial states: each verdict, its reason and the words that decided."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trials.eligibility import COURSES, extract
from trials.fit import MAY_FIT, MAY_NOT, REASONS, SILENT, WALKING, Answer, Person, fit

TRIAL = extract(
    "Inclusion Criteria:\n\n* RRMS, or SPMS with relapses\n* EDSS 3.0 to 6.5\n* Disease duration 2 to 10 years\n\n"
    "Exclusion Criteria:\n\n* Primary progressive MS\n* Pregnancy or breast-feeding\n* Prior stem cell therapy",
    minimum_age_years=18, minimum_age="18 Years", maximum_age_years=55, maximum_age="55 Years", sex="ALL",
)  # fmt: skip
NOTHING = extract("")


def words(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes]


@pytest.mark.parametrize(
    ("told", "measure", "verdict", "reason", "quotes"),
    [
        ({"age": 18}, "age", MAY_FIT, "within", ["18 Years", "55 Years"]),
        ({"age": 55}, "age", MAY_FIT, "within", ["18 Years", "55 Years"]),
        ({"age": 17}, "age", MAY_NOT, "outside", ["18 Years"]),
        ({"age": 56}, "age", MAY_NOT, "outside", ["55 Years"]),
        ({"sex": "male"}, "sex", MAY_FIT, "no limit", ["ALL"]),
        ({"course": "RRMS"}, "course", MAY_FIT, "accepted", ["RRMS"]),
        ({"course": "SPMS"}, "course", MAY_FIT, "accepted if active", ["SPMS"]),
        ({"course": "PPMS"}, "course", MAY_NOT, "excluded", ["Primary progressive"]),
        ({"course": "CIS"}, "course", MAY_NOT, "not accepted", ["RRMS", "SPMS"]),
        ({"course": "relapsing"}, "course", MAY_FIT, "accepted", ["RRMS", "SPMS"]),
        ({"course": "progressive"}, "course", MAY_FIT, "accepted if active", ["SPMS"]),
        ({"edss": 3.0}, "EDSS", MAY_FIT, "within", ["EDSS 3.0 to 6.5"]),
        ({"edss": 2.5}, "EDSS", MAY_NOT, "outside", ["EDSS 3.0 to 6.5"]),
        ({"walking": "one-stick"}, "EDSS", MAY_FIT, "within", ["EDSS 3.0 to 6.5"]),
        ({"walking": "far"}, "EDSS", MAY_FIT, "within", ["EDSS 3.0 to 6.5"]),
        ({"walking": "wheelchair"}, "EDSS", MAY_NOT, "outside", ["EDSS 3.0 to 6.5"]),
        ({"edss": 4.0, "walking": "bed"}, "EDSS", MAY_FIT, "within", ["EDSS 3.0 to 6.5"]),
        ({"years_since_onset": 1}, "years since onset", MAY_NOT, "outside", ["Disease duration 2 to 10 years"]),
        ({"years_since_onset": 0.5}, "years since onset", MAY_NOT, "outside", ["Disease duration 2 to 10 years"]),
        ({"years_since_diagnosis": 11}, "years since onset", MAY_NOT, "outside", ["Disease duration 2 to 10 years"]),
        ({"years_since_onset": 30}, "years since onset", MAY_FIT, "within", ["Disease duration 2 to 10 years"]),
        ({"is_pregnant": True}, "pregnancy", MAY_NOT, "excluded", ["Pregnancy or breast-feeding"]),
        ({"is_pregnant": False}, "pregnancy", MAY_FIT, "within", ["Pregnancy or breast-feeding"]),
        ({"is_breast_feeding": True}, "breast-feeding", MAY_NOT, "excluded", ["Pregnancy or breast-feeding"]),
        ({"had_stem_cells": True}, "previous stem cells", MAY_NOT, "excluded", ["Prior stem cell therapy"]),
        ({"had_stem_cells": False}, "previous stem cells", MAY_FIT, "within", ["Prior stem cell therapy"]),
        ({}, "EDSS", MAY_FIT, "not told", ["EDSS 3.0 to 6.5"]),
        ({}, "years since diagnosis", SILENT, "not stated", []),
    ],
)
def test_each_measure(told, measure, verdict, reason, quotes):
    answer = fit(TRIAL, Person(**told))[measure]
    assert (answer.verdict, answer.reason, words(answer)) == (verdict, reason, quotes)


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({}, MAY_FIT),
        ({"age": 30}, MAY_FIT),
        ({"age": 30, "course": "RRMS", "edss": 4.0}, MAY_FIT),
        ({"age": 30, "course": "RRMS", "edss": 8.0}, MAY_NOT),
        ({"course": "PPMS"}, MAY_NOT),
    ],
)
def test_the_sum(told, verdict):
    assert fit(TRIAL, Person(**told)).verdict == verdict


def test_a_silent_record_says_nothing():
    assert fit(NOTHING, Person()).verdict == SILENT
    assert fit(NOTHING, Person(age=30, course="RRMS", edss=4.0, is_pregnant=True, had_stem_cells=True)).verdict == SILENT
    only_ages = extract("", minimum_age_years=18, minimum_age="18 Years")
    assert fit(only_ages, Person(age=30)).verdict == MAY_FIT
    assert fit(only_ages, Person(age=30, course="PPMS")).verdict == SILENT
    assert fit(only_ages, Person(age=12, course="PPMS")).verdict == MAY_NOT


def test_ranges_for_other_courses_do_not_count():
    trial = extract("* EDSS 2.0-5.5 for RRMS and 4.0-6.5 for SPMS")
    assert fit(trial, Person(course="RRMS", edss=6.0))["EDSS"].verdict == MAY_NOT
    assert fit(trial, Person(course="SPMS", edss=6.0))["EDSS"].verdict == MAY_FIT
    assert fit(trial, Person(edss=6.0))["EDSS"].verdict == MAY_FIT
    assert words(fit(trial, Person(course="SPMS", edss=6.0))["EDSS"]) == ["4.0-6.5"]


def test_an_open_end_leaves_its_own_value_out():
    trial = extract("* EDSS < 6.5")
    assert fit(trial, Person(edss=6.5))["EDSS"].verdict == MAY_NOT
    assert fit(trial, Person(edss=6.0))["EDSS"].verdict == MAY_FIT


def test_time_since_diagnosis_bounds_time_since_onset_and_back():
    since_onset = extract("* Time since onset of symptoms at least 5 years")
    assert fit(since_onset, Person(years_since_diagnosis=1))["years since onset"].verdict == MAY_FIT
    assert fit(since_onset, Person(years_since_diagnosis=6))["years since onset"].verdict == MAY_FIT
    since_diagnosis = extract("* Time since diagnosis of at least 5 years")
    assert fit(since_diagnosis, Person(years_since_onset=3))["years since diagnosis"].verdict == MAY_NOT
    assert fit(since_diagnosis, Person(years_since_onset=20))["years since diagnosis"].verdict == MAY_FIT


def test_courses_that_are_only_listed_as_conditions_speak_against_nobody():
    trial = extract("", conditions=("Multiple Sclerosis, Relapsing-Remitting",))
    answer = fit(trial, Person(course="PPMS"))["course"]
    assert (answer.verdict, answer.reason) == (SILENT, "only listed")


def test_recent_or_required_stem_cells():
    recent = extract("Exclusion Criteria:\n\n* Stem cell therapy within the past 12 months")
    answer = fit(recent, Person(had_stem_cells=True))["previous stem cells"]
    assert (answer.verdict, answer.reason) == (MAY_FIT, "excluded recently")
    required = extract("Inclusion Criteria:\n\n* Patients who underwent stem cell transplantation for MS")
    assert fit(required, Person(had_stem_cells=False))["previous stem cells"].verdict == MAY_NOT
    assert fit(required, Person(had_stem_cells=True))["previous stem cells"].verdict == MAY_FIT


def test_a_trial_for_one_sex():
    trial = extract("", sex="FEMALE")
    assert [fit(trial, Person(sex=sex))["sex"].verdict for sex in ("female", "male", None)] == [MAY_FIT, MAY_NOT, MAY_FIT]


def test_walking_choices_climb_the_scale():
    assert [choice.slug for choice in WALKING] == list(dict.fromkeys(choice.slug for choice in WALKING))
    for lower, higher in pairwise(WALKING):
        assert lower.edss_low <= lower.edss_high <= higher.edss_low
    assert Person(walking="one-stick").edss_range == (6.0, 6.0)


@pytest.mark.parametrize("told", [{"course": "MS"}, {"walking": "slowly"}])
def test_an_unknown_word_is_refused(told):
    with pytest.raises(ValueError, match="known:"):
        Person(**told)


@pytest.mark.parametrize(
    ("name", "value"),
    [("age", -1), ("age", 151), ("edss", 10.5), ("edss", math.nan), ("years_since_onset", -1), ("years_since_diagnosis", 151)],
)
def test_a_number_that_nobody_can_have_is_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} cannot be .*; it goes from 0 to"):
        Person(**{name: value})


def test_a_record_that_contradicts_itself_speaks_against_nobody():
    ages = extract("", minimum_age_years=65, minimum_age="65 Years", maximum_age_years=18, maximum_age="18 Years")
    answer = fit(ages, Person(age=40))["age"]
    assert (answer.verdict, answer.reason, words(answer)) == (SILENT, "contradicts itself", ["65 Years", "18 Years"])
    assert fit(ages, Person(age=40)).verdict == SILENT


def test_onset_and_diagnosis_told_the_wrong_way_round_speak_against_nothing_between():
    trial = extract("* Disease duration 2 to 4 years")
    assert fit(trial, Person(years_since_onset=1, years_since_diagnosis=6))["years since onset"].verdict == MAY_FIT


PEOPLE = st.builds(
    Person,
    age=st.none() | st.integers(0, 110),
    sex=st.sampled_from([None, "female", "male"]),
    course=st.sampled_from([None, *COURSES, "relapsing", "progressive"]),
    edss=st.none() | st.integers(0, 20).map(lambda halves: halves / 2),
    walking=st.sampled_from([None, *(choice.slug for choice in WALKING)]),
    years_since_onset=st.none() | st.integers(0, 60),
    years_since_diagnosis=st.none() | st.integers(0, 60),
    is_pregnant=st.none() | st.booleans(),
    is_breast_feeding=st.none() | st.booleans(),
    had_stem_cells=st.none() | st.booleans(),
)


@given(PEOPLE, st.sampled_from([TRIAL, NOTHING, extract("* RRMS\n* EDSS < 6"), extract("Exclusion Criteria:\n* Progressive MS")]))
def test_every_answer_is_of_the_three_and_explains_itself(person, trial):
    found = fit(trial, person)
    assert {found.verdict, *(answer.verdict for answer in found.answers)} <= {MAY_FIT, MAY_NOT, SILENT}
    assert (found.verdict == MAY_NOT) == any(answer.verdict == MAY_NOT for answer in found.answers)
    assert all(answer.reason in REASONS for answer in found.answers)
    assert all(answer.quotes for answer in found.answers if answer.verdict != SILENT)
    assert "eligible" not in f"{found.verdict} {' '.join(REASONS.values())}"


@given(st.sampled_from([TRIAL, NOTHING]), PEOPLE)
def test_knowing_less_never_speaks_against_a_trial(trial, person):
    silent = fit(trial, Person())
    assert all(answer.verdict != MAY_NOT for answer in silent.answers)
    if fit(trial, person).verdict != MAY_NOT:
        for name in ("age", "course", "edss", "is_pregnant"):
            told = {field: getattr(person, field) for field in Person.__slots__} | {name: None}
            if name == "edss":
                told["walking"] = None
            assert fit(trial, Person(**told)).verdict != MAY_NOT
