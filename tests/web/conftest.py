import pytest

from tests.atlas import atlas
from tests.builders import make_trial

__all__ = ["atlas", "full_trial"]


@pytest.fixture
def full_trial():
    return make_trial(
        273364,
        approaches={"hsct": {"role": "treatment", "donors": ["autologous"], "routes": ["intravenous"]}},
        therapies=["ahsct-beam"],
        aliases=["NCT00000017"],
        brief_title="Cells & Hope against “MS”",
        official_title="The official title",
        acronym="MADEUP",
        status="UNKNOWN",
        last_known_status="RECRUITING",
        status_verified="2019-05",
        why_stopped="",
        phases="PHASE1/PHASE2",
        start_date="2015-03",
        start_date_kind="ACTUAL",
        completion_date="2027-06-30",
        completion_date_kind="ESTIMATED",
        enrollment=40,
        enrollment_kind="ESTIMATED",
        allocation="RANDOMIZED",
        masking="QUADRUPLE",
        who_masked=["PARTICIPANT", "INVESTIGATOR"],
        primary_purpose="TREATMENT",
        intervention_model="PARALLEL",
        minimum_age="18 Years",
        minimum_age_years=18,
        maximum_age="55 Years",
        maximum_age_years=55,
        sex="ALL",
        eligibility_criteria="Inclusion Criteria:\n\n* EDSS 3.0 to 6.5\n* RRMS\n\nExclusion Criteria:\n\n* Pregnancy",
        brief_summary="A *summary* with\n\n* one\n* two",
        keywords=["graft"],
        condition_meshes=["Sclerosis"],
        org_study_id="ORG-1",
        secondary_ids=[{"id": "2015-000000-11", "type": "EUDRACT_NUMBER", "domain": "", "link": ""}],
        sites=[
            {"country": "Germany", "city": "Kiel", "facility": "Clinic of Kiel", "status": "RECRUITING",
             "contacts": [{"name": "Nurse K", "role": "CONTACT", "phone": "+49 1", "phone_ext": "", "email": "k@example.org"}]},
            {"country": "Germany", "city": "Ulm", "facility": "Clinic of Ulm", "status": "COMPLETED"},
            {"country": "Chile", "city": "Lota"},
        ],
        arms=[{"label": "Sham arm", "type": "SHAM_COMPARATOR", "description": "Needle only", "intervention_names": ["Procedure: Sham"]}],
        interventions=[{"name": "Graft", "type": "PROCEDURE", "other_names": ["Transplant"]}],
        outcomes=[
            {"kind": "secondary", "measure": "Walking", "time_frame": "1 year"},
            {"kind": "primary", "measure": "Deaths", "description": "All of them", "time_frame": "2 years"},
        ],
        contacts=[{"name": "Central Office", "phone": "+1 555", "email": "office@example.org"}],
        officials=[{"name": "Dr Chair", "role": "STUDY_CHAIR", "affiliation": "A University"}],
        collaborators=[{"name": "A Collaborator", "sponsor_class": "NETWORK"}],
        references=[{"citation": "Somebody 2020", "pmid": "12345", "type": "RESULT"}],
        links=[{"url": "https://example.org/trial", "label": "Its site"}, {"url": "javascript:alert(1)", "label": "Bad link"}],
        findings=[
            {"approach": "hsct", "kind": "approach", "value": "hsct", "rule": "hsct-name", "field": "interventions[0].name",
             "quote": "Graft", "confidence": 0.95},
            {"approach": "hsct", "kind": "therapy", "value": "allo-hsct", "rule": "allo-hsct", "field": "arms[0].description",
             "quote": "only", "confidence": 0.4},
            {"approach": "hsct", "kind": "donor", "value": "autologous", "rule": "donor", "field": "arms[0].description",
             "quote": "only", "confidence": 0.8},
            {"kind": "condition", "value": "studied", "rule": "ms", "field": "conditions[0]", "quote": "Multiple Sclerosis",
             "confidence": 1},
        ],
    )  # fmt: skip
