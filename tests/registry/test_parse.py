"""From a record to a Study: whole objects, every path of the field map, and whatever JSON may hold."""

import copy
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.records import needs_records, read_records
from tests.registry.contract import faults, leaf_paths, needs_contract
from tests.registry.full_study import RECORD, STUDY
from trials.registry import parse as parse_module
from trials.registry.parse import parse
from trials.registry.raw import BadRecord, content_hash, decode
from trials.registry.records import PartialDate, Site, Sponsor, Study, StudyDate

pytestmark = pytest.mark.storeless

FILES = {"registry/mixed_v2.jsonl.gz": 587, "registry/ms_2025.jsonl.gz": 2186, "registry/stem_cell_2022.jsonl.gz": 500}


def minimal(**modules) -> dict:
    return {"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}} | modules}


# --- whole objects ------------------------------------------------------------------------------------------------------------------


def test_a_full_record():
    assert parse(RECORD) == STUDY


def test_parsing_leaves_the_record_as_it_was():
    before = copy.deepcopy(RECORD)
    parse(RECORD)
    assert before == RECORD


def test_a_record_of_nothing_but_its_id():
    assert parse(minimal()) == Study(nct_id="NCT00000001", brief_title="")


def test_nulls_and_empty_containers_read_as_absent():
    assert parse(_emptied(RECORD) | minimal()) == Study(nct_id="NCT00000001", brief_title="")
    nulls = {key: None for key in RECORD["protocolSection"] if key != "identificationModule"}
    assert parse(minimal(**nulls)) == Study(nct_id="NCT00000001", brief_title="")


def _emptied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _emptied(below) for key, below in value.items()}
    return [None] if isinstance(value, list) else None


def test_the_older_form_of_the_responsible_party():
    party = {"oldNameTitle": "B. Person, Head", "oldOrganization": "Former Hospital"}
    assert parse(minimal(sponsorCollaboratorsModule={"responsibleParty": party})) == Study(
        nct_id="NCT00000001",
        brief_title="",
        responsible_party_name="B. Person, Head",
        responsible_party_affiliation="Former Hospital",
    )


def test_only_the_kinds_of_expanded_access_that_are_offered_are_named():
    types = {"individual": False, "intermediate": None, "treatment": True}
    study = parse(minimal(designModule={"expandedAccessTypes": types}))
    assert study == Study(nct_id="NCT00000001", brief_title="", expanded_access_types=("TREATMENT",))


def test_the_older_words_for_an_estimate():
    study = parse(
        minimal(
            statusModule={"startDateStruct": {"date": "2022-01", "type": "ANTICIPATED"}},
            designModule={"enrollmentInfo": {"count": 5, "type": "ANTICIPATED"}},
        )
    )
    assert study == Study(
        nct_id="NCT00000001",
        brief_title="",
        start=StudyDate(PartialDate(2022, 1), "ESTIMATED"),
        enrollment=5,
        enrollment_kind="ESTIMATED",
    )


def test_text_is_cleaned_wherever_it_stands():
    study = parse(
        minimal(descriptionModule={"briefSummary": " a\r\nb\x00 \ud800"}, conditionsModule={"conditions": ["x\x00", "x", " ", ""]})
    )
    assert (study.brief_summary, study.conditions) == ("a\nb", ("x",))


