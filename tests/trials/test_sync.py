"""The sync against the registry's stand-in, over real HTTP, into a real database."""

import copy
import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.standin import RegistryServer
from tests.studies import drug_study, msc_study, write_jsonl
from therapies.models import Approach
from trials import models
from trials.basis import basis_of
from trials.derive import PARTS, conclusion, rederive
from trials.evidence import evidence_of
from trials.models import Curation, Record, SyncRun, Trial
from trials.registry.client import Client
from trials.sync import BATCH, Request, _Run, sync

pytestmark = pytest.mark.django_db

DERIVED = (models.Finding, models.TrialApproach, models.TrialTherapy, models.TrialCountry, models.Alias)


@pytest.fixture
def registry():
    with RegistryServer([*(msc_study(number) for number in range(1, 41)), *(drug_study(number) for number in range(101, 141))]) as server:
        yield server


@pytest.fixture
def run(registry):
    """Call a sync against the stand-in and return its run."""

    def call(**request):
        client = Client(registry.url, user_agent="TrialTracker tests", pace_seconds=0, retries=2, sleep=lambda seconds: None)
        return sync(Request(**request), client=client)

    return call


def rows():
    """Everything that a sync writes, as comparable values, without the times of writing and the keys of child rows."""
    found = {"records": list(Record.objects.order_by("pk").values_list("pk", "payload", "in_scope", "gone_at", "in_sweep"))}
    found["trials"] = list(Trial.objects.order_by("pk").values())
    for model in (*PARTS, *DERIVED):
        found[model.__name__] = [
            {name: value for name, value in row.items() if name != "id"} for row in model.objects.order_by("pk").values()
        ]
    return found


def test_the_first_sync_takes_in_the_scope_and_lists_what_uses_stem_cells(run):
    result = run()

    assert (result.kind, result.state) == ("full", "complete")
    assert result.summary == "fetched=80 created=80 updated=0 unchanged=0 missing=0 failed=0"
    assert Record.objects.filter(in_scope=False).count() == 40
    trial = Trial.objects.listed().get(nct_id="NCT00000001")
    assert list(trial.approaches.values_list("slug", flat=True)) == ["msc"]
    assert (trial.edss_min, trial.edss_max, trial.countries, trial.phase_words) == (3.0, 6.5, ["Norway"], "Phase 2")
    assert not Trial.objects.filter(nct_id="NCT00000101").exists()


def test_a_second_sync_reports_all_unchanged_and_writes_no_study(run):
    run()
    before = rows()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = run(full=True)

    assert result.summary == "fetched=80 created=0 updated=0 unchanged=80 missing=0 failed=0"
    assert rows() == before
    writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes
    assert all("trials_syncrun" in sql or "trials_listing" in sql for sql in writes)


def test_a_daily_sync_asks_for_updates_since_the_last_one_with_overlap(run, registry):
    run()
    registry.records.replace(msc_study(3, status="COMPLETED", updated="2026-10-05"))

    result = run()

    assert (result.kind, result.since) == ("updated", dt.date(2026, 9, 28))
    assert (result.updated, result.created, result.failed) == (1, 0, 0)
    assert Trial.objects.get(nct_id="NCT00000003").status == "COMPLETED"


def test_a_sync_from_a_chosen_day_leaves_no_gap_behind_it(run, registry):
    """What was updated before that day, and after the last complete run, is still asked for by the next one."""
    run()
    registry.records.replace(msc_study(3, status="TERMINATED", updated="2026-10-05"))
    registry.records.replace(msc_study(4, status="TERMINATED", updated="2026-11-05"))

    chosen = run(since=dt.date(2026, 11, 1))
    assert (chosen.state, chosen.updated, chosen.since) == ("complete", 1, dt.date(2026, 11, 1))

    following = run()
    assert (following.kind, following.updated) == ("updated", 1)
    assert Trial.objects.get(nct_id="NCT00000003").status == "TERMINATED"


def test_a_record_that_claims_an_update_to_come_does_not_hide_those_of_today(run, registry):
    registry.records.replace(msc_study(1, updated="2099-12-31"))
    run()
    registry.records.replace(msc_study(2, title="Renamed", updated=f"{timezone.localdate()}"))
    assert run().updated == 1


