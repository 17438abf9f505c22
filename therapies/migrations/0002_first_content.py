"""Puts in the four approaches, the therapies and what is said of them, from the frozen file `therapies/content/2026-11-23.toml`.

Only rows that are absent are created. A source is known by its address, an approach or therapy by its slug, a page by its key; an
approach, therapy or page that is already there is left wholly alone, its statements too, so that nothing a curator edited, added or took
away comes back or is overwritten. Running it again changes nothing; going back keeps every row.

How later content reaches an installation that has run this: by a new dated file with a data migration of its own, never by an edit here.
New approaches, therapies, sources and pages go in as they do here. A correction to a shipped text is written as
`Statement.objects.filter(text=OLD).update(text=NEW)`: it mends the row where it still reads as shipped, and passes by where a curator has
edited it.
"""

import tomllib
from pathlib import Path

from django.db import migrations

CONTENT = Path(__file__).resolve().parent.parent / "content" / "2026-11-23.toml"


def put_in(apps, schema_editor):
    content = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
    using = schema_editor.connection.alias
    sources = put_in_sources(apps.get_model("therapies", "Source").objects.using(using), content)
    approaches = apps.get_model("therapies", "Approach").objects.using(using)
    therapies = apps.get_model("therapies", "Therapy").objects.using(using)
    statements = apps.get_model("therapies", "Statement").objects.using(using)

    def say(entry, **subject):
        statements.bulk_create(
            statements.model(
                kind=statement["kind"],
                text=statement["text"],
                source=sources[statement["source"]],
                position=position * 10,
                **subject,
            )
            for position, statement in enumerate(entry["statements"], start=1)
        )

    for position, entry in enumerate(content["approaches"], start=1):
        approach, created = approaches.get_or_create(
            slug=entry["slug"],
            defaults={
                "name": entry["name"],
                "short_name": entry["short_name"],
                "position": position * 10,
                "reviewed_on": content["reviewed_on"],
            },
        )
        if created:
            say(entry, approach=approach)
    for position, entry in enumerate(content["therapies"], start=1):
        therapy, created = therapies.get_or_create(
            slug=entry["slug"],
            defaults={
                "approach": approaches.get(slug=entry["approach"]),
                "name": entry["name"],
                "other_names": "\n".join(entry["other_names"]),
                "donor": entry.get("donor", ""),
                "cell_source": entry.get("cell_source", ""),
                "route": entry.get("route", ""),
                "position": position * 10,
                "reviewed_on": content["reviewed_on"],
            },
        )
        if created:
            say(entry, therapy=therapy)
    for entry in content["pages"]:
        if not statements.filter(page=entry["page"]).exists():
            say(entry, page=entry["page"])


def put_in_sources(objects, content):
    """Create the sources that are absent; return all of the file's as `{key: Source}`, registry records under their NCT number."""
    registry = content["registry"]
    records = {
        nct_id: {
            "label": f"ClinicalTrials.gov {nct_id}, {name}",
            "url": f"https://clinicaltrials.gov/study/{nct_id}",
            "checked_on": registry["checked_on"],
        }
        for nct_id, name in registry["records"].items()
    }
    sources = {}
    for key, entry in {**content["sources"], **records}.items():
        sources[key], _ = objects.get_or_create(
            url=entry["url"],
            defaults={"label": entry["label"], "published": entry.get("published", ""), "checked_on": entry.get("checked_on")},
        )
    return sources


class Migration(migrations.Migration):
    dependencies = [("therapies", "0001_taxonomy")]

    operations = [migrations.RunPython(put_in, migrations.RunPython.noop, elidable=False)]
