"""Restore a snapshot into an empty database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from trials import snapshots
from trials.derive import VERSION as RULES_VERSION
from trials.locks import SyncIsRunning


class Command(BaseCommand):
    help = "Restore a snapshot, as make_snapshot wrote it, into an empty database."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="the snapshot's folder, which holds manifest.json")

    def handle(self, *, folder, **options):
        try:
            manifest = snapshots.load(folder)
        except (snapshots.NotUsable, SyncIsRunning) as error:
            raise CommandError(str(error)) from error
        if manifest["rules_version"] != RULES_VERSION:
            self.stderr.write(
                f"The labels were worked out again by rules {RULES_VERSION}; the snapshot's own, by rules {manifest['rules_version']}, "
                "stand in its trials.jsonl."
            )
        self.stdout.write(f"{manifest['name']}: {manifest['files']['records.jsonl']['rows']} studies, data of {manifest['data_timestamp']}")