# --- what cannot be read ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "value", "reports", "changes"),
    [
        ("statusModule", {"overallStatus": "PAUSED"}, {("statusModule.overallStatus", "PAUSED")}, {"overall_status": "PAUSED"}),
        ("statusModule", {"overallStatus": "X" * 41}, {("statusModule.overallStatus", "X" * 41)}, {}),
        ("statusModule", {"overallStatus": 5}, {("statusModule.overallStatus", "5")}, {}),
        ("statusModule", {"whyStopped": {"a": 1}}, {("statusModule.whyStopped", "an object")}, {}),
        ("statusModule", {"whyStopped": "y" * 300}, set(), {"why_stopped": "y" * 300}),
        ("statusModule", {"statusVerifiedDate": "2023-02-30"}, {("statusModule.statusVerifiedDate", "2023-02-30")}, {}),
        ("statusModule", {"startDateStruct": {"date": "soon"}}, {("statusModule.startDateStruct.date", "soon")}, {}),
        (
            "statusModule",
            {"startDateStruct": {"date": "2020", "type": "GUESSED"}},
            {("statusModule.startDateStruct.type", "GUESSED")},
            {"start": StudyDate(PartialDate(2020), "GUESSED")},
        ),
        ("statusModule", {"expandedAccessInfo": {"nctId": "none"}}, {("statusModule.expandedAccessInfo.nctId", "none")}, {}),
        ("identificationModule", {"nctId": "NCT00000001", "nctIdAliases": ["NCT2", "?"]},
         {("identificationModule.nctIdAliases[]", "?")}, {"nct_id_aliases": ("NCT00000002",)}),
        ("designModule", {"phases": ["PHASE2", "PHASE9", 3]},
         {("designModule.phases[]", "PHASE9"), ("designModule.phases[]", "3")}, {"phases": ("PHASE2", "PHASE9")}),
        ("designModule", {"enrollmentInfo": {"count": "40"}}, {("designModule.enrollmentInfo.count", "40")}, {}),
        ("designModule", {"enrollmentInfo": {"count": -1}}, {("designModule.enrollmentInfo.count", "-1")}, {}),
        ("designModule", {"enrollmentInfo": {"count": True}}, {("designModule.enrollmentInfo.count", "true")}, {}),
        ("designModule", {"enrollmentInfo": {"count": 2**31}}, {("designModule.enrollmentInfo.count", str(2**31))}, {}),
        ("designModule", {"patientRegistry": "yes"}, {("designModule.patientRegistry", "yes")}, {}),
        ("eligibilityModule", {"minimumAge": "grown up"}, {("eligibilityModule.minimumAge", "grown up")}, {"minimum_age": "grown up"}),
        ("contactsLocationsModule", {"locations": [{"city": "A", "geoPoint": {"lat": 95, "lon": 1.5}}]},
         {("contactsLocationsModule.locations[].geoPoint.lat", "95")}, {"sites": (Site(city="A"),)}),
        ("contactsLocationsModule", {"locations": [{"city": "A", "geoPoint": {"lat": 95}}, {"city": "B", "geoPoint": {"lat": 95}}]},
         {("contactsLocationsModule.locations[].geoPoint.lat", "95")}, {"sites": (Site(city="A"), Site(city="B"))}),
        ("sponsorCollaboratorsModule", {"leadSponsor": {"name": "S", "class": "CLUB"}},
         {("sponsorCollaboratorsModule.leadSponsor.class", "CLUB")}, {"lead_sponsor": Sponsor("S", "CLUB")}),
    ],
)  # fmt: skip
def test_single_values_that_cannot_be_read_are_reported_and_cost_no_study(module, value, reports, changes):
    study = parse(minimal(**{module: value}))
    assert set(study.unknown_values) == {(f"protocolSection.{path}", text) for path, text in reports}
    assert msgspec.structs.replace(study, unknown_values=()) == Study(nct_id="NCT00000001", brief_title="", **changes)


