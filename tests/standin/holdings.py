"""The records that the stand-in serves, and how they are read from files."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from pathlib import Path
from threading import RLock
from typing import Any

from tests.standin import pieces
from tests.standin.essie import Study

STARTER_SET = Path(__file__).resolve().parents[2] / "trials" / "data" / "starter.json"

_NCT = re.compile(r"NCT0*([1-9][0-9]{0,7})", re.IGNORECASE)


def nct_number(text: Any) -> int | None:
    match = _NCT.fullmatch(text) if isinstance(text, str) else None
    return int(match[1]) if match else None


class Holding(Study):
    """One record with its JSON as the API would send it. `number` is that of its NCT id, 0 where it has no readable one."""

    def __init__(self, record: Any):
        super().__init__(record)
        self.json = compact(record)
        self.nct_id = next(pieces.values(record, pieces.PIECES["NCTId"]), None)
        self.number = nct_number(self.nct_id) or 0
        self.aliases = {nct_number(alias) for alias in pieces.values(record, pieces.PIECES["NCTIdAlias"])} - {None}
        self.updated = pieces.number(record, "LastUpdatePostDate") or 0


class Records:
    """May be changed while the server answers. Records are taken as they are, broken ones too."""

    def __init__(self, records: Iterable[dict[str, Any]] = ()):
        self._holdings: dict[Any, Holding] = {}
        self._lock = RLock()
        for record in records:
            self.add(record)

    def add(self, record: dict[str, Any]) -> None:
        """Keep the record, unless one of the same id with a later update is held."""
        holding = Holding(record)
        with self._lock:
            held = self._holdings.get(self._key(holding))
            if held is None or held.updated <= holding.updated:
                self._holdings[self._key(holding)] = holding

    def replace(self, record: dict[str, Any]) -> None:
        """Keep the record in place of any of the same id."""
        holding = Holding(record)
        with self._lock:
            self._holdings[self._key(holding)] = holding

    def remove(self, nct_id: str) -> None:
        """KeyError where it is not held."""
        with self._lock:
            del self._holdings[nct_number(nct_id)]

    def clear(self) -> None:
        with self._lock:
            self._holdings.clear()

    def find(self, number: int) -> Holding | None:
        """The study of this number, or the one that has taken over the id."""
        with self._lock:
            if number in self._holdings:
                return self._holdings[number]
        return next((holding for holding in self if number in holding.aliases), None)

    def __iter__(self):
        with self._lock:
            return iter(list(self._holdings.values()))

    def __len__(self) -> int:
        return len(self._holdings)

    @staticmethod
    def _key(holding: Holding) -> Any:
        return holding.number or holding.json


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def read_files(paths: Iterable[Path]) -> Iterable[dict[str, Any]]:
    """The records of files, and of folders' files: `.jsonl` with a record a line; `.json` with one, a list or `{"studies": [...]}`."""
    for path in paths:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if re.search(r"\.jsonl?(\.gz)?$", file.name):
                yield from _read(file)
            elif not path.is_dir():
                raise ValueError(f"{file}: not a .json or .jsonl file, nor one of these gzipped")


def _read(path: Path) -> Iterable[dict[str, Any]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if ".jsonl" in path.suffixes:
        return [json.loads(line) for line in content.splitlines() if line.strip()]
    data = json.loads(content)
    if isinstance(data, dict):
        data = data.get("studies", [data])
    return [record for record in data if isinstance(record, dict) and "protocolSection" in record]
