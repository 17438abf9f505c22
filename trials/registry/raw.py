"""A record's bytes: the JSON object in them, and hashes that tell whether the registry changed it."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec

from trials.registry import normalise
from trials.registry.node import kind_of


class BadRecord(ValueError):
    """A record that cannot be read as a study. `nct_id` is canonical, or None where even that cannot be read; `reason` names the path."""

    def __init__(self, nct_id: str | None, reason: str):
        super().__init__(f"{nct_id or 'a record without an NCT id'}: {reason}")
        self.nct_id = nct_id
        self.reason = reason


def decode(raw: bytes) -> dict[str, Any]:
    """The JSON object that `raw` holds, UTF-8; BadRecord where it holds anything else."""
    try:
        record = _decoded(raw)
    except (ValueError, RecursionError) as error:
        raise BadRecord(None, f"the record is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise BadRecord(None, f"the record is {kind_of(record)}, not an object")
    return record


def _decoded(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except ValueError:
        return msgspec.json.decode(normalise.whole_letters(raw))


def content_hash(record: dict[str, Any]) -> bytes:
    """16 bytes that are equal for records, as `decode` gives them, of equal content, whatever their key order and data release.

    BadRecord where the record is nested more deeply than Python can follow.
    """
    derived = record.get("derivedSection")
    misc = derived.get("miscInfoModule") if isinstance(derived, dict) else None
    if isinstance(misc, dict) and "versionHolder" in misc:
        misc = {key: value for key, value in misc.items() if key != "versionHolder"}
        record = {**record, "derivedSection": {**derived, "miscInfoModule": misc}}
    try:
        canonical = msgspec.json.encode(record, order="deterministic")
    except RecursionError:
        raise BadRecord(None, "the record is nested too deeply to be read") from None
    return hashlib.blake2b(canonical, digest_size=16).digest()


_NUMBER = re.compile(rb'"nctId"\s*:\s*"NCT([0-9]{8})"')
_RELEASE = b'"versionHolder":"'


def raw_number(raw: bytes) -> int | None:
    """The number of the first NCT id in a record's JSON, most likely its own: a key to compare under, never to store under."""
    found = _NUMBER.search(raw)
    return int(found[1]) if found else None


def raw_hash(raw: bytes) -> bytes:
    """16 bytes that are equal for a record sent again byte for byte, but for the data release's date; found without decoding it."""
    at = raw.rfind(_RELEASE)
    end = raw.find(b'"', at + len(_RELEASE)) if at >= 0 else -1
    if end < 0:
        return hashlib.blake2b(raw, digest_size=16).digest()
    view = memoryview(raw)
    digest = hashlib.blake2b(view[:at], digest_size=16)
    digest.update(view[end:])
    return digest.digest()


def says_the_same(one: bytes, other: bytes) -> bool:
    """Whether the JSON of two records holds the same but for key order, white space and data release."""
    try:
        return raw_hash(one) == raw_hash(other) or content_hash(decode(one)) == content_hash(decode(other))
    except BadRecord:  # nested as deeply as could just be read
        return False
