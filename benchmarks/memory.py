"""Goal 3 on the database that DATABASE_URL names: the most memory that a sync of a registry over HTTP takes, as it goes on.

`python -m benchmarks.memory STUDIES`, started by `python -m benchmarks`. A first sync of all, and a second one that passes over them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from benchmarks.registry import registry
from benchmarks.table import Row, send
from trials.sync import Request, sync

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
REGISTRY = 590_000
MOST_MB = 400


def main(count: int) -> None:
    call_command("migrate", verbosity=0)
    with registry(count) as settings:
        command = [sys.executable, "-m", "benchmarks.memory", "--sync"]
        done = subprocess.run(command, env=os.environ | settings, check=True, capture_output=True, text=True)
    used = {int(studies): float(mb) for studies, mb in (line.split() for line in done.stdout.splitlines())}
    quarter = min(used, key=lambda studies: abs(studies - count // 4))
    each = max(0, used[count] - used[quarter]) / (count - quarter)
    said = f"{used[quarter]:.0f} MB at {quarter:,}, {used[count]:.0f} MB at {count:,}: {each * 1e6:,.0f} bytes a study more"
    what = f"{NAMES[connection.vendor]}: a sync of {REGISTRY:,} studies, reckoned from {said}"
    send(Row(3, what, "the limit", MOST_MB, used[count] + each * (REGISTRY - count), 1, "MB"))


def measure() -> None:
    """Print the peak of this process after each so many studies; two syncs, as a worker does without being started anew."""
    told = {}

    def tell(run, total):
        told[run.fetched] = max(told.get(run.fetched, 0), peak())

    for _ in range(2):
        run = sync(Request(full=True), on_progress=tell)
        assert run.state == "complete", run.message
        told[run.fetched] = peak()
    for studies, mb in told.items():
        print(studies, mb)


def peak() -> float:
    """The most memory that this process has held, in MB. `getrusage` would count what the process that started it held, too."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024


if __name__ == "__main__":
    measure() if sys.argv[1] == "--sync" else main(int(sys.argv[1]))
