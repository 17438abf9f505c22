"""A small, honest part of the registry's Essie query language: text in, a test of a study out.

Understood: words, `"a phrase"`, AND, OR, NOT (capitals), parentheses, `AREA[Field]` before a word, phrase or parenthesis, and
`AREA[Field]RANGE[a, b]` on dates and numbers with MIN and MAX. Several words in a row must all occur, in any order. Words are compared
without regard to case, whole, and as they are written: the registry's synonyms and inflections are not imitated, so that it finds more.
Everything else is a `QueryError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.standin import pieces


class QueryError(ValueError):
    """The expression cannot be understood; the message says where."""


class Study:
    """A record as a query sees it: the words of each area, looked up once."""

    def __init__(self, record: Any):
        self.record = record
        self._words: dict[str, str] = {}

    def has(self, area: str, words: str) -> bool:
        """Whether the words (as `words_of` gives them) stand next to each other in one text of the area."""
        if area not in self._words:
            self._words[area] = "|".join(words_of(text) for text in pieces.texts(self.record, area))
        return words in self._words[area]


Test = Callable[[Study], bool]

_TOKEN = re.compile(r'\s*(?:(AREA|RANGE)\[([^\]]*)\]|("(?:[^"\\]|\\.)*")|([()])|([^\s()"\[\]]+)|(\S))')
_WORD = re.compile(r"\w+")


def words_of(text: str) -> str:
    """Lower-case words, each with a space on both sides, so that a phrase is a substring."""
    return "".join(f" {word}" for word in _WORD.findall(text.casefold())) + " "


def compile(expression: str, area: str) -> Test:
    """The test for an expression whose words are looked for in `area` where it names no other."""
    return _Parser(expression).whole(area)


class _Parser:
    def __init__(self, expression: str):
        self.tokens = [match.groups() for match in _TOKEN.finditer(expression)]
        self.at = 0

    def whole(self, area: str) -> Test:
        test = self.either(area)
        if self.at < len(self.tokens):
            raise QueryError(f"unexpected {self.shown()}")
        return test

    def shown(self) -> str:
        if self.at >= len(self.tokens):
            return "end of the query"
        operator, argument, *others = self.tokens[self.at]
        return repr(f"{operator}[{argument}]" if operator else next(filter(None, others)))

    def is_next(self, *words: str) -> bool:
        return self.at < len(self.tokens) and (self.tokens[self.at][3] in words or self.tokens[self.at][4] in words)

    def take(self, word: str) -> bool:
        found = self.is_next(word)
        self.at += found
        return found

    def either(self, area: str) -> Test:
        tests = [self.all(area)]
        while self.take("OR"):
            tests.append(self.all(area))
        return tests[0] if len(tests) == 1 else lambda study: any(test(study) for test in tests)

    def all(self, area: str) -> Test:
        tests = [self.one(area)]
        while self.take("AND") or (self.at < len(self.tokens) and not self.is_next("OR", ")")):
            tests.append(self.one(area))
        return tests[0] if len(tests) == 1 else lambda study: all(test(study) for test in tests)

    def one(self, area: str) -> Test:
        if self.take("NOT"):
            test = self.one(area)
            return lambda study: not test(study)
        if self.take("("):
            test = self.either(area)
            if not self.take(")"):
                raise QueryError(f"a parenthesis is not closed before {self.shown()}")
            return test
        if self.at >= len(self.tokens) or self.is_next("AND", "OR", ")"):
            raise QueryError(f"a word is missing before {self.shown()}")
        operator, argument, phrase, _, word, other = self.tokens[self.at]
        if other:
            raise QueryError(f"unexpected {self.shown()}")
        self.at += 1
        if operator == "AREA":
            return self.within(argument.strip())
        if operator == "RANGE":
            raise QueryError("RANGE needs an AREA before it")
        wanted = words_of(phrase or word)
        return (lambda study: study.has(area, wanted)) if wanted.strip() else (lambda study: True)

    def within(self, area: str) -> Test:
        if area not in pieces.PIECES and area not in pieces.AREAS:
            raise QueryError(f"unknown area {area!r}")
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "RANGE":
            bounds = self.tokens[self.at][1].split(",")
            self.at += 1
            return _range(area, bounds)
        return self.one(area)


def _range(area: str, bounds: list[str]) -> Test:
    if area not in pieces.DATES | pieces.NUMBERS:
        raise QueryError(f"RANGE is understood on dates and numbers, not on {area}")
    if len(bounds) != 2:
        raise QueryError("RANGE takes two values: RANGE[a, b]")

    def read(text: str, *, is_last: bool) -> int:
        return int(text) if area in pieces.NUMBERS else pieces.ordinal(text, is_last=is_last)

    lowest, highest = (bound.strip() for bound in bounds)
    try:
        low = None if lowest == "MIN" else read(lowest, is_last=False)
        high = None if highest == "MAX" else read(highest, is_last=True)
    except ValueError as error:
        raise QueryError(f"RANGE on {area}: {error}") from error

    def test(study: Study) -> bool:
        number = pieces.number(study.record, area)
        return number is not None and (low is None or number >= low) and (high is None or number <= high)

    return test
