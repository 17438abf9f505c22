"""The other pages: what stands on them, what they cost, and what stands on every page."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_trial
from tests.web.reading import forget_kept_pages, ids_in, text_of
from therapies.models import Approach, Kind, Page, Statement, Therapy
from trials.models import SyncRun, Trial
from trials.plain import dates_in_words

pytestmark = pytest.mark.django_db


def test_home_shows_the_approaches_with_counts_and_sources(client):
    make_trial(approaches=["hsct", "msc"], status="RECRUITING")
    make_trial(approaches=["hsct"])
    make_trial(approaches=["other"], is_listed=False)

    text = text_of(client.get("/"))

    assert "2 trials. 1 that tests a treatment looks for people now" in text
    assert text.index("Haematopoietic stem cell transplantation") < text.index("Mesenchymal") < text.index("Induced pluripotent")
    assert "1 trial; 1 treatment trial looks for people" in text
    assert "No trial listed" in text
    for statement in Statement.objects.filter(approach__isnull=False, kind="plain").select_related("source"):
        assert dates_in_words(statement.text) in text
        assert statement.source.label in text


def test_home_asks_for_a_town_and_shows_the_open_trials_that_test_a_treatment(client):
    make_trial(1, approaches=["msc"], status="RECRUITING")
    make_trial(2, approaches={"ipsc": {"role": "cell-line research"}}, status="RECRUITING")
    make_trial(3, approaches=["msc"], status="COMPLETED")

    response = client.get("/")
    html = response.content.decode()

    assert ids_in(response) == ["NCT00000001"]
    text = text_of(response)
    assert "3 trials. 1 that tests a treatment looks for people now" in text
    assert "1 more study looks for people without testing such a treatment" in text
    assert "All 2 open studies" in text
    form = html.split('aria-labelledby="near-title"')[1].split("</form>")[0]
    assert 'action="/trials/"' in form
    assert 'name="near"' in form
    for asked in ('name="role" value="treatment"', 'name="status" value="RECRUITING"'):
        assert asked in form
        assert html.count(asked) == 2  # the browser's own place goes the same way


@pytest.mark.parametrize("slug", ["hsct", "msc", "ipsc", "other"])
def test_an_approachs_page_shows_every_statement_with_its_source_and_date(client, slug):
    text = text_of(client.get(f"/therapies/approach/{slug}/"))

    for statement in Approach.objects.get(slug=slug).statements.select_related("source"):
        assert dates_in_words(statement.text) in text
        assert statement.source.label in text


def test_a_trial_that_a_finding_names_is_a_press_away(client):
    assert '<p>MIST (<a href="/trials/NCT00273364/">NCT00273364</a>; phase 2' in client.get("/therapies/approach/hsct/").content.decode()


def test_the_ipsc_page_is_honest_while_nothing_is_listed(client):
    assert "No iPSC trial in MS is listed here" in text_of(client.get("/therapies/approach/ipsc/"))

    make_trial(approaches=["ipsc"])

    assert "No iPSC trial in MS is listed here" not in text_of(client.get("/therapies/approach/ipsc/"))


def test_every_therapy_has_a_page_with_its_trials_by_status_and_phase(client):
    make_trial(therapies=["ahsct"], status="COMPLETED", phases="PHASE3", brief_title="Later")
    make_trial(therapies=["ahsct"], status="COMPLETED", phases="PHASE1/PHASE2", brief_title="Earlier")
    make_trial(therapies=["ahsct"], status="RECRUITING", phases="", brief_title="Open")

    text = text_of(client.get("/therapies/ahsct/"))

    places = [text.index(words) for words in ("Recruiting 1 trial", "Open", "Completed 2 trials", "Earlier", "Phase 3", "Later")]
    assert places == sorted(places)
    for therapy in Therapy.objects.all():
        response = client.get(therapy.get_absolute_url())
        assert response.status_code == 200
        for statement in therapy.statements.all():
            assert dates_in_words(statement.text) in text_of(response)


def test_the_therapies_page_names_them_all_with_their_counts(client):
    make_trial(therapies=["ahsct"])
    make_trial(therapies=["ahsct"], is_listed=False)

    text = text_of(client.get("/therapies/"))

    for name in Therapy.objects.values_list("name", flat=True):
        assert name in text
    assert "1 trial" in text
    for statement in Statement.objects.published().filter(kind=Kind.PLAIN, page="").select_related("source"):
        assert dates_in_words(statement.text) in text
        assert statement.source.label in text


def test_the_questions_to_a_clinic_stand_with_their_sources(client):
    response = client.get(reverse("trials:clinics"))
    text = text_of(response)

    assert re.search('<form class="search" action="/trials/"[^>]*>.*?name="q"', response.content.decode(), re.DOTALL)

    questions = Statement.objects.filter(page=Page.CLINICS).select_related("source")
    assert questions.filter(kind="question").count() >= 5
    for statement in questions:
        assert dates_in_words(statement.text) in text
        assert statement.source.label in text


def test_about_states_source_changes_limits_and_that_nobody_endorses(client):
    text = text_of(client.get(reverse("trials:about")))

    assert "ClinicalTrials.gov" in text
    assert "Neither the NLM nor the NIH endorses" in text
    assert "worked out by TrialTracker from the record" in text
    for statement in Statement.objects.filter(page=Page.LIMITS):
        assert dates_in_words(statement.text) in text


COSTED = ["/", "/trials/", "/trials/?near=Bergen", "/therapies/", "/therapies/approach/hsct/", "/therapies/ahsct/", "/trials/NCT00000001/",
          "/trials/NCT00000001/?near=Bergen", "/landscape/", "/changes/", "/data/", "/about/", "/clinics/", "/words/"]  # fmt: skip


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize("path", COSTED)
def test_pages_cost_the_same_whatever_the_number_of_trials(client, django_assert_max_num_queries, path):
    def cost():
        client.get(path)
        forget_kept_pages()
        with django_assert_max_num_queries(25) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    facts = {"approaches": ["hsct", "msc"], "therapies": ["ahsct"], "countries": ["Germany"], "status": "RECRUITING"}
    make_trial(1, **facts, arms=[{"label": "A"}], references=[{"citation": "A"}])
    at_one = cost()
    for _ in range(29):
        make_trial(**facts)
    assert cost() == at_one


PAGES = ["/", "/trials/", "/trials/NCT00000001/", "/therapies/", "/therapies/approach/ipsc/", "/therapies/ahsct/", "/about/", "/clinics/",
         "/words/", "/patterns/", "/nowhere/", "/trials/NCT99999999/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_keeps_the_advice_in_reach_and_asks_nobody_else_for_anything(client, path):
    make_trial(1)

    response = client.get(path)
    html = response.content.decode()

    assert "Not medical advice. Being listed is no recommendation." in html
    assert 'href="/clinics/"' in html
    assert re.search(r"<title>[^<]+ · TrialTracker</title>", html)
    assert len(re.findall(r"<h1\b", html)) == 1
    assert not re.findall(r'(?:src|srcset|action)="(?:https?:)?//', html)
    assert all("/static/" in href for href in re.findall(r'<link rel="(?:stylesheet|icon)" href="([^"]+)"', html))
    assert re.fullmatch(r"/static/icon[.\w]*\.svg", client.get("/favicon.ico")["Location"])
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", html)
    assert all("src=" in script or "ld+json" in script for script in re.findall(r"<script[^>]*>", html))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert "csrftoken" not in response.cookies
    assert "sessionid" not in response.cookies


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_so_while_the_data_are_the_starter_set(client, path):
    make_trial(1)
    run = SyncRun.objects.create(kind="starter", state="complete", finished_at=timezone.now(), data_timestamp="2025-09-25")
    assert "Starter set." in text_of(client.get(path))

    run.pk = None
    run.kind = "full"
    run.data_timestamp = "2026-11-20T09:00:05"
    run.save()
    from_now_on = client.get(path, headers={"cache-control": "no-cache"})
    assert from_now_on.status_code in (200, 404)


def test_the_page_of_patterns_shows_every_piece():
    def included(name):
        """The names of all templates that one includes, however deep."""
        text = (settings.BASE_DIR / "templates" / name).read_text()
        direct = set(re.findall(r'{% include "(_partials/[^"]+)"', text))
        return direct.union(*(included(piece) for piece in direct))

    pieces = {f"_partials/{path.name}" for path in (settings.BASE_DIR / "templates/_partials").iterdir()}

    assert pieces - included("trials/patterns.html") == {
        "_partials/boost.html",
        "_partials/share.html",
    }  # attributes, and what only machines read


def test_an_unknown_address_is_answered_with_404(client):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "There is no such page" in text_of(response)


def test_pages_are_for_reading(client):
    assert client.post("/trials/").status_code == 405
    assert client.head("/trials/").status_code == 200


def test_a_fault_of_ours_is_answered_without_the_database():
    from django.test import RequestFactory
    from django.views.defaults import bad_request, server_error

    request = RequestFactory().get("/")
    assert "It is not your fault" in server_error(request).content.decode()
    assert bad_request(request, Exception()).status_code == 400


def test_trials_that_are_gone_say_so_in_the_list(client):
    make_trial(gone=True)

    assert "No longer in the registry" in text_of(client.get("/trials/"))
    assert Trial.objects.listed().count() == 1


def test_a_heading_is_not_taken_apart_at_the_hyphen_and_stays_text(client):
    unbroken = '<span class="unbroken">stem-cell</span>'
    assert f"Other {unbroken} treatment</a>" in client.get("/therapies/").text
    page = client.get("/trials/", {"q": "<b>stem-cell</b>"}).text
    assert f"&lt;b&gt;{unbroken}&lt;/b&gt;" in page
    assert "<b>stem" not in page
