"""What the classifier must tell apart, in a few words each: the vocabulary and the traps that the field knows.

Ids in comments name registered studies whose wording the case follows.
"""

import dataclasses
import re
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.evaluation.classifier import quoted
from tests.therapies import studies_of_the_field as field
from therapies import rules
from therapies.classifier import VERSION, classify
from therapies.evidence import SHOWN_AS_FACT, ArmEvidence, Evidence, InterventionEvidence
from therapies.rules import products

pytestmark = pytest.mark.storeless

MS = ("Multiple Sclerosis",)


def study(title="", *interventions, official_title="", study_type="INTERVENTIONAL", conditions=MS, **more):
    """An Evidence for a study on MS; interventions by name, or by type and name."""
    return Evidence(
        nct_id="NCT00000000",
        brief_title=title,
        official_title=official_title,
        study_type=study_type,
        conditions=conditions,
        interventions=tuple(InterventionEvidence(*((item,) if isinstance(item, str) else reversed(item))) for item in interventions),
        **more,
    )


def approaches(evidence):
    return {match.approach.value: match.role.value for match in classify(evidence).matches}


def values(evidence, part):
    return {finding.value for match in classify(evidence).matches for finding in getattr(match, part)}


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


TOLD = [  # (title, what else the record holds, donors, cell sources, routes, therapies)
    (
        "Gene Therapy for Wiskott-Aldrich Syndrome",
        {"brief_summary": "Boys will receive busulfan and their own HSCs."},
        {"autologous"},
        set(),
        set(),
        {"ahsct"},
    ),
    (
        "Gene Therapy of Sickle Cell Disease: Lentiviral Gene Transfer",
        {"detailed_description": "HSCs will be given by vein to patients."},
        {"autologous"},
        set(),
        {"intravenous"},
        {"ahsct"},
    ),
    (
        "A Drug to Mobilize and Collect CD34+ Cells for Autologous Transplantation in Lymphoma",
        {},
        {"autologous"},
        {"peripheral blood"},
        set(),
        {"ahsct"},
    ),
    ("Cord Blood Transplantation Into the Bone Marrow in Leukemia", {}, {"allogeneic"}, {"cord blood"}, set(), {"allo-hsct"}),
    ("Busulfan, Melphalan and Autologous Stem Cell Transplant in Neuroblastoma", {}, {"autologous"}, set(), set(), {"ahsct"}),
    ("A Pill After Allo Transplant in Lymphoma", {}, {"allogeneic"}, set(), set(), {"allo-hsct"}),
    (
        "Bone Marrow Stem Cells in Failing Hearts",
        {"brief_summary": "We study coronary infusion of marrow stem cells."},
        set(),
        {"bone marrow"},
        {"intra-arterial"},
        None,
    ),
    (
        "Stem Cells in Bad Legs",
        {"brief_summary": "To assess stem cells that are put into the thigh muscles."},
        set(),
        set(),
        {"intramuscular"},
        None,
    ),
    (
        "MSC-derived Exosomes in Dementia",
        {"arms": (ArmEvidence("MSC exosomes as nasal drip"),)},
        set(),
        set(),
        {"intranasal"},
        {"msc-derived"},
    ),
    (
        "Mesenchymal Stem Cells in Cirrhosis",
        {"brief_summary": "They will receive mesenchymal stem cells by intrahepatic arterial catheter."},
        set(),
        set(),
        {"intra-arterial"},
        {"msc"},
    ),
    (
        "Bone Marrow Concentrate in Sore Knees",
        {"brief_summary": "Injections of autologous BMC are compared with a drug."},
        {"autologous"},
        {"bone marrow"},
        set(),
        None,
    ),
    (
        "High-Dose Chemotherapy and Peripheral Stem Cell Transplantation in Sarcoma",
        {"detailed_description": "- Estimate survival after autologous peripheral blood stem cell transplantation."},
        {"autologous"},
        {"peripheral blood"},
        set(),
        {"ahsct"},
    ),
    (
        "Donor Stem Cell Transplantation in Thalassemia",
        {"brief_summary": "Grafts of bone marrow or cord blood of a sibling are given after chemotherapy."},
        {"allogeneic"},
        {"bone marrow", "cord blood"},
        set(),
        {"allo-hsct"},
    ),
    (
        "Autologous Stem Cell Transplant in Sarcoma",
        {"brief_summary": "Stem cells are removed from the patient's blood to prepare the bone marrow transplant."},
        {"autologous"},
        {"peripheral blood"},
        set(),
        {"ahsct"},
    ),
    (
        "Hematopoietic Stem Cell Transplantation for Myasthenia",
        {"detailed_description": "Participants will undergo leukapheresis to collect cells."},
        {"autologous"},
        {"peripheral blood"},
        set(),
        {"ahsct"},
    ),
    (
        "Mesenchymal Stem Cells in Hepatitis",
        {"brief_summary": "To study infusions of umbilical cord mesenchymal stem cells."},
        {"allogeneic"},
        {"umbilical cord"},
        set(),
        {"uc-msc"},
    ),
    (
        "Cord Blood Cells for Newborns",
        {"brief_summary": "Babies receive autologous umbilical cord blood cells in this study."},
        {"autologous"},
        {"cord blood"},
        set(),
        {"cord-blood-derived"},
    ),
    (
        "Autologous Stem Cell Infusion for Deafness",
        {"brief_summary": "To learn whether autologous cord blood cells help hearing."},
        {"autologous"},
        {"cord blood"},
        set(),
        {"cord-blood-derived"},
    ),
    (
        "Neural Stem Cells in Stroke",
        {"detailed_description": "Produkta is a new therapy consisting of human fetal neural stem cells."},
        {"allogeneic"},
        {"fetal brain"},
        set(),
        None,
    ),
    (
        "Fat Pad Derived Stem Cells for the Jaw",
        {},
        set(),
        {"adipose tissue"},
        set(),
        None,
    ),
    (
        "Autologous Marrow Stromal Cells in Spinal Injury",
        {"detailed_description": "All patients with an old injury of the spinal cord were treated by intrathecal cells."},
        {"autologous"},
        {"bone marrow"},
        {"intrathecal"},
        {"bm-msc"},
    ),
    (
        "An Antifungal in Patients Undergoing Stem Cell Transplantation",
        {"eligibility_criteria": "Inclusion Criteria:\n* Planned allogeneic transplant\nExclusion Criteria:\n* autologous transplant"},
        {"allogeneic"},
        set(),
        set(),
        {"allo-hsct"},
    ),
    (
        "An Antifungal in Patients Undergoing Stem Cell Transplantation",
        {"eligibility_criteria": "* No prior autologous transplantation\n* Relapse after allogeneic transplantation"},
        set(),
        set(),
        set(),
        set(),
    ),
    (
        "Marrow Aspirate Concentrate (BMAC) in Sore Knees",
        {"arms": (ArmEvidence("Marrow", "EXPERIMENTAL", "Marrow is drawn from the posterior iliac crest."),)},
        {"autologous"},
        {"bone marrow"},
        set(),
        {"bm-mnc"},
    ),
    (
        "Marrow Concentrate (BMAC) of Volunteers",
        {"brief_summary": "Healthy donors give it, from the iliac crest."},
        set(),
        None,
        None,
        None,
    ),
    (
        "Own Marrow (AutoBM-MSC) Versus Cord Cells (WJ-MSC)",
        {},
        {"autologous", "allogeneic"},
        None,
        set(),
        {"bm-msc", "uc-msc"},
    ),
    ("Related Hematopoietic Stem Cell Transplantation in Thalassemia", {}, {"allogeneic"}, set(), set(), {"allo-hsct"}),
    (
        "Very Small Embryonic-like Stem Cells",
        {"brief_summary": "The aim is to test autologous very small embryonic-like stem cells."},
        {"autologous"},
        set(),
        set(),
        None,
    ),
]


