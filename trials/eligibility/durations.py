"""How long somebody must, or must not, have had MS. Knows the phrasings of disease duration and keeps "since onset" and "since diagnosis"
apart; the duration of progression, of a treatment or of stability is something else.
"""

from __future__ import annotations

import re
from dataclasses import replace

from trials.eligibility.course_names import courses_in
from trials.eligibility.criteria import Source
from trials.eligibility.facts import CRITERIA, Criterion, Limits, Quote, Range
from trials.eligibility.limits import combine, turned_round
from trials.eligibility.numbers import NUMERAL, Reading, Token, number, other_end, read, tokens

KEYWORDS = (
    "duration",
    "length of",
    "onset",
    "diagnos",
    "since",
    "symptom",
    "years of",
    "disease",
    "history of m",
    "ms for",
    "known for",
    "ill for",
    "early (",
    "illness for",
    "sclerosis for",
    "evolution",
    "ing event",
    "cal event",
    "episode",
    ") for",
    "suggestive of",
    "manifestation",
    "course of",
    "began",
    "standing ",
    "definite",
    "s evolving",
    "s lasting",
    "ms of ",
    "sclerosis of ",
    ", of ",
    "ms >",
    "ms ≥",
    "ms <",
    "ms ≤",
    "sclerosis >",
    "sclerosis ≥",
)

