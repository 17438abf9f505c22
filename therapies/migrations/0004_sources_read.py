"""Mends what the sources of the first content do not bear out, and notes the day on which others were read: `therapies/content/2026-11-25.toml`.

Whatever a curator has edited stays: a correction holds where the text still reads as shipped, a day where none is noted.
"""

import tomllib
from pathlib import Path

from django.db import migrations

CONTENT = Path(__file__).resolve().parent.parent / "content" / "2026-11-25.toml"


def mend(apps, schema_editor):
    content = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
    using = schema_editor.connection.alias
    sources = apps.get_model("therapies", "Source").objects.using(using)
    statements = apps.get_model("therapies", "Statement").objects.using(using)
    sources.filter(url__in=content["read"]["urls"], checked_on=None).update(checked_on=content["read"]["on"])
    for correction in content["corrections"]:
        for statement in statements.filter(text=correction["old"]):
            statement.text = correction["new"]
            statement.save(update_fields=["text"])
            if then := correction.get("then"):
                source, _ = sources.get_or_create(url=then["source"]["url"], defaults={"label": then["source"]["label"]})
                subject = {name: getattr(statement, name) for name in ("approach_id", "therapy_id", "page", "is_published")}
                statements.create(kind=then["kind"], text=then["text"], source=source, position=statement.position + 1, **subject)


class Migration(migrations.Migration):
    dependencies = [("therapies", "0003_publishing")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=False)]
