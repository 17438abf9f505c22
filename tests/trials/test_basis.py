"""A judgement rests on what was read; what reads the same is the same."""

from dataclasses import replace

import pytest

from tests.studies import msc_study
from therapies.evidence import Finding
from trials.basis import READERS, SHOWN, basis_of, changes_since, field_name
from trials.changes import Change
from trials.evidence import evidence_of
from trials.registry.parse import parse


def quoted(field):
    return Finding("approach", "msc", "a-rule", field, "the words", 0.9)


@pytest.fixture
def study():
    return parse(msc_study(1))


def test_a_basis_holds_what_was_shown_and_what_was_quoted(study):
    evidence = evidence_of(study)

    assert set(basis_of(evidence, [quoted("brief_title")])) == set(SHOWN)
    assert set(basis_of(evidence, [quoted("eligibility_criteria")])) == {*SHOWN, "eligibility_criteria"}
    assert basis_of(evidence, [])["interventions"] == ["Autologous bone marrow mesenchymal stem cells"]
    assert basis_of(evidence, [])["brief_summary"] == []


def test_the_record_it_was_given_on_changes_nothing(study):
    evidence = evidence_of(study)

    assert changes_since(basis_of(evidence, [quoted("eligibility_criteria")]), evidence) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"intervention": "Allogeneic mesenchymal stem cells"},
            Change("interventions", ("Autologous bone marrow mesenchymal stem cells",), ("Allogeneic mesenchymal stem cells",)),
        ),
        ({"conditions": ["Multiple Sclerosis", "Lupus"]}, Change("conditions", (), ("Lupus",))),
        (
            {"title": "Stem Cells, amended"},
            Change("brief_title", ("Mesenchymal Stem Cells for Multiple Sclerosis",), ("Stem Cells, amended",)),
        ),
    ],
)
def test_a_change_of_its_ground_is_told_with_both_values(study, changes, expected):
    basis = basis_of(evidence_of(study), [])

    assert changes_since(basis, evidence_of(parse(msc_study(1, **changes)))) == (expected,)


@pytest.mark.parametrize(
    "changes",
    [{"status": "COMPLETED"}, {"countries": ["Sweden"]}, {"phases": ["PHASE3"]}, {"updated": "2027-01-01"}, {"criteria": "Other."}],
)
def test_what_it_does_not_rest_on_may_change(study, changes):
    basis = basis_of(evidence_of(study), [])

    assert changes_since(basis, evidence_of(parse(msc_study(1, **changes)))) == ()


def test_noise_is_no_change(study):
    evidence = replace(evidence_of(study), conditions=("Multiple Sclerosis", "Lupus"), brief_summary="EDSS > 3")
    basis = basis_of(evidence, [])

    assert changes_since(basis, replace(evidence, conditions=("Lupus", "Multiple  Sclerosis"), brief_summary="EDSS \\> 3\n")) == ()


def test_a_field_that_is_no_longer_read_is_no_change(study):
    assert changes_since({"a_field_of_former_days": ["x"]}, evidence_of(study)) == ()


def test_every_place_that_the_classifier_quotes_from_can_be_read(study):
    paths = ["brief_title", "interventions[0].name", "arms[2].description", "conditions[0]", "intervention_meshes[1]", "keywords[3]"]

    assert {field_name(path) for path in paths} <= set(READERS)
