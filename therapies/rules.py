"""What the classifier knows, as one ordered table: every rule with what it says, where it may match, why it is there and an example.

Adding a rule means adding one `Rule(...)` to a table here and one line to `tests/therapies/test_rules.py`. This module owns words and
reasons; how hits become an answer is `classifier.py`'s business. It knows of no study, no registry format and no database.

Patterns are written as plain phrases and read by `phrase()`: a space stands for any short run of spaces, hyphens, slashes or other marks,
so "stem cell" also finds "Stem-Cell", "stem/cell" and "stemcell". Every repetition in a pattern is bounded (a test reads the compiled
patterns and holds this), so the work done grows linearly with the length of a text, whatever the text.
"""
# ruff: noqa: E501  a pattern stays on one line

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from therapies.evidence import ApproachSlug, Kind

EDITION: Final = 2
"""Goes up by hand when the classifier's *logic* changes; the tables' own changes are in the digest that `classifier.VERSION` adds."""

Tier = Literal["intervention", "arm", "description", "title", "keyword", "summary", "detail", "outcome", "criteria"]

CONFIDENCE: Final[Mapping[Tier, float]] = MappingProxyType(
    {
        "intervention": 0.95,  # intervention names and other names
        "title": 0.9,
        "arm": 0.85,  # arm labels
        "description": 0.8,  # what the record says of an arm or an intervention
        "keyword": 0.6,  # keywords, MeSH terms, and treatments listed among the conditions
        "summary": 0.5,
        "detail": 0.4,
        "outcome": 0.4,  # what is measured; tells of a transplant that the record's names leave out
        "criteria": 0.1,
    }
)
"""How far words can be trusted by where they stand. 0.7 and more is shown as fact, 0.4 to 0.69 goes to review, less is a mention."""

NAMED: Final = frozenset({"intervention", "arm", "title"})
CLASSIFYING: Final = NAMED | {"description"}
REVIEWED: Final = CLASSIFYING | {"keyword", "summary", "detail"}
LISTED: Final = CLASSIFYING | {"keyword", "summary"}
SPELLED_OUT: Final = REVIEWED | {"outcome", "criteria"}
"""Approaches that are named in full are looked for in running text and criteria too; names of products and abbreviations are not."""

APPROACHES: Final[tuple[ApproachSlug, ...]] = ("hsct", "msc", "ipsc", "other")

THERAPY_APPROACH: Final[Mapping[str, ApproachSlug]] = MappingProxyType(
    {
        "ahsct-beam": "hsct",
        "ahsct-cy-atg": "hsct",
        "ahsct-busulfan": "hsct",
        "ahsct-tbi": "hsct",
        "ahsct-cy-rituximab": "hsct",
        "ahsct-fludarabine": "hsct",
        "ahsct": "hsct",  # autologous, regimen other or not stated
        "allo-hsct": "hsct",
        "bm-msc": "msc",
        "ad-msc": "msc",
        "uc-msc": "msc",
        "placental-msc": "msc",
        "msc-np": "msc",
        "msc-ntf": "msc",
        "esc-msc": "msc",
        "msc": "msc",  # source other or not stated
        "ipsc-neural": "ipsc",
        "ipsc-msc": "ipsc",
        "ipsc-immune": "ipsc",
        "ipsc-lines": "ipsc",
        "fetal-nsc": "other",
        "esc-derived": "other",
        "bm-mnc": "other",
        "svf": "other",
        "msc-derived": "other",  # cell-free: exosomes, conditioned medium, secretome
        "muse": "other",
        "oec": "other",
        "cord-blood-derived": "other",
        "other-stem-cell": "other",
    }
)

_GAP = r"(?:[^\w]|_){0,3}"
_START = r"(?<![a-z0-9])"
_FRAGMENTS = {
    "<w>": r"(?:[^\W_]{1,24}(?:[^\w]|_){1,4})",  # one word and what parts it from the next
    "<haem>": r"h(?:a|æ|ä)?e?m[ao]?t?[ao]?p[oi]{1,2}[ieyï]{1,3}(?:tic(?:al)?|sis|c)",  # haematopoietic, hemopoietic, hematopoetic, hematopoiesis
    "<cord>": r"u[mn]b[eil]{1,4}c[ae]l",  # umbilical, umblical, unbilical
    "<mes>": r"mes[ae]n[cq]u?h?[iy]m\w{0,6}",  # mesenchymal, mesencymal, mesenquimal
    "<stem>": r"(?:stem|stromal?|signal?ling|progenitor|precursor)",
    "<cell>": r"(?:cells?|cellular)",
    "<give>": r"(?:auto|allo)?(?:transplant\w{0,8}|grafts?|grafting|engraft\w{0,5}|rescue|re ?infus\w{0,4}|infus\w{0,4}|support)",
    "<auto>": r"autolog\w{0,6}",
    "<allo>": r"(?:alo|allo)gen\w{0,6}",
    "<cy>": r"(?:cyclophosph?amide|cytoxan|endoxan|<s>cyc?<e>|<s>ctx<e>)",
    "<atg>": r"(?:r?atg<e>|atgam|(?:rabbit )?anti ?thymocyte|thymoglobulin|anti ?lymphocyt|grafalon)",
    "<s>": _START,
    "<e>": r"(?![a-z0-9])",
}


def phrase(*sources: str) -> re.Pattern[str]:
    """Compile alternatives written in the notation above, to be searched in lower-cased text; <...> stand for the fragments listed there.

    A phrase starts where a word starts, unless one of them begins with ^. Capitals are for the reader. Both make the search several times
    faster: most places in a text are ruled out at the first look.
    """
    alternatives = []
    for source in sources:
        text = source
        for name, fragment in _FRAGMENTS.items():
            text = text.replace(name, fragment)
        text = re.sub(r"(?<!\\)[A-Z]", lambda letter: letter.group().lower(), text)
        alternatives.append(text.replace(" ", _GAP).removeprefix(_START))
    start = "" if any(text.startswith("^") for text in alternatives) else _START
    return re.compile(start + "(?:" + "|".join(alternatives) + ")")


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that words say of a study.

    `anchors`: lower-case pieces of which at least one must occur in a text for the pattern to be tried there (they only save time); one
    that begins with = stands for a whole word.
    `where`: the tiers in which it may match. `ceiling`: the most confidence it can give. `needs` and `unless`: words that must, or must not,
    stand anywhere in the names, titles, descriptions, keywords and summary. `yields_to`: approaches that, if the study's names or titles
    already show them, explain the words better. `says` completes the sentence "This study ...".
    """

    id: str
    kind: Kind
    value: str
    says: str
    pattern: re.Pattern[str]
    anchors: tuple[str, ...]
    reason: str
    examples: tuple[str, ...] = ()
    where: frozenset[str] = REVIEWED
    ceiling: float = 1.0
    needs: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    yields_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Guard:
    """A context that takes a hit back: `before` is searched in the words that lead up to it, `after` in those that follow.

    `approaches` and `tiers` say whose hits; empty means all. `leaves` is the confidence that the hit keeps: 0 takes it back altogether.
    """

    id: str
    says: str
    reason: str
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    approaches: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    leaves: float = 0.0
    examples: tuple[str, ...] = ()


# ---------------------------------------------------------------------------------------------------------------- the disease

CONDITION_RULES: Final = (
    Rule(
        "ms-named",
        "condition",
        "studied",
        "is about multiple sclerosis",
        phrase(
            r"<s>multiple sclerosis",
            r"<s>multiple sclero[sz]i?s",
            r"multi?ple-?sclerosis",
            r"sclerosis multiplex",
            r"disseminated sclerosis",
            r"\Asclerosis ?, ?multiple\Z",
            r"esclerosis m[uú]ltiple",
            r"scl[eé]rose en plaques?",
        ),
        ("sclero", "multiple", "sclér"),
        "The disease by its name. Systemic, tuberous, lateral and nodular sclerosis do not match.",
        ("NCT04047628",),
    ),
    Rule(
        "ms-course",
        "condition",
        "studied",
        "is about a course of multiple sclerosis",
        phrase(
            r"<s>(?:(?:RR|SP|PP|PR) ?|R|P)MS<e>(?! ?(?:lesion load|value))", r"(?:relapsing|remitting|progressive|pediatric|active) MS<e>"
        ),
        ("ms",),
        "Courses written as abbreviations: RRMS, SPMS, PPMS. Other fields share them, so they need a word of the disease.",
        ("NCT02418325",),
        ceiling=0.8,
        needs=phrase(r"sclerosis", r"relaps", r"demyelinat", r"EDSS<e>", r"progressive MS<e>", r"(?:RR|SP|PP)MS<e>"),
    ),
    Rule(
        "ms-typo",
        "condition",
        "studied",
        "is about multiple sclerosis, misspelt",
        phrase(r"<s>muscular sclerosis", r"<s>m[ul]{1,2}[ti]{1,2}[pl]{1,4}[el]{0,2} s(?:cl|chl|kl|lc|cel|cer)[a-z]{1,5}s?[ie]s<e>"),
        ("scl", "schl", "skl", "slc", "scel", "scer"),
        "A registered record lists its condition as Muscular Sclerosis.",
        ("NCT03461419",),
        ceiling=0.75,
    ),
    Rule(
        "ms-abbreviated",
        "condition",
        "named",
        "uses the letters MS",
        phrase(r"<s>MS<e>(?! ?/ ?MS<e>)"),
        ("ms",),
        "MS alone may be mass spectrometry, mitral stenosis, multiple system atrophy, metabolic syndrome or musculoskeletal.",
        ("NCT00781872",),
        where=frozenset({"title", "keyword"}),
        ceiling=0.5,
        needs=phrase(r"neurolog", r"demyelinat", r"EDSS<e>", r"relaps", r"autoimmun", r"stem cell", r"immunolog"),
        unless=phrase(
            r"mass spectro",
            r"mitral",
            r"system atrophy",
            r"metabolic syndrome",
            r"morphine",
            r"musculo ?skeletal",
            r"LC MS<e>",
            r"MS ?/ ?MS",
        ),
    ),
)
"""Tried on conditions, titles, keywords and MeSH. Inclusion criteria are read with the first three, for review."""

CONDITION_NEGATED: Final = phrase(
    r"(?:other than|except|excluding|without|absence of|non|not|no|rather than|history of|rule out|exclusion of|differential diagnosis of|such as)"
    r"\W{0,3}(?:<w>){0,3}$"
)
"""Words that, leading up to the disease's name in the criteria, mean that people with it are not what the study takes."""

TITLE_NEGATED: Final = phrase(r"(?:other than|except|excluding|without|non|not) (?:<w>){0,1}$")

BROAD_CONDITION: Final = phrase(
    r"neuro ?degenerat\w{0,6}",
    r"neurolog\w{0,4} (?:<w>){0,3}(?:dis(?:ease|order)s?|conditions?)",
    r"(?:central )?nervous system (?:<w>){0,1}dis(?:ease|order)s?",
    r"demyelinating (?:<w>){0,2}dis(?:ease|order)s?",
    r"auto ?immune (?:<w>){0,3}dis(?:ease|order)s?",
    r"dis(?:ease|order)s? of (?:the )?(?:central )?nervous system",
)
"""Conditions that may hold multiple sclerosis without naming it."""

# ---------------------------------------------------------------------------------------------------------------- approaches

_CONDITIONING = (
    r"<s>BEAM<e>",
    r"carmustine",
    r"busul[fp]h?an",
    r"melphalan",
    r"<cy>",
    r"<s>r?ATG<e>",
    r"anti ?thymocyte",
    r"thymoglobulin",
    r"fludarabine",
    r"total body irradiation",
    r"<s>TBI<e>",
    r"<s>TLI<e>",
    r"condition(?:ing|ed)",
    r"immuno ?ablat",
    r"myelo ?ablat",
    r"high dose (?:<w>){0,2}(?:chemo|immuno|therapy)",
    r"CD ?34",
    r"mobili[sz]",
    r"alemtuzumab",
    r"campath",
    r"leuk[ao]?pheres",
)
_BLOOD_FORMING = (r"<haem>", r"<s>[a-z]{0,4} ?HSCTs?<e>", r"<s>HCT<e>", r"peripheral blood (?:stem|progenitor)", r"marrow transplant")
_NOT_BLOOD = (
    r"<mes>",
    r"stromal",
    r"<s>\w{0,4}MSCs?<e>",
    r"adipose",
    r"umbilical",
    r"wharton",
    r"placent",
    r"neural",
    r"intra ?thecal",
    r"mononuclear",
    r"pluripotent",
    r"embryonic",
    r"intra ?ventricular",
    r"intra ?nasal",
    r"intra ?articular",
    r"limbal",
    r"spermatogoni",
    r"periodontal",
    r"hair follicle",
)

_INTO_TISSUE = phrase(r"intra ?(?:thecal|coronary|myocard|articular|muscular|ventricular|spinal|arterial|lesional|nasal)")
"""A transplant goes into a vein; the same cells put elsewhere are meant to mend that place, and nothing is ablated."""

