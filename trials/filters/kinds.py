"""The kinds of criteria: what a filter owes to lists, chips and sentences, and the shapes that several keys share."""

import datetime as dt
from collections.abc import Iterable, Mapping

import django_filters
from django.utils.text import capfirst

from trials import models
from trials.filters.fields import DayField, NumberField, ValuesField
from trials.vocabulary import CODES, label

NOT_STATED = "none"
"""The value that stands for records which state nothing under a key that otherwise has codes."""


def either(words: Iterable[str]) -> str:
    """`A`, `A or B`, `A, B or C`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


class Criterion(django_filters.Filter):
    """A filter with words. `values` is what was asked for under all keys that count, by key, without the empty ones."""

    place = "after"
    """Where its words stand in the sentence: before the noun, beside it, or after it, set off by a comma."""

    is_named = True
    """Whether its chip says its name before the value's; not where the value alone says all, as in “Started since 2015”."""

    def narrow(self, trials, values):
        raise NotImplementedError

    def check(self, trials, values):
        """As `narrow`, of trials that something else has found: told by each trial's own row where that says it, not by an index."""
        return self.narrow(trials, values)

    def words(self, value) -> str:
        """Its part of the sentence, as in “in Germany or Italy”."""
        raise NotImplementedError

    def label_of(self, value) -> str:
        """The words for one value, as on its chip."""
        return str(value)

    def chosen(self, value) -> list[str]:
        """The cleaned value as it stands in the URL."""
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]


class ValuesCriterion(Criterion):
    """Any number of values of one key; a trial passes where any of them holds."""

    field_class = ValuesField
    what = ""

    def __init__(self, **kwargs):
        super().__init__(**{"label": capfirst(self.what)} | kwargs, what=self.what, known=self.known, is_kept=self.is_kept)

    def known(self) -> Mapping[str, str]:
        raise NotImplementedError

    def is_kept(self, value: str) -> bool:
        return False

    def label_of(self, value):
        return self.known().get(value, value)

    def labels(self, values):
        return [self.label_of(value) for value in values]


class CodeCriterion(ValuesCriterion):
    """A column that holds one of the registry's codes. A code that the vocabulary lacks passes where some trial has it.

    `none` stands for records that leave the column empty.
    """

    column = group = ""

    def known(self):
        return CODES[self.group] | {NOT_STATED: "Not stated"}

    def is_kept(self, value):
        return models.Trial.objects.filter(**{self.column: value}).exists()

    def label_of(self, value):
        return self.known().get(value) or label(self.group, value)

    def narrow(self, trials, values):
        stored = ["" if value == NOT_STATED else value for value in values[self.field_name]]
        return trials.filter(**{f"{self.column}__in": stored})


class NumberCriterion(Criterion):
    """A bound of a number; `lookup` is the condition, `said` the words around it."""

    field_class = NumberField
    is_named = False

    def __init__(self, *, lookup, said, **kwargs):
        super().__init__(**kwargs)
        self.lookup, self.said = lookup, said

    def narrow(self, trials, values):
        return trials.filter(**{self.lookup: values[self.field_name]})

    def label_of(self, value):
        return self.said.format(value).capitalize()

    def words(self, value):
        return self.said.format(value)


class DayCriterion(Criterion):
    """A day, said as one says it. It narrows nothing by itself: what it bounds is for those who ask to say."""

    field_class = DayField
    is_named = False

    def __init__(self, *, said, **kwargs):
        super().__init__(**kwargs)
        self.said = said

    def narrow(self, trials, values):
        return trials

    def label_of(self, value):
        return self.words(value if isinstance(value, dt.date) else dt.date.fromisoformat(value)).capitalize()

    def words(self, value):
        return f"{self.said} {value.day} {value:%B %Y}"
