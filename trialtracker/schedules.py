"""Beat's schedule, kept in the database as administrators have it, made to outlive a clock that goes back.

A machine whose clock was ahead notes that tasks last ran in days that are still to come. django-celery-beat would send nothing until the
clock is there again; nor would it look at the tables, which it does every five minutes by the same clock.
"""

import datetime as dt
import logging
import time

from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from trialtracker import heartbeat

log = logging.getLogger(__name__)


class Scheduler(DatabaseScheduler):
    _ticked_at = 0.0

    def setup_schedule(self):
        _forget_what_is_to_come()
        super().setup_schedule()

    def update_from_dict(self, mapping):
        """Lay down what is not there yet. django-celery-beat would take back, at every start, what an administrator has changed."""
        there = set(PeriodicTask.objects.values_list("name", flat=True))
        super().update_from_dict({name: entry for name, entry in mapping.items() if name not in there})

    def tick(self, *arguments, **options):
        heartbeat.say_alive("beat")
        now = time.time()
        if now < self._ticked_at:
            log.warning("the clock went back by %.0f seconds: the schedule is read anew", self._ticked_at - now)
            self.sync()
            _forget_what_is_to_come()
            self._last_full_sync = dt.datetime.min
        self._ticked_at = now
        return super().tick(*arguments, **options)


def _forget_what_is_to_come():
    now = timezone.now()
    PeriodicTask.objects.filter(last_run_at__gt=now).update(last_run_at=now)
