"""How a registry can misbehave, on request. `RegistryServer.misbehave(kind, times, after, **options)` names one of these kinds:

    429           too many requests; `retry_after` is the header's value (default "1", None for no header)
    500 ... 504   a server error, as plain text; `retry_after` as above (default None)
    403           a web page that refuses the client
    disconnect    the connection ends without an answer
    drop          the connection ends in the middle of the body
    truncate      the body is cut short, and the headers agree with that
    html          status 200 and a web page
    text          status 200 and a sentence
    wrong_type    the right answer, called text/plain
    answer        any `status` (200), `body` (b"{}"), `content_type` and `headers`
    slow          the right answer after `seconds` (default 1), or at once when the event `until` is set
    stale_token   a page token is refused (only requests that carry one count)
    duplicate     a page repeats the first study of the sweep
    empty         a page without studies, and with a token for what it should have held
    loop          a page gives the token that led to it (only requests that carry one count)

A fault passes over the first `after` requests that it fits, then spoils `times` of them (`math.inf` for all). Faults asked for earlier go
first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KINDS = frozenset(
    """429 500 501 502 503 504 403 disconnect drop truncate html text wrong_type answer slow stale_token duplicate empty loop""".split()
)
_WITH_TOKEN = frozenset({"stale_token", "loop"})
_ON_PAGES = _WITH_TOKEN | {"duplicate", "empty"}

PAGE = b"<!DOCTYPE html>\n<html><head><title>Request blocked</title></head><body><h1>Request blocked</h1></body></html>\n"


@dataclass
class Fault:
    kind: str
    times: float = 1
    after: int = 0
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"no such misbehaviour: {self.kind!r}; there are {', '.join(sorted(KINDS))}")

    def takes(self, *, is_page: bool, has_token: bool) -> bool:
        """Whether the fault spoils this request; counts it."""
        fits = (is_page or self.kind not in _ON_PAGES) and (has_token or self.kind not in _WITH_TOKEN)
        if not fits or self.times <= 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        return True
