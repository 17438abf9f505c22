"""The review queue by plain forms: what a curator sees, presses, and what becomes of it."""

import re

import pytest
from django.urls import reverse

from tests.admin.conftest import doubtful_study
from tests.studies import msc_study
from trials.admin import judging
from trials.admin.review import difference, marked
from trials.curation import Judgement
from trials.derive import rederive
from trials.models import Curation, Record, Trial

pytestmark = pytest.mark.django_db


def screen(nct_id):
    return reverse("curating:review", args=[nct_id])


def form_of(response, **given):
    """What a browser sends of the screen's form as it stands, with what was typed."""
    form = response.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (fields | given).items() if value not in (None, "")}


def press(client, nct_id, decision, **given):
    page = client.get(screen(nct_id))
    return client.post(screen(nct_id), form_of(page, decision=decision, **given))


def standing(pk):
    return {curation.value for curation in Curation.objects.filter(record=pk, withdrawn_at=None)}


def test_the_queue_tells_how_many_wait_and_why(as_curator, queued):
    page = as_curator.get(reverse("curating:queue"))

    assert "5 trials wait" in page.text
    assert [number for _, number in page.context["kinds"]] == [0, 5, 0]


def test_the_screen_shows_the_record_with_the_words_marked_and_each_statement_with_its_rule(as_curator, queued):
    page = as_curator.get(screen("NCT00000001"))

    marks = re.findall("<mark>(.*?)</mark>", page.text)
    assert any("mesenchymal stem cells" in words for words in marks)
    assert "Multiple Sclerosis" in marks
    row = next(row for row in page.context["rows"] if row.kind == "approach")
    assert (row.value, row.is_fact) == ("msc", False)
    assert row.finding.rule in page.text
    assert f"{row.percent} %" in page.text
    for words in ("Cells in Multiple Sclerosis", "Biological infusion", "Below the bar: msc."):
        assert words in page.text


def test_confirming_lists_the_trial_and_opens_the_next(as_curator, curator, queued):
    answer = press(as_curator, "NCT00000001", "confirm")

    assert answer.url == reverse("curating:next")
    assert as_curator.get(answer.url).url == screen("NCT00000002")
    curation = Curation.objects.get()
    assert (curation.field, curation.judged_by, bool(curation.reason)) == ("confirm", curator, True)
    assert {found["rule"] for found in curation.findings}
    trial = Trial.objects.get(pk=1)
    assert (trial.is_listed, trial.needs_review) == (True, False)
    assert list(trial.trial_approaches.values_list("approach__slug", "origin")) == [("msc", "curator")]


def test_the_ready_reason_and_one_s_own_words_are_both_kept(as_curator, queued):
    press(as_curator, "NCT00000001", "confirm", ready="No stem cells are given.", reason="See page 3.", source_url="https://example.org/p")

    curation = Curation.objects.get()
    assert (curation.reason, curation.source_url) == ("No stem cells are given. See page 3.", "https://example.org/p")


def test_a_choice_of_approach_role_and_therapy_is_what_is_shown(as_curator, queued):
    press(as_curator, "NCT00000001", "restate", **{"role-msc": "follow-up", "role-other": "comparator", "therapies": ["uc-msc"]})

    trial = Trial.objects.get(pk=1)
    assert set(trial.trial_approaches.values_list("approach__slug", "role")) == {("msc", "follow-up"), ("other", "comparator")}
    assert [therapy.slug for therapy in trial.therapies.all()] == ["uc-msc"]
    assert not trial.needs_review
    rederive()
    assert set(trial.trial_approaches.values_list("approach__slug", "role")) == {("msc", "follow-up"), ("other", "comparator")}


