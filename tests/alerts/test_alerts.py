"""Alerts: nothing without a yes, nothing twice, and nothing left of those who leave."""

import datetime as dt
import email
import io
import re
import sys
import types
from email import policy

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from alerts import composing, links, sending
from alerts.bounces import refused_addresses
from alerts.models import Item, Mail, Subscription
from alerts.smtp import CarefulSMTP, EmailBackend
from tests.builders import make_trial
from tests.servers import free_port
from trials.models import Listing, SyncRun, TrialChange

pytestmark = pytest.mark.django_db

ADDRESS = "reader@example.org"


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """What the web process hands to the worker waits for `deliver` instead."""
    monkeypatch.setattr("alerts.tasks.send.delay", lambda mail_id: None)


def clock(start=None):
    """A time that stands still until it is moved: `now()`, `now.pass_(hours=1)`."""

    class Clock:
        at = start or timezone.now()

        def __call__(self):
            return self.at

        def pass_(self, **much):
            self.at += dt.timedelta(**much)

    return Clock()


@pytest.fixture
def now():
    return clock()


@pytest.fixture
def trial():
    return make_trial(1, brief_title="Cells & nerves", status="RECRUITING", countries=["Norway"])


def subscribe(now, query="", trial=None, frequency="at-once", address=ADDRESS):
    subscription = Subscription.objects.create(address=address, query=query, trial=trial, frequency=frequency, asked_at=now())
    composing.confirm(subscription, frequency, now())
    subscription.refresh_from_db()
    return subscription


def change(trial, now, field="status", old="RECRUITING", new="COMPLETED", **columns):
    run = SyncRun.objects.create(kind="full", state="complete", finished_at=now())
    return TrialChange.objects.create(trial=trial, run=run, field=field, old=[old], new=[new], seen_at=now(), **columns)


def deliver(now):
    composing.compose(now())
    return sending.send_due(now)


def read(raw):
    return email.message_from_bytes(raw, policy=policy.default)


def part(message, kind):
    return message.get_body((kind,)).get_content()


# --- Asking and confirming ---------------------------------------------------------------------------------------------------


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


# --- Telling -----------------------------------------------------------------------------------------------------------------


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


# --- Sending -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mail(now):
    return composing.ask(ADDRESS, "daily", now())


def test_only_one_process_sends_a_mail(sink, mail, now):
    assert sending.send_one(mail.pk, now) is True
    assert sending.send_one(mail.pk, now) is False
    assert len(sink.accepted) == 1


def test_who_has_lost_the_claim_stops_before_the_server_can_have_taken_it(sink, mail, now, monkeypatch):
    real = EmailBackend._send

    def slow(backend, message):
        Mail.objects.filter(pk=mail.pk).update(claim="another process")
        return real(backend, message)

    monkeypatch.setattr(EmailBackend, "_send", slow)
    assert sending.send_one(mail.pk, now) is False
    assert sink.accepted == []


def test_a_line_that_breaks_after_the_last_line_sends_nothing_twice(sink, mail, now, monkeypatch):
    def data(connection, message):
        real(connection, message)
        raise ConnectionResetError("reset by peer")

    real = CarefulSMTP.data
    monkeypatch.setattr(CarefulSMTP, "data", data)
    assert sending.send_one(mail.pk, now) is False
    monkeypatch.undo()
    now.pass_(days=2)
    sending.send_due(now)

    assert len(sink.accepted) == 1
    assert Mail.objects.get().state == "handed-over"


def test_a_mail_that_cannot_be_written_keeps_no_other_waiting_and_is_given_up_in_the_end(sink, now):
    broken = composing.ask("broken@example.org\nBcc: all@example.org", "daily", now())
    composing.ask(ADDRESS, "daily", now())
    for _ in sending.WAITS:
        sending.send_due(now)
        broken.refresh_from_db()
        assert broken.state == "ready"
        now.pass_(days=1, minutes=1)
    sending.send_due(now)
    broken.refresh_from_db()
    assert broken.state == "failed"
    assert "Invalid address" in broken.trouble
    assert [read(raw)["To"] for raw in sink.accepted] == [ADDRESS]


