"""Sending: no mail twice, none lost to trouble that passes, and addresses that take none are stopped."""

import io
import sys
import types

import pytest
from django.core.management import call_command
from django.db import connection

from alerts import composing, sending
from alerts.bounces import refused_addresses
from alerts.models import Mail, Subscription
from alerts.smtp import CarefulSMTP, EmailBackend
from tests.alerts.mailing import ADDRESS, change, deliver, part, read, subscribe
from tests.servers import free_port

pytestmark = pytest.mark.django_db


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
