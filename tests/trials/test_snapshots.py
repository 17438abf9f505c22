"""A snapshot holds everything that can be cited, nothing that reaches a person, and comes back as it was."""

import copy
import json

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from tests.studies import drug_study, msc_study, write_jsonl
from therapies.models import Approach
from trials import models, snapshots
from trials.derive import rederive
from trials.models import Curation, Record, SyncRun, Trial, TrialChange
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db


def with_contacts(record):
    record["protocolSection"]["contactsLocationsModule"]["centralContacts"] = [{"name": "A. Person", "email": "person@example.org"}]
    record["protocolSection"]["contactsLocationsModule"]["locations"][0]["contacts"] = [{"name": "B. Person"}]
    record["resultsSection"] = {"moreInfoModule": {"pointOfContact": {"title": "C. Person"}}}
    return record


@pytest.fixture
def tracked(tmp_path, django_user_model):
    """Five trials, one of them changed, one judged, one out of scope."""
    studies = [with_contacts(msc_study(number)) for number in range(1, 6)]
    sync(Request(files=(write_jsonl(tmp_path / "a.jsonl", [*studies, drug_study(101)]),)))
    sync(Request(files=(write_jsonl(tmp_path / "b.jsonl", [with_contacts(msc_study(3, status="TERMINATED", updated="2026-10-05"))]),)))
    curator = django_user_model.objects.create_user("curator.name")
    for field, columns in (
        ("approach", {"approach": Approach.objects.get(slug="hsct"), "role": "comparator"}),
        ("note", {}),
    ):
        Curation.objects.create(record_id=2, field=field, reason="Read the protocol.", judged_by=curator, **columns)
    rederive(Record.objects.filter(pk=2))


def rows():
    """All that a snapshot keeps, as comparable values."""
    found = {"trials": list(Trial.objects.order_by("pk").values())}
    found["listings"] = list(models.Listing.objects.order_by("pk").values())
    found["records"] = list(
        Record.objects.filter(trial__isnull=False).order_by("pk").values("pk", "first_seen_at", "changed_at", "in_scope")
    )
    for model in (models.TrialApproach, models.TrialTherapy, models.Outcome, models.Finding, models.Arm):
        found[model.__name__] = [{k: v for k, v in row.items() if k != "id"} for row in model.objects.order_by("trial", "pk").values()]
    found["changes"] = [{k: v for k, v in row.items() if k not in ("id", "run_id")} for row in TrialChange.objects.order_by("pk").values()]
    found["judgements"] = list(
        Curation.objects.exclude(field="note").values("record", "field", "approach", "role", "reason", "judged_at", "basis")
    )
    return found


def empty():
    for model in (Curation, TrialChange, Trial, Record, SyncRun):
        model.objects.all().delete()


@pytest.mark.usefixtures("tracked")
def test_a_snapshot_comes_back_as_it_was(tmp_path):
    before = rows()
    path = snapshots.make(tmp_path)
    empty()

    snapshots.load(path)

    after = rows()
    for name, values in before.items():
        assert after[name] == values, name
    assert len(before["trials"]) == 5
    assert len(before["changes"]) == 1
    assert len(before["judgements"]) == 1


@pytest.mark.usefixtures("tracked")
def test_it_holds_the_labelled_trials_and_says_what_they_rest_on(tmp_path):
    path = snapshots.make(tmp_path)
    manifest = json.loads((path / "manifest.json").read_text())

    assert snapshots.NAME.fullmatch(path.name)
    assert list(manifest["files"]) == ["changes.jsonl", "judgements.jsonl", "records.jsonl", "trials.jsonl", "trials.parquet"]
    lines = [json.loads(line) for line in (path / "trials.jsonl").read_text().splitlines()]
    assert [row["nct_id"] for row in lines] == [f"NCT0000000{number}" for number in range(1, 6)]
    assert lines[1]["approaches"] == ["hsct", "msc"]
    assert pq.read_table(path / "trials.parquet")["nct_id"].to_pylist() == [row["nct_id"] for row in lines]
    assert manifest["rules_version"]
    assert manifest["files"]["records.jsonl"]["rows"] == 5


