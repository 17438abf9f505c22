"""Copy the database into a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from trialtracker import backups


class Command(BaseCommand):
    help = "Copy the whole database into a new file, while the site runs, and read it through. `restore` puts it back."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the file to make; it must not exist")

    def handle(self, *, path, **options):
        try:
            size = backups.back_up(path)
        except (backups.NotUsable, OSError) as error:
            raise CommandError(f"No backup was made: {error}.") from error
        self.stdout.write(f"{path}: {size:,} bytes, read through. It holds accounts and addresses: keep it as you keep the database.")
