"""Which courses of MS a trial takes and which it refuses. Knows where naming one is no statement about it (a drug "approved for relapsing
MS", the relapsing past of a secondary progressive course).

`inclusion` and `exclusion` read one criterion each; `context` holds what both ask of the words around a course.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from trials.eligibility.course_names import GENERAL, KEYWORDS, SLUGS, mentions_in
from trials.eligibility.courses.context import Told, activity, is_past
from trials.eligibility.courses.exclusion import excluding
from trials.eligibility.courses.inclusion import including
from trials.eligibility.criteria import Source, normal
from trials.eligibility.facts import COURSES, Course, CourseFacts, Quote

_ABOUT_MS = re.compile(r"multiple sclerosis|\b(?:r?r|sp|pp)?ms\b|isolated syndrome|demyelinat")
_FORMS = re.compile(r"\brelapsing[\s-](?:forms|types|courses|phenotypes)\b")


def course_facts(source: Source, fields: Sequence[tuple[str, str]] = ()) -> CourseFacts:
    """Read the courses from the criteria; where these are silent, from `fields`: (name, text) pairs, titles before conditions.

    What the criteria exclude is kept in any case, and taken away from what a general word ("relapsing MS") would let in.
    """
    low = source.low
    told = _read(source, fields)
    specific, general = _taken(told)
    excluded, no_limit = told.refused, told.no_limit
    accepted = _merge(specific, general, excluded)
    if accepted and {item.course for item in accepted} <= {"CIS", "RIS"} and told.takes_ms(len(low)):
        return CourseFacts((), _first_of_each(excluded), no_limit)
    if not accepted and not no_limit:
        for name, text in fields:
            if accepted and not (name.startswith("conditions") and accepted[0].quote.field.startswith("conditions")):
                break  # the first title that tells; of the conditions all
            named, wide = _of_field(name, text)
            if named or wide:
                specific, general = specific + named, general + wide
                accepted = _merge(specific, general, excluded)
    if not specific and {kind for kind, _ in general} == {"relapsing"} and not _FORMS.search(low) and _only_remitting(fields):
        accepted = tuple(item for item in accepted if item.course == "RRMS") or accepted
    if not specific and {kind for kind, _ in general} == {"progressive"} and (meant := _progressive_of(fields)):
        accepted = tuple(item for item in accepted if item.course in meant) or accepted
    taken = {item.course for item in accepted}
    refused = _first_of_each([item for item in excluded if item.course not in taken])
    return CourseFacts(accepted, refused, no_limit if not accepted else None)


def _read(source: Source, fields: Sequence[tuple[str, str]]) -> Told:
    told = Told(source)
    is_about_ms = None
    for item in source.holding(KEYWORDS):
        mentions = mentions_in(source.low, item.start, item.end)
        if mentions and is_about_ms is None:
            is_about_ms = bool(_ABOUT_MS.search(source.low) or any(_ABOUT_MS.search(normal(text)) for _, text in fields))
        if not is_about_ms:  # CIS is a carcinoma in situ elsewhere
            mentions = [mention for mention in mentions if mention.kind not in ("cis", "ris")]
        if mentions:
            (excluding if item.kind == "exclusion" else including)(source.low, item, mentions, told)
    return told


def _taken(told: Told) -> tuple[list[Course], list[tuple[str, Course]]]:
    """The courses that the criteria take by name, and those that a general word lets in."""
    specific, general = told.specific, told.general
    if len({kind for kind, _ in told.of_some}) > 1:
        specific = specific + [course for kind, course in told.of_some if kind in SLUGS]
        general = general + [(kind, course) for kind, course in told.of_some if kind in GENERAL]
    if not any(item.course == "SPMS" for item in specific):  # else "previous diagnosis of RRMS" is its past
        specific = specific + told.earlier
    # taken and refused by name: whoever meets an exclusion criterion is not taken, whatever the inclusion criteria say
    return [item for item in specific if item.course not in told.shut_out] or specific, general


def _first_of_each(found: list[Course]) -> tuple[Course, ...]:
    first: dict[str, Course] = {}
    for item in found:
        first.setdefault(item.course, item)
    return tuple(first[slug] for slug in COURSES if slug in first)


def _only_remitting(fields: Sequence[tuple[str, str]]) -> bool:
    """Whether titles and conditions name RRMS and no other course, but for "relapsing MS": they tell which of these is meant.

    "Relapsing forms" are several, so that RRMS among the conditions, whose list of terms knows no other relapsing course, leaves them be.
    """
    kinds = set()
    for _, text in fields:
        small = normal(text)
        if _FORMS.search(small):
            return False
        kinds |= {mention.kind for mention in mentions_in(small, 0, len(small))}
    return kinds - {"any", "relapsing"} == {"rr"}


def _progressive_of(fields: Sequence[tuple[str, str]]) -> set[str]:
    """The progressive courses that titles and conditions name: they tell which "progressive MS" are meant."""
    texts = [normal(text) for _, text in fields]
    kinds = {mention.kind for text in texts for mention in mentions_in(text, 0, len(text))}
    return {slug for kind in kinds for slug in SLUGS.get(kind, ())} & set(GENERAL["progressive"])


def _merge(specific: list[Course], general: list[tuple[str, Course]], excluded: list[Course]) -> tuple[Course, ...]:
    named = {item.course for item in specific}
    refused = {item.course for item in excluded} - named
    found = list(specific)
    for kind, item in general:
        # "relapsing" beside RRMS, "progressive" beside SPMS or PPMS: the list says which are meant
        core = {"RRMS"} if kind == "relapsing" else {"SPMS", "PPMS"}
        if not named & core and item.course not in refused:
            found.append(item)
    best: dict[str, Course] = {}
    for item in found:
        known = best.get(item.course)
        if known is None:
            best[item.course] = item
        elif known.activity != item.activity:
            best[item.course] = replace(known, activity="")
    return tuple(best[slug] for slug in COURSES if slug in best)


def _of_field(place: str, text: str) -> tuple[list[Course], list[tuple[str, Course]]]:
    """The courses that a title or a condition names, and those that a general word in it lets in."""
    specific, general = [], []
    low = normal(text)
    for mention in mentions_in(low, 0, len(low)):
        if mention.kind == "any":
            continue
        before = low[max(0, mention.start - 40) : mention.start]
        quote = Quote(place, text[mention.start : mention.end], mention.start)
        if mention.kind in GENERAL:
            for slug in GENERAL[mention.kind]:
                state = "active" if mention.kind == "relapsing" and slug == "SPMS" else activity(before, "", "")
                general.append((mention.kind, Course(slug, state, quote)))
        elif not is_past(low, mention, before):
            specific += [
                Course(slug, activity(before, low[mention.start : mention.end], low[mention.end : mention.end + 60]), quote)
                for slug in SLUGS[mention.kind]
            ]
    return specific, general
