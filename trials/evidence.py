"""From the registry's Study to the classifier's Evidence: the one place where the two vocabularies meet.

It owns which parts of a study the classifier reads, and decides nothing.
"""

from __future__ import annotations

from therapies.evidence import ArmEvidence, Evidence, InterventionEvidence
from trials.registry.records import Study

LONGEST_READ = 200_000
"""Letters of one text that are read: eight times the longest text of 2,095 real records."""


def evidence_of(study: Study) -> Evidence:
    """Return what the classifier reads of `study`, each text exactly as the registry has it, so that quotes can be found in the record."""
    return Evidence(
        nct_id=study.nct_id,
        brief_title=study.brief_title[:LONGEST_READ],
        official_title=study.official_title[:LONGEST_READ],
        acronym=study.acronym,
        study_type=study.study_type,
        primary_purpose=study.primary_purpose,
        conditions=study.conditions,
        keywords=study.keywords,
        condition_meshes=tuple(mesh.term for mesh in study.condition_meshes),
        intervention_meshes=tuple(mesh.term for mesh in study.intervention_meshes),
        arms=tuple(ArmEvidence(arm.label, arm.type, arm.description[:LONGEST_READ], arm.intervention_names) for arm in study.arms),
        interventions=tuple(
            InterventionEvidence(item.name, item.type, item.description[:LONGEST_READ], item.other_names) for item in study.interventions
        ),
        outcome_measures=tuple(outcome.measure for outcome in study.outcomes),
        brief_summary=study.brief_summary[:LONGEST_READ],
        detailed_description=study.detailed_description[:LONGEST_READ],
        eligibility_criteria=study.eligibility_criteria[:LONGEST_READ],
    )
