"""A task that ends none of its starts is given up after a few; any end takes the count back."""

import pytest
from celery import Celery
from django.core.cache.backends.filebased import FileBasedCache

from trialtracker.poison import MOST_STARTS, CountedTask, WorkerKilled, forget

app = Celery("poison", task_cls=CountedTask, set_as_current=False)


@app.task(name="poison.work")
def work():
    return "done"


def test_a_task_is_started_a_few_times_and_no_more():
    for _ in range(MOST_STARTS):
        work.before_start("one", (), {})
    with pytest.raises(WorkerKilled, match=r"poison\.work was started 4 times"):
        work.before_start("one", (), {})
    work.before_start("another", (), {})


def test_an_end_takes_the_count_back():
    for _ in range(3 * MOST_STARTS):
        work.before_start("one", (), {})
        forget("one")


def test_a_cache_that_takes_nothing_stops_no_task(settings, tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("no space left on device")

    settings.CACHES = {"default": {"BACKEND": "trialtracker.cache.FileCache", "LOCATION": tmp_path}}
    for name in ("get", "set", "delete"):
        monkeypatch.setattr(FileBasedCache, name, full)
    work.before_start("one", (), {})
    forget("one")
