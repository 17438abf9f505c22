"""The admin's pages of the taxonomy, opened by a logged-in curator on the shipped content."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from therapies.models import Approach, Kind, Page, Source, Statement, Therapy

pytestmark = pytest.mark.django_db


def changelist(name, **query):
    return reverse(f"admin:therapies_{name}_changelist", query=query)


def change(row):
    return reverse(f"admin:therapies_{row._meta.model_name}_change", args=[row.pk])


def form_values(response):
    """What a browser would send for the page's form and its inlines, unchanged."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields = [form[name] for form in forms for name in form.fields]
    return {field.html_name: "" if field.value() is None else field.value() for field in fields}


@pytest.mark.parametrize("name", ["approach", "therapy", "source", "statement"])
def test_lists_open_and_are_searched(admin_client, name):
    assert admin_client.get(changelist(name)).status_code == 200
    assert admin_client.get(changelist(name, q="HSCT")).status_code == 200


def test_search_reaches_the_texts_and_counts_all_statements_of_a_hit(admin_client):
    response = admin_client.get(changelist("therapy", q="relative sleepers"))
    assert list(response.context["cl"].result_list) == []
    response = admin_client.get(changelist("therapy", q="Most people sleep"))
    [hit] = response.context["cl"].result_list
    assert hit.slug == "ahsct-cy-rituximab"
    assert hit.statement_count == hit.statements.count()


def test_lists_take_as_many_queries_for_all_rows_as_for_one(admin_client, django_assert_max_num_queries):
    for name in ("approach", "therapy", "source", "statement"):
        with django_assert_max_num_queries(14):
            admin_client.get(changelist(name))


def test_a_page_takes_as_many_queries_for_many_statements_as_for_few(admin_client, django_assert_num_queries):
    therapy = Therapy.objects.get(slug="oec")
    therapy.statements.exclude(pk=therapy.statements.first().pk).delete()
    admin_client.get(change(therapy))
    with CaptureQueriesContext(connection) as few:
        admin_client.get(change(therapy))
    for number, source in enumerate(Source.objects.all()[:20]):
        Statement.objects.create(therapy=therapy, kind=Kind.PLAIN, text=f"Text {number}.", source=source, position=number)

    with django_assert_num_queries(len(few)):
        page = admin_client.get(change(therapy))
    for source in Source.objects.all()[:20]:
        assert escape(source.label) in page.text


@pytest.mark.parametrize(("name", "field"), [("therapy", "reviewed_on"), ("source", "checked_on")])
def test_nobody_has_read_a_text_on_a_day_to_come(admin_client, name, field):
    row = Therapy.objects.get(slug="oec") if name == "therapy" else Source.objects.create(label="A draft's", url="https://example.org/d")
    values = form_values(admin_client.get(change(row)))
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    refused = admin_client.post(change(row), values | {field: tomorrow})

    assert "This day is still to come" in refused.text
    assert admin_client.post(change(row), values | {field: timezone.localdate()}).status_code == 302


def test_what_is_due_for_review_can_be_filtered_and_shows(admin_client):
    today = timezone.localdate()
    Therapy.objects.update(reviewed_on=today)
    Therapy.objects.filter(slug="oec").update(reviewed_on=today - dt.timedelta(days=366))
    due = admin_client.get(changelist("therapy", review="due"))
    assert [therapy.slug for therapy in due.context["cl"].result_list] == ["oec"]
    assert "<strong>due</strong>" in due.text
    fresh = admin_client.get(changelist("therapy", review="fresh"))
    assert "oec" not in [therapy.slug for therapy in fresh.context["cl"].result_list]
    assert "<strong>due</strong>" not in fresh.text


