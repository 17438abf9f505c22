"""What `make run` calls before the site opens: a fresh sync, or the bundled starter set where the registry is out of reach."""

import datetime as dt

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from trials.locks import SyncIsRunning
from trials.models import Record, SyncRun
from trials.registry.client import Client, RegistryError
from trials.sync import Request, last_complete, sync

FRESH = dt.timedelta(hours=20)


class Command(BaseCommand):
    help = "Sync if the last complete sync is not of today; load the starter set if there is no data and no network."

    def handle(self, **options):
        last = last_complete()
        if last and last.finished_at > timezone.now() - FRESH:
            self.stdout.write(f"Trials are fresh: synced {last.finished_at:%Y-%m-%d %H:%M} UTC.")
            return
        # One short question first: without a network a newcomer should not sit through the patience that a nightly sync shows.
        probe = Client(settings.CTGOV_API_URL, user_agent=settings.CTGOV_USER_AGENT, timeout=(5, 15), retries=0)
        try:
            probe.version()
        except RegistryError as error:
            self._do_without(error)
            return
        try:
            call_command("sync_trials")
        except SystemExit:
            self._do_without(SyncRun.objects.latest().message)

    def _do_without(self, reason):
        if Record.objects.exists():
            self.stdout.write(f"The registry could not be reached; showing what is here. ({reason})")
            return
        try:
            sync(Request(starter=True))
        except SyncIsRunning as error:
            self.stdout.write(str(error))
            return
        self.stdout.write(f"The registry could not be reached: showing the bundled starter set until a sync succeeds. ({reason})")
