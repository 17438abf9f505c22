"""The groups into which charts put numbers and primary outcomes, and by which lists can be narrowed: one definition, so that a mark and its
list cannot differ. Pure; knows neither tables nor pages.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """Whole numbers from `low` up to and without `below`; no upper bound where that is None."""

    label: str
    low: int
    below: int | None = None

    def holds(self, number: int) -> bool:
        return self.low <= number and (self.below is None or number < self.below)


PEOPLE = {
    "0": Band("0", 0, 1),
    "1-19": Band("1–19", 1, 20),
    "20-49": Band("20–49", 20, 50),
    "50-99": Band("50–99", 50, 100),
    "100-199": Band("100–199", 100, 200),
    "200-499": Band("200–499", 200, 500),
    "500-": Band("500 or more", 500),
}
"""Numbers of people enrolled. A withdrawn trial has an actual enrolment of 0."""

STARTED = {f"{year}-{year + 4}": Band(f"{year}–{year + 4}", year, year + 5) for year in range(2095, 1945, -5)}
"""Five years of starts each, the latest first."""

LASTED = {
    "0": Band("under 1 year", 0, 12),
    "1": Band("1 year", 12, 24),
    "2": Band("2 years", 24, 36),
    "3": Band("3 years", 36, 48),
    "4": Band("4 years", 48, 60),
    "5-9": Band("5–9 years", 60, 120),
    "10-": Band("10 years or more", 120),
}
"""Completed years from start to completion; the bounds are in months."""


def band_of(bands: dict[str, Band], number: int | None) -> str | None:
    """The key of the band that holds a number; None where it is None or lies outside all of them."""
    return None if number is None else next((key for key, band in bands.items() if band.holds(number)), None)


@dataclass(frozen=True, slots=True)
class OutcomeGroup:
    """A kind of primary outcome, told by words: an outcome belongs to it where its measure contains any of them, in any case."""

    label: str
    words: tuple[str, ...]

    def holds(self, measure: str) -> bool:
        text = measure.lower()
        return any(word in text for word in self.words)


OUTCOMES = {
    "edss": OutcomeGroup("EDSS or disability", ("edss", "disability")),
    "mri": OutcomeGroup("MRI, lesions or atrophy", ("mri", "magnetic resonance", "lesion", "gadolinium", "atrophy", "brain volume")),
    "relapse": OutcomeGroup("Relapses", ("relaps",)),
    "activity": OutcomeGroup("No evidence of disease activity", ("neda", "disease activity", "event-free", "event free")),
    "safety": OutcomeGroup(
        "Safety and adverse events",
        ("adverse", "safety", "side effect", "toxicit", "tolerab", "complication", "mortality", "death", "survival"),
    ),
    "walking": OutcomeGroup("Walking", ("walk", "ambulat", "gait", "25-foot", "25 foot", "t25fw")),
    "cognition": OutcomeGroup("Cognition", ("cognit", "sdmt", "symbol digit", "pasat", "memory")),
}
"""The word list, in the order in which it is shown. A measure may belong to several groups; one that belongs to none is `other`."""

OTHER = "other"


def outcome_groups(measure: str) -> list[str]:
    """The keys of the groups that a primary outcome's measure belongs to, or `[OTHER]`."""
    return [key for key, group in OUTCOMES.items() if group.holds(measure)] or [OTHER]
