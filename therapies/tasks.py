"""Background work on the taxonomy. Task names are stable: schedules refer to them."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from therapies.links import check_all
from therapies.models import Source


@shared_task(name="therapies.check_links")
def check_links(source_ids=None):
    """Ask for the address of every source, or of those with these keys, and note what answered; returns the counts by state."""
    sources = Source.objects.all() if source_ids is None else Source.objects.filter(pk__in=source_ids)
    counts = {}
    for url, answer in check_all(list(sources.values_list("url", flat=True)), settings.CTGOV_USER_AGENT):
        Source.objects.filter(url=url).update(link_state=answer.state, link_note=answer.note, link_checked_at=timezone.now())
        counts[answer.state] = counts.get(answer.state, 0) + 1
    return counts
