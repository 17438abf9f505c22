"""People of each role at the admin's door, and studies read from a file as a sync would take them in."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tests.studies import drug_study, msc_study, write_jsonl
from trials.models import Record
from trials.sync import Request, sync


def person(name, *roles):
    user = get_user_model().objects.create_user(name, password="a long pass phrase", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles)
    return user


def publish(client, row):
    """Press Publish on the preview that the person has read."""
    read = client.get(reverse(f"admin:therapies_{row._meta.model_name}_preview", args=[row.pk])).context["read"]
    return client.post(reverse(f"admin:therapies_{row._meta.model_name}_publish", args=[row.pk]), {"read": read}, follow=True)


@pytest.fixture
def curator():
    return person("ada", "curator")


@pytest.fixture
def as_curator(curator):
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def as_second():
    client = Client()
    client.force_login(person("ben", "curator"))
    return client


@pytest.fixture
def as_editor():
    client = Client()
    client.force_login(person("eve", "editor"))
    return client


@pytest.fixture
def as_administrator():
    client = Client()
    client.force_login(person("sam", "administrator"))
    return client


def doubtful_study(number, **changes):
    """A record that tells of stem cells in its summary alone: below the bar."""
    record = msc_study(number, **{"title": "Cells in Multiple Sclerosis", "intervention": "Biological infusion", **changes})
    summary = "People with multiple sclerosis receive mesenchymal stem cells from bone marrow."
    record["protocolSection"]["descriptionModule"] = {"briefSummary": changes.get("summary", summary)}
    return record


@pytest.fixture
def take_in(tmp_path):
    """Take in records as a sync from files does, and return the rows of those that are named first."""

    def call(*records):
        run = sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", records),)))
        assert (run.state, run.failed) == ("complete", 0)
        return Record.objects.get(nct_id=records[0]["protocolSection"]["identificationModule"]["nctId"])

    return call


@pytest.fixture
def queued(take_in):
    """Five that wait, below the bar; one that is certain; one out of scope."""
    return take_in(*(doubtful_study(number) for number in range(1, 6)), msc_study(6), drug_study(7))
