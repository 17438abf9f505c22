"""Text search over trials: what is kept to be searched, how a typed text is read, which trials it finds, and where its words stand.

One interface, two small back ends that do the work inside the database: SQLite's FTS5, and PostgreSQL's full text search. Both stem
(English), weigh titles above summaries, know prefixes and phrases, and read letters without their diacritics. A word that no trial holds is
taken as misspelt, and answered by the words that are one letter away: a plain table of words (`SearchWord`) finds them on either
database with two index ranges, since a word with one mistake keeps its first or its last half. So no extension of PostgreSQL is needed.

How a text is read
- Every word must occur, in any of its forms (`transplanted` finds `transplantation`) and spellings (`haem-`, `hem-`).
- The last word may be unfinished, and so may one that no trial holds; any word may end in `*`.
- Words in quotes must stand together, in one field and as they are but for their endings; so must parts that a hyphen joins.
- Letters and digits count, everything else parts words. Only so many words and alternatives are read, so that any text has its price.

`trials.derive` writes the entries in the transaction that writes the trial. Nothing here knows pages, parameters or studies.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, models, transaction
from django.db.models import F, Func, Q
from django.db.models.functions import Length
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MOST_WORDS = 16
"""Words of a text that are read; whatever follows narrows no further."""

MOST_COMPLETIONS = 20
MOST_CORRECTIONS = 8
MOST_CANDIDATES = 4_000
EXCERPT = 220
"""Characters of an excerpt, about two lines of a card."""

STOP_WORDS = frozenset(
    """a an the and or of in on at to for from by with without is are was were be been it its this that these those as into than then
    who whom which what where when how do does did can could will would should may might not no nor so such""".split()
)
"""Words that say nothing of a trial; they count within quotes alone."""

SPELLINGS = (
    ("haem", "hem"), ("aemi", "emi"), ("oede", "ede"), ("paed", "ped"), ("oeso", "eso"), ("foet", "fet"), ("orthop", "orthopa"),
    ("tumour", "tumor"), ("colour", "color"), ("behaviour", "behavior"), ("fibre", "fiber"), ("centre", "center"), ("isation", "ization"),
    ("ised", "ized"), ("ising", "izing"), ("elin", "ellin"), ("programme", "program"), ("sulph", "sulf"), ("gynaec", "gynec"),
)  # fmt: skip
"""British and American spellings of the same part of a word; either finds the other."""


# --- letters ---------------------------------------------------------------------------------------------------------------------


class _Folding(dict):
    """A letter's plain form in lower case, of one character, and a space for all that is neither letter nor digit; made as letters come."""

    APART = str.maketrans("øłđħıßæœþð", "oldhisaotd")

    def __missing__(self, code):
        plain = chr(code).lower().translate(self.APART)
        plain = unicodedata.normalize("NFKD", plain[:1])[:1].lower()
        self[code] = found = plain if plain.isalnum() else " "
        return found


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text as it is searched: plain lower-case letters and digits, each in the place where it stood."""
    return text.translate(_FOLDING)


# --- what is kept ----------------------------------------------------------------------------------------------------------------


class Document(NamedTuple):
    """The texts of one trial that can be searched, each in the words of the record."""

    trial_id: int
    ids: str
    title: str
    acronym: str
    interventions: str
    conditions: str
    sponsor: str
    sites: str
    summary: str


FIELDS = Document._fields[1:]
WEIGHTS = {"ids": "A", "title": "A", "acronym": "A", "interventions": "B", "conditions": "B", "sponsor": "C", "sites": "C", "summary": "D"}
SCALE = {"A": 1.0, "B": 0.6, "C": 0.2, "D": 0.1}
"""What a word counts by the field in which it stands."""

RANK = f"ts_rank('{{{{{','.join(str(SCALE[letter]) for letter in 'DCBA')}}}}}', {{}}, to_tsquery('english', %s), 1)"
"""PostgreSQL's figure for how well a vector answers."""


class SearchIndex(models.Field):
    """What the database searches: FTS5's column of the table's own name on SQLite, a `tsvector` on PostgreSQL. Only ever matched."""

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else "text"


@SearchIndex.register_lookup
class Matches(models.Lookup):
    """Trials that a `Query` finds."""

    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]

    def as_sqlite(self, compiler, connection):
        column, _ = compiler.compile(self.lhs)
        return f"{column} MATCH %s", [self.rhs.fts5]

    def as_postgresql(self, compiler, connection):
        column, _ = compiler.compile(self.lhs)
        return f"{column} @@ to_tsquery('english', %s)", [self.rhs.tsquery]