HSCT_RULES: Final = (
    Rule(
        "hsct-haematopoietic",
        "approach",
        "hsct",
        "transplants blood-forming stem cells",
        phrase(
            r"<haem> (?:<w>){0,4}<give>",
            r"(?:transplant\w{0,8}|infusion|grafting|rescue) (?:of |with )?(?:<w>){0,2}<haem> (?:stem|progenitor|precursor|cell)",
            r"<haem> (?:stem|progenitor) cell (?:therapy|treatment|mobili)",
        ),
        ("poie", "poet", "poei", "poye", "poii", "poï", "piet"),
        "The field's own name, in all its spellings, with an act of transplanting beside it.",
        ("NCT04047628", "NCT02674217", "NCT00497952"),
        where=SPELLED_OUT,
    ),
    Rule(
        "hsct-haematopoietic-product",
        "approach",
        "hsct",
        "gives blood-forming stem cells",
        phrase(r"<haem> (?:stem|progenitor|precursor) <cell>", r"<haem> (?:stem|progenitor)<e>", r"<haem> cells? transplant"),
        ("poie", "poet", "poei", "poye", "poii", "poï", "piet"),
        "An intervention that is called hematopoietic stem cells is their infusion, transplanting need not be said.",
        ("NCT03113162", "NCT02084121"),
        where=frozenset({"intervention", "arm"}),
    ),
    Rule(
        "hsct-haematopoietic-named",
        "approach",
        "hsct",
        "names blood-forming stem cells and a transplant",
        phrase(r"<haem> (?:stem|progenitor|precursor) <cell>"),
        ("poie", "poet", "poei", "poye", "poii", "poï", "piet"),
        "In a title the cells alone could be a laboratory finding: a transplant or a donor's word must stand somewhere.",
        ("NCT01679041",),
        needs=phrase(r"transplant", r"<s>[a-z]{0,4} ?HSCT", r"<auto> ", r"<allo> ", r"graft", r"infusion", r"rescue", r"gene therapy"),
        ceiling=0.85,
        where=LISTED,
    ),
    Rule(
        "hsct-abbreviation",
        "approach",
        "hsct",
        "names HSCT",
        phrase(
            r"<s>(?:a|au|auto|allo|haplo|syn)? ?HSCTs?<e>",
            r"<s>(?:a|auto|allo)-?HCT<e>",
            r"<s>(?:<auto>|<allo>|auto|allo|haplo|haplo ?identical|syngeneic) ?(?:SCT|BMT|HCT|PBSCT)<e>",
            r"<s>PBSCT<e>",
            r"<s>HDIT ?/ ?HCT<e>",
            r"<s>aHSC<e> (?:transplant|therapy|infusion)",
        ),
        ("sct", "hct", "bmt", "ahsc"),
        "Abbreviations that only this field uses.",
        ("NCT04674280", "NCT04203017"),
        where=SPELLED_OUT,
    ),
    Rule(
        "hsct-weak-abbreviation",
        "approach",
        "hsct",
        "uses an abbreviation of stem cell transplantation",
        phrase(r"<s>(?:ASCT|BMT|HCT|SCT|PBSCs?|HSCs?)<e>"),
        ("sct", "hct", "bmt", "pbsc", "hsc"),
        "SCT is social cognitive theory too, HCT a haematocrit, BMT best medical treatment: the words must stand in full somewhere.",
        ("NCT00278655",),
        needs=phrase(
            r"stem cells? (?:<w>){0,2}transplant",
            r"transplant\w{0,6} of (?:<w>){0,3}stem cell",
            r"marrow transplant",
            r"stem cell (?:rescue|graft|infusion)",
        ),
        unless=phrase(r"social cognitive", r"<mes>", r"mesenchym", r"best medical"),
        ceiling=0.85,
        where=LISTED,
    ),
    Rule(
        "hsct-marrow",
        "approach",
        "hsct",
        "transplants bone marrow",
        phrase(
            r"(?:bone )?marrow (?:auto|allo)?(?:transplant\w{0,8}|rescue|grafts?|grafting)",
            r"transplant\w{0,8} of (?:<w>){0,2}bone marrow(?! (?:derived|<mes>|stromal|mono|cells?|stem|aspirate|concentrate))",
            r"marrow ?/ ?stem cell transplant\w{0,8}",
        ),
        ("marrow",),
        "Bone marrow transplantation is HSCT; infusing bone marrow cells without ablation is not and has its own rule.",
        ("NCT06267781", "NCT00017628"),
        unless=phrase(r"bone marrow (?:derived )?mono ?nuclear", r"liberation"),
        where=SPELLED_OUT,
    ),
    Rule(
        "hsct-marrow-cells-conditioned",
        "approach",
        "hsct",
        "transplants cells of the bone marrow after conditioning",
        phrase(
            r"marrow (?:stem )?cells? (?:auto|allo)?(?:transplant\w{0,8}|rescue|grafts?)",
            r"transplant\w{0,8} of (?:<w>){0,2}(?:bone )?marrow (?:stem )?cells?",
        ),
        ("marrow",),
        "Without conditioning the same words mean an infusion of marrow cells.",
        (),
        needs=phrase(*_CONDITIONING, *_BLOOD_FORMING),
        unless=phrase(r"<mes>", r"stromal", r"mono ?nuclear"),
        where=LISTED,
    ),
    Rule(
        "hsct-peripheral-blood",
        "approach",
        "hsct",
        "gives stem cells from the blood",
        phrase(
            r"peripheral (?:blood )?(?:stem|progenitor|CD ?34\W{0,2}(?: selected)?) (?:<w>){0,2}(?:<give>|cells?)",
            r"blood stem cells? <give>",
            r"(?:auto|allo)grafts? of (?:<w>){0,2}stem cells?",
        ),
        ("stem", "peripheral progenitor", "blood progenitor", "cd34", "cd 34", "cd-34"),
        "Peripheral blood stem cells are collected for transplantation.",
        ("NCT02674217", "NCT00017628"),
        unless=_INTO_TISSUE,
        where=LISTED,
    ),
    Rule(
        "hsct-cd34",
        "approach",
        "hsct",
        "gives CD34-selected stem cells",
        phrase(
            r"CD ?34\W{0,2} ?(?:select|enrich|positive|purif)?\w{0,5} (?:<w>){0,3}(?:<give>|(?:stem|progenitor) cells?|grafts?)",
            r"CD ?34\W{0,2} ?(?:select|enrich|purif)\w{0,5} (?:<w>){0,2}cells?",
            r"(?:infus|select)\w{0,4} (?:of )?(?:<auto> )?CD ?34\W{0,2} ?(?:select|enrich|positive)?\w{0,5} ?(?:cells?)?",
        ),
        ("cd34", "cd 34", "cd-34"),
        "CD34 marks blood-forming stem cells; selecting them is a step of the transplant.",
        ("NCT00288626", "NCT01099930"),
        needs=phrase(*_CONDITIONING[:20], r"transplant"),
        unless=_INTO_TISSUE,
    ),
    Rule(
        "hsct-ablation",
        "approach",
        "hsct",
        "ablates the immune system before a stem cell rescue",
        phrase(
            r"immuno ?ablat\w{0,6}",
            r"myelo ?ablat\w{0,6}",
            r"high dose (?:<w>){0,3}(?:immuno ?suppress\w{0,5}|chemo ?therap\w{0,3}|chemo|cyclophosphamide|immunotherapy)",
            r"<s>HDI[CT]T?<e>",
        ),
        ("ablat", "high dose", "high-dose", "hdi"),
        "Immunoablation counts only where cells are given back: high-dose cyclophosphamide alone is not a transplant.",
        ("NCT01099930", "NCT00288626"),
        where=NAMED,
        needs=phrase(r"stem cell", r"transplant\w{0,8}", r"(?:marrow|cells?|cellular) (?:rescue|support)", r"progenitor cell", r"graft"),
        unless=phrase(r"without (?:<w>){0,3}(?:stem|transplant|rescue|marrow)", r"no stem cell", *_NOT_BLOOD[:5]),
        ceiling=0.85,
    ),
    Rule(
        "hsct-conditioned-transplant",
        "approach",
        "hsct",
        "transplants after conditioning",
        phrase(r"(?:auto|allo)?transplant\w{0,8}"),
        ("transplant",),
        "A title may say only transplantation; conditioning drugs among the interventions tell which.",
        ("NCT03342638", "NCT05482542"),
        where=frozenset({"intervention", "title"}),
        needs=phrase(*_CONDITIONING[:14], *_BLOOD_FORMING),
        unless=phrase(
            r"f(?:a)?ecal",
            r"microbio",
            r"(?:kidney|renal|liver|hepatic|islet|lung|heart|cornea\w{0,3}|solid organ|hair|skin|face|uter\w{0,3}) (?:<w>){0,1}transplant",
            *_NOT_BLOOD,
        ),
        ceiling=0.8,
        yields_to=frozenset({"msc", "ipsc", "other"}),
    ),
    Rule(
        "hsct-stem-cell-transplant",
        "approach",
        "hsct",
        "transplants a person's own or a donor's stem cells",
        phrase(
            r"(?:<auto>|<allo>|syngeneic|haplo ?identical|<s>auto(?:logous)?|<s>allo|unrelated|sibling) (?:<w>){0,2}stem cells? (?:<w>){0,1}(?:transplant\w{0,8}|rescue|support|grafts?)",
            r"stem cells? (?:<w>){0,1}(?:auto|allo) ?transplant\w{0,8}",
            r"chemo\w{0,9} (?:<w>){0,5}stem cell",
        ),
        ("stem",),
        "Autologous stem cell transplantation without another word is HSCT, unless the record speaks of another kind of cell.",
        ("NCT01099930", "NCT00497952", "NCT01679041"),
        unless=phrase(*_NOT_BLOOD),
        yields_to=frozenset({"msc", "ipsc", "other"}),
        where=SPELLED_OUT,
    ),
    Rule(
        "hsct-stem-cells-conditioned",
        "approach",
        "hsct",
        "gives stem cells after conditioning",
        phrase(
            r"stem cells? (?:<w>){0,2}<give>",
            r"(?:transplant\w{0,8}|infusion) (?:of |with )?(?:<w>){0,2}stem cells?",
            r"<auto> (?:<w>){0,1}stem cells?",
        ),
        ("stem",),
        "Stem cells given beside conditioning drugs or in a record that says hematopoietic elsewhere.",
        ("NCT03342638",),
        needs=phrase(*_CONDITIONING, *_BLOOD_FORMING),
        unless=phrase(*_NOT_BLOOD),
        ceiling=0.85,
        yields_to=frozenset({"msc", "ipsc", "other"}),
        where=LISTED,
    ),
    Rule(
        "hsct-stem-cell-transplant-unsaid",
        "approach",
        "hsct",
        "transplants stem cells of a kind that it does not name",
        phrase(r"stem cells? transplant\w{0,8}", r"transplant\w{0,8} of stem cells?"),
        ("stem",),
        "In this disease a stem cell transplant without another word is nearly always HSCT; a curator confirms.",
        (),
        unless=phrase(*_NOT_BLOOD, r"bone marrow (?:derived )?stem cell"),
        ceiling=0.65,
        yields_to=frozenset({"msc", "ipsc", "other"}),
        where=SPELLED_OUT,
    ),
)

_CELL_FREE = (
    r"(?:exosom\w{0,4}|<s>s?EVs?<e>|<s>Exos?<e>|extra ?cellular vesicles?|micro ?vesicles?|vesicles?|secretomes?|condition(?:ed|ing) (?:culture )?medi(?:um|a)|"
    r"supernatants?|(?<!platelet\s)lysates?|pleiotropic factor)"
)
_OF_CELLS = (
    r"(?: (?:derived|released|secreted|based|cultured?|human|small|cells?|stem|stromal|\W?s|and|or|their|the|from|of|origin|\([\w-]{1,12}\)|<auto>|<allo>|"
    r"umbilical|cord|bone|marrow|adipose|tissue|placenta\w{0,2}|free|autophagy|modified|loaded)){0,6}"
)
"""Words that stand between a cell and what it releases; others ("expanded in a medium") tell how cells are made."""

