"""What changed between two versions of a study, in the terms in which a reader asks. Pure; knows nothing of tables.

Noise is no change: white space, Markdown escapes, the order of a list, a repeated item. Lists are compared as sets, so a change of a list
says what was added and what was taken away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from trials.registry.records import Outcome, Site, Study


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. For a single value `old` and `new` hold one text each, or none where it was not stated; for a list they hold
    what was taken away and what was added."""

    field: str
    old: tuple[str, ...]
    new: tuple[str, ...]


_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>~|&^=])")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Text without Markdown escapes and with single spaces: two texts that read the same compare equal."""
    return _SPACE.sub(" ", _ESCAPE.sub(r"\1", text)).strip()


def _date(date, *kind) -> str:
    return " ".join(str(part) for part in (date, *(word.lower() for word in kind if word))) if date else ""


def _outcome(outcome: Outcome) -> str:
    return f"{outcome.measure} [{outcome.time_frame}]" if outcome.time_frame else outcome.measure


def _place(site: Site) -> str:
    return ", ".join(part for part in (site.facility, site.city, site.state, site.country) if part)


VALUES: dict[str, Callable[[Study], str]] = {
    "status": lambda study: study.overall_status,
    "why_stopped": lambda study: study.why_stopped,
    "start_date": lambda study: _date(study.start.date, study.start.kind) if study.start else "",
    "primary_completion_date": lambda study: (
        _date(study.primary_completion.date, study.primary_completion.kind) if study.primary_completion else ""
    ),
    "completion_date": lambda study: _date(study.completion.date, study.completion.kind) if study.completion else "",
    "enrollment": lambda study: _date(study.enrollment, study.enrollment_kind) if study.enrollment is not None else "",
    "results_first_posted": lambda study: _date(study.results_first_posted),
    "brief_title": lambda study: study.brief_title,
    "official_title": lambda study: study.official_title,
    "acronym": lambda study: study.acronym,
    "sponsor": lambda study: study.lead_sponsor.name,
    "study_type": lambda study: study.study_type,
    "allocation": lambda study: study.allocation,
    "intervention_model": lambda study: study.intervention_model,
    "masking": lambda study: study.masking,
    "primary_purpose": lambda study: study.primary_purpose,
    "minimum_age": lambda study: study.minimum_age,
    "maximum_age": lambda study: study.maximum_age,
    "sex": lambda study: study.sex,
    "eligibility_criteria": lambda study: study.eligibility_criteria,
    "brief_summary": lambda study: study.brief_summary,
}
"""Fields of one value, by the name under which a change is stored; `""` is not stated."""

LISTS: dict[str, Callable[[Study], Iterator[str]]] = {
    "phases": lambda study: iter(study.phases),
    "conditions": lambda study: iter(study.conditions),
    "collaborators": lambda study: (sponsor.name for sponsor in study.collaborators),
    "arms": lambda study: (arm.label for arm in study.arms),
    "interventions": lambda study: (item.name for item in study.interventions),
    "primary_outcomes": lambda study: (_outcome(item) for item in study.outcomes if item.kind == "primary"),
    "secondary_outcomes": lambda study: (_outcome(item) for item in study.outcomes if item.kind == "secondary"),
    "other_outcomes": lambda study: (_outcome(item) for item in study.outcomes if item.kind == "other"),
    "sites": lambda study: (_place(site) for site in study.sites),
    "recruiting_sites": lambda study: (_place(site) for site in study.sites if site.status == "RECRUITING"),
}
"""Fields of many values; a site that opens or closes shows in `recruiting_sites`."""

FIELDS = (*VALUES, *LISTS)


def changes_between(old: Study, new: Study) -> tuple[Change, ...]:
    """The fields in which two versions of a study differ, in the order of `FIELDS`; `()` where only noise does."""
    return tuple(_changes(old, new))


def _changes(old: Study, new: Study) -> Iterator[Change]:
    for field, value in VALUES.items():
        before, after = value(old), value(new)
        if plain(before) != plain(after):
            yield Change(field, (before,) if before else (), (after,) if after else ())
    for field, values in LISTS.items():
        before, after = ({plain(item): item for item in values(study) if item} for study in (old, new))
        if before.keys() != after.keys():
            yield Change(
                field,
                tuple(before[key] for key in before if key not in after),
                tuple(after[key] for key in after if key not in before),
            )


def is_notable(change: Change, new: Study) -> bool:
    """A change that a careful reader of trials looks at twice: primary outcomes altered once a study has begun, or a smaller enrolment."""
    if change.field == "primary_outcomes":
        return new.overall_status not in {"NOT_YET_RECRUITING", "WITHDRAWN"}
    if change.field == "enrollment" and change.old and change.new:
        return int(change.new[0].split()[0]) < int(change.old[0].split()[0])
    return False
