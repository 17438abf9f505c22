"""Families are proposed by rule, decided by curators, and counted once."""

import gc

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.studies import msc_study, write_jsonl
from trials.models import Family, Trial
from trials.programmes import counted_once, propose_families
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db

PROTOCOL = "2010-024081-21"


@pytest.fixture
def trials(tmp_path):
    """Three registrations of one protocol, by its EudraCT number, and one trial apart."""
    records = [msc_study(number) for number in (1, 2, 3)]
    for record in records:
        record["protocolSection"]["identificationModule"]["secondaryIdInfos"] = [{"id": PROTOCOL, "type": "EUDRACT_NUMBER"}]
    apart = msc_study(4, title="Umbilical cord cells given twice in primary progressive multiple sclerosis, a crossover", phases=["PHASE1"])
    apart["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"]["name"] = "Another hospital"
    sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", [*records, apart]),)))
    return Trial.objects.all()


@pytest.fixture
def curator():
    return get_user_model().objects.create_user("curator")


def decide(family, state, curator):
    Family.objects.filter(pk=family.pk).update(state=state, decided_by=curator, decided_at=timezone.now())


def members(family):
    return list(family.trials.order_by("pk").values_list("pk", flat=True))


def test_a_sync_proposes_families_with_their_reasons(trials):
    family = Family.objects.get()

    assert (members(family), family.state) == ([1, 2, 3], "proposed")
    assert {link["reason"] for link in family.links} == {"shared id"}
    assert family.links[0]["quotes"] == [PROTOCOL, PROTOCOL]


def test_a_proposal_counts_for_nothing_until_it_is_confirmed(trials, curator):
    assert counted_once(trials) == 4

    decide(Family.objects.get(), "confirmed", curator)

    assert counted_once(trials) == 2
    assert counted_once(trials.filter(pk__in=[2, 3])) == 1


@pytest.mark.parametrize("state", ["confirmed", "refused"])
def test_what_a_curator_decided_is_not_proposed_again(trials, curator, state):
    decide(Family.objects.get(), state, curator)

    assert propose_families() == 0
    assert (Family.objects.get().state, members(Family.objects.get())) == (state, [1, 2, 3])


def test_a_new_registration_of_a_confirmed_family_is_proposed(trials, curator):
    family = Family.objects.get()
    family.trials.remove(3)
    decide(family, "confirmed", curator)

    assert propose_families() == 1
    assert members(Family.objects.get(state="proposed")) == [1, 2, 3]
    assert members(Family.objects.get(state="confirmed")) == [1, 2]


def test_proposing_again_changes_nothing(trials):
    def proposals():
        return [(family.pk, family.name, members(family), family.links) for family in Family.objects.all()]

    before = proposals()

    propose_families()

    assert proposals() == before, "the very rows: a curator may have one open"


def test_a_proposal_that_stands_is_not_written_again(trials):
    with CaptureQueriesContext(connection) as queries:
        propose_families()
    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_a_sync_lets_go_of_the_families_without_waiting_for_the_collector(trials):
    """Links of many registrations are large, and a worker seldom looks for cycles among what it has long held."""
    gc.collect()
    gc.disable()
    try:
        propose_families()
        assert [one for one in gc.get_objects() if isinstance(one, Family)] == []
    finally:
        gc.enable()


def test_a_proposal_whose_ground_is_gone_goes(trials):
    Family.objects.create(name="Once proposed").trials.set([1, 4])

    propose_families()

    assert [members(family) for family in Family.objects.all()] == [[1, 2, 3]]


@pytest.mark.parametrize("role", ["curator", "editor", "administrator"])
def test_every_role_may_decide_on_families(role):
    held = set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))

    assert {"view_family", "add_family", "change_family"} <= held
