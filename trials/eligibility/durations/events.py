"""What time is counted from: durations that only words of no weight tie to a diagnosis, an onset or a course."""

from __future__ import annotations

import re

from trials.eligibility.durations.context import (
    NOT_MS,
    Told,
    counted_from,
    is_diagnosis_of_ms,
    is_duration,
    is_ms_as_such,
    is_of_what_began,
    looking_back,
)
from trials.eligibility.facts import Criterion, Since
from trials.eligibility.numbers import Reading, Token, read, tokens

_EVENT = re.compile(  # what time is counted from
    r"\b(?P<diagnosis>diagnos(?:is|ed)|dx)\b"
    r"|\b(?P<onset>(?:(?:disease|symptoms?|(?:rr|pp)?ms|cis|syndrome|sclerosis|clinical"
    r"|(?:demyelinating|neurologic(?:al)?)\s(?:event|episode))[\s-](?:with\s(?:an?\s)?)?)?onset"
    r"|(?:first|1st|initial|single|earliest)\s(?:\(\w+\)\s)?(?:[\w-]+,?\s){0,4}?(?:symptoms?|manifestations?|signs?|event|episode|attack)"
    r"|symptoms?\s(?:(?:consistent|compatible)\swith|suggestive\sof|attributable\sto)\s(?:ms|multiple\ssclerosis)"
    r"|(?:ms\ssymptoms?|symptoms?\sof\s(?:ms|multiple\ssclerosis)|ms|disease)\s"
    r"(?:began|begun|beginning|started|starting|appeared|occurred))\b"
    r"|(?<!disease )(?<!clinical )\b(?P<course>(?:course|time|length|period|years)\sof\s(?:the\s|their\s)?"
    r"(?:disease|illness|ms|multiple\ssclerosis)"
    r"|(?:ms|multiple\ssclerosis|rrms|ppms),?\s(?:with\s|of\s)?(?:an?\s|the\s)?duration"
    r"|(?:ppms|spms|rrms)\swith\s(?:an?\s)?(?:disease|illness)\sduration"
    r"|(?:early|established|confirmed|definite|long-?standing|advanced|chronic)\s(?:r-?r\s)?(?:ms|multiple\ssclerosis)|early\sdisease"
    r"|(?P<lasting>(?:ms|multiple\ssclerosis|disease)\s(?:evolving|lasting))"
    r"|history\sof\s(?:ms|multiple\ssclerosis|the\sdisease)|(?<!\w )disease\shistory|rrms|ppms|evolution)\b"
)
_FILL = re.compile(  # words of no weight between a diagnosis and its time
    r"(?:[\s,()/:-]+|\b(?:of|as|having|with|by|an?|the|r?r?ms|multiple|sclerosis|ppms|relapsing|remitting|primary"
    r"|progressive|clinically|definite"
    r"|disease|demyelinating|demyelination|cis|confirmed|established|made|given|set|known|stated|disclosed|appeared|began"
    r"|occurred|neurologists?|physician|their|own|based|on|according|to|per"
    r"|in\saccordance|in\sa\speriod|et|al|using|revised|current|mcdonald(?:'s)?|poser|polman|(?:19|20)\d\d|revisions?|criteria"
    r"|been|was|is|has|have|had|first"
    r"|symptoms?|signs?|suggestive|attributable|consistent|typical|event|related|cases?|neurologic(?:al)?|patients?|syndrome"
    r"|determined)\b){1,40}"
)
_LEADING = frozenset(("for", "since", "of", "was", "is", "at", "has", "must", "be", ":", "=", "(", "made", "occurred", "-"))
_LINKING = frozenset(
    "of after since from the a their first initial ms multiple sclerosis rrms ppms cis disease symptom symptoms post post- clinical have"
    " time date has was being passed elapsed following between definite confirmed established ago last or more less and clinically".split()
)
_RELATING = frozenset(("of", "after", "since", "from", "post", "post-", "following", "between"))
_AND_ENTRY = re.compile(
    r"[^.;,]{0,40}?\sand\s(?:the\s|study\s|trial\s|date\sof\s)*"
    r"(?:enrol|inclu|entry|screen|random|baseline|consent|recruit|particip|first\svisit)"
)
_OF_ANOTHER = re.compile(  # "diagnosed within a year of starting treatment"
    r"[\s)]{0,2}(?:of|after|from|following|since|before|prior\sto)\s(?!(?:the\s|date\sof\s|study\s|signing\s|informed\s)*"
    r"(?:enrol|inclu|entry|screen|random|baseline|consent|study|trial|recruit|particip|visit|the\sicf|icf"
    r"|(?:disease\s|symptom\s)?onset|diagnosis|first|(?:disease|illness|ms)\s?(?:$|[.;,)])))"
)
_OF_SOMETHING = re.compile(  # a diagnosis of something else
    r"\s(?:of|with)\s(?!(?:an?\s|the\s|their\s|any\s|clinically\s|definite\s|early\s|possible\s)*"
    r"(?:(?:r?r|pp)?ms\b(?!\s(?:relapse|attack|exac))|multiple"
    r"|cis\b|clinical|isolated|(?:the\s)?disease|relapsing|primary|progressive|first|symptoms?\b(?!\sof\s(?!ms|multiple))"
    r"|illness|demyel|onset|less|more"
    r"|at\s|no\s|up\s|[<>≤≥\d\\]))"
)
_FOR_THE_LAST = re.compile(r"(?:from|since|for)\s(?:the\s)?(?:last|past)\s(?P<time>\d{1,2}\s(?:years?|months?))\b")
_RECENT = re.compile(r"\b(?:recent|new)\s")
_IS_PLAIN = re.compile(r"onset|diagnos|dx|first|single|initial")  # told of other diseases too
_NAMES_MS = re.compile(r"\b(?:r?r|sp|pp)?ms\b|\bmultiple\ssclerosis\b|\bcis\b|\bisolated\ssyndrome|\bdemyelinat")
_REACH = 70  # characters looked at before and after an event
_DEEP = 45  # characters from which on a criterion may speak of another disease


