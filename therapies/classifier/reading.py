"""One study's texts, read once: where a rule's words stand in them, and what stands around."""

from __future__ import annotations

import itertools
import re
import string
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Final, NamedTuple

from therapies.classifier.anchors import Anchors, Table, readable, windows
from therapies.evidence import Evidence, Finding
from therapies.rules import CLASSIFYING, CONFIDENCE, NAMED, Rule, around, prose

LEAD: Final = 110
"""Characters before and after a hit that a guard may read."""
_LONG: Final = 150  # characters from which a text is searched around its anchors only
_SUPPORTING: Final = CLASSIFYING | {"keyword", "summary"}
_OPPOSING: Final = CLASSIFYING | {"keyword"}
_SENTENCE: Final = 300
_NAME: Final = 5  # characters from which an intervention's name is no other word
_PART: Final = "\n" * 12
PROSE: Final = frozenset({"summary", "detail"})
_EDGES: Final = frozenset(string.whitespace + "\xa0.,;:/-–([_")
_MOST_HITS: Final = 8  # of one rule in one field: what comes after says the same again
_LISTED: Final = re.compile(r"[,，;+/()]|\band\b|\bplus\b|\bwith\b")
_SENTENCE_END: Final = re.compile(r"[.;!?\n](?:\s|$)|\n")
_LAST_END: Final = re.compile(r".*(?:[.;!?\n](?:\s|$)|\n)", re.DOTALL)


def lower(text: str) -> str:
    """The text in lower case, of the same length: the few letters that grow when lowered stay as they are."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)


def texts(evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    """Every text of the record as (field name, tier, text), in the order of the tiers."""
    for number, intervention in enumerate(evidence.interventions):
        yield f"interventions[{number}].name", "intervention", intervention.name
        for other, name in enumerate(intervention.other_names):
            yield f"interventions[{number}].other_names[{other}]", "intervention", name
    yield "brief_title", "title", evidence.brief_title
    yield "official_title", "title", evidence.official_title
    for number, arm in enumerate(evidence.arms):
        yield f"arms[{number}].label", "arm", arm.label
    for number, arm in enumerate(evidence.arms):
        yield f"arms[{number}].description", "description", arm.description
    for number, intervention in enumerate(evidence.interventions):
        yield f"interventions[{number}].description", "description", intervention.description
    for number, keyword in enumerate(evidence.keywords):
        yield f"keywords[{number}]", "keyword", keyword
    for number, term in enumerate(evidence.intervention_meshes):
        yield f"intervention_meshes[{number}]", "keyword", term
    for number, condition in enumerate(evidence.conditions):
        yield f"conditions[{number}]", "keyword", condition
    yield "brief_summary", "summary", evidence.brief_summary
    yield "detailed_description", "detail", evidence.detailed_description
    for number, measure in enumerate(evidence.outcome_measures):
        yield f"outcome_measures[{number}]", "outcome", measure
    yield "eligibility_criteria", "criteria", evidence.eligibility_criteria


class Field(NamedTuple):
    """One text of the record, and where it stands in the reading's document."""

    name: str
    tier: str
    start: int
    end: int


class Hit(NamedTuple):
    rule: Rule
    reading: Reading
    field: Field
    start: int  # in the document
    end: int
    confidence: float

    @property
    def tier(self) -> str:
        return self.field.tier

    @property
    def quote(self) -> str:
        return self.reading.document[self.start : self.end]

    @property
    def lead(self) -> str:
        """The words of the same field that lead up to the hit, in lower case."""
        return self.reading.low[max(self.field.start, self.start - LEAD) : self.start]

    @property
    def trail(self) -> str:
        return self.reading.low[self.end : min(self.field.end, self.end + LEAD)]

    def finding(self, rule: str | None = None, ceiling: float = 1.0) -> Finding:
        confidence = round(min(self.confidence, ceiling), 2)
        return Finding(self.rule.kind, self.rule.value, rule or self.rule.id, self.field.name, self.quote, confidence)


@cache
def _read_at_once(tiers: frozenset[str]) -> tuple[frozenset[str], ...]:
    """The tiers in the parts in which anchors are looked for: the names together, any other by itself."""
    if tiers > NAMED:
        return (NAMED, *(frozenset({tier}) for tier in sorted(tiers - NAMED)))
    return (tiers,) if tiers == NAMED or len(tiers) == 1 else tuple(frozenset({tier}) for tier in sorted(tiers))


