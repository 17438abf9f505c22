"""Every rule finds its words, only saves time by its anchors, and cannot be slow. A new rule needs one line in WORDS."""

import importlib
import pkgutil
import re
from re import _constants as parts
from re import _parser as parser

import pytest

from tests.records import needs_records, read_records
from therapies import rules
from therapies.classifier.reading import lower, texts
from therapies.evidence import ApproachSlug
from therapies.rules.rule import phrase
from trials.evidence import evidence_of
from trials.registry.parse import parse

pytestmark = pytest.mark.storeless

WORDS = {
    # the disease
    "ms-named": "Relapsing Multiple Sclerosis",
    "ms-course": "people with RRMS",
    "ms-typo": "Muscular Sclerosis",
    "ms-abbreviated": "treatment of MS",
    "ms-in-inclusion": "multiple sclerosis",
    "ms-in-summary-of-basket": "multiple sclerosis",
    "ms-perhaps-in-basket": "Neurodegenerative Diseases",
    # approaches
    "hsct-haematopoietic": "Autologous Haematopoietic Stem-Cell Transplantation",
    "hsct-haematopoietic-product": "hematopoetic stem cells",
    "hsct-haematopoietic-named": "Hematopoietic Progenitor Cell",
    "hsct-conditioned-by-name": "Marrow Transplantation With Reduced-Intensity Conditioning",
    "hsct-abbreviation": "aHSCT",
    "hsct-weak-abbreviation": "BMT",
    "hsct-marrow": "Bone Marrow Transplantation",
    "hsct-cord-blood": "cord blood transplantation",
    "hsct-marrow-cells-conditioned": "bone marrow stem cell transplantation",
    "hsct-peripheral-blood": "Peripheral Blood Stem Cell rescue",
    "hsct-cd34": "CD34+ selected cells",
    "hsct-ablation": "High-Dose Immunosuppressive Therapy",
    "hsct-conditioned-transplant": "Autologous Transplantation",
    "hsct-stem-cell-transplant": "Autologous Stem Cell Transplant",
    "hsct-stem-cells-conditioned": "infusion of stem cells",
    "hsct-stem-cell-transplant-unsaid": "Stem Cell Transplantation",
    "hsct-product": "exagamglogene autotemcel",
    "hsct-transplant-in-blood-disease": "transplantation",
    "hsct-transplant-told": "allogeneic transplantation",
    "hsct-graft-disease-prevented": "prevention of acute GVHD",
    "hsct-graft-disease-watched": "natural history of chronic graft-versus-host disease",
    "hsct-conditioning-named": "as conditioning",
    "hsct-chimerism": "mixed chimerism",
    "hsct-mobilisation": "mobilization of CD34+ cells",
    "hsct-gene-therapy-ex-vivo": "ex vivo gene therapy",
    "hsct-gene-therapy": "CD34+ cells transduced with a vector",
    "other-product-esc-derived": "zimislecel",
    "other-product-fetal-nsc": "NSI-566",
    "other-product-svf": "Celution",
    "other-product-bm-mnc": "REX-001",
    "other-product-other-stem-cell": "CLBS16",
    "other-product-muse": "CL2020",
    "other-product-msc-derived": "Zofin",
    "msc-named": "Mesenchymal Bone Marrow Stem Cells",
    "msc-source-abbreviation": "hUC-MSCs",
    "msc-abbreviation": "MSCs",
    "msc-marrow-abbreviation": "BMSCs",
    "msc-plural-given": "MSCs",
    "msc-product": "XCEL-MC-ALPHA",
    "msc-adipose": "adipose-derived stem cells",
    "msc-birth-tissue": "placenta-derived cells",
    "msc-other-source": "dental pulp stem cells",
    "ipsc-named": "induced pluripotent stem cells",
    "ipsc-abbreviation": "iPS",
    "ipsc-product": "FT819",
    "ipsc-reprogrammed": "reprogrammed into pluripotent cells",
    "other-cell-free": "mesenchymal stem cell derived exosomes",
    "other-cell-free-given": "secretome",
    "other-neural": "fetal neural progenitor cells",
    "other-neural-in-ms": "neural progenitor cells",
    "other-neural-unsaid": "neural stem cells",
    "other-embryonic": "embryonic stem cells",
    "other-svf-given": "stromal vascular fraction",
    "other-svf-beside": "stromal vascular fraction versus adipose MSC",
    "other-marrow-cells-beside": "bone marrow mononuclear cells and mesenchymal stem cells",
    "other-marrow-endothelial": "bone marrow endothelial progenitor cells",
    "other-pluripotent": "pluripotent stem cell derived retinal cells",
    "other-svf-administered": "ADSC, also known as stromal vascular fraction",
    "other-svf-equated": "fat-derived stem cells (SVF)",
    "other-svf": "AD-cSVF",
    "other-fat-cells": "adipose-derived cells",
    "other-marrow-mononuclear": "BM-MNC",
    "other-marrow-cells": "infusion of autologous bone marrow",
    "other-marrow-cells-given": "Autologous bone marrow cells",
    "other-selected-blood-cells": "CD133+ cells",
    "other-blood-cells-into-tissue": "peripheral blood stem cells",
    "other-donor-cells-for-tolerance": "donor stem cell infusion",
    "other-marrow-into-tissue": "bone marrow implantation",
    "other-cord-blood-given": "cord blood mononuclear cells",
    "other-cord-blood": "umbilical cord blood cells",
    "other-muse": "Muse cells",
    "other-olfactory": "olfactory ensheathing cells",
    "other-named": "very small embryonic-like cells",
    "other-endogenous": "endogenous stem cells",
    "other-stem-cells-spoken-of": "stem cells",
    "other-adult-stem-cells-given": "Progenitor Stem Cell Culture",
    "other-stem-cells": "stem cell therapy",
    # therapies
    "beam-drugs": "carmustine",
    "beam": "BEAM",
    "busulfan": "Busulphan",
    "tbi": "total-body irradiation",
    "fludarabine": "Fludarabine",
    "cy-atg-together": "Cyclophosphamide/rATG",
    "cy-rituximab-together": "Cyclophosphamide and Rituximab",
    "cy-atg-apart": "anti-thymocyte globulin",
    "cy-rituximab-apart": "rituximab",
    "allo-hsct": "HLA-matched sibling donor",
    "msc-np": "MSC-NP",
    "msc-ntf": "MSC-NTF",
    "esc-msc": "embryonic stem cell-derived mesenchymal cells",
    "uc-msc": "Wharton's jelly",
    "placental-msc": "placenta",
    "ad-msc": "adipose tissue",
    "ad-msc-drawn": "liposuction",
    "bm-msc": "bone marrow",
    "ipsc-msc": "iPSC-derived MSC",
    "ipsc-immune": "CAR-NK cells",
    "ipsc-neural": "oligodendrocyte progenitors",
    # donor, source, route
    "donor-autologous": "Autologus",
    "donor-allogeneic": "Allogenic",
    "donor-syngeneic": "syngeneic",
    "donor-cord-blood-graft": "cord blood transplantation",
    "donor-graft-versus-host": "graft-versus-host disease",
    "donor-embryonic": "embryonic stem cells",
    "donor-birth-tissue": "umbilical cord",
    "donor-mobilised": "mobilisation",
    "donor-named": "the donor",
    "donor-rescue": "stem cell rescue",
    "donor-harvested": "marrow of the posterior iliac crest",
    "source-cord-blood": "cord blood",
    "source-cord": "umbilical cord tissue",
    "source-placenta": "amniotic membrane MSC",
    "source-adipose": "liposuction",
    "source-fetal-brain": "fetal brain",
    "source-embryonic": "embryonic stem cells",
    "source-menstrual": "menstrual blood",
    "source-dental": "dental pulp",
    "source-olfactory": "olfactory mucosa",
    "source-peripheral-blood": "leukapheresis",
    "source-marrow": "bone marrow",
    "source-skin": "skin biopsy",
    "source-skin-cells": "dermal mesenchymal cells",
    "source-urine": "urine sample",
    "source-blood": "blood draw",
    "route-intravenous": "intravenous infusion",
    "route-intrathecal": "intrathecally",
    "route-intraventricular": "intracerebroventricular",
    "route-intracerebral": "stereotactic",
    "route-intranasal": "nasal drops",
    "route-intra-arterial": "intra-arterial",
    "route-intramuscular": "intramuscular",
    "route-subcutaneous": "subcutaneously",
    "route-intraspinal": "intraspinal",
    # roles
    "role-cell-lines": "generation of induced pluripotent stem cells",
    "role-laboratory": "isolation and characterisation",
    "role-care-around": "BEHAVIORAL",
    "role-expanded-access": "EXPANDED_ACCESS",
    "role-observational": "OBSERVATIONAL",
    "role-follow-up-title": "long-term follow-up",
    "role-outcome": "immune reconstitution after AHSCT",
    "role-comparator-arm": "ACTIVE_COMPARATOR",
    "role-comparator-title": "cells versus autologous ",
    "role-watched-title": "Quality of Life",
    "role-around-transplant": "vaccination after autologous ",
    "role-supportive-purpose": "SUPPORTIVE_CARE",
    "role-measures-treated": "DIAGNOSTIC",
    "role-treatment": "anything",
}


