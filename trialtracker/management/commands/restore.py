"""Put a backup back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from trials.locks import SyncIsRunning
from trialtracker import backups


class Command(BaseCommand):
    help = "Put what `backup` wrote in the place of the database. Stop web, worker and beat first."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the file that backup wrote, on the same kind of database")
        parser.add_argument("--replace", action="store_true", help="throw away what the database holds now")

    def handle(self, *, path, replace, **options):
        try:
            behind = backups.restore(path, replace=replace)
        except (backups.NotUsable, SyncIsRunning, OSError) as error:
            raise CommandError(f"Nothing was restored: {error}.") from error
        self.stdout.write(f"{path} is restored.")
        if behind:
            self.stdout.write(
                f"It is of an earlier version ({len(behind)} migrations behind): run manage.py prepare before you start the site."
            )