class Reading:
    """One study's texts as one document, strongest tier first, so that a rule is searched once and not field by field.

    Fields are parted by more marks than any pattern's gap can bridge. What a search said is remembered.
    """

    def __init__(self, evidence: Evidence):
        self.evidence = evidence
        self._texts = [named for named in texts(evidence) if named[2]]
        self._bounds: dict[str, tuple[int, int]] = {}
        first = at = 0
        before = ""
        for _, tier, text in self._texts:
            if tier != before:
                first, before = at, tier
            self._bounds[tier] = (first, at + len(text))
            at += len(text) + len(_PART)
        self.document = _PART.join([text for _, _, text in self._texts])
        self.low = lower(self.document)
        self._ranges: dict[frozenset[str], tuple[int, int]] = {}
        self._context: dict[tuple[re.Pattern[str], frozenset[str]], bool] = {}
        self._text = readable(self.low)
        self._places: dict[tuple[Anchors, frozenset[str]], dict[str, list[int]]] = {}
        self._sentences: dict[tuple[int, int], str] = {}

    @cached_property
    def _fields(self) -> list[Field]:
        starts = itertools.accumulate((len(text) + len(_PART) for _, _, text in self._texts), initial=0)
        return [Field(name, tier, start, start + len(text)) for (name, tier, text), start in zip(self._texts, starts, strict=False)]

    @cached_property
    def _starts(self) -> list[int]:
        return [field.start for field in self._fields]

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The interventions' names in lower case, each part of a list by itself, but for short ones."""
        parts = (part.strip() for item in self.evidence.interventions for part in _LISTED.split(lower(item.name)))
        return tuple(part for part in parts if len(part) >= _NAME)

    @cached_property
    def titles(self) -> str:
        """Both titles in lower case, a line each."""
        return lower(f"{self.evidence.brief_title}\n{self.evidence.official_title}")

    @cached_property
    def names_cells(self) -> bool:
        """Whether an intervention or an arm is called cells."""
        evidence = self.evidence
        names = "\n".join((*(item.name for item in evidence.interventions), *(arm.label for arm in evidence.arms)))
        return prose.CELLS.search(lower(names)) is not None

    def names(self, pattern: re.Pattern[str]) -> bool:
        """Whether interventions, arms or titles hold it."""
        return pattern.search(self.low, *self.range(NAMED)) is not None

    def names_disease(self, pattern: re.Pattern[str]) -> bool:
        """Whether conditions or titles hold it."""
        evidence = self.evidence
        return pattern.search(lower("\n".join((*evidence.conditions, evidence.brief_title, evidence.official_title)))) is not None

    def range(self, tiers: frozenset[str]) -> tuple[int, int]:
        """Where these tiers begin and end in the document; tiers between them are included."""
        known = self._ranges.get(tiers)
        if known is None:
            bounds = [self._bounds[tier] for tier in tiers if tier in self._bounds]
            known = self._ranges[tiers] = (min(bounds)[0], max(end for _, end in bounds)) if bounds else (0, 0)
        return known

    def describes_cells(self, field: Field) -> bool:
        """Whether a description is of something that speaks of cells, or of the one thing that is given."""
        if len({name for name in self.given if not prose.NOTHING.search(name)}) <= 1:
            return True
        owner = field.name.removesuffix(".description")
        named = (at for at in self._fields if at.name in (f"{owner}.name", f"{owner}.label"))
        return any(prose.GIVEN_CELLS.search(self.low, at.start, at.end) for at in (*named, field))

    def fields(self, tier: str) -> list[Field]:
        return [field for field in self._fields if field.tier == tier]

    def field(self, tier: str) -> Field | None:
        """The first field of a tier."""
        return next((field for field in self._fields if field.tier == tier), None)

    def _holds(self, pattern: re.Pattern[str], tiers: frozenset[str]) -> bool:
        known = self._context.get((pattern, tiers))
        if known is None:
            known = self._context[pattern, tiers] = pattern.search(self.low, *self.range(tiers)) is not None
        return known

    def supports(self, rule: Rule) -> bool:
        """Whether the other words that a rule needs are there, and none that speaks against it."""
        if rule.unless is not None and self._holds(rule.unless, _OPPOSING):
            return False
        return rule.needs is None or self._holds(rule.needs, _SUPPORTING)

    def places(self, anchors: Anchors, tiers: frozenset[str]) -> dict[str, list[int]]:
        """Where in these tiers each of the anchors that occur there begins."""
        known = self._places.get((anchors, tiers))
        if known is None:
            parts = _read_at_once(tiers)
            if len(parts) == 1:
                first, last = self.range(tiers)
                known = anchors.places(self._text[first:last], first) if last > first else {}
            else:
                known = {}
                for part in parts:
                    for anchor, found in self.places(anchors, part).items():
                        known[anchor] = known[anchor] + found if anchor in known else found
            self._places[anchors, tiers] = known
        return known

    def candidates(self, table: Table, tiers: frozenset[str]) -> list[Rule]:
        """The rules of a table that are worth trying in these tiers, in the table's order."""
        return table.worth_trying(self.places(table.anchors, tiers))

    def hits(self, rule: Rule, table: Table, tiers: frozenset[str]) -> list[Hit]:
        """The places in these tiers where a rule's words stand, or none where its supporting words are missing."""
        if rule.where.isdisjoint(tiers):
            return []
        found = []
        for window in self._worth_reading(rule, table, tiers):
            for match in rule.pattern.finditer(self.low, *window):
                start, end = match.span()
                while start < end and self.low[start] in _EDGES:
                    start += 1
                while start < end and self.low[end - 1] in _EDGES:
                    end -= 1
                field = self._fields[bisect_right(self._starts, start) - 1]
                # a pattern's first or last gap may lie between two fields, its words never do
                if start >= end or end > field.end or field.tier not in tiers or field.tier not in rule.where:
                    continue
                found.append(Hit(rule, self, field, start, end, min(CONFIDENCE[field.tier], rule.ceiling)))
                if len(found) >= _MOST_HITS:
                    break
        return found if found and self.supports(rule) else []

    def _worth_reading(self, rule: Rule, table: Table, tiers: frozenset[str]) -> list[tuple[int, int]]:
        first, last = self.range(tiers)
        if first == last:
            return []
        if not rule.anchors:
            return [(first, last)]
        places = self.places(table.anchors, tiers)
        own = [at for anchor in rule.anchors if anchor in places for at in places[anchor]]
        if own and last - first < _LONG:
            return [(first, last)]
        return windows(own, first, last)

    def sentence(self, field: Field, start: int, end: int) -> str:
        """The sentence around a place in lower case, at most some 300 characters either way."""
        known = self._sentences.get((start, end))
        if known is None:
            begin = max(field.start, start - _SENTENCE)
            before = _LAST_END.match(self.low, begin, start)
            stop = _SENTENCE_END.search(self.low, end, min(field.end, end + _SENTENCE))
            begin, until = before.end() if before else begin, stop.start() if stop else min(field.end, end + _SENTENCE)
            known = self._sentences[start, end] = self.low[begin:until]
        return known


