"""The tables. Each states facts; nothing here fetches, parses or saves on its own.

Who may write which:

- `Record`, the registry columns of `Trial` and its children (arms to links), `TrialChange`, `SyncRun`, `SyncFailure`: `trials.sync` alone.
- `Listing`: `Listing.objects.note_new`, at the end of each sync and before alerts are made up.
- `Family` proposals: `trials.programmes`. Their decisions, `Curation`, and of a `SyncRun` who asked for its end: the admin alone. No sync
  or reclassification touches these.
- `Visit`: the admin's first page.
- `Finding`, `TrialApproach`, `TrialTherapy` and the derived columns of `Trial`: `trials.derive`, from the stored record and the curations.

A study's number is its primary key everywhere (NCT00273364 is 273364): children of a batch can be written without asking for ids.
"""

from trials.models.classified import Finding, TrialApproach, TrialTherapy
from trials.models.curated import Curation, Family, Visit
from trials.models.history import Listing, TrialChange
from trials.models.parts import (
    Alias,
    Arm,
    Collaborator,
    Contact,
    Intervention,
    Link,
    Official,
    Outcome,
    Reference,
    Site,
    TrialCountry,
    TrialPart,
)
from trials.models.records import Record, nct_id_validator
from trials.models.runs import SyncFailure, SyncRun
from trials.models.trials import REGISTRY_STUDY_URL, Trial

__all__ = [
    "REGISTRY_STUDY_URL",
    "Alias",
    "Arm",
    "Collaborator",
    "Contact",
    "Curation",
    "Family",
    "Finding",
    "Intervention",
    "Link",
    "Listing",
    "Official",
    "Outcome",
    "Record",
    "Reference",
    "Site",
    "SyncFailure",
    "SyncRun",
    "Trial",
    "TrialApproach",
    "TrialChange",
    "TrialCountry",
    "TrialPart",
    "TrialTherapy",
    "Visit",
    "nct_id_validator",
]
