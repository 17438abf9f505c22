"""Readers in numbers, and for long: `python -m tests.load load` and `python -m tests.load soak`; `make load` and `make soak` run them.

`load` measures what one web process sustains, lets twice as many requests come for some minutes, and then looks how soon the site is calm
again. `soak` lets a few readers ask and beat start syncs for an hour while the registry changes, and looks whether anything grows. Both run
on SQLite, or on PostgreSQL and Redis where DATABASE_URL and REDIS_URL name them: `python -m tests.servers make load`. Exit status 1 where
a condition does not hold. Everything happens on this machine.
"""

import argparse
import datetime as dt
import itertools
import os
import platform
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.load.site import Asked, Site, Watch, growth, percentile, readers, site
from tests.records import REPO
from tests.studies import msc_study

PACE = 0.1
"""Requests a second of one reader under load: with ten seconds of patience, slow answers do not lower the rate."""

MOST_SECONDS = 10.0
"""What 99 of 100 served requests under load may take at most."""

CALM_WITHIN = 60.0
"""Seconds after the load within which the site must answer ten times in a row, each within a second."""


class Verdict:
    """Conditions, printed as they are found; `holds` says whether all did."""

    def __init__(self):
        self.holds = True

    def check(self, what: str, is_met: bool) -> None:
        self.holds &= is_met
        print(f"  {'holds' if is_met else 'FAILS'}: {what}", flush=True)


def header(at: Site, what: str) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}"
    print(f"{dt.date.today()}, {machine}, {at.storage}, {len(at.nct_ids)} trials listed: {what}", flush=True)


def load(minutes: float, factor: float) -> bool:
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="trialtracker-load-") as folder, site(Path(folder), WEB_CONCURRENCY="1") as at:
        readers(at, 2, 0, 10)  # warm
        calm = readers(at, 4, 0, 30)
        sustained = sum(asked.is_served for asked in calm) / 30
        header(at, f"one web process serves {sustained:.0f} requests a second, other work of the machine {os.getloadavg()[0]:.1f}")
        rate = sustained * factor
        count = max(1, round(rate / PACE))
        with Watch({"web": at.tracker.processes[-1]}, every=2) as watch:
            asked = readers(at, count, PACE, minutes * 60)
            ended = time.monotonic()
            calm_after = _calm_after(at, ended)
        print(f"{minutes:g} minutes with {len(asked) / (minutes * 60):.0f} requests a second from {count} readers: {_statuses(asked)}")
        _table(asked)
        served = [item.seconds for item in asked if item.is_served]
        refused = [item.seconds for item in asked if item.status in (429, 503)]
        verdict.check(
            "every answer is the page or an honest 429/503 with Retry-After" + _others(asked), all(item.is_honest for item in asked)
        )
        p99 = percentile(served, 99)
        verdict.check(f"p99 of what was served is {p99:.2f} s (at most {MOST_SECONDS:g})", bool(served) and p99 <= MOST_SECONDS)
        if refused:
            print(f"  p99 of a refusal is {percentile(refused, 99):.2f} s")
        rate_served = len(served) / (minutes * 60)
        verdict.check(f"{rate_served:.0f} requests a second were served, at least 60 % of {sustained:.0f}", rate_served >= 0.6 * sustained)
        course = watch.course("web", "memory")
        first, last = growth(course)
        verdict.check(f"memory is flat, MB by tenths: {' '.join(f'{value:.0f}' for value in course)}", last <= first * 1.1)
        verdict.check(f"calm {calm_after:.0f} s after the end", calm_after <= CALM_WITHIN)
    return verdict.holds


def _calm_after(at: Site, since: float) -> float:
    in_a_row = 0
    while in_a_row < 10 and time.monotonic() - since < 5 * CALM_WITHIN:
        started = time.monotonic()
        in_a_row = in_a_row + 1 if at.answers("/trials/") and time.monotonic() - started < 1 else 0
        time.sleep(0.1)
    return time.monotonic() - since


def _statuses(asked: list[Asked]) -> str:
    return ", ".join(f"{count} × {status or 'no answer'}" for status, count in sorted(Counter(item.status for item in asked).items()))


