"""EDSS limits from criteria. Knows the scale (0 to 10 in steps of 0.5) and what in a criterion is *not* a limit of it: changes of the
score, sub-scores, conditions under which something else applies, examples and history.

`beside` reads the limit beside one mention of the scale, and `not_limits` tells what is none.

Kurtzke JF. Rating neurologic impairment in multiple sclerosis: an expanded disability status scale (EDSS). Neurology 1983;33(11):1444-52.
"""

from __future__ import annotations

import re
from dataclasses import replace

from trials.eligibility.course_names import courses_in
from trials.eligibility.criteria import Source, normal
from trials.eligibility.edss.beside import RIGHT, beside, is_on_scale
from trials.eligibility.edss.not_limits import CHANGE, OF_THOSE
from trials.eligibility.facts import CRITERIA, Criterion, Limits, Quote, Range
from trials.eligibility.limits import combine, turned_round
from trials.eligibility.numbers import Reading, first_end, other_end, read, tokens

KEYWORDS = ("edss", "edds", "e.d.s.s", "disab", "kurtzke")
_MENTION = re.compile(
    r"(?:\b(?:kurtzke'?s?|the)\s+|\(){0,3}"
    r"(?:\bed[sd]ss?\b|\be\.d\.s\.s\b\.?|\bedss(?=\d)"
    r"|(?:\b(?:expanded|extended|kurtzke'?s?)[\s-]+){1,3}(?:\(?kurtzke'?s?\)?\s+)?disab\w+[\s-]*(?:status)?[\s-]*"
    r"(?:scale|scor(?:e|ing))?s?"
    r"|\bdisability\s+status\s+(?:scale|score)s?|\bkurtzke'?s?\s+(?:scale|scor(?:e|ing))s?)"
    r"(?:[\s,:-]{0,4}\({1,2}\s*(?:kurtzke'?s?\s+)?(?:expanded\s+disab\w+\s+status\s+(?:scale|score)s?|ed[sd]ss?)[^)\d]{0,25}\))?"
    r"(?:\s*\[\d+\])?"
)
_ANY = re.compile(
    r"\b(?:any|all|no (?:limit|restriction)s? (?:on|of|to|for)(?: the)?)\s+(?:edss|level of disability|disability level)\b[^.;,]{0,20}"
    r"|\bedss[^.;,\d]{0,12}\b(?:any|no limit)\b"
)
_HIGHEST = 9  # of people who live; "EDSS 6.5 to 9.5" refused leaves less than 6.5
_OUTSIDE = re.compile(r"\b(?:outside|out\sof|not\s(?:between|within|in)|other\sthan|beyond)\b")
_AND_ALSO = re.compile(  # "≤ 2.0 at screening and more than 10 years of disease" refuses only who is both
    r"[^.;]{0,40}?[\s,(]{1,3}(?:and|with|plus|who|whose)\s(?:with\s|have\s|had\s)?(?:an?\s|the\s|their\s)?(?:total\s)?"
    r"(?:(?:ms\s|disease\s)?duration|(?:disease\scourse|course\sof\s(?:the\s)?disease)"
    r"|(?:more\sthan|over|at\sleast|less\sthan|[<>≤≥])\s?\d{1,2}\s(?:years?|yrs?)\b)"
)
_AND_ALSO_BEFORE = re.compile(
    r"\b(?:duration|onset|diagnos\w+|y(?:ea)?rs?|symptoms?)\b[^.;]{0,60}?\s(?:and|with|plus|but|whose)\s"
    r"(?:an?\s|the\s|their\s|patients?'?s?\s|baseline\s|screening\s|having\s){0,2}$"
)
_OTHER_GROUP = re.compile(r"\b(?:(?:group|cohort|arm)s?\b|moderate\b|severe\b|the\s(?:second|other|latter)\b)")
_FOR_A_COURSE = re.compile(
    r"\s?(?:in|for)\s(?:the\s)?(?:(?:patients|subjects)\swith\s)?"
    r"(?:(?P<RRMS>rr|relaps)|(?P<SPMS>sp|secondary)|(?P<PPMS>pp|primary)|progressive)"
)


def edss_limits(source: Source) -> Limits:
    """Read the EDSS limits of all criteria together."""
    low = source.low
    ranges: list[Range] = []
    doubtful: list[Range] = []  # half a range beside words of worsening: counts only where nothing better is stated
    no_limit = None
    for item in source.holding(KEYWORDS):
        found = _ranges(item, low)
        is_about_change = item.kind != "exclusion" and CHANGE.search(low, item.start, item.end)
        for range_ in found:
            is_half = is_about_change and not (range_.minimum and range_.maximum)
            (doubtful if is_half else ranges).append(range_)
        if not found and not no_limit and item.kind != "exclusion" and (words := _ANY.search(low, item.start, item.end)):
            no_limit = Quote(CRITERIA, item.text[words.start() - item.start : words.end() - item.start], words.start())
    if not ranges and not _contradict(doubtful):
        ranges = doubtful
    return combine(ranges, no_limit)


