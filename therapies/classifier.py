"""What a study does with stem cells, told from its record by the rules in `therapies.rules`, with the words that say so.

`classify()` is pure and deterministic: the same Evidence gives the same Classification, and no file, clock or database is read. It owns how
hits become an answer (which field is believed, what a context takes back, which approach explains words better); what the words *are*
stands in `therapies.rules`. Every quote is the named field's text, verbatim.
"""

from __future__ import annotations

import hashlib
import re
import string
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache, cached_property
from typing import Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from therapies import rules
from therapies.evidence import SHOWN_AS_FACT, Classification, Evidence, Finding, Match
from therapies.rules import CLASSIFYING, CONFIDENCE, NAMED, Guard, Rule, cells, disease, hsct, ipsc, msc, prose, roles

_LEAD: Final = 110
"""Characters before and after a hit that a guard may read."""

_LONG: Final = 150  # characters from which a text is searched around its anchors only
_REACH: Final = 90  # characters either way of an anchor: more than any pattern spans in real text
_SUPPORTING: Final = CLASSIFYING | {"keyword", "summary"}
_OPPOSING: Final = CLASSIFYING | {"keyword"}
_SENTENCE: Final = 300
_NAME: Final = 5  # characters from which an intervention's name is no other word
_PART: Final = "\n" * 12
_PROSE: Final = frozenset({"summary", "detail"})
_EDGES: Final = string.whitespace + "\xa0.,;:/-–([_"
_MOST_MENTIONS: Final = 12
_MOST_HITS: Final = 8  # of one rule in one field: what comes after says the same again
_LISTED: Final = re.compile(r"[,，;+/()]|\band\b|\bplus\b|\bwith\b")
_SENTENCE_END: Final = re.compile(r"[.;!?\n](?:\s|$)|\n")
_LAST_END: Final = re.compile(r".*(?:[.;!?\n](?:\s|$)|\n)", re.DOTALL)
_EXCLUSION_HEADER: Final = re.compile(r"(?:exclusion|non-?inclusion)(?:\s{1,3}criteria)?|(?:must|should)\s{1,3}not\s{1,3}have")


def _digest() -> str:
    """A short digest of every rule and guard, so that VERSION cannot stay behind when one changes."""
    stated = hashlib.sha256()

    def say(value: object) -> None:
        if isinstance(value, re.Pattern):
            stated.update(value.pattern.encode())
        elif isinstance(value, frozenset):
            stated.update(repr(sorted(value)).encode())
        else:
            stated.update(repr(value).encode())
        stated.update(b"\0")

    for entry in (*rules.RULES.values(), *rules.GUARDS):
        for field in fields(entry):
            say(getattr(entry, field.name))
    for pattern in rules.PATTERNS.values():
        say(pattern)
    say(sorted(CONFIDENCE.items()))
    return stated.hexdigest()[:8]


VERSION: Final = f"{rules.EDITION}.{_digest()}"
"""Changes whenever an answer could: the edition is kept by hand, the digest covers every rule. Stored beside each classification."""


def _lower(text: str) -> str:
    """The text in lower case, of the same length: the few letters that grow when lowered stay as they are."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)


def _texts(evidence: Evidence) -> Iterator[tuple[str, str, str]]:
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


class _Field(NamedTuple):
    """One text of the record, and where it stands in the reading's document."""

    name: str
    tier: str
    start: int
    end: int


class _Hit(NamedTuple):
    rule: Rule
    reading: _Reading
    field: _Field
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
        return self.reading.low[max(self.field.start, self.start - _LEAD) : self.start]

    @property
    def trail(self) -> str:
        return self.reading.low[self.end : min(self.field.end, self.end + _LEAD)]

    def finding(self, rule: str | None = None, ceiling: float = 1.0) -> Finding:
        confidence = round(min(self.confidence, ceiling), 2)
        return Finding(self.rule.kind, self.rule.value, rule or self.rule.id, self.field.name, self.quote, confidence)


_IN_WORD: Final = frozenset(letter.encode() for letter in string.ascii_lowercase + string.digits)


class _Anchors:
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


_CONDITION: Final = _Anchors(disease.CONDITION_RULES)
_APPROACH: Final = _Anchors(rules.APPROACH_RULES)
_ROLE: Final = _Anchors(rules.ROLE_RULES)
_IPSC: Final = _Anchors(ipsc.IPSC_THERAPY_RULES)
_DETAIL: Final = _Anchors(
    rules.DONOR_RULES, rules.SOURCE_RULES, rules.ROUTE_RULES, msc.MSC_THERAPY_RULES, hsct.REGIMEN_RULES, hsct.REGIMEN_PAIRS
)


class _Table(NamedTuple):
    """Rules that are read together, in order."""

    anchors: _Anchors
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, anchors: _Anchors, table: Iterable[Rule]) -> _Table:
        return cls(anchors, tuple(table))


_ROLES: Final = _Table.of(_ROLE, rules.ROLE_RULES)


