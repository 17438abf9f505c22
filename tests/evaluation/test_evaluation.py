"""The goals hold on the development records, and the labels are fit to judge by."""

import gzip
import json

import pytest

from tests import records
from tests.evaluation import classifier, eligibility
from tests.evaluation.__main__ import main
from tests.evaluation.classifier import Answer, absent, evaluate, quoted
from tests.evaluation.labels import SPLITS, Label, by_hash, read_labels, split_of
from tests.records import needs_records
from therapies.classifier import classify
from therapies.evidence import Evidence, Finding, InterventionEvidence
from therapies.rules import APPROACHES, DONOR_RULES, ROLE_RULES, ROUTE_RULES, SOURCE_RULES, THERAPY_APPROACH
from trials.eligibility import COURSES

pytestmark = pytest.mark.storeless


@needs_records
def test_goals_hold_on_the_development_records():
    report = evaluate("development")
    assert report.records > 300
    assert report.shortfalls == ()


@needs_records
def test_every_quote_is_verbatim_in_all_labelled_records():
    for split in SPLITS:
        if not absent(split):
            right, given = evaluate(split).quotes
            assert right == given > 0


@needs_records
def test_command_prints_the_tables(capsys):
    main(["--split", "development"])
    printed = capsys.readouterr().out
    assert "labelled records" in printed
    assert "precision" in printed


@needs_records
def test_command_answers_in_json(capsys):
    main(["--split", "development", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert [split["split"] for split in answer["splits"]] == ["development"]
    assert answer["splits"][0]["quotes"]["given"] > 0


def test_a_split_without_its_records_is_left_out_and_scored_where_they_are(tmp_path, monkeypatch, capsys):
    for module in (classifier, records):
        monkeypatch.setattr(module, "RECORDS", tmp_path)
    monkeypatch.setattr("tests.evaluation.__main__.RECORDS", tmp_path)
    assert main(["--split", "fifth"]) == 2
    assert f"fifth: left out, no file {tmp_path}/registry/fifth_2026.jsonl.gz" in capsys.readouterr().err
    (tmp_path / "registry").mkdir()
    lines = [json.dumps({"protocolSection": {"identificationModule": {"nctId": label.nct_id}}}) for label in read_labels("fifth")]
    (tmp_path / "registry" / "fifth_2026.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    assert main([]) == 1, "empty records reach no goal"
    printed = capsys.readouterr()
    assert "== fifth: 113 labelled records" in printed.out
    assert "development: left out" in printed.err


@pytest.mark.parametrize("split", SPLITS)
def test_labels_stand_in_their_split_once_and_say_why(split):
    labels = read_labels(split)
    assert [label.nct_id for label in labels] == sorted({label.nct_id for label in labels})
    assert all(split_of(label.nct_id) == split and label.why for label in labels)


def test_labels_use_known_values():
    roles = {rule.value for rule in ROLE_RULES}
    for label in read_labels("all"):
        assert set(label.approaches) <= set(APPROACHES)
        assert set(label.approaches.values()) <= roles
        assert {THERAPY_APPROACH[slug] for slug in label.therapies} <= set(label.approaches)  # of some a therapy is left open
        assert set(label.donors) <= {rule.value for rule in DONOR_RULES}
        assert set(label.cell_sources or ()) <= {rule.value for rule in SOURCE_RULES}
        assert set(label.routes or ()) <= {rule.value for rule in ROUTE_RULES}
        assert not (label.in_scope and not label.approaches)


def test_unread_labels_stand_once_apart_from_the_others_and_say_why():
    labels = eligibility.read_labels("unread")
    ids = [label.nct_id for label in labels]
    assert ids == sorted(set(ids))
    assert not set(ids) & {label.nct_id for label in eligibility.read_labels("all")}
    assert all(label.why and set(label.courses) | set(label.courses_excluded) <= set(COURSES) for label in labels)


def test_unread_without_their_records_says_where_they_come_from(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(eligibility, "RECORDS", tmp_path)
    assert eligibility.main(["--split", "unread"]) == 2
    assert "registry/ms_criteria.jsonl.gz" in (said := capsys.readouterr().err)
    assert "https://clinicaltrials.gov/api/v2/studies/" in said


def test_unread_records_are_scored_file_by_file(tmp_path, monkeypatch, capsys):
    labels = {label.file: label for label in eligibility.read_labels("unread")}
    (tmp_path / "registry").mkdir()
    for file, label in labels.items():
        record = {"protocolSection": {"identificationModule": {"nctId": label.nct_id}}}
        (tmp_path / "registry" / f"{file}.jsonl.gz").write_bytes(gzip.compress(json.dumps(record).encode()))
    monkeypatch.setattr(eligibility, "_studies", eligibility._studies.__wrapped__)  # keeps no records that others would read
    for module in (eligibility, records):
        monkeypatch.setattr(module, "RECORDS", tmp_path)
    monkeypatch.setattr(eligibility, "read_labels", lambda split: tuple(labels.values()) if split == "unread" else ())
    eligibility.main(["--split", "unread"])
    printed = capsys.readouterr().out
    assert sorted(labels) == ["ms_criteria", "ms_criteria_2", "ms_criteria_3", "ms_criteria_4", "ms_criteria_5"]
    assert all(f"unread, {file}: 1 labelled records" in printed for file in labels)


def test_about_a_quarter_is_held_out():
    held = sum(by_hash(f"NCT{number:08}") == "held-out" for number in range(1, 4001))
    assert 900 < held < 1100


def test_scores_count_what_is_right_given_and_wanted():
    right = study("NCT00000001", "Mesenchymal stem cells")
    missed = study("NCT00000002", "Hematopoietic stem cell transplantation")
    answers = [
        answer(right, {"msc": "treatment"}, ("msc",)),
        answer(missed, {"msc": "treatment"}, ("msc",)),
    ]
    report = evaluate("development", lambda split: answers)
    scores = {(score.measure, score.value): score for score in report.scores}
    everything = scores["approach", "all"]
    assert (everything.found, everything.given, everything.wanted) == (1, 2, 2)
    assert (everything.precision, everything.recall, everything.f1) == (0.5, 0.5, 0.5)
    assert scores["approach", "hsct"].precision == 0
    misses = [miss for miss in report.misses if miss.measure == "approach"]
    assert [miss.nct_id for miss in misses] == ["NCT00000002"]
    assert "hsct-haematopoietic" in str(misses[0])
    assert any(short.startswith("approach") for short in report.shortfalls)


def test_a_quote_must_stand_in_its_field():
    evidence = study("NCT00000001", "Mesenchymal stem cells")
    finding = Finding("approach", "msc", "msc-named", "interventions[0].name", "Mesenchymal stem", 0.9)
    assert quoted(evidence, finding)
    assert not quoted(evidence, Finding("approach", "msc", "msc-named", "interventions[0].name", "mesenchymal stem", 0.9))
    assert not quoted(evidence, Finding("approach", "msc", "msc-named", "interventions[0].name", "", 0.9))


def study(nct_id, intervention):
    return Evidence(nct_id, "A study", conditions=("Multiple Sclerosis",), interventions=(InterventionEvidence(intervention),))


def answer(evidence, approaches, therapies):
    label = Label(evidence.nct_id, "ms_2025", True, approaches, therapies, (), "made for this test")
    return Answer(label, evidence, classify(evidence))
