"""A trial's page: all that is recorded, what matters most, and that nothing from a record can do anything but be read."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests.builders import make_trial
from tests.web.reading import text_of
from therapies.evidence import SHOWN_AS_FACT

pytestmark = pytest.mark.django_db


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \"quoted\" & 'so' {{ 7|add:7 }}"


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
        f"less than {SHOWN_AS_FACT * 100:.0f} % sure is shown as fact only if a curator has confirmed it",
        "Approach: HSCT", "Therapy: Allogeneic HSCT", "Words in the record", "Intervention 1, name", "95 %", "hsct-name",
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
    assert "No criteria are stated: what else is said here we read from other fields by rules" in text_of(response)
    assert "Not stated in the record Age, Sex, Type of MS, Disability (EDSS), Time with MS" in text_of(response)
    assert text_of(response).count("Not stated in the record") >= 15
    assert "No central contact is stated in the record." in text_of(response)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"status": "TERMINATED", "why_stopped": "No money."}, "Why: “No money.”"),
        ({"status": "TERMINATED"}, "Why: not stated in the record."),
        ({"approaches": {"hsct": "follow-up"}}, "The study follows people who had stem cells, or get them as care. It gives none."),
        ({"gone": True}, "The registry no longer lists this study."),
        ({"has_results": True, "results_first_posted": "2020-01-02"}, "posted on ClinicalTrials.gov, first on 2 January 2020"),
        ({"needs_review": True, "review_reason": "Below the bar: msc."}, "A curator has still to look at this. Below the bar: msc."),
        ({"status": "COMPLETED", "contacts": [{"name": "Old Contact"}]}, "This study is over, so there is nobody to apply to."),
        ({"enrollment": 1, "enrollment_kind": "ACTUAL"}, "1 person (actual)"),
        (
            {"start_date": "2015-03", "start_date_kind": "ACTUAL", "completion_date": "2027"},
            "From – toMarch 2015 (actual) – 2027",
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


def test_of_a_trial_that_is_over_a_reader_learns_what_came_out_and_is_not_asked_to_come(client):
    references = [{"citation": "Before it", "type": "BACKGROUND"}, {"citation": "Its report", "type": "RESULT", "pmid": "7"}]
    trial = make_trial(273364, approaches=["hsct"], status="COMPLETED", countries=["Norway"], references=references)

    text = text_of(client.get(trial.get_absolute_url()))

    places = [text.index(words) for words in (
        "Completed. Over.", "What came out?", "No results are posted", "Disability got worse in 3 people after a transplant",
        "Burt et al. 2019", "Its report", "Before it", "This is what the record says.",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "From which town?" not in text
    assert "What will it cost?" not in text


def test_of_a_programmes_registrations_each_leads_to_the_others_by_what_was_found(client):
    trial = make_trial(1854957, approaches=["msc"], status="COMPLETED")

    html = client.get(trial.get_absolute_url()).content.decode()

    assert 'among them NCT01854957, <a href="/trials/NCT01606215/">NCT01606215</a>' in html


def test_who_is_to_be_called_is_told_though_only_sites_name_anybody(client, atlas):
    def site(city, latitude, longitude, status, **contact):
        place = {"city": city, "country": "Germany", "latitude": latitude, "longitude": longitude, "status": status}
        return place | {"contacts": [{"name": f"Dr {city}", "role": "PRINCIPAL_INVESTIGATOR"}, contact | {"name": f"Nurse {city}"}]}

    trial = make_trial(
        status="RECRUITING",
        sites=[site("Kiel", 54.3, 10.1, "WITHDRAWN", phone="+1"), site("Bonn", 50.7, 7.1, "RECRUITING", email="b@example.org"),
               site("Munich", 48.1, 11.6, "RECRUITING", phone="+3")],
    )  # fmt: skip

    def called(query=""):
        return re.search(r"Whom do I call\? ?(.*?) Sites, sponsor", text_of(client.get(trial.get_absolute_url() + query)))[1]

    assert "Bonn" in called()
    assert "Nurse Bonn" in called()
    assert "Nurse Munich" in called("?near=Munich")


def test_one_page_of_every_kind_of_study_links_to_its_own_parts_alone(client):
    for status in ("COMPLETED", "RECRUITING"):
        html = client.get(make_trial(status=status, countries=["Norway"]).get_absolute_url()).content.decode()
        assert set(re.findall(r'href="#(\w+)"', html)) <= set(re.findall(r'id="(\w+)"', html))


def test_of_a_trial_that_is_open_what_came_out_stands_behind_what_it_takes_to_join(client):
    trial = make_trial(approaches=["hsct"], status="RECRUITING", countries=["Norway"])

    text = text_of(client.get(trial.get_absolute_url()))

    places = [text.index(words) for words in ("From which town?", "Might I fit?", "Ask before you say yes:", "No results are posted")]
    assert places == sorted(places)
    assert "Disability got worse" not in text


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
