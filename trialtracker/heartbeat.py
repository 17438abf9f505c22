"""The sign that a worker lives, kept in the cache: written by the worker, read by `health`. Knows neither models nor tasks.

Where HEARTBEAT_FILE is set, worker and beat also touch that file: a container's check looks at its age.
"""

import time
from contextlib import suppress

from celery.signals import worker_ready
from django.conf import settings
from django.core.cache import cache

KEY = "trialtracker.worker_seen"
EVERY_SECONDS = 15
CLOCKS_APART = 60
"""By how many seconds the clocks of two machines may differ."""


@worker_ready.connect
def start(sender, **kwargs):
    """Let the worker's main process, which waits while its children work, say every few seconds that it lives."""
    say_alive()
    sender.timer.call_repeatedly(EVERY_SECONDS, say_alive)


def say_alive() -> None:
    cache.set(KEY, time.time(), timeout=None)
    touch()


def touch() -> None:
    if settings.HEARTBEAT_FILE:
        with suppress(OSError):  # a full disk is no sign of death, but looks like one
            settings.HEARTBEAT_FILE.touch()


def seconds_since() -> int | None:
    """Seconds since any worker said that it lives; None where none has, or where the clock went back since: it will say it again."""
    seen = cache.get(KEY)
    seconds = None if seen is None else round(time.time() - seen)
    return None if seconds is None or seconds < -CLOCKS_APART else max(0, seconds)