_NAME = r"(?:ms|multiple\ssclerosis)"
_SUBJECT = r"(?:(?:the\s|their\s)?(?:ms|multiple\ssclerosis|disease|illness|rrms|symptoms?|relapsing[\s-]remitting(?:\sms)?))"
_AT_LEAST = r"at\s?least|more\sthan|over|a\sminimum|[≥>\d]"
_COMPARED = r"at\s?least|more\sthan|less\sthan|[<>≤≥]"
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
            r"(?!(?<=symptoms)\sof\s(?!(?:the\s|their\s)?(?:r?r?ms\b|multiple|disease|illness|demyel|at\s|less|more|no\s|up\s|an?\s|[<>≤≥\d])))"
        ),
        "disease time of at least 2 years": r"\b(?:evolution|disease)\stime\s(?:of|since)\b",
        "length of illness of at least 2 years": r"\blength\sof\s(?:the\s)?(?:illness|disease|ms)\b",
        "at least 2 years of disease": r"\byears\sof\s(?:disease(?:\sduration|\scourse)?\b|(?:ms|multiple\ssclerosis)(?=\s?(?:$|[.;,)])))",
        "disease course of at least 2 years": r"\bdisease\scourse\sof\b",
        "disease course ≥ 2 years": (
            r"\bdisease\scourse(?<!stable disease course)(?<!progressive disease course)(?<!in disease course)"
            r"(?=\s(?:less|more|longer|shorter)\sthan\s\d|\s[<>≤≥])"
        ),
        "MS for at least 2 years": (
            r"\b(?:(?:r?r|pp)?ms|multiple\ssclerosis)\s(?:known\s|established\s|confirmed\s|\([^()\d]{1,40}\)\s)?(?:for|since|from)"
            r"(?=\s(?:at\s?least|no\s(?:more|less|longer)\sthan|up\sto|more\sthan|longer\sthan|less\sthan|over|under|a\sminimum|[≥>≤<\d]|\w+\s(?:years?|months?)\b))"
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
            rf"\b{_NAME}(?:,\s[\w\s]{{1,25}},)?(?=\sof\s(?:at\s?least|(?:no\s|not\s)?(?:more|less)\sthan|at\smost|over|up\sto|[≥>≤<])[^.;,]{{1,25}}?\b(?:years?|yrs?|months?)\b(?!\sof\sage|\sold))"
        ),
    },
    "diagnosis": {
        "time since diagnosis: at least 2 years": (
            r"\b(?:time|years?|duration|interval|period)\s(?:since|from|after)\s(?:the\s|initial\s|first\s|ms\s)*diagnosis\b"
        ),
        "at least 2 years since diagnosis": (r"\bsince\s(?:the\s)?(?:time\sof\s)?(?:the\s|an?\s)?(?:(?:r?r)?ms\s)?(?:diagnosis|dx)\b"),
        "diagnosis of MS established for at least 2 years": (
            r"\bdiagnosis\s(?:of\s(?:clinically\s)?(?:definite\s)?(?:relapsing[\s-]remitting\s|primary[\s-]progressive\s|rr|pp)?"
            rf"{_NAME}\b(?:(?!relaps|attack|lesion|activ|treat|progress|evolution|duration|onset)[^.;\d]){{0,60}}?\s)?"
            rf"(?:established|made|confirmed|given|for|(?=within|since|{_COMPARED}))"
        ),
        "diagnosed with MS within 2 years": (
            rf"\bdiagnosed\s(?:with\s(?:an?\s|definite\s|active\s|relapsing(?:[\s-]remitting)?\s|r?r)*{_NAME}(?:\sor\scis)?(?:\s\([^()\d]{{1,30}}\))?,?\s)?"
            r"(?:for|(?=within|since|between|at\s?least|more\sthan|less\sthan|no\s(?:more|longer|less)\sthan|not\smore\sthan|over\s"
            r"|up\sto\s|[<>≤≥]|\d))"
        ),
        "time between diagnosis and inclusion of at least 2 years": (
            rf"\b(?:time|interval|period)\sbetween\s(?:the\s|ms\s|initial\s)*diagnosis(?:\sof\s{_NAME})?\s"
            r"and\s(?:study\s)?(?:enrol\w+|inclusion|entry|screening|randomi[sz]ation|baseline)\b"
        ),
        "within 2 years of diagnosis": (
            r"(?:(?<=years )|(?<=year )|(?<=months ))of\s(?:(?:the|their|initial|first|r?r?ms)\s){0,3}diagnosis\b"
            r"(?!\sof\s(?!r?r?ms|multiple|relapsing))"
        ),
        "newly diagnosed MS (less than 2 years)": (
            r"\b(?:newly|recently)\sdiagnosed\s(?:with\s)?(?:(?:r?r?ms|multiple\ssclerosis|relapsing(?:[\s-]remitting)?),?\s){0,2}"
            r"(?:\(|(?:that\sis|i\.e\.),?\s)(?=(?:within|less\sthan|up\sto|no\smore\sthan|under|[<≤])[^)]{1,15}(?:years?|months?)\b)"
        ),
        "diagnosis of MS per McDonald within the last 2 years": (
            rf"\bdiagnosis\sof\s(?:r?r?ms|multiple\ssclerosis|ppms)\s{_BY_CRITERIA}\s(?=within\s(?:(?:the\s)?(?:la|pa|pre)\w+\s|\d))"
        ),
        "diagnosis of any type of MS by McDonald, for at least 2 years": (
            rf"\bdiagnosis\s(?:of|with)\s(?:any\s[^.;\d]{{1,40}}?\sof\s)?{_NAME}(?:\s\(ms\))?,?\s{_BY_CRITERIA},?\s(?=for\s(?:{_AT_LEAST}))"
        ),
        "MS diagnosed at least 2 years ago": rf"\b{_NAME}\sdiagnosed\b",
    },
    "onset": {
        "at least 2 years since the first symptoms": (
            r"\b(?:time|years?|duration|interval|period|months?)\s(?:since|from|after|of)\s(?:the\s)?(?:\w+\s){0,3}?"
            r"(?:onset|(?:first|initial)\s(?:ms\s|reported\s|clinical\s|neurologic(?:al)?\s)?(?:symptoms?|manifestation|attack|episode|event))\b"
        ),
        "disease onset within 2 years": r"\b(?:disease|symptom|ms)\sonset\b",
        "onset of MS within 2 years": (
            r"\bonset\sof\s(?:the\s)?(?:first\s)?(?:demyelinating\s|clinical\s|neurologic(?:al)?\s)?"
            rf"(?:{_SUBJECT}|cis\b(?:\ssymptoms?)?)\b(?!\sprogress)"
        ),
        "first symptom within 2 years": (
            r"\bfirst\s(?:ms\s|reported\s|clinical\s)?symptoms?\b(?!\sof\s(?!(?:the\s|their\s)?(?:r?r?ms\b|multiple|disease|illness|demyel)))"
        ),
        "early (within 2 years) MS": rf"\bearly\s\((?=[^)]{{0,15}}\d[^)]{{0,12}}\)\s(?:{_NAME}|rrms|ppms|relapsing|primary)\b)",
        "first demyelinating event within 2 years": r"\bfirst\s(?:clinical\s)?(?:demyelinating|neurological)\sevent\b",
    },
}
_BEGINNINGS = (  # of the wordings, so that most words are passed over at once
    r"(?:r?r|pp)?ms\b|mul|dis|ill|symptom|dur|evo|len|his|year|time|int|per|mon|since|from|after|of\s(?:the|ini|fir|dia|r?r?ms)|dia|new|rec"
    r"|first|ons|ha[dv]|suf|with\s(?:the|ms|mul|dis|ill)|been\sill|early\s\("
)
_KINDS = "|".join(f"(?P<{since}>{'|'.join(wordings.values())})" for since, wordings in WORDINGS.items())
_MENTION = re.compile(rf"\b(?=(?:{_BEGINNINGS}))(?:{_KINDS})")
_COUNTED = re.compile(
    r"\b(?:since|from|after|of)\s(?:the\s)?(?:\w+\s){0,3}?(?P<what>onset|diagnos\w+|(?:first|initial)\s(?:\w+\s)?(?:symptom|manifestation|attack|event)\w*)|\bonset\b"
)
_NOT_MS = re.compile(
    r"\bage\s(?:at|of)\s(?:the\s)?(?:\w+\s)?$|relapse\s*$|progression\s*$|secondary\s*$|secondary[\s-]progressive\s$|\b(?:not|never)\s(?:(?:been|have|had|having)\s){0,3}$|\b(?:relapse|attack|progression|progressive\sphase|spms|treatment|therapy|menopause|study|trial|cancer|malignan\w+|infection|depress\w+|disorder|diabetes|\w*carcinoma|lymphoma|tumou?r|stroke|epilepsy|hypertension|migraine)\s(?:\w+\s){0,2}$"
    r"|\b(?:treat\w*|therapy)\swith\s(?:\w+\s){1,3}(?:since\s)?$"
    r"|\b(?:caregivers?|carers?|spouses?|relatives?|siblings?)\s(?:\w+\s){0,4}$"
    r"|\b(?:spms|secondary[\s-]progressive(?:\s(?:ms|multiple\ssclerosis|disease|phase))?)\s?[(,]\s?$"
)
_CONDITION = re.compile(
    r"\b(?:in|for|among|with|if|when|and)\s(?:the\s)?(?:patients?(?:'s?)?\s|subjects?\s|participants?\s|those\s|people\s|persons?\s|individuals\s)?(?:with\s|have\s|having\s|whose\s)?(?:an?\s)?(?:baseline\s|screening\s)?(?:edss|expanded\sdis)"
)
_PROVISO = re.compile(  # "those with EDSS ≤ 2 are only eligible if their disease ...": not asked of everybody
    r"\b(?:patients?|subjects?|participants?|individuals|those|people)\s(?:with|who|whose|aged|having)\b[^.;]{0,110}"
    r"(?:\.\d[^.;]{0,60})?\b(?:eligible|included|allowed|enrolled|accepted|admitted|participate)\b[^.;]{0,50}\bif\b[^.;]{0,50}$"
)
_ASIDE = re.compile(r"(?:\ssymptoms?)?\s?\([^()\d]{0,120}\)")  # "onset (in a neurologist's view; even if undiagnosed then) within"
_ANY = re.compile(r"[\s:-]{0,3}(?:is\s|of\s)?(?:any\b|no limit|not limited|unlimited)")
_OTHER_COUNT = re.compile(
    r"\b(?:relapse|attack|exacerbation|lesion|mri|progress|steroid|treat|therap|dose|stable|birth|age\b|aged\b|prior to|before|stage)"
)
_OR = re.compile(r"\bor\s(?!less|lower|below|equal)")
_UNITS = ("y", "mo", "w", "d")
_IN_YEARS = re.compile(r"\s?\((?:in\s)?(?:years|yrs?)(?:\s[^()\d]{0,40})?\)")
_FOR = re.compile(r"(?:(?:r?r|pp)?ms|multiple\ssclerosis)\s(?:(?:known|established|confirmed|\([^()\d]{1,40}\))\s)?(?:for|since|from)")
_NAMED = re.compile(rf"{_NAME}(?:,.*)?$")
_WHO_HAS_IT = re.compile(
    r"\b(?:symptoms\sof|cases?\sof|(?:cis|rrms|syndrome)\sor|established|definite|confirmed|known|remitting|relapsing|(?:primary|secondary)[\s-]progressive|active|have|has|had|having|with|diagnosed)\s$"
)
_FOR_WHICH = re.compile(r"\bfor\s(?:the\streatment\sof\s)?(?:[\w-]+\s){0,3}$")  # "treated for relapsing MS for at least a year"
_A_KIND_OF = re.compile(rf"{_WHO_HAS_IT.pattern}|\b(?:(?:sub)?types?|forms?|kinds?|courses?|diagnosis)\sof\s$|^[\s*•-]*$")
_TIME = re.compile(r"years?|month|week|days?|\d\s?(?:y|mo|w)|\byr|\bany\b|limit")  # without such a word nothing here is a duration
_EVENT = re.compile(  # what time is counted from
    r"\b(?P<diagnosis>diagnos(?:is|ed)|dx)\b"
    r"|\b(?P<onset>(?:(?:disease|symptoms?|(?:rr|pp)?ms|cis|syndrome|sclerosis|clinical|(?:demyelinating|neurologic(?:al)?)\s(?:event|episode))[\s-](?:with\s(?:an?\s)?)?)?onset"
    r"|(?:first|1st|initial|single|earliest)\s(?:[\w-]+,?\s){0,4}?(?:symptoms?|manifestations?|signs?|event|episode|attack)"
    r"|symptoms?\s(?:(?:consistent|compatible)\swith|suggestive\sof|attributable\sto)\s(?:ms|multiple\ssclerosis)"
    r"|(?:ms\ssymptoms?|symptoms?\sof\s(?:ms|multiple\ssclerosis)|ms|disease)\s(?:began|begun|beginning|started|starting|appeared|occurred))\b"
    r"|(?<!disease )(?<!clinical )\b(?P<course>(?:course|time|length|period|years)\sof\s(?:the\s|their\s)?"
    r"(?:disease|illness|ms|multiple\ssclerosis)"
    r"|(?:ms|multiple\ssclerosis|rrms|ppms),?\s(?:with\s|of\s)?(?:an?\s|the\s)?duration"
    r"|(?:ppms|spms|rrms)\swith\s(?:an?\s)?(?:disease|illness)\sduration"
    r"|(?:early|established|confirmed|definite|long-?standing|advanced|chronic)\s(?:r-?r\s)?(?:ms|multiple\ssclerosis)|early\sdisease"
    r"|(?P<lasting>(?:ms|multiple\ssclerosis|disease)\s(?:evolving|lasting))"
    r"|history\sof\s(?:ms|multiple\ssclerosis|the\sdisease)|(?<!\w )disease\shistory|rrms|ppms|evolution)\b"
)
_FILL = re.compile(  # words of no weight between a diagnosis and its time
    r"(?:[\s,()/:-]+|\b(?:of|as|having|with|by|an?|the|r?r?ms|multiple|sclerosis|ppms|relapsing|remitting|primary|progressive|clinically|definite"
    r"|disease|demyelinating|demyelination|cis|confirmed|established|made|given|set|known|stated|disclosed|appeared|began|occurred|neurologists?|physician|their|own|based|on|according|to|per"
    r"|in\saccordance|in\sa\speriod|et|al|using|revised|current|mcdonald(?:'s)?|poser|polman|(?:19|20)\d\d|revisions?|criteria|been|was|is|has|have|had|first"
    r"|symptoms?|signs?|suggestive|attributable|consistent|typical|event|related|cases?|neurologic(?:al)?|patients?|syndrome|determined)\b){1,40}"
)
_LEADING = frozenset(("for", "since", "of", "was", "is", "at", "has", "must", "be", ":", "=", "(", "made", "occurred", "-"))
_LINKING = frozenset(
    "of after since from the a their first initial ms multiple sclerosis rrms ppms cis disease symptom symptoms post post- clinical have"
    " time date has was being passed elapsed following between definite confirmed established ago last or more less and clinically".split()
)
_RELATING = frozenset(("of", "after", "since", "from", "post", "post-", "following", "between"))
_AND_ENTRY = re.compile(
    r"[^.;,]{0,40}?\sand\s(?:the\s|study\s|trial\s|date\sof\s)*(?:enrol|inclu|entry|screen|random|baseline|consent|recruit|particip|first\svisit)"
)
_OF_ANOTHER = re.compile(  # "diagnosed within a year of starting treatment"
    r"[\s)]{0,2}(?:of|after|from|following|since|before|prior\sto)\s(?!(?:the\s|date\sof\s|study\s|signing\s|informed\s)*"
    r"(?:enrol|inclu|entry|screen|random|baseline|consent|study|trial|recruit|particip|visit|the\sicf|icf|(?:disease\s|symptom\s)?onset|diagnosis|first|(?:disease|illness|ms)\s?(?:$|[.;,)])))"
)
_OF_SOMETHING = re.compile(  # a diagnosis of something else
    r"\s(?:of|with)\s(?!(?:an?\s|the\s|their\s|any\s|clinically\s|definite\s|early\s|possible\s)*(?:(?:r?r|pp)?ms\b(?!\s(?:relapse|attack|exac))|multiple"
    r"|cis\b|clinical|isolated|(?:the\s)?disease|relapsing|primary|progressive|first|symptoms?\b(?!\sof\s(?!ms|multiple))|illness|demyel|onset|less|more"
    r"|at\s|no\s|up\s|[<>≤≥\d\\]))"
)
_DIAGNOSED = re.compile(r"diagnosed\s?(?:for)?$")
_WHO_IS_DIAGNOSED = re.compile(  # not "bladder trouble diagnosed within"
    r"\b(?:ms|sclerosis|rrms|ppms|cis|been|was|were|is|are|be|being|having|patients?|subjects?|participants?|individuals?|people|persons?|adults?"
    r"|newly|recently|first|initially|clinically|formally|previously|not|never|disease|and|or|but|course|type|form|phenotype|who|those|cases?"
    r"|(?:wo)?m[ae]n|children|(?:fe)?males?)\W{0,3}$|[),:]\s$|^\W*$"
)
_UNTIL = re.compile(r"\sto\s(?:the\s)?(?:first\s|start\sof\s)?(?:start|treat|dmt|therap|initiat|progress|edss|relapse|death)")
_FOR_THE_LAST = re.compile(r"(?:from|since|for)\s(?:the\s)?(?:last|past)\s(?P<time>\d{1,2}\s(?:years?|months?))\b")
_RECENT = re.compile(r"\b(?:recent|new)\s")
_IS_PLAIN = re.compile(r"onset|diagnos|dx|first|single|initial")  # told of other diseases too
_NAMES_MS = re.compile(r"\b(?:r?r|sp|pp)?ms\b|\bmultiple\ssclerosis\b|\bcis\b|\bisolated\ssyndrome|\bdemyelinat")
_BEGUN = re.compile(  # "first treated within a year of diagnosis"
    r"\b(?:start\w*|initiat\w*|beg[au]n|treat\w*|therapy|relapses?|attacks?|progress(?:ed|ion)?|reach\w*|conver\w+|stable|age|aged|old|mri|scan|cancer|malignan\w+|strokes?|infarction)"
    r"\s(?:\w+\s){0,4}\W{0,2}$"
    r"|\bedss\b[^.;]{0,12}(?:[≥>]|at\s?least|or\s(?:more|above|higher))[^.;]{0,8}$"
)


