"""The landscape: every mark, table cell and CSV line is the list under its link, and a programme counts once."""

import csv
import html
import io
import json
import re

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_trial
from trials.charts import drawing, figures
from trials.charts.specs import specs
from trials.filters import TrialFilter
from trials.landscape_views import bound
from trials.models import Family, SyncRun
from trials.programmes import counted_once

pytestmark = pytest.mark.django_db


def primary(*measures):
    return [{"kind": "primary", "measure": measure} for measure in measures]


@pytest.fixture
def shelf():
    SyncRun.objects.create(kind="full", state="complete", finished_at="2026-11-21T03:04:05Z", data_timestamp="2026-11-20T09:00:05")
    make_trial(
        1, approaches=["msc"], status="RECRUITING", phases="PHASE1/PHASE2", countries=["Germany", "Spain"], start_date="2020-03",
        completion_date="2027-01", completion_date_kind="ESTIMATED", enrollment=40, enrollment_kind="ESTIMATED",
        outcomes=primary("Change in EDSS", "Adverse events"),
    )  # fmt: skip
    make_trial(
        2, approaches={"hsct": "treatment", "msc": "treatment"}, phases="PHASE3", countries=["United States"], start_date="2015",
        sponsor_class="INDUSTRY", enrollment=12, enrollment_kind="ACTUAL", sponsor_name='=Cells & "Co" <b>',
        completion_date="2018", completion_date_kind="ACTUAL", outcomes=primary("Cell count"),
    )  # fmt: skip
    make_trial(3, approaches={"hsct": "follow-up"}, study_type="OBSERVATIONAL", phases="", status="UNKNOWN", countries=["Singapore"])
    make_trial(
        4, approaches=["other"], status="NOT_YET_RECRUITING", phases="NA", start_date="2026-12-01", sponsor_class="", sponsor_name=""
    )
    make_trial(5, approaches={"hsct": "comparator", "msc": "treatment"}, status="BRAND_NEW_STATUS", phases="EARLY_PHASE1", enrollment=0)
    make_trial(6, approaches=["msc"], is_listed=False, start_date="1999", countries=["France"])
    make_trial(
        7, approaches=["hsct"], status="TERMINATED", phases="PHASE2", start_date="2015-11-30", completion_date="2017-10-30",
        completion_date_kind="ACTUAL", enrollment=7, enrollment_kind="ACTUAL", outcomes=primary("Relapse rate"), countries=["Germany"],
    )  # fmt: skip