class _Reading:
    """One study's texts as one document, strongest tier first, so that a rule is searched once and not field by field.

    Fields are parted by more marks than any pattern's gap can bridge. What a search said is remembered.
    """

    def __init__(self, evidence: Evidence):
        self.evidence = evidence
        self._fields: list[_Field] = []
        self._bounds: dict[str, tuple[int, int]] = {}
        at = 0
        parts: list[str] = []
        for name, tier, text in _texts(evidence):
            if not text:
                continue
            end = at + len(text)
            self._fields.append(_Field(name, tier, at, end))
            self._bounds[tier] = (self._bounds[tier][0] if tier in self._bounds else at, end)
            parts.append(text)
            at = end + len(_PART)
        self.document = _PART.join(parts)
        self.low = _lower(self.document)
        self._starts = [field.start for field in self._fields]
        self._ranges: dict[frozenset[str], tuple[int, int]] = {}
        self._context: dict[tuple[re.Pattern[str], frozenset[str]], bool] = {}
        self._noted: dict[tuple[_Anchors, frozenset[str] | str], frozenset[str]] = {}
        self._windows: dict[tuple[int, int, frozenset[str]], list[tuple[int, int]]] = {}
        self._sentences: dict[tuple[int, int], str] = {}

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The interventions' names in lower case, each part of a list by itself, but for short ones."""
        parts = (part.strip() for item in self.evidence.interventions for part in _LISTED.split(_lower(item.name)))
        return tuple(part for part in parts if len(part) >= _NAME)

    @cached_property
    def names_cells(self) -> bool:
        """Whether an intervention or an arm is called cells."""
        evidence = self.evidence
        names = "\n".join((*(item.name for item in evidence.interventions), *(arm.label for arm in evidence.arms)))
        return prose.CELLS.search(_lower(names)) is not None

    def range(self, tiers: frozenset[str]) -> tuple[int, int]:
        """Where these tiers begin and end in the document; tiers between them are included."""
        known = self._ranges.get(tiers)
        if known is None:
            bounds = [self._bounds[tier] for tier in tiers if tier in self._bounds]
            known = self._ranges[tiers] = (min(bounds)[0], max(end for _, end in bounds)) if bounds else (0, 0)
        return known

    def describes_cells(self, field: _Field) -> bool:
        """Whether a description is of something that speaks of cells, or of the one thing that is given."""
        if len({name for name in self.given if not prose.NOTHING.search(name)}) <= 1:
            return True
        owner = field.name.removesuffix(".description")
        named = (at for at in self._fields if at.name in (f"{owner}.name", f"{owner}.label"))
        return any(prose.GIVEN_CELLS.search(self.low, at.start, at.end) for at in (*named, field))

    def field(self, tier: str) -> _Field | None:
        """The first field of a tier."""
        return next((field for field in self._fields if field.tier == tier), None)

    def _holds(self, pattern: re.Pattern[str], tiers: frozenset[str]) -> bool:
        known = self._context.get((pattern, tiers))
        if known is None:
            known = self._context[pattern, tiers] = pattern.search(self.low, *self.range(tiers)) is not None
        return known

    def supports(self, rule: Rule) -> bool:
        """Whether the other words that a rule needs are there, and none that speaks against it."""
        if rule.needs is not None and not self._holds(rule.needs, _SUPPORTING):
            return False
        return rule.unless is None or not self._holds(rule.unless, _OPPOSING)

    def anchors(self, anchors: _Anchors, tiers: frozenset[str]) -> frozenset[str]:
        """Which of the anchors occur in these tiers."""
        known = self._noted.get((anchors, tiers))
        if known is None:
            known = self._noted[anchors, tiers] = frozenset().union(
                *(self._in_tier(anchors, tier) for tier in tiers if tier in self._bounds)
            )
        return known

    def _in_tier(self, anchors: _Anchors, tier: str) -> frozenset[str]:
        known = self._noted.get((anchors, tier))
        if known is None:
            known = self._noted[anchors, tier] = anchors.found(self.low, *self._bounds[tier])
        return known

    def candidates(self, table: _Table, tiers: frozenset[str]) -> Iterator[Rule]:
        """The rules of a table of which an anchor occurs in these tiers, in the table's order."""
        anchors = self.anchors(table.anchors, tiers)
        return (rule for rule in table.rules if not rule.anchors or not anchors.isdisjoint(rule.anchors))

    def hits(self, rule: Rule, table: _Table, tiers: frozenset[str]) -> list[_Hit]:
        """The places in these tiers where a rule's words stand, or none where its supporting words are missing."""
        anchors = self.anchors(table.anchors, tiers).intersection(rule.anchors)
        if rule.anchors and not anchors:
            return []
        found = []
        for window in self._worth_reading(anchors, tiers):
            for match in rule.pattern.finditer(self.low, *window):
                start, end = match.span()
                quote = match.group()
                start += len(quote) - len(quote.lstrip(_EDGES))
                end -= len(quote) - len(quote.rstrip(_EDGES))
                field = self._fields[bisect_right(self._starts, start) - 1]
                # a pattern's first or last gap may lie between two fields, its words never do
                if start >= end or end > field.end or field.tier not in tiers or field.tier not in rule.where:
                    continue
                found.append(_Hit(rule, self, field, start, end, min(CONFIDENCE[field.tier], rule.ceiling)))
                if len(found) >= _MOST_HITS:
                    break
        return found if found and self.supports(rule) else []

    def _worth_reading(self, anchors: frozenset[str], tiers: frozenset[str]) -> list[tuple[int, int]]:
        first, last = self.range(tiers)
        if last - first < _LONG or not anchors:
            return [(first, last)] if last > first else []
        known = self._windows.get((first, last, anchors))
        if known is None:
            known = self._windows[first, last, anchors] = _windows(self.low, anchors, first, last)
        return known

    def sentence(self, field: _Field, start: int, end: int) -> str:
        """The sentence around a place in lower case, at most some 300 characters either way."""
        known = self._sentences.get((start, end))
        if known is None:
            begin = max(field.start, start - _SENTENCE)
            before = _LAST_END.match(self.low, begin, start)
            stop = _SENTENCE_END.search(self.low, end, min(field.end, end + _SENTENCE))
            begin, until = before.end() if before else begin, stop.start() if stop else min(field.end, end + _SENTENCE)
            known = self._sentences[start, end] = self.low[begin:until]
        return known


