"""From what has changed to the outbox. Everything here may be done again, by several processes at once, after any crash: what has been put
into a mail is put into no other."""

import datetime as dt
import logging

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, OuterRef

from alerts.links import CONFIRM_WITHIN
from alerts.models import Item, Mail, Subscription
from trials.downloads import refusals
from trials.models import Listing, TrialChange

log = logging.getLogger(__name__)

LOOK_BACK = dt.timedelta(days=7)
"""A sync sets the time of a change before it commits it: we look again at lately, and Items keep us from telling twice."""

EVERY = {
    Subscription.Frequency.AT_ONCE: dt.timedelta(0),
    Subscription.Frequency.DAILY: dt.timedelta(days=1),
    Subscription.Frequency.WEEKLY: dt.timedelta(days=7),
}

MOST_ITEMS = 200
"""In one mail; the rest comes with the next."""

QUESTIONS_A_DAY = 3
"""What one address may be asked in a day: nobody's mailbox is filled by somebody else."""


def ask(address: str, frequency: str, now: dt.datetime, query: str = "", trial=None) -> Mail | None:
    """Note what somebody asks for and put the question to the address into the outbox; None where it has been asked often enough today."""
    today = Mail.objects.filter(kind=Mail.Kind.QUESTION, subscription__address=address, made_at__gt=now - dt.timedelta(days=1))
    if today.count() >= QUESTIONS_A_DAY:
        return None
    with transaction.atomic():
        wanted, _ = Subscription.objects.get_or_create(
            address=address, query=query, trial=trial, defaults={"frequency": frequency, "asked_at": now}
        )
        return Mail.objects.create(subscription=wanted, kind=Mail.Kind.QUESTION, frequency=frequency, made_at=now, not_before=now)


def confirm(subscription: Subscription, frequency: str, now: dt.datetime) -> None:
    """The address has said yes: from now on it is told what comes. Saying it again changes how often."""
    first = now + EVERY[frequency]
    Subscription.objects.filter(pk=subscription.pk, confirmed_at=None).update(confirmed_at=now, checked_at=now)
    Subscription.objects.filter(pk=subscription.pk).update(frequency=frequency, due_at=first)


def forget_unconfirmed(now: dt.datetime) -> int:
    """Delete the addresses that have not said yes while the question's link held; return how many."""
    return Subscription.objects.filter(confirmed_at=None, asked_at__lt=now - CONFIRM_WITHIN).delete()[0]


def compose(now: dt.datetime) -> list[Mail]:
    """Put a mail into the outbox for each subscription that is due and has something to be told."""
    Listing.objects.note_new(now)
    mails = []
    for subscription in Subscription.objects.due(now).select_related("trial"):
        try:
            mails.append(_compose_one(subscription, now))
        except DatabaseError:
            raise
        except Exception:  # whatever it is, the others wait for their mails
            log.exception("subscription %d could not be worked out; it is looked at again in a day", subscription.pk)
            Subscription.objects.filter(pk=subscription.pk).update(due_at=now + dt.timedelta(days=1))
    return [mail for mail in mails if mail]


def _compose_one(subscription: Subscription, now: dt.datetime) -> Mail | None:
    try:
        with transaction.atomic():
            changes, listings = _news(subscription)
            has_rest = len(changes) + len(listings) == MOST_ITEMS
            checked_at = subscription.checked_at if has_rest else now  # so that the next one looks as far back as this one did
            Subscription.objects.filter(pk=subscription.pk).update(checked_at=checked_at, due_at=now + EVERY[subscription.frequency])
            if not changes and not listings:
                return None
            mail = Mail.objects.create(subscription=subscription, kind=Mail.Kind.NEWS, made_at=now, not_before=now)
            Item.objects.bulk_create(
                [
                    *(Item(subscription=subscription, mail=mail, trial_id=pk) for pk in listings),
                    *(Item(subscription=subscription, mail=mail, change_id=pk) for pk in changes),
                ]
            )
            return mail
    except IntegrityError:
        return None  # another process has just told it, or the person has left


def _news(subscription: Subscription) -> tuple[list[int], list[int]]:
    """The changes and newly listed trials that have been in no mail yet, as keys. A new trial is told as such, not by its changes."""
    since = max(subscription.confirmed_at, subscription.checked_at - LOOK_BACK)
    if subscription.trial_id:
        changes, listings = TrialChange.objects.filter(trial=subscription.trial_id, trial__is_listed=True), Listing.objects.none()
    else:
        if wrong := refusals(subscription.filter):
            raise ValueError(" ".join(wrong))
        changes, listings = subscription.filter.changes, subscription.filter.listings
    told = Item.objects.filter(subscription=subscription)
    listings = listings.filter(listed_at__gt=since).exclude(trial__in=told.filter(trial__isnull=False).values("trial"))
    new = list(listings.order_by("-listed_at", "trial").values_list("pk", flat=True)[:MOST_ITEMS])
    told_as_new = told.filter(trial=OuterRef("trial"), mail__made_at__gte=OuterRef("seen_at"))
    changes = changes.filter(~Exists(told_as_new), seen_at__gt=since).exclude(trial__in=new)
    changes = changes.exclude(pk__in=told.filter(change__isnull=False).values("change"))
    return list(changes.order_by("seen_at", "pk").values_list("pk", flat=True)[: MOST_ITEMS - len(new)]), new
