"""Trials in Django's admin: what the registry says is read-only there; what a curator judges is a `Curation`.

Saving a judgement works out at once what is shown of that study (`derive.rederive`); nothing else here writes.
"""

import json

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import ModelForm, Select
from django.utils import timezone
from django.utils.html import format_html

from trials import models, payload
from trials.derive import rederive
from trials.tasks import rederive_trials, sync_chosen


class ReadOnly:
    """Rows that a sync writes: to be looked at, not typed into."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    extra = 0
    can_delete = False


class FailureInline(ReadOnlyInline):
    model = models.SyncFailure
    fields = ["nct_id", "reason"]


@admin.register(models.SyncRun)
class SyncRunAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "started_at", "kind", "state", "took", "fetched", "created", "updated", "unchanged", "missing", "failed", "data_timestamp",
    ]  # fmt: skip
    list_filter = ["kind", "state"]
    date_hierarchy = "started_at"
    inlines = [FailureInline]
    actions = ["retry_failed"]

    @admin.display(description="took")
    def took(self, run):
        return str(run.finished_at - run.started_at).split(".")[0] if run.finished_at else "still running"

    @admin.action(description="Try the failed studies of the chosen runs again", permissions=["view"])
    def retry_failed(self, request, runs):
        ids = sorted(set(models.SyncFailure.objects.filter(run__in=runs).exclude(nct_id="").values_list("nct_id", flat=True)))
        if not ids:
            self.message_user(request, "The chosen runs have no failed study with a readable id.", messages.WARNING)
            return
        sync_chosen.delay(ids)
        self.message_user(request, f"{len(ids)} studies are being fetched again.")


class CurationForm(ModelForm):
    class Meta:
        model = models.Curation
        fields = ["field", "approach", "role", "therapy", "reason", "source_url"]
        widgets = {"approach": Select, "therapy": Select}

    def clean(self):
        cleaned = super().clean()
        field = cleaned.get("field")
        needs = {
            "approach": ("approach", "role"),
            "not_approach": ("approach",),
            "therapy": ("therapy",),
            "not_therapy": ("therapy",),
        }.get(field, ())
        for name in needs:
            if not cleaned.get(name):
                self.add_error(name, ValidationError("This judgement needs it.", code="required"))
        return cleaned


class CurationInline(admin.StackedInline):
    """New judgements are added here; those that stand are shown and can be withdrawn, never edited."""

    model = models.Curation
    form = CurationForm
    extra = 0
    can_delete = False
    readonly_fields = ["judged_by", "judged_at", "withdrawn_at"]
    verbose_name_plural = "judgements"

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(models.Record)
class RecordAdmin(admin.ModelAdmin):
    """Every study that a sync has met. Here a curator judges: in scope or not, which approach, which role."""

    list_display = ["nct_id", "in_scope", "nearly_in_scope", "scope_reason_short", "last_update_posted", "changed_at", "gone_at"]
    list_filter = ["in_scope", "nearly_in_scope", "is_starter", ("gone_at", admin.EmptyFieldListFilter), "derived_version"]
    search_fields = ["nct_id", "scope_reason"]
    show_full_result_count = False
    list_per_page = 50
    actions = ["refresh", "derive_again"]
    inlines = [CurationInline]
    readonly_fields = [
        "nct_id", "registry_link", "in_scope", "scope_reason", "nearly_in_scope", "last_update_posted", "first_seen_at", "changed_at",
        "gone_at", "in_sweep", "is_starter", "derived_version", "raw_record",
    ]  # fmt: skip
    fields = readonly_fields

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset if request.resolver_match.url_name.endswith("_change") else queryset.defer("payload")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="why")
    def scope_reason_short(self, record):
        return record.scope_reason[:120]

    @admin.display(description="at the registry")
    def registry_link(self, record):
        return format_html('<a href="{0}{1}">{1}</a>', models.REGISTRY_STUDY_URL, record.nct_id)

    @admin.display(description="the record as it came")
    def raw_record(self, record):
        text = json.dumps(payload.unpack(record.payload), indent=2, ensure_ascii=False)
        return format_html("<details><summary>{} characters of JSON</summary><pre>{}</pre></details>", len(text), text)

    def save_formset(self, request, form, formset, change):
        """A new judgement is stamped with who gave it and on which version of the record; what is shown follows at once."""
        if formset.model is not models.Curation:
            super().save_formset(request, form, formset, change)
            return
        for curation in formset.save(commit=False):
            curation.judged_by = request.user
            curation.basis_hash = form.instance.content_hash
            curation.save()
        formset.save_m2m()
        rederive(models.Record.objects.filter(pk=form.instance.pk))

    @admin.action(description="Fetch from the registry now", permissions=["change"])
    def refresh(self, request, records):
        ids = list(records.values_list("nct_id", flat=True))
        sync_chosen.delay(ids)
        self.message_user(request, f"{len(ids)} studies are being fetched.")

    @admin.action(description="Classify again from the stored record", permissions=["change"])
    def derive_again(self, request, records):
        ids = list(records.values_list("pk", flat=True))
        rederive_trials.delay(ids)
        self.message_user(request, f"{len(ids)} studies are being classified again.")


@admin.register(models.Curation)
class CurationAdmin(ReadOnly, admin.ModelAdmin):
    """The log of all judgements. They are given on a record's page; here one is taken back."""

    list_display = ["record", "field", "approach", "role", "therapy", "reason", "judged_by", "judged_at", "withdrawn_at"]
    list_filter = ["field", "approach", ("withdrawn_at", admin.EmptyFieldListFilter), "judged_by"]
    list_select_related = ["record", "approach", "therapy", "judged_by"]
    search_fields = ["record__nct_id", "reason"]
    actions = ["withdraw"]

    @admin.action(description="Withdraw the chosen judgements", permissions=["withdraw"])
    def withdraw(self, request, curations):
        standing = curations.filter(withdrawn_at=None)
        record_ids = list(standing.values_list("record", flat=True))
        count = standing.update(withdrawn_at=timezone.now())
        rederive(models.Record.objects.filter(pk__in=record_ids))
        self.message_user(request, f"{count} judgements withdrawn; they stay in this log.")

    def has_withdraw_permission(self, request):
        return request.user.has_perm("trials.change_curation")


