"""What a machine reads at `/metrics` to draw curves and to wake a person: requests as they are answered, and the state of the data.

Requests are counted in each process and summed over the processes of one web server (`PROMETHEUS_MULTIPROC_DIR`, which gunicorn.conf.py
makes). Closed to the outside: with `METRICS_TOKEN`, whoever sends it; without one, this machine alone, and nobody behind a proxy.
"""

import ipaddress
import os
import secrets
import time

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from alerts.models import Mail
from trials.models import SyncRun
from trialtracker import health

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
PROXIED = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Via"}

REQUESTS = Counter("trialtracker_requests", "Requests answered.", ["view", "method", "status"], registry=None)
SECONDS = Histogram(
    "trialtracker_request_seconds",
    "Seconds until an answer began.",
    ["view"],
    registry=None,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def count_requests(get_response):
    """Middleware that counts each answer under the name of its view: never under its address, which may tell of an illness."""

    def answer(request):
        began = time.perf_counter()
        response = get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        REQUESTS.labels(view, request.method if request.method in METHODS else "other", response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - began)
        return response

    return answer


@require_safe
@never_cache
def metrics(request):
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    registry.register(State())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").encode()
        return secrets.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())
    if settings.BEHIND_TLS or PROXIED & set(request.headers):
        return False
    try:
        return ipaddress.ip_address(request.META["REMOTE_ADDR"]).is_loopback
    except ValueError:  # a Unix socket: whoever is behind it
        return False


class State:
    """Gauges that are asked of the database when they are read; what cannot be measured is left out."""

    def collect(self):
        checks = health.checks()
        yield _gauge("check_ok", "1 where a check of /readyz is well.", "check", {name: int(check["ok"]) for name, check in checks.items()})
        hours = checks["sync"].get("hours")
        for name, text, value in (
            ("last_complete_sync_age_seconds", "Since the last complete sync ended.", None if hours is None else hours * 3600),
            ("last_run_failed_percent", "Share of the last run's studies that failed.", checks["last_run"].get("failed_percent")),
            ("review_queue", "Trials that wait for a curator.", checks["review"].get("trials")),
            ("broker_messages", "Messages that wait for a worker.", checks["backlog"]["messages"]),
            ("worker_silent_seconds", "Since a worker last said that it lives.", checks["worker"]["seconds"]),
            ("beat_silent_seconds", "Since beat last said that it lives.", checks["beat"]["seconds"]),
        ):
            if value is not None:
                yield GaugeMetricFamily(f"trialtracker_{name}", text, value=value)
        if checks["database"]["ok"]:
            runs = SyncRun.objects.order_by()
            yield _gauge("sync_runs", "Syncs by how they ended.", "state", _counted(runs.values_list("state"), SyncRun.State))
            if last := runs.filter(kind__in=health.AGAINST_THE_REGISTRY, finished_at__isnull=False).order_by("-pk").first():
                done = {name: getattr(last, name) for name in ("fetched", "created", "updated", "unchanged", "missing", "failed")}
                yield _gauge("last_run_studies", "Studies of the last run that ended, by what came of them.", "outcome", done)
            yield _gauge("mails", "Mails of the outbox.", "state", _counted(Mail.objects.order_by().values_list("state"), Mail.State))


def _counted(values, choices) -> dict[str, int]:
    return dict.fromkeys(choices.values, 0) | dict(values.annotate(Count("pk")))


def _gauge(name, text, label, values) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"trialtracker_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
