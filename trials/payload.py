"""How a record is kept: the JSON as it came, zstandard-compressed."""

from collections.abc import Sequence

import zstandard

from trials.registry.parse import parse
from trials.registry.raw import content_hash, decode
from trials.registry.records import Study

LEVEL = 1
"""A higher one takes half as long again and saves a fiftieth."""


def pack(raw: bytes) -> bytes:
    """Compress one record's JSON."""
    return zstandard.compress(raw, LEVEL)


def pack_all(raws: Sequence[bytes]) -> list[bytes]:
    """`pack` for each of these in one call, which leaves Python to other threads meanwhile."""
    if not raws:
        return []
    return [packed.tobytes() for packed in zstandard.ZstdCompressor(level=LEVEL).multi_compress_to_buffer(raws)]


def raw(packed: bytes) -> bytes:
    """Return the JSON as it came."""
    return zstandard.decompress(bytes(packed))


def unpack(packed: bytes) -> dict:
    """Return the record that `pack` compressed."""
    return decode(raw(packed))


def version(packed: bytes) -> str:
    """Return a text that changes with what the record says, and with nothing else."""
    return content_hash(unpack(packed)).hex()


def study(packed: bytes) -> Study:
    """Return the study that the record which `pack` compressed describes."""
    return parse(unpack(packed))
