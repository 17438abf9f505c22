"""Whether the site lives and is ready: `/healthz` for what restarts a process, `/readyz` for what sends it readers or wakes a person.

Only the database decides whether readers are sent here (503): without Redis, a worker or a fresh sync the pages still read. Those make the
state `degraded`, with status 200, and the answer says which. It holds no names, addresses or errors: anybody may ask.
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

from trials.models import SyncRun
from trialtracker import heartbeat

WORKER_LOST_AFTER = 60
"""Seconds without a heartbeat after which no worker is taken to be alive: four were missed."""

SYNC_OLD_AFTER = timedelta(hours=48)
"""Two daily syncs were missed."""

REDIS_PATIENCE = 2
"""Seconds to wait for Redis: a probe has to answer before its asker gives up."""


@require_safe
@never_cache
def live(request):
    """The process answers; it asks nothing of anything else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request):
    """Each check with `ok`, and what was measured: `{"state": "ready" | "degraded" | "unready", "checks": {...}}`."""
    checks = {"database": _database(), "broker": _broker(), "cache": _cache(), "worker": _worker()}
    checks["sync"] = _sync() if checks["database"]["ok"] else {"ok": False, "hours": None}
    state = "ready" if all(check["ok"] for check in checks.values()) else "degraded" if checks["database"]["ok"] else "unready"
    return JsonResponse({"state": state, "checks": checks}, status=503 if state == "unready" else 200)


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return {"ok": cursor.fetchone() == (1,)}
    except DatabaseError:
        return {"ok": False}


def _broker():
    if not settings.REDIS_URL:
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]
        return {"ok": os.access(folder, os.R_OK | os.W_OK | os.X_OK)}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=REDIS_PATIENCE, socket_timeout=REDIS_PATIENCE) as client:
            return {"ok": client.ping()}
    except redis.RedisError:
        return {"ok": False}


def _cache():
    key, value = f"trialtracker.ready.{secrets.token_hex(8)}", secrets.token_hex(8)
    try:
        cache.set(key, value, timeout=10)
        return {"ok": cache.get(key) == value}
    except OSError:  # the cache of files, on a full or unwritable disk
        return {"ok": False}
    finally:
        cache.delete(key)


def _worker():
    seconds = heartbeat.seconds_since()
    return {"ok": seconds is not None and seconds <= WORKER_LOST_AFTER, "seconds": seconds}


def _sync():
    kinds = (SyncRun.Kind.FULL, SyncRun.Kind.UPDATED)
    try:
        runs = SyncRun.objects.filter(kind__in=kinds, state=SyncRun.State.COMPLETE, finished_at__isnull=False)
        finished = runs.order_by("-finished_at").values_list("finished_at", flat=True).first()
    except DatabaseError:  # no table yet
        finished = None
    if finished is None:
        return {"ok": False, "hours": None}
    age = timezone.now() - finished
    return {"ok": age <= SYNC_OLD_AFTER, "hours": round(age / timedelta(hours=1), 1)}
