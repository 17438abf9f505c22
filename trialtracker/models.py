"""What is wrong now, so that a person is told once when it begins and once when it ends."""

from django.db import models


class Alarm(models.Model):
    """A check of `/readyz` that is not well. The row goes when the alarm ends."""

    name = models.CharField(max_length=20, unique=True)
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="When the mail about it was sent; empty where nobody is to be told.")

    class Meta:
        ordering = ["since"]

    def __str__(self):
        return f"{self.name} since {self.since:%Y-%m-%d %H:%M}"