MSC_RULES: Final = (
    Rule(
        "msc-named",
        "approach",
        "msc",
        "gives mesenchymal stem or stromal cells",
        phrase(
            r"<mes> (?:<w>){0,3}(?:<stem>|<cell>|stemcells?)",
            r"medicinal signal?ling cells?",
            r"<stem> (?:<w>){0,1}<mes>",
            r"marrow (?:derived )?stromal (?:stem )?cells?",
            r"multipotent stromal cells?",
            r"stromal cells? (?:derived |isolated )?(?:from|of) (?:<w>){0,2}bone marrow",
        ),
        ("mesen", "mesan", "medicinal s", "stromal"),
        "The cells by name: stem, stromal and signalling are used for the same cells, with words in between.",
        ("NCT00781872", "NCT04749667", "NCT02403947"),
        where=SPELLED_OUT,
    ),
    Rule(
        "msc-source-abbreviation",
        "approach",
        "msc",
        "names MSC with their source",
        phrase(
            r"<s>h?(?:BM|M|P_M|SF|AD|AT|ASC|UC|hUC|UCB|WJ|PL|PD|P|DP|D|DA|eM|Ad|u|U|AF|CT|hCT|SHED|Men|Mb|T|iP?|it|h?ESC?|hA|L|PDL|syn)(?:-h|-| )?MSCs?(?:-NP|-NTF)?s?<e>",
            r"<s>(?:men|dp|pdl|gm)SCs?<e>",
            r"<s>h(?:uman)? ?MSCs?<e>",
            r"<s>MSC ?(?:NP|NTF)s?<e>",
            r"<s>(?:AD|hAD|Ad)SCs?<e>",
            r"<s>MSC cells?<e>",
        ),
        ("msc", "adsc"),
        "A source before MSC leaves no doubt of what the letters mean.",
        ("NCT02418325", "NCT03799718"),
        unless=phrase(r"mult\w{0,3} sclerosis (?:<w>){0,1}(?:center|centre|clinic|care)"),
        where=LISTED,
    ),
    Rule(
        "msc-abbreviation",
        "approach",
        "msc",
        "names MSC",
        phrase(r"<s>MSCs?<e>"),
        ("msc",),
        "MSC alone stands for other things too (a company's compounds, MS centres): cells must be named somewhere.",
        ("NCT04749667",),
        needs=phrase(
            r"<mes>",
            r"stromal",
            r"stem cell",
            r"cell therapy",
            r"MSCs? (?:<w>){0,1}(?:infusion|injection|transplant|administration|treatment)",
            r"(?:derived|<auto>|<allo>|human|intra ?thecal|intra ?venous|marrow|cord|adipose|placenta\w{0,2}|infused|injected) (?:<w>){0,1}MSCs?<e>",
            r"MSCs?<e> (?:derived )?from",
        ),
        where=LISTED,
    ),
    Rule(
        "msc-plural-given",
        "approach",
        "msc",
        "gives MSCs, by its intervention's name",
        phrase(r"<s>MSCs<e>"),
        ("msc",),
        "An intervention that is called MSCs is cells; a programme or a clinic has no plural there.",
        (),
        where=frozenset({"intervention"}),
    ),
    Rule(
        "msc-product",
        "approach",
        "msc",
        "gives a product made of mesenchymal stem cells",
        phrase(
            r"<s>nurown",
            r"debamestrocel",
            r"<s>XCEL MC? ?ALPHA",
            r"<s>AlloRx",
            r"<s>HB adMSC",
            r"remestemcel",
            r"prochymal",
            r"ryoncil",
            r"<s>PDA ?00[12]<e>",
            r"cenplacel",
            r"<s>DA ?MSC",
            r"<s>NG ?-?01<e>",
            r"<s>IMS ?001<e>",
            r"lomecel",
            r"stempeucel",
            r"darvadstrocel",
            r"rexlemestrocel",
            r"laromestrocel",
            r"astrostem",
            r"stemchymal",
            r"elixcyte",
            r"cellavita",
            r"neuronata",
            r"lenzumestrocel",
            r"<s>CYP ?00[14]<e>",
            r"<s>MSCTC ?\d{4}",
            r"<s>hCT ?MSC",
            r"celltex",
            r"<s>ULSC<e>",
            r"<s>MSC ?TRAIL",
            r"<s>cartistem",
            r"pneumostem",
            r"<s>SMUP ?[A-Z]{2,4}<e>",
            r"jointstem",
            r"cupistem",
            r"alofisel",
            r"<s>Cx6[01]1<e>",
            r"cellgram",
            r"<s>PLX ?(?:PAD|R18|I)<e>",
            r"<s>SB ?623<e>",
            r"<s>MPC ?(?:06|25|150|300)",
            r"temcell",
            r"stemirac",
            r"obnitix",
            r"<s>cordstem",
            r"furestem",
            r"<s>orbcel",
            r"nestacell",
            r"amimestrocel",
            r"<s>descartes ?30<e>",
        ),
        (
            "nurown",
            "debame",
            "xcel-",
            "xcelmc",
            "xcel m",
            "allorx",
            "adms",
            "stemcel",
            "prochymal",
            "ryoncil",
            "pda00",
            "pda-00",
            "pda 00",
            "cenplacel",
            "damsc",
            "da-msc",
            "da msc",
            "ng-01",
            "ng01",
            "ng 01",
            "ims001",
            "ims-001",
            "ims 001",
            "lomecel",
            "stempeu",
            "strocel",
            "astrostem",
            "stemchymal",
            "elixcyte",
            "cellavita",
            "neuronata",
            "cyp0",
            "cyp-0",
            "cyp 0",
            "msctc",
            "ctmsc",
            "ct-msc",
            "ct msc",
            "celltex",
            "ulsc",
            "msctrail",
            "msc-trail",
            "tistem",
            "mostem",
            "smup",
            "ntstem",
            "pistem",
            "alofisel",
            "cx6",
            "cellgram",
            "plx",
            "sb623",
            "sb-623",
            "sb 623",
            "=mpc",
            "mpc0",
            "mpc2",
            "temcell",
            "stemirac",
            "obnitix",
            "cordstem",
            "furestem",
            "orbcel",
            "nestacell",
            "descartes",
        ),
        "Product names carry no word of what is in them.",
        ("NCT03799718", "NCT02495766", "NCT04956744", "NCT06961383"),
        where=LISTED,
    ),
    Rule(
        "msc-adipose",
        "approach",
        "msc",
        "gives stem cells from fat",
        phrase(
            r"(?:adipos\w{0,3}|fat) (?:tissue )?(?:derived )?(?:<w>){0,2}(?:stem|stromal|regenerative) cells?",
            r"(?:stem|stromal) cells? (?:derived |isolated )?(?:from|of) (?:<w>){0,2}(?:adipose|fat)",
        ),
        ("adipos", "stem", "stroma", "regenerative cell"),
        "Stem cells from fat are mesenchymal; the stromal vascular fraction has its own rule.",
        ("NCT02157064", "NCT01056471"),
        where=LISTED,
    ),
    Rule(
        "msc-birth-tissue",
        "approach",
        "msc",
        "gives stem cells from the umbilical cord, placenta or amnion",
        phrase(
            r"<cord> (?:cord )?(?!blood)(?:tissue |lining |stroma )?(?:derived )?(?:<w>){0,1}(?:stem|stromal) cells?",
            r"wharton\W{0,2}s? jell?y(?! (?:<w>){0,2}(?:allograft|matrix))",
            r"placent\w{0,4} (?:tissue |matrix )?(?:derived )?(?:<w>){0,2}(?:stem|stromal|adherent|cells?)",
            r"amnio\w{0,5} (?:membrane |fluid )?(?:derived )?(?:stem|stromal) cells?",
            r"(?:stem|stromal) cells? (?:derived |isolated )?(?:from|of) (?:<w>){0,2}(?:<cord> cord(?! blood)|wharton|placenta|amnio|chorion)",
            r"cord lining (?:<w>){0,1}cells?",
        ),
        ("umbi", "umbl", "umbel", "unbi", "wharton", "placent", "amnio", "chorion", "=lining"),
        "Cells of the cord's tissue, the placenta and the amnion that are given as treatment are mesenchymal. Cord blood is not.",
        ("NCT06360861", "NCT00813969"),
        unless=phrase(r"drug levels", r"ocrelizumab", r"breast ?milk", r"pregnan\w{0,3} (?:exposure|outcome)"),
        where=LISTED,
    ),
    Rule(
        "msc-other-source",
        "approach",
        "msc",
        "gives stem cells from teeth, menstrual blood or the uterine lining",
        phrase(
            r"(?:dental pulp|deciduous teeth|menstrual blood|endometri\w{0,3}|menstrual|periodontal ligament|gingival|apical papilla) (?:derived )?(?:<w>){0,2}"
            r"(?:stem|stromal|regenerative|progenitor) cells?",
            r"stem cells? (?:derived )?from (?:<w>){0,3}(?:deciduous|dental|menstrual)",
        ),
        ("dental", "deciduous", "menstrual", "endometri", "periodontal", "gingival", "papilla"),
        "Stem cells from these tissues are mesenchymal.",
        ("NCT04336254",),
        where=LISTED,
    ),
)

IPSC_RULES: Final = (
    Rule(
        "ipsc-named",
        "approach",
        "ipsc",
        "works with induced pluripotent stem cells",
        phrase(r"induced (?:<w>){0,1}pluri ?potent\w{0,3}", r"<s>h?iPS<e> ?(?:cells?|lines?|derived)", r"<s>h?iPSCs?<e>", r"iPSC"),
        ("pluri", "ipsc", "=ips", "=hips", "ipsd"),
        "The cells by name.",
        ("NCT00874783",),
        where=SPELLED_OUT,
    ),
    Rule(
        "ipsc-abbreviation",
        "approach",
        "ipsc",
        "works with iPS cells",
        phrase(r"h?iPS<e>"),
        (
            "=ips",
            "=hips",
        ),
        "iPS alone, where the record also speaks of the cells it comes from.",
        ("NCT00874783",),
        where=NAMED | {"keyword"},
        ceiling=0.85,
        needs=phrase(r"somatic", r"stem cell", r"pluri ?potent", r"reprogram", r"fibroblast"),
    ),
    Rule(
        "ipsc-product",
        "approach",
        "ipsc",
        "gives a product made from induced pluripotent stem cells",
        phrase(
            r"<s>FT ?(?:819|839|522|825|576|596|516|538)<e>",
            r"<s>CNTY ?101<e>",
            r"<s>CYP ?00[14]<e>",
            r"<s>iNK cells?",
            r"<s>QN ?-?139b<e>",
            r"<s>OpCT ?001<e>",
        ),
        ("ft8", "ft-8", "ft 8", "ft5", "ft-5", "ft 5", "cnty", "cyp0", "cyp-0", "cyp 0", "=ink", "qn-1", "qn1", "qn 1", "opct"),
        "Immune or mesenchymal cells made from an iPSC line carry no word of it in their name. Ordinary CAR-T is no stem-cell approach.",
        ("NCT06308978",),
        where=CLASSIFYING | {"keyword"},
        needs=phrase(r"cell", r"CAR", r"FT ?\d{3}", r"CNTY", r"MSCs?<e>", r"CYP ?00"),
    ),
    Rule(
        "ipsc-reprogrammed",
        "approach",
        "ipsc",
        "reprogrammes cells to a pluripotent state",
        phrase(
            r"reprogramm\w{0,4} (?:<w>){0,5}(?:pluri ?potent|stem)",
            r"patient specific (?:pluri ?potent )?stem cell lines?",
            r"disease specific stem cell lines?",
        ),
        ("reprogram", "stem"),
        "Making cell lines is often described rather than named.",
        ("NCT00874783",),
        ceiling=0.75,
        where=LISTED,
    ),
)

