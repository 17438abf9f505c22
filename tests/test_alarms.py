"""Alarms: each check that can be wrong is made wrong, and a person is told once when it begins and once when it ends."""

import datetime as dt
import email
import re
from email import policy

import pytest
from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.alerts.sink import smtp_sink
from tests.builders import make_trial
from tests.records import REPO
from trials.models import SyncRun, Trial
from trialtracker import alarms, heartbeat
from trialtracker.environment import mail_server
from trialtracker.models import Alarm
from trialtracker.tasks import look_for_alarms

pytestmark = pytest.mark.django_db

RUNBOOK = (REPO / "docs" / "runbook.md").read_text()
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## )", RUNBOOK, re.MULTILINE | re.DOTALL))


@pytest.fixture
def well():
    """A worker and beat that have just said that they live, and a sync of an hour ago."""
    heartbeat.say_alive("worker")
    heartbeat.say_alive("beat")
    return SyncRun.objects.create(kind="full", state="complete", fetched=100, finished_at=timezone.now() - dt.timedelta(hours=1))


@pytest.fixture
def sink(settings):
    with smtp_sink() as server:
        for name, value in mail_server(server.url).items():
            setattr(settings, name, value)
        settings.ALARM_MAILS = ["ops@example.org", "night@example.org"]
        yield server


def mails(sink):
    return [email.message_from_bytes(mail, policy=policy.default) for mail in sink.accepted]


def wrong(client):
    return {name for name, check in client.get("/readyz").json()["checks"].items() if not check["ok"]}


def test_every_check_has_words_and_a_section_of_the_runbook_that_says_what_to_do(client):
    checks = client.get("/readyz").json()["checks"]
    assert set(alarms.WORDS) == set(SECTIONS) == set(checks)
    assert [name for name, text in SECTIONS.items() if "**Means**: " not in text or "**Do**: " not in text] == []


def test_a_share_of_failures_is_an_alarm(client, well):
    SyncRun.objects.update(failed=5)
    assert wrong(client) == set()
    SyncRun.objects.update(failed=6)
    assert wrong(client) == {"last_run"}
    assert client.get("/readyz").json()["checks"]["last_run"] == {"ok": False, "run": "complete", "failed_percent": 6.0}


def test_a_run_that_stopped_to_ask_is_an_alarm_until_the_next_one_is_complete(client, well):
    now = timezone.now()
    SyncRun.objects.create(kind="full", state="aborted", fetched=10, finished_at=now - dt.timedelta(minutes=2))
    SyncRun.objects.create(kind="chosen", state="complete", fetched=1, finished_at=now - dt.timedelta(minutes=1))
    assert wrong(client) == {"last_run"}
    SyncRun.objects.create(kind="updated", state="complete", fetched=10, finished_at=now)
    assert wrong(client) == set()


def test_a_long_review_queue_is_an_alarm(client, well, settings):
    settings.ALARM_REVIEW_QUEUE = 1
    make_trial(1), make_trial(2)
    assert wrong(client) == set()
    Trial.objects.update(needs_review=True)
    assert wrong(client) == {"review"}


def test_messages_that_pile_up_are_an_alarm(client, well, settings):
    settings.ALARM_BACKLOG = 2
    before = client.get("/readyz").json()["checks"]["backlog"]["messages"]
    sent = [look_for_alarms.delay() for _ in range(3)]
    try:
        assert client.get("/readyz").json()["checks"]["backlog"]["messages"] == before + 3
        assert wrong(client) == {"backlog"}
    finally:
        look_for_alarms.app.control.purge()
    assert len(sent) == 3
    assert wrong(client) == set()


def test_one_mail_when_an_alarm_begins_and_one_when_it_ends(well, sink):
    assert look_for_alarms() == {"began": [], "ended": []}
    SyncRun.objects.update(finished_at=timezone.now() - dt.timedelta(hours=50))
    assert look_for_alarms() == {"began": ["sync"], "ended": []}
    assert look_for_alarms() == {"began": [], "ended": []}
    SyncRun.objects.update(finished_at=timezone.now())
    assert look_for_alarms() == {"began": [], "ended": ["sync"]}
    assert look_for_alarms() == {"began": [], "ended": []}

    began, ended = mails(sink)
    assert (began["Subject"], ended["Subject"]) == (
        "[TrialTracker] The last complete sync is too long ago.",
        "[TrialTracker] Over: The last complete sync is too long ago.",
    )
    assert began["To"] == "ops@example.org, night@example.org"
    assert "Measured: hours 50.0" in began.get_content()
    assert "docs/runbook.md, section “sync”" in began.get_content()
    assert not Alarm.objects.exists()


def test_a_mail_that_the_server_refuses_is_tried_again(well, sink):
    SyncRun.objects.update(finished_at=timezone.now() - dt.timedelta(hours=50))
    sink.answer = "451 later"
    assert look_for_alarms() == {"began": [], "ended": []}
    sink.answer = "250 OK"
    assert look_for_alarms() == {"began": ["sync"], "ended": []}
    SyncRun.objects.update(finished_at=timezone.now())
    sink.answer = "451 later"
    assert look_for_alarms() == {"began": [], "ended": []}
    sink.answer = "250 OK"
    assert look_for_alarms() == {"began": [], "ended": ["sync"]}
    assert len(sink.accepted) == 2


def test_without_an_address_nobody_is_mailed_and_the_alarm_stands(well, sink, settings):
    settings.ALARM_MAILS = []
    SyncRun.objects.update(finished_at=None, state="running")
    assert look_for_alarms() == {"began": [], "ended": []}
    assert sink.accepted == []
    assert [alarm.name for alarm in Alarm.objects.all()] == ["sync"]


def test_beat_looks_every_ten_minutes():
    (entry,) = [entry for entry in project.CELERY_BEAT_SCHEDULE.values() if entry["task"] == look_for_alarms.name]
    assert entry["schedule"].minute == {5, 15, 25, 35, 45, 55}


def test_the_admin_s_first_page_says_what_is_wrong(client, well):
    client.force_login(get_user_model().objects.create_superuser("sam"))
    assert "Something is wrong" not in client.get("/admin/").content.decode()
    SyncRun.objects.update(finished_at=timezone.now() - dt.timedelta(hours=50))
    page = client.get("/admin/").content.decode()
    assert "<strong>The last complete sync is too long ago</strong>: hours 50.0. Runbook: “sync”." in page
