"""The backlog in slices: spans of days that several workers take in at once, in any order, to the rows that one sync would have written."""

import datetime as dt
import itertools
import threading
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.standin import RegistryServer
from tests.studies import drug_study, msc_study
from trials import snapshots
from trials.locks import SyncIsRunning, one_of_several, only_sync
from trials.models import Record, SyncRun, Trial
from trials.registry.client import Client
from trials.search import SearchWord
from trials.sync import Request, slices, sync
from trials.tasks import RETRY_AFTER, make_snapshot, sync_slice

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def registry():
    studies = [msc_study(number, updated=f"2025-{number % 12 + 1:02}-28") for number in range(1, 26)]
    with RegistryServer([*studies, drug_study(99, updated="2026-11-22")]) as server:
        yield server


@pytest.fixture
def client(registry):
    return Client(registry.url, user_agent="TrialTracker tests", pace_seconds=0)


def rows():
    tables = (Record.objects.order_by("pk").values_list("pk", "payload", "in_sweep"), Trial.objects.order_by("pk").values())
    return [list(table) for table in tables], set(SearchWord.objects.values_list("pk", flat=True))


def test_slices_meet_without_a_gap_and_none_overlaps():
    spans = slices(TODAY)

    assert spans[0][0] < dt.date(2000, 2, 1)
    assert spans[-1][1] > TODAY
    assert all(until + dt.timedelta(days=1) == since for (_, until), (since, _) in itertools.pairwise(spans))


def test_slices_in_any_order_and_done_twice_give_the_rows_of_one_sync(client):
    runs = [sync(Request(since=since, until=until), client=client) for since, until in reversed(slices(TODAY)[-24:])]
    again = sync(Request(since=dt.date(2025, 1, 1), until=dt.date(2025, 1, 31)), client=client)
    in_slices = rows()
    settled = sync(Request(full=True), client=client)

    assert sum(run.created for run in runs) == 26
    assert (again.kind, again.created, again.unchanged) == ("slice", 0, 2)
    assert settled.summary == "fetched=26 created=0 updated=0 unchanged=26 missing=0 failed=0"
    assert rows() == in_slices


def test_the_sweep_that_follows_looks_for_families_once_for_all_slices(client, monkeypatch):
    looked = []
    monkeypatch.setattr("trials.sync.propose_families", lambda: looked.append(1))
    for since, until in slices(TODAY)[-3:]:
        sync(Request(since=since, until=until), client=client)
    assert not looked
    sync(Request(full=True), client=client)
    assert len(looked) == 1


def test_a_slice_is_no_complete_sync(client):
    sync(Request(since=dt.date(2025, 2, 1), until=dt.date(2025, 3, 31)), client=client)

    assert sync(client=client).kind == "full"


def test_slices_run_side_by_side_and_not_beside_a_whole_sync(client):
    request = Request(since=dt.date(2025, 2, 1), until=dt.date(2025, 3, 31))
    SyncRun.objects.create(kind="slice", state="running")
    with one_of_several():
        assert sync(request, client=client).state == "complete"
    assert SyncRun.objects.filter(state="running").count() == 1, "another slice's run is left to it"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_slice_waits_for_a_whole_sync_to_end(client, elsewhere):
    with elsewhere(only_sync), pytest.raises(SyncIsRunning):
        sync(Request(since=dt.date(2025, 2, 1), until=dt.date(2025, 3, 31)), client=client)
    with elsewhere(one_of_several), pytest.raises(SyncIsRunning):
        sync(Request(full=True), client=client)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_syncs_at_once_do_not_interleave(client, elsewhere):
    with elsewhere(only_sync), pytest.raises(SyncIsRunning, match="another sync is running"):
        sync(Request(full=True), client=client)


def test_a_page_that_another_slice_has_overtaken_takes_nothing_back(client, registry):
    """A study moves to another slice while its first one has it still on a page: what came later stands, and no change back is noted."""
    older, newer = msc_study(1, updated="2025-01-05"), msc_study(1, status="TERMINATED", updated="2025-03-02")
    registry.records.replace(newer)
    sync(Request(since=dt.date(2025, 3, 1), until=dt.date(2025, 3, 31)), client=client)
    registry.records.replace(older)
    sync(Request(since=dt.date(2025, 1, 1), until=dt.date(2025, 1, 31)), client=client)

    trial = Trial.objects.get(nct_id="NCT00000001")
    assert (trial.status, trial.changes.count()) == ("TERMINATED", 0)

    sync(Request(full=True), client=client)
    assert Trial.objects.get(pk=trial.pk).status == "RECRUITING", "the sweep that follows has the last word"


@pytest.fixture
def elsewhere():
    """Hold a lock as another process would: from a connection of its own."""

    @contextmanager
    def hold(lock):
        held, done = threading.Event(), threading.Event()

        def work():
            try:
                with lock():
                    held.set()
                    done.wait(30)
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        try:
            assert held.wait(30)
            yield
        finally:
            done.set()
            thread.join()

    return hold


@pytest.mark.filterwarnings("ignore:Call to deprecated setex")  # celery's own use of redis
def test_the_task_takes_one_slice(registry, settings):
    settings.CTGOV_API_URL, settings.CTGOV_PACE_SECONDS = registry.url, 0
    result = sync_slice.apply(args=["2025-01-01", "2025-01-31", 2]).get()

    assert result["summary"].startswith("fetched=2 created=2")


@pytest.mark.filterwarnings("ignore:Call to deprecated setex")  # celery's own use of redis
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_waiting_for_another_sync_uses_up_no_attempt_at_a_registry_that_fails(registry, settings, elsewhere, monkeypatch):
    """Five times another sync holds the lock, three times the registry refuses: at the ninth the slice is taken in."""
    settings.CTGOV_API_URL, settings.CTGOV_PACE_SECONDS = registry.url, 0
    registry.misbehave("403", times=len(RETRY_AFTER))
    asked = []

    def sync_beside_another(*arguments, **options):
        asked.append(1)
        if len(asked) > 5:
            return sync(*arguments, **options)
        with elsewhere(only_sync):
            return sync(*arguments, **options)

    monkeypatch.setattr("trials.tasks.sync", sync_beside_another)
    sync_slice.apply(args=["2025-01-01", "2025-01-31"])

    assert list(SyncRun.objects.order_by("pk").values_list("state", flat=True)) == ["failed"] * 3 + ["complete"]
    assert Record.objects.count() == 2


@pytest.mark.filterwarnings("ignore:Call to deprecated setex")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_snapshot_waits_as_long_for_a_sync_as_another_sync_does(elsewhere, monkeypatch, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    asked, make = [], snapshots.make

    def make_beside_a_sync():
        asked.append(1)
        if len(asked) > 5:
            return make()
        with elsewhere(only_sync):
            return make()

    monkeypatch.setattr(snapshots, "make", make_beside_a_sync)
    make_snapshot.apply()

    assert len(snapshots.manifests()) == 1


@pytest.mark.filterwarnings("ignore:Call to deprecated setex")
def test_a_task_gives_up_waiting_in_the_end(monkeypatch):
    asked = []

    def make():
        asked.append(1)
        raise SyncIsRunning

    monkeypatch.setattr(snapshots, "make", make)
    monkeypatch.setattr("trials.tasks.BUSY_RETRIES", 4)
    make_snapshot.apply()
    assert len(asked) == 5
