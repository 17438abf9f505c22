"""What the classifier must tell apart, in a few words each: the vocabulary and the traps that the field knows.

Ids in comments name registered studies whose wording the case follows.
"""

import re

import pytest

from tests.therapies import studies_of_the_field as field
from tests.therapies.asking import MS, approaches, study, values
from therapies import rules
from therapies.classifier import VERSION, classify
from therapies.evidence import SHOWN_AS_FACT, ArmEvidence, Evidence
from therapies.rules import products

pytestmark = pytest.mark.storeless


# (title, interventions) -> approaches, therapies
VOCABULARY = [
    ("Autologous Hematopoietic Stem Cell Transplant for MS", ["Autologous HSCT"], {"hsct"}, {"ahsct"}),
    ("Haematopoietic stem-cell transplantation in MS", [], {"hsct"}, {"ahsct"}),
    ("Hematopoetic Stem Cell Infusion", ["Enriched Hematopoetic Stem Cell Infusion"], {"hsct"}, {"ahsct"}),  # NCT02084121's spelling
    ("Outpatient Hematopoietic Grafting in Multiple Sclerosis", [], {"hsct"}, {"ahsct"}),  # NCT02674217
    ("High-Dose Immunosuppression and Autologous Transplantation for MS", ["BEAM", "G-CSF"], {"hsct"}, {"ahsct-beam"}),  # NCT00288626
    ("Allogeneic Stem Cell Transplantation for MS", ["hematopoetic stem cell infusion"], {"hsct"}, {"allo-hsct"}),  # NCT00497952
    ("aHSCT versus drugs for RRMS", ["Cyclophosphamide and ATG", "Ocrelizumab"], {"hsct"}, {"ahsct-cy-atg"}),  # NCT03477500
    ("Maximizing Outcome of Multiple Sclerosis Transplantation", ["Cyclophosphamide", "rATG", "IVIg"], {"hsct"}, {"ahsct-cy-atg"}),
    ("Autologous Hematopoietic Stem Cell Transplantation for MS", ["Fludarabine"], {"hsct"}, {"ahsct-fludarabine"}),  # NCT05832515
    ("Intensive immunoablation with a CD34 selected graft", ["Busulfan", "Cyclophosphamide"], {"hsct"}, {"ahsct-busulfan"}),
    (
        "Total Body Irradiation and ATG Followed by Peripheral Blood Stem Cell Rescue",
        ["cyclophosphamide", "total body irradiation"],
        {"hsct"},
        {"ahsct-tbi"},
    ),
    (
        "Optimal Conditioning for Autologous HSCT",
        ["Cyclophosphamide/ATG", "Cyclophosphamide/Rituximab"],
        {"hsct"},
        {"ahsct-cy-atg", "ahsct-cy-rituximab"},
    ),  # NCT05482542
    ("RRMS: Progression after Bone Marrow Transplantation", [], {"hsct"}, {"ahsct"}),  # NCT06267781
    ("Mesenchymal Stem Cells for MS", ["Autologous bone marrow MSC"], {"msc"}, {"bm-msc"}),
    ("Mesenchymal Autologous Stem Cells for MS", ["MSCs"], {"msc"}, {"msc"}),  # NCT04749667
    ("Medicinal signaling cells for MS", ["Lomecel-B"], {"msc"}, {"bm-msc"}),
    ("Adipose Stem Cells for MS", [], {"msc"}, {"ad-msc"}),  # NCT02157064
    ("Adipose-derived cells", ["HB-adMSCs"], {"msc"}, {"ad-msc"}),  # NCT06800404
    ("UC-MSC for MS", ["Allogeneic UC-MSC"], {"msc"}, {"uc-msc"}),
    ("Wharton's Jelly cells for MS", ["WJ-MSC"], {"msc"}, {"uc-msc"}),
    ("AlloRx for MS", ["AlloRx"], {"msc"}, {"uc-msc"}),
    ("PDA-001 in MS", ["PDA-001"], {"msc"}, {"placental-msc"}),
    ("Decidua Derived Mesenchymal Cells", ["DA-MSC"], {"msc"}, {"placental-msc"}),
    ("Intrathecal MSC-NP in MS", ["MSC-NP"], {"msc"}, {"msc-np"}),  # NCT03355365
    ("NurOwn in MS", ["NurOwn (MSC-NTF cells)"], {"msc"}, {"msc-ntf"}),  # NCT03799718
    ("XCEL-MC-ALPHA in MS", ["XCEL-MC-ALPHA"], {"msc"}, {"bm-msc"}),  # NCT02495766
    ("Menstrual blood stem cells in MS", [], {"msc"}, {"msc"}),
    ("Dental pulp stem cells in MS", [], {"msc"}, {"msc"}),
    ("IMS001 in MS", ["IMS001"], {"msc", "other"}, {"esc-msc", "esc-derived"}),  # NCT04956744
    ("MSC-Derived Exosomes for MS", ["MSC-Derived Exosomes"], {"other"}, {"msc-derived"}),  # NCT07146087
    ("hUC-MSC-sEV-001 Nasal Drops", ["hUC-MSC-sEV-001 nasal drops"], {"other"}, {"msc-derived"}),  # NCT06607900
    ("Conditioned medium of mesenchymal stem cells", [], {"other"}, {"msc-derived"}),
    ("Stromal Vascular Fraction in MS", ["Administration of SVF"], {"other"}, {"svf"}),  # NCT01953523
    ("Adipose Stromal Cells in MS", ["Implantation of SVF"], {"msc", "other"}, {"ad-msc", "svf"}),  # NCT01453764
    ("Bone Marrow Mononuclear Stem Cells (BM-MNC)", ["BM-MNC"], {"other"}, {"bm-mnc"}),  # NCT02587806
    ("Infusion of Autologous Bone Marrow Cells", ["Infusion of autologous bone marrow"], {"other"}, {"bm-mnc"}),  # NCT01932593
    ("Bone Marrow-derived Cellular Therapy in Progressive MS", [], {"other"}, {"bm-mnc"}),  # NCT01815632
    ("Human Neural Stem Cells in MS", ["hNSC"], {"other"}, {"fetal-nsc"}),  # NCT03269071
    ("DUOC-01 in PPMS", ["DUOC-01"], {"other"}, {"cord-blood-derived"}),  # NCT04943289
    ("Muse Cells in MS", ["CL2020"], {"other"}, {"muse"}),
    ("Olfactory Ensheathing Cells in MS", [], {"other"}, {"oec"}),
    ("Embryonic Stem Cell Derived OPC in MS", [], {"other"}, {"esc-derived"}),
    ("iPSC-derived Mesenchymal Stem Cells for MS", ["CYP-004"], {"ipsc", "msc"}, {"ipsc-msc", "msc"}),
    ("iPSC-derived Oligodendrocyte Progenitors in MS", ["iPSC-OPC"], {"ipsc"}, {"ipsc-neural"}),
    ("FT819 in MS", ["FT819"], {"ipsc"}, {"ipsc-immune"}),
]


