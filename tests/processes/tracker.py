"""A TrialTracker of one's own: its database and broker, and the real processes of the Procfile, to be started, killed and looked at.

It takes the storage that the suite runs on: SQLite and files by default; a scratch database and a Redis database of its own where
`DATABASE_URL` and `REDIS_URL` are set. What it reads, it reads with plain SQL, from outside of Django.
"""

import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from celery import Celery
from honcho.environ import parse_procfile

from tests.records import REPO

PROCFILE = parse_procfile((REPO / "Procfile").read_text()).processes
PATIENCE = 120
"""Seconds that anything may take on a busy machine before a test gives up on it."""

CHANGING_COLUMNS = {"id", "run_id", "family_id", "first_seen_at", "changed_at", "listed_at", "seen_at", "gone_at"}
"""Columns that tell when a row was written, and keys that count rows written: of these only whether they are set is compared."""


class Tracker:
    def __init__(self, folder: Path, database_url: str, redis_url: str = ""):
        self.folder = folder
        self.database_url = database_url
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "CTGOV_PACE_SECONDS": "0",
            "PYTHONUNBUFFERED": "1",
        }
        self.processes: list[subprocess.Popen] = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for process in self.processes:
            for pid in family(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait(PATIENCE)

    # --- what one does with it ---------------------------------------------------------------------------------------------------

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """Run a management command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=REPO,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def send(self, task: str, *arguments) -> str:
        """Hand a task to the worker and return its id."""
        with Celery(broker=self.environment["REDIS_URL"] or "filesystem://localhost", set_as_current=False) as app:
            app.conf.task_default_queue = "trialtracker"
            if not self.environment["REDIS_URL"]:
                broker = self.folder / "broker"
                for name in ("messages", "control"):
                    (broker / name).mkdir(parents=True, exist_ok=True)
                app.conf.broker_transport = "trialtracker.broker:Transport"
                app.conf.broker_transport_options = {
                    "data_folder_in": broker / "messages", "data_folder_out": broker / "messages", "control_folder": broker / "control",
                }  # fmt: skip
            with app.connection_for_write() as connection:
                return app.send_task(task, arguments, connection=connection).id

    def task_state(self, task_id: str) -> str:
        """What became of a task; empty where nothing has yet."""
        found = self.rows(f"SELECT status FROM django_celery_results_taskresult WHERE task_id = '{task_id}'")
        return found[0][0] if found else ""

    def python(self, code: str) -> str:
        """Run statements in the project's shell, with its models and tasks at hand, and return what they print."""
        done = self.manage("shell", "--no-imports", "--command", f"from trials.models import *\nfrom trials.tasks import *\n{code}")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, name: str, *more: str, **environment: str) -> subprocess.Popen:
        """Start a process of the Procfile, in a process group of its own and with its output in `<name>.log`."""
        command, environment = [*shlex.split(PROCFILE[name]), *more], self.environment | environment
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(command, cwd=REPO, env=environment, stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)
        return process

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def stop(self, process: subprocess.Popen, number: int = signal.SIGKILL) -> None:
        """Signal a process and all that it has started, and wait for it to end."""
        os.killpg(process.pid, number)
        process.wait(PATIENCE)
        self.processes.remove(process)

    # --- what one sees of it -----------------------------------------------------------------------------------------------------

    def rows(self, query: str) -> list[tuple]:
        """Return what a query answers, seen from a new connection."""
        with self.connected() as connection:
            return connection.execute(query).fetchall()

    def execute(self, statement: str) -> None:
        with self.connected() as connection:
            connection.execute(statement)
            connection.commit()

    def value(self, query: str):
        return self.rows(query)[0][0]

    def written(self) -> dict[str, list[str]]:
        """Every row of every table that a sync fills, as text, table by table, without what tells only when it was written."""
        found = {}
        with self.connected() as connection:
            for table in self._tables(connection):
                cursor = connection.execute(f'SELECT * FROM "{table}"')
                changing = [column[0] in CHANGING_COLUMNS for column in cursor.description]
                found[table] = sorted(
                    repr([value is not None if is_changing else value for value, is_changing in zip(row, changing, strict=True)])
                    for row in cursor.fetchall()
                )
        return found

    @contextmanager
    def noting_writes(self) -> Iterator[set[str]]:
        """Yield a set that, when the block has ended, names the tables of a sync in which rows were written meanwhile."""
        touched: set[str] = set()
        with self.connected() as connection:
            if self.is_sqlite:
                for statement in self._triggers(connection):
                    connection.execute(statement)
                connection.commit()
            before = self._versions(connection)
        yield touched
        with self.connected() as connection:
            touched |= {table for table, _ in self._versions(connection) ^ before}

    def _triggers(self, connection) -> Iterator[str]:
        yield "CREATE TABLE IF NOT EXISTS write_note (name text)"
        for table in self._tables(connection):
            for event in ("INSERT", "UPDATE", "DELETE"):
                note = f"INSERT INTO write_note VALUES ('{table}')"
                yield f"CREATE TRIGGER IF NOT EXISTS note_{event}_{table} AFTER {event} ON {table} BEGIN {note}; END"

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition to hold; fail with the processes' logs where it never does."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                logs = "\n".join(f"--- {path.name}\n{path.read_text()[-3000:]}" for path in self.folder.glob("*.log"))
                raise AssertionError(f"{what}: not within {PATIENCE} seconds\n{logs}")
            time.sleep(0.01)

    def wait_for_runs(self, *states: str) -> None:
        """Wait until the runs are in these states, oldest first."""
        wanted = [(state,) for state in states]
        self.wait_until(lambda: self.rows("SELECT state FROM trials_syncrun ORDER BY id") == wanted, f"runs {states}")

    # --- its database ------------------------------------------------------------------------------------------------------------

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def connected(self):
        """A new connection of one's own, open while the block lasts."""
        if self.is_sqlite:
            return closing(sqlite3.connect(urlsplit(self.database_url).path, timeout=30))
        return psycopg.connect(self.database_url, autocommit=True)

    def _tables(self, connection) -> list[str]:
        source = "sqlite_master WHERE type = 'table'" if self.is_sqlite else "(SELECT tablename AS name FROM pg_tables) t WHERE true"
        names = (name for (name,) in connection.execute(f"SELECT name FROM {source} ORDER BY name").fetchall())
        # SQLite's text index keeps tables that take no trigger; test_search compares it with the trials. Visits are curators'. A mixture
        # of values that no trial is of any longer stays.
        apart = ("trials_search", "trials_mixture", "trials_sync", "trials_visit")
        return [name for name in names if name.startswith("trials_") and not name.startswith(apart)]

    def _versions(self, connection) -> set[tuple]:
        """What differs after any write to any row: the triggers' notes or, on PostgreSQL, each row's place and transaction."""
        if self.is_sqlite:
            return set(connection.execute("SELECT name, rowid FROM write_note").fetchall())
        found = set()
        for table in self._tables(connection):
            rows = connection.execute(f"SELECT ctid::text, xmin::text FROM {table}").fetchall()
            found |= {(table, row) for row in rows}
        return found


