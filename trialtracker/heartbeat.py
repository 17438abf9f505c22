"""The signs that a worker and beat live, kept in the cache: written by these, read by `health`. Knows neither models nor tasks.

Where HEARTBEAT_FILE is set, worker and beat also touch that file: a container's check looks at its age.
"""

import time
from contextlib import suppress

from celery.signals import worker_ready
from django.conf import settings
from django.core.cache import cache

KEY = "trialtracker.{}_seen"
EVERY_SECONDS = 15
CLOCKS_APART = 60
"""By how many seconds the clocks of two machines may differ."""


@worker_ready.connect
def start(sender, **kwargs):
    """Let the worker's main process, which waits while its children work, say every few seconds that it lives."""
    say_alive("worker")
    sender.timer.call_repeatedly(EVERY_SECONDS, say_alive, ["worker"])


def say_alive(who: str) -> None:
    """Let a "worker" or "beat" say that it lives."""
    cache.set(KEY.format(who), time.time(), timeout=None)
    if settings.HEARTBEAT_FILE:
        with suppress(OSError):  # a full disk is no sign of death, but looks like one
            settings.HEARTBEAT_FILE.touch()


def seconds_since(who: str) -> int | None:
    """Seconds since any "worker" or "beat" said that it lives; None where none has, or where the clock went back since."""
    seen = cache.get(KEY.format(who))
    seconds = None if seen is None else round(time.time() - seen)
    return None if seconds is None or seconds < -CLOCKS_APART else max(0, seconds)
