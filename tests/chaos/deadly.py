"""A task that kills the process which takes it up: what a record does that needs more memory than there is. Only a worker that is told to
(`--include tests.chaos.deadly`) knows it."""

import os
import signal

from celery import shared_task


@shared_task(name="chaos.deadly")
def deadly():
    os.kill(os.getpid(), signal.SIGKILL)
