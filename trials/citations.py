"""Trials as references for a bibliography: RIS and BibTeX, in the form in which the NLM says that a registry record be cited.

The first entry cites the list itself, with its terms. Form: Patrias and Wendling, Citing Medicine, chapter 24 (NLM, 2nd edition).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

PUBLISHER = "National Library of Medicine (US)"
PLACE = "Bethesda (MD)"

Rows = Iterable[dict[str, Any]]


def _note(row) -> str:
    """Status, phases and our labels, as one line."""
    phases = "/".join(row["phases"]) or "no phase stated"
    return f"{row['status'] or 'status not stated'}; {phases}; labelled by TrialTracker as {', '.join(row['approaches']) or 'none'}"


def _one_line(text) -> str:
    return " ".join(str(text).split())


# --- RIS ---------------------------------------------------------------------------------------------------------------------


def as_ris(rows: Rows, meta: dict[str, Any]) -> Iterator[str]:
    """Yield RIS records of type DATA."""
    day = meta["retrieved_on"].replace("-", "/")
    yield _record(
        [
            ("TI", f"{meta['title']} ({meta['count']})"), ("AU", "TrialTracker,"), ("PY", meta["retrieved_on"][:4]), ("UR", meta["url"]),
            ("Y2", day), ("N1", meta["citation"]), ("N1", meta["modifications"]), ("N1", meta["terms"]), ("DB", meta["source"]),
        ]
    )  # fmt: skip
    for row in rows:
        last = (row["last_update"] or "").replace("-", "/")
        yield _record(
            [
                ("TI", row["title"] or row["nct_id"]), ("AU", f"{row['sponsor']}," if row["sponsor"] else None), ("PY", last[:4]),
                ("DA", last), ("DB", "ClinicalTrials.gov"), ("PB", PUBLISHER), ("CY", PLACE), ("AN", row["nct_id"]),
                ("ST", row["acronym"]), ("UR", row["registry_url"]), ("L2", row["url"]), ("Y2", day), ("N1", _note(row)),
                *(("KW", condition) for condition in row["conditions"]),
            ]
        )  # fmt: skip


def _record(fields) -> str:
    """The comma after a name keeps programs from taking an institution's last word for a family name."""
    lines = ["TY  - DATA", *(f"{tag}  - {_one_line(value)}" for tag, value in fields if value), "ER  - "]
    return "\r\n".join(lines) + "\r\n\r\n"


# --- BibTeX ------------------------------------------------------------------------------------------------------------------

_SPECIAL = re.compile(r"[\\{}&%$#_~^]")
_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def escape_tex(text) -> str:
    """Text as TeX prints it; letters of any language stay as they are (UTF-8)."""
    return _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], f"\\{found[0]}"), _one_line(text))


def as_bibtex(rows: Rows, meta: dict[str, Any]) -> Iterator[str]:
    """Yield entries of type `misc`, whose keys are the NCT ids; titles keep their capitals."""
    yield _entry(
        f"trialtracker-{meta['retrieved_on']}",
        {
            "title": meta["title"], "author": "TrialTracker", "year": meta["retrieved_on"][:4], "url": meta["url"],
            "urldate": meta["retrieved_on"], "note": f"{meta['citation']} {meta['terms']}",
        },
    )  # fmt: skip
    for row in rows:
        yield _entry(
            row["nct_id"],
            {
                "title": row["title"] or row["nct_id"], "author": row["sponsor"], "year": (row["last_update"] or "")[:4],
                "howpublished": f"ClinicalTrials.gov identifier {row['nct_id']}", "publisher": PUBLISHER, "address": PLACE,
                "url": row["registry_url"], "urldate": meta["retrieved_on"], "note": _note(row), "keywords": ", ".join(row["conditions"]),
            },
        )  # fmt: skip


def _entry(key, fields) -> str:
    """`url` is printed as it stands: the packages that print it take no escapes."""
    lines = []
    for name, value in fields.items():
        if value:
            text = value if name == "url" else escape_tex(value)
            lines.append(f"  {name} = {{{{{text}}}}}," if name in ("title", "author") else f"  {name} = {{{text}}},")
    return "\n".join([f"@misc{{{key},", *lines, "}", "", ""])
