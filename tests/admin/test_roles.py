"""Who may do what: the roles that a migration puts in, with no more than each needs, and nothing for anybody else."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alerts.models import Mail, Subscription
from tests.admin.conftest import person, publish
from therapies.models import Statement, Therapy

pytestmark = pytest.mark.django_db


def permissions_of(role):
    return {
        f"{item.content_type.app_label}.{item.codename}" for item in Group.objects.get(name=role).permissions.select_related("content_type")
    }


def test_each_role_holds_the_one_before_and_no_role_can_write_what_the_registry_says():
    curator, editor, administrator = (permissions_of(role) for role in ("curator", "editor", "administrator"))

    assert curator < editor < administrator
    writes = {name for name in administrator if name.split(".")[1].split("_")[0] in {"add", "change", "delete"}}
    assert {name for name in writes if name.startswith("trials.")} == {
        "trials.add_curation",
        "trials.change_curation",
        "trials.add_family",
        "trials.change_family",
    }
    assert "therapies.publish_therapy" in editor - curator
    assert {"trials.sync_all", "auth.change_user"} <= administrator - editor
    assert not {name for name in curator if "delete" in name}


def test_the_permissions_are_django_s_own():
    before = set(Permission.objects.values_list("pk", "codename"))
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)

    assert set(Permission.objects.values_list("pk", "codename")) == before, "no permission of the migration is a stranger to Django"
    for name in permissions_of("administrator"):
        app, codename = name.split(".")
        model = Permission.objects.get(content_type__app_label=app, codename=codename).content_type.model_class()
        own = {f"{action}_{model._meta.model_name}" for action in model._meta.default_permissions} | dict(model._meta.permissions).keys()
        assert codename in own


def test_the_migration_can_run_on_a_database_that_has_the_groups_already():
    migration = import_module("trials.migrations.0006_roles")
    group = Group.objects.get(name="curator")
    extra = Permission.objects.get(codename="delete_source")
    group.permissions.add(extra)
    group.permissions.remove(Permission.objects.get(codename="add_curation"))
    before = permissions_of("editor")

    class Editor:
        class connection:
            alias = "default"

    migration.put_in(apps, Editor)

    assert permissions_of("editor") == before
    assert {"trials.add_curation", "therapies.delete_source"} <= permissions_of("curator"), "what was missing is back, what was given stays"


def addresses():
    """Every address under /admin/: the curators' pages, and of each model every page that it has."""
    found = {reverse("second-factor")} | {
        reverse(f"curating:{name}") for name in ("queue", "next", "sync", "progress", "cancel", "rules", "dashboard")
    }
    found |= {reverse("curating:review", args=["NCT00000001"]), reverse("curating:withdraw", args=["NCT00000001", 1])}
    found |= {reverse("curating:retry", args=[1]), reverse("admin:index"), reverse("admin:autocomplete"), reverse("admin:password_change")}
    for model, model_admin in admin.site._registry.items():
        found.add(reverse("admin:app_list", args=[model._meta.app_label]))
        for pattern in model_admin.get_urls():
            if pattern.name:
                found.add(reverse(f"admin:{pattern.name}", args=[1] * pattern.pattern.regex.groups))
    return sorted(found)


def test_an_anonymous_visitor_reaches_nothing_under_admin():
    client = Client()
    tried = addresses()
    assert len(tried) > 80
    for address in tried:
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in {302, 403}, address
            assert answer.status_code == 403 or "/login/?next=" in answer.url, address


def test_somebody_without_a_role_who_may_enter_sees_nothing_of_it():
    client = Client()
    client.force_login(person("nobody"))
    for name in ("queue", "next", "sync", "progress", "rules"):
        assert client.get(reverse(f"curating:{name}")).status_code == 403
    assert client.get(reverse("admin:trials_trial_changelist")).status_code == 403
    index = client.get(reverse("admin:index"))
    assert index.status_code == 200
    assert "Review queue" not in index.text


