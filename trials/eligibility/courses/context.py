"""What stands around a course's name: who it is said of, whether they have it now, and whether it must be active."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from trials.eligibility.course_names import Mention
from trials.eligibility.criteria import Source
from trials.eligibility.facts import CRITERIA, Activity, Course, Criterion, Quote

_MS_AS_SUCH = re.compile(  # not the name of who looks after people with it
    r"\b(?:ms|multiple\ssclerosis)\b(?!/mri"
    r"|\s(?:cent(?:er|re)s?|clinics?|society|societies|research|specialists?|nurses?|units?|databases?)\b)"
)
_NOT_YET_MS = re.compile(
    r"(?:\bother\sthan\s|\b(?:suggest\w*|consistent|compatible|typical|risk|suspic\w+|suspected|convert\w*|conversion"
    r"|develop\w*|indicative|characteristic"
    r"|beginning|potential|possible|(?:manifestation|presentation|attack|event|episode)\sof)\s(?:of|with|to|into|for)?\s?"
    r"(?:an?\s|the\s|having\s|clinically\s|definite\s)*|\bnot\s(?:\w+\s){0,3})(?:multiple\ssclerosis\s\()?$"
)
_SURE_OR_NOT = re.compile(r"\b(?:known|confirmed|definite|established)\s(?:or|and|/)\s(?:suspected|possible|probable)\s")
NO_STATEMENT = re.compile(  # before a course that is named for a drug's sake
    r"\b(?:approved|indicated|licen[sc]ed|authori[sz]ed|registered|used|available)\s(?:for|in)\b[^.;:]{0,40}$"
    r"|\b(?:treatments?|therap(?:y|ies)|drugs?|dmts?|medications?|trials?|agents?"
    r"|relatives|siblings?|brothers?|sisters?|parents?|fathers?|mothers?|spouses?|partners?|caregivers?|carers?)\s"
    r"(?:for|of|in)\s(?:the\s|an?\s)?(?:treatment\sof\s)?"
    r"(?:(?:patients?|people|persons?|individuals?|children|those)\swith\s)?(?:active\s|highly\sactive\s)?$"
    r"|\b(?:(?:fa|mo)ther|relative|sibling|brother|sister|parent|spouse)s?\swith\s$"
)
PAST = re.compile(  # before a course that somebody had, or that is told apart
    r"\b(?:preceded\sby|preceding|(?<!\bms\s)following|after|initial|initially|previous|previously|prior|earlier|past"
    r"|(?<!year\s)history\sof)\s(?:a\s|an\s)?"
    r"(?:initial\s|prior\s|previous\s|typical\s|period\sof\s)?(?:history\sof\s(?:a\s)?)?$"
    r"|\b(?:conversion|convert\w*|transition\w*|evol\w+|progressed|progression|progressing|switch\w*)\sfrom\s(?:a\s|an\s)?$"
    r"|\b(?:risk\sof|before|prior\sto|without|not|not\syet)\s(?:conver\w+|transition\w*|progress\w*|evol\w+|turn\w*)\s"
    r"(?:to|into)\s(?:a\s|an\s)?$"
    r"|\brather\sthan\s(?:an?\s|the\s)?(?:mcdonald|polman|poser|lublin)\s$"
    r"|\b(?:suspicion|suspected|risk|signs?|evidence|distinguished|distinct|differentiat\w+)\s(?:of|from)\s(?:a\s)?$"
)
_NOT_YET = re.compile(
    r"\b(?:risk|suspicion|signs?|evidence)\s(?:of|for)\s(?:an?\s)?(?:develop\w+|conver\w+|transition\w*|progress\w+)\s"
    r"(?:of\s|to\s|into\s)?(?:an?\s)?$"
)
_BEFORE_NOW = re.compile(
    r"\s?(?:ms\s|multiple\ssclerosis\s|phase\s|course\s)?"
    r"(?:was\sthe\s(?:initial|first|earlier|previous)\s|before(?=\s?[.;,)]|$)|previously|earlier|in\sthe\spast"
    r"|prior(?=\s?[.;,)]|$))"
)
HAD = re.compile(r"\bhad\s(?:an?\s|initial\s)?$")
_NOW = re.compile(r"[^;]{0,80}?[;,]\s(?:and\s|but\s)?now\b")
FIRST_EVENT = re.compile(r"(?:first|initial|single)\s")
_COUNTED_FROM = re.compile(
    r"\b(?:(?:since|from)\s(?:the\s)?(?:onset\sof\s)?|of\s(?:the\s)?onset\sof\s"
    r"|(?:time|date|day|years?|yrs|age)\s(?:of|at|after)\s)(?:the\s|an?\s|their\s)?$"
)
_YEARS_AGO = re.compile(r"\s(?:\w+\s){0,6}(?:\d{1,2}|two|three|four|five|ten)\sy(?:ea)?rs\s(?:ago|before|prior|earlier)\b")
NEGATED = re.compile(
    r"(?:\b(?:not|no|other\sthan|exception\sof|except(?:ing|\sfor)?|exclud(?:ing|es?|ed)|without|rather\sthan|unlike"
    r"|(?:sub)?types\sbut|forms\sbut|courses\sbut|no\s(?:evidence|signs?|history|suspicion)\sof|apart\sfrom)|\bnon-?"
    r"|\b(?:types?|forms?|courses?)\sof\s(?:ms|multiple\ssclerosis|the\sdisease)\sthan)\s?"
    r"(?:with\s|having\s|in\s|for\s|a\s|an\s|the\s|of\s|diagnosis\sof\s|classified\sas\s|have\s|be\s|yet\s|those\s|patients\s"
    r"|people\s|subjects\s|any\s){0,4}$"
)
OTHER_DISEASE = re.compile(  # "disorders other than MS": tells nothing of its courses
    r"\b(?<!of the )(?:disorders?|diseases?|conditions?|illness(?:es)?|patholog(?:y|ies))\s"
    r"(?:of\sthe\s(?:cns|brain|(?:central\s)?nervous\ssystem)\s)?"
    r"\(?(?:other\sthan|except(?:ing|\sfor)?|apart\sfrom|besides)\s(?:an?\s|the\s|active\s)?$"
)
OTHER_THAN = re.compile(r"\b(?:other\sthan|except(?:ing|\sfor)?|apart\sfrom)\s(?:an?\s|the\s|active\s)?$")
IS_A_REGISTRY = re.compile(r"\s(?:ms\s)?(?:patient\s)?(?:registr(?:y|ies)|databases?)\b")
ABBREVIATED = re.compile(r"\s?(?:ms|multiple\ssclerosis|disease)?\s?\(")
ACTIVE = re.compile(r"(?:(?<!not )(?<!non-)(?<!non )\bactive\s(?:and\s)?|\brelapsing\s)$")
_THE_COURSE = r"^\W{0,3}(?:(?:ms|multiple sclerosis|disease|course|spms|ppms|rrms|patients?)\W{0,3}){0,4}"
_ACTIVE_AFTER = re.compile(
    _THE_COURSE + r"(?:\(?with\s(?!or\b|/)"
    r"(?:continu\w+\s|ongoing\s|superimposed\s|clinical\s|residual\s|evidence\sof\s|recent\s|active\s|still\s|some\s|at\sleast\s\w+\s){0,2}"
    r"(?:relapses?|activity|inflamm\w+|exacerbations?|attacks?|disease\sactivity|enhancing|gadolinium|gd|mri)"
    r"|who\s(?:still\s)?(?:have|experience)\srelapses|\(?active\b)"
)
QUIET = re.compile(r"(?:\bnon-?\s?relapsing\s|\bnonrelapsing\s|\bnon-?\s?active\s|\binactive\s|\bnot\sactive\s|\bnr-?)$")
_QUIET_AFTER = re.compile(
    _THE_COURSE + r"(?:\(?with\s?out\s(?:any\s|ongoing\s|superimposed\s|clinical\s|further\s|evidence\sof\s|recent\s){0,2}"
    r"(?:relapses?|activity|attacks|exacerbations)|non-?\s?active|inactive|not\sactive)"
)


@dataclass
class Told:
    """What the criteria say, gathered criterion by criterion."""

    source: Source
    specific: list[Course] = field(default_factory=list)
    general: list[tuple[str, Course]] = field(default_factory=list)
    """Each with its word, "relapsing" or "progressive"."""
    refused: list[Course] = field(default_factory=list)
    shut_out: set[str] = field(default_factory=set)
    """Refused by name under exclusion."""
    earlier: list[Course] = field(default_factory=list)
    """Diagnosed before: taken, unless the course now is SPMS."""
    of_some: list[tuple[str, Course]] = field(default_factory=list)
    """Of whom a criterion asks something, where MS is taken as such: taken, if of several courses it is asked apart."""
    no_limit: Quote | None = None

    @cached_property
    def _first_of_ms(self) -> int | None:
        return _first_of_ms(self.source)

    def takes_ms(self, until: int) -> bool:
        """Whether the inclusion criteria before `until` take people with MS of whatever course: "or CIS" beside them narrows nothing."""
        return self._first_of_ms is not None and self._first_of_ms <= until


def quote_of(item: Criterion, mention: Mention) -> Quote:
    return Quote(CRITERIA, item.text[mention.start - item.start : mention.end - item.start], mention.start)


def _first_of_ms(source: Source) -> int | None:
    """Where the inclusion criteria first name MS as such, as what people have; None where they do not."""
    for item in source.holding(("ms", "sclerosis")):
        if item.kind != "exclusion":
            for found in _MS_AS_SUCH.finditer(source.low, item.start, item.end):
                before = (source.low, max(item.start, found.start() - 60), found.start())
                if _SURE_OR_NOT.search(*before) or not _NOT_YET_MS.search(*before):
                    return found.end()
    return None


def is_past(low: str, mention: Mention, before: str) -> bool:
    if FIRST_EVENT.match(low, mention.start, mention.end):  # always lies behind somebody with CIS
        return bool(_COUNTED_FROM.search(before) or _YEARS_AGO.match(low, mention.end))
    has_had = HAD.search(before) and _NOW.match(low, mention.end)
    return bool(has_had or PAST.search(before) or _NOT_YET.search(before) or _BEFORE_NOW.match(low, mention.end))


def activity(before: str, words: str, after: str) -> Activity:
    if words.startswith("nr") or QUIET.search(before) or _QUIET_AFTER.search(after):
        return "not active"
    if words.startswith("asp") or ACTIVE.search(before) or _ACTIVE_AFTER.search(after):
        return "active"
    return ""