OTHER_RULES: Final = (
    Rule(
        "other-cell-free",
        "approach",
        "other",
        "gives what stem cells release, not cells",
        phrase(
            rf"(?:<mes>|stem|stromal|<s>\w{{0,6}}-?MSCs?){_OF_CELLS} {_CELL_FREE}",
            r"<s>[a-z-]{0,8}MSCs?-?(?:sEVs?|EVs?|Exos?|CM)<e>",
            rf"{_CELL_FREE} (?:of|from|derived|isolated|secreted|by|obtained|produced) (?:<w>){{0,5}}(?:<mes>|stem cell|\w{{0,4}}MSCs?<e>)",
            rf"{_CELL_FREE} (?:<mes>|stem cell|\w{{0,4}}MSCs?<e>)",
            r"<s>exoflo<e>",
            r"placental? (?:derived )?exosom",
        ),
        (
            "exo",
            "vesic",
            "secretom",
            "ed medi",
            "ing medi",
            "culture medi",
            "supernat",
            "lysate",
            "pleiotropic",
            "=ev",
            "=evs",
            "=sev",
            "=sevs",
            "=cm",
            "scev",
            "scsev",
        ),
        "Exosomes, secretome and conditioned medium are cell-free.",
        ("NCT06607900", "NCT07146087", "NCT06551649"),
        unless=phrase(r"suspension medium<e>(?=.{0,5}\Z)"),
        where=LISTED,
    ),
    Rule(
        "other-neural",
        "approach",
        "other",
        "gives neural stem or progenitor cells",
        phrase(
            r"neural (?:stem|progenitor|precursor)(?: ?/ ?(?:stem|progenitor|precursor))? cells?",
            r"neuro?nal (?:stem|progenitor) cells?",
            r"<s>hNSCs?<e>",
            r"<s>hNPCs?<e>",
            r"(?:fetal|foetal|brain) (?:<w>){0,2}(?:stem|progenitor|precursor) cells?",
            r"(?:fetal|foetal) (?:<w>){0,2}(?:NSCs?|NPCs?)<e>",
            r"(?:fetal|foetal) (?:<w>){0,2}(?:neural|neuro\w{0,6}|brain) cells?",
            r"NSI ?566<e>",
            r"<s>CTX0E03<e>",
            r"glial restricted (?:progenitor|precursor) cells?",
            r"glial (?:progenitor|precursor) cells?(?= (?:<w>){0,3}(?:transplant|inject|implant|graft))",
            r"oligodendrocyte (?:progenitor|precursor) cells? (?:<w>){0,2}(?:transplant|therapy|inject|implant|graft)\w{0,6}",
        ),
        (
            "stem",
            "progenitor",
            "precursor",
            "hnsc",
            "=nsc",
            "=nscs",
            "hnpc",
            "=npc",
            "=npcs",
            "fetal",
            "foetal",
            "nsi5",
            "nsi-5",
            "nsi 5",
            "ctx0",
        ),
        "Neural stem cells of fetal origin, put into the fluid or tissue of the brain.",
        ("NCT03282760", "NCT03269071"),
        where=LISTED,
        unless=phrase(r"<mes> (?:<w>){0,5}neural", r"MSC ?NP", r"pluri ?potent", r"induced neural", r"<s>h?iPSC?s?<e>"),
    ),
    Rule(
        "other-embryonic",
        "approach",
        "other",
        "gives cells made from embryonic stem cells",
        phrase(
            r"embryonic (?:<w>){0,1}stem cells?",
            r"<s>h?ESCs? ?(?:derived|cells?|MSC)",
            r"<s>IMS ?001<e>",
            r"(?:AST|LCT)? ?OPC1<e>",
            r"pluri ?potent stem cells? derived",
        ),
        (
            "embryonic",
            "esc-d",
            "esc d",
            "esc c",
            "esc-c",
            "esc-m",
            "esc m",
            "escm",
            "escs",
            "ims001",
            "ims-001",
            "ims 001",
            "pluri",
            "opc1",
        ),
        "Embryonic cells are pluripotent, but not induced; mesenchymal cells made from them are both.",
        ("NCT04956744",),
        unless=phrase(r"induced pluri ?potent", r"<s>h?iPSC"),
        where=REVIEWED,
    ),
    Rule(
        "other-svf-given",
        "approach",
        "other",
        "gives the stromal vascular fraction of fat, by its intervention's name",
        phrase(r"stromal vascular (?:fraction|cells?)", r"(?:AD|cell|c|t|AD-c|AD-t)? ?-?SVF<e>"),
        ("stromal", "svf"),
        "What is given is the unsorted fraction, even where the title speaks of adipose stem cells: then it is both.",
        ("NCT01453764",),
        where=frozenset({"intervention"}),
    ),
    Rule(
        "other-svf",
        "approach",
        "other",
        "gives the stromal vascular fraction of fat",
        phrase(r"stromal vascular (?:fraction|cells?)", r"<s>(?:AD|cell|c|t|AD-c|AD-t)? ?-?SVF<e>"),
        ("stromal", "svf"),
        "Unsorted cells of fat tissue. Where the record presents them as adipose or mesenchymal stem cells they are counted there.",
        ("NCT02939859", "NCT03461419"),
        yields_to=frozenset({"msc"}),
        where=LISTED,
    ),
    Rule(
        "other-marrow-mononuclear",
        "approach",
        "other",
        "gives mononuclear cells of the bone marrow",
        phrase(
            r"marrow (?:derived )?(?:stem )?mono ?nuclear (?:<w>){0,1}(?:cells?|fraction)",
            r"<s>BM ?-?MNCs?<e>",
            r"<s>BM ?-?TNCs?<e>",
            r"marrow aspirate concentrate",
            r"<s>BMAC<e>",
            r"mono ?nuclear (?:stem )?cells? (?:derived )?from (?:<w>){0,2}bone marrow",
        ),
        ("mnc", "tnc", "marrow", "bmac"),
        "Nothing is ablated, so it is not HSCT; unsorted, so it is not MSC.",
        ("NCT02587806",),
        yields_to=frozenset({"hsct"}),
        where=SPELLED_OUT,
    ),
    Rule(
        "other-marrow-cells",
        "approach",
        "other",
        "gives bone marrow cells without ablation",
        phrase(
            r"(?:<auto>|<allo>|infusion of|injection of|own) (?:<w>){0,2}bone marrow (?:derived )?(?!<mes>|\w{0,4}MSC|strom)(?:<w>){0,1}(?:cells?|infusion|stem cells?|aspirate|concentrate|(?=\n|\Z))",
            r"(?:infusion|injection|implantation) of (?:<auto> )?bone marrow",
            r"bone marrow (?:derived )?(?:<auto> )?(?:cells?|cellular) (?:therap|treatment|infus|inject)\w{0,5}",
            r"bone marrow derived (?!<mes>|strom|macrophage)(?:<auto> )?cells?",
            r"bone marrow (?:derived )?(?!<mes>|\w{0,4}MSC|strom)(?:<w>){0,1}stem cells?",
            r"<s>BMSCs?<e>",
            r"stem cells? (?:derived )?from (?:the )?bone marrow",
        ),
        ("marrow", "bmsc"),
        "Bone marrow cells infused as they are; with conditioning it would be HSCT, with culture MSC.",
        ("NCT01932593", "NCT02795052"),
        needs=phrase(r"bone marrow"),
        yields_to=frozenset({"hsct", "msc"}),
        ceiling=0.85,
        where=LISTED,
    ),
    Rule(
        "other-cord-blood-given",
        "approach",
        "other",
        "gives mononuclear cells of cord blood, by its intervention's name",
        phrase(r"cord blood (?:derived )?mono ?nuclear", r"<s>h?U?CB ?-?MNCs?<e>"),
        ("cord blood", "cord-blood", "ucb", "cb-m", "cbm", "cb m"),
        "What is given is the unsorted fraction, even beside mesenchymal cells in another arm.",
        ("NCT01343511",),
        where=frozenset({"intervention"}),
    ),
    Rule(
        "other-cord-blood",
        "approach",
        "other",
        "gives cells of umbilical cord blood",
        phrase(
            r"<s>DUOC ?-?01<e>",
            r"(?:<auto>|<allo>|expanded|own) (?:<w>){0,2}cord blood(?! (?:level|sample|concentration|collection))",
            r"cord blood (?:derived )?(?:<w>){0,2}(?:cells?|therapy|infusion|transplant\w{0,8}|mono ?nuclear)",
            r"(?:infusion|transplant\w{0,8}|injection) of (?:<w>){0,3}cord blood",
            r"stem cells? (?:<w>){0,3}from (?:<w>){0,2}cord blood",
            r"<s>h?UCB ?-?(?:MNCs?|mono ?nuclear)",
            r"stem cell educator",
        ),
        ("duoc", "cord blood", "cord-blood", "educator", "ucb"),
        "Cells of cord blood other than mesenchymal ones, given without ablation.",
        ("NCT04943289",),
        yields_to=frozenset({"hsct", "msc"}),
        where=LISTED,
    ),
    Rule(
        "other-muse",
        "approach",
        "other",
        "gives Muse cells",
        phrase(r"<s>muse cells?<e>", r"<s>CL ?2020<e>", r"multilineage differentiating stress enduring"),
        ("muse", "cl2020", "cl 2020", "cl-2020", "multilineage"),
        "Stress-enduring pluripotent-like cells from adult tissue.",
        (),
        needs=phrase(r"cells?<e>"),
        where=LISTED,
    ),
    Rule(
        "other-olfactory",
        "approach",
        "other",
        "gives olfactory ensheathing cells",
        phrase(
            r"olfactory (?:ensheathing|stem|progenitor) (?:<w>){0,1}(?:cells?|glia)",
            r"olfactory mucosa (?:<w>){0,2}(?:transplant|graft|stem)",
            r"<s>OECs?<e> (?:transplant|graft|inject)",
        ),
        ("olfactory", "oec"),
        "Glia of the olfactory nerve, transplanted; a sense of smell test is not.",
        (),
        where=LISTED,
    ),
    Rule(
        "other-named",
        "approach",
        "other",
        "gives stem cells of a rarer kind",
        phrase(
            r"multi ?potent (?:adult )?progenitor cells?",
            r"<s>MAPCs?<e>",
            r"multistem",
            r"invimestrocel",
            r"very small embryonic",
            r"<s>VSELs?<e>",
            r"amniotic epithelial (?:stem )?cells?",
            r"<s>hAECs?<e>",
            r"(?:spermatogonial|testicular|skin derived|hair follicle|urine derived|limbal|muscle derived|cardiac) (?:<w>){0,1}(?:stem|precursor|progenitor) cells?(?! deficien)",
            r"endothelial progenitor cells? (?:transplant|infusion|injection|therapy)",
            r"induced neural (?:stem|progenitor) cells?",
        ),
        (
            "multipotent",
            "multi-potent",
            "mapc",
            "multistem",
            "invime",
            "very small emb",
            "vsel",
            "amniotic epi",
            "haec",
            "stem",
            "precursor",
            "progenitor",
        ),
        "Kinds of stem cells that are studied now and then.",
        (),
        where=CLASSIFYING | {"keyword"},
        ceiling=0.85,
    ),
    Rule(
        "other-endogenous",
        "approach",
        "other",
        "mobilises the body's own stem cells with a drug",
        phrase(
            r"(?:endogenous|(?:one|patient|your)\W{0,2}s? own|resident) (?:<w>){0,2}stem cells?",
            r"(?:mobili[sz]|activat|stimulat)\w{0,5} (?:of )?(?:<w>){0,3}(?:stem|progenitor|precursor) cells?",
            r"stem cells? mobili[sz]\w{0,5}",
        ),
        ("stem", "progenitor", "precursor"),
        "A drug that stirs stem cells in the body gives none: a curator decides.",
        (),
        where=NAMED,
        ceiling=0.5,
        yields_to=frozenset({"hsct", "msc", "ipsc", "other"}),
    ),
    Rule(
        "other-stem-cells-spoken-of",
        "approach",
        "other",
        "speaks of stem cells in its title",
        phrase(r"stem cells?"),
        ("stem",),
        "A title that names stem cells deserves a look, whatever it means by them.",
        (),
        where=frozenset({"title"}),
        ceiling=0.45,
        yields_to=frozenset({"hsct", "msc", "ipsc", "other"}),
    ),
    Rule(
        "other-adult-stem-cells-given",
        "approach",
        "other",
        "gives adult or progenitor stem cells, by its intervention's name",
        phrase(r"(?:adult|progenitor|adult progenitor|neuro\w{0,3} adult) stem cells?", r"stem cells? cultures?"),
        ("stem",),
        "Cells that an intervention is named after are given; adult and progenitor are all that some records say of them.",
        ("NCT00927108",),
        where=frozenset({"intervention"}),
        yields_to=frozenset({"hsct", "msc", "ipsc", "other"}),
    ),
    Rule(
        "other-stem-cells",
        "approach",
        "other",
        "gives stem cells of a kind that it does not name",
        phrase(
            r"stem cells? (?:<w>){0,1}(?:therap\w{0,5}|treatments?|transplant\w{0,8}|injections?|infusions?|implant\w{0,6}|administration|product|based)",
            r"(?:therapy|treatment|infusion|injection|implantation|transplantation|administration|use) (?:of|with|using) (?:<w>){0,3}stem cells?",
            r"stem cells? (?:in|for) (?:the )?(?:<w>){0,3}(?:multiple|patients|treatment|ms<e>)",
            r"(?:<auto>|<allo>) (?:<w>){0,2}stem cells?",
            r"(?:(?<=\n)|\A)(?:human )?stem cells?(?=\n|\Z)",
        ),
        ("stem",),
        "Stem cells without a kind: the record tells too little, a curator decides.",
        (),
        ceiling=0.65,
        yields_to=frozenset({"hsct", "msc", "ipsc", "other"}),
        where=SPELLED_OUT,
    ),
)

APPROACH_RULES: Final = HSCT_RULES + MSC_RULES + IPSC_RULES + OTHER_RULES

