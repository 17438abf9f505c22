"""What a reader wants to know first of a trial: is it open, where is it, who can take part, what happens. Values in, short facts out.

Owns the choice and the wording; reads a Trial with its parts fetched (`for_detail`) and makes no query. What it says of eligibility is read
from the criteria by `trials.eligibility` and carries the words that say so; it never says that anybody is eligible.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from therapies.models import Donor
from trials.eligibility import Bound, Limits, eligibility_of
from trials.models import Finding, Outcome, Reference, Site, Trial
from trials.places import Place, kilometres
from trials.plain import date_words, plain, years
from trials.vocabulary import COURSES, Status, label

STALE_AFTER = dt.timedelta(days=730)
"""The registry itself calls a status unknown when nobody has verified it for two years."""

TONES = {
    Status.RECRUITING: "open",
    Status.AVAILABLE: "open",
    Status.NOT_YET_RECRUITING: "soon",
    Status.ENROLLING_BY_INVITATION: "soon",
    Status.ACTIVE_NOT_RECRUITING: "closed",
    Status.COMPLETED: "closed",
    Status.APPROVED_FOR_MARKETING: "closed",
    Status.NO_LONGER_AVAILABLE: "closed",
    Status.SUSPENDED: "stopped",
    Status.TEMPORARILY_NOT_AVAILABLE: "stopped",
    Status.TERMINATED: "stopped",
    Status.WITHDRAWN: "stopped",
}
"""How a status is coloured and marked; whatever is not here is `unknown`."""

_AROUND = 70  # characters shown before and after a quote

OVER = {Status.COMPLETED, Status.TERMINATED, Status.WITHDRAWN, Status.NO_LONGER_AVAILABLE, Status.APPROVED_FOR_MARKETING}
"""Statuses that no longer change, so that their age means nothing."""


def tone(status: str) -> str:
    return TONES.get(status, "unknown")


def is_stale(trial: Trial, today: dt.date) -> bool:
    """Whether nobody has verified the status for two years, and it may have changed since."""
    verified = trial.status_verified
    return trial.status not in OVER and verified is not None and verified.latest < today - STALE_AFTER


@dataclass(frozen=True, slots=True)
class Fact:
    """A short statement under a label, with the words of the record that it rests on and, where it needs one, an explanation."""

    label: str
    text: str
    quotes: tuple[str, ...] = ()
    explained: str = ""


@dataclass(frozen=True, slots=True)
class CountrySites:
    country: str
    sites: list[Site]

    @property
    def recruiting(self) -> int:
        return sum(site.status == Status.RECRUITING for site in self.sites)


def sites_by_country(sites: Iterable[Site]) -> list[CountrySites]:
    """The sites under their countries in alphabetical order, those without a country last; within each, recruiting ones first."""
    groups: dict[str, list[Site]] = {}
    for site in sites:
        groups.setdefault(site.country, []).append(site)
    return [
        CountrySites(country or "Country not stated", sorted(groups[country], key=lambda site: site.status != Status.RECRUITING))
        for country in sorted(groups, key=lambda name: (not name, name))
    ]


@dataclass(frozen=True, slots=True)
class Nearby:
    """A site, how far it is as the crow flies, and whether it looks for people, as `TrialQuerySet.with_distances` tells it."""

    site: Site
    kilometres: float
    is_open: bool


def nearby(trial: Trial, place: Place) -> list[Nearby]:
    """The sites that can be measured: those that look for people first, within each the nearest first."""
    found = [
        Nearby(
            site,
            kilometres(place.latitude, place.longitude, site.latitude, site.longitude),
            trial.status == Status.RECRUITING and site.status in (Status.RECRUITING, ""),
        )
        for site in trial.sites.all()
        if site.latitude is not None
    ]
    return sorted(found, key=lambda near: (not near.is_open, near.kilometres))


def all_contacts(trial: Trial) -> list[tuple[str, object]]:
    """Whom one may write to or call: the central contacts, then those of sites, each with where they are."""
    central = [("", contact) for contact in trial.contacts.all()]
    return central + [(str(site), contact) for site in trial.sites.all() for contact in site.contacts]


def first_contact(trial: Trial, near: Sequence[Nearby] = ()) -> tuple[str, object] | None:
    """Whom to call first, with where they are: a central contact, else one who can be reached at the nearest site, else at one that looks
    for people."""
    for contact in trial.contacts.all():
        return "", contact
    sites = [*(item.site for item in near), *sorted(trial.sites.all(), key=lambda site: site.status != Status.RECRUITING)]
    can_be_reached = ((str(site), contact) for site in sites for contact in site.contacts if contact.get("phone") or contact.get("email"))
    return next(can_be_reached, None)


def outcomes_by_kind(outcomes: Iterable[Outcome]) -> list[tuple[str, list[Outcome]]]:
    groups = {"primary": "What is mainly measured (primary)", "secondary": "What else is measured (secondary)", "other": "Other measures"}
    outcomes = list(outcomes)
    return [(title, found) for kind, title in groups.items() if (found := [item for item in outcomes if item.kind == kind])]


def publications(trial: Trial) -> list[Reference]:
    """What the record names as published, its own results first, what only lies behind the study last."""
    order = ("RESULT", "DERIVED")
    return sorted(trial.references.all(), key=lambda item: order.index(item.type) if item.type in order else len(order))


class InContext(NamedTuple):
    """A finding, what it says in words, and the words around its quote; those are empty where the record says otherwise by now."""

    finding: Finding
    value: str
    before: str = ""
    after: str = ""


def findings_by_approach(trial: Trial, therapies: Mapping[str, str]) -> list[tuple[object, list[InContext]]]:
    """The classifier's findings under the approach they speak of; under None that on the disease, which comes first.

    `therapies`: the names of therapies by slug; one that has none there keeps its slug.
    """
    groups: dict[object, list[InContext]] = {}
    for finding in sorted(trial.findings.all(), key=lambda finding: finding.approach is not None):
        groups.setdefault(finding.approach, []).append(_in_context(trial, finding, therapies))
    return list(groups.items())


def _in_context(trial: Trial, finding: Finding, therapies: Mapping[str, str]) -> InContext:
    value = _value_words(finding, therapies)
    before, quote, after = _text_at(trial, finding.field).partition(finding.quote)
    if not quote:
        return InContext(finding, value)
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + "…"
    return InContext(finding, value, before, after)


def _value_words(finding: Finding, therapies: Mapping[str, str]) -> str:
    """What a finding says, by the name that the page has for it elsewhere."""
    if finding.kind == "approach" and finding.approach:
        return finding.approach.short_name
    if finding.kind == "role":
        return label("Role", finding.value)
    return therapies.get(finding.value, finding.value) if finding.kind == "therapy" else finding.value


def _text_at(trial: Trial, path: str) -> str:
    """What stands in the field of the record that a finding names, such as `interventions[0].name`; "" where there is none."""
    value: object = trial
    for name, index in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        value = getattr(value, "outcomes" if name == "outcome_measures" else name, "")
        if index:
            items = list(value.all()) if hasattr(value, "all") else list(value)
            value = items[int(index)] if int(index) < len(items) else ""
    return str(getattr(value, "measure", value))


def who(trial: Trial) -> list[Fact]:
    """Who the record says can take part. Ages and sex are the registry's fields; the rest is read from the criteria."""
    read = eligibility_of(trial)
    facts = [Fact("Age", age_words(trial.minimum_age_years, trial.maximum_age_years)), Fact("Sex", _sex_words(trial))]
    if read.courses.accepted:
        names = [COURSES.get(item.course, item.course) for item in read.courses.accepted]
        facts.append(Fact("Type of MS", "; ".join(names), _texts(item.quote for item in read.courses.accepted)))
    elif read.courses.no_limit:
        facts.append(Fact("Type of MS", "Any type", _texts([read.courses.no_limit])))
    else:
        facts.append(Fact("Type of MS", ""))
    facts.append(Fact("Disability (EDSS)", _range_words(read.edss), _texts(read.edss.quotes), _edss_meaning(read.edss)))
    duration = read.duration
    facts.append(Fact("Time with MS", _range_words(duration, years), _texts(duration.quotes)))
    if read.activity:
        facts.append(Fact("Recent activity", "Asks for attacks or new activity", _texts(item.quote for item in read.activity)))
    if read.treatment_failure:
        facts.append(Fact("Earlier treatment", "Asks that another treatment failed", _texts(item.quote for item in read.treatment_failure)))
    if read.pregnancy:
        facts.append(Fact("Pregnancy", "Cannot take part while pregnant", _texts([read.pregnancy.quote])))
    if read.previous_stem_cells and read.previous_stem_cells.value in _STEM_CELLS:
        facts.append(Fact("Earlier stem cells", _STEM_CELLS[read.previous_stem_cells.value], _texts([read.previous_stem_cells.quote])))
    if trial.healthy_volunteers:
        facts.append(Fact("Healthy people", "Can take part too"))
    return facts


