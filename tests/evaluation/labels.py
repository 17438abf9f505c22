"""What people read in the records: labels, and the split into development, held-out and unseen records.

A label says whether the study is in scope (stem cells for multiple sclerosis), each approach with its role, the therapies and donors, cell
sources and routes where the labeller read for them, and why. `settled` tells how two readings that differed were brought together; `review`
marks records that a curator must look at. Records on other diseases test the vocabulary: they are out of scope for their condition.
Sources and routes that no trial of MS uses (a joint, a bone, the eye) have no value of their own and are left out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec

SPLITS = ("development", "held-out", "unseen", "fresh", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
DRAWN = ("unseen", "fresh", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
"""Splits drawn from what nobody had read: their own files say who belongs to them."""
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Label:
    nct_id: str
    file: str  # the record file, without folder and ending: ms_2025, stem_cell_2022, mixed_v2
    in_scope: bool
    approaches: dict[str, str]  # slug -> role
    therapies: tuple[str, ...]
    donors: tuple[str, ...]
    why: str
    cell_sources: tuple[str, ...] | None = None  # None: nobody read for it
    routes: tuple[str, ...] | None = None
    review: bool = False
    settled: str = field(default="")


def _lines(split: str) -> tuple[Label, ...]:
    lines = (HERE / f"labels_{split.replace('-', '_')}.jsonl").read_bytes().splitlines()
    return tuple(msgspec.json.decode(line, type=Label) for line in lines)


@cache
def _drawn() -> dict[str, str]:
    return {label.nct_id: split for split in DRAWN for label in _lines(split)}


def split_of(nct_id: str) -> str:
    """That of the drawn split that holds the id; else by the id's hash."""
    return _drawn().get(nct_id) or by_hash(nct_id)


def by_hash(nct_id: str) -> str:
    """`held-out` for a quarter of all ids, `development` for the others."""
    digest = hashlib.sha256(nct_id.encode()).hexdigest()
    return "held-out" if int(digest, 16) % 4 == 0 else "development"


@cache
def read_labels(split: str) -> tuple[Label, ...]:
    """The labels of one of SPLITS or of `all`, in the order of ids. A label in the wrong file is an error."""
    if split == "all":
        return tuple(sorted((label for part in SPLITS for label in read_labels(part)), key=lambda label: label.nct_id))
    labels = _lines(split)
    misplaced = [label.nct_id for label in labels if split_of(label.nct_id) != split]
    if misplaced:
        raise ValueError(f"labels in the wrong file: {', '.join(misplaced)}")
    return labels
