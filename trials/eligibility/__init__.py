"""Reads whom a trial takes from its criteria and structured fields: `eligibility_of(study) -> Eligibility`. Pure; standard library only.

Owns the reading of free text into askable facts, each with its quote; knows nothing of tables, of the registry's record format, or of what
somebody answers (that is `trials.fit`). Rooms: `facts` (the values), `criteria` (single criteria), `numbers` (comparisons and ranges),
`limits` (ranges combined), `edss`, `course_names`, `courses`, `durations`, `people`, `treatment`. Work is linear in the length of the text;
any text gives an answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from trials.eligibility.courses import course_facts
from trials.eligibility.criteria import Source
from trials.eligibility.durations import duration_limits
from trials.eligibility.edss import edss_limits
from trials.eligibility.facts import (
    COURSE_NAMES,
    COURSES,
    Bound,
    Course,
    CourseFacts,
    Criterion,
    Eligibility,
    Fact,
    Limits,
    Quote,
    Range,
)
from trials.eligibility.people import age_limits, sex_of
from trials.eligibility.treatment import activity, pregnancy, previous_stem_cells, treatment_failure

VERSION = "34"
"""Changes whenever the same text may give another answer, so that stored readings can be made anew."""

LONGEST_READ = 200_000
"""Letters of the criteria that are read: eight times the longest of 2,095 real records. They are read at every view of a trial's page."""

__all__ = [
    "COURSES", "COURSE_NAMES", "VERSION", "Bound", "Course", "CourseFacts", "Criterion", "Eligibility", "Fact", "Limits", "Quote", "Range",
    "eligibility_of", "extract",
]  # fmt: skip


def eligibility_of(study) -> Eligibility:
    """Read what a study states; a record's `Study` and a stored `Trial` name these columns alike."""
    return extract(
        study.eligibility_criteria,
        conditions=study.conditions,
        titles=(study.brief_title, study.official_title),
        minimum_age_years=study.minimum_age_years,
        maximum_age_years=study.maximum_age_years,
        minimum_age=study.minimum_age,
        maximum_age=study.maximum_age,
        sex=study.sex,
        healthy_volunteers=study.healthy_volunteers,
    )


def extract(
    criteria: str,
    *,
    conditions: Sequence[str] = (),
    titles: Sequence[str] = (),
    minimum_age_years: float | None = None,
    maximum_age_years: float | None = None,
    minimum_age: str = "",
    maximum_age: str = "",
    sex: str = "",
    healthy_volunteers: bool | None = None,
) -> Eligibility:
    """Read everything that can be asked of a trial's eligibility.

    `criteria` is the registry's text (CommonMark or plain). Titles, then conditions, tell the courses of MS only where the criteria are
    silent, or say "relapsing" and no more. Ages come in years and in the registry's words ("18 Years"); the words become the quote. Never
    raises for any text.
    """
    criteria, titles = criteria[:LONGEST_READ], [title[:LONGEST_READ] for title in titles]
    source = Source.of(criteria)
    named = [
        (f"{name}[{place}]", text) for name, texts in (("titles", titles), ("conditions", conditions)) for place, text in enumerate(texts)
    ]
    onset, diagnosis = duration_limits(source)
    pregnant, nursing, contraception = pregnancy(source)
    return Eligibility(
        criteria=source.criteria,
        age=age_limits(source, minimum_age_years, maximum_age_years, minimum_age, maximum_age),
        sex=sex_of(sex),
        courses=course_facts(source, named),
        edss=edss_limits(source),
        duration_since_onset=onset,
        duration_since_diagnosis=diagnosis,
        activity=activity(source),
        treatment_failure=treatment_failure(source),
        pregnancy=pregnant,
        breast_feeding=nursing,
        contraception=contraception,
        previous_stem_cells=previous_stem_cells(source),
        healthy_volunteers=healthy_volunteers,
    )
