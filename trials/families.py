"""Proposes trial families: registrations of one protocol, which a chart should count once (MESEMS has an id for each country). Pure.

Two trials are proposed as one family when they share an id (a EudraCT number, a sponsor's protocol number), an acronym, or nearly the same
title, or when a publication reports them as one. They are kept apart, whatever their titles, when they are different steps: phases that do
not overlap (a phase 1 and a phase 2 of one product enrol different people, and are two trials of a programme, not one), a follow-up beside
the trial that it follows, numbered twins ("STUDY 1", "STUDY 2"), titles alike but for the drug. A shared id outweighs these signs, and the
link says so. Curators confirm or refuse; nothing here decides. Deterministic, whatever the order of the studies; near-linear, since only
studies that share a rare key are compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from trials.registry.records import Study

SIMILAR = 0.8
"""Share of two titles' words that must be common."""
FEWEST_WORDS = 7
"""A shorter title ("Mesenchymal Stem Cells for Multiple Sclerosis") names a field, not a protocol; it counts only with the same sponsor."""
MOST_IN_BLOCK = 40
"""A key that more studies share ("MSC" as an acronym) tells nothing."""
LONGEST_TITLE = 2_000
"""Letters of a title that are compared; the registry takes 600."""

_EUDRACT = re.compile(r"\b(?:19|20)\d{2}-\d{6}-\d{2}\b")
_NCT = re.compile(r"\bNCT\d{8}\b")
_WORD = re.compile(r"[a-z0-9]+")
_STOP = frozenset(
    "a an and as at by for from in into of on or the to with without when using via"
    " study trial clinical patients participants subjects".split()
)
_SAME = {
    "ms": "sclerosis", "multiple": "", "autologus": "autologous", "allogenic": "allogeneic", "hematopoetic": "hematopoietic",
    "haematopoietic": "hematopoietic", "cells": "cell", "transplantation": "transplant", "phase": "", "i": "1", "ii": "2", "iii": "3",
}  # fmt: skip
_FOLLOW_UP = re.compile(r"\b(?:follow[\s-]?up|long[\s-]?term|extension|rollover|roll-over|registry|continued access)\b", re.IGNORECASE)
_FUNDING = re.compile(r"grant|contract|fund|nih|ahrq", re.IGNORECASE)
_NOTHING_GIVEN = frozenset({"placebo", "sham", "saline", "control", "matching", "mg", "therapy", "treatment"})
_VAGUE = frozenset({"MS", "MSC", "MSCS", "HSCT", "AHSCT", "SCT", "STEM", "STEMCELL", "STEMCELLS", "RRMS", "SPMS", "PPMS", "NA", "NONE"})


@dataclass(frozen=True, slots=True)
class Programme:
    """Registrations that a publication reports as one study."""

    name: str
    nct_ids: tuple[str, ...]
    source: str


PUBLISHED = (
    Programme(
        "MESEMS",
        ("NCT01606215", "NCT01745783", "NCT01854957", "NCT02035514", "NCT02239393", "NCT02403947"),
        "Uccelli A, et al. Lancet Neurol 2021;20(11):917-929 (PIIS1474-4422(21)00301-X); protocol Trials 2019;20:263, table 3",
    ),
)
"""Programmes whose registrations share neither acronym nor ids; one line each, with the publication that says so."""


@dataclass(frozen=True, slots=True)
class Link:
    """Why two studies belong together. `reason`: `shared id`, `published together`, `same acronym`, `same title`, `like protocol number`.

    `quotes` are the words in the one and in the other; for `published together` the citation, twice.
    """

    nct_ids: tuple[str, str]
    reason: str
    quotes: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed family: its name (the acronym, else the shortest title), its members and every link between them, in order."""

    name: str
    nct_ids: tuple[str, ...]
    links: tuple[Link, ...]


_NOT_COMPARED = {
    "brief_summary": "", "detailed_description": "", "eligibility_criteria": "", "arms": (), "outcomes": (), "sites": (), "references": (),
}  # fmt: skip
"""Most of a study's size, let go as soon as it is read: all trials are held at once."""


