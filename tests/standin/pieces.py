"""Where a record holds what the API calls by a piece name: `BriefTitle`, `LastUpdatePostDate`, `ConditionSearch`, `StatusModule` ..."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

Path = tuple[str, ...]


def _paths(section: str, text: str) -> dict[str, Path]:
    lines = (line.split() for line in text.strip().splitlines())
    return {name: (*section.split(), *path.split(".")) for name, path in lines}


PIECES: dict[str, Path] = _paths(
    "protocolSection",
    """
    NCTId                   identificationModule.nctId
    NCTIdAlias              identificationModule.nctIdAliases
    OrgStudyId              identificationModule.orgStudyIdInfo.id
    SecondaryId             identificationModule.secondaryIdInfos.id
    OrgFullName             identificationModule.organization.fullName
    BriefTitle              identificationModule.briefTitle
    OfficialTitle           identificationModule.officialTitle
    Acronym                 identificationModule.acronym
    StatusVerifiedDate      statusModule.statusVerifiedDate
    OverallStatus           statusModule.overallStatus
    LastKnownStatus         statusModule.lastKnownStatus
    WhyStopped              statusModule.whyStopped
    StartDate               statusModule.startDateStruct.date
    PrimaryCompletionDate   statusModule.primaryCompletionDateStruct.date
    CompletionDate          statusModule.completionDateStruct.date
    StudyFirstSubmitDate    statusModule.studyFirstSubmitDate
    StudyFirstPostDate      statusModule.studyFirstPostDateStruct.date
    ResultsFirstPostDate    statusModule.resultsFirstPostDateStruct.date
    LastUpdateSubmitDate    statusModule.lastUpdateSubmitDate
    LastUpdatePostDate      statusModule.lastUpdatePostDateStruct.date
    LeadSponsorName         sponsorCollaboratorsModule.leadSponsor.name
    LeadSponsorClass        sponsorCollaboratorsModule.leadSponsor.class
    CollaboratorName        sponsorCollaboratorsModule.collaborators.name
    BriefSummary            descriptionModule.briefSummary
    DetailedDescription     descriptionModule.detailedDescription
    Condition               conditionsModule.conditions
    Keyword                 conditionsModule.keywords
    StudyType               designModule.studyType
    Phase                   designModule.phases
    EnrollmentCount         designModule.enrollmentInfo.count
    DesignPrimaryPurpose    designModule.designInfo.primaryPurpose
    ArmGroupLabel           armsInterventionsModule.armGroups.label
    ArmGroupDescription     armsInterventionsModule.armGroups.description
    InterventionName        armsInterventionsModule.interventions.name
    InterventionType        armsInterventionsModule.interventions.type
    InterventionDescription armsInterventionsModule.interventions.description
    InterventionOtherName   armsInterventionsModule.interventions.otherNames
    PrimaryOutcomeMeasure   outcomesModule.primaryOutcomes.measure
    SecondaryOutcomeMeasure outcomesModule.secondaryOutcomes.measure
    OtherOutcomeMeasure     outcomesModule.otherOutcomes.measure
    EligibilityCriteria     eligibilityModule.eligibilityCriteria
    Sex                     eligibilityModule.sex
    MinimumAge              eligibilityModule.minimumAge
    MaximumAge              eligibilityModule.maximumAge
    LocationFacility        contactsLocationsModule.locations.facility
    LocationCity            contactsLocationsModule.locations.city
    LocationState           contactsLocationsModule.locations.state
    LocationZip             contactsLocationsModule.locations.zip
    LocationCountry         contactsLocationsModule.locations.country
    LocationStatus          contactsLocationsModule.locations.status
    """,
) | _paths(
    "derivedSection",
    """
    ConditionMeshTerm        conditionBrowseModule.meshes.term
    ConditionAncestorTerm    conditionBrowseModule.ancestors.term
    InterventionMeshTerm     interventionBrowseModule.meshes.term
    InterventionAncestorTerm interventionBrowseModule.ancestors.term
    """,
)
PIECES["HasResults"] = ("hasResults",)

_PROTOCOL_MODULES = """identificationModule statusModule sponsorCollaboratorsModule oversightModule descriptionModule conditionsModule
    designModule armsInterventionsModule outcomesModule eligibilityModule contactsLocationsModule referencesModule
    ipdSharingStatementModule""".split()
_SECTIONS = "protocolSection resultsSection annotationSection documentSection derivedSection".split()

BRANCHES: dict[str, Path] = {name[0].upper() + name[1:]: (name,) for name in _SECTIONS} | {
    name[0].upper() + name[1:]: ("protocolSection", name) for name in _PROTOCOL_MODULES
}

AREAS: dict[str, tuple[str, ...]] = {
    "ConditionSearch": tuple("NCTId Condition BriefTitle OfficialTitle ConditionMeshTerm ConditionAncestorTerm Keyword".split()),
    "InterventionSearch": tuple(
        """NCTId InterventionName InterventionType InterventionOtherName InterventionDescription BriefTitle OfficialTitle ArmGroupLabel
        ArmGroupDescription InterventionMeshTerm InterventionAncestorTerm Keyword""".split()
    ),
    "TitleSearch": ("Acronym", "BriefTitle", "OfficialTitle"),
    "IdSearch": ("NCTId", "NCTIdAlias", "Acronym", "OrgStudyId", "SecondaryId"),
    "SponsorSearch": ("LeadSponsorName", "CollaboratorName", "OrgFullName"),
    "OutcomeSearch": ("PrimaryOutcomeMeasure", "SecondaryOutcomeMeasure", "OtherOutcomeMeasure"),
    "LocationSearch": ("LocationCity", "LocationState", "LocationCountry", "LocationFacility", "LocationZip"),
    "BasicSearch": tuple(name for name in PIECES if not name.endswith(("Date", "Count")) and name != "HasResults"),
}
AREAS["PatientSearch"] = AREAS["BasicSearch"]

DATES = frozenset(name for name in PIECES if name.endswith("Date"))
NUMBERS = frozenset({"EnrollmentCount"})

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_AMERICAN_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


def values(record: Any, path: Path) -> Iterator[Any]:
    """Every value at a path; lists on the way are entered, and what has another shape than expected is passed over."""
    if isinstance(record, list):
        for item in record:
            yield from values(item, path)
    elif not path:
        if record is not None and not isinstance(record, dict):
            yield record
    elif isinstance(record, dict) and path[0] in record:
        yield from values(record[path[0]], path[1:])


def texts(record: Any, name: str) -> Iterator[str]:
    for piece in AREAS.get(name, (name,)):
        for value in values(record, PIECES[piece]):
            yield str(value).lower() if isinstance(value, bool) else str(value)


def number(record: Any, name: str) -> int | None:
    """What a date or numeric piece sorts and ranges by: the day's ordinal, the number, or None where the record has none."""
    value = next(values(record, PIECES[name]), None)
    if name in NUMBERS:
        return value if type(value) is int else None
    try:
        return ordinal(value, is_last=False) if isinstance(value, str) else None
    except ValueError:
        return None


