"""EDSS limits from criteria. Knows the scale (0 to 10 in steps of 0.5) and what in a criterion is *not* a limit of it: changes of the
score, sub-scores, conditions under which something else applies, examples and history.

Kurtzke JF. Rating neurologic impairment in multiple sclerosis: an expanded disability status scale (EDSS). Neurology 1983;33(11):1444-52.
"""

from __future__ import annotations

import re
from dataclasses import replace

from trials.eligibility.course_names import courses_in
from trials.eligibility.criteria import Source, normal
from trials.eligibility.facts import CRITERIA, Bound, Criterion, Limits, Quote, Range
from trials.eligibility.limits import combine, turned_round
from trials.eligibility.numbers import NUMERAL, Reading, Token, first_end, flip, number, other_end, read, tokens

KEYWORDS = ("edss", "edds", "disability", "kurtzke")
_LEFT, _RIGHT = 80, 170  # characters looked at before and after a mention

_MENTION = re.compile(
    r"(?:\b(?:kurtzke'?s?|the)\s+|\(){0,3}"
    r"(?:\bed[sd]ss?\b|\bedss(?=\d)|(?:\b(?:expanded|extended|kurtzke'?s?)[\s-]+){1,3}(?:\(?kurtzke'?s?\)?\s+)?disab\w+[\s-]*(?:status)?[\s-]*(?:scale|scor(?:e|ing))?s?"
    r"|\bdisability\s+status\s+(?:scale|score)s?|\bkurtzke'?s?\s+(?:scale|scor(?:e|ing))s?)"
    r"(?:[\s,:-]{0,4}\({1,2}\s*(?:kurtzke'?s?\s+)?(?:expanded\s+disab\w+\s+status\s+(?:scale|score)s?|ed[sd]ss?)[^)\d]{0,25}\))?"
    r"(?:\s*\[\d+\])?"
)
_CHANGE = re.compile(
    r"increas|worsen|progress(?!ive)|chang|deteriorat|improv|decreas|declin|reduc|drop|gain|shift|accumul|rise\b|rising|rose\b|fell\b|differ|delta"
)
_SUBSCORE = re.compile(
    r"pyramid|cerebell|brain-?stem|sensory|bowel|visual|sub-?sc|subscale|functional|component|function|\bfs\b|fss|ambulation"
)
_PAST = re.compile(r"reach|attain|histor|previous|prior|worst|ever\b|pre-?relapse|nadir")
_OF_ONE_RELAPSE = re.compile(
    r"\b(?:relapse|attack|exacerbation)\s(?:with|of|reaching|causing|having)\s(?:an?\s|the\s|a\smaximum\s|maximal\s){0,2}$"
)
_LEFT_BY_A_RELAPSE = re.compile(
    r"\b(?:relapse|attack|exacerbation)\s[^.;]{0,60}?\b(?:residual|incomplete\w*|recover\w*|sequel\w*|remission|persist\w*|severe|disabling)\b[^.;]{0,30}$"
)
_FILLERS = frozenset(
    "on in of at by per the a an as using according score scores scored scale kurtzke kurtzke's measured assessed defined rated with"
    " disability level value rate rating inclusive included total for points is are must be have status".split()
)
_OTHER_SCALE = re.compile(
    r"msfc|msss|t25|25-?f|sdmt|pasat|mmse|beck|bdi|fatigue|ashworth|karnofsky|ecog|barthel|nine|9-?hole|rankin|bmi|weight|age\b|aged\b|duration|"
    r"relapse|attack|lesion|mri|disease|gadolin|walk|diagnos|onset|treat|therap"
)
_LAST = ("last", "past", "previous", "preceding", "prior")
_NO_LIMIT_AHEAD = {"if", "when", "during", "last", "past", "or", "after", "who", "which"}
_TIMEPOINT = {
    "day",
    "days",
    "visit",
    "visits",
    "week",
    "weeks",
    "month",
    "months",
    "part",
    "cohort",
    "group",
    "phase",
    "period",
    "type",
    "version",
    "arm",
}
_EXPRESSION = ("num", "range", "and", "between", "le", "lt", "ge", "gt", "orless", "ormore", "comma")
_SOMEBODY = re.compile(r"(?:patient|subject|participant|person|people|individual|those|volunteer|case)s?$|people$")
_ONLY_IF = re.compile(
    r"\b(?:(?:are|is|will|can|may|should|must)\s+(?:only\s+)?(?:be\s+)?(?:eligible|included|enrol\w+|allowed|accepted|considered|permitted)\b[^.;]{0,40}?\b(?:if|when|provided|only))"
)


