from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class TrialTrackerConfig(AppConfig):
    """The project itself: its stylesheet, its Celery application and the pages that belong to no one model."""

    name = "trialtracker"
    verbose_name = "TrialTracker"


class CuratingConfig(AdminConfig):
    """Django's admin behind our own door."""

    default_site = "trialtracker.second_factor.CuratingSite"