def briefly(facts: Sequence[Fact]) -> list[Fact]:
    """Of `who`, what settles most: age, sex where not all can join, type of MS, EDSS."""
    return [fact for fact in facts if fact.label in ("Age", "Sex", "Type of MS", "Disability (EDSS)") and fact.text not in ("", "All")]


def unstated(facts: Sequence[Fact]) -> list[str]:
    """The labels of facts that the record leaves out."""
    return [fact.label for fact in facts if not fact.text]


_STEM_CELLS = {
    "excluded": "Cannot take part after stem-cell treatment",
    "excluded recently": "Cannot take part soon after stem-cell treatment",
    "required": "Only after stem-cell treatment",
}


def involves(trial: Trial) -> list[Fact]:
    """What taking part means, from structured facts of the record alone."""
    facts = []
    approaches = trial.trial_approaches.all()
    if donors := _each(donor for row in approaches for donor in row.donors):
        facts.append(Fact("Whose cells", "; ".join(dict(Donor.choices).get(donor, donor) for donor in donors)))
    if sources := _each(source for row in approaches for source in row.cell_sources):
        facts.append(Fact("Taken from", ", ".join(sources).capitalize()))
    if routes := _each(route for row in approaches for route in row.routes):
        facts.append(Fact("Given", ", ".join(routes).capitalize()))
    if trial.allocation and trial.allocation != "NA":
        facts.append(Fact("Groups", label("Allocation", trial.allocation), explained=plain("Allocation", trial.allocation)))
    elif trial.intervention_model == "SINGLE_GROUP":
        facts.append(Fact("Groups", "One group", explained="Everyone in the study gets the same."))
    if trial.masking:
        facts.append(Fact("Who knows what you get", label("Masking", trial.masking), explained=plain("Masking", trial.masking)))
    types = {arm.type for arm in trial.arms.all()}
    for kind in ("PLACEBO_COMPARATOR", "SHAM_COMPARATOR"):
        if kind in types:
            facts.append(Fact("Dummy treatment", f"Yes: {label('ArmType', kind).lower()}", explained=plain("ArmType", kind)))
    return facts


