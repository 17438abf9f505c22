"""The taxonomy that trials are sorted into, and what may be said of it: every claim is a row with its source.

`Approach` and `Therapy` name things; they hold no prose. What a page says of them stands in `Statement` rows, and a statement cannot be
stored without a `Source`: that is how "every claim carries its source" is kept. Slugs are a contract with `therapies.rules` and URLs; they
do not change. Nothing here knows of trials. The first content is put in by migration 0002, which says how later content arrives.
"""

import datetime as dt
from typing import get_args

from django.conf import settings
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from therapies.evidence import ApproachSlug

REVIEW_AFTER = dt.timedelta(days=365)
"""A text that nobody has read against its sources for longer than this counts as due for review."""

PARTIAL_DATE = RegexValidator(
    r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$", "Write a date as exactly as it is known: YYYY, YYYY-MM or YYYY-MM-DD."
)


class Donor(models.TextChoices):
    AUTOLOGOUS = "autologous", "The person's own cells (autologous)"
    ALLOGENEIC = "allogeneic", "Another person's cells (allogeneic)"
    SYNGENEIC = "syngeneic", "An identical twin's cells (syngeneic)"
    MIXED = "mixed", "Differs between studies"
    NOT_STATED = "", "Not stated"


class Kind(models.TextChoices):
    """What a statement does, in the order in which a page shows them."""

    PLAIN = "plain", "In plain words"
    EXACT = "exact", "Exactly"
    AIM = "aim", "What it aims at"
    GIVEN = "given", "How it is given"
    CORRECTION = "correction", "What it does not do"
    PREPARING = "preparing", "What is being prepared"
    EVIDENCE = "evidence", "What was found"
    RISK = "risk", "The hard part"
    QUESTION = "question", "What to ask"


class Page(models.TextChoices):
    """Pages that are about no single approach or therapy."""

    CLINICS = "clinics", "Clinics that sell stem cells"
    LIMITS = "limits", "What this site does not show"


class StatementQuerySet(models.QuerySet):
    def published(self):
        """Statements that the public reads; on pages of their own and of approaches too."""
        return self.filter(is_published=True)

    def awaiting(self):
        """Statements that an editor has not yet published, and those with another wording proposed."""
        return self.filter(Q(is_published=False) | ~Q(proposed_text=""))


class ReviewedQuerySet(models.QuerySet):
    def due_for_review(self, today):
        """Rows whose last review lies more than a year before the date `today`."""
        return self.filter(reviewed_on__lt=today - REVIEW_AFTER)

    def with_statements(self):
        """Rows with all their published statements and sources, in three queries whatever their number."""
        return self.prefetch_related(models.Prefetch("statements", Statement.objects.published().select_related("source")))

    def with_proposals(self):
        """Rows of which some statement waits for an editor."""
        about = {Approach: "approach", Therapy: "therapy"}[self.model]
        return self.filter(pk__in=Statement.objects.awaiting().order_by().filter(**{f"{about}__isnull": False}).values(about))


class TherapyQuerySet(ReviewedQuerySet):
    def published(self):
        """Therapies that the public sees; a draft is seen by curators alone."""
        return self.filter(is_published=True)

    def for_list(self):
        return self.select_related("approach")

    def for_detail(self):
        return self.for_list().with_statements()


class Reviewed(models.Model):
    """What Approach and Therapy share: a name, a place in lists, statements, and the day on which a person last read them all."""

    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(default=1000, help_text="Lower numbers come first.")
    reviewed_on = models.DateField(help_text="The day on which somebody last read every statement here against its source.")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who that was."
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def is_due_for_review(self, today=None):
        """True where the last review lies more than a year before `today` (a date; this day if left out)."""
        return self.reviewed_on < (today or timezone.localdate()) - REVIEW_AFTER

    @property
    def by_kind(self):
        """The published statements as `{kind: [Statement, ...]}`, kinds in the order of `Kind`; without those that have none.

        No query of its own where `with_statements()` fetched the row. Templates write `therapy.by_kind.risk`.
        """
        return group_by_kind(statement for statement in self.statements.all() if statement.is_published)


class Approach(Reviewed):
    """One of the four drawers: HSCT, MSC, iPSC and other stem-cell treatment. The classifier knows these four and no others."""

    slug = models.SlugField(max_length=10, unique=True, choices=[(slug, slug) for slug in get_args(ApproachSlug)])
    short_name = models.CharField(max_length=20, unique=True)

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "approaches"
        constraints = [
            models.CheckConstraint(condition=Q(slug__in=get_args(ApproachSlug)), name="approach_slug_is_known"),
        ]

    def get_absolute_url(self):
        return reverse("therapies:approach", args=[self.slug])


