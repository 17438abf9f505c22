"""The wordings that a duration stands beside: "disease duration of at least 2 years", "diagnosed with MS within the last 2 years"."""

from __future__ import annotations

import re

from trials.eligibility.durations.context import (
    NOT_MS,
    WHO_HAS_IT,
    Told,
    counted_from,
    is_diagnosis_of_ms,
    is_duration,
    is_ms_as_such,
    is_of_what_began,
    lead,
    looking_back,
)
from trials.eligibility.facts import CRITERIA, Criterion, Quote, Since
from trials.eligibility.numbers import NUMERAL, Reading, Token, number, read, tokens

_NAME = r"(?:ms|multiple\ssclerosis)"
_KIND = rf"(?:(?:relapsing[\s-]remitting\s|primary[\s-]progressive\s)?{_NAME}|rr?ms|ppms)"
_SUBJECT = r"(?:(?:the\s|their\s)?(?:ms|multiple\ssclerosis|disease|illness|rrms|symptoms?|relapsing[\s-]remitting(?:\sms)?))"
_AT_LEAST = r"at\s?least|more\sthan|over|a\sminimum|[≥>\d]"
_COMPARED = r"at\s?least|(?:not?\s)?(?:more|less)\sthan|[<>≤≥]"
_BY_CRITERIA = (  # the words on criteria between a diagnosis and its time
    r"(?:\((?=[^)]{0,60}\))|(?:according|per|by|as\sper|in\saccordance|based|using|fulfilling|following)\s)"
    r"(?:(?!relaps|lesion|attack|activ|treat|therap|evolution|mri\b|and\b|(?<!in accordance )with\b|\sin\s(?:a\s)?stable|month|year)"
    r"[^;]){0,110}?"
)
WORDINGS = {  # what a duration may stand beside, each kind of wording by words that it reads
    "plain": {
        "disease duration of at least 2 years": (
            r"\b(?:ms|multiple\ssclerosis|disease|illness|rrms|symptom)\s(?:disease\s)?(?:duration|evolution)\b"
        ),
        "duration of the disease: at least 2 years": (
            rf"\b(?:duration|evolution)\sof\s{_SUBJECT}\b"
            r"(?!(?<=symptoms)\sof\s(?!(?:the\s|their\s)?"
            r"(?:r?r?ms\b|multiple|disease|illness|demyel|at\s|less|more|no\s|up\s|an?\s|[<>≤≥\d])))"
        ),
        "disease time of at least 2 years": r"\b(?:evolution|disease)\stime\s(?:of|since)\b",
        "length of illness of at least 2 years": r"\blength\sof\s(?:the\s)?(?:illness|disease|ms)\b",
        "at least 2 years of disease": (rf"\by(?:ea)?rs\sof\s(?:disease(?:\sduration|\scourse)?\b|{_NAME}(?=\s?(?:$|[.;,)])))"),
        "disease course of at least 2 years": r"\bdisease\scourse\sof\b",
        "disease course ≥ 2 years": (
            r"\bdisease\scourse(?<!stable disease course)(?<!progressive disease course)(?<!in disease course)"
            r"(?=\s(?:is\s)?(?:less|more|longer|shorter)\sthan\s\d|\s(?:is\s)?[<>≤≥])"
        ),
        "MS for at least 2 years": (
            r"\b(?:(?:r?r|pp)?ms|multiple\ssclerosis)\s(?:known\s|established\s|confirmed\s|\([^()\d]{1,40}\)\s)?(?:for|since|from)"
            r"(?=\s(?:at\s?least|no\s(?:more|less|longer)\sthan|up\sto|more\sthan|longer\sthan|less\sthan|over|under"
            r"|a\sminimum|[≥>≤<\d]|\w+\s(?:y(?:ea)?rs?|months?)\b))"
        ),
        "RRMS > 2 years": (
            r"\b(?:r?r?ms|(?<!progressive\s)multiple\ssclerosis)(?=\s[<>≤≥]=?\s?\d{1,2}\s?(?:years?|yrs?)\b(?!\sof\sage|\sold))"
        ),
        "disease history of at least 2 years": r"\bdisease\shistory\sof\b",
        "had MS for at least two years": (
            rf"\b(?:had|have|having|suffer\w*\sfrom|with)\s(?:{_NAME}|(?:the\s)?(?:disease|illness))\sfor\b|\bbeen\sill\sfor\b"
        ),
        "disease for a period of at least 2 years": (
            r"(?<![\w),-])(?<![\w),]\s)(?:disease|ill(?:ness)?)\sfor\b(?=\s(?:a\speriod|at\s?least|more|less|over|[<>≤≥\d]))"
        ),
        "MS of at least 2 years": (
            rf"\b{_NAME}(?:,\s[\w\s]{{1,25}},)?"
            rf"(?=\sof\s(?:at\s?least|(?:no\s|not\s)?(?:more|less)\sthan|at\smost|over|up\sto|[≥>≤<])[^.;,]{{1,25}}?\b"
            r"(?:y(?:ea)?rs?|months?)\b(?!\sof\sage|\sold))"
        ),
    },
    "diagnosis": {
        "time since diagnosis: at least 2 years": (
            r"\b(?:time|y(?:ea)?rs?|duration|interval|period)\s(?:since|from|after)\s(?:the\s|initial\s|first\s|ms\s)*diagnosis\b"
        ),
        "at least 2 years since diagnosis": (r"\bsince\s(?:the\s)?(?:time\sof\s)?(?:the\s|an?\s)?(?:(?:r?r)?ms\s)?(?:diagnosis|dx)\b"),
        "diagnosis of MS established for at least 2 years": (
            r"\bdiagnosis\s(?:of\s(?:clinically\s)?(?:definite\s)?(?:relapsing[\s-]remitting\s|primary[\s-]progressive\s|rr|pp)?"
            rf"{_NAME}\b(?:(?!relaps|attack|lesion|activ|treat|progress|evolution|duration|onset)[^.;\d]){{0,60}}?\s)?"
            rf"(?:established|made|confirmed|given|for|(?=within|since|{_COMPARED}))"
        ),
        "diagnosed with MS within 2 years": (
            r"\bdiagnosed\s(?:with\s(?:an?\s|or\s|definite\s|active\s|relapsing(?:[\s-]remitting)?\s|primary[\s-]progressive\s"
            rf"|r?r)*{_NAME}(?:\sor\scis)?(?:\s\([^()\d]{{1,30}}\))?,?\s)?"
            r"(?:for|(?=within|since|between|at\s?least|more\sthan|less\sthan|no\s(?:more|longer|less)\sthan|not\smore\sthan|over\s"
            r"|up\sto\s|[<>≤≥]|\d))"
        ),
        "time between diagnosis and inclusion of at least 2 years": (
            rf"\b(?:time|interval|period)\sbetween\s(?:the\s|initial\s|{_KIND}\s)*diagnosis(?:\sof\s{_NAME})?\s"
            r"and\s(?:study\s)?(?:enrol\w+|inclusion|entry|screening|randomi[sz]ation|baseline)\b"
        ),
        "within 2 years of diagnosis": (
            rf"(?:(?<=years )|(?<=year )|(?<=yrs )|(?<=months ))of\s(?:(?:the|their|initial|first|{_KIND})\s){{0,3}}diagnosis\b"
            r"(?!\sof\s(?!r?r?ms|multiple|relapsing))"
        ),
        "newly diagnosed MS (less than 2 years)": (
            r"\b(?:newly|recently)\sdiagnosed\s(?:with\s)?(?:(?:r?r?ms|multiple\ssclerosis|relapsing(?:[\s-]remitting)?),?\s){0,2}"
            r"(?:\(|(?:that\sis|i\.e\.),?\s)(?=(?:within|less\sthan|up\sto|no\smore\sthan|under|[<≤])[^)]{1,15}(?:y(?:ea)?rs?|months?)\b)"
        ),
        "diagnosis of MS per McDonald within the last 2 years": (
            rf"\bdiagnosis\sof\s{_KIND}\s{_BY_CRITERIA}\s(?=within\s(?:(?:the\s)?(?:la|pa|pre)\w+\s|\d))"
        ),
        "diagnosis of any type of MS by McDonald, for at least 2 years": (
            rf"\bdiagnosis\s(?:of|with)\s(?:any\s[^.;\d]{{1,40}}?\sof\s)?{_NAME}(?:\s\(ms\))?,?\s{_BY_CRITERIA},?\s(?=for\s(?:{_AT_LEAST}))"
        ),
        "MS diagnosed at least 2 years ago": rf"\b{_NAME}\sdiagnosed\b",
    },
    "onset": {
        "at least 2 years since the first symptoms": (
            r"\b(?:time|y(?:ea)?rs?|duration|interval|period|months?)\s(?:since|from|after|of)\s(?:the\s)?(?:\(?\w+\)?\s){0,3}?"
            r"(?:onset|(?:first|initial)\s(?:ms\s|multiple\ssclerosis\s|reported\s|clinical\s|neurologic(?:al)?\s)?"
            r"(?:symptoms?|manifestation|attack|episode|event))\b"
        ),
        "disease onset within 2 years": r"\b(?:disease|symptom|ms)\sonset\b",
        "onset of MS within 2 years": (
            r"\bonset\sof\s(?:the\s)?(?:first\s)?(?:demyelinating\s|clinical\s|neurologic(?:al)?\s)?"
            rf"(?:{_SUBJECT}|cis\b(?:\ssymptoms?)?)\b(?!\sprogress)"
        ),
        "first symptom within 2 years": (
            r"\bfirst\s(?:ms\s|reported\s|clinical\s)?symptoms?\b"
            r"(?!\sof\s(?!(?:the\s|their\s)?(?:r?r?ms\b|multiple|disease|illness|demyel)))"
        ),
        "early (within 2 years) MS": rf"\bearly\s\((?=[^)]{{0,15}}\d[^)]{{0,12}}\)\s(?:{_NAME}|rrms|ppms|relapsing|primary)\b)",
        "first demyelinating event within 2 years": r"\bfirst\s(?:clinical\s)?(?:demyelinating|neurological)\sevent\b",
    },
}
_BEGINNINGS = (  # of the wordings, so that most words are passed over at once
    r"(?:r?r|pp)?ms\b|mul|dis|ill|symptom|dur|evo|len|his|year|yrs?\b|time|int|per|mon|since|from|after"
    r"|of\s(?:the|ini|fir|dia|r?r?ms)|dia|new|rec"
    r"|first|ons|ha[dv]|suf|with\s(?:the|ms|mul|dis|ill)|been\sill|early\s\("
)
_KINDS = "|".join(f"(?P<{since}>{'|'.join(wordings.values())})" for since, wordings in WORDINGS.items())
_MENTION = re.compile(rf"\b(?=(?:{_BEGINNINGS}))(?:{_KINDS})")
_PROVISO = re.compile(  # "those with EDSS ≤ 2 are only eligible if their disease ...": not asked of everybody
    r"\b(?:patients?|subjects?|participants?|individuals|those|people)\s(?:with|who|whose|aged|having)\b[^.;]{0,110}"
    r"(?:\.\d[^.;]{0,60})?\b(?:eligible|included|allowed|enrolled|accepted|admitted|participate)\b[^.;]{0,50}\bif\b[^.;]{0,50}$"
)
_ASIDE = re.compile(r"(?:\ssymptoms?)?\s?\([^()\d]{0,120}\)")  # "onset (in a neurologist's view; even if undiagnosed then) within"
_ANY = re.compile(r"[\s:-]{0,3}(?:is\s|of\s)?(?:any\b|no limit|not limited|unlimited)")
_OTHER_COUNT = re.compile(
    r"\b(?:relapse|attack|exacerbation|lesion|mri|progress|steroid|treat|therap|dose|stable|birth|age\b|aged\b|prior to|before|stage)"
)
_IN_YEARS = re.compile(r"\s?\((?:in\s)?(?:years|yrs?)(?:\s[^()\d]{0,40})?\)")
_FOR = re.compile(r"(?:(?:r?r|pp)?ms|multiple\ssclerosis)\s(?:(?:known|established|confirmed|\([^()\d]{1,40}\))\s)?(?:for|since|from)")
_NAMED = re.compile(rf"{_NAME}(?:,.*)?$")
_FOR_WHICH = re.compile(r"\bfor\s(?:the\streatment\sof\s)?(?:[\w-]+\s){0,3}$")  # "treated for relapsing MS for at least a year"
_DIAGNOSED = re.compile(r"diagnosed\s?(?:for)?$")
_OF_CONVERSION = re.compile(r"\s(?:from|since|after|of)\s(?:the\s)?(?:spms|secondary|conversion|progress)")
_UNTIL = re.compile(r"\sto\s(?:the\s)?(?:first\s|start\sof\s)?(?:start|treat|dmt|therap|initiat|progress|edss|relapse|death)")
_OF_A_RELAPSE = re.compile(  # after an onset
    r"\s(?:of\s)?(?:an?\s|the\s)?(?:new\s|current\s|acute\s)?(?:relapse|attack|exacerbat|flare|episode|progress|secondary)"
)
_OF_ONSET = re.compile(r"\s(?:of|from|since|after)\s(?:the\s|their\s)?(?:disease\s|symptom\s|ms\s)?(?:onset|first\s(?:symptom|sign|event))")

