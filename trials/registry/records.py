"""What the registry says of a study, as frozen values.

`parse.parse()` makes a `Study` from one API v2 record; past that point no raw dict travels. Names follow the registry's data structure
(https://clinicaltrials.gov/data-api/about-api/study-data-structure), in Python's spelling. Text that the registry leaves out is `""`, a
number or date that it leaves out is `None`, a list that it leaves out is `()`: absent is never guessed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from msgspec import Struct

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class PartialDate(Struct, frozen=True, gc=False):
    """A date as exact as the registry gives it: a year, a month of a year, or a day.

    `str()` gives the registry's own notation (`2024`, `2024-03`, `2024-03-14`), which sorts as text in the order of time.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def from_text(cls, text: str) -> PartialDate:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; ValueError for anything else, impossible days included."""
        match = _PARTIAL_DATE.fullmatch(text)
        if not match:
            raise ValueError(f"not a date in the registry's notation (YYYY, YYYY-MM or YYYY-MM-DD): {text!r}")
        year, month, day = (int(part) if part else None for part in match.groups())
        dt.date(year, month or 1, day or 1)
        return cls(year, month, day)

    def __str__(self) -> str:
        if self.day:
            return f"{self.year:04}-{self.month:02}-{self.day:02}"
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"

    @property
    def precision(self) -> str:
        """`year`, `month` or `day`."""
        return "day" if self.day else "month" if self.month else "year"

    @property
    def earliest(self) -> dt.date:
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> dt.date:
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


class StudyDate(Struct, frozen=True, gc=False):
    """A date struct: `kind` is ACTUAL, ESTIMATED or "" where the registry does not say."""

    date: PartialDate
    kind: str = ""


class Sponsor(Struct, frozen=True, gc=False):
    name: str
    sponsor_class: str = ""  # INDUSTRY, NIH, FED, OTHER_GOV, NETWORK, INDIV, OTHER, AMBIG, UNKNOWN, or what comes next


class SecondaryId(Struct, frozen=True, gc=False):
    id: str
    type: str = ""
    domain: str = ""
    link: str = ""


class Arm(Struct, frozen=True, gc=False):
    label: str
    type: str = ""
    description: str = ""
    intervention_names: tuple[str, ...] = ()  # as the registry writes them: "Drug: Cladribine"


class Intervention(Struct, frozen=True, gc=False):
    name: str
    type: str = ""
    description: str = ""
    other_names: tuple[str, ...] = ()
    arm_labels: tuple[str, ...] = ()


class Outcome(Struct, frozen=True, gc=False):
    kind: str  # primary, secondary or other
    measure: str
    description: str = ""
    time_frame: str = ""


class Contact(Struct, frozen=True, gc=False):
    name: str
    role: str = ""
    phone: str = ""
    phone_ext: str = ""
    email: str = ""


class Official(Struct, frozen=True, gc=False):
    name: str
    role: str = ""
    affiliation: str = ""


class Site(Struct, frozen=True, gc=False):
    """One location. `country` is normalised (`normalise.country`); latitude and longitude in degrees, both or neither."""

    facility: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    status: str = ""
    latitude: float | None = None
    longitude: float | None = None
    contacts: tuple[Contact, ...] = ()


class Retraction(Struct, frozen=True, gc=False):
    pmid: str = ""
    source: str = ""


class Reference(Struct, frozen=True, gc=False):
    citation: str
    pmid: str = ""
    type: str = ""  # BACKGROUND, RESULT, DERIVED
    retractions: tuple[Retraction, ...] = ()  # notices that withdraw the cited article


class Link(Struct, frozen=True, gc=False):
    url: str
    label: str = ""


class AvailableData(Struct, frozen=True, gc=False):
    """Participant data or a study document that the sponsor offers elsewhere."""

    id: str = ""
    type: str = ""
    url: str = ""
    comment: str = ""


class Document(Struct, frozen=True, gc=False):
    """A protocol, analysis plan or consent form that the registry itself keeps as a PDF. `size` in bytes."""

    label: str
    filename: str
    date: PartialDate | None = None
    size: int | None = None