def edss_limits(source: Source) -> Limits:
    """Read the EDSS limits of all criteria together."""
    low = source.low
    ranges: list[Range] = []
    doubtful: list[Range] = []  # half a range beside words of worsening: counts only where nothing better is stated
    no_limit = None
    for item in source.holding(KEYWORDS):
        found = _ranges(item, low)
        is_about_change = item.kind != "exclusion" and _CHANGE.search(low, item.start, item.end)
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


_ANY = re.compile(
    r"\b(?:any|all|no (?:limit|restriction)s? (?:on|of|to|for)(?: the)?)\s+(?:edss|level of disability|disability level)\b[^.;,]{0,20}"
    r"|\bedss[^.;,\d]{0,12}\b(?:any|no limit)\b"
)


def _ranges(item: Criterion, low: str) -> list[Range]:
    """All the ranges that one criterion states, each with the courses that it is meant for."""
    found: list[tuple[Reading, int]] = []
    floor = item.start
    for mention in _MENTION.finditer(low, item.start, item.end):
        if mention.start() < floor:
            continue
        reading = _around(low, item, mention.start(), mention.end(), floor)
        if reading:
            found.append((reading, mention.start()))
            second = None
            if item.kind == "exclusion":
                second = other_end(low, reading, item.end) or first_end(low, reading, floor)
            floor = max(floor, reading.end)
            more = [second] if second and _on_scale(second) else _further(low, item, reading)
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


_HIGHEST = 9  # of people who live; "EDSS 6.5 to 9.5" refused leaves less than 6.5
_OUTSIDE = re.compile(r"\b(?:outside|out\sof|not\s(?:between|within|in)|other\sthan|beyond)\b")
_AND_ALSO = re.compile(  # "≤ 2.0 at screening and more than 10 years of disease" refuses only who is both
    r"[^.;]{0,40}?[\s,(]{1,3}(?:and|with|plus|who|whose)\s(?:with\s|have\s|had\s)?(?:an?\s|the\s|their\s)?(?:total\s)?"
    r"(?:(?:ms\s|disease\s)?duration|(?:disease\scourse|course\sof\s(?:the\s)?disease)|(?:more\sthan|over|at\sleast|less\sthan|[<>≤≥])\s?\d{1,2}\s(?:years?|yrs?)\b)"
)
_AND_ALSO_BEFORE = re.compile(
    r"\b(?:duration|onset|diagnos\w+|years?|symptoms?)\b[^.;]{0,60}?\s(?:and|with|plus|but|whose)\s(?:an?\s|the\s|their\s|patients?'?s?\s|baseline\s|screening\s|having\s){0,2}$"
)


def _whole(low: str, item: Criterion, start: int, end: int) -> int:
    """Take the rest of the words into a quote where the mention stands after the numbers."""
    mention = _MENTION.match(low, end, item.end) if end < item.end else None
    return mention.end() if mention else end


def _around(low: str, item: Criterion, start: int, end: int, floor: int) -> Reading | None:
    """The limit stated around the mention of the scale at start..end, or None where the number there is no limit."""
    if not NUMERAL.search(low, max(floor, start - _LEFT), min(item.end, end + _RIGHT)):
        return None
    left = tokens(low, _word_start(low, max(floor, start - _LEFT), start), start)
    begin = semicolon.end() if (semicolon := _SEMICOLON.match(low, end, item.end)) else end
    right = tokens(low, begin, min(item.end, end + _RIGHT), to_stop=True)
    if _is_condition(left, low, item, start) or _is_change(left) or _of_a_relapse(low, item, start):
        return None
    before = _to_the_left(left)
    if right and right[0].kind == "point" and left and number(left[-1]) is not None and not (before and before.minimum and before.maximum):
        return None  # "≥ 0.5 EDSS points"
    flipped = _flipped(left)
    after = _to_the_right(right)
    if flipped and after and bool(flipped.minimum) != bool(after.minimum) and bool(flipped.maximum) != bool(after.maximum):
        low_end, high_end = flipped.minimum or after.minimum, flipped.maximum or after.maximum
        return Reading(low_end, high_end, "", flipped.start, after.end, after.next)  # 3.0 ≤ EDSS ≤ 6.5
    for reading in (_extreme(left, right), after, flipped, before):
        if reading and _on_scale(reading):
            return None if _is_proviso(low, max(reading.end, end), item.end) else reading
    lost = _SIGN_LOST.match(low, end, item.end) if item.kind != "exclusion" else None
    if lost and not _NOT_NOW.search(low, max(item.start, start - 60), lost.end()):
        return Reading(None, Bound(float(lost["value"].replace(",", "."))), "", lost.start("value"), lost.end("value"), 0)
    return None


