"""Puts in what to ask one's neurologist about HSCT: `therapies/content/2026-11-25-questions.toml`.

Where a curator has written a question on HSCT, or has taken away a source, nothing of that is put in.
"""

import tomllib
from pathlib import Path

from django.db import migrations

CONTENT = Path(__file__).resolve().parent.parent / "content" / "2026-11-25-questions.toml"


def ask(apps, schema_editor):
    content = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
    using = schema_editor.connection.alias
    statements = apps.get_model("therapies", "Statement").objects.using(using)
    sources = {source.url: source for source in apps.get_model("therapies", "Source").objects.using(using).all()}
    approach = apps.get_model("therapies", "Approach").objects.using(using).filter(slug=content["approach"]).first()
    if approach is None or statements.filter(approach=approach, kind="question").exists():
        return
    statements.bulk_create(
        statements.model(approach=approach, kind="question", text=question["text"], source=sources[question["source"]], position=position * 10)
        for position, question in enumerate(content["questions"], start=1)
        if question["source"] in sources
    )


class Migration(migrations.Migration):
    dependencies = [("therapies", "0005_trials_by_number")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop, elidable=False)]
