"""The pages: what stands on them, what they cost, and that nothing from a record can do anything but be read."""

import datetime as dt
import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_trial
from therapies.models import Approach, Kind, Page, Statement, Therapy
from trials.models import SyncRun, Trial
from trials.plain import dates_in_words

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \"quoted\" & 'so' {{ 7|add:7 }}"


def text_of(response):
    """The page as a reader sees it: without tags, white space as single blanks."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html).replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&"))


def ids_in(response):
    return re.findall(r'<a href="/trials/(NCT\d{8})/(?:\?near=[^"]*)?">', response.content.decode())


@pytest.fixture
def full_trial():
    return make_trial(
        273364,
        approaches={"hsct": {"role": "treatment", "donors": ["autologous"], "routes": ["intravenous"]}},
        therapies=["ahsct-beam"],
        aliases=["NCT00000017"],
        brief_title="Cells & Hope against “MS”",
        official_title="The official title",
        acronym="MADEUP",
        status="UNKNOWN",
        last_known_status="RECRUITING",
        status_verified="2019-05",
        why_stopped="",
        phases="PHASE1/PHASE2",
        start_date="2015-03",
        start_date_kind="ACTUAL",
        completion_date="2027-06-30",
        completion_date_kind="ESTIMATED",
        enrollment=40,
        enrollment_kind="ESTIMATED",
        allocation="RANDOMIZED",
        masking="QUADRUPLE",
        who_masked=["PARTICIPANT", "INVESTIGATOR"],
        primary_purpose="TREATMENT",
        intervention_model="PARALLEL",
        minimum_age="18 Years",
        minimum_age_years=18,
        maximum_age="55 Years",
        maximum_age_years=55,
        sex="ALL",
        eligibility_criteria="Inclusion Criteria:\n\n* EDSS 3.0 to 6.5\n* RRMS\n\nExclusion Criteria:\n\n* Pregnancy",
        brief_summary="A *summary* with\n\n* one\n* two",
        keywords=["graft"],
        condition_meshes=["Sclerosis"],
        org_study_id="ORG-1",
        secondary_ids=[{"id": "2015-000000-11", "type": "EUDRACT_NUMBER", "domain": "", "link": ""}],
        sites=[
            {"country": "Germany", "city": "Kiel", "facility": "Clinic of Kiel", "status": "RECRUITING",
             "contacts": [{"name": "Nurse K", "role": "CONTACT", "phone": "+49 1", "phone_ext": "", "email": "k@example.org"}]},
            {"country": "Germany", "city": "Ulm", "facility": "Clinic of Ulm", "status": "COMPLETED"},
            {"country": "Chile", "city": "Lota"},
        ],
        arms=[{"label": "Sham arm", "type": "SHAM_COMPARATOR", "description": "Needle only", "intervention_names": ["Procedure: Sham"]}],
        interventions=[{"name": "Graft", "type": "PROCEDURE", "other_names": ["Transplant"]}],
        outcomes=[
            {"kind": "secondary", "measure": "Walking", "time_frame": "1 year"},
            {"kind": "primary", "measure": "Deaths", "description": "All of them", "time_frame": "2 years"},
        ],
        contacts=[{"name": "Central Office", "phone": "+1 555", "email": "office@example.org"}],
        officials=[{"name": "Dr Chair", "role": "STUDY_CHAIR", "affiliation": "A University"}],
        collaborators=[{"name": "A Collaborator", "sponsor_class": "NETWORK"}],
        references=[{"citation": "Somebody 2020", "pmid": "12345", "type": "RESULT"}],
        links=[{"url": "https://example.org/trial", "label": "Its site"}, {"url": "javascript:alert(1)", "label": "Bad link"}],
        findings=[
            {"approach": "hsct", "kind": "approach", "value": "hsct", "rule": "hsct-name", "field": "interventions[0].name",
             "quote": "Graft", "confidence": 0.95},
            {"approach": "hsct", "kind": "donor", "value": "autologous", "rule": "donor", "field": "arms[0].description",
             "quote": "only", "confidence": 0.8},
            {"kind": "condition", "value": "studied", "rule": "ms", "field": "conditions[0]", "quote": "Multiple Sclerosis",
             "confidence": 1},
        ],
    )  # fmt: skip


# --- The detail page -------------------------------------------------------------------------------------------------------


def test_a_trials_page_says_everything_that_is_recorded(client, full_trial):
    response = client.get("/trials/NCT00273364/")
    text = text_of(response)

    assert response.status_code == 200
    for words in [
        "Cells & Hope against “MS”", "The official title", "MADEUP", "No update for a long time. Check first.",
        "Last known status: recruiting.", "Nobody has confirmed the status of this trial since May 2019",
        "Phase 1 and phase 2", "First tests in people. Mainly asks: is it safe?", "40 people (estimated)",
        "March 2015 (actual) – 30 June 2027 (estimated)",
        "18 to 55 years", "3 to 6.5", "EDSS 3.0 to 6.5", "Relapsing-remitting (RRMS)", "Cannot take part while pregnant",
        "The person's own cells (autologous)", "A computer picks your group. You cannot choose.",
        "Nobody knows who gets what until the end.", "Yes: sham comparator", "Participant, investigator",
        "Sham arm", "Needle only", "Gets: Procedure: Sham", "Also called: Transplant", "Deaths", "When: 2 years", "All of them", "Walking",
        "Germany 2 sites, 1 looking for people", "Chile 1 site", "Clinic of Kiel", "Nurse K", "Status of this site not stated",
        "Central Office", "Dr Chair, study chair, A University", "A Collaborator", "Somebody 2020", "Results of this study", "graft",
        "Sclerosis", "ORG-1", "2015-000000-11", "earlier also NCT00000017", "Autologous HSCT with BEAM",
        "Words in the record", "Intervention 1, name", "95 %", "hsct-name",
        "Why is this a study of multiple sclerosis?", "Why is this listed as HSCT?",
        "No results posted on ClinicalTrials.gov", "Doctors collect your blood stem cells.",
    ]:  # fmt: skip
        assert words in text, words
    html = response.content.decode()
    assert 'href="https://clinicaltrials.gov/study/NCT00273364"' in html
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/12345/"' in html
    assert 'href="mailto:office@example.org"' in html
    assert 'href="https://example.org/trial"' in html
    assert "<em>summary</em>" in html
    assert '<td class="quoted"><mark>Graft</mark></td>' in html
    assert '<td class="quoted">Needle <mark>only</mark></td>' in html
    assert '<time datetime="2019-05">May 2019</time>' in html
    assert 'href="javascript:' not in html


def test_what_a_record_leaves_out_is_said(client):
    trial = make_trial(approaches=["msc"], status="", phases="", study_type="", sponsor_name="", sponsor_class="", last_update_posted=None)

    response = client.get(trial.get_absolute_url())

    assert "Status not stated" in text_of(response)
    assert "Not stated in the record Age, Sex, Type of MS, Disability (EDSS), Time with MS" in text_of(response)
    assert text_of(response).count("Not stated in the record") >= 15
    assert "No central contact is stated in the record." in text_of(response)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"status": "TERMINATED", "why_stopped": "No money."}, "Why: “No money.”"),
        ({"status": "TERMINATED"}, "Why: not stated in the record."),
        ({"gone": True}, "The registry no longer lists this study."),
        ({"has_results": True, "results_first_posted": "2020-01-02"}, "Posted on ClinicalTrials.gov, first on 2 January 2020"),
        ({"needs_review": True, "review_reason": "Below the bar: msc."}, "A curator has still to look at this. Below the bar: msc."),
        ({"status": "COMPLETED", "contacts": [{"name": "Old Contact"}]}, "This study is over, so there is nobody to apply to."),
        ({"enrollment": 1, "enrollment_kind": "ACTUAL"}, "1 person (actual)"),
        (
            {"start_date": "2015-03", "start_date_kind": "ACTUAL", "completion_date": "2027"},
            "From – toMarch 2015 (actual) – 2027 (actual or estimated: not stated)",
        ),
        ({"completion_date": "2027", "completion_date_kind": "ESTIMATED"}, "From – tonot stated – 2027 (estimated)"),
        ({"status": "A_NEW_CODE"}, "A new code"),
        ({"minimum_age_years": 0.5}, "6 months and older"),
        ({"phases": "PHASE3"}, "PhasePhase 3 More people. Asks again: does it work, and is it safe?"),
        ({"phases": "PHASE1/PHASE2"}, "Phase 1: First tests in people. Mainly asks: is it safe? Phase 2: A larger group."),
        ({"study_type": "OBSERVATIONAL", "phases": ""}, "The team only watches and asks."),
    ],
)
def test_a_trials_page_says_what_matters_most(client, facts, words):
    trial = make_trial(**facts)

    assert words in text_of(client.get(trial.get_absolute_url()))


def test_a_status_is_called_unconfirmed_after_two_years_and_not_before(client):
    today = timezone.localdate()
    old, new, over = (
        make_trial(status=status, status_verified=f"{today - dt.timedelta(days=days):%Y-%m}")
        for status, days in (("RECRUITING", 800), ("RECRUITING", 600), ("COMPLETED", 4000))
    )

    said = ["Check before you rely on this" in text_of(client.get(trial.get_absolute_url())) for trial in (old, new, over)]

    assert said == [True, False, False]


def test_a_status_that_nobody_confirmed_for_two_years_says_so_wherever_the_trial_stands(client):
    make_trial(1, status="RECRUITING", status_verified="2019-05", eligibility_criteria="Inclusion Criteria:\n\n* RRMS")

    pages = ["/", "/trials/", "/trials/NCT00000001/", "/shortlist/?id=NCT00000001", "/for-neurologist/?id=NCT00000001"]
    said = [text_of(client.get(path)) for path in pages] + [text_of(client.post("/for-me/", {"course": "RRMS"}))]

    assert [bool(re.search("(since|confirmed) May 2019", text)) for text in said] == [True] * 6


def test_an_old_contact_of_a_study_that_is_over_is_not_shown(client):
    trial = make_trial(status="COMPLETED", contacts=[{"name": "Old Contact", "phone": "+1"}])

    text = text_of(client.get(trial.get_absolute_url()))
    assert "Old Contact" not in text
    assert "before you apply" not in text


@pytest.mark.parametrize("path", ["/trials/nct00273364/", "/trials/NCT00000017/"])
def test_other_names_of_a_trial_lead_to_it(client, full_trial, path):
    assert client.get(path).headers["Location"] == "/trials/NCT00273364/"


def test_a_trial_that_is_not_listed_is_not_shown(client):
    trial = make_trial(is_listed=False)

    response = client.get(trial.get_absolute_url())

    assert response.status_code == 404
    assert f"https://clinicaltrials.gov/study/{trial.nct_id}" in response.content.decode()
    assert trial.brief_title not in text_of(response)


def test_a_record_cannot_write_markup(client):
    trial = make_trial(
        brief_title=HOSTILE, official_title=HOSTILE, acronym=HOSTILE, sponsor_name=HOSTILE, status="RECRUITING", why_stopped=HOSTILE,
        brief_summary=f"{HOSTILE}\n\n[x](javascript:alert(1)) ![y](https://t/x)",
        eligibility_criteria=HOSTILE, conditions=[HOSTILE], keywords=[HOSTILE],
        sites=[{"country": HOSTILE, "facility": HOSTILE, "city": HOSTILE,
                "contacts": [{"name": HOSTILE, "email": '"><script>x</script>@a'}]}],
        arms=[{"label": HOSTILE, "description": HOSTILE}], outcomes=[{"kind": "primary", "measure": HOSTILE, "description": HOSTILE}],
        references=[{"citation": HOSTILE, "pmid": '1"><script>'}],
        findings=[{"kind": "condition", "value": HOSTILE[:50], "rule": HOSTILE[:50], "field": "x", "quote": HOSTILE, "confidence": 1}],
    )  # fmt: skip

    for path in (trial.get_absolute_url(), "/trials/", "/", "/therapies/approach/hsct/", "/trials/?q=" + "%3Cscript%3Ealert"):
        html = client.get(path).content.decode()
        assert "<script>" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html
        assert "so&#x27; 14" not in html


def test_the_registrys_headings_and_program_text_become_plain_words(client):
    trial = make_trial(brief_summary="# Not a heading\n\nTitle\n-----\n\n    indented\n\n1. one\n2. two\n\n5 \\> 3 and a\nnew line")

    html = client.get(trial.get_absolute_url()).content.decode()

    assert "# Not a heading" in html
    assert "<pre" not in html
    assert "indented" in html
    assert "<ol>" in html.replace('<ol start="1">', "<ol>")
    assert "5 &gt; 3 and a<br>" in html


# --- The list --------------------------------------------------------------------------------------------------------------


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


def forget_kept_pages():
    for cache in caches.all():
        cache.clear()


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
        ({"minimum_age_years": None, "maximum_age_years": None, "ms_courses": []}, "Not stated"),
    ],
)
def test_a_card_says_whom_the_trial_takes(client, facts, words):
    make_trial(1, **facts)

    assert f"<dt>Who</dt><dd>{words}</dd>" in client.get("/trials/").content.decode()


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


# --- Other pages -----------------------------------------------------------------------------------------------------------


def test_home_shows_the_approaches_with_counts_and_sources(client):
    make_trial(approaches=["hsct", "msc"], status="RECRUITING")
    make_trial(approaches=["hsct"])
    make_trial(approaches=["other"], is_listed=False)

    text = text_of(client.get("/"))

    assert "2 trials, 1 looking for people now" in text
    assert text.index("Haematopoietic stem cell transplantation") < text.index("Mesenchymal") < text.index("Induced pluripotent")
    assert "2 trials, 1 looking for people What" not in text
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
    assert "3 trials, 2 looking for people now" in text_of(response)
    form = html.split('aria-labelledby="near-title"')[1].split("</form>")[0]
    assert 'action="/trials/"' in form
    assert 'name="near"' in form
    assert '<input type="hidden" name="status" value="RECRUITING">' in form
    assert html.count('name="status" value="RECRUITING"') == 2  # the browser's own place goes the same way


@pytest.mark.parametrize("slug", ["hsct", "msc", "ipsc", "other"])
def test_an_approachs_page_shows_every_statement_with_its_source_and_date(client, slug):
    text = text_of(client.get(f"/therapies/approach/{slug}/"))

    for statement in Approach.objects.get(slug=slug).statements.select_related("source"):
        assert dates_in_words(statement.text) in text
        assert statement.source.label in text


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
    text = text_of(client.get(reverse("trials:clinics")))

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
