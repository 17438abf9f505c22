"""What we conclude of a study: its classification, its askable eligibility, what is shown of it, and the rows that say so.

Owns the derived columns of `Trial`, and `Finding`, `TrialApproach`, `TrialTherapy`, `TrialCountry` and the search entries. Everything here
is worked out from the stored record and the curations, so it may be done again at will (`rederive`) and gives the same rows each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from django.conf import settings
from django.db import transaction
from django.db.models import JSONField, Model

from therapies.classifier import VERSION as CLASSIFIER_VERSION
from therapies.classifier import classify
from therapies.evidence import Classification
from therapies.models import Approach, Therapy
from trials import models, payload, search, storage
from trials.basis import changes_since
from trials.curation import Effective, Judgement, resolve, statements_from
from trials.eligibility import VERSION as ELIGIBILITY_VERSION
from trials.eligibility import Eligibility, eligibility_of, extract
from trials.evidence import evidence_of
from trials.registry.parse import parse
from trials.registry.records import PartialDate, Study

VERSION = f"{CLASSIFIER_VERSION}/{ELIGIBILITY_VERSION}"
BATCH = 200

PARTS = {
    models.Collaborator: lambda study: study.collaborators,
    models.Arm: lambda study: study.arms,
    models.Intervention: lambda study: study.interventions,
    models.Outcome: lambda study: study.outcomes,
    models.Contact: lambda study: study.central_contacts,
    models.Official: lambda study: study.officials,
    models.Reference: lambda study: study.references,
    models.Link: lambda study: study.links,
    models.Site: lambda study: study.sites,
}
"""Child tables, and where a study keeps the records that fill them; their columns are named as those records' fields."""


_NOTHING_READ = extract("")


@dataclass(frozen=True, slots=True)
class Derived:
    """A study with all that is concluded of it."""

    study: Study
    classification: Classification
    effective: Effective
    in_scope: bool
    is_tracked: bool  # it has, or is to have, a Trial row
    judgements: tuple[Judgement, ...] = ()  # the curators' standing words

    @property
    def eligibility(self) -> Eligibility:
        """What can be asked of its eligibility; worked out when asked, since most studies are never tracked.

        EDSS and courses are those of multiple sclerosis: of a study in which nothing points to it, nothing is read.
        """
        study = self.study
        if not (self.classification.condition or self.effective.approaches):
            return _NOTHING_READ
        return eligibility_of(study)

    @property
    def scope_reason(self) -> str:
        """One sentence for the curator who asks why a study is tracked or not."""
        found = self.classification
        if self.effective.approaches and not found.in_scope:
            return "A curator judged it in."
        if found.in_scope:
            words = "; ".join(f"{match.approach.value}: “{match.approach.quote}” ({match.approach.field})" for match in found.matches)
            return f"{words}; multiple sclerosis: “{found.condition.quote}” ({found.condition.field})"
        if self.in_scope:
            return "Every study that the queries answer is tracked (TRACKER_TRACK=all)."
        if found.matches:
            return f"Stem cells ({found.matches[0].approach.quote}), but multiple sclerosis is not among what is studied."
        if found.mentions:
            return f"Stem cells only mentioned: “{found.mentions[0].quote}” ({found.mentions[0].field})."
        return "No rule found stem cells."


def derive(study: Study, judgements: Sequence[Judgement] = (), has_trial: bool = False, is_new: bool = False) -> Derived:
    """Classify a study, read its eligibility, and put the curators' judgements on top.

    `has_trial` says that the study has a Trial row already: it keeps one, shown or not, whatever the rules say today. `is_new` says that it
    has newly come into scope, for somebody to look at.
    """
    classification = classify(evidence_of(study))
    takes_all = settings.TRACKER_TRACK == "all"
    effective = resolve(classification, judgements, is_new and classification.in_scope, takes_all)
    in_scope = takes_all or classification.in_scope or bool(effective.approaches)
    return Derived(
        study=study,
        classification=classification,
        effective=effective,
        in_scope=in_scope,
        is_tracked=has_trial or in_scope,
        judgements=tuple(judgements),
    )


