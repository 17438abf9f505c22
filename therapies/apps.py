from django.apps import AppConfig


class TherapiesConfig(AppConfig):
    """What is known of the treatments themselves: the taxonomy, its sourced texts and the classifier. Knows nothing of trials."""

    name = "therapies"
    verbose_name = "Therapies"
