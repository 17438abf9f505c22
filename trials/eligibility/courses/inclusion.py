"""What an inclusion criterion takes, and what it says that it does not take."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trials.eligibility.course_names import GENERAL, LISTED, SLUGS, Mention
from trials.eligibility.courses.context import (
    ABBREVIATED,
    HAD,
    IS_A_REGISTRY,
    NEGATED,
    NO_STATEMENT,
    OTHER_DISEASE,
    OTHER_THAN,
    QUIET,
    Told,
    activity,
    is_past,
    quote_of,
)
from trials.eligibility.facts import Course, Criterion

_TREATED_FOR = re.compile(  # but who begins a drug for a course has it
    r"\b(?:start\w*|initiat\w*|commenc\w*|begin\w*|prescribed|treated\swith|receiv\w+|taking|on\san?)\s"
    r"(?:(?!approved|licen[sc]ed|(?<!as\s)indicated)[\w-]+\s){1,3}for\s(?:the\s)?(?:treatment\sof\s)?"
    r"(?:their\s|active\s)?$"
)
_TURNED = re.compile(  # "RRMS that has converted to SPMS"
    r"\)?(?:\sms|\smultiple\ssclerosis)?(?:\s\(r?r?ms\))?(?:\spatients?|\scourse|\sdisease)?,?\s"
    r"(?:(?:(?:who|that|which|with|has|have|had|and|later|recently|documented|confirmed|then|before|after)\s){0,4}"
    r"(?:converted|conversion|(?<=before\s)converting|converting(?=[^.;]{0,40}?\s(?:within|in)\sthe\s(?:last|past)\s)"
    r"|(?:transition|transform|progress|evolv|turn|chang)ed|progression)\s(?:in)?to\s(?:an?\s|active\s)?"
    r"|with\s(?:\w+\s)?(?:progression|progressive\s(?:disease|course|phase))\s?[:(]\s?)(?=sp-?ms|secondar)"
)
_AFTER = re.compile(r"\b(?:after|following|preceded\sby|subsequent\sto)\s(?:an?\s|the\s)?(?:initial\s|prior\s|previous\s)?$")
_OF_SOME = re.compile(  # "MS; those with relapsing MS must be on stable treatment"
    r"[.;,]\s(?:in|for|those\swith|if|(?:patients|participants|subjects|people)\swith)\s(?:the\s|an?\s)?$"
)
_OPENING = re.compile(r"(?:^|[.;]\s)(?:(?:in|for|if|(?:(?:patients|participants|subjects|people|those)\swith))\s(?:the\s|an?\s)?)?$")
_ASKED_OF_THEM = re.compile(
    r"\s?(?:ms\b|multiple\ssclerosis)?\s?(?:\(\w+\)\s?)?(?:patients?|participants?|subjects?|people|individuals)?\s?"
    r"(?:[:,]|(?:must|should|need|ha(?:ve|s)\sto|(?:is|are)\srequired)\b)"
)
_FOR = re.compile(r"\bfor\s(?:the\s)?$")
_THEIRS = re.compile(r"\s?(?:patients?|participants?|subjects?)[\s.;)]*")  # "no relapse in the last months for RRMS patients"
_DIAGNOSED_BEFORE = re.compile(r"\b(?:previous|prior|earlier|initial|past)\s(?:\w+\s)?diagnosis\sof\s(?:an?\s)?$")
_DEFINING = re.compile(r"\b(?:defined|characteri[sz]ed|diagnosed|i\.e|that\sis|meaning|following|follows|after)\b")
_THEN = re.compile(r"follow|prior|progress|worsen|evol|with\s(?:recent|subsequent)|by\sa|after|history|course")
_REFUSED_AFTER = re.compile(  # "PPMS is not allowed"; only the names of courses may stand between
    r"^(?:[\s,/()]|\b(?:ms|multiple|sclerosis|and|or|patients?|people|subjects?|participants?|courses?|forms?|disease|rrms|spms|ppms|prms"
    r"|primary|secondary|progressive|relapsing|remitting)\b){0,24}\b(?:(?:(?:is|are|will\sbe)\s)?(?:excluded|ineligible"
    r"|not\s(?:allowed|eligible|permitted|included|accepted|admitted))|(?:cannot|can\snot|may\snot|must\snot|will\snot)\s"
    r"(?:take\spart|participate|be\s(?:included|enrol\w+)|enrol\w*))"
)
_THAT_IS = re.compile(r"\s?(?:ms|multiple\ssclerosis)?\s?\((?:i\.?\s?e\.?,?\s?|that\sis,?\s)")


@dataclass(frozen=True, slots=True)
class _Around:
    """The words around a course: before it in its criterion, since the course before it, and up to the next."""

    before: str
    between: str
    after: str


@dataclass(slots=True)
class _Carried:
    """What the courses before one in its criterion carry over to it."""

    end: int  # of the one before
    is_negated: bool = False
    is_of_others: bool = False
    is_no_statement: bool = False
    passed_over: str = ""  # the kind of the last one that says nothing
    has_secondary: bool = False
    has_turned: bool = False


def including(low: str, item: Criterion, mentions: list[Mention], told: Told) -> None:
    carried = _Carried(item.start)
    is_only = sum(mention.kind != "any" for mention in mentions) == 1
    for place, mention in enumerate(mentions):
        until = mentions[place + 1].start if place + 1 < len(mentions) else item.end
        around = _Around(
            low[max(item.start, mention.start - 80) : mention.start],
            low[carried.end : mention.start],
            low[mention.end : min(until, mention.end + 90)],
        )
        carried.end = mention.end
        quote = quote_of(item, mention)
        if mention.kind == "any":
            told.no_limit = told.no_limit or quote
        elif _is_of_others(around, carried):
            continue
        elif _is_refused(low, item, mention, around, carried):
            told.refused += [Course(slug, "", quote) for slug in SLUGS.get(mention.kind) or GENERAL[mention.kind]]
        elif not _says_nothing(low, item, mentions, place, around, carried):
            _take(low, item, mentions, place, around, is_only, told)


def _is_of_others(around: _Around, carried: _Carried) -> bool:
    """Whether the courses, one or a list, are named for the diseases that are not MS."""
    goes_on = carried.is_of_others and bool(LISTED.fullmatch(around.between))
    carried.is_of_others = bool(OTHER_DISEASE.search(around.before)) or goes_on
    return carried.is_of_others


def _is_refused(low: str, item: Criterion, mention: Mention, around: _Around, carried: _Carried) -> bool:
    """Whether a course is refused by a word before it, which goes on over a bare list ("not PPMS or SPMS"), or after it."""
    goes_on = carried.is_negated and len(around.between) < 12 and "but" not in around.between
    carried.is_negated = bool(NEGATED.search(around.before)) or goes_on
    refusal = _REFUSED_AFTER.search(low[mention.end : min(item.end, mention.end + 140)])
    is_refused = refusal and refusal.group().count("(") <= refusal.group().count(")")  # not "RRMS (SPMS excluded)"
    if is_refused and OTHER_THAN.search(around.before):
        return False  # "courses other than RRMS are not allowed"
    return bool(carried.is_negated or is_refused) and not QUIET.search(around.before)


def _says_nothing(low: str, item: Criterion, mentions: list[Mention], place: int, around: _Around, carried: _Carried) -> bool:
    """Whether naming a course is no statement about it: it turned into another, lies in the past, or is told for a drug's sake."""
    mention = mentions[place]
    before, between, after = around.before, around.between, around.after
    turned = _TURNED.match(low, mention.end, item.end) if mention.kind in ("rr", "relapsing") else None
    if turned and ("before" not in turned.group() or HAD.search(before)):
        carried.has_turned = not _REFUSED_AFTER.search(low[turned.end() : turned.end() + 140])
        if carried.has_turned:
            return True
    carried.is_no_statement = bool(
        (NO_STATEMENT.search(before) and not _TREATED_FOR.search(before))
        or (carried.is_no_statement and LISTED.fullmatch(between))  # "relatives of people with RRMS or SPMS"
    )
    if (
        carried.is_no_statement
        or (not carried.has_turned and is_past(low, mention, before))
        or IS_A_REGISTRY.match(after)
        or (mention.kind == carried.passed_over and ABBREVIATED.fullmatch(between))
    ):
        carried.passed_over = mention.kind  # and its abbreviation in brackets with it
        return True
    if mention.kind == "pr" and place + 1 < len(mentions) and mentions[place + 1].kind == "sp" and _THAT_IS.fullmatch(after):
        return True  # "relapsing-progressive (i.e. secondary progressive)"
    if mention.kind == "relapsing" and place and mentions[place - 1].kind == "sp" and between.strip() == "(":
        return True  # "SPMS (relapsing or not)"
    if carried.has_secondary and mention.kind in ("rr", "relapsing") and _is_the_past_of_spms(low, mentions[0].end, mention):
        return True
    carried.has_secondary = carried.has_secondary or mention.kind in ("sp", "shared", "progressive")
    return False


