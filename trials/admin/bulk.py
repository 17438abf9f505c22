"""What is done to many studies at once: a page that counts comes first, and nothing happens until it is answered.

The studies are rows of Trial or of Record; both have the study's number as their key.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.template.response import TemplateResponse

from therapies.models import Therapy
from trials.admin import judging
from trials.admin.runs import MOST_IDS, begin, hand_over
from trials.curation import Judgement
from trials.derive import rederive
from trials.models import Curation, Finding, Record
from trials.tasks import rederive_trials, sync_chosen

MOST_JUDGED = 500
"""Studies judged at once: each is read and classified while the curator waits."""


class SureForm(forms.Form):
    """The answer to "are you sure"; subclasses ask for what the action needs."""

    sure = forms.CharField(widget=forms.HiddenInput, initial="yes")


class ReasonForm(SureForm):
    reason = forms.CharField(label="Why", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept with each judgement.")
    source_url = forms.URLField(label="Link to a source", required=False, max_length=200, assume_scheme="https")


class TherapyForm(ReasonForm):
    therapy = forms.ModelChoiceField(Therapy.objects.select_related("approach"), label="Therapy")
    field_order = ["sure", "therapy", "reason", "source_url"]


@dataclass
class Plan:
    """What an action would do: `ids` it would do it to, the counts to show, and how the button reads."""

    verb: str
    ids: list[int]
    counts: list[str]
    form: type[forms.Form] = SureForm
    most: int = 0  # MOST_JUDGED, where no other number is given
    do: Callable[[dict], str] = field(default=lambda given: "")  # from the form's cleaned data to the message
    noun: str = "studies"
    ground: int | None = None  # the latest judgement of these studies

    @property
    def told(self) -> str:
        """What the page says would happen: another once it would be otherwise, since somebody else was at work meanwhile."""
        return hashlib.sha256(repr((self.ids, self.counts, self.ground)).encode()).hexdigest()


def standing(**conditions):
    return Curation.objects.filter(record=OuterRef("pk"), withdrawn_at=None, **conditions).exclude(field=Curation.Field.NOTE)


class BulkActions:
    """The actions; a ModelAdmin names those that it offers."""

    def has_judge_permission(self, request):
        return request.user.has_perm("trials.add_curation")

    def has_refresh_permission(self, request):
        return request.user.has_perm("trials.sync_chosen")

    @admin.action(description="Confirm: our rules are right", permissions=["judge"])
    def confirm_chosen(self, request, chosen):
        ids = set(chosen.values_list("pk", flat=True))
        excluded = set(chosen.filter(Exists(standing(field=Curation.Field.HIDE))).values_list("pk", flat=True))
        found = Finding.objects.filter(trial=OuterRef("pk"), kind="approach")
        silent = set(chosen.exclude(Exists(found)).values_list("pk", flat=True)) - excluded
        left = ids - excluded - silent
        judged = set(chosen.filter(Exists(standing())).values_list("pk", flat=True)) & left
        counts = [
            f"{len(left)} will be confirmed as our rules have them now.",
            f"{len(judged)} of these were judged before; the confirmation takes the place of what was judged.",
            f"{len(excluded)} are excluded and left as they are.",
            f"{len(silent)} have no statement of our rules that could be confirmed, and are left as they are.",
        ]
        return self._judge(request, "confirm_chosen", Plan("Confirm", sorted(left), counts, ReasonForm), lambda given: judging.CONFIRM)

    @admin.action(description="Exclude: do not list", permissions=["judge"])
    def exclude_chosen(self, request, chosen):
        ids = set(chosen.values_list("pk", flat=True))
        excluded = set(chosen.filter(Exists(standing(field=Curation.Field.HIDE))).values_list("pk", flat=True))
        judged = set(chosen.filter(Exists(standing())).values_list("pk", flat=True)) - excluded
        counts = [
            f"{len(ids - excluded)} will be excluded: nobody but curators sees them.",
            f"{len(judged)} of these were judged before; the exclusion takes the place of what was judged.",
            f"{len(excluded)} are excluded already and left as they are.",
        ]
        return self._judge(
            request, "exclude_chosen", Plan("Exclude", sorted(ids - excluded), counts, ReasonForm), lambda given: judging.EXCLUDE
        )

    @admin.action(description="Assign a therapy", permissions=["judge"])
    def assign_therapy(self, request, chosen):
        ids = sorted(chosen.values_list("pk", flat=True))
        with_one = chosen.filter(therapies__isnull=False).distinct().count()
        counts = [f"{len(ids)} will be said to test the therapy, beside what is said of them now.", f"{with_one} have a therapy already."]
        plan = Plan("Assign", ids, counts, TherapyForm)
        return self._judge(request, "assign_therapy", plan, lambda given: (Judgement("therapy", therapy=given["therapy"].slug),), False)

    @admin.action(description="Classify again from the stored record", permissions=["judge"])
    def derive_again(self, request, chosen):
        ids = sorted(chosen.values_list("pk", flat=True))
        counts = [f"{len(ids)} will be classified and read again by today's rules, without the network. Judgements stay as they are."]

        def do(given):
            return f"{len(ids)} studies are being classified again." if hand_over(request, rederive_trials, ids) else ""

        return self._ask(request, "derive_again", Plan("Classify again", ids, counts, most=100_000, do=do))

    @admin.action(description="Fetch from the registry now", permissions=["refresh"])
    def refresh(self, request, chosen):
        pks = sorted(chosen.values_list("pk", flat=True))
        nct_ids = [f"NCT{pk:08}" for pk in pks]
        counts = [f"{len(pks)} will be fetched from ClinicalTrials.gov; what has not changed there is not written."]

        def do(given):
            return f"{len(pks)} studies are being fetched." if begin(request, sync_chosen, nct_ids) else ""

        return self._ask(request, "refresh", Plan("Fetch", pks, counts, most=MOST_IDS, do=do))

    def _judge(self, request, action, plan, judgements, replaces_all=True):
        def do(given):
            with transaction.atomic():
                records = list(Record.objects.locked().filter(pk__in=plan.ids))
                for record in records:
                    judging.write(
                        record,
                        judgements(given),
                        by=request.user,
                        reason=given["reason"],
                        source_url=given["source_url"],
                        replaces_all=replaces_all,
                    )
                rederive(Record.objects.filter(pk__in=plan.ids))
            return f"{len(records)} studies judged."

        plan.do = do
        plan.ground = Curation.objects.filter(record__in=plan.ids[:MOST_JUDGED]).aggregate(latest=Max("pk"))["latest"]
        return self._ask(request, action, plan)

    def _ask(self, request, action, plan):
        """Show what would be done and do it once it is answered."""
        most = plan.most or MOST_JUDGED
        if len(plan.ids) > most:
            self.message_user(request, f"These are {len(plan.ids)} {plan.noun}; at most {most} at once.", messages.ERROR)
            return None
        if not plan.ids:
            self.message_user(request, " ".join(["Nothing to do.", *plan.counts[1:]]), messages.WARNING)
            return None
        is_answer = "sure" in request.POST
        form = plan.form(request.POST if is_answer else None)
        has_turned = is_answer and request.POST.get("told", plan.told) != plan.told
        if is_answer and form.is_valid() and not has_turned:
            if message := plan.do(form.cleaned_data):
                self.message_user(request, message, messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": f"{plan.verb}: {len(plan.ids)} {plan.noun}",
            "plan": plan,
            "has_turned": has_turned,
            "form": form,
            "opts": self.model._meta,
            "hidden": [
                ("action", action),
                ("select_across", request.POST.get("select_across", "0")),
                ("index", request.POST.get("index", "0")),
                ("told", plan.told),
                *(("_selected_action", pk) for pk in request.POST.getlist("_selected_action")),
            ],
        }
        return TemplateResponse(request, "admin/sure.html", context)
