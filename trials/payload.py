"""How a record is kept: the JSON as it came, zstandard-compressed."""

from collections.abc import Callable

import zstandard

from trials.registry.parse import decode, parse
from trials.registry.records import Study


def packer() -> Callable[[bytes], bytes]:
    """What compresses one record's JSON after another, for one thread; a higher level takes half as long again and saves a fiftieth."""
    return zstandard.ZstdCompressor(level=1).compress


def pack(raw: bytes) -> bytes:
    """Compress a single record's JSON."""
    return packer()(raw)


def raw(packed: bytes) -> bytes:
    """Return the JSON as it came."""
    return zstandard.decompress(bytes(packed))


def unpack(packed: bytes) -> dict:
    """Return the record that `pack` compressed."""
    return decode(raw(packed))


def study(packed: bytes) -> Study:
    """Return the study that the record which `pack` compressed describes."""
    return parse(unpack(packed))
