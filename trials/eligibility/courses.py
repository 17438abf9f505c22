"""Which courses of MS a trial takes and which it refuses. Knows the courses' many spellings and where naming one is no statement about it
(a drug "approved for relapsing MS", the relapsing past of a secondary progressive course).

"Relapsing MS" stands for RRMS and SPMS with activity; "progressive MS" for SPMS, PPMS and PRMS; a list of courses beside the general word
narrows it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trials.eligibility.criteria import Source, normal
from trials.eligibility.facts import COURSES, CRITERIA, Activity, Course, CourseFacts, Criterion, Quote

_KINDS = r"(?:forms?|types?|courses?|subtypes?|phenotypes?|phases?|stages?)\b"
_MS = r"(?:ms\b|m\.s\.|multiple[\s-]+sclerosis|disease\s+" + _KINDS + r"|(?:clinical\s+)?" + _KINDS + ")"
_GAP = r"[\s/,-]{1,4}"
_OR = r"(?:/|,|\band\b|\bor\b|&)(?:\s?or\b)?"
_BOTH = r"(?:primary|secondary|pp|sp)"
_SECONDARY = r"sec[ou]n(?:dary|darily|day)"
_OF_MS = r"(?:ms\b|multiple\ssclerosis|(?:forms?|types?|courses?)\b(?!\sof\s(?!(?:the\s)?(?:ms|multiple|disease))))"
_REMITTING = r"(?:rem{1,2}it{1,2}\w{2,4}|remission(?=\s(?:ms\b|multiple|forms?\b|types?\b|courses?\b)))"
_PATTERNS = {  # in this order: the first that matches at a place counts
    "shared": rf"\b{_BOTH}\s\((?:pp|sp)(?:ms)?\)\s?{_OR}\s{{0,2}}{_BOTH}(?:\s\((?:pp|sp)(?:ms)?\))?[\s-]{{1,2}}progressive"
    rf"|\b{_BOTH}[\s-]{{0,2}}{_OR}\s{{0,2}}{_BOTH}[\s-]{{1,2}}(?:chronic\s)?(?:progressive|progression|ms\b)"
    r"|\bprogressive\s\((?:primary|secondary),?\s(?:pp|sp)(?:ms)?[,;/]?\s(?:or\s|and\s)?(?:primary|secondary),?\s(?:pp|sp)(?:ms)?\)"
    rf"|\bprogressive(?:\sms|\smultiple\ssclerosis)?[\s,:-]{{1,3}}\(?(?:both\s|either\s)?{_BOTH}\s(?:and|or|and/or|&|/)\s{_BOTH}\b(?!\sprog)"
    r"|\b(?:pp\s?/\s?sp|sp\s?/\s?pp)-?\s?ms\b"
    rf"|\b(?:primary|secondary)\s{_OR}\s(?:primary|secondary)\s(?:disease\s|ms\s)?courses?\b",
    "pr": rf"\bprogressive{_GAP}(?:relapsing|remitting)\b|(?<!non-)(?<!non )\brelapsing{_GAP}progressive\b|\bpr-?\s?ms\b"
    r"|(?:(?<=pp, )|(?<=pp or )|(?<=pp and )|(?<=pp, or )|(?<=pp, and )|(?<=pp/))pr\b",
    "rr": rf"\b(?:relaps\w{{0,4}}|relasping|exacerbating){_GAP}(?:and\s|or\s|&\s|-\s?)?{_REMITTING}"
    rf"|\b{_REMITTING}{_GAP}(?:and\s)?relaps\w{{1,4}}"
    r"|\bremitt\w{1,4}[\s-]recurr\w{2,4}|\brecurr\w{2,4}[\s-]remitt\w{1,4}|\brr(?=\s(?:disease\s)?(?:courses?|forms?|types?|patients?)\b)"
    rf"|(?<!non-)(?<!non )\bremitt(?:ing|ent)(?=\s(?:or\sprogressive\b|{_OF_MS}))"
    r"|\brr\smultiple\ssclerosis\b|\b(?:ms|multiple\ssclerosis)[\s,(-]{1,2}rr\b|\br-?r-?\s?ms\b|\br/r\s?ms\b"
    r"|\brr(?=-?\s?(?:/|,|or|and)\s?(?:sp|pp))"
    r"|\b(?:ms|multiple\ssclerosis)\swith\s(?:relapses?|attacks?|exacerbations?)\sand\sremissions?\b"
    rf"|\b(?:relapse|attack|exacerbation)s?(?:-|\s(?:and\s)?)remissions?(?=\s{_OF_MS})",
    "sp": rf"\b{_SECONDARY}{_GAP}(?:chronic[\s-])?progre(?:ss?|di)\w{{1,4}}|\bprogressive\ssecondary(?=\s{_OF_MS})"
    r"|(?:\b|\bnr-?|\ba)sp-?\s?ms\b|\bscp-?ms\b"
    r"|\bsp\smultiple\ssclerosis\b|\bms-sp\b|(?:(?<=rr or )|(?<=rr and )|(?<=rr/)|(?<=rr, ))sp\b|\bnrspms\b"
    r"|\bsp(?=-?\s?(?:/|,(?:\s(?:or|and)\b)?|or|and)\s?pp)",
    "pp": rf"\bprimar(?:y|ily){_GAP}(?:chronic[\s-])?progre(?:ss?|di)\w{{1,4}}\b(?!\saphasia)"
    rf"|\bprogressive\sprimary(?=\s(?:{_OF_MS}|sclerosis|(?:or|and)\sprogressive\ssecondary))|\bpp-?\s?ms\b|\bpcp-?ms\b"
    r"|\bpp\smultiple\ssclerosis\b|\bms-pp\b|\bprogressive[\s-]onset\s(?:ms\b|multiple\ssclerosis|(?=(?:and|or)\srelapsing))"
    r"|\bprogressive[\s-]onset\b(?=\s?(?:[.;,)]|$))"
    r"|\b(?:ms|multiple\ssclerosis)\swith\s(?:a\s)?progressive\sonset\b"
    r"|(?:(?<=sp or )|(?<=sp and )|(?<=sp/)|(?<=sp, ))pp\b",
    "cis": r"\bclinical(?:ly)?(?=\s(?:or|and|/)\sradiologic\w+\sisolated)"
    r"|\bclinical(?:ly)?\sisolated\s(?:\w+\s)?syndromes?|(?<!-)\bcis\b(?!-[a-z]|\s(?:gender|women|men\b|(?:fe)?male))"
    r"|\b(?:first|single)\s(?:[\w-]+,?\s){0,6}?(?:event|episode|attack|manifestation)s?\s"
    r"(?:\w+\s){0,2}(?:(?:suggestive|indicative|typical)\sof|(?:consistent|compatible)\swith)\s(?:ms\b|multiple\ssclerosis"
    r"|(?:an?\s)?(?:cns\s|inflammatory\s){0,2}demyelinat(?:ion\b|ing\s(?:disease|disorder|event)\b))"
    r"|\b(?:first|single|isolated)\s(?:acute\s)?(?:clinical\s)?(?:demyelinating\s(?:event|episode|attack)|(?:event|episode|attack)\sof\s(?:cns\s)?demyelination)"
    r"|\bisolated\sdemyelinating\ssyndrome",
    "ris": r"\bradiologic(?:al|ally)?\sisolated\ssyndromes?|\bris\b",
    "relapsing": r"(?<!non-)(?<!non )\brelapsing(?=[\s/-]{1,3}(?:ms\b|multiple[\s-]+sclerosis|onset|forms?\b|types?\b"
    r"|(?:clinical\s)?courses?\b|disease\b|phase\b|phenotypes?\b|subtypes?\b|patients?\b|or\s|and\s|and/or\s"
    r"|as\swell\sas\s|active\s(?:ms\b|multiple)|\(?rms\b))|\brms\b|multiple sclerosis[\s,-]{1,3}relapsing(?!\w|-)"
    r"|(?<!ive )(?<!form of )(?<!type of )(?<!course of )\b(?:ms|multiple\ssclerosis)(?:\s\(ms\))?\s(?:with|and)\srelapses\b"
    r"|\b(?:relapse|bout|attack|exacerbation)[\s-]onset\s(?:ms\b|multiple\ssclerosis)",
    "progressive": rf"(?<!rapidly )(?<!rapidly-)(?<!slowly )\bprogressive(?=[\s/-]{{1,3}}(?:or\srelapsing\s)?"
    rf"(?:\(pms\)\s)?(?:{_MS}|patients?\b))|\bchronic[\s-]progressive\b"
    r"|multiple\ssclerosis[\s,-]{1,3}progressive\b(?!\s(?:primary|secondary)\b)"
    r"|(?<!surveillance \()(?<!study \()(?<!syndrome \()\bpms(?=\))|\bprogressive(?=\sor\srelapsing\s)"
    r"|(?:(?<=relapsing or )|(?<=relapsing and )|(?<=relapsing/)|(?<=remitting or ))progressive\b(?=\s?(?:[.;,)]|$))"
    r"|(?<=non-)progressive\b(?=\s?(?:[.;,)]|$))"
    r"|(?:(?<=defined as )|(?<=classified as )|(?<=described as ))progressive\b(?=\s?(?:[.;,)]|$))",
    "any": r"\b(?:any|all|every|both|different|various)\s(?:of\sthe\s)?(?:known\s|clinical\s|phenotypic\s|disease\s|ms\s)?"
    rf"{_KINDS}\s(?:of\s)?(?:the\s)?(?:ms\b|multiple\ssclerosis|disease\b)|\b(?:any|all)\sms\s{_KINDS}"
    rf"|\b(?:ms|multiple\ssclerosis)[\s,(]{{1,2}}(?:of\s|with\s)?(?:any|all)\s{_KINDS}"
    r"|\b(?:regardless|irrespective|independent(?:ly)?)\sof\s(?:the\s|their\s)?"
    r"(?:(?:ms|multiple\ssclerosis)\s(?:clinical\s|disease\s)?(?:types?|forms?|courses?|subtypes?|phenotypes?)|(?:clinical|disease)\scourse|subtype|phenotype)\b",
}
_BEGINNINGS = (
    "rel|rem|primar|second|secun|progressive|chronic|clinic|first|radio|r|sp|pp|pr|nr|asp|scp|pcp|cis|pms|mult|ms|bout"
    "|any|all|every|both|diff|var|exacerb|attack|single|isolated|regard|irresp|indep"
)  # of the patterns above, so that most words are passed over at once
_COURSE = re.compile(rf"\b(?=(?:{_BEGINNINGS}))(?:{'|'.join(f'(?P<{kind}>{pattern})' for kind, pattern in _PATTERNS.items())})")
_SLUG = {"rr": ("RRMS",), "sp": ("SPMS",), "pp": ("PPMS",), "pr": ("PRMS",), "cis": ("CIS",), "ris": ("RIS",), "shared": ("SPMS", "PPMS")}
_GENERAL = {"relapsing": ("RRMS", "SPMS"), "progressive": ("SPMS", "PPMS", "PRMS")}

KEYWORDS = (
    "ms",
    "relaps",
    "progressi",
    "remit",
    "isolated",
    "sclerosis",
    "demyelinat",
    "y course",
    "disease course",
    "cis",
    "rr, sp",
    "rr/sp",
)
_ABOUT_MS = re.compile(r"multiple sclerosis|\b(?:r?r|sp|pp)?ms\b|isolated syndrome")

_MS_AS_SUCH = re.compile(r"\b(?:ms|multiple\ssclerosis)\b")
_NOT_YET_MS = re.compile(
    r"(?:\b(?:suggest\w*|consistent|compatible|typical|risk|suspic\w+|suspected|convert\w*|conversion|develop\w*|indicative|characteristic"
    r"|beginning|potential|possible)\s(?:of|with|to|into|for)?\s?(?:an?\s|the\s|having\s|clinically\s|definite\s)*|\bnot\s(?:\w+\s){0,3})(?:multiple\ssclerosis\s\()?$"
)
_NO_STATEMENT = re.compile(  # before a course that is named for a drug's sake
    r"\b(?:approved|indicated|licen[sc]ed|authori[sz]ed|registered|used|available)\s(?:for|in)\b[^.;:]{0,40}$"
    r"|\b(?:treatments?|therap(?:y|ies)|drugs?|dmts?|medications?|trials?|agents?)\s(?:for|of|in)\s(?:the\s)?(?:treatment\sof\s)?"
    r"(?:(?:patients?|people)\swith\s)?(?:active\s|highly\sactive\s)?$"
)
_TREATED_FOR = re.compile(  # but who begins a drug for a course has it
    r"\b(?:start\w*|initiat\w*|commenc\w*|begin\w*|prescribed|treated\swith|receiv\w+|taking|on\san?)\s(?:[\w-]+\s){1,3}for\s(?:the\s)?(?:treatment\sof\s)?"
    r"(?:their\s|active\s)?$"
)
_PAST = re.compile(  # before a course that somebody had, or that is told apart
    r"\b(?:preceded\sby|preceding|following|after|initial|initially|previous|previously|prior|earlier|past|history\sof)\s(?:a\s|an\s)?"
    r"(?:initial\s|prior\s|previous\s|typical\s|period\sof\s)?(?:history\sof\s(?:a\s)?)?$"
    r"|\b(?:conversion|convert\w*|transition\w*|evol\w+|progressed|progression|progressing|switch\w*)\sfrom\s(?:a\s|an\s)?$"
    r"|\b(?:risk\sof|before|prior\sto|without|not|not\syet)\s(?:conver\w+|transition\w*|progress\w*|evol\w+|turn\w*)\s(?:to|into)\s(?:a\s|an\s)?$"
    r"|\brather\sthan\s(?:an?\s|the\s)?(?:mcdonald|polman|poser|lublin)\s$"
    r"|\b(?:suspicion|suspected|risk|signs?|evidence|distinguished|distinct|differentiat\w+)\s(?:of|from)\s(?:a\s)?$"
)
_OF_SOME = re.compile(  # "MS; those with relapsing MS must be on stable treatment"
    r"[.;,]\s(?:in|for|those\swith|if|(?:patients|participants|subjects|people)\swith)\s(?:the\s|an?\s)?$"
)
_DIAGNOSED_BEFORE = re.compile(r"\b(?:previous|prior|earlier|initial|past)\s(?:\w+\s)?diagnosis\sof\s(?:an?\s)?$")
_FIRST_EVENT = re.compile(r"(?:first|single)\s")
_COUNTED_FROM = re.compile(r"\b(?:since|from|(?:onset|time|date|day)\sof)\s(?:the\s|an?\s|their\s)?$")
_DEFINING = re.compile(r"\b(?:defined|characteri[sz]ed|diagnosed|i\.e|that\sis|meaning|following|follows|after)\b")
_THEN = re.compile(r"follow|prior|progress|worsen|evol|with\s(?:recent|subsequent)|by\sa|after|history|course")
_NEGATED = re.compile(
    r"(?:\b(?:not|no|other\sthan|exception\sof|except(?:ing|\sfor)?|exclud(?:ing|es?|ed)|without|rather\sthan|unlike|apart\sfrom)|\bnon-?"
    r"|\b(?:types?|forms?|courses?)\sof\s(?:ms|multiple\ssclerosis|the\sdisease)\sthan)\s?"
    r"(?:with\s|having\s|in\s|for\s|a\s|an\s|the\s|of\s|diagnosis\sof\s|classified\sas\s|have\s|be\s|yet\s|those\s|patients\s|people\s|subjects\s|any\s){0,4}$"
)
_OTHER_DISEASE = re.compile(  # "disorders other than MS": tells nothing of its courses
    r"\b(?<!of the )(?:disorders?|diseases?|conditions?|illness(?:es)?|patholog(?:y|ies))\s"
    r"(?:of\sthe\s(?:cns|brain|central\snervous\ssystem)\s)?"
    r"(?:other\sthan|except(?:ing|\sfor)?|apart\sfrom|besides)\s(?:an?\s|the\s|active\s)?$"
)
_OTHER_THAN = re.compile(r"\bother\sthan\s(?:an?\s|the\s|active\s)?$")
_LISTED = re.compile(r"[\s,/]*(?:(?:ms|multiple\ssclerosis)\b[\s,/]*)?(?:(?:or|and)\s)?")  # between the courses of a bare list
_REFUSED_AFTER = re.compile(  # "PPMS is not allowed"; only the names of courses may stand between
    r"^(?:[\s,/()]|\b(?:ms|multiple|sclerosis|and|or|patients?|people|subjects?|participants?|courses?|forms?|disease|rrms|spms|ppms|prms"
    r"|primary|secondary|progressive|relapsing|remitting)\b){0,24}\b(?:excluded|(?:is|are|will\sbe)\s(?:excluded|ineligible"
    r"|not\s(?:allowed|eligible|permitted|included|accepted|admitted))|(?:cannot|can\snot|may\snot|must\snot|will\snot)\s"
    r"(?:take\spart|participate|be\s(?:included|enrol\w+)|enrol\w*))"
)
_ONLY_SOME = re.compile(  # under exclusion: not the course as such, only part of it
    r"\b(?:without|with\s?out|(?<!or\s)(?<!and\s)with(?!\sor\b)|not\s(?:fulfil\w*|meeting|meet|satisfying)|who|whose|that\s(?:do|does|have|has)|which|unless|except|if|when|in\sabsence|lacking|treated|receiving)\b"
)
_REFUSED_FOR = re.compile(r"\b(?:treat\w*|therap\w*|drug|approved|medication|relapse\b|lesions?|intoleran\w*|trial|study|interferon)")
_IS_A_TRIAL = re.compile(r"\s(?:ms\s)?(?:trials?|stud(?:y|ies))\b")
_ABBREVIATED = re.compile(r"\s?(?:ms|multiple\ssclerosis|disease)?\s?\(")
_ACTIVE = re.compile(r"(?:(?<!not )(?<!non-)(?<!non )\bactive\s(?:and\s)?|\brelapsing\s)$")
_THE_COURSE = r"^\W{0,3}(?:(?:ms|multiple sclerosis|disease|course|spms|ppms|rrms|patients?)\W{0,3}){0,4}"
_ACTIVE_AFTER = re.compile(
    _THE_COURSE + r"(?:\(?with\s(?!or\b|/)"
    r"(?:continu\w+\s|ongoing\s|superimposed\s|clinical\s|residual\s|evidence\sof\s|recent\s|active\s|still\s|some\s|at\sleast\s\w+\s){0,2}"
    r"(?:relapses?|activity|inflamm\w+|exacerbations?|attacks?|disease\sactivity|enhancing|gadolinium|gd|mri)"
    r"|who\s(?:still\s)?(?:have|experience)\srelapses|\(?active\b)"
)
_QUIET = re.compile(r"(?:\bnon-?\s?relapsing\s|\bnonrelapsing\s|\bnon-?\s?active\s|\binactive\s|\bnot\sactive\s|\bnr-?)$")
_QUIET_AFTER = re.compile(
    _THE_COURSE + r"(?:\(?with\s?out\s(?:any\s|ongoing\s|superimposed\s|clinical\s|further\s|evidence\sof\s|recent\s){0,2}"
    r"(?:relapses?|activity|attacks|exacerbations)|non-?\s?active|inactive|not\sactive)"
)


@dataclass(frozen=True, slots=True)
class _Mention:
    kind: str
    start: int
    end: int


def _mentions(low: str, start: int, end: int) -> list[_Mention]:
    return [_Mention(match.lastgroup, *match.span()) for match in _COURSE.finditer(low, start, end)]


def courses_in(low: str, start: int, end: int) -> tuple[str, ...]:
    """The courses named in a stretch of normalised text, general words spelt out, in the order of COURSES."""
    found = {mention.kind for mention in _mentions(low, start, end)} - {"any"}
    named = {slug for kind in found for slug in _SLUG.get(kind, ())}
    for general in found & _GENERAL.keys():
        if not named & set(_GENERAL[general]):
            named |= set(_GENERAL[general])
    return tuple(slug for slug in COURSES if slug in named)


def course_facts(source: Source, fields: Sequence[tuple[str, str]] = ()) -> CourseFacts:
    """Read the courses from the criteria; where these are silent, from `fields`: (name, text) pairs, titles before conditions.

    What the criteria exclude is kept in any case, and taken away from what a general word ("relapsing MS") would let in.
    """
    specific: list[Course] = []
    general: list[tuple[str, Course]] = []
    excluded: list[Course] = []
    earlier: list[Course] = []
    no_limit = None
    low = source.low
    is_about_ms = None
    for item in source.holding(KEYWORDS):
        mentions = _mentions(low, item.start, item.end)
        if mentions and is_about_ms is None:
            is_about_ms = bool(_ABOUT_MS.search(low) or any(_ABOUT_MS.search(normal(text)) for _, text in fields))
        if not is_about_ms:  # CIS is a carcinoma in situ elsewhere
            mentions = [mention for mention in mentions if mention.kind not in ("cis", "ris") or mention.end - mention.start > 3]
        if not mentions:
            continue
        if item.kind == "exclusion":
            taken, refused = _excluding(item, low, mentions)
            excluded += refused
            specific += taken
        else:
            taken, wide, refused, words, before = _including(item, low, mentions)
            specific += taken
            earlier += before
            general += wide
            excluded += refused
            no_limit = no_limit or words
    if not any(item.course == "SPMS" for item in specific):  # else "previous diagnosis of RRMS" is its past
        specific += earlier
    accepted = _merge(specific, general, excluded)
    if accepted and {item.course for item in accepted} <= {"CIS", "RIS"} and _takes_ms(source):
        return CourseFacts((), _first_of_each(excluded), no_limit)
    if not accepted and not no_limit:
        for name, text in fields:
            if accepted and not (name.startswith("conditions") and accepted[0].quote.field.startswith("conditions")):
                break  # the first title that tells; of the conditions all
            small = normal(text)
            mentions = _mentions(small, 0, len(small))
            if mentions:
                named, wide = _of_field(name, text, small, mentions)
                specific, general = specific + named, general + wide
                accepted = _merge(specific, general, excluded)
    if not specific and {kind for kind, _ in general} == {"relapsing"} and _only_remitting(fields):
        accepted = tuple(item for item in accepted if item.course == "RRMS") or accepted
    taken = {item.course for item in accepted}
    refused = _first_of_each([item for item in excluded if item.course not in taken])
    return CourseFacts(accepted, refused, no_limit if not accepted else None)


def _first_of_each(found: list[Course]) -> tuple[Course, ...]:
    first: dict[str, Course] = {}
    for item in found:
        first.setdefault(item.course, item)
    return tuple(first[slug] for slug in COURSES if slug in first)


_SURE_OR_NOT = re.compile(r"\b(?:known|confirmed|definite|established)\s(?:or|and|/)\s(?:suspected|possible|probable)\s")


def _takes_ms(source: Source) -> bool:
    """Whether the inclusion criteria take people with MS of whatever course: "or CIS" beside them narrows nothing."""
    for item in source.holding(("ms", "sclerosis")):
        if item.kind != "exclusion":
            for found in _MS_AS_SUCH.finditer(source.low, item.start, item.end):
                before = (source.low, max(item.start, found.start() - 60), found.start())
                if _SURE_OR_NOT.search(*before) or not _NOT_YET_MS.search(*before):
                    return True
    return False


def _only_remitting(fields: Sequence[tuple[str, str]]) -> bool:
    """Whether titles and conditions name RRMS and no other course, but for "relapsing MS": they tell which of these is meant."""
    kinds = set()
    for _, text in fields:
        small = normal(text)
        kinds |= {mention.kind for mention in _mentions(small, 0, len(small))}
    return kinds - {"any", "relapsing"} == {"rr"}


def _merge(specific: list[Course], general: list[tuple[str, Course]], excluded: list[Course]) -> tuple[Course, ...]:
    named = {item.course for item in specific}
    refused = {item.course for item in excluded} - named
    found = list(specific)
    for kind, item in general:
        # "relapsing" beside RRMS, "progressive" beside SPMS or PPMS: the list says which are meant
        core = {"RRMS"} if kind == "relapsing" else {"SPMS", "PPMS", "PRMS"}
        if not named & core and item.course not in refused:
            found.append(item)
    best: dict[str, Course] = {}
    for item in found:
        known = best.get(item.course)
        if known is None:
            best[item.course] = item
        elif known.activity != item.activity:
            best[item.course] = replace(known, activity="")
    return tuple(best[slug] for slug in COURSES if slug in best)


def _quote(item: Criterion, mention: _Mention) -> Quote:
    return Quote(CRITERIA, item.text[mention.start - item.start : mention.end - item.start], mention.start)


def _including(item: Criterion, low: str, mentions: list[_Mention]):
    taken: list[Course] = []
    wide: list[tuple[str, Course]] = []
    refused: list[Course] = []
    no_limit = None
    earlier: list[Course] = []
    secondary_before = False
    end_before = item.start
    negated_list = of_others = False
    passed_over = ""
    is_only = sum(mention.kind != "any" for mention in mentions) == 1
    for place, mention in enumerate(mentions):
        before = low[max(item.start, mention.start - 80) : mention.start]
        between = low[end_before : mention.start]
        until = mentions[place + 1].start if place + 1 < len(mentions) else item.end
        after = low[mention.end : min(until, mention.end + 90)]
        end_before = mention.end
        quote = _quote(item, mention)
        if mention.kind == "any":
            no_limit = no_limit or quote
            continue
        of_others = bool(_OTHER_DISEASE.search(before)) or (of_others and bool(_LISTED.fullmatch(between)))
        if of_others:
            continue
        # "not PPMS or SPMS": a negation goes on over a bare list
        if is_only and _OF_SOME.search(before) and _MS_AS_SUCH.search(low, item.start, mention.start):
            continue
        negated_list = bool(_NEGATED.search(before)) or (negated_list and len(between) < 12 and "but" not in between)
        slugs = _SLUG.get(mention.kind) or _GENERAL[mention.kind]
        told_after = _REFUSED_AFTER.search(low[mention.end : min(item.end, mention.end + 140)])
        is_told = told_after and told_after.group().count("(") <= told_after.group().count(")")  # not "RRMS (SPMS excluded)"
        if negated_list or is_told:
            refused += [Course(slug, "", quote) for slug in slugs if not _QUIET.search(before)]
            if not _QUIET.search(before):
                continue
        if (
            (_NO_STATEMENT.search(before) and not _TREATED_FOR.search(before))
            or _is_past(low, mention, before)
            or (mention.kind == passed_over and between.strip() == "(")
        ):
            passed_over = mention.kind  # and its abbreviation in brackets with it
            continue
        if mention.kind == "relapsing" and place and mentions[place - 1].kind == "sp" and between.strip() == "(":
            continue  # "SPMS (relapsing or not)"
        if secondary_before and mention.kind in ("rr", "relapsing") and _is_the_past_of_spms(low, mentions[0].end, mention):
            continue
        secondary_before = secondary_before or mention.kind in ("sp", "shared", "progressive")
        activity = _activity(before, low[mention.start : mention.end], after)
        if mention.kind in _GENERAL:
            for slug in slugs:
                state = "active" if mention.kind == "relapsing" and slug == "SPMS" else activity
                wide.append((mention.kind, Course(slug, state, quote)))
        elif mention.kind == "rr" and _DIAGNOSED_BEFORE.search(before):
            earlier += [Course(slug, activity, quote) for slug in slugs]
        else:
            taken += [Course(slug, activity, quote) for slug in slugs]
    return taken, wide, refused, no_limit, earlier


def _is_past(low: str, mention: _Mention, before: str) -> bool:
    if _FIRST_EVENT.match(low, mention.start, mention.end):  # always lies behind somebody with CIS
        return bool(_COUNTED_FROM.search(before))
    return bool(_PAST.search(before))


def _is_the_past_of_spms(low: str, start: int, mention: _Mention) -> bool:
    """ "SPMS defined as relapsing-remitting disease followed by progression"."""
    start = max(start, mention.start - 150)
    return bool(_DEFINING.search(low, start, mention.start) and _THEN.search(low, max(start, mention.start - 30), mention.end + 60))


def _activity(before: str, words: str, after: str) -> Activity:
    if words.startswith("nr") or _QUIET.search(before) or _QUIET_AFTER.search(after):
        return "not active"
    if words.startswith("asp") or _ACTIVE.search(before) or _ACTIVE_AFTER.search(after):
        return "active"
    return ""


_SPELT_OUT = re.compile(r"[^.;()]{0,40}\((?:i\.?e\.?,?\s|that\sis,?\s|e\.?g\.?,?\s)?$")
_SENTENCE = re.compile(r"(?:;|(?<!\be\.g)(?<!\bi\.e)\.)\s")


def _sentence_end(low: str, item: Criterion, start: int) -> int:
    """Where the sentence at `start` ends; a semicolon in brackets ends none."""
    for place, stop in enumerate(_SENTENCE.finditer(low, start, item.end)):
        is_in_brackets = low[stop.start()] == ";" and low.count("(", item.start, stop.start()) > low.count(")", item.start, stop.start())
        if place == 3 or not is_in_brackets:
            return stop.start()
    return item.end


def _excluding(item: Criterion, low: str, mentions: list[_Mention]) -> tuple[list[Course], list[Course]]:
    """(taken, refused) of an exclusion criterion; taken where it says "other than RRMS"."""
    taken, refused = [], []
    stop = _sentence_end(low, item, mentions[0].end)
    if _NO_STATEMENT.search(low[max(item.start, mentions[0].start - 120) : mentions[0].start]):
        return taken, refused
    of_others = spared = False
    end_before = item.start
    for place, mention in enumerate(mentions):
        if mention.start >= stop:
            break
        before = low[max(item.start, mention.start - 80) : mention.start]
        is_listed = bool(_LISTED.fullmatch(low, end_before, mention.start))
        end_before = mention.end
        of_others = bool(_OTHER_DISEASE.search(before)) or (of_others and is_listed)
        if of_others:
            continue
        is_name = place and mentions[place - 1].kind == mention.kind and not _FIRST_EVENT.match(low, mentions[place - 1].start)
        if is_name and _ABBREVIATED.fullmatch(low, mentions[place - 1].end, mention.start):
            continue  # told with the words that it stands for
        following = mentions[place + 1 : place + 3]
        end = mention.end
        if following and following[0].kind == mention.kind and _ABBREVIATED.fullmatch(low, end, following[0].start):
            end, following = following[0].end, following[1:]  # "secondary progressive MS (SPMS) without relapses"
        until = following[0].start if following else stop
        after = low[end : min(until, end + 70)]
        if mention.kind == "any":
            continue
        slugs = _SLUG.get(mention.kind) or _GENERAL[mention.kind]
        quote = _quote(item, mention)
        if _QUIET.search(before) or _ACTIVE.search(before) or _IS_A_TRIAL.match(after):
            continue
        if _FIRST_EVENT.match(low, mention.start, mention.end) or low.endswith("relapses", mention.start, mention.end):
            continue  # tells when, not who
        if mention.kind == "progressive" and until < stop and _SPELT_OUT.match(low, mention.end, until):
            continue  # "progressive forms of MS (SPMS or PPMS)"
        spared = (spared and is_listed) or bool(_OTHER_THAN.search(before))  # "MS other than RRMS or SPMS"
        if spared or _NEGATED.search(before):
            if "without" not in before[-25:]:
                taken += [Course(slug, "", quote) for slug in slugs]
            continue
        if mention.kind == "pp" and before.endswith("initial "):
            pass  # who once had it still has
        elif _PAST.search(before) and "history of" not in before and "evidence of" not in before and "suspicion" not in before:
            continue
        if _REFUSED_FOR.search(low, max(item.start, mention.start - 150), mention.start) or _ONLY_SOME.search(after):
            continue
        if mention.kind == "rr" and re.match(r"\s*(?:ms)?\W{0,3}(?:phase|stage)", after):
            continue
        refused += [Course(slug, "", quote) for slug in slugs]
    return taken, refused


def _of_field(name: str, text: str, low: str, mentions: list[_Mention]) -> tuple[list[Course], list[tuple[str, Course]]]:
    specific, general = [], []
    for mention in mentions:
        if mention.kind == "any":
            continue
        before = low[max(0, mention.start - 40) : mention.start]
        quote = Quote(name, text[mention.start : mention.end], mention.start)
        if mention.kind in _GENERAL:
            for slug in _GENERAL[mention.kind]:
                state = "active" if mention.kind == "relapsing" and slug == "SPMS" else _activity(before, "", "")
                general.append((mention.kind, Course(slug, state, quote)))
        elif not _is_past(low, mention, before):
            specific += [
                Course(slug, _activity(before, low[mention.start : mention.end], low[mention.end : mention.end + 60]), quote)
                for slug in _SLUG[mention.kind]
            ]
    return specific, general
