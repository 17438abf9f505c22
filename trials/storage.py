"""How new rows reach their tables in bulk: by COPY on PostgreSQL, by one prepared INSERT on SQLite.

The ORM's `bulk_create` spends most of its time on making objects and on writing SQL anew for each batch; where studies come by the
thousand that is most of an ingest. Knows models, columns and rows; knows nothing of what they say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection, models

from trials.fields import PartialDateField

Row = Sequence[Any]
_LISTS = frozenset({list, tuple})


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The names of a model's columns as its objects have them (`trial_id`), in order, without a key that the database gives."""
    return tuple(field.attname for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))


def add(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Insert new rows, each the values of `columns_of(model)`. Raises what the ORM would raise; the caller holds the transaction."""
    columns = columns_of(model)
    adapt = _adapters(model, connection.alias, connection.vendor)
    (_copy if connection.vendor == "postgresql" else _insert)(
        model._meta.db_table,
        [model._meta.get_field(column).column for column in columns],
        (_adapted(row, adapt) for row in rows) if adapt else rows,
    )


def add_objects(objects: Sequence[models.Model]) -> None:
    """`add` for unsaved objects of one model."""
    if objects:
        model = type(objects[0])
        add(model, map(attrgetter(*columns_of(model)), objects))


def _adapted(row: Row, adapt: Iterable[tuple[int, Callable]]) -> list:
    values = list(row)
    for place, made in adapt:
        values[place] = made(values[place])
    return values


def _copy(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    names, places = ", ".join(map(connection.ops.quote_name, columns)), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(rows))  # noqa: S608


@lru_cache
def _adapters(model: type[models.Model], alias: str, vendor: str) -> tuple[tuple[int, Callable], ...]:
    """The columns whose values take another form, each with what gives it; most go as they are."""
    made = ((place, _adapter(model._meta.get_field(column))) for place, column in enumerate(columns_of(model)))
    return tuple((place, adapt) for place, adapt in made if adapt)


def _adapter(field: models.Field) -> Callable | None:
    if isinstance(field, PartialDateField):
        return lru_cache(1 << 14)(field.get_prep_value)  # all days on which a study was ever updated are fewer
    if isinstance(field, models.JSONField):
        # PostgreSQL keeps what JSON says, SQLite its letters, which have to be those that the ORM writes.
        dumps = _compact if connection.vendor == "postgresql" else _spelt
        return lambda value: "[]" if not value and type(value) in _LISTS else None if value is None else dumps(value)  # most are empty
    if isinstance(field, models.DateTimeField):
        return lru_cache(16)(connection.ops.adapt_datetimefield_value)  # a batch has one time
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    return None


def _compact(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _spelt(value: Any) -> str:
    """`json.dumps`, which takes ten times as long to say what a list of words comes to."""
    try:
        return f"[{', '.join(map(encode_basestring_ascii, value))}]" if type(value) in _LISTS else json.dumps(value)
    except TypeError:  # a list of other things than words
        return json.dumps(value)
