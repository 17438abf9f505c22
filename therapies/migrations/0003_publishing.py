"""Drafts and published texts, who reviewed them, and whether sources answer. All that is there already is published."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REVIEWED_BY = {
    "blank": True,
    "help_text": "Who that was.",
    "null": True,
    "on_delete": django.db.models.deletion.SET_NULL,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}
PUBLISHED_HELP = "The public sees it. A draft is seen by curators alone, and trials are not shown under it."


class Migration(migrations.Migration):
    dependencies = [("therapies", "0002_first_content"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AlterModelOptions(
            name="therapy",
            options={
                "ordering": ["position", "name"],
                "permissions": [("publish_therapy", "Can publish therapies, statements and proposed wordings")],
                "verbose_name_plural": "therapies",
            },
        ),
        migrations.AddField("approach", "reviewed_by", models.ForeignKey(**REVIEWED_BY)),
        migrations.AddField("therapy", "reviewed_by", models.ForeignKey(**REVIEWED_BY)),
        migrations.AddField("therapy", "is_published", models.BooleanField(default=True, help_text=PUBLISHED_HELP, verbose_name="published")),
        migrations.AlterField(
            "therapy", "is_published", models.BooleanField(default=False, help_text=PUBLISHED_HELP, verbose_name="published")
        ),
        migrations.AddField(
            "source",
            "link_state",
            models.CharField(
                blank=True,
                choices=[
                    ("", "Not checked yet"),
                    ("answers", "Answers"),
                    ("guarded", "Guarded: it refuses programs, so a person has to look"),
                    ("broken", "Broken"),
                ],
                default="",
                editable=False,
                max_length=12,
                verbose_name="link",
            ),
        ),
        migrations.AddField(
            "source",
            "link_note",
            models.CharField(
                blank=True, default="", editable=False, help_text="What the server answered, or why it did not.", max_length=300
            ),
            preserve_default=False,
        ),
        migrations.AddField("source", "link_checked_at", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.AddField(
            "statement", "is_published", models.BooleanField(default=True, help_text="The public reads it.", verbose_name="published")
        ),
        migrations.AddField(
            "statement",
            "proposed_text",
            models.TextField(
                blank=True,
                default="",
                help_text="Another wording, which takes the place of the text when an editor publishes it.",
                verbose_name="proposed wording",
            ),
            preserve_default=False,
        ),
    ]
