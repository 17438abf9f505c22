"""The table: what was measured, against which floor, and whether the goal is met."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Row:
    """One figure against its floor, in `unit`. `most` is the largest ratio of ours to the floor that meets the goal."""

    goal: int
    what: str
    floor_is: str
    floor: float
    ours: float
    most: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.ours / self.floor

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.most


def send(row: Row) -> None:
    """Hand a row to the process that prints the table."""
    print(msgspec.json.encode(asdict(row)).decode(), flush=True)


def received(line: str) -> Row | None:
    """The row that a line of another process holds; None for any other line."""
    try:
        return msgspec.json.decode(line, type=Row)
    except msgspec.DecodeError:
        return None


def show(rows: Iterable[Row]) -> str:
    lines = [
        "| goal | what | floor | floor is | ours | ratio | at most | |",
        "|---:|---|---:|---|---:|---:|---:|---|",
    ]
    for row in sorted(rows, key=lambda row: (row.goal, row.what)):
        figures = f"{_figure(row.floor, row.unit)} | {row.floor_is} | {_figure(row.ours, row.unit)} | {row.ratio:.2f} | {row.most:g}"
        lines.append(f"| {row.goal} | {row.what} | {figures} | {'met' if row.is_met else '**short**'} |")
    return "\n".join(lines)


def _figure(value: float, unit: str) -> str:
    if unit == "s" and value < 1:
        return f"{value * 1000:.3g} ms"
    return f"{value:.3g} {unit}".rstrip()


def in_turn(rounds: int, *works: Callable[[], float]) -> list[list[float]]:
    """Run each work in turn, round after round, so that whatever else the machine does falls on all of them; the seconds of each."""
    taken = [[] for _ in works]
    for _ in range(rounds):
        for work, seconds in zip(works, taken, strict=True):
            seconds.append(work())
    return taken


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def share(values: Iterable[float], part: float) -> float:
    """The value below which this part of them lies: `share(times, 0.95)` is the 95th percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
