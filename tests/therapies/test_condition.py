"""Whether multiple sclerosis is studied, or only named."""

import pytest

from tests.therapies.asking import study
from therapies.classifier import classify

pytestmark = pytest.mark.storeless


class TestCondition:
    @pytest.mark.parametrize(
        "conditions",
        [
            ("Multiple Sclerosis",),
            ("Relapsing-Remitting Multiple Sclerosis", "Stroke"),
            ("Muscular Sclerosis",),  # NCT03461419
            ("SPMS - progressive MS",),
            ("Mutiple Scelrosis",),
            ("Sclerosis, Multiple",),
            ("Esclerosis Múltiple",),
            ("Sclérose en Plaques",),
            ("RR-MS", "SPMS"),
            ("Multiple Sclerosis Stem Cell Transplant",),  # NCT00716066
        ],
    )
    def test_studied(self, conditions):
        assert classify(study("A study", conditions=conditions)).condition.value == "studied"

    def test_title_decides_where_conditions_are_broad(self):  # NCT01056471
        found = classify(study("MSC in Secondary Progressive Multiple Sclerosis", conditions=("Autoimmune Diseases",)))
        assert found.condition.field == "brief_title"
        assert found.condition.is_fact

    @pytest.mark.parametrize(
        "conditions",
        [
            ("Tuberous Sclerosis",),
            ("Systemic Sclerosis",),
            ("Amyotrophic Lateral Sclerosis",),
            ("Nodular Sclerosis Hodgkin Lymphoma",),
            ("Neuromyelitis Optica", "MOG Antibody Disease"),
            ("Optic Neuritis", "Clinically Isolated Syndrome"),
            ("Mitral Stenosis (MS)",),
            ("Multiple System Atrophy",),
            ("Multiple Myeloma",),
            ("Multiple Sclerotic Lesions of Bone",),
            ("Systemic Sclerosis, Multiple Organs",),
            ("Scleritis, Multiple",),
        ],
    )
    def test_other_diseases(self, conditions):
        assert classify(study("MSC", "Mesenchymal stem cells", conditions=conditions, brief_summary="x")).condition is None

    def test_ms_as_mass_spectrometry(self):
        assert classify(study("LC-MS/MS of stem cell neurology", conditions=("Stroke",), keywords=("mass spectrometry",))).condition is None

    def test_letters_alone_are_only_named(self):
        found = classify(study("Stem cells for MS, a neurological disease", conditions=()))
        assert (found.condition.value, found.condition.is_fact) == ("named", False)

    def test_keyword_alone_goes_to_review(self):  # NCT02795052
        found = classify(study("MSC", "MSC cells", conditions=("Neurologic Disorders",), keywords=("Multiple Sclerosis",)))
        assert found.needs_review

    def test_basket_by_its_inclusion_criteria_goes_to_review(self):
        criteria = "Inclusion Criteria:\n* neurological diseases including multiple sclerosis\nExclusion Criteria:\n* cancer"
        found = classify(study("MSC", "Mesenchymal stem cells", conditions=("Neurologic Disorders",), eligibility_criteria=criteria))
        assert found.condition.rule == "ms-in-inclusion"
        assert found.needs_review

    def test_basket_whose_summary_names_the_disease_goes_to_review(self):
        summary = "People with lupus or multiple sclerosis."
        found = classify(study("MSC", "Mesenchymal stem cells", conditions=("Autoimmune Diseases",), brief_summary=summary))
        assert (found.condition.rule, found.condition.quote) == ("ms-in-summary-of-basket", "multiple sclerosis")
        assert found.needs_review

    @pytest.mark.parametrize(
        "criteria",
        [
            "Inclusion Criteria:\n* lymphoma\nExclusion Criteria:\n* multiple sclerosis",
            "Inclusion Criteria:\n* no history of multiple sclerosis",
        ],
    )
    def test_excluded_disease_is_not_studied(self, criteria):
        found = classify(
            study("ASCT in Lymphoma", "autologous stem cell transplant", conditions=("Lymphoma",), eligibility_criteria=criteria)
        )
        assert found.condition is None
        assert not found.in_scope

    def test_other_than(self):
        found = classify(
            study("Autologous HSCT in Autoimmune Diseases Other Than Multiple Sclerosis", conditions=("Lupus",), brief_summary="x")
        )
        assert found.condition is None

    def test_basket_that_nothing_describes_goes_to_review(self):  # NCT06607900
        found = classify(study("hUC-MSC for Neurodegenerative Diseases", conditions=("Parkinson Disease",)))
        assert found.condition.rule == "ms-perhaps-in-basket"
        assert found.needs_review

    def test_matches_are_made_whatever_the_condition(self):
        found = classify(study("MSC in lupus", "Mesenchymal stem cells", conditions=("Lupus",), brief_summary="x"))
        assert [match.approach.value for match in found.matches] == ["msc"]
        assert not found.in_scope
