"""A study in whose every text somebody has put an attack: through the real sync, and shown as text wherever we show it."""

import csv
import email
import email.policy
import io
import json
import logging
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import bibtexparser
import feedparser
import icalendar
import openpyxl
import pytest
import rispy
from django.utils import timezone

from alerts.models import Item, Mail, Subscription
from alerts.writing import write
from tests.studies import msc_study, write_jsonl
from trials.exports import FORMULA_STARTS
from trials.models import SyncRun, Trial, TrialChange
from trials.registry.records import PartialDate
from trials.sync import Request, sync
from trialtracker.logs import JSONLines, Lines

SCRIPT = "<script>window.owned=1</script><img src=x onerror=alert(1)>"
BREAKOUT = "\"'></title></textarea><svg onload=alert(2)>{{ 7|add:7 }}{% debug %}"
HEADER = "line\r\nSet-Cookie: owned=1\r\n\r\n<b>body</b>"
BACKWARDS = "\u202eevil\u202c\u2066hidden\u2069"
FORMULAS = ['=HYPERLINK("http://evil.example.net")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1", "＝1+1"]
ADDRESSES = [
    "javascript:alert(3)",
    "JaVaScRiPt:alert(3)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "//evil.example.net",
    " javascript:x",
]


def hostile_study(number, title):
    """A study that the classifier takes for one of stem cells, with `title` and with an attack in all else that is text."""
    study = msc_study(
        number, title=f"{title} Mesenchymal Stem Cells for Multiple Sclerosis", criteria=f"Inclusion Criteria:\n\n* {SCRIPT}\n* {BREAKOUT}"
    )
    sections = study["protocolSection"]
    sections["identificationModule"] |= {"acronym": FORMULAS[number % len(FORMULAS)], "officialTitle": BREAKOUT + BACKWARDS}
    sections["descriptionModule"] = {
        "briefSummary": f"{SCRIPT}\n\n[press](javascript:alert(4)) [here](https://example.org/ok) ![x](https://evil.example.net/pixel)\n\n{BREAKOUT}",
        "detailedDescription": "<iframe src=https://evil.example.net></iframe>\n\n<https://example.org/auto> &lt;script&gt;",
    }
    sections["statusModule"]["whyStopped"] = FORMULAS[0] + SCRIPT
    sections["sponsorCollaboratorsModule"]["leadSponsor"]["name"] = f"{FORMULAS[number % len(FORMULAS)]} {SCRIPT} {HEADER}"
    sections["conditionsModule"]["keywords"] = [SCRIPT, BREAKOUT]
    sections["outcomesModule"] = {"primaryOutcomes": [{"measure": SCRIPT, "timeFrame": BREAKOUT, "description": HEADER}]}
    sections["contactsLocationsModule"] = {
        "locations": [{"facility": SCRIPT + FORMULAS[1], "city": BREAKOUT, "country": SCRIPT}],
        "centralContacts": [{"name": SCRIPT, "phone": BREAKOUT, "email": 'x@example.org"><script>1</script>'}],
        "overallOfficials": [{"name": BREAKOUT, "affiliation": SCRIPT, "role": "PRINCIPAL_INVESTIGATOR"}],
    }
    sections["referencesModule"] = {
        "references": [{"citation": SCRIPT, "pmid": '1"><script>', "type": "RESULT"}],
        "seeAlsoLinks": [{"label": f"{SCRIPT} {index}", "url": url} for index, url in enumerate([*ADDRESSES, "https://example.org/fine"])],
    }
    return study


TITLES = [SCRIPT, BREAKOUT, HEADER, BACKWARDS, *FORMULAS, "a\u200bb\ufeffc\u200d", "nul\0byte \x1b[31mred\x07"]
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\0\x1b]")
"""What turns the words beside it around, or makes a terminal do something."""


@pytest.fixture
def hostile(db, tmp_path):
    """The hostile studies, taken in by a real sync; returns their trials by number."""
    studies = [hostile_study(number, title) for number, title in enumerate(TITLES, start=1)]
    run = sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", studies),)))
    assert (run.state, run.created, run.failed) == (SyncRun.State.COMPLETE, len(TITLES), 0)
    return {trial.pk: trial for trial in Trial.objects.listed()}


