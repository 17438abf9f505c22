"""Every query parameter that lists, exports, facets and feeds accept, and what each means.

The URL is the state: the same parameters give the same trials everywhere. Each filter owns its query (`narrow`), the names of its values
(`label`) and its words in the sentence that says what is shown (`words`). No filter joins a table, so no trial comes twice and facets may
group over what is left. Knows nothing of pages, counts or formats.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import django_filters
from django import forms
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from therapies.models import Approach, Therapy
from trials import models, places, querysets, search
from trials.bands import LASTED, OTHER, OUTCOMES, PEOPLE, STARTED
from trials.vocabulary import CODES, COURSES, Role, label

NOT_STATED = "none"
"""The value that stands for records which state nothing under a key that otherwise has codes."""

MANY = 500
"""A list of more trials than these is not read, put in order and measured as a whole for each of its pages."""

NCT_ID = re.compile(r"\bNCT[ :#-]{0,2}(\d{8})\b|^\s*(\d{8})\s*$", re.IGNORECASE)

TRACKING = re.compile(r"utm_.*|fbclid|gclid|mc_[ce]id")
"""Parameters that other sites hang on a link; they mean nothing here and are passed over without a word."""

WITH_ARTICLE = {"Bahamas", "Cayman Islands", "Dominican Republic", "Netherlands", "Philippines", "United Arab Emirates", "United Kingdom",
                "United States"}  # fmt: skip


def either(words: Iterable[str]) -> str:
    """`A`, `A or B`, `A, B or C`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


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


class Criterion(django_filters.Filter):
    """A filter with words. `values` is what was asked for under all keys that count, by key, without the empty ones."""

    place = "after"
    """Where its words stand in the sentence: before the noun, beside it, or after it, set off by a comma."""

    is_named = True
    """Whether its chip says its name before the value's; not where the value alone says all, as in “Started since 2015”."""

    def narrow(self, trials, values):
        raise NotImplementedError

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
        super().__init__(**{"label": self.what.capitalize()} | kwargs, what=self.what, known=self.known, is_kept=self.is_kept)

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


class ApproachCriterion(ValuesCriterion):
    """Together with the role it asks one thing: an approach that is taken in that role."""

    what = "approach"
    place = "before"

    def known(self):
        return {slug: approach.short_name for slug, approach in self.parent.approaches.items()}

    def label_of(self, value):
        approach = self.parent.approaches[value]
        return approach.name if value == "other" else approach.short_name

    def narrow(self, trials, values):
        return trials.taking(values["approach"], values.get("role", ()))

    def words(self, value):
        return either("other stem-cell" if slug == "other" else self.label_of(slug) for slug in value)


class RoleCriterion(ValuesCriterion):
    what = "role"
    WORDS = {
        Role.TREATMENT: "with the cells as the treatment under study",
        Role.COMPARATOR: "with the cells as the comparator",
        Role.FOLLOW_UP: "following people who were treated",
        Role.SUPPORTIVE: "about care around a transplant",
        Role.CELL_LINE_RESEARCH: "for cell-line research",
    }

    def known(self):
        return CODES["Role"]

    def narrow(self, trials, values):
        return trials if "approach" in values else trials.taking((), values["role"])

    def words(self, value):
        return either(self.WORDS[role] for role in value)


class TherapyCriterion(ValuesCriterion):
    what = "therapy"

    def known(self):
        return {slug: therapy.name for slug, therapy in self.parent.therapies.items()}

    def narrow(self, trials, values):
        return trials.testing(values["therapy"])

    def words(self, value):
        return f"testing {either(self.labels(value))}"


class StatusCriterion(CodeCriterion):
    what = "status"
    column, group = "status", "Status"

    def words(self, value):
        names = {"UNKNOWN": "status unknown", NOT_STATED: "status not stated"}
        return either(names.get(status) or self.label_of(status).lower() for status in value)