def from_events(low: str, item: Criterion) -> list[Told]:
    """The durations of a criterion that are counted from an event: "at least a year has passed since diagnosis"."""
    found: list[Told] = []
    floor = item.start
    for event in _EVENT.finditer(low, item.start, item.end):
        if event.start() < floor or _is_of_something_else(low, item, event, floor):
            continue
        reading = _right_of(low, item, event)
        if event.group() == "onset" and not _RECENT.search(low, event.start() - 10, event.start()):
            is_of_ms = event.start() == item.start and reading and reading.unit.startswith("y")  # "onset within 30 days": of a relapse
            reading = reading if is_of_ms else None
        reading = looking_back(low, reading or _left_of(low, item, event, floor))
        if reading:
            start, end = min(event.start(), reading.start), max(event.end(), reading.end)
            found.append(Told(start, end, reading, _since(low, item, event, end)))
            floor = end
    return found


def _is_of_something_else(low: str, item: Criterion, event: re.Match, floor: int) -> bool:
    """Whether the event is none of MS, or not of the people who take part."""
    start, words = event.start(), event.group()
    if NOT_MS.search(low[max(floor, start - 40) : start]) or _OF_SOMETHING.match(low, event.end(), item.end):
        return True
    if start > item.start + _DEEP and _IS_PLAIN.match(words):
        first, last = max(item.start, start - 120), min(item.end, event.end() + 120)
        if not _NAMES_MS.search(low, first, last):
            return True
    if words == "diagnosed" and not is_diagnosis_of_ms(low, item, start):
        return True
    return bool(event["lasting"]) and not is_ms_as_such(low, item, start)


def _since(low: str, item: Criterion, event: re.Match, end: int) -> Since:
    if event["diagnosis"]:
        return "diagnosis"
    return "onset" if event["onset"] else counted_from(low, item, event.start(), end)


def _right_of(low: str, item: Criterion, event: re.Match) -> Reading | None:
    """The duration after an event: "diagnosis confirmed by a neurologist for at least a year"."""
    fill = _FILL.match(low, event.end(), item.end)
    begin = fill.end() if fill else event.end()
    if event["onset"] and low.startswith("onset ", begin):
        begin += len("onset ")  # "first event suggestive of MS, with an onset within 60 days"
    lasting = _FOR_THE_LAST.match(low, begin, item.end)
    if lasting:  # "since the last 2 years": at least as long
        return read([Token("ge", "", begin, begin), *tokens(low, lasting.start("time"), lasting.end())], 0, with_unit=True)
    items = tokens(low, begin, min(item.end, begin + _REACH), to_stop=True)
    at = 0
    while at < min(len(items), 3) and items[at].text in _LEADING:
        at += 1
    reading = read(items, at, with_unit=True) if at < len(items) else None
    if not is_duration(reading):
        return None
    return None if _OF_ANOTHER.match(low, reading.end, item.end) else reading


def _left_of(low: str, item: Criterion, event: re.Match, floor: int) -> Reading | None:
    """The duration before an event: "less than two years have passed since the first symptoms"."""
    items = tokens(low, max(floor, event.start() - _REACH), event.start())
    for at in range(len(items)):
        reading = read(items, at, with_unit=True)
        if not is_duration(reading) or is_of_what_began(low, item, reading.start):
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