def test_an_excluded_trial_is_seen_by_nobody_and_can_be_brought_back(as_curator, queued):
    press(as_curator, "NCT00000006", "exclude", ready="It is a duplicate of another record.")
    assert not Trial.objects.get(pk=6).is_listed

    refused = press(as_curator, "NCT00000006", "confirm")
    assert refused.status_code == 422
    assert "Withdraw the exclusion first" in refused.text

    address = reverse("curating:withdraw", args=["NCT00000006", Curation.objects.get().pk])
    as_curator.post(address, {"why": "Not the same study after all."})
    assert Trial.objects.get(pk=6).is_listed
    assert Curation.objects.get().withdrawn_why == "Not the same study after all."


def test_a_skipped_trial_comes_last_when_asked_for_and_its_words_stay_as_a_note(as_curator, queued):
    press(as_curator, "NCT00000001", "skip", reason="Ask the sponsor.")

    assert as_curator.get(reverse("curating:next")).url == screen("NCT00000002")
    for number in range(2, 6):
        press(as_curator, f"NCT{number:08}", "skip")
    assert as_curator.get(reverse("curating:next")).url == reverse("curating:queue")
    assert as_curator.get(f"{reverse('curating:next')}?again").url == screen("NCT00000001")
    assert list(Curation.objects.values_list("field", "reason")) == [("note", "Ask the sponsor.")]
    assert Trial.objects.get(pk=1).needs_review, "a note judges nothing"