@pytest.mark.parametrize(
    ("record", "nct_id", "reason"),
    [
        ({}, None, "protocolSection is missing, not an object"),
        ({"protocolSection": []}, None, "protocolSection is a list, not an object"),
        ({"protocolSection": {}}, None, "protocolSection.identificationModule is missing, not an object"),
        ({"protocolSection": {"identificationModule": {}}}, None, "identificationModule.nctId is missing, not an NCT id"),
        ({"protocolSection": {"identificationModule": {"nctId": 5}}}, None, "identificationModule.nctId is a number, not an NCT id"),
        ({"protocolSection": {"identificationModule": {"nctId": "X1"}}}, None, "identificationModule.nctId is not an NCT id"),
        ([], None, "the record is a list, not an object"),
        (minimal(statusModule="x"), "NCT00000001", "protocolSection.statusModule is text, not an object"),
        (minimal(statusModule={"startDateStruct": "2024"}), "NCT00000001", "statusModule.startDateStruct is text, not an object"),
        (minimal(conditionsModule={"conditions": "MS"}), "NCT00000001", "conditionsModule.conditions is text, not a list"),
        (minimal(contactsLocationsModule={"locations": {}}), "NCT00000001", "contactsLocationsModule.locations is an object, not a list"),
        (minimal(contactsLocationsModule={"locations": [7]}), "NCT00000001", "locations[] is a number, not an object"),
        (minimal() | {"derivedSection": True}, "NCT00000001", "derivedSection is a truth value, not an object"),
    ],
)
def test_a_broken_structure_is_a_bad_record_that_names_the_path(record, nct_id, reason):
    with pytest.raises(BadRecord) as caught:
        parse(record)
    assert caught.value.nct_id == nct_id
    assert reason in caught.value.reason
    assert str(caught.value).startswith(nct_id or "a record without an NCT id")


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"5", b"{", b'{"a": NaN}', b"\xff\xfe", b"<html>", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"],
)
def test_bytes_that_hold_no_json_object_are_a_bad_record(raw):
    with pytest.raises(BadRecord) as caught:
        decode(raw)
    assert caught.value.nct_id is None


@pytest.mark.parametrize("half", [rb"\ud83d", b"\xed\xa0\xbd"])
def test_half_a_surrogate_pair_costs_one_letter(half):
    record = decode(b'{"protocolSection": {"identificationModule": {"nctId": "NCT00000001", "briefTitle": "A%s B"}}}' % half)
    assert parse(record) == Study(nct_id="NCT00000001", brief_title="A B")
    assert content_hash(record) == content_hash(minimal(identificationModule={"nctId": "NCT00000001", "briefTitle": "A B"}))


# --- the content hash ---------------------------------------------------------------------------------------------------------------


def test_the_hash_knows_neither_key_order_nor_white_space_nor_the_data_release():
    text = json.dumps(RECORD, indent=3, sort_keys=True)
    later = copy.deepcopy(RECORD)
    later["derivedSection"]["miscInfoModule"]["versionHolder"] = "2027-01-01"
    assert len({content_hash(RECORD), content_hash(decode(text.encode())), content_hash(later)}) == 1
    assert len(content_hash(RECORD)) == 16


def test_every_other_value_makes_another_hash():
    hashes = {content_hash(RECORD)}
    changed = 0
    for path, place, key in _leaves(RECORD):
        if path != "derivedSection.miscInfoModule.versionHolder":
            before, place[key] = place[key], "changed"
            hashes.add(content_hash(RECORD))
            place[key] = before
            changed += 1
    assert len(hashes) == changed + 1


@given(st.dictionaries(st.text(), st.none() | st.text() | st.integers()))
def test_any_object_has_a_hash_that_does_not_depend_on_key_order(record):
    assert content_hash(record) == content_hash(dict(reversed(record.items())))


# --- the field map ------------------------------------------------------------------------------------------------------------------


def _field_map() -> tuple[dict[str, str], dict[str, str]]:
    """The two lists of the module's docstring: path to field, and path to the reason why it is not read."""
    sections = ("protocolSection", "derivedSection", "documentSection", "annotationSection", "resultsSection", "hasResults")
    maps = []
    for part in parse_module.__doc__.split("Deliberately not read"):
        lines = re.findall(r"^    (\S+)\s+(\S.*)$", part, re.MULTILINE)
        maps.append({path if path.split(".")[0] in sections else f"protocolSection.{path}": words for path, words in lines})
    read, unread = maps
    return read, unread


READ, UNREAD = _field_map()


def _is_named(path: str) -> bool:
    """In the list of what is read, or at or below a path of the list of what is not."""
    return path in READ or any(path == known or path.startswith((f"{known}.", f"{known}[]")) for known in UNREAD)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each single value's path, and where it stands: the object or list that holds it and its key there."""
    places = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in places:
        name = f"{path}[]" if isinstance(value, list) else f"{path}.{key}" if path else key
        if isinstance(below, (dict, list)):
            yield from _leaves(below, name)
        else:
            yield name, value, key


