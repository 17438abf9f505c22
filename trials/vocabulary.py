"""The registry's codes and the words in which we show them. Codes that are not here are kept and shown as they came.

Source of the codes: ClinicalTrials.gov API 2.0.5, schemas Status, Phase, StudyType, AgencyClass, DesignAllocation, PrimaryPurpose.
"""

from django.db import models


class Status(models.TextChoices):
    RECRUITING = "RECRUITING", "Recruiting"
    NOT_YET_RECRUITING = "NOT_YET_RECRUITING", "Not yet recruiting"
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION", "Enrolling by invitation"
    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING", "Active, not recruiting"
    SUSPENDED = "SUSPENDED", "Suspended"
    COMPLETED = "COMPLETED", "Completed"
    TERMINATED = "TERMINATED", "Terminated"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    UNKNOWN = "UNKNOWN", "Unknown"
    AVAILABLE = "AVAILABLE", "Available (expanded access)"
    TEMPORARILY_NOT_AVAILABLE = "TEMPORARILY_NOT_AVAILABLE", "Temporarily not available (expanded access)"
    NO_LONGER_AVAILABLE = "NO_LONGER_AVAILABLE", "No longer available (expanded access)"
    APPROVED_FOR_MARKETING = "APPROVED_FOR_MARKETING", "Approved for marketing (expanded access)"
    WITHHELD = "WITHHELD", "Withheld"


OPEN_STATUSES = (Status.RECRUITING, Status.NOT_YET_RECRUITING, Status.ENROLLING_BY_INVITATION, Status.AVAILABLE)


class Phase(models.TextChoices):
    EARLY_PHASE1 = "EARLY_PHASE1", "Early phase 1"
    PHASE1 = "PHASE1", "Phase 1"
    PHASE2 = "PHASE2", "Phase 2"
    PHASE3 = "PHASE3", "Phase 3"
    PHASE4 = "PHASE4", "Phase 4"
    NA = "NA", "Not applicable"


class StudyType(models.TextChoices):
    INTERVENTIONAL = "INTERVENTIONAL", "Interventional"
    OBSERVATIONAL = "OBSERVATIONAL", "Observational"
    EXPANDED_ACCESS = "EXPANDED_ACCESS", "Expanded access"


class SponsorClass(models.TextChoices):
    INDUSTRY = "INDUSTRY", "Industry"
    NIH = "NIH", "US National Institutes of Health"
    FED = "FED", "Other US federal agency"
    OTHER_GOV = "OTHER_GOV", "Other government"
    NETWORK = "NETWORK", "Network"
    INDIV = "INDIV", "Individual"
    OTHER = "OTHER", "University, hospital or other"
    AMBIG = "AMBIG", "Ambiguous"
    UNKNOWN = "UNKNOWN", "Unknown"


class Sex(models.TextChoices):
    ALL = "ALL", "All"
    FEMALE = "FEMALE", "Female"
    MALE = "MALE", "Male"


class Role(models.TextChoices):
    """What the stem cells are in a study; the values are those of `therapies.evidence.Role`."""

    TREATMENT = "treatment", "Treatment under study"
    COMPARATOR = "comparator", "Comparator"
    FOLLOW_UP = "follow-up", "Follow-up of treated people"
    SUPPORTIVE = "supportive", "Care around a transplant"
    CELL_LINE_RESEARCH = "cell-line research", "Cell-line research, no treatment"


COURSES = {
    "RRMS": "Relapsing-remitting (RRMS)",
    "SPMS": "Secondary progressive (SPMS)",
    "PPMS": "Primary progressive (PPMS)",
    "PRMS": "Progressive-relapsing (PRMS)",
    "CIS": "Clinically isolated syndrome (CIS)",
    "RIS": "Radiologically isolated syndrome (RIS)",
}
"""The courses of MS that `trials.eligibility` reads from criteria."""