GUARDS: Final = (
    Guard(
        "guard-negated",
        "the words are denied",
        "People who have *not* had a transplant, or a plan *without* stem cells.",
        before=phrase(
            r"<s>(?:no|not|(?<!with\sor\s)without|never|nor|instead of|rather than|other than|alternatives? to|except|ineligible for|unsuitable for|avoid(?:ing|ed)?|cannot)"
            r"(?: (?:yet|have|has|had|having|been|be|receiv\w{0,3}|undergo\w{0,4}|undergone|treated|with|by|previous\w{0,2}|prior|an?|any|the|eligible|suitable|"
            r"for|to|of|planned|candidates?|<auto>|<allo>|human|bone|marrow|derived|<haem>|stem|cells?|peripheral|blood)){0,8}\W{0,3}$"
        ),
        examples=("NCT03822858",),
    ),
    Guard(
        "guard-prior",
        "the words tell of an earlier treatment",
        "A treatment that people had before is no approach of this study. In a title it tells of treated people, and the role rules read it.",
        before=phrase(
            r"<s>(?:prior|previous(?:ly)?|history of|past|earlier|formerly|ever)(?: (?:received|treated|undergone|treatments?|therapy|with|by|or|and|an?|the|"
            r"<auto>|<allo>|to|use|exposure|chemotherapy|human|bone|marrow|derived|<haem>|stem|cells?|peripheral|blood)){0,8}\W{0,3}$"
        ),
        tiers=frozenset({"description", "summary", "detail", "arm", "criteria", "keyword"}),
    ),
    Guard(
        "guard-cell-free",
        "the words name what the cells release",
        "Exosomes, vesicles, secretome and conditioned medium of mesenchymal cells are not cells.",
        after=phrase(
            r"^ (?:\( ?[\w-]{0,12} ?\) )?(?:(?:derived|released|secreted|based|cultured?|human|small) ){0,4}" + _CELL_FREE,
            r"^ ?CM<e>",
        ),
        approaches=frozenset({"msc"}),
        examples=("NCT06607900", "NCT07146087"),
    ),
    Guard(
        "guard-cell-free-source",
        "the words name where a cell-free product comes from",
        "Exosomes derived from mesenchymal cells are not cells.",
        before=phrase(
            rf"{_CELL_FREE} $",
            rf"{_CELL_FREE} (?:<w>){{0,2}}(?:derived|isolated|from|of)(?: (?:from|of|human|<auto>|<allo>|adipose|umbilical|cord|tissue|bone|marrow|(?:hyp|norm)oxi\w{{1,3}}|cultured|primed)){{0,5}}\W{{0,3}}$",
        ),
        approaches=frozenset({"msc", "other"}),
        examples=("NCT04276987",),
    ),
    Guard(
        "guard-measured",
        "the cells are measured, not given",
        "Counts, levels and responses of stem cells are laboratory findings.",
        before=phrase(
            r"(?:number|levels?|counts?|frequenc(?:y|ies)|proportion|percentage|response|responses|circulating|effects? of (?:<w>){1,5}on|impact of (?:<w>){1,5}on|"
            r"analysis|quantification|expression|isolation|behaviou?r|properties|recruitment|damage|toxicity|defects?) (?:of |in |from |on |to )?(?:<w>){0,2}$",
            r"(?:proliferation|differentiation|apoptosis|mobili[sz]ation) (?:and (?:<w>){1,2})?of (?:<w>){0,4}$",
        ),
        after=phrase(
            r"^(?:\W{0,3}\(?[\w+]{0,8}\)?)?\W{0,3}(?:counts?|levels?|numbers?|frequenc|response to|markers?|mobili[sz]ation (?:by|with)|function|proliferation|differentiation|behaviou?r|senescence|recruitment|homing)"
        ),
        examples=("NCT04126603", "NCT02468492"),
        approaches=frozenset({"msc", "other"}),
        tiers=frozenset(CONFIDENCE) - {"intervention"},
    ),
    Guard(
        "guard-content",
        "the words name what a tissue holds",
        "Fat and marrow are rich in such cells; a graft of them is no cell product.",
        before=phrase(r"rich in (?:<w>){0,4}$"),
        approaches=frozenset({"msc"}),
        tiers=frozenset({"description", "summary", "detail"}),
        examples=("NCT04274543",),
    ),
    Guard(
        "guard-outcome-elsewhere",
        "the words count who goes on to a transplant",
        "How many people need a transplant later is an outcome of another treatment.",
        before=phrase(
            r"(?:time to|proceed\w{0,3} to|rates? of|bridg\w{1,3} to|eligib\w{2,4} for|undergo\w{0,4}|receiv\w{1,3}|subsequent|number of|percentage of|proportion of|incidence of|"
            r"need for|feasibility of|without|or) (?:<w>){0,6}$"
        ),
        tiers=frozenset({"outcome"}),
    ),
    Guard(
        "guard-counted",
        "the cells are counted, not given",
        "Progenitor cells in the blood are a biomarker.",
        before=phrase(r"(?:number|levels?|counts?|frequenc(?:y|ies)|proportion|percentage|circulating) (?:of |in )?(?:<w>){0,2}$"),
        after=phrase(r"^ (?:counts?|levels?|numbers?|frequenc)"),
        approaches=frozenset({"hsct"}),
    ),
    Guard(
        "guard-complication",
        "the words tell what another disease comes from",
        "Graft-versus-host disease is a complication of a transplant: a drug against it gives none.",
        before=phrase(
            r"(?:complications?|causes?|mortality|morbidity|problems?|barriers?|limitations?|sequelae|toxicit\w{1,3}) (?:<w>){0,3}(?:of|after|following|in|to|post)"
            r"(?: (?:<auto>|<allo>|an?|the|human|<haem>|stem|cells?|bone|peripheral|blood)){0,4}\W{0,3}$"
        ),
        approaches=frozenset({"hsct", "other"}),
        tiers=frozenset({"description", "summary", "detail"}),
    ),
    Guard(
        "guard-people",
        "the words describe people, perhaps with another disease",
        "Vaccine studies take people with MS beside recipients of transplants: a curator tells them apart.",
        before=phrase(
            r"recipients? of (?:<w>){0,2}$", r"(?:patients?|people|those|persons?) (?:with|having) (?:an? )?(?:<auto> |<allo> )?$"
        ),
        after=phrase(r"^ (?:<give> )?(?:\( ?[\w-]{0,12} ?\) )?(?:recipients?|survivors?|complications?)"),
        approaches=frozenset({"hsct"}),
        leaves=0.6,
    ),
    Guard(
        "guard-memory",
        "the words name another cell",
        "Memory T cells are called stem-like; tumours have stem cells; a brain stem is no stem cell.",
        before=phrase(r"(?:cancer|tumou?r|leuk[ae]{1,2}mi[ac]|glioma|memory|brain) ?$"),
        after=phrase(r"^ ?(?:like )?(?:memory|T cells?)"),
    ),
    Guard(
        "guard-cord-blood-mesenchymal",
        "the words go on to name mesenchymal cells",
        "Mesenchymal cells grown from cord blood or from embryonic cells are counted as MSC.",
        after=phrase(r"^\W{0,3}(?:derived )?(?:multipotent )?<mes>"),
        approaches=frozenset({"other"}),
        examples=("NCT01297205",),
    ),
)

# ---------------------------------------------------------------------------------------------------------------- therapies

REGIMEN_RULES: Final = (
    Rule(
        "beam",
        "therapy",
        "ahsct-beam",
        "conditions with BEAM",
        phrase(r"<s>(?:mini ?)?BEAM<e>", r"carmustine", r"<s>BCNU<e>", r"bis ?chloro ?ethyl"),
        ("beam", "carmustine", "bcnu", "chloro"),
        "BEAM is carmustine, etoposide, cytarabine and melphalan; with or without ATG it is one regimen.",
        ("NCT00288626", "NCT03113162"),
        unless=phrase(r"beam radiation", r"external beam"),
    ),
    Rule(
        "busulfan",
        "therapy",
        "ahsct-busulfan",
        "conditions with busulfan",
        phrase(r"busul[fp]h?an", r"busulfex", r"busilvex", r"<s>Bu ?Cy(?:ATG)?<e>"),
        ("busul", "busil", "=bu", "bucy"),
        "Busulfan with cyclophosphamide, the Ottawa regimen.",
        ("NCT01099930",),
    ),
    Rule(
        "tbi",
        "therapy",
        "ahsct-tbi",
        "conditions with total body irradiation",
        phrase(r"total body irradiation", r"whole body irradiation", r"<s>TBI<e>"),
        ("irradiation", "tbi"),
        "The oldest regimens irradiated the whole body.",
        ("NCT00017628",),
        unless=phrase(r"brain injury"),
    ),
    Rule(
        "fludarabine",
        "therapy",
        "ahsct-fludarabine",
        "conditions with fludarabine",
        phrase(r"fludarabine", r"<s>fludara<e>"),
        ("fludara",),
        "Fludarabine takes the place of the stronger drugs.",
        ("NCT05832515", "NCT01679041"),
    ),
    Rule(
        "cy-atg-together",
        "therapy",
        "ahsct-cy-atg",
        "conditions with cyclophosphamide and ATG",
        phrase(
            r"(?<!bu\W)<cy> (?:and|plus|with|or)? ?(?:<w>){0,8}<atg>",
            r"(?:<atg>|globulin\w?) (?:and|plus|with)? ?<cy>",
            r"<s>cyc?r?ATG<e>",
        ),
        ("atg", "thymo", "lymphocyt", "grafalon"),
        "The commonest regimen for MS, named in one breath.",
        ("NCT05482542", "NCT03477500"),
    ),
    Rule(
        "cy-rituximab-together",
        "therapy",
        "ahsct-cy-rituximab",
        "conditions with cyclophosphamide and rituximab",
        phrase(r"<cy> (?:and|plus|with)? ?rituximab", r"rituximab (?:and|plus|with)? ?<cy>"),
        ("rituximab",),
        "Rituximab in the place of ATG.",
        ("NCT05482542",),
    ),
)
"""Conditioning regimens that words state by themselves."""

COMPARES: Final = phrase(r"versus", r"vs<e>", r"compar", r"or<e>", r"either", r"different", r"arms?<e>")
"""Words by which one text names two regimens for two groups; without them a list of drugs is one regimen."""

REGIMEN_PAIRS: Final = (
    Rule(
        "cy-atg-apart",
        "therapy",
        "ahsct-cy-atg",
        "conditions with cyclophosphamide and ATG",
        phrase(r"<atg>"),
        ("atg", "thymo", "lympho", "grafalon"),
        "The two drugs listed apart. Under a stronger regimen ATG is an addition and cyclophosphamide mobilises cells.",
        ("NCT03342638",),
        needs=phrase(r"<cy>"),
    ),
    Rule(
        "cy-rituximab-apart",
        "therapy",
        "ahsct-cy-rituximab",
        "conditions with cyclophosphamide and rituximab",
        phrase(r"rituximab"),
        ("rituximab",),
        "The two drugs listed apart, where no regimen above was named; rituximab alone may be a comparator.",
        (),
        where=frozenset({"intervention", "arm", "title"}),
        needs=phrase(r"<cy>"),
        unless=phrase(r"(?:versus|vs|compar\w{0,5}|best available)"),
    ),
)
"""Regimens told from two drugs; tried in order, and only where no rule of REGIMEN_RULES hit."""

ALLO_RULE: Final = Rule(
    "allo-hsct",
    "therapy",
    "allo-hsct",
    "transplants a donor's stem cells",
    phrase(
        r"<allo>",
        r"haplo ?identical",
        r"(?:un)?related donors?",
        r"(?:matched|sibling) (?:<w>){0,1}donors?",
        r"<s>allo ?-?(?:HSCT|SCT|BMT|HCT)<e>",
    ),
    ("gen", "haplo", "donor", "sibling", "allo"),
    "Allogeneic transplantation is another therapy than autologous, with other risks.",
    ("NCT00497952",),
)

