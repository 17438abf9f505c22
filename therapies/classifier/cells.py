"""Whose cells they are, where they come from and how they are given: what is told of the cells that this study gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from therapies import rules
from therapies.classifier.anchors import DETAIL, Table
from therapies.classifier.approach import is_defined
from therapies.classifier.reading import PROSE, Hit, Reading, is_own, rank, sentence_of
from therapies.evidence import Finding
from therapies.rules import CLASSIFYING, NAMED, donors, hsct, ms, products, prose, regimens, sources

_GROUPS: Final = (NAMED, frozenset({"description"}), frozenset({"keyword"}), frozenset({"summary"}), frozenset({"detail"}))
"""Places in the order of belief: the first group that says anything is the one that is heard."""
_DONORS: Final = Table(DETAIL, (rule for rule in rules.DONOR_RULES if rule.id != "donor-graft-versus-host"))
_TRANSPLANT_DONORS: Final = Table(DETAIL, (rule for rule in rules.DONOR_RULES if rule.id not in ("donor-birth-tissue", "donor-harvested")))
_STATED_DONORS: Final = Table(DETAIL, (rule for rule in rules.DONOR_RULES if rule.ceiling == 1))
_DONOR_GROUPS: Final = (*_GROUPS, frozenset({"outcome"}))
_LINE_SOURCES: Final = Table(DETAIL, rules.SOURCE_RULES)
_SOURCES: Final = Table(DETAIL, (rule for rule in rules.SOURCE_RULES if rule.id not in sources.SOURCES_OF_LINES))
_GRAFT_SOURCES: Final = Table(DETAIL, (rule for rule in rules.SOURCE_RULES if rule.value in sources.SOURCES_OF_GRAFTS))
_TELLING: Final = (prose.PLANNED, prose.AIM, prose.MAKES_UP)
_DONORS_IN_CRITERIA: Final = tuple(rule for rule in rules.DONOR_RULES if rule.id in ("donor-autologous", "donor-allogeneic"))
_BY_CRITERIA: Final = 0.4
_BY_RULE: Final = {rule.id: rule for rule in rules.DONOR_RULES}
_SPOKEN_DONORS: Final = Table(
    DETAIL, (rule for rule in rules.DONOR_RULES if rule.id in ("donor-autologous", "donor-allogeneic", "donor-graft-versus-host"))
)
_NAMED_DONORS: Final = Table(DETAIL, [donors.DONOR_NAMED])
_RESCUES: Final = Table(DETAIL, [donors.RESCUE])
_SPOKEN_GROUPS: Final = (NAMED, frozenset({"summary"}), frozenset({"detail"}), frozenset({"outcome"}))
_ROUTES: Final = Table(DETAIL, rules.ROUTE_RULES)
_ROUTE_GROUPS: Final = (CLASSIFYING, frozenset({"keyword", "summary"}), frozenset({"detail"}))
"""A title may name one route and an arm's description another: they are heard together."""


def heard(
    reading: Reading,
    table: Table,
    about: re.Pattern[str] = prose.GIVEN_CELLS,
    groups: Iterable[frozenset[str]] = _GROUPS,
) -> list[Hit]:
    """The best hit of each value in the strongest group of places in which any rule of the table hits.

    In running text a sentence counts only if it speaks of cells (of what `about` finds), is no background and no general remark, and a
    text that names several values of a kind is passed over ("from bone marrow, fat or cord"), but for a transplant's donors, which may be
    compared, and the sources of its graft, which may be either.
    """
    for group in groups:
        told: dict[str, list[Hit]] = {}
        for rule in reading.candidates(table, group):
            for hit in reading.hits(rule, table, group):
                if _is_told(hit, about):
                    told.setdefault(rule.value, []).append(hit)
        if group <= PROSE and len(told) > 1 and not _may_be_several(table, told):
            continue
        best = [min(own, key=rank) for hits in told.values() if (own := _own(hits))]
        if best:
            return sorted(best, key=rank)
    return []


