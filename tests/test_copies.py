"""The benchmarks' half a million trials: a copy reads as its original, under another number and elsewhere."""

import pytest
from django.db import connection

from benchmarks import copies, studies
from trials.models import Record, Site, Trial
from trials.search import SearchEntry
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db


def test_a_copy_is_its_original_under_another_number_and_elsewhere(tmp_path, settings):
    settings.TRACKER_TRACK = "all"
    path = tmp_path / "studies.jsonl"
    path.write_bytes(b"\n".join(studies.raws(3)))
    sync(Request(files=(path,)))
    places = Site.objects.count()

    with connection.cursor() as cursor:
        for model in copies.TABLES:
            key = "id, " if model is Site else ""
            cursor.execute(f"CREATE TEMPORARY TABLE originals AS SELECT {key}{copies._columns(model)} FROM {model._meta.db_table}")
            cursor.execute(copies._copying(model, 2))
            cursor.execute("DROP TABLE originals")

    assert Record.objects.count() == Trial.objects.count() == 6
    for number in (1, 2, 3):
        original, copy = Trial.objects.filter(pk__in=[number, number + 2 * copies.STEP]).order_by("pk")
        assert copy.nct_id == f"NCT{number + 20_000:08}"
        assert (copy.brief_title, copy.status, copy.countries) == (original.brief_title, original.status, original.countries)
        assert copy.sites.count() == original.sites.count()
    assert len(set(SearchEntry.objects.values_list("title", flat=True))) == 3
    assert Site.objects.values("latitude", "longitude").distinct().count() == 2 * places > 0
