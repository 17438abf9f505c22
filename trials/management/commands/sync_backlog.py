"""Hand the whole scope to several workers at once; for the first sync of a large scope."""

from django.core.management.base import BaseCommand, CommandError
from kombu.exceptions import OperationalError

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
        try:
            count = sync_backlog(max(1, workers))
        except (OperationalError, OSError) as error:
            raise CommandError(f"The message broker does not answer, so not every slice was queued: {error}") from error
        self.stdout.write(f"Queued {count} slices. How far they are stands in the admin under Sync runs.")