def _windows(low: str, anchors: Iterable[str], first: int, last: int) -> list[tuple[int, int]]:
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


def _sentence(hit: _Hit) -> str:
    return hit.reading.sentence(hit.field, hit.start, hit.end)


# ------------------------------------------------------------------------------------------------------------ the disease


def _condition(reading: _Reading) -> Finding | None:
    """Whether multiple sclerosis is studied, by the strongest place that names it."""
    evidence = reading.evidence
    places = [
        *((f"conditions[{n}]", "keyword", 0.95, text) for n, text in enumerate(evidence.conditions)),
        ("brief_title", "title", 0.9, evidence.brief_title),
        ("official_title", "title", 0.9, evidence.official_title),
        *((f"condition_meshes[{n}]", "keyword", 0.8, text) for n, text in enumerate(evidence.condition_meshes)),
        *((f"keywords[{n}]", "keyword", 0.6, text) for n, text in enumerate(evidence.keywords)),
    ]
    best: Finding | None = None
    for name, tier, confidence, text in places:
        if best is not None and best.confidence >= confidence:
            continue
        low = _lower(text)
        if not _CONDITION.occur(low, 0, len(low)):
            continue
        for rule in disease.CONDITION_RULES:
            if tier not in rule.where or not any(anchor in low for anchor in rule.anchors):
                continue
            found = rule.pattern.search(low)
            if not found or (tier == "title" and disease.TITLE_NEGATED.search(low[max(0, found.start() - _LEAD) : found.start()])):
                continue
            if not reading.supports(rule):
                continue
            stated = round(min(confidence, rule.ceiling), 2)
            if best is None or stated > best.confidence:
                value = "studied" if stated >= SHOWN_AS_FACT else "named"
                best = Finding("condition", value, rule.id, name, text[found.start() : found.end()].strip(), stated)
    return best or _condition_taken_in(reading)


def _condition_taken_in(reading: _Reading) -> Finding | None:
    """The disease in the inclusion criteria, or a group of diseases that may hold it: for a curator to settle."""
    evidence = reading.evidence
    by_name = disease.CONDITION_RULES[0]
    field = reading.field("criteria")
    if field is not None and "sclero" in (low := reading.low[field.start : field.end]):
        header = _EXCLUSION_HEADER.search(low)
        included = low[: header.start()] if header else low
        for found in by_name.pattern.finditer(included):
            if not disease.CONDITION_NEGATED.search(included[max(0, found.start() - _LEAD) : found.start()]):
                quote = evidence.eligibility_criteria[found.start() : found.end()].strip()
                return Finding("condition", "named", disease.IN_INCLUSION.id, field.name, quote, disease.IN_INCLUSION.ceiling)
    for name, text in (
        *((f"conditions[{n}]", text) for n, text in enumerate(evidence.conditions)),
        ("brief_title", evidence.brief_title),
        ("official_title", evidence.official_title),
    ):
        broad = disease.BROAD_UNVERIFIED.pattern.search(_lower(text))
        if not broad:
            continue
        in_summary = by_name.pattern.search(_lower(evidence.brief_summary))
        if in_summary:
            quote = evidence.brief_summary[in_summary.start() : in_summary.end()].strip()
            return Finding("condition", "named", disease.IN_BASKET_SUMMARY.id, "brief_summary", quote, disease.IN_BASKET_SUMMARY.ceiling)
        if not evidence.brief_summary and not evidence.eligibility_criteria:
            quote = text[broad.start() : broad.end()].strip()
            return Finding("condition", "named", disease.BROAD_UNVERIFIED.id, name, quote, disease.BROAD_UNVERIFIED.ceiling)
    return None


# ------------------------------------------------------------------------------------------------------------ approaches


