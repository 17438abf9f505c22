"""The curators' side of the taxonomy: texts beside their sources, drafts and publishing, and what is due for review.

A curator writes drafts, proposes wordings for what is published, and reads texts against their sources; an editor publishes. Nothing that a
curator types reaches the public before that.
"""

import hashlib
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.forms import Textarea
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from kombu.exceptions import OperationalError

from therapies.models import REVIEW_AFTER, Approach, LinkState, Source, Statement, Therapy, group_by_kind
from therapies.seen import SeenForm
from therapies.tasks import check_links

TEXT_SIZE = {models.TextField: {"widget": Textarea(attrs={"rows": 4, "cols": 90})}}


def may_publish(request):
    return request.user.has_perm("therapies.publish_therapy")


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


class ProposedFilter(admin.SimpleListFilter):
    title = "waiting for an editor"
    parameter_name = "proposed"

    def lookups(self, request, model_admin):
        return [("yes", "With texts that wait")]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=queryset.model.objects.with_proposals()) if self.value() == "yes" else queryset


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


class StatementForm(SeenForm):
    """A statement as somebody may edit it: what is published changes by a proposed wording, unless an editor edits it.

    `publishes` is set by the admin for the person at work.
    """

    publishes = False

    class Meta:
        model = Statement
        fields = ["approach", "therapy", "page", "kind", "text", "proposed_text", "source", "position", "is_published"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        select = getattr(self.fields["source"].widget, "widget", None)
        if isinstance(select, SourceSelect) and self.instance.pk:
            select.chosen = self.instance.source
        if self.publishes:
            return
        held = ["is_published"]
        if self.instance.pk and self.instance.is_published:
            held = [name for name in self.fields if name != "proposed_text"]
        for name in held:
            if name in self.fields:
                self.fields[name].disabled = True
        if not self.instance.pk:
            self.instance.is_published = False
            if "is_published" in self.fields:
                self.fields["is_published"].initial = False


def statement_form(request):
    return type("StatementForm", (StatementForm,), {"publishes": may_publish(request)})


class SourceSelect(AutocompleteSelect):
    """Names the chosen source without asking for it once more, on a page of many statements; `chosen` is that source."""

    chosen = None

    def optgroups(self, name, value, attrs=None):
        if self.chosen is None or value != [str(self.chosen.pk)]:
            return super().optgroups(name, value, attrs)
        return [(None, [self.create_option(name, self.chosen.pk, str(self.chosen), True, 0)], 0)]


class StatementInline(admin.StackedInline):
    model = Statement
    fields = ["kind", "text", "proposed_text", ("source", "position", "is_published")]
    autocomplete_fields = ["source"]
    formfield_overrides = TEXT_SIZE
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("approach", "therapy", "source")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "source":
            kwargs["widget"] = SourceSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, form=statement_form(request), **kwargs)


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


class ReviewedForm(SeenForm):
    def clean_reviewed_on(self):
        return not_to_come(self.cleaned_data["reviewed_on"])


class SourceForm(SeenForm):
    def clean_checked_on(self):
        return not_to_come(self.cleaned_data["checked_on"])


def not_to_come(day):
    """A day on which somebody has read a text; ValidationError where that is still to come."""
    if day and day > timezone.localdate():
        raise ValidationError("This day is still to come: write the day on which it was read.")
    return day


