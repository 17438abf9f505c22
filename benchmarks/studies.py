"""Studies that look like the registry's, made of nothing but a number: the same number gives the same study on every machine.

Sizes follow those of the registry's own records without results: 8 kB at the tenth percentile, 11 kB in the middle, 18 kB at the ninetieth;
most studies have one site and one in ten has a dozen or more, five on average; a handful of outcomes, two arms, criteria of about a page.
The words are a small invented vocabulary drawn by Zipf's law, so that common and rare words, long posting lists and short ones, are as
uneven as in life. No word of a registry record is in here beyond its codes.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from random import Random

import msgspec

STEM_CELLS = 0.01
"""The share of studies that test stem cells; the registry's own is near this."""

FIRST_DAY, LAST_DAY = dt.date(2005, 1, 3), dt.date(2026, 11, 20)

_STATUSES = (
    ("COMPLETED", 54), ("RECRUITING", 12), ("UNKNOWN", 14), ("TERMINATED", 6), ("NOT_YET_RECRUITING", 4), ("ACTIVE_NOT_RECRUITING", 4),
    ("WITHDRAWN", 3), ("ENROLLING_BY_INVITATION", 2), ("SUSPENDED", 1),
)  # fmt: skip
_PHASES = (
    (("NA",), 36), ((), 23), (("PHASE2",), 12), (("PHASE1",), 9), (("PHASE3",), 8), (("PHASE4",), 7), (("PHASE1", "PHASE2"), 3),
    (("PHASE2", "PHASE3"), 2),
)  # fmt: skip
_CLASSES = (("OTHER", 70), ("INDUSTRY", 24), ("NIH", 3), ("OTHER_GOV", 2), ("NETWORK", 1))
_PLACES = (
    ("United States", 36, (25, 48), (-122, -71)), ("France", 7, (43, 50), (-1, 7)), ("China", 7, (22, 41), (102, 122)),
    ("Germany", 6, (47, 54), (7, 14)), ("Canada", 5, (43, 54), (-123, -63)), ("Spain", 5, (37, 43), (-8, 2)),
    ("United Kingdom", 5, (50, 58), (-5, 1)), ("Italy", 5, (38, 46), (8, 17)), ("South Korea", 4, (35, 38), (126, 129)),
    ("Egypt", 3, (26, 31), (30, 33)), ("Turkey", 3, (37, 41), (27, 42)), ("Poland", 3, (50, 54), (15, 23)),
    ("Japan", 3, (33, 43), (130, 141)), ("Brazil", 3, (-30, -5), (-52, -35)), ("Australia", 3, (-38, -27), (145, 153)),
    ("Norway", 1, (58, 70), (5, 25)), ("India", 1, (9, 29), (72, 88)),
)  # fmt: skip

_SYLLABLES = (
    "ba ce do fi gu la me ni or pa qua ri so ta ul ve xi zo an er il on um cor den fra gen hal lin mor nec pel ran sti tor vas".split()
)
_PLAIN = """study patients treatment with the of and to in for disease therapy clinical group after before weeks effect safety dose trial
    compared standard care placebo participants outcome months score change baseline assessed randomised blood test risk function quality
    life response survival acute chronic severe mild early late adult children women men surgery cell stem transplantation multiple
    sclerosis cancer heart lung kidney liver brain stroke pain sleep exercise diet vaccine infection virus diabetes depression""".split()


def _words() -> tuple[list[str], list[float]]:
    random = Random(20_260_101)
    made = ("".join(random.choices(_SYLLABLES, k=random.choice((2, 3, 3, 4)))) for _ in itertools.count())
    words = list(dict.fromkeys(itertools.chain(_PLAIN, itertools.islice(made, 40_000))))
    return words, list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))


_WORDS, _WEIGHTS = _words()


