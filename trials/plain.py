"""What the registry's and the field's words mean, in our own short sentences, each with the source that it was checked against.

Written for a reading age of about 12. No sentence says that a treatment works, suits a reader or is safe. Pages show them one tap away from
the word, and all of them under /words/. Standard library only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A public document; `as_of` is the state in which we read it, or when it was published."""

    label: str
    url: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word and what it means. `code` is the registry's code, or a name of our own, and the entry's anchor on the page of words."""

    code: str
    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one kind with their source; None for labels of our own making. `group` is the key that pages look them up by."""

    group: str
    title: str
    source: Source | None
    words: tuple[Word, ...]


GLOSSARY = Source("ClinicalTrials.gov: Glossary of Common Site Terms", "https://clinicaltrials.gov/study-basics/glossary", "October 2021")
KURTZKE = Source("Kurtzke 1983, Neurology 33(11):1444–1452", "https://doi.org/10.1212/WNL.33.11.1444", "1983")
LUBLIN = Source("Lublin et al. 2014, Neurology 83(3):278–286", "https://doi.org/10.1212/WNL.0000000000000560", "2014")

ALL_WORDS = (
    Words(
        "Status",
        "Is it open?",
        GLOSSARY,
        (
            Word("RECRUITING", "Recruiting", "Looking for people now."),
            Word("NOT_YET_RECRUITING", "Not yet recruiting", "Planned. Not open yet."),
            Word("ENROLLING_BY_INVITATION", "Enrolling by invitation", "You cannot apply. The team chooses people."),
            Word("ACTIVE_NOT_RECRUITING", "Active, not recruiting", "Running, but full."),
            Word("SUSPENDED", "Suspended", "On hold. It may start again."),
            Word("COMPLETED", "Completed", "Over. It ended in the normal way."),
            Word("TERMINATED", "Terminated", "Stopped early. It will not start again."),
            Word("WITHDRAWN", "Withdrawn", "Stopped before the first person joined."),
            Word("UNKNOWN", "Unknown", "No update for a long time. Check first."),
            Word("AVAILABLE", "Available (expanded access)", "Not a trial. Doctors can ask for this treatment now."),
            Word("TEMPORARILY_NOT_AVAILABLE", "Temporarily not available", "Not a trial. Doctors cannot ask for it now. They may later."),
            Word("NO_LONGER_AVAILABLE", "No longer available", "Not a trial. Doctors could ask for it once. Not any more."),
            Word("APPROVED_FOR_MARKETING", "Approved for marketing", "Not a trial. The US authority has approved this treatment."),
            Word("WITHHELD", "Withheld", "The registry does not show this study yet."),
        ),
    ),
    Words(
        "Phase",
        "How far along is the research?",
        GLOSSARY,
        (
            Word("EARLY_PHASE1", "Early phase 1", "A very small first look. It is not meant to treat anyone."),
            Word("PHASE1", "Phase 1", "First tests in people. Mainly asks: is it safe?"),
            Word("PHASE2", "Phase 2", "A larger group. Asks: does it seem to work?"),
            Word("PHASE3", "Phase 3", "More people. Asks again: does it work, and is it safe?"),
            Word("PHASE4", "Phase 4", "Studied after approval."),
            Word("NA", "Not applicable", "This study does not use phases."),
        ),
    ),
    Words(
        "StudyType",
        "What kind of study is it?",
        GLOSSARY,
        (
            Word("INTERVENTIONAL", "Interventional", "A trial. The plan says who gets which treatment."),
            Word("OBSERVATIONAL", "Observational", "The team only watches and asks. It does not choose your treatment."),
            Word("EXPANDED_ACCESS", "Expanded access", "Not a trial. A way for doctors to get a treatment that is not approved yet."),
        ),
    ),
    Words(
        "Role",
        "What do the stem cells do in it?",
        None,
        (
            Word("treatment", "Treatment under study", "The study tests what the cells do for people who get them."),
            Word("comparator", "Comparator", "The study tests another treatment. The cells are what it is compared with."),
            Word(
                "follow-up",
                "Follow-up of treated people",
                "The study follows people who had stem cells, or get them as care. It gives none.",
            ),
            Word("supportive", "Care around a transplant", "The study tests something that is done before, during or after a transplant."),
            Word(
                "cell-line research", "Cell-line research, no treatment", "Cells are studied in a lab. The study treats nobody with them."
            ),
        ),
    ),
    Words(
        "Allocation",
        "Who decides what I get?",
        GLOSSARY,
        (
            Word("RANDOMIZED", "Randomised", "A computer picks your group. You cannot choose."),
            Word("NON_RANDOMIZED", "Not randomised", "Groups are not picked by chance."),
        ),
    ),
    Words(
        "Masking",
        "Who knows what I get?",
        GLOSSARY,
        (
            Word("NONE", "Open label", "You and the doctors know what you get."),
            Word("SINGLE", "Single masking", "One side does not know who gets what. It may be you."),
            Word("DOUBLE", "Double masking", "Two sides do not know who gets what."),
            Word("TRIPLE", "Triple masking", "Three sides do not know who gets what."),
            Word("QUADRUPLE", "Quadruple masking", "Nobody knows who gets what until the end."),
        ),
    ),
    Words(
        "ArmType",
        "What are the groups?",
        GLOSSARY,
        (
            Word("EXPERIMENTAL", "Experimental", "This group gets what is being tested."),
            Word("ACTIVE_COMPARATOR", "Active comparator", "This group gets a treatment that doctors use already."),
            Word("PLACEBO_COMPARATOR", "Placebo comparator", "This group gets a dummy treatment that looks the same."),
            Word("SHAM_COMPARATOR", "Sham comparator", "This group gets a procedure that is only made to look real."),
            Word("NO_INTERVENTION", "No intervention", "This group gets no treatment from the study."),
        ),
    ),
    Words(
        "Term",
        "Other words in a record",
        GLOSSARY,
        (
            Word("primary-outcome", "Primary outcome", "The main thing that the study measures."),
            Word("enrollment", "Enrolment", "How many people join. “Estimated” is the plan. “Actual” is the real number."),
            Word("eligibility", "Eligibility criteria", "Who can join and who cannot. The team decides, not this page."),
            Word("sponsor", "Sponsor", "Who runs the study and answers for it."),
            Word("results", "Results posted", "Numbers from the study are in the registry. This says nothing about how good they are."),
        ),
    ),
    Words(
        "Course",
        "Types of MS",
        LUBLIN,
        (
            Word("RRMS", "Relapsing-remitting MS (RRMS)", "Attacks come and go. In between, things are steady."),
            Word("SPMS", "Secondary progressive MS (SPMS)", "It began with attacks. Now it slowly gets worse."),
            Word("PPMS", "Primary progressive MS (PPMS)", "It slowly gets worse from the start."),
            Word("PRMS", "Progressive-relapsing MS (PRMS)", "An old name. It got worse from the start, with attacks as well."),
            Word("CIS", "Clinically isolated syndrome (CIS)", "A first attack. It may or may not turn out to be MS."),
            Word("RIS", "Radiologically isolated syndrome (RIS)", "A scan looks like MS. There have been no attacks."),
        ),
    ),
    Words(
        "EDSS",
        "The EDSS, a scale of disability",
        KURTZKE,
        (
            Word(
                "EDSS", "EDSS", "A scale from 0 to 10. Doctors use it to say how much MS affects you. From 4 up it is mostly about walking."
            ),
            Word("EDSS-4", "EDSS 4", "You walk about 500 metres without help or rest."),
            Word("EDSS-5", "EDSS 5", "You walk about 200 metres without help or rest."),
            Word("EDSS-6", "EDSS 6", "You need a stick or similar to walk about 100 metres."),
            Word("EDSS-6.5", "EDSS 6.5", "You need two sticks or similar to walk about 20 metres."),
            Word("EDSS-7", "EDSS 7", "You can walk about 5 metres at most, even with help. You use a wheelchair."),
            Word("EDSS-8", "EDSS 8", "You are in bed or a chair most of the day. You can use your arms."),
        ),
    ),
)