class ReviewedAdmin(admin.ModelAdmin):
    form = ReviewedForm
    inlines = [StatementInline]
    actions = ["mark_reviewed", "publish"]
    date_hierarchy = "reviewed_on"
    change_form_template = "admin/therapies/reviewed_form.html"

    def get_queryset(self, request):
        waiting = Count("statements", filter=Q(statements__is_published=False) | ~Q(statements__proposed_text=""))
        counted = super().get_queryset(request).annotate(statement_count=Count("statements"), waiting_count=waiting)
        return counted.order_by(*self.model._meta.ordering)

    def get_urls(self):
        info = self.model._meta.app_label, self.model._meta.model_name
        own = [
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="{}_{}_preview".format(*info)),
            path("<int:pk>/publish/", self.admin_site.admin_view(self.publish_one), name="{}_{}_publish".format(*info)),
        ]
        return own + super().get_urls()

    def has_publish_permission(self, request):
        return may_publish(request)

    def save_model(self, request, obj, form, change):
        if "reviewed_on" in form.changed_data:
            obj.reviewed_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="review", ordering="reviewed_on")
    def review(self, obj):
        if obj.is_due_for_review():
            return format_html("<strong>due</strong>, last on {}", obj.reviewed_on.isoformat())
        return obj.reviewed_on.isoformat()

    @admin.display(description="statements", ordering="statement_count")
    def statement_count(self, obj):
        return obj.statement_count

    @admin.display(description="wait for an editor", ordering="waiting_count")
    def waiting(self, obj):
        return obj.waiting_count or "-"

    @admin.action(description="Mark as read against its sources today", permissions=["change"])
    def mark_reviewed(self, request, queryset):
        count = 0
        for obj in queryset:
            obj.reviewed_on = timezone.localdate()
            obj.reviewed_by = request.user
            obj.save(update_fields=["reviewed_on", "reviewed_by"])
            self.log_change(request, obj, "Marked as read against its sources.")
            count += 1
        self.message_user(request, f"{count} marked as read against their sources today.")

    @admin.action(description="Publish, with all that waits", permissions=["publish"])
    def publish(self, request, queryset):
        count = sum(publish(obj, lambda words, obj=obj: self.log_change(request, obj, words)) for obj in queryset)
        self.message_user(request, f"{count} published." if count else "There was nothing to publish.")

    def publish_one(self, request, pk):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may_publish(request):
            raise PermissionDenied
        obj = get_object_or_404(self.model, pk=pk)
        if request.POST.get("read", "") != what_waits(obj):
            self.message_user(
                request, "Nothing was published: what waits is not what you had read. Here it is as it reads now.", messages.ERROR
            )
            return redirect(reverse(f"admin:therapies_{self.model._meta.model_name}_preview", args=[pk]))
        done = publish(obj, lambda words: self.log_change(request, obj, words))
        self.message_user(request, f"{obj} is published." if done else "There was nothing to publish.", messages.SUCCESS)
        return redirect(reverse(f"admin:therapies_{self.model._meta.model_name}_change", args=[pk]))

    def preview(self, request, pk):
        """The public page as it will read once all that waits is published."""
        obj = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        statements = list(obj.statements.select_related("source"))
        for statement in statements:
            statement.is_changed = not statement.is_published or bool(statement.proposed_text)
            statement.text = statement.text_to_come
        context = {
            **self.admin_site.each_context(request),
            "title": f"Preview: {obj}",
            "object": obj,
            "opts": self.model._meta,
            "kinds": [(Statement(kind=kind).get_kind_display(), said) for kind, said in group_by_kind(statements).items()],
            "waits": any(statement.is_changed for statement in statements) or not getattr(obj, "is_published", True),
            "may_publish": may_publish(request),
            "read": what_waits(obj),
        }
        return TemplateResponse(request, "admin/therapies/preview.html", context)


def what_waits(obj) -> str:
    """What a person has read who has read all texts that wait: it is another once one of them is."""
    waiting = obj.statements.awaiting().order_by("pk").values_list("pk", "text", "proposed_text", "source")
    return hashlib.sha256(repr(list(waiting)).encode()).hexdigest()


def publish(obj, log) -> bool:
    """Publish a therapy or an approach with all its texts that wait; `log` takes what was done in words. False where nothing waited."""
    with transaction.atomic():
        waiting = list(obj.statements.awaiting())
        for statement in waiting:
            statement.text, statement.proposed_text, statement.is_published = statement.text_to_come, "", True
            statement.save(update_fields=["text", "proposed_text", "is_published"])
        was_draft = not getattr(obj, "is_published", True)
        if was_draft:
            obj.is_published = True
            obj.save(update_fields=["is_published"])
        if waiting or was_draft:
            log(f"Published{' for the first time' if was_draft else ''}, with {len(waiting)} texts that waited.")
    return bool(waiting) or was_draft


