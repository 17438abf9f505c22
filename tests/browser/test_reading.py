"""What holds for every page, whoever reads it and with whatever: no barrier that axe can see, no sideways scroll, targets that a trembling
hand hits, both colour schemes, paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.builders import make_trial
from tests.needs import needs_chromium

pytestmark = [needs_chromium, pytest.mark.storeless, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PAGES = [
    "/", "/trials/", "/trials/?approach=hsct&status=COMPLETED&q=cells", "/trials/?approach=ipsc", "/trials/?approach=nonsense",
    "/trials/NCT00000001/", "/trials/NCT00000099/", "/therapies/", "/therapies/approach/hsct/", "/therapies/approach/ipsc/",
    "/therapies/ahsct/", "/words/", "/clinics/", "/about/", "/patterns/", "/for-me/",
    "/landscape/", "/alerts/?approach=ipsc", "/for-neurologist/?id=NCT00000001&id=NCT00000002",
    "/shortlist/?id=NCT00000001&id=NCT00000002", "/compare/?id=NCT00000001&id=NCT00000002", "/changes/", "/data/", "/near-me/", "/nowhere/",
]  # fmt: skip


OPTIONS = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}}}
"""All of axe's rules, and text at 7:1 (WCAG's AAA) besides."""


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.usefixtures("shelf")
def test_axe_finds_nothing(new_page, color_scheme):
    page = new_page(color_scheme=color_scheme)
    found = {}
    for path in PAGES:
        page.goto(path)
        page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        violations = Axe().run(page, options=OPTIONS).response["violations"]
        if violations:
            found[path] = [(violation["id"], [node["target"] for node in violation["nodes"]][:3]) for violation in violations]
    assert found == {}


@pytest.mark.usefixtures("shelf")
def test_at_320_pixels_which_is_400_percent_nothing_scrolls_sideways(new_page):
    page = new_page(width=320, height=640)
    endless = "AutologousBloodFormingStemCells" * 3  # sponsors do write names without a space
    make_trial(
        31, status="COMPLETED", brief_title=f"Cells {endless}", sponsor_name=endless, countries=["Norway"],
        interventions=[{"name": f"{name}{endless}", "type": "BIOLOGICAL"} for name in ("Cells ", "Cells", "")],
    )  # fmt: skip
    too_wide = {}
    four = "&".join(f"id=NCT000000{number}" for number in ("01", "02", "03", "31"))
    for path in [*PAGES, "/trials/NCT00000031/", f"/compare/?{four}", "/for-neurologist/?id=NCT00000031"]:
        page.goto(path)
        page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        width = page.evaluate("document.documentElement.scrollWidth")
        tables = page.evaluate("[...document.querySelectorAll('.scroll')].filter(it => it.scrollWidth > it.clientWidth).length")
        if width > 320 or (tables and path != "/landscape/"):  # whose tables have a column for each approach
            too_wide[path] = width, tables
    assert too_wide == {}


@pytest.mark.usefixtures("shelf")
def test_with_letters_twice_as_large_a_phone_shows_all_and_the_menu_stays_on_it(new_page):
    page = new_page(width=360, height=740)
    outside = {}
    for path in ("/", "/trials/?q=number", "/trials/NCT00000001/"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        width = page.evaluate("document.documentElement.scrollWidth")
        menu = page.locator(".menu-main > ul").bounding_box()
        if width > 360 or menu["x"] < 0 or menu["x"] + menu["width"] > 360:
            outside[path] = width, menu
    assert outside == {}


SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select')].filter(element => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const isInText = style.display === 'inline' && element.closest('p, dd, li, td, cite, h2, h3, h4') && !element.closest('.ways');
    return box.width && !isInText && !element.closest('.skip, label') && element.offsetParent && box.height < 43.5
        && !element.classList.contains('tag') && style.position !== 'absolute';
}).map(element => element.outerHTML.slice(0, 90))"""


