"""Feeds and calendars of any list: they validate, name each entry for good, and are not sent again while nothing changes."""

import datetime as dt
from xml.etree import ElementTree

import feedparser
import icalendar
import pytest
from django.utils import timezone

from tests.builders import make_trial
from trials.models import Listing, SyncRun, TrialChange

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def shelf():
    run = SyncRun.objects.create(kind="full", state="complete", finished_at="2026-01-02T03:04:05Z")
    for number, approach in ((1, "hsct"), (2, "msc"), (3, "hsct")):
        trial = make_trial(number, approaches=[approach], brief_title=f"Cells & <nerves> {number}", countries=["Norway"])
        Listing.objects.create(trial=trial, listed_at=f"2026-0{number}-01T00:00:00Z")
        for field in ("status", "enrollment"):
            TrialChange.objects.create(
                trial=trial, run=run, field=field, old=["40"], new=["20"], is_notable=field == "enrollment",
                seen_at=f"2026-02-0{number}T00:00:00Z",
            )  # fmt: skip


FEEDS = ["/trials/feed.atom", "/trials/feed.atom?approach=hsct", "/changes/feed.atom?notable=yes", "/trials/NCT00000001/feed.atom"]


@pytest.mark.parametrize("path", [*FEEDS, "/trials/feed.atom?approach=ipsc"])
@pytest.mark.usefixtures("shelf")
def test_a_feed_holds_what_rfc_4287_asks_for(client, path):
    response = client.get(path)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"

    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        assert [len(element.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert dt.datetime.fromisoformat(element.findtext(f"{ATOM}updated")).tzinfo
        assert element.findtext(f"{ATOM}id").startswith(("tag:", "http://"))
    assert feed.find(f"{ATOM}author/{ATOM}name").text == "TrialTracker"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"] == [f"http://testserver{path}"]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    assert "ClinicalTrials.gov" in feed.findtext(f"{ATOM}rights")


@pytest.mark.parametrize("path", ["/trials/feed.atom", "/changes/feed.atom"])
@pytest.mark.usefixtures("shelf")
def test_signs_that_xml_cannot_hold_are_left_out_of_a_search(client, path):
    parsed = feedparser.parse(client.get(path, {"q": "ner\x01ves\x00"}).content)
    assert not parsed.bozo
    assert "matching “nerves”" in parsed.feed.title


@pytest.mark.usefixtures("shelf")
def test_new_trials_come_latest_first_under_the_filters_of_the_list(client):
    parsed = feedparser.parse(client.get("/trials/feed.atom?approach=hsct").content)

    assert parsed.feed.title == "New: HSCT trials"
    assert [(entry.title, entry.id) for entry in parsed.entries] == [
        ("Cells & <nerves> 3 (NCT00000003)", "tag:testserver,2026:trial/NCT00000003"),
        ("Cells & <nerves> 1 (NCT00000001)", "tag:testserver,2026:trial/NCT00000001"),
    ]
    assert parsed.entries[0].summary == "Completed. Phase 2. HSCT. Norway. University Hospital."
    assert parsed.entries[0].updated == "2026-03-01T00:00:00+00:00"


@pytest.mark.usefixtures("shelf")
def test_changes_come_as_one_entry_an_update(client):
    parsed = feedparser.parse(client.get("/changes/feed.atom?approach=msc").content)

    (entry,) = parsed.entries
    assert entry.title == "Status, Number of people: Cells & <nerves> 2 (NCT00000002)"
    assert entry.link.startswith("http://testserver/trials/NCT00000002/#NCT00000002-")
    assert "The number of people became smaller." in entry.summary
    assert [e.id for e in feedparser.parse(client.get("/changes/feed.atom?approach=msc&field=status").content).entries] == [entry.id]


@pytest.mark.parametrize("path", ["/trials/feed.atom", "/changes/feed.atom", "/trials/dates.ics"])
def test_what_it_does_not_know_is_refused_in_plain_words(client, path):
    response = client.get(f"{path}?aproach=msc&approach=crispr")
    assert response.status_code == 400
    assert response.content.decode() == "We know no approach “crispr”.\nWe know no parameter “aproach”.\n"


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("path", [*FEEDS, "/trials/dates.ics"])
def test_a_reader_that_comes_back_is_told_that_nothing_changed(client, path, django_assert_num_queries):
    first = client.get(path)
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    SyncRun.objects.create(kind="full", state="complete", finished_at=timezone.now(), updated=1)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("path", ["/trials/feed.atom", "/changes/feed.atom", "/trials/dates.ics"])
def test_a_feed_costs_the_same_however_many_trials(client, path, django_assert_max_num_queries):
    client.get(path)  # what is kept a minute is looked up
    with django_assert_max_num_queries(7) as few:
        client.get(path)
    for number in range(10, 40):
        trial = make_trial(number, start_date="2027-01-01", start_date_kind="ESTIMATED")
        TrialChange.objects.create(trial=trial, field="status", seen_at="2026-01-01T00:00:00Z")
    with django_assert_max_num_queries(7) as many:
        client.get(path)
    assert len(many) == len(few)


def test_a_trial_that_is_not_listed_has_no_feed(client):
    make_trial(5, is_listed=False)
    assert client.get("/trials/NCT00000005/feed.atom").status_code == 404


def test_the_calendar_holds_expected_dates_as_exact_as_they_are(client):
    make_trial(
        1, acronym="BEST", start_date="2027-03-15", start_date_kind="ESTIMATED", completion_date="2029-02", completion_date_kind="ESTIMATED"
    )
    make_trial(2, start_date="2020-01-01", start_date_kind="ACTUAL", completion_date="2030", completion_date_kind="ESTIMATED")
    make_trial(3, approaches=["msc"], start_date="2027-01-01", start_date_kind="ESTIMATED")

    response = client.get("/trials/dates.ics?approach=hsct")
    calendar = icalendar.Calendar.from_ical(response.content)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar["x-wr-calname"] == "HSCT trials"
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert list(events) == ["NCT00000001-start@testserver", "NCT00000001-completion@testserver"]
    start, completion = events.values()
    assert str(start["summary"]) == "Expected start: BEST (NCT00000001)"
    assert (start["dtstart"].dt, start["dtend"].dt) == (dt.date(2027, 3, 15), dt.date(2027, 3, 16))
    assert (completion["dtstart"].dt, completion["dtend"].dt) == (dt.date(2029, 2, 1), dt.date(2029, 3, 1))
    assert "by year alone is left out" in calendar["description"]
