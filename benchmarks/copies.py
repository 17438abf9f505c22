"""A registry's worth of rows on PostgreSQL in minutes: some thousand generated studies, taken in by the sync and copied in the database.

A copy keeps the text of its original, so that the share of trials which a word finds stays as it was generated, and differs in its
number, its last update and where its sites lie. Deterministic, like the studies.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import connection

from benchmarks.studies import raws
from trials import models
from trials.search import SearchEntry
from trials.sync import Request, sync

ORIGINALS = 5_000
STEP = 10_000
"""Between the number of a study and that of its next copy."""

TABLES = (
    models.Record, models.Trial, models.TrialCountry, models.TrialApproach, models.TrialTherapy, models.Site, models.Intervention,
    SearchEntry,
)  # fmt: skip
"""What lists, facets, distances and their pages read."""

NUMBER = "({column} + copy * 10000)"
CHANGED = {
    "nct_id": f"'NCT' || lpad({NUMBER.format(column='substr(nct_id, 4)::bigint')}::text, 8, '0')",
    "last_update_posted": "to_char(date '2010-01-01' + ((hashint4(copy * 7919 + {key}::int) & 2147483647) % 6100), 'YYYY-MM-DD')",
    "latitude": "least(89, greatest(-89, latitude + ((hashint8(id + copy * 31) & 1023) - 512) / 2048.0))",
    "longitude": "least(179, greatest(-179, longitude + ((hashint8(id + copy * 37) & 1023) - 512) / 2048.0))",
}
KEYS = {"record_id", "trial_id", "rowid"}


def fill(count: int) -> None:
    """Leave `count` trials (a multiple of the originals) in an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "originals.jsonl"
        with path.open("wb") as file:
            file.writelines(raw + b"\n" for raw in raws(ORIGINALS))
        sync(Request(files=(path,)))
    with connection.cursor() as cursor:
        for model in TABLES:
            _copy(cursor, model, count // ORIGINALS - 1)
        cursor.execute("VACUUM ANALYZE")


def _copy(cursor, model, copies: int) -> None:
    table = model._meta.db_table
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if not (field.primary_key and field.column == "id" and model is not models.Record)
    ]
    key = "id" if model is models.Record else next(column for column in columns if column in KEYS)
    values = []
    for column in columns:
        if column == key:
            values.append(NUMBER.format(column=column))
        elif column == "last_update_posted" and model is models.Record:
            values.append(column)
        elif column == "payload":
            values.append("''::bytea")
        else:
            values.append(CHANGED.get(column, f'"{column}"').replace("{key}", key))
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table}, generate_series(1, {copies}) AS copy")  # noqa: S608
