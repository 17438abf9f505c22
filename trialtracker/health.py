"""Whether the site lives, is ready, and needs a person: `/healthz` for what restarts a process, `/readyz` for what sends it readers.

Only the database decides whether readers are sent here (503): without Redis, a worker or a fresh sync the pages still read. Whatever else
is wrong makes the state `degraded`, with status 200, and is an alarm (`alarms`); docs/runbook.md has a section for each check. The answer
holds no names, addresses or errors: anybody may ask.
"""

import os
import secrets
from datetime import timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from trials.models import SyncRun, Trial
from trialtracker import heartbeat

LOST_AFTER = 60
"""Seconds without a sign of life after which a worker or beat is missed: it gives one every 5 to 15, however far the next task is."""

REDIS_PATIENCE = 2
"""Seconds to wait for Redis: a probe has to answer before its asker gives up."""

AGAINST_THE_REGISTRY = (SyncRun.Kind.FULL, SyncRun.Kind.UPDATED)


@require_safe
@never_cache
def live(request):
    """The process answers; it asks nothing of anything else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request):
    """Each check with `ok`, and what was measured: `{"state": "ready" | "degraded" | "unready", "checks": {...}}`."""
    found = checks()
    state = "ready" if all(check["ok"] for check in found.values()) else "degraded" if found["database"]["ok"] else "unready"
    return JsonResponse({"state": state, "checks": found}, status=503 if state == "unready" else 200)


def checks() -> dict[str, dict]:
    """Every check by name, as `{"ok": whether it is well, what was measured: ...}`; None where it could not be measured."""
    broker = _broker()
    found = {"database": _database(), "broker": broker, "cache": _cache(), **_alive(), "backlog": _backlog(broker["ok"])}
    for name, check in (("sync", _sync), ("last_run", _last_run), ("review", _review)):
        try:
            found[name] = check() if found["database"]["ok"] else {"ok": False}
        except DatabaseError:  # no table yet
            found[name] = {"ok": False}
    return found


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return {"ok": cursor.fetchone() == (1,)}
    except DatabaseError:
        return {"ok": False}


def _redis():
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=REDIS_PATIENCE, socket_timeout=REDIS_PATIENCE)


def _broker():
    if not settings.REDIS_URL:
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]
        return {"ok": os.access(folder, os.R_OK | os.W_OK | os.X_OK)}
    try:
        with _redis() as client:
            return {"ok": client.ping()}
    except redis.RedisError:
        return {"ok": False}


def _backlog(has_broker):
    """Messages that wait for a worker; with the embedded broker also those in its hands."""
    try:
        messages = _messages() if has_broker else None
    except (OSError, redis.RedisError):
        messages = None
    return {"ok": messages is None or messages <= settings.ALARM_BACKLOG, "messages": messages}


def _messages():
    queue = settings.CELERY_TASK_DEFAULT_QUEUE
    if settings.REDIS_URL:
        with _redis() as client:
            return client.llen(queue)
    return sum(name.endswith(f".{queue}.msg") for name in os.listdir(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]))


def _cache():
    key, value = f"trialtracker.ready.{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, value, timeout=10)
    found = cache.get(key)
    cache.delete(key)
    return {"ok": found == value}


def _alive():
    """How long a worker and beat have said nothing."""
    silent = {who: heartbeat.seconds_since(who) for who in ("worker", "beat")}
    return {who: {"ok": seconds is not None and seconds <= LOST_AFTER, "seconds": seconds} for who, seconds in silent.items()}


def _sync():
    """The age of the last complete sync with the registry; below 0 where the clock went back since."""
    runs = SyncRun.objects.filter(kind__in=AGAINST_THE_REGISTRY, state=SyncRun.State.COMPLETE, finished_at__isnull=False)
    finished = runs.order_by("-pk").values_list("finished_at", flat=True).first()
    if finished is None:
        return {"ok": False, "hours": None}
    age = timezone.now() - finished
    return {"ok": abs(age) <= timedelta(hours=settings.ALARM_SYNC_HOURS), "hours": round(age / timedelta(hours=1), 1)}


def _last_run():
    """How the last run that ended went: whether it stopped to ask, and the share of studies that could not be taken in."""
    run = SyncRun.objects.filter(kind__in=AGAINST_THE_REGISTRY, finished_at__isnull=False).order_by("-pk").first()
    if run is None:
        return {"ok": True, "run": None, "failed_percent": None}
    percent = round(100 * run.failed / max(run.fetched, run.failed, 1), 1)
    is_ok = run.state != SyncRun.State.ABORTED and percent <= settings.ALARM_FAILED_PERCENT
    return {"ok": is_ok, "run": run.state, "failed_percent": percent}


def _review():
    """Trials that wait for a curator."""
    waiting = Trial.objects.filter(needs_review=True).count()
    return {"ok": waiting <= settings.ALARM_REVIEW_QUEUE, "trials": waiting}
