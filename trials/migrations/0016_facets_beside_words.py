"""PostgreSQL only: what facets ask of a trial's own row stands beside its document too, so that a text's facets are counted without it.

They stay in the row, from which all longer columns are moved out. The index of words is made anew: with it there, each row that is
written would be put into it word by word.
"""

from django.db import migrations

MADE = """
    DROP INDEX trials_search_words;
    ALTER TABLE trials_search
        ADD COLUMN is_listed boolean NOT NULL DEFAULT false,
        ADD COLUMN has_results boolean NOT NULL DEFAULT false,
        ADD COLUMN status varchar(40) NOT NULL DEFAULT '',
        ADD COLUMN phases varchar(250) NOT NULL DEFAULT '',
        ADD COLUMN study_type varchar(40) NOT NULL DEFAULT '',
        ADD COLUMN sponsor_class varchar(40) NOT NULL DEFAULT '',
        ADD COLUMN start_date varchar(10),
        ADD COLUMN ms_courses jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN countries jsonb NOT NULL DEFAULT '[]',
        ALTER COLUMN ms_courses SET STORAGE MAIN,
        ALTER COLUMN countries SET STORAGE MAIN;
    UPDATE trials_search SET (is_listed, has_results, status, phases, study_type, sponsor_class, start_date, ms_courses, countries)
        = (trial.is_listed, trial.has_results, trial.status, trial.phases, trial.study_type, trial.sponsor_class, trial.start_date,
            trial.ms_courses, trial.countries)
        FROM trials_trial AS trial WHERE trial.record_id = trials_search.rowid;
    CREATE INDEX trials_search_words ON trials_search USING gin (trials_search)"""
UNMADE = """ALTER TABLE trials_search DROP COLUMN is_listed, DROP COLUMN has_results, DROP COLUMN status, DROP COLUMN phases,
    DROP COLUMN study_type, DROP COLUMN sponsor_class, DROP COLUMN start_date, DROP COLUMN ms_courses, DROP COLUMN countries"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MADE)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNMADE)


class Migration(migrations.Migration):
    dependencies = [("trials", "0015_narrow_documents")]

    operations = [migrations.RunPython(make, unmake)]
