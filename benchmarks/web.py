"""Goal 6 on the database that DATABASE_URL names: the list of the default scope as gunicorn serves it, made anew, kept, and unchanged.

`python -m benchmarks.web`, started by `python -m benchmarks`. Each is asked in turn over one connection that stays open.
"""

from __future__ import annotations

import http.client
import itertools
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import django

django.setup()

import msgspec
from django.core.management import call_command
from django.db import connection

from benchmarks import studies
from benchmarks.table import Row, in_turn, median, send
from trials.sync import Request, sync

LISTED = 58
"""As many as the registry's records of 2022 to 2025 hold."""
ROUNDS = 150
NAMES = {"sqlite": "SQLite and the cache of files", "postgresql": "PostgreSQL and Redis"}


def main() -> None:
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scope.jsonl"
        numbers = (number for number in itertools.count(1) if Random(number).random() < studies.STEM_CELLS)
        path.write_bytes(b"\n".join(msgspec.json.encode(studies.study(number)) for number in itertools.islice(numbers, LISTED)))
        assert sync(Request(files=(path,))).created == LISTED
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "benchmarks.site", "PORT": str(port), "WEB_CONCURRENCY": "1"}
    command = [sys.executable, "-m", "gunicorn", "trialtracker.wsgi"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            measure(port)
        finally:
            server.terminate()


def measure(port: int) -> None:
    client = connected(port)

    def ask(path: str, status: int = 200, **headers: str):
        started = time.perf_counter()
        client.request("GET", path, headers=headers)
        response = client.getresponse()
        response.read()
        assert response.status == status, (path, response.status)
        return time.perf_counter() - started, response

    _, first = ask("/trials/")
    works = (
        lambda: ask("/bare/")[0],
        lambda: ask("/trials/", Cookie="sessionid=somebody")[0],  # nothing is kept for who has a session
        lambda: ask("/constant/")[0],
        lambda: ask("/trials/")[0],
        lambda: ask("/trials/", 304, **{"If-None-Match": first.headers["ETag"]})[0],
    )
    in_turn(5, *works)
    bare, made, constant, kept, unchanged = map(median, in_turn(ROUNDS, *works))
    what = f"{NAMES[connection.vendor]}: the list of {LISTED} trials"
    send(Row(6, f"{what}, made anew", "25 constant cards in the site's frame", bare, made, 4))
    send(Row(6, f"{what}, kept", "60,000 constant bytes", constant, kept, 1.5))
    send(Row(6, f"{what}, unchanged (304)", "60,000 constant bytes", constant, unchanged, 1.5))


def connected(port: int) -> http.client.HTTPConnection:
    for _ in range(300):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            client.connect()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return client
    raise SystemExit("gunicorn did not start")


if __name__ == "__main__":
    main()
