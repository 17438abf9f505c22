"""Partial dates: exact as given, in order, and refused where they are none."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from trials.fields import PartialDateField
from trials.registry.records import PartialDate


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest"),
    [
        ("2024", "year", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        ("2024-02", "month", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2024-03-14", "day", dt.date(2024, 3, 14), dt.date(2024, 3, 14)),
    ],
)
def test_a_partial_date_is_as_exact_as_its_text(text, precision, earliest, latest):
    date = PartialDate.from_text(text)

    assert (str(date), date.precision, date.earliest, date.latest) == (text, precision, earliest, latest)


@pytest.mark.parametrize("text", ["", "14 March 2024", "2024-13", "2024-02-30", "0000", "2024-1", "2024-03-14T00:00", "２０２４"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"date|year|month|day"):
        PartialDate.from_text(text)


def test_the_field_reads_text_and_refuses_nonsense_with_a_hint():
    field = PartialDateField(null=True)

    assert field.to_python("2024-03") == PartialDate(2024, 3)
    assert field.to_python("") is None
    with pytest.raises(ValidationError, match="2024-03-14"):
        field.to_python("March 2024")
