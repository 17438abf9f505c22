"""Age and sex: from the registry's structured fields, and ages from the criteria text where a field is empty."""

from __future__ import annotations

import re

from trials.eligibility.criteria import Source, normal
from trials.eligibility.facts import CRITERIA, Bound, Fact, Limits, Quote, Range
from trials.eligibility.numbers import Reading, read, tokens

_AGE = re.compile(
    r"\b(?:ages?|aged|age\srange)\b|\byears?\s(?:of\sage|old)\b"
    r"|\b(?:(?:fe)?males?|(?:wo)?m[ae]n)\s?(?:participants?|subjects?|patients?|individuals)?,?\s"
    r"(?=[≥>]?\s?\d{2}\s?(?:years?|to|-)[^.;]{0,12}years?\b)"
)
_BARE = re.compile(r"(?:between\s)?[≥>]?\s?\d{2}\s?(?:-|to|and|years?)[^.;:]{0,25}[.;]?$")
_BETWEEN = re.compile(r"\b(?:between|over|above)\s(?:the\s)?$")
_SEPARATOR = re.compile(r"\s?:\s?")
_STOP = re.compile(r"[.;]\s")
_TIME = re.compile(r"\b(?:duration|onset|diagnos\w+|since|treat\w+|disease)\b")
_OF_AGE = frozenset(("the", "of", "age", "ages", "old"))
_NOT_OWN = re.compile(r"(?:child[\s-]?bearing|gestational|bone|reproductive|average|onset|at\sdiagnosis|at\sfirst)\s?\w*\s?$")


def age_limits(source: Source, minimum_years: float | None, maximum_years: float | None, minimum: str, maximum: str) -> Limits:
    """Ages in years; a structured field wins over the text, end by end. `minimum`, `maximum` are the fields' own words."""
    ranges = []
    if minimum_years is not None:
        ranges.append(Range(Bound(minimum_years), None, Quote("minimum_age", minimum or f"{minimum_years:g} Years")))
    if maximum_years is not None:
        ranges.append(Range(None, Bound(maximum_years), Quote("maximum_age", maximum or f"{maximum_years:g} Years")))
    low_end, high_end = (Bound(value) if value is not None else None for value in (minimum_years, maximum_years))
    if low_end is None or high_end is None:
        told = _told(source)
        takes_low, takes_high = told and low_end is None and told.minimum, told and high_end is None and told.maximum
        if takes_low or takes_high:
            low_end, high_end = low_end or takes_low or None, high_end or takes_high or None
            ranges.append(Range(takes_low or None, takes_high or None, told.quote))
    return Limits(low_end, high_end, tuple(ranges))


def _told(source: Source) -> Range | None:
    """The first age range that an inclusion criterion tells; else one that is a criterion by itself ("18 - 65 years")."""
    low = source.low
    for item in source.holding(("age", "old", "male", "women")):
        if item.kind == "exclusion":
            continue
        previous = item.end
        for mention in _AGE.finditer(low, item.start, item.end):
            if mention.start() > previous + 90:
                break  # deep in a criterion an age is that of some only
            previous = mention.end()
            if _NOT_OWN.search(low[max(item.start, mention.start() - 25) : mention.start()]):
                continue
            between = _BETWEEN.search(low, max(item.start, mention.start() - 12), mention.start())
            separator = _SEPARATOR.match(low, mention.end(), item.end) or mention
            after = (between.start() if between else separator.end(), min(item.end, separator.end() + 90))
            first = max(item.start, mention.start() - 60)
            stops = [stop.end() for stop in _STOP.finditer(low, first, mention.start())]
            before = (stops[-1] if stops else first, min(item.end, mention.end() + 12))
            reading = _age(low, *after) or _age(low, *before)
            if reading and mention.group().startswith("year") and not (reading.minimum and reading.maximum):
                whole = _age(low, before[0], after[1])  # "≥ 18 years old and < 65 years old"
                reading = whole if whole and whole.minimum and whole.maximum else reading
            if reading:
                first, last = min(reading.start, mention.start()), max(reading.end, mention.end())
                quote = Quote(CRITERIA, item.text[first - item.start : last - item.start], first)
                return Range(reading.minimum, reading.maximum, quote)
    for item in source.holding(("year",)):
        if item.kind != "exclusion" and _BARE.match(low, item.start, item.end) and not _TIME.search(normal(item.lead)):
            reading = _age(low, item.start, item.end)
            if reading and reading.unit and reading.minimum and reading.minimum.value >= 12:
                return Range(reading.minimum, reading.maximum, item.quote)
    return None


def _age(low: str, start: int, end: int) -> Reading | None:
    """The first range of years that can be an age, before the sentence ends."""
    items = [token for token in tokens(low, start, end) if token.text not in _OF_AGE]
    for at in range(len(items)):
        if items[at].start > start + 60:
            return None
        reading = read(items, at, with_unit=True)
        in_years = reading and (not reading.unit or reading.unit.startswith("y"))
        if in_years and all(5 <= bound.value <= 110 for bound in (reading.minimum, reading.maximum) if bound):
            return reading
        if items[at].kind == "stop":
            return None
    return None


def sex_of(sex: str) -> Fact | None:
    """`all`, `female` or `male` from the registry's ALL, FEMALE, MALE; None where the field is empty or unknown."""
    value = sex.lower()
    return Fact(value, Quote("sex", sex)) if value in ("all", "female", "male") else None
