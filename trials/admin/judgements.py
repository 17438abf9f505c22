"""The log of all judgements, and their import from a table after a look at what it would do."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from import_export import fields, resources, widgets
from import_export.admin import ImportMixin
from import_export.formats.base_formats import CSV

from therapies.models import Approach, Therapy
from trials.admin import judging
from trials.admin.bulk import ReasonForm
from trials.admin.looking import ReadOnly
from trials.curation import Judgement
from trials.derive import rederive
from trials.models import Curation, Record
from trials.vocabulary import Role

NEEDS = {
    Curation.Field.APPROACH: ("approach", "role"),
    Curation.Field.NOT_APPROACH: ("approach",),
    Curation.Field.THERAPY: ("therapy",),
    Curation.Field.NOT_THERAPY: ("therapy",),
}


class KnownWidget(widgets.ForeignKeyWidget):
    """A row named by its key; the error says which name is unknown."""

    def clean(self, value, row=None, **kwargs):
        try:
            return super().clean(value.strip().upper() if self.model is Record and value else value, row, **kwargs)
        except self.model.DoesNotExist:
            raise ValueError(f"We know no {self.model._meta.verbose_name} “{value}”.") from None


NAMES = ("nct_id", "field", "approach", "role", "therapy", "reason", "source_url")
COLUMNS = ("nct_id", "field", "reason")
"""The columns of a table, and those that none does without."""

MOST_LINES = 2_000
"""Lines of one table: each is looked at while the curator waits."""


class JudgementResource(resources.ModelResource):
    """One judgement a line: nct_id, field, approach, role, therapy, reason, source_url.

    Each takes the place of what stood about the same thing; a line that says what stands already changes nothing. In the preview everything
    is done and taken back (import-export runs it in a transaction).
    """

    nct_id = fields.Field("record", "nct_id", KnownWidget(Record, "nct_id"))
    approach = fields.Field("approach", "approach", KnownWidget(Approach, "slug"))
    therapy = fields.Field("therapy", "therapy", KnownWidget(Therapy, "slug"))

    class Meta:
        model = Curation
        fields = import_order = NAMES
        import_id_fields = ()
        force_init_instance = True
        skip_unchanged = False
        use_transactions = True

    def __init__(self, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        self.judged = set()

    def before_import(self, dataset, **kwargs):
        lines = len(dataset)
        if lines > MOST_LINES:
            del dataset[:]  # import-export notes the error and would go on with the lines all the same
            raise ValueError(f"The table has {lines:,} lines; at most {MOST_LINES:,} at once: divide it.")
        if missing := [name for name in COLUMNS if name not in (dataset.headers or ())]:
            del dataset[:]
            raise ValueError(
                f"The table has no column {', '.join(missing)}. Its first line must name the columns, parted by commas: {', '.join(NAMES)}."
            )
        if len(dataset):
            named = {f"{value or ''}".strip().upper() for value in dataset["nct_id"]}
            list(Record.objects.locked().filter(nct_id__in=named).values_list("pk"))

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        errors = {**(import_validation_errors or {})}
        if instance.record_id is None:
            errors.setdefault("nct_id", ValidationError("The line names no study."))
        if instance.field not in Curation.Field.values:
            errors["field"] = ValidationError(f"Write one of {', '.join(Curation.Field.values)}, not “{instance.field}”.")
        for name in NEEDS.get(instance.field, ()):
            if not getattr(instance, name):
                errors.setdefault(name, ValidationError(f"The judgement “{instance.field}” needs it."))
        if instance.role and instance.role not in Role.values:
            errors["role"] = ValidationError(f"Write one of {', '.join(Role.values)}, not “{instance.role}”.")
        given = ReasonForm({"sure": "yes", "reason": instance.reason or "", "source_url": instance.source_url or ""})
        if given.is_valid():
            instance.reason, instance.source_url = given.cleaned_data["reason"], given.cleaned_data["source_url"]
        errors |= given.errors.as_data()
        if not (instance.reason or "").strip():
            errors["reason"] = ValidationError("A judgement needs a reason.")
        if errors:
            raise ValidationError(errors)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if import_validation_errors or instance.record_id is None:
            return False
        same = {name: getattr(instance, name) for name in ("record", "field", "approach", "therapy", "role")}
        return Curation.objects.filter(withdrawn_at=None, **same).exists()

    def do_instance_save(self, instance, is_create):
        judgement = Judgement(
            instance.field,
            approach=instance.approach.slug if instance.approach else "",
            role=instance.role,
            therapy=instance.therapy.slug if instance.therapy else "",
        )
        [row] = judging.write(
            instance.record, [judgement], by=self.user, reason=instance.reason, source_url=instance.source_url, replaces_all=False
        )
        instance.pk = row.pk
        self.judged.add(instance.record_id)

    def after_import(self, dataset, result, **kwargs):
        rederive(Record.objects.filter(pk__in=self.judged))


class StandingFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("yes", "Stands"), ("no", "Withdrawn or replaced")]

    def queryset(self, request, queryset):
        return queryset.filter(withdrawn_at__isnull=self.value() == "yes") if self.value() else queryset


@admin.register(Curation)
class CurationAdmin(ImportMixin, ReadOnly, admin.ModelAdmin):
    """Judgements are given on a study's review screen; here they are found, read and taken back."""

    list_display = ["record", "value", "rules_then", "reason", "judged_by", "judged_at", "withdrawn_at"]
    list_filter = [StandingFilter, "field", "approach", "judged_by"]
    list_select_related = ["record", "approach", "therapy", "judged_by"]
    search_fields = ["record__nct_id", "reason"]
    date_hierarchy = "judged_at"
    show_full_result_count = False
    actions = ["withdraw"]
    resource_classes = [JudgementResource]
    formats = import_formats = [CSV]
    fields = readonly_fields = [
        "record", "value", "rules_then", "reason", "source_url", "judged_by", "judged_at", "withdrawn_at", "withdrawn_by", "withdrawn_why",
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).defer("basis", "record__payload", "record__scope_reason")

    @admin.display(description="our rules said then")
    def rules_then(self, curation):
        said = [f"{found['value'].upper()} {found['confidence']:.0%}" for found in curation.findings if found["kind"] == "approach"]
        return ", ".join(said) or "nothing"

    @admin.action(description="Withdraw the chosen judgements", permissions=["withdraw"])
    def withdraw(self, request, curations):
        if not request.user.has_perm("trials.change_curation"):
            raise PermissionDenied
        count = judging.withdraw(curations, by=request.user, why="Withdrawn in the log of judgements.")
        self.message_user(request, f"{count} judgements withdrawn; they stay in this log.", messages.SUCCESS)

    def has_withdraw_permission(self, request):
        return request.user.has_perm("trials.change_curation")

    def has_import_permission(self, request):
        return request.user.has_perm("trials.add_curation")

    def add_data_read_fail_error_to_form(self, form, error):
        form.add_error(
            "import_file", "This file cannot be read as a table: save it as CSV, in UTF-8, parted by commas, and choose it again."
        )

    def get_import_resource_kwargs(self, request, **kwargs):
        return {**super().get_import_resource_kwargs(request, **kwargs), "user": request.user}
