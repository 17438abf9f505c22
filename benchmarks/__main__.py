"""`python -m benchmarks` measures and prints the table; `python -m benchmarks scale` does so with 500,000 trials, on either database.

PostgreSQL and Redis are started from Debian's packages and thrown away at the end; the 500,000 trials, which take minutes to make and
13 GB, are kept for the next time. Exits with 1 where a goal is not met.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from benchmarks.table import received, show
from tests.servers import postgresql_server, redis_server

SETTINGS = {"DJANGO_SETTINGS_MODULE": "trialtracker.settings", "ENV_FILE": os.devnull, "TRACKER_TRACK": "all", "LOG_LEVEL": "ERROR"}

KEPT = Path(__file__).parent.parent / "var" / "bench-scale"
ROOM = ("shared_buffers=2GB", "work_mem=32MB", "maintenance_work_mem=512MB", "wal_level=minimal", "max_wal_senders=0")
"""What `docs/scale.md` advises to give a PostgreSQL with so many trials, and what fills it fast."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["scale"], help="500,000 trials, in place of the smaller set")
    parser.add_argument("--studies", type=int, help="how many (default: 20,000; of the scale: 500,000)")
    parser.add_argument(
        "--only", action="append", default=[], help="ingest-, memory-, web- or pages- with sqlite or postgresql, workers; may be repeated"
    )
    parser.add_argument("--data", type=Path, default=KEPT, help="where the scale's trials are kept (default: %(default)s)")
    arguments = parser.parse_args()
    kept = arguments.data.resolve() if arguments.what == "scale" else None
    if kept:
        words = [str(arguments.studies or 500_000)]
        parts = {"pages-postgresql": ("benchmarks.pages", words, True), "pages-sqlite": ("benchmarks.pages", words, False)}
    else:
        count = arguments.studies or 20_000
        parts = {
            f"{name}-{storage}": (f"benchmarks.{name}", words, with_servers)
            for storage, with_servers in (("sqlite", False), ("postgresql", True))
            for name, words in (("ingest", [str(count)]), ("memory", [str(2 * count)]), ("web", []))
        } | {"workers": ("benchmarks.workers", [str(count // 2)], True)}
    rows, broken = [], []
    for name, (module, words, with_servers) in parts.items():
        if not arguments.only or name in arguments.only:
            try:
                rows += _measured(module, words, with_servers, kept)
            except subprocess.CalledProcessError as error:  # the others are measured all the same
                broken.append(f"{name}: {error}")
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {dt.date.today()}\n\n{show(rows)}")
    if broken:
        print("\nNot measured:", *broken, sep="\n")
    return 0 if rows and not broken and all(row.is_met for row in rows) else 1


def _measured(module: str, words: list[str], with_servers: bool, kept: Path | None):
    with tempfile.TemporaryDirectory() as folder, _servers(with_servers, kept) as urls:
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        command = [sys.executable, "-m", module, *words]
        with subprocess.Popen(
            command, env=environment | SETTINGS | {"VAR_DIR": str(kept or folder)} | urls, stdout=subprocess.PIPE, text=True
        ) as process:
            for line in process.stdout:
                if row := received(line):
                    print(f"goal {row.goal}: {row.what}: {row.ratio:.2f} (at most {row.most:g})", file=sys.stderr, flush=True)
                    yield row
                else:
                    print(line, end="", file=sys.stderr, flush=True)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, module)


@contextmanager
def _servers(wanted: bool, kept: Path | None):
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
    if not wanted:
        yield {}
        return
    options = [word for option in ROOM for word in ("-c", option)] if kept else []
    with postgresql_server(*options, kept_in=kept and kept / "postgresql") as database_url, redis_server() as redis_url:
        yield {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


def _stop(signum, frame):
    """End as by Ctrl-C, so that the servers are stopped too."""
    sys.exit(128 + signum)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