CODES = {choices.__name__: dict(choices.choices) for choices in (Status, Phase, StudyType, SponsorClass, Sex, Role)} | {
    "DateKind": {"ACTUAL": "Actual", "ESTIMATED": "Estimated"},
    "Allocation": {"RANDOMIZED": "Randomised", "NON_RANDOMIZED": "Not randomised", "NA": "Not applicable"},
    "InterventionModel": {
        "SINGLE_GROUP": "Single group",
        "PARALLEL": "Parallel groups",
        "CROSSOVER": "Crossover",
        "FACTORIAL": "Factorial",
        "SEQUENTIAL": "Sequential",
    },
    "ObservationalModel": {
        "COHORT": "Cohort",
        "CASE_CONTROL": "Case-control",
        "CASE_ONLY": "Case only",
        "CASE_CROSSOVER": "Case crossover",
        "ECOLOGIC_OR_COMMUNITY": "Ecologic or community",
        "FAMILY_BASED": "Family based",
        "DEFINED_POPULATION": "Defined population",
        "NATURAL_HISTORY": "Natural history",
        "OTHER": "Other",
    },
    "TimePerspective": {
        "PROSPECTIVE": "Prospective",
        "RETROSPECTIVE": "Retrospective",
        "CROSS_SECTIONAL": "Cross-sectional",
        "OTHER": "Other",
    },
    "PrimaryPurpose": {
        "TREATMENT": "Treatment",
        "PREVENTION": "Prevention",
        "DIAGNOSTIC": "Diagnosis",
        "ECT": "Educational, counselling or training",
        "SUPPORTIVE_CARE": "Supportive care",
        "SCREENING": "Screening",
        "HEALTH_SERVICES_RESEARCH": "Health services research",
        "BASIC_SCIENCE": "Basic science",
        "DEVICE_FEASIBILITY": "Device feasibility",
        "OTHER": "Other",
    },
    "Masking": {"NONE": "Open label", "SINGLE": "Single", "DOUBLE": "Double", "TRIPLE": "Triple", "QUADRUPLE": "Quadruple"},
    "WhoMasked": {
        "PARTICIPANT": "participant",
        "CARE_PROVIDER": "care provider",
        "INVESTIGATOR": "investigator",
        "OUTCOMES_ASSESSOR": "outcomes assessor",
    },
    "ArmType": {
        "EXPERIMENTAL": "Experimental",
        "ACTIVE_COMPARATOR": "Active comparator",
        "PLACEBO_COMPARATOR": "Placebo comparator",
        "SHAM_COMPARATOR": "Sham comparator",
        "NO_INTERVENTION": "No intervention",
        "OTHER": "Other",
    },
    "InterventionType": {
        "BEHAVIORAL": "Behavioural",
        "BIOLOGICAL": "Biological",
        "COMBINATION_PRODUCT": "Combination product",
        "DEVICE": "Device",
        "DIAGNOSTIC_TEST": "Diagnostic test",
        "DIETARY_SUPPLEMENT": "Dietary supplement",
        "DRUG": "Drug",
        "GENETIC": "Genetic",
        "PROCEDURE": "Procedure",
        "RADIATION": "Radiation",
        "OTHER": "Other",
    },
    "OfficialRole": {
        "PRINCIPAL_INVESTIGATOR": "Principal investigator",
        "STUDY_CHAIR": "Study chair",
        "STUDY_DIRECTOR": "Study director",
        "SUB_INVESTIGATOR": "Sub-investigator",
    },
    "ResponsibleParty": {
        "SPONSOR": "Sponsor",
        "PRINCIPAL_INVESTIGATOR": "Principal investigator",
        "SPONSOR_INVESTIGATOR": "Sponsor and investigator in one",
    },
    "ReferenceType": {"BACKGROUND": "Background", "RESULT": "Results of this study", "DERIVED": "Found and linked by the registry"},
    "SamplingMethod": {"PROBABILITY_SAMPLE": "Probability sample", "NON_PROBABILITY_SAMPLE": "Non-probability sample"},
    "BioSpecRetention": {
        "NONE_RETAINED": "None kept",
        "SAMPLES_WITH_DNA": "Kept, with DNA",
        "SAMPLES_WITHOUT_DNA": "Kept, without DNA",
    },
    "IpdSharing": {"YES": "Yes", "NO": "No", "UNDECIDED": "Undecided"},
}


def label(group, code):
    """Return the words for one of the registry's codes; an unknown code comes back readable, never dropped."""
    return CODES[group].get(code) or code.replace("_", " ").capitalize()
