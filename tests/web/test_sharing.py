"""What a page tells other programs: one address, a preview, a trial in schema.org's words; a sitemap and robots that agree with it."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest

from tests.builders import make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial():
    return make_trial(
        1, brief_title="Cells </script><script>alert(1)</script> & <!-- more", acronym="BEST", status="RECRUITING", masking="DOUBLE",
        allocation="RANDOMIZED", countries=["Norway"], contacts=[{"name": "A. Person", "email": "person@example.org"}],
    )  # fmt: skip


def head(client, path):
    page = client.get(path).content.decode()
    return page.partition("</head>")[0]


def meta(text, name):
    return unescape(re.search(rf'<meta property="og:{name}" content="([^"]*)"', text)[1])


def study(text):
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return json.loads(script)


@pytest.mark.usefixtures("trial")
def test_a_trial_is_described_as_schema_org_has_it_and_cannot_break_out(client):
    text = head(client, "/trials/NCT00000001/")

    assert study(text) == {
        "@context": "https://schema.org",
        "@type": "MedicalTrial",
        "name": "Cells </script><script>alert(1)</script> & <!-- more",
        "alternateName": "BEST",
        "identifier": "NCT00000001",
        "url": "http://testserver/trials/NCT00000001/",
        "sameAs": "https://clinicaltrials.gov/study/NCT00000001",
        "status": "https://schema.org/Recruiting",
        "sponsor": {"@type": "Organization", "name": "University Hospital"},
        "healthCondition": [{"@type": "MedicalCondition", "name": "Multiple Sclerosis"}],
        "studyLocation": [{"@type": "AdministrativeArea", "name": "Norway"}],
        "phase": "Phase 2",
        "trialDesign": ["https://schema.org/DoubleBlindedTrial", "https://schema.org/RandomizedTrial"],
    }
    assert "alert(1)</script>" not in text
    assert "<!-- more" not in text
    assert meta(text, "title") == "Cells </script><script>alert(1)</script> & <!-- more"
    assert meta(text, "type") == "article"
    assert "Person" not in text


def test_what_the_record_leaves_out_is_left_out(client):
    make_trial(2, study_type="OBSERVATIONAL", status="UNKNOWN", phases="", sponsor_name="", conditions=[])
    assert study(head(client, "/trials/NCT00000002/")) == {
        "@context": "https://schema.org",
        "@type": "MedicalObservationalStudy",
        "name": "Autologous Stem Cells for Multiple Sclerosis",
        "identifier": "NCT00000002",
        "url": "http://testserver/trials/NCT00000002/",
        "sameAs": "https://clinicaltrials.gov/study/NCT00000002",
    }


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("/trials/?utm_source=x&approach=MSC&sort=title", "/trials/?approach=msc&sort=title"),
        ("/trials/?page=1", "/trials/"),
        ("/trials/?page=x&approach=hsct", "/trials/?approach=hsct"),
        ("/changes/?approach=hsct&page=2", "/changes/?approach=hsct&page=2"),
        ("/trials/NCT00000001/?fbclid=1", "/trials/NCT00000001/"),
        ("/therapies/ahsct/", "/therapies/ahsct/"),
        ("/data/", "/data/"),
    ],
)
@pytest.mark.usefixtures("trial")
def test_each_page_has_one_address(client, path, canonical):
    text = head(client, path)
    assert [unescape(link) for link in re.findall(r'<link rel="canonical" href="([^"]*)">', text)] == [f"http://testserver{canonical}"]
    assert meta(text, "url") == f"http://testserver{canonical}"
    assert meta(text, "title")
    assert re.search(r'<meta name="description" content="[^"]{40,}"', text)


def test_a_list_is_previewed_by_its_sentence(client):
    assert meta(head(client, "/trials/?approach=hsct&status=RECRUITING"), "title") == "HSCT trials, recruiting"


@pytest.mark.usefixtures("trial")
def test_the_sitemap_names_every_page_that_is_listed_and_each_answers(client):
    make_trial(3, is_listed=False)
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    addresses = [place.text for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]

    assert "http://testserver/trials/NCT00000001/" in addresses
    assert not any("NCT00000003" in address for address in addresses)
    assert len(addresses) == len(set(addresses)) > 35
    for address in addresses:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_robots_names_the_sitemap_and_keeps_out_of_links_in_mails(client):
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /alerts/leave/" in text
