"""Rows that are written in bulk are those that the ORM would have written, and rows that need no writing are left alone."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.builders import make_trial
from tests.studies import msc_study, write_jsonl
from trials import models, storage
from trials.derive import rederive
from trials.registry.records import PartialDate
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 12, 30, tzinfo=dt.UTC)


def record(number, **facts):
    return models.Record(
        id=number, nct_id=f"NCT{number:08}", payload=b"\x00\xff'", raw_hash=b"\x01" * 16, first_seen_at=NOW, changed_at=NOW,
        last_update_posted=dt.date(2026, 10, 1), **facts,
    )  # fmt: skip


def values(model, number):
    row = model.objects.filter(pk=number).values().get()
    own = {model._meta.pk.attname, "nct_id"}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items() if name not in own}


def test_a_row_is_what_the_orm_would_have_written():
    def trial(number):
        return models.Trial(
            record_id=number, nct_id=f"NCT{number:08}", brief_title="Tab\t, line\n, \\N and “quotes”",
            conditions=["Sjögren's", 'a\\b "c"\n\x7f'], keywords=[], secondary_ids=[{"id": "1", "type": "", "domain": None}],
            start_date=PartialDate(2024, 3), enrollment=0, has_dmc=None, minimum_age_years=0.5, has_results=True,
        )  # fmt: skip

    record(1).save(force_insert=True)
    storage.add_objects([record(2)])
    assert values(models.Record, 1) == values(models.Record, 2)

    trial(1).save(force_insert=True)
    storage.add_objects([trial(2)])
    assert values(models.Trial, 1) == values(models.Trial, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT conditions, keywords, secondary_ids FROM trials_trial")
        assert len(cursor.fetchall()) == 1, "to the letter, also where JSON is text"


def test_a_row_that_the_database_refuses_raises_what_the_orm_would_raise():
    make_trial(1)

    with pytest.raises(DatabaseError), transaction.atomic():
        storage.add(models.Site, [(1, 0, "", "", "", "", "", "", 95.0, 1.0, [])])
    with pytest.raises(DatabaseError), transaction.atomic():
        storage.add_objects([record(1)])


def test_of_a_changed_study_only_the_parts_that_changed_are_written(tmp_path):
    def take(study):
        sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", [study]),)))
        return {model: list(model.objects.values_list("pk", flat=True)) for model in (models.Site, models.Outcome, models.Intervention)}

    before = take(msc_study(1))
    after = take(msc_study(1, countries=["Sweden", "Norway"]))

    assert after[models.Outcome] == before[models.Outcome]
    assert after[models.Intervention] == before[models.Intervention]
    assert set(after[models.Site]).isdisjoint(before[models.Site])


def test_working_out_again_what_is_so_already_writes_no_part(tmp_path):
    sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", [msc_study(1), msc_study(2)]),)))

    with CaptureQueriesContext(connection) as queries:
        rederive()

    written = {query["sql"].split()[2] for query in queries if query["sql"].startswith(("INSERT", "DELETE"))}
    assert written.isdisjoint({'"trials_site"', '"trials_outcome"', '"trials_arm"', "trials_site", "trials_outcome", "trials_arm"})