def judgements_of(studies: dict[int, Study]) -> dict[int, list[Judgement]]:
    """Return each study's standing judgements, oldest first, for a dict of record id to the study as it reads now."""
    found = defaultdict(list)
    standing = models.Curation.objects.filter(record__in=studies, withdrawn_at=None).exclude(field=models.Curation.Field.NOTE)
    for curation in standing.select_related("approach", "therapy").order_by("judged_at", "pk"):
        is_confirmation = curation.field == models.Curation.Field.CONFIRM
        changed = changes_since(curation.basis, evidence_of(studies[curation.record_id]))
        found[curation.record_id].append(
            Judgement(
                field=curation.field,
                approach=curation.approach.slug if curation.approach else "",
                role=curation.role,
                therapy=curation.therapy.slug if curation.therapy else "",
                confirmed=statements_from(curation.findings) if is_confirmation else (),
                changed=tuple(change.field for change in changed),
            )
        )
    return found


def conclusion(record: models.Record) -> Derived:
    """What we conclude of one stored record and its judgements now. Reads alone."""
    study = parse(payload.unpack(record.payload))
    has_trial = models.Trial.objects.filter(pk=record.pk).exists()
    return derive(study, judgements_of({record.pk: study}).get(record.pk, ()), has_trial, record.is_new_in_scope)


