"""Database columns for what the registry writes: text of any length, and dates that are only as exact as it gives them."""

from django.core.exceptions import ValidationError
from django.db import models

from trials.registry.records import PartialDate


class PartialDateField(models.CharField):
    """Holds a `PartialDate` as the registry's own text (`2024`, `2024-03`, `2024-03-14`).

    That text sorts and compares in the order of time on every database, so `start_date__gte="2015"` and ordering need no second column.
    A year sorts before its months and a month before its days.
    """

    description = "A date of day, month or year precision"

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return PartialDate.from_text(value) if value else None

    def to_python(self, value):
        if value in (None, ""):
            return None
        if isinstance(value, PartialDate):
            return value
        try:
            return PartialDate.from_text(str(value))
        except ValueError as error:
            raise ValidationError("Write a date as 2024, 2024-03 or 2024-03-14.", code="invalid") from error

    def get_prep_value(self, value):
        return None if value in (None, "") else str(value)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj)) or ""


class RegistryText(models.TextField):
    """Text of any length, where absent is the empty string."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **({"blank": True, "default": ""} | kwargs))

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
