"""A whole copy of the database in one file, taken while the site runs, and put back in one step.

SQLite: its online backup, a database file of its own. PostgreSQL: pg_dump's custom format, which pg_restore can also list and take apart.
Either is read through once before it takes its name, and again before it is put back; a restore that fails leaves what was there. The file
holds everything, accounts and subscribers' addresses too: it is made for its owner alone.
"""

import os
import secrets
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from trials.locks import only_sync


class NotUsable(Exception):
    """A file or a database that cannot be used for this; the message says why and what to do."""


def back_up(path: Path) -> int:
    """Write the database into a new file and return its size in bytes."""
    if path.exists():
        raise NotUsable(f"{path} is there already, and a backup is never overwritten: name another file")
    if not path.parent.is_dir():
        raise NotUsable(f"{path.parent} is no folder: make it, or name another one")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.touch(mode=0o600)
        _of_this_kind().write(draft)
        _of_this_kind().check(draft)
        _reach_the_disk(draft)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return path.stat().st_size


def restore(path: Path, *, replace: bool = False) -> list[str]:
    """Put a backup in the place of the database, while no sync runs; return the migrations that it lacks, as `app.name`.

    Where the database holds tables already, only with `replace`. Raises SyncIsRunning.
    """
    if not path.is_file():
        raise NotUsable(f"{path} is no file")
    kind = _of_this_kind()
    migrations = kind.check(path)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := migrations - known:
        raise NotUsable(f"{path} was made by a later version of TrialTracker (it has {min(unknown)}): install that one first")
    with only_sync():
        if connection.introspection.table_names() and not replace:
            raise NotUsable("the database is not empty: to throw away all that it holds, say --replace")
        kind.read(path)
    connection.close()
    cache.clear()  # pages of what was there before
    applied = {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
    return sorted(known - applied)


def _of_this_kind():
    return PostgreSQL if connection.vendor == "postgresql" else SQLite


def _reach_the_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


class SQLite:
    @staticmethod
    def write(draft: Path) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(draft)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without the log beside it

    @staticmethod
    def check(path: Path) -> set[str]:
        """Read all of it; return the migrations that it has."""
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
                found = [*copy.execute("PRAGMA integrity_check").fetchall(), *copy.execute("PRAGMA foreign_key_check").fetchall()]
                if found != [("ok",)]:
                    raise NotUsable(f"{path} is damaged ({found[0][0]}): take another backup")
                return {f"{app}.{name}" for app, name in copy.execute("SELECT app, name FROM django_migrations")}
        except sqlite3.DatabaseError as error:
            raise NotUsable(f"{path} is no whole SQLite backup of TrialTracker ({error})") from error

    @staticmethod
    def read(path: Path) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)


class PostgreSQL:
    @staticmethod
    def _run(program: str, *arguments: str, **options) -> subprocess.CompletedProcess:
        return subprocess.run(  # noqa: S603
            [_installed(program), *arguments], env=_environment(), capture_output=True, check=False, **options
        )

    @classmethod
    def write(cls, draft: Path) -> None:
        done = cls._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}", *_address())
        if done.returncode:
            raise NotUsable(f"pg_dump failed: {_last_words(done.stderr)}")

    @classmethod
    def check(cls, path: Path) -> set[str]:
        """Unpack all of it; return the migrations that it has."""
        done = cls._run("pg_restore", "--file=/dev/null", str(path))
        if done.returncode:
            raise NotUsable(f"{path} is no whole PostgreSQL backup of TrialTracker ({_last_words(done.stderr)})")
        rows = cls._run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(path)).stdout.decode()
        columns = [line.split("\t") for line in rows.splitlines() if line.count("\t") == 3]
        if not columns:
            raise NotUsable(f"{path} is a PostgreSQL backup, but none of TrialTracker")
        return {f"{app}.{name}" for _, app, name, _ in columns}

    @classmethod
    def read(cls, path: Path) -> None:
        """One transaction, which is committed only when pg_restore has come to its end."""
        names = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names()))
        into = [_installed("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-", *_address()]
        psql = subprocess.Popen(into, env=_environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603
        from_file = [_installed("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(path)]
        with subprocess.Popen(from_file, stdout=subprocess.PIPE) as dump:  # noqa: S603
            try:
                psql.stdin.write(f"BEGIN; SET client_min_messages = warning;\n{f'DROP TABLE {names} CASCADE;' if names else ''}\n".encode())
                shutil.copyfileobj(dump.stdout, psql.stdin)
                if dump.wait() == 0:
                    psql.stdin.write(b"COMMIT;\n")
            except BrokenPipeError:  # psql has stopped at an error, which it tells
                dump.kill()
        _, errors = psql.communicate()
        if psql.returncode or dump.returncode:
            raise NotUsable(f"the restore failed and the database is as it was: {_last_words(errors)}")


def _installed(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise NotUsable(f"{program} is not installed: apt-get install postgresql-client, of the server's version or later")
    return path


def _address() -> list[str]:
    """Which database, as psql and its like take it; Django knows how."""
    arguments, _ = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return arguments[1:]


def _environment() -> dict[str, str]:
    _, secret = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return os.environ | (secret or {})


def _last_words(errors: bytes) -> str:
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it gave no reason"
