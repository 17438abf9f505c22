"""What changed in the trials of a list: the same filters as everywhere, and a period. Owns the words for a change.

Every sync writes what it found changed (`TrialChange`); the first time a trial is listed is a `Listing`. Here both are narrowed, grouped by
update and put into words. Changes are reported, not judged: what is pointed out is a fact about the record, with no guess at a motive.
"""

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from trials.changes import FIELDS, LISTS, plain
from trials.filters import CleanForm, Criterion, DayCriterion, TrialFilter, ValuesCriterion, YesNoField, either
from trials.models import Listing, Trial, TrialChange
from trials.plain import dates_in_words
from trials.vocabulary import label

FIELD_WORDS = {
    "status": "Status",
    "why_stopped": "Why it stopped",
    "start_date": "Start date",
    "primary_completion_date": "Primary completion date",
    "completion_date": "Completion date",
    "enrollment": "Number of people",
    "results_first_posted": "Results posted",
    "brief_title": "Title",
    "official_title": "Official title",
    "acronym": "Acronym",
    "sponsor": "Sponsor",
    "study_type": "Study type",
    "allocation": "Allocation",
    "intervention_model": "Design",
    "masking": "Masking",
    "primary_purpose": "Purpose",
    "minimum_age": "Lowest age",
    "maximum_age": "Highest age",
    "sex": "Sex",
    "eligibility_criteria": "Who can take part",
    "brief_summary": "Summary",
    "phases": "Phase",
    "conditions": "Conditions",
    "collaborators": "Collaborators",
    "arms": "Groups",
    "interventions": "Treatments",
    "primary_outcomes": "Primary outcomes",
    "secondary_outcomes": "Secondary outcomes",
    "other_outcomes": "Other outcomes",
    "sites": "Sites",
    "recruiting_sites": "Sites that recruit",
}
"""A heading for each field whose changes are kept (`trials.changes.FIELDS`)."""

CODE_GROUPS = {
    "status": "Status",
    "study_type": "StudyType",
    "allocation": "Allocation",
    "intervention_model": "InterventionModel",
    "masking": "Masking",
    "primary_purpose": "PrimaryPurpose",
    "sex": "Sex",
    "phases": "Phase",
}

LONG_TEXTS = {"eligibility_criteria", "brief_summary", "official_title", "brief_title", "why_stopped"}
"""Fields whose change is shown word by word."""

NOTES = {
    "primary_outcomes": "A primary outcome was altered after the trial was registered as under way.",
    "enrollment": "The number of people became smaller.",
}
"""What is said beside a change that a careful reader looks at twice (`trials.changes.is_notable`)."""


# --- The filter --------------------------------------------------------------------------------------------------------------


class FieldCriterion(ValuesCriterion):
    """The fields whose changes are asked for."""

    what = "field"

    def known(self):
        return FIELD_WORDS

    def narrow(self, trials, values):
        return trials

    def words(self, value):
        return f"where {either(self.label_of(field).lower() for field in value)} changed"


class NotableCriterion(Criterion):
    field_class = YesNoField

    def narrow(self, trials, values):
        return trials

    def label_of(self, value):
        return "Pointed out" if value in (True, "yes") else "Not pointed out"

    def chosen(self, value):
        return ["yes" if value else "no"]

    def words(self, value):
        return "changes pointed out" if value else "changes not pointed out"


class ChangeForm(CleanForm):
    PAIRS = (*CleanForm.PAIRS, ("since", "until", "days"))


class ChangeFilter(TrialFilter):
    """The filters of the trial list, and a period, fields and pointed-out changes. The order is fixed: latest first."""

    sort = None
    since = DayCriterion(field_name="since", label="The first day", said="changed since")
    until = DayCriterion(field_name="until", label="The last day", said="changed up to")
    field = FieldCriterion()
    notable = NotableCriterion(label="Pointed out")

    class Meta(TrialFilter.Meta):
        form = ChangeForm

    @property
    def asks_for_all(self) -> bool:
        """Whether any change will do: then newly listed trials belong with them."""
        return not {"field", "notable"} & self.values.keys()

    def _in_period(self, rows, column):
        if since := self.values.get("since"):
            rows = rows.filter(**{f"{column}__gte": _start_of(since)})
        if until := self.values.get("until"):
            rows = rows.filter(**{f"{column}__lt": _start_of(until + dt.timedelta(days=1))})
        return rows

    @cached_property
    def changes(self):
        """The changes asked for, latest first, of listed trials."""
        rows = TrialChange.objects.filter(trial__in=self.narrowed().values("pk"))
        if fields := self.values.get("field"):
            rows = rows.filter(field__in=fields)
        if "notable" in self.values:
            rows = rows.filter(is_notable=self.values["notable"])
        return self._in_period(rows, "seen_at").order_by("-seen_at", "-pk")

    @cached_property
    def listings(self):
        """The trials first listed in the period, latest first; none where only some changes are asked for."""
        rows = Listing.objects.filter(trial__in=self.narrowed().values("pk")).order_by("-listed_at", "-trial")
        return self._in_period(rows, "listed_at") if self.asks_for_all else rows.none()


def began() -> dt.date | None:
    """The day on which the first trial was listed."""
    first = Listing.objects.order_by("listed_at").values_list("listed_at", flat=True).first()
    return first and first.astimezone(dt.UTC).date()