_BETWEEN = frozenset("of after since from the a ago their in with inclusive disease course following initial first passed".split())
"""Words between a duration and the wording that it leads up to."""
_LEFT, _RIGHT = 70, 110  # characters looked at before and after a wording
_MOST_WORDS = 12  # between a wording and its duration


def beside_wordings(low: str, item: Criterion) -> tuple[list[Told], Quote | None]:
    """The durations that stand beside the wordings of a criterion, and the words that say that any duration will do."""
    found: list[Told] = []
    no_limit = None
    mention = _MENTION.search(low, item.start, item.end)
    while mention:
        end = mention.end()
        reading = looking_back(low, _beside(low, item, mention))
        if reading:
            start, end = min(mention.start(), reading.start), max(end, reading.end)
            found.append(Told(start, end, reading, _since(low, item, mention, end)))
        elif mention["plain"] and not no_limit and (words := _ANY.match(low, end, item.end)):
            no_limit = Quote(CRITERIA, item.text[mention.start() - item.start : words.end() - item.start], mention.start())
        mention = _MENTION.search(low, end, item.end)
    return found, no_limit


def _since(low: str, item: Criterion, mention: re.Match, end: int) -> Since:
    if mention.lastgroup in ("onset", "diagnosis"):
        return "onset" if _OF_ONSET.match(low, end, item.end) else mention.lastgroup  # "diagnosed within a year of onset"
    if low.endswith("diagnosed ", item.start, mention.start()):
        return "diagnosis"
    return counted_from(low, item, mention.start(), end)


