"""What pages say of the data as a whole."""

import datetime as dt

import pytest
from django.utils import timezone

from trials.context import DataStatus, current_data
from trials.models import SyncRun

pytestmark = pytest.mark.django_db


def run(kind, *, days_ago=0, state="complete", timestamp="", latest=None):
    row = SyncRun.objects.create(kind=kind, state=state, finished_at=timezone.now(), data_timestamp=timestamp, latest_update=latest)
    SyncRun.objects.filter(pk=row.pk).update(started_at=timezone.now() - dt.timedelta(days=days_ago))


def test_nothing_has_been_loaded():
    assert current_data() == DataStatus()


def test_a_complete_live_sync_counts_most_whatever_came_later():
    run("starter", timestamp="2025-09-25", days_ago=9)
    assert current_data() == DataStatus("starter", "2025-09-25", dt.date(2025, 9, 25))

    run("file", latest=dt.date(2025, 9, 24), days_ago=8)
    assert current_data() == DataStatus("files", "", dt.date(2025, 9, 24))

    run("full", timestamp="2026-11-18T09:00:05", days_ago=3)
    run("updated", timestamp="2026-11-19T09:00:05", days_ago=2)
    run("updated", timestamp="2026-11-20T09:00:05", days_ago=1, state="failed")
    run("chosen", timestamp="2026-11-21T09:00:05", days_ago=0)
    run("starter", timestamp="2025-09-25", days_ago=0)
    assert current_data() == DataStatus("live", "2026-11-19T09:00:05", dt.date(2026, 11, 19))
