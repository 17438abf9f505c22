"""Families of registrations: what was proposed and why, for a curator to confirm or refuse, or to put together by hand."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html_join

from trials.models import Family


@admin.register(Family)
class FamilyAdmin(admin.ModelAdmin):
    list_display = ["name", "state", "members", "decided_by", "decided_at"]
    list_filter = ["state"]
    search_fields = ["name", "trials__nct_id"]
    list_select_related = ["decided_by"]
    autocomplete_fields = ["trials"]
    fields = ["name", "trials", "why", "reason", "state", "decided_by", "decided_at"]
    readonly_fields = ["why", "state", "decided_by", "decided_at"]
    actions = ["confirm", "refuse"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("trials")

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="registrations")
    def members(self, family):
        return ", ".join(trial.nct_id for trial in family.trials.all())

    @admin.display(description="why they belong together")
    def why(self, family):
        rows = ((" and ".join(link["nct_ids"]), link["reason"], " / ".join(dict.fromkeys(link["quotes"]))) for link in family.links)
        return format_html_join("", "<p><strong>{}</strong>: {}, “{}”</p>", rows) or "Put together by a curator."

    def save_model(self, request, obj, form, change):
        """What a curator puts together or edits is thereby confirmed, and signed."""
        obj.state = Family.State.CONFIRMED
        self._sign(obj, request.user)
        super().save_model(request, obj, form, change)

    @admin.action(description="Confirm: one programme, counted once", permissions=["change"])
    def confirm(self, request, families):
        self._decide(request, families, Family.State.CONFIRMED)

    @admin.action(description="Refuse: separate trials", permissions=["change"])
    def refuse(self, request, families):
        self._decide(request, families, Family.State.REFUSED)

    def _decide(self, request, families, state):
        count = families.update(state=state, decided_by=request.user, decided_at=timezone.now())
        self.message_user(request, f"{count} families: {Family.State(state).label.lower()}.")

    def _sign(self, family, user):
        family.decided_by, family.decided_at = user, timezone.now()