def study(number: int, version: int = 0) -> dict:
    """The record of one study as API v2 gives it. A later `version` differs in its status, dates, enrolment and one outcome."""
    random = Random(number)

    def some(choices):
        return random.choices([choice[0] for choice in choices], [choice[1] for choice in choices])[0]

    def words(count):
        return random.choices(_WORDS, cum_weights=_WEIGHTS, k=count)

    def text(characters):
        sentences = (" ".join(words(random.randint(8, 22))).capitalize() + "." for _ in range(max(1, round(characters / 105))))
        return " ".join(sentences) if characters else ""

    def title(count):
        return " ".join(words(count)).title()

    def size(middle, spread):
        return int(random.lognormvariate(0, spread) * middle)

    is_stem_cells = random.random() < STEM_CELLS
    disease = "Multiple Sclerosis" if is_stem_cells else title(random.choice((1, 2, 2, 3)))
    cells = random.choice(("Autologous hematopoietic stem cell transplantation", "Mesenchymal stem cells"))
    agent = cells if is_stem_cells else title(random.choice((1, 1, 2)))
    brief_title = f"{agent} in {disease}: {title(random.randint(2, 6))}"
    start = FIRST_DAY + dt.timedelta(days=random.randrange((LAST_DAY - FIRST_DAY).days))
    updated = min(LAST_DAY, start + dt.timedelta(days=size(700, 0.9)))
    if version:
        updated = LAST_DAY
    sponsor = f"{title(1)} {random.choice(('University', 'Hospital', 'Pharma', 'Institute', 'Clinic'))}"
    arms = [f"Arm {letter}: {title(2)}" for letter in "ABCDEF"[: min(6, 1 + size(0.9, 0.6))]]
    phases = list(some(_PHASES))
    observational = not phases
    status = some(_STATUSES)
    if version:
        status = "COMPLETED"
    outcomes = [_outcome(title(random.randint(3, 9)), text(size(140, 1.1)), random) for _ in range(1 + size(3.4, 0.95))]
    if version:
        outcomes[0]["timeFrame"] = f"{version} weeks"
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT{number:08}",
                "orgStudyIdInfo": {"id": f"{sponsor[:3].upper()}-{number % 9973}"},
                "organization": {"fullName": sponsor, "class": "OTHER"},
                "briefTitle": brief_title,
                "officialTitle": f"A {random.choice(('Randomised', 'Prospective', 'Phased', 'Multicentre'))} Study of {brief_title}",
                **({"acronym": title(1)[:6].upper()} if random.random() < 0.28 else {}),
            },
            "statusModule": {
                "statusVerifiedDate": f"{updated:%Y-%m}",
                "overallStatus": status,
                "expandedAccessInfo": {"hasExpandedAccess": False},
                "startDateStruct": {"date": f"{start:%Y-%m-%d}", "type": "ACTUAL"},
                "primaryCompletionDateStruct": {"date": f"{start + dt.timedelta(days=600):%Y-%m}", "type": "ESTIMATED"},
                "completionDateStruct": {"date": f"{start + dt.timedelta(days=800):%Y-%m}", "type": "ESTIMATED"},
                "studyFirstSubmitDate": f"{start:%Y-%m-%d}",
                "studyFirstSubmitQcDate": f"{start:%Y-%m-%d}",
                "studyFirstPostDateStruct": {"date": f"{start:%Y-%m-%d}", "type": "ACTUAL"},
                "lastUpdateSubmitDate": f"{updated:%Y-%m-%d}",
                "lastUpdatePostDateStruct": {"date": f"{updated:%Y-%m-%d}", "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {
                "responsibleParty": {"type": "SPONSOR"},
                "leadSponsor": {"name": sponsor, "class": some(_CLASSES)},
                "collaborators": [{"name": f"{title(1)} Foundation", "class": "OTHER"} for _ in range(size(0.45, 1.0))],
            },
            "oversightModule": {"oversightHasDmc": random.random() < 0.4, "isFdaRegulatedDrug": False, "isFdaRegulatedDevice": False},
            "descriptionModule": {
                "briefSummary": text(size(420, 0.7)),
                "detailedDescription": text(size(1_000, 1.2) if random.random() < 0.7 else 0),
            },
            "conditionsModule": {
                "conditions": [disease, *(title(2) for _ in range(size(0.6, 0.8)))],
                "keywords": [title(1) for _ in range(size(1.6, 0.9))],
            },
            "designModule": {
                "studyType": "OBSERVATIONAL" if observational else "INTERVENTIONAL",
                **({"phases": phases} if phases else {}),
                "designInfo": {"observationalModel": "COHORT", "timePerspective": "PROSPECTIVE"}
                if observational
                else {
                    "allocation": "RANDOMIZED",
                    "interventionModel": "PARALLEL",
                    "primaryPurpose": "TREATMENT",
                    "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]},
                },
                "enrollmentInfo": {"count": size(70, 1.2) + version, "type": "ACTUAL" if status == "COMPLETED" else "ESTIMATED"},
            },
            "armsInterventionsModule": {
                "armGroups": [
                    {"label": arm, "type": "EXPERIMENTAL", "description": text(size(130, 0.8)), "interventionNames": [f"Drug: {agent}"]}
                    for arm in arms
                ],
                "interventions": [
                    {
                        "type": "BIOLOGICAL" if is_stem_cells else "DRUG",
                        "name": name,
                        "description": text(size(110, 0.9)),
                        "armGroupLabels": arms,
                        "otherNames": [title(1) for _ in range(size(0.5, 0.9))],
                    }
                    for name in (agent, *(title(1) for _ in range(size(0.7, 0.7))))
                ],
            },
            "outcomesModule": {"primaryOutcomes": outcomes[:1], "secondaryOutcomes": outcomes[1:]},
            "eligibilityModule": {
                "eligibilityCriteria": _criteria(text, size(1_250, 0.75), random, is_stem_cells),
                "healthyVolunteers": False,
                "sex": "ALL",
                "minimumAge": "18 Years",
                **({"maximumAge": f"{random.randint(45, 85)} Years"} if random.random() < 0.6 else {}),
                "stdAges": ["ADULT", "OLDER_ADULT"],
            },
            "contactsLocationsModule": {
                "overallOfficials": [{"name": f"{title(2)}, MD", "affiliation": sponsor, "role": "PRINCIPAL_INVESTIGATOR"}],
                "locations": [_site(random, title) for _ in range(_site_count(random))],
            },
            "referencesModule": {
                "references": [
                    {"pmid": str(random.randrange(10**7, 4 * 10**7)), "type": "BACKGROUND", "citation": text(210)}
                    for _ in range(size(0.5, 1.1))
                ]
            },
            "ipdSharingStatementModule": {"ipdSharing": random.choice(("NO", "YES", "UNDECIDED"))},
        },
        "derivedSection": {
            "miscInfoModule": {"versionHolder": f"{LAST_DAY:%Y-%m-%d}"},
            "conditionBrowseModule": _browse(random, title, 3),
            "interventionBrowseModule": _browse(random, title, 2),
        },
        "hasResults": status == "COMPLETED" and random.random() < 0.2,
    }


