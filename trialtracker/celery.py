"""The Celery application. Tasks live in each app's `tasks.py`; settings begin with `CELERY_` in `settings.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trialtracker.settings")

app = Celery("trialtracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
