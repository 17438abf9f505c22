"""Who wants to be told what, and the outbox: each mail is a row before it is a mail.

Never twice: an `Item` says that a change, or a newly listed trial, has been put into a mail for a subscription, and is unique. A mail has
one way from `ready` to `sent` (`alerts.sending`). Never kept: all of it hangs on the subscription and goes with it.
"""

import secrets

from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import cached_property

from trials.history import ChangeFilter
from trials.models import Trial, TrialChange


def new_token():
    return secrets.token_urlsafe(16)


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def due(self, now):
        return self.confirmed().filter(Q(due_at=None) | Q(due_at__lte=now))


class Subscription(models.Model):
    """One address that asked for one list, or for one trial. Nothing is sent to it but the question whether it did, until it says yes."""

    class Frequency(models.TextChoices):
        AT_ONCE = "at-once", "At once"
        DAILY = "daily", "Once a day"
        WEEKLY = "weekly", "Once a week"

    address = models.EmailField()
    query = models.TextField(blank=True, help_text="The list's parameters in one spelling; empty for all trials.")
    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.WEEKLY)
    token = models.CharField(max_length=32, default=new_token, editable=False, help_text="Ties a signed link to this very subscription.")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When we last looked for something to tell.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="When we look again at the earliest.")

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["due_at"], condition=Q(confirmed_at__isnull=False), name="subscription_due")]
        constraints = [
            models.UniqueConstraint(fields=["address", "query"], condition=Q(trial=None), name="subscription_to_list"),
            models.UniqueConstraint(fields=["address", "trial"], condition=Q(trial__isnull=False), name="subscription_to_trial"),
            models.CheckConstraint(condition=Q(trial=None) | Q(query=""), name="subscription_to_one_thing"),
        ]

    def __str__(self):
        return f"{self.get_frequency_display()}: {self.trial or self.query or 'all trials'}"

    @cached_property
    def filter(self):
        return ChangeFilter(QueryDict(self.query))

    @property
    def words(self):
        """What it asks for, as in “HSCT trials, recruiting”."""
        return f"{self.trial.nct_id}, {self.trial.brief_title}" if self.trial else self.filter.sentence


class Mail(models.Model):
    """One mail of the outbox.

    `ready` waits to be sent; `sending` is held by the process that `claim` names; `handed over` is in the server's hands, whose answer has
    not been written down; `sent` was accepted; `failed` was given up. A crash in `sending` leaves a mail that the server cannot have taken:
    it is sent again. A crash in `handed over` leaves one that the server may have taken: it is not.
    """

    class State(models.TextChoices):
        READY = "ready", "Ready"
        SENDING = "sending", "Being sent"
        HANDED_OVER = "handed-over", "Handed over, answer unknown"
        SENT = "sent", "Sent"
        FAILED = "failed", "Given up"

    class Kind(models.TextChoices):
        QUESTION = "question", "Asks whether the address is right"
        NEWS = "news", "Tells what is new"

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=10, choices=Kind)
    frequency = models.CharField(max_length=10, choices=Subscription.Frequency, blank=True, help_text="What a question asks to confirm.")
    state = models.CharField(max_length=12, choices=State, default=State.READY)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, help_text="What the server said last.")

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="ready"), name="mail_ready"),
            models.Index(fields=["claimed_at"], name="mail_claimed"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_state_display()}"


class Item(models.Model):
    """A change, or a newly listed trial, that a mail tells. What has been put into a mail once is put into no other."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="items")
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="items")
    change = models.ForeignKey(TrialChange, on_delete=models.CASCADE, null=True, related_name="+")
    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "change"], name="change_told_once"),
            models.UniqueConstraint(fields=["subscription", "trial"], name="trial_told_once"),
            models.CheckConstraint(
                condition=Q(change__isnull=False, trial=None) | Q(change=None, trial__isnull=False), name="item_tells_one_thing"
            ),
        ]

    def __str__(self):
        return f"{self.subscription_id}: {self.change_id or self.trial_id}"
