"""Might somebody fit a trial? `fit(trial, person)` compares, criterion by criterion, what the record says with what the person told. Pure.

It answers "may fit", "may not" or "the record does not say", with the words of the record that decided; it never says that somebody is
eligible, since only the trial's own team can. What the person does not know or does not tell never speaks against a trial. Imports nothing
but `trials.eligibility`; keeps, logs and stores nothing: the answers are health data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from trials.eligibility import COURSES, Eligibility, Limits, Quote, Range

Verdict = Literal["may fit", "may not", "the record does not say"]
MAY_FIT: Verdict = "may fit"
MAY_NOT: Verdict = "may not"
SILENT: Verdict = "the record does not say"

REASONS = {
    "within": "What you told us lies within what the record asks for.",
    "outside": "What you told us lies outside what the record asks for.",
    "accepted": "The record names it among what is taken.",
    "accepted if active": "The record takes it if there are recent relapses or new activity on a scan.",
    "accepted if not active": "The record takes it if there are no recent relapses and no new activity on a scan.",
    "not accepted": "The record names others, not this.",
    "excluded": "The record names it as a reason not to take part.",
    "excluded recently": "The record rules it out only within a certain time. Ask how long ago is long enough.",
    "required": "The record asks for it.",
    "no limit": "The record says that there is no limit.",
    "not stated": "The record says nothing about it.",
    "not told": "The record says something about it, and you did not tell us. Not knowing is fine.",
    "only listed": "The record lists other courses among its conditions, but its criteria do not say that only these are taken.",
    "contradicts itself": "The record contradicts itself about it, so that nobody could take part. Ask the team.",
    "nothing against": "The record says nothing that speaks against it.",
}
"""What each `reason` means, in plain words."""


@dataclass(frozen=True, slots=True)
class WalkingAbility:
    """An answer to "How do you walk?" with the EDSS that it stands for, both ends included."""

    slug: str
    words: str
    edss_low: float
    edss_high: float


WALKING = (
    WalkingAbility("far", "I walk as far as I want, without help and without a rest.", 0.0, 4.0),
    WalkingAbility("500-metres", "I walk about 500 metres without help or a rest.", 4.0, 4.0),
    WalkingAbility("300-metres", "I walk about 300 metres without help or a rest.", 4.5, 4.5),
    WalkingAbility("200-metres", "I walk about 200 metres without help or a rest.", 5.0, 5.0),
    WalkingAbility("100-metres", "I walk about 100 metres without help or a rest.", 5.5, 5.5),
    WalkingAbility("one-stick", "I need a stick, a crutch or a brace to walk about 100 metres.", 6.0, 6.0),
    WalkingAbility("two-sticks", "I need two sticks, two crutches or a frame to walk about 20 metres.", 6.5, 6.5),
    WalkingAbility("wheelchair", "I use a wheelchair nearly all the time and walk a few steps at most.", 7.0, 7.5),
    WalkingAbility("chair-or-bed", "I spend the day in a chair or in bed, and use my arms.", 8.0, 8.5),
    WalkingAbility("bed", "I am in bed and need help with everything.", 9.0, 9.5),
)
"""EDSS steps from 4.0 up are defined by walking; below 4.0 walking says only that it is 4.0 or less.

Kurtzke JF. Neurology 1983;33(11):1444-52. doi:10.1212/WNL.33.11.1444
"""

_WALKING = {choice.slug: choice for choice in WALKING}
_TOLD_COURSES = {
    **{course: (course,) for course in COURSES},
    "PRMS": ("PRMS", "PPMS"),  # an older name; today counted as active PPMS (Lublin 2014)
    "relapsing": ("RRMS", "SPMS"),
    "progressive": ("SPMS", "PPMS", "PRMS"),
}
_MOST = {"age": 150, "edss": 10, "years_since_onset": 150, "years_since_diagnosis": 150}


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody tells of themselves; None is "I don't know" or "I'd rather not say".

    `age` and the years in years, whole or not (a whole number of years stands for that year up to the next); `sex`: `female` or `male`;
    `course`: one of `eligibility.COURSES`, `relapsing` or `progressive`; `edss` from 0 to 10, or else `walking`: the slug of a
    WALKING choice.
    ValueError for a course or walking slug that is none of these, and for a number that nobody can have.
    """

    age: float | None = None
    sex: Literal["female", "male"] | None = None
    course: str | None = None
    edss: float | None = None
    walking: str | None = None
    years_since_onset: float | None = None
    years_since_diagnosis: float | None = None
    is_pregnant: bool | None = None
    is_breast_feeding: bool | None = None
    had_stem_cells: bool | None = None

    def __post_init__(self):
        if self.course is not None and self.course not in _TOLD_COURSES:
            raise ValueError(f"not a course of MS: {self.course!r}; known: {', '.join(_TOLD_COURSES)}")
        if self.walking is not None and self.walking not in _WALKING:
            raise ValueError(f"not a walking ability: {self.walking!r}; known: {', '.join(_WALKING)}")
        for name, most in _MOST.items():
            told = getattr(self, name)
            if told is not None and not 0 <= told <= most:
                raise ValueError(f"{name} cannot be {told!r}; it goes from 0 to {most}")

    @property
    def edss_range(self) -> tuple[float, float] | None:
        """The EDSS told, or the range that the walking ability stands for."""
        if self.edss is not None:
            return self.edss, self.edss
        choice = _WALKING.get(self.walking or "")
        return (choice.edss_low, choice.edss_high) if choice else None