def listed_after(listings, day: dt.date | None):
    """Of listings those after a day: what was listed when a site began is no news there."""
    return listings.filter(listed_at__gte=_start_of(day + dt.timedelta(days=1))) if day else listings


def _start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


# --- Words -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed (`same`), went (`gone`) or came (`new`)."""

    kind: str
    text: str


MOST_WORDS = 4000
"""Beyond this many words on a side, comparing would take longer than a reader waits: the change is then shown whole."""

CONTEXT_WORDS = 12
"""Unchanged words kept on each side of a change; what lies between is left out as an ellipsis."""


def word_diff(old: str, new: str) -> list[Piece]:
    """Compare two texts word by word, white space and Markdown escapes aside; long unchanged runs are shortened around the changes."""
    before, after = plain(old).split(), plain(new).split()
    if len(before) > MOST_WORDS or len(after) > MOST_WORDS:
        return [Piece("gone", " ".join(before)), Piece("new", " ".join(after))]
    pieces = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", " ".join(before[i:j])))
            continue
        if i < j:
            pieces.append(Piece("gone", " ".join(before[i:j])))
        if k < m:
            pieces.append(Piece("new", " ".join(after[k:m])))
    return [_shortened(piece, is_first=n == 0, is_last=n == len(pieces) - 1) for n, piece in enumerate(pieces)]


def _shortened(piece: Piece, is_first: bool, is_last: bool) -> Piece:
    words = piece.text.split()
    head, tail = (0 if is_first else CONTEXT_WORDS), (0 if is_last else CONTEXT_WORDS)
    if piece.kind != "same" or len(words) <= head + tail + 3:
        return piece
    return Piece("same", " ".join([*words[:head], "…", *(words[-tail:] if tail else [])]))


def value_words(field: str, value: str) -> str:
    """One stored value as a reader reads it: codes in words, dates with their kind in brackets."""
    if field in CODE_GROUPS:
        return label(CODE_GROUPS[field], value)
    if field.endswith(("_date", "_posted")) or field == "enrollment":
        first, _, kind = value.partition(" ")
        said = kind or ("" if field.endswith("_posted") else "actual or estimated: not stated")
        return f"{dates_in_words(first)} ({said})" if said else dates_in_words(first)
    return value


@dataclass(frozen=True, slots=True)
class Told:
    """One change in words: `heading`, the old and new values, and for long texts the pieces of a word diff."""

    field: str
    heading: str
    old: list[str]
    new: list[str]
    is_list: bool
    pieces: list[Piece]
    note: str

    @property
    def sentence(self) -> str:
        """The change in one line of plain text."""
        if self.pieces:
            return f"{self.heading}: the text changed"
        if self.is_list:
            said = [f"{word} {'; '.join(values)}" for word, values in (("removed", self.old), ("added", self.new)) if values]
            return f"{self.heading}: {', '.join(said)}"
        return f"{self.heading}: {self.old[0] if self.old else 'not stated'} → {self.new[0] if self.new else 'no longer stated'}"


def tell(change: TrialChange) -> Told:
    """Put one stored change into words."""
    is_long = change.field in LONG_TEXTS and change.old and change.new
    return Told(
        field=change.field,
        heading=FIELD_WORDS.get(change.field, change.field.replace("_", " ").capitalize()),
        old=[value_words(change.field, value) for value in change.old],
        new=[value_words(change.field, value) for value in change.new],
        is_list=change.field in LISTS,
        pieces=word_diff(change.old[0], change.new[0]) if is_long else [],
        note=NOTES.get(change.field, "") if change.is_notable else "",
    )


# --- Updates -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Update:
    """What one sync found changed in one trial: the registry's own date of the update, when we saw it, and the changes in words.

    `key` names it for good: it is the same in page, feed and mail.
    """

    trial: Trial
    key: str
    seen_at: dt.datetime
    registry_date: object
    told: list[Told]

    @property
    def is_notable(self) -> bool:
        return any(told.note for told in self.told)


LISTINGS_SHOWN = 50
"""Newly listed trials that a page or feed of changes names; all of them are in the list itself."""

_ORDER = {field: position for position, field in enumerate(FIELDS)}


def updates(changes: Iterable[TrialChange]) -> Iterator[Update]:
    """Group changes that come latest first into updates, in that order; the trial of each is to be fetched with them."""

    def run_of(change):
        return change.trial_id, change.run_id or change.seen_at.date()

    grouped: dict[tuple, list[TrialChange]] = {}
    for change in changes:
        grouped.setdefault(run_of(change), []).append(change)
    for rows in grouped.values():
        rows.sort(key=lambda change: _ORDER.get(change.field, len(_ORDER)))
        first = min(rows, key=lambda change: change.pk)
        yield Update(
            trial=first.trial,
            key=first.update_key,
            seen_at=max(change.seen_at for change in rows),
            registry_date=first.registry_date,
            told=[tell(change) for change in rows],
        )


def timeline(trial: Trial) -> list[Update]:
    """Everything that changed in a trial since we follow it, latest first. One query."""
    changes = list(trial.changes.order_by("-seen_at", "-pk"))
    for change in changes:
        change.trial = trial
    return list(updates(changes))


def today() -> dt.date:
    return timezone.now().astimezone(dt.UTC).date()


def month_starts(day: dt.date, count: int) -> list[dt.date]:
    """The first days of the month of `day` and of those before it, `count` in all."""
    return [dt.date(year, month + 1, 1) for year, month in (divmod(day.year * 12 + day.month - 1 - back, 12) for back in range(count))]