def test_who_leaves_while_their_mail_is_being_sent_keeps_no_other_waiting(sink, mail, now):
    other = composing.ask("other@example.org", "daily", now())

    def leave_after_the_claim(execute, sql, parameters, many, context):
        result = execute(sql, parameters, many, context)
        if sql.startswith("UPDATE") and "attempts" in sql and Subscription.objects.filter(address=ADDRESS).exists():
            sending.stop(ADDRESS)
        return result

    with connection.execute_wrapper(leave_after_the_claim):
        assert sending.send_due(now) == 1
    assert read(sink.accepted[0])["To"] == other.subscription.address


@pytest.mark.parametrize("answer", ["451 try later", "452 full"])
def test_trouble_that_may_pass_is_waited_for(sink, mail, now, answer):
    sink.answer = answer
    assert sending.send_due(now) == 0
    assert Mail.objects.get().state == "ready"
    sink.answer = "250 OK"
    now.pass_(minutes=4)
    assert sending.send_due(now) == 0
    now.pass_(minutes=2)
    assert sending.send_due(now) == 1


def test_a_server_that_is_not_there_is_waited_for_and_given_up_in_the_end(settings, mail, now):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "alerts.smtp.EmailBackend", "127.0.0.1", free_port()
    for _ in range(len(sending.WAITS)):
        sending.send_due(now)
        assert Mail.objects.get().state == "ready"
        now.pass_(days=1, minutes=1)
    sending.send_due(now)
    assert Mail.objects.get().state == "failed"
    assert "refused" in Mail.objects.get().trouble


def test_an_address_that_takes_no_mail_is_stopped(sink, trial, now):
    subscribe(now, "approach=hsct")
    subscribe(now, "approach=msc")
    sink.refuse[ADDRESS] = "550 no such user"
    now.pass_(minutes=1)
    change(trial, now)
    now.pass_(minutes=1)
    deliver(now)
    assert not Subscription.objects.exists()


def test_a_mailbox_that_is_full_is_not_stopped(sink, mail, now):
    sink.refuse[ADDRESS] = "452 mailbox full"
    sending.send_due(now)
    assert (Subscription.objects.count(), Mail.objects.get().state) == (1, "ready")


def test_no_more_than_the_hour_s_allowance_leaves(sink, now, settings):
    settings.ALERTS_PER_HOUR = 2
    for number in range(5):
        composing.ask(f"reader{number}@example.org", "daily", now())
    assert sending.send_due(now) == 2
    now.pass_(minutes=59)
    assert sending.send_due(now) == 0
    now.pass_(minutes=2)
    assert sending.send_due(now) == 2


def test_without_a_server_mails_are_printed(mail, now, capsys, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert sending.send_due(now) == 1
    assert "Please confirm" in capsys.readouterr().out


def test_lines_that_begin_with_a_dot_arrive_whole(sink, trial, now):
    trial.brief_title = "..dots\r\n.\r\nQUIT"
    trial.save()
    subscribe(now, trial=trial)
    now.pass_(minutes=1)
    change(trial, now)
    now.pass_(minutes=1)
    assert deliver(now) == 1
    assert "CHANGED\n\n..dots\n.\nQUIT" in part(read(sink.accepted[0]), "plain").replace("\r\n", "\n")


# --- Mails that come back ----------------------------------------------------------------------------------------------------

BOUNCE = b"""\
From: MAILER-DAEMON@example.org
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; reader@example.org
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; late@example.org
Action: delayed
Status: 4.4.1

--B--
"""


def test_a_returned_mail_stops_the_addresses_that_it_names(now, monkeypatch, capsys):
    assert refused_addresses(BOUNCE) == {ADDRESS}
    assert refused_addresses(b"Subject: hello\n\nFinal-Recipient: rfc822; reader@example.org\nAction: failed\nStatus: 5.1.1\n") == set()
    subscribe(now)
    subscribe(now, address="late@example.org")
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(BOUNCE)))
    call_command("note_bounce")
    assert capsys.readouterr().out == "refused=1 stopped=1\n"
    assert Subscription.objects.get().address == "late@example.org"