def propose(studies: Iterable[Study], published: Sequence[Programme] = PUBLISHED) -> tuple[Proposal, ...]:
    """Propose families among the studies, each of two or more; a study is in one at most. Ordered by their first id."""
    known = {study.nct_id: replace(study, **_NOT_COMPARED) for study in studies}
    links: dict[tuple[str, str], Link] = {}
    for link in _links([known[nct_id] for nct_id in sorted(known)], published):
        links.setdefault(link.nct_ids, link)
    root = {nct_id: nct_id for pair in links for nct_id in pair}

    def find(nct_id: str) -> str:
        while root[nct_id] != nct_id:
            root[nct_id] = nct_id = root[root[nct_id]]
        return nct_id

    for first, second in sorted(links):
        one, other = sorted((find(first), find(second)))
        root[other] = one
    members = defaultdict(list)
    for nct_id in sorted(root):
        members[find(nct_id)].append(nct_id)
    inside = defaultdict(list)
    for pair in sorted(links):
        inside[find(pair[0])].append(links[pair])
    return tuple(Proposal(_name([known[each] for each in ids]), tuple(ids), tuple(inside[first])) for first, ids in sorted(members.items()))


def _name(studies: Sequence[Study]) -> str:
    """The commonest acronym, else the shortest title; ties go to the first."""
    acronyms = [study.acronym for study in studies if study.acronym]
    if acronyms:
        return max(dict.fromkeys(acronyms), key=acronyms.count)
    return min((study.brief_title for study in studies), key=len)


def _links(studies: Sequence[Study], published: Sequence[Programme]) -> Iterator[Link]:
    """Every link, the stronger reasons first."""
    yield from _pairs(studies, _ids, "shared id", lambda one, other: True)
    known = {study.nct_id for study in studies}
    for programme in published:
        present = sorted(known.intersection(programme.nct_ids))
        for other in present[1:]:
            yield Link((present[0], other), "published together", (programme.source, programme.source))
    yield from _pairs(studies, _acronyms, "same acronym", _same_step)
    yield from _similar_titles(studies)
    yield from _pairs(studies, _protocol, "like protocol number", lambda one, other: _alike(one, other) and _overlap(one, other) >= 0.4)


def _pairs(studies, keys_of, reason, allows) -> Iterator[Link]:
    """Links between the studies of each block: those that share a key. `keys_of` gives (key, quoted words) pairs of a study."""
    blocks = defaultdict(dict)
    for study in studies:
        for key, quote in keys_of(study):
            blocks[key].setdefault(study.nct_id, (study, quote))
    for key in sorted(blocks):
        block = list(blocks[key].values())
        if len(block) <= MOST_IN_BLOCK:
            for place, (one, quote) in enumerate(block):
                for other, other_quote in block[place + 1 :]:
                    if allows(one, other):
                        yield Link((one.nct_id, other.nct_id), reason, (quote, other_quote))


def _ids(study: Study) -> Iterator[tuple[str, str]]:
    """Ids that no other protocol has: EudraCT numbers, NCT ids, sponsors' numbers and other secondary ids, but no grant's."""
    yield study.nct_id, study.nct_id
    texts = [(study.org_study_id, ""), *((item.id, f"{item.type} {item.domain}") for item in study.secondary_ids)]
    for text, kind in texts:
        named = [*_EUDRACT.findall(text), *_NCT.findall(text)]
        for each in named:
            yield each, text
        bare = re.sub(r"[^A-Z0-9]", "", text.upper())
        if not named and not _FUNDING.search(kind) and len(bare) >= 8 and sum(map(str.isdigit, bare)) >= 3 and not bare.isdigit():
            yield f"id {bare}", text
    for alias in study.nct_id_aliases:
        yield alias, alias


def _acronyms(study: Study) -> Iterator[tuple[str, str]]:
    bare = re.sub(r"[^A-Z0-9]", "", study.acronym.upper())
    if len(bare) >= 4 and bare not in _VAGUE:
        yield bare, study.acronym


_COUNTRY = re.compile(r"[-/_ ](?:[A-Z]{2}|[A-Z]{3}|\d{1,2})$")