@pytest.mark.parametrize(("title", "more", "donors", "sources", "routes", "therapies"), TOLD)
def test_reads_donor_source_and_way_beside_the_cells(title, more, donors, sources, routes, therapies):
    told = study(title, conditions=("Some Disease",), **more)
    assert approaches(told)
    assert values(told, "donors") == donors
    assert sources is None or values(told, "cell_sources") == sources
    assert routes is None or values(told, "routes") == routes
    assert therapies is None or values(told, "therapies") == therapies


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


@pytest.mark.parametrize("title", ["Palliative Care During Autologous HSCT", "A Diet for People After aHSCT", "Coaching in HSCT"])
def test_care_and_training_at_a_transplant_are_supportive(title):
    evidence = dataclasses.replace(study(title), interventions=(InterventionEvidence("Coaching", "BEHAVIORAL"),))
    assert approaches(evidence) == {"hsct": "supportive"}


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


KNEE = ("Knee Osteoarthritis",)


class TestWhatTellsOfTheCells:
    """Tissue, donor and way are read where they are said of what this study gives."""

    @pytest.mark.parametrize(
        "sentence",
        [
            "Mesenchymal stem cells derived from bone marrow offer the advantage of coming from no tumour.",
            "Others have studied bone marrow derived mesenchymal stem cells in the clinic.",
            "Bone marrow mesenchymal stem cells possess immunomodulatory properties.",
            "Many groups have isolated such cells from bone marrow.",
            "In mice, bone marrow mesenchymal stem cells help.",
        ],
    )
    @pytest.mark.parametrize("field", ["brief_summary", "detailed_description"])
    def test_not_in_the_background(self, field, sentence):
        evidence = study("Mesenchymal Stem Cells", "MSC", conditions=KNEE, **({"brief_summary": "x"} | {field: sentence}))
        assert values(evidence, "therapies") == {"msc"}
        assert values(evidence, "cell_sources") == set()

    @pytest.mark.parametrize(
        "sentence",
        [
            "We aim to evaluate bone marrow mesenchymal stem cells, which have immunomodulatory properties.",
            "Patients will receive cells of their own bone marrow.",
            "The cells are isolated from bone marrow and expanded.",
            "In this trial mesenchymal stem cells are grown from bone marrow.",
        ],
    )
    @pytest.mark.parametrize("field", ["brief_summary", "detailed_description"])
    def test_but_of_this_study(self, field, sentence):
        evidence = study("Mesenchymal Stem Cells", "MSC", conditions=KNEE, **({"brief_summary": "x"} | {field: sentence}))
        assert values(evidence, "therapies") == {"bm-msc"}

    def test_not_of_another_intervention(self):
        interventions = (
            InterventionEvidence("Mesenchymal stem cells", "BIOLOGICAL"),
            InterventionEvidence("Convalescent plasma", "BIOLOGICAL", description="plasma of healthy donors by apheresis"),
        )
        evidence = dataclasses.replace(study("Treatments of COVID-19", conditions=("COVID-19",)), interventions=interventions)
        assert values(evidence, "donors") == values(evidence, "cell_sources") == set()

    def test_not_of_plasma(self):
        evidence = study("Allogeneic Adipose MSC Versus Autologous PRP", "AD-MSC", "Autologous PRP", conditions=KNEE)
        assert values(evidence, "donors") == {"allogeneic"}

    def test_a_wrap_is_no_source(self):
        evidence = study("Bone Marrow Stem Cells and Amnion Matrix Wrap", "Marrow concentrate (BMAC)", conditions=KNEE)
        assert values(evidence, "cell_sources") == {"bone marrow"}
        assert values(evidence, "donors") == set()

    def test_cord_blood_beside_the_cells_is_not_their_source(self):
        evidence = study("Mesenchymal Stem Cells", "MSC", conditions=("Graft Failure", "Umbilical Cord Blood"))
        assert values(evidence, "therapies") == {"msc"}

    def test_stated_donors_beside_an_inferred_one(self):
        keywords = ("Umbilical Cord Derived MSC", "Autologous MSC", "Allogenic MSC")
        assert values(study("Mesenchymal Stem Cells", "MSC", conditions=KNEE, keywords=keywords), "donors") == {"autologous", "allogeneic"}

    @pytest.mark.parametrize(
        ("words", "donor"),
        [
            ("MSC harvested from the fat of the patients", "autologous"),
            ("MSC isolated from the patient", "autologous"),
            ("autogenous mesenchymal cells", "autologous"),
            ("MSC of third-party donors", "allogeneic"),
            ("donor-derived MSC", "allogeneic"),
            ("heterologous mesenchymal stem cells", "allogeneic"),
            ("MSC grown from a person's own fat", "autologous"),
            ("allogeneic MSC with autologous (your own) cartilage cells", "allogeneic"),
            ("allogeneic MSC against bone autograft", "allogeneic"),
            ("three infusions of MSC from the same donor", "allogeneic"),
            ("MSC of a first degree relative", "allogeneic"),
        ],
    )
    def test_says_whose_they_are(self, words, donor):
        arms = (ArmEvidence("Cells", "EXPERIMENTAL", words),)
        assert values(study("Mesenchymal Stem Cells", "MSC", conditions=KNEE, arms=arms), "donors") == {donor}

    @pytest.mark.parametrize(
        ("words", "ways"),
        [
            ("MSC by hepatic artery and peripheral vein", {"intra-arterial", "intravenous"}),
            ("Injection of MSC into the mesenteric artery", {"intra-arterial"}),
            ("Intracoronary infusion of MSC", {"intra-arterial"}),
            ("MSC are infused via peripheral venous access", {"intravenous"}),
            ("MSC iv (2 million/kg)", {"intravenous"}),
            ("MSC into the striatum", {"intracerebral"}),
            ("3 million cells per brain", {"intracerebral"}),
            ("MSC i. m. in both legs", {"intramuscular"}),
            ("Lumbar administration of MSC", {"intrathecal"}),
            ("MSC will be administered IV on day 1", {"intravenous"}),
            ("Cells are given on day 1. Intravenous infusion takes an hour.", {"intravenous"}),
            ("MSC into the knee. An intravenous antibiotic is given.", set()),
            ("MSC through the portal vein", set()),
            ("Intralesional MSC", set()),
            ("MSC after intracerebral haemorrhage", set()),
            ("MSC, i.v (one dose)", {"intravenous"}),
            ("UC-MSC by one IC infusion, then one IV infusion", {"intra-arterial", "intravenous"}),
            ("MSC into the infarct related artery", {"intra-arterial"}),
            ("MSC from subcutaneous fat", set()),
            ("MSC in coronary artery disease of grade III or IV", set()),
        ],
    )
    def test_says_how_they_are_given(self, words, ways):
        arms = (ArmEvidence("Cells", "EXPERIMENTAL", words),)
        assert values(study("Mesenchymal Stem Cells", "MSC", conditions=KNEE, arms=arms), "routes") == ways

    def test_an_inferred_donor_stands_beside_a_stated_one(self):
        arms = (ArmEvidence("Cells", "EXPERIMENTAL", "Autologous bone marrow mononuclear cells and umbilical cord MSC"),)
        assert values(study("BM-MNC and UC-MSC", "UC-MSC", conditions=KNEE, arms=arms), "donors") == {"autologous", "allogeneic"}

    def test_skin_is_a_source_of_cells_that_are_grown(self):
        assert values(study("Dermal Mesenchymal Stromal Cells", "Cells", conditions=KNEE), "cell_sources") == {"skin"}
        assert values(study("Mesenchymal Stromal Cells", "Cells, skin biopsy", conditions=KNEE), "cell_sources") == set()

    def test_a_line_that_names_the_way(self):
        evidence = study("Mesenchymal Stem Cells", "MSC", detailed_description="Name: MSC\nRoute: Intravenous\nDose: 200 million")
        assert values(evidence, "routes") == {"intravenous"}

    def test_the_way_of_other_studies(self):
        text = "Usually, the route of the cells in these studies is intravenous."
        assert values(study("Mesenchymal Stem Cells", "MSC", detailed_description=text), "routes") == set()

    def test_a_register_lists_all_its_regimens(self):  # NCT05029206
        keywords = ("Cyclophosphamide", "Carmustine", "Melphalan", "Antilymphocyte serum")
        evidence = study("Autologous HSCT in MS", "Autologous HSCT", study_type="OBSERVATIONAL", keywords=keywords)
        assert values(evidence, "therapies") == {"ahsct-beam", "ahsct-cy-atg"}


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