QUERIES = [
    "", "role=", "role=comparator&role=follow-up", "approach=hsct", "approach=hsct&approach=msc&role=", "country=Germany",
    "phase=PHASE1&phase=PHASE3&role=", "outcome=edss", "start_from=2015&start_to=2016", "q=autologous&sort=title", "people=0",
    "has_results=no&course=none", "approach=ipsc",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.usefixtures("shelf")
def test_each_mark_counts_the_trials_of_its_list(query):
    found = figures.landscape(bound(QueryDict(query)))
    listed = {trial.pk for trial in found.filter.qs}

    assert found.registrations == len(listed)
    for figure in found.figures:
        assert set().union(*(cell.trials for cell in figure.in_order)) == listed, figure.key
        for cell in figure.in_order:
            behind = TrialFilter(QueryDict(cell.params.urlencode()))
            assert behind.is_valid(), behind.errors
            assert {trial.pk for trial in behind.qs} == cell.trials, (figure.key, cell.words)
            assert cell.programmes == counted_once(behind.narrowed())


def numbers(figure):
    return {(cell.row, cell.series): cell.programmes for cell in figure.in_order}


@pytest.mark.usefixtures("shelf")
def test_a_trial_of_two_approaches_stands_under_each_in_the_role_asked_for():
    starts = figures.landscape(bound(QueryDict()))["starts"]

    assert numbers(starts) == {
        ("2015", "HSCT"): 2, ("2015", "MSC"): 1, ("2020", "MSC"): 1, ("2026", "Other"): 1, ("Not stated", "MSC"): 1,
    }  # fmt: skip
    assert starts.rows == [*(str(year) for year in range(2015, 2027)), "Not stated"]
    assert starts.notes == [
        "4 of 5 trials state a start date; the others stand at “?”.",
        "1 trial with several approaches is counted under each.",
    ]
    assert re.findall(r">([\d?]+)</text>", str(drawing.draw([starts], "/trials/")["starts"]))[-4:] == ["2015", "2020", "2025", "?"]


@pytest.mark.usefixtures("shelf")
def test_actual_and_estimated_are_kept_apart():
    found = figures.landscape(bound(QueryDict()))

    assert numbers(found["enrolment"]) == {
        ("0", "Kind not stated"): 1, ("1–19", "Actual"): 2, ("20–49", "Estimated"): 1, ("Not stated", "Kind not stated"): 1,
    }  # fmt: skip
    assert numbers(found["lengths"]) == {
        ("1 year", "Actual"): 1, ("5–9 years", "Estimated"): 1, ("Not known", "Actual"): 1, ("Not known", "Kind not stated"): 2,
    }  # fmt: skip
    assert "Median actual number: 9.5 people, of 2 trials." in found["enrolment"].notes


@pytest.mark.usefixtures("shelf")
def test_what_is_not_stated_is_shown_as_that():
    found = figures.landscape(bound(QueryDict()))

    assert numbers(found["sponsor-kinds"])["Not stated", ""] == 1
    assert numbers(found["countries"]) == {("Germany", ""): 2, ("Spain", ""): 1, ("United States", ""): 1, ("Not stated", ""): 2}
    assert found["countries"].rows[-1] == "Not stated"
    assert numbers(found["outcomes"])["Not stated", ""] == 2


@pytest.mark.usefixtures("shelf")
def test_registrations_of_one_confirmed_programme_count_once(client, django_user_model):
    make_trial(8, approaches=["hsct"], phases="PHASE2", start_date="2015-05", countries=["Italy"])
    person = django_user_model.objects.create_user("curator")
    signed = {"decided_by": person, "decided_at": timezone.now()}
    Family.objects.create(name="Shared", state="confirmed", **signed).trials.set([7, 8])
    Family.objects.create(name="Apart", state="refused", **signed).trials.set([1, 2])
    Family.objects.create(name="Perhaps", state="proposed").trials.set([1, 4])
    found = figures.landscape(bound(QueryDict()))

    assert (found.registrations, found.programmes) == (6, 5)
    assert found["starts"].cells["2015", "HSCT"].words == "2015, HSCT: 2 (3 registrations)"
    assert {"Germany", "Italy"} < set(found["countries"].rows)
    page = client.get(reverse("data:landscape")).content.decode()
    assert "These 6 registrations are 5 programmes" in page


# --- The page --------------------------------------------------------------------------------------------------------------------


LINK = re.compile(r'<a href="([^"]+)" tabindex="-1"><title>([^<]*)</title>')


@pytest.mark.usefixtures("shelf")
def test_drawings_link_where_the_tables_do(client):
    response = client.get(reverse("data:landscape"))
    page = response.content.decode()
    found = response.context["landscape"]

    for figure, drawn, _ in response.context["figures"]:
        assert drawn in page
        cells = {cell.words: f"{reverse('trials:list')}?{cell.params.urlencode()}" for cell in figure.in_order}
        marks = {html.unescape(words): html.unescape(address) for address, words in LINK.findall(drawn)}
        hidden = {"Not stated"} if figure.key == "countries" else set()
        assert marks.items() <= cells.items()
        assert {words.partition(":")[0] for words in cells} - {words.partition(":")[0] for words in marks} <= hidden, figure.key
        for params in (cell.params for cell in figure.in_order):
            assert html.escape(params.urlencode()) in page
    assert [figure.key for figure in found.figures] == list(figures.KEYS)


@pytest.mark.parametrize(("count", "opacity"), [(1, "0.3"), (4, "0.5"), (5, "0.8"), (10, "1")])
def test_the_colour_of_a_country_says_how_many_trials_it_has(count, opacity):
    for _ in range(count):
        make_trial(countries=["Spain"])
    drawn = drawing.draw([figures.landscape(bound(QueryDict()))["countries"]], "/trials/")["countries"]

    assert re.findall(r'country=Spain" tabindex="-1"><title>[^<]*</title><path[^>]* fill-opacity="([^"]+)"', drawn) == [opacity]


@pytest.mark.usefixtures("shelf")
def test_drawings_take_their_colours_from_the_page_and_bring_no_style_script_or_id(client):
    drawn = [svg for _, svg, _ in client.get(reverse("data:landscape")).context["figures"]]

    for svg in drawn:
        assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) <= {"none", "transparent", "currentColor"} | set(
            re.findall(r"var\(--[a-z-]+\)", svg)
        )
        assert not re.search(r" (?:style|id|on\w+|font-family)=|<(?:style|script|foreignObject)|invalid", svg)
        assert 'role="group" aria-labelledby="' in svg
    assert "=Cells &amp; &quot;Co&quot; &lt;b&gt;" in "".join(drawn)
    assert "<b>" not in "".join(drawn)


def test_a_long_label_stands_in_full_and_one_without_end_below(client):
    make_trial(1, sponsor_class="OTHER", sponsor_name="A Foundation of Very Many Hospitals and Universities")
    make_trial(2, sponsor_class="OTHER", sponsor_name=f"An{' Endless Name' * 5}")
    found = figures.landscape(bound(QueryDict()))

    kinds, names = (json.dumps(specs(found[key]), ensure_ascii=False).replace("\\", "") for key in ("sponsor-kinds", "sponsors"))
    assert '["University,", "hospital or other"]' in kinds
    assert '["A Foundation of", "Very Many Hospitals", "and Universities"]' in names
    assert '["An Endless Name", "Endless Name", "Endless Name…"]' in names
    page = client.get(reverse("data:landscape")).content.decode()
    assert f"<li>Shortened in the drawing: An{' Endless Name' * 5}</li>" in page
    assert "Shortened in the drawing: A Foundation" not in page
    svg = str(drawing.draw([found["sponsor-kinds"]], "/trials/")["sponsor-kinds"])
    assert re.search(r"<tspan[^>]*>University,</tspan><tspan[^>]*>hospital or other</tspan>", svg)


