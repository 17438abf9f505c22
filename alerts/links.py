"""Signed links: who holds one was sent it. They tell a subscription and what may be done to it, and expire."""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.urls import reverse

from alerts.models import Mail, Subscription

CONFIRM_WITHIN = dt.timedelta(days=2)
LEAVE_WITHIN = dt.timedelta(days=400)
"""Old mails are found again; each new one brings a fresh link."""


def _link(name: str, *parts) -> str:
    return settings.SITE_URL + reverse(f"alerts:{name}", args=[signing.dumps(parts, salt=f"alerts.{name}")])


def confirm_link(mail: Mail) -> str:
    return _link("confirm", mail.subscription_id, mail.subscription.token, mail.frequency)


def leave_link(subscription: Subscription) -> str:
    return _link("leave", subscription.pk, subscription.token)


def read(name: str, signed: str, within: dt.timedelta) -> tuple[Subscription, list] | None:
    """The subscription that a link names, and what else it says; None where it is not ours, too old, or the subscription is gone."""
    try:
        pk, token, *rest = signing.loads(signed, salt=f"alerts.{name}", max_age=within)
        subscription = Subscription.objects.select_related("trial").filter(pk=pk, token=token).first()
    except (signing.BadSignature, ValueError, TypeError, OverflowError):  # also what an earlier version signed, of another shape
        return None
    return subscription and (subscription, rest)
