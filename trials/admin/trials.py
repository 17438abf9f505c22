"""Trials as they are shown, with what our rules and the curators said of each; filtered and searched as the public list is."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Exists, Max, Min, OuterRef, Prefetch
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from trials import models
from trials.admin import history
from trials.admin.bulk import BulkActions
from trials.admin.looking import ReadOnly, ReadOnlyInline, in_words, part_inline, titled
from trials.admin.review import KINDS, because
from trials.admin.runs import touched_by
from trials.filters import TrialFilter, ValuesCriterion
from trials.filters.criteria import CountryCriterion, ResultsCriterion, YearCriterion

STANDING = models.Curation.objects.filter(withdrawn_at=None).exclude(field=models.Curation.Field.NOTE)


class PublicFilter(admin.SimpleListFilter):
    """One parameter of the public list: the same key, the same values, the same trials. A list's address can be pasted here."""

    def lookups(self, request, model_admin):
        criterion = self._filterset(request).filters[self.parameter_name]
        if isinstance(criterion, CountryCriterion):
            names = models.TrialCountry.objects.order_by("name").values_list("name", flat=True).distinct()
            return [(name, name) for name in names]
        if isinstance(criterion, ValuesCriterion):
            return list(criterion.known().items())
        if isinstance(criterion, ResultsCriterion):
            return [(value, criterion.label_of(value)) for value in ("yes", "no")]
        if isinstance(criterion, YearCriterion):
            return [(str(year), criterion.label_of(year)) for year in self._years(request)]
        return [(value, value) for value in request.GET.getlist(self.parameter_name)]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        filterset = self._filterset(request)
        if self.parameter_name not in filterset.values:
            raise IncorrectLookupParameters(f"{self.parameter_name}={self.value()}")
        return filterset.filters[self.parameter_name].narrow(queryset, filterset.values)

    def _filterset(self, request):
        if not hasattr(request, "trial_filter"):
            request.trial_filter = TrialFilter(request.GET, models.Trial.objects.all())
        return request.trial_filter

    def _years(self, request):
        if not hasattr(request, "start_years"):
            span = models.Trial.objects.aggregate(first=Min("start_date"), last=Max("start_date"))
            request.start_years = range(span["last"].earliest.year, span["first"].earliest.year - 1, -1) if span["first"] else ()
        return request.start_years


def within_a_sentence(words):
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


PUBLIC_FILTERS = [
    type(f"{key}_filter", (PublicFilter,), {"parameter_name": key, "title": within_a_sentence(criterion.label or key)})
    for key, criterion in TrialFilter.base_filters.items()
    if key not in {"q", "sort", "near", "within"}
]
"""Every parameter of the public list but its text, which the search box takes, and its order."""


class ReviewFilter(admin.SimpleListFilter):
    title = "review"
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("waits", "Waits for a curator"), *((kind, f"— {words.lower()}") for kind, (words, _) in KINDS.items()), ("no", "Does not")]

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset
            case "no":
                return queryset.filter(needs_review=False)
            case kind if kind in KINDS:
                return queryset.filter(because(KINDS[kind][1]), needs_review=True)
        return queryset.filter(needs_review=True)


class JudgedFilter(admin.SimpleListFilter):
    title = "judged"
    parameter_name = "judged"

    def lookups(self, request, model_admin):
        return [("yes", "Judged by a curator"), ("no", "Not judged"), *models.Curation.Field.choices]

    def queryset(self, request, queryset):
        value = self.value()
        if value is None:
            return queryset
        judgements = STANDING.filter(record=OuterRef("pk"))
        if value in models.Curation.Field.values:
            return queryset.filter(Exists(models.Curation.objects.filter(record=OuterRef("pk"), withdrawn_at=None, field=value)))
        return queryset.filter(Exists(judgements) if value == "yes" else ~Exists(judgements))


class RuleFilter(admin.SimpleListFilter):
    title = "rule"
    parameter_name = "rule"

    def lookups(self, request, model_admin):
        return [(rule, rule) for rule in models.Finding.objects.order_by("rule").values_list("rule", flat=True).distinct()]

    def queryset(self, request, queryset):
        return (
            queryset.filter(pk__in=models.Finding.objects.order_by().filter(rule=self.value()).values("trial"))
            if self.value()
            else queryset
        )