MSC_THERAPY_RULES: Final = (
    Rule(
        "msc-np",
        "therapy",
        "msc-np",
        "gives neural progenitors made from mesenchymal cells",
        phrase(r"<s>MSC ?NPs?<e>", r"<mes> (?:<w>){0,3}(?:derived )?neural (?:stem|progenitor)", r"<mes> (?:<w>){0,4}into neural"),
        ("msc-np", "mscnp", "msc np", "neural"),
        "The Tisch centre's product.",
        ("NCT01933802", "NCT03355365"),
    ),
    Rule(
        "msc-ntf",
        "therapy",
        "msc-ntf",
        "gives mesenchymal cells that secrete growth factors",
        phrase(r"<s>MSC ?_?NTF", r"nurown", r"debamestrocel", r"secreting neurotrophic"),
        ("ntf", "nurown", "debame", "neurotrophic"),
        "NurOwn.",
        ("NCT03799718",),
    ),
    Rule(
        "esc-msc",
        "therapy",
        "esc-msc",
        "gives mesenchymal cells made from embryonic stem cells",
        phrase(r"<s>IMS ?001<e>", r"embryonic stem cell (?:derived )?(?:<w>){0,2}<mes>", r"<s>h?ESC ?-?(?:derived )?-?M"),
        ("ims0", "ims-0", "ims 0", "embryonic", "=esc", "=hesc", "escm"),
        "Mesenchymal and pluripotent in one.",
        ("NCT04956744",),
    ),
    Rule(
        "uc-msc",
        "therapy",
        "uc-msc",
        "gives mesenchymal cells of the umbilical cord",
        phrase(
            r"<cord>",
            r"<s>[ah]{0,2}UC ?-?B?MSCs?<e>",
            r"wharton\W{0,2}s?",
            r"<s>WJ ?-?MSCs?<e>",
            r"<s>AlloRx",
            r"cord (?:blood|tissue|lining) (?:derived )?(?:<w>){0,2}(?:<mes>|stromal|stem|\w{0,4}MSC)",
            r"<s>UC<e>",
            r"<s>hCT ?MSC",
            r"<s>MSCTC",
            r"<s>ULSC<e>",
            r"cartistem",
            r"pneumostem",
            r"<s>SMUP",
            r"cordstem",
            r"furestem",
            r"amimestrocel",
        ),
        (
            "umbi",
            "umbl",
            "umbel",
            "unbi",
            "=uc",
            "=huc",
            "=auc",
            "=ahuc",
            "ucms",
            "ucbm",
            "wharton",
            "wj",
            "allorx",
            "cord",
            "hct",
            "msctc",
            "ulsc",
            "tistem",
            "mostem",
            "smup",
            "furestem",
            "amimestrocel",
        ),
        "Cord tissue, Wharton's jelly and mesenchymal cells of cord blood.",
        ("NCT02418325", "NCT03326505"),
    ),
    Rule(
        "placental-msc",
        "therapy",
        "placental-msc",
        "gives mesenchymal cells of the placenta or amnion",
        phrase(
            r"placent\w{0,4}",
            r"<s>P[DL] ?-?MSCs?<e>",
            r"<s>PDA ?001<e>",
            r"cenplacel",
            r"<s>DA ?-?MSC",
            r"amnio(?:n|tic)\w{0,2}<e>",
            r"decidua\w{0,2}",
            r"chorion\w{0,2}",
            r"<s>PLX ?(?:PAD|R18|I)<e>",
            r"<s>hAMSCs?<e>",
        ),
        ("placent", "=pd", "=pl", "=da", "pdms", "plms", "dams", "amsc", "pda", "cenplacel", "amnio", "decidua", "chorion", "plx"),
        "Placenta, decidua, amnion.",
        ("NCT06360861",),
    ),
    Rule(
        "ad-msc",
        "therapy",
        "ad-msc",
        "gives mesenchymal cells from fat",
        phrase(
            r"adipos\w{0,3}",
            r"<s>h?AD-?h?M?SCs?<e>",
            r"<s>AT-?MSCs?<e>",
            r"<s>HB ?adMSC",
            r"fat (?:tissue |pad )?derived",
            r"fat (?:<w>){0,3}<mes>",
            r"(?:buccal )?fat pad",
            r"<s>eASCs?<e>",
            r"<s>ASCs?<e>",
            r"<s>(?:AD ?-?)?SVF<e>",
            r"darvadstrocel",
            r"astrostem",
            r"stemchymal",
            r"celltex",
            r"<s>AD ?(?:derived )?MSCs?",
            r"jointstem",
            r"cupistem",
            r"alofisel",
            r"<s>Cx6[01]1<e>",
            r"elixcyte",
        ),
        (
            "adipos",
            "=ad",
            "=had",
            "adms",
            "adsc",
            "adhm",
            "at-m",
            "atms",
            "=fat",
            "=asc",
            "=ascs",
            "=easc",
            "=eascs",
            "svf",
            "ntstem",
            "pistem",
            "strostem",
            "stemchymal",
            "celltex",
            "strocel",
            "alofisel",
            "cx6",
            "elixcyte",
        ),
        "Adipose tissue.",
        ("NCT01056471", "NCT02157064"),
    ),
    Rule(
        "bm-msc",
        "therapy",
        "bm-msc",
        "gives mesenchymal cells of the bone marrow",
        phrase(
            r"bone (?:<w>){0,1}marrow",
            r"marrow (?:derived )?(?:<mes>|strom)",
            r"<s>h?BM ?-?d?-?h?MSCs?<e>",
            r"<s>XCEL MC? ?ALPHA",
            r"<s>NG ?-?01<e>",
            r"remestemcel",
            r"prochymal",
            r"ryoncil",
            r"lomecel",
            r"stempeucel",
            r"<s>BMM?SCs?<e>",
            r"<s>MSV<e>",
            r"neuronata",
            r"lenzumestrocel",
            r"rexlemestrocel",
            r"<s>BM ?(?:derived )?(?:h?MSCs?|<mes>|strom|stem)",
            r"cellgram",
            r"temcell",
            r"stemirac",
            r"obnitix",
            r"<s>SB ?623<e>",
            r"<s>MPC ?(?:06|25|150|300)",
        ),
        (
            "marrow",
            "bm",
            "xcel",
            "ng01",
            "ng-01",
            "ng 01",
            "remestem",
            "prochymal",
            "ryoncil",
            "lomecel",
            "stempeu",
            "msv",
            "neuronata",
            "strocel",
            "cellgram",
            "temcell",
            "stemirac",
            "obnitix",
            "sb623",
            "sb-623",
            "sb 623",
            "mpc",
        ),
        "Bone marrow.",
        ("NCT00781872", "NCT02495766"),
    ),
)
"""Tried tier by tier, best first: the strongest tier in which any of them hits decides, so that a source in the background does not count."""

IPSC_THERAPY_RULES: Final = (
    Rule(
        "ipsc-msc",
        "therapy",
        "ipsc-msc",
        "gives mesenchymal cells made from induced pluripotent cells",
        phrase(
            r"<s>CYP ?00[14]<e>",
            r"(?:induced pluri ?potent|iPS)(?:C|Cs)? (?:<w>){0,5}<mes>",
            r"iPSC? ?-?(?:derived )?-?MSCs?<e>",
            r"<mes> (?:<w>){0,6}(?:induced pluri|iPS)",
            r"<s>iMSCs?<e>",
        ),
        ("cyp", "pluri", "ips", "imsc"),
        "Both iPSC and MSC.",
        (),
    ),
    Rule(
        "ipsc-immune",
        "therapy",
        "ipsc-immune",
        "gives immune cells made from induced pluripotent cells",
        phrase(
            r"<s>FT ?(?:819|839|522|825|576|596|516|538)<e>",
            r"<s>CNTY ?101<e>",
            r"<s>iNK<e>",
            r"CAR-? ?(?:i?NK|i?T)<e>",
            r"(?:NK|T) cells?",
            r"natural killer",
            r"chimeric antigen",
            r"<s>QN ?139b",
        ),
        ("ft", "cnty", "=ink", "car", "nk", "t cell", "t-cell", "killer", "chimeric", "qn"),
        "CAR-T and NK cells from an iPSC line.",
        ("NCT06308978",),
        where=LISTED,
    ),
    Rule(
        "ipsc-neural",
        "therapy",
        "ipsc-neural",
        "gives nerve cells or their progenitors made from induced pluripotent cells",
        phrase(r"neural", r"oligodendrocyte", r"dopamin", r"neuron", r"glial", r"retinal"),
        ("neur", "oligo", "dopa", "glial", "retinal"),
        "Neural and oligodendrocyte progenitors.",
        (),
        where=CLASSIFYING,
    ),
)

OTHER_THERAPY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "other-cell-free": "msc-derived",
        "other-neural": "fetal-nsc",
        "other-embryonic": "esc-derived",
        "other-svf-given": "svf",
        "other-svf": "svf",
        "other-marrow-mononuclear": "bm-mnc",
        "other-marrow-cells": "bm-mnc",
        "other-cord-blood-given": "cord-blood-derived",
        "other-cord-blood": "cord-blood-derived",
        "other-muse": "muse",
        "other-olfactory": "oec",
        "other-named": "other-stem-cell",
        "other-endogenous": "other-stem-cell",
        "other-adult-stem-cells-given": "other-stem-cell",
        "other-stem-cells": "other-stem-cell",
        "other-stem-cells-spoken-of": "other-stem-cell",
    }
)
"""The therapy that each rule of the fourth drawer stands for."""

# ---------------------------------------------------------------------------------------------------------------- donor, source, route

_OTHER_GIFT = r"(?! (?:<w>){0,2}(?:f(?:a)?ecal|microbio\w{0,3}|CAR<e>|T ?cells?|T ?lymph|lymphocyte|dendritic|serum|plasma|NK<e>|platelet|fibrin|tolerogenic|bone (?:tissue|matrix|graft|chips)))"

DONOR_RULES: Final = (
    Rule(
        "donor-autologous",
        "donor",
        "autologous",
        "gives people their own cells",
        phrase(
            r"<auto>" + _OTHER_GIFT,
            r"<s>a-?HSCTs?<e>",
            r"<s>au(?:to)?-?(?:HSCT|SCT|BMT|HCT|PBSCT|graft)\w{0,2}<e>",
            r"<s>ASCT<e>",
            r"<s>auto ?transplant\w{0,8}",
            r"(?:patients?|participants?|subjects?|one|your|their|his|her)\W{0,2}s? own (?:<w>){0,4}(?:stem|cells?|marrow|msc)",
            r"nurown",
            r"<s>NG ?-?01<e>",
            r"<s>XCEL MC? ?ALPHA",
            r"<s>MSC ?NPs?<e>",
        ),
        ("auto", "sct", "hct", "bmt", "=own", "nurown", "ng-01", "ng01", "xcel", "msc-np", "mscnp", "msc np"),
        "The word, its typos (Autologus), abbreviations that hold it, and products that are always autologous.",
        ("NCT01895439", "NCT04674280"),
    ),
    Rule(
        "donor-allogeneic",
        "donor",
        "allogeneic",
        "gives cells of another person",
        phrase(
            r"<allo>" + _OTHER_GIFT,
            r"<s>allo ?-?(?:HSCT|SCT|BMT|HCT|MSCs?)<e>",
            r"haplo ?identical",
            r"donor (?:<w>){0,2}(?:stem|marrow|peripheral|graft)",
            r"HLA ?(?:identical|matched)",
            r"(?:healthy|unrelated|related|sibling|matched|universal) (?:<w>){0,2}donors?",
            r"<s>AlloRx",
            r"<s>IMS ?001<e>",
            r"<s>PDA ?001<e>",
            r"<s>DUOC ?01<e>",
            r"remestemcel",
            r"off ?the ?shelf",
        ),
        ("logen", "hla", "allo", "haplo", "donor", "ims0", "ims-0", "ims 0", "pda", "duoc", "remestem", "shelf"),
        "The word, its typos (Allogenic), and products that are always allogeneic.",
        ("NCT03326505", "NCT02418325"),
    ),
    Rule(
        "donor-syngeneic",
        "donor",
        "syngeneic",
        "gives cells of an identical twin",
        phrase(r"syngen\w{0,5}", r"identical twin(?! (?:<w>){0,2}discordant)"),
        ("syngen", "twin"),
        "A twin's cells.",
        ("NCT00716066",),
        where=CLASSIFYING,
    ),
    Rule(
        "donor-cord-blood-graft",
        "donor",
        "allogeneic",
        "transplants a donor's cord blood",
        phrase(r"cord blood (?:<w>){0,2}(?:transplant\w{0,8}|grafts?|HSCT|SCT)", r"<s>UCBT<e>"),
        ("cord blood", "cord-blood", "ucbt"),
        "Banked cord blood is another person's unless the record says otherwise.",
        (),
        unless=phrase(r"<auto> (?:<w>){0,3}(?:umbilical|cord)"),
    ),
    Rule(
        "donor-birth-tissue",
        "donor",
        "allogeneic",
        "gives cells of birth tissue, which for adults are another person's",
        phrase(
            r"<cord> cord",
            r"<s>h?UC ?-?MSCs?<e>",
            r"wharton\W{0,2}s? jelly",
            r"placent\w{0,4}",
            r"amnio(?:n|tic)\w{0,2}<e>",
            r"cord blood",
            r"(?:fetal|foetal|embryonic)",
            r"<s>WJ ?MSC",
        ),
        (
            "umbi",
            "umbl",
            "umbel",
            "unbi",
            "=uc",
            "=huc",
            "=auc",
            "=ahuc",
            "ucms",
            "ucbm",
            "wharton",
            "placent",
            "amnio",
            "=cord",
            "fetal",
            "foetal",
            "embryonic",
            "wj",
        ),
        "Nobody with MS has banked their own cord; the record need not say so. Inferred, so held just above the bar.",
        ("NCT06607900",),
        where=CLASSIFYING | {"keyword"},
        ceiling=0.7,
        unless=phrase(r"<auto> (?:<w>){0,3}(?:umbilical|cord|placent)"),
    ),
)

NOT_THE_GRAFT: Final = phrase(r"^ (?:<w>){0,2}(?:<mes>|[a-z]{0,4}MSCs?<e>|adipose)")
"""After a donor's word: other cells than the blood-forming ones are meant."""

