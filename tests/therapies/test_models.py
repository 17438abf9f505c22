"""What the database itself refuses, and what the rows say of themselves."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from therapies.models import Approach, Donor, Kind, Page, Source, Statement, Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture
def hsct():
    return Approach.objects.get(slug="hsct")


@pytest.fixture
def therapy():
    return Therapy.objects.get(slug="ahsct-beam")


@pytest.fixture
def source():
    return Source.objects.create(label="A record", url="https://example.org/record")


def refused(model, constraint, **values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**values)


def test_a_statement_is_about_exactly_one_thing(hsct, therapy, source):
    rest = {"kind": Kind.PLAIN, "text": "Text.", "source": source}
    refused(Statement, "statement_is_about_one_thing", **rest)
    refused(Statement, "statement_is_about_one_thing", approach=hsct, therapy=therapy, **rest)
    refused(Statement, "statement_is_about_one_thing", approach=hsct, page=Page.CLINICS, **rest)
    refused(Statement, "statement_is_about_one_thing", therapy=therapy, page=Page.CLINICS, **rest)
    for subject in ({"approach": hsct}, {"therapy": therapy}, {"page": Page.CLINICS}):
        Statement.objects.create(**subject, **rest)


def test_a_statement_cannot_be_stored_without_a_source(hsct):
    refused(Statement, "source_id", approach=hsct, kind=Kind.PLAIN, text="Text.")


def test_a_statement_has_a_known_kind_a_known_page_and_a_text(hsct, source):
    refused(Statement, "statement_kind_is_known", approach=hsct, kind="rumour", text="Text.", source=source)
    refused(Statement, "statement_page_is_known", page="blog", kind=Kind.PLAIN, text="Text.", source=source)
    refused(Statement, "statement_has_a_text", approach=hsct, kind=Kind.PLAIN, text="", source=source)


def test_a_source_in_use_cannot_be_deleted(hsct, source):
    statement = Statement.objects.create(approach=hsct, kind=Kind.PLAIN, text="Text.", source=source)
    with pytest.raises(ProtectedError):
        source.delete()
    statement.delete()
    source.delete()


@pytest.mark.parametrize("url", ["ftp://example.org/", "javascript:alert(1)", "example.org", ""])
def test_a_source_is_reached_over_http(url):
    refused(Source, "source_url_is_http", label="A record", url=url)
    with pytest.raises(ValidationError):
        Source(label="A record", url=url).full_clean()


def test_a_source_has_one_row_per_address_and_a_label(source):
    refused(Source, "url", label="The same", url=source.url)
    refused(Source, "source_has_a_label", label="", url="https://example.org/other")


@pytest.mark.parametrize("published", ["2020", "2020-07", "2020-07-22", ""])
def test_a_source_is_dated_as_exactly_as_is_known(published):
    Source(label="A record", url="https://example.org/x", published=published).full_clean()


@pytest.mark.parametrize("published", ["20", "2020-13", "2020-07-40", "July 2020"])
def test_a_date_in_another_notation_is_refused(published):
    with pytest.raises(ValidationError, match="YYYY"):
        Source(label="A record", url="https://example.org/x", published=published).full_clean()


def test_there_is_no_fifth_approach():
    refused(Approach, "approach_slug_is_known", slug="exo", name="Exosomes", short_name="EXO", reviewed_on="2026-11-23")


def test_a_therapy_has_a_slug_of_its_own_and_a_known_donor(hsct, therapy):
    rest = {"approach": hsct, "reviewed_on": "2026-11-23"}
    refused(Therapy, "slug", slug=therapy.slug, name="Another", **rest)
    refused(Therapy, "therapy_donor_is_known", slug="new", name="New", donor="a friend", **rest)
    assert Therapy.objects.create(slug="new", name="New", **rest).get_donor_display() == "Not stated"
    assert Therapy.objects.create(slug="new2", name="New 2", donor=Donor.SYNGENEIC, **rest).donor == "syngeneic"


def test_an_approach_with_therapies_cannot_be_deleted(hsct):
    with pytest.raises(ProtectedError):
        hsct.delete()


def test_rows_name_themselves(hsct, therapy, source):
    assert str(hsct) == "Haematopoietic stem cell transplantation"
    assert str(therapy) == "Autologous HSCT with BEAM"
    assert str(source) == "A record"
    statement = Statement(therapy=therapy, kind=Kind.RISK, text="Text.", source=source)
    assert str(statement) == "Autologous HSCT with BEAM: the hard part"
    assert str(Statement(page=Page.CLINICS, kind=Kind.QUESTION)) == "Clinics that sell stem cells: what to ask"


def test_addresses(hsct, therapy):
    assert hsct.get_absolute_url() == "/therapies/approach/hsct/"
    assert therapy.get_absolute_url() == "/therapies/ahsct-beam/"


def test_other_names_are_one_a_line():
    assert Therapy(other_names="BM-MSC\n\n  NG01 \n").other_names_list == ["BM-MSC", "NG01"]
    assert Therapy().other_names_list == []


def test_statements_that_explain_are_told_from_those_that_report():
    assert {kind for kind in Kind if Statement(kind=kind).reports_findings} == {Kind.EVIDENCE, Kind.RISK}


def test_statements_come_by_kind_in_the_order_of_the_page(hsct):
    kinds = list(Approach.objects.with_statements().get(pk=hsct.pk).by_kind)
    assert kinds == ["plain", "exact", "aim", "correction", "evidence", "risk", "question"]


def test_a_review_is_due_after_a_year(therapy):
    therapy.reviewed_on = dt.date(2026, 11, 23)
    assert not therapy.is_due_for_review(dt.date(2027, 11, 23))
    assert therapy.is_due_for_review(dt.date(2027, 11, 24))
    therapy.save()
    assert therapy not in Therapy.objects.due_for_review(dt.date(2027, 11, 23))
    assert therapy in Therapy.objects.due_for_review(dt.date(2027, 11, 24))


def test_details_take_two_queries_for_one_therapy_and_for_all(django_assert_num_queries):
    for therapies in (Therapy.objects.filter(slug="oec"), Therapy.objects.all()):
        with django_assert_num_queries(2):
            for therapy in therapies.for_detail():
                assert therapy.approach.short_name
                assert all(statement.source.url for group in therapy.by_kind.values() for statement in group)
