"""`python -m tests.evaluation [--split development|held-out|...|seventh|all] [--json]`: the tables of docs/accuracy.md, and each miss.

Exits 0 where every goal is reached, 1 where one is missed, 2 where the records are absent. Of `all`, a split whose record file is absent is
left out, and a line says so.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from dataclasses import asdict

from tests.evaluation import eligibility
from tests.evaluation.classifier import Report, absent, evaluate
from tests.evaluation.labels import SPLITS
from tests.records import RECORDS, WHY_NOT_READ
from therapies.classifier import VERSION


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description="Score the rules against the labelled records.")
    parser.add_argument("--split", choices=(*SPLITS, "all"), default="all", help="which labels; all prints one table for each")
    parser.add_argument("--json", action="store_true", help="the same as JSON")
    options = parser.parse_args(arguments)
    if not RECORDS.is_dir():
        print(f"Cannot evaluate: {WHY_NOT_READ}", file=sys.stderr)
        return 2
    asked = SPLITS if options.split == "all" else (options.split,)
    missing = {split: files for split in asked if (files := absent(split))}
    for split, files in missing.items():
        print(f"{split}: left out, no file {' and '.join(f'{RECORDS / file}' for file in files)}", file=sys.stderr)
    splits = [split for split in asked if split not in missing]
    if not splits:
        return 2
    reports = [evaluate(split) for split in splits]
    if options.json:
        print(json.dumps({"version": VERSION, "date": f"{dt.date.today()}", "splits": [_as_json(report) for report in reports]}, indent=1))
    else:
        print(f"Classifier {VERSION}, {dt.date.today()}\n")
        for report in reports:
            print(_as_text(report), end="\n\n")
            if report.split in eligibility.SPLITS:
                print(eligibility.report(report.split), end="\n\n")
    of_criteria = (eligibility.report(split) for split in splits if split in eligibility.SPLITS)
    return 1 if any(report.shortfalls for report in (*reports, *of_criteria)) else 0


def _as_text(report: Report) -> str:
    lines = [f"== {report.split}: {report.records} labelled records", report.table(), "", f"{len(report.misses)} misses"]
    lines += [f"  {miss}" for miss in report.misses]
    lines += [f"BELOW THE GOAL  {short}" for short in report.shortfalls] or ["every goal is reached"]
    return "\n".join(lines)


def _as_json(report: Report) -> dict:
    return {
        "split": report.split,
        "records": report.records,
        "scores": [asdict(score) | {"precision": score.precision, "recall": score.recall, "f1": score.f1} for score in report.scores],
        "quotes": {"verbatim": report.quotes[0], "given": report.quotes[1]},
        "misses": [asdict(miss) for miss in report.misses],
        "below_goal": list(report.shortfalls),
    }


if __name__ == "__main__":
    sys.exit(main())
