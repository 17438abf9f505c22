"""Why a study is shown as it is: every statement with the rule, the field and the words behind it, as plain data.

Works from the stored record, in scope or not. `manage.py explain` prints it.
"""

from dataclasses import asdict

from trials.derive import VERSION, Derived, conclusion
from trials.eligibility import Limits
from trials.models import Curation, Record


def explain(record: Record) -> dict:
    """Return the whole reasoning on one record, ready for JSON.

    Keys: `nct_id`, `title`, `rules` (version), `in_scope`, `scope_reason`, `is_listed`, `review`, `condition`, `approaches` (each with its
    findings), `mentions`, `judgements` (standing ones) and `eligibility` (each fact with its state and quotes).
    """
    derived = conclusion(record)
    study = derived.study
    found = derived.classification
    return {
        "nct_id": record.nct_id,
        "title": study.brief_title,
        "rules": VERSION,
        "in_scope": derived.in_scope,
        "scope_reason": derived.scope_reason,
        "is_listed": derived.effective.is_listed,
        "review": list(derived.effective.review_reasons),
        "condition": asdict(found.condition) if found.condition else None,
        "approaches": [
            {"approach": match.approach.value, "role": match.role.value, "findings": [asdict(finding) for finding in match.findings]}
            for match in found.matches
        ],
        "mentions": [asdict(finding) for finding in found.mentions],
        "shown": [asdict(item) for item in derived.effective.approaches],
        "therapies": list(derived.effective.therapies),
        "judgements": [
            {
                "field": curation.field,
                "approach": curation.approach and curation.approach.slug,
                "role": curation.role,
                "therapy": curation.therapy and curation.therapy.slug,
                "reason": curation.reason,
                "by": curation.judged_by.get_username(),
                "at": curation.judged_at.isoformat(),
            }
            for curation in Curation.objects.filter(record=record, withdrawn_at=None).select_related("approach", "therapy", "judged_by")
        ],
        "eligibility": _eligibility(derived),
    }


def _eligibility(derived: Derived) -> dict:
    read = derived.eligibility
    limits = {
        "age_years": read.age,
        "edss": read.edss,
        "years_since_onset": read.duration_since_onset,
        "years_since_diagnosis": read.duration_since_diagnosis,
    }
    single = {name: getattr(read, name) for name in ("sex", "pregnancy", "breast_feeding", "contraception", "previous_stem_cells")}
    return {
        **{name: _limits(value) for name, value in limits.items()},
        "ms_courses": {
            "state": read.courses.state,
            "accepted": [asdict(course) for course in read.courses.accepted],
            "excluded": [asdict(course) for course in read.courses.excluded],
        },
        **{name: asdict(fact) if fact else {"state": "not stated"} for name, fact in single.items()},
        "activity": [asdict(fact) for fact in read.activity],
        "treatment_failure": [asdict(fact) for fact in read.treatment_failure],
        "criteria": [asdict(criterion) for criterion in read.criteria],
    }


def _limits(limits: Limits) -> dict:
    return {
        "state": limits.state,
        "minimum": asdict(limits.minimum) if limits.minimum else None,
        "maximum": asdict(limits.maximum) if limits.maximum else None,
        "quotes": [asdict(quote) for quote in limits.quotes],
    }
