"""A worker says that it lives while it works, beat while it waits, and `/readyz` hears them."""

import json
import os
import signal
import subprocess
import time

import pytest
import yaml

from tests.records import REPO

READY = "from django.test import Client\nprint(Client(headers={'host': 'localhost'}).get('/readyz').content.decode())"


def test_a_worker_at_work_is_heard_and_after_a_first_sync_beat_alone_is_missed(tracker, registry):
    assert json.loads(tracker.python(READY))["checks"]["worker"] == {"ok": False, "seconds": None}
    registry.misbehave("slow", after=2, seconds=2)
    worker = tracker.start("worker")
    tracker.send("trials.sync_full")
    tracker.wait_until(lambda: len(registry.requests) == 3, "the second page to be asked for")
    answer = json.loads(tracker.python(READY))
    assert answer["checks"]["worker"]["ok"] is True
    tracker.wait_for_runs("complete")
    answer = json.loads(tracker.python(READY))
    assert [name for name, check in answer["checks"].items() if not check["ok"]] == ["beat"], answer
    tracker.stop(worker, signal.SIGTERM)


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_the_check_of_a_container_tells_a_process_that_lives_from_one_that_does_not(tracker, name):
    service = yaml.safe_load((REPO / "compose.yaml").read_text())["services"][name]
    alive = tracker.folder / "alive"
    kind, check = service["healthcheck"]["test"]
    assert (kind, service["environment"]["HEARTBEAT_FILE"]) == ("CMD-SHELL", "/tmp/alive")

    def is_healthy():
        return subprocess.run(["sh", "-c", check.replace("$$", "$").replace("/tmp/alive", str(alive))], check=False).returncode == 0

    process = tracker.start(name, HEARTBEAT_FILE=str(alive))
    tracker.wait_until(is_healthy, f"a {name} that says it lives")
    assert json.loads(tracker.python(READY))["checks"][name]["ok"] is True
    tracker.stop(process)
    os.utime(alive, (time.time() - 120,) * 2)
    assert not is_healthy()