def duration_limits(source: Source) -> tuple[Limits, Limits]:
    """(since onset or unsaid, since diagnosis): the limits of disease duration in years."""
    low = source.low
    onset: list[Range] = []
    diagnosis: list[Range] = []
    no_limit = None
    for item in source.holding(KEYWORDS):
        if not _TIME.search(low, item.start, item.end):
            continue
        found, words = _readings(low, item)
        no_limit = no_limit or words
        for start, end, reading, since in found:
            quote = Quote(CRITERIA, item.text[start - item.start : end - item.start], start)
            if item.kind != "exclusion" and (_is_of_some(low, item, start, end) or _is_of_a_part(low, item, end)):
                continue
            range_ = Range(reading.minimum, reading.maximum, quote, since=since)
            ranges = [range_]
            if item.kind == "exclusion":  # "more than 10 years with EDSS ≤ 2" refuses only who is both
                before = low[max(item.start, start - 60) : start]
                is_half = _CONDITION.search(low, start, min(item.end, end + 120)) or ("edss" in before and not _OR.search(before))
                ranges = [] if is_half else turned_round(range_, 0, 150)
                second = None if is_half else other_end(low, reading, item.end, with_unit=True)
                if second and _is_duration(second):
                    whole = Quote(CRITERIA, item.text[start - item.start : second.end - item.start], start)
                    ranges += turned_round(Range(second.minimum, second.maximum, whole, since=since), 0, 150)
            (diagnosis if since == "diagnosis" else onset).extend(ranges)
    return combine(onset, no_limit), combine(diagnosis)