def test_marking_as_read_dates_the_rows_and_logs_it(admin_client):
    chosen = Therapy.objects.filter(slug__in=["oec", "muse"])
    Therapy.objects.update(reviewed_on="2020-01-01")
    admin_client.post(changelist("therapy"), {"action": "mark_reviewed", "_selected_action": [row.pk for row in chosen]})
    assert set(chosen.values_list("reviewed_on", flat=True)) == {timezone.localdate()}
    assert LogEntry.objects.filter(change_message="Marked as read against its sources.").count() == 2
    assert set(Therapy.objects.exclude(pk__in=chosen).values_list("reviewed_on", flat=True)) == {dt.date(2020, 1, 1)}


def test_a_therapy_is_edited_with_its_statements_on_one_page(admin_client):
    therapy = Therapy.objects.get(slug="ahsct-busulfan")
    values = form_values(admin_client.get(change(therapy)))
    assert "slug" not in values
    values["statements-0-text"] = "Edited."
    assert admin_client.post(change(therapy), values).status_code == 302
    assert therapy.statements.first().text == "Edited."
    values["statements-0-source"] = ""
    refused = admin_client.post(change(therapy), values)
    assert refused.status_code == 200
    assert "This field is required" in refused.text


def test_a_new_therapy_may_choose_its_slug(admin_client):
    assert "slug" in form_values(admin_client.get(reverse("admin:therapies_therapy_add")))


def test_the_four_approaches_can_be_edited_but_not_added_to_or_deleted(admin_client):
    approach = Approach.objects.get(slug="ipsc")
    assert admin_client.get(change(approach)).status_code == 200
    assert admin_client.get(reverse("admin:therapies_approach_add")).status_code == 403
    assert admin_client.post(reverse("admin:therapies_approach_delete", args=[approach.pk])).status_code == 403


def test_a_source_shows_what_rests_on_it(admin_client):
    source = Source.objects.get(url__contains="PMC6439765")
    page = admin_client.get(change(source))
    for statement in source.statements.all():
        assert str(statement.subject) in page.text
    listed = {row.pk: row.use_count for row in admin_client.get(changelist("source")).context["cl"].result_list}
    assert listed[source.pk] == source.statements.count() > 1


def test_a_new_source_with_a_strange_address_is_refused_in_words(admin_client):
    page = admin_client.post(reverse("admin:therapies_source_add"), {"label": "A", "url": "ftp://example.org/", "published": ""})
    assert page.status_code == 200
    assert "Enter a valid URL" in page.text


def test_a_statement_about_two_things_is_refused_in_words(admin_client):
    values = {
        "approach": Approach.objects.get(slug="msc").pk,
        "therapy": Therapy.objects.get(slug="oec").pk,
        "kind": Kind.PLAIN,
        "text": "Text.",
        "source": Source.objects.first().pk,
        "position": 10,
    }
    page = admin_client.post(reverse("admin:therapies_statement_add"), values)
    assert page.status_code == 200
    assert "about one approach, or one therapy, or one page" in page.text


@pytest.mark.parametrize(("about", "lookup"), [("approach", "approach"), ("therapy", "therapy"), ("page", "page")])
def test_statements_are_filtered_by_what_they_are_about(admin_client, about, lookup):
    rows = list(admin_client.get(changelist("statement", about=about)).context["cl"].queryset)
    assert rows
    assert all(getattr(row, lookup) for row in rows)


def test_a_page_of_its_own_is_edited_as_statements(admin_client):
    question = Statement.objects.filter(page=Page.CLINICS, kind=Kind.QUESTION).first()
    assert admin_client.get(change(question)).status_code == 200


@pytest.mark.parametrize("name", ["approach", "therapy", "source"])
def test_what_a_statement_is_about_and_rests_on_is_suggested_in_its_order_page_by_page(admin_client, name):
    model = {"approach": Approach, "therapy": Therapy, "source": Source}[name]
    query = {"app_label": "therapies", "model_name": "statement", "field_name": name, "term": ""}
    suggested, page, more = [], 1, True
    while more:
        answer = admin_client.get(reverse("admin:autocomplete", query=query | {"page": page})).json()
        suggested += [int(row["id"]) for row in answer["results"]]
        page, more = page + 1, answer["pagination"]["more"]

    assert suggested == list(model.objects.values_list("pk", flat=True))