@pytest.mark.usefixtures("tracked")
def test_no_person_can_be_reached_by_it_and_no_curator_is_named(tmp_path):
    path = snapshots.make(tmp_path)
    text = "".join(file.read_text() for file in path.glob("*.json*"))
    assert "Person" not in text
    assert "curator.name" not in text
    assert '"note"' not in text


@pytest.mark.usefixtures("tracked")
def test_the_next_sync_brings_contacts_back_and_writes_no_history(tmp_path):
    path = snapshots.make(tmp_path)
    empty()
    snapshots.load(path)
    assert not models.Contact.objects.exists()

    run = sync(Request(files=(write_jsonl(tmp_path / "c.jsonl", [with_contacts(msc_study(1))]),)))

    assert run.updated == 1
    assert models.Contact.objects.get().email == "person@example.org"
    assert TrialChange.objects.count() == 1


@pytest.mark.usefixtures("tracked")
@pytest.mark.parametrize("spoil", ["edit", "remove", "manifest"])
def test_a_snapshot_that_is_not_whole_is_refused_and_leaves_nothing(tmp_path, spoil):
    path = snapshots.make(tmp_path)
    empty()
    if spoil == "edit":
        (path / "changes.jsonl").write_text("")
    elif spoil == "remove":
        (path / "trials.parquet").unlink()
    else:
        (path / "manifest.json").write_text("{")

    with pytest.raises(CommandError, match=r"checksum differs|cannot be read"):
        call_command("load_snapshot", path)
    assert not Record.objects.exists()


@pytest.mark.usefixtures("tracked")
def test_a_database_that_is_not_empty_is_left_alone(tmp_path):
    path = snapshots.make(tmp_path)
    with pytest.raises(CommandError, match="load a snapshot into an empty one"):
        call_command("load_snapshot", path)


@pytest.mark.usefixtures("tracked")
def test_commands_say_what_they_did(tmp_path, capsys):
    call_command("make_snapshot", into=tmp_path)
    path = capsys.readouterr().out.strip()
    empty()
    call_command("load_snapshot", path)
    assert "5 studies" in capsys.readouterr().out


@pytest.mark.usefixtures("tracked")
def test_a_place_where_no_folder_can_be_is_named(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(CommandError, match=r"No snapshot was made: .*taken"):
        call_command("make_snapshot", into=tmp_path / "taken")


@pytest.mark.usefixtures("tracked")
def test_the_page_of_snapshots_gives_the_files_and_nothing_else(client):
    path = snapshots.make()
    page = client.get("/data/snapshots/").content.decode()

    assert path.name in page
    assert json.loads((path / "manifest.json").read_text())["files"]["trials.parquet"]["sha256"] in page
    response = client.get(f"/data/snapshots/{path.name}/trials.jsonl")
    assert b"".join(response.streaming_content) == (path / "trials.jsonl").read_bytes()
    (path / "secret.txt").write_text("x")
    for address in (f"{path.name}/secret.txt", f"{path.name}/../../secret_key", "2026-01-01-00000000/trials.jsonl"):
        assert client.get(f"/data/snapshots/{address}").status_code == 404


@pytest.mark.parametrize(
    "nulls",
    [
        {"protocolSection": {"contactsLocationsModule": None}},
        {"protocolSection": {"contactsLocationsModule": {"centralContacts": None, "locations": None}}},
        {"protocolSection": {"contactsLocationsModule": {"locations": [None, {"contacts": None}, "Oslo"]}}},
        {"protocolSection": {"contactsLocationsModule": {"locations": {}}}},
        {"protocolSection": None, "resultsSection": None},
        {"protocolSection": [], "resultsSection": {"moreInfoModule": None}},
    ],
)
def test_a_record_with_nothing_where_contacts_stand_spoils_no_snapshot(nulls):
    without_contacts = snapshots.without_contacts(copy.deepcopy(nulls))
    assert "contacts" not in json.dumps(without_contacts).replace("contactsLocationsModule", "")


def test_a_record_whose_places_are_null_is_in_the_snapshot(tmp_path):
    study = msc_study(1)
    study["protocolSection"]["contactsLocationsModule"] = None
    sync(Request(files=(write_jsonl(tmp_path / "a.jsonl", [study]),)))
    path = snapshots.make(tmp_path)
    (line,) = (path / "records.jsonl").read_text().splitlines()
    assert json.loads(line)["record"] == study
