"""What a trial has several of in the registry's record: arms, interventions, outcomes, sites, people, references."""

from django.db import models
from django.db.models import Q

from trials.fields import RegistryText
from trials.models.records import nct_id_validator
from trials.models.trials import Trial


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
        # on PostgreSQL its migration makes a tree of points of it, under this name
        indexes = [
            models.Index(fields=["latitude", "longitude", "trial", "status"], condition=Q(latitude__isnull=False), name="site_on_map")
        ]
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
