"""What the database and the decoder cannot do faster, in the process and on the tables that are measured."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable

import msgspec
from django.db import connection, transaction

from trials import models
from trials.derive import PARTS
from trials.registry.raw import content_hash
from trials.search import SearchEntry, SearchWord

WRITTEN = (
    models.Record, models.Trial, *PARTS, models.Alias, models.TrialCountry, models.Finding, models.TrialApproach, models.TrialTherapy,
    SearchWord, SearchEntry,
)  # fmt: skip
"""Every table that an ingest fills, parents first."""


def seconds(work, *arguments) -> float:
    """How long a call takes by the wall clock."""
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def decode(raws: Iterable[bytes]) -> None:
    for raw in raws:
        msgspec.json.decode(raw)


def decode_and_hash(raws: Iterable[bytes]) -> None:
    for raw in raws:
        content_hash(msgspec.json.decode(raw))


def reload() -> float:
    """Take every row out of the tables that an ingest fills and put the same rows back by COPY (PostgreSQL) or executemany (SQLite); return
    the seconds that putting back took."""
    return _by_copy() if connection.vendor == "postgresql" else _by_executemany()


def empty() -> None:
    """Forget every study."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE trials_search, trials_mixture, trials_searchword, trials_record CASCADE")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            for model in (*WRITTEN, models.TrialChange, models.Listing):
                cursor.execute(f"DELETE FROM {model._meta.db_table}")
            cursor.execute("PRAGMA foreign_keys = ON")


def _by_copy() -> float:
    names = [*(model._meta.db_table for model in WRITTEN), "trials_mixture"]
    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        for name in names:
            with open(f"{folder}/{name}", "wb") as file, cursor.copy(f"COPY {name} TO STDOUT") as copy:
                for block in copy:
                    file.write(block)
        empty()
        started = time.perf_counter()
        with transaction.atomic():
            for name in names:
                with open(f"{folder}/{name}", "rb") as file, cursor.copy(f"COPY {name} FROM STDIN") as copy:
                    while block := file.read(1 << 20):
                        copy.write(block)
        return time.perf_counter() - started


def _by_executemany() -> float:
    hidden = {"rowid": "rowid", "trials_search": None}
    columns = {model: [hidden.get(field.column, f'"{field.column}"') for field in model._meta.concrete_fields] for model in WRITTEN}
    columns[SearchEntry].remove(None)
    rows = {}
    with connection.cursor() as cursor:
        for model, names in columns.items():
            cursor.execute(f"SELECT {', '.join(names)} FROM {model._meta.db_table}")
            rows[model] = cursor.fetchall()
    empty()
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for model, names in columns.items():
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(
                f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) VALUES ({places})",
                rows[model],
            )
    return time.perf_counter() - started
