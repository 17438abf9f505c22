"""The criteria text, cut into single criteria. Owns headings, bullets, nesting and line ends; knows nothing of what a criterion says.

The registry gives CommonMark (`* ` bullets, nested by indentation, escaped `\\>` and `1\\.`) or plain text, one criterion a line, where a
blank line opens and closes a sub-list. Every criterion is a slice of the source; nothing is rewritten. Each line is looked at once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from trials.eligibility.facts import Criterion, Kind

_LOOKALIKES = {
    **dict.fromkeys("‐‑‒–—―−﹣－⁃", "-"),
    **dict.fromkeys("·‧∙⋅", "."),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000", " "),
    **dict.fromkeys("⩽≦﹤＜˂", "<"),
    **dict.fromkeys("⩾≧﹥＞˃", ">"),
    **dict.fromkeys("‘’‛´`", "'"),
    "，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "．": ".", "～": "~", "∼": "~", "＝": "=",
}  # fmt: skip
_LOOKALIKES |= dict.fromkeys("⩽≦", "≤") | dict.fromkeys("⩾≧", "≥")


def normal(text: str) -> str:
    """Lower case, with dashes, points, blanks and signs that look alike made one. Exactly as long as `text`, so that offsets agree."""
    low = text.lower()
    if len(low) != len(text):  # a few capitals, such as İ, grow when lowered
        low = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    if not low.isascii():
        for char in _LOOKALIKES.keys() & set(low):
            low = low.replace(char, _LOOKALIKES[char])
    return low


_BLANKS = re.compile(r"\s*")
_NUMBER = re.compile(r"\d")
_ROMAN = re.compile(r"[ivxIVX]{2,4}\\?[.)]\s")
_SAYING = re.compile(r"[^\W_]")
_LINE = re.compile(r"[^\r\n]+")
_MARK = re.compile(
    r"(?:\\?[*+\-–—•·▪‣◦●○■□❖➢➤✓√§‐⁃](?=[\s*\\A-Z•·≥≤<>]|\d{1,2}[.)]\s)\s*"
    r"|\(?(?:\d{1,2}(?:\.\d{1,2}){0,2}|[a-zA-Z]|[ivxIVX]{1,4})\\?[.)](?=[\s]|[A-Z][a-z])\s*"
    r"|#{1,6}\s+|[*_]{2,3}(?=\w))"
)
_HEAD = re.compile(
    r"(?:[\w.()/&,'-]+ ){0,6}?[*_]*(?P<non>non?[- ]?)?"
    r"(?P<side>in(?:cl?us+i[oó]n|[ck]lusion)s?|ex(?:cl?|l)us+i[oó]n(?:s|ary)?|include|exclude)\b"
    r"(?P<word>[ -]*(?:criteri(?:a|on|ons|um|as)|criteras?))?[*_]*"
    r"(?P<rest>(?:(?: (?:for|of|in|include|includes|are|and|at|related|specific)\b| -|, )[^:;.]{0,90}| ?\([^)]{0,60}\)| \w+(?: \w+)?)?)"
    r"[*_ ]*(?P<end>[:;]|\.?$)[*_]*"
)
_NO_HEAD = re.compile(r"\b(?:not|meets?|meeting|met|fulfil\w*|satisf\w*|apply|applies|there are)\b")
_NO_HEAD_BEFORE = re.compile(r"\b(?:according|prior to|within|at the time|per|given)\b")
_GOES_ON = re.compile(  # no criterion ends so
    r"(?:\b(?:within|last|past|previous|preceding|least|than|of|the|to|from|between|edss|(?<![;,.]\s)(?:and|or))|[<>≤≥=])$"
)
_UNFINISHED = re.compile(
    r"(?:\b(?:[Ss]econdary|[Pp]rimary|[Rr]elapsing)-?|\b(?:Expanded|Disability|Status|Kurtzke|[Mm]ultiple)"
    r"|\b(?:with|in|by|for|an?)|\([^()]{1,39})$"
)
_PREPOSITIONS = {"at", "of", "to", "for", "before", "after", "upon", "since", "the", "on", "in", "study"}
_OUT = re.compile(  # a paragraph that opens a list: "Patients will be excluded if they have:"
    r"\b(?:excluded|ineligib\w+|not\s(?:be\s|to\sbe\s|considered\s){0,2}(?:eligible|included|enrolled)|non-?eligib\w+)\b"
)
_OUT_OF_THE_STUDY = re.compile(r"\b(?:(?:must|should|may|can)\s?not|prohibited|exc?lusion|contra-?indications?)\b")
_INTO = re.compile(
    r"\b(?:(?:are|be)\s(?:considered\s)?(?:eligible|included|enrolled)|eligib(?:le|ility)"
    r"|(?:patients|subjects|participants|individuals?)\smust)\b"
)
_OF_THE_STUDY = re.compile(r"crit?eri|citeri|\b(?:this|the)\s(?:study|trial)\b|\bstudy\s(?:entry|enrol|particip)|particip")
_SHORT_HEADING = 45  # a longer paragraph opens a section only if it speaks of the study or its criteria
_ITEM = re.compile(r"\s*(?:[*+•·▪-]|\\-|\d{1,2}\\?[.)]|[a-z]\\?[.)])\s")
_INLINE_HEAD = re.compile(r"\b(?P<non>non?[- ])?(?P<side>inclusion|exclusion) criteri(?:a|on)[*_]* ?:[*_]*")
_INLINE_ITEM = re.compile(r"(?:(?<=[\s:.;])(?:\\?[*•·▪●]|(?<!\d\s)\\?-|\(?(?P<number>\d{1,2})\\?[.)])|[•▪●])\s+(?=[A-Z0-9≥≤<>(\\*])")
_OWN_NUMBER = re.compile(r"(?<!\d)(\d{1,2})\\?[.)]\s*$")
_SEMICOLON = re.compile(r"\([^()]{0,150}\)|(?P<parts>(?<!&[lg][et])(?<!&amp)[;；]\s*)")  # one in brackets parts nothing
_SHORT_LINE = 40  # is probably an item of a plain list
_LONG = 250  # a line longer than this is probably several criteria in a row


@dataclass(slots=True)
class _Draft:
    """A criterion whose end may still move."""

    kind: Kind
    start: int
    end: int
    heading: str
    lead: str
    depth: int


@dataclass(frozen=True, slots=True)
class Source:
    """A criteria text made ready for reading: normalised once, cut once. `low` is as long as the text that the criteria are slices of."""

    low: str
    criteria: tuple[Criterion, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Source:
        low = normal(text)
        criteria = split(text, low)
        return cls(low, criteria, tuple(item.start for item in criteria))

    def holding(self, words: Iterable[str]) -> list[Criterion]:
        """The criteria in which at least one of the words stands, in order. Much faster than to look into each criterion for each word."""
        places = set()
        for word in words:
            at = self.low.find(word)
            while at >= 0:
                place = bisect_right(self.starts, at) - 1
                if place >= 0 and at < self.criteria[place].end:
                    places.add(place)
                    at = self.low.find(word, self.criteria[place].end)
                else:
                    at = self.low.find(word, at + 1)
        return [self.criteria[place] for place in sorted(places)]


class _Open(NamedTuple):
    """An item of a list that we are in: what stands before its mark, the kind of its mark, and its words where they open a list."""

    indent: int
    mark: str
    lead: str


def _mark(char: str) -> str:
    return "1" if char.isdigit() or char == "(" else "a" if char.isalpha() else char


def _is_within(item: _Open, indent: int, mark: str) -> bool:
    """Whether an item lies within another: further in, or under its colon with marks of another kind."""
    return indent > item.indent or (indent == item.indent and bool(item.lead) and mark != item.mark)


def split(text: str, low: str = "") -> tuple[Criterion, ...]:
    """Cut a criteria text into its single criteria, in order. `low` is `normal(text)` where the caller has it already."""
    low = low or normal(text)
    found: list[_Draft] = []
    kind: Kind = "unspecified"
    heading = lead = ""
    open_lists: list[_Open] = []
    previous_end = 0
    lead_open = False  # a line ended in a colon and its plain list has not begun
    in_plain_list = False
    in_letters = False  # the items under the lead are counted by letters or "i)"
    for line in _LINE.finditer(text):
        start, end = line.span()
        blank_before = text.count("\n", previous_end, start) > 1
        previous_end = end
        content, marked = _unmark(text, start, end)
        while end > content and (text[end - 1].isspace() or text[end - 1] == "\\"):
            end -= 1
        if content >= end or not _SAYING.search(text, content, end):
            continue
        opening = _opens(text, low, start, content, end)
        if opening:
            kind, heading = opening, text[content:end].strip("*_ ")
            open_lists, lead, lead_open, in_plain_list = [], "", False, False
            continue
        sections = list(_sections(low, content, end)) if _may_hold_heading(low, content, end) else []
        if any(new_kind for _, _, new_kind in sections):
            for piece_start, piece_end, new_kind in sections:
                if new_kind:
                    kind, heading = new_kind, text[piece_start:piece_end].strip("*_ ")
                    open_lists, lead, lead_open, in_plain_list = [], "", False, False
                else:
                    found += _pieces(text, low, piece_start, piece_end, kind, heading, "", 0)
            continue
        if marked:
            blanks = _BLANKS.match(text, start, content).end()
            indent, mark = blanks - start, _mark(text[blanks])
            while open_lists and not _is_within(open_lists[-1], indent, mark):
                open_lists.pop()
            if lead and not open_lists:
                in_letters, was_in_letters = not _NUMBER.search(text, start, content), in_letters
                lead = "" if was_in_letters and not in_letters else lead  # "2)" after "i)" and "ii)": what the line opened has ended
            depth, own_lead = len(open_lists), open_lists[-1].lead if open_lists else lead
            open_lists.append(_Open(indent, mark, text[content:end] if text[end - 1] == ":" else ""))
            found += _pieces(text, low, content, end, kind, heading, own_lead, depth)
            continue
        if found and not blank_before and found[-1].heading == heading and _continues(text, found[-1], content):
            found[-1].end = end
            continue
        open_lists = []
        if blank_before:
            in_plain_list, lead_open = lead_open, False
        lead = lead if in_plain_list else ""
        found += _pieces(text, low, content, end, kind, heading, lead, int(in_plain_list))
        if text[end - 1] == ":":
            lead, lead_open, in_plain_list, in_letters = text[content:end], True, False, False
    return tuple(
        Criterion(item.kind, text[item.start : item.end], item.start, item.end, item.heading, item.lead, item.depth) for item in found
    )


def _may_hold_heading(low: str, content: int, end: int) -> bool:
    """Whether a line has the letters of a heading, of "inclusive" too; most have not."""
    return low.find("lus", content, end) >= 0 or low.find("ncus", content, end) >= 0 or low.find("clude", content, content + 12) >= 0


def _unmark(text: str, start: int, end: int) -> tuple[int, bool]:
    """Where a line's words begin, after blanks, bullets and numbers, and whether it had any of these."""
    marked = False
    while start < end and text[start].isspace():
        start += 1
    if text[start : start + 2].isalpha() and not (text[start] in "ivxIVX" and _ROMAN.match(text, start, end)):
        return start, False  # most lines of plain text
    for _ in range(3):  # "* 1. **Bold"
        mark = _MARK.match(text, start, end)
        if not mark or mark.end() == start:
            break
        start, marked = mark.end(), True
    while start < end and text[start].isspace():
        start += 1
    return start, marked