def _guarded(hit: _Hit) -> Guard | None:
    """The context that takes a hit back, if one does."""
    lead, trail = hit.lead, hit.trail
    for guard in rules.GUARDS:
        if guard.approaches and hit.rule.value not in guard.approaches:
            continue
        if guard.tiers and hit.tier not in guard.tiers:
            continue
        if (guard.before is not None and guard.before.search(lead)) or (guard.after is not None and guard.after.search(trail)):
            return guard
    return None


def _is_use(hit: _Hit) -> bool:
    """Whether running text speaks of giving the cells in this study, not of what is known or done elsewhere."""
    tier = hit.tier
    if tier not in ("description", "summary", "detail"):
        return True
    sentence = _sentence(hit)
    if prose.BACKGROUND.search(sentence):
        return False
    if tier == "description":
        return True
    use = (prose.MAKING if hit.rule.value == "ipsc" else prose.USE).search(sentence) is not None
    if tier == "detail":
        use = use and prose.PLANNED.search(sentence) is not None
    return use or _is_defined(hit, sentence)


def _is_defined(hit: _Hit, sentence: str) -> bool:
    """Whether the sentence says that what is given in this study is these cells: "Product X is a suspension of ..."."""
    until = sentence.find(hit.quote.lower())
    for name in hit.reading.given:
        at = sentence.find(name, 0, until)
        if at >= 0:
            between = sentence[at + len(name) : until]
            if len(between) <= _LEAD and prose.DEFINES.search(between) and not prose.GIVES.search(between):
                return True
    return False


def _rank(hit: _Hit) -> tuple[float, bool, int]:
    """Surest first; of equals what is stated before what is inferred, then the first."""
    return (-hit.confidence, hit.rule.ceiling < 1, hit.start)


def _kind(rule: Rule) -> str:
    """What a rule's words name: an approach, in the fourth drawer one of its therapies."""
    return rules.OTHER_THERAPY.get(rule.id, rule.value)


_PLAIN: Final = tuple(rule for rule in rules.APPROACH_RULES if not rule.yields_to)
_YIELDING: Final = tuple(rule for rule in rules.APPROACH_RULES if rule.yields_to)
_ROUNDS: Final = (
    NAMED,
    frozenset({"description"}),
    frozenset({"keyword"}),
    frozenset({"summary"}),
    frozenset({"detail"}),
    frozenset({"outcome"}),
    frozenset({"criteria"}),
)
"""Where approaches are looked for. A later round is read only while nothing is certain: it could add only mentions."""

_BESIDE: Final = (
    frozenset({"description"}),
    _Table.of(_APPROACH, (rule for rule in rules.APPROACH_RULES if rule.where == frozenset({"description"}))),
)
"""What a description tells even where names are certain: a second kind of cells in the same syringe."""

_ROUND_RULES: Final = tuple(
    (tiers, _Table.of(_APPROACH, (rule for rule in (*_PLAIN, *_YIELDING) if rule.where & tiers))) for tiers in _ROUNDS
)


def _certain(accepted: dict[str, list[_Hit]]) -> set[str]:
    return {approach for approach, hits in accepted.items() if any(hit.confidence >= SHOWN_AS_FACT for hit in hits)}


def _approaches(reading: _Reading, is_about_ms: bool) -> tuple[dict[str, list[_Hit]], list[Finding]]:
    """The accepted hits of each approach, strongest first, and what was seen but does not count.

    Outcomes are read in studies of the disease only: elsewhere they tell of transplants that come later or came before.
    """
    accepted: dict[str, list[_Hit]] = defaultdict(list)
    mentions: list[tuple[_Hit, str]] = []
    taken_back: dict[str, float] = {}
    certain: set[str] = set()
    settled: set[str] = set()  # shown by an intervention's name; each rule of the fourth drawer is a therapy of its own
    for tiers, table in (_ROUND_RULES[0], _BESIDE, *_ROUND_RULES[1:]):
        if certain and table is not _BESIDE[1]:
            break
        if "outcome" in tiers and not is_about_ms:
            continue
        if not _APPROACH.occur(reading.low, *reading.range(tiers)):
            continue
        for rule in reading.candidates(table, tiers):
            if rule.value in settled or (rule.yields_to and rule.yields_to & certain):
                continue
            for hit in reading.hits(rule, table, tiers):
                if hit.tier == "criteria":
                    mentions.append((hit, rule.id))
                elif (guard := _guarded(hit)) is not None and guard.leaves:
                    hit = hit._replace(confidence=min(hit.confidence, guard.leaves))
                    accepted[rule.value].append(hit)
                elif guard is not None:
                    mentions.append((hit, guard.id))
                    if hit.tier in NAMED:
                        taken_back[_kind(rule)] = max(taken_back.get(_kind(rule), 0), CONFIDENCE[hit.tier])
                elif not _is_use(hit) or (rule.yields_to & accepted.keys() - {rule.value} and hit.confidence < SHOWN_AS_FACT):
                    mentions.append((hit, rule.id))
                else:
                    accepted[rule.value].append(hit)
                    if hit.confidence >= SHOWN_AS_FACT:
                        certain.add(rule.value)
                        if hit.tier == "intervention" and rule.value != "other":
                            settled.add(rule.value)

    kept = _weigh(accepted, taken_back)
    if not is_about_ms:
        kept = {approach: hits for approach, hits in kept.items() if _is_given(reading, approach, hits, accepted)}
    kept_hits = {id(hit) for hits in kept.values() for hit in hits}
    mentions.extend((hit, hit.rule.id) for hits in accepted.values() for hit in hits if id(hit) not in kept_hits)
    seen: dict[tuple[str, str, str], Finding] = {}
    for hit, why in sorted(mentions, key=lambda item: (item[0].start, item[1])):
        seen.setdefault((hit.rule.value, hit.field.name, hit.quote.lower()), hit.finding(rule=why, ceiling=0.1))
    return kept, list(seen.values())[:_MOST_MENTIONS]


