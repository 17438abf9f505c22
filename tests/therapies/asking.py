"""A study made of a few words, and what the classifier says of it."""

from therapies.classifier import classify
from therapies.evidence import Evidence, InterventionEvidence

MS = ("Multiple Sclerosis",)


def study(title="", *interventions, official_title="", study_type="INTERVENTIONAL", conditions=MS, **more):
    """An Evidence for a study on MS; interventions by name, or by type and name."""
    return Evidence(
        nct_id="NCT00000000",
        brief_title=title,
        official_title=official_title,
        study_type=study_type,
        conditions=conditions,
        interventions=tuple(InterventionEvidence(*((item,) if isinstance(item, str) else reversed(item))) for item in interventions),
        **more,
    )


def approaches(evidence):
    return {match.approach.value: match.role.value for match in classify(evidence).matches}


def values(evidence, part):
    return {finding.value for match in classify(evidence).matches for finding in getattr(match, part)}
