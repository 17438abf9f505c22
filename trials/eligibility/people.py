"""Age and sex: from the registry's structured fields, and ages from the criteria text where a field is empty."""

from __future__ import annotations

import re

from trials.eligibility.criteria import Source
from trials.eligibility.facts import CRITERIA, Bound, Fact, Limits, Quote, Range
from trials.eligibility.numbers import read, tokens

_AGE = re.compile(
    r"\b(?:ages?|aged|age\srange)\b|\byears?\s(?:of\sage|old)\b"
    r"|\b(?:(?:fe)?males?|(?:wo)?m[ae]n)\s?(?:participants?|subjects?|patients?|individuals)?,?\s(?=[≥>]?\s?\d{2}\s?(?:years?|to|-)[^.;]{0,12}years?\b)"
)
_BETWEEN = re.compile(r"\bbetween\s(?:the\s)?$")
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
    """The first age range that an inclusion criterion tells."""
    low = source.low
    for item in source.holding(("age", "old", "male", "women")):
        mention = _AGE.search(low, item.start, item.end)
        if item.kind == "exclusion" or not mention or _NOT_OWN.search(low[max(item.start, mention.start() - 25) : mention.start()]):
            continue
        between = _BETWEEN.search(low, max(item.start, mention.start() - 12), mention.start())
        after = (between.start() if between else mention.end(), min(item.end, mention.end() + 60))
        before = (max(item.start, mention.start() - 60), min(item.end, mention.end() + 12))
        for start, end in (after, before):
            items = [token for token in tokens(low, start, end) if token.text not in _OF_AGE]
            for at in range(len(items)):
                reading = read(items, at, with_unit=True)
                if reading and (not reading.unit or reading.unit.startswith("y")):
                    bounds = [bound.value for bound in (reading.minimum, reading.maximum) if bound]
                    if all(5 <= value <= 110 for value in bounds):
                        first, last = min(reading.start, mention.start()), max(reading.end, mention.end())
                        quote = Quote(CRITERIA, item.text[first - item.start : last - item.start], first)
                        return Range(reading.minimum, reading.maximum, quote)
                if items[at].kind == "stop":
                    break
    return None


def sex_of(sex: str) -> Fact | None:
    """`all`, `female` or `male` from the registry's ALL, FEMALE, MALE; None where the field is empty or unknown."""
    value = sex.lower()
    return Fact(value, Quote("sex", sex)) if value in ("all", "female", "male") else None
