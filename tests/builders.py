"""Rows for tests of the pages, made straight with the ORM: they need neither parser nor classifier to say what a page shows."""

import datetime as dt
import itertools

from django.utils import timezone

from therapies.models import Approach, Therapy
from trials import models, search
from trials.registry.records import PartialDate

_numbers = itertools.count(90_000_001)

FACTS = {
    "brief_title": "Autologous Stem Cells for Multiple Sclerosis",
    "status": "COMPLETED",
    "study_type": "INTERVENTIONAL",
    "phases": "PHASE2",
    "sponsor_name": "University Hospital",
    "sponsor_class": "OTHER",
    "conditions": ["Multiple Sclerosis"],
    "last_update_posted": "2025-01-15",
    "is_listed": True,
}

DATES = (
    "status_verified", "start_date", "primary_completion_date", "completion_date",
    "first_submitted", "first_posted", "results_first_posted", "last_update_submitted", "last_update_posted",
)  # fmt: skip

PARTS = {
    "collaborators": models.Collaborator,
    "arms": models.Arm,
    "interventions": models.Intervention,
    "outcomes": models.Outcome,
    "sites": models.Site,
    "contacts": models.Contact,
    "officials": models.Official,
    "references": models.Reference,
    "links": models.Link,
}


def make_trial(number=None, *, approaches=("hsct",), therapies=(), countries=None, findings=(), aliases=(), gone=False, **facts):
    """Create a listed trial with its record and parts, and return it.

    `approaches` names slugs, or maps each to its role or to a dict of TrialApproach columns; `therapies` names slugs. `countries` gives one
    site in each, unless `sites` says more. Parts (`sites`, `arms`, `outcomes` ...) are lists of dicts of columns. Dates are written as the
    registry does. What is left is a column of Trial.
    """
    number = number or next(_numbers)
    nct_id = f"NCT{number:08}"
    parts = {name: facts.pop(name, []) for name in PARTS}
    if countries and not parts["sites"]:
        parts["sites"] = [{"country": country, "city": f"City {index}"} for index, country in enumerate(countries)]
    if countries is None:
        countries = sorted({site["country"] for site in parts["sites"] if site.get("country")})
    facts = FACTS | facts
    for name in DATES:
        if isinstance(facts.get(name), str):
            facts[name] = PartialDate.from_text(facts[name])
    record = models.Record.objects.create(
        id=number,
        nct_id=nct_id,
        payload=b"",
        in_scope=True,
        first_seen_at=timezone.now(),
        changed_at=timezone.now(),
        gone_at=timezone.make_aware(dt.datetime(2026, 1, 5)) if gone else None,
    )
    trial = models.Trial.objects.create(record=record, nct_id=nct_id, countries=sorted(countries), **facts)
    for name, model in PARTS.items():
        model.objects.bulk_create(model(trial=trial, position=position, **part) for position, part in enumerate(parts[name]))
    models.TrialCountry.objects.bulk_create(models.TrialCountry(trial=trial, name=name) for name in countries)
    models.Alias.objects.bulk_create(models.Alias(trial=trial, nct_id=alias) for alias in aliases)
    search.write([_document(trial, parts, aliases)])
    for slug, given in (approaches if isinstance(approaches, dict) else dict.fromkeys(approaches, "treatment")).items():
        columns = given if isinstance(given, dict) else {"role": given}
        models.TrialApproach.objects.create(
            trial=trial,
            approach=Approach.objects.get(slug=slug),
            **{"role": "treatment", "confidence": 0.95, "origin": "classifier"} | columns,
        )
    for slug in therapies:
        models.TrialTherapy.objects.create(trial=trial, therapy=Therapy.objects.get(slug=slug))
    for finding in findings:
        slug = finding.pop("approach", None)
        models.Finding.objects.create(trial=trial, approach=slug and Approach.objects.get(slug=slug), **finding)
    return trial


def _document(trial, parts, aliases):
    return search.Document(
        trial.pk,
        ids=" ".join([trial.nct_id, *aliases]),
        title=f"{trial.brief_title}\n{trial.official_title}",
        acronym=trial.acronym,
        interventions="\n".join(part["name"] for part in parts["interventions"]),
        conditions="\n".join([*trial.conditions, *trial.keywords]),
        sponsor=trial.sponsor_name,
        sites="\n".join(site.get(name, "") for site in parts["sites"] for name in ("facility", "city", "country")),
        summary=trial.brief_summary,
    )
