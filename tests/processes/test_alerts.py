"""A real worker and a real mail server: a digest arrives exactly once though the worker is killed while it sends."""

import signal

import pytest

from tests.alerts.sink import smtp_sink

SUBSCRIBE = """
import datetime as dt
from django.utils import timezone
from alerts.models import Subscription
now = timezone.now()
Subscription.objects.create(
    address="reader@example.org", trial_id=7, frequency="at-once", asked_at=now - dt.timedelta(hours=2),
    confirmed_at=now - dt.timedelta(hours=1), checked_at=now - dt.timedelta(hours=1), due_at=now,
)
"""
CHANGE = """
from django.utils import timezone
TrialChange.objects.create(trial_id=7, field="status", old=["RECRUITING"], new=[{status!r}], seen_at=timezone.now())
"""

UNDER_WAY = "SELECT count(*) FROM alerts_mail WHERE state IN ('ready', 'sending')"
"""Whatever else might still be sent. A mail that is handed over leaves once or not at all."""


@pytest.fixture
def sink():
    with smtp_sink() as server:
        yield server


@pytest.fixture
def subscribed(tracker, sink):
    tracker.environment["EMAIL_URL"] = sink.url
    done = tracker.manage("sync_trials", "--nct-id", "NCT00000007")
    assert done.returncode == 0, done.stderr
    tracker.python(SUBSCRIBE)
    return tracker


@pytest.mark.parametrize(("point", "state"), [("before", "sending"), ("after", "handed-over")])
def test_exactly_one_digest_arrives_though_the_worker_is_killed_while_sending(subscribed, sink, point, state):
    sink.hold = point
    worker = subscribed.start("worker")
    subscribed.python(CHANGE.format(status="SUSPENDED"))
    subscribed.send("alerts.deliver")
    subscribed.wait_until(sink.is_held.is_set, "a mail on its way")
    subscribed.stop(worker, signal.SIGKILL)
    assert subscribed.value("SELECT state FROM alerts_mail") == state

    sink.hold = ""
    subscribed.start("worker")
    subscribed.python(CHANGE.format(status="TERMINATED"))
    subscribed.send("alerts.deliver")
    for news in (b"Suspended", b"Terminated"):  # in either order: two processes may take a mail each
        subscribed.wait_until(lambda news=news: any(news in mail for mail in sink.accepted), f"a mail that tells {news}")
    subscribed.wait_until(lambda: not subscribed.value(UNDER_WAY), "an outbox in which nothing is on its way")

    assert sum(b"Suspended" in mail for mail in sink.accepted) == 1
    assert sum(b"Terminated" in mail for mail in sink.accepted) == 1
