"""Record files: studies as the API gives them, from `.json` or `.jsonl` files, optionally gzipped (`.gz`)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

Records = list[msgspec.Raw]


class _Bundle(msgspec.Struct):
    studies: Records


class UnreadableFile(Exception):
    """The file is not there or holds no records; the message says which and what is expected."""


def studies_in(path: Path) -> Iterator[bytes]:
    """Yield the raw JSON of each study in a file.

    A `.jsonl` file holds a study a line; a `.json` file one study, a list of them, or an object with a `studies` list (a page of the API).
    UnreadableFile where the file cannot be opened or is no JSON; what a single line holds is for the parser to judge.
    """
    opener = gzip.open if path.suffix == ".gz" else partial(open, buffering=1 << 20)  # a study is longer than a buffer mostly is
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    try:
        with opener(path, "rb") as file:
            if kind in {".jsonl", ".ndjson"}:
                yield from (study for line in file if (study := line.strip()))
            else:
                yield from _studies(file.read())
    except (OSError, EOFError) as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}" if isinstance(error, OSError) else f"{path}: {error}") from error
    except msgspec.DecodeError as error:
        raise UnreadableFile(
            f"{path} is not JSON: {error}. Give .jsonl (a study a line) or .json (a list, or a page of the API)."
        ) from error


def _studies(content: bytes) -> Iterator[bytes]:
    start = content.lstrip()[:1]
    if start == b"[":
        yield from (bytes(item) for item in msgspec.json.decode(content, type=Records))
        return
    keys = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    if "studies" in keys:
        yield from (bytes(item) for item in msgspec.json.decode(content, type=_Bundle).studies)
    else:
        yield content
