"""Background work, a few lines each; what it does lives in `sync` and `derive`. Task names are stable: schedules refer to them."""

import datetime as dt

from celery import group, shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import OperationalError, connections
from django.utils import timezone

from trials import snapshots
from trials.derive import rederive
from trials.locks import SyncIsRunning, only_sync
from trials.models import Record, SyncRun
from trials.sync import Request, close_interrupted_runs, registry_client, slices, sync

RETRY_AFTER = (5 * 60, 30 * 60, 2 * 60 * 60)
"""Seconds to wait before a sync that the registry failed is tried again: it may be down for minutes or for hours."""

BUSY_AGAIN, BUSY_RETRIES = 60, 6 * 60
"""Seconds after which a sync that found another one running asks again, and how often: what was asked for is not dropped."""

MOST_RETRIES = len(RETRY_AFTER) + BUSY_RETRIES


@shared_task(name="trials.sync_updated", bind=True, max_retries=MOST_RETRIES)
def sync_updated(self):
    """Studies updated since the last complete sync."""
    return _sync(self, Request())


@shared_task(name="trials.sync_full", bind=True, max_retries=MOST_RETRIES)
def sync_full(self):
    """Every study of the scope; marks those that the registry no longer lists."""
    return _sync(self, Request(full=True))


@shared_task(name="trials.sync_chosen", bind=True, max_retries=MOST_RETRIES)
def sync_chosen(self, nct_ids):
    """The studies with these NCT ids."""
    return _sync(self, Request(nct_ids=tuple(nct_ids)))


@shared_task(name="trials.sync_backlog")
def sync_backlog(workers):
    """Hand out the whole scope in slices for so many workers to take in side by side; a sync of every study then settles what is gone."""
    spans = slices(timezone.localdate())
    group(sync_slice.s(f"{since}", f"{until}", workers) for since, until in spans).apply_async()
    return len(spans)


@shared_task(name="trials.sync_slice", bind=True, max_retries=MOST_RETRIES)
def sync_slice(self, since, until, workers=1):
    """The studies last updated in a span of days, given as ISO dates. Done again, it writes nothing twice."""
    return _sync(self, Request(since=dt.date.fromisoformat(since), until=dt.date.fromisoformat(until)), registry_client(workers))


@shared_task(name="trials.rederive")
def rederive_trials(record_ids=None):
    """Classify again, from the stored records; all of them or those with these study numbers."""
    return rederive(None if record_ids is None else Record.objects.filter(pk__in=record_ids))


@shared_task(name="trials.make_snapshot", bind=True, max_retries=MOST_RETRIES)
def make_snapshot(self):
    """A dated copy of everything tracked, for papers to cite."""
    try:
        return snapshots.make().name
    except SyncIsRunning as busy:
        raise _again_when_free(self, busy) from busy


@shared_task(name="trials.resume_interrupted")
def resume_interrupted():
    """Close the runs that a crash left open and, if there were any against the whole scope, see that the work is done again."""
    try:
        with only_sync():
            kinds = set(SyncRun.objects.filter(state=SyncRun.State.RUNNING).values_list("kind", flat=True))
            close_interrupted_runs()
    except SyncIsRunning as busy:
        return str(busy)
    # The embedded broker hands out at once what a killed worker had in hand; Redis only after its visibility time-out, hours later.
    if settings.REDIS_URL and SyncRun.Kind.FULL in kinds:
        sync_full.delay()
    elif settings.REDIS_URL and SyncRun.Kind.UPDATED in kinds:
        sync_updated.delay()
    return f"interrupted: {', '.join(sorted(kinds)) or 'none'}"


@worker_ready.connect
def heal_at_start(sender, **kwargs):
    """Look for what a killed worker left, before this one takes its first task: that would find the sync's lock held."""
    resume_interrupted()
    connections.close_all()


def _sync(task, request, client=None):
    faults = task.request.retries - _waited(task)
    try:
        run = sync(request, client=client, on_progress=lambda run, total: _tell(task, run, total))
    except SyncIsRunning as busy:
        raise _again_when_free(task, busy) from busy
    except OperationalError as error:  # the database is full, or was away for a moment
        connections.close_all()
        if faults >= len(RETRY_AFTER):
            raise
        raise task.retry(countdown=RETRY_AFTER[faults], exc=error) from error
    if run.state == SyncRun.State.FAILED and faults < len(RETRY_AFTER):
        raise task.retry(countdown=RETRY_AFTER[faults], exc=RuntimeError(run.message))
    return {"run": run.pk, "state": run.state, "summary": run.summary, "message": run.message}


def _again_when_free(task, busy):
    """Have a task that found a sync running try again; its message counts how often it waited, apart from its faults."""
    waited = _waited(task)
    if waited >= BUSY_RETRIES:
        return busy
    return task.retry(countdown=BUSY_AGAIN, exc=busy, headers=(task.request.headers or {}) | {"waited": waited + 1})


def _waited(task):
    return (task.request.headers or {}).get("waited", 0)


def _tell(task, run, total):
    task.update_state(state="PROGRESS", meta={"run": run.pk, "fetched": run.fetched, "total": total, "summary": run.summary})