SOURCE_RULES: Final = (
    Rule(
        "source-cord-blood",
        "cell_source",
        "cord blood",
        "takes cells of cord blood",
        phrase(r"cord blood", r"<s>h?UCB ?-?MSC", r"<s>DUOC ?01<e>"),
        ("=cord", "ucb", "duoc"),
        "Cord blood.",
        ("NCT04943289",),
    ),
    Rule(
        "source-cord",
        "cell_source",
        "umbilical cord",
        "takes cells of the umbilical cord",
        phrase(
            r"<cord>(?!\W{0,3}cord\W{0,3}blood)",
            r"<s>h?UC ?-?MSCs?<e>",
            r"wharton\W{0,2}s?",
            r"<s>WJ ?-?MSC",
            r"<s>AlloRx",
            r"<s>ULSC<e>",
        ),
        ("umbi", "umbl", "umbel", "unbi", "=uc", "=huc", "=auc", "=ahuc", "ucms", "ucbm", "wharton", "wj", "allorx", "ulsc"),
        "Cord tissue and Wharton's jelly.",
        ("NCT02418325",),
    ),
    Rule(
        "source-placenta",
        "cell_source",
        "placenta",
        "takes cells of the placenta or amnion",
        phrase(r"placent\w{0,4}", r"amnio(?:n|tic)\w{0,2}<e>", r"decidua\w{0,2}", r"<s>PDA ?001<e>", r"<s>P[DL] ?-?MSC"),
        ("placent", "amnio", "decidua", "pda", "=pd", "=pl", "pdms", "plms"),
        "Placenta, decidua, amnion.",
        ("NCT06360861",),
    ),
    Rule(
        "source-adipose",
        "cell_source",
        "adipose tissue",
        "takes cells of fat",
        phrase(
            r"adipos\w{0,3}",
            r"liposuction",
            r"lipo ?aspirat\w{0,3}",
            r"<s>h?AD-?h?M?SCs?<e>",
            r"<s>HB ?adMSC",
            r"<s>(?:AD ?-?)?c?SVF<e>",
            r"stromal vascular",
        ),
        ("adipos", "liposuc", "lipo", "=ad", "=had", "adms", "adsc", "adhm", "svf", "vascular"),
        "Fat.",
        ("NCT01056471",),
    ),
    Rule(
        "source-fetal-brain",
        "cell_source",
        "fetal brain",
        "takes cells of fetal brain",
        phrase(
            r"(?:fetal|foetal) (?:<w>){0,3}(?:brain|neural|nervous|cns|cortex)",
            r"(?:fetus|foetus)\w{0,2}",
            r"(?:fetal|foetal) (?:<w>){0,2}cells?",
        ),
        ("fetal", "foetal", "fetus", "foetus"),
        "Fetal brain.",
        ("NCT03269071",),
    ),
    Rule(
        "source-embryonic",
        "cell_source",
        "embryonic",
        "takes embryonic stem cells",
        phrase(r"embryonic (?:<w>){0,1}stem", r"<s>h?ESCs?<e>", r"<s>IMS ?001<e>"),
        ("embryonic", "=esc", "=escs", "=hesc", "=hescs", "ims0", "ims-0", "ims 0"),
        "Embryonic stem cell lines.",
        ("NCT04956744",),
    ),
    Rule(
        "source-menstrual",
        "cell_source",
        "menstrual blood",
        "takes cells of menstrual blood",
        phrase(r"menstrual", r"endometri\w{0,3} (?:derived )?(?:<w>){0,2}(?:stem|stromal|regenerative)"),
        ("menstrual", "endometri"),
        "Menstrual blood.",
        (),
    ),
    Rule(
        "source-dental",
        "cell_source",
        "dental pulp",
        "takes cells of teeth",
        phrase(r"dental pulp", r"deciduous teeth"),
        ("dental", "deciduous"),
        "Dental pulp.",
        (),
    ),
    Rule(
        "source-olfactory",
        "cell_source",
        "olfactory mucosa",
        "takes cells of the nose",
        phrase(r"olfactory (?:mucosa|ensheathing|stem)"),
        ("olfactory",),
        "Olfactory mucosa.",
        (),
    ),
    Rule(
        "source-peripheral-blood",
        "cell_source",
        "peripheral blood",
        "takes stem cells of the blood",
        phrase(
            r"peripheral (?:blood )?(?:<w>){0,3}(?:stem|progenitor|CD ?34|hematopoietic)",
            r"<s>PBSCs?T?<e>",
            r"leuk[ao]?pheres[ie]s",
            r"<s>a?pheresis",
        ),
        ("peripheral", "pbsc", "pheres"),
        "Blood stem cells after mobilisation.",
        ("NCT02674217",),
    ),
    Rule(
        "source-marrow",
        "cell_source",
        "bone marrow",
        "takes cells of the bone marrow",
        phrase(
            r"bone (?:<w>){0,1}marrow",
            r"marrow (?:derived|stromal|rescue)",
            r"<s>h?BM ?-?(?:h?MSC|MNC)s?<e>",
            r"<s>BMSCs?<e>",
            r"<s>XCEL MC? ?ALPHA",
            r"<s>NG ?-?01<e>",
            r"remestemcel",
        ),
        ("marrow", "bm", "xcel", "ng01", "ng-01", "remestem"),
        "Bone marrow.",
        ("NCT00781872",),
    ),
    Rule(
        "source-skin",
        "cell_source",
        "skin",
        "takes cells of the skin",
        phrase(r"skin (?:punch )?(?:biops\w{0,3}|fibroblasts?|cells?|samples?)", r"dermal fibroblasts?"),
        ("skin", "dermal"),
        "Skin.",
        ("NCT00874783",),
    ),
    Rule(
        "source-urine",
        "cell_source",
        "urine",
        "takes cells of the urine",
        phrase(r"urine (?:derived )?(?:cells?|samples?|collection)", r"renal epithelial cells? from urine"),
        ("urine",),
        "Urine.",
        (),
    ),
    Rule(
        "source-blood",
        "cell_source",
        "blood",
        "takes cells of the blood",
        phrase(r"blood (?:draw|samples?|collection|cells?|derived)", r"peripheral blood mono ?nuclear"),
        ("blood",),
        "Blood, for making cell lines.",
        (),
    ),
)

SOURCES_OF_LINES: Final = frozenset({"skin", "urine", "blood"})
"""Sources that mean something only where cell lines are made: everybody in every study gives blood."""

ROUTE_RULES: Final = (
    Rule(
        "route-intravenous",
        "route",
        "intravenous",
        "gives cells into a vein",
        phrase(
            r"intra ?venou?s\w{0,2}",
            r"<s>i\.v\.",
            r"(?<!phase\s)(?<!stage\s)<s>IV<e> (?:infusion|injection|administration|transplantation|transfusion|delivery|deployment|drip|route|push|and i|[a-z]{0,4}MSC|IMS|dose|cell)",
            r"(?:via|by|per|through) (?:<w>){0,3}(?:IV|vein)<e>",
            r"peripheral vein",
        ),
        ("intrav", "intra v", "intra-v", "=iv", "i.v", "vein"),
        "A vein. Phase IV is not a route.",
        ("NCT01377870",),
    ),
    Rule(
        "route-intrathecal",
        "route",
        "intrathecal",
        "gives cells into the spinal fluid",
        phrase(
            r"intra ?thec\w{0,6}",
            r"<s>i\.t\.",
            r"<s>IT<e> (?:injection|infusion|administration|MSC|route|delivery|transplant)",
            r"<s>IT-?MSC",
            r"(?:by|via|through) (?:<w>){0,2}lumbar puncture",
            r"sub ?arachnoid",
        ),
        ("thec", "it inj", "it inf", "it adm", "it msc", "it rou", "it del", "it tra", "it-", "itms", "i.t", "lumbar", "arachnoid"),
        "The fluid around the spine.",
        ("NCT00781872",),
    ),
    Rule(
        "route-intraventricular",
        "route",
        "intraventricular",
        "gives cells into the brain's ventricles",
        phrase(r"intra ?cerebro ?ventric\w{0,5}", r"intra ?ventric\w{0,5}", r"<s>ICV<e>", r"ommaya"),
        ("ventric", "icv", "ommaya"),
        "The ventricles.",
        ("NCT03282760",),
    ),
    Rule(
        "route-intracerebral",
        "route",
        "intracerebral",
        "gives cells into the brain",
        phrase(r"intra ?cerebral\w{0,2}", r"intra ?parenchymal", r"stereota\w{0,5}", r"intra ?lesional", r"into the brain"),
        ("cerebral", "parenchym", "stereota", "lesional", "brain"),
        "The brain's tissue.",
        (),
    ),
    Rule(
        "route-intranasal",
        "route",
        "intranasal",
        "gives cells through the nose",
        phrase(r"intra ?nasal\w{0,2}", r"nasal (?:drops?|spray|administration)"),
        ("nasal",),
        "The nose.",
        ("NCT06607900", "NCT02795052"),
    ),
    Rule(
        "route-intra-arterial",
        "route",
        "intra-arterial",
        "gives cells into an artery",
        phrase(r"intra ?arterial\w{0,2}", r"intra ?carotid"),
        ("arterial", "carotid"),
        "An artery.",
        (),
    ),
    Rule(
        "route-intramuscular",
        "route",
        "intramuscular",
        "gives cells into a muscle",
        phrase(r"intra ?muscular\w{0,2}"),
        ("muscular",),
        "A muscle.",
        (),
    ),
    Rule(
        "route-subcutaneous",
        "route",
        "subcutaneous",
        "gives cells under the skin",
        phrase(r"sub ?cutaneous\w{0,2}"),
        ("cutaneous",),
        "Under the skin.",
        (),
    ),
    Rule(
        "route-intraspinal",
        "route",
        "intraspinal",
        "gives cells into the spinal cord",
        phrase(r"intra ?spinal\w{0,2}", r"intra ?medullary"),
        ("spinal", "medullary"),
        "The spinal cord's tissue.",
        (),
    ),
)

GIVEN_CELLS: Final = phrase(
    r"cells?<e>",
    r"<stem>",
    r"[a-z]{0,5}MSCs?<e>",
    r"\bSVF<e>",
    r"transplant",
    r"nurown",
    r"IMS ?001",
    r"exosom",
    r"sEV",
    r"marrow",
    r"DUOC",
    r"AlloRx",
    r"BMSC",
    r"[a-z]{0,4}HSCT",
    r"ASCT<e>",
)
"""A route counts only in a sentence that speaks of cells: vaccines are intramuscular and steroids intravenous."""

NOTHING: Final = phrase(r"placebo", r"saline", r"sham", r"vehicle", r"standard", r"usual")
"""Interventions that stand for nothing given."""

CONDITIONED: Final = phrase(GIVEN_CELLS.pattern.removeprefix(_START), r"condition(?:ing|ed)", r"regimens?")
"""A regimen is told in a sentence about the transplant or about conditioning."""

# ---------------------------------------------------------------------------------------------------------------- use and background

USE: Final = phrase(
    r"(?:receiv|administ|infus|inject|transplant|treat|given|undergo|implant|deliver|safety|efficacy|evaluat|investigat|assess|feasib|effect|compar|stud)\w{0,12}"
)
"""In running text a sentence about giving cells has one of these words; without one the cells are only spoken of."""

MAKING: Final = phrase(USE.pattern.removeprefix(_START), r"(?:reprogram|generat|deriv|differentiat|convert|creat)\w{0,8}")
"""Of pluripotent cells it is enough to say that they are made."""

BACKGROUND: Final = phrase(
    r"(?:has|have|had) (?:also |previously |recently |already |significantly )?(?:been )?(?:improved|studied|shown|demonstrated|reported|suggested|proven|proposed|used|emerged)",
    r"previous(?:ly)? (?:stud|trial|report|publish|work)\w{0,4}",
    r"(?:animal|preclinical|pre clinical|mouse|mice|murine|rodent|rat) (?:model|stud)\w{0,4}",
    r"(?:such as|including|e ?g|like|for example|for instance) (?:<w>){0,6}$",
    r"(?:other|existing|current|available|alternative) (?:<w>){0,2}(?:treatments?|therapies|options?)",
    r"(?:ineligible|not eligible|excluded|will not|do not|does not|cannot|contra ?indicat)",
    r"(?:conditions?|diseases?|settings?) (?:such as|like|including)",
    r"(?:existing|other|commercial) products?",
    r"in the future",
    r"is known",
    r"literature",
)
"""A sentence with one of these words tells what is known or done elsewhere, not what this study does."""

GENERAL: Final = phrase(
    r"promising",
    r"potential(?:ly)? (?:<w>){0,2}(?:therap|treatment|source|modality|approach|to|for)",
    r"(?:capable|capacity|ability|able) (?:of|to)",
    r"(?:can|may|could) (?:also )?be (?:<w>){0,2}(?:isolated|obtained|derived|harvested|found|extracted|differentiated|expanded|cultured)",
    r"multi ?potent (?:<w>){0,4}cells? (?:that|which|found|present|with)",
    r"(?:first|originally|initially) (?:described|identified|isolated|discovered|found)",
    r"found in|present in|reside in|various (?:tissues|sources)",
    r"cancers? of the blood",
    r"evidence",
    r"experimental models?",
    r"(?:trials?|studies) (?:investigating|enrolling|using)",
)
"""A sentence with one of these words tells what such cells are like, not where this study takes them from or how it gives them."""

DEFINES: Final = phrase(r"\(", r"is<e>", r"are<e>", r"consist", r"contain", r"compris", r"derived", r"composed", r"made")
GIVES: Final = phrase(
    r"given", r"used", r"administ", r"after", r"before", r"follow", r"prior", r"patients?", r"combin", r"versus", r"compar"
)
"""Words between an intervention's name and a kind of cell: the first say that it is these cells, the second that it goes with them."""

