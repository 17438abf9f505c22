"""How long somebody must, or must not, have had MS. Knows the phrasings of disease duration and keeps "since onset" and "since diagnosis"
apart; the duration of progression, of a treatment or of stability is something else.

A criterion is read by its `wordings` ("disease duration of ..."), and only where none tells a duration by `events` ("... since diagnosis");
`context` holds what both ask of the words around.
"""

from __future__ import annotations

import re

from trials.eligibility.course_names import courses_in
from trials.eligibility.criteria import Source
from trials.eligibility.durations.context import Told, is_duration, lead
from trials.eligibility.durations.events import from_events
from trials.eligibility.durations.wordings import beside_wordings
from trials.eligibility.edss.not_limits import OF_THOSE
from trials.eligibility.facts import CRITERIA, Criterion, Limits, Quote, Range
from trials.eligibility.limits import combine, turned_round
from trials.eligibility.numbers import other_end

KEYWORDS = (
    "duration",
    "length of",
    "onset",
    "diagnos",
    "since",
    "symptom",
    "years of",
    "yrs of",
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

_TIME = re.compile(r"years?|month|week|days?|\d\s?(?:y|mo|w)|\byr|\bany\b|limit")  # without such a word nothing here is a duration
_WITH_EDSS = re.compile(
    r"\b(?:in|for|among|with|if|when|and)\s(?:the\s)?"
    r"(?:patients?(?:'s?)?\s|subjects?\s|participants?\s|those\s|people\s|persons?\s|individuals\s)?"
    r"(?:with\s|have\s|having\s|whose\s)?(?:an?\s)?(?:baseline\s|screening\s)?(?:edss|expanded\sdis)"
)
_OR = re.compile(r"\bor\s(?!less|lower|below|equal)")
_IF_SO = re.compile(r"\s(?:if\b|in\s(?:patients|subjects|participants|those)\swith\s(?:an?\s|the\s)?(?:edss|expanded\sdis))")
_OR_ELSE = re.compile(r"(?:\sof\s(?:disease|illness))?[\s,;)]{1,3}or\s")
_LONGEST = 150  # years; an excluded range that goes so far has no upper end


def duration_limits(source: Source) -> tuple[Limits, Limits]:
    """(since onset or unsaid, since diagnosis): the limits of disease duration in years."""
    low = source.low
    onset: list[Range] = []
    diagnosis: list[Range] = []
    no_limit = None
    for item in source.holding(KEYWORDS):
        if not _TIME.search(low, item.start, item.end):
            continue
        found, words = beside_wordings(low, item)
        if not found and not words:
            found = from_events(low, item)
        no_limit = no_limit or words
        for told in found:
            ranges = _refused(low, item, told) if item.kind == "exclusion" else _asked(low, item, told)
            (diagnosis if told.since == "diagnosis" else onset).extend(ranges)
    return combine(onset, no_limit), combine(diagnosis)


def _range(item: Criterion, told: Told) -> Range:
    quote = Quote(CRITERIA, item.text[told.start - item.start : told.end - item.start], told.start)
    return Range(told.reading.minimum, told.reading.maximum, quote, since=told.since)


def _asked(low: str, item: Criterion, told: Told) -> list[Range]:
    """What an inclusion criterion asks of everybody."""
    if _is_of_some(low, item, told.start, told.end) or _is_of_a_part(low, item, told.end) or _is_one_of_two(low, item, told):
        return []
    return [_range(item, told)]


def _refused(low: str, item: Criterion, told: Told) -> list[Range]:
    """What an exclusion criterion leaves; "more than 10 years with EDSS ≤ 2" refuses only who is both, and leaves everything."""
    before = lead(low, item, told.start, 60)
    if _WITH_EDSS.search(low, told.start, min(item.end, told.end + 120)) or ("edss" in before and not _OR.search(before)):
        return []
    second = other_end(low, told.reading, item.end, with_unit=True)
    halves = [told, Told(told.start, second.end, second, told.since)] if is_duration(second) else [told]
    return [left for half in halves for left in turned_round(_range(item, half), 0, _LONGEST)]


def _is_of_some(low: str, item: Criterion, start: int, end: int) -> bool:
    """Another course is taken without the limit: "CIS of less than 6 months, or RRMS"."""
    other = _OR_ELSE.match(low, end, item.end)
    return bool(other and courses_in(low, other.end(), min(item.end, other.end() + 20)) and courses_in(low, item.start, end))


def _is_one_of_two(low: str, item: Criterion, told: Told) -> bool:
    """One of two stretches, or asked of those with a low score alone: "either ≤ 5 or > 10 years", "those with EDSS of 2 or less: ..."."""
    return low.endswith("either ", item.start, told.reading.start) or bool(OF_THOSE.match(low, item.start, told.start))


def _is_of_a_part(low: str, item: Criterion, end: int) -> bool:
    """Asked of some alone, where no other limit is told for the rest: "less than 15 years if EDSS > 5"."""
    some = _IF_SO.match(low, end, item.end)
    return bool(some) and not _IF_SO.search(low, some.end(), some.end() + 160)
