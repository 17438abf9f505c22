"""Whole journeys, as the people make them for whom the pages are built: a patient on a phone, a researcher at a desk, somebody with a
keyboard alone, and somebody without scripts."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.builders import make_trial
from tests.needs import needs_chromium

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("shelf")]

NCT = re.compile(r"NCT\d{8}")


@pytest.fixture
def nearby(atlas):
    """An open trial in Bergen and one in Munich, and one in Bergen that is over."""
    place = {"country": "Norway", "city": "Bergen", "facility": "A Hospital", "latitude": 60.39, "longitude": 5.33}
    contact = {"name": "Nurse N", "phone": "+47 55 00 00 00", "phone_ext": "", "email": "n@example.org"}
    facts = {"approaches": ["hsct"], "eligibility_criteria": "Inclusion Criteria:\n\n* RRMS\n* EDSS 2.0 to 6.0", "ms_courses": ["RRMS"]}
    make_trial(
        901, status="RECRUITING", brief_title="Open in Bergen", sites=[place | {"status": "RECRUITING", "contacts": [contact]}], **facts
    )
    make_trial(902, status="RECRUITING", brief_title="Open in Munich", sites=[{"country": "Germany", "latitude": 48.1, "longitude": 11.6}])
    make_trial(903, status="COMPLETED", brief_title="Over in Bergen", sites=[place])


@pytest.mark.usefixtures("nearby")
def test_a_patient_finds_what_is_open_nearby_reads_why_it_may_fit_and_takes_it_to_the_neurologist(new_page):
    page = new_page(width=360, height=740, has_touch=True)
    page.goto("/")
    page.get_by_label("Your town").fill("bergen")
    page.get_by_role("button", name="Show open trials").tap()

    expect(page).to_have_url(re.compile(r"/trials/\?near=bergen&role=treatment&status=RECRUITING$"))
    expect(page.locator("#sentence")).to_contain_text("nearest to Bergen, Norway first")
    expect(page.locator("#sentence")).to_be_in_viewport(ratio=1)
    first = page.locator(".card").first
    expect(first.locator(".card-near")).to_have_text(re.compile("Under 1 km to the nearest site that looks for people"))
    expect(page.get_by_text("Over in Bergen")).to_have_count(0)
    first.get_by_role("link", name="Open in Bergen").tap()

    glance = page.locator("#glance")
    expect(glance.get_by_text("Looking for people now.")).to_be_visible()
    expect(glance.locator(".how-far")).to_contain_text("from Bergen, Norway to the nearest site that looks for people: A Hospital")
    expect(glance.get_by_role("link", name="+47 55 00 00 00")).to_be_visible()
    glance.get_by_role("link", name="Compare with your own answers").tap()

    page.get_by_label("How old are you?").fill("40")
    for _ in range(2):
        page.get_by_role("button", name="Next").tap()
    page.get_by_label("Relapsing-remitting (RRMS)").check()
    page.get_by_role("button", name="Compare with the trials").tap()
    fits = page.locator(".verdict-may-fit .card", has_text="Open in Bergen")
    fits.get_by_text("What agrees").tap()
    expect(fits.get_by_text("The record names it among what is taken.")).to_be_visible()
    expect(fits.locator("blockquote").first).to_have_text("RRMS")

    fits.locator("[data-keep]").tap()
    page.locator(".menu-main > summary").tap()
    page.get_by_role("link", name=re.compile("^Shortlist")).tap()
    page.get_by_role("link", name="A page for your neurologist").tap()
    expect(page).to_have_url(re.compile(r"/for-neurologist/\?id=NCT00000901$"))
    expect(page.get_by_text("A patient would like to talk with you about this trial.")).to_be_visible()
    expect(page.get_by_role("link", name="n@example.org")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("Could this trial take me, as you know my MS?")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).not_to_be_visible()


def test_a_researcher_finds_the_same_trials_in_page_chart_csv_json_and_feed(new_page):
    page = new_page()
    page.goto("/trials/")
    page.locator("#approach-msc").click()
    expect(page.locator("#sentence")).to_contain_text("MSC trials")
    page.locator("#phase-phase3").click()
    expect(page.locator("#sentence")).to_contain_text("Phase 3 MSC trials")
    page.locator("#facet-exact > summary").click()
    page.locator("input[name=start_from]").fill("2006")
    page.locator("input[name=enrollment_to]").fill("25")
    page.get_by_role("button", name="Apply").click()

    expect(page.locator("#sentence")).to_contain_text("Phase 3 MSC trials, started since 2006, 25 people at most")
    expect(page).to_have_url(re.compile(r"/trials/\?approach=msc&phase=PHASE3&start_from=2006&enrollment_to=25$"))
    shown = set(page.locator(".card .nct").all_inner_texts())
    assert len(shown) > 2
    query = page.url.partition("?")[2]

    def ids(path):
        return set(NCT.findall(page.request.get(path).text()))

    page.locator("#take > summary").click()
    addresses = {name: page.get_by_role("link", name=name).get_attribute("href") for name in ("CSV", "JSON", "Feed of new trials")}
    assert all(address.endswith(f"?{query}") for address in addresses.values()), addresses
    rows = csv.DictReader(io.StringIO(page.request.get(addresses["CSV"]).text()))
    assert {row["nct_id"] for row in rows} == shown
    assert {trial["nct_id"] for trial in page.request.get(addresses["JSON"]).json()["trials"]} == shown
    assert ids(addresses["Feed of new trials"]) == shown

    page.get_by_role("link", name="Draw these trials").click()
    expect(page.get_by_role("heading", name=re.compile("Phase 3 MSC trials"))).to_be_visible()
    for chart in ("starts", "phases"):
        links = page.locator(f"#{chart} svg a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        cells = page.locator(f"#{chart} td a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert set(links) <= set(cells)
        behind = set().union(*(set(re.findall(r'href="/trials/(NCT\d{8})/', page.request.get(cell).text())) for cell in cells))
        assert behind == shown, chart


@pytest.mark.usefixtures("nearby")
def test_a_keyboard_alone_goes_all_the_way(new_page):
    page = new_page(width=360, height=740)

    def tab_to(selector):
        page.wait_for_load_state()  # with its stylesheet, which says what the focus looks like
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", selector
                return
        raise AssertionError(f"Sixty tabs did not reach {selector}.")

    page.goto("/")
    tab_to("#town")
    page.keyboard.type("Bergen")
    page.keyboard.press("Enter")
    expect(page.locator("#sentence")).to_contain_text("nearest to Bergen, Norway first")
    tab_to("#filters > summary")
    page.keyboard.press("Enter")
    tab_to("#approach-hsct")
    page.keyboard.press("Enter")
    expect(page.locator("#sentence")).to_contain_text("HSCT trials, testing a treatment, recruiting")
    tab_to(".card-title a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open in Bergen")
    tab_to("[data-keep]")
    page.keyboard.press("Space")
    expect(page.locator("[data-keep]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Home")
    page.locator(".skip").focus()
    tab_to(".menu-main > summary")
    page.keyboard.press("Enter")
    tab_to("[data-shortlist]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/shortlist/\?id=NCT00000901$"))

    page.goto("/for-me/")
    tab_to("#id_age")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    expect(page.locator(".steps-place")).to_have_text("Question 2 of 9")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".steps-place")).to_have_text("Question 3 of 9")
    tab_to("button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("May fit"))).to_be_visible()


@pytest.mark.usefixtures("nearby")
def test_without_scripts_every_way_stays_open(new_page):
    page = new_page(width=360, height=740, java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Your town").fill("Bergen")
    page.get_by_role("button", name="Show open trials").click()
    page.locator("#filters > summary").click()
    page.locator("#approach-hsct").click()
    expect(page.locator("#sentence")).to_contain_text("HSCT trials, testing a treatment, recruiting, nearest to Bergen, Norway first")
    page.locator("#filters > summary").click()
    page.locator("#facet-exact > summary").click()
    page.get_by_label("Not stated").last.check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("masking=none"))
    expect(page.locator("#facet-exact input[name=masking][value=none]")).to_be_checked()
    page.get_by_role("link", name="Open in Bergen").click()
    page.get_by_label("From which town?").fill("Munich")
    page.get_by_role("button", name="Measure").click()
    expect(page.locator(".how-far")).to_contain_text("from Munich, Germany")
    page.get_by_role("link", name="A page for your neurologist").click()
    expect(page.get_by_text("A Hospital, Bergen, Norway")).to_be_visible()
    page.locator(".menu-main > summary").click()
    page.get_by_role("link", name="Could this be for me?").click()
    page.get_by_label("Which town do you live in, or near?").fill("Bergen")
    page.get_by_label("Relapsing-remitting (RRMS)").check()
    page.get_by_role("button", name="Compare with the trials").click()
    expect(page.locator(".verdict-may-fit .card-title").first).to_have_text("Open in Bergen")
