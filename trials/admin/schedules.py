"""When the syncs run: django-celery-beat's own admin, with limits that keep us a polite guest of the registry."""

from django import forms
from django.contrib import admin
from django_celery_beat.admin import PeriodicTaskAdmin, PeriodicTaskForm
from django_celery_beat.models import ClockedSchedule, PeriodicTask, SolarSchedule

LEAST_HOURS = 1

OURS = ("trials.", "therapies.")
"""How the names of this project's tasks begin; `celery.` is the worker's own cleaning."""


class ScheduleForm(PeriodicTaskForm):
    def clean(self):
        cleaned = super().clean()
        task = cleaned.get("task") or ""
        if not task.startswith((*OURS, "celery.")):
            raise forms.ValidationError(f"“{task}” is no task of this site: choose one from the list.")
        if not task.startswith(OURS):
            return cleaned
        interval, crontab = cleaned.get("interval"), cleaned.get("crontab")
        if interval and interval.schedule.run_every.total_seconds() < LEAST_HOURS * 3600:
            self.add_error("interval", "The registry is refreshed once a day: at most once an hour, please.")
        if crontab and not crontab.minute.isdecimal():
            self.add_error(
                "crontab", "The registry is refreshed once a day: name one minute of the hour, so that it runs once an hour at most."
            )
        return cleaned


admin.site.unregister(PeriodicTask)
for schedule in (ClockedSchedule, SolarSchedule):
    admin.site.unregister(schedule)  # neither sunrise nor a single moment is a time for a sync


@admin.register(PeriodicTask)
class ScheduleAdmin(PeriodicTaskAdmin):
    form = ScheduleForm
    list_display = ["name", "task", "enabled", "scheduler", "last_run_at", "total_run_count"]
