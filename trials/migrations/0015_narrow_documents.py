"""PostgreSQL only: a text that many trials hold is found without reading them.

An index of words says which rows hold them, and each such row is then looked at. PostgreSQL moves long columns out of a row only where the
row is longer than 2 kB: a filler, which takes 40 bytes when it is packed, makes every row so long, and what is left is a tenth as wide.
"""

from django.db import migrations

MADE = """ALTER TABLE trials_search SET (toast_tuple_target = 256);
    ALTER TABLE trials_search ALTER COLUMN trials_search SET STORAGE EXTERNAL;
    ALTER TABLE trials_search ADD COLUMN filler text GENERATED ALWAYS AS (repeat(' ', 2040)) STORED"""
UNMADE = "ALTER TABLE trials_search DROP COLUMN filler; ALTER TABLE trials_search RESET (toast_tuple_target)"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MADE)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNMADE)


class Migration(migrations.Migration):
    dependencies = [("trials", "0014_at_scale")]

    operations = [migrations.RunPython(make, unmake)]
