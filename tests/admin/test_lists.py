"""The lists of trials and records: filtered as the public list is, with bounded queries, and what is done to many at once."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from alerts.models import Mail, Subscription
from tests.admin.conftest import doubtful_study, person
from tests.builders import make_trial
from tests.studies import msc_study
from therapies.models import Therapy
from trials.admin import bulk, judging
from trials.curation import answer
from trials.derive import conclusion
from trials.filters import TrialFilter
from trials.models import Curation, Family, Record, SyncFailure, SyncRun, Trial, Visit

pytestmark = pytest.mark.django_db

TRIALS = reverse("admin:trials_trial_changelist")
GROWN = {Trial, Record, Curation, Family, SyncRun, User, CrontabSchedule, PeriodicTask, Subscription, Mail}


def ids(client, query=""):
    page = client.get(f"{TRIALS}?{query}")
    assert page.status_code == 200, page
    return {trial.nct_id for trial in page.context["cl"].result_list}


@pytest.fixture
def landscape():
    make_trial(1, approaches={"hsct": "treatment"}, therapies=["ahsct-beam"], countries=["Norway"], status="RECRUITING", phases="PHASE3")
    make_trial(2, approaches={"msc": "follow-up"}, countries=["Spain"], phases="PHASE1/PHASE2", start_date="2011-05", has_results=True)
    make_trial(3, approaches={"msc": "treatment", "other": "comparator"}, countries=["Norway"], sponsor_class="INDUSTRY", start_date="2020")
    make_trial(4, approaches={}, is_listed=False, brief_title="A hidden study", study_type="OBSERVATIONAL", ms_courses=["RRMS"])


@pytest.mark.parametrize(
    "query",
    [
        "approach=hsct", "approach=msc&role=treatment", "role=comparator", "status=RECRUITING", "phase=PHASE2", "country=Norway",
        "therapy=ahsct-beam", "has_results=yes", "start_from=2012", "start_to=2012", "sponsor_class=INDUSTRY", "course=RRMS",
        "study_type=OBSERVATIONAL", "approach=hsct&approach=msc&country=Spain",
    ],
)  # fmt: skip
def test_every_filter_of_the_public_list_means_the_same_here(as_curator, landscape, query):
    asked = TrialFilter(QueryDict(query), Trial.objects.all())

    assert ids(as_curator, query) == {trial.nct_id for trial in asked.qs}
    assert 0 < asked.qs.count() < Trial.objects.count(), "the filter does something"


def test_phases_stand_in_words(as_curator, landscape):
    page = as_curator.get(TRIALS).text
    assert "Phase 1 and phase 2</td>" in page
    assert "PHASE1/PHASE2</td>" not in page


def test_codes_and_lists_of_a_record_stand_in_words_on_its_page(as_curator):
    make_trial(1, study_type="INTERVENTIONAL", status="ACTIVE_NOT_RECRUITING", phases="NA", allocation="NON_RANDOMIZED", sex="FEMALE",
               conditions=["Multiple Sclerosis", "Optic Neuritis"], arms=[{"label": "Cells", "type": "ACTIVE_COMPARATOR"}],
               findings=[{"approach": "hsct", "kind": "cell_source", "value": "fat", "rule": "r", "field": "f", "quote": "q",
                          "confidence": 0.9}])  # fmt: skip

    page = as_curator.get(reverse("admin:trials_trial_change", args=[1])).text

    words = ["Interventional", "Active, not recruiting", "Not applicable", "Not randomised", "Female", "Multiple Sclerosis, Optic Neuritis",
             "Active comparator", "cell source", "Shown to the public"]  # fmt: skip
    assert [text for text in words if text not in page] == []
    codes = ["INTERVENTIONAL", "NOT_RECRUITING", ">NA<", "RANDOMIZED", "FEMALE", "[&quot;", "COMPARATOR", ">cell_source<", "Is listed",
             ">None<"]  # fmt: skip
    assert [code for code in codes if code in page] == []


@pytest.mark.parametrize("name", ["trial", "record"])
def test_filters_are_named_as_people_speak(as_curator, queued, name):
    titles = {spec.title for spec in as_curator.get(reverse(f"admin:trials_{name}_changelist")).context["cl"].filter_specs}

    told = {"trial": {"shown to the public", "MS course"}, "record": {"starter set", "newly in scope", "gone from the registry"}}[name]
    assert told <= titles
    assert not {title for title in titles if title.startswith("is ") or title in {"ms course", "derived version", "gone at"}}


def test_what_the_registry_no_longer_lists_is_found_by_a_filter_in_words(as_curator, queued):
    Record.objects.filter(pk=7).update(gone_at=timezone.now())
    page = as_curator.get(reverse("admin:trials_record_changelist"), {"gone_at__isempty": "0"})

    assert [record.pk for record in page.context["cl"].result_list] == [7]
    [spec] = [spec for spec in page.context["cl"].filter_specs if spec.title == "gone from the registry"]
    assert [(choice["display"], choice["selected"]) for choice in spec.choices(page.context["cl"])] == [
        ("All", False), ("No, it lists them", False), ("Yes", True),
    ]  # fmt: skip


def test_an_address_that_asks_for_counts_of_facets_opens_the_list_without_them(as_curator, landscape):
    page = as_curator.get(f"{TRIALS}?_facets=True")

    assert page.status_code == 200
    assert "Show counts" not in page.text


@pytest.mark.parametrize("name", ["trial", "record"])
@pytest.mark.parametrize("number", ["x", "1_5F", "0"])
def test_there_is_no_life_of_what_does_not_exist(as_curator, queued, name, number):
    assert as_curator.get(reverse(f"admin:trials_{name}_history", args=[number])).status_code == 404


def test_every_parameter_of_the_public_list_is_a_filter_here(as_curator, queued):
    def shown(query=""):
        specs = as_curator.get(f"{TRIALS}?{query}").context["cl"].filter_specs
        return {spec.parameter_name for spec in specs if hasattr(spec, "parameter_name")}

    assert {"approach", "role", "country", "therapy", "rule", "run", "judged", "review"} <= shown()
    for key in TrialFilter.base_filters.keys() - {"q", "sort", "near", "within"} - shown():
        some = "2020-01-31" if key == "updated_since" else "2"
        assert key in shown(f"{key}={some}"), "what has no list of values is a filter once the address gives one"


def test_a_filter_stands_open_where_it_is_in_force(as_curator, landscape):
    page = as_curator.get(f"{TRIALS}?approach=hsct").text

    assert '<details data-filter-title="approach" open>' in page
    assert '<details data-filter-title="country">' in page


def test_a_value_that_means_nothing_is_refused_as_django_s_admin_does(as_curator, landscape):
    assert as_curator.get(f"{TRIALS}?approach=magic").url.endswith("?e=1")


def test_trials_are_found_by_rule_by_judgement_by_reason_and_by_run(as_curator, queued, curator):
    judging.decide(Record.objects.get(pk=1), judging.CONFIRM, by=curator, reason="Read.")
    run = SyncRun.objects.get()
    rule = Trial.objects.get(pk=6).findings.filter(kind="approach").get().rule

    assert ids(as_curator, "judged=yes") == ids(as_curator, "judged=confirm") == {"NCT00000001"}
    assert len(ids(as_curator, "judged=no")) == 5
    assert ids(as_curator, "review=doubt") == ids(as_curator, "review=waits") == {f"NCT{number:08}" for number in range(2, 6)}
    assert "NCT00000006" in ids(as_curator, f"rule={rule}")
    assert len(ids(as_curator, f"run={run.pk}")) == 6
    assert ids(as_curator, "run=12345") == set()
    assert ids(as_curator, "q=biological infusion") == {f"NCT{number:08}" for number in range(1, 6)}


def test_both_values_stand_in_the_list_and_on_the_page(as_curator, queued, curator):
    record = Record.objects.get(pk=6)
    judging.decide(record, answer(conclusion(record).classification, {"hsct": "treatment"}, []), by=curator, reason="It is a transplant.")

    for address in (f"{TRIALS}?q=NCT00000006", reverse("admin:trials_trial_change", args=[6])):
        page = as_curator.get(address).text
        assert "MSC (treatment), 9" in page
        assert "HSCT (treatment)" in page
    assert "It is a transplant." in page
    assert page.count('type="text"') == 0, "what the registry says is not typed into"


def test_the_record_is_linked_and_shown_as_it_came(as_curator, queued):
    page = as_curator.get(reverse("admin:trials_record_change", args=[1])).text

    assert "https://clinicaltrials.gov/study/NCT00000001" in page
    assert "&quot;briefTitle&quot;: &quot;Cells in Multiple Sclerosis&quot;" in page
    assert as_curator.post(reverse("admin:trials_record_change", args=[1]), {"nct_id": "NCT00000099"}).status_code == 403


@pytest.mark.parametrize("query", ["", "approach=msc&country=Norway&q=stem", "judged=no&review=waits", "rule=a-rule"])
def test_the_list_takes_as_many_queries_for_fifty_trials_as_for_one(as_curator, django_assert_max_num_queries, query):
    for number in range(1, 61):
        finding = {"kind": "approach", "value": "msc", "rule": "a-rule", "field": "brief_title", "quote": "cells", "confidence": 0.9}
        make_trial(number, approaches=["msc"], countries=["Norway"], findings=[finding | {"approach": "msc"}], needs_review=True)

    with django_assert_max_num_queries(21):
        as_curator.get(f"{TRIALS}?{query}")


def grow(curator, numbers):
    """A row more, for each number, in every list that a site's own use makes longer."""
    for number in numbers:
        trial = make_trial(number, approaches=["msc"])
        Curation.objects.create(record=trial.record, field="hide", reason="No.", judged_by=person(f"judge {number}", "curator"))
        family = Family.objects.create(name=f"Family {number}", state="confirmed", decided_by=curator, decided_at=timezone.now())
        family.trials.set([trial])
        run = SyncRun.objects.create(kind="full", state="complete", finished_at=timezone.now(), cancel_asked_by=curator)
        SyncFailure.objects.create(run=SyncRun.objects.first(), nct_id=trial.nct_id, reason=f"Broken {number}.")
        crontab = CrontabSchedule.objects.create(minute=number)
        PeriodicTask.objects.create(name=f"Task {number}", task="trials.sync_full", crontab=crontab)
        subscription = Subscription.objects.create(address=f"{number}@example.org", trial=trial, asked_at=run.started_at)
        Mail.objects.create(subscription=subscription, kind="question", made_at=run.started_at, not_before=run.started_at)


