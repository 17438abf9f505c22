"""Background work of the project itself, a few lines each."""

from celery import shared_task

from trialtracker import alarms


@shared_task(name="trialtracker.look_for_alarms")
def look_for_alarms():
    """Tell a person what began to be wrong, and what is well again."""
    return alarms.look()
