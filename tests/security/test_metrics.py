"""`/metrics`: who may read it, and that it counts what happened."""

import datetime as dt

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.builders import make_trial
from trials.models import SyncRun, Trial
from trialtracker import heartbeat

pytestmark = pytest.mark.django_db

TOKEN = "t0ken-of-the-prometheus-server"


def read(client, **headers):
    """Every sample as {(name, label values in the order of their names): value}."""
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    families = text_string_to_metric_families(response.text)
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_it_tells_the_state_of_the_data(client):
    now = timezone.now()
    heartbeat.say_alive("worker")
    heartbeat.say_alive("beat")
    SyncRun.objects.create(kind="full", state="interrupted", finished_at=now - dt.timedelta(hours=9))
    SyncRun.objects.create(kind="full", state="complete", fetched=100, failed=9, finished_at=now - dt.timedelta(hours=3))
    make_trial(1), make_trial(2)
    Trial.objects.filter(pk=1).update(needs_review=True)
    found = read(client)
    assert found["trialtracker_last_complete_sync_age_seconds",] == 3 * 3600
    assert found["trialtracker_sync_runs", "complete"] == found["trialtracker_sync_runs", "interrupted"] == 1
    assert found["trialtracker_sync_runs", "failed"] == 0
    assert (found["trialtracker_last_run_studies", "fetched"], found["trialtracker_last_run_studies", "failed"]) == (100, 9)
    assert found["trialtracker_last_run_failed_percent",] == 9
    assert found["trialtracker_review_queue",] == 1
    assert found["trialtracker_mails", "ready"] == 0
    assert found["trialtracker_worker_silent_seconds",] < 60
    assert found["trialtracker_beat_silent_seconds",] < 60
    assert found["trialtracker_broker_messages",] >= 0
    assert (found["trialtracker_check_ok", "database"], found["trialtracker_check_ok", "last_run"]) == (1, 0)


def test_it_counts_answers_by_view_and_never_by_address(client):
    about = ("trialtracker_requests_total", "GET", "200", "trials:about")
    missing = ("trialtracker_requests_total", "GET", "404", "none")
    before = read(client)
    client.get("/about/?q=my-own-illness"), client.get("/about/"), client.get("/my-own-illness/")
    client.generic("BREW", "/about/")
    after = read(client)
    assert after[about] - before.get(about, 0) == 2
    assert after[missing] - before.get(missing, 0) == 1
    assert (
        after["trialtracker_request_seconds_count", "trials:about"] - before.get(("trialtracker_request_seconds_count", "trials:about"), 0)
        == 3
    )
    assert ("trialtracker_requests_total", "other", "405", "trials:about") in after
    assert "my-own-illness" not in client.get("/metrics").text


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"X-Forwarded-Proto": "https"}, {"Via": "1.1 proxy"}]
)
def test_nobody_reads_it_through_a_proxy(client, headers):
    assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", ""])
def test_no_other_machine_reads_it(client, address):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404


def test_behind_tls_nobody_reads_it_without_a_token(client, settings):
    settings.BEHIND_TLS = True
    assert client.get("/metrics").status_code == 404


def test_with_a_token_whoever_sends_it_reads_it_and_nobody_else(client, settings):
    settings.METRICS_TOKEN = TOKEN
    for wrong in ({}, {"Authorization": TOKEN}, {"Authorization": f"Bearer {TOKEN[:-1]}"}, {"Authorization": "Bearer é"}):
        assert client.get("/metrics", headers=wrong).status_code == 404
    assert read(client, authorization=f"Bearer {TOKEN}", x_forwarded_for="192.0.2.1")
