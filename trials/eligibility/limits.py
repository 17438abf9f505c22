"""How ranges stated in several places make one: side by side, one within the other, and turned round when they stood under exclusion."""

from __future__ import annotations

from dataclasses import replace

from trials.eligibility.facts import Bound, Limits, Quote, Range


def turned_round(item: Range, lowest: float, highest: float) -> list[Range]:
    """What an excluded range leaves: "EDSS > 6.5" leaves up to 6.5, "0 to 2.5" leaves more than 2.5.

    A range excluded in the middle of the scale, or the whole of it, leaves nothing that one range can say, and so none.
    """
    low, high = item.minimum, item.maximum
    if low and high and low.value > lowest and high.value < highest:
        return []
    if low and (not high or high.value >= highest) and low.value > lowest:
        return [replace(item, minimum=None, maximum=Bound(low.value, not low.inclusive), excluding=True)]
    if high and (not low or low.value <= lowest) and high.value < highest:
        return [replace(item, minimum=Bound(high.value, not high.inclusive), maximum=None, excluding=True)]
    return []


def combine(ranges: list[Range], no_limit: Quote | None = None) -> Limits:
    """The hull of alternatives, within what holds for everybody.

    Ranges for different courses stand side by side: the hull. Ranges without a course all hold: the narrowest; should they contradict one
    another (cohorts that the text does not name as such), the hull again, since a limit too narrow would hide a trial.
    """
    if not ranges:
        return Limits(no_limit=no_limit)
    of_courses = [item for item in ranges if item.courses and not item.excluding]
    of_all = [item for item in ranges if not item.courses or item.excluding]
    if len({item.courses for item in of_courses}) < 2:
        of_courses, of_all = [], ranges
    low, high = _narrowest(of_all)
    if Limits(low, high).is_contradictory:
        low, high = _hull(of_all)
    if of_courses:
        wide_low, wide_high = _hull(of_courses)
        low, high = _highest([low, wide_low]), _lowest([high, wide_high])
        if Limits(low, high).is_contradictory:
            low, high = _hull(ranges)
    return Limits(low, high, tuple(ranges), no_limit if not (low or high) else None)


def _narrowest(ranges: list[Range]) -> tuple[Bound | None, Bound | None]:
    return _highest([item.minimum for item in ranges]), _lowest([item.maximum for item in ranges])


def _hull(ranges: list[Range]) -> tuple[Bound | None, Bound | None]:
    lows, highs = [item.minimum for item in ranges], [item.maximum for item in ranges]
    low = None if None in lows else min(lows, key=lambda bound: (bound.value, not bound.inclusive))
    high = None if None in highs else max(highs, key=lambda bound: (bound.value, bound.inclusive))
    return low, high


def _highest(bounds: list[Bound | None]) -> Bound | None:
    return max((bound for bound in bounds if bound), key=lambda bound: (bound.value, not bound.inclusive), default=None)


def _lowest(bounds: list[Bound | None]) -> Bound | None:
    return min((bound for bound in bounds if bound), key=lambda bound: (bound.value, bound.inclusive), default=None)
