"""Live and ready: each thing that can be away is taken away, and the answer says which, while pages go on reading."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.records import REPO
from tests.servers import free_port
from trials.models import SyncRun
from trialtracker import health, heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy():
    """A worker and beat that have just said that they live, and a sync of an hour ago."""
    heartbeat.say_alive("worker")
    heartbeat.say_alive("beat")
    return SyncRun.objects.create(kind="full", state="complete", finished_at=timezone.now() - dt.timedelta(hours=1))


def ask(client):
    response = client.get("/readyz")
    answer = response.json()
    return response.status_code, answer["state"], {name for name, check in answer["checks"].items() if not check["ok"]}


def test_ready(client, healthy):
    assert ask(client) == (200, "ready", set())
    assert client.get("/readyz").json()["checks"]["sync"]["hours"] == 1.0
    assert "no-store" in client.get("/readyz").headers["Cache-Control"]


@pytest.mark.parametrize("who", ["worker", "beat"])
def test_a_worker_or_beat_that_fell_silent_is_missed(client, healthy, who):
    key = heartbeat.KEY.format(who)
    cache.set(key, time.time() - health.LOST_AFTER - 5)
    assert ask(client) == (200, "degraded", {who})
    cache.delete(key)
    assert ask(client) == (200, "degraded", {who})


def test_a_sync_of_two_days_ago_is_old(client, healthy):
    SyncRun.objects.update(finished_at=timezone.now() - dt.timedelta(hours=49))
    assert ask(client) == (200, "degraded", {"sync"})


def test_signs_from_a_time_that_is_still_to_come_are_none(client, healthy):
    """The clock was ahead and was set right; whoever lives says so again."""
    cache.set_many({heartbeat.KEY.format(who): time.time() + 3600 for who in ("worker", "beat")})
    SyncRun.objects.update(finished_at=timezone.now() + dt.timedelta(hours=49))
    assert ask(client) == (200, "degraded", {"beat", "sync", "worker"})
    SyncRun.objects.create(kind="full", state="complete", finished_at=timezone.now())
    heartbeat.say_alive("worker")
    heartbeat.say_alive("beat")
    assert ask(client) == (200, "ready", set())


@pytest.mark.parametrize(("column", "value"), [("state", "failed"), ("state", "interrupted"), ("kind", "starter"), ("kind", "file")])
def test_only_a_complete_sync_with_the_registry_counts(client, healthy, column, value):
    SyncRun.objects.update(**{column: value})
    assert ask(client) == (200, "degraded", {"sync"})


ASK = """
import json, sys, django; django.setup()
from django.test import Client
if 'no-broker' in sys.argv:
    import shutil; from django.conf import settings; shutil.rmtree(settings.CELERY_BROKER_TRANSPORT_OPTIONS['data_folder_in'])
ready = Client(raise_request_exception=False).get('/readyz')
answer = ready.json()
out = [ready.status_code, answer['state'], sorted(name for name, check in answer['checks'].items() if not check['ok'])]
print(json.dumps([*out, *(Client(raise_request_exception=False).get(path).status_code for path in sys.argv[1:] if path[0] == '/')]))
"""


@pytest.fixture
def elsewhere(tmp_path, migrated_file):
    """Ask a TrialTracker of its own, in a process of its own: `[status, state, what is not ok, the status of each path asked for]`."""

    def run(*arguments, **variables):
        environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        environment |= {"ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "trialtracker.settings"}
        shutil.copy(migrated_file, tmp_path)
        environment |= {"PYTHONWARNINGS": "ignore", "ALLOWED_HOSTS": "testserver", **variables}
        done = subprocess.run(
            [sys.executable, "-c", ASK, *arguments], cwd=REPO, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.mark.storeless
def test_without_a_database_nobody_is_sent_here_but_the_process_lives(elsewhere):
    address = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    wrong = ["beat", "database", "last_run", "review", "sync", "worker"]
    assert elsewhere("/healthz", DATABASE_URL=address) == [503, "unready", wrong, 200]


@pytest.mark.storeless
def test_without_redis_the_pages_still_read(elsewhere):
    away = f"redis://127.0.0.1:{free_port()}/0"
    answer = elsewhere("/healthz", "/trials/", "/api/v1/trials/", REDIS_URL=away)
    assert answer == [200, "degraded", ["beat", "broker", "cache", "sync", "worker"], 200, 200, 200]


@pytest.mark.storeless
def test_a_broker_whose_folder_is_gone_is_missed(elsewhere):
    assert elsewhere("no-broker") == [200, "degraded", ["beat", "broker", "sync", "worker"]]


@pytest.mark.storeless
def test_who_runs_the_site_asks_past_the_proxy(elsewhere):
    assert elsewhere("/healthz", "/trials/", BEHIND_TLS="true")[3:] == [200, 301]