def _of_a_relapse(low: str, item: Criterion, start: int) -> bool:
    """The score tells how bad one relapse was, or what it left: "one relapse with incomplete recovery and EDSS ≥ 2"."""
    first = max(item.start, start - 110)
    if not any(low.find(word, first, start) >= 0 for word in ("relapse", "attack", "exacerbation")):
        return False
    return bool(_OF_ONE_RELAPSE.search(low, max(item.start, start - 50), start) or _LEFT_BY_A_RELAPSE.search(low, first, start))


_SIGN_LOST = re.compile(  # "EDSS =6": nobody asks for one score, and from 5 on what is lost is hardly a least score
    r"\s?(?:scores?\s)?(?:of\s)?=\s?(?P<value>[5-7](?:[.,][05])?)(?![.,]?\d|\s?(?:-|~|to\b|and\b|or\b|,|points?\b|if\b))"
)
_NOT_NOW = re.compile(rf"{_CHANGE.pattern}|\b(?:from|to|until|reach\w*|relapse)\s(?:an?\s|the\s)?(?:\w+\s)?edss")
_SEMICOLON = re.compile(r"\s?;\s?(?=\\?[\d≤<≥>])")
_SENTENCE_OR_NUMBER = re.compile(r"[.;](?=\s)|(?<!day\s)(?<!day\s-)(?<!visit\s)(?<!week\s)(?<!month\s)(?<!\d)\d")


def _is_proviso(low: str, start: int, end: int) -> bool:
    """What follows takes the words back: "EDSS ≤ 2 are only eligible if ..."."""
    end = min(end, start + 120)
    stop = _SENTENCE_OR_NUMBER.search(low, start, end)
    return bool(_ONLY_IF.search(low, start, stop.start() if stop else end))


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


def _on_scale(reading: Reading) -> bool:
    bounds = [bound.value for bound in (reading.minimum, reading.maximum) if bound]
    return all(0 <= value <= 10 and round(value, 1) == value for value in bounds)


def _without_abbreviations(items: list[Token]) -> list[Token]:
    """ "Functional Systems Score (FSS)": a word alone in brackets only says the same again."""
    while len(items) > 3 and [item.kind for item in items[-4:-1]] == ["open", "word", "close"]:
        items = [*items[:-4], items[-1]]
    return items[:-3] if [item.kind for item in items[-3:]] == ["open", "word", "close"] else items


def _is_change(left: list[Token]) -> bool:
    """The mention is of a change ("increase of ≥ 1 point in EDSS"), a sub-score, an example or the past."""
    left = _without_abbreviations(left)
    for distance, token in enumerate(reversed(left[-9:])):
        if token.kind in ("stop", "close", "comma") or token.text in ("and", "with", "have", "has", "having", "but", "while"):
            return False
        if token.kind == "point" and distance < 4 and any(after.text == "from" for after in left[len(left) - distance :]):
            return True  # "1.0 point from an EDSS of 1 to 5"
        if token.kind == "word":
            if _CHANGE.match(token.text) or token.text in ("e.g", "eg", "example", "instance", "such"):
                return True
            if (distance < 4 and _PAST.match(token.text)) or (distance < 5 and _SUBSCORE.match(token.text)):
                return True
    return False


