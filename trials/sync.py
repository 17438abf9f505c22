"""The sync: from the registry, or from record files, into the tables. The only writer of what the registry says.

A run holds a lock, reads page by page, and writes each batch in one transaction together with the run's counts: killed anywhere, it leaves
whole studies and a run that the next one closes. Studies that say what we hold cost no write. Only a complete sweep of the scope may
mark studies as gone, and one that would lose more than a small share of them stops and says so. Nothing is ever deleted.
"""

import datetime as dt
import gc
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from trials import payload
from trials.changes import changes_between, is_notable
from trials.derive import write
from trials.locks import one_of_several, only_sync
from trials.models import Listing, Record, SyncFailure, SyncRun, Trial, TrialChange
from trials.programmes import propose_families
from trials.registry.client import Client, RegistryError, StudyQuery
from trials.registry.files import studies_in
from trials.registry.normalise import nct_id, nct_number
from trials.registry.parse import parse
from trials.registry.raw import BadRecord, decode, raw_hash, raw_number, says_the_same
from trials.registry.records import Study

log = logging.getLogger(__name__)

BATCH = 500
"""Studies written in one transaction: large enough to share statements, small enough that another writer waits half a second at most."""

STARTER_SET = Path(__file__).parent / "data" / "starter.json"

_THE_RUN_S = [field.name for field in SyncRun._meta.concrete_fields if field.name not in {"id", "started_at", "cancel_asked_by"}]
"""What a run owns of its row: the wish to cancel it is another's to write."""

Progress = Callable[[SyncRun, int | None], None]
"""Called after each batch with the run and the number of studies to expect, if the registry has said it."""

Failed = Callable[[SyncFailure], None]
"""Called for each study that cannot be taken in, in a dry run too."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do. With nothing set: the studies updated since the last complete run, or all where there was none.

    `full` sweeps the whole scope; `since` asks for updates from a day on, whatever came before it, so that the next run takes no notice of
    this one; with `until` for those up to another: a slice, of which several may run at once; `nct_ids` for these studies only; `files`
    reads files in place of the registry; `starter` the bundled set. `dry_run` reads and compares but writes nothing, not even the run.
    """

    full: bool = False
    since: dt.date | None = None
    until: dt.date | None = None
    nct_ids: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    starter: bool = False
    dry_run: bool = False


def registry_client(workers: int = 1) -> Client:
    """A client for the registry that the settings name; several that run at once keep its pace together."""
    return Client(settings.CTGOV_API_URL, user_agent=settings.CTGOV_USER_AGENT, pace_seconds=settings.CTGOV_PACE_SECONDS * workers)