@dataclass(frozen=True, slots=True)
class Answer:
    """One comparison. `reason` is a key of REASONS; `quotes` are the record's words that decided, () where it has none."""

    measure: str
    verdict: Verdict
    reason: str
    quotes: tuple[Quote, ...] = ()

    @property
    def is_compared(self) -> bool:
        """The record states something and the person told something."""
        return self.reason not in ("not stated", "not told", "nothing against", "only listed", "contradicts itself")


@dataclass(frozen=True, slots=True)
class Fit:
    verdict: Verdict
    answers: tuple[Answer, ...]

    def __getitem__(self, measure: str) -> Answer:
        return next(answer for answer in self.answers if answer.measure == measure)


def fit(trial: Eligibility, person: Person) -> Fit:
    """Compare each measure and sum up.

    `may not` if any one speaks against it. Else `may fit` if something told agrees with something stated; but where the person told of
    their MS (course, EDSS, duration) and the record states none of what they told, `the record does not say`.
    """
    answers = (
        _age(trial, person),
        _sex(trial, person),
        _course(trial, person),
        _edss(trial, person),
        _duration("years since onset", trial.duration_since_onset, person),
        _duration("years since diagnosis", trial.duration_since_diagnosis, person),
        _barred("pregnancy", trial.pregnancy, person.is_pregnant),
        _barred("breast-feeding", trial.breast_feeding, person.is_breast_feeding),
        _stem_cells(trial, person),
    )
    return Fit(_sum_up(answers, person), answers)


def _sum_up(answers: tuple[Answer, ...], person: Person) -> Verdict:
    if any(answer.verdict == MAY_NOT for answer in answers):
        return MAY_NOT
    compared = {answer.measure for answer in answers if answer.is_compared}
    of_ms = {"course", "EDSS", "years since onset", "years since diagnosis"}
    told = (person.course, person.edss_range, person.years_since_onset, person.years_since_diagnosis)
    told_of_ms = any(value is not None for value in told)
    if compared & of_ms if told_of_ms else compared:
        return MAY_FIT
    told_nothing = not told_of_ms and all(
        value is None for value in (person.age, person.sex, person.is_pregnant, person.is_breast_feeding, person.had_stem_cells)
    )
    if told_nothing and any(answer.reason == "not told" for answer in answers):
        return MAY_FIT
    return SILENT


def _limited(measure: str, limits: Limits, low: float | None, high: float | None, ranges: tuple[Range, ...] | None = None) -> Answer:
    """Compare what was told, from `low` to `high`, both included, with limits; `ranges` are those for this person, else the hull."""
    if limits.state == "not stated":
        return Answer(measure, SILENT, "not stated")
    if limits.state == "no limit":
        return Answer(measure, MAY_FIT, "no limit", limits.quotes)
    if limits.is_contradictory:
        return Answer(measure, SILENT, "contradicts itself", limits.quotes)
    if low is None or high is None:
        return Answer(measure, MAY_FIT, "not told", limits.quotes)
    if ranges:
        fitting = tuple(item.quote for item in ranges if item.takes(low, high))
        if fitting:
            return Answer(measure, MAY_FIT, "within", fitting)
        return Answer(measure, MAY_NOT, "outside", tuple(item.quote for item in ranges))
    hull = Range(limits.minimum, limits.maximum, limits.quotes[0])
    if hull.takes(low, high):
        return Answer(measure, MAY_FIT, "within", limits.quotes)
    against = tuple(dict.fromkeys(item.quote for item in limits.ranges if not item.takes(low, high)))
    return Answer(measure, MAY_NOT, "outside", against or limits.quotes)


def _age(trial: Eligibility, person: Person) -> Answer:
    return _limited("age", trial.age, person.age, person.age)


def _sex(trial: Eligibility, person: Person) -> Answer:
    if trial.sex is None:
        return Answer("sex", SILENT, "not stated")
    quotes = (trial.sex.quote,)
    if trial.sex.value == "all":
        return Answer("sex", MAY_FIT, "no limit", quotes)
    if person.sex is None:
        return Answer("sex", MAY_FIT, "not told", quotes)
    same = person.sex == trial.sex.value
    return Answer("sex", MAY_FIT if same else MAY_NOT, "accepted" if same else "not accepted", quotes)