@pytest.mark.parametrize(("title", "interventions", "expected", "therapies"), VOCABULARY)
def test_tells_approach_and_therapy_as_fact(title, interventions, expected, therapies):
    evidence = study(title, *interventions)
    assert set(approaches(evidence)) == expected
    assert values(evidence, "therapies") == therapies
    assert classify(evidence).in_scope
    assert not classify(evidence).needs_review


def test_every_match_has_a_therapy_of_its_approach():
    for title, interventions, *_ in VOCABULARY:
        for match in classify(study(title, *interventions)).matches:
            assert match.therapies
            assert {rules.THERAPY_APPROACH[therapy.value] for therapy in match.therapies} == {match.approach.value}


NONE = [
    ("Alemtuzumab and Immune Reconstitution in MS", ["Alemtuzumab"]),
    ("High-Dose Cyclophosphamide for MS", ["Cyclophosphamide"]),  # NCT00296205
    ("High-Dose Cyclophosphamide Without Stem Cell Rescue", ["Cyclophosphamide"]),
    ("Ocrelizumab in Patients Who Have Not Had Stem Cell Transplantation", ["Ocrelizumab"]),
    ("BEAM: Balance and Exercise in MS", ["BEAM program"]),
    ("ATG for MS", ["ATG"]),
    ("Exercise Based on Social Cognitive Theory (SCT)", ["SCT exercise"]),
    ("STEM: Strategies to Enhance Motivation", ["Training"]),
    ("Brain Stem Auditory Evoked Potentials in MS", []),
    ("A Study of ONO-4641 (MSC2430913A)", ["ONO-4641"]),  # NCT01226745
    ("MSCopilot in Daily Life", ["MSCopilot"]),  # NCT05816122
    ("MSCQI: Quality Improvement", ["MSCQI"]),  # NCT03480854
    ("Anti-CD19 CAR-T in MS", ["Autologous CD19 CAR-T cells", "Fludarabine", "Cyclophosphamide"]),  # NCT07006805
    ("Universal Allogeneic CAR-T", ["UCAR-T"]),  # NCT06939166
    ("g-NK Cells in MS", ["IDP-023", "Cyclophosphamide", "Fludarabine"]),  # NCT06677710
    ("Tolerogenic Dendritic Cells", ["Autologous tolDC"]),  # NCT07020715
    ("Autologous T Cell Vaccination", ["Autologous T cell vaccine"]),  # NCT01448252
    ("EBV-specific T Cells", ["ATA188"]),  # NCT03283826
    ("Fecal Microbiota Transplantation in MS", ["Allogeneic fecal microbiota"]),  # NCT03183869
    ("Autologous Platelet-Rich Plasma in MS", ["PRP"]),
    ("Olfactory Function in MS", ["Smell test"]),  # NCT06020937
    ("Clemastine and Oligodendrocyte Precursor Cells", ["Clemastine"]),
    ("Vitamin D and Circulating CD34+ Progenitor Cells", ["Vitamin D"]),
    ("Filgrastim (G-CSF) for Neutropenia", ["Filgrastim"]),
    ("Bone Marrow Fat and Bone Mineral Density", ["DXA"]),
    ("Ocrelizumab Across the Placenta", ["Ocrelizumab"]),  # NCT04998812
    ("Adipokines and Calorie Restriction", []),  # NCT02411838
    ("MUSEC: Cannabis Extract", ["Cannabis"]),  # NCT00552604
    ("Kidney Transplantation and MS", ["Tacrolimus"]),
    ("Spinal Cord Stimulation", []),
    ("Neural Mobilization in MS", ["Mobilization"]),  # NCT06153264
]