class Relevance(Func):
    """How well an entry answers a `Query`: more is better, and the figure means nothing else."""

    output_field = models.FloatField()

    def __init__(self, query: Query | str, index: str = "search__index"):
        super().__init__(F(index) if isinstance(index, str) else index)
        self.query = query

    def as_sqlite(self, compiler, connection, **context):
        column, _ = compiler.compile(self.source_expressions[0])
        return f"-{column.rsplit('.', 1)[0]}.rank", []

    def as_postgresql(self, compiler, connection, **context):
        column, _ = compiler.compile(self.source_expressions[0])
        return RANK.format(column), [self.query.tsquery]


class SearchEntry(models.Model):
    """The document of one trial. On SQLite an FTS5 table, on PostgreSQL a plain one with a GIN index; made by a migration of its own."""

    trial = models.OneToOneField(
        "trials.Trial", models.DO_NOTHING, primary_key=True, db_column="rowid", db_constraint=False, related_name="search"
    )
    ids = models.TextField()
    title = models.TextField()
    acronym = models.TextField()
    interventions = models.TextField()
    conditions = models.TextField()
    sponsor = models.TextField()
    sites = models.TextField()
    summary = models.TextField()
    index = SearchIndex(db_column="trials_search")

    class Meta:
        managed = False
        db_table = "trials_search"

    def __str__(self):
        return self.title


class SearchWord(models.Model):
    """A word that some trial's document holds, folded; letters alone, since a number that is nearly right is another number."""

    SHORTEST, LONGEST = 3, 30

    word = models.CharField(max_length=LONGEST, primary_key=True)
    backwards = models.CharField(max_length=LONGEST)

    class Meta:
        indexes = [
            models.Index(Length("word"), "word", name="searchword_by_start"),
            models.Index(Length("word"), "backwards", name="searchword_by_end"),
        ]

    def __str__(self):
        return self.word


def write(documents: Sequence[Document]) -> None:
    """Put these trials' documents into the index, in place of those that stand there. The caller holds the transaction."""
    if documents:
        _backend().write(documents)
        _backend().keep_words(_words(documents))


def _words(documents: Iterable[Document]) -> list[str]:
    """The words that are kept of these documents, each once, in order."""
    words = set()
    for document in documents:
        words.update(fold("\n".join(document[1:])).split())
    return sorted(word for word in words if SearchWord.SHORTEST <= len(word) <= SearchWord.LONGEST and word.isalpha())


# --- what is asked ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must occur: any of some phrases, each a tuple of folded words, or words that begin so."""

    phrases: tuple[tuple[str, ...], ...]
    prefix: str = ""

    @property
    def fts5(self) -> str:
        options = [f'"{" ".join(phrase)}"' for phrase in self.phrases]
        if self.prefix:
            options.append(f'"{self.prefix}"*')
        return f"({' OR '.join(options)})"

    @property
    def tsquery(self) -> str:
        options = [" <-> ".join(f"'{word}'" for word in phrase) for phrase in self.phrases]
        if self.prefix:
            options.append(f"'{self.prefix}':*")
        return f"({' | '.join(f'({option})' for option in options)})"


@dataclass(frozen=True, slots=True)
class Query:
    """A text as it will be looked for. `corrections` pairs each word that no trial holds with those taken instead."""

    terms: tuple[Term, ...]
    corrections: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __bool__(self):
        return bool(self.terms)

    @property
    def fts5(self) -> str:
        """For FTS5's MATCH. Words hold letters and digits alone, so nothing that a person types has a meaning of its own here."""
        return " AND ".join(term.fts5 for term in self.terms)

    @property
    def tsquery(self) -> str:
        """For PostgreSQL's to_tsquery; likewise."""
        return " & ".join(term.tsquery for term in self.terms)


_CHUNK = re.compile(r'"([^"]*)"?|([^\s"]+)')
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)


