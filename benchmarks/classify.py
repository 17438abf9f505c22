"""How many studies a second are classified on one core, beside the floor of decoding and parsing them: `python -m benchmarks.classify`.

Reads the real records where they are (see `tests.records`), else makes synthetic ones. Processor time, the best of several rounds.
`ms_2025` is mostly short records without text; `mixed_v2` holds whole records of any disease; `stem_cell_2022` is the hardest, since every
record names cells.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from tests.records import RECORDS, read_records
from therapies.classifier import VERSION, classify
from trials.eligibility import eligibility_of
from trials.evidence import evidence_of
from trials.registry.parse import parse
from trials.registry.records import Study

FILES = ("ms_2025", "mixed_v2", "stem_cell_2022")
ROUNDS = 3
GOAL = 2_000  # studies a second, classification and eligibility together


def synthetic(count: int = 500) -> list[dict]:
    """Records of the registry's shape with text of a usual length, one in forty about stem cells."""
    filler = "Participants with relapsing multiple sclerosis are randomised to receive the study drug or placebo for two years. "
    cells = "Autologous mesenchymal stem cells are given by intravenous infusion. "
    records = []
    for number in range(count):
        text = cells if number % 40 == 0 else filler
        records.append(
            {
                "protocolSection": {
                    "identificationModule": {"nctId": f"NCT{number + 1:08}", "briefTitle": text[:80]},
                    "conditionsModule": {"conditions": ["Multiple Sclerosis"]},
                    "descriptionModule": {"briefSummary": text * 5, "detailedDescription": filler * 12},
                    "eligibilityModule": {"eligibilityCriteria": "Inclusion Criteria:\n\n* EDSS 0 to 5.5\n* " + filler * 8},
                    "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": text[:40], "description": text}]},
                }
            }
        )
    return records


def per_second(work: Callable[[Any], object], items: Iterable[Any]) -> float:
    """Items a second of processor time: the best of several rounds over all of them."""
    items = list(items)
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for item in items:
            work(item)
        best = min(best, time.process_time() - start)
    return len(items) / best


def reclassify(study: Study) -> None:
    """What making everything anew asks of a study: its class, and its criteria where it is in scope, as `trials.derive` does."""
    if classify(evidence_of(study)).in_scope:
        eligibility_of(study)


def measure(name: str, records: list[dict]) -> tuple[int, float]:
    """Print one row; return the count of studies and the seconds that reclassifying them takes."""
    studies = [parse(record) for record in records]
    evidence = [evidence_of(study) for study in studies]
    lines = [msgspec.json.encode(record) for record in records]
    decoding = per_second(lambda line: parse(msgspec.json.decode(line)), lines)
    classifying = per_second(classify, evidence)
    reading = per_second(eligibility_of, studies)
    together = per_second(reclassify, studies)
    ratio = decoding / classifying
    print(f"{name:<16}{len(records):>8}{decoding:>14,.0f}{classifying:>10,.0f}{ratio:>7.2f}{reading:>10,.0f}{together:>12,.0f}")
    return len(records), len(records) / together


def rate(rows: list[tuple[int, float]]) -> float:
    return sum(count for count, _ in rows) / sum(seconds for _, seconds in rows)


def main() -> None:
    print(f"classifier {VERSION}; studies a second on one core; goal {GOAL:,} for reclassifying")
    print(f"{'records':<16}{'studies':>8}{'decode+parse':>14}{'classify':>10}{'ratio':>7}{'criteria':>10}{'reclassify':>12}")
    if RECORDS.is_dir():
        rows = [measure(file, read_records(f"registry/{file}.jsonl.gz")) for file in FILES]
    else:
        rows = [measure("synthetic", synthetic())]
    print(f"all: {rate(rows):,.0f} studies a second")
    if len(rows) > 1:
        print(f"with their full text ({' and '.join(FILES[1:])}): {rate(rows[1:]):,.0f} studies a second")


if __name__ == "__main__":
    main()