def _opens(text: str, low: str, start: int, content: int, end: int) -> Kind | None:
    """The kind of section that a paragraph ending in a colon opens; None for list items and for any other line."""
    if end - content > 250 or not low.endswith((":", ":*", ":**", ":_", ":__"), content, end) or _ITEM.match(text, start, end):
        return None
    if low.find(".", content, end) >= 0 or low.find(";", content, end) >= 0:
        return None
    if low.find("inclusion", content, end) >= 0 and low.find("exclusion", content, end) >= 0:
        return None
    if _OUT.search(low, content, end):
        return "exclusion"
    if end - content > _SHORT_HEADING and not _OF_THE_STUDY.search(low, content, end):
        return None
    if _OUT_OF_THE_STUDY.search(low, content, end):
        return "exclusion"
    return "inclusion" if _INTO.search(low, content, end) else None


def _sections(low: str, start: int, end: int):
    """Yield (start, end, kind) for the headings in a line and (start, end, None) for what stands between them."""
    head = _HEAD.match(low, start, end) if end - start < 400 else None
    if (
        head
        and (head["end"] in (":", ";") or head.end() == end)
        and not (_NO_HEAD.search(low, start, head.end()) or _NO_HEAD_BEFORE.search(low, start, head.start("side")))
    ):
        words = low[start : head.start("side")].split()
        if head["word"] or (len(words) < 3 and not _PREPOSITIONS.intersection(words)):
            yield start, head.end(), _kind(head)
            start = head.end()
    while start < end:
        inline = _INLINE_HEAD.search(low, start, end)
        stop = inline.start() if inline else end
        while start < stop and (low[start].isspace() or low[start] in "*-•_"):
            start += 1
        if start < stop:
            yield start, stop, None
        if inline:
            yield inline.start(), inline.end(), _kind(inline)
        start = inline.end() if inline else end


