"""Public pages are made once for each state of the data; whatever is somebody's own is kept nowhere."""

import threading
import time

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_trial
from tests.web.reading import text_of
from trials import version
from trials.models import Family, SyncRun, Trial
from trialtracker import pages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/trials/", "/trials/?phase=PHASE2", "/trials/NCT00000001/", "/therapies/", "/about/", "/changes/"])
def test_a_page_is_made_once_and_costs_one_query_then(client, django_assert_num_queries, path):
    make_trial(1)
    made = client.get(path)

    with django_assert_num_queries(1):
        kept = client.get(path)
    with django_assert_num_queries(1):
        unchanged = client.get(path, headers={"If-None-Match": made["ETag"]})

    assert (kept.status_code, kept.content) == (200, made.content)
    assert {name: value for name, value in kept.items() if name != "X-Request-ID"} == {
        name: value for name, value in made.items() if name != "X-Request-ID"
    }
    assert (made["Cache-Control"], made["Vary"]) == ("public, no-cache", "Cookie")
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", made["ETag"])
    assert client.get(path, headers={"If-Modified-Since": made["Last-Modified"]}).status_code == 304


def test_what_a_process_gave_out_last_needs_no_look_into_the_cache_of_all(client):
    make_trial(1)
    made = client.get("/trials/")
    assert client.get("/trials/").content == made.content

    cache.set(f"page.{made['ETag'][3:-1]}", ({}, b"another page"))

    assert client.get("/trials/").content == made.content
    Trial.objects.update(brief_title="As it is")
    SyncRun.objects.create(kind="updated", updated=1)
    assert "As it is" in text_of(client.get("/trials/"))


def test_a_process_keeps_no_large_page_of_its_own(client, monkeypatch):
    monkeypatch.setattr(pages, "LARGEST_HERE", 100)
    made = client.get("/trials/")
    assert client.get("/trials/").content == made.content

    cache.set(f"page.{made['ETag'][3:-1]}", ({}, b"another page"))

    assert client.get("/trials/").content == b"another page"


def test_a_sync_shows_at_once(client):
    make_trial(1, brief_title="As it was")
    before = client.get("/trials/")
    run = SyncRun.objects.create(kind="updated")
    Trial.objects.update(brief_title="As it is")
    SyncRun.objects.filter(pk=run.pk).update(updated=1)  # as each batch of a run does

    after = client.get("/trials/", headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert "As it is" in text_of(after)
    run.state, run.finished_at, run.data_timestamp = "complete", timezone.now(), "2026-11-20T09:00:05"
    run.save()
    assert "Data processed by the registry on 20 November 2026" in text_of(client.get("/trials/"))


def test_what_is_kept_is_not_shown_by_other_software(client, monkeypatch, tmp_path):
    etag = client.get("/trials/")["ETag"]
    page = tmp_path / "page.html"
    page.write_text("as it was")
    before = version.fingerprint(tmp_path)
    page.write_text("as it is")
    after = version.fingerprint(tmp_path)
    (tmp_path / "page.pyc").write_text("made of it")

    assert after not in (before, version.fingerprint(tmp_path / "nothing"))
    assert version.fingerprint(tmp_path) == after
    monkeypatch.setattr(version, "SOFTWARE", (after,))
    assert client.get("/trials/", headers={"If-None-Match": etag}).status_code == 200


def test_a_decision_on_a_family_shows_at_once(client, admin_user):
    family = Family.objects.create(name="One protocol")
    etag = client.get("/landscape/")["ETag"]

    Family.objects.filter(pk=family.pk).update(state="confirmed", decided_by=admin_user, decided_at=timezone.now())

    assert client.get("/landscape/", headers={"If-None-Match": etag}).status_code == 200


def test_the_order_of_parameters_and_what_others_hang_on_a_link_make_no_page_of_their_own(client, django_assert_num_queries):
    make_trial(1)
    made = client.get("/trials/?phase=PHASE2&status=COMPLETED")

    with django_assert_num_queries(1):
        same = client.get("/trials/?status=COMPLETED&utm_source=mail&phase=PHASE2")
    assert (same["ETag"], same.content) == (made["ETag"], made.content)
    assert client.get("/trials/?phase=PHASE1&status=COMPLETED")["ETag"] != made["ETag"]
    assert client.get("/trials/?phase=PHASE2&status=COMPLETED&page=2")["ETag"] != made["ETag"]
    assert client.get("/trials/?phase=PHASE2&status=COMPLETED", headers={"host": "localhost"})["ETag"] != made["ETag"]


@pytest.mark.parametrize(
    "path", ["/trials/?near=Bergen", "/shortlist/?id=NCT00000001", "/compare/?id=NCT00000001", "/for-me/", "/trials/NCT09/"]
)
@pytest.mark.usefixtures("atlas")
def test_what_is_somebody_s_own_is_kept_nowhere(client, path):
    make_trial(1)

    response = client.get(path)

    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response


def test_who_has_signed_in_is_shown_nothing_that_is_kept_and_leaves_nothing(client):
    make_trial(1)
    client.force_login(get_user_model().objects.create_user("curator"))

    response = client.get("/trials/")

    assert response["Cache-Control"] == "private, no-store"
    client.logout()
    assert client.get("/trials/")["Cache-Control"] == "public, no-cache"


def test_a_page_that_is_not_there_is_not_kept(client):
    assert client.get("/trials/NCT00000009/").status_code == 404
    make_trial(9)
    assert client.get("/trials/NCT00000009/").status_code == 200


def test_every_page_that_is_kept_is_a_page_without_a_cookie(client):
    for name in pages.SHARED - {"trials:detail", "therapies:detail", "therapies:approach"}:
        response = client.get(reverse(name))
        assert not response.cookies, name
        assert response["Cache-Control"] == "public, no-cache", name


def test_one_request_makes_a_page_while_the_others_wait_for_it():
    found, makers = [], []
    begin = threading.Barrier(8)

    def ask():
        begin.wait()
        kept, is_maker = pages.kept_or_to_be_made("page")
        if is_maker:
            makers.append(1)
            time.sleep(0.1)  # the others come meanwhile
            cache.set("page", "made")
        found.append(kept)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(makers) == 1
    assert sorted(found, key=str) == [None, *["made"] * 7]


def test_nobody_waits_for_ever_for_a_page_whose_maker_died(monkeypatch):
    monkeypatch.setattr(pages, "PATIENCE_SECONDS", 0)
    assert pages.kept_or_to_be_made("page") == (None, True)

    assert pages.kept_or_to_be_made("page") == (None, False)


def test_the_question_for_the_state_is_planned_once_in_a_connection(client):
    for _ in range(3):
        client.get("/trials/")

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT generic_plans >= 2, custom_plans FROM pg_prepared_statements WHERE statement = %s", [version.MARKS])
            assert cursor.fetchall() == [(True, 0)]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_connection_that_the_database_ended_is_made_anew(client):
    before = client.get("/trials/")
    if connection.vendor == "postgresql":
        other = connection.copy()
        with connection.cursor() as cursor, other.cursor() as ending:
            cursor.execute("SELECT pg_backend_pid()")
            ending.execute("SELECT pg_terminate_backend(%s)", cursor.fetchone())
        other.close()

    assert client.get("/trials/").content == before.content
