"""A study in scope, as it is shown."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from therapies.models import Approach, Therapy
from trials.fields import PartialDateField, RegistryText
from trials.models.records import Record, nct_id_validator
from trials.querysets import LATEST, OPENNESS, TrialQuerySet
from trials.vocabulary import label

REGISTRY_STUDY_URL = "https://clinicaltrials.gov/study/"


class Trial(models.Model):
    """A study in scope. `Record` holds the source; every column down to "Derived" is what the registry says, as parsed."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, primary_key=True, related_name="trial")
    nct_id = models.CharField("NCT id", max_length=11, unique=True, validators=[nct_id_validator])

    brief_title = RegistryText()
    official_title = RegistryText()
    acronym = RegistryText()
    org_study_id = RegistryText("sponsor's study id")
    organization_name = RegistryText("registered by")
    secondary_ids = models.JSONField(default=list, blank=True, help_text="Objects with id, type, domain, link.")

    status = models.CharField(max_length=40, blank=True, help_text="The registry's code.")
    last_known_status = models.CharField(max_length=40, blank=True)
    why_stopped = RegistryText()
    status_verified = PartialDateField(null=True, blank=True)
    start_date = PartialDateField(null=True, blank=True)
    start_date_kind = models.CharField(max_length=40, blank=True)
    primary_completion_date = PartialDateField(null=True, blank=True)
    primary_completion_date_kind = models.CharField(max_length=40, blank=True)
    completion_date = PartialDateField(null=True, blank=True)
    completion_date_kind = models.CharField(max_length=40, blank=True)
    first_submitted = PartialDateField(null=True, blank=True)
    first_posted = PartialDateField(null=True, blank=True)
    results_first_posted = PartialDateField(null=True, blank=True)
    last_update_submitted = PartialDateField(null=True, blank=True)
    last_update_posted = PartialDateField(null=True, blank=True)
    has_results = models.BooleanField(default=False)

    sponsor_name = RegistryText()
    sponsor_class = models.CharField(max_length=40, blank=True)
    responsible_party_type = models.CharField(max_length=60, blank=True)
    responsible_party_name = RegistryText()
    responsible_party_title = RegistryText()
    responsible_party_affiliation = RegistryText()
    has_dmc = models.BooleanField("has a data monitoring committee", null=True, blank=True)
    is_fda_regulated_drug = models.BooleanField("studies an FDA-regulated drug", null=True, blank=True)
    is_fda_regulated_device = models.BooleanField("studies an FDA-regulated device", null=True, blank=True)

    brief_summary = RegistryText()
    detailed_description = RegistryText()
    conditions = models.JSONField(default=list, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    condition_meshes = models.JSONField("condition MeSH terms", default=list, blank=True)
    intervention_meshes = models.JSONField("intervention MeSH terms", default=list, blank=True)

    study_type = models.CharField(max_length=40, blank=True)
    is_patient_registry = models.BooleanField(null=True, blank=True)
    target_duration = RegistryText()
    phases = models.CharField(
        max_length=250, blank=True, help_text="The registry's codes joined by a slash: PHASE1/PHASE2. Empty where it states none."
    )
    allocation = models.CharField(max_length=40, blank=True)
    intervention_model = models.CharField(max_length=40, blank=True)
    intervention_model_description = RegistryText()
    observational_model = models.CharField(max_length=40, blank=True)
    time_perspective = models.CharField(max_length=40, blank=True)
    primary_purpose = models.CharField(max_length=40, blank=True)
    masking = models.CharField(max_length=40, blank=True)
    masking_description = RegistryText()
    who_masked = models.JSONField(default=list, blank=True)
    enrollment = models.PositiveBigIntegerField(null=True, blank=True, help_text="People; planned or actual, see its kind.")
    enrollment_kind = models.CharField(max_length=40, blank=True)
    bio_spec_retention = models.CharField("samples kept", max_length=40, blank=True)
    bio_spec_description = RegistryText()
    has_expanded_access = models.BooleanField(null=True, blank=True)
    expanded_access_nct_id = models.CharField("expanded access NCT id", max_length=40, blank=True)
    expanded_access_status = models.CharField(max_length=40, blank=True)
    expanded_access_types = models.JSONField(default=list, blank=True)

    eligibility_criteria = RegistryText()
    sex = models.CharField(max_length=40, blank=True)
    gender_based = models.BooleanField(null=True, blank=True)
    gender_description = RegistryText()
    minimum_age = RegistryText()
    maximum_age = RegistryText()
    minimum_age_years = models.FloatField(null=True, blank=True)
    maximum_age_years = models.FloatField(null=True, blank=True)
    std_ages = models.JSONField(default=list, blank=True)
    healthy_volunteers = models.BooleanField(null=True, blank=True)
    study_population = RegistryText()
    sampling_method = models.CharField(max_length=40, blank=True)
    removed_countries = models.JSONField(default=list, blank=True)
    ipd_sharing = models.CharField("sharing of individual data", max_length=40, blank=True)
    ipd_sharing_description = RegistryText()
    ipd_sharing_info_types = models.JSONField(default=list, blank=True)
    ipd_sharing_time_frame = RegistryText()
    ipd_sharing_access_criteria = RegistryText()
    ipd_sharing_url = RegistryText()
    available_ipd = models.JSONField("available data", default=list, blank=True, help_text="Objects with id, type, url, comment.")
    documents = models.JSONField(default=list, blank=True, help_text="Objects with label, filename, date, size in bytes.")

    # Derived, by trials.derive from the record and the curations.
    is_listed = models.BooleanField(default=False, help_text="Shown to the public: classified above the bar or confirmed, and not hidden.")
    needs_review = models.BooleanField(default=False)
    review_reason = models.TextField(blank=True)
    countries = models.JSONField(default=list, blank=True, help_text="Names, each once, in alphabetical order.")
    ms_courses = models.JSONField("MS courses accepted", default=list, blank=True)
    edss_min = models.FloatField("lowest EDSS", null=True, blank=True)
    edss_max = models.FloatField("highest EDSS", null=True, blank=True)
    disease_duration_min_years = models.FloatField(null=True, blank=True)
    disease_duration_max_years = models.FloatField(null=True, blank=True)

    approaches = models.ManyToManyField(Approach, through="TrialApproach", related_name="trials")
    therapies = models.ManyToManyField(Therapy, through="TrialTherapy", related_name="trials")

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ["nct_id"]
        indexes = [
            # include the columns as such: PostgreSQL does not see that the expressions stand for them, and would read each trial
            models.Index(
                OPENNESS, LATEST, "record", include=["status", "last_update_posted"], condition=Q(is_listed=True), name="trial_open_first"
            ),
            models.Index(LATEST, "record", include=["last_update_posted"], condition=Q(is_listed=True), name="trial_latest_first"),
            # what facets count and narrow by, so that counting many trials reads none of them in full
            models.Index(
                fields=["record", "status", "phases", "study_type", "sponsor_class", "has_results", "start_date", "ms_courses"],
                condition=Q(is_listed=True),
                name="trial_facets",
            ),
            models.Index(fields=["status", "record"], condition=Q(is_listed=True), name="trial_by_status"),
            models.Index(fields=["is_listed", "phases"]),
            models.Index(fields=["is_listed", "start_date"]),
            models.Index(fields=["nct_id"], condition=Q(needs_review=True), name="trial_needs_review"),
        ]

    def __str__(self):
        return f"{self.nct_id} {self.brief_title}"

    def get_absolute_url(self):
        return reverse("trials:detail", args=[self.nct_id])

    @property
    def registry_url(self):
        return f"{REGISTRY_STUDY_URL}{self.nct_id}"

    @property
    def phase_codes(self):
        return self.phases.split("/") if self.phases else []

    @property
    def phase_words(self):
        """`Phase 1 and phase 2`; `""` where the registry states none."""
        words = [label("Phase", code) for code in self.phase_codes]
        return " and ".join([words[0], *(word[0].lower() + word[1:] for word in words[1:])]) if words else ""

    def get_status_display(self):
        return label("Status", self.status) if self.status else ""
