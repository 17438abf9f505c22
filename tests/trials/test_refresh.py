"""A study that comes again byte for byte is passed over undecoded, and nothing that a run should note is missed by it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.studies import drug_study, msc_study
from trials import sync as sync_module
from trials.models import Record, Trial
from trials.registry.raw import raw_hash, raw_number, says_the_same
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def take(tmp_path):
    def call(*studies, separators=(",", ":")):
        path = tmp_path / "studies.jsonl"
        path.write_text("".join(json.dumps(study, separators=separators) + "\n" for study in studies))
        return sync(Request(files=(path,)))

    return call


@pytest.fixture
def decoded(monkeypatch):
    """The ids that were parsed."""
    seen = []

    def parse(record):
        study = real(record)
        seen.append(study.nct_id)
        return study

    real = sync_module.parse
    monkeypatch.setattr(sync_module, "parse", parse)
    return seen


def test_what_comes_again_as_it_was_is_not_decoded(take, decoded):
    take(msc_study(1), drug_study(2))
    decoded.clear()

    run = take(msc_study(1), drug_study(2))

    assert (run.unchanged, run.fetched, decoded) == (2, 2, [])
    assert str(run.latest_update) == "2026-10-01"


def test_the_date_of_the_release_makes_no_difference(take, decoded):
    take(msc_study(1))
    decoded.clear()
    later = msc_study(1)
    later["derivedSection"]["miscInfoModule"]["versionHolder"] = "2026-11-21"

    assert (take(later).unchanged, decoded) == (1, [])


def test_another_order_of_keys_is_read_and_found_unchanged(take, decoded):
    take(msc_study(1))
    decoded.clear()

    assert (take(dict(reversed(msc_study(1).items())), separators=(", ", ": ")).unchanged, decoded) == (1, ["NCT00000001"])


def test_a_study_with_values_to_report_is_read_each_time(take):
    take(msc_study(1, status="PAUSED_BY_STARLIGHT"))

    run = take(msc_study(1, status="PAUSED_BY_STARLIGHT"))

    assert run.unchanged == 1
    assert any("PAUSED_BY_STARLIGHT" in value for value in run.unknown_values)


def test_one_letter_is_enough_to_be_read(take):
    take(msc_study(1), msc_study(2))

    run = take(msc_study(1, title="Mesenchymal Stem Cells for Multiple Scleroses"), msc_study(2))

    assert (run.updated, run.unchanged) == (1, 1)
    assert Trial.objects.get(pk=1).brief_title.endswith("Scleroses")


def test_a_record_marked_as_gone_comes_back(take):
    run = take(msc_study(1))
    Record.objects.update(gone_at=run.finished_at)

    assert take(msc_study(1)).updated == 1
    assert Record.objects.get().gone_at is None


def test_a_refresh_costs_the_same_statements_whatever_the_number_of_studies(take):
    def statements(count):
        studies = [drug_study(number) for number in range(1, count + 1)]
        take(*studies)
        with CaptureQueriesContext(connection) as queries:
            assert take(*studies).unchanged == count
        return len(queries)

    assert statements(3) == statements(150)


@pytest.mark.parametrize(
    ("raw", "number"),
    [(b'{"nctId":"NCT00000012"}', 12), (b'{"nctId" : "NCT00000012"}', 12), (b"{}", None), (b'{"nctId":"NCT12"}', None), (b"", None)],
)
def test_a_number_is_told_without_decoding(raw, number):
    assert raw_number(raw) == number


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b'{"a":1,"versionHolder":"2026-01-01"}', b'{"a":1,"versionHolder":"2026-01-02"}', True),
        (b'{"a":1,"versionHolder":"2026-01-01"}', b'{"a":2,"versionHolder":"2026-01-01"}', False),
        (b'{"versionHolder":"2026-01-01","a":1}', b'{"versionHolder":"2026-01-01","a":2}', False),
        (b'{"a":1}', b'{"a":2}', False),
        (b'{"a":1,"versionHolder":"2026', b'{"a":1,"versionHolder":"2027', False),
    ],
)
def test_two_texts_of_a_record_are_told_apart(one, other, same):
    assert (raw_hash(one) == raw_hash(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b'{"a":1,"b":[{"c":2,"d":3}]}', b'{ "b": [{"d": 3, "c": 2}], "a": 1 }', True),
        (b'{"a":[1,2]}', b'{"a":[2,1]}', False),
        (b'{"a":1}', b'{"a":true}', False),
        (b'{"a":1}', b'{"a":1,"b":null}', False),
        (b"[]", b"[ ]", False),
    ],
)
def test_what_two_texts_of_a_record_say_is_told_apart(one, other, same):
    assert says_the_same(one, other) is same
