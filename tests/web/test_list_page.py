"""The list: what it shows and says, what it costs, and what it answers to what it cannot use."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.builders import make_trial
from tests.web.reading import forget_kept_pages, ids_in, text_of

pytestmark = pytest.mark.django_db


def test_the_list_shows_what_is_open_first_and_25_a_page(client):
    for number in range(1, 31):
        make_trial(number, status="RECRUITING" if number % 10 == 0 else "COMPLETED")

    first, second = client.get("/trials/"), client.get("/trials/?page=2")

    assert ids_in(first)[:3] == ["NCT00000010", "NCT00000020", "NCT00000030"]
    assert (len(ids_in(first)), len(ids_in(second))) == (25, 5)
    assert '<ol class="cards" start="26">' in second.content.decode()
    assert len({*ids_in(first), *ids_in(second)}) == 30


def test_the_list_says_in_words_what_it_shows(client):
    make_trial(approaches=["msc"], status="RECRUITING", phases="PHASE2", countries=["Germany"])

    response = client.get("/trials/?approach=msc&status=RECRUITING&phase=PHASE2&country=Germany")

    assert "1 result: Phase 2 MSC trials, recruiting, in Germany" in text_of(response)
    assert "<title>Phase 2 MSC trials, recruiting, in Germany · TrialTracker</title>" in response.content.decode()
    assert "Approach: MSC" in text_of(response)


def test_values_that_cannot_be_used_are_answered_with_400_and_nothing_is_lost(client):
    make_trial(approaches=["msc"])

    response = client.get("/trials/?approach=crispr&status=RECRUITING&q=cells")

    assert response.status_code == 400
    assert "We know no approach “crispr”." in text_of(response)
    html = response.content.decode()
    assert 'href="/trials/?q=cells&amp;status=RECRUITING"' in html
    assert 'value="cells"' in html
    assert ids_in(response) == []


def test_a_parameter_that_nothing_knows_is_named(client):
    assert "We do not know “aproach” and passed over it." in text_of(client.get("/trials/?aproach=msc"))


@pytest.mark.parametrize("query", ["NCT00273364", "nct00273364", "https://clinicaltrials.gov/study/NCT00273364", "NCT00000017",
                                   "what is NCT 00273364?", "NCT-00273364", " 00273364 "])  # fmt: skip
def test_an_nct_id_goes_straight_to_its_trial(client, full_trial, query):
    assert client.get("/trials/", {"q": query}).headers["Location"] == "/trials/NCT00273364/"
    assert client.get("/trials/", {"near": query, "status": "RECRUITING"}).headers["Location"] == "/trials/NCT00273364/"


def test_an_nct_id_that_is_not_here_leads_to_the_registry(client):
    response = client.get("/trials/?q=NCT09999999")

    assert "NCT09999999 is not among the trials here." in text_of(response)
    assert 'href="https://clinicaltrials.gov/study/NCT09999999"' in response.content.decode()


def test_an_address_has_no_empty_parameters(client):
    assert client.get("/trials/?q=+&near=&approach=msc&phase=").headers["Location"] == "/trials/?approach=msc"
    assert client.get("/trials/?q=").headers["Location"] == "/trials/"


def test_an_empty_list_helps(client):
    make_trial(approaches=["msc"])

    nothing = client.get("/trials/?approach=ipsc&phase=PHASE3&page=4")

    assert "No listed trial fits all of this." in text_of(nothing)
    assert 'href="/trials/?approach=ipsc">without phase “Phase 3”' in nothing.content.decode()
    assert 'href="/therapies/approach/ipsc/">What is being prepared, and why' in nothing.content.decode()


def test_without_any_trial_the_pages_say_how_to_get_them(client):
    assert "manage.py sync_trials" in text_of(client.get("/"))
    assert "manage.py sync_trials" in text_of(client.get("/trials/"))


def test_a_link_of_a_facet_shows_as_many_trials_as_it_says(client):
    for number, approaches in enumerate([["hsct"], ["msc"], ["hsct", "msc"], ["msc", "other"]], start=1):
        make_trial(number, approaches=approaches, phases="PHASE1/PHASE2" if number % 2 else "PHASE3")

    html = client.get("/trials/?phase=PHASE2").content.decode()
    options = re.findall(r'<a class="option" id="[^"]+" href="([^"]+)".*?<span class="option-count">(\d+)', html, flags=re.DOTALL)

    assert len(options) > 10
    for href, count in options:
        if href.startswith("/trials/?phase=PHASE2&") and "phase=PHASE" not in href[22:]:  # one key more, which narrows by its own count
            assert f"{count} result" in text_of(client.get(href.replace("&amp;", "&"))), href


@pytest.mark.parametrize(
    ("path", "most"), [("/trials/", 8), ("/trials/?approach=hsct&phase=PHASE2&country=Germany&therapy=ahsct", 9), ("/trials/?q=cells", 12)]
)
def test_the_list_costs_the_same_whatever_its_length(client, django_assert_max_num_queries, path, most):
    def cost():
        forget_kept_pages()
        with django_assert_max_num_queries(most) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    facts = {"approaches": ["hsct", "msc"], "therapies": ["ahsct", "bm-msc"], "countries": ["Germany", "Spain"]}
    make_trial(**facts)
    at_one = cost()
    for _ in range(29):
        make_trial(**facts)
    assert cost() == at_one


def test_the_list_is_light(client):
    for number in range(1, 41):
        make_trial(
            number, brief_title="A rather long title of a trial that says what it does " * 3, therapies=["ahsct", "bm-msc"],
            countries=[f"Country {index} {number}" for index in range(3)],
        )  # fmt: skip

    html = client.get("/trials/?approach=hsct&q=title").content
    linked = re.findall(rb'(?:src|href)="/static/([^"]+\.(?:js|css))"', html)
    files = [Path(finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.)", "", name.decode()))).read_bytes() for name in linked]

    assert len(html) < 100_000
    assert len(files) >= 3
    assert sum(len(gzip.compress(file)) for file in files) < 60_000


def test_the_list_offers_in_one_press_what_is_open_and_what_tests_a_treatment(client):
    make_trial(1, status="RECRUITING", approaches=["msc"])
    make_trial(2, status="COMPLETED", approaches=["msc"])
    make_trial(3, status="RECRUITING", approaches={"msc": "follow-up"})

    offered = client.get("/trials/?approach=msc").content.decode()
    taken = client.get("/trials/?approach=msc&status=RECRUITING").content.decode()
    both = client.get("/trials/?approach=msc&status=RECRUITING&role=treatment").content.decode()

    assert 'id="only-open" href="/trials/?approach=msc&amp;status=RECRUITING">Only those open to people now <strong>2</strong>' in offered
    assert 'id="only-open"' not in taken
    address = "/trials/?approach=msc&amp;role=treatment&amp;status=RECRUITING"
    assert f'id="only-treatment" href="{address}">Only those that test a treatment <strong>1</strong>' in taken
    assert 'id="only-treatment"' not in both
    assert 'id="only-' not in client.get("/trials/?approach=hsct").content.decode()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"minimum_age_years": 18, "maximum_age_years": 55, "ms_courses": ["RRMS", "SPMS"]}, "18 to 55 years; RRMS, SPMS"),
        ({"minimum_age_years": 18, "maximum_age_years": None, "ms_courses": []}, "18 years and older"),
        ({"minimum_age_years": None, "maximum_age_years": None, "ms_courses": ["PPMS"]}, "PPMS"),
        (
            {"minimum_age_years": 18, "maximum_age_years": None, "ms_courses": ["SPMS"], "edss_min": 3, "edss_max": 6.5},
            "18 years and older; SPMS; EDSS 3 to 6.5",
        ),
        ({"minimum_age_years": None, "maximum_age_years": None, "ms_courses": [], "edss_max": 6.0}, "EDSS up to 6"),
        ({"minimum_age_years": None, "maximum_age_years": None, "ms_courses": []}, "Not stated"),
    ],
)
def test_a_card_says_whom_the_trial_takes(client, facts, words):
    make_trial(1, **facts)

    assert f"<dt>Who</dt><dd>{words}</dd>" in client.get("/trials/").content.decode()


def test_where_no_trial_holds_the_words_our_texts_on_them_are_shown(client):
    make_trial(1)

    said = text_of(client.get("/trials/?q=STAR-MS"))

    assert "Records are in English, and every word must occur in a trial" in said
    assert "What our texts say of “STAR-MS” STAR-MS (United Kingdom) compares a transplant" in said
    assert "MS Trust: Star-MS trial for HSCT in MS" in said
    for nothing in ("xyzzy", "the", "STAR-M"):
        assert "What our texts say" not in text_of(client.get(f"/trials/?q={nothing}"))
    assert "That is an answer too" in text_of(client.get("/trials/?phase=PHASE4"))


def test_a_card_says_that_results_are_posted_and_why_a_trial_stopped(client):
    make_trial(1, has_results=True, status="TERMINATED", why_stopped="Too few people came.")
    make_trial(2, status="COMPLETED")

    first, second = client.get("/trials/?sort=title").content.decode().split('<article class="card">')[1:]

    assert "Results posted" in first
    assert "Why: “Too few people came.”" in first
    assert "Results posted" not in second
    assert "Why:" not in second


def test_the_form_of_more_filters_holds_what_is_in_force_and_keeps_the_rest(client):
    make_trial(1, allocation="RANDOMIZED", masking="DOUBLE", enrollment=40, start_date="2016-03", last_update_posted="2025-02-01")
    query = {"q": "stem", "start_from": "2015", "start_to": "2020", "enrollment_from": "10", "enrollment_to": "50",
             "updated_since": "2025-01-01", "allocation": ["RANDOMIZED", "NON_RANDOMIZED"], "masking": ["DOUBLE"]}  # fmt: skip

    response = client.get("/trials/", query)

    form = response.content.decode().split('<form class="exact"')[1].split("</form>")[0]
    told = {}
    for name, value in re.findall(r'<input [^>]*?name="([^"]+)"[^>]*?value="([^"]*)"(?: checked)?', form):
        told.setdefault(name, []).append(value)
    checked = re.findall(r'name="(\w+)" value="(\w+)" checked', form)
    assert {key: told[key] for key in ("q", "start_from", "start_to", "enrollment_from", "enrollment_to", "updated_since")} == {
        key: [value] for key, value in query.items() if isinstance(value, str)
    }
    assert checked == [("allocation", "RANDOMIZED"), ("allocation", "NON_RANDOMIZED"), ("masking", "DOUBLE")]
    assert ids_in(response) == ["NCT00000001"]
    assert "started since 2015, started up to 2020, 10 people or more, 50 people at most" in text_of(response)
    assert "randomised or not randomised, double masking, updated since 1 January 2025" in text_of(response)
    assert "Started since 2015 ×" in text_of(response)


def test_a_search_puts_the_best_answer_first_marks_the_words_and_mends_a_typing_error(client):
    make_trial(1, brief_title="Plain cells", sponsor_name="Wharton Foundation")
    make_trial(2, brief_title="Wharton's jelly <b>cells</b>", official_title="Another line")
    make_trial(3, brief_title="Neither")

    found = client.get("/trials/?q=wharton")
    mended = client.get("/trials/?q=whartn")

    assert ids_in(found) == ["NCT00000002", "NCT00000001"]
    html = found.content.decode()
    assert "<mark>Wharton</mark>&#x27;s jelly &lt;b&gt;cells&lt;/b&gt;</a>" in html
    assert "Sponsor: Wharton Foundation" in text_of(found)
    assert "Sorted: Best match first" in text_of(found)
    assert "No trial holds “whartn”. Shown: wharton." in text_of(mended)
    assert ids_in(client.get("/trials/?q=wharton&sort=title")) == ["NCT00000001", "NCT00000002"]
    assert "Best match first" not in text_of(client.get("/trials/"))
