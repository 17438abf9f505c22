"""Any text is answered, the same way twice, with quotes that stand in it, in time that grows as it does."""

import dataclasses
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.evaluation.classifier import quoted
from tests.steps import steps
from tests.therapies import asking
from tests.therapies import studies_of_the_field as field
from tests.therapies.asking import study
from therapies import rules
from therapies.classifier import classify
from therapies.evidence import ArmEvidence, Evidence, InterventionEvidence

pytestmark = pytest.mark.storeless


WORDS = st.sampled_from(
    "autologous mesenchymal stem cells hematopoietic transplantation iPSC MSC HSCT exosomes multiple sclerosis without prior after versus "
    "bone marrow umbilical cord BEAM ATG intravenous İstanbul ﬁbre MS stem-cell CD34+ . , ; ( ) \n not received".split(" ")
)
TEXT = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=25).map(" ".join))
EVIDENCE = st.builds(
    Evidence,
    nct_id=st.just("NCT00000000"),
    brief_title=TEXT,
    official_title=TEXT,
    study_type=st.sampled_from(["", "INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS", "NEW"]),
    primary_purpose=st.sampled_from(["", "TREATMENT", "SUPPORTIVE_CARE", "DIAGNOSTIC"]),
    conditions=st.lists(TEXT, max_size=3).map(tuple),
    keywords=st.lists(TEXT, max_size=3).map(tuple),
    interventions=st.lists(st.builds(InterventionEvidence, name=TEXT, description=TEXT), max_size=3).map(tuple),
    arms=st.lists(
        st.builds(ArmEvidence, label=TEXT, type=st.sampled_from(["EXPERIMENTAL", "ACTIVE_COMPARATOR", ""]), description=TEXT), max_size=3
    ).map(tuple),
    brief_summary=TEXT,
    detailed_description=TEXT,
    eligibility_criteria=TEXT,
)


@settings(deadline=None, max_examples=300)
@given(EVIDENCE)
def test_any_text_is_answered_the_same_way_twice_with_verbatim_quotes(evidence):
    found = classify(evidence)
    assert found == classify(evidence)
    everything = [finding for match in found.matches for finding in match.findings] + list(found.mentions)
    for finding in everything + ([found.condition] if found.condition else []):
        assert quoted(evidence, finding), finding
        assert 0 < finding.confidence <= 1
    assert [match.approach.value for match in found.matches] == [
        approach for approach in rules.APPROACHES if approach in {match.approach.value for match in found.matches}
    ]


@settings(deadline=None, max_examples=200)
@given(EVIDENCE, TEXT)
@example(Evidence("NCT00000000", "HSCT", conditions=("Leukemia",), eligibility_criteria="Autologous"), "HCT")
def test_an_exclusion_criterion_changes_no_match(evidence, criterion):
    longer = dataclasses.replace(evidence, eligibility_criteria=f"{evidence.eligibility_criteria}\nExclusion Criteria:\n* {criterion}")
    assert classify(longer).matches == classify(evidence).matches


@pytest.mark.parametrize(
    "piece", ["mesenchymal", "stem cell ", "autologous ", "a", " ", "hematopoietic stem ", "not received ", "İ", "stem _", "_", "stem+"]
)
def test_a_very_long_text_is_answered(piece):
    text = piece * 20_000
    assert classify(Evidence("NCT00000000", brief_title=text, brief_summary=text, eligibility_criteria=text)) is not None


@pytest.mark.parametrize(
    "piece",
    ["mesenchymal stem cells ", "car", "autologous hsct. ", "cord blood ", "without prior stem cells, ", "msc-", "stem cells, iv\n"],
)
def test_work_grows_as_the_text_does(piece):
    """Steps of the interpreter: eight times the text takes at most about eight times the steps; what a pattern does in one is bounded."""

    def work(length):
        text = piece * (length // len(piece))
        return steps(lambda: classify(study(text, text, brief_summary=text, detailed_description=text, eligibility_criteria=text)))

    small, large = work(2_000), work(16_000)
    assert large <= 10 * small + 2_000


def worded(evidence, change):
    """The study with every text changed by a function; the registry's codes stay."""

    def changed(value):
        if isinstance(value, str):
            return change(value)
        if isinstance(value, tuple):
            return tuple(map(changed, value))
        codes = {"nct_id", "study_type", "primary_purpose", "type"}
        return dataclasses.replace(
            value, **{f.name: changed(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name not in codes}
        )

    return changed(evidence)


@pytest.mark.parametrize(
    "dress",
    [
        lambda study: worded(study, str.upper),
        lambda study: worded(study, lambda text: re.sub(r"([Hh])(ematop|emopo)", r"\1a\2", text)),
        lambda study: worded(study, lambda text: re.sub(r"\b([Ss])tem ([Cc])ell", r"\1tem-\2ell", text)),
        lambda study: worded(study, lambda text: re.sub(r"([<>\[\]*_])", r"\\\1", text)),
        lambda study: dataclasses.replace(
            study, interventions=study.interventions[::-1], arms=study.arms[::-1], keywords=study.keywords[::-1]
        ),
        lambda study: dataclasses.replace(study, brief_title=study.official_title or study.brief_title, official_title=study.brief_title),
    ],
    ids=["capitals", "British", "hyphens", "escaped", "the other way round", "titles swapped"],
)
def test_the_same_study_in_another_dress_gets_the_same_answer(dress):
    def answer(evidence):
        return {
            (match.approach.value, match.role.value, *sorted(finding.value for finding in (*match.therapies, *match.donors)))
            for match in classify(evidence).matches
        }

    lines = [(*line, *asking.MS) for line in field.STUDIES] + field.OTHER_DISEASES
    studies = [study(title, *names, **{"conditions": (condition,), **more}) for title, names, _, _, more, condition in lines]
    assert [plain.brief_title for plain in studies if answer(dress(plain)) != answer(plain)] == []