def test_a_run_that_follows_a_broken_one_looks_for_families_in_what_that_took_in(run, monkeypatch):
    looked = []
    monkeypatch.setattr("trials.sync.propose_families", lambda: looked.append(1))
    run()
    run()
    assert len(looked) == 1
    SyncRun.objects.create(kind="full", state="interrupted", finished_at=timezone.now())
    run()
    assert len(looked) == 2


def test_a_changed_study_has_its_parts_replaced_and_no_other_study_touched(run, registry):
    run()
    others = {pk: values for pk, values in ((row["record_id"], row) for row in rows()["trials"]) if pk != 7}
    registry.records.replace(msc_study(7, countries=["Sweden", "Denmark"], updated="2026-10-06"))

    run(full=True)

    trial = Trial.objects.get(pk=7)
    assert trial.countries == ["Denmark", "Sweden"]
    assert sorted(trial.sites.values_list("country", flat=True)) == ["Denmark", "Sweden"]
    assert {row["record_id"]: row for row in rows()["trials"] if row["record_id"] != 7} == others


def test_a_change_is_kept_once_with_both_values_and_the_registry_s_date(run, registry):
    run()
    registry.records.replace(msc_study(7, status="TERMINATED", updated="2026-10-06"))

    run(full=True)
    run(full=True)

    change = models.TrialChange.objects.get()
    assert (change.trial_id, change.field, change.old, change.new) == (7, "status", ["RECRUITING"], ["TERMINATED"])
    assert str(change.registry_date) == "2026-10-06"


def test_a_study_the_registry_no_longer_lists_is_marked_and_kept_and_comes_back(run, registry):
    run()
    registry.records.remove("NCT00000001")

    result = run(full=True)

    assert (result.state, result.missing) == ("complete", 1)
    assert Record.objects.get(pk=1).gone_at
    assert Trial.objects.filter(pk=1).exists()
    assert run(full=True).missing == 0, "it is counted once, when it goes"

    registry.records.replace(msc_study(1))
    assert run(full=True).updated == 1
    assert Record.objects.get(pk=1).gone_at is None


def test_a_study_that_left_the_scope_s_query_is_not_gone_from_the_registry(run, registry):
    run()
    registry.records.replace(drug_study(101, title="Ocrelizumab in lupus", conditions=["Lupus"]))

    result = run(full=True)

    assert (result.missing, result.updated) == (0, 1)
    left = Record.objects.get(pk=101)
    assert (left.gone_at, left.in_sweep) == (None, False)


def test_an_incremental_sync_marks_nothing_as_gone(run, registry):
    run()
    registry.records.remove("NCT00000001")

    assert run().missing == 0
    assert Record.objects.get(pk=1).gone_at is None


@pytest.mark.parametrize("lost", [5, 80])
def test_a_sweep_that_would_lose_more_than_a_twentieth_stops_and_says_so(run, registry, lost):
    run()
    for number in [*range(1, 41), *range(101, 141)][:lost]:
        registry.records.remove(f"NCT{number:08}")

    result = run(full=True)

    assert result.state == "aborted"
    assert f"lacks {lost} of 80 known studies, more than 5 %" in result.message
    assert "TRACKER_MAX_LOSS_PERCENT=100" in result.message
    assert not Record.objects.exclude(gone_at=None).exists()


def test_a_sweep_that_would_lose_a_share_of_the_trials_alone_stops_too(run, registry):
    run()
    for number in (1, 2, 3):
        registry.records.remove(f"NCT{number:08}")

    assert "3 of 40 known tracked trials" in run(full=True).message


def test_the_loss_can_be_accepted(run, registry, settings):
    run()
    registry.records.clear()
    settings.TRACKER_MAX_LOSS_PERCENT = 100

    assert run(full=True).missing == 80


def test_a_bad_study_is_recorded_and_harms_no_other(run, registry):
    bad = msc_study(9)
    bad["protocolSection"]["statusModule"] = ["not", "an", "object"]
    registry.records.replace(bad)

    result = run()

    assert (result.state, result.created, result.failed) == ("complete", 79, 1)
    failure = result.failures.get()
    assert failure.nct_id == "NCT00000009"
    assert "statusModule" in failure.reason


