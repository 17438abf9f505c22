"""The curators' side of the taxonomy: texts beside their sources, and what is due for review. Django's own admin, nothing added to it."""

from urllib.parse import urlsplit

from django.contrib import admin
from django.db import models
from django.db.models import Count
from django.forms import Textarea
from django.utils import timezone
from django.utils.html import format_html

from therapies.models import REVIEW_AFTER, Approach, Source, Statement, Therapy

TEXT_SIZE = {models.TextField: {"widget": Textarea(attrs={"rows": 4, "cols": 90})}}


class ReviewFilter(admin.SimpleListFilter):
    title = "review"
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("due", f"Due (read over {REVIEW_AFTER.days} days ago)"), ("fresh", "Read within that time")]

    def queryset(self, request, queryset):
        due = queryset.model.objects.due_for_review(timezone.localdate())
        if self.value() == "due":
            return queryset.filter(pk__in=due)
        if self.value() == "fresh":
            return queryset.exclude(pk__in=due)
        return queryset


class SubjectFilter(admin.SimpleListFilter):
    title = "about"
    parameter_name = "about"

    def lookups(self, request, model_admin):
        return [("approach", "An approach"), ("therapy", "A therapy"), ("page", "A page of its own")]

    def queryset(self, request, queryset):
        if self.value() == "page":
            return queryset.exclude(page="")
        if self.value() in {"approach", "therapy"}:
            return queryset.filter(**{f"{self.value()}__isnull": False})
        return queryset


class StatementInline(admin.StackedInline):
    model = Statement
    fields = ["kind", "text", ("source", "position")]
    autocomplete_fields = ["source"]
    formfield_overrides = TEXT_SIZE
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("approach", "therapy", "source")


class UsedByInline(admin.TabularInline):
    """The statements that rest on a source, to be read here and edited where they belong."""

    model = Statement
    verbose_name_plural = "statements that rest on it"
    fields = readonly_fields = ["about", "kind", "text"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("approach", "therapy")

    @admin.display(description="about")
    def about(self, statement):
        return statement.subject


class ReviewedAdmin(admin.ModelAdmin):
    inlines = [StatementInline]
    actions = ["mark_reviewed"]
    date_hierarchy = "reviewed_on"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(statement_count=Count("statements"))

    @admin.display(description="review", ordering="reviewed_on")
    def review(self, obj):
        if obj.is_due_for_review():
            return format_html("<strong>due</strong>, last on {}", obj.reviewed_on.isoformat())
        return obj.reviewed_on.isoformat()

    @admin.display(description="statements", ordering="statement_count")
    def statement_count(self, obj):
        return obj.statement_count

    @admin.action(description="Mark as read against its sources today", permissions=["change"])
    def mark_reviewed(self, request, queryset):
        count = 0
        for obj in queryset:
            obj.reviewed_on = timezone.localdate()
            obj.save(update_fields=["reviewed_on"])
            self.log_change(request, obj, "Marked as read against its sources.")
            count += 1
        self.message_user(request, f"{count} marked as read against their sources today.")


@admin.register(Approach)
class ApproachAdmin(ReviewedAdmin):
    list_display = ["name", "short_name", "statement_count", "review"]
    list_filter = [ReviewFilter]
    search_fields = ["name", "short_name"]
    fields = ["slug", "name", "short_name", "reviewed_on", "position"]
    readonly_fields = ["slug"]

    def has_add_permission(self, request):
        return False  # the classifier knows these four and no others

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Therapy)
class TherapyAdmin(ReviewedAdmin):
    list_display = ["name", "approach__short_name", "review", "statement_count", "donor_in_short", "cell_source", "route"]
    list_filter = [ReviewFilter, "approach", "donor", ("cell_source", admin.EmptyFieldListFilter), ("route", admin.EmptyFieldListFilter)]
    list_select_related = ["approach"]
    search_fields = ["name", "other_names", "slug", "statements__text"]
    fields = ["name", "slug", "approach", "other_names", ("donor", "cell_source", "route"), ("reviewed_on", "position")]
    formfield_overrides = TEXT_SIZE

    @admin.display(description="donor", ordering="donor", empty_value="-")
    def donor_in_short(self, therapy):
        return therapy.donor or None

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []  # rules and addresses hold on to it


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ["label", "use_count", "checked_on", "published", "link"]
    list_filter = ["checked_on"]
    search_fields = ["label", "url"]
    inlines = [UsedByInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(use_count=Count("statements"))

    @admin.display(description="document")
    def link(self, source):
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', source.url, urlsplit(source.url).hostname)

    @admin.display(description="used by", ordering="use_count")
    def use_count(self, source):
        return source.use_count


@admin.register(Statement)
class StatementAdmin(admin.ModelAdmin):
    """All statements in one list, to search them, and the only place for those of a page of its own."""

    list_display = ["about", "kind", "text", "source"]
    list_filter = [SubjectFilter, "kind", "page", "approach"]
    list_select_related = ["approach", "therapy", "source"]
    search_fields = ["text", "source__label", "therapy__name", "approach__name"]
    autocomplete_fields = ["approach", "therapy", "source"]
    fields = ["approach", "therapy", "page", "kind", "text", "source", "position"]
    formfield_overrides = TEXT_SIZE

    @admin.display(description="about")
    def about(self, statement):
        return statement.subject