def _is_given(reading: _Reading, approach: str, hits: list[_Hit], accepted: Mapping[str, list[_Hit]]) -> bool:
    """Whether a study of another disease gives the cells that it names: it may only look at those of its people.

    A transplant that only running text tells of is one that people have anyway. Of a study of multiple sclerosis a curator decides.
    """
    evidence = reading.evidence
    tiers = {hit.tier for hit in hits}
    if tiers == {"keyword"}:
        kinds = {item.type for item in evidence.interventions}
        names = _lower("\n".join(item.name for item in evidence.interventions))
        unnamed = any(hit.tier in CLASSIFYING for found in accepted.values() for hit in found)
        return unnamed or reading.names_cells or bool(kinds & roles.PRODUCTS and not roles.TISSUES.search(names))
    if approach == "hsct":
        return bool(tiers & CLASSIFYING)
    if approach not in ("msc", "other") or tiers & {"intervention", "arm", "description"} or "title" not in tiers:
        return True
    if roles.TREATS.search(_lower(f"{evidence.brief_title}\n{evidence.official_title}")) or hits[0].rule.id == "other-cell-free":
        return True
    if evidence.primary_purpose in roles.LOOKS:
        return False
    if evidence.interventions:
        return not all(item.type in roles.CARE or roles.TAKES.search(_lower(item.name)) for item in evidence.interventions)
    return not reading.hits(roles.ROLE_LABORATORY, _ROLES, NAMED)


def _weigh(accepted: dict[str, list[_Hit]], taken_back: dict[str, float]) -> dict[str, list[_Hit]]:
    """The approaches that stand beside each other, each with its hits, strongest first.

    An approach falls where a context took its words back in a stronger place than the one that is left (`taken_back` holds that place's
    confidence); where its words yield to an approach that is surer; and where another is certain and it is named only in passing.
    """
    best = {approach: max(hit.confidence for hit in hits) for approach, hits in accepted.items() if hits}
    certain = _certain(accepted)
    kept: dict[str, list[_Hit]] = {}
    for approach in rules.APPROACHES:
        hits = [
            hit
            for hit in sorted(accepted.get(approach, ()), key=_rank)
            if not any(best[other] > hit.confidence for other in hit.rule.yields_to & best.keys())
        ]
        if all(CONFIDENCE[hit.tier] < taken_back.get(_kind(hit.rule), 0) for hit in hits):
            continue
        if certain and approach not in certain and not any(hit.tier in NAMED for hit in hits):
            continue
        kept[approach] = hits
    if len(kept) > 1 and not certain:
        most = max(hits[0].confidence for hits in kept.values())
        kept = {approach: hits for approach, hits in kept.items() if hits[0].confidence == most}
    return kept


# ------------------------------------------------------------------------------------------------------------ roles


