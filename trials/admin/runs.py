"""Syncs: the log of runs, adding studies by their ids, starting a run, watching it and cancelling it."""

import re

from celery.result import AsyncResult
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from trials import models
from trials.admin.looking import ReadOnly, ReadOnlyInline
from trials.admin.review import page
from trials.tasks import sync_chosen, sync_full, sync_updated

MOST_IDS = 500
"""Studies fetched by their ids at once: more than this is a sync of everything."""


class FailureInline(ReadOnlyInline):
    model = models.SyncFailure
    fields = ["study", "reason"]
    readonly_fields = fields

    @admin.display(description="study")
    def study(self, failure):
        if not failure.nct_id:
            return "without a readable id"
        return format_html('<a href="{0}{1}">{1}</a>', models.REGISTRY_STUDY_URL, failure.nct_id)


@admin.register(models.SyncRun)
class SyncRunAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "started_at", "kind", "state", "took", "fetched", "created", "updated", "unchanged", "missing", "failed", "data_timestamp",
    ]  # fmt: skip
    list_filter = ["kind", "state"]
    date_hierarchy = "started_at"
    show_full_result_count = False
    inlines = [FailureInline]
    actions = ["retry_failed"]
    fieldsets = [
        (None, {"fields": ["kind", "state", "message", "started_at", "took", "cancel_asked_by"]}),
        ("What it did", {"fields": ["counts", "changed_trials", "failures_by_reason", "unknown_values"]}),
        ("What was asked", {"fields": ["scope", "since", "data_timestamp", "latest_update"]}),
    ]
    readonly_fields = ["took", "counts", "changed_trials", "failures_by_reason"]

    @admin.display(description="took")
    def took(self, run):
        seconds = max(0, round(((run.finished_at or timezone.now()) - run.started_at).total_seconds()))
        words = f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"
        return words if run.finished_at else f"{words} so far"

    @admin.display(description="studies")
    def counts(self, run):
        return f"{run.fetched} fetched: {run.created} new, {run.updated} changed, {run.unchanged} unchanged, {run.failed} failed; " + (
            f"{run.missing} gone from the registry"
        )

    @admin.display(description="trials it brought in or changed")
    def changed_trials(self, run):
        count = touched_by(run).count()
        return format_html('<a href="{}?run={}">{}</a>', reverse("admin:trials_trial_changelist"), run.pk, count) if count else "none"

    @admin.display(description="failures by reason")
    def failures_by_reason(self, run):
        reasons = run.failures.order_by("reason").values_list("reason").annotate(count=Count("pk")).order_by("-count")
        return format_html_join("", "<p>{1} × {0}</p>", reasons) or "none"

    @admin.action(description="Try the failed studies of the chosen runs again", permissions=["sync"])
    def retry_failed(self, request, runs):
        retry(request, runs)

    def has_sync_permission(self, request):
        return request.user.has_perm("trials.sync_chosen")


def touched_by(run):
    """The trials whose record a run brought in or changed."""
    return models.Trial.objects.filter(record__changed_at__gte=run.started_at, record__changed_at__lte=run.finished_at or timezone.now())


def retry(request, runs):
    """Fetch again what failed in these runs, and say so."""
    ids = sorted(set(models.SyncFailure.objects.filter(run__in=runs).exclude(nct_id="").values_list("nct_id", flat=True)))
    if not ids:
        messages.warning(request, "Nothing to try again: no failed study with a readable id.")
    elif begin(request, sync_chosen, ids[:MOST_IDS]):
        messages.success(request, f"{min(len(ids), MOST_IDS)} studies that failed are being fetched again.")


@require_POST
def retry_run(request, pk):
    _may(request, "trials.sync_chosen")
    retry(request, models.SyncRun.objects.filter(pk=pk))
    return redirect("curating:sync")


def hand_over(request, task, *arguments):
    """Hand work to the worker; None, with a message, where no broker takes it."""
    try:
        return task.delay(*arguments)
    except (OperationalError, OSError) as error:
        messages.error(request, f"The message broker does not answer, so nothing was started: {error}")


def begin(request, task, *arguments) -> bool:
    """Hand a sync to the worker and remember it for this visitor's progress; False, with a message, where no broker takes it."""
    asked_at = timezone.now().isoformat()
    if result := hand_over(request, task, *arguments):
        request.session["sync_task"] = [result.id, asked_at]
    return result is not None