@contextmanager
def scratch_database(server: str, template: str | None = None) -> Iterator[str]:
    """Make a database on a PostgreSQL server, a copy of the one at `template` if given; yield its URL and drop it at the end."""
    name = f"tracker_{uuid.uuid4().hex}"
    source = f'TEMPLATE "{urlsplit(template).path[1:]}"' if template else ""
    with psycopg.connect(urlsplit(server)._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" {source}')
        # A copied sequence takes its next numbers from what the original has logged ahead, so that a crash before the next checkpoint
        # would give them out twice.
        connection.execute("CHECKPOINT")
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(urlsplit(server)._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def copied(url: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a copy of a database that nobody has open: in the folder, or on the same server."""
    if url.startswith("postgres"):
        with scratch_database(url, template=url) as copy:
            yield copy
    else:
        shutil.copy(urlsplit(url).path, folder / "trialtracker.sqlite3")
        yield f"sqlite:///{folder}/trialtracker.sqlite3"


def emptied(redis_url: str) -> str:
    """Empty a Redis database and return its URL."""
    if redis_url:
        with redis.Redis.from_url(redis_url) as client:
            client.flushdb()
    return redis_url


def family(pid: int) -> set[int]:
    """The ids of a process and of all that descend from it, as far as they run."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    parents = dict(zip(map(int, listing[::2]), map(int, listing[1::2]), strict=True))
    found = {pid} & set(parents)
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found
