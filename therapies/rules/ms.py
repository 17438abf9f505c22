"""Multiple sclerosis by its names, and groups of diseases that may hold it."""

from __future__ import annotations

import re
from typing import Final

from therapies.rules.rule import Rule, phrase

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

EXCLUDES: Final = re.compile(r"(?:exclusion|non-?inclusion)(?:\s{1,3}criteria)?|(?:must|should)\s{1,3}not\s{1,3}have")
"""Where the criteria turn to what keeps people out."""

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
