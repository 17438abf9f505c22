"""The one writer of judgements: what a curator decides becomes rows, takes the place of what stood, and shows at once.

Every room of the admin goes through here, so that a judgement always carries the ground it rests on and what the classifier said then.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from therapies.models import Approach, Therapy
from trials import payload
from trials.basis import basis_of
from trials.curation import Judgement, answer
from trials.derive import Derived, conclusion, rederive
from trials.evidence import evidence_of
from trials.models import Curation, Record

REPLACED = "A later judgement took its place."

CONFIRM = (Judgement("confirm"),)
EXCLUDE = (Judgement("hide"),)
NOTE = (Judgement("note"),)


class Overtaken(Exception):
    """Since the curator opened the study, somebody else has judged it or a sync has changed its record. `judgements`: what was judged."""

    def __init__(self, judgements: Sequence[Curation], record_changed: bool):
        super().__init__("overtaken")
        self.judgements = judgements
        self.record_changed = record_changed


def stamp(record: Record) -> str:
    """What a curator has seen who sees the study now: the version of its record, the latest judgement and how many stand."""
    rows = list(record.curations.order_by("pk").values_list("pk", "withdrawn_at"))
    standing = sum(withdrawn_at is None for _, withdrawn_at in rows)
    return f"{payload.version(record.payload)}.{rows[-1][0] if rows else 0}.{standing}"


def check(record: Record, seen: str) -> None:
    """Overtaken, where a study is no longer as its `stamp` says that the curator saw it."""
    if seen == stamp(record):
        return
    version, last_seen, _ = [*seen.split("."), "0", "0"][:3]
    newer = record.curations.filter(pk__gt=int(last_seen) if last_seen.isdecimal() else 0)
    rows = list(newer.select_related("approach", "therapy", "judged_by").order_by("pk"))
    raise Overtaken(rows, version != payload.version(record.payload))


def decide(
    record: Record,
    judgements: Sequence[Judgement] | Callable[[Derived], Sequence[Judgement]],
    *,
    by,
    reason: str,
    source_url: str = "",
    seen: str | None = None,
    replaces_all: bool = True,
) -> list[Curation]:
    """Write judgements of one study, given as values or as a function of what is concluded of it now; return the rows.

    They take the place of all that stood, or with `replaces_all=False` of what was about the same; notes replace nothing. `seen` is the
    `stamp` of what the curator saw: Overtaken, and nothing written, where that is no longer so.
    """
    with transaction.atomic():
        record = Record.objects.locked().get(pk=record.pk)
        if seen is not None:
            check(record, seen)
        rows = write(record, judgements, by=by, reason=reason, source_url=source_url, replaces_all=replaces_all)
        rederive(Record.objects.filter(pk=record.pk))
    return rows


def write(record, judgements, *, by, reason, source_url="", replaces_all=True) -> list[Curation]:
    """As `decide`, but without working out what is shown: the caller holds the transaction and rederives what it wrote."""
    derived = conclusion(record)
    if callable(judgements):
        judgements = judgements(derived)
    _replace(record, judgements, by, replaces_all)
    evidence, found = evidence_of(derived.study), derived.classification
    said = [("", found.condition)] if found.condition else []
    said += [(match.approach.value, finding) for match in found.matches for finding in match.findings]
    basis = basis_of(evidence, [*(finding for _, finding in said), *found.mentions])
    approaches = {approach.slug: approach for approach in Approach.objects.all()}
    therapies = {therapy.slug: therapy for therapy in Therapy.objects.filter(slug__in=[judgement.therapy for judgement in judgements])}
    return Curation.objects.bulk_create(
        Curation(
            record=record,
            field=judgement.field,
            approach=approaches.get(judgement.approach),
            role=judgement.role,
            therapy=therapies.get(judgement.therapy),
            reason=reason,
            source_url=source_url,
            judged_by=by,
            judged_at=timezone.now(),
            basis=basis,
            findings=[{"approach": approach, **asdict(finding)} for approach, finding in said],
        )
        for judgement in judgements
    )


def withdraw(curations: Iterable[Curation], *, by, why: str) -> int:
    """Take judgements back: they stay in the log, and what is shown follows. Returns how many stood."""
    with transaction.atomic():
        standing = Curation.objects.filter(pk__in=[curation.pk for curation in curations], withdrawn_at=None)
        records = set(standing.values_list("record", flat=True))
        list(Record.objects.locked().filter(pk__in=records).values_list("pk"))
        count = standing.update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_why=why)
        if records:
            rederive(Record.objects.filter(pk__in=records))
    return count


def as_shown(derived: Derived) -> tuple[Judgement, ...]:
    """The judgements that keep what is shown now, on the record as it reads now."""
    if is_excluded(derived):
        return EXCLUDE
    return answer(derived.classification, {item.approach: item.role for item in derived.effective.approaches}, derived.effective.therapies)


def is_excluded(derived: Derived) -> bool:
    return any(judgement.field == "hide" for judgement in derived.judgements)


def _replace(record, judgements, by, replaces_all):
    if all(judgement.field == Curation.Field.NOTE for judgement in judgements):
        return
    about = {judgement.about for judgement in judgements}
    standing = record.curations.filter(withdrawn_at=None).exclude(field=Curation.Field.NOTE).select_related("approach", "therapy")
    replaced = [curation.pk for curation in standing if replaces_all or _about(curation) in about]
    Curation.objects.filter(pk__in=replaced).update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_why=REPLACED)


def _about(curation):
    approach, therapy = curation.approach and curation.approach.slug, curation.therapy and curation.therapy.slug
    return Judgement(curation.field, approach=approach or "", therapy=therapy or "").about