def every_pattern():
    for rule in rules.RULES.values():
        for name in ("pattern", "needs", "unless"):
            if pattern := getattr(rule, name):
                yield f"{rule.id}.{name}", pattern
    for guard in rules.GUARDS:
        for name in ("before", "after"):
            if pattern := getattr(guard, name):
                yield f"{guard.id}.{name}", pattern
    yield from rules.PATTERNS.items()


@pytest.mark.parametrize("rule", rules.RULES.values(), ids=lambda rule: rule.id)
def test_rule_finds_its_words(rule):
    low = WORDS[rule.id].lower()
    assert rule.pattern.search(low)
    assert not rule.anchors or any(anchor.removeprefix("=") in low for anchor in rule.anchors)


def test_no_words_without_a_rule():
    assert set(WORDS) == set(rules.RULES)


def test_ids_are_used_once():
    stated = [rule.id for table in rules.TABLES for rule in table] + [guard.id for guard in rules.GUARDS]
    assert len(stated) == len(set(stated))


def test_rules_say_what_and_why():
    for entry in (*rules.RULES.values(), *rules.GUARDS):
        assert entry.says
        assert entry.reason.endswith((".", "?"))
        assert all(re.fullmatch(r"NCT\d{8}", example) for example in entry.examples)
    assert all(anchor == anchor.lower() for rule in rules.RULES.values() for anchor in rule.anchors)