def for_doctor(trial: Trial) -> list[Fact]:
    """What a doctor wants to know of a trial that a patient brings along; who can take part stands beside it."""
    arms = [f"{arm.label} ({label('ArmType', arm.type).lower()})" if arm.type else arm.label for arm in trial.arms.all()]
    return [
        Fact("Approach", "; ".join(_approach_words(row) for row in trial.trial_approaches.all())),
        Fact("Therapy", "; ".join(row.therapy.name for row in trial.trial_therapies.all())),
        Fact("Phase", trial.phase_words),
        *(fact for fact in involves(trial) if fact.label in ("Whose cells", "Taken from", "Given")),
        Fact("Arms", "; ".join(filter(None, arms))),
        Fact("Allocation", label("Allocation", trial.allocation) if trial.allocation else ""),
        Fact("Masking", label("Masking", trial.masking) if trial.masking else ""),
        Fact("Mainly measured", _mainly_measured(trial)),
        Fact("People", people_words(trial)),
        Fact("From – to", period(trial)),
        Fact("Sponsor", trial.sponsor_name),
    ]


MOST_OUTCOMES = 3
"""Primary outcomes that are named where room is short."""


def _mainly_measured(trial: Trial) -> str:
    measures = [outcome.measure for outcome in trial.outcomes.all() if outcome.kind == "primary"]
    left = len(measures) - MOST_OUTCOMES
    return "; ".join([*measures[:MOST_OUTCOMES], *([f"and {left} more"] if left > 0 else [])])


