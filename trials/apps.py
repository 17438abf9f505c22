from django.apps import AppConfig


class TrialsConfig(AppConfig):
    """The trials: synced from the registry, classified, curated, shown."""

    name = "trials"
    verbose_name = "Trials"
