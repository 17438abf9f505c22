"""“Could this be for me?”: every trial in one group with its reasons, and no trace of what was told."""

import logging

import pytest

from tests.builders import make_trial
from tests.reading import grade
from tests.web.reading import text_of
from trials.fit import Person
from trials.for_me import ForMeForm, compare

pytestmark = pytest.mark.django_db

CRITERIA = "Inclusion Criteria:\n\n* Secondary progressive MS\n* EDSS 3.0 to 6.5\n\nExclusion Criteria:\n\n* Pregnancy"
TOLD = {"age": "40", "sex": "female", "course": "SPMS", "walking": "one-stick", "years_since_diagnosis": "7", "which": "open"}


@pytest.fixture
def shelf():
    make_trial(
        1, status="RECRUITING", eligibility_criteria=CRITERIA, brief_title="Takes SPMS", minimum_age_years=18, minimum_age="18 Years"
    )
    make_trial(2, status="RECRUITING", eligibility_criteria=CRITERIA.replace("6.5", "5.0"), brief_title="Takes walkers")
    make_trial(3, status="NOT_YET_RECRUITING", eligibility_criteria="", brief_title="Says nothing")
    make_trial(4, status="COMPLETED", eligibility_criteria=CRITERIA, brief_title="Is over")
    make_trial(5, status="RECRUITING", eligibility_criteria=CRITERIA, brief_title="Is hidden", is_listed=False)
    make_trial(6, status="RECRUITING", eligibility_criteria=CRITERIA, brief_title="Is gone", gone=True)


def sections(response):
    """The words of each of the three groups."""
    text = text_of(response).split("Change your answers")[1]
    first, second, third = (text.index(title) for title in ("May fit:", "The record does not say:", "May not fit:"))
    return text[first:second], text[second:third], text[third:]


@pytest.mark.usefixtures("shelf")
def test_each_open_trial_stands_in_one_group_with_its_reasons_and_the_records_words(client):
    may, silent, may_not = sections(client.post("/for-me/", TOLD))

    assert may.startswith("May fit: 1")
    assert "Takes SPMS" in may
    assert "Type of MS. The record names it among what is taken." in may
    assert "EDSS 3.0 to 6.5" in may
    assert "What the record asks besides: Pregnancy" in may
    assert "Says nothing" in silent
    assert "Takes walkers" in may_not
    assert "What you told us lies outside what the record asks for.EDSS 3.0 to 5.0" in may_not
    for title in ("Is over", "Is hidden", "Is gone"):
        assert title not in may + silent + may_not


def test_the_nearest_treatment_comes_first_and_what_tests_none_stands_apart(client, atlas):
    make_trial(1, status="RECRUITING", brief_title="In Munich", sites=[{"country": "Germany", "latitude": 48.1, "longitude": 11.6}])
    make_trial(2, status="RECRUITING", brief_title="In Bergen", sites=[{"country": "Norway", "latitude": 60.4, "longitude": 5.3}])
    make_trial(
        3,
        approaches={"hsct": {"role": "follow-up"}},
        status="RECRUITING",
        brief_title="Only watches in Bergen",
        sites=[{"country": "Norway", "latitude": 60.4, "longitude": 5.3}],
    )

    text = text_of(client.post("/for-me/", {"place": "bergen"}))

    places = [text.index(words) for words in ("In Bergen", "In Munich", "May not fit: 0", "Test no treatment: 1", "Only watches in Bergen")]
    assert places == sorted(places)
    assert "km (1 miles) to the nearest site that looks for people" in text
    unknown = client.post("/for-me/", {"place": "Atlantis", "age": "40"})
    assert unknown.status_code == 400
    assert "We know no town “Atlantis”" in text_of(unknown)
    assert 'value="40"' in unknown.content.decode()


@pytest.mark.usefixtures("shelf")
def test_unknown_answers_hide_nothing(client):
    may, silent, may_not = sections(client.post("/for-me/", {"which": "all"}))

    assert "May not fit: 0" in may_not
    for title in ("Takes SPMS", "Takes walkers", "Says nothing", "Is over"):
        assert title in may + silent


@pytest.mark.usefixtures("shelf")
def test_what_was_told_is_in_no_address_header_cookie_or_log(client, caplog):
    with caplog.at_level(logging.DEBUG):
        response = client.post("/for-me/", TOLD)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert "one-stick" not in caplog.text
    html = response.content.decode()
    assert 'method="post"' in html
    for value in ("SPMS", "one-stick"):
        assert f"={value}" not in html.replace(f'value="{value}"', "")


@pytest.mark.usefixtures("shelf")
def test_an_address_cannot_carry_answers(client):
    assert 'value="40"' not in client.get("/for-me/?age=40&course=SPMS").content.decode()


@pytest.mark.parametrize("age", ["400", "-3", "forty"])
@pytest.mark.usefixtures("shelf")
def test_an_answer_that_cannot_be_is_marked_and_the_others_are_kept(client, age):
    response = client.post("/for-me/", TOLD | {"age": age})

    html = response.content.decode()
    assert response.status_code == 400
    assert "Write whole years, from 0 to 120, or leave it open." in html
    assert f'value="{age}"' in html
    assert 'value="one-stick" id="id_walking_5" checked' in html.replace('class="" ', "")


def test_it_costs_the_same_whatever_the_number_of_trials(client, django_assert_max_num_queries):
    def cost():
        with django_assert_max_num_queries(5) as captured:
            client.post("/for-me/", TOLD)
        return len(captured)

    make_trial(status="RECRUITING", eligibility_criteria=CRITERIA)
    client.post("/for-me/", TOLD)
    at_one = cost()
    for _ in range(29):
        make_trial(status="RECRUITING", eligibility_criteria=CRITERIA)
    assert cost() == at_one


def test_every_trial_is_in_exactly_one_group():
    trials = [make_trial(eligibility_criteria=text) for text in ("", CRITERIA, "Inclusion Criteria:\n\n* RRMS", "All forms of MS")]

    for person in (Person(), Person(course="RRMS"), Person(age=30, sex="male", walking="bed")):
        groups = compare(trials, person)
        assert sorted(item.trial.pk for group in groups for item in group.trials) == sorted(trial.pk for trial in trials)


def test_who_cannot_apply_is_told(client):
    make_trial(1, status="ENROLLING_BY_INVITATION")

    text = text_of(client.post("/for-me/", TOLD))

    assert "You cannot apply. The team chooses people." in text
    assert "Test no treatment" not in text


def test_nobody_is_called_eligible_and_the_questions_are_easy_to_read(client):
    text = text_of(client.post("/for-me/", TOLD)) + text_of(client.get("/for-me/"))
    assert "eligible" not in text.lower()

    questions = " ".join(f"{field.label} {field.help_text}" for field in ForMeForm())
    assert grade(questions) <= 7