def comparison(trials: Sequence[Trial]) -> list[tuple[str, list[str]]]:
    """Trials side by side: each row is a label and one text per trial, `""` where its record does not say."""
    by_label = [{fact.label: fact.text for fact in (*who(trial), *involves(trial))} for trial in trials]
    rows: list[tuple[str, Callable[[Trial], str]]] = [
        ("Status", lambda trial: trial.get_status_display()),
        ("What that means", lambda trial: plain("Status", trial.status)),
        ("Approach", lambda trial: "; ".join(_approach_words(row) for row in trial.trial_approaches.all())),
        ("Therapy", lambda trial: "; ".join(row.therapy.name for row in trial.trial_therapies.all())),
        ("Phase", lambda trial: trial.phase_words),
        ("Study type", lambda trial: label("StudyType", trial.study_type) if trial.study_type else ""),
        ("People", people_words),
        ("Start", lambda trial: date_words(trial.start_date)),
        ("End", lambda trial: date_words(trial.completion_date)),
        ("Where", lambda trial: ", ".join(trial.countries)),
        ("Sites", lambda trial: str(len(trial.sites.all()) or "")),
        ("Sponsor", lambda trial: trial.sponsor_name),
        ("Mainly measured", _mainly_measured),
        ("Results posted", lambda trial: _yes_no(trial.has_results)),
    ]
    table = [(name, [value(trial) for trial in trials]) for name, value in rows]
    asked = dict.fromkeys(name for facts in by_label for name in facts)
    return table + [(name, [facts.get(name, "") for facts in by_label]) for name in asked]


def _approach_words(row) -> str:
    name = row.approach.name if row.approach.slug == "other" else row.approach.short_name
    return name if row.role == "treatment" else f"{name} ({row.get_role_display().lower()})"


def design(trial: Trial) -> list[Fact]:
    """How the study is built, field by field; what does not apply to its type is left out."""
    observes = trial.study_type == "OBSERVATIONAL"
    facts = [
        Fact(
            "Study type", label("StudyType", trial.study_type) if trial.study_type else "", explained=plain("StudyType", trial.study_type)
        ),
        Fact("People", people_words(trial)),
    ]
    if trial.study_type != "EXPANDED_ACCESS":
        if observes:
            coded = [("Model", "ObservationalModel", trial.observational_model), ("Time", "TimePerspective", trial.time_perspective),
                     ("Sampling", "SamplingMethod", trial.sampling_method)]  # fmt: skip
        else:
            coded = [("Allocation", "Allocation", trial.allocation), ("Model", "InterventionModel", trial.intervention_model),
                     ("Main purpose", "PrimaryPurpose", trial.primary_purpose), ("Masking", "Masking", trial.masking)]  # fmt: skip
        facts += [Fact(name, label(group, code) if code else "") for name, group, code in coded]
    if trial.who_masked:
        facts.append(Fact("Masked", ", ".join(label("WhoMasked", code) for code in trial.who_masked).capitalize()))
    described = {
        "About the model": trial.intervention_model_description,
        "About the masking": trial.masking_description,
        "Followed for": trial.target_duration,
        "Samples": label("BioSpecRetention", trial.bio_spec_retention) if trial.bio_spec_retention else "",
        "About the samples": trial.bio_spec_description,
        "Expanded access": _expanded_access(trial),
    }
    facts += [Fact(name, text) for name, text in described.items() if text]
    if trial.is_patient_registry:
        facts.append(Fact("Patient registry", "Yes"))
    facts += [
        Fact("Data monitoring committee", _yes_no(trial.has_dmc)),
        Fact("FDA-regulated drug", _yes_no(trial.is_fda_regulated_drug)),
        Fact("FDA-regulated device", _yes_no(trial.is_fda_regulated_device)),
        Fact(
            "Sharing of individual data",
            label("IpdSharing", trial.ipd_sharing) if trial.ipd_sharing else "",
            explained=trial.ipd_sharing_description,
        ),
    ]
    return facts


def dates(trial: Trial) -> list[Fact]:
    """Every date of the record, as exact as it is there."""
    rows = [
        ("Start", trial.start_date, trial.start_date_kind),
        ("Last data for the main outcome", trial.primary_completion_date, trial.primary_completion_date_kind),
        ("End", trial.completion_date, trial.completion_date_kind),
        ("First posted", trial.first_posted, ""),
        *([("Results first posted", trial.results_first_posted, "")] if trial.has_results or trial.results_first_posted else []),
        ("Status last verified", trial.status_verified, ""),
        ("Record last updated", trial.last_update_posted, ""),
    ]
    return [Fact(title, date_words(date), explained=label("DateKind", kind) if date and kind else "") for title, date, kind in rows]


