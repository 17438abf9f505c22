"""Comparisons and ranges as people write them ("≥ 2.0 and ≤ 5.5", "3 -6.5", "no more than 10", "5 years or less"), read into bounds.

Works on normalised text (`criteria.normal`). Knows numbers, signs and words of comparison; what a number measures is for its callers.
A window of bounded length is tokenised around each mention, so the work is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from trials.eligibility.facts import Bound

_WORDS = {
    "zero": 0.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0,
    "ten": 10.0, "twelve": 12.0, "fifteen": 15.0, "twenty": 20.0,
}  # fmt: skip

NUMERAL = re.compile(rf"\d|\b(?:{'|'.join(_WORDS)})\b|\b(?:a|last|past|first)\s(?:year|month|week)\b")
"""Whether a window can hold a number at all; much cheaper than to tokenise it."""

_BEGINNERS = (  # words that may begin one of the phrases below; any other word is passed over at once
    r"(?:less|lower|smaller|fewer|inferior|below|equals?|no|not|never|does|do|must|should|may|shall|can|at|atleast|up|upto"
    r"|upper|a|max|maximum|maximal(?:ly)?|under|more"
    r"|greater|higher|larger|longer|bigger|superior|above|over|min|minimum|minimal(?:ly)?|starting|or|and|shorter|younger"
    r"|older|exceed|exceeds|exceeding|in|during|to"
    r"|through|thru|until|till|between|from|btw|within|range|ranges|ranging"
    r"|years?|yrs?|y|months?|mos?|weeks?|wks?|days?|hours?|hrs?|minutes?|seconds?|secs?|s|mm|cm|mg|ml|kg|g|metres?|meters?|m|feet|foot|ft"
    r"|relapses?|attacks?|exacerbations?|lesions?|visits?|drugs?|treatments?|therapy|therapies|times|ago|points?|pts?|steps?"
    r"|degrees?|grades?|p)\b"
)
_LESS = r"(?:less|lower|smaller|fewer|shorter|inferior|below|under)"
_MORE = r"(?:more|greater|higher|larger|longer|superior|above|over)"
_OR_EQUAL = r"(?:\sthan)?\s?(?:,\s)?(?:(?:or|/)\s?)?(?:equal|egal)(?:s|ed)?(?:\s(?:to|than))?"
_NO_NUMBER = r"\b(?!\s(?:than|or\sequal|to\b)|\s*[≥≤<>=\\]*\s*\d)"
_TOKEN = re.compile(
    rf"(?P<gap>\s+)|(?P<word>(?!{_BEGINNERS})[^\W\d_][\w'-]*)"
    r"|(?P<num>(?<![\d.,])\d{1,3}(?:[.,]\d{1,2})?(?![\d]|[.,]\d))"
    r"|(?P<le>≤(?:/=|\s?to(?=\s?\d))?|\\?=\s?\\?<|\\?<\s?/?\s?(?:or\s)?\\?=(?:\s?to(?=\s?\d))?|&le;|&lt;\s?=|&#8804;"
    r"|\\?<\s?or\s(?:equal(?:\sto)?)"
    rf"|{_LESS}{_OR_EQUAL}|equal(?:s|\sto)?\s(?:or|and)\s{_LESS}(?:\s(?:than|to))?"
    r"|(?:not?|never)\s(?:be\s)?(?:more|greater|higher|larger|longer|older|worse)\sthan\b"
    r"|(?:(?:does|do|must|should|may|shall|can)\s)?not\s(?:be\s)?(?:exceed(?:s|ing)?|above|over)\b"
    r"|at\smost\b|at\sor\s(?:below|under)\b|up\s?to\b(?:\sand\sincluding|\sa\smaximum\sof)?"
    r"|(?:a\s)?max(?:imum|imal(?:ly)?)?\b\.?(?:\sof)?|upper\slimit\b(?:\sof)?)"
    r"|(?P<ge>≥|\\?=\s?\\?>|\\?>\s?/?\s?(?:or\s)?\\?=|&ge;|&gt;\s?=|&#8805;|\\?>\s?or\s(?:equal(?:\sto)?)"
    rf"|{_MORE}{_OR_EQUAL}|equal(?:s|\sto)?\s(?:or|and)\s{_MORE}(?:\s(?:than|to))?"
    r"|(?:not?|never)\s(?:be\s)?(?:less|lower|smaller|shorter|fewer|younger)\sthan\b|not\sbelow\b|not\sunder\b"
    r"|(?:not?)\s(?:earlier|sooner)\sthan\b|at\s?(?:the\s)?least\b|at\sor\s(?:above|over)\b"
    r"|(?:a\s)?min(?:imum|imal(?:ly)?)?\b\.?(?:\sof)?|starting\s(?:at|from)\b|lower\slimit\b(?:\sof)?)"
    rf"|(?P<orless>(?:or|and|&)\s(?:less|lower|below|under|fewer|smaller|better|shorter|younger){_NO_NUMBER}"
    r"|(?<=\d\s)or\sless\s?\d{1,2}(?=\s(?:at|on|in|for|and)\b|\s?(?:$|[.;)])))"  # with the number of a footnote
    rf"|(?P<ormore>(?:or|and|&)\s(?:more|higher|above|greater|over|worse|longer|older|upwards?|up){_NO_NUMBER}|(?<=\d)\+"
    r"|(?:ago\s)?at\s(?:the\s)?least(?=\s?(?:$|[.;)\n])))"
    r"|(?P<lt>\\?<|&lt;|(?:less|lower|smaller|fewer|shorter|younger)\sthan\b|inferior\sto\b|below\b|under\b)"
    r"|(?P<gt>\\?>|&gt;|(?:more|greater|higher|larger|longer|older|bigger)\sthan\b|superior\sto\b|above\b|over\b"
    r"|exceed(?:s|ing)?\b|in\sexcess\sof\b)"
    r"|(?P<range>-{1,2}(?:\\?>(?=\s?\d))?|~|to\b|through\b|thru\b|until\b|till\b|…|\.\.\.?)"
    r"|(?P<and>and\b|&(?:amp;)?)"
    r"|(?P<between>(?:between|from|btw)\b|within\b(?:\sthe)?(?:\s(?:last|past|previous|preceding|prior|first)\b)?"
    r"|(?:in|during)\s(?:the\s)?(?:last|past|previous|preceding|prior|first)\b|rang(?:e|es|ing)\b)"
    r"|(?P<unit>(?:years?|yrs?|y|months?|mos?|weeks?|wks?|days?|hours?|hrs?|minutes?|min|seconds?|secs?|s)\b|%"
    r"|(?:mm|cm|mg|ml|kg|g|metres?|meters?|m|feet|foot|ft|relapses?|attacks?|exacerbations?|lesions?|visits?|drugs?"
    r"|treatments?|therap(?:y|ies)"
    r"|times)\b)"
    r"|(?P<point>(?:points?|pts?|steps?|degrees?|grades?|p)\b)"
    r"|(?P<stop>[.;:](?=\s|$)|\n)"
    r"|(?P<comma>,|/)"
    r"|(?P<open>[(\[])|(?P<close>[)\]])"
    r"|(?P<other>[^\W\d_][\w'-]*)"
)

_GOES_ON = re.compile(r"\s?(?:\\?[≤≥<>]|max|min)")  # the other end after a semicolon: "≥ 3; ≤ 6"
_ONE_OF = ("last", "past", "previous", "preceding", "prior", "first")
_ENDS = ("at most", "at least", "max", "max.", "maximum", "min", "min.", "minimum")
_JOINTS = ("range", "and", "comma")
_FLIP = {"le": "ge", "lt": "gt", "ge": "le", "gt": "lt"}


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A range read from tokens: either bound may be None. `unit` is the word after the number; `start`, `end` are offsets in the text."""

    minimum: Bound | None
    maximum: Bound | None
    unit: str
    start: int
    end: int
    next: int  # index of the token after it