class TestDetails:
    @pytest.mark.parametrize(
        ("words", "donors"),
        [
            ("Autologus MSC", {"autologous"}),  # NCT01895439
            ("Allogenic MSC", {"allogeneic"}),  # NCT03326505
            ("Syngeneic or Autologous Hematopoietic Cell Transplantation", {"syngeneic", "autologous"}),  # NCT00716066
            ("aHSCT", {"autologous"}),
            ("Allo-HSCT", {"allogeneic"}),
            ("The patient's own mesenchymal stem cells", {"autologous"}),
            ("Umbilical cord mesenchymal stem cells", {"allogeneic"}),
            ("Mesenchymal stem cells", set()),
        ],
    )
    def test_donor(self, words, donors):
        assert values(study("Mesenchymal stem cells or HSCT, a cell study", words), "donors") == donors

    def test_another_gift_has_another_donor(self):
        assert values(study("Allogeneic fecal microbiota with autologous HSCT", "x"), "donors") == {"autologous"}

    def test_inferred_donor_gives_way_to_a_stated_one(self):
        assert values(study("Autologous umbilical cord mesenchymal stem cells"), "donors") == {"autologous"}

    @pytest.mark.parametrize(
        ("words", "routes"),
        [
            ("Intravenous and intrathecal mesenchymal stem cells", {"intravenous", "intrathecal"}),
            ("Intracerebroventricular neural stem cells", {"intraventricular"}),  # NCT03282760
            ("Single dose of IV IMS001", {"intravenous"}),  # NCT04956744
            ("Phase IV study of mesenchymal stem cells", set()),
            ("MSC exosome nasal drops", {"intranasal"}),
            ("Intramuscular vaccine", set()),
        ],
    )
    def test_route(self, words, routes):
        assert values(study(f"Mesenchymal stem cells. {words}"), "routes") == routes

    def test_route_of_the_one_product_given(self):
        arms = (ArmEvidence("Low dose", "EXPERIMENTAL", "Participants receive EN-101 intravenously once."),)
        assert values(study("EN-101 mesenchymal stem cells", "EN-101", "Placebo", arms=arms), "routes") == {"intravenous"}
        assert values(study("EN-101 mesenchymal stem cells", "EN-101", "Methylprednisolone", arms=arms), "routes") == set()

    def test_source_named_with_others_in_running_text_is_background(self):
        summary = "Mesenchymal stem cells can be infused from bone marrow, umbilical cord or adipose tissue."
        assert values(study("Mesenchymal stem cells", brief_summary=summary), "cell_sources") == set()

    def test_every_match_has_a_therapy_of_its_approach(self):
        for title, interventions, *_ in VOCABULARY:
            for match in classify(study(title, *interventions)).matches:
                assert match.therapies
                assert {rules.THERAPY_APPROACH[therapy.value] for therapy in match.therapies} == {match.approach.value}