@pytest.mark.parametrize(("title", "interventions"), NONE)
def test_finds_no_approach(title, interventions):
    assert approaches(study(title, *interventions)) == {}


@pytest.mark.parametrize(("title", "interventions", "expected", "therapies", "more"), field.STUDIES)
def test_reads_studies_of_the_field(title, interventions, expected, therapies, more):
    evidence = study(title, *interventions, **more)
    assert approaches(evidence) == expected
    assert values(evidence, "therapies") == set(therapies) or (expected and not therapies)


@pytest.mark.parametrize(("title", "interventions", "expected", "therapies", "more", "condition"), field.OTHER_DISEASES)
def test_reads_studies_of_other_diseases(title, interventions, expected, therapies, more, condition):
    evidence = study(title, *interventions, conditions=(condition,), **({"brief_summary": "x"} | more))
    assert approaches(evidence) == expected
    assert values(evidence, "therapies") == set(therapies) or (expected and not therapies)


def test_a_tissue_in_running_text_tells_the_donor_only_where_no_interventions_are_recorded():
    text = {"brief_summary": "The medium of umbilical cord mesenchymal stem cells is studied.", "conditions": ("Wounds",)}
    assert values(study("Conditioned Medium of Mesenchymal Stem Cells", "Conditioned medium", **text), "donors") == set()


UNSAID = [  # whose cells, or what is made of them, stands nowhere: no therapy is guessed
    ("iPSC-derived Heart Muscle Patch", ["iPSC patch"], "Heart Failure"),
    ("BioVAT-HF in Weak Hearts", ["BioVAT-HF"], "Heart Failure"),
    ("Peripheral Stem Cell Transplantation After Chemotherapy", ["Carmustine", "Thiotepa"], "Brain Tumor"),
    ("Stem Cell Transplantation After Chemotherapy", ["Fludarabine", "Busulfan"], "Kidney Cancer"),
    ("Clotting After Hematopoietic Stem Cell Transplantation", [], "Clotting"),
]


@pytest.mark.parametrize(("title", "interventions", "condition"), UNSAID)
def test_a_therapy_that_nobody_tells_is_not_guessed(title, interventions, condition):
    told = study(title, *interventions, conditions=(condition,))
    assert approaches(told)
    assert values(told, "therapies") == set()


@pytest.mark.parametrize("product", products.PRODUCTS, ids=lambda product: product.names[0])
def test_a_product_is_known_by_each_of_its_names(product):
    for name in (name.rstrip("-*") for name in product.names):
        for written in (name, name.upper(), name.replace("-", " "), name.replace("-", "")):
            told = study(f"A Trial of {written}", written, conditions=("Some Disease",))
            assert approaches(told).keys() == {rules.THERAPY_APPROACH[slug] for slug in product.therapies}, written
            assert values(told, "therapies") >= set(product.therapies) - {"msc", "ahsct", "allo-hsct"}
            if product.donor:
                assert values(told, "donors") == {product.donor}
            if product.source and product.source != "skin":
                assert product.source in values(told, "cell_sources")


def test_a_code_within_another_is_no_product():
    for name in ("FT8190", "AVX-880", "Orca-Tx", "BEAM", "EN0012"):
        assert not approaches(study(f"A Trial of {name}", name, conditions=("Some Disease",)))


