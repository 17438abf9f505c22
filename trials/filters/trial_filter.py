"""The filters together: the trials of a URL, the sentence that says what is shown, and the URLs that lead on from there."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import django_filters
from django.conf import settings
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from therapies.models import Approach, Therapy
from trials import models, places, querysets, search
from trials.filters.criteria import (
    AllocationCriterion,
    ApproachCriterion,
    CompletionKindCriterion,
    CountryCriterion,
    CourseCriterion,
    EnrollmentKindCriterion,
    LastedCriterion,
    MaskingCriterion,
    NearCriterion,
    OutcomeCriterion,
    PeopleCriterion,
    PhaseCriterion,
    ResultsCriterion,
    RoleCriterion,
    SortCriterion,
    SponsorClassCriterion,
    SponsorCriterion,
    StartedCriterion,
    StartStatedCriterion,
    StatusCriterion,
    StudyTypeCriterion,
    TextCriterion,
    TherapyCriterion,
    UpdatedSinceCriterion,
    WithinCriterion,
    YearCriterion,
)
from trials.filters.fields import CleanForm
from trials.filters.kinds import NumberCriterion

MANY = 500
"""A list of more trials than these is not read, put in order and measured as a whole for each of its pages."""


NCT_ID = re.compile(r"\bNCT[ :#-]{0,2}(\d{8})\b|^\s*(\d{8})\s*$", re.IGNORECASE)


TRACKING = re.compile(r"utm_.*|fbclid|gclid|mc_[ce]id")
"""Parameters that other sites hang on a link; they mean nothing here and are passed over without a word."""


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
        found = places.alternatives(self.data["near"], settings.VAR_DIR)
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

    def conditions(self, keys: Iterable[str], without: Iterable[str], by_row: bool = False) -> list[tuple[str, tuple]]:
        """What these keys but those in `without` ask of a trial, each as SQL that is true or false of its row, with its values.

        `by_row` leaves indexes alone where the row itself tells.
        """
        values = {key: value for key, value in self.values.items() if key not in without}
        asked = [self.filters[key] for key in sorted(values.keys() & set(keys))]
        every = models.Trial.objects.order_by()
        found = [criterion.check(every, values) if by_row else criterion.narrow(every, values) for criterion in asked]
        return [trials.condition() for trials in found if trials.query.where]

    def filter_queryset(self, queryset):
        trials = self.narrowed()
        if "near" in self.values:
            trials = trials.with_distances(self.values["near"])
        if self.is_by_distance:
            return trials.by_distance()
        return trials.by_relevance(self.query) if self.is_ranked else trials.sorted_by(self.sort_in_force)

    def rows_between(self, first: int, last: int, total: int, best: Sequence[int] = ()) -> list[models.Trial]:
        """What a list shows of its trials from `first` up to `last`, of `total`. Of many, the keys are found first, and only then rows;
        `best` are the keys of the first few, where they are known."""
        last = min(last, total)
        pks = list(best[first:last])
        if last <= first:
            return []
        if total <= MANY and len(pks) < last - first:
            return list(self.qs.for_cards()[first:last])
        if self.is_by_distance:
            pks = self.narrowed().nearest(self.values["near"], first, last)
        if len(pks) < last - first:
            with search.by_index(self.query):
                pks = self.qs.keys_between(first, last, total)
        trials = models.Trial.objects.for_cards()
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