# ------------------------------------------------------------------------------------------------------------ properties

WORDS = st.sampled_from(
    "autologous mesenchymal stem cells hematopoietic transplantation iPSC MSC HSCT exosomes multiple sclerosis without prior after versus "
    "bone marrow umbilical cord BEAM ATG intravenous İstanbul ﬁbre MS stem-cell CD34+ . , ; ( ) \n not received".split(" ")
)
TEXT = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=25).map(" ".join))
EVIDENCE = st.builds(
    Evidence,
    nct_id=st.just("NCT00000000"),
    brief_title=TEXT,
    official_title=TEXT,
    study_type=st.sampled_from(["", "INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS", "NEW"]),
    primary_purpose=st.sampled_from(["", "TREATMENT", "SUPPORTIVE_CARE", "DIAGNOSTIC"]),
    conditions=st.lists(TEXT, max_size=3).map(tuple),
    keywords=st.lists(TEXT, max_size=3).map(tuple),
    interventions=st.lists(st.builds(InterventionEvidence, name=TEXT, description=TEXT), max_size=3).map(tuple),
    arms=st.lists(
        st.builds(ArmEvidence, label=TEXT, type=st.sampled_from(["EXPERIMENTAL", "ACTIVE_COMPARATOR", ""]), description=TEXT), max_size=3
    ).map(tuple),
    brief_summary=TEXT,
    detailed_description=TEXT,
    eligibility_criteria=TEXT,
)


