"""A site of its own for readers to come to: the real processes against the stand-in, watched from outside while readers ask."""

import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import psutil

from tests.processes.tracker import Tracker
from tests.records import REPO
from tests.servers import free_port
from tests.standin import RegistryServer
from tests.standin.holdings import STARTER_SET, read_files
from tests.studies import drug_study, msc_study

UNLIMITED = dict.fromkeys(("API_REQUESTS_PER_MINUTE", "FILES_PER_MINUTE", "SEARCHES_PER_MINUTE", "SUBSCRIPTIONS_PER_HOUR"), "1000000")
"""All readers come from one address here: limits for one address are off, or they would be all that is measured."""


class Site:
    """`tracker` with its web process at `url`, `registry` behind it."""

    def __init__(self, tracker: Tracker, registry: RegistryServer):
        self.tracker = tracker
        self.registry = registry
        self.url = f"http://127.0.0.1:{tracker.environment['PORT']}"
        self.storage = "SQLite" if tracker.database_url.startswith("sqlite") else "PostgreSQL and Redis"
        self.nct_ids = [nct_id for (nct_id,) in tracker.rows("SELECT nct_id FROM trials_trial WHERE is_listed ORDER BY nct_id")]

    def answers(self, path: str = "/") -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as response:
                return response.status == 200
        except OSError:
            return False


@contextmanager
def site(folder: Path, **environment: str) -> Iterator[Site]:
    """A site with the bundled starter set, 400 made-up trials and 1,000 studies out of scope, its web process up."""
    studies = [*read_files([STARTER_SET]), *(msc_study(n) for n in range(1, 401)), *(drug_study(n) for n in range(1001, 2001))]
    database = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/trialtracker.sqlite3"
    with RegistryServer(studies) as registry, Tracker(folder, database, os.environ.get("REDIS_URL", "")) as tracker:
        tracker.environment |= UNLIMITED | {"CTGOV_API_URL": registry.url, "PORT": str(free_port())} | environment
        for words in (["migrate", "--verbosity", "0"], ["sync_trials"]):
            done = tracker.manage(*words)
            if done.returncode:
                sys.exit(done.stderr)
        made = Site(tracker, registry)
        tracker.start("web")
        tracker.wait_until(made.answers, "the home page")
        yield made


# --- Readers ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a reader: `at` is Unix time, `status` 0 where no answer came."""

    at: float
    name: str
    status: int
    seconds: float
    retry_after: str
    error: str

    @property
    def is_served(self) -> bool:
        return 200 <= self.status < 400

    @property
    def is_honest(self) -> bool:
        """Served, or told when to come back."""
        return self.is_served or (self.status in (429, 503) and self.retry_after.isdigit())


def readers(at: Site, count: int, pace: float, seconds: float) -> list[Asked]:
    """Let so many readers ask for so long, each `pace` times a second (0: as fast as answers come)."""
    with tempfile.NamedTemporaryFile("r", suffix=".tsv") as log:
        command = [sys.executable, "-m", "locust", "--headless", "--locustfile", str(REPO / "tests/load/readers.py"), "--host", at.url]
        command += ["--users", str(count), "--spawn-rate", str(max(1, count / 10)), "--run-time", f"{seconds:.0f}s"]
        command += ["--stop-timeout", "70", "--loglevel", "ERROR"]
        told = {"READER_PACE": str(pace), "READER_TRIALS": ",".join(at.nct_ids), "READER_LOG": log.name}
        done = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        lines = [line.rstrip("\n").split("\t") for line in log]
    return [Asked(float(moment), name, int(status), float(ms) / 1000, again, error) for moment, name, status, ms, again, error in lines]


def percentile(values: list[float], share: int) -> float:
    return quantiles(values, n=100)[share - 1] if len(values) > 1 else max(values, default=0.0)


# --- What the processes hold --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """What the processes of one name hold together at one moment: MB of memory, open files, connections over TCP.

    Memory is what the kernel calls the proportional set: a page that a worker shares with its children counts once. What is theirs alone
    would grow whenever a child first writes to a page of its parent, and only then be counted, once for each.
    """

    at: float
    memory: float
    files: int
    connections: int


class Watch:
    """Looks at processes, by name, every few seconds while its block lasts."""

    def __init__(self, processes: dict[str, subprocess.Popen], every: float):
        self.held: dict[str, list[Held]] = {name: [] for name in processes}
        self._roots = {name: psutil.Process(process.pid) for name, process in processes.items()}
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go, name="watch", daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._stop.set()
        self._thread.join()

    def _go(self):
        while not self._stop.wait(self._every):
            for name, root in self._roots.items():
                try:
                    self.held[name].append(_look(root))
                except psutil.NoSuchProcess:  # a child that ended while we looked
                    continue

    def course(self, name: str, what: str) -> list[float]:
        """The median of each tenth of the time."""
        values = [getattr(held, what) for held in self.held[name]]
        size = max(1, len(values) // 10)
        return [median(values[start : start + size]) for start in range(0, size * 10, size) if values[start : start + size]]


def growth(course: list[float]) -> tuple[float, float]:
    """From the third and fourth tenth of a course to its end: what comes before is the first use of things."""
    return median(course[2:4]), median(course[-2:])


def _look(root: psutil.Process) -> Held:
    family = [root, *root.children(recursive=True)]
    memory = sum(process.memory_full_info().pss for process in family) / 1e6
    files = sum(process.num_fds() for process in family)
    connections = sum(len(process.net_connections("tcp")) for process in family)
    return Held(time.time(), memory, files, connections)