class PhaseCriterion(CodeCriterion):
    what = "phase"
    column, group = "phases", "Phase"
    place = "before"

    def known(self):
        return CODES["Phase"] | {NOT_STATED: "No phase stated"}

    def label_of(self, value):
        return self.known().get(value) or super().label_of(value)

    def narrow(self, trials, values):
        return trials.in_phase(*values["phase"])

    def words(self, value):
        numbers = [code.removeprefix("PHASE") for code in value]
        if all(number.isdigit() for number in numbers):
            return f"phase {either(sorted(numbers))}"
        names = {"NA": "phase-less", NOT_STATED: "no-phase-stated"}
        return either(names.get(code) or self.label_of(code).lower() for code in value)


class StudyTypeCriterion(CodeCriterion):
    what = "study type"
    column, group = "study_type", "StudyType"
    place = "before"

    def words(self, value):
        names = {"EXPANDED_ACCESS": "expanded-access", NOT_STATED: "no-type-stated"}
        return either(names.get(code) or self.label_of(code).lower() for code in value)


class CountryCriterion(ValuesCriterion):
    what = "country"

    def known(self):
        return {NOT_STATED: "Not stated"}

    def is_kept(self, value):
        return value in self._spelling

    @cached_property
    def _spelling(self):
        """Every country that any trial here has a site in. Asked only where a country is asked for."""
        return set(models.TrialCountry.objects.order_by().values_list("name", flat=True).distinct())

    def narrow(self, trials, values):
        return trials.in_country(*values["country"])

    def words(self, value):
        named = [f"the {name}" if name in WITH_ARTICLE else name for name in value if name != NOT_STATED]
        said = [f"in {either(named)}"] if named else []
        return either([*said, "without a stated country"] if NOT_STATED in value else said)


class CourseCriterion(ValuesCriterion):
    """MS courses that the criteria accept, as we read them."""

    what = "MS course"
    place = "beside"

    def known(self):
        return COURSES | {NOT_STATED: "Not stated"}

    def label_of(self, value):
        return self.known()[value]

    def narrow(self, trials, values):
        return trials.accepting_course(*values["course"])

    def words(self, value):
        accepted = [code for code in value if code != NOT_STATED]
        said = [f"that accept {either(accepted)}"] if accepted else []
        if NOT_STATED in value:
            said.append("whose MS course is not stated")
        return either(said)


class SponsorClassCriterion(CodeCriterion):
    what = "kind of sponsor"
    column, group = "sponsor_class", "SponsorClass"
    WORDS = {
        "INDUSTRY": "industry",
        "NIH": "the US National Institutes of Health",
        "FED": "another US federal agency",
        "OTHER_GOV": "another government",
        "NETWORK": "a network",
        "INDIV": "an individual",
        "OTHER": "a university, hospital or other body",
        NOT_STATED: "a body of no stated kind",
    }

    def words(self, value):
        return f"sponsored by {either(self.WORDS.get(code) or self.label_of(code).lower() for code in value)}"


class SponsorCriterion(ValuesCriterion):
    """The lead sponsor's name, as the registry writes it."""

    what = "sponsor"

    def known(self):
        return {NOT_STATED: "Not stated"}

    def is_kept(self, value):
        return models.Trial.objects.filter(sponsor_name=value).exists()

    def narrow(self, trials, values):
        return trials.filter(sponsor_name__in=["" if value == NOT_STATED else value for value in values["sponsor"]])

    def words(self, value):
        return f"sponsored by {either('a body that is not named' if name == NOT_STATED else name for name in value)}"


class PeopleCriterion(ValuesCriterion):
    """How many people are enrolled or planned, in bands."""

    what = "number of people"

    def known(self):
        return {key: band.label for key, band in PEOPLE.items()} | {NOT_STATED: "Not stated"}

    def narrow(self, trials, values):
        return trials.within("enrollment", [PEOPLE.get(key) for key in values["people"]])

    def words(self, value):
        said = [f"with {PEOPLE[key].label} people" for key in value if key != NOT_STATED]
        return either([*said, "whose number of people is not stated"] if NOT_STATED in value else said)


class StartedCriterion(ValuesCriterion):
    """The year of the start, in bands."""

    what = "start"

    def known(self):
        return {key: band.label for key, band in STARTED.items()} | {NOT_STATED: "Not stated"}

    def narrow(self, trials, values):
        return trials.started_in([STARTED.get(key) for key in values["started"]])

    def words(self, value):
        said = [f"started {STARTED[key].label}" for key in value if key != NOT_STATED]
        return either([*said, "without a stated start"] if NOT_STATED in value else said)


