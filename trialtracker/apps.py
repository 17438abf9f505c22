from django.apps import AppConfig


class TrialTrackerConfig(AppConfig):
    """The project itself: its stylesheet, its Celery application and the pages that belong to no one model."""

    name = "trialtracker"
    verbose_name = "TrialTracker"