def _may_be_several(table: Table, told: dict[str, list[Hit]]) -> bool:
    """Whether running text means all the values that it names: donors that are compared, sources of a graft that one sentence names."""
    if table is _GRAFT_SOURCES and set.intersection(*({sentence_of(hit) for hit in hits} for hits in told.values())):
        return True
    return table in (_TRANSPLANT_DONORS, _GRAFT_SOURCES) and all(any(map(is_own, hits)) for hits in told.values())


def _own(hits: list[Hit]) -> list[Hit]:
    """The hits that tell of this study's cells, not of such cells in general."""
    return [hit for hit in hits if hit.tier not in PROSE or not prose.GENERAL.search(told := sentence_of(hit)) or prose.OWN.search(told)]


def _is_told(hit: Hit, about: re.Pattern[str]) -> bool:
    if hit.tier in NAMED or hit.tier == "keyword":
        return True
    sentence = sentence_of(hit)
    if prose.BACKGROUND.search(sentence):
        return False
    if hit.tier == "description":
        return hit.reading.describes_cells(hit.field)
    speaks = about.search(sentence) or hit.rule.id == donors.GRAFT_DISEASE or products.NAMES.search(sentence)
    return bool(speaks) and (hit.tier != "detail" or any(told.search(sentence) for told in _TELLING) or is_defined(hit, sentence))


def as_findings(hits: Iterable[Hit], ceiling: float = 1.0) -> tuple[Finding, ...]:
    return tuple(hit.finding(ceiling=ceiling) for hit in hits)


def donors_of(reading: Reading, approach: str, strongest: Hit) -> tuple[Finding, ...]:
    """Whose cells they are. What is inferred gives way to what is stated in as strong a place, else it stands beside it."""
    told = heard(reading, _TRANSPLANT_DONORS if approach == "hsct" else _DONORS, groups=_DONOR_GROUPS)
    if strongest.rule.id in hsct.CHANGED_CELLS and not any(hit.tier in NAMED for hit in told):
        return (Finding("donor", "autologous", strongest.rule.id, strongest.field.name, strongest.quote, min(strongest.confidence, 0.7)),)
    if approach == "hsct" and not told:
        if strongest.rule.id == hsct.MOBILISES and not reading.names(donors.OF_OTHERS):
            return as_findings([strongest._replace(rule=donors.MOBILISED)], ceiling=0.6)
        spoken = _donors_taken(reading) or _donors_spoken_of(reading)
        return spoken or as_findings(heard(reading, _RESCUES, groups=_DONOR_GROUPS)[:1], ceiling=0.6)
    if approach == "hsct" and _is_named_by_letters(reading, told):
        told = [hit._replace(rule=_BY_RULE["donor-allogeneic"]) for hit in told]
    if reading.evidence.interventions:  # which else say of what tissue the cells are
        told = [hit for hit in told if not (hit.rule.id == "donor-birth-tissue" and hit.tier in PROSE)]
    if all(hit.rule.ceiling < 1 for hit in told):
        stated = heard(reading, _STATED_DONORS, groups=_DONOR_GROUPS)
        if approach == "hsct" and not stated and all(hit.tier in PROSE for hit in told):
            taken = _donors_taken(reading)
            return (*taken, *as_findings(hit for hit in told if all(hit.rule.value != donor.value for donor in taken)))
        known = {hit.rule.value for hit in stated}
        if any(donors.OWN_BIRTH_TISSUE.search(sentence_of(hit)) for hit in stated):
            told = [hit for hit in told if hit.rule.id != "donor-birth-tissue"]
        return as_findings([*stated, *(hit for hit in told if hit.rule.value not in known)])
    if approach != "hsct" and len({hit.rule.value for hit in told if hit.tier in NAMED}) > 1 and reading.names(regimens.COMPARES):
        return as_findings(told)
    if approach == "hsct":
        told = [hit for hit in told if not hsct.NOT_THE_GRAFT.search(hit.trail)] or told
    return as_findings([hit for hit in told if hit.rule.ceiling == 1] or told)


