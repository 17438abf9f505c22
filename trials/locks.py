"""One sync at a time, on either database, with a lock that a crash releases."""

import fcntl
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ADVISORY_LOCK = 0x7269_616C  # any number that no other program uses in this database


class SyncIsRunning(Exception):
    """Another process is syncing into this database now."""

    def __init__(self):
        super().__init__("another sync is running; wait for it to end (its progress stands in the admin under Sync runs)")


@contextmanager
def only_sync():
    """Hold the right to sync while the block runs; SyncIsRunning at once where somebody else holds it.

    PostgreSQL: a session's advisory lock, which ends with the connection (a pooler must pool by session). SQLite: a lock on a file beside
    the database, which ends with the process.
    """
    with _advisory_lock() if connection.vendor == "postgresql" else _file_lock():
        yield


@contextmanager
def one_of_several():
    """Hold a share in the right to sync: any number of slices may run at once, but none beside a whole sync."""
    with _advisory_lock("_shared") if connection.vendor == "postgresql" else _file_lock(fcntl.LOCK_SH):
        yield


@contextmanager
def _advisory_lock(kind=""):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock{kind}(%s)", [ADVISORY_LOCK])
        if not cursor.fetchone()[0]:
            raise SyncIsRunning
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock{kind}(%s)", [ADVISORY_LOCK])


@contextmanager
def _file_lock(kind=fcntl.LOCK_EX):
    database = str(connection.settings_dict["NAME"])
    in_memory = ":memory:" in database or "mode=memory" in database
    path = settings.VAR_DIR / "memory.sync-lock" if in_memory else Path(f"{database}.sync-lock")
    with path.open("a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SyncIsRunning from None
        yield
