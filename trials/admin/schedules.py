"""When the syncs run: django-celery-beat's own admin, with limits that keep us a polite guest of the registry."""

from django import forms
from django.contrib import admin
from django_celery_beat.admin import CrontabScheduleAdmin, IntervalScheduleAdmin, PeriodicTaskAdmin, PeriodicTaskForm
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

LEAST_HOURS = 1

OURS = ("trials.", "therapies.", "alerts.", "trialtracker.", "celery.")
"""How the names of this site's tasks begin; `celery.` is the worker's own cleaning."""

GUESTS = ("trials.", "therapies.")
"""How the names begin of those that ask other people's servers, or work through everything."""


def trouble_with(interval=None, crontab=None) -> str:
    """Why a task of GUESTS may not run by it, or nothing."""
    if interval and interval.schedule.run_every.total_seconds() < LEAST_HOURS * 3600:
        return "The registry is refreshed once a day: at most once an hour, please."
    if crontab and not crontab.minute.strip().isdecimal():
        return "The registry is refreshed once a day: name one minute of the hour, so that it runs once an hour at most."
    return ""


class ScheduleForm(PeriodicTaskForm):
    def clean(self):
        cleaned = super().clean()
        task = cleaned.get("task") or ""
        if not task.startswith(OURS):
            raise forms.ValidationError(f"“{task}” is no task of this site: choose one from the list.")
        if not task.startswith(GUESTS):
            return cleaned
        for name in ("interval", "crontab"):
            if trouble := trouble_with(**{name: cleaned.get(name)}):
                self.add_error(name, trouble)
        return cleaned


class TimeForm(forms.ModelForm):
    """A time by which tasks may run already: they are bound by its limits as when they chose it."""

    def _post_clean(self):
        super()._post_clean()
        if self.errors or not self.instance.pk:
            return
        tasks = self.instance.periodictask_set.values_list("name", "task")
        held = [name for name, task in tasks if task.startswith(GUESTS)]
        if held and (trouble := trouble_with(**{self._meta.model._meta.model_name.removesuffix("schedule"): self.instance})):
            self.add_error(None, f"{trouble} By this time runs: {', '.join(held)}.")


admin.site.unregister(PeriodicTask)
for schedule in (CrontabSchedule, IntervalSchedule):
    admin.site.unregister(schedule)
for schedule in (ClockedSchedule, SolarSchedule):
    admin.site.unregister(schedule)  # neither sunrise nor a single moment is a time for a sync


@admin.register(PeriodicTask)
class ScheduleAdmin(PeriodicTaskAdmin):
    form = ScheduleForm
    list_display = ["name", "task", "enabled", "scheduler", "last_run_at", "total_run_count"]
    exclude = ["solar", "clocked"]
    fieldsets = [
        (name, {**options, "fields": [field for field in options["fields"] if field not in {"solar", "clocked"}]})
        for name, options in PeriodicTaskAdmin.fieldsets
    ]


@admin.register(CrontabSchedule)
class CrontabAdmin(CrontabScheduleAdmin):
    form = TimeForm


@admin.register(IntervalSchedule)
class IntervalAdmin(IntervalScheduleAdmin):
    form = TimeForm
