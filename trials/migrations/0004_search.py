"""The tables of text search, one shape for each database; `manage.py rederive_trials` fills them where there are trials already."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length

import trials.search

FIELDS = "ids, title, acronym, interventions, conditions, sponsor, sites, summary"

SQLITE = [
    f'CREATE VIRTUAL TABLE trials_search USING fts5({FIELDS}, tokenize="porter unicode61 remove_diacritics 2")',
    "INSERT INTO trials_search(trials_search, rank) VALUES('rank', 'bm25(1.0, 1.0, 1.0, 0.6, 0.6, 0.2, 0.2, 0.1)')",
]
POSTGRESQL = [
    f"CREATE TABLE trials_search (rowid bigint PRIMARY KEY, {FIELDS.replace(',', ' text NOT NULL,')} text NOT NULL, trials_search tsvector NOT NULL)",
    "CREATE INDEX trials_search_words ON trials_search USING gin (trials_search)",
    # words compare byte by byte, whatever the language of the database, so that the words of one beginning are one range
    """ALTER TABLE trials_searchword ALTER COLUMN word TYPE varchar(30) COLLATE "C", ALTER COLUMN backwards TYPE varchar(30) COLLATE "C" """,
]


def make(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    schema_editor.execute("DROP TABLE trials_search")


class Migration(migrations.Migration):
    dependencies = [("trials", "0003_listing")]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("backwards", models.CharField(max_length=30)),
            ],
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "trial",
                    models.OneToOneField(
                        db_column="rowid",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="trials.trial",
                    ),
                ),
                ("ids", models.TextField()),
                ("title", models.TextField()),
                ("acronym", models.TextField()),
                ("interventions", models.TextField()),
                ("conditions", models.TextField()),
                ("sponsor", models.TextField()),
                ("sites", models.TextField()),
                ("summary", models.TextField()),
                ("index", trials.search.SearchIndex(db_column="trials_search")),
            ],
            options={"db_table": "trials_search", "managed": False},
        ),
        migrations.RunPython(make, unmake),
        migrations.AddIndex("searchword", models.Index(Length("word"), models.F("word"), name="searchword_by_start")),
        migrations.AddIndex("searchword", models.Index(Length("word"), models.F("backwards"), name="searchword_by_end")),
        migrations.RemoveField(model_name="trial", name="search_text"),
    ]
