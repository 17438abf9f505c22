"""What the rooms share for rows that are looked at and not typed into."""

from django.contrib import admin


class ReadOnly:
    """Rows that a sync or a judgement writes."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = False


def part_inline(model, *shown):
    """A read-only table of one kind of a trial's parts."""
    return type(f"{model.__name__}Inline", (ReadOnlyInline,), {"model": model, "fields": shown, "classes": ["collapse"]})