def _outcome(measure, description, random):
    return {"measure": measure, "description": description, "timeFrame": f"{random.choice((4, 12, 26, 52))} weeks"}


def _criteria(text, characters, random, is_stem_cells):
    lines = [text(105) for _ in range(max(2, characters // 105))]
    middle = len(lines) // 2
    edss = [f"EDSS {random.randint(2, 5)}.0 to 6.5"] if is_stem_cells else []
    return "\n\n".join(
        [
            "Inclusion Criteria:",
            *(f"* {line}" for line in (*edss, *lines[:middle])),
            "Exclusion Criteria:",
            *(f"* {line}" for line in lines[middle:]),
        ]
    )


def _site_count(random):
    """None for one study in ten, one for most, now and then hundreds; five on average."""
    chance = random.random()
    if chance < 0.1:
        return 0
    return 1 if chance < 0.68 else min(400, 1 + int(random.lognormvariate(1.75, 1.25)))


def _site(random, title):
    country, _, (south, north), (west, east) = random.choices(_PLACES, [place[1] for place in _PLACES])[0]
    area = random.randrange(40)  # places cluster: forty cities a country
    return {
        "facility": f"{title(1)} Hospital",
        "city": f"{country[:3]}ville {area}",
        "zip": f"{random.randrange(10_000, 99_999)}",
        "country": country,
        **({"status": random.choice(("RECRUITING", "COMPLETED", "NOT_YET_RECRUITING"))} if random.random() < 0.35 else {}),
        "geoPoint": {
            "lat": round(south + (north - south) * (area * 7 % 40) / 40 + random.random() / 50, 5),
            "lon": round(west + (east - west) * (area * 11 % 40) / 40 + random.random() / 50, 5),
        },
    }


def _browse(random, title, count):
    meshes = [{"id": f"D{random.randrange(10**6):06}", "term": title(1)} for _ in range(count)]
    return {
        "meshes": meshes[:1],
        "ancestors": [{"id": f"D{random.randrange(10**6):06}", "term": title(2)} for _ in range(2 * count)],
        "browseLeaves": [
            {"id": f"M{random.randrange(10**5)}", "name": title(2), "asFound": title(1), "relevance": "HIGH"} for _ in range(2 * count)
        ],
        "browseBranches": [{"abbrev": f"BC{random.randrange(30):02}", "name": title(2)} for _ in range(count)],
    }


def raws(count: int, first: int = 1, changed_every: int = 0) -> Iterator[bytes]:
    """The JSON of `count` studies from the number `first` on; with `changed_every`, each so-many-th in a later version."""
    for number in range(first, first + count):
        yield msgspec.json.encode(study(number, version=1 if changed_every and number % changed_every == 0 else 0))