def test_somebody_who_is_no_staff_does_not_get_in_at_all():
    client = Client()
    client.force_login(get_user_model().objects.create_user("reader"))
    assert client.get(reverse("curating:queue")).status_code == 302


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("as_curator", {"queue", "rules", "sync"}),
        ("as_editor", {"queue", "rules", "sync"}),
        ("as_administrator", {"queue", "rules", "sync"}),
    ],
)
def test_each_role_reaches_its_rooms(request, who, may):
    client = request.getfixturevalue(who)
    assert {name for name in ("queue", "rules", "sync") if client.get(reverse(f"curating:{name}")).status_code == 200} == may


def test_only_an_administrator_syncs_everything_or_cancels(as_curator, as_editor):
    for client in (as_curator, as_editor):
        assert client.post(reverse("curating:sync"), {"what": "full"}).status_code == 403
        assert client.post(reverse("curating:cancel")).status_code == 403
        assert "Every study, and which are gone" not in client.get(reverse("curating:sync")).text


def test_an_administrator_makes_people_curators_but_nobody_a_superuser(as_administrator):
    root = get_user_model().objects.create_superuser("root", password="a long pass phrase")
    other = person("new")
    page = as_administrator.get(reverse("admin:auth_user_change", args=[other.pk]))
    values = {
        "username": "new", "is_active": "on", "is_staff": "on", "is_superuser": "on", "groups": [Group.objects.get(name="curator").pk],
        "user_permissions": [Permission.objects.first().pk],
    }  # fmt: skip
    assert page.status_code == 200

    assert as_administrator.post(reverse("admin:auth_user_change", args=[other.pk]), values).status_code == 302

    other.refresh_from_db()
    assert [group.name for group in other.groups.all()] == ["curator"]
    assert (other.is_superuser, other.user_permissions.exists()) == (False, False)
    assert as_administrator.post(reverse("admin:auth_user_change", args=[root.pk]), {"username": "x"}).status_code == 403
    assert as_administrator.post(reverse("admin:auth_user_delete", args=[root.pk]), {"post": "yes"}).status_code == 403


def test_who_has_done_anything_is_not_deleted_but_made_inactive(as_administrator):
    busy, idle = person("busy", "curator"), person("idle", "curator")
    LogEntry.objects.log_actions(busy.pk, Statement.objects.all()[:1], CHANGE, "Read against its source.")
    users = reverse("admin:auth_user_changelist")

    for one in (busy, idle):
        as_administrator.post(reverse("admin:auth_user_delete", args=[one.pk]), {"post": "yes"})
    assert list(get_user_model().objects.filter(pk__in=[busy.pk, idle.pk])) == [busy]

    chosen = {"action": "delete_selected", "_selected_action": [busy.pk]}
    assert "Cannot delete user" in as_administrator.post(users, chosen).text
    assert as_administrator.post(users, chosen | {"post": "yes"}).status_code == 403
    assert LogEntry.objects.filter(user=busy).exists()


def test_an_administrator_sees_which_mails_failed_and_nobody_s_address(as_administrator, as_editor):
    now = timezone.now()
    subscription = Subscription.objects.create(address="reader@example.org", asked_at=now)
    mail = Mail.objects.create(
        subscription=subscription, kind="question", state="failed", made_at=now, not_before=now, trouble="550 refused"
    )
    addresses = [reverse(f"admin:alerts_{name}_changelist") for name in ("mail", "subscription")]
    addresses += [reverse(f"admin:alerts_{one._meta.model_name}_change", args=[one.pk]) for one in (mail, subscription)]

    pages = [as_administrator.get(address) for address in addresses]

    assert {page.status_code for page in pages} == {200}
    assert "550 refused" in pages[0].text
    assert not [page for page in pages if "reader@" in page.text]
    assert {as_editor.get(address).status_code for address in addresses} == {403}
    assert as_administrator.post(reverse("admin:alerts_subscription_delete", args=[subscription.pk]), {"post": "yes"}).status_code == 403


def test_a_curator_cannot_publish(as_curator, as_editor):
    therapy = Therapy.objects.create(slug="new-cells", name="New cells", approach_id=1, reviewed_on="2026-01-01")
    for client, expected in ((as_curator, False), (as_editor, True)):
        publish(client, therapy)
        client.post(reverse("admin:therapies_therapy_changelist"), {"action": "publish", "_selected_action": [therapy.pk]})
        therapy.refresh_from_db()
        assert therapy.is_published is expected
    assert not Statement.objects.filter(is_published=False).exists()