def _kind(head: re.Match) -> Kind:
    return "inclusion" if head["side"].startswith("in") and not head["non"] else "exclusion"


def _continues(text: str, last: _Draft, start: int) -> bool:
    """Whether a line is the rest of the criterion above it, broken by a hard line end."""
    if start > last.end + 12:
        return False
    if _UNFINISHED.search(text, max(last.start, last.end - 40), last.end):  # "with a secondary", then "Progressive course"
        return True
    if last.end - last.start <= _SHORT_LINE:
        return False
    if text[start].isdigit():  # "within the previous", then "180 days"
        return bool(_GOES_ON.search(text, max(last.start, last.end - 12), last.end))
    return (text[start].islower() or text[start] == "(") and text[last.end - 1] not in ".:;?!"


def _inline_items(text: str, start: int, end: int) -> list[int]:
    """Where the items of a run begin. A number counts only in its order, so that "EDSS of 0 to 5. No relapse" stays whole."""
    marks = list(_INLINE_ITEM.finditer(text, start, end))
    numbers = [int(mark["number"]) for mark in marks if mark["number"]]
    coming = [*numbers[1:], 0]
    own = _OWN_NUMBER.search(text, max(0, start - 6), start)
    open_lists = [int(own[1])] if own else []  # the last number of each list that we are in
    found = []
    place = -1
    for mark in marks:
        if mark["number"]:
            place += 1
            number = numbers[place]
            if number - 1 in open_lists:
                del open_lists[open_lists.index(number - 1) :]
            elif number != 1 and coming[place] != number + 1:
                continue
            open_lists = [*open_lists[-3:], number]
        found.append(mark.start())
    return found


def _pieces(text, low, start, end, kind, heading, lead, depth) -> list[_Draft]:
    """A line as one criterion, or as several where it is a long run of bullets, numbers or semicolons."""
    while end > start and text[end - 1].isspace():
        end -= 1
    dotted = text.find("•", start, end) >= 0
    items = _inline_items(text, start, end) if dotted or end - start > _LONG else []
    if not dotted and len(items) < 2:
        items = []
        if low.count(";", start, end - 1) > 1:
            items = [item.end() for item in _SEMICOLON.finditer(text, start, end - 1) if item["parts"]]
    if len(items) < (1 if dotted else 2):
        return [_Draft(kind, start, end, heading, lead, depth)] if _SAYING.search(text, start, end) else []
    cuts = [start, *items]
    found = []
    for first, after in zip(cuts, [*cuts[1:], end], strict=True):
        first, _ = _unmark(text, first, after) if first != start else (first, False)
        while after > first and (text[after - 1].isspace()):
            after -= 1
        if after > first and _SAYING.search(text, first, after):
            found.append(_Draft(kind, first, after, heading, lead, depth))
    return found