def read(text: str) -> Query:
    """Read what a person typed. At most four queries, all of bounded cost; two where every word is known. Any text gives an answer.

    A text without letters or digits gives an empty query, which finds nothing; so does one of nothing but stop words.
    """
    words, terms, corrections = [], [], []
    chunks = list(_CHUNK.finditer(_POSSESSIVE.sub("", text.replace("“", '"').replace("”", '"'))))
    for number, chunk in enumerate(chunks):
        quoted, bare = chunk.groups()
        parts = tuple(fold(quoted if bare is None else bare).split())
        if bare is None or len(parts) > 1:
            if parts:
                words.append((parts, None))
        elif parts and parts[0] not in STOP_WORDS:
            is_open = bare.endswith("*") or (number == len(chunks) - 1 and len(parts[0]) > 3)
            words.append((parts, is_open))
    words = words[:MOST_WORDS]
    single = {parts[0] for parts, is_open in words if is_open is not None}
    known = set(SearchWord.objects.filter(word__in=single).values_list("word", flat=True)) if single else set()
    for parts, is_open in words:
        if is_open is None:
            terms.append(Term((parts[:MOST_WORDS],)))
            continue
        word = parts[0]
        forms = [word, *_spellings(word)]
        prefix = ""
        if is_open or word not in known:
            completions = _completions(word)
            prefix = word if len(word) > 1 else ""
            forms += completions
            if word not in known and not completions and not _occurs(Term(tuple((form,) for form in forms), prefix)):
                found = _corrections(word)
                if found:
                    corrections.append((word, tuple(found)))
                    forms += found
        terms.append(Term(tuple((form,) for form in dict.fromkeys(forms)), prefix))
    return Query(tuple(terms), tuple(corrections))


def _spellings(word: str) -> list[str]:
    pairs = [pair for both in SPELLINGS for pair in (both, both[::-1])]
    return [word.replace(one, other) for one, other in pairs if one in word and other not in word][:4]


def _completions(word: str) -> list[str]:
    """The shortest known words that begin so: stems are cut off the end, so the beginning of a word may be longer than its stem."""
    if len(word) < SearchWord.SHORTEST:
        return []
    found = SearchWord.objects.filter(word__gte=word, word__lt=f"{word}\U0010ffff").order_by(Length("word"), "word")
    return list(found.values_list("word", flat=True)[:MOST_COMPLETIONS])


def _occurs(term: Term) -> bool:
    return SearchEntry.objects.filter(index__matches=Query((term,))).exists()


def _corrections(word: str) -> list[str]:
    """The known words that are one letter away: one too many, one missing, one wrong, or two neighbours swapped.

    Whatever the mistake, the word keeps at least half of the letters that it does not touch at one of its ends.
    """
    if len(word) < 4 or not word.isalpha() or len(word) > SearchWord.LONGEST:
        return []
    kept = (len(word) - 1) // 2
    start, end = word[:kept], word[::-1][:kept]
    lengths = (len(word) - 1, len(word), len(word) + 1)
    words = SearchWord.objects.annotate(length=Length("word")).filter(length__in=lengths)
    same_start = words.filter(word__gte=start, word__lt=f"{start}\U0010ffff").order_by()
    same_end = words.filter(backwards__gte=end, backwards__lt=f"{end}\U0010ffff").order_by()
    candidates = [part.values_list("word", flat=True)[:MOST_CANDIDATES] for part in (same_start, same_end)]
    near = {candidate for part in candidates for candidate in part if _is_near(word, candidate)}
    return sorted(near, key=lambda candidate: (candidate[0] != word[0], abs(len(candidate) - len(word)), candidate))[:MOST_CORRECTIONS]


def _is_near(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, make one word the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[at:], other[at:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])


# --- where the words stand -------------------------------------------------------------------------------------------------------


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
    def first_line(self) -> Passage:
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
    for trial_id, texts in _backend().marked(query, ids, ("title", *EXCERPTED)):
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


# --- the two back ends -----------------------------------------------------------------------------------------------------------


