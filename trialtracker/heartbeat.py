"""The sign that a worker lives, kept in the cache: written by the worker, read by `health`. Knows neither models nor tasks."""

import time

from celery.signals import worker_ready
from django.core.cache import cache

KEY = "trialtracker.worker_seen"
EVERY_SECONDS = 15


@worker_ready.connect
def start(sender, **kwargs):
    """Let the worker's main process, which waits while its children work, say every few seconds that it lives."""
    say_alive()
    sender.timer.call_repeatedly(EVERY_SECONDS, say_alive)


def say_alive() -> None:
    cache.set(KEY, time.time(), timeout=None)


def seconds_since() -> int | None:
    """Seconds since any worker said that it lives; None where none has."""
    seen = cache.get(KEY)
    return None if seen is None else max(0, round(time.time() - seen))
