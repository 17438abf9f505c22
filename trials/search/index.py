"""The index: written, and asked, through the back end of the database in use."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Q

from trials.search import postgresql, sqlite
from trials.search.entries import RANK, Document, SearchWord
from trials.search.letters import fold
from trials.search.query import Query
from trials.search.reading import read


def backend():
    return postgresql if connection.vendor == "postgresql" else sqlite


def write(documents: Sequence[Document]) -> None:
    """Put these trials' documents into the index, in place of those that stand there. The caller holds the transaction."""
    if documents:
        backend().write(documents)
        backend().keep_words(_words(documents))


def _words(documents: Iterable[Document]) -> list[str]:
    """The words that are kept of these documents, each once."""
    words = set()
    for document in documents:
        words.update(fold("\n".join(document[1:])).split())
    return [word for word in words if SearchWord.SHORTEST <= len(word) <= SearchWord.LONGEST and word.isalpha()]


def best(query: Query, rows: str, most: int) -> tuple[str, tuple]:
    """The query, with its values, for the keys of the best answers among trials that match: `rows` is a query for their keys."""
    return backend().best(query, rows, most)


def rank(query: Query, index: str) -> tuple[str, tuple]:
    """PostgreSQL's figure for how well what a column holds answers, with its values."""
    return RANK.format(index), (query.tsquery,)


def source(columns: set[str]) -> str:
    """What a query reads from that looks a text up and asks these columns of each `trials_trial` that holds it."""
    return backend().source(columns)


BY_INDEX = "SET LOCAL enable_seqscan = off"
"""What makes PostgreSQL look words up in their index: it takes matching a document for no dearer than comparing two numbers, and would else
read every document where it thinks that many match. It holds for the rest of a transaction."""


def is_by_index(query: Query) -> bool:
    return bool(query) and connection.vendor == "postgresql"


@contextmanager
def by_index(query: Query) -> Iterator[None]:
    """Look this query's words up in their index in whatever the ORM asks within."""
    if not is_by_index(query):
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BY_INDEX)
        yield


def matching(text: str | Query) -> Q:
    """The condition on trials that a text, or a query already read, makes."""
    query = read(text) if isinstance(text, str) else text
    return Q(search__index__matches=query) if query else Q(pk__in=[])
