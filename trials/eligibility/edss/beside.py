"""The limit that stands beside one mention of the scale, after it or before it."""

from __future__ import annotations

import re

from trials.eligibility.edss.not_limits import CHANGE, SUBSCORE, is_change, is_changed_after, is_condition, is_of_a_relapse, is_proviso
from trials.eligibility.facts import Bound, Criterion
from trials.eligibility.numbers import NUMERAL, Reading, Token, flip, number, read, tokens

_LEFT, RIGHT = 80, 170  # characters looked at before and after a mention
_STEP = 1.5  # points; who worsens, worsens by so much at most
_FILLERS = frozenset(
    "on in of at by per the a an as using according score scores scored scale kurtzke kurtzke's measured assessed defined rated with"
    " disability level value rate rating inclusive included total for points is are must be have status".split()
)
_OTHER_SCALE = re.compile(
    r"msfc|msss|t25|25-?f|sdmt|pasat|mmse|beck|bdi|fatigue|ashworth|karnofsky|ecog|barthel|nine|9-?hole|rankin|bmi|weight"
    r"|age\b|aged\b|duration|"
    r"relapse|attack|lesion|mri|disease|gadolin|walk|diagnos|onset|treat|therap"
)
_NO_LIMIT_AHEAD = frozenset("if when during last past or after who which".split())
_TIMEPOINT = frozenset("day days visit visits week weeks month months part cohort group phase period type version arm".split())
_EXPRESSION = ("num", "range", "and", "between", "le", "lt", "ge", "gt", "orless", "ormore", "comma")
_SIGN_LOST = re.compile(  # "EDSS =6": nobody asks for one score, and from 5 on what is lost is hardly a least score
    r"\s?(?:scores?\s)?(?:of\s)?=\s?(?P<value>[5-7](?:[.,][05])?)(?![.,]?\d|\s?(?:-|~|to\b|and\b|or\b|,|points?\b|if\b))"
)
_NOT_NOW = re.compile(rf"{CHANGE.pattern}|\b(?:from|to|until|reach\w*|relapse)\s(?:an?\s|the\s)?(?:\w+\s)?edss")
_SEMICOLON = re.compile(r"\s?;\s?(?=\\?[\d≤<≥>])")


def beside(low: str, item: Criterion, start: int, end: int, floor: int) -> Reading | None:
    """The limit stated around the mention of the scale at start..end, or None where the number there is no limit."""
    if not NUMERAL.search(low, max(floor, start - _LEFT), min(item.end, end + RIGHT)):
        return None
    left = tokens(low, _word_start(low, max(floor, start - _LEFT), start), start)
    begin = semicolon.end() if (semicolon := _SEMICOLON.match(low, end, item.end)) else end
    right = tokens(low, begin, min(item.end, end + RIGHT), to_stop=True)
    if is_condition(left, low, item, start) or is_change(left) or is_of_a_relapse(low, item, start):
        return None
    before = _to_the_left(left)
    if right and right[0].kind == "point" and _is_step(left, right, before):
        return None
    flipped = _flipped(left)
    after = _to_the_right(right)
    if flipped and after and bool(flipped.minimum) != bool(after.minimum) and bool(flipped.maximum) != bool(after.maximum):
        low_end, high_end = flipped.minimum or after.minimum, flipped.maximum or after.maximum
        return Reading(low_end, high_end, "", flipped.start, after.end, after.next)  # 3.0 ≤ EDSS ≤ 6.5
    for reading in (_extreme(left, right), after, flipped, before):
        if reading and is_on_scale(reading):
            return None if is_proviso(low, max(reading.end, end), item.end) else reading
    lost = _SIGN_LOST.match(low, end, item.end) if item.kind != "exclusion" else None
    if lost and not _NOT_NOW.search(low, max(item.start, start - 60), lost.end()):
        return Reading(None, Bound(float(lost["value"].replace(",", "."))), "", lost.start("value"), lost.end("value"), 0)
    return None


def _is_step(left: list[Token], right: list[Token], before: Reading | None) -> bool:
    """Points of the scale are counted, and not told: "≥ 0.5 EDSS points", "0.5 to 1 EDSS step", "an EDSS step of 1 point"."""
    if [token.text for token in right[:2]] == ["step", "of"]:
        return True
    is_range = bool(before and before.minimum and before.maximum and before.maximum.value > _STEP)
    return bool(left) and number(left[-1]) is not None and not is_range


