"""The tables. Each states facts; nothing here fetches, parses or saves on its own.

Who may write which:

- `Record`, the registry columns of `Trial` and its children (arms to links), `TrialChange`, `SyncRun`, `SyncFailure`: `trials.sync` alone.
- `Listing`: `Listing.objects.note_new`, at the end of each sync and before alerts are made up.
- `Family` proposals: `trials.programmes`. Their decisions, `Curation`, and of a `SyncRun` who asked for its end: the admin alone. No sync
  or reclassification touches these.
- `Visit`: the admin's first page.
- `Finding`, `TrialApproach`, `TrialTherapy` and the derived columns of `Trial`: `trials.derive`, from the stored record and the curations.

A study's number is its primary key everywhere (NCT00273364 is 273364): children of a batch can be written without asking for ids.
"""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from therapies.models import Approach, Therapy
from trials.fields import PartialDateField, RegistryText
from trials.querysets import ListingQuerySet, TrialQuerySet
from trials.vocabulary import Role, label

REGISTRY_STUDY_URL = "https://clinicaltrials.gov/study/"

nct_id_validator = RegexValidator(r"^NCT\d{8}$", "An NCT id is NCT and eight digits, as in NCT00273364.")


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
        ordering = ["-started_at"]
        permissions = [
            ("sync_chosen", "Can fetch chosen studies from the registry"),
            ("sync_all", "Can sync everything, and cancel a sync"),
        ]
        get_latest_by = "started_at"
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
    """A study that a run could not take in, and why. The next run tries again by itself."""

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="failures")
    nct_id = models.CharField(max_length=20, blank=True, help_text="Empty where the record does not even give a readable id.")
    reason = models.TextField()

    class Meta:
        ordering = ["nct_id"]

    def __str__(self):
        return f"{self.nct_id or 'a study without id'}: {self.reason}"


class Record(models.Model):
    """One study as the registry sent it, in or out of scope: the compressed record, its hash, and where the scope decision came from.

    `payload` is the record's JSON, zstandard-compressed (`records.pack`, `records.unpack`); everything else about a study can be rebuilt
    from it without the network. `content_hash` ignores key order, white space and the registry's daily version stamp.
    """

    id = models.BigIntegerField("study number", primary_key=True)
    nct_id = models.CharField("NCT id", max_length=11, unique=True, validators=[nct_id_validator])
    payload = models.BinaryField()
    content_hash = models.BinaryField(max_length=16)
    raw_hash = models.BinaryField(
        max_length=16, blank=True, default=bytes, help_text="Of the JSON as it came; empty where each run must read the study."
    )
    last_update_posted = models.DateField(null=True, blank=True)
    in_scope = models.BooleanField(default=False)
    scope_reason = models.TextField(blank=True, help_text="Why the study is in or out of scope.")
    nearly_in_scope = models.BooleanField(default=False, help_text="Out of scope, but a rule saw its words somewhere.")
    in_sweep = models.BooleanField(
        default=False, help_text="The scope's own query has answered it; else a curator or a file brought it in."
    )
    is_starter = models.BooleanField(default=False, help_text="Facts bundled with the software, not the registry's record.")
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When a sync last found it new or changed.")
    gone_at = models.DateTimeField(
        null=True, blank=True, help_text="When a complete sync first missed it; empty while the registry lists it."
    )
    is_new_in_scope = models.BooleanField(
        default=False, help_text="It came into scope after the first complete sweep: somebody looks at it once."
    )
    derived_version = models.CharField(max_length=40, blank=True, help_text="The version of the rules behind what is shown.")

    class Meta:
        ordering = ["nct_id"]
        indexes = [
            models.Index(fields=["in_scope", "nct_id"]),
            models.Index(fields=["nct_id"], condition=Q(nearly_in_scope=True), name="record_nearly_in_scope"),
        ]

    def __str__(self):
        return self.nct_id


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
            models.Index(fields=["is_listed", "-last_update_posted", "record"]),
            models.Index(fields=["is_listed", "status"]),
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


