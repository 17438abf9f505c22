"""Scores `therapies.classifier` against the labels: precision, recall and F1 per value, and every miss with id, rule and quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.evaluation.labels import Label, read_labels
from tests.records import RECORDS, read_records
from therapies.classifier import classify
from therapies.evidence import Classification, Evidence, Finding
from trials.evidence import evidence_of
from trials.registry.parse import parse

GOALS = {"approach": 0.98, "other diseases": 0.98, "therapy": 0.93, "quotes": 1.0}
"""Least precision and recall, over all values of a measure; for quotes the share found verbatim."""

_PART = re.compile(r"(\w+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Score:
    measure: str
    value: str
    found: int  # right answers given
    given: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.found / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Miss:
    nct_id: str
    measure: str
    wanted: tuple[str, ...]
    given: tuple[str, ...]
    because: str  # rules, fields and quotes behind what was given

    def __str__(self) -> str:
        wanted, given = (", ".join(values) or "nothing" for values in (self.wanted, self.given))
        return f"{self.nct_id} {self.measure}: wanted {wanted}; given {given}" + (f"  [{self.because}]" if self.because else "")


@dataclass(frozen=True, slots=True)
class Answer:
    label: Label
    evidence: Evidence
    classification: Classification

    @property
    def findings(self) -> tuple[Finding, ...]:
        classification = self.classification
        condition = (classification.condition,) if classification.condition else ()
        return (*condition, *(finding for match in classification.matches for finding in match.findings), *classification.mentions)


@dataclass(frozen=True, slots=True)
class Report:
    split: str
    records: int
    scores: tuple[Score, ...]
    misses: tuple[Miss, ...]
    quotes: tuple[int, int]  # found verbatim, all

    @property
    def shortfalls(self) -> tuple[str, ...]:
        """The goals that are not reached, in words."""
        short = []
        for score in self.scores:
            goal = GOALS.get(score.measure)
            if goal and score.value == "all" and min(score.precision, score.recall) < goal:
                short.append(f"{score.measure}: precision {score.precision:.3f}, recall {score.recall:.3f}, goal {goal}")
        if self.quotes[0] < self.quotes[1]:
            short.append(f"quotes: {self.quotes[1] - self.quotes[0]} not verbatim")
        return tuple(short)

    def table(self) -> str:
        rows = [f"{'measure':<16}{'value':<22}{'precision':>10}{'recall':>8}{'F1':>7}{'right':>7}{'given':>7}{'wanted':>8}"]
        for score in self.scores:
            rows.append(
                f"{score.measure:<16}{score.value:<22}{score.precision:>10.3f}{score.recall:>8.3f}{score.f1:>7.3f}"
                f"{score.found:>7}{score.given:>7}{score.wanted:>8}"
            )
        right, given = self.quotes
        rows.append(f"{'quotes':<16}{'verbatim':<22}{right / given if given else 1:>10.3f}{'':>15}{right:>7}{given:>7}")
        return "\n".join(rows)


def quoted(evidence: Evidence, finding: Finding) -> bool:
    """Whether a finding's quote stands, letter by letter, in the field that it names."""
    value: object = evidence
    for name, number in _PART.findall(finding.field):
        value = getattr(value, name)
        if number:
            value = value[int(number)]
    return bool(finding.quote) and finding.quote in value


def absent(split: str) -> list[str]:
    """The record files of a split that are not there: those of the fifth and later draws are not kept with the others."""
    return [file for file in sorted({_records_of(label) for label in read_labels(split)}) if not (RECORDS / file).is_file()]


def _records_of(label: Label) -> str:
    return f"registry/{label.file}.jsonl.gz"


def answers(split: str) -> list[Answer]:
    """Classify every labelled record of a split, read from its file."""
    labels = read_labels(split)
    wanted = {(label.file, label.nct_id) for label in labels}
    evidence = {}
    for file in sorted({label.file for label in labels}):
        for record in read_records(f"registry/{file}.jsonl.gz"):
            nct_id = record["protocolSection"]["identificationModule"]["nctId"]
            if (file, nct_id) in wanted:
                evidence[file, nct_id] = evidence_of(parse(record))
    return [Answer(label, evidence[label.file, label.nct_id], classify(evidence[label.file, label.nct_id])) for label in labels]


def _measures(answer: Answer) -> Iterator[tuple[str, set[str], set[str], tuple[Finding, ...]]]:
    """What one record was to be found to be and what it was found to be: (measure, wanted, given, findings behind the given)."""
    label, classification = answer.label, answer.classification
    matches = classification.matches
    on_topic = label.in_scope or (not label.approaches and classification.condition is not None)
    listed = matches if classification.in_scope or not on_topic else ()

    yield (
        "in scope",
        {"yes"} if label.in_scope else set(),
        {"yes"} if classification.in_scope else set(),
        (classification.condition,) if classification.condition else (),
    )
    approach = "approach" if on_topic else "other diseases"
    yield approach, set(label.approaches), {match.approach.value for match in listed}, tuple(match.approach for match in listed)
    shared = [match for match in listed if match.approach.value in label.approaches]
    yield (
        "role",
        {label.approaches[match.approach.value] for match in shared},
        {match.role.value for match in shared},
        tuple(match.role for match in shared),
    )
    if not label.approaches:
        return
    for measure, expected, part in (
        ("therapy", label.therapies, "therapies"),
        ("donor", label.donors, "donors"),
        ("cell source", label.cell_sources, "cell_sources"),
        ("route", label.routes, "routes"),
    ):
        if expected is not None:
            findings = tuple(finding for match in listed for finding in getattr(match, part))
            yield measure, set(expected), {finding.value for finding in findings}, findings


def evaluate(split: str, classify_all: Callable[[str], list[Answer]] = answers) -> Report:
    """Score one split of labels, or `all`."""
    counts: dict[tuple[str, str], list[int]] = {}
    misses = []
    verbatim = quotes = 0
    answered = classify_all(split)
    for answer in answered:
        for measure, wanted, given, findings in _measures(answer):
            for value in sorted(wanted | given):
                for key in ((measure, value), (measure, "all")):
                    count = counts.setdefault(key, [0, 0, 0])
                    count[0] += value in wanted and value in given
                    count[1] += value in given
                    count[2] += value in wanted
            if wanted != given:
                because = "; ".join(f"{finding.rule} in {finding.field}: {finding.quote!r}" for finding in findings)
                misses.append(Miss(answer.label.nct_id, measure, tuple(sorted(wanted)), tuple(sorted(given)), because))
        for finding in answer.findings:
            quotes += 1
            verbatim += quoted(answer.evidence, finding)
    order = ("approach", "other diseases", "role", "therapy", "donor", "cell source", "route", "in scope")
    scores = tuple(
        Score(measure, value, *count)
        for (measure, value), count in sorted(counts.items(), key=lambda item: (order.index(item[0][0]), item[0][1] != "all", item[0][1]))
    )
    return Report(split, len(answered), scores, tuple(misses), (verbatim, quotes))