def _course(trial: Eligibility, person: Person) -> Answer:
    facts = trial.courses
    told = _TOLD_COURSES.get(person.course or "", ())
    accepted = [item for item in facts.accepted if item.course in told]
    excluded = [item for item in facts.excluded if item.course in told]
    if not told:
        quotes = tuple(dict.fromkeys(item.quote for item in (*facts.accepted, *facts.excluded)))
        if facts.no_limit and not quotes:
            return Answer("course", MAY_FIT, "no limit", (facts.no_limit,))
        return Answer("course", MAY_FIT, "not told", quotes) if quotes else Answer("course", SILENT, "not stated")
    if accepted:
        states = {item.activity for item in accepted}
        reason = "accepted" if len(states) > 1 else f"accepted if {states.pop()}".removesuffix(" if ")
        return Answer("course", MAY_FIT, reason, tuple(dict.fromkeys(item.quote for item in accepted)))
    if excluded and {item.course for item in excluded} >= set(told) - {"PRMS"}:
        return Answer("course", MAY_NOT, "excluded", tuple(dict.fromkeys(item.quote for item in excluded)))
    if facts.accepted:
        quotes = tuple(dict.fromkeys(item.quote for item in facts.accepted))
        if all(quote.field.startswith("conditions") for quote in quotes):
            return Answer("course", SILENT, "only listed", quotes)
        return Answer("course", MAY_NOT, "not accepted", quotes)
    if facts.no_limit:
        return Answer("course", MAY_FIT, "no limit", (facts.no_limit,))
    if facts.excluded:
        return Answer("course", SILENT, "nothing against", tuple(dict.fromkeys(item.quote for item in facts.excluded)))
    return Answer("course", SILENT, "not stated")


def _edss(trial: Eligibility, person: Person) -> Answer:
    """Ranges that are meant for the person's course alone decide; where the course is not told, any of the alternatives does."""
    low, high = person.edss_range or (None, None)
    told = set(_TOLD_COURSES.get(person.course or "", ()))
    by_course = [item for item in trial.edss.ranges if item.courses and not item.excluding]
    if len({item.courses for item in by_course}) > 1:
        of_mine = tuple(item for item in by_course if told & set(item.courses)) if told else tuple(by_course)
        whole = _limited("EDSS", trial.edss, low, high)
        return whole if whole.verdict == MAY_NOT else _limited("EDSS", trial.edss, low, high, of_mine)
    return _limited("EDSS", trial.edss, low, high)


def _duration(measure: str, limits: Limits, person: Person) -> Answer:
    """Diagnosis never comes before onset, so that one answer also bounds the other."""
    onset, diagnosis = _year(person.years_since_onset), _year(person.years_since_diagnosis)
    if measure == "years since diagnosis":
        low, high = diagnosis or ((0.0, onset[1]) if onset else (None, None))
    elif any(item.since == "onset" for item in limits.ranges):
        low, high = onset or ((diagnosis[0], math.inf) if diagnosis else (None, None))
    else:  # "disease duration": the record does not say since when, so either may be meant
        low = diagnosis[0] if diagnosis else 0.0 if onset else None
        high = onset[1] if onset else math.inf if diagnosis else None
        if diagnosis and onset:  # told the wrong way round, both still bound it
            low, high = min(diagnosis[0], onset[0]), max(diagnosis[1], onset[1])
    return _limited(measure, limits, low, high)


def _year(years: float | None) -> tuple[float, float] | None:
    """A whole number of years stands for the whole of that year."""
    if years is None:
        return None
    return (years, math.nextafter(years + 1, 0)) if years == int(years) else (years, years)


def _barred(measure: str, fact, told: bool | None) -> Answer:
    if fact is None:
        return Answer(measure, SILENT, "not stated")
    if told is None:
        return Answer(measure, MAY_FIT, "not told", (fact.quote,))
    if told:
        return Answer(measure, MAY_NOT, "excluded", (fact.quote,))
    return Answer(measure, MAY_FIT, "within", (fact.quote,))


def _stem_cells(trial: Eligibility, person: Person) -> Answer:
    measure, fact, told = "previous stem cells", trial.previous_stem_cells, person.had_stem_cells
    if fact is None or fact.value == "excluded":
        return _barred(measure, fact, told)
    if told is None:
        return Answer(measure, MAY_FIT, "not told", (fact.quote,))
    if fact.value == "required":
        return Answer(measure, MAY_FIT if told else MAY_NOT, "required", (fact.quote,))
    return Answer(measure, MAY_FIT, "excluded recently" if told else "within", (fact.quote,))