def _take(low: str, item: Criterion, mentions: list[Mention], place: int, around: _Around, is_only: bool, told: Told) -> None:
    """Put the courses that a mention stands for where what is said of them belongs."""
    mention = mentions[place]
    slugs = SLUGS.get(mention.kind) or GENERAL[mention.kind]
    if mention.kind == "progressive" and place + 1 < len(mentions) and mentions[place + 1].kind == "rr" and _AFTER.search(around.after):
        slugs = ("SPMS",)  # "a progressive course after a relapsing-remitting one"
    state = activity(around.before, low[mention.start : mention.end], around.after)
    quote = quote_of(item, mention)
    courses = [Course(slug, "active" if mention.kind == "relapsing" and slug == "SPMS" else state, quote) for slug in slugs]
    if is_only and _is_of_some(told, mention, around):
        told.of_some += [(mention.kind, course) for course in courses]
    elif mention.kind in GENERAL:
        told.general += [(mention.kind, course) for course in courses]
    elif mention.kind == "rr" and _DIAGNOSED_BEFORE.search(around.before):
        told.earlier += courses
    else:
        told.specific += courses


def _is_of_some(told: Told, mention: Mention, around: _Around) -> bool:
    """Whether a criterion only asks something of those with a course, while MS of whatever course is taken: "RRMS patients: no relapse"."""
    before, after = around.before, around.after
    is_asked = _OF_SOME.search(before) or (
        _ASKED_OF_THEM.match(after) if _OPENING.search(before) else _FOR.search(before) and _THEIRS.fullmatch(after)
    )
    return bool(is_asked) and told.takes_ms(mention.start)


def _is_the_past_of_spms(low: str, start: int, mention: Mention) -> bool:
    """ "SPMS defined as relapsing-remitting disease followed by progression"."""
    start = max(start, mention.start - 150)
    return bool(_DEFINING.search(low, start, mention.start) and _THEN.search(low, max(start, mention.start - 30), mention.end + 60))
