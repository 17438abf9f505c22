"""From the outbox to the server, each mail by one process, at most so many an hour, and never twice.

A process claims a mail by an update that only one can win. Just before the server can have taken it, the claim is turned into `handed
over` by another such update: whoever has lost the claim in the meantime stops there. A claim that is too old was a crash and is released.
"""

import datetime as dt
import logging
import secrets
import smtplib
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core import mail as django_mail
from django.db.models import F, Q
from django.utils import timezone

from alerts.models import Mail, Subscription
from alerts.writing import write

log = logging.getLogger(__name__)

CLAIM_HOLDS = dt.timedelta(minutes=15)
"""Longer than a server may take for one mail at its slowest."""

WAITS = [dt.timedelta(minutes=minutes) for minutes in (5, 30, 120, 360, 1440)]
"""After each failure that may pass; after the last one the mail is given up."""

GONE = {550, 551, 553, 521, 556}
"""What a server answers where there is no such mailbox (RFC 5321, 4.2.3; RFC 7504)."""


class ClaimLost(Exception):
    """Somebody else has taken the mail over; it must not leave from here."""


def send_due(now: Callable[[], dt.datetime] = timezone.now) -> int:
    """Send what is ready, oldest first, until the outbox or the hour's allowance is empty; return how many were accepted."""
    release_claims(now() - CLAIM_HOLDS)
    sent = 0
    for pk in _ready(now):
        sent += send_one(pk, now)
    return sent


def release_claims(before: dt.datetime) -> int:
    """Make ready again what was claimed before a moment and is not handed over: the server cannot have taken it. Return how many.

    Where the process that claimed it is alive after all, it stops: a claim released too early costs a second try, never a second mail.
    """
    return Mail.objects.filter(state=Mail.State.SENDING, claimed_at__lt=before).update(state=Mail.State.READY, claim="")


def _ready(now) -> Iterator[int]:
    tried = set()
    while allowance_left(now()) > 0:
        ready = Mail.objects.filter(state=Mail.State.READY, not_before__lte=now()).exclude(pk__in=tried)
        pk = ready.order_by("not_before", "pk").values_list("pk", flat=True).first()
        if pk is None:
            return
        tried.add(pk)
        yield pk


def allowance_left(now: dt.datetime) -> int:
    """How many mails may still be begun in this hour."""
    return settings.ALERTS_PER_HOUR - Mail.objects.filter(claimed_at__gt=now - dt.timedelta(hours=1)).count()


def send_one(pk: int, now: Callable[[], dt.datetime] = timezone.now) -> bool:
    """Send one mail if it is ready and nobody else is at it; return whether the server accepted it."""
    claim = secrets.token_hex(16)
    ready = Mail.objects.filter(pk=pk, state=Mail.State.READY, not_before__lte=now())
    if not ready.update(state=Mail.State.SENDING, claim=claim, claimed_at=now(), attempts=F("attempts") + 1):
        return False
    mine = Mail.objects.filter(pk=pk, claim=claim)
    mail = Mail.objects.select_related("subscription__trial").filter(pk=pk).first()
    if mail is None:
        return False  # the person has just left
    connection = django_mail.get_connection()

    def handing_over():
        if not mine.filter(state=Mail.State.SENDING).update(state=Mail.State.HANDED_OVER):
            raise ClaimLost(f"mail {pk}")

    try:
        message = write(mail, connection)
        if hasattr(connection, "handing_over"):
            connection.handing_over = handing_over
        else:
            handing_over()
        message.send()
    except ClaimLost:
        log.warning("mail %d was taken over by another process", pk)
        return False
    except Exception as error:  # one that cannot even be written waits and is given up as others are, and keeps nobody else's
        if not isinstance(error, smtplib.SMTPException | OSError):
            log.exception("mail %d could not be written", pk)
        return _after_trouble(mail, mine, error, now())
    finally:
        connection.close()
    mine.update(state=Mail.State.SENT, sent_at=now(), trouble="")
    return True


def _after_trouble(mail: Mail, mine, error: Exception, now: dt.datetime) -> bool:
    """Put a mail that was refused back or away; one that was handed over without an answer stays so."""
    if code := _refusal(error):
        if code in GONE and not isinstance(error, smtplib.SMTPSenderRefused):
            stop(mail.subscription.address)
            return False
    elif mine.filter(state=Mail.State.HANDED_OVER).update(trouble=str(error)):
        return False  # the line broke after the last line: the server may have it
    is_last = mail.attempts > len(WAITS) or (code or 0) >= 500
    wait = WAITS[min(mail.attempts, len(WAITS)) - 1]
    log.warning("mail %d: %s", mail.pk, error)
    mine.update(state=Mail.State.FAILED if is_last else Mail.State.READY, claim="", not_before=now + wait, trouble=str(error))
    return False


def _refusal(error: Exception) -> int:
    """The server's answer where it has given one, 0 where it has not."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    return getattr(error, "smtp_code", 0) if isinstance(error, smtplib.SMTPResponseException) else 0


def stop(address: str) -> int:
    """Forget an address that takes no mail, with all that it asked for; return how many subscriptions that were."""
    name, _, domain = address.rpartition("@")
    gone = Subscription.objects.filter(Q(address__iexact=address) | Q(address=f"{name}@{domain.lower()}"))
    count = gone.count()
    gone.delete()
    return count
