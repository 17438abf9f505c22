"""What is tracked of the studies that the queries answer: those with stem cells, or all (TRACKER_TRACK)."""

import pytest
from django.contrib.auth import get_user_model

from tests.studies import drug_study, msc_study, write_jsonl
from trials.derive import rederive
from trials.models import Curation, Record, Trial
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def studies(tmp_path):
    return write_jsonl(tmp_path / "studies.jsonl", [msc_study(1), drug_study(2)])


def listed():
    return list(Trial.objects.listed().values_list("pk", flat=True))


def test_by_default_studies_without_stem_cells_are_remembered_and_not_listed(studies):
    sync(Request(files=(studies,)))

    assert listed() == [1]
    assert Record.objects.get(pk=2).in_scope is False


def test_every_study_can_be_tracked_and_listed(studies, settings):
    settings.TRACKER_TRACK = "all"

    sync(Request(files=(studies,)))

    assert listed() == [1, 2]
    assert Record.objects.get(pk=2).scope_reason == "Every study that the queries answer is tracked (TRACKER_TRACK=all)."
    assert "multiple sclerosis" in Record.objects.get(pk=1).scope_reason
    assert not Trial.objects.get(pk=2).approaches.exists()


def test_going_back_unlists_without_deleting(studies, settings):
    settings.TRACKER_TRACK = "all"
    sync(Request(files=(studies,)))
    settings.TRACKER_TRACK = "stem-cells"

    rederive()

    assert listed() == [1]
    assert Trial.objects.count() == 2


def test_what_a_curator_hides_stays_hidden(studies, settings):
    settings.TRACKER_TRACK = "all"
    sync(Request(files=(studies,)))
    curator = get_user_model().objects.create_user("curator")
    Curation.objects.create(record_id=2, field="hide", reason="A duplicate.", judged_by=curator)

    rederive()

    assert listed() == [1]
