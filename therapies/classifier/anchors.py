"""Which rules are worth trying on a text: the pieces of words that they need, all found in one pass."""

from __future__ import annotations

import string
from collections.abc import Iterable
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, Implementation

from therapies import rules
from therapies.rules import Rule, ipsc, ms, msc, regimens

_REACH: Final = 90  # characters either way of an anchor: more than any pattern spans in real text
_IN_WORD: Final = frozenset(letter.encode() for letter in string.ascii_lowercase + string.digits)


def readable(low: str) -> bytes:
    """A text as the anchors read it: a byte for each letter, whatever the text, and the commonest word that holds a stem made harmless."""
    return low.encode("latin-1", "replace").replace(b"system", b"sy-tem")


class Anchors:
    """The anchors of rules that are read together: finds where they stand in a text, all in one pass.

    An anchor that begins with `=` is a whole word.
    """

    def __init__(self, *tables: Iterable[Rule]):
        known = sorted({anchor for table in tables for rule in table for anchor in rule.anchors})
        self._anchors = tuple((anchor, anchor[0] == "=") for anchor in known)
        self._pieces = BytesAhoCorasick([anchor.removeprefix("=").encode("latin-1") for anchor in known], implementation=Implementation.DFA)

    def places(self, text: bytes, first: int = 0) -> dict[str, list[int]]:
        """Where each anchor that occurs begins, counted from `first`."""
        found: dict[str, list[int]] = {}
        for number, start, end in self._pieces.find_matches_as_indexes(text, overlapping=True):
            anchor, is_whole = self._anchors[number]
            if is_whole and (text[start - 1 : start] in _IN_WORD or text[end : end + 1] in _IN_WORD):
                continue
            if anchor in found:
                found[anchor].append(first + start)
            else:
                found[anchor] = [first + start]
        return found


def windows(places: Iterable[int], first: int, last: int) -> list[tuple[int, int]]:
    """The parts of a long text that are worth searching: the surroundings of the anchors, merged where they meet."""
    merged: list[tuple[int, int]] = []
    begin = end = None
    for at in sorted(places):
        if end is None or at - _REACH > end:
            if end is not None:
                merged.append((begin, end))
            begin = at - _REACH if at - _REACH > first else first
        end = at + _REACH
    if end is not None:
        merged.append((begin, end if end < last else last))
    return merged


CONDITION: Final = Anchors(ms.CONDITION_RULES)
APPROACH: Final = Anchors(rules.APPROACH_RULES)
ROLE: Final = Anchors(rules.ROLE_RULES)
IPSC: Final = Anchors(ipsc.IPSC_THERAPY_RULES)
DETAIL: Final = Anchors(
    rules.DONOR_RULES, rules.SOURCE_RULES, rules.ROUTE_RULES, msc.MSC_THERAPY_RULES, regimens.REGIMEN_RULES, regimens.REGIMEN_PAIRS
)


class Table:
    """Rules that are read together, in order."""

    def __init__(self, anchors: Anchors, rules: Iterable[Rule]):
        self.anchors = anchors
        self._rules = tuple(rules)
        self._always = frozenset(number for number, rule in enumerate(self._rules) if not rule.anchors)
        self._of_anchor: dict[str, list[int]] = {}
        for number, rule in enumerate(self._rules):
            for anchor in rule.anchors:
                self._of_anchor.setdefault(anchor, []).append(number)

    def worth_trying(self, places: Iterable[str]) -> list[Rule]:
        """The rules of which one of the anchors occurs, and those that have none, in order."""
        numbers = self._always.union(*(self._of_anchor[anchor] for anchor in places if anchor in self._of_anchor))
        return [self._rules[number] for number in sorted(numbers)]
