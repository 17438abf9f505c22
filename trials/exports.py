"""Lists of trials as files. One list of columns is the source of every format; contacts of people are in none of them.

What the registry leaves out is null in JSON and empty in CSV. Knows models and columns; which trials, and in what order, is the caller's.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from trials.models import Trial, TrialApproach, TrialTherapy

CHUNK = 500
"""Trials fetched at once, with their labels: what an export holds in memory whatever its length."""

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""A spreadsheet takes a cell that begins so for a formula, and would run it."""

MODIFICATIONS = (
    "approaches, therapies, roles, donor, cell_sources, routes, ms_courses, edss_min, edss_max, disease_duration_min_years, "
    "disease_duration_max_years and needs_review are worked out by TrialTracker from the record, partly corrected by curators; country "
    "names are made uniform; ages are given in years; everything else is as in the registry."
)
NO_ENDORSEMENT = "Neither the NLM nor the NIH endorses this site or what it makes of the data."


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the kind of its values (`text`, `number`, `date`, `list`, `boolean`), what they mean, and where they come from.

    `value(trial, site)` takes the site's address, as in `https://example.org`, for values that are links.
    """

    name: str
    kind: str
    meaning: str
    value: Callable[[Trial, str], Any]


def _text(name):
    return lambda trial, site: str(getattr(trial, name) or "") or None


def _number(name):
    return lambda trial, site: _whole(getattr(trial, name))


def _plain(name):
    return lambda trial, site: getattr(trial, name)


def _whole(number):
    """18 for 18.0, 0.5 for 0.5: whole years are written as such."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _united(name):
    """What the trial's approaches say of this, each value once."""
    return lambda trial, site: list(dict.fromkeys(value for row in trial.trial_approaches.all() for value in getattr(row, name)))


