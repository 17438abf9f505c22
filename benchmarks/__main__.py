"""`python -m benchmarks` measures and prints the table; `python -m benchmarks scale` does so with 500,000 trials on PostgreSQL and Redis.

PostgreSQL and Redis are started from Debian's packages and thrown away at the end. Exits with 1 where a goal is not met.
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

from benchmarks.table import received, show
from tests.servers import postgresql_server, redis_server

SETTINGS = {"DJANGO_SETTINGS_MODULE": "trialtracker.settings", "ENV_FILE": os.devnull, "TRACKER_TRACK": "all", "LOG_LEVEL": "ERROR"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["scale"], help="500,000 trials on PostgreSQL and Redis, in place of the smaller set")
    parser.add_argument("--studies", type=int, help="how many (default: 20,000; of the scale: 500,000)")
    parser.add_argument(
        "--only", action="append", default=[], help="ingest-, memory- or web- with sqlite or postgresql, workers, pages; may be repeated"
    )
    arguments = parser.parse_args()
    if arguments.what == "scale":
        parts = {"pages": ("benchmarks.pages", [str(arguments.studies or 500_000)], True)}
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
                rows += _measured(module, words, with_servers)
            except subprocess.CalledProcessError as error:  # the others are measured all the same
                broken.append(f"{name}: {error}")
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {dt.date.today()}\n\n{show(rows)}")
    if broken:
        print("\nNot measured:", *broken, sep="\n")
    return 0 if rows and not broken and all(row.is_met for row in rows) else 1


def _measured(module: str, words: list[str], with_servers: bool):
    with tempfile.TemporaryDirectory() as folder, _servers(with_servers) as urls:
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        command = [sys.executable, "-m", module, *words]
        with subprocess.Popen(  # noqa: S603
            command, env=environment | SETTINGS | {"VAR_DIR": folder} | urls, stdout=subprocess.PIPE, text=True
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
def _servers(wanted: bool):
    if not wanted:
        yield {}
        return
    with postgresql_server() as database_url, redis_server() as redis_url:
        yield {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


def _stop(signum, frame):
    """End as by Ctrl-C, so that the servers are stopped too."""
    sys.exit(128 + signum)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