@admin.register(Approach)
class ApproachAdmin(ReviewedAdmin):
    list_display = ["name", "short_name", "statement_count", "waiting", "review"]
    list_filter = [ReviewFilter, ProposedFilter]
    search_fields = ["name", "short_name"]
    fields = ["slug", "name", "short_name", ("reviewed_on", "reviewed_by"), "position"]

    def get_readonly_fields(self, request, obj=None):
        held = ["slug", "reviewed_by"]
        return held if may_publish(request) else [*held, "name", "short_name", "position"]

    def has_add_permission(self, request):
        return False  # the classifier knows these four and no others

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Therapy)
class TherapyAdmin(ReviewedAdmin):
    list_display = [
        "name", "approach__short_name", "is_published", "review", "statement_count", "waiting", "donor_in_short", "cell_source", "route",
    ]  # fmt: skip
    list_filter = [
        ReviewFilter, "is_published", ProposedFilter, "approach", "donor", ("cell_source", admin.EmptyFieldListFilter),
        ("route", admin.EmptyFieldListFilter),
    ]  # fmt: skip
    list_select_related = ["approach"]
    search_fields = ["name", "other_names", "slug", "statements__text"]
    fields = [
        "name", "slug", "approach", "other_names", ("donor", "cell_source", "route"), ("reviewed_on", "reviewed_by"), "position",
        "is_published",
    ]  # fmt: skip
    formfield_overrides = TEXT_SIZE

    @admin.display(description="donor", ordering="donor", empty_value="-")
    def donor_in_short(self, therapy):
        return therapy.donor or None

    def get_readonly_fields(self, request, obj=None):
        held = ["reviewed_by"]
        if obj:
            held.append("slug")  # rules and addresses hold on to it
        if not may_publish(request):
            held.append("is_published")
            if obj and obj.is_published:
                held += ["name", "approach", "other_names", "donor", "cell_source", "route", "position"]
        return held

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_published)


class LinkFilter(admin.SimpleListFilter):
    title = "link"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(state.value or "unchecked", state.label) for state in LinkState]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(link_state="" if self.value() == "unchecked" else self.value())


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    form = SourceForm
    list_display = ["label", "use_count", "link_answer", "checked_on", "published", "link"]
    list_filter = [LinkFilter, "checked_on"]
    search_fields = ["label", "url"]
    inlines = [UsedByInline]
    actions = ["check_now"]
    fields = ["label", "url", "published", "checked_on", "link_answer"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(use_count=Count("statements")).order_by(*Source._meta.ordering)

    def get_readonly_fields(self, request, obj=None):
        is_relied_on = obj is not None and obj.statements.published().exists()
        held = ["label", "url", "published"] if is_relied_on and not may_publish(request) else []
        return [*held, "link_answer"]

    @admin.display(description="document")
    def link(self, source):
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', source.url, urlsplit(source.url).hostname)

    @admin.display(description="used by", ordering="use_count")
    def use_count(self, source):
        return source.use_count

    @admin.display(description="its link", ordering="link_state")
    def link_answer(self, source):
        if not source.link_checked_at:
            return "not checked yet"
        words = f"{source.get_link_state_display().partition(':')[0].lower()} ({source.link_note}), on {source.link_checked_at:%Y-%m-%d}"
        return format_html("<strong>{}</strong>", words) if source.link_state == LinkState.BROKEN else words

    @admin.action(description="Check now whether their links answer", permissions=["change"])
    def check_now(self, request, sources):
        ids = list(sources.values_list("pk", flat=True))
        try:
            check_links.delay(ids)
        except (OperationalError, OSError) as error:
            self.message_user(request, f"The message broker does not answer, so no link is checked: {error}", messages.ERROR)
        else:
            self.message_user(request, f"{len(ids)} links are being checked.")


@admin.register(Statement)
class StatementAdmin(admin.ModelAdmin):
    """All statements in one list, to search them, and the only place for those of a page of its own."""

    list_display = ["about", "kind", "text", "source", "is_published", "waits"]
    list_filter = [SubjectFilter, "is_published", ("proposed_text", admin.EmptyFieldListFilter), "kind", "page", "approach"]
    list_select_related = ["approach", "therapy", "source"]
    search_fields = ["text", "source__label", "therapy__name", "approach__name"]
    autocomplete_fields = ["approach", "therapy", "source"]
    fields = ["approach", "therapy", "page", "kind", "text", "proposed_text", "source", "position", "is_published"]
    formfield_overrides = TEXT_SIZE
    actions = ["publish"]

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, form=statement_form(request), **kwargs)

    def has_publish_permission(self, request):
        return may_publish(request)

    @admin.display(description="about")
    def about(self, statement):
        return statement.subject

    @admin.display(description="new wording waits", boolean=True)
    def waits(self, statement):
        return bool(statement.proposed_text)

    @admin.action(description="Publish, in the wording that waits", permissions=["publish"])
    def publish(self, request, statements):
        count = 0
        for statement in statements.awaiting():
            statement.text, statement.proposed_text, statement.is_published = statement.text_to_come, "", True
            statement.save(update_fields=["text", "proposed_text", "is_published"])
            self.log_change(request, statement, "Published.")
            count += 1
        self.message_user(request, f"{count} published.")