class FindingInline(ReadOnlyInline):
    model = models.Finding
    fields = ["kind", "value", "confidence", "rule", "field", "quote"]


def part_inline(model, *shown):
    """A read-only table of one kind of a trial's parts."""
    return type(f"{model.__name__}Inline", (ReadOnlyInline,), {"model": model, "fields": shown, "classes": ["collapse"]})


@admin.register(models.Trial)
class TrialAdmin(ReadOnly, admin.ModelAdmin):
    """Trials as shown to the public. Judgements are given on the record's page, one click from here."""

    list_display = ["nct_id", "brief_title", "approach_names", "status", "phases", "is_listed", "needs_review", "last_update_posted"]
    list_filter = [
        "needs_review", "is_listed", "approaches", "trial_approaches__role", "status", "phases", "study_type", "sponsor_class", "therapies",
    ]  # fmt: skip
    search_fields = ["nct_id", "search__title", "search__interventions", "search__conditions", "search__sponsor"]
    list_per_page = 50
    show_full_result_count = False
    inlines = [
        FindingInline,
        part_inline(models.Arm, "label", "type", "description"),
        part_inline(models.Intervention, "type", "name", "description"),
        part_inline(models.Outcome, "kind", "measure", "time_frame"),
        part_inline(models.Site, "facility", "city", "country", "status"),
        part_inline(models.Collaborator, "name", "sponsor_class"),
        part_inline(models.Contact, "name", "role", "phone", "email"),
        part_inline(models.Official, "name", "role", "affiliation"),
        part_inline(models.Reference, "type", "pmid", "citation"),
        part_inline(models.Link, "label", "url"),
        part_inline(models.Alias, "nct_id"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("detailed_description").prefetch_related("trial_approaches__approach")

    @admin.display(description="approaches")
    def approach_names(self, trial):
        return ", ".join(f"{item.approach.short_name} ({item.role})" for item in trial.trial_approaches.all()) or "none shown"
