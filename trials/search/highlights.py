"""Where the words of a query stand in the texts of a trial."""

import re
from collections.abc import Iterable
from typing import NamedTuple, Self

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from trials.search.index import backend
from trials.search.query import Query

EXCERPT = 220
"""Characters of an excerpt, about two lines of a card."""


class Passage(NamedTuple):
    """A piece of a trial's text as (text, whether it was looked for) pairs; `html` marks what was, and escapes everything."""

    pieces: tuple[tuple[str, bool], ...]

    @property
    def html(self) -> SafeString:
        return format_html_join("", "{}", ((format_html("<mark>{}</mark>", text) if found else text,) for text, found in self.pieces))

    @property
    def found(self) -> bool:
        return any(found for _, found in self.pieces)

    @property
    def first_line(self) -> Self:
        """The brief title, of a title passage, which holds the official one on its second line."""
        pieces = []
        for text, found in self.pieces:
            line, end, _ = text.partition("\n")
            pieces.append((line, found))
            if end:
                break
        return Passage(tuple(pieces))

    def __str__(self):
        return "".join(text for text, _ in self.pieces)


class Highlight(NamedTuple):
    """How one trial answers a query: its title, and the passage of the weightiest other field that does, if one does."""

    title: Passage
    field: str
    excerpt: Passage | None


EXCERPTED = ("acronym", "interventions", "conditions", "sponsor", "sites", "summary")
_MARK = re.compile("\x02([^\x02\x03]*)\x03")


def highlights(query: Query, trial_ids: Iterable[int]) -> dict[int, Highlight]:
    """Where the query's words stand in these trials (a page of them), by trial. Two queries at most."""
    ids = list(trial_ids)
    if not query or not ids:
        return {}
    found = {}
    for trial_id, texts in backend().marked(query, ids, ("title", *EXCERPTED)):
        title, *others = (_passage(text) for text in texts)
        name, excerpt = next(
            ((name, passage) for name, passage in zip(EXCERPTED, others, strict=True) if passage.found and str(passage) != str(title)),
            ("", None),
        )
        found[trial_id] = Highlight(title, name, excerpt and _shortened(excerpt))
    return found


def _passage(marked: str) -> Passage:
    pieces = ((part, bool(number % 2)) for number, part in enumerate(_MARK.split(marked)))
    return Passage(tuple((text, found) for text, found in pieces if text))


def _shortened(passage: Passage) -> Passage:
    """The part of a long passage around the first word that was looked for, cut between words."""
    text = str(passage)
    if len(text) <= EXCERPT:
        return passage
    at = 0
    for piece, found in passage.pieces:
        if found:
            break
        at += len(piece)
    first = max(0, min(at - EXCERPT // 3, len(text) - EXCERPT))
    last = first + EXCERPT
    if first and (gap := text.find(" ", first, at)) >= 0:
        first = gap + 1
    if last < len(text) and (gap := text.rfind(" ", at, last)) > at:
        last = gap
    pieces, start = [("… ", False)] if first else [], 0
    for piece, found in passage.pieces:
        part = piece[max(0, first - start) : max(0, last - start)]
        if part:
            pieces.append((part, found))
        start += len(piece)
    return Passage((*pieces, (" …", False)) if last < len(text) else tuple(pieces))
