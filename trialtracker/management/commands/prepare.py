"""What has to be done before web, worker and beat start, at the first start and after each upgrade."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Apply migrations, collect static files, and sync if that was not done today. May be run again at any time."

    def handle(self, **options):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("ensure_trials", stdout=self.stdout, stderr=self.stderr)