class RunFilter(admin.SimpleListFilter):
    """What one run of the sync brought in or changed: the last ten that did anything, and whichever the address names."""

    title = "sync run"
    parameter_name = "run"

    def lookups(self, request, model_admin):
        busy = models.SyncRun.objects.exclude(created=0, updated=0)[:10]
        runs = {str(run.pk): f"{run.started_at:%Y-%m-%d %H:%M}, {run.get_kind_display().lower()}" for run in busy}
        return list(({request.GET["run"]: f"run {request.GET['run']}"} | runs if "run" in request.GET else runs).items())

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        run = models.SyncRun.objects.filter(pk=self.value()).first() if self.value().isdecimal() else None
        return queryset.filter(pk__in=touched_by(run).values("pk")) if run else queryset.none()


class FindingInline(ReadOnlyInline):
    model = models.Finding
    verbose_name_plural = "statements of our rules"
    fields = ["kind_words", "value", "confidence", "rule", "field", "quote"]
    readonly_fields = ["kind_words"]

    @admin.display(description="kind")
    def kind_words(self, finding):
        return finding.kind.replace("_", " ")


WORDS = {
    "status": in_words("status", "Status"), "last_known_status": in_words("last_known_status", "Status"),
    "study_type": in_words("study_type", "StudyType"), "enrollment_kind": in_words("enrollment_kind", "DateKind"),
    "sponsor_class": in_words("sponsor_class", "SponsorClass"), "allocation": in_words("allocation", "Allocation"),
    "intervention_model": in_words("intervention_model", "InterventionModel"), "masking": in_words("masking", "Masking"),
    "primary_purpose": in_words("primary_purpose", "PrimaryPurpose"), "time_perspective": in_words("time_perspective", "TimePerspective"),
    "observational_model": in_words("observational_model", "ObservationalModel"), "sex": in_words("sex", "Sex"),
    "conditions": in_words("conditions"), "keywords": in_words("keywords"), "countries": in_words("countries"),
    "phases": "phase",
}  # fmt: skip
"""How the fields that hold codes and lists are shown."""

REGISTRY_FIELDS = {
    "The study": ["brief_title", "official_title", "acronym", "org_study_id", "status", "last_known_status", "why_stopped", "study_type",
                  "phases", "enrollment", "enrollment_kind", "start_date", "primary_completion_date", "completion_date"],
    "Who": ["sponsor_name", "sponsor_class", "organization_name", "responsible_party_name", "responsible_party_affiliation"],
    "What": ["conditions", "keywords", "condition_meshes", "intervention_meshes", "brief_summary", "detailed_description"],
    "How": ["allocation", "intervention_model", "masking", "primary_purpose", "observational_model", "time_perspective"],
    "For whom": ["eligibility_criteria", "sex", "minimum_age", "maximum_age", "healthy_volunteers", "countries"],
    "Dates and results": ["first_posted", "last_update_posted", "has_results", "results_first_posted", "status_verified"],
}  # fmt: skip


