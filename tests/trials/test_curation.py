"""What is shown follows from what the classifier and the curators said, and from nothing else."""

from therapies.evidence import Classification, Finding, Match
from trials.curation import Effective, EffectiveApproach, Judgement, resolve


def finding(kind, value, confidence=0.95):
    return Finding(kind, value, f"{kind}-rule", "brief_title", "the words", confidence)


def match(approach="msc", confidence=0.95, role="treatment", therapy="bm-msc"):
    return Match(
        approach=finding("approach", approach, confidence),
        role=finding("role", role),
        therapies=(finding("therapy", therapy),),
        donors=(finding("donor", "autologous"), finding("donor", "allogeneic", 0.4)),
        routes=(finding("route", "intrathecal"),),
    )


MS = finding("condition", "studied")
FACT = Classification(MS, (match(),))
DOUBT = Classification(MS, (match(confidence=0.4),))
SHOWN = EffectiveApproach("msc", "treatment", ("autologous",), (), ("intrathecal",), 0.95, "classifier")


def test_a_fact_is_shown_without_what_is_below_the_bar():
    assert resolve(FACT) == Effective((SHOWN,), ("bm-msc",), True, ())


def test_what_is_below_the_bar_waits_for_a_curator():
    assert resolve(DOUBT) == Effective((), (), False, ("Below the bar: msc.",))


def test_a_disease_that_is_only_named_waits_for_a_curator():
    named = Classification(finding("condition", "named", 0.5), (match(),))

    assert resolve(named) == Effective((), (), False, ("It is not certain that multiple sclerosis is studied.",))


def test_nothing_found_is_nothing_shown():
    assert resolve(Classification(MS)) == Effective((), (), False, ())


def test_a_curator_confirms_what_was_in_doubt():
    effective = resolve(DOUBT, [Judgement("confirm")])

    expected = EffectiveApproach("msc", "treatment", ("autologous", "allogeneic"), (), ("intrathecal",), 1.0, "curator")
    assert effective == Effective((expected,), ("bm-msc",), True, ())


def test_a_curator_changes_the_role():
    effective = resolve(FACT, [Judgement("approach", approach="msc", role="follow-up")])

    assert [(item.approach, item.role, item.origin) for item in effective.approaches] == [("msc", "follow-up", "curator")]
    assert effective.therapies == ("bm-msc",)
    assert effective.is_listed


def test_a_curator_judges_a_study_in_that_no_rule_found():
    effective = resolve(Classification(None), [Judgement("approach", approach="ipsc", role="treatment")])

    assert effective == Effective((EffectiveApproach("ipsc", "treatment"),), (), True, ())


def test_a_curator_takes_an_approach_away_and_its_therapy_with_it():
    both = Classification(MS, (match(), match("other", therapy="svf")))

    effective = resolve(both, [Judgement("not_approach", approach="other")])

    assert [item.approach for item in effective.approaches] == ["msc"]
    assert effective.therapies == ("bm-msc",)


def test_a_therapy_that_a_curator_asked_for_outlives_the_approach_it_was_found_with():
    effective = resolve(FACT, [Judgement("therapy", therapy="bm-msc"), Judgement("not_approach", approach="msc")])

    assert effective.therapies == ("bm-msc",)
    assert not effective.is_listed


def test_therapies_are_added_and_taken_away():
    effective = resolve(FACT, [Judgement("therapy", therapy="uc-msc"), Judgement("not_therapy", therapy="bm-msc")])

    assert effective.therapies == ("uc-msc",)


def test_a_hidden_study_is_neither_listed_nor_queued():
    effective = resolve(DOUBT, [Judgement("hide")])

    assert (effective.is_listed, effective.needs_review) == (False, False)


def test_the_last_judgement_of_an_approach_stands():
    judgements = [Judgement("not_approach", approach="msc"), Judgement("approach", approach="msc", role="comparator")]

    assert [item.role for item in resolve(FACT, judgements).approaches] == ["comparator"]


def test_a_judgement_that_the_record_has_outrun_stands_and_returns_to_the_queue():
    effective = resolve(FACT, [Judgement("approach", approach="hsct", role="treatment", is_outdated=True)])

    assert {item.approach for item in effective.approaches} == {"msc", "hsct"}
    assert effective.is_listed
    assert effective.review_reasons == ("The record has changed since it was judged.",)
