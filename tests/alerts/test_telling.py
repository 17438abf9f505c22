"""What is told to whom: each change once, and only what is in the list that is followed."""

import datetime as dt
import re

import pytest

from alerts import composing, links
from alerts.models import Item, Mail, Subscription
from tests.alerts.mailing import ADDRESS, change, deliver, part, read, subscribe
from tests.builders import make_trial
from trials.models import Listing, TrialChange

pytestmark = pytest.mark.django_db


def test_a_change_is_told_once_however_often_one_looks(sink, trial, now):
    subscribe(now)
    now.pass_(minutes=1)
    change(trial, now)

    for _ in range(3):
        now.pass_(minutes=10)
        deliver(now)

    assert len(sink.accepted) == 1
    message = read(sink.accepted[0])
    assert message["Subject"].startswith("1 new trial")
    assert Item.objects.count() == 1


def test_a_mail_can_be_read_as_text_and_as_html(sink, trial, now):
    Listing.objects.note_new(now() - dt.timedelta(days=30))
    subscribe(now, "approach=hsct")
    now.pass_(minutes=1)
    change(trial, now)
    change(trial, now, field="enrollment", old="40 estimated", new="20 actual", is_notable=True)
    new = make_trial(2, brief_title="Another <trial>", status="NOT_YET_RECRUITING")
    now.pass_(minutes=1)
    deliver(now)

    message = read(sink.accepted[0])
    assert message["Subject"] == "1 new trial and 2 changed trials: HSCT trials"
    text, html = part(message, "plain"), part(message, "html")
    assert "Cells & nerves (NCT00000001)" in text
    assert "- Status: Recruiting → Completed" in text
    assert "- Number of people: 40 (estimated) → 20 (actual) The number of people became smaller." in text
    assert f"https://trials.example.org{new.get_absolute_url()}" in text
    assert "Another &lt;trial&gt;" in html
    assert "https://trials.example.org/trials/?approach=hsct" in text
    assert "not medical advice" in text


def test_headers_let_a_mail_program_unsubscribe_with_one_click(client, sink, trial, now):
    subscribe(now)
    now.pass_(minutes=1)
    change(trial, now)
    now.pass_(minutes=1)
    deliver(now)

    message = read(sink.accepted[0])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (link,) = re.findall(
        r"^<https://trials\.example\.org(/alerts/leave/\S+)>$", message["List-Unsubscribe"].replace("\n", "").replace(" ", "")
    )
    assert message["Auto-Submitted"] == "auto-generated"

    assert client.get(link).status_code == 200
    assert Subscription.objects.exists(), "a program that opens links leaves for nobody"
    plain = type(client)(enforce_csrf_checks=True)
    assert plain.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    for model in (Subscription, Mail, Item):
        assert not model.objects.exists()
    assert plain.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200, "a program may ask twice"


def test_all_of_an_address_can_leave_at_once(client, now):
    subscription = subscribe(now, "approach=hsct")
    subscribe(now, "approach=msc")
    subscribe(now, address="other@example.org")
    client.post(links.leave_link(subscription).removeprefix("http://127.0.0.1:8000"), {"all": "yes"})
    assert list(Subscription.objects.values_list("address", flat=True)) == ["other@example.org"]


@pytest.mark.parametrize(("frequency", "days"), [("daily", 1), ("weekly", 7)])
def test_a_digest_waits_for_its_day_and_holds_all_of_it(sink, trial, now, frequency, days):
    Listing.objects.note_new(now() - dt.timedelta(days=30))
    subscribe(now, frequency=frequency)
    for field in ("status", "enrollment"):
        now.pass_(hours=1)
        change(trial, now, field=field)
        assert deliver(now) == 0
    now.pass_(days=days)
    assert deliver(now) == 1
    assert Item.objects.count() == 2
    now.pass_(days=days)
    assert deliver(now) == 0, "where there is nothing to tell no mail is sent"


def test_only_what_is_in_the_list_is_told(sink, trial, now):
    Listing.objects.note_new(now() - dt.timedelta(days=30))
    other = make_trial(2, approaches=["msc"])
    Listing.objects.note_new(now() - dt.timedelta(days=30))
    subscribe(now, "approach=hsct")
    subscribe(now, trial=other, address="other@example.org")
    now.pass_(minutes=1)
    first, second = change(trial, now), change(other, now)
    now.pass_(minutes=1)
    deliver(now)
    told = {(item.subscription.address, item.change_id) for item in Item.objects.all()}
    assert told == {(ADDRESS, first.pk), ("other@example.org", second.pk)}


def test_the_first_ipsc_trial_is_told_to_those_who_wait_for_it(sink, trial, now):
    subscribe(now, "approach=ipsc")
    now.pass_(days=100)
    assert deliver(now) == 0
    make_trial(7, approaches=["ipsc"], brief_title="The first")
    now.pass_(minutes=10)
    assert deliver(now) == 1
    assert "The first (NCT00000007)" in part(read(sink.accepted[0]), "plain")


def test_a_change_committed_late_is_told_all_the_same(sink, trial, now):
    Listing.objects.note_new(now() - dt.timedelta(days=30))
    subscribe(now)
    now.pass_(hours=1)
    seen = now()
    now.pass_(hours=1)
    deliver(now)
    TrialChange.objects.create(trial=trial, field="status", seen_at=seen)
    now.pass_(minutes=10)
    assert deliver(now) == 1


def test_what_is_too_much_for_one_digest_comes_with_the_next_ones(sink, trial, now, monkeypatch):
    monkeypatch.setattr(composing, "MOST_ITEMS", 2)
    Listing.objects.note_new(now() - dt.timedelta(days=30))
    subscribe(now, frequency="weekly")
    now.pass_(hours=1)
    told = {change(trial, now, field=f"field {number}").pk for number in range(7)}
    for _ in range(5):
        now.pass_(days=7)
        deliver(now)
    assert set(Item.objects.values_list("change", flat=True)) == told
    assert len(sink.accepted) == 4


@pytest.mark.parametrize("query", ["until=9999-12-31", "approach=no-longer-known", "aproach=hsct"])
def test_a_subscription_that_cannot_be_worked_out_keeps_no_other_waiting(sink, trial, now, query):
    """A list of which a word has lost its meaning is not taken for the list of everything."""
    Listing.objects.note_new(now() - dt.timedelta(days=30))
    broken = subscribe(now, query, address="broken@example.org")
    subscribe(now, "approach=hsct")
    now.pass_(minutes=1)
    change(trial, now)
    now.pass_(minutes=1)
    assert deliver(now) == 1
    assert read(sink.accepted[0])["To"] == ADDRESS
    broken.refresh_from_db()
    assert broken.due_at > now() + dt.timedelta(hours=23), "it is not looked at every few minutes"
    assert broken.checked_at < now() - dt.timedelta(seconds=1), "and nothing of its is passed over"


def test_two_that_compose_at_once_tell_it_once(trial, now, monkeypatch):
    subscription = subscribe(now)
    now.pass_(minutes=1)
    told = change(trial, now)
    Listing.objects.note_new(now() - dt.timedelta(days=30))
    composing.compose(now())
    monkeypatch.setattr(composing, "_news", lambda subscription: ([told.pk], []))  # the other one looked before the first had written

    assert composing._compose_one(subscription, now()) is None
    assert Mail.objects.count() == 1
