"""A real worker and a real beat, as the Procfile starts them, against the registry's stand-in: messages arrive, and kills do no harm."""

import signal
import threading

import pytest

from tests.processes.conftest import STUDIES
from tests.processes.tracker import Tracker, copied
from tests.standin import RegistryServer
from tests.studies import msc_study

SUMMARY = "SELECT state, fetched, created, updated, unchanged, missing, failed FROM trials_syncrun ORDER BY id"


@pytest.fixture(scope="module")
def undisturbed(migrated, tmp_path_factory):
    """What a sync that nothing disturbs writes."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with RegistryServer(STUDIES) as server, copied(migrated, folder) as url, Tracker(folder, url) as tracker:
        done = tracker.manage("sync_trials", CTGOV_API_URL=server.url)
        assert done.returncode == 0, done.stderr
        written = tracker.written()
    assert (len(written["trials_record"]), len(written["trials_trial"])) == (1200, 200)
    return written


def test_a_worker_syncs_and_a_second_sync_writes_no_study(tracker, registry):
    tracker.start("worker")
    tracker.send("trials.sync_full")
    tracker.wait_for_runs("complete")
    assert tracker.rows(SUMMARY) == [("complete", 1200, 1200, 0, 0, 0, 0)]

    with tracker.noting_writes() as touched:
        tracker.send("trials.sync_full")
        tracker.wait_for_runs("complete", "complete")
    assert tracker.rows(SUMMARY)[1] == ("complete", 1200, 0, 0, 1200, 0, 0)
    assert touched == set()

    registry.records.replace(msc_study(7, title="Mesenchymal Stem Cells for Multiple Sclerosis, Renamed", updated="2026-11-01"))
    with tracker.noting_writes() as touched:
        tracker.send("trials.sync_updated")
        tracker.wait_for_runs("complete", "complete", "complete")
    assert tracker.rows(SUMMARY)[2][3] == 1
    assert {"trials_record", "trials_trial"} <= touched


@pytest.mark.parametrize("studies", [1, 450, 1000])
def test_a_worker_killed_in_mid_sync_leaves_whole_studies_and_the_next_one_ends_the_work(tracker, registry, undisturbed, studies):
    registry.misbehave("slow", after=2, seconds=60)  # after /version and the first page
    worker = tracker.start("worker")
    tracker.send("trials.sync_full")
    tracker.wait_until(lambda: tracker.value("SELECT count(*) FROM trials_record") >= studies, f"{studies} studies")
    tracker.stop(worker, signal.SIGKILL)

    kept = tracker.written()
    assert studies <= len(kept["trials_record"]) <= 1000
    for table, rows in kept.items():
        assert set(rows) - set(undisturbed[table]) == set(), table
    assert tracker.rows(SUMMARY)[0][:2] == ("running", len(kept["trials_record"]))

    registry.behave()
    tracker.start("worker")
    tracker.wait_until(lambda: ("complete",) in tracker.rows("SELECT state FROM trials_syncrun"), "a complete run")
    assert tracker.written() == undisturbed
    first, second, *_ = tracker.rows(SUMMARY)
    assert first[:2] == ("interrupted", len(kept["trials_record"]))
    assert second == ("complete", 1200, 1200 - first[1], 0, first[1], 0, 0)


def test_a_message_outlives_the_worker_that_had_it(tracker, registry):
    registry.misbehave("slow", seconds=60)
    worker = tracker.start("worker")
    tracker.send("trials.sync_chosen", ["NCT00000007"])
    tracker.wait_until(lambda: registry.requests, "a question to the registry")
    tracker.stop(worker, signal.SIGKILL)
    registry.behave()
    if tracker.environment["REDIS_URL"]:
        # Redis hands it out again when its visibility time-out is over: hours. Until then the run's interruption is on record.
        tracker.start("worker")
        tracker.wait_for_runs("interrupted")
    else:
        tracker.start("worker")
        tracker.wait_for_runs("interrupted", "complete")
        assert tracker.rows("SELECT nct_id FROM trials_trial") == [("NCT00000007",)]


def test_beat_sends_what_is_due_and_lays_down_the_schedule(tracker):
    tracker.python(
        "from django_celery_beat.models import *\n"
        "every_second = IntervalSchedule.objects.create(every=1, period='seconds')\n"
        "PeriodicTask.objects.create(name='now', task='trials.sync_full', interval=every_second, one_off=True)"
    )
    tracker.start("worker")
    tracker.start("beat")
    tracker.wait_until(lambda: ("complete",) in tracker.rows("SELECT state FROM trials_syncrun"), "a run that beat has asked for")
    tasks = dict(tracker.rows("SELECT name, task FROM django_celery_beat_periodictask"))
    assert tasks["Daily: studies updated since the last sync"] == "trials.sync_updated"
    assert tasks["Weekly: every study, and which are gone"] == "trials.sync_full"


def test_of_two_syncs_at_once_one_is_told(tracker, registry):
    told_off = threading.Event()
    registry.misbehave("slow", after=2, seconds=60, until=told_off)
    tracker.start("worker")
    tracker.send("trials.sync_full")
    tracker.wait_until(lambda: len(registry.requests) == 3, "the second page to be asked for")

    told = tracker.manage("sync_trials", "--full")
    assert told.returncode == 1
    assert "Another sync is running" in told.stderr
    assert "Traceback" not in told.stderr
    assert len(registry.requests) == 3

    told_off.set()
    tracker.wait_for_runs("complete")
    assert tracker.manage("sync_trials", "--full").returncode == 0


def test_a_task_that_finds_a_sync_running_is_not_dropped(tracker, registry):
    registry.misbehave("slow", after=2, seconds=60)
    worker = tracker.start("worker")
    tracker.send("trials.sync_full")
    tracker.wait_until(lambda: len(registry.requests) == 3, "the second page to be asked for")
    asked = tracker.send("trials.sync_chosen", ["NCT00000007"])
    tracker.wait_until(lambda: tracker.task_state(asked) == "RETRY", "the second task to be put off")
    assert len(registry.requests) == 3
    tracker.stop(worker)


def test_a_worker_that_is_asked_to_stop_ends_its_sync_first(tracker, registry):
    registry.misbehave("slow", after=2, seconds=3)
    worker = tracker.start("worker")
    tracker.send("trials.sync_full")
    tracker.wait_until(lambda: len(registry.requests) == 3, "the second page to be asked for")
    tracker.stop(worker, signal.SIGTERM)  # the whole group, as a supervisor does it
    assert tracker.rows(SUMMARY) == [("complete", 1200, 1200, 0, 0, 0, 0)]
    assert worker.returncode == 0
