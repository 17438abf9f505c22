"""A task that keeps a child of the worker busy while a file exists, so that the next task goes to another child. Only a worker that is told
to (`--include tests.load.held`) knows it."""

import os
import time
from pathlib import Path

from celery import shared_task


@shared_task(name="load.hold")
def hold(path):
    held = Path(path)
    held.write_text(f"{os.getpid()}")
    while held.exists():
        time.sleep(0.1)
