"""What curators decide, and what they have seen. No sync or reclassification writes here."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from therapies.models import Approach, Therapy
from trials.models.records import Record
from trials.models.trials import Trial
from trials.vocabulary import Role, label


class Curation(models.Model):
    """A curator's judgement of one study: which value, why, on what ground, who and when. Written by the admin alone, never by a sync.

    Its words are never edited: a judgement is withdrawn, or a later one takes its place (`withdrawn_why` says which). `basis` holds the
    parts of the record that it rests on as they read then (`trials.basis`), `findings` what the classifier said then: both values stay
    visible, and a confirmation says what it confirmed. It hangs on the `Record`, so that a study out of scope can be judged in.
    """

    class Field(models.TextChoices):
        APPROACH = "approach", "Approach: takes it, in this role"
        NOT_APPROACH = "not_approach", "Approach: does not take it"
        THERAPY = "therapy", "Therapy: is tested"
        NOT_THERAPY = "not_therapy", "Therapy: is not tested"
        CONFIRM = "confirm", "The classifier is right"
        HIDE = "hide", "Excluded: do not list"
        NOTE = "note", "Note, shown to curators only"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="curations")
    field = models.CharField(max_length=20, choices=Field)
    approach = models.ForeignKey(Approach, on_delete=models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    therapy = models.ForeignKey(Therapy, on_delete=models.PROTECT, null=True, blank=True)
    reason = models.TextField()
    source_url = models.URLField("source link", blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="curations")
    judged_at = models.DateTimeField(auto_now_add=True)
    basis = models.JSONField(
        default=dict, editable=False, help_text="The parts of the record it rests on, as they read when it was judged: texts by field."
    )
    findings = models.JSONField(
        "what our classifier said then",
        default=list,
        editable=False,
        help_text="Objects with approach, kind, value, rule, field, quote, confidence.",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_why = models.TextField("why withdrawn", blank=True)

    class Meta:
        verbose_name = "judgement"
        ordering = ["record", "judged_at", "pk"]
        indexes = [models.Index(fields=["record"], condition=Q(withdrawn_at=None), name="curation_standing")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="curation_has_reason"),
            models.CheckConstraint(
                condition=~Q(field__in=["approach", "not_approach"]) | Q(approach__isnull=False), name="curation_names_approach"
            ),
            models.CheckConstraint(condition=~Q(field="approach") | ~Q(role=""), name="curation_names_role"),
            models.CheckConstraint(
                condition=~Q(field__in=["therapy", "not_therapy"]) | Q(therapy__isnull=False), name="curation_names_therapy"
            ),
        ]

    def __str__(self):
        return f"NCT{self.record_id:08} {self.value}"

    @property
    def value(self):
        """The judgement in a few words, as in “MSC: treatment under study”. Asks for approach and therapy: select them."""
        match self.field:
            case self.Field.APPROACH:
                return f"{self.approach.short_name}: {label('Role', self.role).lower()}"
            case self.Field.NOT_APPROACH:
                return f"Not {self.approach.short_name}"
            case self.Field.THERAPY:
                return f"Tests {self.therapy.name}"
            case self.Field.NOT_THERAPY:
                return f"Does not test {self.therapy.name}"
            case self.Field.CONFIRM:
                said = ", ".join(found["value"].upper() for found in self.findings if found["kind"] == "approach")
                return f"Our rules are right: {said or 'nothing'}"
        return self.get_field_display()


class Family(models.Model):
    """Registrations of one programme, which a chart counts once. Proposed by `trials.programmes`; a curator confirms or refuses.

    A decided family is the curator's: no sync changes its trials. Proposals are made anew whenever trials change.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Refused: separate trials"

    name = models.TextField()
    trials = models.ManyToManyField(Trial, related_name="families")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    links = models.JSONField(default=list, blank=True, help_text="Why: objects with nct_ids, reason and the quotes in both records.")
    reason = models.TextField(blank=True, help_text="The curator's.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "families"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False), name="family_decision_is_signed"
            ),
        ]

    def __str__(self):
        return self.name


class Visit(models.Model):
    """When somebody looked at the admin's first page, so that it can say what is new since. Written by that page alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    looked_at = models.DateTimeField(help_text="Last.")
    before = models.DateTimeField(null=True, help_text="Last in the visit before this one.")

    def __str__(self):
        return f"{self.user_id} at {self.looked_at:%Y-%m-%d %H:%M}"