def slices(today: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Spans of days that hold every update that the registry ever posted: a month each, and one for all before 2005.

    No two share a page token, so that any number of workers may take them in, in any order; a study that is updated meanwhile moves to
    another slice and is then met twice or not at all, which the complete sweep that follows makes good.
    """
    starts = [dt.date(1999, 1, 1), *(dt.date(year, month, 1) for year in range(2005, today.year + 1) for month in range(1, 13))]
    starts = [start for start in starts if start <= today]
    day = dt.timedelta(days=1)
    return [(start, following - day) for start, following in zip(starts, [*starts[1:], today + 2 * day], strict=True)]


def sync(
    request: Request | None = None, *, client: Client | None = None, on_progress: Progress | None = None, on_failure: Failed | None = None
) -> SyncRun:
    """Do one run and return it, complete or not: look at its `state`, `message` and `failures`.

    Raises SyncIsRunning where another run holds the lock, and UnreadableFile for a record file that cannot be read. A registry that
    cannot be reached, or that answers nonsense, is no exception: it ends the run as failed, with the reason in its message.
    """
    request = request or Request()
    with one_of_several() if request.until else only_sync():
        if not request.until:
            close_interrupted_runs()
        run = _Run(request, client or registry_client(), on_progress, on_failure)
        gc.freeze()  # what stood before the run outlives it: looking through it time and again took the collector a tenth of a sync
        thresholds = gc.get_threshold()
        gc.set_threshold(100_000, *thresholds[1:])  # and a study's objects are gone before so many have come
        try:
            run.go()
        except RegistryError as error:
            run.end(SyncRun.State.FAILED, str(error))
        except Cancelled as error:
            run.end(SyncRun.State.CANCELLED, str(error))
        except TooManyGone as error:
            run.end(SyncRun.State.ABORTED, str(error))
        except DatabaseError as error:
            run.note_database_fault(error)
            raise
        except BaseException as error:
            run.end(SyncRun.State.INTERRUPTED, f"{type(error).__name__}: {error}".rstrip(": "))
            raise
        finally:
            gc.set_threshold(*thresholds)
            gc.unfreeze()
        return run.row


def close_interrupted_runs() -> int:
    """Mark the runs that a crash left as running; the caller holds the lock, so none of them can be alive. Returns how many."""
    return SyncRun.objects.filter(state=SyncRun.State.RUNNING).update(
        state=SyncRun.State.INTERRUPTED,
        finished_at=timezone.now(),
        message="The process ended before the run did. The next run makes up for it.",
    )


def last_complete(**conditions) -> SyncRun | None:
    """The latest run against the registry's whole scope that ended complete."""
    kinds = (SyncRun.Kind.FULL, SyncRun.Kind.UPDATED)
    return SyncRun.objects.filter(kind__in=kinds, state=SyncRun.State.COMPLETE).filter(**conditions).first()


def scope() -> str:
    """The queries that make the scope, as one text; a run is incremental only to runs of the same scope."""
    queries = {
        "condition": settings.TRACKER_CONDITION_QUERY,
        "intervention": settings.TRACKER_INTERVENTION_QUERY,
        "term": settings.TRACKER_TERM_QUERY,
    }
    return "; ".join(f"{name}: {query}" for name, query in queries.items() if query)


class Cancelled(Exception):
    """Somebody asked for the run to end."""


class TooManyGone(Exception):
    """A complete sweep missed more of the known studies than is believable."""

    def __init__(self, what: str, lost: int, total: int):
        super().__init__(
            f"The registry's answer lacks {lost} of {total} known {what}, more than {settings.TRACKER_MAX_LOSS_PERCENT:g} %: nothing was "
            "marked as gone. If the registry really dropped them, run `manage.py sync_trials --full` with TRACKER_MAX_LOSS_PERCENT=100."
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """One study as read: its number, the JSON as it came and compressed, and the parsed study."""

    number: int
    raw: bytes
    packed: bytes
    study: Study

    @property
    def is_plain(self) -> bool:
        """Whether a run that meets it again unchanged has nothing to note of it but that."""
        updated = self.study.last_update_posted
        return bool(updated and updated.day) and not self.study.unknown_values and not self.study.nct_id_aliases


class _Run:
    """One run under way: its row, what it has seen, and how it takes in a batch."""

    def __init__(self, request: Request, client: Client, on_progress: Progress | None, on_failure: Failed | None):
        self.request = request
        self.client = client
        self.on_progress = on_progress
        self.on_failure = on_failure
        self.seen: set[int] = set()
        self.waiting: list[bytes] = []
        self.told = 0
        self.nameless_failures = 0
        self.aliases: set[str] = set()
        self.unknown_values: Counter[str] = Counter()
        self.since = request.since
        self.row = SyncRun(kind=self._kind(), scope=scope(), since=self.since, started_at=timezone.now())
        self.is_sweep = self.row.kind in (SyncRun.Kind.FULL, SyncRun.Kind.UPDATED, SyncRun.Kind.SLICE)
        if not request.dry_run:
            self.row.save()

    def _makes_up_for_another(self) -> bool:
        """Whether the run before, a slice or one that broke, took in what is no news to this one, and has left looking at it to others."""
        before = SyncRun.objects.exclude(pk=self.row.pk).order_by("-pk").first()
        return bool(before and (before.kind == SyncRun.Kind.SLICE or before.state != SyncRun.State.COMPLETE))

    def note_database_fault(self, error: DatabaseError) -> None:
        """Close the run, where the database takes that much; else it stays open in the table, and the next run closes it."""
        connection.close_if_unusable_or_obsolete()
        if self.row.pk and not connection.in_atomic_block:
            message = f"The database failed: {error}".strip()
            with suppress(DatabaseError):
                SyncRun.objects.filter(pk=self.row.pk, state=SyncRun.State.RUNNING).update(
                    state=SyncRun.State.FAILED, finished_at=timezone.now(), message=message
                )

    def _kind(self) -> str:
        request = self.request
        if request.starter:
            return SyncRun.Kind.STARTER
        if request.files:
            return SyncRun.Kind.FILE
        if request.nct_ids:
            return SyncRun.Kind.CHOSEN
        if request.since or request.until:
            return SyncRun.Kind.SLICE
        last_full = last_complete(kind=SyncRun.Kind.FULL, scope=scope())
        if request.full or not last_full:
            return SyncRun.Kind.FULL
        last = last_complete(scope=scope())
        if last.latest_update is None:
            return SyncRun.Kind.FULL
        # A record may claim an update that is still to come: what came before that would be passed over from then on.
        self.since = min(last.latest_update, last.started_at.date()) - dt.timedelta(days=settings.TRACKER_OVERLAP_DAYS)
        return SyncRun.Kind.UPDATED

    def go(self) -> None:
        if self.row.kind == SyncRun.Kind.STARTER:
            bundle = decode(STARTER_SET.read_bytes())
            self.row.data_timestamp = bundle["as_of"]
            self._take_all(studies_in(STARTER_SET))
            self._take_rest()
        elif self.row.kind == SyncRun.Kind.FILE:
            for path in self.request.files:
                self._take_all(studies_in(path))
            self._take_rest()
        else:
            self._take_from_registry()
        self.end(SyncRun.State.COMPLETE)

    def _take_from_registry(self) -> None:
        self.row.data_timestamp = self.client.version().data_timestamp
        if self.row.kind == SyncRun.Kind.CHOSEN:
            query = StudyQuery(nct_ids=self.request.nct_ids)
        else:
            query = StudyQuery(
                condition=settings.TRACKER_CONDITION_QUERY,
                intervention=settings.TRACKER_INTERVENTION_QUERY,
                term=settings.TRACKER_TERM_QUERY,
                updated_since=self.since,
                updated_until=self.request.until,
            )
        total = None
        for page in self.client.studies(query):
            total = page.total if page.total is not None else total
            self._take_all(page.studies, total)
        self._take_rest(total)
        if self.row.kind == SyncRun.Kind.CHOSEN:
            self._name_those_not_found()
        elif self.row.kind != SyncRun.Kind.SLICE:
            self._ask_for_others()
        if self.row.kind == SyncRun.Kind.FULL:
            self._mark_gone()

    def _take_all(self, studies: Iterable[bytes], total: int | None = None) -> None:
        for batch in _batches(studies):
            others = self._pass_over(batch)
            self.waiting += others
            if len(self.waiting) >= BATCH:
                self._take_waiting()
            elif len(others) < len(batch):
                self._save_row()  # with those that were passed over
            self._tell(total)
            self._heed_cancel()

    def _take_rest(self, total: int | None = None) -> None:
        self._take_waiting()
        self._tell(total)

    def _tell(self, total: int | None) -> None:
        """Say how far this run is, where it is further than it last said."""
        if self.on_progress and self.row.fetched > self.told:
            self.told = self.row.fetched
            self.on_progress(self.row, total)

    def _heed_cancel(self) -> None:
        """Cancelled where somebody has asked for that since the last batch; what is taken in stays, whole study by whole study."""
        asked = SyncRun.objects.filter(pk=self.row.pk, cancel_asked_by__isnull=False).select_related("cancel_asked_by").first()
        if asked:
            name = asked.cancel_asked_by.get_username()
            raise Cancelled(f"Cancelled by {name}. What it took in is kept; the next run makes up for the rest.")

    def _save_row(self, **counted: int) -> None:
        """Save the run's row, with these counts where they are not its own yet."""
        if not self.request.dry_run:
            SyncRun.objects.filter(pk=self.row.pk).update(**{name: getattr(self.row, name) for name in _THE_RUN_S} | counted)

    # --- a batch -------------------------------------------------------------------------------------------------------

    def _take_waiting(self) -> None:
        """Take in what was not passed over: all of it in one transaction or, where a study spoils that, each study in its own.

        The few of a refresh share their statements: they wait until they are a batch, or until no more will come.
        """
        read = self._read(self.waiting)
        self.waiting = []
        if not read:
            self._save_row()  # with those that could not be read
            return
        try:
            self._save(read)
        except OperationalError:
            raise  # the database itself: locked, full, gone; no study's fault
        except DatabaseError:
            log.warning("a batch of %d studies could not be saved at once; saving them one by one", len(read))
            for item in read:
                try:
                    self._save([item])
                except OperationalError:
                    raise
                except DatabaseError as error:
                    self._fail(item.study.nct_id, f"could not be saved: {error}")
            self._save_row()

    def _pass_over(self, raws: Sequence[bytes]) -> list[bytes]:
        """Count the studies that come byte for byte as we hold them, which are most of a refresh, and return the others.

        Those need no decoding: a record without `raw_hash` is one of which a run has more to note than that it is unchanged.
        """
        numbers = [raw_number(raw) for raw in raws]
        held = Record.objects.filter(pk__in=set(numbers) - {None}, gone_at=None, is_starter=False).exclude(raw_hash=b"")
        held = {pk: columns for pk, *columns in held.values_list("pk", "raw_hash", "last_update_posted", "in_sweep")}
        others, now_swept = [], []
        for number, raw in zip(numbers, raws, strict=True):
            digest, day, in_sweep = held.get(number, (b"", None, False))
            if not digest or bytes(digest) != raw_hash(raw):
                others.append(raw)
                continue
            self.row.latest_update = max(self.row.latest_update or day, day)
            if self.is_sweep and not in_sweep:
                now_swept.append(number)
            if number not in self.seen:
                self.seen.add(number)
                self.row.unchanged += 1
                self.row.fetched += 1
        if now_swept and not self.request.dry_run:
            _set(now_swept, in_sweep=True)
        return others

    def _read(self, raws: Sequence[bytes]) -> list[_Read]:
        """Decode and parse a batch, and compress it beside that; what cannot be read becomes a failure. Of an id that comes twice, the last
        one counts."""
        read = {}
        with ThreadPoolExecutor(1) as beside:
            packing = beside.submit(payload.pack_all, raws)
            for place, raw in enumerate(raws):
                try:
                    study = parse(decode(raw))
                except BadRecord as error:
                    self._fail(error.nct_id or "", error.reason)
                    continue
                if study.last_update_posted and study.last_update_posted.day:
                    day = study.last_update_posted.earliest
                    self.row.latest_update = max(self.row.latest_update or day, day)
                self.unknown_values.update(f"{field}: {value}" for field, value in study.unknown_values)
                self.aliases.update(study.nct_id_aliases)
                read[study.nct_id] = (place, study)
            packed = packing.result()
        return [_Read(study.number, raws[place], packed[place], study) for place, study in read.values()]

    def _save(self, read: Sequence[_Read]) -> None:
        """Write a batch and the run's row with it; what is known of the studies is read once nobody else can write it."""
        with transaction.atomic():
            counted = self._write(sorted(read, key=lambda item: item.number))
            self._save_row(**counted)
        self.seen.update(item.number for item in read)
        for name, count in counted.items():
            setattr(self.row, name, count)

    def _write(self, read: Sequence[_Read]) -> dict[str, int]:
        records = Record.objects.all() if self.request.dry_run else Record.objects.locked()
        known = {record.pk: record for record in records.filter(pk__in=[item.number for item in read]).defer("scope_reason")}
        changed, counts, now_swept, now = [], Counter(), [], timezone.now()
        for item in read:
            outcome = self._outcome(item, known.get(item.number))
            if outcome != "unchanged":
                changed.append((self._record(known.get(item.number), item, now), item.study))
            elif self.is_sweep and not known[item.number].in_sweep:
                now_swept.append(item.number)
            if item.number not in self.seen:  # a study that moves between pages is counted once
                counts[outcome] += 1
        counted = {outcome: getattr(self.row, outcome) + counts[outcome] for outcome in ("created", "updated", "unchanged")}
        counted["fetched"] = self.row.fetched + counts.total()
        if not self.request.dry_run and (changed or now_swept):
            history = self._history(known, changed)
            write(changed)
            TrialChange.objects.bulk_create(history)
            Record.objects.filter(pk__in=now_swept).update(in_sweep=True)
        return counted

    def _history(self, known: dict[int, Record], changed: Sequence[tuple[Record, Study]]) -> list[TrialChange]:
        """What the tracked ones among these studies say otherwise than the records that we hold; bundled facts are no earlier version."""
        earlier = {record.pk: known[record.pk] for record, _ in changed if record.pk in known and not known[record.pk].is_starter}
        tracked = set(Trial.objects.filter(pk__in=earlier).values_list("pk", flat=True)) if earlier else set()
        return [
            TrialChange(
                trial_id=record.pk,
                run=self.row,
                field=change.field,
                old=list(change.old),
                new=list(change.new),
                is_notable=is_notable(change, study),
                registry_date=study.last_update_posted,
                seen_at=timezone.now(),
            )
            for record, study in changed
            if record.pk in tracked
            for change in changes_between(payload.study(earlier[record.pk].payload), study)
        ]

    def _outcome(self, item: _Read, known: Record | None) -> str:
        if known is None:
            return "created"
        if self.row.kind == SyncRun.Kind.STARTER:
            return "unchanged"  # bundled facts never take the place of a record
        if self.row.kind == SyncRun.Kind.SLICE and not known.is_starter and known.last_update_posted:
            posted = item.study.last_update_posted
            if posted and posted.latest < known.last_update_posted:
                return "unchanged"  # it has moved on to another slice, which has been here
        if known.gone_at is None and not known.is_starter and says_the_same(payload.raw(known.payload), item.raw):
            return "unchanged"
        return "updated"

    def _record(self, known: Record | None, item: _Read, now: dt.datetime) -> Record:
        return Record(
            id=item.number,
            nct_id=item.study.nct_id,
            payload=item.packed,
            raw_hash=raw_hash(item.raw) if item.is_plain else b"",
            last_update_posted=item.study.last_update_posted and item.study.last_update_posted.latest,
            is_starter=self.row.kind == SyncRun.Kind.STARTER,
            in_sweep=self.is_sweep or bool(known and known.in_sweep),
            is_new_in_scope=bool(known and known.is_new_in_scope),
            first_seen_at=known.first_seen_at if known else now,
            changed_at=now,
        )

    def _fail(self, nct_id: str, reason: str) -> None:
        log.warning("%s: %s", nct_id or "a study without a readable id", reason)
        self.row.fetched += 1
        self.row.failed += 1
        if nct_id:
            self.seen.add(nct_number(nct_id))
        else:
            self.nameless_failures += 1
        failure = SyncFailure(run=self.row, nct_id=nct_id, reason=reason)
        if not self.request.dry_run:
            failure.save()
        if self.on_failure:
            self.on_failure(failure)

    # --- after the last page -------------------------------------------------------------------------------------------

    def _ask_for_others(self) -> None:
        """Refresh the tracked studies that the scope's query does not answer: those that a curator or a file brought in."""
        others = Record.objects.filter(in_scope=True, in_sweep=False, gone_at=None)
        self._ask_by_id(nct_id(pk) for pk in others.values_list("pk", flat=True) if pk not in self.seen)

    def _ask_by_id(self, nct_ids: Iterable[str]) -> None:
        nct_ids = tuple(nct_ids)
        if nct_ids:
            self.is_sweep = False
            for page in self.client.studies(StudyQuery(nct_ids=nct_ids)):
                self._take_all(page.studies)
            self._take_waiting()

    def _name_those_not_found(self) -> None:
        for asked in self.request.nct_ids:
            if nct_number(asked) not in self.seen and asked not in self.aliases:
                self._fail(asked, "the registry has no study with this id")

    def _mark_gone(self) -> None:
        """Mark the studies that the registry no longer has; TooManyGone, and nothing marked, where that is not believable.

        A study that the sweep did not meet is asked for by its id first: it may have moved between two pages, or left the scope alone.
        """
        listed = Record.objects.filter(Q(in_sweep=True) | Q(in_scope=True), gone_at=None)
        gone = [pk for pk in listed.values_list("pk", flat=True).iterator() if pk not in self.seen]
        if not gone:
            return
        if self.nameless_failures:
            self.row.message = f"No study was marked as gone: {self.nameless_failures} came without a readable id."
            return
        for what, known in (("studies", listed), ("tracked trials", listed.filter(in_scope=True))):
            pks = known.filter(is_starter=False).values_list("pk", flat=True).iterator()
            counts = Counter(pk in self.seen for pk in pks)
            if counts[False] * 100 > counts.total() * settings.TRACKER_MAX_LOSS_PERCENT:
                raise TooManyGone(what, counts[False], counts.total())
        self._ask_by_id(nct_id(pk) for pk in gone)
        still_there = [pk for pk in gone if pk in self.seen]
        gone = [pk for pk in gone if pk not in self.seen]
        self.row.missing = len(gone)
        if not self.request.dry_run:
            now = timezone.now()
            _set(still_there, in_sweep=False)
            for start in range(0, len(gone), BATCH):
                _set(gone[start : start + BATCH], gone_at=now)

    def end(self, state: str, message: str = "") -> None:
        self.row.state = state
        self.row.message = message or self.row.message
        self.row.unknown_values = dict(self.unknown_values.most_common(200))
        if not self.request.dry_run:
            Listing.objects.note_new(timezone.now())
            if self.row.kind != SyncRun.Kind.SLICE and (self.row.created or self.row.updated or self._makes_up_for_another()):
                propose_families()  # looks through all trials: once for all slices, by the sweep that follows
        self.row.finished_at = timezone.now()
        self._save_row()  # last: a run that says it is complete has left nothing to do


def _set(pks: Sequence[int], **columns) -> None:
    with transaction.atomic():
        list(Record.objects.locked().filter(pk__in=pks).values_list("pk"))
        Record.objects.filter(pk__in=pks).update(**columns)


def _batches(studies: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch = []
    for raw in studies:
        batch.append(raw)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
