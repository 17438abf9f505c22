"""PostgreSQL only: each document names the mixture of values that its trial is of, and what facets ask comes first in its row.

To read a column of a row, PostgreSQL walks over all that stand before it; a sixth of the time of a text's facets went into walking over ten
pointers to long texts. An order of columns needs a new table. Pages search the old one while it is made. The columns that only the version
before reads stay, and go with a later release.
"""

from django.db import migrations

OF_MIXTURE = "is_listed, has_results, status, phases, study_type, sponsor_class, left(start_date, 4), ms_courses"
NUMBER = f"hashtextextended(ROW({OF_MIXTURE})::text, 0)"
FACETS = "is_listed, has_results, status, phases, study_type, sponsor_class, start_date, ms_courses"
TEXTS = "ids, title, acronym, interventions, conditions, sponsor, sites, summary"

MADE = f"""
    LOCK TABLE trials_search IN SHARE MODE;
    CREATE TABLE trials_mixture (
        id bigint PRIMARY KEY,
        is_listed boolean NOT NULL,
        has_results boolean NOT NULL,
        status varchar(40) NOT NULL,
        phases varchar(250) NOT NULL,
        study_type varchar(40) NOT NULL,
        sponsor_class varchar(40) NOT NULL,
        start_date varchar(4),
        ms_courses jsonb NOT NULL
    );
    CREATE INDEX trials_mixture_listed ON trials_mixture (id) WHERE is_listed;
    INSERT INTO trials_mixture SELECT DISTINCT {NUMBER}, {OF_MIXTURE} FROM trials_trial;
    CREATE TABLE trials_search_ordered (
        rowid bigint NOT NULL,
        mixture bigint NOT NULL DEFAULT 0,
        countries jsonb NOT NULL DEFAULT '[]',
        trials_search tsvector NOT NULL,
        {TEXTS.replace(",", " text NOT NULL,")} text NOT NULL,
        is_listed boolean NOT NULL DEFAULT false,
        has_results boolean NOT NULL DEFAULT false,
        status varchar(40) NOT NULL DEFAULT '',
        phases varchar(250) NOT NULL DEFAULT '',
        study_type varchar(40) NOT NULL DEFAULT '',
        sponsor_class varchar(40) NOT NULL DEFAULT '',
        start_date varchar(10),
        ms_courses jsonb NOT NULL DEFAULT '[]',
        filler text GENERATED ALWAYS AS (repeat(' ', 2040)) STORED
    ) WITH (toast_tuple_target = 256);
    ALTER TABLE trials_search_ordered
        ALTER COLUMN countries SET STORAGE MAIN,
        ALTER COLUMN trials_search SET STORAGE EXTERNAL,
        ALTER COLUMN ms_courses SET STORAGE MAIN;
    INSERT INTO trials_search_ordered (rowid, mixture, countries, trials_search, {TEXTS}, {FACETS})
        SELECT rowid, mixture, trial.countries, trials_search, {TEXTS}, {", ".join(f"trial.{name}" for name in FACETS.split(", "))}
        FROM trials_search JOIN (SELECT {NUMBER} AS mixture, record_id, countries, {FACETS} FROM trials_trial) AS trial
            ON trial.record_id = rowid
        ORDER BY rowid;
    ALTER TABLE trials_search_ordered ADD CONSTRAINT trials_search_ordered_pkey PRIMARY KEY (rowid);
    CREATE INDEX trials_search_ordered_words ON trials_search_ordered USING gin (trials_search);
    ANALYZE trials_search_ordered, trials_mixture;
    DROP TABLE trials_search;
    ALTER TABLE trials_search_ordered RENAME TO trials_search;
    ALTER INDEX trials_search_ordered_pkey RENAME TO trials_search_pkey;
    ALTER INDEX trials_search_ordered_words RENAME TO trials_search_words"""
UNMADE = f"""
    DROP INDEX trials_search_words;
    UPDATE trials_search SET ({FACETS}) = ({", ".join(f"trial.{name}" for name in FACETS.split(", "))})
        FROM trials_trial AS trial WHERE trial.record_id = trials_search.rowid;
    CREATE INDEX trials_search_words ON trials_search USING gin (trials_search);
    ALTER TABLE trials_search DROP COLUMN mixture;
    DROP TABLE trials_mixture"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MADE)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNMADE)


class Migration(migrations.Migration):
    dependencies = [("trials", "0016_facets_beside_words")]

    operations = [migrations.RunPython(make, unmake)]
