"""Which registrations are proposed as one family, and why; which are kept apart."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records import needs_records, read_records
from trials.families import MOST_IN_BLOCK, Programme, propose
from trials.registry.parse import parse
from trials.registry.records import Intervention, SecondaryId, Sponsor, Study

LONG = "A Study of Allogeneic Umbilical Cord Cells and Exercise Therapy in Patients With Relapsing Multiple Sclerosis"


def study(number: int, title: str = "", **fields) -> Study:
    return Study(nct_id=f"NCT{number:08}", brief_title=title or f"Title number {number}", **fields)


def found(*studies: Study, **options) -> list[tuple[tuple[str, ...], list[str]]]:
    """(members, reasons) of each proposal."""
    return [
        (tuple(each.removeprefix("NCT0000000") for each in item.nct_ids), [link.reason for link in item.links])
        for item in propose(studies, **options)
    ]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"acronym": "MESEMS"}, {"acronym": "Mesems"}, "same acronym"),
        ({"acronym": "BEAT-MS"}, {"acronym": "BEAT MS"}, "same acronym"),
        ({"secondary_ids": (SecondaryId("2011-001295-19", "EUDRACT_NUMBER"),)}, {"org_study_id": "EudraCT 2011-001295-19"}, "shared id"),
        ({"secondary_ids": (SecondaryId("NCT00000002"),)}, {}, "shared id"),
        ({"nct_id_aliases": ("NCT00000002",)}, {}, "shared id"),
        ({"org_study_id": "HSC-MS-2011/7"}, {"secondary_ids": (SecondaryId("HSC MS 2011-7"),)}, "shared id"),
        ({"title": LONG}, {"title": LONG.upper()}, "same title"),
        ({"title": LONG}, {"title": LONG.replace("Multiple Sclerosis", "MS").replace("Cells", "Cell")}, "same title"),
        (
            {"title": "Mesenchymal Stem Cells in Multiple Sclerosis", "lead_sponsor": Sponsor("One Clinic")},
            {"title": "Mesenchymal stem cells for MS", "lead_sponsor": Sponsor("One Clinic")},
            "same title",
        ),
        (
            {"org_study_id": "MSC-MS-001-IL", "title": "Marrow cells in progressive sclerosis"},
            {"org_study_id": "MSC-MS-001-DE", "title": "Repeated marrow cells in severe progressive sclerosis, Germany"},
            "like protocol number",
        ),
    ],
)
def test_one_family(one, other, reason):
    assert found(study(1, **one), study(2, **other)) == [(("1", "2"), [reason])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"acronym": ""}, {"acronym": ""}),
        ({"acronym": "MSC"}, {"acronym": "MSC"}),
        ({"acronym": "CELLS", "phases": ("PHASE1",)}, {"acronym": "CELLS", "phases": ("PHASE2",)}),
        ({"acronym": "CELLS I"}, {"acronym": "CELLS II"}),
        ({"acronym": f"CELLS{'-' * 50_000}1"}, {"acronym": "CELLS-2"}),
        ({"title": LONG}, {"title": LONG + ": Long-term Follow-up"}),
        ({"title": LONG + ", Phase I"}, {"title": LONG + ", Phase II"}),
        ({"title": LONG, "phases": ("PHASE1",)}, {"title": LONG, "phases": ("PHASE2",)}),
        ({"title": "Mesenchymal Stem Cells in Multiple Sclerosis"}, {"title": "Mesenchymal stem cells for MS"}),
        ({"secondary_ids": (SecondaryId("U01AI138010", "NIH"),)}, {"secondary_ids": (SecondaryId("U01AI138010", "NIH"),)}),
        ({"title": LONG, "interventions": (Intervention("Cells A1"),)}, {"title": LONG, "interventions": (Intervention("Rituximab"),)}),
        ({"org_study_id": "12345678"}, {"org_study_id": "12345678"}),
    ],
)
def test_kept_apart(one, other):
    assert found(study(1, **one), study(2, **other)) == []


def test_a_shared_id_outweighs_another_phase():
    eudract = (SecondaryId("2011-001295-19", "EUDRACT_NUMBER"),)
    assert found(study(1, secondary_ids=eudract, phases=("PHASE1",)), study(2, secondary_ids=eudract, phases=("PHASE2",))) == [
        (("1", "2"), ["shared id"])
    ]


def test_what_a_publication_reports_as_one():
    programme = Programme("CELLS", ("NCT00000001", "NCT00000003", "NCT00000009"), "A journal, 2021")
    assert found(study(1), study(2), study(3), published=[programme]) == [(("1", "3"), ["published together"])]


def test_mesems():
    ids = ("NCT01606215", "NCT02239393", "NCT02403947")
    (family,) = propose(Study(nct_id=nct_id, brief_title=nct_id) for nct_id in ids)
    assert family.nct_ids == ids
    assert {link.reason for link in family.links} == {"published together"}
    assert all("Lancet Neurol" in quote for link in family.links for quote in link.quotes)


def test_links_chain_and_say_what_they_saw():
    one, two, three = study(1, acronym="MESEMS"), study(2, LONG, acronym="MESEMS"), study(3, LONG)
    (family,) = propose([three, one, two])
    assert (family.name, family.nct_ids) == ("MESEMS", (one.nct_id, two.nct_id, three.nct_id))
    assert [(link.nct_ids, link.quotes) for link in family.links] == [
        ((one.nct_id, two.nct_id), ("MESEMS", "MESEMS")),
        ((two.nct_id, three.nct_id), (LONG, LONG)),
    ]


def test_a_key_that_everybody_shares_says_nothing():
    assert propose(study(number, acronym="CELLS") for number in range(1, MOST_IN_BLOCK + 2)) == ()


@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(["CELLS", "MESEMS", ""]), min_size=2, max_size=8))
def test_order_does_not_matter(shuffle: random.Random, acronyms):
    studies = [study(number, acronym=acronym) for number, acronym in enumerate(acronyms, 1)]
    before = propose(studies)
    shuffle.shuffle(studies)
    assert propose(studies) == before


@needs_records
def test_real_families():
    studies = {study.nct_id: study for study in map(parse, read_records("registry/ms_2025.jsonl.gz"))}
    family_of = {nct_id: item.nct_ids for item in propose(studies.values()) for nct_id in item.nct_ids}
    assert family_of["NCT02418325"] == ("NCT02418325", "NCT02587715")  # one protocol, two clinics
    assert "NCT00781872" not in family_of  # an earlier trial of the sponsor of the next two
    assert family_of.get("NCT02166021") is None  # a randomised trial, and the repeated injections after it
    assert family_of.get("NCT04823000") is None
