"""Lists of trials as JSON Lines, Excel and Parquet, from the rows of `exports`. Each is written row by row, whatever its length, and
carries its provenance: as the first line, as a sheet, as the file's metadata.

Dates come as exact as the registry gives them. Excel has real dates where the day is known, and text otherwise; Parquet has the first day
that a date can mean, and its precision in a column beside it.
"""

import datetime as dt
import itertools
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from trials.exports import COLUMNS, Column
from trials.registry.records import PartialDate

WHOLE_NUMBERS = {"enrollment"}
"""Numbers that have no fraction; the others are years or points of a scale."""

ROW_GROUP = 5_000
LONGEST_CELL = 32_767
"""Characters that Excel takes in a cell."""

MOST_SHEET_ROWS = 1_048_576
"""Rows that Excel takes in a sheet, the heading included."""

Rows = Iterable[dict[str, Any]]


# --- JSON Lines --------------------------------------------------------------------------------------------------------------


def as_jsonl(rows: Rows, meta: dict[str, Any]) -> Iterator[str]:
    """Yield one JSON object a line: first `{"meta": ...}`, then the trials."""
    for line in itertools.chain([{"meta": meta}], rows):
        yield json.dumps(line, ensure_ascii=False) + "\n"


# --- Excel -------------------------------------------------------------------------------------------------------------------


class TooManyRows(Exception):
    """More rows than a sheet takes."""


def write_xlsx(file: IO[bytes], rows: Rows, meta: dict[str, Any]) -> None:
    """Write a workbook of three sheets: the trials, where they come from, what the columns mean. TooManyRows if they do not fit."""
    if meta["count"] >= MOST_SHEET_ROWS:
        raise TooManyRows(
            f"Excel takes {MOST_SHEET_ROWS - 1:,} rows, and these are {meta['count']:,}: narrow the list, or take CSV or Parquet."
        )
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Trials")
        sheet.freeze_panes(1, 1)
        for position, column in enumerate(COLUMNS):
            sheet.set_column(position, position, 40 if column.name == "title" else 16)
        sheet.write_row(0, 0, [column.name for column in COLUMNS], bold)
        for number, row in enumerate(rows, start=1):
            for position, column in enumerate(COLUMNS):
                _write_cell(sheet, number, position, column, row[column.name], day)
        about = book.add_worksheet("About")
        about.set_column(0, 0, 20)
        about.set_column(1, 1, 110)
        for number, (key, value) in enumerate(meta.items()):
            about.write_string(number, 0, key, bold)
            about.write_string(number, 1, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        columns = book.add_worksheet("Columns")
        columns.set_column(2, 2, 110)
        columns.write_row(0, 0, ["column", "kind", "meaning"], bold)
        for number, column in enumerate(COLUMNS, start=1):
            columns.write_row(number, 0, [column.name, column.kind, column.meaning])


def _write_cell(sheet, row, position, column: Column, value, day) -> None:
    if value is None or value == []:
        return
    if column.kind == "boolean":
        sheet.write_boolean(row, position, value)
    elif column.kind == "number":
        sheet.write_number(row, position, value)
    elif column.kind == "date" and (date := PartialDate.from_text(value)).day:
        sheet.write_datetime(row, position, dt.datetime.combine(date.earliest, dt.time()), day)
    else:
        text = "; ".join(value) if isinstance(value, list) else value
        sheet.write_string(row, position, text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…")


# --- Parquet -----------------------------------------------------------------------------------------------------------------

TYPES = {"text": pa.string(), "list": pa.list_(pa.string()), "boolean": pa.bool_(), "date": pa.date32(), "number": pa.float64()}


def parquet_schema(meta: dict[str, Any]) -> pa.Schema:
    """The columns with their types, each with its meaning as metadata; the provenance is the file's own, under `trialtracker`."""
    fields = []
    for column in COLUMNS:
        kind = pa.int64() if column.name in WHOLE_NUMBERS else TYPES[column.kind]
        fields.append(pa.field(column.name, kind, metadata={"meaning": column.meaning}))
        if column.kind == "date":
            fields.append(pa.field(f"{column.name}_precision", pa.string(), metadata={"meaning": "day, month or year."}))
    return pa.schema(fields, metadata={"trialtracker": json.dumps(meta, ensure_ascii=False)})


def write_parquet(file: IO[bytes], rows: Rows, meta: dict[str, Any]) -> None:
    """Write a Parquet file, some thousand rows at a time."""
    schema = parquet_schema(meta)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        rows = map(_typed, rows)
        while batch := list(itertools.islice(rows, ROW_GROUP)):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    typed = dict(row)
    for column in COLUMNS:
        if column.kind == "date":
            date = PartialDate.from_text(row[column.name]) if row[column.name] else None
            typed[column.name] = date and date.earliest
            typed[f"{column.name}_precision"] = date and date.precision
    return typed