def tokens(low: str, start: int, end: int, to_stop: bool = False) -> list[Token]:
    """The tokens of a window of normalised text, up to the end of the sentence if `to_stop`. Ask for a few hundred characters at most."""
    found = []
    for match in _TOKEN.finditer(low, start, end):
        kind = match.lastgroup
        if kind == "gap":
            continue
        text = match.group()
        found.append(Token("word" if kind == "other" else kind, text, match.start(), match.end()))
        if to_stop and kind == "stop" and text != ":" and not (text == ";" and _GOES_ON.match(low, match.end(), end)):
            break
    return found


def number(token: Token) -> float | None:
    """A token's number, from digits (decimal comma or point) or a word, else None."""
    if token.kind == "num":
        return float(token.text.replace(",", "."))
    return _WORDS.get(token.text) if token.kind == "word" else None


def flip(kind: str) -> str:
    """The comparison seen from the other side: `3 ≤ EDSS` says that EDSS ≥ 3."""
    return _FLIP[kind]


class _Term(NamedTuple):
    """A number with the comparison before it ("le", "lt", "ge", "gt" or "") and the unit after it."""

    kind: str
    value: float
    unit: str
    next: int  # index of the token after it

    @property
    def is_least(self) -> bool:
        return self.kind in ("ge", "gt")

    @property
    def is_most(self) -> bool:
        return self.kind in ("le", "lt")


