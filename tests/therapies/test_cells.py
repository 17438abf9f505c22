"""Whose cells they are, of which tissue, and how they are given."""

import dataclasses

import pytest

from tests.therapies.asking import approaches, study, values
from therapies.evidence import ArmEvidence, InterventionEvidence

pytestmark = pytest.mark.storeless


TOLD = [  # (title, what else the record holds, donors, cell sources, routes, therapies)
    ("Sibling or Own Cord Blood in Cerebral Palsy", {}, {"autologous", "allogeneic"}, {"cord blood"}, set(), {"cord-blood-derived"}),
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
            ("MSC out of bone marrow of healthy volunteers", "allogeneic"),
            ("Mesenchymal stem cells of donors", "allogeneic"),
            ("stem cells of their own fat", "autologous"),
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
            ("Subcutaneous injection of cells", {"subcutaneous"}),
            ("Intraspinal injection of cells", {"intraspinal"}),
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
