"""What costs much is given so often to one address; beyond that a page says when to come back, and reading goes on."""

import resource
from contextlib import contextmanager

import pytest
from django.conf import settings as project

from tests.builders import make_trial
from tests.needs import needs_chromium

pytestmark = pytest.mark.django_db

FILES = [
    "/trials/export.csv",
    "/trials/export.json",
    "/trials/export.xlsx",
    "/trials/export.meta.json",
    "/trials/feed.atom",
    "/trials/dates.ics",
]
CSV = FILES[0]
FREE = [
    "/",
    "/trials/",
    "/trials/?phase=PHASE2",
    "/trials/NCT00000001/",
    "/therapies/",
    "/words/",
    "/for-me/",
    "/alerts/",
    "/data/",
    "/healthz",
]


@pytest.fixture(autouse=True)
def strict(settings):
    make_trial(1)
    settings.FILES_PER_MINUTE = settings.SEARCHES_PER_MINUTE = settings.SUBSCRIPTIONS_PER_HOUR = 2


@contextmanager
def no_room():
    """No file can be written to, as on a full disk; not for longer than a block, since pytest's own words may go to a file."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def get(client, path, **options):
    response = client.get(path, **options)
    if response.streaming:
        b"".join(response)
    return response.status_code


def test_files_of_all_kinds_count_together(client):
    assert [get(client, path) for path in FILES] == [200, 200, 429, 429, 429, 429]


@pytest.mark.parametrize("path", ["/trials/?q=cells", "/trials/?near=Berlin&q=", "/landscape/?q="])
def test_searches_and_charts_count(client, path):
    answers = [client.get(f"{path}{number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 61
    assert "no-store" in answers[2]["Cache-Control"]
    assert "default-src 'none'" in answers[2]["Content-Security-Policy"]
    assert f"try again in {answers[2]['Retry-After']} second" in answers[2].text


def test_answers_about_oneself_count_and_the_empty_form_does_not(client):
    assert {client.get("/for-me/").status_code for _ in range(5)} == {200}
    assert [client.post("/for-me/", {"age": "40", "which": "all"}).status_code for _ in range(3)] == [200, 200, 429]
    assert client.post("/near-me/", {"latitude": "52.5", "longitude": "13.4"}).status_code == 429


def test_questions_for_mail_count_by_the_hour(client):
    asked = [client.post("/alerts/", {"address": f"reader{n}@example.org", "frequency": "weekly"}) for n in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert 3500 < int(asked[2]["Retry-After"]) <= 3601
    assert "60 minutes" in asked[2].text or "61 minutes" in asked[2].text


def test_what_is_kept_costs_nothing_and_does_not_count(client):
    assert {get(client, "/trials/?q=cells") for _ in range(5)} == {200}
    assert [get(client, f"/trials/?q=cells{number}") for number in range(2)] == [200, 429]


def test_reading_goes_on_for_who_has_reached_a_limit(client):
    assert [get(client, f"/trials/?q=cells{number}") for number in range(3)][-1] == 429
    assert {path: status for path in FREE for _ in range(3) if (status := get(client, path)) != 200} == {}


def test_another_address_is_not_concerned(client):
    assert [get(client, CSV, REMOTE_ADDR="192.0.2.1") for _ in range(3)][-1] == 429
    assert get(client, CSV, REMOTE_ADDR="192.0.2.2") == 200


def test_without_a_proxy_a_forwarded_address_is_anybody_s_word(client):
    codes = [get(client, CSV, headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(3)]
    assert codes == [200, 200, 429]


def test_behind_a_proxy_the_address_is_the_one_that_it_saw(client, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    for n in range(3):
        last = get(client, CSV, headers={"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.9"})
    assert last == 429
    assert get(client, CSV, headers={"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}) == 200


def test_a_full_disk_refuses_nobody(client):
    """Nothing is counted where nothing can be written, and all of it is answered."""
    with no_room():
        codes = [get(client, path) for path in ("/landscape/", "/trials/?q=cells", "/trials/export.csv", "/trials/") * 2]
        ready = client.get("/readyz").json()
    assert codes == [200] * 8
    is_on_disk = not project.REDIS_URL
    assert ready["checks"]["cache"]["ok"] is not is_on_disk


@needs_chromium
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_press_that_is_refused_shows_the_page_that_says_so(browser, live_server):
    """A filter swaps a part of the page by script, and a refusal has no such part."""
    with browser.new_context(base_url=live_server.url, viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        page.goto("/trials/?q=stem")
        page.goto("/trials/?q=cells")
        page.evaluate("document.querySelector('[hx-boost] a[href*=\"q=cells\"]').click()")
        page.get_by_role("heading", name="One moment, please").wait_for()
