"""Every study that a sync has met, in or out of scope, with its record as it came."""

import json

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from trials import models, payload
from trials.admin import history
from trials.admin.bulk import BulkActions
from trials.admin.looking import ReadOnly, titled


@admin.register(models.Record)
class RecordAdmin(BulkActions, ReadOnly, admin.ModelAdmin):
    list_display = ["nct_id", "in_scope", "nearly_in_scope", "scope_reason_short", "last_update_posted", "changed_at", "gone_at"]
    list_filter = [
        "in_scope",
        ("nearly_in_scope", titled("nearly taken")),
        ("is_new_in_scope", titled("newly in scope")),
        ("is_starter", titled("starter set")),
        ("gone_at", titled("gone from the registry", admin.EmptyFieldListFilter, ["No, it lists them", "Yes"])),
        ("derived_version", titled("edition of our rules", admin.AllValuesFieldListFilter)),
    ]
    search_fields = ["nct_id", "scope_reason"]
    show_full_result_count = False
    list_per_page = 50
    actions = ["exclude_chosen", "derive_again", "refresh"]
    fields = readonly_fields = [
        "nct_id", "links", "in_scope", "scope_reason", "nearly_in_scope", "is_new_in_scope", "last_update_posted", "first_seen_at",
        "changed_at", "gone_at", "in_sweep", "is_starter", "derived_version", "raw_record",
    ]  # fmt: skip

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset if request.resolver_match.url_name.endswith("_change") else queryset.defer("payload")

    def history_view(self, request, object_id, extra_context=None):
        return history.view(self, request, object_id)

    @admin.display(description="why")
    def scope_reason_short(self, record):
        return record.scope_reason[:120]

    @admin.display(description="go to")
    def links(self, record):
        return format_html(
            '<a href="{}">judge it</a> · <a href="{}{}" rel="noopener noreferrer">ClinicalTrials.gov</a>',
            reverse("curating:review", args=[record.nct_id]),
            models.REGISTRY_STUDY_URL,
            record.nct_id,
        )

    @admin.display(description="the record as it came")
    def raw_record(self, record):
        if not record.payload:
            return "none kept"
        text = json.dumps(payload.unpack(record.payload), indent=2, ensure_ascii=False)
        return format_html("<details><summary>{} characters of JSON</summary><pre>{}</pre></details>", len(text), text)
