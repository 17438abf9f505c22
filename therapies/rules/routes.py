"""How cells are given."""

from __future__ import annotations

from typing import Final

from therapies.rules.rule import Rule, phrase

_ARTERIES = r"(?:hepatic|mesenteric|renal|testicular|carotid|cerebral|coronary|splenic|pancreatic|spinal|iliac|popliteal|infarct related|uterine|ophthalmic|vertebral|basilar|spermatic|gastroduodenal|celiac|bronchial)"

ROUTE_RULES: Final = (
    Rule(
        "route-intravenous",
        "route",
        "intravenous",
        "gives cells into a vein",
        phrase(
            r"intra ?venou?s\w{0,2}",
            r"<s>i ?\. ?v<e>",
            r"(?<!phase\s)(?<!stage\s)<s>IV<e> (?:infusion|injection|administration|transplantation|transfusion|delivery|deployment|drip|route|push|and i|[a-z]{0,4}MSC|IMS|dose|cell)",
            r"(?<!phase\s)<s>IV<e> ?[(]?\d",
            r"(?<!phase\s)(?<!stage\s)[(]IV[)]",
            r"(?:via|by|per|through|into) (?:<w>){0,3}(?:IV|(?<!portal\s)veins?)<e>",
            r"(?:administ\w{2,6}|given|infused|injected|delivered) (?:<w>){0,1}IV<e>",
            r"(?:peripheral|central) veins?",
            r"(?:arter(?:y|ies|ial)|<s>I[TA]|intra ?thecal\w{0,2}) (?:and|or|plus) ?IV<e>",
            r"(?<!deep\s)(?<!portal\s)venous (?:access|line|catheter|infusion|injection|route|drip)",
        ),
        ("intrav", "intra v", "intra-v", "=iv", "i.v", "vein", "venous"),
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
            r"lumbar (?:administration|injection|infusion|delivery)",
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
        phrase(
            r"intra ?cerebral\w{0,2}(?! (?:<w>){0,1}(?:ha?emorr|bleed|ha?ematoma|pressure|aneurysm))",
            r"intra ?parenchymal",
            r"stereota\w{0,5}",
            r"into the (?:<w>){0,3}(?:brain|putamen|striatum|ha?ematoma)",
            r"cells? per (?:brain|hemisphere)",
        ),
        ("cerebral", "parenchym", "stereota", "brain", "putamen", "striatum", "hematoma", "haematoma", "hemisphere"),
        "The brain's tissue.",
        ("NCT04074408", "NCT01297218"),
    ),
    Rule(
        "route-intranasal",
        "route",
        "intranasal",
        "gives cells through the nose",
        phrase(r"intra ?nasal\w{0,2}", r"nasal (?:<w>){0,1}(?:drops?|drip|spray|administration|delivery|way|route)"),
        ("nasal",),
        "The nose.",
        ("NCT06607900", "NCT02795052"),
    ),
    Rule(
        "route-intra-arterial",
        "route",
        "intra-arterial",
        "gives cells into an artery",
        phrase(
            r"intra ?(?:hepatic )?arterial\w{0,2}",
            r"coronary (?:injection|infusion|administration|delivery)",
            r"intra ?(?:carotid|coronar\w{1,2})",
            rf"(?:into|via|through|by|to|in) (?:<w>){{0,4}}{_ARTERIES} arter(?:y|ies|ial)(?! (?:disease|bypass|stenosis|occlusion|thrombosis))",
            rf"{_ARTERIES} arter(?:y|ies|ial) (?:infus|inject|administ|deliver|transplant|route)\w{{0,8}}",
            r"<s>IA (?:and|or|plus|) ?IV<e>",
            r"<s>IC<e> (?:infusion|injection|administration|delivery|(?:and|or) IV)",
            r"in(?:to)? the artery",
        ),
        ("arter", "carotid", "coronar", "=ia", "=ic"),
        "An artery.",
        ("NCT01741090", "NCT01270139"),
    ),
    Rule(
        "route-intramuscular",
        "route",
        "intramuscular",
        "gives cells into a muscle",
        phrase(
            r"intra ?muscular\w{0,2}", r"into (?:<w>){0,3}muscles?<e>", r"<s>i ?\. ?m ?\.", r"<s>IM<e> (?:injection|administration|route)"
        ),
        ("muscular", "muscle", "i. m", "i.m", "=im"),
        "A muscle.",
        ("NCT06053242", "NCT05507697"),
    ),
    Rule(
        "route-subcutaneous",
        "route",
        "subcutaneous",
        "gives cells under the skin",
        phrase(r"sub ?cutaneous\w{0,2}(?! (?:<w>){0,1}(?:fat|adipose|tissue|layer))"),
        ("cutaneous",),
        "Under the skin.",
        ("NCT05519384", "NCT05162326"),
    ),
    Rule(
        "route-intraspinal",
        "route",
        "intraspinal",
        "gives cells into the spinal cord",
        phrase(r"intra ?spinal\w{0,2}", r"intra ?medullary"),
        ("spinal", "medullary"),
        "The spinal cord's tissue.",
        ("NCT01676441", "NCT02116634"),
    ),
)