def rederive(records=None, on_batch=None) -> int:
    """Work out everything again for these records (all by default) from what is stored, without the network; return how many.

    Judgements stay as they are. Each batch is one transaction, so a stop in between leaves whole studies, old or new.
    """
    records = models.Record.objects.all() if records is None else records
    ids = list(records.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            batch = models.Record.objects.locked().filter(pk__in=ids[start : start + BATCH])
            write([(record, parse(payload.unpack(record.payload))) for record in batch], record_columns=_CONCLUDED)
        if on_batch:
            on_batch(min(start + BATCH, len(ids)), len(ids))
    return len(ids)


_CONCLUDED = ["in_scope", "scope_reason", "nearly_in_scope", "is_new_in_scope", "derived_version"]


def write(pairs: Sequence[tuple[models.Record, Study]], record_columns: Sequence[str] = ()) -> list[Derived]:
    """Write records with their trials, parts and conclusions: new rows where they are new, replaced where they stand already.

    Of a record that is there already, `record_columns` are written (all but its first date, by default). The caller holds the transaction
    and, in it, the locks of those that are there. Statements are counted per batch, not per study.
    """
    if not pairs:
        return []
    ids = [record.pk for record, _ in pairs]
    standing = dict(models.Record.objects.filter(pk__in=ids).values_list("pk", "trial"))
    judgements = judgements_of({record.pk: study for record, study in pairs if record.pk in standing})
    with_trial = set(standing.values()) - {None}
    was_swept = models.SyncRun.objects.filter(kind=models.SyncRun.Kind.FULL, state=models.SyncRun.State.COMPLETE).exists()
    derived = []
    for record, study in pairs:
        is_new = record.is_new_in_scope or (was_swept and record.pk not in with_trial)
        conclusion = derive(study, judgements.get(record.pk, ()), record.pk in with_trial, is_new)
        record.is_new_in_scope = is_new and conclusion.is_tracked
        record.in_scope = conclusion.in_scope
        record.scope_reason = conclusion.scope_reason
        record.nearly_in_scope = not conclusion.in_scope and bool(conclusion.classification.matches or conclusion.classification.mentions)
        record.derived_version = VERSION
        derived.append(conclusion)
    storage.add_objects([record for record, _ in pairs if record.pk not in standing])
    _overwrite([record for record, _ in pairs if record.pk in standing], record_columns or _columns(models.Record, "first_seen_at"))
    tracked = [(record, conclusion) for (record, _), conclusion in zip(pairs, derived, strict=True) if conclusion.is_tracked]
    _write_trials(tracked, with_trial)
    return derived


def _overwrite(objects: Sequence, columns: Sequence[str]) -> None:
    """Write these columns of rows that are there already."""
    if objects:
        model = type(objects[0])
        model.objects.bulk_create(objects, update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=columns)


def _columns(model, *but: str) -> list[str]:
    """The names of a model's columns, without its key and those in `but`."""
    return [field.name for field in model._meta.concrete_fields if not field.primary_key and field.name not in but]


def _write_trials(tracked: Sequence[tuple[models.Record, Derived]], with_trial: set[int]) -> None:
    if not tracked:
        return
    trials = {record.pk: _trial(record, derived) for record, derived in tracked}
    replaced = with_trial & trials.keys()
    if new := [row for pk, row in trials.items() if pk not in replaced]:
        storage.add(models.Trial, new)
    _overwrite([models.Trial(*trials[pk]) for pk in sorted(replaced)], _columns(models.Trial))
    taxonomy = (dict(Approach.objects.values_list("slug", "pk")), dict(Therapy.objects.values_list("slug", "pk")))
    for model, rows in _parts(tracked, *taxonomy).items():
        _replace(model, rows, replaced)
    search.write([_document(derived, record.pk) for record, derived in tracked])


def _replace(model, rows: list[storage.Row], replaced: set[int]) -> None:
    """Write these rows, each of which begins with its trial. Those that `replaced` trials have now go, and what is so already stays alone.

    Conclusions are written anew all the same: their keys tell `trials.version` that a trial was worked out again.
    """
    unchanged = set()
    if replaced and model in PARTS:
        stands = model.objects.filter(trial__in=replaced).order_by("trial", "position").values_list(*storage.columns_of(model))
        before, after = _by_trial(map(list, stands)), _by_trial(rows)
        unchanged = {pk for pk in replaced if before[pk] == after[pk]}
    if changed := replaced - unchanged:
        model.objects.filter(trial__in=changed).delete()
    if new := [row for row in rows if row[0] not in unchanged]:
        storage.add(model, new)


def _by_trial(rows: Iterable[storage.Row]) -> defaultdict[int, list[storage.Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _trial(record: models.Record, derived: Derived) -> storage.Row:
    study, effective, eligibility = derived.study, derived.effective, derived.eligibility
    start, primary_completion, completion = study.start, study.primary_completion, study.completion
    others = {
        "record_id": record.pk,
        "status": study.overall_status,
        "start_date": start and start.date,
        "start_date_kind": start.kind if start else "",
        "primary_completion_date": primary_completion and primary_completion.date,
        "primary_completion_date_kind": primary_completion.kind if primary_completion else "",
        "completion_date": completion and completion.date,
        "completion_date_kind": completion.kind if completion else "",
        "phases": "/".join(study.phases),
        "organization_name": study.organization.name,
        "sponsor_name": study.lead_sponsor.name,
        "sponsor_class": study.lead_sponsor.sponsor_class,
        "condition_meshes": [mesh.term for mesh in study.condition_meshes],
        "intervention_meshes": [mesh.term for mesh in study.intervention_meshes],
        "is_listed": effective.is_listed,
        "needs_review": effective.needs_review,
        "review_reason": " ".join(effective.review_reasons),
        "countries": _countries(study),
        "ms_courses": list(eligibility.ms_courses),
        "edss_min": eligibility.edss_min,
        "edss_max": eligibility.edss_max,
        "disease_duration_min_years": eligibility.disease_duration_min_years,
        "disease_duration_max_years": eligibility.disease_duration_max_years,
        "secondary_ids": _plain(study.secondary_ids),
        "available_ipd": _plain(study.available_ipd),
        "documents": _plain(study.documents),
    }
    return _in_order((*_same_name(study), *(others[name] for name in _OTHERS)))


def _parts(
    tracked: Sequence[tuple[models.Record, Derived]], approaches: dict[str, int], therapies: dict[str, int]
) -> dict[type[Model], list[storage.Row]]:
    """The rows that belong to these trials, by table; each begins with its trial. The dicts give the taxonomy's keys by slug."""
    rows: dict[type[Model], list[storage.Row]] = {model: [] for model in (*PARTS, *_CONCLUSIONS)}
    for model, records in PARTS.items():
        read, lists = _READ[model]
        rows[model] = [
            [record.pk, position, *read(item)] for record, derived in tracked for position, item in enumerate(records(derived.study))
        ]
        for row in rows[model] if lists else ():
            for place in lists:
                row[place] = _plain(row[place])
    for record, derived in tracked:
        trial_id, study, found, effective = record.pk, derived.study, derived.classification, derived.effective
        rows[models.Alias] += [(trial_id, alias) for alias in dict.fromkeys(study.nct_id_aliases)]
        rows[models.TrialCountry] += [(trial_id, name) for name in _countries(study)]
        if found.condition:
            rows[models.Finding].append(_finding(trial_id, None, found.condition))
        rows[models.Finding] += [
            _finding(trial_id, approaches[match.approach.value], finding) for match in found.matches for finding in match.findings
        ]
        rows[models.TrialApproach] += [
            (
                *(trial_id, approaches[item.approach], item.role),
                *(list(item.donors), list(item.cell_sources), list(item.routes), item.confidence, item.origin),
            )
            for item in effective.approaches
        ]
        rows[models.TrialTherapy] += [(trial_id, therapies[slug]) for slug in effective.therapies]
    return rows


_CONCLUSIONS = (models.Alias, models.TrialCountry, models.Finding, models.TrialApproach, models.TrialTherapy)
_READ = {
    model: (
        attrgetter(*storage.columns_of(model)[2:]),
        [place for place, name in enumerate(storage.columns_of(model)) if isinstance(model._meta.get_field(name), JSONField)],
    )
    for model in PARTS
}
"""What fills the columns of a part after its trial and position, from the record of a study, and the places of those that hold lists."""


def _finding(trial_id: int, approach_id: int | None, finding) -> storage.Row:
    return (trial_id, approach_id, finding.kind, finding.value, finding.rule, finding.field, finding.quote, finding.confidence)


_AS_IT_IS = {str, int, float, bool, type(None)}


def _plain(value):
    """A record's value as a column or JSON takes it: records as objects, tuples as lists, dates as the registry's text."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, tuple):
        return [item if type(item) is str else _plain(item) for item in value]
    if isinstance(value, PartialDate):
        return str(value)
    return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}


def _countries(study: Study) -> list[str]:
    return sorted({site.country for site in study.sites if site.country})


def _document(derived: Derived, trial_id: int) -> search.Document:
    """What text search looks in: the words of the record, and our short names (`ahsct-beam`), which a record often does not use."""
    study, effective = derived.study, derived.effective

    def lines(*texts: str) -> str:
        return "\n".join(dict.fromkeys(filter(None, texts)))

    places = (part for site in study.sites for part in (site.facility, site.city, site.state, site.country))
    return search.Document(
        trial_id,
        ids=lines(
            *(study.nct_id, *study.nct_id_aliases, study.org_study_id),
            *(item.id for item in study.secondary_ids),
            *(item.approach for item in effective.approaches),
            *effective.therapies,
        ),
        title=lines(study.brief_title, study.official_title),
        acronym=study.acronym,
        interventions=lines(
            *(name for item in study.interventions for name in (item.name, *item.other_names)), *(arm.label for arm in study.arms)
        ),
        conditions=lines(*study.conditions, *study.keywords),
        sponsor=lines(study.lead_sponsor.name, *(sponsor.name for sponsor in study.collaborators)),
        sites=lines(*places),
        summary=study.brief_summary,
    )


_WRITTEN_APART = {"phases", "condition_meshes", "intervention_meshes", "secondary_ids", "available_ipd", "documents"}
_SAME_NAME = [name for name in storage.columns_of(models.Trial) if name in set(Study.__struct_fields__) - _WRITTEN_APART]
"""The columns of Trial that are named as the field of Study that fills them, and as it is."""
_OTHERS = [name for name in storage.columns_of(models.Trial) if name not in _SAME_NAME]
_same_name = attrgetter(*_SAME_NAME)
_in_order = itemgetter(*map([*_SAME_NAME, *_OTHERS].index, storage.columns_of(models.Trial)))