def test_a_study_that_the_database_refuses_is_recorded_and_harms_no_other(run, registry):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNIQUE INDEX once ON trials_trial (brief_title) WHERE brief_title = 'Stem cells in multiple sclerosis, twice'"
        )
    for number in (9, 10):
        registry.records.replace(msc_study(number, title="Stem cells in multiple sclerosis, twice"))

    result = run()

    assert (result.state, result.created, result.failed) == ("complete", 79, 1)
    assert "could not be saved" in result.failures.get().reason
    assert Trial.objects.listed().filter(pk__in=[8, 9, 11]).count() == 3
    assert not Record.objects.filter(pk=10).exists(), "nothing half-written"


def test_a_registry_that_fails_ends_the_run_with_its_reason_and_the_next_one_heals_it(run, registry):
    registry.misbehave("500", times=100)

    result = run()

    assert result.state == "failed"
    assert "500" in result.message
    registry.behave()
    assert run().created == 80


def test_a_run_that_dies_after_a_batch_has_counted_it(run, monkeypatch):
    def die(run, *told):
        raise SystemExit

    monkeypatch.setattr(_Run, "end", die)
    with pytest.raises(SystemExit):
        run()
    assert SyncRun.objects.get().fetched == SyncRun.objects.get().created == Record.objects.count() == 80


def test_a_study_that_comes_twice_while_paging_is_counted_once(run, registry):
    registry.misbehave("duplicate")

    result = run()

    assert result.summary == "fetched=80 created=80 updated=0 unchanged=0 missing=0 failed=0"


def test_chosen_studies_are_fetched_alone_and_unknown_ids_are_named(run):
    result = run(nct_ids=("NCT00000002", "NCT09999999"))

    assert (result.kind, result.created, result.failed) == ("chosen", 1, 1)
    assert str(result.failures.get()) == "NCT09999999: the registry has no study with this id"


def test_a_study_outside_the_scope_s_query_is_refreshed_by_its_id(run, registry, curator):
    registry.records.replace(drug_study(900, title="Neural cells in paraplegia", conditions=["Paraplegia"]))
    run()
    run(nct_ids=("NCT00000900",))
    judge(900, curator, approach="other")
    registry.records.replace(drug_study(900, title="Neural cells in paraplegia, amended", conditions=["Paraplegia"], updated="2026-10-09"))

    result = run(full=True)

    assert (result.updated, result.missing) == (1, 0)
    assert Trial.objects.get(pk=900).brief_title == "Neural cells in paraplegia, amended"


def test_records_from_a_file_go_the_same_way(tmp_path, run):
    run(files=(write_jsonl(tmp_path / "studies.jsonl", [msc_study(1), drug_study(2)]),))
    from_file = rows()
    Trial.objects.all().delete()
    Record.objects.all().delete()

    run(nct_ids=("NCT00000001", "NCT00000101"))

    assert from_file["trials"] == rows()["trials"]


def test_a_dry_run_counts_and_writes_nothing(run):
    result = run(dry_run=True)

    assert result.summary == "fetched=80 created=80 updated=0 unchanged=0 missing=0 failed=0"
    assert not Record.objects.exists()
    assert not SyncRun.objects.exists()


def test_values_outside_the_published_enums_are_kept_and_counted(run, registry):
    registry.records.replace(msc_study(1, status="PAUSED_BY_STARLIGHT"))

    result = run()

    trial = Trial.objects.get(pk=1)
    assert (trial.status, trial.get_status_display()) == ("PAUSED_BY_STARLIGHT", "Paused by starlight")
    assert any("PAUSED_BY_STARLIGHT" in value for value in result.unknown_values)


def test_the_bundled_starter_set_is_listed_until_a_live_sync_takes_its_place(run, registry):
    result = run(starter=True)

    assert (result.kind, result.created, result.failed) == ("starter", 60, 0)
    assert Trial.objects.listed().count() >= 55
    assert set(Record.objects.values_list("is_starter", flat=True)) == {True}

    mist = msc_study(
        273364, title="Hematopoietic Stem Cell Therapy in Multiple Sclerosis", intervention="Hematopoietic stem cell transplantation"
    )
    registry.records.replace(mist)
    run()
    assert Record.objects.get(pk=273364).is_starter is False
    assert run(starter=True).updated == 0, "bundled facts never take the place of a record"


@pytest.fixture
def curator():
    return get_user_model().objects.create_user("curator")


