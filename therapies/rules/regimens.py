"""What makes room for a transplant: drugs and rays, and the regimens that they make up."""

from __future__ import annotations

from typing import Final

from therapies.rules.rule import Rule, phrase

CONDITIONING_WORDS: Final = (
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
    r"<s>Bu ?(?:Mel|Cy|Flu)\d?<e>",
)
"""Words beside which a transplant is one of blood-forming cells; the drugs come first."""

STRONG_CONDITIONING: Final = phrase(
    r"<s>RIC<e>",
    r"reduced intensity",
    r"mini ?allo",
    r"auto ?(?:and|or)? ?allo<e>",
    r"<s>Bu ?(?:Mel|Cy|Flu)\d?<e>",
    r"busul[fp]h?an",
    r"treosulfan",
    r"melphalan",
    r"thiotepa",
    r"marrow irradiation",
    r"total body irradiation",
    r"<s>TBI<e>",
    r"<s>BEAM<e>",
    r"<s>r?ATG<e>",
    r"anti ?thymocyte",
    r"thymoglobulin",
    r"condition(?:ing|ed)<e>",
    r"(?:myelo|immuno) ?ablat",
    r"high dose (?:<w>){0,2}chemo",
)
"""Names that hardly stand but beside a transplant, so that running text may tell of it."""

MAKES_ROOM: Final = phrase(
    r"<s>Bu ?(?:Mel|Cy|Flu)\d?<e>",
    r"busul[fp]h?an",
    r"treosulfan",
    r"melphalan",
    r"thiotepa",
    r"total body irradiation",
    r"<s>TBI<e>",
    r"<s>BEAM<e>",
    r"carmustine",
    r"(?:myelo|immuno) ?ablat",
)
"""Drugs and rays that are not given without a transplant, and never after one."""

CONDITIONS: Final = phrase(r"condition(?:ing|ed)<e>")
"""In a title: the study is about what makes room."""

CONDITIONING: Final = phrase(*CONDITIONING_WORDS[:15])
"""Interventions that only a transplant needs: where a title names the transplant, they stand for it."""

REGIMEN_RULES: Final = (
    Rule(
        "beam",
        "therapy",
        "ahsct-beam",
        "conditions with BEAM",
        phrase(r"<s>(?:mini ?)?BEAM<e>(?!\W?\d)"),
        ("beam",),
        "BEAM is carmustine, etoposide, cytarabine and melphalan; with or without ATG it is one regimen.",
        ("NCT00288626", "NCT03113162"),
        unless=phrase(r"beam radiation", r"external beam"),
    ),
    Rule(
        "beam-drugs",
        "therapy",
        "ahsct-beam",
        "conditions with the drugs of BEAM",
        phrase(r"carmustine", r"<s>BCNU<e>", r"bis ?chloro ?ethyl"),
        ("carmustine", "bcnu", "chloro"),
        "Carmustine with cytarabine; with thiotepa, or with cyclophosphamide and etoposide, it is another regimen.",
        ("NCT00002515",),
        needs=phrase(r"cytarabine", r"ara ?-?C<e>", r"cytosine arabinoside", r"BEAM", r"multiple sclerosis", r"<s>MS<e>"),
        unless=phrase(r"thiotepa"),
    ),
    Rule(
        "busulfan",
        "therapy",
        "ahsct-busulfan",
        "conditions with busulfan",
        phrase(r"busul[fp]h?an(?! (?:(?:and|plus|with) )?melphalan)", r"busulfex", r"busilvex", r"<s>Bu ?Cy(?:ATG)?<e>"),
        ("busul", "busil", "=bu", "bucy"),
        "Busulfan with cyclophosphamide, the Ottawa regimen. With melphalan it is another one, of tumours.",
        ("NCT01099930", "NCT02724163"),
        unless=phrase(r"melphalan"),
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
