"""The shipped texts: complete, sourced, readable, and free of words that promise."""

import datetime as dt
import importlib
import re
import statistics
import tomllib

import pytest
from django.apps import apps
from django.db import connection
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from tests.reading import grade, sentences, word_count
from therapies.models import Approach, Kind, Page, Source, Statement, Therapy

pytestmark = pytest.mark.django_db

THERAPIES = {
    "hsct": {
        *("ahsct", "ahsct-beam", "ahsct-cy-atg", "ahsct-busulfan", "ahsct-tbi", "ahsct-cy-rituximab", "ahsct-fludarabine", "allo-hsct"),
    },
    "msc": {"msc", "bm-msc", "ad-msc", "uc-msc", "placental-msc", "msc-np", "msc-ntf", "esc-msc"},
    "ipsc": {"ipsc-neural", "ipsc-msc", "ipsc-immune", "ipsc-lines"},
    "other": {
        *("fetal-nsc", "esc-derived", "bm-mnc", "svf", "msc-derived", "muse", "oec", "cord-blood-derived", "other-stem-cell"),
    },
}

PROMISES = re.compile(
    r"\bhope|\bcure|\bcuring|miracle|game.?chang|break.?through|promising|revolution|\bheal(s|ed|ing)?\b|safe and effective"
    r"|\b(is|are|be|proven) (safe|effective)\b|stem cells (can )?repair|\bregenerat|\bworks\b|well tolerated|suitable for you",
    re.IGNORECASE,
)

first_content = importlib.import_module("therapies.migrations.0002_first_content")
sources_read = importlib.import_module("therapies.migrations.0004_sources_read")
questions_on_hsct = importlib.import_module("therapies.migrations.0006_questions_on_hsct")
by_number = importlib.import_module("therapies.migrations.0005_trials_by_number")


