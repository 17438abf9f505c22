"""Cause the faults of the table and say of each what became of it: `python -m tests.chaos [NAME ...]`; `make chaos ROWS='nulls disk-full'`.

A line a row: the fault, how it was caused, how often, what is lost or doubled, how many pages were read meanwhile. Exit status 1 where
anything was lost or doubled or does not hold. The rows run on SQLite and files; those about Redis or PostgreSQL on a throw-away one.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.chaos.faults import FAULTS, SEED, where_killed
from tests.chaos.place import Fault, Outcome, Stage, Wrong
from tests.processes.tracker import Tracker
from tests.servers import postgresql_server, redis_server


@contextmanager
def stage(kind: str) -> Iterator[Stage]:
    """Yesterday's site on the storage that a fault is about."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trialtracker-chaos-", ignore_cleanup_errors=True)))
        servers = {}
        if kind == "redis":
            servers["redis"] = stack.enter_context(redis_server())
        if kind == "postgres":
            servers["postgres"] = stack.enter_context(postgresql_server("-c", "synchronous_commit=on"))
        url = servers.get("postgres") or f"sqlite:///{folder}/yesterday.sqlite3"
        (folder / "migrated").mkdir()
        done = Tracker(folder / "migrated", url).manage("migrate", "--verbosity", "0")
        if done.returncode:
            raise Wrong(done.stderr)
        yield Stage(folder, url, servers)


def main(names: list[str]) -> int:
    if unknown := set(names) - {fault.name for fault in FAULTS}:
        print(f"No such fault: {', '.join(sorted(unknown))}. There are: {', '.join(fault.name for fault in FAULTS)}", file=sys.stderr)
        return 2
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    started, survived = time.monotonic(), 0
    for kind in ("", "redis", "postgres"):
        rows = [fault for fault in chosen if (fault.needs if fault.needs != "sqlite" else "") == kind]
        if rows:
            with stage(kind) as at:
                survived += sum(told(at, fault) for fault in rows)
    print(f"{survived} of {len(chosen)} faults survived, in {(time.monotonic() - started) / 60:.0f} minutes (seed {SEED})")
    return 0 if survived == len(chosen) else 1


def told(at: Stage, fault: Fault) -> bool:
    """Cause a fault as often as its row says and print the row."""
    outcome = sum((at.cause(fault) for _ in range(fault.rounds)), Outcome())
    times = f" × {fault.rounds}" if fault.rounds > 1 else ""
    said = str(outcome)
    said = said if len(said) < 4500 else f"{said[:400]}\n[...]\n{said[-4000:]}"
    print(f"{fault.name}: {fault.how}{times}: {said} ({outcome.reads} pages read, {outcome.seconds:.0f} s)", flush=True)
    if fault.name == "worker-killed":
        print(f"  killed {where_killed.total()} times: {', '.join(f'{count} {where}' for where, count in where_killed.most_common())}")
    for note in outcome.notes[:6]:
        print(f"  {note}")
    return outcome.is_survived


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
