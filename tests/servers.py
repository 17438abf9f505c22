"""A Redis and a PostgreSQL of one's own, thrown away at the end: `python -m tests.servers COMMAND` runs a command with both.

Each listens on a free port of this machine, keeps its files in a temporary folder and is stopped however the block ends. PostgreSQL
refuses to run as root; root starts it as the user `postgres`, whom Debian's package has made.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis

from tests.needs import INITDB, REDIS_SERVER

PATIENCE = 30
"""Seconds that a server may take to answer for the first time."""


class NotStarted(Exception):
    """A server ended or stayed silent; the message holds what it wrote."""


class Server(str):
    """The URL of a server that can be stopped and started again."""

    process: subprocess.Popen
    start: Callable[[], None]

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it and wait for that; SIGINT lets PostgreSQL roll back what is under way, SIGQUIT does not let it do anything."""
        self.process.send_signal(number)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def redis_server() -> Iterator[Server]:
    """Run a Redis that keeps nothing, and yield its URL."""
    with _folder() as folder:
        port = free_port()
        command = [REDIS_SERVER, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"]
        url = Server(f"redis://127.0.0.1:{port}/0")
        with redis.Redis(port=port) as client, _running(url, command, folder / "log", client.ping, redis.ConnectionError):
            yield url


@contextmanager
def postgresql_server(*options: str, kept_in: Path | None = None) -> Iterator[Server]:
    """Run a PostgreSQL with an empty database `trialtracker`, without the care for power failures, and yield that database's URL.

    `options` are words of its command line. What is `kept_in` a folder stays there, and is found again by the next that is given it.
    """
    owner = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with _folder() as folder:
        data, programs, port = (kept_in or folder) / "data", Path(INITDB).resolve().parent, free_port()
        is_new = not data.exists()
        if owner:
            shutil.chown(folder, **owner)
        if is_new:
            data.mkdir(mode=0o700, parents=True)
            if owner:
                shutil.chown(data, **owner)
            make = [programs / "initdb", "--pgdata", data, "--username", "trialtracker", "--auth", "trust", "--no-sync"]
            make += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
            subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=folder, **owner)
        command = [programs / "postgres", "-D", data, "-k", folder, "-p", str(port), "-h", "127.0.0.1"]
        command += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", *options]
        address = f"postgres://trialtracker@127.0.0.1:{port}"

        def greet():
            psycopg.connect(f"{address}/postgres").close()

        url = Server(f"{address}/trialtracker")
        with _running(url, command, folder / "log", greet, psycopg.OperationalError, **owner):
            if is_new:
                with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                    connection.execute("CREATE DATABASE trialtracker")
            yield url


def free_port() -> int:
    """Return a port of this machine on which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="trialtracker-server-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _running(server: Server, command: list, log: Path, greet: Callable, not_yet: type[Exception], **owner) -> Iterator[None]:
    """Start a server, call `greet` until it no longer raises `not_yet`, and stop the server at the end."""

    def start():
        with log.open("ab") as output:
            # A session of its own: a Ctrl-C reaches the command that uses the server first, and the server when that has ended.
            server.process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True, cwd=log.parent, **owner)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                greet()
                break
            except not_yet as error:
                if server.process.poll() is not None or time.monotonic() > deadline:
                    raise NotStarted(f"{command[0]}: {log.read_text()}") from error
                time.sleep(0.05)

    server.start = start
    try:
        start()
        yield
    finally:
        server.stop()


def _stop(signum, frame):
    sys.exit(128 + signum)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    for program, package in ((REDIS_SERVER, "redis-server"), (INITDB, "postgresql")):
        if program is None:
            sys.exit(f"{package} is not installed: apt-get install {package}")
    with redis_server() as redis_url, postgresql_server() as database_url:
        sys.exit(subprocess.call(sys.argv[1:], env=os.environ | {"REDIS_URL": redis_url, "DATABASE_URL": database_url}))