def _is_named_by_letters(reading: Reading, told: list[Hit]) -> bool:
    """Whether nothing but ASCT tells of own cells, which the record spells out as another's: allogeneic stem cell transplantation."""
    return all(hit.quote.lower() == "asct" for hit in told) and donors.ASCT_OF_OTHERS.search(reading.low) is not None


def _donors_spoken_of(reading: Reading) -> tuple[Finding, ...]:
    """Whose graft it is by any words of the running text and the outcomes, where nothing says it of this study: for a curator to settle.

    Both are believed of a study that is open to both; else the one that is spoken of more.
    """
    found = _spoken_of(reading, _SPOKEN_DONORS) or _spoken_of(reading, _NAMED_DONORS)
    if len(found) > 1 and not any(donors.BOTH_KINDS.search(sentence_of(hit)) for hits in found.values() for hit in hits):
        most = max(map(len, found.values()))
        found = {value: hits for value, hits in found.items() if len(hits) == most}
    return as_findings((hits[0] for hits in found.values()), ceiling=_BY_CRITERIA)


def _spoken_of(reading: Reading, table: Table) -> dict[str, list[Hit]]:
    found: dict[str, list[Hit]] = {}
    for group in _SPOKEN_GROUPS:
        for rule in reading.candidates(table, group):
            for hit in reading.hits(rule, table, group):
                if not donors.NOT_NOW.search(hit.lead):
                    found.setdefault(rule.value, []).append(hit)
    return found


def _donors_taken(reading: Reading) -> tuple[Finding, ...]:
    """Whose graft it is by the inclusion criteria, where nothing else tells: for a curator to settle."""
    field = reading.field("criteria")
    if field is None:
        return ()
    excludes = ms.EXCLUDES.search(reading.low, field.start, field.end)
    until = excludes.start() if excludes else field.end
    found: dict[str, Finding] = {}
    for rule in _DONORS_IN_CRITERIA:
        for match in rule.pattern.finditer(reading.low, field.start, until):
            hit = Hit(rule, reading, field, match.start(), match.end(), _BY_CRITERIA)
            is_graft = donors.TRANSPLANTED.search(hit.trail[: until - match.end()])
            if rule.value not in found and is_graft and not donors.NOT_NOW.search(hit.lead):
                quote = reading.document[match.start() : match.end()].strip()
                found[rule.value] = Finding("donor", rule.value, rule.id, field.name, quote, _BY_CRITERIA)
    return tuple(found.values())


def sources_of(reading: Reading, approach: str, role: str) -> tuple[Finding, ...]:
    if role == "cell-line research":
        return as_findings(heard(reading, _LINE_SOURCES))
    return as_findings(heard(reading, _GRAFT_SOURCES if approach == "hsct" else _SOURCES))


def _is_way(hit: Hit, only: str | None) -> bool:
    """Whether a hit tells how the study's cells are given; `only` is the one thing that it gives."""
    sentence = sentence_of(hit)
    if prose.ROUTE_LINE.search(sentence):
        return True
    if not prose.GIVEN_CELLS.search(sentence) and not (only and only in sentence):
        return hit.tier == "description" and hit.reading.describes_cells(hit.field) and not prose.OTHER_DRUG.search(sentence)
    if hit.tier in PROSE and (prose.BACKGROUND.search(sentence) or prose.ELSEWHERE.search(sentence)):
        return False
    return hit.tier != "detail" or prose.PLANNED.search(sentence) is not None


def routes_of(reading: Reading, approach: str) -> tuple[Finding, ...]:
    """How the cells are given: told in a sentence about cells, or about the one thing that the study gives."""
    names = {name for name in reading.given if not prose.NOTHING.search(name)}
    only = names.pop() if len(names) == 1 and approach != "hsct" else None
    for group in _ROUTE_GROUPS:
        best: dict[str, Hit] = {}
        for rule in reading.candidates(_ROUTES, group):
            for hit in reading.hits(rule, _ROUTES, group):
                if _is_way(hit, only) and (rule.value not in best or rank(hit) < rank(best[rule.value])):
                    best[rule.value] = hit
        if best:
            return as_findings(sorted(best.values(), key=rank))
    return ()