def judge(number, curator, field="approach", approach="hsct", role="treatment"):
    record = Record.objects.get(pk=number)
    derived = conclusion(record)
    curation = Curation.objects.create(
        record=record,
        field=field,
        approach=Approach.objects.get(slug=approach),
        role=role,
        reason="Read the protocol.",
        judged_by=curator,
        basis=basis_of(evidence_of(derived.study), ()),
    )
    rederive(Record.objects.filter(pk=number))
    return curation


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "COMPLETED", "countries": ["Sweden"]}, ""),
        ({"title": "Mesenchymal Stem Cells, amended"}, "Changed since it was judged: brief title."),
    ],
)
def test_a_judgement_survives_sync_and_reclassification(run, registry, curator, change, reason):
    run()
    judge(1, curator)
    before = list(Curation.objects.values())
    registry.records.replace(msc_study(1, updated="2026-10-08", **change))

    assert run(full=True).updated == 1
    rederive()

    trial = Trial.objects.get(pk=1)
    assert list(Curation.objects.values()) == before
    assert set(trial.approaches.values_list("slug", flat=True)) == {"msc", "hsct"}
    assert trial.review_reason == reason
    assert trial.needs_review is bool(reason), "it comes back where its ground has changed, and only there"


def test_a_study_that_comes_into_scope_after_the_first_sweep_is_queued_until_it_is_judged(run, registry, curator):
    run()
    assert not Trial.objects.filter(needs_review=True).exists(), "the first sweep brings in a landscape, not news"
    registry.records.add(msc_study(41, updated="2026-10-08"))

    run()
    rederive()
    assert list(Trial.objects.filter(needs_review=True).values_list("pk", "review_reason", "is_listed")) == [(41, "New in scope.", True)]

    registry.records.replace(msc_study(41, updated="2026-10-09", status="COMPLETED"))
    run()
    assert Trial.objects.get(pk=41).needs_review, "a later change makes it no older"
    judge(41, curator, approach="msc")
    assert not Trial.objects.get(pk=41).needs_review


def test_a_run_that_somebody_cancels_ends_after_its_batch_and_keeps_what_it_took_in(registry, curator):
    registry.records.clear()
    for number in range(1, BATCH + 51):
        registry.records.add(drug_study(number))

    def ask_to_cancel(run, total):
        SyncRun.objects.filter(pk=run.pk).update(cancel_asked_by=curator)

    client = Client(registry.url, user_agent="TrialTracker tests", pace_seconds=0)
    cancelled = sync(client=client, on_progress=ask_to_cancel)

    assert (cancelled.state, cancelled.created, Record.objects.count()) == ("cancelled", BATCH, BATCH)
    assert "Cancelled by curator" in cancelled.message
    assert sync(client=client).summary == f"fetched={BATCH + 50} created=50 updated=0 unchanged={BATCH} missing=0 failed=0"


def test_a_judged_study_that_no_rule_finds_is_tracked_until_the_judgement_is_withdrawn(run, curator):
    run()
    curation = judge(101, curator)
    assert Trial.objects.listed().filter(pk=101).exists()

    curation.withdrawn_at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    curation.save()
    rederive(Record.objects.filter(pk=101))

    assert not Trial.objects.listed().filter(pk=101).exists()
    assert Trial.objects.filter(pk=101).exists(), "nothing is deleted"


def test_deriving_again_from_the_stored_records_changes_nothing(run):
    run()
    before = rows()

    assert rederive() == 80

    assert rows() == before


def test_a_run_that_a_crash_left_open_is_closed_by_the_next(run):
    SyncRun.objects.create(kind="full", state="running")

    run()

    assert list(SyncRun.objects.order_by("pk").values_list("state", flat=True)) == ["interrupted", "complete"]


def test_a_batch_shares_its_statements(run, registry):
    """Fewer than one statement for four studies more; SQLite, which takes 999 values a statement, needs some."""

    def statements(count):
        SyncRun.objects.all().delete()
        Trial.objects.all().delete()
        Record.objects.all().delete()
        registry.records.clear()
        for number in range(1, count + 1):
            registry.records.replace(copy.deepcopy(msc_study(number)))
        with CaptureQueriesContext(connection) as queries:
            run()
        return len(queries)

    assert statements(60) - statements(3) < (60 - 3) / 4
