"""Form fields that clean what a URL gives for one key; each error repeats what was given and says how to mend it."""

from collections.abc import Callable, Mapping

from django import forms
from django.conf import settings

from trials import places
from trials.registry import normalise


class ValuesField(forms.Field):
    """Cleans the values given for one key: each once, in the spelling of `known`, a mapping of value to label.

    A value outside `known` passes where `is_kept(value)` says that the tables hold it; any other is an error that names it.
    """

    widget = forms.MultipleHiddenInput

    def __init__(self, *, what: str, known: Callable[[], Mapping[str, str]], is_kept: Callable[[str], bool], **kwargs):
        super().__init__(**kwargs)
        self.what, self.known, self.is_kept = what, known, is_kept

    def clean(self, value):
        given = [text.strip() for text in value or [] if text.strip()]
        if not given:
            return []
        known = self.known()
        spelling = {value.casefold(): value for value in known}
        cleaned, errors = [], []
        for text in given:
            if found := text if text in known else spelling.get(text.casefold()):
                cleaned.append(found)
            elif "\0" not in text and self.is_kept(text):
                cleaned.append(text)
            else:
                errors.append(forms.ValidationError(f"We know no {self.what} “%(value)s”.", code="unknown", params={"value": text}))
        if errors:
            raise forms.ValidationError(errors)
        return list(dict.fromkeys(cleaned))


class YesNoField(forms.Field):
    """Cleans to True, False, or None where nothing is asked."""

    widget = forms.HiddenInput
    SPELLINGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

    def clean(self, value):
        text = (value or "").strip()
        if not text:
            return None
        if text.casefold() not in self.SPELLINGS:
            raise forms.ValidationError("Write yes or no, not “%(value)s”.", code="unknown", params={"value": text})
        return self.SPELLINGS[text.casefold()]


class WordsField(forms.CharField):
    """Words without the signs that no record keeps and no feed can hold."""

    def to_python(self, value):
        return normalise.text(super().to_python(value))


class NumberField(forms.IntegerField):
    """A whole number whose error repeats what was given."""

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError as error:
            text = str(value).strip()
            raise forms.ValidationError(
                f"Write {self.label.lower()} as a whole number from {self.min_value} to {self.max_value}, not “%(value)s”.",
                code="unknown",
                params={"value": text},
            ) from error


class DayField(forms.DateField):
    """One day as YYYY-MM-DD; the error repeats what was given."""

    widget = forms.DateInput

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def clean(self, value):
        text = (value or "").strip()
        try:
            return super().clean(text)
        except (forms.ValidationError, ValueError) as error:
            message = f"Write {self.label.lower()} as YYYY-MM-DD, not “%(value)s”."
            raise forms.ValidationError(message, code="unknown", params={"value": text}) from error


class NearField(forms.CharField):
    """Cleans a typed place to a `places.Place`, the likeliest of that name; None where nothing is asked."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        if not (found := places.find(text, settings.VAR_DIR, most=1)):
            raise forms.ValidationError(
                f"We know no town “%(value)s” of {places.FEWEST_PEOPLE:,} people or more. Try a larger one nearby.",
                code="unknown",
                params={"value": text},
            )
        return found[0]


class SortField(ValuesField):
    """One order; the empty string where none is asked for."""

    widget = forms.HiddenInput

    def clean(self, value):
        return next(iter(super().clean([value or ""])), "")


class PlaceForm(forms.Form):
    """A place alone, as a trial's page asks for it."""

    near = NearField(required=False, max_length=120)


class CleanForm(forms.Form):
    """Checks that hold between parameters."""

    PAIRS = (("start_from", "start_to", "years"), ("enrollment_from", "enrollment_to", "numbers of people"))

    def clean(self):
        cleaned = super().clean()
        for first, last, what in self.PAIRS:
            if (low := cleaned.get(first)) is not None and (high := cleaned.get(last)) is not None and low > high:
                self.add_error(
                    first,
                    forms.ValidationError(f"The {what} are the wrong way round: {low} to {high}.", code="order", params={"value": low}),
                )
        if cleaned.get("within") and not cleaned.get("near") and "near" not in self.errors:
            wrong = forms.ValidationError("Say near which place: a distance alone means nothing.", code="alone", params={"value": ""})
            self.add_error("within", wrong)
        return cleaned
