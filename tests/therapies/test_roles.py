"""What a study does with the cells: tests them, compares with them, follows people, helps around a transplant, makes lines."""

import dataclasses

import pytest

from tests.therapies.asking import approaches, study, values
from therapies.evidence import ArmEvidence, InterventionEvidence

pytestmark = pytest.mark.storeless


@pytest.mark.parametrize("title", ["Palliative Care During Autologous HSCT", "A Diet for People After aHSCT", "Coaching in HSCT"])
def test_care_and_training_at_a_transplant_are_supportive(title):
    evidence = dataclasses.replace(study(title), interventions=(InterventionEvidence("Coaching", "BEHAVIORAL"),))
    assert approaches(evidence) == {"hsct": "supportive"}


class TestRole:
    def test_observational_record_that_names_the_transplant_is_follow_up(self):  # NCT04674280
        assert approaches(study("MS patients", "aHSCT", study_type="OBSERVATIONAL")) == {"hsct": "follow-up"}

    def test_expanded_access_is_treatment(self):  # NCT03822858
        assert approaches(study("Expanded Access to MSC-NP", "MSC-NP", study_type="EXPANDED_ACCESS")) == {"msc": "treatment"}

    def test_drug_after_a_transplant_is_supportive(self):  # NCT04203017
        evidence = study("Fecal Microbiota Transplantation After Autologous HSCT", "allogeneic fecal microbiota")
        assert approaches(evidence) == {"hsct": "supportive"}
        assert values(evidence, "donors") == {"autologous"}

    def test_rehabilitation_of_treated_people_is_supportive(self):
        assert approaches(study("Exercise in Patients Treated With AHSCT", "Exercise")) == {"hsct": "supportive"}

    def test_imaging_of_treated_people_is_follow_up(self):
        assert approaches(study("MRI After AHSCT", "MRI", primary_purpose="DIAGNOSTIC")) == {"hsct": "follow-up"}

    def test_long_term_follow_up_of_a_trial(self):
        title = "Long-term Follow-up of Participants of the HALT Stem Cell Transplantation Study"
        assert approaches(study(title, "No intervention")) == {"hsct": "follow-up"}

    def test_long_term_effects_of_given_cells_are_treatment(self):  # NCT04823000
        title = "Long Term Effects of Repeated Mesenchymal Stem Cell Injections"
        assert approaches(study(title, "Mesenchymal Stem Cells")) == {"msc": "treatment"}

    @pytest.mark.parametrize(
        "title",
        [
            "Best Available Therapy Versus Autologous Hematopoietic Stem Cell Transplant",  # NCT04047628
            "Natalizumab Versus Autologous HSCT",
            "Autologous HSCT Versus Alemtuzumab",
            "BEAM Followed by Autologous HSCT",
        ],
    )
    def test_transplant_against_drugs_in_use_is_treatment(self, title):
        assert approaches(study(title, "Autologous HSCT", "Best available therapy")) == {"hsct": "treatment"}
        assert approaches(study(title)) == {"hsct": "treatment"}

    def test_new_treatment_against_the_transplant_makes_it_a_comparator(self):
        assert approaches(study("CAR-T Cells Versus Autologous HSCT", "CAR-T")) == {"hsct": "comparator"}

    def test_transplant_in_the_comparator_arm_alone(self):
        arms = (
            ArmEvidence("Drug X", "EXPERIMENTAL", "a new drug", ("Drug: X",)),
            ArmEvidence("Autologous HSCT", "ACTIVE_COMPARATOR", "", ("Procedure: Autologous HSCT",)),
        )
        evidence = study("Drug X in MS", "X", "Autologous HSCT", arms=arms)
        assert approaches(evidence) == {"hsct": "comparator"}

    def test_two_regimens_are_treatment_in_both_arms(self):  # NCT05482542
        arms = (
            ArmEvidence("HSCT with Cy/ATG", "EXPERIMENTAL"),
            ArmEvidence("HSCT with Cy/rituximab", "ACTIVE_COMPARATOR"),
        )
        assert approaches(study("Regimens for autologous HSCT", arms=arms)) == {"hsct": "treatment"}

    @pytest.mark.parametrize("study_type", ["OBSERVATIONAL", "INTERVENTIONAL"])
    def test_cell_lines_from_patients(self, study_type):  # NCT00874783
        evidence = study(
            "Development of iPS From Donated Somatic Cells of Patients With Neurological Diseases",
            "Skin biopsy",
            study_type=study_type,
        )
        assert approaches(evidence) == {"ipsc": "cell-line research"}
        assert values(evidence, "therapies") == {"ipsc-lines"}
        assert values(evidence, "cell_sources") == {"skin"}

    def test_secretome_tried_on_samples(self):  # NCT06551649
        evidence = study("Human Amniotic Mesenchymal Cell Secretome", "Venous blood draw and skin biopsy")
        assert approaches(evidence) == {"other": "cell-line research"}