def _contradict(ranges: list[Range]) -> bool:
    """No score lies in all of them: "1 point if EDSS is ≤ 5.0, or 0.5 if ≥ 5.5"."""
    least = max((item.minimum.value for item in ranges if item.minimum), default=0)
    most = min((item.maximum.value for item in ranges if item.maximum), default=10)
    return least > most


def _ranges(item: Criterion, low: str) -> list[Range]:
    """All the ranges that one criterion states, each with the courses that it is meant for."""
    if item.kind != "exclusion" and OF_THOSE.match(low, item.start, item.end):
        return []
    found: list[tuple[Reading, int]] = []
    floor = item.start
    for mention in _MENTION.finditer(low, item.start, item.end):
        if mention.start() < floor:
            continue
        reading = beside(low, item, mention.start(), mention.end(), floor)
        if reading:
            found.append((reading, mention.start()))
            second = None
            if item.kind == "exclusion":
                second = other_end(low, reading, item.end) or first_end(low, reading, floor)
            floor = max(floor, reading.end)
            more = [second] if second and is_on_scale(second) else _further(low, item, reading)
            found += [(further, further.start) for further in more]
            floor = max([floor, *(further.end for further in more)])
    if not found:
        return []
    courses = _courses(low, item, found)
    ranges = []
    for (reading, at), own in zip(found, courses, strict=True):
        start, end = min(at, reading.start), max(reading.end, at)
        end = _whole(low, item, start, end)
        quote = Quote(CRITERIA, item.text[start - item.start : end - item.start], start)
        range_ = Range(reading.minimum, reading.maximum, quote, own)
        if item.kind != "exclusion":
            ranges.append(range_)
        elif reading.minimum and reading.maximum and _OUTSIDE.search(low, max(item.start, start - 30), end):
            ranges.append(replace(range_, excluding=True))
        elif not _AND_ALSO.match(low, end, item.end) and not _AND_ALSO_BEFORE.search(low, max(item.start, start - 100), start):
            ranges += turned_round(range_, 0, _HIGHEST)
    return ranges


def _whole(low: str, item: Criterion, start: int, end: int) -> int:
    """Take the rest of the words into a quote where the mention stands after the numbers."""
    mention = _MENTION.match(low, end, item.end) if end < item.end else None
    return mention.end() if mention else end


def _further(low: str, item: Criterion, first: Reading) -> list[Reading]:
    """Ranges after the first that need no new mention of the scale: "3.0-5.5 for RRMS and 3.5-6.5 for SPMS"."""
    start = first.end
    end = min(item.end, start + RIGHT)
    stop = _MENTION.search(low, start, end)
    end = stop.start() if stop else end
    by_course = bool(courses_in(low, start, end) or _FOR_A_COURSE.match(low, start, end))
    if not by_course and not (first.maximum and _OTHER_GROUP.search(low, start, end)):
        return []
    items = tokens(low, start, end)
    found, at = [], 0
    while at < len(items) and not (items[at].kind == "stop" and items[at].text == "."):
        reading = read(items, at) if items[at].kind in ("num", "between", "ge", "gt", "le", "lt") else None
        is_whole = reading and reading.minimum and reading.maximum
        is_beyond = by_course or (is_whole and reading.minimum.value > first.maximum.value)  # else it may tell of a part
        if reading and is_beyond and is_on_scale(reading) and (is_whole or _FOR_A_COURSE.match(low, reading.end, end)):
            found.append(reading)
            at = reading.next
        else:
            at += 1
    return found


def _of_group(item: Criterion) -> tuple[str, ...]:
    """The courses of the people whose criteria a line of its own opens: "RRMS patients (n=20):"."""
    lead = normal(item.lead)
    return courses_in(lead, 0, len(lead))


def _courses_after(low: str, start: int, end: int) -> tuple[str, ...]:
    """Those named between two ranges, if only by their letters: "2 to 5.5 for RR, 2 to 6.5 for SP"."""
    by_letters = _FOR_A_COURSE.match(low, start, end)
    return courses_in(low, start, end) or ((by_letters.lastgroup,) if by_letters and by_letters.lastgroup else ())


def _courses(low: str, item: Criterion, found: list[tuple[Reading, int]]) -> list[tuple[str, ...]]:
    """The courses that each of a criterion's ranges is for: those that stand between it and its neighbour, on the side that names one."""
    edges = [(min(at, reading.start), reading.end) for reading, at in found]
    if len(edges) == 1:
        return [courses_in(low, item.start, item.end) or _of_group(item)]
    after = [_courses_after(low, end, edges[place + 1][0] if place + 1 < len(edges) else item.end) for place, (_, end) in enumerate(edges)]
    before = [courses_in(low, edges[place - 1][1] if place else item.start, start) for place, (start, _) in enumerate(edges)]
    return before if before[0] else after
