"""Calls judgements by the name that curators know them by."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trials", "0009_slices")]

    operations = [
        migrations.AlterModelOptions(name="curation", options={"ordering": ["record", "judged_at", "pk"], "verbose_name": "judgement"}),
    ]
