"""What can be known of whom a trial takes, as frozen values. Standard library only; knows nothing of how they are read from text.

Three states are kept apart everywhere: a limit that is *stated*, words that there is *no limit* (`no_limit`), and silence (*not stated*: no
quote, no bound). Silence is never turned into permission. Every stated fact carries the words that say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["inclusion", "exclusion", "unspecified"]
State = Literal["stated", "no limit", "not stated"]
Activity = Literal["", "active", "not active"]
Since = Literal["onset", "diagnosis", ""]

CRITERIA = "eligibility_criteria"

COURSES = ("RRMS", "SPMS", "PPMS", "PRMS", "CIS", "RIS")
"""The courses of MS in the order in which they are told. PRMS is an older name (Lublin 2014 counts it as active PPMS) still in records."""

COURSE_NAMES = {
    "RRMS": "relapsing-remitting",
    "SPMS": "secondary progressive",
    "PPMS": "primary progressive",
    "PRMS": "progressive-relapsing",
    "CIS": "clinically isolated syndrome",
    "RIS": "radiologically isolated syndrome",
}


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that a fact rests on, verbatim, and where they stand.

    `field` is `eligibility_criteria`, `conditions[0]`, `titles[1]`, `minimum_age`, `maximum_age`, `sex` ...; for the criteria,
    `text == criteria[start:start + len(text)]`; elsewhere `start` counts from that field's own beginning.
    """

    field: str
    text: str
    start: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the text: `criteria[start:end] == text`, without its bullet or number.

    `heading` is the heading that it stands under ("Inclusion criteria for group B"), `lead` the line that opens the list that it belongs to
    ("Prior treatment with:"), both verbatim or "". `depth` counts the nesting of lists from 0.
    """

    kind: Kind
    text: str
    start: int
    end: int
    heading: str = ""
    lead: str = ""
    depth: int = 0

    @property
    def quote(self) -> Quote:
        return Quote(CRITERIA, self.text, self.start)


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range; `inclusive` says whether the value itself is still taken."""

    value: float
    inclusive: bool = True


@dataclass(frozen=True, slots=True)
class Range:
    """A range as one criterion states it. Either end may be None: that criterion does not limit it.

    `courses` are those for which alone the range is meant, () for everybody; `since` is what a duration is counted from ("" where the text
    does not say); `excluding` is true where the range was turned round from an exclusion criterion.
    """

    minimum: Bound | None
    maximum: Bound | None
    quote: Quote
    courses: tuple[str, ...] = ()
    since: Since = ""
    excluding: bool = False

    def takes(self, low: float, high: float) -> bool:
        """Whether any value from `low` to `high`, both included, lies within."""
        return not (
            (self.minimum and (high < self.minimum.value or (high == self.minimum.value and not self.minimum.inclusive)))
            or (self.maximum and (low > self.maximum.value or (low == self.maximum.value and not self.maximum.inclusive)))
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """All that is stated of one measure: the hull of the ranges that hold side by side, and each range with its quote."""

    minimum: Bound | None = None
    maximum: Bound | None = None
    ranges: tuple[Range, ...] = ()
    no_limit: Quote | None = None  # the words that say that any value is taken

    @property
    def state(self) -> State:
        return "stated" if self.minimum or self.maximum else "no limit" if self.no_limit else "not stated"

    @property
    def is_contradictory(self) -> bool:
        """No value lies within both ends."""
        low, high = self.minimum, self.maximum
        return bool(low and high) and (low.value > high.value or (low.value == high.value and not (low.inclusive and high.inclusive)))

    @property
    def quotes(self) -> tuple[Quote, ...]:
        found = [item.quote for item in self.ranges] + ([self.no_limit] if self.no_limit else [])
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Course:
    """A course of MS that a trial takes or refuses. `activity` says whether it must be active (relapses, new lesions) or must not be."""

    course: str
    activity: Activity
    quote: Quote


@dataclass(frozen=True, slots=True)
class CourseFacts:
    accepted: tuple[Course, ...] = ()
    excluded: tuple[Course, ...] = ()
    no_limit: Quote | None = None  # "all forms of MS"

    @property
    def state(self) -> State:
        return "stated" if self.accepted else "no limit" if self.no_limit else "not stated"


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement without a number. `value` is the fact's own word, given with the field that holds it."""

    value: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whom a trial takes, as far as its record says.

    `sex` holds `all`, `female` or `male`; `pregnancy`, `breast_feeding`: `excluded`; `contraception`: `asked`; `previous_stem_cells`:
    `excluded`, `excluded recently` (only within a stated time) or `required`; `activity`: `relapse`, `mri` or `active disease`,
    one per criterion that asks for it; `treatment_failure`: `asked`. None or () is: the record does not say. EDSS from 0 to 10;
    ages and durations in years.
    """

    criteria: tuple[Criterion, ...] = ()
    age: Limits = Limits()
    sex: Fact | None = None
    courses: CourseFacts = CourseFacts()
    edss: Limits = Limits()
    duration_since_onset: Limits = Limits()
    duration_since_diagnosis: Limits = Limits()
    activity: tuple[Fact, ...] = ()
    treatment_failure: tuple[Fact, ...] = ()
    pregnancy: Fact | None = None
    breast_feeding: Fact | None = None
    contraception: Fact | None = None
    previous_stem_cells: Fact | None = None
    healthy_volunteers: bool | None = None

    @property
    def ms_courses(self) -> tuple[str, ...]:
        """The courses taken, in the order of COURSES; () where the record does not say or takes any."""
        return tuple(item.course for item in self.courses.accepted)

    @property
    def edss_min(self) -> float | None:
        return self.edss.minimum and self.edss.minimum.value

    @property
    def edss_max(self) -> float | None:
        return self.edss.maximum and self.edss.maximum.value

    @property
    def duration(self) -> Limits:
        """Disease duration since onset (or since an unnamed beginning); where that is not stated, since diagnosis."""
        return self.duration_since_onset if self.duration_since_onset.state != "not stated" else self.duration_since_diagnosis

    @property
    def disease_duration_min_years(self) -> float | None:
        return self.duration.minimum and self.duration.minimum.value

    @property
    def disease_duration_max_years(self) -> float | None:
        return self.duration.maximum and self.duration.maximum.value

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Every quote that some fact rests on, once each."""
        found = [*self.age.quotes, *self.edss.quotes, *self.duration_since_onset.quotes, *self.duration_since_diagnosis.quotes]
        found += [item.quote for item in (*self.courses.accepted, *self.courses.excluded, *self.activity, *self.treatment_failure)]
        singles = (self.sex, self.pregnancy, self.breast_feeding, self.contraception, self.previous_stem_cells)
        found += [item.quote for item in singles if item] + ([self.courses.no_limit] if self.courses.no_limit else [])
        return tuple(dict.fromkeys(found))
