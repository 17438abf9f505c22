"""Puts into findings the number of the trial that they are of: `therapies/content/2026-11-25-numbers.toml`.

Whatever a curator has edited stays: a text is changed where it still reads as shipped.
"""

import tomllib
from pathlib import Path

from django.db import migrations

CONTENT = Path(__file__).resolve().parent.parent / "content" / "2026-11-25-numbers.toml"


def number(apps, schema_editor):
    statements = apps.get_model("therapies", "Statement").objects.using(schema_editor.connection.alias)
    for correction in tomllib.loads(CONTENT.read_text(encoding="utf-8"))["corrections"]:
        statements.filter(text=correction["old"]).update(text=correction["new"])


class Migration(migrations.Migration):
    dependencies = [("therapies", "0004_sources_read")]

    operations = [migrations.RunPython(number, migrations.RunPython.noop, elidable=False)]
