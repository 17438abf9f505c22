"""Which edition of the rules an answer comes from."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields
from typing import Final

from therapies import rules
from therapies.rules import CONFIDENCE


def _digest() -> str:
    """A short digest of every rule and guard, so that VERSION cannot stay behind when one changes."""
    stated = hashlib.sha256()

    def say(value: object) -> None:
        if isinstance(value, re.Pattern):
            stated.update(value.pattern.encode())
        elif isinstance(value, frozenset):
            stated.update(repr(sorted(value)).encode())
        else:
            stated.update(repr(value).encode())
        stated.update(b"\0")

    for entry in (*rules.RULES.values(), *rules.GUARDS):
        for field in fields(entry):
            say(getattr(entry, field.name))
    for stray in (*rules.PATTERNS.values(), *rules.SETS.values()):
        say(stray)
    for table in (CONFIDENCE, rules.OTHER_THERAPY, rules.DEFAULT_THERAPY):
        say(sorted(table.items()))
    return stated.hexdigest()[:8]


VERSION: Final = f"{rules.EDITION}.{_digest()}"
"""Changes whenever an answer could: the edition is kept by hand, the digest covers every rule. Stored beside each classification."""