class IdsForm(forms.Form):
    ids = forms.CharField(
        label="NCT ids",
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=f"One or several, as in NCT00273364, or addresses that hold them; at most {MOST_IDS}.",
    )

    def clean_ids(self):
        text = self.cleaned_data["ids"].upper()
        ids = sorted(set(re.findall(r"NCT\d{8}(?!\d)", text)))
        wrong = [word for word in re.findall(r"NCT\d*", text) if not re.fullmatch(r"NCT\d{8}", word)]
        if wrong:
            raise ValidationError("%(word)s is no NCT id: NCT and eight digits, as in NCT00273364.", params={"word": wrong[0]})
        if not ids:
            raise ValidationError("There is no NCT id in this: NCT and eight digits, as in NCT00273364.")
        if len(ids) > MOST_IDS:
            raise ValidationError(f"These are {len(ids)} ids; at most {MOST_IDS} at once.")
        return ids


def sync_page(request):
    """Add or refresh studies by id, start a run, see what runs."""
    if not (request.user.has_perm("trials.sync_chosen") or request.user.has_perm("trials.sync_all")):
        raise PermissionDenied
    form = IdsForm()
    if request.method == "POST":
        what = request.POST.get("what")
        if what == "chosen":
            _may(request, "trials.sync_chosen")
            form = IdsForm(request.POST)
            if form.is_valid() and begin(request, sync_chosen, form.cleaned_data["ids"]):
                request.session["sync_ids"] = form.cleaned_data["ids"][:20]
                return redirect("curating:sync")
        elif what in {"updated", "full"}:
            _may(request, "trials.sync_all")
            if begin(request, sync_full if what == "full" else sync_updated):
                request.session["sync_ids"] = []
            return redirect("curating:sync")
    ids = request.session.get("sync_ids", [])
    known = {record.nct_id: record for record in models.Record.objects.filter(nct_id__in=ids).defer("payload")}
    failures = models.SyncFailure.objects.filter(nct_id__in=ids)
    if ids:
        failures = failures.filter(run__started_at__gte=request.session["sync_task"][1])
    refused = dict(failures.values_list("nct_id", "reason"))
    return page(
        request,
        "admin/sync.html",
        title="Add and sync",
        form=form,
        state=state_of(request),
        asked=[(nct_id, known.get(nct_id), refused.get(nct_id)) for nct_id in ids],
        runs=models.SyncRun.objects.all()[:10],
        status=422 if form.errors else 200,
    )


def progress(request):
    """What runs now, as JSON for `progress.js`."""
    if not (request.user.has_perm("trials.sync_chosen") or request.user.has_perm("trials.sync_all")):
        raise PermissionDenied
    response = JsonResponse(state_of(request))
    response["Cache-Control"] = "no-store"
    return response


def state_of(request) -> dict:
    """`text` for people; `is_running`; `fetched` and `total` (None where not known); `can_cancel`; `run` and `state` of the latest run."""
    run = models.SyncRun.objects.first()
    task_id, asked_at = request.session.get("sync_task", ["", ""])
    result = AsyncResult(task_id) if task_id else None
    meta = result.info if result and isinstance(result.info, dict) else {}
    total = meta.get("total") if run and meta.get("run") == run.pk else None
    has_begun = run is not None and run.started_at.isoformat() > asked_at
    is_queued = result is not None and (result.state == "RETRY" or (result.state in {"PENDING", "STARTED"} and not has_begun))
    is_running = bool(run and run.state == models.SyncRun.State.RUNNING)
    if is_running and run.cancel_asked_by_id:
        text = f"Cancelling: it ends after this batch. {run.summary}"
    elif is_running:
        text = f"{run.get_kind_display()}: {run.fetched}{f' of {total}' if total else ''} studies read. {run.summary}"
    elif is_queued:
        is_retry = result.state == "RETRY"
        text = f"It is tried again later. {run.message if run else ''}".strip() if is_retry else "Waiting for a worker to take it up."
    elif run:
        text = f"Nothing runs. The last run: {run}. {run.summary}. {run.message}".strip()
    else:
        text = "Nothing runs, and nothing ever ran."
    return {
        "text": text,
        "is_running": is_running or is_queued,
        "fetched": run.fetched if is_running else 0,
        "total": total if is_running else None,
        "can_cancel": is_running and not run.cancel_asked_by_id and request.user.has_perm("trials.sync_all"),
        "run": run.pk if run else None,
        "state": run.state if run else "",
    }


@require_POST
def cancel(request):
    """Ask the run under way to end after its batch."""
    _may(request, "trials.sync_all")
    asked = models.SyncRun.objects.filter(state=models.SyncRun.State.RUNNING, cancel_asked_by=None).update(cancel_asked_by=request.user)
    if asked:
        messages.success(request, "The run ends after the batch it is at; what it took in is kept.")
    else:
        messages.warning(request, "Nothing runs that could be cancelled.")
    return redirect("curating:sync")


def _may(request, permission):
    if not request.user.has_perm(permission):
        raise PermissionDenied
