"""What the rooms share for rows that are looked at and not typed into."""

from django.contrib import admin

from trials.vocabulary import label


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
    """A read-only table of one kind of a trial's parts; what is shown are fields, or what `in_words` gives."""
    words = [column for column in shown if callable(column)]
    own = {"model": model, "fields": shown, "readonly_fields": words, "classes": ["collapse"]}
    return type(f"{model.__name__}Inline", (ReadOnlyInline,), own)


def in_words(name, group=None):
    """A column of the registry's codes in the words that readers see, `group` as `label` knows it; without one, of a list of texts."""

    @admin.display(description=name.replace("_", " "))
    def words(row):
        value = getattr(row, name)
        return (label(group, value) if group and value else ", ".join(value or ())) or "-"

    return words


def titled(words, kind=admin.BooleanFieldListFilter, choices=()):
    """A filter with a title, and with choices, that speak to people where the field's name does not."""

    class Titled(kind):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.title = words

        def choices(self, changelist):
            for number, choice in enumerate(super().choices(changelist)):
                yield choice | {"display": choices[number - 1]} if choices and number else choice

    return Titled