def rows():
    """Every stored value of the taxonomy, to compare two states whole."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (Approach, Therapy, Source, Statement)}


def run_migration():
    first_content.put_in(apps, connection.schema_editor())


def test_every_approach_and_therapy_is_there():
    assert list(Approach.objects.values_list("slug", flat=True)) == ["hsct", "msc", "ipsc", "other"]
    for approach, slugs in THERAPIES.items():
        assert set(Therapy.objects.filter(approach__slug=approach).values_list("slug", flat=True)) == slugs
    assert Therapy.objects.count() == sum(map(len, THERAPIES.values()))


@pytest.mark.parametrize("model", [Approach, Therapy])
@pytest.mark.parametrize("kind", [Kind.PLAIN, Kind.EXACT])
def test_each_is_explained_plainly_and_exactly(model, kind):
    explained = Statement.objects.filter(kind=kind).values(model.__name__.lower())
    assert not model.objects.exclude(pk__in=explained.exclude(**{model.__name__.lower(): None})).exists()


def test_each_treatment_says_what_was_found_even_if_that_is_nothing():
    silent = Therapy.objects.exclude(statements__kind=Kind.EVIDENCE)
    assert [therapy.slug for therapy in silent] == ["ipsc-lines"]  # no treatment: cells are made, none is given


def test_each_page_of_its_own_has_statements():
    assert set(Statement.objects.exclude(page="").values_list("page", flat=True)) == set(Page.values)
    assert Statement.objects.filter(page=Page.CLINICS, kind=Kind.QUESTION).count() >= 5


def test_sources_are_public_addresses_and_all_are_used():
    for source in Source.objects.all():
        source.full_clean()
        assert source.url.startswith("https://"), source
    assert not Source.objects.filter(statements=None).exists()


def test_all_rows_pass_their_own_validation():
    for model in (Approach, Therapy, Statement):
        for row in model.objects.all():
            row.full_clean()


def test_trials_named_in_a_text_have_a_well_formed_number():
    for text in Statement.objects.values_list("text", flat=True):
        for number in re.findall(r"NCT\w*", text):
            assert re.fullmatch(r"NCT\d{8}", number), text


def test_no_text_promises_anything():
    texts = [*Statement.objects.values_list("text", flat=True), *Therapy.objects.values_list("name", flat=True)]
    assert [text for text in texts if PROMISES.search(text)] == []


@pytest.mark.parametrize(
    "text", ["There is hope.", "a game changer", "It is safe.", "stem cells repair the brain", "They are safe and effective", "It works."]
)
def test_the_list_of_promises_catches(text):
    assert PROMISES.search(text)


def test_negative_results_are_said():
    said = " ".join(Statement.objects.filter(kind=Kind.EVIDENCE, approach__slug="msc").values_list("text", flat=True))
    assert said.count("did not meet its primary outcome") == 2


def test_deaths_are_given_with_the_number_of_people_and_the_years():
    risks = Statement.objects.filter(kind=Kind.RISK, approach__slug="hsct").values_list("text", flat=True)
    deaths = [text for text in risks if re.search(r"\b(died|[Dd]eaths?)\b", text)]
    assert len(deaths) == 4
    assert all(re.search(r"\b(764|364|507|617)\b", text) for text in deaths)


def test_the_ipsc_approach_is_worth_opening_while_nothing_is_listed():
    said = Approach.objects.with_statements().get(slug="ipsc").by_kind
    assert len(said[Kind.PREPARING]) >= 4
    assert "3,616" in said[Kind.EVIDENCE][0].text
    assert "2025-09-25" in said[Kind.EVIDENCE][0].text


def test_plain_words_are_plain():
    hard = {}
    grades = []
    for statement in Statement.objects.filter(kind__in=[Kind.PLAIN, Kind.QUESTION]):
        longest = max(word_count(sentence) for sentence in sentences(statement.text))
        grades.append(grade(statement.text))
        if grades[-1] > 7 or longest > 20:
            hard[str(statement)] = (round(grades[-1], 1), longest, statement.text)
    assert hard == {}
    assert statistics.mean(grades) <= 4


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ({"published": "2019-01", "checked_on": dt.date(2026, 11, 23)}, "published January 2019, read 23 November 2026"),
        ({"published": "2017"}, "published 2017, day of reading not noted"),
        ({"checked_on": dt.date(2026, 11, 23)}, "read 23 November 2026"),
        ({"as_of": "2025-09-25"}, "as of 25 September 2025"),
        ({"as_of": "October 2021"}, "as of October 2021"),
        ({}, "date of publication not stated, day of reading not noted"),
    ],
)
def test_a_source_says_of_when_it_is_or_that_this_is_not_known(dates, told):
    source = {"label": "A paper", "url": "https://example.org/paper"} | dates
    assert strip_tags(render_to_string("_partials/source.html", {"source": source})).strip() == f"A paper, {told}"


def test_the_measure_tells_hard_from_easy():
    easy = "Your cells are given back."
    hard = "Immunoablative conditioning precedes autologous haematopoietic progenitor reinfusion."
    assert grade(easy) < 3
    assert grade(hard) > 15


def test_running_the_migration_again_changes_nothing():
    before = rows()
    run_migration()
    assert rows() == before


def test_running_it_again_leaves_a_curators_work_alone():
    Therapy.objects.filter(slug="oec").update(name="Cells of the nose", reviewed_on="2027-01-01")
    Source.objects.filter(url__contains="PMC6439765").update(label="MIST", checked_on="2027-01-01")
    edited = Statement.objects.filter(approach__slug="hsct", kind=Kind.PLAIN).get()
    edited.text = "Edited."
    edited.save()
    Statement.objects.filter(therapy__slug="svf", kind=Kind.RISK).delete()
    Statement.objects.filter(page=Page.CLINICS, kind=Kind.QUESTION).first().delete()
    before = rows()
    run_migration()
    assert rows() == before


def as_first_shipped():
    """Take back what the later contents mended."""
    for correction in tomllib.loads(by_number.CONTENT.read_text())["corrections"]:
        assert Statement.objects.filter(text=correction["new"]).update(text=correction["old"]) == 1
    content = tomllib.loads(sources_read.CONTENT.read_text())
    Source.objects.filter(url__in=content["read"]["urls"]).update(checked_on=None)
    for correction in content["corrections"]:
        assert Statement.objects.filter(text=correction["new"]).update(text=correction["old"]) == 1
        Statement.objects.filter(text=correction.get("then", {}).get("text")).delete()


def test_what_sources_do_not_bear_out_is_mended_and_then_stays_so():
    shipped = rows()
    as_first_shipped()
    sources_read.mend(apps, connection.schema_editor())
    texts = list(Statement.objects.filter(approach__slug="hsct", kind=Kind.CORRECTION).values_list("text", "source__label"))
    assert [label.split(":")[0] for _, label in texts] == ["University of Sheffield", "MS Society (United Kingdom)"]
    assert "phase 2a" in Statement.objects.get(text__startswith="MSCIMS").text
    assert Source.objects.get(url__contains="carleton").checked_on == dt.date(2026, 11, 25)
    again = rows()
    assert [len(again[name]) for name in again] == [len(shipped[name]) for name in shipped]
    sources_read.mend(apps, connection.schema_editor())
    assert rows() == again


def test_what_a_curator_has_edited_is_not_mended():
    as_first_shipped()
    Statement.objects.filter(approach__slug="hsct", kind=Kind.CORRECTION).update(text="Edited.")
    Source.objects.filter(url__contains="carleton").update(checked_on="2027-01-01")
    sources_read.mend(apps, connection.schema_editor())
    assert Statement.objects.get(approach__slug="hsct", kind=Kind.CORRECTION).text == "Edited."
    assert Source.objects.get(url__contains="carleton").checked_on == dt.date(2027, 1, 1)


def test_findings_name_the_trial_that_they_are_of_unless_a_curator_has_edited_them():
    as_first_shipped()
    sources_read.mend(apps, connection.schema_editor())
    Statement.objects.filter(text__startswith="HALT-MS").update(text="HALT-MS, edited.")
    by_number.number(apps, connection.schema_editor())
    assert Statement.objects.get(text__contains="NCT00273364").text.startswith("MIST (NCT00273364; phase 2, 110 people")
    assert not Statement.objects.filter(text__contains="NCT00288626", kind=Kind.EVIDENCE).exists()


def test_what_to_ask_about_hsct_is_put_in_once_and_not_beside_a_curators_own():
    asked = Statement.objects.filter(approach__slug="hsct", kind=Kind.QUESTION)
    before = rows()
    questions_on_hsct.ask(apps, connection.schema_editor())
    assert rows() == before
    shipped = asked.count()
    asked.exclude(pk=asked.first().pk).delete()
    questions_on_hsct.ask(apps, connection.schema_editor())
    assert asked.count() == 1
    asked.delete()
    questions_on_hsct.ask(apps, connection.schema_editor())
    assert asked.count() == shipped == 5
    assert all(grade(text) <= 7 for text in asked.values_list("text", flat=True))


def test_running_it_again_brings_back_what_is_wholly_absent():
    before = Statement.objects.filter(therapy__slug="svf").count()
    Therapy.objects.get(slug="svf").delete()
    run_migration()
    assert Statement.objects.filter(therapy__slug="svf").count() == before
