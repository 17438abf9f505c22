"""Snapshots: everything tracked, as it stands on a day, in a folder that a paper can cite and another installation can load.

A snapshot holds `records.jsonl` (each study's own record, without the contact details of people), `judgements.jsonl` (what curators
decided and why, without who; notes among curators stay here), `changes.jsonl`, the listed trials with our labels as `trials.jsonl` and
`trials.parquet`, and `manifest.json` with the checksum of each. The labels are those of the day; loading works them out again by the rules
of the program that loads, so that the two are the same where the version of the rules is.
"""

import datetime as dt
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from therapies.models import Approach, Therapy
from trials import exports, payload, tables
from trials.context import current_data
from trials.derive import VERSION as RULES_VERSION
from trials.derive import rederive, write
from trials.filters import TrialFilter
from trials.locks import only_sync
from trials.models import Curation, Listing, Record, SyncRun, Trial, TrialChange
from trials.provenance import SOURCE, TERMS
from trials.registry.parse import parse

FORMAT = 1
"""Goes up where an older program could no longer load what is written."""

BATCH = 200
NAME = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}")
LOADER = "snapshot"
"""The user, without a password, who stands for whoever judged."""

_RECORD = ("in_sweep", "is_starter", "first_seen_at", "changed_at", "gone_at")
_CHANGE = ("field", "old", "new", "is_notable", "registry_date", "seen_at")
_CONTACTS = {"centralContacts", "contacts", "pointOfContact"}
_NOT_PUBLIC = {"id", "record", "judged_by", "withdrawn_by"}


class NotUsable(Exception):
    """A folder that is no whole snapshot, or a database that is not empty."""


def folder() -> Path:
    return settings.VAR_DIR / "snapshots"


# --- Making one --------------------------------------------------------------------------------------------------------------


def make(into: Path | None = None) -> Path:
    """Write a snapshot into a folder (that of the settings by default) and return its own folder in it.

    Nobody sees half a snapshot: it takes its name when it is whole. Raises SyncIsRunning while a sync writes.
    """
    into = into or folder()
    into.mkdir(parents=True, exist_ok=True)
    with only_sync():
        draft = Path(tempfile.mkdtemp(dir=into, prefix="."))
        try:
            manifest = _write(draft)
            checksums = "".join(item["sha256"] for item in manifest["files"].values())
            name = f"{manifest['created_at'][:10]}-{hashlib.sha256(checksums.encode()).hexdigest()[:8]}"
            (draft / "manifest.json").write_text(json.dumps({"name": name} | manifest, indent=1, ensure_ascii=False) + "\n")
            draft.chmod(0o755)
            shutil.rmtree(into / name, ignore_errors=True)  # the same files, written on the same day
            return draft.rename(into / name)
        except BaseException:
            shutil.rmtree(draft)
            raise


def _write(draft: Path) -> dict[str, Any]:
    listed = TrialFilter({"sort": "title"})
    data = current_data()
    meta = {
        "format": FORMAT,
        "created_at": timezone.now().isoformat(timespec="seconds"),
        "source": SOURCE,
        "data_timestamp": data.timestamp or None,
        "data_kind": data.kind,
        "software": f"TrialTracker {settings.VERSION}",
        "rules_version": RULES_VERSION,
        "modifications": exports.MODIFICATIONS,
        "terms": TERMS,
    }
    counts = {
        "records": _jsonl(draft / "records.jsonl", _records()),
        "judgements": _jsonl(draft / "judgements.jsonl", _judgements()),
        "changes": _jsonl(draft / "changes.jsonl", _changes()),
        "trials": _jsonl(draft / "trials.jsonl", exports.rows(listed.qs, "")),
    }
    with (draft / "trials.parquet").open("wb") as file:
        tables.write_parquet(file, exports.rows(listed.qs, ""), meta | {"count": counts["trials"]})
    files = {
        path.name: {"sha256": _sha256(path), "bytes": path.stat().st_size, "rows": counts.get(path.stem)}
        for path in sorted(draft.iterdir())
    }
    return meta | {"files": files}


def _jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
            count += 1
    return count


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def without_contacts(record: dict) -> dict:
    """The record that it is given, without how to reach people, wherever that stands and whatever stands in its place elsewhere."""
    waiting = [record]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            for name in _CONTACTS & part.keys():
                del part[name]
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return record


def _records() -> Iterator[dict[str, Any]]:
    records = Record.objects.filter(trial__isnull=False).select_related("trial__listing").order_by("pk")
    records = records.only("nct_id", "payload", *_RECORD, "trial__record_id", "trial__listing__listed_at")
    for record in records.iterator(chunk_size=BATCH):
        listing = getattr(record.trial, "listing", None)
        facts = {name: getattr(record, name) for name in _RECORD} | {"listed_at": listing and listing.listed_at}
        times = {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in facts.items()}
        yield {"nct_id": record.nct_id} | times | {"record": without_contacts(payload.unpack(record.payload))}


def _judgements() -> Iterator[dict[str, Any]]:
    fields = [field for field in Curation._meta.concrete_fields if field.name not in _NOT_PUBLIC]
    rows = Curation.objects.filter(record__trial__isnull=False).exclude(field=Curation.Field.NOTE).order_by("judged_at", "pk")
    for curation in rows.select_related("record", "approach", "therapy").iterator(chunk_size=BATCH):
        row = {"nct_id": curation.record.nct_id}
        for field in fields:
            value = getattr(curation, field.name)
            if isinstance(value, dt.datetime):
                value = value.isoformat()
            row[field.name] = value.slug if field.is_relation and value else value
        yield row


