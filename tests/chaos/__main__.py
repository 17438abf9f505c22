"""Kill syncs at random moments and see what is lost or doubled: `python -m tests.chaos [KILLS] [SEED]`; `make chaos` runs it.

Each kill is a SIGKILL to a real `sync_trials --full` at a random moment of its life, against the registry's stand-in, into one database
that is never cleaned in between. Then one sync runs undisturbed, and its rows are compared with those of a database that saw no kill.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.processes.tracker import Tracker
from tests.records import REPO
from tests.standin import RegistryServer
from tests.studies import drug_study, msc_study

SYNC = [sys.executable, "manage.py", "sync_trials", "--full"]


def prepared(folder: Path, url: str) -> Tracker:
    """A migrated TrialTracker on SQLite that asks the stand-in at `url`."""
    folder.mkdir()
    tracker = Tracker(folder, f"sqlite:///{folder}/trialtracker.sqlite3")
    tracker.environment["CTGOV_API_URL"] = url
    done = tracker.manage("migrate", "--verbosity", "0")
    if done.returncode:
        sys.exit(done.stderr)
    return tracker


def kill_at(tracker: Tracker, seconds: float) -> bool:
    """Start a sync and kill it after so many seconds; whether it was still running."""
    process = subprocess.Popen(SYNC, cwd=REPO, env=tracker.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    was_running = process.poll() is None
    process.kill()
    process.wait()
    return was_running


def difference(expected: dict, found: dict) -> tuple[int, int]:
    """How many rows of all tables are lost, and how many are there that should not be."""
    wanted, got = (Counter((table, row) for table, rows in tables.items() for row in rows) for tables in (expected, found))
    return (wanted - got).total(), (got - wanted).total()


def main(kills: int, seed: int) -> int:
    chance = random.Random(seed)
    studies = [*(msc_study(n) for n in range(1, 201)), *(drug_study(n) for n in range(1001, 2001))]
    with (
        tempfile.TemporaryDirectory(prefix="trialtracker-chaos-") as folder,
        RegistryServer(studies) as registry,
        prepared(Path(folder) / "calm", registry.url) as calm,
        prepared(Path(folder) / "killed", registry.url) as killed,
    ):
        started = time.monotonic()
        done = calm.manage("sync_trials", "--full")
        length = time.monotonic() - started
        if done.returncode:
            sys.exit(done.stderr)
        hit = sum(kill_at(killed, chance.uniform(0, length)) for _ in range(kills))
        healed = killed.manage("sync_trials", "--full")
        lost, doubled = difference(calm.written(), killed.written())
        left_open = killed.value("SELECT count(*) FROM trials_syncrun WHERE state = 'running'")
    has_survived = healed.returncode == 0 and not (lost or doubled or left_open)
    outcome = "survived" if has_survived else "NOT survived"
    print(f"sync killed at {hit} random moments ({kills} tried, seed {seed}): {outcome}")
    print(f"rows lost {lost}, rows doubled {doubled}, runs left open {left_open}")
    return 0 if has_survived else 1


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(given + [20, 1][len(given) :])))
