"""Goals 1, 2 and 8 on one database, the one that DATABASE_URL names: ingest, refresh, and how cost grows.

`python -m benchmarks.ingest STUDIES`, started by `python -m benchmarks`; prints rows for its table. Ours and the floor take turns, so that
whatever else the machine does falls on both.
"""

from __future__ import annotations

import math
import sys
import tempfile
from pathlib import Path

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from benchmarks import floors
from benchmarks.studies import raws
from benchmarks.table import Row, in_turn, median, send
from therapies.models import Approach, Therapy
from trials import derive, exports, models, payload, search, storage
from trials.facets import count as count_facets
from trials.filters import TrialFilter
from trials.registry.normalise import nct_number
from trials.registry.parse import parse
from trials.registry.raw import decode
from trials.sync import Request, sync

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
CHANGED_EVERY = 200  # 0.5 %
NAIVE = 50
ROUNDS = 3


def main(count: int) -> None:
    call_command("migrate", verbosity=0)
    name = NAMES[connection.vendor]
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), count)
        ingest(path, count, name)
        refresh(Path(folder), count, name)
        growth(Path(folder), count, name)


def written(folder: Path, count: int, changed_every: int = 0) -> Path:
    path = folder / f"{count}-{changed_every}.jsonl"
    if not path.exists():
        with path.open("wb") as file:
            file.writelines(raw + b"\n" for raw in raws(count, changed_every=changed_every))
    return path


def take(path: Path, **expected: int) -> float:
    """The seconds of a sync of a file, which must end as expected."""
    runs = []
    seconds = floors.seconds(lambda: runs.append(sync(Request(files=(path,)))))
    run = runs[0]
    assert run.state == "complete", run.message
    assert {name: getattr(run, name) for name in expected} == expected, run.summary
    return seconds


def take_afresh(path: Path, count: int) -> float:
    floors.empty()
    return take(path, created=count)


# --- goals 1 and 2 -----------------------------------------------------------------------------------------------------------------


def ingest(path: Path, count: int, name: str) -> None:
    records = path.read_bytes().splitlines()
    take_afresh(path, count)
    naive = row_by_row(records) * count / NAIVE if connection.vendor == "postgresql" else None  # SQLite answers without a server to ask
    ours, floor = in_turn(ROUNDS, lambda: take_afresh(path, count), lambda: floors.seconds(floors.decode, records) + floors.reload())
    floor_is = "COPY of the same rows, and decoding" if connection.vendor == "postgresql" else "executemany of the same rows, and decoding"
    send(Row(1, f"{name}: ingest {count:,} studies", floor_is, median(floor), median(ours), 3))
    if naive:
        send(Row(1, f"{name}: ingest {count:,} studies", "a 20th of update_or_create a row", naive / 20, median(ours), 1))


def row_by_row(records: list[bytes]) -> float:
    """The seconds in which a few studies are saved as hobby trackers do it: `update_or_create` for each study and each of its children.

    Its search entry is put in by itself too, since ours writes one.
    """
    floors.empty()
    taxonomy = (dict(Approach.objects.values_list("slug", "pk")), dict(Therapy.objects.values_list("slug", "pk")))

    def work():
        for raw in records[:NAIVE]:
            with transaction.atomic():
                save_row_by_row(raw, derive.derive(parse(decode(raw))), taxonomy)

    return floors.seconds(work)


def save_row_by_row(raw, derived, taxonomy):
    number, now = nct_number(derived.study.nct_id), timezone.now()
    record, _ = models.Record.objects.update_or_create(
        pk=number,
        defaults={
            "nct_id": derived.study.nct_id,
            "payload": payload.pack(raw),
            "first_seen_at": now,
            "changed_at": now,
        },
    )
    columns = dict(zip(storage.columns_of(models.Trial), derive._trial(record, derived), strict=True))
    del columns["record_id"]
    models.Trial.objects.update_or_create(record=record, defaults=columns)
    for model, rows in derive._parts([(record, derived)], *taxonomy).items():
        for row in rows:
            columns = dict(zip(storage.columns_of(model), row, strict=True))
            keys = {name: columns.pop(name) for name in storage.columns_of(model)[:2]}
            model.objects.update_or_create(**keys, defaults=columns)
    search.write([derive._document(derived, number)])


def refresh(folder: Path, count: int, name: str) -> None:
    """The tables hold all studies; versions take turns, so that each run meets 0.5 % changed."""
    floors.empty()
    versions = [written(folder, count), written(folder, count, CHANGED_EVERY)]
    take(versions[0], created=count)
    records = versions[0].read_bytes().splitlines()
    turns = iter(versions[::-1] * ROUNDS)
    ours, floor = in_turn(
        2 * ROUNDS, lambda: take(next(turns), updated=count // CHANGED_EVERY), lambda: floors.seconds(floors.decode_and_hash, records)
    )
    floor_is = "decoding and hashing alone"
    send(Row(2, f"{name}: refresh {count:,} studies, 0.5 % changed", floor_is, median(floor), median(ours), round(1 / 0.6, 2)))


# --- goal 8 ------------------------------------------------------------------------------------------------------------------------


def growth(folder: Path, count: int, name: str) -> None:
    """Ingest, refresh, list page and export at a 16th, a fourth and the whole; 1 is in step with the work."""
    sizes = (count // 16, count // 4, count)
    taken = {"ingest": [], "refresh": [], "list page": [], "export": []}
    for size in sizes:
        path = written(folder, size)
        taken["ingest"].append(take_afresh(path, size))
        taken["refresh"].append(take(path, unchanged=size))
        taken["list page"].append(median(floors.seconds(list_page) for _ in range(3)))
        taken["export"].append(floors.seconds(export))
    for what, seconds in taken.items():
        exponent = math.log(seconds[2] / seconds[0]) / math.log(sizes[2] / sizes[0])
        figures = ", ".join(f"{value:.3g} s" for value in seconds)
        send(Row(8, f"{name}: {what} at {sizes[0]:,}, ×4, ×16 ({figures})", "in step with the work", 1, exponent, 1.1, "exponent"))


def list_page() -> None:
    trial_filter = TrialFilter({"status": ["RECRUITING", "COMPLETED"], "q": "safety"})
    count_facets(trial_filter)
    list(trial_filter.qs.for_list()[:25])


def export() -> None:
    for _ in exports.as_csv(exports.rows(models.Trial.objects.listed(), "http://localhost")):
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]))
