"""Hand-made API v2 records, small enough to read in a test."""

import json


def msc_study(number=1, **changes):
    """A record that every rule agrees on: mesenchymal stem cells for multiple sclerosis. `changes` replace top-level facts by name."""
    facts = {
        "title": "Mesenchymal Stem Cells for Multiple Sclerosis",
        "status": "RECRUITING",
        "updated": "2026-10-01",
        "conditions": ["Multiple Sclerosis"],
        "intervention": "Autologous bone marrow mesenchymal stem cells",
        "phases": ["PHASE2"],
        "countries": ["Norway"],
        "criteria": "Inclusion Criteria:\n\n* EDSS 3.0 to 6.5\n\nExclusion Criteria:\n\n* Pregnancy",
    } | changes
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT{number:08}",
                "briefTitle": facts["title"],
                "organization": {"fullName": "University Hospital"},
            },
            "statusModule": {
                "overallStatus": facts["status"],
                "startDateStruct": {"date": "2024-03", "type": "ACTUAL"},
                "lastUpdatePostDateStruct": {"date": facts["updated"], "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "University Hospital", "class": "OTHER"}},
            "conditionsModule": {"conditions": facts["conditions"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": facts["phases"],
                "enrollmentInfo": {"count": 18, "type": "ESTIMATED"},
            },
            "armsInterventionsModule": {
                "armGroups": [{"label": "Cells", "type": "EXPERIMENTAL", "interventionNames": [f"Biological: {facts['intervention']}"]}],
                "interventions": [{"type": "BIOLOGICAL", "name": facts["intervention"]}],
            },
            "outcomesModule": {"primaryOutcomes": [{"measure": "Adverse events", "timeFrame": "12 months"}]},
            "eligibilityModule": {"eligibilityCriteria": facts["criteria"], "sex": "ALL", "minimumAge": "18 Years"},
            "contactsLocationsModule": {"locations": [{"city": "Bergen", "country": country} for country in facts["countries"]]},
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-11-20"}},
        "hasResults": False,
    }


def drug_study(number=2, **changes):
    """A record of multiple sclerosis without stem cells: out of scope."""
    return msc_study(number, **{"title": "Ocrelizumab in Multiple Sclerosis", "intervention": "Ocrelizumab", **changes})


def write_jsonl(path, records):
    """Write records, a line each, and return the path."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path
