from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trials", "0006_roles")]

    operations = [
        migrations.AddField(
            model_name="record",
            name="raw_hash",
            field=models.BinaryField(
                blank=True, default=bytes, help_text="Of the JSON as it came; empty where each run must read the study.", max_length=16
            ),
        ),
    ]
