"""Families of registrations: what was proposed and why, for a curator to confirm or refuse, or to put together by hand."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join

from therapies.seen import SeenForm
from trials.admin.bulk import BulkActions, Plan, SureForm
from trials.models import Family
from trials.registry.normalise import nct_number

State = Family.State

DECISIONS = {State.CONFIRMED: "Confirmed: one programme, counted once", State.REFUSED: State.REFUSED.label}


class FamilyForm(SeenForm):
    state = forms.ChoiceField(label="Decision", choices=DECISIONS.items(), widget=forms.RadioSelect, initial=State.CONFIRMED)

    class Meta:
        widgets = {"name": forms.Textarea(attrs={"rows": 2, "cols": 90}), "reason": forms.Textarea(attrs={"rows": 3, "cols": 90})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "trials" in self.fields:
            self.fields["trials"].help_text = "Two or more."
            self.fields["reason"].help_text = "Why they are one programme, or are not, where that is not plain."

    def clean_trials(self):
        trials = self.cleaned_data["trials"]
        if len(trials) < 2:
            raise forms.ValidationError("A family has two registrations or more: add another, or leave this family as it was.")
        return trials


class WhyForm(SureForm):
    reason = forms.CharField(
        label="Why", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept with each family, if given."
    )


@admin.register(Family)
class FamilyAdmin(BulkActions, admin.ModelAdmin):
    form = FamilyForm
    list_display = ["name", "state", "members", "decided_by", "decided_at"]
    list_filter = ["state"]
    search_fields = ["name", "trials__nct_id"]
    list_select_related = ["decided_by"]
    autocomplete_fields = ["trials"]
    fields = ["name", "trials", "why", "state", "reason", "decided_by", "decided_at"]
    readonly_fields = ["why", "decided_by", "decided_at"]
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
        rows = ((_links(link["nct_ids"]), link["reason"], " / ".join(dict.fromkeys(link["quotes"]))) for link in family.links)
        return format_html_join("", "<p><strong>{}</strong>: {}, “{}”</p>", rows) or "Put together by a curator."

    def save_model(self, request, obj, form, change):
        """Whoever saves a family has decided on it, and signs."""
        obj.decided_by, obj.decided_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    @admin.action(description="Confirm: one programme, counted once", permissions=["change"])
    def confirm(self, request, families):
        return self._decide(request, "confirm", families, State.CONFIRMED, "Confirm")

    @admin.action(description="Refuse: separate trials", permissions=["change"])
    def refuse(self, request, families):
        return self._decide(request, "refuse", families, State.REFUSED, "Refuse")

    def _decide(self, request, action, families, state, verb):
        left = families.exclude(state=state)
        turned = left.exclude(state=State.PROPOSED)
        by = ", ".join(sorted({family.decided_by.get_username() for family in turned.select_related("decided_by")}))
        counts = [
            f"{left.count()} will be {state}.",
            f"{turned.count()} of these were decided otherwise{f' by {by}' if by else ''}; this decision takes the place of that.",
            f"{families.filter(state=state).count()} are {state} already and left as they are.",
        ]

        def do(given):
            reason = {"reason": given["reason"]} if given["reason"] else {}
            count = Family.objects.filter(pk__in=plan.ids).update(state=state, decided_by=request.user, decided_at=timezone.now(), **reason)
            return f"{count} families {state}."

        plan = Plan(verb, sorted(left.values_list("pk", flat=True)), counts, WhyForm, do=do, noun="families")
        return self._ask(request, action, plan)


def _links(nct_ids):
    pairs = ((reverse("admin:trials_trial_change", args=[nct_number(nct_id)]), nct_id) for nct_id in nct_ids)
    return format_html_join(" and ", '<a href="{}">{}</a>', pairs)
