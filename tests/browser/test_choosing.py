"""Keeping trials, comparing them, and asking whether one might fit."""

import re

import pytest
from playwright.sync_api import expect

from tests.builders import make_trial
from tests.needs import needs_chromium

pytestmark = [
    needs_chromium,
    pytest.mark.storeless,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("shelf"),
]


def test_trials_are_kept_compared_shared_and_dropped_without_an_account(new_page):
    page = new_page()
    page.goto("/trials/")
    first, second = page.locator("[data-keep]").nth(0), page.locator("[data-keep]").nth(1)
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    page.locator("#approach-hsct").click()
    expect(page.locator("#sentence")).to_contain_text("HSCT trials")
    page.locator("#approach-hsct").click()
    expect(page.locator("#sentence")).to_contain_text("30 results: Stem-cell trials")
    expect(first).to_have_attribute("aria-pressed", "true")
    second.click()
    ids = [first.get_attribute("data-keep"), second.get_attribute("data-keep")]
    page.goto(f"/trials/{ids[0]}/")
    expect(page.locator("[data-keep]")).to_have_attribute("aria-pressed", "true")

    page.get_by_role("link", name=re.compile("Shortlist")).click()
    expect(page).to_have_url(re.compile(rf"/shortlist/\?id={ids[0]}&id={ids[1]}$"))
    shared = page.url
    page.get_by_role("button", name="Compare the chosen ones").click()
    expect(page).to_have_url(re.compile(rf"/compare/\?id={ids[0]}&id={ids[1]}$"))
    expect(page.get_by_role("columnheader")).to_have_count(2)

    page.go_back()
    page.locator(f"[data-drop={ids[0]}]").click()
    expect(page).to_have_url(re.compile(rf"/shortlist/\?id={ids[1]}$"))
    page.get_by_role("button", name="Empty the shortlist").click()
    expect(page.get_by_text("Nothing is on this shortlist.")).to_be_visible()

    other = new_page(java_script_enabled=False)
    other.goto(shared)
    expect(other.locator("[data-kept]")).to_have_count(2)
    expect(other.locator("[data-drop]").first).not_to_be_visible()


def test_a_patient_answers_one_question_a_screen_and_reads_why_a_trial_may_fit(new_page):
    page = new_page(width=360, height=740)
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto("/for-me/")
    expect(page.get_by_label("How old are you?")).to_be_visible()
    expect(page.get_by_text("Which type of MS do you have?")).not_to_be_visible()
    page.get_by_label("How old are you?").fill("40")
    page.keyboard.press("Enter")
    expect(page.get_by_text("What is your sex?")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Relapsing-remitting (RRMS)").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("I need a stick, a crutch or a brace").check()
    page.get_by_role("button", name="Compare with the trials").click()

    expect(page.get_by_role("heading", name=re.compile("May fit: [1-9]"))).to_be_visible()
    card = page.locator(".verdict-may-fit .card").first
    card.get_by_text("What agrees").click()
    expect(card.get_by_text("EDSS 3.0 to 6.5")).to_be_visible()
    page.get_by_text("Change your answers").click()
    expect(page.get_by_label("How old are you?")).to_have_value("40")
    assert not [address for address in addresses if "40" in address.split("/", 3)[3] or "RRMS" in address or "stick" in address]
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "RRMS" not in stored
    assert "stick" not in stored
    assert stored.endswith(',""]')


def test_without_scripts_all_questions_stand_on_one_page(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/for-me/")
    page.get_by_label("Relapsing-remitting (RRMS)").check()
    page.get_by_role("button", name="Compare with the trials").click()

    expect(page.get_by_role("heading", name=re.compile("May fit: [1-9]"))).to_be_visible()


def test_near_me_asks_the_browser_rounds_the_place_and_puts_none_in_an_address(new_page, atlas):
    make_trial(901, status="RECRUITING", brief_title="In Bergen", sites=[{"country": "Norway", "latitude": 60.39, "longitude": 5.32}])
    page = new_page(geolocation={"latitude": 60.123456, "longitude": 5.654321}, permissions=["geolocation"])
    asked = []
    page.on("request", lambda request: asked.append((request.url, request.post_data or "")))
    page.goto("/trials/?status=RECRUITING")
    page.get_by_role("button", name="Near me").click()

    expect(page).to_have_url(re.compile(r"status=RECRUITING&near=Bergen%2C\+Norway$"))
    expect(page.locator(".card-title").first).to_have_text("In Bergen")
    expect(page.locator(".card-near").first).to_contain_text("to the nearest site that looks for people")
    assert [data for _, data in asked if data] == ["latitude=60.1&longitude=5.7&status=RECRUITING"]
    assert not [url for url, _ in asked if "60.1" in url or "5.6" in url]


def test_a_browser_that_gives_no_place_is_no_dead_end(new_page):
    page = new_page(permissions=[])
    page.goto("/trials/")
    page.get_by_role("button", name="Near me").click()

    expect(page.get_by_text("You can type a town instead.").first).to_be_visible()