class TrialPart(models.Model):
    """What belongs to one trial and has an order in the registry's record."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ["trial", "position"]
        constraints = [models.UniqueConstraint(fields=["trial", "position"], name="%(class)s_position")]


class Alias(models.Model):
    """An NCT id that the registry has merged into another study."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="aliases")
    nct_id = models.CharField("NCT id", max_length=11, validators=[nct_id_validator])

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [models.UniqueConstraint(fields=["nct_id", "trial"], name="alias_of_trial")]

    def __str__(self):
        return self.nct_id


class TrialCountry(models.Model):
    """A country in which a trial has a site; one row for each of its countries, whatever the number of sites."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="trial_countries")
    name = RegistryText(help_text="One short English name; see trials.registry.normalise.country.")

    class Meta:
        verbose_name_plural = "trial countries"
        constraints = [models.UniqueConstraint(fields=["name", "trial"], name="country_of_trial")]

    def __str__(self):
        return self.name


class Collaborator(TrialPart):
    name = RegistryText()
    sponsor_class = models.CharField(max_length=40, blank=True)

    def __str__(self):
        return self.name


class Arm(TrialPart):
    label = RegistryText()
    type = models.CharField(max_length=40, blank=True)
    description = RegistryText()
    intervention_names = models.JSONField(default=list, blank=True, help_text="As the registry writes them: Drug: Cladribine.")

    def __str__(self):
        return self.label


class Intervention(TrialPart):
    name = RegistryText()
    type = models.CharField(max_length=40, blank=True)
    description = RegistryText()
    other_names = models.JSONField(default=list, blank=True)
    arm_labels = models.JSONField(default=list, blank=True)

    def __str__(self):
        return self.name


class Outcome(TrialPart):
    kind = models.CharField(max_length=10, choices=[("primary", "Primary"), ("secondary", "Secondary"), ("other", "Other")])
    measure = RegistryText()
    description = RegistryText()
    time_frame = RegistryText()

    def __str__(self):
        return self.measure


class Site(TrialPart):
    """Where a trial takes place. Contacts stand with the site they belong to; bulk exports leave them out."""

    facility = RegistryText()
    city = RegistryText()
    state = RegistryText()
    zip = RegistryText()
    country = RegistryText()
    status = models.CharField(max_length=40, blank=True, help_text="Of this site; most records state none.")
    latitude = models.FloatField(null=True, blank=True, help_text="Degrees north.")
    longitude = models.FloatField(null=True, blank=True, help_text="Degrees east.")
    contacts = models.JSONField(default=list, blank=True, help_text="Objects with name, role, phone, phone_ext, email.")

    class Meta(TrialPart.Meta):
        indexes = [models.Index(fields=["latitude", "longitude"], condition=Q(latitude__isnull=False), name="site_place")]
        constraints = [
            *TrialPart.Meta.constraints,
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="site_place_on_earth",
            ),
        ]

    def __str__(self):
        return ", ".join(part for part in (self.facility, self.city, self.country) if part)


class Contact(TrialPart):
    """A central contact of the whole trial."""

    name = RegistryText()
    role = models.CharField(max_length=40, blank=True)
    phone = RegistryText()
    phone_ext = RegistryText()
    email = RegistryText()

    def __str__(self):
        return self.name


class Official(TrialPart):
    name = RegistryText()
    role = models.CharField(max_length=40, blank=True)
    affiliation = RegistryText()

    def __str__(self):
        return self.name


class Reference(TrialPart):
    citation = RegistryText()
    pmid = RegistryText("PubMed id")
    type = models.CharField(max_length=40, blank=True)
    retractions = models.JSONField(
        default=list, blank=True, help_text="Objects with pmid, source: notices that withdraw the cited article."
    )

    def __str__(self):
        return self.citation[:80]


class Link(TrialPart):
    url = RegistryText()
    label = RegistryText()

    def __str__(self):
        return self.label or self.url


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


class Visit(models.Model):
    """When somebody looked at the admin's first page, so that it can say what is new since. Written by that page alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    looked_at = models.DateTimeField(help_text="Last.")
    before = models.DateTimeField(null=True, help_text="Last in the visit before this one.")

    def __str__(self):
        return f"{self.user_id} at {self.looked_at:%Y-%m-%d %H:%M}"


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
