"""Lets administrators see in the admin what the runbook sends them to: what waits, and what a mail server said."""

from django.db import migrations


def let_them_see(apps, schema_editor):
    using = schema_editor.connection.alias
    types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for group in apps.get_model("auth", "Group").objects.using(using).filter(name="administrator"):
        for model in ("mail", "subscription"):
            content_type, _ = types.get_or_create(app_label="alerts", model=model)
            permission, _ = permissions.get_or_create(
                content_type=content_type, codename=f"view_{model}", defaults={"name": f"Can view {model}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_alerts"), ("trials", "0006_roles")]

    operations = [migrations.RunPython(let_them_see, migrations.RunPython.noop)]