@needs_records
def test_an_example_holds_the_words_of_its_rule():
    """Rules of the role apart, which mostly read what a record declares."""
    examples = {example for rule in rules.RULES.values() for example in rule.examples}
    read = {}
    for name in ("ms_2025", "stem_cell_2022", "mixed_v2"):
        for record in read_records(f"registry/{name}.jsonl.gz"):
            if record["protocolSection"]["identificationModule"]["nctId"] in examples:
                study = parse(record)
                read[study.nct_id] = list(texts(evidence_of(study)))
    for rule in rules.RULES.values():
        held = [read[example] for example in rule.examples if example in read]
        if held and rule.kind != "role":
            assert any(rule.pattern.search(lower(text)) for record in held for _, tier, text in record if tier in rule.where), rule.id
    assert len(read) > 50


def test_values_are_known():
    approaches = set(ApproachSlug.__args__)
    assert set(rules.THERAPY_APPROACH.values()) == approaches == set(rules.APPROACHES)
    for rule in rules.RULES.values():
        if rule.kind == "approach":
            assert rule.value in approaches
            assert rule.yields_to <= approaches
        if rule.kind == "therapy":
            assert rule.value in rules.THERAPY_APPROACH
    others = {rule.id for rule in rules.OTHER_RULES}
    assert set(rules.OTHER_THERAPY) == others
    assert {rules.THERAPY_APPROACH[slug] for slug in rules.OTHER_THERAPY.values()} == {"other"}


def repetitions(tree):
    """The (least, most) of every repetition in a parsed pattern."""
    for operator, argument in tree:
        if operator in (parts.MAX_REPEAT, parts.MIN_REPEAT):
            yield argument[:2]
            yield from repetitions(argument[2])
        elif operator is parts.SUBPATTERN:
            yield from repetitions(argument[3])
        elif operator is parts.BRANCH:
            for branch in argument[1]:
                yield from repetitions(branch)
        elif operator in (parts.ASSERT, parts.ASSERT_NOT):
            yield from repetitions(argument[1])


@pytest.mark.parametrize(("name", "pattern"), list(every_pattern()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_repetition_is_bounded_so_that_work_is_linear(name, pattern):
    """With bounds on every repetition, a match attempt looks at a bounded number of characters wherever it starts."""
    for _, most in repetitions(parser.parse(pattern.pattern)):
        assert most != parts.MAXREPEAT
        assert most <= 40


@pytest.mark.parametrize(("name", "pattern"), list(every_pattern()), ids=lambda value: value if isinstance(value, str) else "")
def test_patterns_are_written_for_lower_case(name, pattern):
    assert not re.search(r"(?<!\\)[A-Z]", pattern.pattern)
    assert not pattern.flags & re.IGNORECASE


def test_a_space_stands_for_any_short_gap():
    stem_cell = phrase("stem cells?")
    for written in ("stem cell", "stem-cells", "stem/cell", "stemcell", "stem\u00a0cells", "stem - cell"):
        assert stem_cell.search(written)
    assert not stem_cell.search("system cell")
    assert not stem_cell.search("stem and other cells")


def test_every_room_is_looked_through_for_its_own_patterns_and_sets():
    """The digest that tells editions apart is of all of them, each once."""
    rooms = {module.name for module in pkgutil.iter_modules(rules.__path__)}
    assert {name.partition(".")[0] for name in rules.PATTERNS | rules.SETS} <= rooms
    strays = [
        value
        for room in rooms
        for name, value in vars(importlib.import_module(f"{rules.__name__}.{room}")).items()
        if name.isupper() and isinstance(value, re.Pattern | frozenset)
    ]
    stated = [*rules.PATTERNS.values(), *rules.SETS.values()]
    assert {id(value) for value in strays} == {id(value) for value in stated}
    assert len(stated) == len({id(value) for value in stated})
    assert {"hsct.INTO_HEART_OR_LIMB", "rule.NAMED", "products.NAMES"} <= rules.PATTERNS.keys() | rules.SETS.keys()