COLUMNS = (
    Column("nct_id", "text", "The study's number on ClinicalTrials.gov.", _text("nct_id")),
    Column("title", "text", "Its brief title.", _text("brief_title")),
    Column("acronym", "text", "Its acronym.", _text("acronym")),
    Column("status", "text", "Overall status, the registry's code.", _text("status")),
    Column("last_known_status", "text", "The status before it became UNKNOWN.", _text("last_known_status")),
    Column("why_stopped", "text", "Why it was stopped, in the registry's words.", _text("why_stopped")),
    Column("phases", "list", "The registry's codes, two for phase 1/2 and 2/3; empty where it states none.", _plain("phase_codes")),
    Column("study_type", "text", "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS.", _text("study_type")),
    Column("allocation", "text", "RANDOMIZED, NON_RANDOMIZED or NA.", _text("allocation")),
    Column("intervention_model", "text", "SINGLE_GROUP, PARALLEL, CROSSOVER, FACTORIAL or SEQUENTIAL.", _text("intervention_model")),
    Column("masking", "text", "NONE, SINGLE, DOUBLE, TRIPLE or QUADRUPLE.", _text("masking")),
    Column(
        "approaches",
        "list",
        "hsct, msc, ipsc, other; by our classifier or a curator.",
        lambda trial, site: [row.approach.slug for row in trial.trial_approaches.all()],
    ),
    Column(
        "therapies",
        "list",
        "The treatments tested, by their address on this site.",
        lambda trial, site: [row.therapy.slug for row in trial.trial_therapies.all()],
    ),
    Column(
        "roles",
        "list",
        "What the stem cells are in the study: treatment, comparator, follow-up, supportive, cell-line research.",
        lambda trial, site: list(dict.fromkeys(row.role for row in trial.trial_approaches.all())),
    ),
    Column("donor", "list", "Whose cells: autologous, allogeneic, syngeneic; empty where not read.", _united("donors")),
    Column("cell_sources", "list", "What the cells are taken from; empty where not read.", _united("cell_sources")),
    Column("routes", "list", "How the cells are given; empty where not read.", _united("routes")),
    Column("conditions", "list", "The conditions studied, in the registry's words.", _plain("conditions")),
    Column("countries", "list", "Countries with a site, each once.", _plain("countries")),
    Column("enrollment", "number", "People; actual or estimated, see enrollment_kind.", _plain("enrollment")),
    Column("enrollment_kind", "text", "ACTUAL, ESTIMATED, or null where the registry does not say.", _text("enrollment_kind")),
    Column("start_date", "date", "As exact as the registry gives it: 2024, 2024-03 or 2024-03-14.", _text("start_date")),
    Column("start_date_kind", "text", "ACTUAL, ESTIMATED, or null where the registry does not say.", _text("start_date_kind")),
    Column("primary_completion_date", "date", "Last data for the primary outcome.", _text("primary_completion_date")),
    Column(
        "primary_completion_date_kind",
        "text",
        "ACTUAL, ESTIMATED, or null where the registry does not say.",
        _text("primary_completion_date_kind"),
    ),
    Column("completion_date", "date", "End of the study.", _text("completion_date")),
    Column("completion_date_kind", "text", "ACTUAL, ESTIMATED, or null where the registry does not say.", _text("completion_date_kind")),
    Column("sponsor", "text", "Lead sponsor.", _text("sponsor_name")),
    Column("sponsor_class", "text", "Its class, the registry's code.", _text("sponsor_class")),
    Column("min_age_years", "number", "Lower age limit; null where none is stated.", _number("minimum_age_years")),
    Column("max_age_years", "number", "Upper age limit; null where none is stated.", _number("maximum_age_years")),
    Column("sex", "text", "ALL, FEMALE or MALE.", _text("sex")),
    Column("ms_courses", "list", "Courses of MS that the criteria accept; empty where not read.", _plain("ms_courses")),
    Column(
        "edss_min",
        "number",
        "Lowest EDSS that the criteria name; null where not read. The trial's page says whether it is itself taken.",
        _number("edss_min"),
    ),
    Column(
        "edss_max",
        "number",
        "Highest EDSS that the criteria name; null where not read. The trial's page says whether it is itself taken.",
        _number("edss_max"),
    ),
    Column("disease_duration_min_years", "number", "Shortest disease duration, years.", _number("disease_duration_min_years")),
    Column("disease_duration_max_years", "number", "Longest disease duration, years.", _number("disease_duration_max_years")),
    Column("has_results", "boolean", "Results are posted on ClinicalTrials.gov.", _plain("has_results")),
    Column("results_first_posted", "date", "When results were first posted.", _text("results_first_posted")),
    Column("needs_review", "boolean", "A curator has still to look at our classification.", _plain("needs_review")),
    Column("last_update", "date", "The record's last update posted.", _text("last_update_posted")),
    Column(
        "gone_since",
        "date",
        "The day since which the registry no longer lists it.",
        lambda trial, site: trial.record.gone_at and trial.record.gone_at.date().isoformat(),
    ),
    Column("rules_version", "text", "Version of the rules behind our labels.", lambda trial, site: trial.record.derived_version or None),
    Column("url", "text", "The trial's page on this site.", lambda trial, site: f"{site}{trial.get_absolute_url()}"),
    Column("registry_url", "text", "The study's record on ClinicalTrials.gov.", _plain("registry_url")),
)


def rows(trials, site: str) -> Iterator[dict[str, Any]]:
    """Yield each trial of a queryset as a dict of column name to value; `site` is the address that links begin with."""
    labels = [
        Prefetch("trial_approaches", TrialApproach.objects.select_related("approach")),
        Prefetch("trial_therapies", TrialTherapy.objects.filter(therapy__is_published=True).select_related("therapy")),
    ]
    heavy = ("record__payload", "brief_summary", "detailed_description", "eligibility_criteria")
    trials = trials.select_related("record").defer(*heavy).prefetch_related(None).prefetch_related(*labels)
    for trial in trials.iterator(chunk_size=CHUNK):
        yield {column.name: column.value(trial, site) for column in COLUMNS}


def as_csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield CSV (RFC 4180, to be sent as UTF-8), header first; lists are joined by `; `."""
    line = csv.writer(_Echo(), lineterminator="\r\n")
    yield line.writerow([column.name for column in COLUMNS])
    for row in rows:
        yield line.writerow([_cell(row[column.name]) for column in COLUMNS])


def as_json(rows: Iterable[dict[str, Any]], meta: dict[str, Any]) -> Iterator[str]:
    """Yield one JSON object: `meta` as given, and `trials`, a list of objects, one a line."""
    yield f'{{"meta": {json.dumps(meta, ensure_ascii=False)},\n"trials": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(row, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


class _Echo:
    """A file whose `write` hands back the line: csv writes it, we stream it."""

    def write(self, line):
        return line


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = "; ".join(str(item) for item in value)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
