"""Feeds of any list: newly listed trials and changes as Atom (RFC 4287), expected dates as iCalendar (RFC 5545).

Every entry has a name for good (a tag URI, RFC 4151), so that a reader shows it once.
"""

import datetime as dt
from collections.abc import Iterable

import icalendar
from django.conf import settings
from django.db.models import DateTimeField
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, format_html_join
from django.utils.timezone import localdate

from trials import history
from trials.downloads import download, site_of
from trials.filters import TrialFilter
from trials.history import ChangeFilter, Update
from trials.models import Trial
from trials.provenance import SOURCE, TERMS, provenance_of

ENTRIES = 50
"""What a feed holds: more than comes in a month, and little enough to be fetched every hour."""

EVENTS = 5000
"""What a calendar holds at most; a program that reads more than this is rather served by an export."""


class Feed(Atom1Feed):
    """Atom that says which program wrote it; an empty feed is as old as the state of the data that it shows."""

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        handler.addQuickElement("generator", "TrialTracker", {"version": settings.VERSION})

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=self.feed["as_of"])


def _feed(request, title, subtitle, page, as_of):
    return Feed(
        title=title,
        link=f"{site_of(request)}{page}",
        description=subtitle,
        language="en",
        feed_url=request.build_absolute_uri(),
        author_name="TrialTracker",
        feed_copyright=f"Source: {SOURCE}. {TERMS}",
        as_of=as_of,
    )


def _answer(feed):
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _tag(request, name):
    return f"tag:{request.get_host().partition(':')[0]},2026:{name}"


def _page(name, bound):
    query = bound.params.urlencode()
    return f"{reverse(name)}?{query}" if query else reverse(name)


def in_brief(trial: Trial) -> str:
    """A trial in one line of plain text: status, phase, approaches, countries, sponsor."""
    parts = [
        trial.get_status_display() or "Status not stated",
        trial.phase_words or "no phase stated",
        ", ".join(row.approach.short_name for row in trial.trial_approaches.all()),
        ", ".join(trial.countries) or "no country stated",
        trial.sponsor_name,
    ]
    return ". ".join(part[0].upper() + part[1:] for part in parts if part) + "."


@download(TrialFilter)
def new_trials(request, trial_filter, now):
    """The trials of a list, those listed last first."""
    seen = Coalesce("listing__listed_at", "record__first_seen_at", output_field=DateTimeField())
    trials = trial_filter.narrowed().for_list().annotate(seen_at=seen).order_by("-seen_at", "-first_posted", "nct_id")[:ENTRIES]
    feed = _feed(
        request, f"New: {trial_filter.sentence}", "Trials as they are listed here.", _page("trials:list", trial_filter), now.seen_at
    )
    for trial in trials:
        feed.add_item(
            title=f"{trial.brief_title or trial.nct_id} ({trial.nct_id})",
            link=f"{site_of(request)}{trial.get_absolute_url()}",
            description=escape(in_brief(trial)),
            unique_id=_tag(request, f"trial/{trial.nct_id}"),
            pubdate=trial.seen_at,
            updateddate=trial.seen_at,
            categories=[row.approach.slug for row in trial.trial_approaches.all()],
        )
    return _answer(feed)


def _add_updates(request, feed, updates: Iterable[Update]):
    for update in updates:
        trial = update.trial
        lines = [(told.sentence + (f" {told.note}" if told.note else ""),) for told in update.told]
        feed.add_item(
            title=f"{', '.join(told.heading for told in update.told)}: {trial.brief_title or trial.nct_id} ({trial.nct_id})",
            link=f"{site_of(request)}{trial.get_absolute_url()}#{update.key}",
            description=format_html_join("", "<p>{}</p>", lines),
            unique_id=_tag(request, f"change/{update.key}"),
            pubdate=update.seen_at,
            updateddate=update.seen_at,
        )


@download(ChangeFilter)
def changes(request, change_filter, now):
    """The latest updates among the trials of a list."""
    rows = change_filter.changes.select_related("trial")[: ENTRIES * 10]
    feed = _feed(request, f"Changes: {change_filter.sentence}", "What the registry's records now say otherwise.",
                 _page("data:changes", change_filter), now.seen_at)  # fmt: skip
    _add_updates(request, feed, list(history.updates(rows))[:ENTRIES])
    return _answer(feed)


@download(type("NoFilter", (ChangeFilter,), dict.fromkeys(ChangeFilter.base_filters)))
def trial_changes(request, nothing, now, nct_id):
    """What changed in one trial."""
    trial = Trial.objects.listed().filter(nct_id=nct_id).first()
    if trial is None:
        raise Http404(f"No trial {nct_id} is listed here.")
    feed = _feed(request, f"Changes: {trial.brief_title or nct_id} ({nct_id})", "What the registry's record now says otherwise.",
                 trial.get_absolute_url(), now.seen_at)  # fmt: skip
    _add_updates(request, feed, history.timeline(trial)[:ENTRIES])
    return _answer(feed)


# --- Calendar ----------------------------------------------------------------------------------------------------------------

EXPECTED = (("start", "start_date", "Expected start"), ("completion", "completion_date", "Expected completion"))


@download(TrialFilter)
def dates(request, trial_filter, now):
    """The expected start and completion dates of a list, those that the registry does not call actual."""
    calendar = icalendar.Calendar()
    address = f"{site_of(request)}{reverse('trials:list')}"
    provenance = provenance_of(trial_filter, trial_filter.narrowed().count(), address, localdate())
    said = f"{provenance.citation} A date known by month alone spans the month; one known by year alone is left out."
    calendar.add("prodid", "-//TrialTracker//Expected dates//EN")
    calendar.add("version", "2.0")
    calendar.add("url", provenance.url)
    for key, value in (("name", trial_filter.sentence), ("description", said)):
        calendar.add(key, value)  # RFC 7986
        calendar.add("x-wr-calname" if key == "name" else "x-wr-caldesc", value)  # what older programs read
    trials = trial_filter.narrowed().for_list().order_by("nct_id")
    for trial in trials[:EVENTS]:
        for key, column, words in EXPECTED:
            date = getattr(trial, column)
            if date and date.month and getattr(trial, f"{column}_kind") != "ACTUAL":
                calendar.add_component(_event(request, trial, key, words, date, now))
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")


def _event(request, trial, key, words, date, now):
    event = icalendar.Event()
    event.add("uid", f"{trial.nct_id}-{key}@{request.get_host().partition(':')[0]}")
    event.add("dtstamp", now.seen_at)
    event.add("summary", f"{words}: {trial.acronym or trial.brief_title or trial.nct_id} ({trial.nct_id})")
    event.add("dtstart", date.earliest)
    event.add("dtend", date.latest + dt.timedelta(days=1))
    event.add("description", f"{trial.brief_title}\n{in_brief(trial)}\nThe registry gives {date}, as expected. {trial.registry_url}")
    event.add("url", f"{site_of(request)}{trial.get_absolute_url()}")
    event.add("transp", "TRANSPARENT")
    return event
