"""Goal 7 on PostgreSQL and Redis: the backlog in monthly slices, taken in by one Celery worker and by two; the same rows at the end.

`python -m benchmarks.workers STUDIES`, started by `python -m benchmarks`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.db.models import Max, Min

from benchmarks import floors
from benchmarks.registry import registry
from benchmarks.table import Row, median, send
from trials.models import Record, SyncRun
from trials.tasks import sync_backlog

ROUNDS = 2
PATIENCE = 900
NOT_COMPARED = {"id", "first_seen_at", "changed_at", "listed_at"}


def main(count: int) -> None:
    call_command("migrate", verbosity=0)
    taken, rows = {1: [], 2: []}, []
    with registry(count) as settings:
        for _ in range(ROUNDS):
            for workers in taken:
                taken[workers].append(backlog(workers, count, settings))
                rows.append(written())
    assert all(found == rows[0] for found in rows), "two workers left other rows than one"
    one, two = median(taken[1]), median(taken[2])
    send(Row(7, f"two workers take in {count:,} studies", "what one takes, by 1.7", one / 1.7, two, 1))


def backlog(workers: int, count: int, settings: dict[str, str]) -> float:
    """The seconds from the first slice's start to the last one's end."""
    floors.empty()
    SyncRun.objects.all().delete()
    slices = sync_backlog(workers)
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "trialtracker", "worker", "--concurrency", str(workers)]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
    with subprocess.Popen(command, env=os.environ | settings) as worker:
        until = time.monotonic() + PATIENCE
        while SyncRun.objects.filter(state="complete").count() < slices and time.monotonic() < until:
            time.sleep(0.5)
        worker.terminate()
    assert Record.objects.count() == count, f"{Record.objects.count()} of {count} studies came"
    span = SyncRun.objects.aggregate(first=Min("started_at"), last=Max("finished_at"))
    return (span["last"] - span["first"]).total_seconds()


def written() -> dict[str, str]:
    """For each table, one number that stands for all its rows, whatever their order and when they were written."""
    found = {}
    with connection.cursor() as cursor:
        for model in floors.WRITTEN:
            columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if field.column not in NOT_COMPARED)
            cursor.execute(f"SELECT count(*), sum(hashtextextended(ROW({columns})::text, 0)) FROM {model._meta.db_table}")
            found[model._meta.db_table] = f"{cursor.fetchone()}"
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]))
