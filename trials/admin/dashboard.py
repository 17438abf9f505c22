"""The admin's first page: what happened, what waits, what has gone stale."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import admin
from django.utils import timezone

from therapies.models import Approach, Source, Therapy
from trials.admin.review import KINDS, because
from trials.models import Record, SyncFailure, SyncRun, Trial, TrialChange, Visit

SHOWN = 5
"""Rows of each list; each says how many there are and leads to the rest."""

VISIT_ENDS = dt.timedelta(hours=2)
"""After this long without the first page, the next look at it is a new visit."""


@dataclass
class News:
    """Trials that are new or changed since a time, counted, the latest few named."""

    since: dt.datetime | None
    new_count: int = 0
    new: tuple = ()
    changed_count: int = 0
    changed: tuple = ()


def since_last_visit(user) -> dt.datetime | None:
    """When this person's visit before this one was; None at the first. Looking again within a visit does not move it."""
    now = timezone.now()
    visit, created = Visit.objects.get_or_create(user=user, defaults={"looked_at": now})
    if not created:
        if now - visit.looked_at > VISIT_ENDS:
            visit.before = visit.looked_at
        visit.looked_at = now
        visit.save()
    return visit.before


def news_for(user) -> News:
    since = since_last_visit(user)
    if since is None:
        return News(None)
    new = Trial.objects.filter(record__first_seen_at__gt=since).only("nct_id", "brief_title").order_by("-record__first_seen_at", "nct_id")
    changes = TrialChange.objects.filter(seen_at__gt=since, trial__record__first_seen_at__lte=since)
    changed = Trial.objects.filter(pk__in=changes.order_by().values("trial")).only("nct_id", "brief_title").order_by("nct_id")
    return News(since, new.count(), tuple(new[:SHOWN]), changed.count(), tuple(changed[:SHOWN]))


def due(rows):
    found = rows.due_for_review(timezone.localdate()).order_by("reviewed_on")
    return found.count(), found[:SHOWN]


def dashboard(request):
    """Django's own index with what a curator asks first above it; what a person may not see is not asked for."""
    context = {"title": "What happened, what waits"}
    if request.user.has_perm("trials.view_trial"):
        waiting = Trial.objects.filter(needs_review=True)
        nearly = Record.objects.filter(nearly_in_scope=True).defer("payload").order_by("-changed_at")
        runs = SyncRun.objects.all()
        latest = runs.first()
        context |= {
            "latest": latest,
            "last_complete": runs.filter(state=SyncRun.State.COMPLETE).first(),
            "failures": SyncFailure.objects.filter(run=latest)[:SHOWN] if latest else (),
            "waiting": waiting.count(),
            "kinds": [(key, words, waiting.filter(because(beginnings)).count()) for key, (words, beginnings) in KINDS.items()],
            "news": news_for(request.user),
            "nearly_count": nearly.count(),
            "nearly": nearly[:SHOWN],
        }
    if request.user.has_perm("therapies.view_therapy"):
        context["due"] = [("therapies", "therapy", *due(Therapy.objects)), ("approaches", "approach", *due(Approach.objects))]
        context["broken"] = Source.objects.broken().count()
        context["drafts"] = Therapy.objects.filter(is_published=False).count()
        context["proposals"] = Therapy.objects.with_proposals().count() + Approach.objects.with_proposals().count()
    return admin.site.index(request, context)