PLANNED: Final = phrase(
    r"(?:patients?|participants?|subjects?|we|arm|group|cohort|study|trial|protocol|investigators?|volunteers?)\W{0,3}(?:<w>){0,6}(?:will|are|is|to be|receives?|received|was|were)"
)
"""The detailed description must say that people in the study get the cells."""

# ---------------------------------------------------------------------------------------------------------------- roles

_TREATED = r"(?:patients?|people|participants?|subjects?|recipients?|individuals?|those|persons?|multiple sclerosis|MS)"

ROLE_LINES: Final = Rule(
    "role-cell-lines",
    "role",
    "cell-line research",
    "makes cells or cell lines for the laboratory, and treats nobody",
    phrase(
        r"(?:generat|deriv|establish|creat|produc|bank|develop|biobank|making|repository)\w{0,6} (?:of )?(?:<w>){0,6}(?:induced pluri|iPS|stem cell lines?|cell lines?)",
        r"stem cell (?:lines?|bank|repository|models?)",
        r"(?:iPSC?s?|pluri ?potent stem cells?) (?:<w>){0,2}(?:lines?|bank|repository|models?|modell?ing|generation|derivation|production)",
        r"disease (?:in a dish|modell?ing)",
        r"in ?vitro",
        r"skin biops\w{0,3}",
        r"fibroblasts?",
        r"(?:collection|donation|sampling|procurement) of (?:<w>){0,4}(?:skin|blood|urine|tissue|samples?|specimens?)",
        r"(?:skin|blood|urine|tissue|bio ?specimen) (?:<w>){0,1}(?:collection|draw|donation|samples?|sampling|procurement)",
        r"venipuncture",
    ),
    (
        "generat",
        "deriv",
        "establish",
        "creat",
        "produc",
        "bank",
        "develop",
        "mak",
        "repository",
        "line",
        "model",
        "dish",
        "vitro",
        "biops",
        "fibroblast",
        "collection",
        "donation",
        "sampling",
        "procurement",
        "draw",
        "sample",
        "venipuncture",
    ),
    "Skin, blood or urine is taken to make lines; nothing is given back.",
    ("NCT00874783", "NCT06551649"),
    where=NAMED,
)

ROLE_LABORATORY: Final = Rule(
    "role-laboratory",
    "role",
    "cell-line research",
    "takes tissue to study cells in the laboratory, and treats nobody",
    phrase(
        r"isolation",
        r"characteri[sz]\w{0,5}",
        r"harvest\w{0,3}",
        r"decellulari[sz]\w{0,5}",
        r"in ?vitro",
        r"pre ?clinical",
        r"bank(?:ing)?<e>",
        r"cell lines?",
        r"epigenom\w{0,3}",
    ),
    (),
    "An observational record that isolates or characterises cells follows nobody's treatment.",
    ("NCT01213953",),
    where=NAMED,
    ceiling=0.7,
)

ROLE_FOLLOW_UP: Final = Rule(
    "role-follow-up-title",
    "role",
    "follow-up",
    "follows people who were treated",
    phrase(
        r"long term (?:<w>){0,2}(?:follow ?up|outcomes?)",
        r"follow ?up (?:<w>){0,2}(?:study|safety|evaluation|investigation|of|for|on|trial|protocol)",
        r"(?:long term )?extension (?:study|trial|of)",
        r"<s>registr(?:y|ies)<e>",
        r"registry ?based",
        r"bio ?bank\w{0,3}",
        r"outcomes? (?:data|research|registry|study|after|following|of patients)",
        r"retrospective",
        r"observational (?:study|cohort)",
        r"real ?world",
        rf"{_TREATED} (?:<w>){{0,3}}(?:previously |formerly |already )(?:treated|transplanted)",
        r"who (?:have )?(?:participated|completed|previously|received|underwent|undergone|were treated|had been)",
        r"(?:biomarkers?|imaging|MRI|mechanisms?|immune reconstitution|immune profil\w{0,4}|immunological (?:study|changes|effects)) (?:of |in |after |following )(?:<w>){0,5}$",
        r"(?:cohort|natural history|late effects|survivors?)",
    ),
    (
        "follow",
        "extension",
        "registr",
        "bank",
        "outcome",
        "retrospective",
        "observational",
        "real",
        "previous",
        "former",
        "already",
        "who ",
        "biomarker",
        "imaging",
        "mri",
        "mechanism",
        "immun",
        "cohort",
        "natural",
        "late effect",
        "survivor",
    ),
    "The title says that treated people are watched; the study gives no cells.",
    ("NCT02157064",),
    where=frozenset({"title"}),
    ceiling=0.8,
)

ROLE_FOLLOW_UP_BOTH: Final = phrase(
    r"(?:safety|efficacy|treatment|injections?|repeated|phase) (?:<w>){0,6}(?:and|with) (?:<w>){0,3}follow ?up",
    r"follow ?up (?:period|visits?)",
)
"""A trial that treats and then follows its own people says follow-up too."""

ROLE_OBSERVATIONAL: Final = Rule(
    "role-observational",
    "role",
    "follow-up",
    "is observational: it watches people whose treatment others decide",
    phrase(r"OBSERVATIONAL"),
    (),
    "An observational record that names stem cells as its intervention follows treated people.",
    ("NCT04674280", "NCT05029206"),
    ceiling=0.9,
)

ROLE_EXPANDED_ACCESS: Final = Rule(
    "role-expanded-access",
    "role",
    "treatment",
    "gives the treatment outside a trial",
    phrase(r"EXPANDED_ACCESS"),
    (),
    "Expanded access gives the treatment; it has no phase and is not a trial.",
    ("NCT02084121", "NCT03822858"),
)

ROLE_DIAGNOSTIC: Final = Rule(
    "role-measures-treated",
    "role",
    "follow-up",
    "examines people who are treated",
    phrase(r"DIAGNOSTIC|BASIC_SCIENCE|SCREENING|HEALTH_SERVICES_RESEARCH"),
    (),
    "Imaging or laboratory work in treated people, without giving cells.",
    (),
    ceiling=0.75,
)

ROLE_SUPPORTIVE: Final = Rule(
    "role-around-transplant",
    "role",
    "supportive",
    "gives something else around a transplant",
    phrase(
        r"<s>(?:after|following|post|before|during|undergoing|receiving|awaiting|prior to|ahead of|bridging to|in the setting of|recipients? of|candidates? for|conditioning for|scheduled for|"
        r"treated with|who (?:undergo|underwent|receive|received|had)|consolidation treatment after|maintenance after|late after|early after)"
        r"(?: (?:an?|the|<auto>|<allo>|of|their|non ?myeloablative|high dose|chemotherapy|and|bone|previous|prior|human|haplo ?identical|unrelated|related|"
        r"matched|mismatched|sibling|donor|cord|<cord>|t cell|depleted|peripheral|blood|unmanipulated)){0,5}\W{0,3}$"
    ),
    (),
    "The title puts the study's own intervention after, before or during the transplant, and the interventions name no cells.",
    ("NCT04203017",),
    ceiling=0.8,
)

ROLE_OUTCOME: Final = Rule(
    "role-outcome",
    "role",
    "supportive",
    "measures something of a transplant that its interventions do not name",
    phrase(r"."),
    (),
    "Only an outcome measure tells of the transplant: what is given is something else.",
    ("NCT05078177",),
    ceiling=0.4,
)

ROLE_SUPPORTIVE_PURPOSE: Final = Rule(
    "role-supportive-purpose",
    "role",
    "supportive",
    "is declared as supportive care",
    phrase(r"SUPPORTIVE_CARE|PREVENTION"),
    (),
    "The record's own purpose, where the interventions name no cells.",
    (),
    ceiling=0.7,
)

ROLE_COMPARATOR_ARM: Final = Rule(
    "role-comparator-arm",
    "role",
    "comparator",
    "uses it as the treatment that another is compared with",
    phrase(r"ACTIVE_COMPARATOR|NO_INTERVENTION|OTHER|SHAM_COMPARATOR|PLACEBO_COMPARATOR"),
    (),
    "Stem cells stand only in comparator arms while another arm is the experimental one.",
    (),
    ceiling=0.8,
)

ROLE_COMPARATOR_TITLE: Final = Rule(
    "role-comparator-title",
    "role",
    "comparator",
    "compares another treatment with it",
    phrase(
        r"<s>(?:versus|vs|compared (?:with|to)|in comparison (?:with|to)|against|comparison with)(?: (?:<auto>|<allo>|an?|the|non ?myeloablative|high dose|chemotherapy|and|with|standard|of|care|salvage|therapy|consolidat\w{1,5}|up ?front)){0,6}\W{0,3}$"
    ),
    (),
    "Another new treatment is named first, the transplant after 'versus'.",
    (),
    ceiling=0.75,
)

ROLE_CARE: Final = Rule(
    "role-care-around",
    "role",
    "supportive",
    "gives care, training or food around a transplant",
    phrase(r"BEHAVIORAL|DIETARY_SUPPLEMENT"),
    (),
    "Every intervention is training, advice or food, so the transplant that a title names is where it takes place.",
    (),
    ceiling=0.75,
)

USUAL_CARE: Final = phrase(
    r"best (?:<w>){0,1}(?:available|medical)",
    r"standard",
    r"conventional",
    r"disease modifying",
    r"<s>DMTs?<e>",
    r"usual",
    r"approved",
    r"high efficacy",
    r"placebo",
    r"sham",
    r"natalizumab",
    r"alemtuzumab",
    r"ocrelizumab",
    r"cladribine",
    r"mitoxantrone",
    r"rituximab",
    r"fingolimod",
    r"ofatumumab",
    r"interferon",
    r"teriflunomide",
    r"glatiramer",
    r"medication",
    r"drugs?<e>",
    r"<s>FDA<e>",
)
"""Treatments that are in use already: named before 'versus', they are the comparison, not the novelty."""

CONDITIONING: Final = phrase(*_CONDITIONING[:15])
"""Interventions that only a transplant needs: where a title names the transplant, they stand for it."""

ROLE_TREATMENT: Final = Rule(
    "role-treatment",
    "role",
    "treatment",
    "tests or gives it as a treatment",
    phrase(r"."),
    (),
    "Nothing says otherwise.",
    ("NCT04047628",),
)

ROLE_RULES: Final = (
    ROLE_LINES,
    ROLE_LABORATORY,
    ROLE_EXPANDED_ACCESS,
    ROLE_OBSERVATIONAL,
    ROLE_CARE,
    ROLE_FOLLOW_UP,
    ROLE_COMPARATOR_ARM,
    ROLE_COMPARATOR_TITLE,
    ROLE_OUTCOME,
    ROLE_SUPPORTIVE,
    ROLE_SUPPORTIVE_PURPOSE,
    ROLE_DIAGNOSTIC,
    ROLE_TREATMENT,
)
"""In the order in which the classifier asks."""

DEFAULT_THERAPY: Final[Mapping[str, str]] = MappingProxyType(
    {"hsct": "ahsct", "msc": "msc", "ipsc": "ipsc-neural", "other": "other-stem-cell"}
)
"""The therapy where the record tells the approach and no more."""

IN_INCLUSION: Final = Rule(
    "ms-in-inclusion",
    "condition",
    "named",
    "takes people with multiple sclerosis, by its inclusion criteria",
    CONDITION_RULES[0].pattern,
    ("sclero",),
    "Neither conditions nor titles name the disease, the inclusion criteria do: a basket of diseases.",
    (),
    where=frozenset({"criteria"}),
    ceiling=0.5,
)

IN_BASKET_SUMMARY: Final = Rule(
    "ms-in-summary-of-basket",
    "condition",
    "named",
    "takes a group of diseases and names multiple sclerosis in its summary",
    CONDITION_RULES[0].pattern,
    ("sclero",),
    "The conditions are a broad group, and the summary names the disease among them.",
    (),
    where=frozenset({"summary"}),
    ceiling=0.4,
)

BROAD_UNVERIFIED: Final = Rule(
    "ms-perhaps-in-basket",
    "condition",
    "named",
    "takes a group of diseases that may hold multiple sclerosis",
    BROAD_CONDITION,
    ("nervous", "neuro", "demyelin", "immune"),
    "Where neither summary nor criteria are there to say whether people with multiple sclerosis enrol, a curator looks.",
    ("NCT06607900",),
    ceiling=0.3,
)

TABLES: Final = (
    CONDITION_RULES,
    (IN_INCLUSION, IN_BASKET_SUMMARY, BROAD_UNVERIFIED),
    APPROACH_RULES,
    REGIMEN_RULES,
    REGIMEN_PAIRS,
    (ALLO_RULE,),
    MSC_THERAPY_RULES,
    IPSC_THERAPY_RULES,
    DONOR_RULES,
    SOURCE_RULES,
    ROUTE_RULES,
    ROLE_RULES,
)
RULES: Final = {rule.id: rule for table in TABLES for rule in table}
"""Every rule by its id, in order."""