@settings(deadline=None, max_examples=300)
@given(EVIDENCE)
def test_any_text_is_answered_the_same_way_twice_with_verbatim_quotes(evidence):
    found = classify(evidence)
    assert found == classify(evidence)
    everything = [finding for match in found.matches for finding in match.findings] + list(found.mentions)
    for finding in everything + ([found.condition] if found.condition else []):
        assert quoted(evidence, finding), finding
        assert 0 < finding.confidence <= 1
    assert [match.approach.value for match in found.matches] == [
        approach for approach in rules.APPROACHES if approach in {match.approach.value for match in found.matches}
    ]


@settings(deadline=None, max_examples=200)
@given(EVIDENCE, TEXT)
@example(Evidence("NCT00000000", "HSCT", conditions=("Leukemia",), eligibility_criteria="Autologous"), "HCT")
def test_an_exclusion_criterion_changes_no_match(evidence, criterion):
    longer = dataclasses.replace(evidence, eligibility_criteria=f"{evidence.eligibility_criteria}\nExclusion Criteria:\n* {criterion}")
    assert classify(longer).matches == classify(evidence).matches


@pytest.mark.parametrize(
    "piece", ["mesenchymal", "stem cell ", "autologous ", "a", " ", "hematopoietic stem ", "not received ", "İ", "stem _", "_", "stem+"]
)
def test_a_very_long_text_is_answered(piece):
    text = piece * 20_000
    assert classify(Evidence("NCT00000000", brief_title=text, brief_summary=text, eligibility_criteria=text)) is not None


@pytest.mark.parametrize(
    "piece",
    ["mesenchymal stem cells ", "car", "autologous hsct. ", "cord blood ", "without prior stem cells, ", "msc-", "stem cells, iv\n"],
)
def test_work_grows_as_the_text_does(piece):
    """Steps of the interpreter: eight times the text takes at most about eight times the steps; what a pattern does in one is bounded."""
    small, large = (_steps(piece * (length // len(piece))) for length in (2_000, 16_000))
    assert large <= 10 * small + 2_000


def _steps(text):
    steps = 0

    def count(frame, event, argument):
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        classify(study(text, text, brief_summary=text, detailed_description=text, eligibility_criteria=text))
    finally:
        sys.settrace(before)
    return steps


def test_version_names_edition_and_digest():
    assert re.fullmatch(rf"{rules.EDITION}\.[0-9a-f]{{8}}", VERSION)
