"""What the tests of alerts say again and again: who follows what, what changes, what leaves, and what a mail holds."""

import datetime as dt
import email
from email import policy

from django.utils import timezone

from alerts import composing, sending
from alerts.models import Subscription
from trials.models import SyncRun, TrialChange

ADDRESS = "reader@example.org"


def clock(start=None):
    """A time that stands still until it is moved: `now()`, `now.pass_(hours=1)`."""

    class Clock:
        at = start or timezone.now()

        def __call__(self):
            return self.at

        def pass_(self, **much):
            self.at += dt.timedelta(**much)

    return Clock()


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
