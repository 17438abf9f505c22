"""Write a snapshot of everything tracked."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from trials import snapshots
from trials.locks import SyncIsRunning


class Command(BaseCommand):
    help = "Write a dated, checksummed snapshot of all tracked trials: records, judgements, changes, and the listed trials as tables."

    def add_arguments(self, parser):
        parser.add_argument("--into", type=Path, metavar="FOLDER", help="where to put it; snapshots/ in VAR_DIR by default")

    def handle(self, *, into, **options):
        try:
            self.stdout.write(str(snapshots.make(into)))
        except SyncIsRunning as error:
            raise CommandError(str(error).capitalize() + ".") from error
        except OSError as error:
            raise CommandError(f"No snapshot was made: {error}.") from error