_IF_SO = re.compile(r"\s(?:if\b|in\s(?:patients|subjects|participants|those)\swith\s(?:an?\s|the\s)?(?:edss|expanded\sdis))")
_OR_ELSE = re.compile(r"(?:\sof\s(?:disease|illness))?[\s,;)]{1,3}or\s")


def _is_of_some(low: str, item: Criterion, start: int, end: int) -> bool:
    """Another course is taken without the limit: "CIS of less than 6 months, or RRMS"."""
    other = _OR_ELSE.match(low, end, item.end)
    return bool(other and courses_in(low, other.end(), min(item.end, other.end() + 20)) and courses_in(low, item.start, end))


def _is_of_a_part(low: str, item: Criterion, end: int) -> bool:
    """Asked of some alone, where no other limit is told for the rest: "less than 15 years if EDSS > 5"."""
    some = _IF_SO.match(low, end, item.end)
    return bool(some) and not _IF_SO.search(low, some.end(), some.end() + 160)


def _readings(low: str, item: Criterion):
    """([(start, end, reading, since)], words that say any duration will do) of one criterion."""
    found = []
    no_limit = None
    mention = _MENTION.search(low, item.start, item.end)
    while mention:
        end = mention.end()
        reading = _looking_back(low, _around(low, item, mention))
        if reading:
            start, end = min(mention.start(), reading.start), max(end, reading.end)
            found.append((start, end, reading, _since(low, item, mention, end)))
        elif mention["plain"] and not no_limit and (words := _ANY.match(low, end, item.end)):
            no_limit = Quote(CRITERIA, item.text[mention.start() - item.start : words.end() - item.start], mention.start())
        mention = _MENTION.search(low, end, item.end)
    if not found and not no_limit:
        found = _linked(low, item)
    return found, no_limit


