"""Forms that overwrite nothing which the person at work has not seen: what others changed since the page was opened stays, or is told.

Hidden initial values say what the page showed. A field that this person left alone keeps what somebody else wrote meanwhile. Of one
that both changed, the form says how it reads now; saving once more puts this person's in its place.
"""

from django import forms


class SeenForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for field in self.fields.values():
                field.show_hidden_initial = True

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        for name in [name for name in self.fields if self._has_turned(name)]:
            field, now = self.fields[name], self[name].initial
            if name not in self.changed_data:
                cleaned[name] = field.clean(field.prepare_value(now))
            elif name in cleaned and field.has_changed(now, self[name].data):
                self._tell(name, field, now)
        return cleaned

    def _has_turned(self, name) -> bool:
        """Whether a field of the row reads otherwise now than the page showed it."""
        field, shown_as = self.fields[name], self[name].html_initial_name
        if not field.show_hidden_initial or field.disabled or shown_as not in self.data:
            return False
        shown = field.hidden_widget().value_from_datadict(self.data, self.files, shown_as)
        return field.has_changed(*(_one_spelling(value) for value in (self[name].initial, shown)))

    def _tell(self, name, field, now):
        self.data = self.data.copy()
        value = field.prepare_value(now)
        self.data.setlist(self[name].html_initial_name, value if isinstance(value, list) else [value])
        words = _in_words(field, field.clean(value)) if value not in field.empty_values else ""
        reads = f"now reads “{words}”" if words else "is now empty"
        self.add_error(
            name,
            f"Somebody changed this after you had opened the page: it {reads}. Yours is still here: save again to put it there.",
        )


def _one_spelling(value):
    """A browser sends lines that end otherwise than they are kept."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _in_words(field, value) -> str:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(str(row) for row in value)
    return str(dict(getattr(field, "choices", ())).get(value, value))