def test_the_field_map_names_fields_that_there_are():
    assert len(READ) > 100
    fields = set(Study.__struct_fields__) - {"unknown_values"}
    named = {re.split(r"[:,]", words)[0] for words in READ.values()} | {"minimum_age_years", "maximum_age_years"}
    assert named == fields


def test_no_path_is_both_read_and_not_read():
    assert not [path for path in READ if any(path == known or path.startswith((f"{known}.", f"{known}[]")) for known in UNREAD)]


def _with_older_party() -> dict:
    record = copy.deepcopy(RECORD)
    for key in ("investigatorFullName", "investigatorAffiliation"):
        del record["protocolSection"]["sponsorCollaboratorsModule"]["responsibleParty"][key]
    return record


@pytest.mark.parametrize("path", READ)
def test_what_the_map_calls_read_makes_a_difference(path):
    assert any(_differs_without(record, lambda name: name == path) for record in (RECORD, _with_older_party()))


@pytest.mark.parametrize("path", UNREAD)
def test_what_the_map_calls_not_read_makes_none(path):
    assert not _differs_without(RECORD, lambda name: name == path or name.startswith((f"{path}.", f"{path}[]")))


def _differs_without(record: dict, is_removed) -> bool:
    altered = copy.deepcopy(record)
    for name, place, key in list(_leaves(altered)):
        if is_removed(name):
            place[key] = None
    try:
        return parse(altered) != parse(record)
    except BadRecord:
        return True


@needs_contract
def test_every_path_of_the_contract_is_read_or_named():
    assert [path for path in leaf_paths("Study") if not _is_named(path)] == []


@needs_contract
def test_every_path_that_is_read_is_in_the_contract():
    assert set(READ) <= set(leaf_paths("Study"))


@needs_contract
def test_the_full_record_is_one_that_the_registry_could_send():
    assert faults(RECORD, "Study") == []


@needs_records
def test_every_path_of_genuine_records_is_read_or_named():
    paths = {path for record in read_records("registry/mixed_v2.jsonl.gz") for path, _, _ in _leaves(record)}
    assert len(paths) > 150
    assert sorted(path for path in paths if not _is_named(path)) == []


# --- all that may come --------------------------------------------------------------------------------------------------------------


@needs_records
@pytest.mark.parametrize(("name", "count"), FILES.items())
def test_every_genuine_record_parses_without_a_word_of_complaint(name, count):
    records = read_records(name)
    studies = [parse(record) for record in records]
    assert len(studies) == count
    assert [(study.nct_id, study.unknown_values) for study in studies if study.unknown_values] == []
    assert all(study.brief_title and study.overall_status and study.last_update_posted for study in studies)


ANY_TEXT = st.text(st.characters(exclude_categories=()))
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(ANY_TEXT, below, max_size=3),
    max_leaves=8,
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(below, (dict, list)):
            yield from _places(below)


PLACES = len(list(_places(RECORD)))


@settings(max_examples=400)
@given(st.integers(0, PLACES - 1), ANY_JSON)
def test_any_json_in_any_place_gives_a_study_or_a_bad_record(index, value):
    record = copy.deepcopy(RECORD)
    place, key = list(_places(record))[index]
    place[key] = value
    _check(record)


@given(st.dictionaries(st.sampled_from(["protocolSection", "derivedSection", "hasResults", "x"]), ANY_JSON))
def test_any_object_gives_a_study_or_a_bad_record(record):
    _check(record)


@given(st.binary() | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_give_an_object_or_a_bad_record(raw):
    with suppress(BadRecord):
        assert isinstance(decode(raw), dict)


def _check(record: dict) -> None:
    with suppress(BadRecord):
        study = parse(record)
        hash(study)  # frozen to the bottom
        assert re.fullmatch(r"NCT[0-9]{8}", study.nct_id)
        for text in _texts(msgspec.to_builtins(study)):
            assert "\x00" not in text
            text.encode()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _texts(below)
