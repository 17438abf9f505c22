"""What is shown follows from what the classifier and the curators said, and from nothing else."""

import pytest

from therapies.evidence import Classification, Finding, Match
from trials.curation import Effective, EffectiveApproach, Judgement, Statement, answer, resolve, statements_from, statements_of


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
    assert resolve(Classification(MS), is_new=True) == Effective((), (), False, ("New in scope.",))


def test_where_all_is_taken_a_study_is_listed_whatever_it_tests_unless_a_curator_excludes_it():
    assert resolve(Classification(None), takes_all=True) == Effective((), (), True, ())
    assert resolve(DOUBT, takes_all=True).is_listed
    assert not resolve(Classification(None), [Judgement("hide")], takes_all=True).is_listed


def test_a_curator_confirms_what_was_in_doubt():
    effective = resolve(DOUBT, [Judgement("confirm", confirmed=statements_of(DOUBT))])

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


def test_a_judgement_whose_ground_has_changed_stands_and_returns_to_the_queue():
    effective = resolve(FACT, [Judgement("approach", approach="hsct", role="treatment", changed=("official_title", "arms"))])

    assert {item.approach for item in effective.approaches} == {"msc", "hsct"}
    assert effective.is_listed
    assert effective.review_reasons == ("Changed since it was judged: official title, arms.",)


def test_an_exclusion_whose_ground_has_changed_returns_to_the_queue_and_stays_unlisted():
    effective = resolve(FACT, [Judgement("hide", changed=("brief_title",))])

    assert (effective.is_listed, effective.review_reasons) == (False, ("Changed since it was judged: brief title.",))


def test_the_ground_of_a_judgement_that_another_has_replaced_no_longer_counts():
    judgements = [Judgement("approach", approach="msc", role="treatment", changed=("arms",)), Judgement("not_approach", approach="msc")]

    assert resolve(FACT, judgements).review_reasons == ()


def test_a_confirmation_stands_when_the_rules_change_their_mind_and_asks_for_another_look():
    confirmation = Judgement("confirm", confirmed=statements_of(FACT))

    effective = resolve(Classification(MS, (match(role="follow-up"),)), [confirmation])

    assert [(item.approach, item.role, item.origin) for item in effective.approaches] == [("msc", "treatment", "curator")]
    assert effective.review_reasons == ("The rules now say msc (follow-up, bm-msc), where msc (treatment, bm-msc) was confirmed.",)


def test_a_confirmation_outlives_the_rule_that_it_confirmed():
    effective = resolve(Classification(MS), [Judgement("confirm", confirmed=statements_of(FACT))])

    assert ([item.approach for item in effective.approaches], effective.therapies) == (["msc"], ("bm-msc",))
    assert effective.review_reasons == ("The rules now say nothing, where msc (treatment, bm-msc) was confirmed.",)


def test_a_confirmation_blesses_nothing_that_the_rules_found_later():
    later = Classification(MS, (match(), match("hsct", confidence=0.4, therapy="ahsct")))

    effective = resolve(later, [Judgement("confirm", confirmed=statements_of(FACT))])

    assert [item.approach for item in effective.approaches] == ["msc"]
    assert "Below the bar: hsct." in effective.review_reasons


def test_a_confirmation_takes_the_place_of_what_was_judged_before_but_lifts_no_exclusion():
    before = [Judgement("not_approach", approach="msc"), Judgement("therapy", therapy="uc-msc"), Judgement("hide")]
    confirmation = Judgement("confirm", confirmed=statements_of(FACT))

    effective = resolve(FACT, [*before, confirmation])

    assert ([item.approach for item in effective.approaches], effective.therapies) == (["msc"], ("bm-msc",))
    assert not effective.is_listed


def test_an_approach_taken_away_after_a_confirmation_takes_the_confirmed_therapies_with_it():
    confirmation = Judgement("confirm", confirmed=(Statement("msc", "treatment", ("uc-msc",)),))

    assert resolve(Classification(MS), [confirmation, Judgement("not_approach", approach="msc")]).therapies == ()


def test_a_study_new_in_scope_is_queued_though_certain_until_it_is_judged():
    assert resolve(FACT, is_new=True).review_reasons == ("New in scope.",)
    assert resolve(FACT, is_new=True).is_listed
    assert resolve(FACT, [Judgement("approach", approach="msc", role="treatment")], is_new=True).review_reasons == ()


def test_what_was_confirmed_is_read_back_from_stored_findings():
    both = Classification(MS, (match(), match("other", role="comparator", therapy="svf")))
    stored = [{"approach": "", "kind": "condition", "value": "studied"}]
    stored += [
        {"approach": item.approach.value, "kind": found.kind, "value": found.value} for item in both.matches for found in item.findings
    ]

    assert statements_from(stored) == statements_of(both)


@pytest.mark.parametrize(
    "classified", [FACT, DOUBT, Classification(MS), Classification(None), Classification(MS, (match(), match("other", therapy="svf")))]
)
@pytest.mark.parametrize("roles", [{}, {"msc": "treatment"}, {"msc": "follow-up", "hsct": "comparator"}])
@pytest.mark.parametrize("therapies", [set(), {"uc-msc"}, {"bm-msc", "svf"}])
def test_an_answer_shows_exactly_what_was_chosen_and_leaves_nothing_to_decide(classified, roles, therapies):
    judgements = [
        Judgement("confirm", confirmed=statements_of(classified)) if judgement.field == "confirm" else judgement
        for judgement in answer(classified, roles, therapies)
    ]

    effective = resolve(classified, judgements)

    assert {item.approach: item.role for item in effective.approaches} == roles
    assert set(effective.therapies) == therapies
    assert not effective.needs_review


def test_an_answer_that_says_what_the_classifier_says_is_a_confirmation():
    assert answer(DOUBT, {"msc": "treatment"}, {"bm-msc"}) == (Judgement("confirm"),)