def _linked(low: str, item: Criterion):
    """Durations that only words of no weight tie to a diagnosis, an onset or a course: "at least a year has passed since diagnosis"."""
    found = []
    floor = item.start
    for event in _EVENT.finditer(low, item.start, item.end):
        if event.start() < floor or _NOT_MS.search(low[max(floor, event.start() - 40) : event.start()]):
            continue
        if event.start() > item.start + 45 and _IS_PLAIN.match(event.group()):
            first, last = max(item.start, event.start() - 120), min(item.end, event.end() + 120)
            if not _NAMES_MS.search(low, first, last):
                continue
        if event.group() == "diagnosed" and not _WHO_IS_DIAGNOSED.search(low[max(item.start, event.start() - 25) : event.start()]):
            continue
        if _OF_SOMETHING.match(low, event.end(), item.end):
            continue
        if event["lasting"] and not _A_KIND_OF.search(low[max(item.start, event.start() - 25) : event.start()]):
            continue  # "pain due to MS lasting more than 6 months"
        is_bare = event.group() == "onset" and not _RECENT.search(low, event.start() - 10, event.start())
        reading = None if is_bare else _right_of(low, item, event)
        reading = _looking_back(low, reading or _left_of(low, item, event, floor))
        if reading:
            start, end = min(event.start(), reading.start), max(event.end(), reading.end)
            since = (
                "diagnosis" if event["diagnosis"] else "onset" if event["onset"] else _counted(low, event.start(), min(item.end, end + 60))
            )
            found.append((start, end, reading, since))
            floor = end
    return found


