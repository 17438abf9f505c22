"""Hand the whole scope to several workers at once; for the first sync of a large scope."""

from django.core.management.base import BaseCommand

from trials.tasks import sync_backlog


class Command(BaseCommand):
    help = (
        "Queue the whole scope in slices of a month for Celery workers. Run `sync_trials --full` when they are done: it marks what is gone."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--workers", type=int, default=2, metavar="N", help="how many workers there are: they keep the registry's pace together"
        )

    def handle(self, *, workers, **options):
        self.stdout.write(f"Queued {sync_backlog(max(1, workers))} slices. How far they are stands in the admin under Sync runs.")
