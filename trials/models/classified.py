"""What a trial does with stem cells: what our classifier found, and what is shown of it."""

from django.db import models
from django.db.models import Q

from therapies.models import Approach, Therapy
from trials.models.trials import Trial
from trials.vocabulary import Role


class Finding(models.Model):
    """One statement of the classifier, with its rule, the field it read and the words it saw there."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="findings")
    approach = models.ForeignKey(Approach, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    quote = models.TextField()
    confidence = models.FloatField()

    class Meta:
        ordering = ["trial", "pk"]
        indexes = [models.Index(fields=["rule"])]
        constraints = [
            models.CheckConstraint(condition=Q(confidence__gte=0, confidence__lte=1), name="finding_confidence_is_share"),
            models.CheckConstraint(condition=Q(kind="condition") | Q(approach__isnull=False), name="finding_names_approach"),
        ]

    def __str__(self):
        return f"{self.kind} {self.value}: “{self.quote}” ({self.field})"


class TrialApproach(models.Model):
    """An approach that a trial takes, as shown: the classifier's word unless a curator has given theirs."""

    class Origin(models.TextChoices):
        CLASSIFIER = "classifier", "Our classifier"
        CURATOR = "curator", "A curator"

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="trial_approaches")
    approach = models.ForeignKey(Approach, on_delete=models.PROTECT, related_name="trial_approaches")
    role = models.CharField(max_length=20, choices=Role)
    donors = models.JSONField(default=list, blank=True)
    cell_sources = models.JSONField(default=list, blank=True)
    routes = models.JSONField(default=list, blank=True)
    confidence = models.FloatField()
    origin = models.CharField(max_length=10, choices=Origin)

    class Meta:
        ordering = ["trial", "approach"]
        constraints = [models.UniqueConstraint(fields=["approach", "trial"], name="approach_of_trial")]

    def __str__(self):
        return f"{self.trial_id} {self.approach_id} {self.role}"


class TrialTherapy(models.Model):
    """A therapy that a trial takes, as shown."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="trial_therapies")
    therapy = models.ForeignKey(Therapy, on_delete=models.PROTECT, related_name="trial_therapies")

    class Meta:
        ordering = ["trial", "therapy"]
        constraints = [models.UniqueConstraint(fields=["therapy", "trial"], name="therapy_of_trial")]

    def __str__(self):
        return f"{self.trial_id} {self.therapy_id}"