@admin.register(models.Trial)
class TrialAdmin(BulkActions, ReadOnly, admin.ModelAdmin):
    list_display = ["nct_id", "short_title", "shown", "said_by_rules", "judged_by", "status_words", "phase", "last_update_posted"]
    list_filter = [ReviewFilter, JudgedFilter, ("is_listed", titled("shown to the public")), *PUBLIC_FILTERS, RuleFilter, RunFilter]
    search_fields = ["nct_id"]
    search_help_text = "Searches as the public list does."
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # the public list's filters are no columns to be counted by
    actions = ["confirm_chosen", "exclude_chosen", "assign_therapy", "derive_again", "refresh"]
    fieldsets = [
        ("Shown, said, judged", {"fields": ["links", "listed", "shown", "said_by_rules", "judgements", "review_reason"]}),
        *(
            (f"The registry's record: {name.lower()}", {"fields": [WORDS.get(field, field) for field in names], "classes": ["collapse"]})
            for name, names in REGISTRY_FIELDS.items()
        ),
    ]
    readonly_fields = ["links", "listed", "shown", "said_by_rules", "judgements", *WORDS.values()]
    inlines = [
        FindingInline,
        part_inline(models.Arm, "label", in_words("type", "ArmType"), "description"),
        part_inline(models.Intervention, in_words("type", "InterventionType"), "name", "description"),
        part_inline(models.Outcome, "kind", "measure", "time_frame"),
        part_inline(models.Site, "facility", "city", "country", in_words("status", "Status")),
        part_inline(models.Collaborator, "name", WORDS["sponsor_class"]),
        part_inline(models.Contact, "name", "role", "phone", "email"),
        part_inline(models.Official, "name", in_words("role", "OfficialRole"), "affiliation"),
        part_inline(models.Reference, in_words("type", "ReferenceType"), "pmid", "citation"),
        part_inline(models.Link, "label", "url"),
        part_inline(models.Alias, "nct_id"),
    ]

    def get_queryset(self, request):
        trials = super().get_queryset(request).select_related("record").defer("record__payload", "record__scope_reason")
        if request.resolver_match and request.resolver_match.url_name.endswith("_changelist"):
            trials = trials.defer(
                "record__payload", "record__scope_reason", "detailed_description", "eligibility_criteria", "brief_summary",
                "study_population",
            )  # fmt: skip
        said = models.Finding.objects.filter(kind__in=["approach", "role"]).select_related("approach")
        judged = STANDING.select_related("approach", "therapy", "judged_by").defer("basis")
        return trials.prefetch_related(
            Prefetch("trial_approaches", models.TrialApproach.objects.select_related("approach")),
            Prefetch("findings", said, to_attr="approach_findings"),
            Prefetch("record__curations", judged, to_attr="standing"),
        )

    def get_search_results(self, request, queryset, search_term):
        return (queryset.matching(search_term) if search_term.strip() else queryset), False

    def history_view(self, request, object_id, extra_context=None):
        return history.view(self, request, object_id)

    @admin.display(description="title", ordering="brief_title")
    def short_title(self, trial):
        return trial.brief_title if len(trial.brief_title) <= 90 else f"{trial.brief_title[:89]}…"

    @admin.display(description="status", ordering="status")
    def status_words(self, trial):
        return trial.get_status_display()

    @admin.display(description="phase", ordering="phases")
    def phase(self, trial):
        return trial.phase_words

    @admin.display(description="shown to the public", boolean=True)
    def listed(self, trial):
        return trial.is_listed

    @admin.display(description="shown")
    def shown(self, trial):
        words = ", ".join(f"{item.approach.short_name} ({item.role})" for item in trial.trial_approaches.all())
        return f"{words or 'nothing'}{'' if trial.is_listed else ', not listed'}"

    @admin.display(description="our rules say")
    def said_by_rules(self, trial):
        roles = {found.approach_id: found.value for found in trial.approach_findings if found.kind == "role"}
        said = [found for found in trial.approach_findings if found.kind == "approach"]
        return (
            ", ".join(f"{found.approach.short_name} ({roles.get(found.approach_id)}), {found.confidence:.0%}" for found in said)
            or "nothing"
        )

    @admin.display(description="judged by")
    def judged_by(self, trial):
        return ", ".join(dict.fromkeys(curation.judged_by.get_username() for curation in trial.record.standing)) or "-"

    @admin.display(description="curators say")
    def judgements(self, trial):
        rows = ((item.value, item.reason, item.judged_by.get_username(), f"{item.judged_at:%Y-%m-%d}") for item in trial.record.standing)
        return format_html_join("", "<p><strong>{}</strong>: “{}” ({}, {})</p>", rows) or "nothing"

    @admin.display(description="go to")
    def links(self, trial):
        return format_html(
            '<a href="{}">judge it</a> · <a href="{}">record, raw JSON</a> · <a href="{}" rel="noopener noreferrer">ClinicalTrials.gov</a>',
            reverse("curating:review", args=[trial.nct_id]),
            reverse("admin:trials_record_change", args=[trial.pk]),
            trial.registry_url,
        )
