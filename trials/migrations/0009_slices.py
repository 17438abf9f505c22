from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trials", "0008_family")]

    operations = [
        migrations.AlterField(
            model_name="syncrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("full", "Every study"),
                    ("updated", "Updated studies"),
                    ("slice", "Studies updated in a span of days"),
                    ("chosen", "Chosen studies"),
                    ("file", "From files"),
                    ("starter", "Bundled starter set"),
                ],
                max_length=10,
            ),
        ),
    ]
