"""The courses of MS by their names: every spelling, abbreviation and general word that criteria use for them.

"Relapsing MS" stands for RRMS and SPMS with activity; "progressive MS" for SPMS, PPMS and PRMS; a list of courses beside the general word
narrows it. What a criterion says of the courses that it names is the business of `courses`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trials.eligibility.facts import COURSES

_KINDS = r"(?:forms?|types?|courses?|subtypes?|phenotypes?|phases?|stages?)\b"
_MS = r"(?:ms\b|m\.s\.|multiple[\s-]+sclerosis|disease\s+" + _KINDS + r"|(?:clinical\s+)?" + _KINDS + ")"
_GAP = r"[\s/,_-]{1,4}"
_OR = r"(?:/|,|\band\b|\bor\b|&)(?:\s?or\b)?"
_BOTH = r"(?:primar(?:y|ily)|secondar(?:y|ily)|pp|sp)"
_SECONDARY = r"sec[ou]n(?:dary|darily|day|dry|dery)"
_OF_MS = r"(?:ms\b|multiple\ssclerosis|(?:forms?|types?|courses?)\b(?!\sof\s(?!(?:the\s)?(?:ms|multiple|disease))))"
_REMITTING = r"(?:rem{1,2}it{1,2}\w{2,4}|remission(?=\s(?:ms\b|multiple|forms?\b|types?\b|courses?\b)))"
_LETTERS = r"(?:r[-/]?r|s-?p|p-?p|p-?r)"
_AND_LETTERS = rf"-?\s?(?:[/,;&]\s?(?:and/or|or|and)?|and/or|or|and)\s?{_LETTERS}"
_SAID = "|".join(
    f"(?<={words} )" for words in ("defined as", "classified as", "described as", "disease is", "course is", "type:", "course:", "form:")
)
_PATTERNS = {  # in this order: the first that matches at a place counts
    "letters": rf"\b{_LETTERS}(?:{_AND_LETTERS})+(?:-?\s?ms)?\b(?!-?\s?intervals?)"
    rf"|\b{_LETTERS}(?:-?\s?ms\b|(?=\smultiple\ssclerosis\b|-?\s(?:disease\s|clinical\s)?{_KINDS}))"
    rf"|\b(?:ms|multiple\ssclerosis)[\s,(:-]{{1,3}}{_LETTERS}\b(?:{_AND_LETTERS}\b)*(?!-?\s?intervals?)",
    "shared": rf"\b{_BOTH}\s\((?:pp|sp)(?:ms)?\)\s?{_OR}\s{{0,2}}{_BOTH}(?:\s\((?:pp|sp)(?:ms)?\))?[\s-]{{1,2}}progressive"
    rf"|\b{_BOTH}[\s-]{{0,2}}{_OR}\s{{0,2}}{_BOTH}[\s-]{{1,2}}(?:chronic\s)?(?:progressive|progression|ms\b)"
    r"|\b(?:chronic[\s-])?progressive(?:\scourse|\sms)?\s\((?:primary|secondary),?\s(?:pp|sp)(?:ms)?[,;/]?\s(?:or\s|and\s)?"
    r"(?:primary|secondary),?\s(?:pp|sp)(?:ms)?\)"
    rf"|\b(?:chronic[\s-])?progressive(?:\s{_KINDS}(?:\sof)?)?(?:\sms|\smultiple\ssclerosis)?[\s,:-]{{1,3}}\(?"
    rf"(?:both\s|either\s)?{_BOTH}\s(?:and|or|and/or|&|/)\s{_BOTH}\b(?!\sprog)"
    rf"|\b(?:primary|secondary)\s{_OR}\s(?:primary|secondary)\s(?:disease\s|ms\s)?courses?\b"
    rf"|\b(?:primary|secondary)\s?{_OR}\s?[sp]p-?\s?ms\b",
    "pr": rf"\bprogressive{_GAP}(?:relapsing|remitting)\b|(?<!non-)(?<!non )(?:relapsing|remitting){_GAP}progressive\b",
    "rr": rf"\b(?:relaps\w{{0,4}}|relasping|exacerbating){_GAP}(?:and\s|or\s|&\s|-\s?)?{_REMITTING}\b(?!\sfree\b)"
    rf"|\b{_REMITTING}{_GAP}(?:and\s)?relaps\w{{1,4}}"
    rf"|\b{_REMITTING}[\s-]recurr\w{{2,4}}|\b(?:recurr\w{{2,4}}|recidivant\w?)[\s-]{_REMITTING}"
    rf"|(?<!non-)(?<!non )\bremitt(?:ing|ent)(?=\s(?:or\s(?:{_SECONDARY}\s|primary\s)?progressive\b|{_OF_MS}))"
    r"|\b(?:ms|multiple\ssclerosis)\swith\s(?:relapses?|attacks?|exacerbations?)\sand\sremissions?\b"
    rf"|\b(?:relapse|attack|exacerbation)s?(?:-|\s(?:and\s)?)remissions?(?=\s{_OF_MS})",
    "sp": rf"\b{_SECONDARY}{_GAP}(?:chronic[\s-])?progre(?:ss?|di)\w{{1,4}}|\bprogressive\ssecondary(?=\s{_OF_MS})"
    r"|\b(?:nr-?|[ar])sp-?\s?ms\b|\bscp-?ms\b",
    "pp": rf"\bprimar(?:y|ily){_GAP}(?:chronic[\s-])?progre(?:ss?|di)\w{{1,4}}\b(?!\saphasia)"
    rf"|\bprogressive\sprimary(?=\s(?:{_OF_MS}|sclerosis|(?:or|and)\sprogressive\ssecondary))|\bpcp-?ms\b"
    r"|\bprogressive[\s-]onset\s(?:ms\b|multiple\ssclerosis|(?=(?:and|or)\srelapsing))"
    r"|\bprogressive[\s-]onset\b(?=\s?(?:[.;,)]|$)|\sof\s(?:the\s)?(?:disease|ms\b|multiple))"
    r"|\bprogressive\s(?:(?:disease|course|ms)\s)?(?:at|from)\s(?:the\s)?(?:disease\s)?(?:onset|beginning|start|outset)\b",
    "cis": r"\bclinical(?:ly)?(?=\s(?:or|and|/)\sradiologic\w+\sisolated)"
    r"|\bclinical(?:ly)?\sisolated\s(?:\w+\s)?syndromes?|(?<!-)\bcis\b(?!-[a-z]|\s(?:gender|women|men\b|(?:fe)?male))"
    r"|\b(?:first|single)\s(?:[\w-]+,?\s){0,6}?(?:event|episode|attack|manifestation)s?\s"
    r"(?:\w+\s){0,2}(?:(?:suggestive|indicative|typical)\sof|(?:at|with)\s(?:a\s)?(?:high\s)?risk\s(?:of|for)"
    r"|(?:consistent|compatible)\swith)\s(?:ms\b|multiple\ssclerosis"
    r"|(?:an?\s)?(?:cns\s|inflammatory\s){0,2}demyelinat(?:ion\b|ing\s(?:disease|disorder|event)\b))"
    r"|\b(?:first|(?<!the )initial|single|isolated)\s(?:acute\s)?(?:clinical\s)?(?:demyelinating\s(?:event|episode|attack)"
    r"|(?:event|episode|attack)\sof\s(?:(?:cns\s)?demyelination\b|ms\b(?!-)|multiple\ssclerosis))"
    r"|\bas\s(?:an?\s|the\s|their\s)?(?:first|initial)\s(?:clinical\s)?(?:manifestation|presentation|sign|symptom)\sof\s"
    r"(?:ms\b|multiple\ssclerosis)"
    r"|\bisolated\s(?:demyelinating|clinical)\ssyndromes?"
    r"|\bmono-?symptomatic(?=\)|\s(?:ms\b|multiple|disease|onset|presentation|patients?|demyel|cis\b))",
    "ris": r"\bradiologic(?:al|ally)?\sisolated\ssyndromes?|\bris\b",
    "relapsing": r"(?<!non-)(?<!non )\brelapsing(?=[\s/-]{1,3}(?:ms\b|multiple[\s-]+sclerosis|onset|forms?\b|types?\b"
    r"|(?:clinical\s)?courses?\b|disease\b|phase\b|phenotypes?\b|subtypes?\b|nature\b|pattern\b|patients?\b"
    r"|or\s(?!not\b|non)|and\s|and/or\s"
    r"|as\swell\sas\s|active\s(?:ms\b|multiple)|\(?rms\b))|\brms\b"
    r"|\b(?:ms,|multiple\ssclerosis[,-]?)[\s-]{1,2}relapsing(?![\w/-]|\s(?:and\s|or\s|&\s)?(?:rem|prog))"
    rf"|(?:{_SAID})relapsing\b(?=\s?(?:[.;,)]|$))"
    r"|(?<!ive )(?<!form of )(?<!type of )(?<!course of )\b(?:ms|multiple\ssclerosis)(?:\s\(ms\))?\s(?:with|and)\srelapses\b"
    r"|\b(?:relapse|bout|attack|exacerbation)[\s-]onset\s(?:ms\b|multiple\ssclerosis|disease\b|course\b)",
    "progressive": rf"(?<!rapidly )(?<!rapidly-)(?<!slowly )\bprogressive(?=[\s/-]{{1,3}}(?:or\srelapsing\s)?"
    rf"(?:\(pms\)\s)?(?:{_MS}|nature\b|pattern\b|patients?\b))|\bchronic[\s-]progressive\b"
    r"|multiple\ssclerosis[\s,-]{1,3}progressive\b(?!\s\(?(?:primary|secondary|relapsing)\b)"
    r"|\bms,\sprogressive\b(?=\s?(?:[.;,)]|$))"
    r"|(?<=non-)progressive\b(?=\s?(?:[.;,)]|$))"
    rf"|(?:{_SAID})progressive\b(?=\s?(?:[.;,)]|$))",
    "bare": r"\bprogressive(?=\s?(?:[.;,()/]|$|(?:and|or)\s))|\bpms\b|\b(?:rr|sp|pp)\b"  # a course only in a list of courses
    r"|(?<!non-)(?<!non )\brelapsing(?=\s?[,/;)])",
    "any": r"\b(?:any|all|every|both|different|various)\s(?:of\sthe\s)?(?:known\s|clinical\s|phenotypic\s|disease\s|ms\s)?"
    rf"{_KINDS}\s(?:of\s)?(?:the\s)?(?:ms\b|multiple\ssclerosis|disease\b)|\b(?:any|all)\sms\s{_KINDS}"
    rf"|\b(?:ms|multiple\ssclerosis)[\s,(]{{1,2}}(?:of\s|with\s)?(?:any|all)\s{_KINDS}"
    r"|\b(?:regardless|irrespective|independent(?:ly)?)\sof\s(?:the\s|their\s)?"
    r"(?:(?:ms|multiple\ssclerosis)\s(?:clinical\s|disease\s)?(?:types?|forms?|courses?|subtypes?|phenotypes?)"
    r"|(?:clinical|disease)\scourse|subtype|phenotype)\b",
}
_BEGINNINGS = (
    "rel|rem|primar|second|secun|progressive|chronic|clinic|first|radio|r|sp|pp|pr|nr|asp|scp|pcp|s-p|p-p|p-r|cis|pms|mult|ms|bout"
    "|any|all|every|both|diff|var|exacerb|attack|single|isolated|mono|initial|recurr|recidiv|regard|irresp|indep"
    r"|as\s(?:an?|the|their|first|initial)\s"
)  # of the patterns above, so that most words are passed over at once
_COURSE = re.compile(rf"\b(?=(?:{_BEGINNINGS}))(?:{'|'.join(f'(?P<{kind}>{pattern})' for kind, pattern in _PATTERNS.items())})")
_LETTER = re.compile(rf"\b(?P<letters>{_LETTERS})(?:-?\s?ms)?\b")
SLUGS = {"rr": ("RRMS",), "sp": ("SPMS",), "pp": ("PPMS",), "pr": ("PRMS",), "cis": ("CIS",), "ris": ("RIS",), "shared": ("SPMS", "PPMS")}
GENERAL = {"relapsing": ("RRMS", "SPMS"), "progressive": ("SPMS", "PPMS", "PRMS")}

KEYWORDS = (
    "ms",
    "relaps",
    "progressi",
    "remit",
    "isolated",
    "symptomatic",
    "sclerosis",
    "demyelinat",
    "cis",
    "ris ",
    "ris)",
    "g ris",
    "d ris",
    "r ris",
    "recurr",
    " course",
    "rr/",
    "rr,",
    "rr ",
    "-r ",
    "-p ",
    "pp ",
    "sp ",
    "r/r",
)
LISTED = re.compile(  # between the courses of a bare list
    r"(?:\s?\(n\s?=\s?\d+\))?[\s,/&-]*(?:(?:ms|multiple\ssclerosis)\b[\s,/]*)?(?:(?:or|and)\s)?"
)


@dataclass(frozen=True, slots=True)
class Mention:
    kind: str
    start: int
    end: int


def mentions_in(low: str, start: int, end: int) -> list[Mention]:
    found: list[Mention] = []
    bare = None  # waits for the course that goes on its list
    for match in _COURSE.finditer(low, start, end):
        kind, first, last = match.lastgroup, *match.span()
        if kind == "letters":  # "RR, SP or PP"
            mentions = [Mention(re.sub(r"\W", "", each["letters"]), *each.span()) for each in _LETTER.finditer(low, first, last)]
        else:
            words = match.group()
            bare_kind = words if last - first == 2 or words == "relapsing" else "progressive"
            mentions = [Mention(bare_kind if kind == "bare" else kind, first, last)]
        if bare and LISTED.fullmatch(low, bare.end, first):
            found.append(bare)
        bare = None
        if kind == "bare" and not (found and found[-1].kind != "any" and LISTED.fullmatch(low, found[-1].end, first)):
            bare = mentions[0]
            continue
        found += mentions
    return found


def courses_in(low: str, start: int, end: int) -> tuple[str, ...]:
    """The courses named in a stretch of normalised text, general words spelt out, in the order of COURSES."""
    found = {mention.kind for mention in mentions_in(low, start, end)} - {"any"}
    named = {slug for kind in found for slug in SLUGS.get(kind, ())}
    for general in found & GENERAL.keys():
        if not named & set(GENERAL[general]):
            named |= set(GENERAL[general])
    return tuple(slug for slug in COURSES if slug in named)
