"""An object of a record's JSON and the ways to read a value out of it: what `parse` asks, with every unreadable value told by its path.

A missing key or null gives the empty value of what was asked for: "", (), None. So does a value that cannot be read, which is reported.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from trials.registry import normalise
from trials.registry.records import PartialDate, StudyDate

_LONGEST_CODE = 40  # the longest in the contract has 25 characters; what is longer is no code
_LONGEST_REPORT = 200
_LARGEST_COUNT = 2**31 - 1  # the contract's int32


class WrongShape(Exception):
    """An object or list is of another JSON type; the text names its path."""


_KINDS = {type(None): "missing", bool: "a truth value", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}


def kind_of(value: Any) -> str:
    """What JSON calls a value, in words for a message: "a list"."""
    return _KINDS.get(type(value), f"a {type(value).__name__}")


class Node(msgspec.Struct, gc=False):
    """An object of the record and where it stands. A missing object reads as an empty one."""

    _values: dict[str, Any]
    _above: Node | None
    _key: str
    _reports: dict[tuple[str, str], None]

    def _below(self, key: str) -> str:
        """The path of a value; written out only where something is wrong with it."""
        return key if self._above is None else f"{self._above._below(self._key)}.{key}"

    def _report(self, key: str, value: Any) -> None:
        shown = value if isinstance(value, str) else kind_of(value) if isinstance(value, (list, dict)) else json.dumps(value)
        self._reports[self._below(key), normalise.text(shown)[:_LONGEST_REPORT]] = None

    def node(self, key: str) -> Node:
        """The object below; WrongShape where something else stands there."""
        values = self._values.get(key)
        if values is None:
            return _MISSING
        if not isinstance(values, dict):
            raise WrongShape(f"{self._below(key)} is {kind_of(values)}, not an object")
        return Node(values, self, key, self._reports)

    def _list(self, key: str) -> Sequence[Any]:
        values = self._values.get(key)
        if values is None:
            return ()
        if not isinstance(values, list):
            raise WrongShape(f"{self._below(key)} is {kind_of(values)}, not a list")
        return values

    def nodes(self, key: str) -> list[Node]:
        """Every object of a list, nulls passed over; WrongShape where it is no list or holds anything else."""
        if key not in self._values:  # as most are
            return []
        nodes, name = [], f"{key}[]"
        for values in self._list(key):
            if isinstance(values, dict):
                nodes.append(Node(values, self, name, self._reports))
            elif values is not None:
                raise WrongShape(f"{self._below(name)} is {kind_of(values)}, not an object")
        return nodes

    def text(self, key: str) -> str:
        """A text as `normalise.text` cleans it."""
        value = self._values.get(key)
        if isinstance(value, str):
            return value.strip() if value.isprintable() else normalise.text(value)  # most need no more
        if value is not None:
            self._report(key, value)
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list without the empty ones; WrongShape where it is no list."""
        read = []
        for value in self._list(key):
            if isinstance(value, str):
                if cleaned := normalise.text(value):
                    read.append(cleaned)
            elif value is not None:
                self._report(f"{key}[]", value)
        return tuple(read)

    def code(self, key: str, known: frozenset[str]) -> str:
        """A value of one of the registry's enums; another is reported and kept, unless it is too long for a code."""
        value = self._values.get(key)
        if value is None or (isinstance(value, str) and value in known):
            return value or ""
        return self._known_code(key, self.text(key), known)

    def codes(self, key: str, known: frozenset[str]) -> tuple[str, ...]:
        """Each `code` of a list."""
        return tuple(code for text in self.texts(key) if (code := self._known_code(f"{key}[]", text, known)))

    def _known_code(self, key: str, text: str, known: frozenset[str]) -> str:
        if text in known or not text:
            return text
        self._report(key, text)
        return text if len(text) <= _LONGEST_CODE else ""

    def kind(self, key: str, known: frozenset[str]) -> str:
        """ACTUAL or ESTIMATED, also where the registry once used other words for the latter."""
        return self._known_code(key, normalise.estimate(self.text(key)), known)

    def flag(self, key: str) -> bool | None:
        """A truth value; None where the record does not say."""
        value = self._values.get(key)
        if value is None or isinstance(value, bool):
            return value
        self._report(key, value)
        return None

    def count(self, key: str) -> int | None:
        """A whole number from 0 to the contract's largest."""
        value = self._values.get(key)
        if type(value) is int and 0 <= value <= _LARGEST_COUNT:  # a bool is an int to isinstance
            return value
        if value is not None:
            self._report(key, value)
        return None

    def degrees(self, key: str, limit: int) -> float | None:
        """A latitude or longitude, at most `limit` degrees either way."""
        value = self._values.get(key)
        if type(value) in (int, float) and -limit <= value <= limit:  # which NaN is not
            return float(value)
        if value is not None:
            self._report(key, value)
        return None

    def date(self, key: str) -> PartialDate | None:
        """A day, month or year, as `normalise.partial_date` reads it."""
        text = self.text(key)
        if not text:
            return None
        date = normalise.partial_date(text)
        if date is None:
            self._report(key, text)
        return date

    def study_date(self, key: str) -> StudyDate | None:
        """A date struct: the date, and whether it is actual or estimated."""
        struct = self.node(key)
        date = struct.date("date")
        kind = struct.kind("type", normalise.DATE_TYPE)
        return StudyDate(date, kind) if date else None

    def age(self, key: str) -> tuple[str, float | None]:
        """An age as the record writes it ("6 Months"), and in years."""
        text = self.text(key)
        years = normalise.age_in_years(text)
        if text and years is None:
            self._report(key, text)
        return text, years

    def nct_id(self, key: str) -> str:
        """A canonical NCT id; a text that is none is reported."""
        text = self.text(key)
        return self._canonical(key, text) if text else ""

    def nct_ids(self, key: str) -> tuple[str, ...]:
        """Each `nct_id` of a list."""
        return tuple(nct_id for text in self.texts(key) if (nct_id := self._canonical(f"{key}[]", text)))

    def _canonical(self, key: str, text: str) -> str:
        try:
            return normalise.canonical_nct_id(text)
        except ValueError:
            self._report(key, text)
            return ""


_MISSING = Node({}, None, "", {})
"""Every object that a record leaves out: nothing in it is ever read, so nothing reported."""
