"""What the syncs did: each run with its counts, and the studies that it could not take in."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SyncRun(models.Model):
    """One run of the sync: what was asked for, how it ended, what it did."""

    class Kind(models.TextChoices):
        FULL = "full", "Every study"
        UPDATED = "updated", "Updated studies"
        SLICE = "slice", "Studies updated in a span of days"
        CHOSEN = "chosen", "Chosen studies"
        FILE = "file", "From files"
        STARTER = "starter", "Bundled starter set"

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        COMPLETE = "complete", "Complete"
        FAILED = "failed", "Failed"
        ABORTED = "aborted", "Stopped: too many studies gone"
        CANCELLED = "cancelled", "Cancelled"
        INTERRUPTED = "interrupted", "Interrupted"

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.RUNNING)
    scope = models.TextField(blank=True, help_text="The queries that were asked.")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    since = models.DateField("studies updated since", null=True, blank=True)
    data_timestamp = models.CharField(
        "registry's data of", max_length=40, blank=True, help_text="As the registry's /version gives it, UTC."
    )
    latest_update = models.DateField("latest update date seen", null=True, blank=True)
    fetched = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    unknown_values = models.JSONField(default=dict, blank=True, help_text="Values outside the registry's published enums, with counts.")
    message = models.TextField(blank=True)
    cancel_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Ends it after its batch."
    )

    class Meta:
        ordering = ["-id"]  # the clock may go back
        permissions = [
            ("sync_chosen", "Can fetch chosen studies from the registry"),
            ("sync_all", "Can sync everything, and cancel a sync"),
        ]
        get_latest_by = "id"
        constraints = [
            models.CheckConstraint(condition=Q(state="running") | Q(finished_at__isnull=False), name="syncrun_finished_has_time"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.started_at:%Y-%m-%d %H:%M}: {self.get_state_display()}"

    @property
    def summary(self):
        """The counts in one line; the last line of `manage.py sync_trials`."""
        return " ".join(f"{name}={getattr(self, name)}" for name in ("fetched", "created", "updated", "unchanged", "missing", "failed"))


class SyncFailure(models.Model):
    """A study that a run could not take in, and why. Every full sync tries it again, one of updates while its overlap reaches it."""

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="failures")
    nct_id = models.CharField(max_length=20, blank=True, help_text="Empty where the record does not even give a readable id.")
    reason = models.TextField()

    class Meta:
        ordering = ["nct_id"]

    def __str__(self):
        return f"{self.nct_id or 'a study without id'}: {self.reason}"
