"""A curator at work in a real browser: the queue by keys alone, what stands and what comes back, and who may not."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from tests.admin.conftest import doubtful_study
from tests.needs import needs_chromium
from tests.standin import RegistryServer
from tests.studies import drug_study, msc_study
from trials.derive import rederive
from trials.models import Curation, Family, SyncRun, Trial
from trials.registry.client import Client
from trials.sync import BATCH, Request, sync

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
NAMES = {
    "runOnly": ["label", "select-name", "button-name", "aria-input-field-name", "aria-prohibited-attr", "aria-required-attr",
                "scrollable-region-focusable"]
}  # fmt: skip
PARTS = {"include": [[".curating"], [".breadcrumbs"], ["#toolbar"], ["#changelist-filter"]]}
PASSWORD = "a long pass phrase"


@pytest.fixture
def registry():
    studies = [*(doubtful_study(number) for number in range(1, 6)), *(msc_study(number) for number in range(6, 9)), drug_study(20)]
    with RegistryServer(studies) as server:
        yield server


@pytest.fixture
def full_sync(registry):
    """Sync everything from the stand-in."""

    def call(on_progress=None):
        client = Client(registry.url, user_agent="TrialTracker tests", pace_seconds=0)
        run = sync(Request(full=True), client=client, on_progress=on_progress)
        assert run.state == "complete", run.message

    return call


@pytest.fixture
def log_in(new_page):
    """Open a page on which somebody of a role has logged in by the form."""

    def call(name, role, **options):
        user = get_user_model().objects.create_user(name, password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        page = new_page(**options)
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="What happened, what waits")).to_be_visible()
        return page

    return call


def waiting():
    return set(Trial.objects.filter(needs_review=True).values_list("pk", flat=True))


def heading(page, number):
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"NCT{number:08}")


def ready(page, number):
    """The screen of this study is there, and its keys are."""
    heading(page, number)
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def test_a_curator_empties_a_queue_of_five_with_keys_alone_and_what_was_judged_stands_until_its_ground_changes(log_in, registry, full_sync):
    full_sync()
    page = log_in("ada", "curator")
    assert waiting() == {1, 2, 3, 4, 5}

    page.get_by_role("link", name="Begin").focus()
    page.keyboard.press("Enter")
    ready(page, 1)
    page.keyboard.press("c")  # confirm, with the usual reason
    ready(page, 2)
    page.keyboard.press("7")  # a ready reason
    page.keyboard.press("x")  # exclude
    ready(page, 3)
    page.keyboard.press("s")  # skip
    ready(page, 4)
    page.keyboard.press("m")  # overrule: to the role for MSC
    page.keyboard.press("F")  # the select takes letters as its own: Follow-up
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.locator("#keys-on").focus()
    page.keyboard.press("w")
    page.keyboard.type("They were treated before; x, c and s are letters here.")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    ready(page, 5)
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Review queue")).to_be_visible()
    page.get_by_role("link", name="Take up the 1 you skipped").focus()
    page.keyboard.press("Enter")
    ready(page, 3)
    page.keyboard.press("c")
    expect(page.get_by_text("Nothing waits.")).to_be_visible()

    assert waiting() == set()
    judged = {row.record_id: row for row in Curation.objects.exclude(field="therapy")}
    assert {number: row.field for number, row in judged.items()} == {1: "confirm", 2: "hide", 3: "confirm", 4: "approach", 5: "confirm"}
    assert judged[2].reason == "No stem cells are given."
    assert (judged[4].role, judged[4].reason) == ("follow-up", "They were treated before; x, c and s are letters here.")

    # A full sync and a reclassification: everything stands.
    full_sync()
    rederive()
    assert waiting() == set()
    assert Trial.objects.get(pk=4).trial_approaches.get().role == "follow-up"
    assert not Trial.objects.get(pk=2).is_listed

    # The record changes: where it takes place is no matter, what is given is.
    registry.records.replace(doubtful_study(5, countries=["Sweden"], status="COMPLETED", updated="2026-10-09"))
    registry.records.replace(doubtful_study(4, intervention="Infusion of cells, amended", updated="2026-10-09"))
    full_sync()
    assert waiting() == {4}
    page.goto("/admin/")
    page.get_by_role("link", name="Begin").click()
    ready(page, 4)
    expect(page.get_by_text("Changed since it was judged: interventions.").first).to_be_visible()
    expect(page.locator("ins").filter(has_text="Infusion of cells, amended").first).to_be_visible()
    assert Trial.objects.get(pk=4).trial_approaches.get().role == "follow-up", "it stands until a curator says otherwise"
    page.keyboard.press("k")
    expect(page.get_by_text("Nothing waits.")).to_be_visible()


def test_keys_can_be_turned_off_and_stay_off(log_in, full_sync):
    full_sync()
    page = log_in("ada", "curator")
    page.goto("/admin/trials/review/NCT00000001/")
    page.get_by_label("Single keys press the buttons").uncheck()
    page.reload()
    expect(page.get_by_label("Single keys press the buttons")).not_to_be_checked()

    page.locator("h1").click()
    page.keyboard.press("c")
    page.keyboard.press("x")

    ready(page, 1)
    assert not Curation.objects.exists()


def test_the_queue_works_without_scripts(log_in, full_sync):
    full_sync()
    page = log_in("ada", "curator", java_script_enabled=False)
    page.goto("/admin/trials/review/next/")
    heading(page, 1)
    expect(page.get_by_text("Single keys")).to_be_hidden()

    page.get_by_role("button", name="Confirm: our rules are right").click()

    heading(page, 2)
    assert Curation.objects.get().field == "confirm"


def test_a_button_that_is_pressed_twice_sends_its_form_once(log_in, full_sync):
    full_sync()
    page = log_in("ada", "curator")
    page.goto("/admin/trials/review/NCT00000001/")

    refused = page.evaluate("""() => {
      const form = document.getElementById("decide"), refused = [];
      addEventListener("submit", (event) => { refused.push(event.defaultPrevented); event.preventDefault(); });
      for (const press of [1, 2]) form.querySelector("[value=confirm]").click();
      return refused;
    }""")

    assert refused == [False, True]


def test_of_two_curators_at_one_trial_the_second_is_told_and_nothing_is_lost(log_in, full_sync):
    full_sync()
    first, second = log_in("ada", "curator"), log_in("ben", "curator")
    for page in (first, second):
        page.goto("/admin/trials/review/NCT00000001/")
        ready(page, 1)
    second.get_by_label("In your own words").fill("The summary is plain.")
    first.keyboard.press("x")
    heading(first, 2)

    second.get_by_role("button", name="Confirm").click()

    told = second.get_by_role("alert")
    expect(told).to_contain_text("Nothing was saved")
    expect(told).to_contain_text("ada judged it")
    expect(second.get_by_label("In your own words")).to_have_value("The summary is plain.")
    assert Curation.objects.get().judged_by.username == "ada"
    second.get_by_role("button", name="Keep what is shown now").click()
    heading(second, 2)
    assert Curation.objects.latest("pk").reason == "The summary is plain."


def test_a_sync_is_watched_without_loading_the_page_again_and_cancelled(log_in, registry):
    for number in range(100, 100 + 2 * BATCH):
        registry.records.add(drug_study(number))
    page = log_in("sam", "administrator")
    page.goto("/admin/trials/sync/")
    page.evaluate("window.stayed = true")
    steps = []

    def look(run, total):
        if not steps:
            page.reload()  # as one who comes while it runs
            page.evaluate("window.stayed = true")
            expect(page.get_by_role("status")).to_contain_text(f"{BATCH} ")
        else:
            expect(page.get_by_role("status")).to_contain_text(f"{2 * BATCH} ")
            assert page.evaluate("window.stayed")
            page.get_by_role("button", name="Cancel this run").click()
            expect(page.get_by_role("status")).to_contain_text("Cancelling")
        steps.append(run.fetched)

    run = sync(Request(full=True), client=Client(registry.url, user_agent="TrialTracker tests", pace_seconds=0), on_progress=look)

    assert (run.state, steps) == ("cancelled", [BATCH, 2 * BATCH])
    expect(page.get_by_role("status")).to_contain_text("Cancelled by sam")
    assert SyncRun.objects.get().cancel_asked_by.username == "sam"


def test_a_curator_cannot_publish(log_in):
    page = log_in("ada", "curator")
    page.goto("/admin/therapies/therapy/")
    page.get_by_role("link", name=re.compile("BEAM")).first.click()
    expect(page.get_by_label("Name", exact=True)).to_have_count(0)
    expect(page.locator("textarea[name=statements-0-text]")).to_be_disabled()
    page.locator("textarea[name=statements-0-proposed_text]").fill("Better words.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name=re.compile("BEAM")).first.click()
    page.get_by_role("link", name="Preview").click()

    expect(page.locator("ins")).to_have_text("Better words.")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)


def test_of_two_curators_at_one_family_the_second_is_told_and_may_decide_all_the_same(log_in, full_sync):
    full_sync()
    family = Family.objects.create(name="One protocol")
    family.trials.set([6, 7])
    first, second = log_in("ada", "curator"), log_in("ben", "curator")
    for page in (first, second):
        page.goto(f"/admin/trials/family/{family.pk}/change/")
    first.get_by_label("Refused").check()
    first.get_by_label("Reason").fill("Two protocols,\nsays the paper.")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_text("was changed successfully")).to_be_visible()

    second.get_by_label("Confirmed").check()
    second.get_by_role("button", name="Save", exact=True).click()

    expect(second.get_by_text("it now reads “Refused: separate trials”")).to_be_visible()
    expect(second.get_by_label("Confirmed")).to_be_checked()
    family.refresh_from_db()
    assert (family.state, family.decided_by.username) == ("refused", "ada")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("was changed successfully")).to_be_visible()
    family.refresh_from_db()
    assert (family.state, family.decided_by.username) == ("confirmed", "ben")
    assert family.reason.splitlines() == ["Two protocols,", "says the paper."]


def test_an_anonymous_visitor_is_asked_who_they_are_wherever_they_go(new_page):
    page = new_page()
    for address in ("/admin/", "/admin/trials/review/", "/admin/trials/review/NCT00000001/", "/admin/trials/sync/", "/admin/trials/rules/"):
        page.goto(address)
        assert page.url.partition("?")[0].endswith("/admin/login/")


@pytest.mark.storeless
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 640, 1280])
def test_the_curators_pages_are_accessible_and_never_wider_than_the_screen(log_in, full_sync, registry, width, scheme):
    """640 px is what a screen of 1280 px has left at 200 % zoom."""
    full_sync()
    page = log_in("sam", "administrator", width=width, color_scheme=scheme)
    found = {}
    for address in (
        "", "trials/review/", "trials/review/NCT00000001/", "trials/sync/", "trials/rules/", "trials/trial/1/history/",
        "therapies/therapy/1/preview/", "trials/trial/?review=below&q=cells",
    ):  # fmt: skip
        page.goto(f"/admin/{address}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[address] = "wider than the screen"
        violations = Axe().run(page, context=PARTS, options=RULES).response["violations"]
        if violations:
            found[address] = [(violation["id"], [node["target"] for node in violation["nodes"]][:3]) for violation in violations]
    assert found == {}


@pytest.mark.storeless
def test_forms_of_the_admin_are_named_for_those_who_listen_and_reached_by_tab_on_a_telephone(log_in, full_sync):
    full_sync()
    family = Family.objects.create(name="One protocol")
    family.trials.set([6, 7])
    page = log_in("sam", "administrator", width=360, height=700, bypass_csp=True)  # axe copies styles of Django's own about, inline
    person = get_user_model().objects.get(username="sam").pk
    found = {}
    for address in (
        f"trials/family/{family.pk}/change/", "trials/trial/6/change/", "therapies/statement/add/", f"auth/user/{person}/change/",
        "django_celery_beat/periodictask/add/",
    ):  # fmt: skip
        page.goto(f"/admin/{address}")
        violations = Axe().run(page, options=NAMES).response["violations"]
        if violations:
            found[address] = [(violation["id"], [node["target"] for node in violation["nodes"]][:3]) for violation in violations]
    assert found == {}

    page.goto("/admin/therapies/statement/add/")
    page.get_by_role("combobox", name="Source").and_(page.locator("span")).press("Enter")
    expect(page.locator(".select2-results__option--highlighted")).to_be_visible()
    assert [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]] == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name=re.compile("^Source: .+")).and_(page.locator("span"))).to_be_visible()
