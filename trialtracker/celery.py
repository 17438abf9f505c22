"""The Celery application. Tasks live in each app's `tasks.py`; settings begin with `CELERY_` in `settings.py`."""

import os
import signal

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from kombu.transport import TRANSPORT_ALIASES

from trialtracker import heartbeat  # noqa: F401  the worker's sign of life hangs on a signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trialtracker.settings")

TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "trialtracker.redis_broker:Transport"))

app = Celery("trialtracker", task_cls="trialtracker.poison:CountedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def leave_the_end_to_the_worker(**kwargs):
    """Let the worker's children outlive the SIGTERM that a supervisor sends to the whole group: the worker ends them when they are done."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


@setup_logging.connect
def keep_the_logs_of_the_settings(**kwargs):
    """Celery would put its own in their place; that somebody listens here keeps it from doing so."""
