"""Background work, a few lines each; what it does lives in `composing` and `sending`."""

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from alerts.composing import compose, forget_unconfirmed
from alerts.sending import release_claims, send_due, send_one


@shared_task(name="alerts.deliver")
def deliver():
    """Look for news, put it into the outbox, and send what is there. May run as often as one likes, and twice at once."""
    now = timezone.now()
    forgotten = forget_unconfirmed(now)
    return {"composed": len(compose(now)), "sent": send_due(), "forgotten": forgotten}


@shared_task(name="alerts.resume")
def resume():
    """Take up what a killed worker had in hand."""
    release_claims(timezone.now())
    return deliver()


@worker_ready.connect
def resume_at_start(sender, **kwargs):
    sender.app.send_task("alerts.resume")


@shared_task(name="alerts.send")
def send(mail_id):
    """One mail at once; where that fails, `deliver` tries again."""
    return send_one(mail_id)
