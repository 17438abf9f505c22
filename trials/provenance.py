"""What goes with every list that leaves the site: what was asked, in words and as filters, how many, from which day's data, by which
version of our rules, under which terms, and how to cite it."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from trials.context import current_data
from trials.derive import VERSION as RULES_VERSION
from trials.exports import MODIFICATIONS, NO_ENDORSEMENT
from trials.filters import TrialFilter

SOURCE = "ClinicalTrials.gov, U.S. National Library of Medicine"
TERMS = (
    "The records are public data of ClinicalTrials.gov. Its terms (https://clinicaltrials.gov/about-site/terms-conditions) ask you to name "
    "it as the source, give the date of the data, and say what you have changed. The labels are TrialTracker's, made by its open rules "
    "(MIT licence); use them freely and say whose they are. Contacts are left out."
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a list comes from. `url` is the page that shows the same list; `filters` maps each key in force to its values."""

    title: str
    count: int
    url: str
    filters: dict[str, list[str]]
    data_timestamp: str | None
    data_kind: str
    retrieved_on: dt.date

    @property
    def citation(self) -> str:
        """One sentence to put under a table."""
        data = f"data of {self.data_timestamp}" if self.data_timestamp else "data undated"
        return (
            f"{self.title} ({self.count}). ClinicalTrials.gov, {data}, labelled by TrialTracker {settings.VERSION}, rules {RULES_VERSION}. "
            f"{self.url} (retrieved {self.retrieved_on.isoformat()})."
        )

    def as_dict(self) -> dict:
        """Everything as JSON takes it, in the order in which a reader wants it."""
        return {
            "title": self.title,
            "count": self.count,
            "url": self.url,
            "filters": self.filters,
            "source": SOURCE,
            "data_timestamp": self.data_timestamp,
            "data_kind": self.data_kind,
            "retrieved_on": self.retrieved_on.isoformat(),
            "software": f"TrialTracker {settings.VERSION}",
            "rules_version": RULES_VERSION,
            "modifications": MODIFICATIONS,
            "terms": TERMS,
            "endorsement": NO_ENDORSEMENT,
            "citation": self.citation,
        }


def provenance_of(trial_filter: TrialFilter, count: int, address: str, today: dt.date) -> Provenance:
    """The provenance of a filter's list; `address` is the page that shows such lists, without parameters."""
    data = current_data()
    query = trial_filter.params.urlencode()
    return Provenance(
        title=trial_filter.sentence,
        count=count,
        url=f"{address}?{query}" if query else address,
        filters=dict(trial_filter.params.lists()),
        data_timestamp=data.timestamp or None,
        data_kind=data.kind,
        retrieved_on=today,
    )