_NO_EARLIER = re.compile(r"not?\s(?:earlier|sooner)\sthan\b")
_AGO = re.compile(r"\s(?:ago\b|before\b|prior\b)")


def _looking_back(low: str, reading: Reading | None) -> Reading | None:
    """ "No earlier than 2 years before screening" is at most 2 years ago, though it is at least 2 years after anything else."""
    if reading and reading.minimum and not reading.maximum and _NO_EARLIER.match(low, reading.start) and _AGO.match(low, reading.end):
        return replace(reading, minimum=None, maximum=reading.minimum)
    return reading


def _right_of(low: str, item: Criterion, event: re.Match) -> Reading | None:
    """The duration after an event: "diagnosis confirmed by a neurologist for at least a year"."""
    fill = _FILL.match(low, event.end(), item.end)
    begin = fill.end() if fill else event.end()
    if event["onset"] and low.startswith("onset ", begin):
        begin += len("onset ")  # "first event suggestive of MS, with an onset within 60 days"
    lasting = _FOR_THE_LAST.match(low, begin, item.end)
    if lasting:  # "since the last 2 years": at least as long
        return read([Token("ge", "", begin, begin), *tokens(low, lasting.start("time"), lasting.end())], 0, with_unit=True)
    items = tokens(low, begin, min(item.end, begin + 70), to_stop=True)
    at = 0
    while at < min(len(items), 3) and items[at].text in _LEADING:
        at += 1
    reading = read(items, at, with_unit=True) if at < len(items) else None
    if not _is_duration(reading):
        return None
    return None if _OF_ANOTHER.match(low, reading.end, item.end) else reading