def _extreme(left: list[Token], right: list[Token]) -> Reading | None:
    """ "Minimum EDSS 3.0 and maximum 6.5", "a maximum EDSS score of 6.5", "not exceeding EDSS 6.5"."""
    if not left or left[-1].kind not in ("le", "lt", "ge", "gt") or not left[-1].text[0].isalpha():
        return None
    is_named = left[-1].text.split()[-1][:3] in ("min", "max")
    for at, token in enumerate(right[:4]):
        if token.kind == "num":
            return read([left[-1], *right[at:]], 0)
        if not is_named or token.text not in ("of", "score", ":", "is", "value", "at", "baseline", "-", "screening"):
            return None
    return None


def _word_start(low: str, at: int, end: int) -> int:
    """Where the first whole word of a window begins."""
    while 0 < at < end and not low[at - 1].isspace():
        at += 1
    return at


def is_on_scale(reading: Reading) -> bool:
    bounds = [bound.value for bound in (reading.minimum, reading.maximum) if bound]
    return all(0 <= value <= 10 and round(value, 1) == value for value in bounds)


def _to_the_right(items: list[Token]) -> Reading | None:
    depth = words = 0
    if len(items) > 1 and items[0].kind == "point" and items[1].text in ("in", "for"):
        return None  # "half an EDSS point in patients with EDSS > 5"
    for at, token in enumerate(items):
        if token.kind in ("open", "close"):
            depth += 1 if token.kind == "open" else -1
            if depth < 0 and words > 1:
                return None
            continue
        if token.kind == "stop" and token.text != ":":
            return None
        if token.kind == "word" and number(token) is None:
            words += 1
            if words > 16 or CHANGE.match(token.text) or SUBSCORE.match(token.text):
                return None
            if token.text in _NO_LIMIT_AHEAD or (depth and token.text == "those") or (not depth and _OTHER_SCALE.match(token.text)):
                return None
            continue
        if token.kind == "range" and at + 1 < len(items) and items[at + 1].kind == "num" and token.text == "-" and at == 0:
            continue  # "EDSS - 3.0"
        if token.text.startswith("during"):
            return None
        if token.kind in ("num", "between", "le", "lt", "ge", "gt") or (token.kind == "word" and number(token) is not None):
            if token.kind == "num" and at and items[at - 1].text in _TIMEPOINT:
                continue
            if token.text == "within" and not _is_number_soon(items, at):
                continue
            if token.text == "within" and at + 2 < len(items) and items[at + 2].kind == "point":
                return None  # "within 1 point over six months"
            reading = read(items, at) or _enumerated(items, at)
            if reading is None or (token.kind == "word" and words > 2) or _is_whole_scale(reading):
                continue
            if is_changed_after(items, reading.next, bool(reading.minimum and reading.maximum)):
                return None
            return reading
    return None


def _enumerated(items: list[Token], at: int) -> Reading | None:
    """ "4.0, 4.5 or 5.0": each score of a stretch of the scale."""
    last = at
    while last + 2 < len(items) and (items[last + 1].kind == "comma" or items[last + 1].text == "or"):
        if number(items[last]) is None or number(items[last + 2]) != number(items[last]) + 0.5:
            break
        last += 2
    if last == at:
        return None
    return Reading(Bound(number(items[at])), Bound(number(items[last])), "", items[at].start, items[last].end, last + 1)


def _is_whole_scale(reading: Reading) -> bool:
    """ "EDSS (0-10)" says what the scale is."""
    return bool(reading.minimum and reading.maximum) and (reading.minimum.value, reading.maximum.value) == (0, 10)


def _is_number_soon(items: list[Token], at: int) -> bool:
    return any(token.kind == "num" for token in items[at + 1 : at + 5])


def _to_the_left(items: list[Token]) -> Reading | None:
    """A range that ends just before the mention: "a score between 3.0 and 6.5 on the EDSS"."""
    last = len(items)
    while last and (
        items[last - 1].kind in ("open", "close", "point")
        or items[last - 1].text in _FILLERS
        or (items[last - 1].text == "to" and last > 1 and items[last - 2].text == "according")
    ):
        last -= 1
    first = last
    while first and (items[first - 1].kind in _EXPRESSION or items[first - 1].text in ("of", "score", "value", "disability", "but")):
        first -= 1
    for at in range(first, last):
        reading = read(items, at)
        if reading and reading.next >= last:
            if reading.minimum and not reading.maximum and any(token.kind == "point" for token in items[last:]):
                return None
            return reading
    return None


def _flipped(items: list[Token]) -> Reading | None:
    """`3.0 ≤` just before the mention."""
    if len(items) >= 2 and items[-1].kind in ("le", "lt", "ge", "gt") and (value := number(items[-2])) is not None:
        kind = flip(items[-1].kind)
        bound = Bound(value, kind in ("le", "ge"))
        low_end, high_end = (bound, None) if kind in ("ge", "gt") else (None, bound)
        return Reading(low_end, high_end, "", items[-2].start, items[-1].end, 0)
    return None
