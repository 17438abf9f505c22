"""Trials chosen one by one: the shortlist and the comparison live in their addresses."""

import re
from urllib.parse import unquote

import pytest

from tests.builders import make_trial
from tests.web.reading import ids_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    make_trial(
        1,
        brief_title="First",
        status="RECRUITING",
        phases="PHASE2",
        enrollment=12,
        enrollment_kind="ESTIMATED",
        start_date="2024-03",
        start_date_kind="ACTUAL",
        completion_date="2027",
        eligibility_criteria="Inclusion Criteria:\n\n* EDSS 3.0 to 6.5",
        contacts=[{"name": "The Office", "email": "o@example.org"}],
        sites=[
            {"country": "Norway", "city": "Bergen", "contacts": [{"name": "Site Nurse", "phone": "+47 1", "email": "", "phone_ext": ""}]}
        ],
        outcomes=[{"kind": "primary", "measure": "Deaths"}],
    )
    make_trial(2, brief_title="Second", status="COMPLETED", contacts=[{"name": "Old Office"}])
    make_trial(3, brief_title="Third", is_listed=False)


@pytest.mark.usefixtures("three")
def test_the_shortlist_is_its_address_in_order_with_contacts(client):
    response = client.get("/shortlist/?id=NCT00000002&id=nct00000001&id=NCT00000002&id=NCT00000003&id=junk")
    text = text_of(response)

    assert ids_in(response) == ["NCT00000002", "NCT00000001"]
    for words in (
        "The Office",
        "Site Nurse",
        "Bergen, Norway",
        "3 to 6.5",
        "This study is over.",
        "NCT00000003 is not among the trials",
        "JUNK is",
    ):
        assert words in text
    assert "Old Office" not in text
    assert "Third" not in text


def test_an_empty_shortlist_says_how_to_fill_it(client):
    assert "Nothing is on this shortlist." in text_of(client.get("/shortlist/"))


@pytest.mark.usefixtures("three")
def test_trials_stand_side_by_side(client):
    html = client.get("/compare/?id=NCT00000001&id=NCT00000002").content.decode()
    text = text_of(client.get("/compare/?id=NCT00000001&id=NCT00000002"))

    assert html.index("First") < html.index("Second")
    said = ("Recruiting", "Completed", "Phase 2", "12 people (estimated)", "Norway", "Deaths", "3 to 6.5", "Not stated in the record")
    for words in said:
        assert words in text
    assert html.count('<th scope="col">') == 2


@pytest.mark.usefixtures("three")
def test_one_trial_has_nothing_to_be_compared_with(client):
    assert "Choose two to four trials to compare." in text_of(client.get("/compare/?id=NCT00000001&id=NCT00000003"))


def test_four_fit_side_by_side_and_the_others_are_named(client):
    for number in range(1, 7):
        make_trial(number)

    response = client.get("/compare/?" + "&".join(f"id=NCT0000000{number}" for number in range(1, 7)))

    assert response.content.decode().count('<th scope="col">') == 4
    assert "Left out: NCT00000005, NCT00000006." in text_of(response)


@pytest.mark.usefixtures("three")
def test_a_page_for_the_neurologist_holds_facts_contacts_and_questions_and_can_be_sent(client):
    response = client.get("/for-neurologist/?id=NCT00000001&id=NCT00000002&id=NCT00000003")
    text, html = text_of(response), response.content.decode()

    for words in (
        "A patient would like to talk with you about these 2 trials.",
        "EDSS 3.0 to 6.5",
        "Deaths",
        "The Office",
        "Site Nurse",
        "Bergen",
        "https://clinicaltrials.gov/study/NCT00000001",
        "This study is over.",
        "March 2024 (actual) – 2027",
        "Being listed is no recommendation.",
        "Could this trial take me, as you know my MS?",
        "NCT00000003 is not among the trials",
    ):
        assert words in text
    assert "Old Office" not in text
    letter = unquote(re.search(r'href="(mailto:[^"]+)"', html)[1])
    assert letter.startswith("mailto:?subject=Stem-cell trials in MS&amp;body=")
    assert "NCT00000001: First\nhttps://clinicaltrials.gov/study/NCT00000001" in letter
    assert letter.endswith("http://testserver/for-neurologist/?id=NCT00000001&id=NCT00000002")
    assert 'content="noindex"' in html


@pytest.mark.usefixtures("three")
def test_the_way_to_the_neurologists_page_stands_on_a_trial_and_on_the_shortlist(client):
    assert 'href="/for-neurologist/?id=NCT00000001"' in client.get("/trials/NCT00000001/").content.decode()
    assert (
        'href="/for-neurologist/?id=NCT00000001&amp;id=NCT00000002"'
        in client.get("/shortlist/?id=NCT00000001&id=NCT00000002").content.decode()
    )
    assert "No trial is chosen yet." in text_of(client.get("/for-neurologist/"))


@pytest.mark.parametrize("path", ["/shortlist/", "/compare/", "/for-neurologist/"])
def test_it_costs_the_same_whatever_the_number_of_trials(client, django_assert_max_num_queries, path):
    def cost(numbers):
        with django_assert_max_num_queries(20) as captured:
            client.get(path + "?" + "&".join(f"id=NCT{number:08}" for number in numbers))
        return len(captured)

    for number in range(1, 31):
        make_trial(number, countries=["Norway"], contacts=[{"name": "A"}], outcomes=[{"kind": "primary", "measure": "B"}])
    cost([1])
    assert cost(range(1, 31)) == cost([1])