def _left_of(low: str, item: Criterion, event: re.Match, floor: int) -> Reading | None:
    """The duration before an event: "less than two years have passed since the first symptoms"."""
    items = tokens(low, max(floor, event.start() - 70), event.start())
    for at in range(len(items)):
        reading = read(items, at, with_unit=True)
        if not _is_duration(reading) or _BEGUN.search(low, max(item.start, reading.start - 45), reading.start):
            continue
        rest = items[reading.next :]
        words = {token.text for token in rest}
        if not all(token.text in _LINKING or token.kind in ("open", "close") for token in rest):
            continue
        if not words & _RELATING and not (rest and rest[0].kind == "close"):
            continue
        if "between" in words and not _AND_ENTRY.match(low, event.end(), item.end):
            continue
        return reading
    return None


_OF_ONSET = re.compile(r"\s(?:of|from|since|after)\s(?:the\s|their\s)?(?:disease\s|symptom\s|ms\s)?(?:onset|first\s(?:symptom|sign|event))")


def _since(low: str, item: Criterion, mention: re.Match, end: int):
    if mention.lastgroup in ("onset", "diagnosis"):
        return "onset" if _OF_ONSET.match(low, end, item.end) else mention.lastgroup  # "diagnosed within a year of onset"
    if low.endswith("diagnosed ", item.start, mention.start()):
        return "diagnosis"
    return _counted(low, mention.start(), min(item.end, end + 60))


def _counted(low: str, start: int, end: int):
    counted = _COUNTED.search(low, start, end)
    if counted:
        return "diagnosis" if (counted["what"] or "").startswith("diagnos") else "onset"
    return ""