def sentence_of(hit: Hit) -> str:
    return hit.reading.sentence(hit.field, hit.start, hit.end)


def is_own(hit: Hit) -> bool:
    """Whether running text tells of this study's cells, and not of such cells in general."""
    sentence = sentence_of(hit)
    return prose.OWN.search(sentence) is not None and not prose.GENERAL.search(sentence)


def is_of_people(hit: Hit) -> bool:
    """Whether a summary names the transplant as one that people have anyway: something else is given around it."""
    return hit.tier == "summary" and around.TAKES_PEOPLE.search(hit.lead) is not None


def is_for_graft(hit: Hit) -> bool:
    """Whether a summary names the transplant as what drugs make room for."""
    return hit.tier == "summary" and around.FOR_GRAFT.search(hit.lead) is not None


def takes_people(hit: Hit) -> bool:
    """Whether a summary says that this study takes people who have the transplant, and not because it failed them."""
    if (
        not (is_of_people(hit) or is_for_graft(hit))
        or not prose.OWN.search(sentence := sentence_of(hit))
        or around.RELAPSED.search(sentence)
    ):
        return False
    return not hit.reading.names(around.GRAFT_DISEASE)


def rank(hit: Hit) -> tuple[float, bool, int]:
    """Surest first; of equals what is stated before what is inferred, then the first."""
    return (-hit.confidence, hit.rule.ceiling < 1, hit.start)