def _changes() -> Iterator[dict[str, Any]]:
    for change in TrialChange.objects.select_related("trial").order_by("pk").iterator(chunk_size=BATCH):
        facts = {name: getattr(change, name) for name in _CHANGE}
        facts["seen_at"] = change.seen_at.isoformat()
        facts["registry_date"] = change.registry_date and str(change.registry_date)
        yield {"nct_id": change.trial.nct_id} | facts


# --- What there is -----------------------------------------------------------------------------------------------------------


def manifests() -> list[dict[str, Any]]:
    """The manifests of all snapshots here, the latest first."""
    found = [path for path in folder().glob("*/manifest.json") if NAME.fullmatch(path.parent.name)]
    return sorted((json.loads(path.read_text()) for path in found), key=lambda manifest: manifest["created_at"], reverse=True)


def file_of(name: str, file: str) -> Path | None:
    """The path of one file of a snapshot, or None where its manifest names no such file."""
    if not NAME.fullmatch(name) or not (manifest := folder() / name / "manifest.json").is_file():
        return None
    if file == "manifest.json":
        return manifest
    return manifest.with_name(file) if file in json.loads(manifest.read_text())["files"] else None


# --- Loading one -------------------------------------------------------------------------------------------------------------


def check(path: Path) -> dict[str, Any]:
    """Return the manifest of a snapshot whose files are whole; NotUsable says what is wrong."""
    try:
        manifest = json.loads((path / "manifest.json").read_text())
    except (OSError, ValueError) as error:
        raise NotUsable(f"{path} is no snapshot: its manifest.json cannot be read.") from error
    if manifest.get("format") != FORMAT:
        raise NotUsable(f"{path} has the format {manifest.get('format')}; this program reads {FORMAT}.")
    for name, facts in manifest["files"].items():
        if not (path / name).is_file() or _sha256(path / name) != facts["sha256"]:
            raise NotUsable(f"{path / name} is missing, or not what the manifest says: its checksum differs.")
    return manifest


def load(path: Path) -> dict[str, Any]:
    """Restore a snapshot into an empty database, all of it or nothing, and return its manifest. Raises NotUsable.

    The next sync brings the contacts back: it finds each record changed by them and by nothing else, and writes no change into the history.
    """
    manifest = check(path)
    with only_sync(), transaction.atomic():
        if Record.objects.exists():
            raise NotUsable("The database holds studies already; load a snapshot into an empty one.")
        numbers = _load_records(path / "records.jsonl")
        judged = _load_judgements(path / "judgements.jsonl", numbers)
        rederive(Record.objects.filter(pk__in=judged))
        _load_changes(path / "changes.jsonl", numbers)
        SyncRun.objects.create(
            kind=SyncRun.Kind.FILE,
            state=SyncRun.State.COMPLETE,
            finished_at=timezone.now(),
            data_timestamp=manifest["data_timestamp"] or "",
            fetched=len(numbers),
            created=len(numbers),
            scope=f"Snapshot {manifest['name']}",
        )
    return manifest


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _load_records(path: Path) -> dict[str, int]:
    numbers, pairs, listed = {}, [], {}

    def flush():
        write(pairs)
        trials = set(Trial.objects.filter(pk__in=listed).values_list("pk", flat=True))
        Listing.objects.bulk_create([Listing(trial_id=pk, listed_at=at) for pk, at in listed.items() if pk in trials])
        pairs.clear()
        listed.clear()

    for row in _lines(path):
        study = parse(row["record"])
        facts = {name: row[name] if isinstance(row[name], bool) else _time(row[name]) for name in _RECORD}
        record = Record(
            id=study.number,
            nct_id=study.nct_id,
            payload=payload.pack(json.dumps(row["record"], ensure_ascii=False).encode()),
            last_update_posted=study.last_update_posted and study.last_update_posted.latest,
            **facts,
        )
        numbers[study.nct_id] = record.pk
        pairs.append((record, study))
        if row["listed_at"]:
            listed[record.pk] = _time(row["listed_at"])
        if len(pairs) == BATCH:
            flush()
    flush()
    return numbers


def _load_judgements(path: Path, numbers: dict[str, int]) -> set[int]:
    taxonomy = {"approach": dict(Approach.objects.values_list("slug", "pk")), "therapy": dict(Therapy.objects.values_list("slug", "pk"))}
    rows = []
    for row in _lines(path):
        facts = {name: value for name, value in row.items() if name not in ("nct_id", *taxonomy)}
        facts |= {name: _time(facts[name]) for name in ("judged_at", "withdrawn_at")}
        for name, slugs in taxonomy.items():
            if row[name] and row[name] not in slugs:
                raise NotUsable(f"{row['nct_id']} was judged to take “{row[name]}”, which this program does not know.")
            facts[f"{name}_id"] = slugs.get(row[name])
        rows.append((numbers[row["nct_id"]], facts))
    if rows:
        loader, _ = get_user_model().objects.get_or_create(username=LOADER, defaults={"is_active": False})
        made = Curation.objects.bulk_create(Curation(record_id=pk, judged_by=loader, **facts) for pk, facts in rows)
        for curation, (_, facts) in zip(made, rows, strict=True):
            curation.judged_at = facts["judged_at"]  # the column sets the time of writing by itself
        Curation.objects.bulk_update(made, ["judged_at"], batch_size=BATCH)
    return {pk for pk, _ in rows}


def _load_changes(path: Path, numbers: dict[str, int]) -> None:
    """The runs that found them are not in a snapshot: changes of one trial that were seen on one day become one update."""
    rows = (
        TrialChange(trial_id=numbers[row["nct_id"]], **{name: row[name] for name in _CHANGE} | {"seen_at": _time(row["seen_at"])})
        for row in _lines(path)
    )
    TrialChange.objects.bulk_create(rows, batch_size=BATCH)
