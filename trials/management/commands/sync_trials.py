"""Bring studies from the registry, or from record files, into the tracker."""

import datetime as dt
import sys
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from trials.locks import SyncIsRunning
from trials.models import SyncRun
from trials.registry.files import UnreadableFile
from trials.registry.normalise import canonical_nct_id
from trials.sync import Request, sync


def day(text):
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--since {text!r} is no day; write it as 2026-01-31.", returncode=2) from None


def nct_id(text):
    try:
        return canonical_nct_id(text)
    except ValueError:
        raise CommandError(f"--nct-id {text!r} is no NCT id; write NCT and eight digits, as in NCT00273364.", returncode=2) from None


MOST_NAMED = 20
"""Studies that could not be taken in and are named one by one."""


class Command(BaseCommand):
    help = (
        "Sync from ClinicalTrials.gov: studies updated since the last complete sync, or all where there was none. "
        "Exit status: 0 complete, 1 not complete or not everything taken in that --nct-id or --from-file named, 2 bad arguments."
    )

    def add_arguments(self, parser):
        parser.add_argument("--full", action="store_true", help="every study of the scope; marks those gone from the registry")
        parser.add_argument("--since", metavar="DATE", help="studies updated on or after this day (2026-01-31)")
        parser.add_argument("--nct-id", nargs="+", action="extend", default=[], metavar="NCT", help="only these studies")
        parser.add_argument(
            "--from-file", nargs="+", action="extend", default=[], type=Path, metavar="PATH", help="read .json or .jsonl files (.gz too)"
        )
        parser.add_argument("--starter", action="store_true", help="load the bundled starter set of facts")
        parser.add_argument("--dry-run", action="store_true", help="read and compare, write nothing")

    def handle(self, *, full, since, nct_id, from_file, starter, dry_run, verbosity, **options):
        chosen = [flag for flag, given in _sources(full, since, nct_id, from_file, starter) if given]
        if len(chosen) > 1:
            raise CommandError(f"{' and '.join(chosen)} cannot go together; choose one.", returncode=2)
        for path in from_file:
            if not path.is_file():
                raise CommandError(f"--from-file {path}: there is no such file.", returncode=2)
        request = Request(
            full=full,
            since=day(since) if since else None,
            nct_ids=_nct_ids(nct_id),
            files=tuple(from_file),
            starter=starter,
            dry_run=dry_run,
        )
        failures = []

        def keep(failure):
            if len(failures) < MOST_NAMED:
                failures.append(failure)

        with ExitStack() as stack:
            on_progress = self._bar(stack) if self.stderr.isatty() else self._lines
            try:
                run = sync(request, on_progress=on_progress if verbosity else None, on_failure=keep)
            except SyncIsRunning as error:
                raise CommandError(str(error).capitalize() + ".", returncode=1) from error
            except UnreadableFile as error:
                raise CommandError(str(error), returncode=2) from error
        for failure in failures:
            self.stderr.write(str(failure))
        if run.failed > MOST_NAMED:
            self.stderr.write(f"… and {run.failed - MOST_NAMED} more{'' if dry_run else '; they stand in the admin under Sync runs'}.")
        if run.message:
            self.stderr.write(run.message)
        if dry_run:
            self.stdout.write("Nothing was written (--dry-run).")
        is_short = run.failed and (request.nct_ids or request.files)
        if is_short:
            self.stderr.write(f"Not taken in: {run.failed} of {run.fetched} studies that were asked for.")
        self.stdout.write(run.summary)
        if is_short or run.state != SyncRun.State.COMPLETE:
            sys.exit(1)

    def _lines(self, run, total):
        of_total = f" of {total}" if total else ""
        self.stderr.write(f"{run.get_kind_display()}: {run.fetched}{of_total} studies read, {run.created} new, {run.updated} updated")

    def _bar(self, stack):
        bar = stack.enter_context(tqdm(unit=" studies", file=self.stderr))

        def show(run, total):
            bar.set_description(run.get_kind_display())
            bar.total = total
            bar.n = run.fetched
            bar.set_postfix(new=run.created, updated=run.updated, failed=run.failed)

        return show


def _sources(full, since, nct_id, from_file, starter):
    yield "--full", full
    yield "--since", since
    yield "--nct-id", nct_id
    yield "--from-file", from_file
    yield "--starter", starter


def _nct_ids(texts):
    """The ids, each once. An empty text is no wish for everything: a script's variable may have been empty."""
    return tuple(dict.fromkeys(nct_id(part) for text in texts for part in text.replace(",", " ").split() or [text]))
