"""Accounts: an administrator gives people roles and takes them away, and can make nobody, least of all themselves, more than that."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

admin.site.unregister(User)
admin.site.unregister(Group)
# Each sets up their own second factor: nobody else makes or sees a key.
admin.site.unregister(TOTPDevice)
admin.site.unregister(StaticDevice)


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "email", "roles", "is_active", "is_staff", "last_login"]
    list_filter = ["groups", "is_active", "is_staff"]
    actions = ["forget_second_factor"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="roles")
    def roles(self, person):
        return ", ".join(group.name for group in person.groups.all()) or ("superuser" if person.is_superuser else "none")

    @admin.action(description="Take away the second factor, after a telephone was lost", permissions=["change"])
    def forget_second_factor(self, request, people):
        reached = [person for person in people if self._is_within_reach(request, person)]
        for devices in (TOTPDevice, StaticDevice):
            devices.objects.filter(user__in=reached).delete()
        if reached:
            LogEntry.objects.log_actions(request.user.pk, reached, CHANGE, "Took away the second factor.", single_object=False)
        self.message_user(request, f"{len(reached)} people log in without a code until they set one up again.", messages.SUCCESS)

    def get_readonly_fields(self, request, obj=None):
        given = ("last_login", "date_joined", *super().get_readonly_fields(request, obj))
        return given if request.user.is_superuser else (*given, "is_superuser", "user_permissions")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_within_reach(request, obj)

    def has_delete_permission(self, request, obj=None):
        """With somebody who has done anything here would go who it was: they are kept, and no longer active."""
        is_known = obj is not None and LogEntry.objects.filter(user=obj).exists()
        return super().has_delete_permission(request, obj) and self._is_within_reach(request, obj) and not is_known

    def _is_within_reach(self, request, obj):
        return request.user.is_superuser or obj is None or not obj.is_superuser


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """The roles, with the permissions that the migrations gave them."""

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("permissions__content_type")