def test_what_no_rule_found_can_be_judged_in(as_curator, queued):
    nothing = press(as_curator, "NCT00000007", "confirm")
    assert (nothing.status_code, Curation.objects.count()) == (422, 0)
    assert "nothing to confirm" in nothing.text

    press(as_curator, "NCT00000007", "restate", **{"role-hsct": "treatment"})
    assert Trial.objects.listed().filter(pk=7).exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"decision": "restate", "role-msc": ""}, "You chose no approach"),
        ({"decision": "keep"}, "nothing to keep"),
        ({"decision": "note"}, "Write the note."),
        ({"decision": "abracadabra"}, "Press one of the buttons"),
        ({"decision": "confirm", "source_url": "not an address"}, "Enter a valid URL"),
        ({"decision": "restate", "role-msc": "wizard"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said_in_words_and_loses_nothing(as_curator, queued, given, words):
    page = as_curator.get(screen("NCT00000001"))
    values = form_of(page, reason="Typed.") if given["decision"] != "note" else form_of(page)

    answer = as_curator.post(screen("NCT00000001"), values | given)

    assert answer.status_code == 422
    assert words in answer.text
    assert given["decision"] == "note" or "Typed." in answer.text
    assert not Curation.objects.exists()


def test_the_second_of_two_curators_is_told_and_loses_nothing(as_curator, as_second, queued):
    mine, yours = as_curator.get(screen("NCT00000001")), as_second.get(screen("NCT00000001"))
    as_curator.post(screen("NCT00000001"), form_of(mine, decision="exclude", reason="No cells at all."))

    told = as_second.post(
        screen("NCT00000001"), form_of(yours, decision="confirm", reason="The summary is clear.", **{"role-msc": "follow-up"})
    )

    assert told.status_code == 409
    assert "ada judged it" in told.text
    assert "No cells at all." in told.text
    assert "The summary is clear." in told.text
    assert told.context["form"]["role-msc"].value() == "follow-up"
    assert standing(1) == {"Excluded: do not list"}

    again = as_second.post(screen("NCT00000001"), form_of(told, decision="keep", reason="Agreed after all."))
    assert again.status_code == 302
    rows = Curation.objects.order_by("pk").select_related("judged_by")
    assert [(row.judged_by.username, row.withdrawn_at is None) for row in rows] == [("ada", False), ("ben", True)]


def test_a_record_that_a_sync_changed_while_it_was_read_is_told_too(as_curator, queued, take_in):
    page = as_curator.get(screen("NCT00000001"))
    take_in(doubtful_study(1, title="Cells, amended, in Multiple Sclerosis"))

    told = as_curator.post(screen("NCT00000001"), form_of(page, decision="confirm"))

    assert told.status_code == 409
    assert "A sync has brought in a changed record" in told.text
    assert not Curation.objects.exists()


def test_a_trial_comes_back_with_what_changed_and_can_be_kept(as_curator, queued, take_in):
    press(as_curator, "NCT00000001", "restate", **{"role-msc": "treatment", "therapies": ["bm-msc"]})
    take_in(doubtful_study(1, summary="People with multiple sclerosis receive mesenchymal stem cells from fat.", countries=["Sweden"]))

    page = as_curator.get(screen("NCT00000001"))
    assert as_curator.get(reverse("curating:next")).url == screen("NCT00000001"), "before those below the bar"
    assert "Changed since it was judged: brief summary." in page.text
    assert "<del>bone marrow.</del> <ins>fat.</ins>" in page.text
    assert Trial.objects.get(pk=1).is_listed, "the judgement stands meanwhile"

    press(as_curator, "NCT00000001", "keep")
    trial = Trial.objects.get(pk=1)
    assert not trial.needs_review
    assert [therapy.slug for therapy in trial.therapies.all()] == ["bm-msc"]


def test_a_change_of_places_and_status_brings_nothing_back(as_curator, queued, take_in):
    press(as_curator, "NCT00000001", "confirm")

    take_in(doubtful_study(1, status="COMPLETED", countries=["Sweden", "Norway"]))

    assert not Trial.objects.get(pk=1).needs_review


def test_a_judgement_is_replaced_by_a_later_one_and_never_edited(as_curator, as_second, queued):
    press(as_curator, "NCT00000001", "confirm", reason="First.")
    before = Curation.objects.values("reason", "basis", "findings", "judged_at", "judged_by").get()
    press(as_second, "NCT00000001", "restate", reason="Second.", **{"role-msc": "comparator"})

    first = Curation.objects.order_by("pk").first()
    assert {name: getattr(first, f"{name}_id" if name == "judged_by" else name) for name in before} == before
    assert (first.withdrawn_by.username, first.withdrawn_why) == ("ben", judging.REPLACED)
    page = as_curator.get(screen("NCT00000001"))
    assert "First." in page.text
    assert "Second." in page.text


def test_one_judgement_beside_others_replaces_only_what_is_about_the_same(curator, queued):
    record = Record.objects.get(pk=6)
    for therapy in ("uc-msc", "ad-msc"):
        judging.decide(record, [Judgement("therapy", therapy=therapy)], by=curator, reason="Read.", replaces_all=False)
    judging.decide(record, [Judgement("not_therapy", therapy="uc-msc")], by=curator, reason="Read again.", replaces_all=False)

    assert {item.slug for item in Trial.objects.get(pk=6).therapies.all()} == {"ad-msc", "bm-msc"}


def test_each_screen_takes_as_many_queries_for_many_arms_as_for_one(as_curator, queued, take_in, django_assert_max_num_queries):
    record = msc_study(9)
    record["protocolSection"]["armsInterventionsModule"]["armGroups"] *= 30
    take_in(record)

    with django_assert_max_num_queries(25):
        as_curator.get(screen("NCT00000009"))


def test_marks_escape_the_record_and_share_what_overlaps():
    assert marked("bone marrow cells", ["bone marrow", "marrow cells"]) == "<mark>bone marrow cells</mark>"
    assert marked("<b>stem cells & stem</b>", ["stem", "stem cells"]) == (
        "&lt;b&gt;<mark>stem cells</mark> &amp; <mark>stem</mark>&lt;/b&gt;"
    )
    assert difference("cells from <fat>", "cells from bone & marrow") == "cells from <del>&lt;fat&gt;</del> <ins>bone &amp; marrow</ins>"


def test_a_study_we_have_not_met_is_not_found(as_curator):
    assert as_curator.get(screen("NCT99999999")).status_code == 404
