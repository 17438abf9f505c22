"""“Could this be for me?”: the questions, and how open trials compare with the answers.

The answers are health data. They come by POST, are compared and forgotten: no session, no storage, no log, no address holds them, and the
answer may not be cached. Every question may be left open, and an open one speaks against no trial. What decides is `trials.fit`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms

from trials.eligibility import COURSES as COURSE_CODES
from trials.eligibility import eligibility_of
from trials.filters import NearField
from trials.fit import MAY_FIT, MAY_NOT, REASONS, SILENT, WALKING, Answer, Person, fit
from trials.models import Trial
from trials.vocabulary import COURSES, OPEN_STATUSES, Role

UNTOLD = ("", "I don’t know, or would rather not say")


def _choice(label, choices, help_text=""):
    return forms.ChoiceField(label=label, choices=[*choices, UNTOLD], required=False, widget=forms.RadioSelect, help_text=help_text)


YES_NO = (("yes", "Yes"), ("no", "No"))


def _years(label, most, help_text):
    wrong = f"Write whole years, from 0 to {most}, or leave it open."
    errors = dict.fromkeys(("invalid", "min_value", "max_value"), wrong)
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False, help_text=help_text, error_messages=errors)


class ForMeForm(forms.Form):
    """One question a field; the empty answer is always allowed and chosen until another is."""

    age = _years("How old are you?", 120, "In years. You can leave it open.")
    sex = _choice("What is your sex?", [("female", "Female"), ("male", "Male")], "Some trials take only women or only men.")
    course = _choice(
        "Which type of MS do you have?",
        [
            *((code, COURSES[code]) for code in COURSE_CODES),
            ("relapsing", "It comes in attacks, I don’t know which type"),
            ("progressive", "It slowly gets worse, I don’t know which type"),
        ],
        "Your letters from the clinic may say it.",
    )
    walking = _choice(
        "How do you walk?", [(ability.slug, ability.words) for ability in WALKING], "On a usual day. Trials call this the EDSS."
    )
    years_since_diagnosis = _years("How many years ago was MS diagnosed?", 90, "Whole years are enough. 0 is less than a year.")
    place = NearField(
        label="Which town do you live in, or near?",
        max_length=120,
        required=False,
        help_text="The trials with the nearest site come first.",
    )
    is_pregnant = _choice("Are you pregnant?", YES_NO)
    had_stem_cells = _choice("Have you had stem cells before?", YES_NO, "As a treatment, for MS or anything else.")
    which = forms.ChoiceField(
        label="Which trials?",
        choices=[("open", "Those that look for people now, or will soon"), ("all", "All of them, also those that are over")],
        initial="open",
        required=False,
        widget=forms.RadioSelect,
    )

    def person(self) -> Person:
        told = self.cleaned_data
        yes_no = {"yes": True, "no": False, "": None}
        return Person(
            age=told["age"],
            sex=told["sex"] or None,
            course=told["course"] or None,
            walking=told["walking"] or None,
            years_since_diagnosis=told["years_since_diagnosis"],
            is_pregnant=yes_no[told["is_pregnant"]],
            had_stem_cells=yes_no[told["had_stem_cells"]],
        )

    def trials(self):
        """The trials to compare, open ones first, and of those the nearest where a place is told."""
        trials = Trial.objects.listed().filter(record__gone_at=None)
        place = self.cleaned_data["place"]
        trials = trials.with_distances(place).by_distance() if place else trials.sorted_by("open")
        return trials if self.cleaned_data["which"] == "all" else trials.filter(status__in=OPEN_STATUSES)


MEASURES = {
    "age": "Age",
    "sex": "Sex",
    "course": "Type of MS",
    "EDSS": "Walking (EDSS)",
    "years since onset": "Years since the first signs",
    "years since diagnosis": "Years since diagnosis",
    "pregnancy": "Pregnancy",
    "breast-feeding": "Breast-feeding",
    "previous stem cells": "Earlier stem cells",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One comparison in words: what was compared, what came of it, and the record's words that decided."""

    label: str
    reason: str
    quotes: tuple[str, ...]

    @classmethod
    def of(cls, answer: Answer) -> "Said":
        quotes = (quote.text for quote in answer.quotes if quote.field != "sex")  # the registry's ALL is no sentence
        return cls(MEASURES[answer.measure], REASONS[answer.reason], tuple(dict.fromkeys(quotes)))


@dataclass(frozen=True, slots=True)
class Compared:
    """A trial and what of it speaks for, speaks against, and is asked besides."""

    trial: Trial
    agrees: list[Said]
    against: list[Said]
    asked_besides: list[Said]


@dataclass(frozen=True, slots=True)
class Group:
    verdict: str
    title: str
    explained: str
    trials: list[Compared]


ASKED_BESIDES = {"not told", "only listed", "contradicts itself"}
NO_TREATMENT = "no treatment"
GIVE_NO_TREATMENT = {Role.FOLLOW_UP, Role.SUPPORTIVE, Role.CELL_LINE_RESEARCH}


def compare(trials: Iterable[Trial], person: Person) -> list[Group]:
    """Sort trials into may fit, the record does not say, may not; every trial is in exactly one, in the order given. Studies in which
    nobody is given stem cells as a treatment stand apart, last: who never had any has no use for them among the others."""
    groups = {
        MAY_FIT: Group(
            MAY_FIT, "May fit", "Nothing you told us lies outside what these records ask for. They ask for more than we can compare.", []
        ),
        SILENT: Group(SILENT, "The record does not say", "These records say nothing about what you told us. Ask the team.", []),
        MAY_NOT: Group(
            MAY_NOT,
            "May not fit",
            "Something you told us lies outside what these records ask for. Records can be out of date, and we can misread them.",
            [],
        ),
        NO_TREATMENT: Group(
            NO_TREATMENT,
            "Test no treatment",
            "These studies follow people who had stem cells, look at care around a transplant, or make cell lines.",
            [],
        ),
    }
    for trial in trials:
        found = fit(eligibility_of(trial), person)
        compared = [answer for answer in found.answers if answer.is_compared]
        roles = {row.role for row in trial.trial_approaches.all()}
        groups[NO_TREATMENT if roles and roles <= GIVE_NO_TREATMENT else found.verdict].trials.append(
            Compared(
                trial,
                agrees=[Said.of(answer) for answer in compared if answer.verdict != MAY_NOT],
                against=[Said.of(answer) for answer in compared if answer.verdict == MAY_NOT],
                asked_besides=[Said.of(answer) for answer in found.answers if answer.reason in ASKED_BESIDES],
            )
        )
    return list(groups.values())