def _role(reading: _Reading, approach: str, hits: list[_Hit]) -> Finding:
    """What the study does with the approach. Asked in the order of `rules.ROLE_RULES`; treatment where nothing says otherwise."""
    evidence = reading.evidence
    strongest = hits[0]
    in_names = [hit for hit in hits if hit.tier in ("intervention", "arm")]
    in_titles = [hit for hit in hits if hit.tier == "title"]

    def state(rule: Rule, field: str, quote: str, confidence: float = 0.9) -> Finding:
        return Finding("role", rule.value, rule.id, field, quote, round(min(confidence, rule.ceiling, max(strongest.confidence, 0.3)), 2))

    treats = roles.TREATS.search(_lower(f"{evidence.brief_title}\n{evidence.official_title}")) is not None
    if approach == "ipsc" or (approach == "other" and strongest.rule.id == "other-cell-free"):
        if evidence.study_type == "OBSERVATIONAL" and (approach == "ipsc" or not treats):
            return state(roles.ROLE_LINES, "study_type", "OBSERVATIONAL", 0.9 if approach == "ipsc" else 0.6)
        if not in_names:
            for hit in reading.hits(roles.ROLE_LINES, _ROLES, NAMED):
                return state(roles.ROLE_LINES, hit.field.name, hit.quote, 0.85)

    if evidence.study_type == "EXPANDED_ACCESS":
        return state(roles.ROLE_EXPANDED_ACCESS, "study_type", "EXPANDED_ACCESS")
    if evidence.study_type == "OBSERVATIONAL":
        for hit in reading.hits(roles.ROLE_LABORATORY, _ROLES, NAMED) if not treats else ():
            return state(roles.ROLE_LABORATORY, hit.field.name, hit.quote, 0.7)
        return state(roles.ROLE_OBSERVATIONAL, "study_type", "OBSERVATIONAL")

    if (
        not in_names
        and evidence.interventions
        and all(roles.ROLE_CARE.pattern.search(_lower(item.type)) for item in evidence.interventions)
    ):
        return state(roles.ROLE_CARE, "interventions[0].type", evidence.interventions[0].type, 0.75)

    if strongest.tier == "outcome" and evidence.interventions:
        return state(roles.ROLE_OUTCOME, strongest.field.name, strongest.quote)

    comparator = _comparator_arm(reading, approach, in_titles)
    if comparator is not None:
        return state(roles.ROLE_COMPARATOR_ARM, *comparator)

    conditioning = hsct.CONDITIONING.search(reading.low, *reading.range(frozenset({"intervention"}))) is not None
    follow_up = next(
        (
            hit
            for hit in reading.hits(roles.ROLE_FOLLOW_UP, _ROLES, roles.ROLE_FOLLOW_UP.where)
            if not roles.ROLE_FOLLOW_UP_BOTH.search(reading.low, hit.field.start, hit.field.end)
            and not (conditioning and approach == "hsct")
        ),
        None,
    )
    is_given = in_names or (strongest.tier == "description" and evidence.interventions)
    if follow_up is not None and (not is_given or "follow" in follow_up.quote.lower() or "extension" in follow_up.quote.lower()):
        return state(roles.ROLE_FOLLOW_UP, follow_up.field.name, follow_up.quote, 0.8)

    if not in_names and not conditioning:
        for hit in in_titles:
            versus = roles.ROLE_COMPARATOR_TITLE.pattern.search(hit.lead)
            if versus and not roles.USUAL_CARE.search(hit.lead, 0, versus.start()):
                return state(roles.ROLE_COMPARATOR_TITLE, hit.field.name, _words(hit, versus), 0.75)
            around = roles.ROLE_SUPPORTIVE.pattern.search(hit.lead)
            if around and evidence.interventions:
                if evidence.primary_purpose in ("DIAGNOSTIC", "BASIC_SCIENCE", "SCREENING"):
                    return state(roles.ROLE_DIAGNOSTIC, "primary_purpose", evidence.primary_purpose)
                return state(roles.ROLE_SUPPORTIVE, hit.field.name, _words(hit, around), 0.8)
        if in_titles and evidence.interventions:
            if evidence.primary_purpose in ("SUPPORTIVE_CARE", "PREVENTION"):
                return state(roles.ROLE_SUPPORTIVE_PURPOSE, "primary_purpose", evidence.primary_purpose)
            if evidence.primary_purpose in ("DIAGNOSTIC", "BASIC_SCIENCE", "SCREENING"):
                return state(roles.ROLE_DIAGNOSTIC, "primary_purpose", evidence.primary_purpose)
    return state(roles.ROLE_TREATMENT, strongest.field.name, strongest.quote, 0.95)


def _words(hit: _Hit, found: re.Match[str]) -> str:
    """What a pattern found in the words that lead up to a hit, as the field has it."""
    offset = hit.start - len(hit.lead)
    return hit.reading.document[offset + found.start() : offset + found.end()].strip()


def _comparator_arm(reading: _Reading, approach: str, in_titles: list[_Hit]) -> tuple[str, str, float] | None:
    """The arm that shows the approach to be only what another treatment is compared with: (field, quote, confidence), or None."""
    arms = reading.evidence.arms
    if not {"EXPERIMENTAL", "ACTIVE_COMPARATOR"} <= {arm.type for arm in arms}:
        return None
    rows = [rule for rule in rules.APPROACH_RULES if rule.value == approach]
    holding: list[int] = []
    for number, arm in enumerate(arms):
        text = _lower(" | ".join((arm.label, arm.description, *arm.intervention_names)))
        anchors = _APPROACH.found(text, 0, len(text))
        if any(not anchors.isdisjoint(rule.anchors) and rule.pattern.search(text) and reading.supports(rule) for rule in rows):
            holding.append(number)
    if not holding or any(arms[number].type == "EXPERIMENTAL" for number in holding):
        return None
    first = arms[holding[0]]
    if first.type != "ACTIVE_COMPARATOR" or not first.label:
        return None
    subject = any(not roles.ROLE_COMPARATOR_TITLE.pattern.search(hit.lead) for hit in in_titles)
    return f"arms[{holding[0]}].label", first.label, 0.6 if subject else 0.8


# ------------------------------------------------------------------------------------------------------------ details

_GROUPS: Final = (NAMED, frozenset({"description"}), frozenset({"keyword"}), frozenset({"summary"}), frozenset({"detail"}))
"""Places in the order of belief: the first group that says anything is the one that is heard."""


