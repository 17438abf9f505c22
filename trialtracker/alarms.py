"""Alarms: a check of `health` that is not well, in words, and the mail that tells a person when it begins and when it ends.

A silent worker cannot send mail, nor does it look where beat does not ask it to: watch `/readyz` from outside as well (docs/runbook.md).
"""

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from trialtracker import health
from trialtracker.models import Alarm

log = logging.getLogger(__name__)

WORDS = {
    "database": "The database cannot be reached",
    "broker": "The message broker cannot be reached",
    "cache": "The cache keeps nothing",
    "worker": "No worker has spoken for a minute",
    "beat": "Nothing has looked at the schedule for a minute",
    "backlog": "Too many messages wait for the worker",
    "sync": "The last complete sync is too long ago",
    "last_run": "The last sync stopped to ask, or could not take in too many studies",
    "review": "Too many trials wait for a curator",
}


def measured(check: dict) -> str:
    """What a check found, in one line: `hours 50.2`."""
    found = {name.replace("_", " "): "never measured" if value is None else value for name, value in check.items() if name != "ok"}
    return ", ".join(f"{name} {value}" for name, value in found.items())


def look() -> dict[str, list[str]]:
    """Compare the checks with the alarms that stand, and tell ALARM_MAILS of each that began or ended; return their names.

    An alarm begins and ends once, whoever looks at the same time. Where its mail cannot be sent, the next look tries again.
    """
    checks = health.checks()
    wrong = {name: check for name, check in checks.items() if not check["ok"]}
    for name in wrong:
        Alarm.objects.get_or_create(name=name, defaults={"since": timezone.now()})
    begun = [alarm.name for alarm in Alarm.objects.filter(name__in=wrong, told_at=None) if _tell_that_it_began(alarm, wrong[alarm.name])]
    ended = [alarm.name for alarm in Alarm.objects.exclude(name__in=wrong) if _tell_that_it_ended(alarm, checks.get(alarm.name, {}))]
    return {"began": begun, "ended": ended}


def _tell_that_it_began(alarm: Alarm, check: dict) -> bool:
    mine = Alarm.objects.filter(pk=alarm.pk, told_at=None)
    if not settings.ALARM_MAILS or not mine.update(told_at=timezone.now()):
        return False
    log.warning("alarm: %s (%s)", alarm.name, measured(check))
    if _mail(alarm, f"{WORDS[alarm.name]}.", check):
        return True
    Alarm.objects.filter(pk=alarm.pk).update(told_at=None)
    return False


def _tell_that_it_ended(alarm: Alarm, check: dict) -> bool:
    gone, _ = Alarm.objects.filter(pk=alarm.pk).delete()
    if not gone or not alarm.told_at:
        return False
    log.warning("alarm over: %s (%s)", alarm.name, measured(check))
    if _mail(alarm, f"Over: {WORDS.get(alarm.name, alarm.name)}.", check):
        return True
    Alarm.objects.create(name=alarm.name, since=alarm.since, told_at=alarm.told_at)
    return False


def _mail(alarm: Alarm, subject: str, check: dict) -> bool:
    lines = [
        subject,
        "",
        f"Since: {alarm.since:%Y-%m-%d %H:%M} UTC",
        f"Measured: {measured(check) or 'nothing'}",
        f"Site: {settings.SITE_URL}/admin/",
        "",
        f"What it means and what to do: docs/runbook.md, section “{alarm.name}”.",
        "",
    ]
    try:
        send_mail(f"[TrialTracker] {subject}", "\n".join(lines), None, settings.ALARM_MAILS)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("the alarm %s could not be mailed (%s); the next look tries again", alarm.name, type(error).__name__)
        return False
    return True
