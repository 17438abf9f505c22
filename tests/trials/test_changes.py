"""A change is what a reader would call one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from trials.changes import Change, changes_between, is_notable, plain
from trials.registry.records import Outcome, PartialDate, Site, Sponsor, Study, StudyDate

STUDY = Study(
    nct_id="NCT00000001",
    brief_title="Cells in MS",
    overall_status="RECRUITING",
    start=StudyDate(PartialDate(2024, 3), "ACTUAL"),
    enrollment=40,
    enrollment_kind="ESTIMATED",
    conditions=("Multiple Sclerosis", "Relapse"),
    outcomes=(Outcome("primary", "EDSS", time_frame="12 months"), Outcome("secondary", "Relapses")),
    sites=(Site(facility="Clinic", city="Bergen", country="Norway", status="RECRUITING"), Site(city="Oslo", country="Norway")),
    eligibility_criteria="* EDSS \\> 3\n* Age 18",
)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({"overall_status": "COMPLETED"}, Change("status", ("RECRUITING",), ("COMPLETED",))),
        ({"why_stopped": "Low accrual"}, Change("why_stopped", (), ("Low accrual",))),
        (
            {"start": StudyDate(PartialDate(2024, 3, 14), "ACTUAL")},
            Change("start_date", ("2024-03 actual",), ("2024-03-14 actual",)),
        ),
        ({"start": None}, Change("start_date", ("2024-03 actual",), ())),
        ({"enrollment": 18, "enrollment_kind": "ACTUAL"}, Change("enrollment", ("40 estimated",), ("18 actual",))),
        ({"lead_sponsor": Sponsor("A hospital")}, Change("sponsor", (), ("A hospital",))),
        ({"conditions": ("Multiple Sclerosis", "Fatigue")}, Change("conditions", ("Relapse",), ("Fatigue",))),
        (
            {"outcomes": (Outcome("primary", "EDSS", time_frame="24 months"), Outcome("secondary", "Relapses"))},
            Change("primary_outcomes", ("EDSS [12 months]",), ("EDSS [24 months]",)),
        ),
        (
            {"eligibility_criteria": "* EDSS \\> 4\n* Age 18"},
            Change("eligibility_criteria", ("* EDSS \\> 3\n* Age 18",), ("* EDSS \\> 4\n* Age 18",)),
        ),
    ],
)
def test_a_field_that_differs_is_a_change(new, expected):
    assert changes_between(STUDY, replace(STUDY, **new)) == (expected,)


def test_a_site_that_closes_and_one_that_opens():
    sites = (
        Site(facility="Clinic", city="Bergen", country="Norway", status="COMPLETED"),
        Site(city="Oslo", country="Norway", status="RECRUITING"),
    )

    assert changes_between(STUDY, replace(STUDY, sites=sites)) == (
        Change("recruiting_sites", ("Clinic, Bergen, Norway",), ("Oslo, Norway",)),
    )


@pytest.mark.parametrize(
    "noise",
    [
        {"conditions": ("Relapse", "Multiple Sclerosis", "Relapse")},
        {"brief_title": " Cells  in\nMS "},
        {"eligibility_criteria": "* EDSS > 3\n\n* Age 18"},
        {"sites": tuple(reversed(STUDY.sites))},
        {"unknown_values": (("x", "y"),)},
    ],
)
def test_noise_is_no_change(noise):
    assert changes_between(STUDY, replace(STUDY, **noise)) == ()


@given(st.text())
def test_plain_text_stays_as_it_is(text):
    assert plain(plain(text).replace("\\", "")) == plain(text).replace("\\", "").strip()


def test_altered_primary_outcomes_and_smaller_enrolment_are_notable():
    switched = Change("primary_outcomes", ("EDSS",), ("Walking",))
    assert is_notable(switched, STUDY)
    assert not is_notable(switched, replace(STUDY, overall_status="NOT_YET_RECRUITING"))
    assert is_notable(Change("enrollment", ("40 estimated",), ("18 actual",)), STUDY)
    assert not is_notable(Change("enrollment", ("18 estimated",), ("40 actual",)), STUDY)
    assert not is_notable(Change("enrollment", (), ("40 actual",)), STUDY)
    assert not is_notable(Change("status", ("RECRUITING",), ("COMPLETED",)), STUDY)