_DONORS: Final = _Table.of(_DETAIL, (rule for rule in rules.DONOR_RULES if rule.id != "donor-graft-versus-host"))
_TRANSPLANT_DONORS: Final = _Table.of(_DETAIL, (rule for rule in rules.DONOR_RULES if rule.id != "donor-birth-tissue"))
_LINE_SOURCES: Final = _Table.of(_DETAIL, rules.SOURCE_RULES)
_SOURCES: Final = _Table.of(_DETAIL, (rule for rule in rules.SOURCE_RULES if rule.value not in cells.SOURCES_OF_LINES))
_GRAFT_SOURCES: Final = _Table.of(_DETAIL, (rule for rule in rules.SOURCE_RULES if rule.value in cells.SOURCES_OF_GRAFTS))
_ROUTES: Final = _Table.of(_DETAIL, rules.ROUTE_RULES)
_MSC_THERAPIES: Final = _Table.of(_DETAIL, msc.MSC_THERAPY_RULES)
_IPSC_THERAPIES: Final = _Table.of(_IPSC, ipsc.IPSC_THERAPY_RULES)
_REGIMENS: Final = _Table.of(_DETAIL, hsct.REGIMEN_RULES)
_REGIMEN_PAIRS: Final = tuple(_Table.of(_DETAIL, (rule,)) for rule in hsct.REGIMEN_PAIRS)


def _told(
    reading: _Reading,
    table: _Table,
    about: re.Pattern[str] = prose.GIVEN_CELLS,
    groups: Iterable[frozenset[str]] = _GROUPS,
) -> list[_Hit]:
    """The best hit of each value in the strongest group of places in which any rule of the table hits.

    In running text a sentence counts only if it speaks of cells (of what `about` finds), is no background and no general remark, and a
    text that names several values of a kind is passed over ("from bone marrow, fat or cord").
    """
    for group in groups:
        told: dict[str, list[_Hit]] = {}
        for rule in reading.candidates(table, group):
            for hit in reading.hits(rule, table, group):
                if _is_told(hit, about):
                    told.setdefault(rule.value, []).append(hit)
        if group <= _PROSE and len(told) > 1:
            continue
        best = [min(own, key=_rank) for hits in told.values() if (own := _own(hits))]
        if best:
            return sorted(best, key=_rank)
    return []


def _own(hits: list[_Hit]) -> list[_Hit]:
    """The hits that tell of this study's cells, not of such cells in general."""
    return [hit for hit in hits if hit.tier not in _PROSE or not prose.GENERAL.search(told := _sentence(hit)) or prose.OWN.search(told)]


def _is_told(hit: _Hit, about: re.Pattern[str]) -> bool:
    if hit.tier in NAMED or hit.tier == "keyword":
        return True
    sentence = _sentence(hit)
    if prose.BACKGROUND.search(sentence):
        return False
    if hit.tier == "description":
        return hit.reading.describes_cells(hit.field)
    return about.search(sentence) is not None and (
        hit.tier != "detail" or prose.PLANNED.search(sentence) is not None or _is_defined(hit, sentence)
    )


def _findings(hits: Iterable[_Hit], ceiling: float = 1.0) -> tuple[Finding, ...]:
    return tuple(hit.finding(ceiling=ceiling) for hit in hits)


def _donors(reading: _Reading, approach: str, strongest: _Hit) -> tuple[Finding, ...]:
    """Whose cells they are. What is inferred gives way to what is stated in as strong a place."""
    groups = (*_GROUPS, frozenset({"outcome"})) if strongest.tier == "outcome" else _GROUPS
    told = _told(reading, _TRANSPLANT_DONORS if approach == "hsct" else _DONORS, groups=groups)
    if approach == "hsct":
        told = [hit for hit in told if not hsct.NOT_THE_GRAFT.search(hit.trail)] or told
    return _findings([hit for hit in told if hit.rule.ceiling == 1] or told)


def _sources(reading: _Reading, approach: str, role: str) -> tuple[Finding, ...]:
    if role == "cell-line research":
        return _findings(_told(reading, _LINE_SOURCES))
    return _findings(_told(reading, _GRAFT_SOURCES if approach == "hsct" else _SOURCES))


_ROUTE_GROUPS: Final = (CLASSIFYING, frozenset({"keyword", "summary"}), frozenset({"detail"}))
"""A title may name one route and an arm's description another: they are heard together."""


def _is_way(hit: _Hit, only: str | None) -> bool:
    """Whether a hit tells how the study's cells are given; `only` is the one thing that it gives."""
    sentence = _sentence(hit)
    if prose.ROUTE_LINE.search(sentence):
        return True
    if not prose.GIVEN_CELLS.search(sentence) and not (only and only in sentence):
        return False
    if hit.tier in _PROSE and (prose.BACKGROUND.search(sentence) or prose.ELSEWHERE.search(sentence)):
        return False
    return hit.tier != "detail" or prose.PLANNED.search(sentence) is not None