COST_QUESTIONS = (
    "Do I pay for any part of it?",
    "Who pays for travel, a place to stay, and time off work?",
    "Who pays if I am harmed, or need care later?",
    "What does my insurer say?",
)
"""What to ask a trial's team about money."""

TO_TALK_OVER = (
    "Could this trial take me, as you know my MS?",
    "What else could I do now, or later?",
    "What would I have to stop, and for how long?",
    "What could go wrong, and who would look after me?",
    "How often would I have to travel?",
    "What happens after the trial ends?",
)
"""What a patient may want to ask a neurologist about a trial."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_BY_CODE = {(words.group, word.code): word.text for words in ALL_WORDS for word in words.words}


def plain(group: str, code: str) -> str:
    """Return our short sentence for a code; `""` where we have none."""
    return _BY_CODE.get((group, code), "")


def years(number):
    """A number of years as one says it: 18 years, 6 months, 2.5 years."""
    if number is None:
        return ""
    if 0 < number < 2 and not float(number).is_integer():
        months = round(number * 12)
        return f"{months} month{'' if months == 1 else 's'}" if months else "under a month"
    return f"{number:g} year{'' if number == 1 else 's'}"


def date_words(date) -> str:
    """A PartialDate as exact as it is: 14 March 2024, March 2024 or 2024; `""` for None."""
    return " ".join(str(part) for part in (date.day, date.month and MONTHS[date.month - 1], date.year) if part) if date else ""


_ISO_DATE = re.compile(r"(?<![\w/-])([0-9]{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?(?![\w/-])")


def dates_in_words(text: str) -> str:
    """A text with its dates as pages write them: `As of 2025-09-25` is `As of 25 September 2025`, `2019-01` is `January 2019`."""
    return _ISO_DATE.sub(_said, text)


def _said(date: re.Match) -> str:
    year, month, day = date.groups()
    return " ".join(filter(None, (day and str(int(day)), MONTHS[int(month) - 1], year)))