def ordinal(text: str, *, is_last: bool) -> int:
    """The ordinal of a full date, or of the first or last day of a month or year; ValueError for what is no date."""
    if match := _AMERICAN_DATE.fullmatch(text):
        return dt.date(int(match[3]), int(match[1]), int(match[2])).toordinal()
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date")
    year, month, day = (int(part) if part else None for part in match.groups())
    if day or not is_last:
        return dt.date(year, month or 1, day or 1).toordinal()
    return dt.date(year + (month in (12, None)), (month or 12) % 12 + 1, 1).toordinal() - 1


def projected(record: Any, tree: dict[str, Any]) -> Any:
    """What is left of a record when only the paths of `tree` are kept; an empty dict in it keeps all below."""
    if not tree:
        return record
    if isinstance(record, list):
        return [projected(item, tree) for item in record]
    if isinstance(record, dict):
        return {key: projected(record[key], below) for key, below in tree.items() if key in record}
    return record


def tree_of(names: list[str]) -> dict[str, Any]:
    """The tree for `projected` from piece, area, module and section names or dotted paths; KeyError for a name that is none of these."""
    tree: dict[str, Any] = {}
    wanted = set()
    for name in names:
        if name in AREAS:
            wanted.update(PIECES[piece] for piece in AREAS[name])
        elif name.split(".")[0] in (*_SECTIONS, "hasResults"):
            wanted.add(tuple(name.split(".")))
        else:
            wanted.add(PIECES.get(name) or BRANCHES[name])
    for path in sorted(wanted, key=len):
        if any(path[:length] in wanted for length in range(1, len(path))):
            continue  # a branch above keeps it
        branch = tree
        for key in path:
            branch = branch.setdefault(key, {})
    return tree