class Therapy(Reviewed):
    """A concrete treatment under study. Listing it says that trials test it, nothing more."""

    slug = models.SlugField(max_length=40, unique=True, help_text="The classifier's rules and the page's address use it: never change it.")
    approach = models.ForeignKey(Approach, on_delete=models.PROTECT, related_name="therapies")
    other_names = models.TextField(blank=True, help_text="Other names and product names, one a line.")
    donor = models.CharField(max_length=10, choices=Donor, blank=True, default=Donor.NOT_STATED)
    cell_source = models.CharField(max_length=60, blank=True, help_text="Where the cells are taken from, as in “bone marrow”.")
    route = models.CharField(max_length=60, blank=True, help_text="How they are given, as in “intravenous”. Empty where studies differ.")

    is_published = models.BooleanField(
        "published", default=False, help_text="The public sees it. A draft is seen by curators alone, and trials are not shown under it."
    )

    objects = TherapyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "therapies"
        permissions = [("publish_therapy", "Can publish therapies, statements and proposed wordings")]
        constraints = [
            models.CheckConstraint(condition=Q(donor__in=Donor.values), name="therapy_donor_is_known"),
        ]

    def get_absolute_url(self):
        return reverse("therapies:detail", args=[self.slug])

    @property
    def other_names_list(self):
        return [name for line in self.other_names.splitlines() if (name := line.strip())]


class LinkState(models.TextChoices):
    """What the last check of a source's address found; `therapies.links` decides."""

    UNCHECKED = "", "Not checked yet"
    ANSWERS = "answers", "Answers"
    GUARDED = "guarded", "Guarded: it refuses programs, so a person has to look"
    BROKEN = "broken", "Broken"


class SourceQuerySet(models.QuerySet):
    def broken(self):
        return self.filter(link_state=LinkState.BROKEN)


class Source(models.Model):
    """A public document that statements rest on: a paper, a registry record, an authority's page."""

    label = models.CharField(max_length=200, help_text="Short citation, as in “Burt et al. 2019, JAMA 321(2):165”.")
    url = models.URLField(max_length=400, unique=True, validators=[URLValidator(schemes=["http", "https"])])
    published = models.CharField(max_length=10, blank=True, validators=[PARTIAL_DATE], help_text="YYYY, YYYY-MM or YYYY-MM-DD.")
    checked_on = models.DateField(
        null=True,
        blank=True,
        help_text="The day whose state of the document the statements give. Empty: they were read in it on a day not written down.",
    )
    link_state = models.CharField("link", max_length=12, choices=LinkState, blank=True, default=LinkState.UNCHECKED, editable=False)
    link_note = models.CharField(max_length=300, blank=True, editable=False, help_text="What the server answered, or why it did not.")
    link_checked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["label"]
        constraints = [
            models.CheckConstraint(condition=~Q(label=""), name="source_has_a_label"),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="source_url_is_http",
                violation_error_message="A source is a public document: its address begins with https:// or http://.",
            ),
        ]

    def __str__(self):
        return self.label


class Statement(models.Model):
    """One thing said of an approach, of a therapy or on a page of its own, with the source it rests on.

    The wording is always ours. Kinds that explain (`plain` to `preparing`) put into words what something is; kinds that report
    (`evidence`, `risk`) give what was found, with numbers, dates and denominators, negative results as plainly as positive ones. No
    statement says that a treatment works, suits a reader or is safe.
    """

    approach = models.ForeignKey(Approach, on_delete=models.CASCADE, null=True, blank=True, related_name="statements")
    therapy = models.ForeignKey(Therapy, on_delete=models.CASCADE, null=True, blank=True, related_name="statements")
    page = models.CharField(max_length=20, choices=Page, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField(help_text="Plain text. “In plain words”: short sentences, for a reading age of about 12.")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="statements")
    position = models.PositiveSmallIntegerField(default=100, help_text="Lower numbers come first within a kind.")
    is_published = models.BooleanField("published", default=True, help_text="The public reads it.")
    proposed_text = models.TextField(
        "proposed wording", blank=True, help_text="Another wording, which takes the place of the text when an editor publishes it."
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(approach__isnull=False, therapy__isnull=True, page="")
                    | Q(approach__isnull=True, therapy__isnull=False, page="")
                    | (Q(approach__isnull=True, therapy__isnull=True) & ~Q(page=""))
                ),
                name="statement_is_about_one_thing",
                violation_error_message="A statement is about one approach, or one therapy, or one page: fill in exactly one of the three.",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="statement_has_a_text"),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values),
                name="statement_kind_is_known",
            ),
            models.CheckConstraint(condition=Q(page="") | Q(page__in=Page.values), name="statement_page_is_known"),
        ]

    def __str__(self):
        return f"{self.subject}: {self.get_kind_display().lower()}"

    @property
    def subject(self):
        """What it is about: an Approach, a Therapy, or the title of a page."""
        return self.approach or self.therapy or self.get_page_display()

    @property
    def text_to_come(self):
        """How it will read once everything that waits is published."""
        return self.proposed_text or self.text

    @property
    def reports_findings(self):
        """True where it gives what was found; false where it explains in our words."""
        return self.kind in {Kind.EVIDENCE, Kind.RISK}


def group_by_kind(statements):
    """Group statements as `{kind: [Statement, ...]}`, kinds in the order of `Kind`, each list in the order given."""
    groups = {kind.value: [] for kind in Kind}
    for statement in statements:
        groups[statement.kind].append(statement)
    return {kind: group for kind, group in groups.items() if group}
