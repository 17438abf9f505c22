"""Real registry records, which lie beside the repository and never in it. Tests that need them are left out where the folder is absent.

`TRACKER_RECORDS` names the folder; by default it is `shared/data` beside the repository.
"""

import gzip
import os
from pathlib import Path

import msgspec
import pytest

REPO = Path(__file__).resolve().parent.parent
RECORDS = Path(os.environ.get("TRACKER_RECORDS", REPO.parent / "shared" / "data")).resolve()

WHY_NOT_READ = f"registry records: no folder {RECORDS}; name one with TRACKER_RECORDS"
needs_records = pytest.mark.skipif(not RECORDS.is_dir(), reason=WHY_NOT_READ)


def read_records(name: str) -> list[dict]:
    """Return the records of a `.jsonl.gz` file under RECORDS, such as `registry/ms_2025.jsonl.gz`, in file order."""
    with gzip.open(RECORDS / name, "rb") as lines:
        return [msgspec.json.decode(line) for line in lines]
