"""Induced pluripotent stem cells and what is made from them."""

from __future__ import annotations

from typing import Final

from therapies.rules.products import anchors, of, patterns
from therapies.rules.rule import CLASSIFYING, LISTED, NAMED, SPELLED_OUT, Rule, phrase

_PRODUCTS: Final = of("ipsc-msc", "ipsc-immune", "ipsc-neural")

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
        phrase(r"iPS<e>"),
        ("=ips",),
        "iPS alone, where the record also speaks of the cells it comes from.",
        ("NCT00874783",),
        where=NAMED | {"keyword"},
        ceiling=0.85,
        unless=phrase(r"idiopathic pneumonia", r"petrosal"),
        needs=phrase(r"somatic", r"stem cell", r"pluri ?potent", r"reprogram", r"fibroblast"),
    ),
    Rule(
        "ipsc-product",
        "approach",
        "ipsc",
        "gives a product made from induced pluripotent stem cells",
        phrase(
            *patterns(_PRODUCTS), r"<s>iNK cells?", r"<s>iMSCs?<e>", r"BioVAT ?HF<e>", r"HiCM ?188<e>", r"HS ?001 cardio", r"MyoPAXon<e>"
        ),
        (*anchors(_PRODUCTS), "=ink", "imsc", "biovat", "hicm", "cardio", "myopaxon"),
        "Immune or mesenchymal cells made from an iPSC line carry no word of it in their name. Ordinary CAR-T is no stem-cell approach.",
        ("NCT06308978",),
        where=LISTED,
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
        ("reprogram", "specific"),
        "Making cell lines is often described rather than named.",
        ("NCT00874783",),
        ceiling=0.75,
        where=LISTED,
    ),
)

IPSC_THERAPY_RULES: Final = (
    Rule(
        "ipsc-msc",
        "therapy",
        "ipsc-msc",
        "gives mesenchymal cells made from induced pluripotent cells",
        phrase(
            *patterns(of("ipsc-msc")),
            r"(?:induced pluri ?potent|iPS)(?:C|Cs)? (?:<w>){0,5}<mes>",
            r"iPSC? ?-?(?:derived )?-?MSCs?<e>",
            r"<mes> (?:<w>){0,6}(?:induced pluri|iPS)",
            r"<s>iMSCs?<e>",
        ),
        (*anchors(of("ipsc-msc")), "pluri", "ips", "imsc"),
        "Both iPSC and MSC.",
        ("NCT04537351",),
    ),
    Rule(
        "ipsc-immune",
        "therapy",
        "ipsc-immune",
        "gives immune cells made from induced pluripotent cells",
        phrase(
            *patterns(of("ipsc-immune")),
            r"<s>iNK<e>",
            r"CAR-? ?(?:i?NK|i?T)<e>",
            r"(?:NK|T) cells?",
            r"natural killer",
            r"chimeric antigen",
        ),
        (*anchors(of("ipsc-immune")), "=ink", "car", "nk", "t cell", "t-cell", "killer", "chimeric"),
        "CAR-T and NK cells from an iPSC line.",
        ("NCT06308978",),
        where=LISTED,
    ),
    Rule(
        "ipsc-neural",
        "therapy",
        "ipsc-neural",
        "gives nerve cells or their progenitors made from induced pluripotent cells",
        phrase(
            *patterns(of("ipsc-neural")),
            r"neural",
            r"oligodendrocyte",
            r"dopamin",
            r"neuron",
            r"glial",
            r"retinal?<e>",
            r"photoreceptor",
            r"NS ?/? ?PCs?<e>",
            r"\w{0,5}(?:NPC|NSC|OPC|GRP|RPE)s?<e>",
        ),
        (
            *anchors(of("ipsc-neural")),
            "neur",
            "oligo",
            "dopa",
            "glial",
            "retina",
            "photorec",
            "ns/pc",
            "nspc",
            "npc",
            "nsc",
            "opc",
            "grp",
            "rpe",
        ),
        "Neural and oligodendrocyte progenitors, the retina's cells with them. Of other cells made from iPSC none is guessed.",
        ("NCT06422208",),
        where=CLASSIFYING,
    ),
)
