"""SQLite's FTS5. Its tokenizer stems and takes diacritics away; what it takes for letters of their own is indexed a second time."""

import json

from django.db import connection

from trials.search.entries import FIELDS
from trials.search.letters import Folding, fold


def write(documents):
    places = ", ".join(["%s"] * (len(FIELDS) + 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT OR REPLACE INTO trials_search(rowid, {', '.join(FIELDS)}) VALUES ({places})",  # noqa: S608
            [document._replace(ids=f"{document.ids} {plain}") if (plain := _plain(document)) else document for document in documents],
        )


def keep_words(words):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value FROM json_each(%s) WHERE NOT EXISTS (SELECT 1 FROM trials_searchword WHERE word = value)", [json.dumps(words)]
        )
        new = [(word, word[::-1]) for (word,) in sorted(cursor.fetchall())]
        cursor.executemany("INSERT INTO trials_searchword (word, backwards) VALUES (%s, %s)", new)


def _plain(document):
    """The words with letters that FTS5 keeps apart, such as those of Łódź and Tromsø, in plain letters."""
    words = {
        word
        for text in document[1:]
        if not text.isascii()
        for word in text.split()
        if word.lower() != word.lower().translate(Folding.APART)
    }
    return " ".join(sorted(fold(word) for word in words))


def marked(query, ids, names):
    columns = ", ".join(f"highlight(trials_search, {FIELDS.index(name)}, char(2), char(3))" for name in names)
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, {columns} FROM trials_search WHERE trials_search MATCH %s AND rowid IN ({places})",  # noqa: S608
            [query.fts5, *ids],
        )
        for trial_id, *texts in cursor.fetchall():
            yield trial_id, texts


def source(columns):
    """An index holds what facets ask of a listed trial; SQLite would read each trial that a text finds in full."""
    by_index = "INDEXED BY trial_facets" if "is_listed" in columns else ""
    return f"trials_trial {by_index} JOIN trials_search ON trials_search.rowid = trials_trial.record_id"


def best(query, rows, most):
    """The pluses keep SQLite from matching each of these rows by itself, and from ranking all that match."""
    among = f"trials_search MATCH %s AND +rowid IN ({rows})"
    return f"SELECT rowid AS pk FROM trials_search WHERE {among} ORDER BY +rank, rowid LIMIT {most}", (query.fts5,)  # noqa: S608
