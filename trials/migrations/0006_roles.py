"""Puts in the three roles as groups, each with the least it needs; an editor is a curator who publishes.

Permissions are made by Django after a whole `migrate`, too late for this; those that are named here are therefore made here, and Django
later finds them. Running it again only adds what is missing: what an administrator gave a group stays, as do groups on the way back.
"""

from django.db import migrations

PARTS = ["alias", "arm", "collaborator", "contact", "finding", "intervention", "link", "official", "outcome", "reference", "site"]

CURATOR = {
    "trials": {
        **{part: ["view"] for part in PARTS},
        "trial": ["view"],
        "record": ["view"],
        "trialchange": ["view"],
        "syncfailure": ["view"],
        "syncrun": ["view", "sync_chosen"],
        "curation": ["view", "add", "change"],
    },
    "therapies": {
        "approach": ["view", "change"],
        "therapy": ["view", "add", "change"],
        "statement": ["view", "add", "change"],
        "source": ["view", "add", "change"],
    },
}
EDITOR = {"therapies": {"therapy": ["publish_therapy", "delete"], "statement": ["delete"], "source": ["delete"]}}
ADMINISTRATOR = {
    "trials": {"syncrun": ["sync_all"]},
    "auth": {"user": ["view", "add", "change", "delete"], "group": ["view"]},
    "django_celery_beat": {
        "periodictask": ["view", "add", "change", "delete"],
        "intervalschedule": ["view", "add", "change"],
        "crontabschedule": ["view", "add", "change"],
    },
    "django_celery_results": {"taskresult": ["view"]},
}
ROLES = {"curator": [CURATOR], "editor": [CURATOR, EDITOR], "administrator": [CURATOR, EDITOR, ADMINISTRATOR]}

OWN = {
    "publish_therapy": "Can publish therapies, statements and proposed wordings",
    "sync_chosen": "Can fetch chosen studies from the registry",
    "sync_all": "Can sync everything, and cancel a sync",
}


def put_in(apps, schema_editor):
    using = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    for role, sets in ROLES.items():
        group, _ = groups.get_or_create(name=role)
        for app, models in ((app, models) for given in sets for app, models in given.items()):
            for model, actions in models.items():
                content_type, _ = types.get_or_create(app_label=app, model=model)
                noun = apps.get_model(app, model)._meta.verbose_name
                for action in actions:
                    codename, name = (action, OWN[action]) if action in OWN else (f"{action}_{model}", f"Can {action} {noun}")
                    permission, _ = permissions.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})
                    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("trials", "0005_visit"),
        ("therapies", "0003_publishing"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("django_celery_results", "0014_alter_taskresult_status"),
    ]

    operations = [migrations.RunPython(put_in, migrations.RunPython.noop)]
