"""Keeps the proposals of trial families in step with the trials; what a curator has decided stays as it is."""

from collections import defaultdict
from dataclasses import asdict

from django.db import transaction
from django.db.models import Count, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from trials import payload
from trials.families import Link, Proposal, propose
from trials.models import Family, Record, Trial, TrialApproach
from trials.registry.normalise import nct_number

State = Family.State


def propose_families() -> int:
    """Propose families among the trials of an approach anew, from the stored records; return how many proposals stand now.

    Whatever else is tracked (TRACKER_TRACK=all) is on no chart that counts programmes.

    A proposal that says no more than a decided family (its trials are all in one that was confirmed, or are those of one that was refused)
    is not made again. One that adds a registration to a confirmed family is. One that stood before stays the row that it was: a curator may
    have its page open.
    """
    records = Record.objects.filter(in_scope=True, pk__in=TrialApproach.objects.values("trial")).only("payload")
    proposals = propose(payload.study(record.payload) for record in records.iterator(chunk_size=200))
    with transaction.atomic():
        members = defaultdict(set)
        for family_id, trial_id in Family.trials.through.objects.values_list("family_id", "trial_id"):
            members[family_id].add(trial_id)
        before = Family.objects.filter(state=State.PROPOSED).select_for_update()
        rows = {frozenset(members[family.pk]): family for family in before}
        decided = [members[pk] for pk in Family.objects.exclude(state=State.PROPOSED).values_list("pk", flat=True)]
        standing = [proposal for proposal in proposals if not _is_decided(proposal, decided)]
        wanted = {frozenset(map(nct_number, proposal.nct_ids)): proposal for proposal in standing}
        Family.objects.filter(pk__in=[family.pk for numbers, family in rows.items() if numbers not in wanted]).delete()
        for numbers, proposal in wanted.items():
            family = rows.get(numbers, Family())
            name, links = proposal.name, [_kept(link) for link in proposal.links]
            if (family.name, family.links) != (name, links):
                family.name, family.links = name, links
                family.save()
            if numbers not in rows:
                family.trials.set(numbers)
    return len(standing)


def _kept(link: Link) -> dict:
    """A link as the database gives it back, so that the two can be compared."""
    return asdict(link) | {"nct_ids": list(link.nct_ids), "quotes": list(link.quotes)}


def _is_decided(proposal: Proposal, decided: list[set[int]]) -> bool:
    numbers = {nct_number(nct_id) for nct_id in proposal.nct_ids}
    return any(numbers <= members for members in decided)


def counted_once(trials) -> int:
    """How many programmes these trials are: registrations of one confirmed family count once, every other trial for itself."""
    family = Family.objects.filter(state=State.CONFIRMED, trials=OuterRef("pk")).order_by("pk").values("pk")[:1]
    first = Trial.objects.filter(families=OuterRef("family")).order_by().values("families").annotate(first=Min("pk")).values("first")
    counted = trials.order_by().annotate(family=Subquery(family)).annotate(programme=Coalesce(Subquery(first), "pk"))
    return counted.aggregate(count=Count("programme", distinct=True))["count"]


def programme_of() -> dict[int, int]:
    """The number of its programme for each trial of a confirmed family, as `counted_once` tells them apart: the lowest in the family."""
    programmes, first = {}, {}
    families = Family.objects.filter(state=State.CONFIRMED, trials__isnull=False).order_by("pk", "trials")
    for family, trial in families.values_list("pk", "trials"):
        programmes.setdefault(trial, first.setdefault(family, trial))
    return programmes