def _routes(reading: _Reading, approach: str) -> tuple[Finding, ...]:
    """How the cells are given: told in a sentence about cells, or about the one thing that the study gives."""
    names = {name for name in reading.given if not prose.NOTHING.search(name)}
    only = names.pop() if len(names) == 1 and approach != "hsct" else None
    for group in _ROUTE_GROUPS:
        best: dict[str, _Hit] = {}
        for rule in reading.candidates(_ROUTES, group):
            for hit in reading.hits(rule, _ROUTES, group):
                if _is_way(hit, only) and (rule.value not in best or _rank(hit) < _rank(best[rule.value])):
                    best[rule.value] = hit
        if best:
            return _findings(sorted(best.values(), key=_rank))
    return ()


def _therapies(reading: _Reading, approach: str, role: str, hits: list[_Hit], donors: tuple[Finding, ...]) -> tuple[Finding, ...]:
    strongest = hits[0]
    stated: list[Finding] = []
    if approach == "hsct":
        stated = _transplant_therapies(reading, donors)
    elif approach == "msc":
        told = _told(reading, _MSC_THERAPIES)
        special = [hit for hit in told if hit.rule.id in ("msc-np", "msc-ntf", "esc-msc")]
        stated = list(_findings(special or told))
    elif approach == "ipsc" and role == "cell-line research":
        stated = [_as_therapy(strongest, "ipsc-lines")]
    elif approach == "ipsc":
        stated = list(_findings(_told(reading, _IPSC_THERAPIES)))
        kinds = [finding for finding in stated if finding.value in ("ipsc-msc", "ipsc-immune")]
        stated = kinds or stated
    else:
        leading = [hit for hit in hits if hit.confidence >= SHOWN_AS_FACT] or hits[:1]
        for hit in leading:
            finding = _as_therapy(hit, rules.OTHER_THERAPY[hit.rule.id])
            if all(finding.value != other.value for other in stated):
                stated.append(finding)
    if stated:
        return tuple(stated)
    default = rules.DEFAULT_THERAPY[approach]
    known = approach == "msc" or (approach == "hsct" and any(donor.value == "autologous" for donor in donors))
    return (_as_therapy(strongest, default, 1.0 if known else 0.6),)


def _as_therapy(hit: _Hit, slug: str, ceiling: float = 1.0) -> Finding:
    return Finding("therapy", slug, hit.rule.id, hit.field.name, hit.quote, round(min(hit.confidence, ceiling), 2))


def _transplant_therapies(reading: _Reading, donors: tuple[Finding, ...]) -> list[Finding]:
    """The conditioning regimens of an autologous transplant, and the allogeneic one."""
    kinds = {donor.value: donor for donor in donors}
    stated: list[Finding] = []
    if "allogeneic" in kinds:
        donor = kinds["allogeneic"]
        stated.append(Finding("therapy", "allo-hsct", hsct.ALLO_RULE.id, donor.field, donor.quote, donor.confidence))
        if "autologous" not in kinds:
            return stated
    told = _told(reading, _REGIMENS, prose.CONDITIONED)
    told = [hit for hit in told if not (hit.rule.id.endswith("-together") and _is_part_of_another(hit, told))]
    if not told or reading.evidence.study_type == "OBSERVATIONAL":  # a register lists the drugs of all its regimens
        for pair in _REGIMEN_PAIRS:
            if apart := _told(reading, pair, prose.CONDITIONED):
                told = [*told, *apart]
                break
    regimens = list(_findings(told))
    if stated and not regimens:
        donor = kinds["autologous"]
        regimens = [Finding("therapy", "ahsct", donor.rule, donor.field, donor.quote, donor.confidence)]
    return regimens + stated


def _is_part_of_another(hit: _Hit, others: list[_Hit]) -> bool:
    """Whether a pair of drugs only continues the list of drugs of a regimen that is named too."""
    apart = any(not other.rule.id.endswith("-together") for other in others)
    return apart and not hsct.COMPARES.search(hit.reading.low, hit.field.start, hit.field.end)


# ------------------------------------------------------------------------------------------------------------ the answer


def classify(evidence: Evidence) -> Classification:
    """Say what a study does with stem cells and whether multiple sclerosis is what it studies.

    Any text is answered, in time linear in its length. Matches come in the order hsct, msc, ipsc, other. A match is made whatever the
    condition, so that a neighbouring disease can be explained; `Classification.in_scope` asks for both.
    """
    reading = _Reading(evidence)
    condition = _condition(reading)
    accepted, mentions = _approaches(reading, condition is not None)
    matches = []
    for approach, hits in accepted.items():
        role = _role(reading, approach, hits)
        donors = _donors(reading, approach, hits[0])
        matches.append(
            Match(
                approach=hits[0].finding(),
                role=role,
                therapies=_therapies(reading, approach, role.value, hits, donors),
                donors=donors,
                cell_sources=_sources(reading, approach, role.value),
                routes=_routes(reading, approach),
            )
        )
    return Classification(condition, tuple(matches), tuple(mentions))