class Markup(HTMLParser):
    """What a browser would make of a page, as far as it could hurt."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self.handlers, self.links, self.strangers, self.tags = [], [], [], [], set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        self.handlers += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        if tag == "script":
            self.scripts.append(given.get("src", f"inline {given.get('type')}"))
        if tag == "a" and "href" in given:
            self.links.append((given["href"], given.get("rel", "")))
        if tag in {"img", "iframe", "object", "embed", "script", "link"}:
            self.strangers += [given[name] for name in ("src", "href", "data") if urlsplit(given.get(name) or "").netloc]


PAGES = ["/", "/trials/", "/trials/?q=mesenchymal", "/changes/", *(f"/trials/NCT{number:08}/" for number in range(1, len(TITLES) + 1))]
ADMIN_PAGES = [
    "/admin/", "/admin/trials/trial/", "/admin/trials/trial/1/change/", "/admin/trials/record/", "/admin/trials/review/",
    "/admin/trials/review/NCT00000001/",
]  # fmt: skip
INLINE_DATA = {"inline application/ld+json"}


def assert_harmless(text):
    markup = Markup(text)
    assert markup.handlers == []
    assert {script for script in markup.scripts if not script.startswith("/static/")} <= INLINE_DATA
    assert [address for address in markup.strangers if "example.net" in address] == []
    assert not markup.tags & {"iframe", "object", "embed"}
    assert "alert(" not in "".join(href for href, _ in markup.links)
    for href, rel in markup.links:
        assert urlsplit(href).scheme in {"", "http", "https", "mailto", "tel"}, href
        assert not href.strip().startswith("//"), href
        if urlsplit(href).netloc == "example.org":
            assert {"noopener", "nofollow"} <= set(rel.split()), href
    return markup


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_it_as_text(client, hostile, path):
    response = client.get(path)
    text = response.content.decode()
    markup = assert_harmless(text)
    assert "Set-Cookie: owned" not in str(response.headers)
    assert not TURNING.search(text)
    if path == "/trials/NCT00000001/":
        assert "&lt;script&gt;window.owned=1&lt;/script&gt;" in text
        assert ("https://example.org/fine") in {href for href, _ in markup.links}
        assert ("https://example.org/ok") in {href for href, _ in markup.links}
        assert "{{ 7|add:7 }}" in text  # record text is never a template


def test_json_for_search_engines_cannot_end_its_script(client, hostile):
    for pk in hostile:
        for block in re.findall(
            r'<script type="application/ld\+json"[^>]*>(.*?)</script>', client.get(f"/trials/NCT{pk:08}/").content.decode(), re.S
        ):
            assert "<" not in block
            json.loads(block)


def test_the_admin_shows_it_as_text(admin_client, hostile):
    for path in ADMIN_PAGES:
        response = admin_client.get(path)
        assert response.status_code == 200, path
        markup = Markup(response.content.decode())
        assert markup.handlers == [], path
        assert [
            script for script in markup.scripts if not script.startswith("/") and "jsi18n" not in script and "json" not in script
        ] == [], path
        assert "javascript:" not in "".join(href for href, _ in markup.links), path


def test_csv_and_excel_hold_no_formula(client, hostile):
    lines = list(csv.reader(io.StringIO(b"".join(client.get("/trials/export.csv")).decode(), newline="")))
    assert len(lines) == len(TITLES) + 1
    assert {len(line) for line in lines} == {len(lines[0])}
    assert [cell for line in lines for cell in line if cell.startswith(FORMULA_STARTS)] == []
    assert any(cell.startswith("'=") for line in lines for cell in line)

    response = client.get("/trials/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response)))
    cells = [cell for row in book["Trials"].iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)  # Excel's own type for text keeps it as it is


def test_json_and_the_api_give_it_unchanged_as_json(client, hostile):
    response = client.get("/trials/export.json")
    assert response.headers["Content-Type"] == "application/json"
    titles = {trial["title"] for trial in json.loads(b"".join(response))["trials"]}
    assert titles == {trial.brief_title for trial in hostile.values()}
    response = client.get("/api/v1/trials/")
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert any(SCRIPT in json.dumps(trial, ensure_ascii=False) for trial in response.json()["results"])


def test_a_feed_is_well_formed_and_its_words_are_text(client, hostile):
    for path in ("/trials/feed.atom", "/changes/feed.atom"):
        feed = feedparser.parse(client.get(path).content, sanitize_html=False)
        assert not feed.bozo, feed.get("bozo_exception")
        for entry in feed.entries:
            markup = Markup(entry.get("summary", ""))
            assert (markup.scripts, markup.handlers) == ([], [])
    assert len(feedparser.parse(client.get("/trials/feed.atom").content).entries) == len(TITLES)


def test_citations_are_one_entry_a_trial(client, hostile):
    ris = b"".join(client.get("/trials/export.ris")).decode()
    assert len(rispy.loads(ris)) == len(TITLES) + 1  # the first one cites the list
    assert {line[2:6] for line in ris.splitlines() if line} == {"  - "}
    bib = b"".join(client.get("/trials/export.bib")).decode()
    library = bibtexparser.parse_string(bib)
    assert (len(library.entries), library.failed_blocks) == (len(TITLES) + 1, [])
    assert not TURNING.search(ris + bib)


def test_a_calendar_holds_one_event_a_date(client, hostile):
    Trial.objects.update(completion_date=PartialDate(2031, 3), completion_date_kind="ESTIMATED")
    text = client.get("/trials/dates.ics").content
    calendar = icalendar.Calendar.from_ical(text)
    assert [component.name for component in calendar.walk()] == ["VCALENDAR"] + ["VEVENT"] * len(TITLES)
    assert not re.search(rb"^(Set-Cookie|ATTACH|BEGIN:VALARM)", text, re.M)
    assert not TURNING.search(text.decode())


NOW = timezone.now()


@pytest.fixture
def mails(hostile):
    """For each hostile trial a mail that tells of it as new, of a change in it, and of both to somebody who follows it alone."""
    for trial in hostile.values():
        change = TrialChange.objects.create(trial=trial, field="title", old=[SCRIPT], new=[trial.brief_title], seen_at=NOW)
        wanted = Subscription.objects.create(address=f"reader{trial.pk}@example.org", trial=trial, frequency="weekly", asked_at=NOW)
        mail = Mail.objects.create(subscription=wanted, kind="news", made_at=NOW, not_before=NOW)
        Item.objects.create(subscription=wanted, mail=mail, trial=trial)
        Item.objects.create(subscription=wanted, mail=mail, change=change)
    return [write(mail).message() for mail in Mail.objects.select_related("subscription__trial")]


def test_a_mail_has_our_headers_alone_and_shows_it_as_text(mails):
    assert len(mails) == len(TITLES)
    for written in mails:
        read = email.message_from_bytes(written.as_bytes(), policy=email.policy.default)
        assert set(read.keys()) == {
            "Content-Type", "MIME-Version", "Subject", "From", "To", "Message-ID", "Date",
            "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted",
        }  # fmt: skip
        assert len(read["To"].addresses) == 1
        assert not TURNING.search(read["Subject"])
        text, html = (read.get_body([kind]).get_content() for kind in ("plain", "html"))
        assert not TURNING.search(text + html)
        markup = Markup(html)
        assert markup.scripts == []
        assert not markup.tags & {"script", "svg", "img", "iframe", "form"}
        assert {urlsplit(href).netloc for href, _ in markup.links} == {"127.0.0.1:8000"}
        assert "Mesenchymal Stem Cells for Multiple Sclerosis" in text


def test_a_log_line_stays_one_line(tmp_path, db, caplog):
    study = msc_study(1)
    study["protocolSection"]["statusModule"]["overallStatus"] = f"NEW\r\n2026-11-23 CRITICAL trials: owned {SCRIPT}"
    study["protocolSection"]["identificationModule"]["nctId"] = f"NCT1\r\nCRITICAL owned {SCRIPT}"
    with caplog.at_level(logging.DEBUG):
        run = sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", [study, msc_study(2)]),)))
    assert run.failed == 1
    assert [record.getMessage() for record in caplog.records if "\n" in record.getMessage()] == []


@pytest.mark.parametrize("formatter", [Lines("{levelname} {message}", style="{"), JSONLines()])
def test_a_log_line_cannot_be_ended_or_turned_around(formatter):
    text = f"{HEADER}{BACKWARDS}\u2028CRITICAL owned\x85\x1b[2J\0"
    record = logging.getLogger("trials").makeRecord("trials", logging.WARNING, "x.py", 1, "odd: %s", (text,), None)
    line = formatter.format(record)
    assert len(line.splitlines()) == 1
    assert not TURNING.search(line)
    assert "Set-Cookie" in line
