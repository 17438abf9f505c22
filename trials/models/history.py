"""What happened to a trial since we know it."""

from django.db import models

from trials.fields import PartialDateField
from trials.models.runs import SyncRun
from trials.models.trials import Trial
from trials.querysets import ListingQuerySet


class Listing(models.Model):
    """When the public could first see a trial here. Written once, whatever becomes of the trial: what is new since a day is asked here."""

    trial = models.OneToOneField(Trial, on_delete=models.CASCADE, primary_key=True, related_name="listing")
    listed_at = models.DateTimeField()

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-listed_at", "trial"]
        indexes = [models.Index(fields=["-listed_at", "trial"])]

    def __str__(self):
        return f"{self.trial_id} since {self.listed_at:%Y-%m-%d}"


class TrialChange(models.Model):
    """What a sync found changed in one field of a trial: the registry's old and new values, its own update date, and when we saw it.

    Single values are lists of one text, or none where nothing was stated; of lists, `old` holds what was taken away and `new` what was
    added (`trials.changes.Change`).
    """

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="changes")
    run = models.ForeignKey(SyncRun, on_delete=models.SET_NULL, null=True, related_name="changes")
    field = models.CharField(max_length=40)
    old = models.JSONField(default=list)
    new = models.JSONField(default=list)
    is_notable = models.BooleanField(default=False, help_text="Primary outcomes altered after the start, or enrolment cut.")
    registry_date = PartialDateField(null=True, blank=True, help_text="The registry's own date of the update.")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "trial", "pk"]
        indexes = [models.Index(fields=["-seen_at", "trial"]), models.Index(fields=["trial", "-seen_at"])]

    def __str__(self):
        return f"{self.trial_id} {self.field}"

    @property
    def update_key(self):
        """The same for all that one sync found in one trial; feeds and mails name an update by it."""
        return f"{self.trial.nct_id}-{self.run_id or self.seen_at.date().isoformat()}"
