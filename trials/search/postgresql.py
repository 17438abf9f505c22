"""PostgreSQL's full text search. The texts are kept beside the vector, which is made of their folded form."""

from django.db import connection

from trials.search.entries import FIELDS, RANK, WEIGHTS, SearchEntry
from trials.search.letters import fold

APART = " the the the the "
"""Between lines and fields: stop words take places without being words, so that no phrase reaches across."""

COPIED = ("mixture", "countries")
"""What facets ask of a trial, kept beside the vector: a word that a third of all trials hold is counted without reading them."""

MIXTURE = {
    "is_listed": "is_listed", "has_results": "has_results", "status": "status", "phases": "phases", "study_type": "study_type",
    "sponsor_class": "sponsor_class", "start_date": "left(start_date, 4)", "ms_courses": "ms_courses",
}  # fmt: skip
"""What `trials_mixture` holds of a trial's own columns, each mixture once: of a start its year, which is all that filters ask of it.

500,000 generated trials are of 1,837 mixtures, and the number of a mixture is a tenth as wide as its words. The number is made of them,
so that two writers give one mixture one number. A mixture that no trial is of any longer stays, and counts nothing.
"""

MIXED = frozenset(MIXTURE)
NUMBER = f"hashtextextended(ROW({', '.join(MIXTURE.values())})::text, 0)"


def write(documents):
    vector = " || ".join(f"setweight(to_tsvector('english', folded_{name}), '{WEIGHTS[name]}')" for name in FIELDS)
    columns = ("rowid", *FIELDS, *(f"folded_{name}" for name in FIELDS))
    types = ", ".join(["%s::bigint[]", *["%s::text[]"] * (2 * len(FIELDS))])
    kept = (*FIELDS, *COPIED)
    stated, new = (", ".join(f"{prefix}.{name}" for name in kept) for prefix in ("trials_search", "excluded"))
    read = ", ".join(f"given.{name}" for name in FIELDS)
    texts = list(zip(*documents, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO trials_mixture (id, {", ".join(MIXTURE)}) SELECT DISTINCT {NUMBER}, {", ".join(MIXTURE.values())}
            FROM trials_trial WHERE record_id = ANY(%s) ORDER BY 1 ON CONFLICT DO NOTHING""",  # noqa: S608 names of our own
            [list(texts[0])],
        )
        cursor.execute(
            f"""INSERT INTO trials_search (rowid, {", ".join(kept)}, trials_search)
            SELECT rowid, {read}, {NUMBER}, trial.countries, {vector} FROM unnest({types}) AS given({", ".join(columns)})
            JOIN trials_trial AS trial ON trial.record_id = given.rowid
            ON CONFLICT (rowid) DO UPDATE SET ({", ".join(kept)}, trials_search) = ({new}, excluded.trials_search)
            WHERE ({stated}) IS DISTINCT FROM ({new})""",  # noqa: S608
            [*map(list, texts), *([_apart(text) for text in column] for column in texts[1:])],
        )


def keep_words(words):
    """In one order everywhere, so that two writers wait for each other instead of locking each other out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO trials_searchword (word, backwards)
            SELECT word, reverse(word) FROM unnest(%s::text[]) AS given(word)
            WHERE NOT EXISTS (SELECT FROM trials_searchword AS known WHERE known.word = given.word)
            ORDER BY word ON CONFLICT DO NOTHING""",
            [words],
        )


def _apart(text):
    return fold(text.replace("\n", APART) + APART)


def marked(query, ids, names):
    rows = SearchEntry.objects.filter(pk__in=ids).values_list("pk", *names)
    texts = [(pk, text) for pk, *given in rows for text in given]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT ts_headline('english', text, to_tsquery('english', %s), 'HighlightAll=true, StartSel=\x02, StopSel=\x03')
            FROM unnest(%s::text[]) WITH ORDINALITY AS given(text, place) ORDER BY place""",
            [query.tsquery, [fold(text) for _, text in texts]],
        )
        found = [_laid_over(text, folded) for (_, text), (folded,) in zip(texts, cursor.fetchall(), strict=True)]
    for start in range(0, len(texts), len(names)):
        yield texts[start][0], found[start : start + len(names)]


def source(columns):
    """The planner takes the query within for what it is, names of columns: no row of `trials_trial` is read."""
    if not columns <= {"record_id", "countries"}:
        return "trials_trial JOIN trials_search ON trials_search.rowid = trials_trial.record_id"
    return "trials_search CROSS JOIN LATERAL (SELECT trials_search.rowid AS record_id, trials_search.countries) AS trials_trial"


def best(query, rows, most):
    order = f"{RANK.format('trials_search')} DESC, rowid"
    return f"SELECT rowid AS pk FROM trials_search WHERE rowid IN ({rows}) ORDER BY {order} LIMIT {most}", (query.tsquery,)  # noqa: S608


def _laid_over(text: str, marked: str) -> str:
    """The text with the marks of its folded form, which has the same length without them."""
    pieces, at = [], 0
    for letter in marked:
        if letter in "\x02\x03":
            pieces.append(letter)
        else:
            pieces.append(text[at])
            at += 1
    return "".join(pieces)
