"""What the classifier reads (`Evidence`) and what it answers (`Classification`), as frozen values. Standard library only.

Nothing here knows of trials' tables or of the registry's record format: whoever has a study fills in an `Evidence`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ApproachSlug = Literal["hsct", "msc", "ipsc", "other"]
Role = Literal["treatment", "comparator", "follow-up", "supportive", "cell-line research"]
Kind = Literal["condition", "approach", "therapy", "role", "donor", "cell_source", "route"]

SHOWN_AS_FACT = 0.7
"""The bar: a finding with at least this confidence is shown as fact; below it, a curator decides first."""


@dataclass(frozen=True, slots=True)
class InterventionEvidence:
    name: str
    type: str = ""
    description: str = ""
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArmEvidence:
    label: str
    type: str = ""  # EXPERIMENTAL, ACTIVE_COMPARATOR, PLACEBO_COMPARATOR, SHAM_COMPARATOR, NO_INTERVENTION, OTHER or ""
    description: str = ""
    intervention_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The parts of a study's record that say what is done, with what, and to whom. Every field but the id may be empty."""

    nct_id: str
    brief_title: str = ""
    official_title: str = ""
    acronym: str = ""
    study_type: str = ""  # INTERVENTIONAL, OBSERVATIONAL, EXPANDED_ACCESS or ""
    primary_purpose: str = ""
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    condition_meshes: tuple[str, ...] = ()
    intervention_meshes: tuple[str, ...] = ()
    arms: tuple[ArmEvidence, ...] = ()
    interventions: tuple[InterventionEvidence, ...] = ()
    outcome_measures: tuple[str, ...] = ()
    brief_summary: str = ""
    detailed_description: str = ""
    eligibility_criteria: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about a study, and why it is made.

    `rule` is the id of the rule in `therapies.rules`; `field` names where in the Evidence the words stand (`interventions[0].name`,
    `brief_title` ...); `quote` is that field's words, verbatim; `confidence` runs from 0 to 1.
    """

    kind: Kind
    value: str
    rule: str
    field: str
    quote: str
    confidence: float

    @property
    def is_fact(self) -> bool:
        return self.confidence >= SHOWN_AS_FACT


@dataclass(frozen=True, slots=True)
class Match:
    """One approach that a study takes, with what is known of it. `donors`, `cell_sources`, `routes` and `therapies` may be empty."""

    approach: Finding
    role: Finding
    therapies: tuple[Finding, ...] = ()
    donors: tuple[Finding, ...] = ()
    cell_sources: tuple[Finding, ...] = ()
    routes: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (self.approach, self.role, *self.therapies, *self.donors, *self.cell_sources, *self.routes)

    @property
    def is_fact(self) -> bool:
        return self.approach.is_fact and self.role.is_fact


@dataclass(frozen=True, slots=True)
class Classification:
    """The classifier's whole answer for one study.

    `condition` says whether the tracked disease is studied (value `studied`) or only named (value `named`, low confidence);
    None where it does not occur. `matches` holds at most one Match per approach, in the order hsct, msc, ipsc, other. `mentions` are
    words that a rule saw in a place that does not count (criteria, background): they explain why a study was nearly taken, and
    classify nothing.
    """

    condition: Finding | None
    matches: tuple[Match, ...] = ()
    mentions: tuple[Finding, ...] = ()

    @property
    def in_scope(self) -> bool:
        """The disease is at least named and at least one approach was found, as fact or for review."""
        return self.condition is not None and bool(self.matches)

    @property
    def needs_review(self) -> bool:
        """In scope, but the condition or some match is below the bar."""
        return self.in_scope and not (self.condition.is_fact and all(match.is_fact for match in self.matches))
