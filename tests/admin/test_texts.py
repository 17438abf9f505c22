"""Texts of therapies: drafts, proposed wordings, publishing, review, and whether sources answer."""

import http.server
import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from tests.admin.conftest import publish
from tests.therapies.test_admin import form_values
from therapies.links import PAUSE, check_all
from therapies.models import Approach, Kind, Source, Statement, Therapy
from therapies.tasks import check_links

pytestmark = pytest.mark.django_db


def change(row):
    return reverse(f"admin:therapies_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def therapy():
    return Therapy.objects.get(slug="ahsct-beam")


def public_texts(therapy):
    return [statement.text for statement in Therapy.objects.for_detail().get(pk=therapy.pk).statements.all()]


def test_all_that_is_shipped_is_published(db):
    assert Therapy.objects.published().count() == Therapy.objects.count() > 20
    assert not Statement.objects.awaiting().exists()


def test_what_a_curator_types_reaches_nobody_before_an_editor_publishes_it(as_curator, as_editor, therapy):
    before = public_texts(therapy)
    values = form_values(as_curator.get(change(therapy)))
    values |= {"statements-0-text": "Slipped in.", "statements-0-proposed_text": "Better words.", "name": "Another name"}
    count = int(values["statements-TOTAL_FORMS"])
    new = {"kind": Kind.QUESTION, "text": "A new question?", "proposed_text": "", "source": Source.objects.first().pk, "position": 900}
    values |= {f"statements-{count}-{name}": value for name, value in new.items()}
    values |= {"statements-TOTAL_FORMS": count + 1, f"statements-{count}-is_published": "on", f"statements-{count}-therapy": therapy.pk}
    assert as_curator.post(change(therapy), values).status_code == 302

    assert public_texts(therapy) == before
    therapy.refresh_from_db()
    assert therapy.name != "Another name"
    preview = as_curator.get(reverse("admin:therapies_therapy_preview", args=[therapy.pk]))
    assert "<ins>Better words.</ins>" in preview.text
    assert "<ins>A new question?</ins>" in preview.text
    assert "Publish</button>" not in preview.text

    assert "Publish</button>" in as_editor.get(reverse("admin:therapies_therapy_preview", args=[therapy.pk])).text
    publish(as_editor, therapy)
    assert public_texts(therapy) == ["Better words.", *before[1:], "A new question?"]
    assert "with 2 texts that waited" in LogEntry.objects.latest("pk").change_message


def test_a_curator_edits_a_statement_by_itself_only_as_a_proposal(as_curator, therapy):
    statement = therapy.statements.first()
    before = statement.text
    values = form_values_of_one(as_curator.get(change(statement))) | {"text": "Slipped in.", "proposed_text": "Proposed."}

    assert as_curator.post(change(statement), values).status_code == 302

    statement.refresh_from_db()
    assert (statement.text, statement.proposed_text, statement.is_published) == (before, "Proposed.", True)
    assert as_curator.post(reverse("admin:therapies_statement_delete", args=[statement.pk]), {"post": "yes"}).status_code == 403


def form_values_of_one(page):
    form = page.context["adminform"].form
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def test_a_source_that_published_texts_rest_on_is_changed_by_an_editor_alone(as_curator, as_editor):
    source = Source.objects.exclude(statements=None).first()
    values = {"label": "Another paper", "url": "https://example.org/other", "published": ""}
    for client, expected in ((as_curator, source.label), (as_editor, "Another paper")):
        page = client.get(change(source))
        inline = page.context["inline_admin_formsets"][0].formset.management_form
        client.post(change(source), values | {inline[name].html_name: inline[name].value() for name in inline.fields})
        source.refresh_from_db()
        assert source.label == expected


# --- two at once ----------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def as_opened(therapy):
    """What a browser holds of a therapy's page once it has been opened, hidden first values and all."""

    def call(client):
        page = client.get(change(therapy))
        values = form_values(page)
        forms = [page.context["adminform"].form, *page.context["inline_admin_formsets"][0].formset.forms]
        shown = [form[name] for form in forms for name, field in form.fields.items() if field.show_hidden_initial]
        return values | {field.html_initial_name: "" if field.initial is None else field.initial for field in shown}

    return call


def test_of_two_who_edit_one_text_the_second_is_told_and_nothing_is_lost(as_editor, as_administrator, therapy, as_opened):
    first, second = as_opened(as_editor), as_opened(as_administrator)
    assert as_editor.post(change(therapy), first | {"statements-0-text": "Hers."}).status_code == 302

    told = as_administrator.post(change(therapy), second | {"statements-0-text": "His."})

    assert told.status_code == 200
    assert "it now reads “Hers.”" in told.text
    assert therapy.statements.first().text == "Hers."
    again = form_values(told) | {"statements-0-text": "His."}
    inline = told.context["inline_admin_formsets"][0].formset.forms[0]["text"]
    assert (inline.value(), inline.as_hidden(only_initial=True).split('value="')[1].split('"')[0]) == ("His.", "Hers.")
    again |= second | {"statements-0-text": "His.", inline.html_initial_name: "Hers."}
    assert as_administrator.post(change(therapy), again).status_code == 302
    assert therapy.statements.first().text == "His."


def test_what_somebody_else_changed_meanwhile_stays_where_one_left_it_alone(as_editor, as_administrator, therapy, as_opened):
    first, second = as_opened(as_editor), as_opened(as_administrator)
    hers = {"name": "Her name", "statements-0-text": "Her\r\ntext.", "statements-1-position": 77, "donor": "syngeneic"}
    assert as_editor.post(change(therapy), first | hers).status_code == 302

    assert as_administrator.post(change(therapy), second | {"statements-1-text": "His text.", "route": "by mouth"}).status_code == 302

    therapy.refresh_from_db()
    texts = {text.pk: (text.text, text.position) for text in therapy.statements.all()}
    assert (therapy.name, therapy.donor, therapy.route) == ("Her name", "syngeneic", "by mouth")
    assert texts[int(first["statements-0-id"])][0] == "Her\r\ntext."
    assert texts[int(first["statements-1-id"])] == ("His text.", 77)


def test_a_text_of_several_lines_is_no_change_by_how_a_browser_sends_it(as_editor, therapy, as_opened):
    Therapy.objects.filter(pk=therapy.pk).update(other_names="One\nTwo")
    values = as_opened(as_editor)
    values |= {"other_names": "One\r\nTwo\r\nThree", "initial-other_names": "One\r\nTwo"}

    assert as_editor.post(change(therapy), values).status_code == 302


def test_an_editor_publishes_only_what_they_have_read(as_curator, as_editor, therapy, as_opened):
    read = as_editor.get(reverse("admin:therapies_therapy_preview", args=[therapy.pk])).context["read"]
    before = public_texts(therapy)
    as_curator.post(change(therapy), as_opened(as_curator) | {"statements-0-proposed_text": "Typed meanwhile."})

    answer = as_editor.post(reverse("admin:therapies_therapy_publish", args=[therapy.pk]), {"read": read}, follow=True)

    assert "Nothing was published" in answer.text
    assert "<ins>Typed meanwhile.</ins>" in answer.text
    assert public_texts(therapy) == before
    assert "is published" in publish(as_editor, therapy).text
    assert public_texts(therapy) == ["Typed meanwhile.", *before[1:]]


def test_a_draft_is_not_shown_to_the_public(as_curator, as_editor):
    values = {"name": "New cells", "slug": "new-cells", "approach": Approach.objects.get(slug="msc").pk, "reviewed_on": "2026-01-01",
              "position": 5, "statements-TOTAL_FORMS": 0, "statements-INITIAL_FORMS": 0, "is_published": "on"}  # fmt: skip
    assert as_curator.post(reverse("admin:therapies_therapy_add"), values).status_code == 302

    draft = Therapy.objects.get(slug="new-cells")
    assert not draft.is_published
    assert draft.reviewed_by.username == "ada"
    assert draft not in Therapy.objects.published()
    publish(as_editor, draft)
    assert draft in Therapy.objects.published()


def test_a_review_is_signed_and_goes_stale_in_sight(as_curator, therapy):
    Therapy.objects.filter(pk=therapy.pk).update(reviewed_on="2020-01-01")
    assert "last 1 January 2020" in as_curator.get(reverse("admin:index")).text

    as_curator.post(reverse("admin:therapies_therapy_changelist"), {"action": "mark_reviewed", "_selected_action": [therapy.pk]})

    therapy.refresh_from_db()
    assert (therapy.reviewed_by.username, therapy.reviewed_on) == ("ada", timezone.localdate())
    assert "last 1 January 2020" not in as_curator.get(reverse("admin:index")).text


# --- links --------------------------------------------------------------------------------------------------------------------------
class Documents(http.server.BaseHTTPRequestHandler):
    """`/200`, `/404` ... answer so to everything; `/shy` refuses HEAD; `/moved` and `/circle` redirect; `/cut` hangs up."""

    seen = []

    def do_GET(self):
        self.seen.append((self.command, self.path))
        if self.path == "/cut":
            self.connection.close()
            return
        if self.path in {"/moved", "/circle"}:
            self.send_response(301)
            self.send_header("Location", "/200" if self.path == "/moved" else "/circle")
        elif self.path == "/shy":
            self.send_response(405 if self.command == "HEAD" else 200)
        else:
            self.send_response(int(self.path[1:4]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *arguments):
        pass


@pytest.fixture
def documents():
    Documents.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Documents)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("path", "state", "note"),
    [
        ("/200", "answers", "200 OK"),
        ("/shy", "answers", "200 OK"),
        ("/moved", "answers", "now at"),
        ("/403", "guarded", "403 Forbidden"),
        ("/429", "guarded", "429"),
        ("/404", "broken", "gone"),
        ("/410", "broken", "gone"),
        ("/500", "broken", "500"),
        ("/circle", "broken", "redirects in a circle"),
        ("/cut", "broken", "No connection"),
    ],
)
def test_a_link_is_told_by_what_its_server_answers(documents, path, state, note):
    [(url, answer)] = check_all([documents + path], "TrialTracker tests", wait=lambda seconds: None)

    assert (url, answer.state) == (documents + path, state)
    assert note in answer.note


def test_a_host_is_not_harried_and_no_body_is_fetched_where_the_head_says_all(documents):
    waits = []
    list(check_all([f"{documents}/200?{number}" for number in range(3)], "TrialTracker tests", wait=waits.append))

    assert waits == [PAUSE, PAUSE]
    assert [command for command, _ in Documents.seen] == ["HEAD"] * 3


def test_the_check_notes_each_source_and_the_admin_shows_what_broke(as_curator, documents):
    good = Source.objects.create(label="Good", url=f"{documents}/200")
    bad = Source.objects.create(label="Bad", url=f"{documents}/404")

    assert check_links.apply([[good.pk, bad.pk]]).get() == {"answers": 1, "broken": 1}

    bad.refresh_from_db()
    assert (bad.link_state, bad.link_checked_at.date()) == ("broken", timezone.now().date())
    assert "1 source did not answer" in as_curator.get(reverse("admin:index")).text
    listed = as_curator.get(reverse("admin:therapies_source_changelist", query={"state": "broken"}))
    assert [source.label for source in listed.context["cl"].result_list] == ["Bad"]