class EnrollmentKindCriterion(CodeCriterion):
    what = "kind of enrolment"
    column, group = "enrollment_kind", "DateKind"
    WORDS = {"ACTUAL": "actual", "ESTIMATED": "planned", NOT_STATED: "neither planned nor actual"}

    def known(self):
        return {"ACTUAL": "Actual", "ESTIMATED": "Planned", NOT_STATED: "Not stated"}

    def words(self, value):
        return f"enrolment {either(self.WORDS.get(code) or self.label_of(code).lower() for code in value)}"


class CompletionKindCriterion(EnrollmentKindCriterion):
    what = "kind of completion date"
    column = "completion_date_kind"

    def words(self, value):
        return f"completion date {either(self.WORDS.get(code) or self.label_of(code).lower() for code in value)}"


class LastedCriterion(ValuesCriterion):
    """Completed years from start to completion, planned or actual; known where both dates name at least a month, in that order."""

    what = "time from start to completion"

    def known(self):
        return {key: band.label[0].upper() + band.label[1:] for key, band in LASTED.items()} | {NOT_STATED: "Not known"}

    def narrow(self, trials, values):
        return trials.with_months().within("months", [LASTED.get(key) for key in values["lasted"]])

    def words(self, value):
        said = [f"lasting {LASTED[key].label}" for key in value if key != NOT_STATED]
        return either([*said, "whose length is not known"] if NOT_STATED in value else said)


class OutcomeCriterion(ValuesCriterion):
    """What a primary outcome measures, told by the word list of `trials.bands`."""

    what = "primary outcome"

    def known(self):
        return {key: group.label for key, group in OUTCOMES.items()} | {OTHER: "Other", NOT_STATED: "None stated"}

    def narrow(self, trials, values):
        groups = [OUTCOMES[key].words for key in values["outcome"] if key in OUTCOMES]
        every = [word for group in OUTCOMES.values() for word in group.words]
        return trials.measuring(groups, others_than=every if OTHER in values["outcome"] else None, or_none=NOT_STATED in values["outcome"])

    def words(self, value):
        names = {OTHER: "something else", NOT_STATED: "nothing stated"}
        return f"whose primary outcome is about {either(names.get(key) or self.label_of(key) for key in value)}"


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


class ResultsCriterion(Criterion):
    field_class = YesNoField
    is_named = False

    def narrow(self, trials, values):
        return trials.filter(has_results=values["has_results"])

    def label_of(self, value):
        return "Results posted" if value in (True, "yes") else "No results posted"

    def chosen(self, value):
        return ["yes" if value else "no"]

    def words(self, value):
        return "with results on ClinicalTrials.gov" if value else "without results on ClinicalTrials.gov"


class StartStatedCriterion(ResultsCriterion):
    """Whether the record gives a start date."""

    is_named = True

    def narrow(self, trials, values):
        return trials.filter(start_date__isnull=not values["start_stated"])

    def label_of(self, value):
        return "Stated" if value in (True, "yes") else "Not stated"

    def words(self, value):
        return "with a stated start" if value else "without a stated start"


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


class YearCriterion(NumberCriterion):
    """A bound of the start date by calendar year; a start that the record leaves out is neither before nor after."""

    def narrow(self, trials, values):
        year = values[self.field_name]
        return trials.filter(**{self.lookup: f"{year + 1 if self.lookup.endswith('__lt') else year:04}"})


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


class UpdatedSinceCriterion(DayCriterion):
    """Records whose last update was posted on this day or later."""

    def narrow(self, trials, values):
        return trials.filter(last_update_posted__gte=values["updated_since"].isoformat())


class AllocationCriterion(CodeCriterion):
    what = "allocation"
    column, group = "allocation", "Allocation"
    WORDS = {"RANDOMIZED": "randomised", "NON_RANDOMIZED": "not randomised", "NA": "allocation not applicable"}

    def words(self, value):
        return either(self.WORDS.get(code) or self.label_of(code).lower() for code in value)


