"""Finding a trial: by pressing, by keyboard, without scripts, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.needs import needs_chromium

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("shelf")]


def sentence(page):
    return page.locator("#sentence")


def test_a_filter_acts_at_once_and_the_address_says_so(new_page):
    page = new_page()
    page.goto("/trials/")
    page.evaluate("window.sameDocument = true")

    page.locator("#approach-msc").click()
    expect(sentence(page)).to_contain_text("MSC trials")
    expect(page).to_have_url(re.compile(r"/trials/\?approach=msc$"))
    page.locator("#status-recruiting").click()
    expect(sentence(page)).to_contain_text("MSC trials, recruiting")
    expect(page).to_have_url(re.compile(r"approach=msc&status=RECRUITING$"))
    expect(page).to_have_title(re.compile("MSC trials, recruiting"))
    assert page.evaluate("window.sameDocument") is True
    expect(page.locator("body > [role=status]")).to_contain_text("MSC trials, recruiting")

    page.go_back()
    expect(page).to_have_url(re.compile(r"/trials/\?approach=msc$"))
    expect(page.locator("#status-recruiting")).not_to_have_attribute("aria-current", "true")
    page.reload()
    expect(sentence(page)).to_contain_text("MSC trials")
    page.get_by_role("link", name=re.compile("Approach: MSC")).click()
    expect(sentence(page)).to_contain_text("30 results: Stem-cell trials")


def test_without_scripts_the_same_links_do_the_same(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/trials/")
    page.locator("#approach-msc").click()
    page.locator("#status-recruiting").click()

    expect(page).to_have_url(re.compile(r"approach=msc&status=RECRUITING$"))
    expect(sentence(page)).to_contain_text("MSC trials, recruiting")
    count = int(sentence(page).inner_text().split()[0])
    assert page.locator(".card").count() == count
    page.fill("#q", "number 1")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"q=number\+1&approach=msc&status=RECRUITING$"))


def test_what_the_reader_opened_stays_open(new_page):
    page = new_page()
    page.goto("/trials/")
    page.locator("#facet-sponsor_class > summary").click()
    page.locator("#facet-status > summary").click()

    page.locator("#approach-hsct").click()
    expect(sentence(page)).to_contain_text("HSCT trials")

    expect(page.locator("#facet-sponsor_class")).to_have_attribute("open", "")
    expect(page.locator("#facet-status")).not_to_have_attribute("open", "")


def test_the_keyboard_alone_does_everything(new_page):
    page = new_page()
    page.goto("/trials/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Trials")).to_be_focused()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "approach-msc":
            break
    expect(page.locator("#approach-msc")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(sentence(page)).to_contain_text("MSC trials")
    expect(page.locator("#approach-msc")).to_be_focused()
    page.get_by_role("link", name="take away this filter").focus()
    page.keyboard.press("Enter")  # what was pressed is gone then
    expect(sentence(page)).to_be_focused()

    page.locator("#sort > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sort-title")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sort-title")).not_to_be_visible()
    expect(page.locator("#sort > summary")).to_be_focused()

    page.locator(".card-title a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/trials/NCT\d{8}/$"))


def test_on_a_phone_the_filters_are_folded_and_stay_as_they_were_left(new_page):
    page = new_page(width=360, height=740, has_touch=True)
    page.goto("/trials/")
    expect(page.locator("#approach-msc")).not_to_be_visible()
    page.locator("#filters > summary").tap()
    page.locator("#approach-msc").tap()

    expect(page).to_have_url(re.compile(r"approach=msc$"))
    expect(page.locator("#filters > summary")).to_contain_text("1 in force")
    expect(page.locator("#approach-msc")).to_be_in_viewport()
    done = page.get_by_role("link", name=re.compile(r"^See \d+ results$"))
    expect(done).to_be_in_viewport()
    done.tap()
    expect(page.locator("#sentence")).to_be_in_viewport()


def test_a_form_keeps_what_was_typed(new_page):
    page = new_page()
    page.goto("/trials/?approach=msc&approach=nonsense")
    page.fill("#q", "cells & more")
    page.get_by_role("button", name="Search").click()

    expect(page.locator("#q")).to_have_value("cells & more")
    expect(page.get_by_role("alert")).to_contain_text("We know no approach “nonsense”.")
    page.get_by_role("link", name="Go on without it").click()
    expect(page).to_have_url(re.compile(r"q=cells\+%26\+more&approach=msc$"))


def test_an_nct_number_goes_straight_to_its_trial(new_page):
    page = new_page()
    page.goto("/")
    page.fill("#q", "nct00000007")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Trial number 7")


def test_the_second_page_begins_where_the_first_ended(new_page):
    page = new_page()
    page.goto("/trials/")
    first = page.locator(".card .nct").all_inner_texts()
    page.get_by_role("link", name="Next →").click()
    expect(page).to_have_url(re.compile(r"page=2$"))
    expect(page.locator(".card")).to_have_count(5)

    assert not set(first) & set(page.locator(".card .nct").all_inner_texts())
