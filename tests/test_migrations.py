"""A migration must not break the version that still runs while it is applied: no column taken away, renamed or made compulsory in one step.

On the database that the suite runs on, by django-migration-linter. To change a column that is in use takes two releases: the first stops
using it, the second takes it away. A migration that may do so after all says why, beside an `IgnoreMigration()` in its operations.
"""

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.http import QueryDict
from django_migration_linter import MigrationLinter, analyse_sql_statements, get_sql_analyser_class

from tests.builders import make_trial
from trials.facets import count
from trials.filters import TrialFilter

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)  # SQLite changes no table within a transaction

BEFORE_THE_FIRST_RELEASE = {
    "alerts": "0001", "therapies": "0003", "trials": "0010", "trialtracker": "0000",
}  # fmt: skip
"""The last migration of each app that no running site had to live through."""


def since(migration):
    return migration.name[:4] > BEFORE_THE_FIRST_RELEASE[migration.app_label]


def test_no_migration_breaks_the_version_that_still_runs(tmp_path):
    linter = MigrationLinter(no_cache=True, no_output=True, all_warnings_as_errors=False)
    loaded = MigrationLoader(connection).disk_migrations.values()
    ours = [migration for migration in loaded if migration.app_label in BEFORE_THE_FIRST_RELEASE and since(migration)]
    assert ours
    for migration in ours:
        linter.lint_migration(migration)
    assert linter.nb_total == len(ours)
    assert linter.nb_erroneous == 0, f"{linter.nb_erroneous} of {[str(migration) for migration in ours]}"


def test_what_facets_ask_of_a_text_outlives_its_migration_there_and_back():
    title = "Migratory cells"  # documents that other tests left behind say nothing of it
    alike = {"brief_title": title, "status": "RECRUITING", "phases": "PHASE1/PHASE2", "ms_courses": ["RRMS"]}
    make_trial(1, start_date="2020-05", countries=["Norway"], **alike)
    make_trial(2, start_date="2020-09", has_results=True, **alike)
    make_trial(3, brief_title=title, start_date=None, is_listed=False)

    def counted():
        found = count(TrialFilter(QueryDict("q=migratory&phase=PHASE1")))
        return {(facet.key, option.value, option.count) for facet in found.facets for option in facet.options if option.count}

    before = counted()
    assert {("status", "RECRUITING", 2), ("started", "2020-2024", 2), ("country", "Norway", 1), ("has_results", "yes", 1)} <= before
    call_command("migrate", "trials", "0016", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            columns = "rowid, is_listed, status, phases, start_date, ms_courses, countries"
            cursor.execute(f"SELECT {columns} FROM trials_search WHERE title LIKE '{title}%' ORDER BY rowid")
            assert cursor.fetchall() == [
                (1, True, "RECRUITING", "PHASE1/PHASE2", "2020-05", '["RRMS"]', '["Norway"]'),
                (2, True, "RECRUITING", "PHASE1/PHASE2", "2020-09", '["RRMS"]', "[]"),
                (3, False, "COMPLETED", "PHASE2", None, "[]", "[]"),
            ]
    call_command("migrate", "trials", verbosity=0)
    assert counted() == before


def test_indexes_that_are_made_beside_writers_are_made_though_somebody_stopped_it_half_way():
    call_command("migrate", "trials", "0013", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX site_on_map ON trials_site (city)")  # what is left of it, whatever its state
        cursor.execute("DROP INDEX site_place")
    call_command("migrate", "trials", verbosity=0)
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, "trials_site")
    assert "city" not in indexes["site_on_map"]["columns"]
    assert "site_place" not in indexes


BREAKING = {
    "taken away": (migrations.RemoveField("alarm", "told_at"), "DROP_COLUMN"),
    "renamed": (migrations.RenameField("alarm", "told_at", "mailed_at"), "RENAME_COLUMN"),
    "made compulsory": (migrations.AddField("alarm", "words", models.TextField(default="")), "NOT_NULL"),
    "a table renamed": (migrations.RenameModel("alarm", "trouble"), "RENAME_TABLE"),
}


def test_the_linter_would_notice():
    found = {}
    for how, (operation, _) in BREAKING.items():
        migration = migrations.Migration("later", "trialtracker")
        migration.operations = [operation]
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            migration.apply(MigrationLoader(connection).project_state(("trialtracker", "0001_alarms")), editor, collect_sql=True)
        errors, _, _ = analyse_sql_statements(get_sql_analyser_class(connection.vendor), editor.collected_sql)
        found[how] = [error.code for error in errors]
    assert found == {how: [code] for how, (_, code) in BREAKING.items()}