class MaskingCriterion(CodeCriterion):
    what = "masking"
    column, group = "masking", "Masking"

    def words(self, value):
        return either("open label" if code == "NONE" else f"{self.label_of(code).lower()} masking" for code in value)


class TextCriterion(Criterion):
    field_class = forms.CharField

    def narrow(self, trials, values):
        return trials.matching(self.parent.query)

    def words(self, value):
        return f"matching “{value}”"


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


class PlaceForm(forms.Form):
    """A place alone, as a trial's page asks for it."""

    near = NearField(required=False, max_length=120)


class NearCriterion(Criterion):
    """A place to measure distances from. Alone it narrows nothing: it orders the list, nearest first."""

    field_class = NearField

    def narrow(self, trials, values):
        return trials

    def words(self, value):
        within = self.parent.values.get("within")
        return f"within {within:,} km of {value}" if within else f"nearest to {value} first" if self.parent.is_by_distance else ""


class WithinCriterion(NumberCriterion):
    """A radius in kilometres around the place, as the crow flies, to any site of a trial."""

    is_named = True

    def narrow(self, trials, values):
        return trials.around(values["near"], values["within"]) if "near" in values else trials

    def words(self, value):
        return ""  # the place says it


class SortField(ValuesField):
    """One order; the empty string where none is asked for."""

    widget = forms.HiddenInput

    def clean(self, value):
        return next(iter(super().clean([value or ""])), "")


class SortCriterion(ValuesCriterion):
    """The order of the list. It narrows nothing and has no part in the sentence."""

    field_class = SortField
    what = "order"
    ORDERS = {
        "relevance": "Best match first",
        "distance": "Nearest first",
        "open": "Open to people first",
        "-last_update": "Latest update first",
        "last_update": "Oldest update first",
        "-start": "Latest start first",
        "start": "Earliest start first",
        "-enrollment": "Most people first",
        "enrollment": "Fewest people first",
        "title": "Title, A to Z",
        "-title": "Title, Z to A",
    }

    def known(self):
        return self.ORDERS

    def narrow(self, trials, values):
        return trials

    def words(self, value):
        return ""


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


@dataclass(frozen=True)
class Chip:
    """One value in force: its key, its filter's name where the label needs one, its label, and the parameters of the list without it."""

    key: str
    name: str
    label: str
    params: QueryDict


@dataclass(frozen=True)
class Mistake:
    """A value that cannot be used: what is wrong, and the parameters of the list without it."""

    message: str
    params: QueryDict


