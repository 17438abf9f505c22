"""A registry's worth of rows in minutes: some thousand generated studies, taken in by the sync and copied in the database, on either one.

A copy keeps the text of its original, so that the share of trials which a word finds stays as it was generated, and differs in its
number, its last update and where its sites lie. Deterministic, like the studies. A database that holds the set already is left as it is.
"""

from __future__ import annotations

import sys
import tempfile
import time
import zlib
from pathlib import Path

from django.db import connection

from benchmarks import floors, studies
from trials import models
from trials.search import FIELDS, SearchEntry
from trials.search.postgresql import COPIED
from trials.sync import Request, sync

ORIGINALS = 5_000
STEP = 10_000
"""Between the number of a study and that of its next copy."""

SITES = 6
"""Of a trial, on average, as 3,000,000 of 500,000: what the originals lack of it are sites of theirs once more, elsewhere."""

TABLES = (
    models.Record, models.Trial, models.TrialCountry, models.TrialApproach, models.TrialTherapy, models.Site, models.Intervention,
    SearchEntry,
)  # fmt: skip
"""What lists, facets, distances and their pages read."""

PLACE = "((id * 7919 + {copy} * 104729 + id / 7 * {copy}) % 1024 - 512) / 2048.0"
DAYS = "(({copy} * 7919 + {key} * 104729) % 6100)"
CHANGED = {
    "latitude": f"latitude + {PLACE}",
    "longitude": f"longitude + {PLACE.replace('7919', '6101')}",
}
WRITTEN = {
    "postgresql": {
        "nct_id": "'NCT' || right('0000000' || ({key} + {copy} * 10000), 8)",
        "last_update_posted": f"to_char(date '2010-01-01' + {DAYS}::int, 'YYYY-MM-DD')",
        "payload": "''::bytea",
    },
    "sqlite": {
        "nct_id": "'NCT' || substr('0000000' || ({key} + {copy} * 10000), -8)",
        "last_update_posted": f"date('2010-01-01', {DAYS} || ' days')",
        "payload": "x''",
    },
}
"""How a copy's column is made from its original's, where it is not the same."""

KEYS = ("record_id", "trial_id", "rowid")


def fill(count: int) -> None:
    """Leave `count` trials (a multiple of the originals) in the database, unless they stand there already."""
    made_of = f"{count} {zlib.crc32(Path(__file__).read_bytes() + Path(studies.__file__).read_bytes())}"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS benchmark_set (made_of text)")
        cursor.execute("SELECT made_of FROM benchmark_set")
        if cursor.fetchall() == [(made_of,)]:
            return
        cursor.execute("DELETE FROM benchmark_set")
        floors.empty()
        _make(cursor, count)
        cursor.execute("INSERT INTO benchmark_set VALUES (%s)", [made_of])


def _make(cursor, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "originals.jsonl"
        with path.open("wb") as file:
            file.writelines(raw + b"\n" for raw in studies.raws(ORIGINALS))
        sync(Request(files=(path,)))
    _say("taken in")
    is_postgresql = connection.vendor == "postgresql"
    cursor.execute("SET session_replication_role = replica" if is_postgresql else "PRAGMA foreign_keys = OFF")  # every row has its trial
    for model in TABLES:
        table = model._meta.db_table
        indexes = _indexes(cursor, table)
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        columns = _columns(model)
        cursor.execute(f"CREATE TEMPORARY TABLE originals AS SELECT {'id, ' if model is models.Site else ''}{columns} FROM {table}")
        for copy in range(1, count // ORIGINALS):
            cursor.execute(_copying(model, copy))
        if model is models.Site:
            _top_up(cursor, count)
        cursor.execute("DROP TABLE originals")
        for _, sql in indexes:
            cursor.execute(sql)
        _say(table)
    cursor.execute("VACUUM ANALYZE" if is_postgresql else "ANALYZE")
    if is_postgresql:
        cursor.execute("CHECKPOINT; SET session_replication_role = DEFAULT")
    else:
        cursor.execute("INSERT INTO trials_search(trials_search) VALUES ('optimize')")
    _say("ready")


def _indexes(cursor, table: str) -> list[tuple[str, str]]:
    """The indexes that are no constraints, each with what makes it again: all at once they are made in a tenth of the time."""
    if connection.vendor == "postgresql":
        cursor.execute(
            """SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s
            AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conname IS NOT NULL)""",
            [table],
        )
    else:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s", [table])
    return cursor.fetchall()


def _columns(model) -> str:
    if model is SearchEntry:
        return ", ".join(["rowid", *FIELDS, *(["trials_search", *COPIED] if connection.vendor == "postgresql" else [])])
    fields = model._meta.concrete_fields
    return ", ".join(f'"{field.column}"' for field in fields if model is models.Record or field.column != "id")


def _copying(model, copy: int, position: int = 0) -> str:
    """The statement that adds one copy of each original row, so much further on among those of its trial."""
    columns = _columns(model)
    names = [column.strip('"') for column in columns.split(", ")]
    key = "id" if model is models.Record else next(name for name in names if name in KEYS)
    changed = CHANGED | WRITTEN[connection.vendor] | {key: "{key} + {copy} * 10000", "position": f"position + {position}"}
    if model is models.Record:
        del changed["last_update_posted"]
    values = ", ".join(changed.get(name, f'"{name}"') for name in names).format(key=key, copy=copy)
    return f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {values} FROM originals"


def _top_up(cursor, count: int) -> None:
    lacking = SITES * count - models.Site.objects.count()
    for copy in range(count // ORIGINALS):
        if lacking <= 0:
            break
        cursor.execute(f"{_copying(models.Site, copy, position=1000)} LIMIT {lacking}")
        lacking -= cursor.rowcount


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {connection.vendor}: {what}", file=sys.stderr, flush=True)
