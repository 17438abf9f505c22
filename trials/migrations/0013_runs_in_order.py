from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trials", "0012_covering_indexes")]

    operations = [
        migrations.AlterModelOptions(
            name="syncrun",
            options={
                "get_latest_by": "id",
                "ordering": ["-id"],
                "permissions": [
                    ("sync_chosen", "Can fetch chosen studies from the registry"),
                    ("sync_all", "Can sync everything, and cancel a sync"),
                ],
            },
        ),
    ]
