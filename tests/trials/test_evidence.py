"""What the classifier is given of a study."""

from tests.studies import msc_study
from therapies.evidence import ArmEvidence, Evidence, InterventionEvidence
from trials.eligibility import extract
from trials.evidence import LONGEST_READ, evidence_of
from trials.registry.parse import parse
from trials.registry.records import Arm, Intervention, MeshTerm, Outcome, Study


def test_takes_over_every_text_that_the_classifier_reads():
    study = Study(
        nct_id="NCT04047628",
        brief_title="Best Available Therapy Versus Transplant",
        official_title="A Trial",
        acronym="BEAT-MS",
        study_type="INTERVENTIONAL",
        primary_purpose="TREATMENT",
        conditions=("Relapsing Multiple Sclerosis",),
        keywords=("AHSCT",),
        condition_meshes=(MeshTerm("D009103", "Multiple Sclerosis"),),
        intervention_meshes=(MeshTerm("D018380", "Hematopoietic Stem Cell Transplantation"),),
        arms=(Arm("AHSCT", "EXPERIMENTAL", "a transplant", ("Procedure: AHSCT",)),),
        interventions=(Intervention("AHSCT", "PROCEDURE", "cells", ("transplant",), ("AHSCT",)),),
        outcomes=(Outcome("primary", "Relapse-free survival"),),
        brief_summary="A summary.",
        detailed_description="A description.",
        eligibility_criteria="Inclusion Criteria:",
    )
    assert evidence_of(study) == Evidence(
        nct_id="NCT04047628",
        brief_title="Best Available Therapy Versus Transplant",
        official_title="A Trial",
        acronym="BEAT-MS",
        study_type="INTERVENTIONAL",
        primary_purpose="TREATMENT",
        conditions=("Relapsing Multiple Sclerosis",),
        keywords=("AHSCT",),
        condition_meshes=("Multiple Sclerosis",),
        intervention_meshes=("Hematopoietic Stem Cell Transplantation",),
        arms=(ArmEvidence("AHSCT", "EXPERIMENTAL", "a transplant", ("Procedure: AHSCT",)),),
        interventions=(InterventionEvidence("AHSCT", "PROCEDURE", "cells", ("transplant",)),),
        outcome_measures=("Relapse-free survival",),
        brief_summary="A summary.",
        detailed_description="A description.",
        eligibility_criteria="Inclusion Criteria:",
    )


def test_what_a_record_leaves_out_stays_empty():
    assert evidence_of(Study("NCT00000001", "A title")) == Evidence("NCT00000001", "A title")


def test_a_text_longer_than_any_real_one_is_read_to_a_length():
    study = parse(msc_study(1, title="stem cells " * 100_000, criteria="* EDSS 3.0 to 6.5\n" * 100_000))
    assert len(evidence_of(study).brief_title) == len(evidence_of(study).eligibility_criteria) == LONGEST_READ
    assert len(extract(study.eligibility_criteria).criteria) <= LONGEST_READ / 10
