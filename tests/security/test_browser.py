"""Every page in a real Chromium: none breaks the content policy or asks a stranger for anything, and none holds markup that it forbids."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.test import Client
from playwright.sync_api import Error

from tests.needs import needs_chromium
from tests.studies import drug_study, msc_study, write_jsonl
from trials.sync import Request, sync

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PUBLIC = [
    "/", "/trials/", "/trials/?approach=hsct&status=COMPLETED&q=cells", "/trials/NCT00000001/", "/trials/NCT00000099/", "/therapies/",
    "/therapies/approach/hsct/", "/therapies/ahsct/", "/words/", "/clinics/", "/about/", "/patterns/", "/changes/", "/data/",
    "/data/snapshots/", "/nowhere/", "/api/v1/docs/",
]  # fmt: skip

NOT_PAGES = re.compile(r"\.(atom|ics|csv|json|jsonl|xlsx|parquet|ris|bib)$|^/api/v1/(?!docs/)|^/static/|^/admin/")
"""What answers with data, or is walked apart."""

FORBIDDEN = """() => [...document.querySelectorAll('*')].flatMap(element => [...element.attributes]
    .filter(({name, value}) => name.startsWith('on') || (/^(href|src|action)$/.test(name) && /^\\s*javascript:/i.test(value)))
    .map(attribute => `${element.tagName} ${attribute.name}=${attribute.value}`))"""


def walk(page, start, is_page, limit):
    """Open pages, and those that they link to, until none is left or `limit` are read; returns {path: status} in the order of reading."""
    waiting, read, forbidden = list(start), {}, {}
    while waiting and len(read) < limit:
        path = waiting.pop(0)
        if path in read:
            continue
        response = page.goto(path, wait_until="load")
        read[path] = response.status
        if found := page.evaluate(FORBIDDEN):
            forbidden[path] = found
        links = page.evaluate("[...document.querySelectorAll('a[href]')].map(link => new URL(link.getAttribute('href'), location).href)")
        here = urlsplit(page.url).netloc
        for link in map(urlsplit, links):
            known = {urlsplit(path).path for path in (*read, *waiting)}
            if link.netloc == here and link.path not in known and is_page(link.path):
                waiting.append(link.path)
    assert forbidden == {}
    return read


@pytest.mark.storeless
@pytest.mark.usefixtures("shelf")
def test_no_public_page_breaks_the_policy_or_leaves_the_site(new_page):
    page = new_page()
    read = walk(page, PUBLIC, lambda path: not NOT_PAGES.search(path) and not path.startswith("/trials/NCT"), 60)
    assert len(read) > len(PUBLIC)
    assert {path: status for path, status in read.items() if status >= 500} == {}


def test_no_page_of_the_admin_breaks_the_policy_or_leaves_the_site(new_page, live_server, tmp_path):
    sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", [msc_study(1), msc_study(2), drug_study(3)]),)))
    user = get_user_model().objects.create_superuser("curator", "curator@example.org", "a long pass phrase")
    client = Client()
    client.force_login(user)
    assert client.session[SESSION_KEY] == str(user.pk)
    page = new_page()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}
    page.context.add_cookies([cookie])

    left = re.compile(r"/(logout|delete|jsi18n)/|/admin/(trials|therapies)/[a-z]+/(?!1/)[0-9]+/|\.(csv|json)$")
    read = walk(page, ["/admin/"], lambda path: path.startswith("/admin/") and not left.search(path), 90)
    assert len(read) > 30
    assert {path: status for path, status in read.items() if status >= 400} == {}
    assert any("/change/" in path for path in read)
    assert any(path.endswith("/add/") for path in read)


@pytest.mark.storeless
@pytest.mark.parametrize("address", ["http://example.org/", "http://192.0.2.1/", "http://[2001:db8::1]/", "http://127.0.0.1:8000/"])
def test_the_browser_can_ask_nobody_else(browser, address):
    context = browser.new_context()
    page, asked = context.new_page(), []
    context.on("request", lambda request: asked.append(request.url))
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto(address)
    assert asked == [address]
    context.close()


@pytest.mark.storeless
def test_the_walk_would_notice(browser, live_server):
    """An inline style and an inline handler put into a page are refused, and the console says so."""
    context = browser.new_context(base_url=live_server.url)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/about/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<p id=probe style=\"color: rgb(1, 2, 3)\" onclick=\"document.title = 1\">x</p>')"
    )
    page.evaluate("document.getElementById('probe').click()")
    assert page.evaluate("getComputedStyle(document.getElementById('probe')).color") != "rgb(1, 2, 3)"
    assert page.title() != "1"
    assert sum("Content Security Policy" in text for text in said) == 2
    context.close()
