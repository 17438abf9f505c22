"""Beat goes on after its clock went back: a task that ran in days still to come is due as if it had just run."""

import datetime as dt
import time

import pytest
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from trialtracker import health, heartbeat
from trialtracker.celery import app
from trialtracker.schedules import Scheduler

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)  # as in beat, which closes connections between its looks

AHEAD = dt.timedelta(hours=30)


@pytest.fixture
def hourly():
    every_hour = IntervalSchedule.objects.create(every=1, period="hours")
    return PeriodicTask.objects.create(name="hourly", task="trials.sync_full", interval=every_hour, last_run_at=timezone.now() + AHEAD)


def seconds_until_due(scheduler, task):
    return scheduler.schedule[task.name].is_due().next


def test_what_ran_in_the_future_is_forgotten_at_the_start(hourly):
    assert 3500 < seconds_until_due(Scheduler(app), hourly) <= 3600


def test_what_an_administrator_changed_outlives_a_start_of_beat():
    Scheduler(app)
    daily = PeriodicTask.objects.get(task="trials.sync_updated")
    assert (daily.crontab.hour, daily.enabled) == ("15", True), "the first start lays it down"
    PeriodicTask.objects.filter(pk=daily.pk).update(
        crontab=None, interval=IntervalSchedule.objects.create(every=6, period="hours"), enabled=False
    )

    Scheduler(app)

    daily.refresh_from_db()
    assert (daily.crontab, str(daily.interval), daily.enabled) == (None, "every 6 hours", False)


def test_a_clock_that_goes_back_is_noticed(hourly, caplog):
    scheduler = Scheduler(app)
    PeriodicTask.objects.update(last_run_at=timezone.now() + AHEAD)
    scheduler._ticked_at = time.time() + AHEAD.total_seconds()
    scheduler.tick()
    assert 3500 < seconds_until_due(scheduler, hourly) <= 3600
    assert "the clock went back by 108000 seconds" in caplog.text
    caplog.clear()
    scheduler.tick()
    assert caplog.text == ""


def test_beat_says_that_it_lives_however_far_the_next_task_is(hourly):
    PeriodicTask.objects.exclude(pk=hourly.pk).delete()
    assert heartbeat.seconds_since("beat") is None
    seconds = Scheduler(app).tick()
    assert heartbeat.seconds_since("beat") < health.LOST_AFTER
    assert seconds < health.LOST_AFTER / 4
