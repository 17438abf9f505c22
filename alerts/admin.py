"""Operators see what waits and what failed. Addresses are not searched and not exported from here; leaving is the person's own link."""

from django.contrib import admin
from django.db.models import Prefetch

from alerts.models import Mail, Subscription
from trials.models import Trial


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly):
    list_display = ["__str__", "asked_at", "confirmed_at", "checked_at", "due_at"]
    list_filter = ["frequency"]
    fields = ["query", "trial", "frequency", "asked_at", "confirmed_at", "checked_at", "due_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related(Prefetch("trial", Trial.objects.only("nct_id", "brief_title")))


@admin.register(Mail)
class MailAdmin(ReadOnly):
    list_display = ["pk", "kind", "state", "attempts", "made_at", "sent_at", "trouble"]
    list_filter = ["state", "kind"]
    fields = ["kind", "state", "attempts", "made_at", "not_before", "sent_at", "trouble"]