def _protocol(study: Study) -> Iterator[tuple[str, str]]:
    """A sponsor's number without the country at its end: MSC-MS-001-IL, MSC-MS-001-DE."""
    base = _COUNTRY.sub("", study.org_study_id.upper())
    for text in {base, study.org_study_id.upper()}:
        if len(text) >= 8 and any(map(str.isdigit, text)) and any(map(str.isalpha, text)):
            yield text, study.org_study_id


def _same_step(one: Study, other: Study) -> bool:
    """Neither a follow-up beside its trial nor another phase nor a numbered twin."""
    phases = set(one.phases) - {"NA"}, set(other.phases) - {"NA"}
    if all(phases) and not phases[0] & phases[1]:
        return False
    if bool(_FOLLOW_UP.search(_titles(one))) != bool(_FOLLOW_UP.search(_titles(other))):
        return False
    if one.study_type and other.study_type and one.study_type != other.study_type:
        return False
    return not _are_numbered_twins(one.acronym, other.acronym)


def _alike(one: Study, other: Study) -> bool:
    return _same_step(one, other) and _same_treatment(one, other)


def _same_treatment(one: Study, other: Study) -> bool:
    """Some word of what is given is common, or one of the records names nothing: sponsors reuse titles, with another drug in them."""
    given = [{word for item in study.interventions for word in _words(item.name)} - _NOTHING_GIVEN for study in (one, other)]
    return not all(given) or bool(given[0] & given[1])


def _titles(study: Study) -> str:
    return f"{study.brief_title} {study.official_title}"


_NUMBER_AT_END = re.compile(r"(?:\d{1,12}|I{1,3}|IV|V)$")


def _numbered(acronym: str) -> tuple[str, str]:
    """An acronym's name and the number at its end, "" where it has none."""
    name = acronym.upper()
    number = _NUMBER_AT_END.search(name)
    return (name[: number.start()].rstrip("- "), number.group()) if number else (name, "")


def _are_numbered_twins(one: str, other: str) -> bool:
    (name, number), (other_name, other_number) = _numbered(one), _numbered(other)
    return name == other_name and bool(number and other_number) and number != other_number


def _words(title: str) -> frozenset[str]:
    found = (_SAME.get(word, word) for word in _WORD.findall(title[:LONGEST_TITLE].lower()) if word not in _STOP)
    return frozenset(word for word in found if word)


def _overlap(one: Study, other: Study) -> float:
    """The share of common words, in the better of the two kinds of title."""
    pairs = ((_words(one.brief_title), _words(other.brief_title)), (_words(one.official_title), _words(other.official_title)))
    return max((len(a & b) / len(a | b) for a, b in pairs if a and b), default=0.0)


def _similar_titles(studies: Sequence[Study]) -> Iterator[Link]:
    """Titles of which SIMILAR of the words are common, found through their rarest words: two such titles must share one of these."""
    titles = [
        (study, title, _words(title)) for study in studies for title in dict.fromkeys((study.brief_title, study.official_title)) if title
    ]
    frequency = defaultdict(int)
    for _, _, words in titles:
        for word in words:
            frequency[word] += 1
    blocks = defaultdict(list)
    seen = set()
    for study, title, words in titles:
        rarest = sorted(words, key=lambda word: (frequency[word], word))
        rarest = rarest[: len(words) - int(SIMILAR * len(words)) + 1]
        for word in rarest:
            for other, other_title, other_words in blocks[word][-MOST_IN_BLOCK:]:
                pair = (other.nct_id, study.nct_id, other_title, title)
                if other.nct_id == study.nct_id or pair in seen:
                    continue
                seen.add(pair)
                same_sponsor = bool(study.lead_sponsor.name) and study.lead_sponsor.name == other.lead_sponsor.name
                long_enough = min(len(words), len(other_words)) >= FEWEST_WORDS or same_sponsor
                common = len(words & other_words) / len(words | other_words)
                if long_enough and common >= SIMILAR and _numbers(words) == _numbers(other_words) and _alike(study, other):
                    yield Link((other.nct_id, study.nct_id), "same title", (other_title, title))
        for word in rarest:
            blocks[word].append((study, title, words))


def _numbers(words: frozenset[str]) -> frozenset[str]:
    """Numbers in a title tell apart what its words do not: phases, doses, parts."""
    return frozenset(word for word in words if word.isdigit())
