"""What a curator's judgement rests on: the parts of a study that say what is done, as they read when it was judged. Pure.

They are kept with the judgement word for word, so that a later reader can be told what changed since. Contacts, places, dates and status
are no part of it: a trial that opens another hospital need not be judged again. Knows nothing of tables or pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from therapies.evidence import Evidence, Finding
from trials.changes import Change, plain

Basis = Mapping[str, list[str]]
"""By field, its texts; an empty list where the record stated nothing."""


def _one(text: str) -> list[str]:
    return [text] if text else []


def _joined(*parts: str) -> str:
    return ": ".join(part for part in parts if part)


SHOWN: dict[str, Callable[[Evidence], list[str]]] = {
    "brief_title": lambda evidence: _one(evidence.brief_title),
    "official_title": lambda evidence: _one(evidence.official_title),
    "study_type": lambda evidence: _one(evidence.study_type),
    "conditions": lambda evidence: list(evidence.conditions),
    "keywords": lambda evidence: list(evidence.keywords),
    "arms": lambda evidence: [_joined(arm.label, arm.description) for arm in evidence.arms],
    "interventions": lambda evidence: [
        _joined(item.name, ", ".join(item.other_names), item.description) for item in evidence.interventions
    ],
    "brief_summary": lambda evidence: _one(evidence.brief_summary),
}
"""What every judgement rests on; names are those of `trials.changes` where it has them."""

QUOTED: dict[str, Callable[[Evidence], list[str]]] = {
    "condition_meshes": lambda evidence: list(evidence.condition_meshes),
    "intervention_meshes": lambda evidence: list(evidence.intervention_meshes),
    "detailed_description": lambda evidence: _one(evidence.detailed_description),
    "eligibility_criteria": lambda evidence: _one(evidence.eligibility_criteria),
}
"""What it rests on only where the classifier quoted from there."""

READERS = SHOWN | QUOTED


def field_name(path: str) -> str:
    """The field in which a finding's words stand: `interventions` of `interventions[0].name`."""
    return re.match(r"\w*", path).group()


def basis_of(evidence: Evidence, findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Return what a judgement given now would rest on, with the classifier's findings beside the record."""
    quoted = {field_name(finding.field) for finding in findings}
    return {name: read(evidence) for name, read in READERS.items() if name in SHOWN or name in quoted}


def changes_since(basis: Basis, evidence: Evidence) -> tuple[Change, ...]:
    """The fields of a basis that read otherwise now; `()` where only white space, Markdown escapes or the order of a list differ."""
    found = []
    for name, texts in basis.items():
        if name not in READERS:
            continue
        before = {plain(text): text for text in texts}
        now = {plain(text): text for text in READERS[name](evidence)}
        if before.keys() != now.keys():
            old = tuple(text for key, text in before.items() if key not in now)
            found.append(Change(name, old, tuple(text for key, text in now.items() if key not in before)))
    return tuple(found)