def read(items: list[Token], at: int, with_unit: bool = False) -> Reading | None:
    """Read a range or a comparison that begins exactly at token `at`; None if none does.

    With `with_unit` a number's unit is read with it, and bounds with a unit of time come in years ("6 months to 10 years" is 0.5 to 10);
    without it, a number before a unit ends the reading.
    """
    begin = at
    while at < len(items) and items[at].kind == "between":
        at += 1
    between = at > begin
    if with_unit and between and at < len(items) and items[at].kind == "unit" and items[at - 1].text.endswith(_ONE_OF):
        bound = Bound(_scaled(1.0, items[at].text))
        return Reading(None, bound, items[at].text, items[begin].start, items[at].end, at + 1)  # "within the last year"
    first = _term(items, at, with_unit)
    if first is None:
        return None
    if not first.kind and [item.kind in ("le", "lt") or item.kind for item in items[first.next : first.next + 3]] == [True, "word", True]:
        first = first._replace(kind=flip(items[first.next].kind), next=first.next + 2)  # "3 ≤ EDSS ≤ 6"
    joined, second = _second(items, first.next, between, with_unit)
    if second:
        both = _both(first, second, joined, between)
        if both and both[0].value <= both[1].value:
            return Reading(*both, second.unit or first.unit, items[begin].start, items[second.next - 1].end, second.next)
        if first.is_least and second.is_least and joined == "and":  # a slip of the pen: only the weaker limit is certain
            first = _Term(first.kind, min(first.value, second.value), second.unit or first.unit, second.next)
    kind, bound = first.kind, Bound(_scaled(first.value, first.unit), first.kind in ("le", "ge"))
    if not kind and items[begin].text.startswith(("from", "within", "in ", "during")):
        kind, bound = ("ge" if items[begin].text == "from" else "le"), Bound(bound.value)
    if not kind:
        return None
    ends = (bound, None) if kind in ("ge", "gt") else (None, bound)
    return Reading(*ends, first.unit, items[begin].start, items[first.next - 1].end, first.next)


def _second(items: list[Token], at: int, between: bool, with_unit: bool) -> tuple[str, _Term | None]:
    """The other end of a range whose first end stops before `at`, and the kind of the word that joins them."""
    follow = _past_brackets(items, at, between)
    last, joined = min(len(items), follow + 2), ""
    while follow < last and (items[follow].kind in _JOINTS or items[follow].text in ("but", ";")):
        joined, follow = items[follow].kind, follow + 1
    is_joined = follow > at or (follow < len(items) and items[follow].kind in _FLIP)
    return joined, _term(items, follow, with_unit) if is_joined else None


def _both(first: _Term, second: _Term, joined: str, between: bool) -> tuple[Bound, Bound] | None:
    """The two ends of a range; a unit told once holds for both."""
    value, other = _scaled(first.value, first.unit or second.unit), _scaled(second.value, second.unit or first.unit)
    if first.is_most:
        is_whole = second.is_least and joined in ("and", "comma", "word")
        return (Bound(other, second.kind == "ge"), Bound(value, first.kind == "le")) if is_whole else None
    if second.kind:
        is_whole = second.is_most and (first.kind != "" or joined not in ("comma", "stop"))
    else:
        is_whole = joined == "range" or (joined == "and" and between)
    return (Bound(value, first.kind != "gt"), Bound(other, second.kind != "lt")) if is_whole else None