def _yes_no(answer: bool | None) -> str:
    return "" if answer is None else "Yes" if answer else "No"


def _expanded_access(trial: Trial) -> str:
    if trial.expanded_access_nct_id:
        status = label("Status", trial.expanded_access_status).lower() if trial.expanded_access_status else "status not stated"
        return f"{trial.expanded_access_nct_id}: {status}"
    return "Yes" if trial.has_expanded_access else ""


def period(trial: Trial) -> str:
    """`March 2015 (actual) – 2027`; a date that the record does not give is `not stated`."""
    ends = ((trial.start_date, trial.start_date_kind), (trial.completion_date, trial.completion_date_kind))
    kinds = {kind: f" ({label('DateKind', kind).lower()})" for _, kind in ends if kind}
    return " – ".join(f"{date_words(date)}{kinds.get(kind, '')}" if date else "not stated" for date, kind in ends)


def people_words(trial: Trial) -> str:
    """`40 people (estimated)`, `1 person (actual)`; `""` where the record gives no number."""
    if trial.enrollment is None:
        return ""
    people = f"{trial.enrollment:,} {'person' if trial.enrollment == 1 else 'people'}"
    return f"{people} ({label('DateKind', trial.enrollment_kind).lower()})" if trial.enrollment_kind else people


def taken_words(trial: Trial) -> str:
    """`18 to 55 years; RRMS, SPMS; EDSS up to 6.5`: whom a trial takes, as far as a card has room; `""` where none of it is stated.

    Whether a limit itself is still taken stands on the trial's page.
    """
    ages = age_words(trial.minimum_age_years, trial.maximum_age_years)
    edss = _range_words(Limits(*(None if value is None else Bound(value) for value in (trial.edss_min, trial.edss_max))))
    return "; ".join(filter(None, (ages, ", ".join(trial.ms_courses), edss and f"EDSS {edss[0].lower()}{edss[1:]}")))


def age_words(minimum: float | None, maximum: float | None) -> str:
    """`18 to 55 years`, `18 years and older`, `up to 55 years`; `""` where neither limit is stated."""
    if minimum is not None and maximum is not None:
        whole = float(minimum).is_integer()
        return f"{minimum:g} to {years(maximum)}" if whole and maximum >= 2 else f"{years(minimum)} to {years(maximum)}"
    if minimum is not None:
        return f"{years(minimum)} and older"
    return f"Up to {years(maximum)}" if maximum is not None else ""


def _sex_words(trial: Trial) -> str:
    return {"ALL": "All", "FEMALE": "Women only", "MALE": "Men only"}.get(trial.sex, trial.sex)


def _range_words(limits: Limits, unit=lambda value: f"{value:g}") -> str:
    """`3 to 6.5`, `up to 6.5`, `below 6.5`, `3 or more`; `""` where the record does not say."""
    low, high = limits.minimum, limits.maximum
    if low and high:
        return f"{_low(low, lambda value: f'{value:g}')} to {_high(high, unit)}"
    if low:
        return f"{unit(low.value)} or more" if low.inclusive else f"More than {unit(low.value)}"
    if high:
        return f"Up to {unit(high.value)}" if high.inclusive else f"Less than {unit(high.value)}"
    return "Any" if limits.no_limit else ""


def _low(bound: Bound, unit) -> str:
    return unit(bound.value) if bound.inclusive else f"above {unit(bound.value)}"


def _high(bound: Bound, unit) -> str:
    return unit(bound.value) if bound.inclusive else f"below {unit(bound.value)}"


def _edss_meaning(limits: Limits) -> str:
    """What the highest EDSS means in daily life, where a sentence of ours says it."""
    if limits.maximum is None or not (said := plain("EDSS", f"EDSS-{limits.maximum.value:g}")):
        return ""
    return f"EDSS {limits.maximum.value:g} is: {said[0].lower()}{said[1:]}"


def _each(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _texts(quotes: Iterable) -> tuple[str, ...]:
    return tuple(dict.fromkeys(quote.text for quote in quotes))


def stated_names(names: Sequence[str], most: int = 3) -> str:
    """`Norway, Sweden and 3 more`."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