@pytest.mark.parametrize(("interventions", "therapies"), field.REGIMENS)
def test_reads_the_regimen(interventions, therapies):
    assert values(study("Autologous HSCT in MS", *interventions), "therapies") == therapies


@pytest.mark.parametrize("field", ["brief_summary", "detailed_description"])
def test_a_sentence_that_names_the_intervention_tells_what_it_is(field):
    text = {field: "Produkta-1 (mesenchymal stem cells of donors) comes frozen."}
    assert approaches(study("Produkta-1 in MS", "Produkta-1, saline", **text)) == {"msc": "treatment"}
    assert approaches(study("Produkta-1 in MS", "Another name", **text)) == {}
    other = {field: "Produkta-1 is found in people after mesenchymal stem cells."}
    assert approaches(study("Produkta-1 in MS", "Produkta-1", **other)) == {}


def test_an_outcome_after_a_transplant_is_for_review():  # NCT05078177
    evidence = study("Intrathecal Rituximab", "Rituximab", outcome_measures=("Immune reconstitution after autoHSCT",))
    assert approaches(evidence) == {"hsct": "supportive"}
    assert classify(evidence).needs_review
    assert values(evidence, "routes") == set()


@pytest.mark.parametrize(
    ("conditions", "measure"), [(MS, "Number of people who go on to HSCT"), (MS, "Time to HSCT"), (("Leukemia",), "Relapse after HSCT")]
)
def test_an_outcome_that_counts_transplants_is_none(conditions, measure):
    assert approaches(study("A new drug", "Drug", outcome_measures=(measure,), conditions=conditions, brief_summary="x")) == {}


class TestWhereWordsStand:
    def test_intervention_and_title_classify(self):
        assert classify(study("", "Mesenchymal stem cells")).matches[0].is_fact
        assert classify(study("Mesenchymal stem cells for MS")).matches[0].is_fact

    def test_arm_label_and_description_classify(self):
        arms = (ArmEvidence("Cells", "EXPERIMENTAL", "Autologous mesenchymal stem cells by vein"),)
        assert classify(study("Cell therapy for MS", arms=arms)).matches[0].is_fact

    def test_keywords_alone_go_to_review(self):
        found = classify(study("A new treatment", keywords=("Mesenchymal stem cells",)))
        assert found.needs_review
        assert found.matches[0].approach.confidence < SHOWN_AS_FACT

    def test_mesh_alone_goes_to_review(self):
        assert classify(study("A new treatment", intervention_meshes=("Hematopoietic Stem Cell Transplantation",))).needs_review

    def test_summary_alone_goes_to_review(self):
        summary = "Participants receive autologous mesenchymal stem cells."
        assert classify(study("A new treatment", brief_summary=summary)).needs_review

    def test_detailed_description_alone_goes_to_review(self):
        detail = "All participants will receive an infusion of mesenchymal stem cells."
        assert classify(study("A new treatment", detailed_description=detail)).needs_review

    @pytest.mark.parametrize(
        "sentence",
        [
            "Mesenchymal stem cells have been shown to help in mouse models.",
            "Previous studies used hematopoietic stem cell transplantation in such patients.",
            "Patients may have received prior hematopoietic stem cell transplantation.",
            "Other available therapies include hematopoietic stem cell transplantation.",
        ],
    )
    def test_background_is_a_mention(self, sentence):
        found = classify(study("Ocrelizumab in MS", "Ocrelizumab", brief_summary=sentence, detailed_description=sentence))
        assert not found.matches
        assert found.mentions

    def test_criteria_are_a_mention(self):
        found = classify(study("Ocrelizumab", "Ocrelizumab", eligibility_criteria="Exclusion Criteria:\n\n* prior HSCT"))
        assert not found.matches
        assert [mention.quote for mention in found.mentions] == ["HSCT"]
        assert not found.in_scope

    def test_nothing_is_said_where_nothing_stands(self):
        found = classify(Evidence("NCT00000000"))
        assert (found.condition, found.matches, found.mentions) == (None, (), ())


class TestReview:
    @pytest.mark.parametrize(
        ("title", "intervention"),
        [
            ("Intrathecal Stem Cell Therapy in MS", "Stem cells"),
            ("Filgrastim to Mobilise Endogenous Stem Cells", "Filgrastim"),
            ("Stem Cell Transplantation in MS", "Care as usual"),
            ("Vaccination of People With MS and of Hematopoietic Stem Cell Transplant Recipients", "Vaccine"),
        ],
    )
    def test_a_curator_decides(self, title, intervention):
        assert classify(study(title, intervention)).needs_review


def test_version_names_edition_and_digest():
    assert re.fullmatch(rf"{rules.EDITION}\.[0-9a-f]{{8}}", VERSION)