class _FTS5:
    """SQLite. The tokenizer stems and takes diacritics away; letters that it takes for letters of their own are indexed a second time."""

    def write(self, documents):
        places = ", ".join(["%s"] * (len(FIELDS) + 1))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT OR REPLACE INTO trials_search(rowid, {', '.join(FIELDS)}) VALUES ({places})",  # noqa: S608
                [
                    document._replace(ids=f"{document.ids} {plain}") if (plain := self._plain(document)) else document
                    for document in documents
                ],
            )

    def keep_words(self, words):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT value FROM json_each(%s) WHERE NOT EXISTS (SELECT 1 FROM trials_searchword WHERE word = value)", [json.dumps(words)]
            )
            cursor.executemany(
                "INSERT INTO trials_searchword (word, backwards) VALUES (%s, %s)", [(word, word[::-1]) for (word,) in cursor.fetchall()]
            )

    def _plain(self, document):
        """The words with letters that FTS5 keeps apart, such as those of Łódź and Tromsø, in plain letters."""
        words = {
            word
            for text in document[1:]
            if not text.isascii()
            for word in text.split()
            if word.lower() != word.lower().translate(_Folding.APART)
        }
        return " ".join(sorted(fold(word) for word in words))

    def marked(self, query, ids, names):
        columns = ", ".join(f"highlight(trials_search, {FIELDS.index(name)}, char(2), char(3))" for name in names)
        places = ", ".join(["%s"] * len(ids))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid, {columns} FROM trials_search WHERE trials_search MATCH %s AND rowid IN ({places})",  # noqa: S608
                [query.fts5, *ids],
            )
            for trial_id, *texts in cursor.fetchall():
                yield trial_id, texts

    def best(self, query, rows, most):
        """The pluses keep SQLite from matching each of these rows by itself, and from ranking all that match."""
        among = f"trials_search MATCH %s AND +rowid IN ({rows})"
        return f"SELECT rowid AS pk FROM trials_search WHERE {among} ORDER BY +rank, rowid LIMIT {most}", (query.fts5,)  # noqa: S608


class _FullText:
    """PostgreSQL. The texts are kept beside the vector, which is made of their folded form."""

    APART = " the the the the "
    """Between lines and fields: stop words take places without being words, so that no phrase reaches across."""

    def write(self, documents):
        vector = " || ".join(f"setweight(to_tsvector('english', folded_{name}), '{WEIGHTS[name]}')" for name in FIELDS)
        columns = ("rowid", *FIELDS, *(f"folded_{name}" for name in FIELDS))
        types = ", ".join(["%s::bigint[]", *["%s::text[]"] * (2 * len(FIELDS))])
        stated, new = (", ".join(f"{prefix}.{name}" for name in FIELDS) for prefix in ("trials_search", "excluded"))
        texts = list(zip(*documents, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO trials_search (rowid, {", ".join(FIELDS)}, trials_search)
                SELECT rowid, {", ".join(FIELDS)}, {vector} FROM unnest({types}) AS given({", ".join(columns)})
                ON CONFLICT (rowid) DO UPDATE SET ({", ".join(FIELDS)}, trials_search) = ({new}, excluded.trials_search)
                WHERE ({stated}) IS DISTINCT FROM ({new})""",  # noqa: S608
                [*map(list, texts), *([self._apart(text) for text in column] for column in texts[1:])],
            )

    def keep_words(self, words):
        """In one order everywhere, so that two writers wait for each other instead of locking each other out."""
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO trials_searchword (word, backwards)
                SELECT word, reverse(word) FROM unnest(%s::text[]) AS given(word)
                WHERE NOT EXISTS (SELECT FROM trials_searchword AS known WHERE known.word = given.word)
                ORDER BY word ON CONFLICT DO NOTHING""",
                [words],
            )

    def _apart(self, text):
        return fold(text.replace("\n", self.APART) + self.APART)

    def marked(self, query, ids, names):
        rows = SearchEntry.objects.filter(pk__in=ids).values_list("pk", *names)
        texts = [(pk, text) for pk, *given in rows for text in given]
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT ts_headline('english', text, to_tsquery('english', %s), 'HighlightAll=true, StartSel=\x02, StopSel=\x03')
                FROM unnest(%s::text[]) WITH ORDINALITY AS given(text, place) ORDER BY place""",
                [query.tsquery, [fold(text) for _, text in texts]],
            )
            marked = [_laid_over(text, folded) for (_, text), (folded,) in zip(texts, cursor.fetchall(), strict=True)]
        for start in range(0, len(texts), len(names)):
            yield texts[start][0], marked[start : start + len(names)]

    def best(self, query, rows, most):
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


def _backend():
    return _FullText() if connection.vendor == "postgresql" else _FTS5()


def best(query: Query, rows: str, most: int) -> tuple[str, tuple]:
    """The query, with its values, for the keys of the best answers among trials that match: `rows` is a query for their keys."""
    return _backend().best(query, rows, most)


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
