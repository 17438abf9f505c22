"""What a rule and a guard are, the notation of their patterns, and how far words are trusted by where they stand.

Patterns are written as plain phrases and read by `phrase()`: a space stands for any short run of spaces, hyphens, slashes or other marks,
so "stem cell" also finds "Stem-Cell", "stem/cell" and "stemcell". Every repetition in a pattern is bounded (a test reads the compiled
patterns and holds this), so the work done grows linearly with the length of a text, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from therapies.evidence import Kind

Tier = Literal["intervention", "arm", "description", "title", "keyword", "summary", "detail", "outcome", "criteria"]

CONFIDENCE: Final[Mapping[Tier, float]] = MappingProxyType(
    {
        "intervention": 0.95,  # intervention names and other names
        "title": 0.9,
        "arm": 0.85,  # arm labels
        "description": 0.8,  # what the record says of an arm or an intervention
        "keyword": 0.6,  # keywords, MeSH terms, and treatments listed among the conditions
        "summary": 0.5,
        "detail": 0.4,
        "outcome": 0.4,  # what is measured; tells of a transplant that the record's names leave out
        "criteria": 0.1,
    }
)
"""How far words can be trusted by where they stand. 0.7 and more is shown as fact, 0.4 to 0.69 goes to review, less is a mention."""

NAMED: Final = frozenset({"intervention", "arm", "title"})
CLASSIFYING: Final = NAMED | {"description"}
REVIEWED: Final = CLASSIFYING | {"keyword", "summary", "detail"}
LISTED: Final = CLASSIFYING | {"keyword", "summary"}
SPELLED_OUT: Final = REVIEWED | {"outcome", "criteria"}
"""Approaches that are named in full are looked for in running text and criteria too; names of products and abbreviations are not."""

_GAP = r"(?:[^\w]|_){0,3}"
START = r"(?<![a-z0-9])"
_FRAGMENTS = {
    "<w>": r"(?:[^\W_]{1,24}(?:[^\w]|_){1,4})",  # one word and what parts it from the next
    "<haem>": r"h(?:a|æ|ä)?e?m[ao]?t?[ao]?p[oi]{1,2}[ieyï]{1,3}(?:tic(?:al)?|sis|c)",  # haematopoietic, hemopoietic, hematopoetic, hematopoiesis
    "<cord>": r"u[mn]b[eil]{1,4}c[ae]l",  # umbilical, umblical, unbilical
    "<mes>": r"mes[ae]n[cq]u?h?[iy]m\w{0,6}",  # mesenchymal, mesencymal, mesenquimal
    "<stem>": r"(?:stem|stromal?|signal?ling|progenitor|precursor)",
    "<cell>": r"(?:cells?|cellular)",
    "<give>": r"(?:auto|allo)?(?:transplant\w{0,8}|grafts?|grafting|engraft\w{0,5}|rescue|re ?infus\w{0,4}|infus\w{0,4}|support)",
    "<auto>": r"autolog\w{0,6}",
    "<allo>": r"(?:alo|allo)gen\w{0,6}",
    "<cy>": r"(?:cyclophosph?amide|cytoxan|endoxan|<s>cyc?<e>|<s>ctx<e>)",
    "<atg>": r"(?:r?atg<e>|atgam|(?:rabbit )?anti ?thymocyte|thymoglobulin|anti ?lymphocyt|grafalon)",
    "<s>": START,
    "<e>": r"(?![a-z0-9])",
}


NOT_A_GRAFT = (
    r"(?! (?:<w>){0,2}(?:wrap|scaffold|matri\w{1,3}(?! derived)|patch|dressing|graft|membrane(?! (?:derived|<mes>|stem|strom|cells?|MSC))))"
)
"""After a birth tissue: it is put on as it is, and is not where cells come from."""
NOT_OF_MARROW = r"(?! (?:or <mes>|cells?<e>(?! derived)|(?:derived )?(?:mono ?nuclear|MNCs?)|transplant|failure|suppress|aplasia|o?edema|lesion|biops|disease|function|recover))"
"""After the marrow: unsorted cells of it, or what else befalls it."""


def phrase(*sources: str) -> re.Pattern[str]:
    """Compile alternatives written in the notation above, to be searched in lower-cased text; <...> stand for the fragments listed there.

    A phrase starts where a word starts, unless one of them begins with ^. Capitals are for the reader. Both make the search several times
    faster: most places in a text are ruled out at the first look.
    """
    alternatives = []
    for source in sources:
        text = source
        for name, fragment in _FRAGMENTS.items():
            text = text.replace(name, fragment)
        text = re.sub(r"(?<!\\)[A-Z]", lambda letter: letter.group().lower(), text)
        alternatives.append(text.replace(" ", _GAP).removeprefix(START))
    start = "" if any(text.startswith("^") for text in alternatives) else START
    return re.compile(start + "(?:" + "|".join(alternatives) + ")")


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that words say of a study.

    `anchors`: lower-case pieces of which at least one must occur in a text for the pattern to be tried there (they only save time); one
    that begins with = stands for a whole word.
    `where`: the tiers in which it may match. `ceiling`: the most confidence it can give. `needs` and `unless`: words that must, or must not,
    stand anywhere in the names, titles, descriptions, keywords and summary. `yields_to`: approaches that, if the study's names or titles
    already show them, explain the words better. `says` completes the sentence "This study ...".
    """

    id: str
    kind: Kind
    value: str
    says: str
    pattern: re.Pattern[str]
    anchors: tuple[str, ...]
    reason: str
    examples: tuple[str, ...] = ()
    where: frozenset[str] = REVIEWED
    ceiling: float = 1.0
    needs: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    yields_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Guard:
    """A context that takes a hit back: `before` is searched in the words that lead up to it, `after` in those that follow.

    `approaches` and `tiers` say whose hits; empty means all. `leaves` is the confidence that the hit keeps: 0 takes it back altogether.
    """

    id: str
    says: str
    reason: str
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    approaches: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    leaves: float = 0.0
    examples: tuple[str, ...] = ()
