"""A worker says that it lives while it works, and `/readyz` hears it."""

import json
import signal

READY = "from django.test import Client\nprint(Client(headers={'host': 'localhost'}).get('/readyz').content.decode())"


def test_a_worker_at_work_is_heard_and_a_first_sync_makes_the_site_ready(tracker, registry):
    assert json.loads(tracker.python(READY))["checks"]["worker"] == {"ok": False, "seconds": None}
    registry.misbehave("slow", after=2, seconds=2)
    worker = tracker.start("worker")
    tracker.python("sync_full.delay()")
    tracker.wait_until(lambda: len(registry.requests) == 3, "the second page to be asked for")
    answer = json.loads(tracker.python(READY))
    assert answer["checks"]["worker"]["ok"] is True
    tracker.wait_for_runs("complete")
    answer = json.loads(tracker.python(READY))
    assert answer["state"] == "ready", answer
    tracker.stop(worker, signal.SIGTERM)
