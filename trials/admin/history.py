"""The whole life of one study: which sync changed which field, and who judged what, side by side."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from trials.models import Record, Trial, TrialChange

MOST_CHANGES = 1000


@dataclass
class Event:
    """One thing that happened; `side` is `registry` or `curator`."""

    at: datetime
    side: str
    who: str
    what: str
    details: tuple = ()  # (field, old, new) of a registry's change
    reason: str = ""


def events_of(record: Record) -> list[Event]:
    """All that happened to a study, latest first."""
    events = [Event(record.first_seen_at, "registry", "a sync", "First seen in the registry.")]
    if record.gone_at:
        events.append(Event(record.gone_at, "registry", "a complete sweep", "No longer listed by the registry."))
    by_sync = {}
    for change in TrialChange.objects.filter(trial=record.pk).select_related("run")[:MOST_CHANGES]:
        by_sync.setdefault((change.run_id, change.seen_at.replace(microsecond=0)), []).append(change)
    for (run_id, _), changes in by_sync.items():
        details = tuple((change.field.replace("_", " "), change.old, change.new) for change in changes)
        events.append(Event(changes[0].seen_at, "registry", f"sync run {run_id}" if run_id else "a sync", "Changed:", details))
    for curation in record.curations.select_related("approach", "therapy", "judged_by", "withdrawn_by"):
        events.append(Event(curation.judged_at, "curator", curation.judged_by.get_username(), curation.value, reason=curation.reason))
        if curation.withdrawn_at:
            who = curation.withdrawn_by.get_username() if curation.withdrawn_by else "a curator"
            events.append(Event(curation.withdrawn_at, "curator", who, f"Withdrawn: {curation.value}", reason=curation.withdrawn_why))
    types = ContentType.objects.get_for_models(Trial, Record).values()
    for entry in LogEntry.objects.filter(content_type__in=types, object_id=str(record.pk)).select_related("user"):
        events.append(Event(entry.action_time, "curator", entry.user.get_username(), entry.get_change_message()))
    return sorted(events, key=lambda event: event.at, reverse=True)


def view(model_admin, request, object_id):
    """The history page of a Trial or a Record."""
    record = get_object_or_404(Record.objects.defer("payload"), pk=object_id if object_id.isdecimal() else None)
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Life of {record.nct_id}",
        "record": record,
        "events": events_of(record),
        "opts": model_admin.model._meta,
    }
    return TemplateResponse(request, "admin/life.html", context)
