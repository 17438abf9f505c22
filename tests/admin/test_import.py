"""Judgements from a table: looked at first, then taken in, each with its ground like any other."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from trials.models import Curation, Trial

pytestmark = pytest.mark.django_db

ADDRESS = reverse("admin:trials_curation_import")
HEAD = "nct_id,field,approach,role,therapy,reason,source_url\n"


def preview(client, lines):
    return client.post(ADDRESS, {"format": "0", "import_file": SimpleUploadedFile("judgements.csv", (HEAD + lines).encode(), "text/csv")})


def take(client, lines):
    page = preview(client, lines)
    form = page.context["confirm_form"]
    return client.post(reverse("admin:trials_curation_process_import"), {name: form[name].value() for name in form.fields}, follow=True)


def test_a_preview_shows_and_writes_nothing(as_curator, queued):
    page = preview(
        as_curator, "nct00000001,approach,msc,treatment,,Read the protocol.,https://example.org/p\nNCT00000002,hide,,,,A duplicate.,\n"
    )

    assert page.status_code == 200
    assert "Read the protocol." in page.text
    assert not page.context["result"].has_errors()
    assert not page.context["result"].has_validation_errors()
    assert not Curation.objects.exists()
    assert not Trial.objects.get(pk=1).is_listed


def test_what_was_looked_at_is_taken_in_signed_and_shown(as_curator, curator, queued):
    take(as_curator, "NCT00000001,approach,msc,treatment,,Read the protocol.,https://example.org/p\nNCT00000006,hide,,,,A duplicate.,\n")

    rows = {row.record_id: row for row in Curation.objects.select_related("approach")}
    assert (rows[1].field, rows[1].approach.slug, rows[1].role, rows[1].source_url) == (
        "approach",
        "msc",
        "treatment",
        "https://example.org/p",
    )
    assert {row.judged_by for row in rows.values()} == {curator}
    assert rows[1].basis["brief_title"] == ["Cells in Multiple Sclerosis"]
    assert rows[1].findings
    assert list(Trial.objects.filter(pk__in=[1, 6]).order_by("pk").values_list("is_listed", flat=True)) == [True, False]


def test_the_same_table_again_changes_nothing(as_curator, queued):
    lines = "NCT00000001,therapy,,,uc-msc,Read.,\n"
    take(as_curator, lines)
    take(as_curator, lines)

    assert Curation.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("NCT99999999,hide,,,,Why.,", "We know no record “NCT99999999”"),
        (",hide,,,,Why.,", "names no study"),
        ("NCT00000001,approach,msc,,,Why.,", "needs it"),
        ("NCT00000001,approach,homeopathy,treatment,,Why.,", "We know no approach “homeopathy”"),
        ("NCT00000001,approach,msc,wizard,,Why.,", "not “wizard”"),
        ("NCT00000001,therapy,,,,Why.,", "needs it"),
        ("NCT00000001,shout,,,,Why.,", "not “shout”"),
        ("NCT00000001,hide,,,, ,", "A judgement needs a reason"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_with_its_reason_and_nothing_is_offered(as_curator, queued, line, words):
    page = preview(as_curator, f"{line}\nNCT00000002,hide,,,,A duplicate.,\n")

    assert words in page.text
    assert "confirm_form" not in page.context
    assert not Curation.objects.exists()


def test_who_may_not_judge_may_not_import(as_curator, curator):
    group = curator.groups.get()
    group.permissions.remove(group.permissions.get(codename="add_curation"))

    assert as_curator.get(ADDRESS).status_code == 403


def test_a_table_that_is_too_long_is_refused_unread_with_the_number_that_may_be(as_curator, queued):
    page = preview(as_curator, "NCT00000001,hide,,,,A duplicate.,\n" * 2_001)
    assert page.status_code == 200
    assert "The table has 2,001 lines; at most 2,000 at once: divide it." in page.text
    assert page.context["result"].total_rows == 0
    assert "confirm_form" not in page.context
    assert not Curation.objects.exists()


@pytest.mark.parametrize("address", [ADDRESS, "/for-me/", "/alerts/", "/near-me/", "/admin/login/"])
def test_a_file_that_is_too_large_is_refused_before_it_is_read(as_curator, address):
    file = SimpleUploadedFile("judgements.csv", b"x" * (settings.UPLOAD_MAX_BYTES + 1), "text/csv")
    assert as_curator.post(address, {"format": "0", "import_file": file}).status_code == 400


@pytest.mark.parametrize("address", ["/for-me/", "/alerts/", "/admin/login/"])
def test_a_form_that_is_too_large_is_refused(client, address):
    assert client.post(address, {"note": "x" * 3_000_000}, content_type="application/x-www-form-urlencoded").status_code in {400, 413}
    assert client.post(address, {f"field{n}": "" for n in range(1_100)}).status_code == 400


@pytest.mark.parametrize(
    ("reason", "link", "words"),
    [
        ("Read.", "javascript:alert(1)", "Enter a valid URL"),
        ("Read.", f"https://example.org/{'a' * 200}", "at most 200 characters"),
        ("x" * 2001, "", "at most 2000 characters"),
        ("a\x00b", "", "Null characters are not allowed"),
    ],
)
def test_a_reason_and_its_link_are_held_to_what_the_forms_hold_them_to(as_curator, queued, reason, link, words):
    page = preview(as_curator, f"NCT00000001,hide,,,,{reason},{link}\n")

    assert page.context["result"].has_validation_errors()
    assert words in page.text
    assert "confirm_form" not in page.context


def test_a_link_without_its_scheme_is_taken_as_the_forms_take_it(as_curator, queued):
    take(as_curator, "NCT00000001,hide,,,, Read. ,example.org/p\n")

    assert Curation.objects.values_list("reason", "source_url").get() == ("Read.", "https://example.org/p")


@pytest.mark.parametrize("line", ["nct_id;field;reason", "a,b,c", "nct_id,field"])
def test_a_table_without_the_columns_is_told_which_it_needs(as_curator, queued, line):
    table = f"{line}\nNCT00000001;hide;Read.\n".encode()
    page = as_curator.post(ADDRESS, {"format": "0", "import_file": SimpleUploadedFile("judgements.csv", table, "text/csv")})

    assert "Its first line must name the columns, parted by commas: nct_id, field, approach" in page.text
    assert "confirm_form" not in page.context


@pytest.mark.parametrize("table", [f"{HEAD}NCT00000001,hide,,,,Café,\n".encode("latin-1"), bytes(range(256))])
def test_a_file_that_is_no_table_in_utf_8_is_told_so_in_words(as_curator, queued, table):
    page = as_curator.post(ADDRESS, {"format": "0", "import_file": SimpleUploadedFile("judgements.csv", table, "text/csv")})

    assert "save it as CSV, in UTF-8" in page.text
    assert "UnicodeDecodeError" not in page.text