def other_end(low: str, first: Reading, end: int, with_unit: bool = False) -> Reading | None:
    """The second half of "below 3.0 or above 6.5" or "0 to 1 or 7 to 10", where `first` is the first half and `end` the end of the text."""
    items = tokens(low, first.end, min(end, first.end + 40))
    at = 0
    while at < min(len(items), 3) and (items[at].kind in ("comma", "and", "point") or items[at].text == "or"):
        at += 1
    second = read(items, at, with_unit) if 0 < at < len(items) else None
    if first.minimum and first.maximum:
        return second if second and second.minimum and second.maximum else None
    is_other = second and bool(second.minimum) != bool(second.maximum) and bool(second.minimum) != bool(first.minimum)
    return second if is_other else None


def first_end(low: str, second: Reading, start: int) -> Reading | None:
    """The first half of "below 3.0 or above 6.5", where `second` is the second half and `start` where to look from."""
    if second.minimum and second.maximum:
        return None
    items = tokens(low, max(start, second.start - 40), second.start)
    last = len(items)
    while last and (items[last - 1].kind in ("comma", "point") or items[last - 1].text == "or"):
        last -= 1
    for at in range(last if last < len(items) else 0):
        first = read(items, at)
        if first and first.next == last:
            return first if bool(first.minimum) != bool(first.maximum) and bool(first.minimum) != bool(second.minimum) else None
    return None


def _past_brackets(items: list[Token], at: int, between: bool) -> int:
    """Where a range goes on after a remark in brackets ("0.0 (normal) to 6.5"); `at` itself where it does not."""
    if at < len(items) and items[at].kind == "open":
        for place in range(at + 1, min(at + 10, len(items) - 1)):
            if items[place].kind == "close":
                goes_on = items[place + 1].kind == "range" or (between and items[place + 1].kind == "and")
                return place + 1 if goes_on else at
    return at


def _scaled(value: float, unit: str) -> float:
    """A duration in years; a number without a unit of time as it is."""
    if unit.startswith(("mo",)):
        return value / 12
    if unit.startswith(("w",)):
        return round(value / 52.18, 4)
    if unit.startswith("d"):
        return round(value / 365.25, 4)
    return value


def _term(items: list[Token], at: int, with_unit: bool) -> _Term | None:
    """Read `[comparison] number [unit] [or less]`."""
    if with_unit and at < len(items) and items[at].text == "a" and [item.kind for item in items[at + 1 : at + 3]] == ["unit", "ormore"]:
        return _Term("ge", 1.0, items[at + 1].text, at + 3)  # "a year or longer"
    kind = ""
    while at < len(items) and (
        items[at].kind in _FLIP
        or (kind and items[at].kind == "open")
        or items[at].text in ("of", "or", "a", "score", "scores", "value", "is", "disability", ":")
    ):
        if items[at].kind == "open":  # "less than or equal to (≤) 5.5"
            if [item.kind in _FLIP or item.kind for item in items[at + 1 : at + 3]] != [True, "close"]:
                return None
            at += 2
        elif items[at].kind in _FLIP:
            # "minimum of ≥ 3", "up to ≤ 6.5": the sign that stands last and agrees decides
            kind = items[at].kind
        elif (items[at].text == ":" and not kind) or (items[at].text != "of" and not kind):
            return None
        at += 1
    if at >= len(items):
        return None
    if with_unit and kind and items[at].kind == "unit" and items[at - 1].text == "a":
        return _Term(kind, 1.0, items[at].text, at + 1)  # "at least a year"
    if (value := number(items[at])) is None:
        return None
    at += 1
    if at + 2 < len(items) and items[at].kind == "open" and number(items[at + 1]) == value and items[at + 2].kind == "close":
        at += 3  # "six (6)"
    unit = ""
    if at < len(items) and items[at].kind == "unit":
        if not with_unit:
            return None
        unit, at = items[at].text, at + 1
    elif at < len(items) and items[at].kind == "point":
        at += 1
    if not kind and at < len(items) and items[at].kind in ("orless", "ormore"):
        kind = "le" if items[at].kind == "orless" else "ge"
        at += 1
        if with_unit and not unit and at < len(items) and items[at].kind == "unit":
            unit, at = items[at].text, at + 1  # "5 or more years"
    elif not kind and at < len(items) and items[at].text in _ENDS and (at + 1 == len(items) or number(items[at + 1]) is None):
        kind = items[at].kind  # "10 years maximum"
        at += 1
    return _Term(kind, value, unit, at)