@pytest.mark.usefixtures("shelf")
def test_what_one_presses_is_44_pixels_high(new_page):
    page = new_page(width=360, height=740)
    small = {}
    paths = [
        "/", "/trials/?status=COMPLETED", "/trials/NCT00000001/", "/therapies/", "/therapies/approach/hsct/", "/clinics/", "/changes/",
        "/for-me/", "/landscape/", "/shortlist/?id=NCT00000001", "/for-neurologist/?id=NCT00000001",
    ]  # fmt: skip
    for path in paths:
        page.goto(path)
        if found := page.evaluate(SMALL_TARGETS):
            small[path] = found
    assert small == {}


@pytest.mark.usefixtures("shelf")
def test_on_a_phone_four_trials_stand_in_numbered_cells_and_a_form_s_fields_below_each_other(new_page):
    page = new_page(width=360, height=740, java_script_enabled=False)
    page.goto("/compare/?" + "&".join(f"id=NCT0000000{number}" for number in (1, 2, 3, 4)))
    cells = page.get_by_role("row").filter(has_text="Status").first.locator("td")
    assert [text.split()[0] for text in cells.all_inner_texts()] == ["1.", "2.", "3.", "4."]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in (cell.bounding_box() for cell in cells.all()))

    page.goto("/changes/")
    boxes = [page.get_by_label(name, exact=True).bounding_box() for name in ("From", "To", "What")]
    assert len({(box["x"], box["width"]) for box in boxes}) == 1


@pytest.mark.usefixtures("shelf")
def test_the_colour_scheme_of_the_reader_is_followed(new_page):
    for path in ("/", "/api/v1/docs/"):
        colours = []
        for scheme in ("light", "dark"):
            page = new_page(color_scheme=scheme)
            page.goto(path)
            colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert colours[0] != colours[1], path


@pytest.mark.usefixtures("shelf")
def test_on_paper_everything_stands_open_and_the_menus_are_gone(new_page):
    page = new_page()
    page.goto("/trials/NCT00000003/")
    page.emulate_media(media="print")

    assert page.get_by_text("EDSS 3.0 to 6.5").last.is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert page.get_by_text("Not medical advice.").first.is_visible()


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("width", [320, 360, 414])
def test_a_menu_opens_within_a_phones_screen_also_once_a_trial_is_kept(new_page, width):
    page = new_page(width=width, height=740)
    page.goto("/trials/")
    page.locator(".keep").first.click()
    assert page.get_by_text("1 kept").first.is_visible()
    for menu in page.locator(".menu").all():
        menu.locator("summary").click()
        box = menu.locator("ul").bounding_box()
        assert 0 <= box["x"] <= width - box["width"], menu.get_attribute("class")
        menu.locator("summary").click()


@pytest.mark.usefixtures("shelf")
def test_paper_is_light_whatever_the_screen(new_page):
    printed = []
    for scheme in ("light", "dark"):
        page = new_page(color_scheme=scheme)
        page.goto("/trials/")
        page.emulate_media(media="print", color_scheme=scheme)
        assert not page.get_by_text("Search words, or a place").is_visible()
        printed.append(page.evaluate("['body', '.status', '.tag'].map(name => getComputedStyle(document.querySelector(name)).color)"))
    assert printed[0] == printed[1]


@pytest.mark.usefixtures("shelf")
def test_with_forced_colours_what_is_chosen_and_what_marks_a_status_can_be_told(new_page):
    page = new_page(forced_colors="active")
    page.goto("/landscape/")
    chosen, other = (page.locator(f".landscape-choices .chip{which}").first for which in ("[aria-current]", ":not([aria-current])"))
    assert len({chip.evaluate("it => getComputedStyle(it).backgroundColor") for chip in (chosen, other)}) == 2

    page.goto("/trials/")
    star = "getComputedStyle(document.querySelector('.keep-star')).backgroundColor"
    dot = "getComputedStyle(document.querySelector('.status-open'), '::before').backgroundColor"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper not in (page.evaluate(star), page.evaluate(dot))
