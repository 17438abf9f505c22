from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class TrialTrackerConfig(AppConfig):
    """The project itself: its stylesheet, its Celery application and the pages that belong to no one model."""

    name = "trialtracker"
    verbose_name = "TrialTracker"


class CuratingConfig(AdminConfig):
    """Django's admin behind our own door."""

    default_site = "trialtracker.second_factor.CuratingSite"


class OurStaticFilesConfig(StaticFilesConfig):
    """Without what packages bring along for pages that we do not serve: another viewer of the API, REST framework's own pages."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc", "rest_framework"]
