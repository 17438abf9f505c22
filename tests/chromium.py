"""A real Chromium before a real server. Whatever a page asks of any other host is refused and fails the test.

Chromium itself knows no other host: to hold up and pass on every request from here would cost a third of what these tests cost, and keeps
it from using its cache.
"""

from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import sync_playwright

from tests.builders import make_trial
from tests.needs import CHROMIUM
from trials.models import SyncRun

HERE_ALONE = "MAP * ~NOTFOUND, EXCLUDE localhost"


@pytest.fixture(scope="session")
def browser(django_db_setup):
    """Chromium, once for all tests.

    Playwright keeps an event loop in this thread, and in such a thread Django looks its connections up elsewhere: they are handed over, or
    else the tests would go on with new ones, which know nothing of what the tables held at first (`serialized_rollback`).
    """
    open_connections = {alias: connections[alias] for alias in connections}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # nothing of ours is asynchronous
        with sync_playwright() as playwright:
            for alias, connection in open_connections.items():
                connections[alias] = connection
            chromium = playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--host-resolver-rules={HERE_ALONE}"],
            )
            yield chromium
            chromium.close()


@pytest.fixture
def new_page(browser, live_server):
    """Open a page: `new_page(width=360, color_scheme="dark")`. A script that fails, or a request elsewhere, fails the test."""
    contexts, complaints = [], []

    def look_at(request):
        if urlsplit(request.url).netloc != urlsplit(live_server.url).netloc:
            complaints.append(f"asked a stranger: {request.url}")

    def open_page(width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=live_server.url, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)

        context.on("request", look_at)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script failed: {error}"))
        page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(message):
    """What the console calls an error, but for answers of 400 and 404, which tests ask for."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture
def shelf(live_server):
    """Thirty trials of every kind, two pages of them, as the starter set, whose banner is one more thing to read."""
    SyncRun.objects.create(kind="starter", state="complete", finished_at=timezone.now(), data_timestamp="2025-09-25")
    for number in range(1, 31):
        make_trial(
            number,
            approaches=[["hsct"], ["msc"], ["hsct", "msc"], ["other"]][number % 4],
            therapies=[["ahsct"], ["bm-msc", "uc-msc"], []][number % 3],
            status=["RECRUITING", "COMPLETED", "TERMINATED", "UNKNOWN", "NOT_YET_RECRUITING"][number % 5],
            phases=["PHASE1/PHASE2", "PHASE3", ""][number % 3],
            countries=[["Germany"], ["Norway", "Spain"], []][number % 3],
            start_date=f"{2005 + number % 20}-05",
            brief_title=f"Trial number {number} of stem cells that has a title as long as they often are in multiple sclerosis",
            eligibility_criteria="Inclusion Criteria:\n\n* EDSS 3.0 to 6.5\n* RRMS\n\nExclusion Criteria:\n\n* Pregnancy",
            brief_summary="A summary.\n\n* one\n* two",
            ms_courses=["RRMS"],
            enrollment=number,
            arms=[{"label": "Cells", "type": "EXPERIMENTAL", "description": "Once"}],
            interventions=[{"name": "Cells", "type": "BIOLOGICAL"}],
            outcomes=[{"kind": "primary", "measure": "Adverse events"}, {"kind": "secondary", "measure": "EDSS"}],
            contacts=[{"name": "The Office", "phone": "+49 1", "email": "office@example.org"}],
            references=[{"citation": "A paper", "pmid": "1", "type": "RESULT"}],
            findings=[{"approach": "hsct", "kind": "approach", "value": "hsct", "rule": "rule", "field": "brief_title",
                       "quote": "stem cells", "confidence": 0.9}],
        )  # fmt: skip
