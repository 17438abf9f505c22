"""Asking for alerts: nothing without a yes, and nothing left of those who leave."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from alerts import composing, links
from alerts.models import Mail, Subscription
from tests.alerts.mailing import ADDRESS, change, clock, deliver, part, read, subscribe
from tests.builders import make_trial

pytestmark = pytest.mark.django_db


def test_an_address_is_asked_first_and_told_nothing_until_it_says_yes(client, sink, trial, now):
    page = client.post("/alerts/?approach=hsct&sort=title", {"address": "Reader@EXAMPLE.org", "frequency": "at-once"})
    assert "Look into your mailbox" in page.content.decode()
    subscription = Subscription.objects.get()
    assert (subscription.address, subscription.query, subscription.confirmed_at) == ("Reader@example.org", "approach=hsct", None)

    change(trial, now)
    now.pass_(minutes=1)
    assert deliver(now) == 1
    message = read(sink.accepted[0])
    assert message["Subject"] == "Please confirm: news of stem-cell trials in multiple sclerosis"
    assert "HSCT trials" in part(message, "plain")

    (link,) = re.findall(r"https://trials\.example\.org(/alerts/confirm/\S+)", part(message, "plain"))
    assert "Yes, tell me" in client.get(link).content.decode()
    assert Subscription.objects.get().confirmed_at is None, "a program that opens links confirms nothing"
    assert "You will be told" in client.post(link).content.decode()
    assert Subscription.objects.get().confirmed_at

    later = clock(timezone.now() + dt.timedelta(minutes=5))
    change(trial, later)
    later.pass_(minutes=1)
    assert deliver(later) == 1, "what came before the yes is not told"


def test_an_unconfirmed_address_is_forgotten_when_its_link_has_expired(now):
    composing.ask(ADDRESS, "daily", now())
    now.pass_(days=2, minutes=1)

    assert composing.forget_unconfirmed(now()) > 0
    assert not Subscription.objects.exists()
    assert not Mail.objects.exists()


def test_a_link_expires(client, now, monkeypatch):
    mail = composing.ask(ADDRESS, "daily", now())
    path = links.confirm_link(mail).removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    monkeypatch.setattr(links, "CONFIRM_WITHIN", dt.timedelta(seconds=-1))
    assert client.get(path).status_code == 404
    assert client.get(path.replace("/alerts/confirm/", "/alerts/leave/")).status_code == 404, "a link is good for one thing"
    assert client.get(f"{path[:-3]}/").status_code == 404


def test_nobody_s_mailbox_is_filled_by_somebody_else(client):
    for query in ("", "approach=hsct", "approach=msc", "approach=other"):
        response = client.post(f"/alerts/?{query}", {"address": ADDRESS, "frequency": "daily"})
        assert "Look into your mailbox" in response.content.decode()
    assert Mail.objects.count() == 3


def test_asking_again_makes_no_second_subscription_and_confirms_another_frequency(now):
    subscription = subscribe(now, frequency="daily")
    mail = composing.ask(ADDRESS, "weekly", now())
    assert mail.subscription == subscription
    composing.confirm(subscription, mail.frequency, now())
    subscription.refresh_from_db()
    assert (subscription.frequency, subscription.due_at) == ("weekly", now() + dt.timedelta(days=7))


@pytest.mark.parametrize("query", ["approach=crispr", "aproach=hsct"])
def test_a_list_that_means_nothing_cannot_be_followed(client, query):
    response = client.post(f"/alerts/?{query}", {"address": ADDRESS, "frequency": "daily"})
    assert response.status_code == 400
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("data", [{"address": "nobody", "frequency": "daily"}, {"address": ADDRESS, "frequency": "hourly"}, {}])
def test_a_form_that_cannot_be_used_says_so(client, data):
    assert client.post("/alerts/", data).status_code == 400
    assert not Subscription.objects.exists()


def test_one_trial_can_be_followed_if_it_is_listed(client, trial):
    make_trial(2, is_listed=False)
    assert client.post("/alerts/?trial=NCT00000001", {"address": ADDRESS, "frequency": "weekly"}).status_code == 200
    assert Subscription.objects.get().trial == trial
    assert client.get("/alerts/?trial=NCT00000002").status_code == 404


def test_the_page_says_what_is_kept(client):
    page = client.get("/alerts/").content.decode()
    assert "no answer about your health" in page
    columns = {field.name for field in Subscription._meta.concrete_fields}
    assert columns == {"id", "address", "query", "trial", "frequency", "token", "asked_at", "confirmed_at", "checked_at", "due_at"}
