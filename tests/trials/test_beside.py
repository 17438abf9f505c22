"""What writes at the same time, each on a connection of its own: nobody waits in a circle, and no curator's word is lost.

SQLite lets one write at a time, and an in-memory one does not even let another wait: there the second works once the first is through.
"""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from tablib import Dataset

from tests.studies import msc_study, write_jsonl
from trials import derive
from trials.admin.judgements import JudgementResource
from trials.admin.judging import EXCLUDE, decide, withdraw
from trials.curation import Judgement
from trials.derive import rederive
from trials.models import Record, Trial
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

IS_POSTGRESQL = connection.vendor == "postgresql"


class Other:
    """Work on another connection: `go_on` lets it come as far as it can, `end` waits for it to be done and raises what it raised."""

    def __init__(self, work):
        self.error = None
        self.work = work
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            self.work()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def go_on(self):
        if not IS_POSTGRESQL:
            return
        self.thread.start()
        while self.thread.is_alive() and not self._waits():
            time.sleep(0.01)

    def _waits(self):
        """Whether somebody waits for what the connection that asks has locked."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))")
            return cursor.fetchone()[0]

    def end(self):
        if IS_POSTGRESQL:
            self.thread.join()
        else:
            self.work()
        if self.error:
            raise self.error


@contextmanager
def held(record_id):
    """Hold one record as a curator's decision does."""
    with transaction.atomic():
        Record.objects.select_for_update().get(pk=record_id)
        yield


def is_free(row) -> bool:
    try:
        with transaction.atomic():
            type(row).objects.select_for_update(nowait=True).get(pk=row.pk)
    except OperationalError:
        return False
    return True


@pytest.fixture
def take(tmp_path):
    """Sync these studies in this order, from a file."""
    return lambda *studies: sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", studies),)))


def test_a_judgement_given_while_a_sync_writes_is_in_what_is_shown(take, django_user_model, monkeypatch):
    take(msc_study(1))
    curator = django_user_model.objects.create_user("curator")
    judge = Other(lambda: decide(Record.objects.get(pk=1), EXCLUDE, by=curator, reason="Animals."))
    read = derive.judgements_of

    def read_and_let_the_curator_decide(studies):
        found = read(studies)
        if threading.current_thread() is threading.main_thread():
            monkeypatch.setattr(derive, "judgements_of", read)
            judge.go_on()
        return found

    monkeypatch.setattr(derive, "judgements_of", read_and_let_the_curator_decide)
    take(msc_study(1, status="TERMINATED", updated="2026-11-01"))
    judge.end()

    trial = Trial.objects.get(pk=1)
    assert (trial.status, trial.is_listed) == ("TERMINATED", False)


def _sync(take):
    take(msc_study(2, status="TERMINATED", updated="2026-11-01"), msc_study(1, status="TERMINATED", updated="2026-11-01"))


@pytest.mark.parametrize("work", [_sync, lambda take: rederive()], ids=["sync", "rederive"])
def test_who_writes_several_records_waits_for_the_first_and_holds_no_other(take, work):
    """Whatever the order of a page: two that take records in one order never wait for one another."""
    take(msc_study(1), msc_study(2))
    writer = Other(lambda: work(take))
    with held(1):
        writer.go_on()
        assert is_free(Record(pk=2))
    writer.end()


def _withdraw(curation, curator):
    withdraw([curation], by=curator, why="Mistaken.")


def _import(curation, curator):
    line = [curation.record.nct_id, "approach", "msc", "treatment", "Read again."]
    table = Dataset(line, headers=["nct_id", "field", "approach", "role", "reason"])
    JudgementResource(curator).import_data(table, raise_errors=True)


@pytest.mark.parametrize("work", [_withdraw, _import])
def test_who_changes_judgements_waits_for_their_record_first(take, work, django_user_model):
    """As who decides does, who may be about to change the same ones."""
    take(msc_study(1))
    curator = django_user_model.objects.create_user("curator")
    [curation] = decide(Record.objects.get(pk=1), [Judgement("approach", approach="msc", role="comparator")], by=curator, reason="Read.")
    writer = Other(lambda: work(curation, curator))
    with held(1):
        writer.go_on()
        assert is_free(curation)
    writer.end()
