"""Whether multiple sclerosis is what a study is about."""

from __future__ import annotations

import re
from typing import Final

from therapies.classifier.anchors import CONDITION, readable, windows
from therapies.classifier.reading import LEAD, Reading, lower
from therapies.evidence import SHOWN_AS_FACT, Finding
from therapies.rules import ms

_CRITERIA: Final = frozenset({"criteria"})


def condition_of(reading: Reading) -> Finding | None:
    """Whether multiple sclerosis is studied, by the strongest place that names it."""
    evidence = reading.evidence
    titled = lower("\n".join((*evidence.conditions, evidence.brief_title, evidence.official_title)))
    others = lower("\n".join((*evidence.condition_meshes, *evidence.keywords)))
    if not CONDITION.places(readable(f"{titled}\n{others}")):
        return _condition_taken_in(reading, titled)
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
        low = lower(text)
        if not CONDITION.places(readable(low)):
            continue
        for rule in ms.CONDITION_RULES:
            if tier not in rule.where or not any(anchor in low for anchor in rule.anchors):
                continue
            found = rule.pattern.search(low)
            if not found or (tier == "title" and ms.TITLE_NEGATED.search(low[max(0, found.start() - LEAD) : found.start()])):
                continue
            if not reading.supports(rule):
                continue
            stated = round(min(confidence, rule.ceiling), 2)
            if best is None or stated > best.confidence:
                value = "studied" if stated >= SHOWN_AS_FACT else "named"
                best = Finding("condition", value, rule.id, name, text[found.start() : found.end()].strip(), stated)
    return best or _condition_taken_in(reading, titled)


def _condition_taken_in(reading: Reading, titled: str) -> Finding | None:
    """The disease in the inclusion criteria, or a group of diseases that may hold it: for a curator to settle.

    `titled` holds the conditions and titles in lower case.
    """
    evidence = reading.evidence
    by_name = ms.CONDITION_RULES[0]
    first, last = reading.range(_CRITERIA)
    if reading.low.find("sclero", first, last) >= 0:
        low = reading.low[first:last]
        near = windows((named.start() for named in re.finditer("sclero", low)), 0, len(low))
        for found in (found for window in near for found in by_name.pattern.finditer(low, *window)):
            if ms.EXCLUDES.search(low, 0, found.end()):
                break
            if not ms.CONDITION_NEGATED.search(low[max(0, found.start() - LEAD) : found.start()]):
                quote = evidence.eligibility_criteria[found.start() : found.end()].strip()
                return Finding("condition", "named", ms.IN_INCLUSION.id, "eligibility_criteria", quote, ms.IN_INCLUSION.ceiling)
    if not any(anchor in titled for anchor in ms.BROAD_UNVERIFIED.anchors):
        return None
    places = [
        *((f"conditions[{n}]", text) for n, text in enumerate(evidence.conditions)),
        ("brief_title", evidence.brief_title),
        ("official_title", evidence.official_title),
    ]
    for name, text in places:
        broad = ms.BROAD_UNVERIFIED.pattern.search(lower(text))
        if not broad:
            continue
        in_summary = by_name.pattern.search(lower(evidence.brief_summary))
        if in_summary:
            quote = evidence.brief_summary[in_summary.start() : in_summary.end()].strip()
            return Finding("condition", "named", ms.IN_BASKET_SUMMARY.id, "brief_summary", quote, ms.IN_BASKET_SUMMARY.ceiling)
        if not evidence.brief_summary and not evidence.eligibility_criteria:
            quote = text[broad.start() : broad.end()].strip()
            return Finding("condition", "named", ms.BROAD_UNVERIFIED.id, name, quote, ms.BROAD_UNVERIFIED.ceiling)
    return None
