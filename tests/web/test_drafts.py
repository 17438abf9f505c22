"""A draft is seen by curators alone: no page, file, filter, feed or answer shows it."""

import pytest

from tests.builders import make_trial
from therapies.models import Statement, Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    Therapy.objects.filter(slug="uc-msc").update(is_published=False)
    return Therapy.objects.get(slug="uc-msc")


def test_a_draft_therapy_has_no_page_and_stands_in_no_list(client, draft):
    make_trial(therapies=["uc-msc"])

    assert client.get("/therapies/uc-msc/").status_code == 404
    assert client.get("/api/v1/therapies/uc-msc/").status_code == 404
    for address in ("/therapies/", "/therapies/approach/msc/", "/trials/", "/api/v1/therapies/", "/trials/export.json", "/sitemap.xml"):
        response = client.get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"uc-msc" not in content, address
        assert draft.name.encode() not in content, address


def test_a_draft_therapy_is_no_filter(client, draft):
    assert client.get("/trials/?therapy=uc-msc").status_code == 400


def test_a_draft_statement_is_not_read_by_the_public(client):
    statement = Statement.objects.filter(page="clinics").first()
    Statement.objects.filter(pk=statement.pk).update(is_published=False)

    assert statement.text[:40] not in client.get("/clinics/").content.decode()