def _others(asked: list[Asked]) -> str:
    odd = Counter((item.name, item.status, item.error[:120]) for item in asked if not item.is_honest)
    return "".join(f"\n    {count} × {name}: {status} {error}" for (name, status, error), count in odd.most_common(8))


def _table(asked: list[Asked]) -> None:
    print(f"  {'':12}{'served':>8}{'refused':>8}{'p50 s':>8}{'p99 s':>8}")
    for name in sorted({item.name for item in asked}):
        mine = [item for item in asked if item.name == name]
        served = [item.seconds for item in mine if item.is_served]
        print(f"  {name:12}{len(served):8}{len(mine) - len(served):8}{percentile(served, 50):8.2f}{percentile(served, 99):8.2f}")


SCHEDULE = """
from django_celery_beat.models import IntervalSchedule, PeriodicTask
every, _ = IntervalSchedule.objects.get_or_create(every={updated}, period="seconds")
PeriodicTask.objects.create(name="soak", task="trials.sync_updated", interval=every)
every, _ = IntervalSchedule.objects.get_or_create(every={full}, period="seconds")
PeriodicTask.objects.create(name="soak, all", task="trials.sync_full", interval=every)
"""


def soak(minutes: float, every: float, rate: float) -> bool:
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="trialtracker-soak-") as folder, site(Path(folder)) as at:
        tracker = at.tracker
        tracker.python(SCHEDULE.format(updated=round(every * 60), full=round(every * 60 * 4)))
        web, worker, turns = tracker.processes[-1], tracker.start("worker", *WITH_HOLD), itertools.count(1)
        _warm(at, turns)
        readers(at, CROWD, 0, 20)
        before = tracker.value("SELECT max(id) FROM trials_syncrun")
        processes = {"web": web, "worker": worker, "beat": tracker.start("beat")}
        header(
            at, f"{minutes:g} minutes, {rate:g} requests a second, a sync every {every:g} minutes, every fourth time one of everything too"
        )
        stop = threading.Event()
        changing = threading.Thread(target=_change, args=(at, stop, every * 30, turns), daemon=True)
        changing.start()
        sizes = []
        sizing = threading.Thread(target=_size, args=(Path(folder), stop, sizes), daemon=True)
        sizing.start()
        count = 4
        with Watch(processes, every=10) as watch:
            asked = readers(at, count, rate / count, minutes * 60)
        stop.set()
        changing.join()
        sizing.join()
        runs = Counter(state for (state,) in tracker.rows(f"SELECT state FROM trials_syncrun WHERE id > {before}"))
        print(f"{len(asked)} requests: {_statuses(asked)}; syncs: {dict(runs)}")
        _table(asked)
        wanted = int(minutes / every)
        verdict.check(
            f"{runs['complete']} syncs ended complete and no other way, about {wanted} were due",
            set(runs) <= {"complete", "running"} and runs["complete"] >= wanted - 1,
        )
        verdict.check("every request was served" + _others(asked), all(item.is_served for item in asked))
        for name in processes:
            for what, unit, allowed in (("memory", "MB", 0.05), ("files", "open files", 0.05), ("connections", "connections", 0.05)):
                course = watch.course(name, what)
                first, last = growth(course)
                verdict.check(
                    f"{name}, {unit}, by tenths: {' '.join(f'{value:.0f}' for value in course)}", last <= first * (1 + allowed) + 2
                )
        first, last = sizes[len(sizes) // 5], sizes[-1]
        changed = tracker.value("SELECT count(*) FROM trials_trialchange")
        parts = ", ".join(
            f"{part} {first[part] / 1e6:.1f} to {last[part] / 1e6:.1f}" for part in sorted(last) if part not in ("log", "cached")
        )
        verdict.check(
            f"var/ holds, in MB: {parts}, with {changed} changes kept",
            all(last[part] <= first[part] * 1.1 + 2e6 for part in last if part not in ("log", "cache", "cached")),
        )
        if last["cache"]:  # pages are kept up to a number of files, whatever they hold
            kept = max(size["cached"] for size in sizes)
            verdict.check(f"the cache keeps {kept} files at most, of {MOST_CACHED}", kept <= MOST_CACHED + 10)
        if log := max(size["log"] for size in sizes):  # PostgreSQL keeps its own elsewhere
            verdict.check(f"SQLite's log beside it is {log / 1e6:.1f} MB at most, of {LOG / 1e6:.1f} MB", log <= LOG * 1.1)
    return verdict.holds


SETTINGS = (REPO / "trialtracker" / "settings.py").read_text()
LOG = int(re.search(r"wal_autocheckpoint=(\d+)", SETTINGS)[1]) * 4096
"""Bytes of the log after which SQLite writes it into the database, in pages of 4 kB."""

MOST_CACHED = int(re.search(r'FileCache".*"MAX_ENTRIES": ([\d_]+)', SETTINGS)[1])

CROWD = 40
"""Readers at once before a soak is measured: each thread of the web opens connections of its own when it first works, and keeps them."""

WITH_HOLD = ("--include", "tests.load.held")
ALL_WORK = ("trials.sync_full", "trials.sync_updated", "alerts.deliver", "trialtracker.look_for_alarms")
SEND = "from trialtracker.celery import app\nfor name, *given in {tasks}: app.send_task(name, given)"
DONE = "SELECT count(*) FROM django_celery_results_taskresult WHERE status = 'SUCCESS' AND task_name <> 'load.hold'"


def _warm(at: Site, turns: Iterator[int]) -> None:
    """Let each of the worker's two children do all its work once: which of them takes a task up is chance, so the other one is held."""
    held = []
    for name in ("one", "other"):
        path = at.tracker.folder / name
        at.tracker.python(SEND.format(tasks=[("load.hold", f"{path}")]))
        at.tracker.wait_until(lambda path=path: path.exists() and path.read_text(), f"{name} child to be held")
        held.append(path.read_text())
        if name == "other":
            (at.tracker.folder / "one").unlink()
        _turn(at, next(turns))
        done = at.tracker.value(DONE)
        at.tracker.python(SEND.format(tasks=[(task,) for task in ALL_WORK]))
        at.tracker.wait_until(lambda done=done: at.tracker.value(DONE) == done + len(ALL_WORK), "the work of a child")
    path.unlink()
    assert len(set(held)) == 2, held


def _change(at: Site, stop: threading.Event, every: float, turns: Iterator[int]) -> None:
    while not stop.wait(every):
        _turn(at, next(turns))


def _turn(at: Site, turn: int) -> None:
    """The registry goes on: some studies are updated, some get another title, one is new, between any two syncs."""
    day = f"{dt.date(2026, 10, 1) + dt.timedelta(days=turn)}"
    for number in range(1 + turn % 40 * 10, 6 + turn % 40 * 10):
        at.registry.records.replace(msc_study(number, title=f"Mesenchymal Stem Cells for Multiple Sclerosis, Version {turn}", updated=day))
    at.registry.records.replace(msc_study(10_000 + turn, updated=day))
    at.registry.timestamp = f"{day}T09:00:05"


def _size(folder: Path, stop: threading.Event, sizes: list[Counter]) -> None:
    """Bytes of each part of what is kept, of SQLite's log, which grows to its limit and is written over from then on, and how many files
    the cache has."""
    while not sizes or not stop.wait(10):
        size: Counter = Counter()
        for path in folder.rglob("*"):
            with suppress(FileNotFoundError):  # a message that has been read, a page that is made anew
                if path.is_file():
                    size[_part(path)] += path.stat().st_size
                    size["cached"] += path.suffix == ".djcache"
        sizes.append(size)


def _part(path: Path) -> str:
    if path.name.endswith("-wal"):
        return "log"
    if ".sqlite3" in path.name:
        return "database"
    return "cache" if path.suffix == ".djcache" else "other files"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(dest="what", required=True)
    one = kinds.add_parser("load", help="twice what one web process sustains")
    one.add_argument("--minutes", type=float, default=20)
    one.add_argument("--factor", type=float, default=2)
    one = kinds.add_parser("soak", help="a few readers and many syncs, for long")
    one.add_argument("--minutes", type=float, default=60)
    one.add_argument("--every", type=float, default=5, help="minutes between two syncs")
    one.add_argument("--rate", type=float, default=2, help="requests a second")
    given = parser.parse_args()
    holds = load(given.minutes, given.factor) if given.what == "load" else soak(given.minutes, given.every, given.rate)
    print("held" if holds else "did NOT hold")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