def _beside(low: str, item: Criterion, mention: re.Match) -> Reading | None:
    """The duration stated beside a mention: after it, or else just before it ("< 10 years of disease course")."""
    if _is_of_something_else(low, item, mention):
        return None
    aside = _ASIDE.match(low, mention.end(), item.end) or mention
    end = min(item.end, aside.end() + _RIGHT)
    first = max(item.start, mention.start() - _LEFT)
    if not NUMERAL.search(low, first, end):
        return None
    in_years = _IN_YEARS.match(low, mention.end())
    if in_years or mention.group().startswith(("years ", "yrs ")):
        listed = tokens(low, in_years.end() if in_years else mention.end(), end, to_stop=True)
        without_unit = next((reading for at in range(min(3, len(listed))) if (reading := read(listed, at))), None)
        if without_unit:
            return without_unit
    right = tokens(low, aside.end(), end, to_stop=True)
    left = tokens(low, first, mention.start())
    before = _before(left, mention)
    if before and is_of_what_began(low, item, before.start):
        return None
    if before and mention.lastgroup != "plain":
        return before
    after = _after(right)
    if not after and mention["plain"] and left and left[-1].kind in ("ge", "le"):  # "a minimum disease duration of 2 years"
        after = read([left[-1], *right], 0, with_unit=True)
        after = after if is_duration(after) else None
    if after and _OF_CONVERSION.match(low, after.end, item.end):
        return None  # "disease course ≤ 5 years from conversion to SPMS"
    return after or before


