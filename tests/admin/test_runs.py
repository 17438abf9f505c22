"""Syncs from the admin: adding by id, starting, watching, cancelling, trying again; and schedules within limits."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from kombu import Connection
from kombu.pools import producers

from tests.standin import RegistryServer
from tests.studies import msc_study
from therapies.models import Source
from trials.models import Record, SyncFailure, SyncRun, Trial
from trials.sync import BATCH, Request, sync
from trials.tasks import sync_full
from trialtracker.celery import app

pytestmark = pytest.mark.django_db

SYNC = reverse("curating:sync")


@pytest.fixture(autouse=True)
def tasks():
    """Take what was handed to the broker, as [(task name, arguments)]; empty before each test."""

    def take():
        found = []
        with app.connection_for_read() as connection, connection.SimpleQueue(settings.CELERY_TASK_DEFAULT_QUEUE) as queue:
            while True:
                try:
                    message = queue.get(block=False)
                except queue.Empty:
                    return found
                found.append((message.headers["task"], message.decode()[0]))
                message.ack()

    take()
    return take


@pytest.fixture
def registry(settings):
    with RegistryServer([msc_study(number) for number in range(1, BATCH + 51)]) as server:
        settings.CTGOV_API_URL, settings.CTGOV_PACE_SECONDS = server.url, 0
        yield server


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nct00000001", ["NCT00000001"]),
        ("NCT00000002, NCT00000001\nNCT00000002", ["NCT00000001", "NCT00000002"]),
        ("https://clinicaltrials.gov/study/NCT00273364?term=x", ["NCT00273364"]),
    ],
)
def test_studies_are_added_by_their_ids(as_curator, tasks, text, expected):
    assert as_curator.post(SYNC, {"what": "chosen", "ids": text}).status_code == 302

    assert tasks() == [("trials.sync_chosen", [expected])]
    assert f"{expected[0]}, not here yet" in as_curator.get(SYNC).text


@pytest.mark.parametrize(
    ("text", "words"),
    [("NCT123", "NCT123 is no NCT id"), ("nothing", "There is no NCT id"), (" ".join(f"NCT{n:08}" for n in range(501)), "at most 500")],
)
def test_what_is_no_id_is_said(as_curator, tasks, text, words):
    answer = as_curator.post(SYNC, {"what": "chosen", "ids": text})

    assert (answer.status_code, tasks()) == (422, [])
    assert words in answer.text
    assert text in answer.text


def test_an_added_study_arrives_and_leads_to_its_review(as_curator, registry, tasks):
    as_curator.post(SYNC, {"what": "chosen", "ids": "NCT00000007"})
    [(_, [nct_ids])] = tasks()
    sync(Request(nct_ids=tuple(nct_ids)))

    page = as_curator.get(SYNC)
    assert reverse("curating:review", args=["NCT00000007"]) in page.text
    assert Trial.objects.get().nct_id == "NCT00000007"


def test_an_id_that_the_registry_does_not_know_is_no_longer_waited_for(as_curator, registry, tasks):
    as_curator.post(SYNC, {"what": "chosen", "ids": "NCT99999999"})
    assert "NCT99999999, not here yet" in as_curator.get(SYNC).text
    sync(Request(nct_ids=("NCT99999999",)))

    assert "NCT99999999: the registry has no study with this id" in as_curator.get(SYNC).text


def test_an_administrator_starts_watches_and_cancels(as_administrator, registry, tasks):
    as_administrator.post(SYNC, {"what": "full"})
    assert tasks() == [("trials.sync_full", [])]
    assert as_administrator.get(reverse("curating:progress")).json()["text"] == "Waiting for a worker to take it up."

    seen = []

    def look(sender=None, **kwargs):
        seen.append(as_administrator.get(reverse("curating:progress")).json())
        as_administrator.post(reverse("curating:cancel"))
        seen.append(as_administrator.get(reverse("curating:progress")).json())

    sync_full.update_state, before = look, sync_full.update_state
    try:
        sync_full.apply().get()
    finally:
        sync_full.update_state = before

    assert (seen[0]["is_running"], seen[0]["fetched"], seen[0]["can_cancel"]) == (True, BATCH, True)
    assert "Cancelling: it ends after this batch." in seen[1]["text"]
    assert not seen[1]["can_cancel"]
    run = SyncRun.objects.get()
    assert (run.state, run.cancel_asked_by.username) == ("cancelled", "sam")
    assert Record.objects.count() == BATCH
    last = as_administrator.get(reverse("curating:progress")).json()
    assert last["state"] == "cancelled"
    assert "Cancelled by sam" in last["text"]


def test_nothing_can_be_cancelled_where_nothing_runs(as_administrator):
    SyncRun.objects.create(kind="full", state="complete", finished_at=timezone.now())

    assert "Nothing runs that could be cancelled" in as_administrator.post(reverse("curating:cancel"), follow=True).text
    assert SyncRun.objects.get().cancel_asked_by is None


@pytest.fixture
def broker_is_down(monkeypatch):
    """Point the application at a port on which nothing listens."""
    monkeypatch.setattr(app.amqp, "_producer_pool", producers[Connection("redis://127.0.0.1:1/0")])


@pytest.mark.usefixtures("broker_is_down")
def test_a_broker_that_is_down_is_said_and_nothing_breaks(as_curator):
    answer = as_curator.post(SYNC, {"what": "chosen", "ids": "NCT00000001"}, follow=True)

    assert answer.status_code == 200
    assert "The message broker does not answer" in answer.text


@pytest.mark.usefixtures("broker_is_down")
@pytest.mark.parametrize(
    ("address", "action"),
    [("admin:trials_record_changelist", "derive_again"), ("admin:trials_record_changelist", "refresh"),
     ("admin:therapies_source_changelist", "check_now")],
)  # fmt: skip
def test_work_on_many_that_no_broker_takes_is_said(as_curator, queued, address, action):
    chosen = [Source.objects.first().pk] if action == "check_now" else [1]
    answer = as_curator.post(reverse(address), {"action": action, "_selected_action": chosen, "sure": "yes"}, follow=True)

    assert "The message broker does not answer" in answer.text
    assert "being" not in "".join(str(message) for message in answer.context["messages"]).replace("being started", "")


@pytest.mark.usefixtures("broker_is_down")
def test_a_backlog_that_no_broker_takes_is_said():
    with pytest.raises(CommandError, match="The message broker does not answer"):
        call_command("sync_backlog")


@pytest.fixture
def failed_run():
    run = SyncRun.objects.create(kind="full", state="complete", finished_at=timezone.now(), fetched=5, failed=3)
    for nct_id, reason in (("NCT00000004", "statusModule is no object"), ("NCT00000005", "statusModule is no object"), ("", "no id")):
        SyncFailure.objects.create(run=run, nct_id=nct_id, reason=reason)
    return run


def test_the_log_of_a_run_counts_failures_by_reason_and_tries_them_again(as_curator, tasks, failed_run):
    page = as_curator.get(reverse("admin:trials_syncrun_change", args=[failed_run.pk])).text
    assert "2 × statusModule is no object" in page
    assert "5 fetched" in page

    as_curator.post(reverse("curating:retry", args=[failed_run.pk]))
    as_curator.post(reverse("admin:trials_syncrun_changelist"), {"action": "retry_failed", "_selected_action": [failed_run.pk]})
    assert tasks() == [("trials.sync_chosen", [["NCT00000004", "NCT00000005"]])] * 2


def test_refreshing_and_classifying_again_are_handed_to_the_worker(as_curator, tasks, queued):
    address, handed = reverse("admin:trials_record_changelist"), []
    for action in ("refresh", "derive_again"):
        assert "2 will be" in as_curator.post(address, {"action": action, "_selected_action": [1, 7]}).text
        assert tasks() == []
        as_curator.post(address, {"action": action, "_selected_action": [1, 7], "sure": "yes"})
        handed.append(tasks())
    assert handed == [[("trials.sync_chosen", [["NCT00000001", "NCT00000007"]])], [("trials.rederive", [[1, 7]])]]


# --- schedules ----------------------------------------------------------------------------------------------------------------------
def schedule(client, task="trials.sync_updated", **when):
    values = {"name": "Often", "regtask": task, "task": "", "enabled": "on", "args": "[]", "kwargs": "{}", "headers": "{}"}
    values |= {name: row.pk for name, row in when.items()}
    return client.post(reverse("admin:django_celery_beat_periodictask_add"), values)


def test_a_schedule_within_the_limits_is_kept(as_administrator):
    crontab = CrontabSchedule.objects.create(minute="20", hour="*/6")

    assert schedule(as_administrator, crontab=crontab).status_code == 302
    assert PeriodicTask.objects.get(name="Often").task == "trials.sync_updated"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"interval": (IntervalSchedule, {"every": 5, "period": "minutes"})}, "at most once an hour"),
        ({"crontab": (CrontabSchedule, {"minute": "*/10"})}, "name one minute of the hour"),
    ],
)
def test_a_schedule_that_would_harry_the_registry_is_refused_in_words(as_administrator, when, words):
    rows = {name: model.objects.create(**columns) for name, (model, columns) in when.items()}

    answer = schedule(as_administrator, **rows)

    assert answer.status_code == 200
    assert words in answer.text


@pytest.mark.parametrize("task", ["alerts.deliver", "trialtracker.look_for_alarms"])
def test_a_task_of_ours_that_asks_nobody_may_run_often(as_administrator, task):
    assert schedule(as_administrator, task, crontab=CrontabSchedule.objects.create(minute="*/10")).status_code == 302


@pytest.mark.parametrize(
    ("model", "now", "then"),
    [
        (CrontabSchedule, {"minute": "20", "hour": "15"}, {"minute": "*"}),
        (IntervalSchedule, {"every": 6, "period": "hours"}, {"period": "seconds"}),
    ],
)
def test_a_time_by_which_a_sync_runs_already_keeps_within_the_limits(as_administrator, model, now, then):
    time = model.objects.create(**now)
    name = model._meta.model_name
    address = reverse(f"admin:django_celery_beat_{name}_change", args=[time.pk])
    given = as_administrator.get(address).context["adminform"].form.initial | then
    inline = {"periodictask_set-TOTAL_FORMS": 0, "periodictask_set-INITIAL_FORMS": 0}
    task = PeriodicTask.objects.create(name="Daily", task="trials.sync_updated", **{name.removesuffix("schedule"): time})

    refused = as_administrator.post(address, given | inline)

    assert "By this time runs: Daily." in refused.text
    assert model.objects.filter(pk=time.pk, **now).exists()
    PeriodicTask.objects.filter(pk=task.pk).update(task="alerts.deliver")
    assert as_administrator.post(address, given | inline).status_code == 302


def test_sunrise_and_single_moments_are_not_offered(as_administrator):
    page = as_administrator.get(reverse("admin:django_celery_beat_periodictask_add")).text
    assert "Crontab Schedule" in page
    assert not [words for words in ("Solar", "Clocked") if words in page]


def test_a_curator_sees_no_schedules(as_curator):
    assert as_curator.get(reverse("admin:django_celery_beat_periodictask_changelist")).status_code == 403