def _is_condition(left: list[Token], low: str, item: Criterion, start: int) -> bool:
    """The mention only says for whom something else holds ("if baseline EDSS ≤ 5.0", "10 years in patients with EDSS > 5")."""
    near = left[-6:]
    for place, token in enumerate(near):
        if token.text in ("if", "when", "unless", "where", "whenever") and not any(
            after.kind in ("stop", "close") for after in near[place:]
        ):
            return True
        if (
            token.text in ("in", "for", "among")
            and place + 1 < len(near)
            and any(_SOMEBODY.match(after.text) for after in near[place + 1 : place + 3])
            and not courses_in(low, token.start, start)
            and low[item.start : token.start].strip(" -*(")
        ):
            return True
        if token.kind == "open" and place and near[place - 1].kind == "point":
            return True  # "≥ 0.5 point (baseline EDSS ≥ 5.5)"
        if token.text == "e" and place + 1 < len(near) and near[place + 1].text == "g":
            return True
    return False


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
            if words > 16 or _CHANGE.match(token.text) or _SUBSCORE.match(token.text):
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
            if _is_changed_after(items, reading.next, bool(reading.minimum and reading.maximum)):
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


def _is_changed_after(items: list[Token], at: int, is_range: bool) -> bool:
    """ "≥ 1 point increase", "≥ 1.0 in the last 12 months": what was read is a change after all."""
    near = items[at : at + 5]
    texts = [token.text for token in near]
    if not texts:
        return False
    if _CHANGE.match(texts[0]) or (near[0].kind == "point" and len(texts) > 1 and _CHANGE.match(texts[1])):
        return True
    if texts[0] == "after" and any(text.startswith(("relapse", "attack", "steroid", "cortico")) for text in texts[1:]):
        return True  # "EDSS ≥ 2 after the relapse": what an attack left behind
    if not is_range and texts[0] == "within" and any(text in ("of", "from", "after", "since") for text in texts[2:4]):
        return True  # "EDSS ≥ 6 within 5 years of onset": how fast, not how far
    is_window = not is_range and texts[0] in ("in", "within", "over", "during") and any(text in _LAST for text in texts[1:3])
    return is_window or (not is_range and texts[0].endswith(_LAST))


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


_OTHER_GROUP = re.compile(r"\b(?:(?:group|cohort|arm)s?\b|moderate\b|severe\b|the\s(?:second|other|latter)\b)")
_FOR_A_COURSE = re.compile(r"\s?(?:in|for)\s(?:the\s)?(?:(?:patients|subjects)\swith\s)?(?:rr|sp|pp|relaps|secondary|primary|progressive)")


def _further(low: str, item: Criterion, first: Reading) -> list[Reading]:
    """Ranges after the first that need no new mention of the scale: "3.0-5.5 for RRMS and 3.5-6.5 for SPMS"."""
    start = first.end
    end = min(item.end, start + _RIGHT)
    stop = _MENTION.search(low, start, end)
    end = stop.start() if stop else end
    by_course = bool(courses_in(low, start, end))
    if not by_course and not (first.maximum and _OTHER_GROUP.search(low, start, end)):
        return []
    items = tokens(low, start, end)
    found, at = [], 0
    while at < len(items) and not (items[at].kind == "stop" and items[at].text == "."):
        reading = read(items, at) if items[at].kind in ("num", "between", "ge", "gt", "le", "lt") else None
        is_whole = reading and reading.minimum and reading.maximum
        is_beyond = by_course or (is_whole and reading.minimum.value > first.maximum.value)  # else it may tell of a part
        if reading and is_beyond and _on_scale(reading) and (is_whole or _FOR_A_COURSE.match(low, reading.end, end)):
            found.append(reading)
            at = reading.next
        else:
            at += 1
    return found


def _of_group(item: Criterion) -> tuple[str, ...]:
    """The courses of the people whose criteria a line of its own opens: "RRMS patients (n=20):"."""
    lead = normal(item.lead)
    return courses_in(lead, 0, len(lead))


def _courses(low: str, item: Criterion, found: list[tuple[Reading, int]]) -> list[tuple[str, ...]]:
    """The courses that each of a criterion's ranges is for: those that stand between it and its neighbour, on the side that names one."""
    edges = [(min(at, reading.start), reading.end) for reading, at in found]
    if len(edges) == 1:
        return [courses_in(low, item.start, item.end) or _of_group(item)]
    after = [courses_in(low, end, edges[place + 1][0] if place + 1 < len(edges) else item.end) for place, (_, end) in enumerate(edges)]
    before = [courses_in(low, edges[place - 1][1] if place else item.start, start) for place, (start, _) in enumerate(edges)]
    return before if before[0] else after