def _is_of_something_else(low: str, item: Criterion, mention: re.Match) -> bool:
    """Whether what stands around a mention says that it is not of how long people have had MS, or asked of some of them alone."""
    start, end, words = mention.start(), mention.end(), mention.group()
    if NOT_MS.search(lead(low, item, start, 40)) or _UNTIL.match(low, end, item.end):
        return True
    if mention.lastgroup == "onset" and _OF_A_RELAPSE.match(low, end, end + 20):
        return True
    if _DIAGNOSED.match(words) and not is_diagnosis_of_ms(low, item, start):
        return True
    if _NAMED.match(words) and not is_ms_as_such(low, item, start):
        return True  # "pain due to MS of at least 6 months' duration"
    first = max(item.start, start - 260)
    if low.find(" if", first, start) >= 0 and _PROVISO.search(low, first, start):
        return True
    before = lead(low, item, start, 60)
    if not _FOR.match(words) or not before.strip(" -*•("):
        return False
    return not WHO_HAS_IT.search(before[-30:]) or bool(_FOR_WHICH.search(before))  # "a drug for MS for at least 2 years"


def _after(items: list[Token]) -> Reading | None:
    """The first duration after a mention, unless other words come first that it may be counted by."""
    words = 0
    for at, token in enumerate(items):
        if token.kind == "stop" and token.text != ":":
            return None
        if token.kind == "word":
            words += 1
            if words > _MOST_WORDS or _OTHER_COUNT.match(token.text):
                return None
        if token.kind == "unit" and at and number(items[at - 1]) is not None and _OTHER_COUNT.match(token.text):
            return None  # "diagnosed, and at least 1 relapse in the past year"
        reading = read(items, at, with_unit=True)
        if is_duration(reading):
            return reading
        if reading and not reading.unit:
            return None
    return None


def _before(items: list[Token], mention: re.Match) -> Reading | None:
    """A duration that ends the words before the mention; only "of", "after", "since" and the like may stand between."""
    for at in range(len(items)):
        reading = read(items, at, with_unit=True)
        if not is_duration(reading):
            # "5 years of disease": the unit belongs to the mention itself
            if reading and mention.group().startswith(("year", "yrs")) and reading.next == len(items):
                return reading
            continue
        if all(token.text in _BETWEEN or token.kind in ("open", "close") for token in items[reading.next :]):
            return reading
    return None
