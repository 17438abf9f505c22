"""A task that kills its worker each time would be handed out again for ever, and hold up all others: after a few starts it is given up.

A message counts as done only when its task has ended, so that a killed worker loses nothing; the other side of that is counted here, in
the cache, which fails nobody when it is away: then nothing is counted. Knows Celery and the cache; nothing of what tasks do.
"""

from celery import Task
from celery.signals import task_postrun
from django.core.cache import cache

MOST_STARTS = 4
"""Starts without an end: a machine that is switched off in mid-task a few times running is bad luck, more is the task's own doing."""

KEPT_SECONDS = 60 * 60 * 24


class WorkerKilled(Exception):
    """A task that ended none of its starts, and is not started again."""


class CountedTask(Task):
    """Counts its starts; `forget` takes the count back when one has come to an end, good or bad."""

    abstract = True

    def before_start(self, task_id, args, kwargs):
        starts = cache.get(_key(task_id), 0) + 1
        cache.set(_key(task_id), starts, KEPT_SECONDS)
        if starts > MOST_STARTS:
            raise WorkerKilled(f"{self.name} was started {MOST_STARTS} times and its worker was killed each time; it is not started again.")


@task_postrun.connect
def forget(task_id, **kwargs):
    cache.delete(_key(task_id))


def _key(task_id: str) -> str:
    return f"trialtracker.starts.{task_id}"
