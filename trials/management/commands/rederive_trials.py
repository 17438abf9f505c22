"""Classify and read every stored record again, without the network."""

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from trials.derive import VERSION, rederive
from trials.locks import SyncIsRunning, only_sync
from trials.models import Record, Trial


class Command(BaseCommand):
    help = "Work out approach, role, therapies and eligibility again from the stored records. Curators' judgements stay as they are."

    def add_arguments(self, parser):
        parser.add_argument("--stale", action="store_true", help="only records last worked out under other rules than today's")

    def handle(self, *, stale, **options):
        records = Record.objects.exclude(derived_version=VERSION) if stale else Record.objects.all()
        try:
            with only_sync(), tqdm(total=records.count(), unit=" studies", file=self.stderr, disable=not self.stderr.isatty()) as bar:
                count = rederive(records, on_batch=lambda done, total: bar.update(done - bar.n))
        except SyncIsRunning as error:
            raise CommandError(str(error).capitalize() + ".") from error
        listed = Trial.objects.listed().count()
        self.stdout.write(f"rederived={count} listed={listed} review={Trial.objects.filter(needs_review=True).count()} rules={VERSION}")