@pytest.mark.usefixtures("shelf")
def test_a_drawing_is_made_once(client, monkeypatch):
    first = client.get(reverse("data:landscape")).context["figures"]
    monkeypatch.setattr(drawing.sys, "executable", "/nowhere/python")

    assert client.get(reverse("data:landscape") + "?sort=title").context["figures"][0][1] == first[0][1]


@pytest.mark.usefixtures("shelf")
def test_without_drawings_the_tables_stand_open(client, monkeypatch):
    monkeypatch.setattr(drawing.sys, "executable", "/nowhere/python")
    response = client.get(reverse("data:landscape"))

    assert response.status_code == 200
    assert response.content.decode().count('<details class="chart-table" open>') == len(figures.KEYS)


@pytest.mark.usefixtures("shelf")
def test_the_page_says_what_it_shows_and_what_it_lacks(client):
    page = client.get(reverse("data:landscape")).content.decode()

    assert "5 trials: Stem-cell trials, testing a treatment" in re.sub("<[^>]+>", "", page)
    assert "data of 20 November 2026" in page
    assert "Each registration counts as one trial" in page
    assert "STAR-MS" in page
    assert 'href="/landscape/?role="' in page


@pytest.mark.usefixtures("shelf")
def test_any_role_can_be_asked_for(client):
    response = client.get(reverse("data:landscape") + "?role=&approach=hsct")

    assert {trial.pk for trial in response.context["filter"].qs} == {2, 3, 5, 7}
    assert f'href="{reverse("data:landscape-csv", args=["starts"])}?approach=hsct&amp;role="' in response.content.decode()


@pytest.mark.parametrize(
    "query", ["approach=crispr", "people=many", "outcome=x%00", "lasted=-1", "sponsor=Nobody", "start_from=soon", "role=hero"]
)
@pytest.mark.usefixtures("shelf")
def test_values_that_cannot_be_used_are_refused(client, query):
    page = client.get(f"{reverse('data:landscape')}?{query}")
    file = client.get(f"{reverse('data:landscape-csv', args=['starts'])}?{query}")

    assert (page.status_code, file.status_code) == (400, 400)
    assert "Go on without it" in page.content.decode()


def test_markup_in_an_address_stays_text(client):
    page = client.get(reverse("data:landscape"), {"approach": "<script>alert(1)</script>"})

    assert page.status_code == 400
    assert "<script>alert(1)" not in page.content.decode()


def test_nothing_to_draw_is_said_with_a_way_on(client):
    empty = client.get(reverse("data:landscape"))
    assert empty.status_code == 200
    assert "no" in empty.content.decode()
    make_trial(1)
    narrowed = client.get(reverse("data:landscape") + "?approach=ipsc").content.decode()
    assert "there is nothing to draw" in narrowed
    assert "without approach “iPSC”" in narrowed


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries, count):
    for number in range(count):
        make_trial(
            approaches={"hsct": "treatment", "msc": "treatment"}, countries=["Italy", f"Land {number}"], start_date=f"{1990 + number}-01",
            sponsor_name=f"Body {number}", outcomes=primary("EDSS"), enrollment=number, phases="PHASE1/PHASE2",
        )  # fmt: skip
    with django_assert_max_num_queries(9):
        assert client.get(reverse("data:landscape")).status_code == 200


# --- CSV -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", figures.KEYS)
@pytest.mark.usefixtures("shelf")
def test_the_file_says_what_the_table_says(client, key):
    query = "role=&approach=hsct&approach=msc"
    lines = list(csv.reader(io.StringIO(client.get(f"{reverse('data:landscape-csv', args=[key])}?{query}").content.decode())))
    figure = figures.landscape(bound(QueryDict(query)))[key]

    assert lines[0] == list(figures.COLUMNS)
    assert [[line[0].removeprefix("'"), line[1], int(line[2]), int(line[3])] for line in lines[1:]] == [
        [row, series, cell.programmes, cell.registrations]
        for row, cells in figure.table
        for series, cell in zip(figure.series, cells, strict=True)
        if cell
    ]
    for line in lines[1:]:
        assert len(client.get(line[4]).context["page"].object_list) == int(line[3])
        assert not line[0].startswith("=")


def test_there_is_no_file_of_an_unknown_chart(client):
    assert client.get("/landscape/nothing.csv").status_code == 404


@pytest.mark.usefixtures("shelf")
def test_an_unchanged_file_is_not_sent_again(client):
    address = reverse("data:landscape-csv", args=["phases"])
    tag = client.get(address)["ETag"]

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.usefixtures("shelf")
def test_no_specification_refers_to_anything_outside():
    found = figures.landscape(bound(QueryDict("role=")))

    assert '"url"' not in "".join(str(specs(figure)) for figure in found.figures)
