"""What is kept to be searched: the document of each trial, its index, and the words that any document holds."""

from typing import NamedTuple

from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Length

from trials.search.query import Query


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