class TrialFilter(django_filters.FilterSet):
    """Listed trials under the parameters of a URL. Bound always: bad input is an error to be shown, never a silent empty list."""

    q = TextCriterion(label="Search", max_length=200)
    approach = ApproachCriterion()
    phase = PhaseCriterion()
    study_type = StudyTypeCriterion()
    role = RoleCriterion()
    status = StatusCriterion()
    therapy = TherapyCriterion()
    country = CountryCriterion()
    course = CourseCriterion()
    sponsor_class = SponsorClassCriterion()
    has_results = ResultsCriterion(label="Results")
    started = StartedCriterion()
    start_from = YearCriterion(
        field_name="start_from", label="The first year", lookup="start_date__gte", said="started since {}", min_value=1950, max_value=2100
    )
    start_to = YearCriterion(
        field_name="start_to", label="The last year", lookup="start_date__lt", said="started up to {}", min_value=1950, max_value=2100
    )
    enrollment_from = NumberCriterion(
        field_name="enrollment_from", label="The lowest number of people", lookup="enrollment__gte", said="{:,} people or more",
        min_value=0, max_value=10_000_000,
    )  # fmt: skip
    enrollment_to = NumberCriterion(
        field_name="enrollment_to", label="The highest number of people", lookup="enrollment__lte", said="{:,} people at most",
        min_value=0, max_value=10_000_000,
    )  # fmt: skip
    allocation = AllocationCriterion()
    masking = MaskingCriterion()
    updated_since = UpdatedSinceCriterion(field_name="updated_since", label="The day of the last update", said="updated since")
    start_stated = StartStatedCriterion(label="Start date")
    sponsor = SponsorCriterion()
    people = PeopleCriterion()
    enrollment_kind = EnrollmentKindCriterion()
    lasted = LastedCriterion()
    completion_date_kind = CompletionKindCriterion()
    outcome = OutcomeCriterion()
    near = NearCriterion(label="Near", max_length=120)
    within = WithinCriterion(field_name="within", label="Within", lookup="", said="{:,} km", min_value=1, max_value=20_000)
    sort = SortCriterion()

    class Meta:
        model = models.Trial
        fields = []
        form = CleanForm

    def __init__(self, data=None, queryset=None, **kwargs):
        if not isinstance(data, MultiValueDict):
            given = data or {}
            data = MultiValueDict({key: value if isinstance(value, (list, tuple)) else [value] for key, value in given.items()})
        super().__init__(data, models.Trial.objects.listed() if queryset is None else queryset, **kwargs)
        self.data = data

    # --- what is asked for ---------------------------------------------------------------------------------------------

    @cached_property
    def values(self) -> dict:
        """The cleaned values by key, without empty ones and without those that cannot be used."""
        self.form.is_valid()
        return {key: value for key, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    @cached_property
    def approaches(self) -> dict[str, Approach]:
        return {approach.slug: approach for approach in Approach.objects.all()}

    @cached_property
    def therapies(self) -> dict[str, Therapy]:
        return {therapy.slug: therapy for therapy in Therapy.objects.published()}

    @cached_property
    def query(self) -> search.Query:
        """The search text as read, once for all that asks; empty where there is none."""
        return search.read(self.values.get("q", ""))

    @property
    def is_by_distance(self) -> bool:
        """Whether the nearest come first: so where a place is named, unless another order is asked for."""
        return "near" in self.values and self.values.get("sort", "distance") == "distance"

    @property
    def is_ranked(self) -> bool:
        """Whether the best answers to the search text come first: so unless another order is asked for."""
        return bool(self.query) and not self.is_by_distance and self.values.get("sort", "relevance") == "relevance"

    @cached_property
    def other_places(self) -> list[tuple[str, QueryDict]]:
        """What else the typed place may mean, each with the parameters of the list."""
        if "near" not in self.values or self.data.get("near", "").strip() == str(self.values["near"]):
            return []
        found = places.find(self.data["near"], settings.VAR_DIR, most=4)[1:]
        return [(str(place), self.with_values(near=[str(place)])) for place in found]

    @property
    def sort_in_force(self) -> str:
        """The order by a column; that by relevance, which only a search text has, is told by `is_ranked`."""
        asked = self.values.get("sort")
        return asked if asked in querysets.ORDERS else "open"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for that leaves trials out."""
        return any(map(self.leaves_out, self.values))

    def leaves_out(self, key: str) -> bool:
        """Whether a parameter leaves trials out, rather than ordering them."""
        return key not in ("sort", "near")

    @property
    def ignored(self) -> list[str]:
        """Parameters that nothing here knows: a typing error in a key widens a list unseen, so pages and exports name them."""
        return [key for key in self.data if key not in self.filters and key != "page" and not TRACKING.fullmatch(key)]

    @property
    def nct_id(self) -> str | None:
        """The NCT id that was typed, in capitals, if it was exactly one: into the search text or by mistake into the place, also with a
        blank after NCT or as the eight digits alone."""
        typed = (self.data.get(key, "") for key in ("q", "near"))
        found = {f"NCT{digits or alone}" for text in typed for digits, alone in NCT_ID.findall(text)}
        return found.pop() if len(found) == 1 else None

    # --- the trials ----------------------------------------------------------------------------------------------------

    def narrowed(self, without: Iterable[str] = ()):
        """The trials under all filters but those named, in no order."""
        values = {key: value for key, value in self.values.items() if key not in set(without)}
        trials = self.queryset.order_by()
        for key in values:
            trials = self.filters[key].narrow(trials, values)
        return trials

    def conditions(self, keys: Iterable[str], without: Iterable[str]) -> list[tuple[str, tuple]]:
        """What these keys but those in `without` ask of a trial, each as SQL that is true or false of its row, with its values."""
        values = {key: value for key, value in self.values.items() if key not in without}
        found = []
        for key in sorted(values.keys() & set(keys)):
            query = self.filters[key].narrow(models.Trial.objects.order_by(), values).query
            if query.where:
                sql, given = query.get_compiler(connection=connection).compile(query.where)
                found.append((sql, tuple(given)))
        return found

    def filter_queryset(self, queryset):
        trials = self.narrowed()
        if "near" in self.values:
            trials = trials.with_distances(self.values["near"])
        if self.is_by_distance:
            return trials.by_distance()
        return trials.by_relevance(self.query) if self.is_ranked else trials.sorted_by(self.sort_in_force)

    def rows_between(self, first: int, last: int, total: int) -> list[models.Trial]:
        """What a list shows of its trials from `first` up to `last`, of `total`. Of many, the keys are found first, and only then rows."""
        last = min(last, total)
        if total <= MANY:
            return list(self.qs.for_list()[first:last])
        pks = []
        if self.is_by_distance:
            pks = self.narrowed().nearest(self.values["near"], first, last)
        if len(pks) < last - first:
            pks = self.qs.keys_between(first, last, total)
        trials = models.Trial.objects.for_list()
        rows = (trials.with_distances(self.values["near"]) if "near" in self.values else trials).in_bulk(pks)
        return [rows[pk] for pk in pks if pk in rows]

    # --- the words -----------------------------------------------------------------------------------------------------

    @cached_property
    def sentence(self) -> str:
        """What is shown, as in “Phase 2 or 3 MSC trials, recruiting, in Germany”."""
        words = {key: self.filters[key].words(value) for key, value in self.values.items()}
        places = {key: self.filters[key].place for key in words}
        after = [words[key] for key in sorted(words, key=lambda key: key == "q") if places[key] == "after" and words[key]]
        beside = [words[key] for key in words if places[key] == "beside"]
        noun = "trials" if "INTERVENTIONAL" in self.values.get("study_type", ["INTERVENTIONAL"]) else "studies"
        before = [words.get("phase"), words.get("study_type"), words.get("approach", "stem-cell")]
        text = ", ".join([" ".join(filter(None, [*before, noun, *beside])), *after])
        return text if text.startswith("iPSC") else text[0].upper() + text[1:]

    # --- the URL -------------------------------------------------------------------------------------------------------

    @cached_property
    def params(self) -> QueryDict:
        """The state as parameters in one spelling, without the page; values that cannot be used stay as they were given."""
        params = QueryDict(mutable=True)
        for key, criterion in self.filters.items():
            if key in self.values:
                params.setlist(key, criterion.chosen(self.values[key]))
            elif given := [text for text in self.data.getlist(key) if text.strip()]:
                params.setlist(key, given)
        params._mutable = False
        return params

    def with_values(self, **values) -> QueryDict:
        """The parameters with these keys set to lists of values; an empty list takes the key away."""
        lists = dict(self.params.lists()) | values
        if not lists.get("near"):
            lists.pop("within", None)
        params = QueryDict(mutable=True)
        for key in self.filters:
            if lists.get(key):
                params.setlist(key, lists[key])
        return params

    def toggled(self, key: str, value: str) -> QueryDict:
        """The parameters with one value of a key taken away if it is there, added if not."""
        chosen = self.params.getlist(key)
        return self.with_values(**{key: [item for item in chosen if item != value] if value in chosen else [*chosen, value]})

    @cached_property
    def chips(self) -> list[Chip]:
        """The values in force, in the order of the filters, without the order of the list."""
        return [
            Chip(
                key,
                self.filters[key].label if self.filters[key].is_named else "",
                self.filters[key].label_of(item),
                self.toggled(key, chosen),
            )
            for key, value in self.values.items()
            if key != "sort"
            for item, chosen in zip(value if isinstance(value, list) else [value], self.filters[key].chosen(value), strict=True)
        ]

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """What cannot be used, each with the way out."""
        found = []
        for key, errors in self.form.errors.as_data().items():
            for error in errors:
                for message in error.messages:
                    value = str((error.params or {}).get("value", ""))
                    kept = [text for text in self.params.getlist(key) if text.strip().casefold() != value.casefold()] if value else []
                    found.append(Mistake(message, self.with_values(**{key: kept})))
        return found
