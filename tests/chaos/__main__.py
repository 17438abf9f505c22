"""Cause the faults of the table and say of each what became of it: `python -m tests.chaos [NAME ...]`; `make chaos ROWS='nulls disk-full'`.

A line a row: the fault, how it was caused, how often, what is lost or doubled, how many pages were read meanwhile. Exit status 1 where
anything was lost or doubled or does not hold. The rows run on SQLite and files, as many at once as there are processors; those about Redis
or PostgreSQL on a throw-away one.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.chaos.faults import FAULTS
from tests.chaos.place import SEED, Fault, Outcome, Stage, Wrong
from tests.processes.tracker import Tracker
from tests.servers import postgresql_server


@contextmanager
def stage(kind: str) -> Iterator[Stage]:
    """Yesterday's site on PostgreSQL or SQLite."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trialtracker-chaos-", ignore_cleanup_errors=True)))
        servers = {}
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
    started = time.monotonic()
    outcomes: dict[str, list[Future[Outcome]]] = {fault.name: [] for fault in chosen}
    with ExitStack() as stack, ThreadPoolExecutor(os.cpu_count()) as beside, ThreadPoolExecutor(1) as alone:
        for on_postgres in (True, False):
            rows = [fault for fault in chosen if (fault.needs == "postgres") == on_postgres]
            at = stack.enter_context(stage("postgres" if on_postgres else "sqlite")) if rows else None
            for fault in rows:  # those on PostgreSQL stop the server that they share
                pool = alone if on_postgres else beside
                outcomes[fault.name] += [pool.submit(at.cause, fault, number + 1) for number in range(fault.rounds)]
        survived = sum(told(fault, [future.result() for future in outcomes[fault.name]]) for fault in chosen)
    print(f"{survived} of {len(chosen)} faults survived, in {(time.monotonic() - started) / 60:.1f} minutes (seed {SEED})")
    return 0 if survived == len(chosen) else 1


def told(fault: Fault, rounds: list[Outcome]) -> bool:
    """Print a row of the table."""
    outcome = sum(rounds, Outcome())
    times = f" × {fault.rounds}" if fault.rounds > 1 else ""
    said = str(outcome)
    said = said if len(said) < 4500 else f"{said[:400]}\n[...]\n{said[-4000:]}"
    print(f"{fault.name}: {fault.how}{times}: {said} ({outcome.reads} pages read, {outcome.seconds:.0f} s)", flush=True)
    if outcome.kills:
        print(f"  killed {outcome.kills.total()} times: {', '.join(f'{count} {where}' for where, count in outcome.kills.most_common())}")
    for note in outcome.notes[:6]:
        print(f"  {note}")
    return outcome.is_survived


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