def _around(low: str, item: Criterion, mention: re.Match) -> Reading | None:
    """The duration stated beside a mention: after it, or else just before it ("< 10 years of disease course")."""
    if _NOT_MS.search(low[max(item.start, mention.start() - 40) : mention.start()]):
        return None
    if mention.lastgroup == "onset" and re.match(
        r"\s(?:of\s)?(?:an?\s|the\s)?(?:new\s|current\s|acute\s)?(?:relapse|attack|exacerbat|flare|episode|progress|secondary)",
        low[mention.end() : mention.end() + 20],
    ):
        return None
    if _DIAGNOSED.match(mention.group()) and not _WHO_IS_DIAGNOSED.search(low[max(item.start, mention.start() - 25) : mention.start()]):
        return None
    if _UNTIL.match(low, mention.end(), item.end):
        return None
    first = max(item.start, mention.start() - 260)
    if low.find(" if", first, mention.start()) >= 0 and _PROVISO.search(low, first, mention.start()):
        return None
    if _FOR.match(mention.group()):  # not "a drug for MS for at least 2 years"
        before = low[item.start : mention.start()]
        if before.strip(" -*•(") and (not _WHO_HAS_IT.search(before[-30:]) or _FOR_WHICH.search(before[-60:])):
            return None
    just_before = low[max(item.start, mention.start() - 25) : mention.start()]
    if _NAMED.match(mention.group()) and not _A_KIND_OF.search(just_before):
        return None  # "pain due to MS of at least 6 months' duration"
    aside = _ASIDE.match(low, mention.end(), item.end) or mention
    end = min(item.end, aside.end() + 110)
    if not NUMERAL.search(low, max(item.start, mention.start() - 70), end):
        return None
    in_years = _IN_YEARS.match(low, mention.end())
    if in_years or mention.group().startswith("years "):
        listed = tokens(low, in_years.end() if in_years else mention.end(), end, to_stop=True)
        first = next((reading for at in range(min(3, len(listed))) if (reading := read(listed, at))), None)
        if first:
            return first
    right = tokens(low, aside.end(), end, to_stop=True)
    left = tokens(low, max(item.start, mention.start() - 70), mention.start())
    before = _last(left, mention)
    if before and _BEGUN.search(low, max(item.start, before.start - 45), before.start):
        return None
    if before and mention.lastgroup != "plain":
        return before
    first = _first(right, low)
    if not first and mention["plain"] and left and left[-1].kind in ("ge", "le"):  # "a minimum disease duration of 2 years"
        first = read([left[-1], *right], 0, with_unit=True)
        first = first if _is_duration(first) else None
    return first or before


def _is_duration(reading: Reading | None) -> bool:
    return bool(reading) and bool(reading.unit) and reading.unit.startswith(_UNITS) and reading.unit not in ("mm", "mg", "m", "drugs")


def _first(items, low: str) -> Reading | None:
    words = 0
    for at, token in enumerate(items):
        if token.kind == "stop" and token.text not in (":",):
            return None
        if token.kind == "word":
            words += 1
            if words > 12 or _OTHER_COUNT.match(token.text):
                return None
        if token.kind == "unit" and at and number(items[at - 1]) is not None and _OTHER_COUNT.match(token.text):
            return None  # "diagnosed, and at least 1 relapse in the past year"
        reading = read(items, at, with_unit=True)
        if reading and _is_duration(reading):
            return reading
        if reading or token.kind == "num":
            if not (reading and not reading.unit):
                continue
            return None
    return None


def _last(items, mention: re.Match) -> Reading | None:
    """A duration that ends the words before the mention; only "of", "after", "since" and the like may stand between."""
    for at in range(len(items)):
        reading = read(items, at, with_unit=True)
        if reading is None or not _is_duration(reading):
            # "5 years of disease": the unit belongs to the mention itself
            if reading and mention.group().startswith("year") and reading.next == len(items):
                return reading
            continue
        rest = items[reading.next :]
        if all(
            token.text
            in (
                "of",
                "after",
                "since",
                "from",
                "the",
                "a",
                "ago",
                "their",
                "in",
                "with",
                "inclusive",
                "disease",
                "course",
                "following",
                "initial",
                "first",
                "passed",
            )
            or token.kind in ("open", "close")
            for token in rest
        ):
            return reading
    return None
