"""Families of registrations as curators decide on them: told what stands, never behind each other's backs."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_trial
from trials.models import Family

pytestmark = pytest.mark.django_db

FAMILIES = reverse("admin:trials_family_changelist")
ADD = reverse("admin:trials_family_add")


def change(family):
    return reverse("admin:trials_family_change", args=[family.pk])


@pytest.fixture
def families():
    for number in range(1, 6):
        make_trial(number)
    links = [{"nct_ids": ["NCT00000001", "NCT00000002"], "reason": "same title", "quotes": ["Cells", "Cells"]}]
    made = [Family.objects.create(name=name, links=links) for name in ("One", "Two")]
    made[0].trials.set([1, 2])
    made[1].trials.set([3, 4])
    return made


def decided(family):
    family.refresh_from_db()
    return family.state, family.decided_by and family.decided_by.get_username(), family.reason


def choose(client, action, families, **given):
    return client.post(FAMILIES, {"action": action, "_selected_action": [family.pk for family in families], **given})


def values(family, **changes):
    """What a browser sends of a family's page, with the hidden values that say what the page showed."""
    shown = {"name": family.name, "trials": [trial.pk for trial in family.trials.all()], "reason": family.reason}
    return {**shown, **{f"initial-{name}": value for name, value in shown.items()}, "initial-state": family.state, **changes}


def test_a_family_is_confirmed_or_refused_on_its_page_and_never_without_a_choice(as_curator, families):
    one, two = families
    page = as_curator.get(change(one)).text
    assert 'type="radio"' in page
    assert "checked" not in page
    assert f'<a href="{reverse("admin:trials_trial_change", args=[1])}">NCT00000001</a> and <a' in page

    undecided = as_curator.post(change(one), values(one))
    assert "This field is required" in undecided.text
    assert decided(one) == ("proposed", None, "")

    as_curator.post(change(one), values(one, state="confirmed"))
    as_curator.post(change(two), values(two, state="refused", reason="Two protocols."))
    assert decided(one) == ("confirmed", "ada", "")
    assert decided(two) == ("refused", "ada", "Two protocols.")


def test_a_family_is_put_together_by_hand_of_two_or_more(as_curator, families):
    alone = as_curator.post(ADD, {"name": "Alone", "trials": [5], "state": "confirmed", "reason": ""})
    assert "A family has two registrations or more" in alone.text
    assert 'value="5" selected' in alone.text, "what was chosen is still there"
    assert "Alone" in alone.text

    as_curator.post(ADD, {"name": "Both", "trials": [1, 5], "state": "confirmed", "reason": ""})
    assert decided(Family.objects.get(name="Both")) == ("confirmed", "ada", "")


def test_many_are_decided_after_a_page_that_counts(as_curator, as_second, families):
    choose(as_second, "refuse", families[:1], sure="yes", reason="Two protocols.")

    asked = choose(as_curator, "confirm", families)

    assert "2 will be confirmed" in asked.text
    assert "1 of these were decided otherwise by ben" in asked.text
    assert decided(families[1]) == ("proposed", None, "")
    choose(as_curator, "confirm", families, sure="yes", reason="")
    assert [decided(family) for family in families] == [("confirmed", "ada", "Two protocols."), ("confirmed", "ada", "")]
    assert "Nothing to do" in as_curator.post(
        FAMILIES, {"action": "confirm", "_selected_action": [families[0].pk]}, follow=True
    ).text  # fmt: skip


def test_what_another_decided_meanwhile_is_told_before_many_are_decided(as_curator, as_second, families):
    told = dict(choose(as_curator, "confirm", families).context["hidden"])["told"]
    choose(as_second, "refuse", families[:1], sure="yes", reason="Two protocols.")

    answer = choose(as_curator, "confirm", families, sure="yes", reason="Same.", told=told)

    assert "Nothing was done" in answer.text
    assert "decided otherwise by ben" in answer.text
    assert "Same." in answer.text
    assert decided(families[0]) == ("refused", "ben", "Two protocols.")
    choose(as_curator, "confirm", families, sure="yes", reason="Same.", told=dict(answer.context["hidden"])["told"])
    assert decided(families[0]) == ("confirmed", "ada", "Same.")


def test_what_another_decided_meanwhile_is_told_on_the_family_s_page(as_curator, as_second, families):
    one = families[0]
    opened = values(one)
    as_second.post(change(one), opened | {"state": "refused", "reason": "Two protocols."})

    told = as_curator.post(change(one), opened | {"state": "confirmed"})

    assert "it now reads “Refused: separate trials”" in told.text
    assert decided(one) == ("refused", "ben", "Two protocols.")
    as_curator.post(change(one), opened | {"state": "confirmed", "initial-state": "refused"})
    assert decided(one) == ("confirmed", "ada", "Two protocols."), "what was left alone stays as the other wrote it"


@pytest.mark.parametrize("who", ["as_curator", "as_editor", "as_administrator"])
def test_nobody_deletes_a_family(request, families, who):
    client = request.getfixturevalue(who)
    assert client.post(reverse("admin:trials_family_delete", args=[families[0].pk]), {"post": "yes"}).status_code == 403
    choose(client, "delete_selected", families, post="yes")
    assert Family.objects.count() == 2


def test_a_decision_cannot_be_taken_back_to_a_proposal(as_curator, families, curator):
    one = families[0]
    Family.objects.filter(pk=one.pk).update(state="confirmed", decided_by=curator, decided_at=timezone.now())
    one.refresh_from_db()

    assert "Select a valid choice" in as_curator.post(change(one), values(one, state="proposed")).text
    assert decided(one)[0] == "confirmed"
