"""Which rules are worth trying on a text: the pieces of words that they need, all found in one pass."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from therapies import rules
from therapies.rules import Rule, disease, hsct, ipsc, msc

_REACH: Final = 90  # characters either way of an anchor: more than any pattern spans in real text
_IN_WORD: Final = frozenset(letter.encode() for letter in string.ascii_lowercase + string.digits)


class Anchors:
    """The anchors of rules that are read together: finds which of them occur in a text, all in one pass.

    Bytes are read, so that no text is too odd; an anchor that begins with `=` is a whole word.
    """

    def __init__(self, *tables: Iterable[Rule]):
        known = sorted({anchor for table in tables for rule in table for anchor in rule.anchors})
        self._anchors = tuple((anchor, anchor[0] == "=") for anchor in known)
        self._pieces = BytesAhoCorasick([anchor.removeprefix("=").encode() for anchor in known], implementation=Implementation.DFA)

    def occur(self, low: str, first: int, last: int) -> bool:
        return bool(self.found(low, first, last))

    def found(self, low: str, first: int, last: int) -> frozenset[str]:
        text = low[first:last].encode("utf-8", "surrogatepass").replace(b"system", b"-")  # the commonest word that holds a stem
        found = set()
        for number, start, end in self._pieces.find_matches_as_indexes(text, overlapping=True):
            anchor, is_whole = self._anchors[number]
            if not is_whole or (text[start - 1 : start] not in _IN_WORD and text[end : end + 1] not in _IN_WORD):
                found.add(anchor)
        return frozenset(found)


@cache
def _whole_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])")


def windows(low: str, anchors: Iterable[str], first: int, last: int) -> list[tuple[int, int]]:
    """The parts of a long text that are worth searching: the surroundings of the anchors, merged where they meet."""
    places = []
    for anchor in anchors:
        if anchor[0] == "=":
            places += [found.start() for found in _whole_word(anchor[1:]).finditer(low, first, last)]
            continue
        at = low.find(anchor, first, last)
        while at >= 0:
            if anchor != "stem" or low[at - 2 : at] != "sy":
                places.append(at)
            at = low.find(anchor, at + 1, last)
    windows: list[tuple[int, int]] = []
    for at in sorted(places):
        begin, end = max(first, at - _REACH), min(last, at + _REACH)
        if windows and begin <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((begin, end))
    return windows


CONDITION: Final = Anchors(disease.CONDITION_RULES)
APPROACH: Final = Anchors(rules.APPROACH_RULES)
ROLE: Final = Anchors(rules.ROLE_RULES)
IPSC: Final = Anchors(ipsc.IPSC_THERAPY_RULES)
DETAIL: Final = Anchors(
    rules.DONOR_RULES, rules.SOURCE_RULES, rules.ROUTE_RULES, msc.MSC_THERAPY_RULES, hsct.REGIMEN_RULES, hsct.REGIMEN_PAIRS
)


class Table(NamedTuple):
    """Rules that are read together, in order."""

    anchors: Anchors
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, anchors: Anchors, table: Iterable[Rule]) -> Table:
        return cls(anchors, tuple(table))