class MeshTerm(Struct, frozen=True, gc=False):
    id: str
    term: str


class Study(Struct, frozen=True, gc=False):
    """One study as the registry describes it. Ages in years (`6 Months` is 0.5); enrolment in people."""

    nct_id: str
    brief_title: str
    official_title: str = ""
    acronym: str = ""
    org_study_id: str = ""
    organization: Sponsor = Sponsor("")  # who registered the study, mostly the lead sponsor
    secondary_ids: tuple[SecondaryId, ...] = ()
    nct_id_aliases: tuple[str, ...] = ()

    overall_status: str = ""
    last_known_status: str = ""
    why_stopped: str = ""
    status_verified: PartialDate | None = None
    start: StudyDate | None = None
    primary_completion: StudyDate | None = None
    completion: StudyDate | None = None
    first_submitted: PartialDate | None = None
    first_posted: PartialDate | None = None
    results_first_posted: PartialDate | None = None
    last_update_submitted: PartialDate | None = None
    last_update_posted: PartialDate | None = None
    has_results: bool = False

    lead_sponsor: Sponsor = Sponsor("")
    collaborators: tuple[Sponsor, ...] = ()
    responsible_party_type: str = ""
    responsible_party_name: str = ""
    responsible_party_title: str = ""
    responsible_party_affiliation: str = ""

    has_dmc: bool | None = None
    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None

    brief_summary: str = ""
    detailed_description: str = ""
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    condition_meshes: tuple[MeshTerm, ...] = ()
    intervention_meshes: tuple[MeshTerm, ...] = ()

    study_type: str = ""  # INTERVENTIONAL, OBSERVATIONAL, EXPANDED_ACCESS
    is_patient_registry: bool | None = None
    target_duration: str = ""
    phases: tuple[str, ...] = ()
    allocation: str = ""
    intervention_model: str = ""
    intervention_model_description: str = ""
    observational_model: str = ""
    time_perspective: str = ""
    primary_purpose: str = ""
    masking: str = ""
    masking_description: str = ""
    who_masked: tuple[str, ...] = ()
    enrollment: int | None = None
    enrollment_kind: str = ""  # ACTUAL or ESTIMATED
    bio_spec_retention: str = ""
    bio_spec_description: str = ""
    has_expanded_access: bool | None = None
    expanded_access_nct_id: str = ""
    expanded_access_status: str = ""
    expanded_access_types: tuple[str, ...] = ()  # of INDIVIDUAL, INTERMEDIATE, TREATMENT

    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    eligibility_criteria: str = ""
    sex: str = ""  # ALL, FEMALE, MALE
    gender_based: bool | None = None
    gender_description: str = ""
    minimum_age: str = ""
    maximum_age: str = ""
    minimum_age_years: float | None = None
    maximum_age_years: float | None = None
    std_ages: tuple[str, ...] = ()
    healthy_volunteers: bool | None = None
    study_population: str = ""
    sampling_method: str = ""

    central_contacts: tuple[Contact, ...] = ()
    officials: tuple[Official, ...] = ()
    sites: tuple[Site, ...] = ()
    removed_countries: tuple[str, ...] = ()

    references: tuple[Reference, ...] = ()
    links: tuple[Link, ...] = ()
    ipd_sharing: str = ""
    ipd_sharing_description: str = ""
    ipd_sharing_info_types: tuple[str, ...] = ()
    ipd_sharing_time_frame: str = ""
    ipd_sharing_access_criteria: str = ""
    ipd_sharing_url: str = ""
    available_ipd: tuple[AvailableData, ...] = ()
    documents: tuple[Document, ...] = ()

    # (path in the registry's record, value) pairs: codes outside the enums this code knows (kept as they are in their field) and values
    # that cannot be read (absent from their field). Paths write `[]` for a place in a list, so that equal cases count together.
    unknown_values: tuple[tuple[str, str], ...] = ()

    @property
    def number(self) -> int:
        """The number in its id, which is its key everywhere: that of NCT00273364 is 273364."""
        return int(self.nct_id[3:])