def test_lists_and_pages_take_as_many_queries_for_many_rows_as_for_few(admin_client, curator):
    def queries():
        found = {}
        for model, model_admin in admin.site._registry.items():
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            first = model._default_manager.order_by("pk").first()
            for address in [reverse(f"{name}_changelist"), *([reverse(f"{name}_change", args=[first.pk])] if first else [])]:
                if model_admin.model in GROWN:
                    with CaptureQueriesContext(connection) as asked:
                        assert admin_client.get(address).status_code == 200
                    found[address] = len(asked)
        return found

    grow(curator, range(1, 3))
    queries()  # what is asked once and kept
    few = queries()
    grow(curator, range(3, 21))
    many = queries()

    assert len(few) == 2 * len(GROWN)
    assert {address: (few[address], count) for address, count in many.items() if count > few[address]} == {}


def test_the_page_of_a_role_asks_for_its_permissions_together(as_administrator, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        as_administrator.get(reverse("admin:auth_group_change", args=[Group.objects.get(name="administrator").pk]))


# --- many at once -------------------------------------------------------------------------------------------------------------------
def choose(client, action, numbers, **given):
    return client.post(TRIALS, {"action": action, "_selected_action": numbers, **given})


def test_nothing_happens_to_many_before_a_page_that_counts_is_answered(as_curator, queued, curator):
    judging.decide(Record.objects.get(pk=1), judging.EXCLUDE, by=curator, reason="Read.")
    judging.decide(Record.objects.get(pk=2), judging.CONFIRM, by=curator, reason="Read.")
    before = Curation.objects.count()

    asked = choose(as_curator, "confirm_chosen", [1, 2, 3, 6])

    assert "3 will be confirmed" in asked.text
    assert "1 of these were judged before" in asked.text
    assert "1 are excluded" in asked.text
    assert Curation.objects.count() == before

    unreasoned = choose(as_curator, "confirm_chosen", [1, 2, 3, 6], sure="yes", reason="")
    assert "This field is required" in unreasoned.text
    choose(as_curator, "confirm_chosen", [1, 2, 3, 6], sure="yes", reason="All read in one sitting.")
    new = Curation.objects.filter(reason="All read in one sitting.")
    assert set(new.values_list("record", "field")) == {(2, "confirm"), (3, "confirm"), (6, "confirm")}
    assert Trial.objects.get(pk=3).is_listed
    assert not Trial.objects.get(pk=1).is_listed


def test_what_another_judged_meanwhile_is_told_before_many_are_judged(as_curator, as_second, queued, curator):
    judging.decide(Record.objects.get(pk=2), judging.CONFIRM, by=curator, reason="Read.")
    told = dict(choose(as_curator, "confirm_chosen", [1, 2, 3]).context["hidden"])["told"]
    choose(as_second, "confirm_chosen", [2], sure="yes", reason="His, though the counts stay the same.")

    answer = choose(as_curator, "confirm_chosen", [1, 2, 3], sure="yes", reason="Read in one go.", told=told)

    assert "Nothing was done" in answer.text
    assert "Read in one go." in answer.text
    assert not Curation.objects.filter(reason="Read in one go.").exists()
    again = dict(answer.context["hidden"])["told"]
    choose(as_curator, "confirm_chosen", [1, 2, 3], sure="yes", reason="Read in one go.", told=again)
    assert Curation.objects.filter(reason="Read in one go.").count() == 3
    choose(as_curator, "confirm_chosen", [1, 2, 3], sure="yes", reason="Read in one go.", told=again)
    assert Curation.objects.filter(reason="Read in one go.").count() == 3, "a second press is told too"


def test_many_are_excluded_or_assigned_a_therapy(as_curator, queued):
    choose(as_curator, "exclude_chosen", [1, 6], sure="yes", reason="Duplicates.")
    assert set(Trial.objects.filter(pk__in=[1, 6]).values_list("is_listed", flat=True)) == {False}

    therapy = Therapy.objects.get(slug="uc-msc")
    assert "2 will be said to test the therapy" in choose(as_curator, "assign_therapy", [2, 3]).text
    choose(as_curator, "assign_therapy", [2, 3], sure="yes", reason="The protocol says so.", therapy=therapy.pk)
    assert set(Curation.objects.filter(field="therapy").values_list("record", "therapy__slug")) == {(2, "uc-msc"), (3, "uc-msc")}


def test_all_of_a_filtered_list_can_be_chosen_across_its_pages(as_curator, queued):
    asked = as_curator.post(
        f"{TRIALS}?review=doubt", {"action": "exclude_chosen", "select_across": "1", "_selected_action": [1], "index": 0}
    )

    assert "5 will be excluded" in asked.text
    assert ("select_across", "1") in asked.context["hidden"]


def test_too_many_are_refused(as_curator, queued, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_JUDGED", 2)

    answer = as_curator.post(TRIALS, {"action": "exclude_chosen", "_selected_action": [1, 2, 3]}, follow=True)

    assert "at most 2 at once" in answer.text


def test_a_curator_who_may_not_judge_sees_no_such_action(as_curator, queued, curator):
    curator.groups.get().permissions.remove(*curator.groups.get().permissions.filter(codename="add_curation"))

    page = as_curator.get(TRIALS)
    assert "confirm_chosen" not in page.text
    choose(as_curator, "exclude_chosen", [1], sure="yes", reason="No.")
    assert not Curation.objects.exists()


# --- a life -------------------------------------------------------------------------------------------------------------------------
def test_the_history_shows_what_syncs_changed_and_who_judged_what_side_by_side(as_curator, curator, take_in):
    record = take_in(msc_study(1))
    judging.decide(record, judging.CONFIRM, by=curator, reason="Read it all.")
    take_in(msc_study(1, status="TERMINATED"))
    judging.withdraw(Curation.objects.all(), by=curator, why="On second thoughts.")

    for name in ("trial", "record"):
        page = as_curator.get(reverse(f"admin:trials_{name}_history", args=[1]))
        sides = [(event.side, event.what) for event in page.context["events"]]
        assert sides == [
            ("curator", "Withdrawn: Our rules are right: MSC"),
            ("registry", "Changed:"),
            ("curator", "Our rules are right: MSC"),
            ("registry", "First seen in the registry."),
        ]
        for words in ("Read it all.", "On second thoughts.", "RECRUITING", "TERMINATED"):
            assert words in page.text


# --- the first page and the rule book -----------------------------------------------------------------------------------------------
def test_the_first_page_tells_what_happened_and_what_waits(as_curator, curator, queued, take_in, django_assert_max_num_queries):
    first = as_curator.get(reverse("admin:index"))
    assert "This is your first" in first.text
    assert first.context["waiting"] == 5
    assert first.context["latest"].created == 7

    Record.objects.update(first_seen_at=timezone.now() - dt.timedelta(days=9))
    Visit.objects.filter(user=curator).update(looked_at=timezone.now() - dt.timedelta(hours=5))
    take_in(doubtful_study(8), doubtful_study(1, status="COMPLETED"))
    for _ in range(2):  # the second look is the same visit
        with django_assert_max_num_queries(34):
            news = as_curator.get(reverse("admin:index")).context["news"]
        assert [trial.nct_id for trial in news.new] == ["NCT00000008"]
        assert [trial.nct_id for trial in news.changed] == ["NCT00000001"]


def test_the_rule_book_counts_what_each_rule_holds_for_and_who_overruled_it(as_curator, queued, curator):
    def entry_of(rule):
        groups = as_curator.get(reverse("curating:rules")).context["groups"]
        return next(entry for group in groups.values() for id, entry in group if id == rule)

    certain = Trial.objects.get(pk=6).findings.get(kind="approach").rule
    doubtful = Trial.objects.get(pk=1).findings.get(kind="approach").rule
    assert entry_of(certain).overruled_by == []
    record = Record.objects.get(pk=6)
    judging.decide(record, answer(conclusion(record).classification, {"hsct": "treatment"}, []), by=curator, reason="Read.")
    judging.decide(Record.objects.get(pk=1), judging.CONFIRM, by=curator, reason="Read.")

    assert entry_of(certain).overruled_by == [("ada", 1)]
    assert entry_of(doubtful).confirmed == 1
    assert entry_of(doubtful).trials == Trial.objects.filter(findings__rule=doubtful).distinct().count()
    page = as_curator.get(reverse("curating:rules")).text
    assert escape(entry_of(certain).rule.reason) in page
    assert "Overruled most" in page
