"""What the classifier knows, as ordered tables: every rule with what it says, where it may match, why it is there and an example.

Adding a rule means adding one `Rule(...)` to a table in one of the rooms and one line to `tests/therapies/test_rules.py`; a product is one
line of `products`. The rooms: `rule` (the notation), `ms`, `products` (names and what is in them), `regimens` (what makes room for a
transplant), `other_diseases`, then `hsct` (transplants by name) and `hsct_implied` (by what stands around them), `msc`, `ipsc`, `unsorted`
(cells given as they are drawn) within `other` (approaches with their therapies), `guards` (what takes a hit back), `donors`, `sources`,
`routes`, `prose` (running text), `around` (what is done around a transplant) and `roles`. They own words and reasons; how hits become an answer
is the business of `therapies.classifier`. They know of no study, no registry format and no database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from therapies.evidence import ApproachSlug
from therapies.rules import (
    around,
    donors,
    guards,
    hsct,
    hsct_implied,
    ipsc,
    ms,
    msc,
    other,
    other_diseases,
    products,
    prose,
    regimens,
    roles,
    routes,
    rule,
    sources,
    unsorted,
)
from therapies.rules.donors import DONOR_RULES
from therapies.rules.guards import GUARDS
from therapies.rules.other import OTHER_RULES, OTHER_THERAPY
from therapies.rules.roles import ROLE_RULES
from therapies.rules.routes import ROUTE_RULES
from therapies.rules.rule import CLASSIFYING, CONFIDENCE, NAMED, Guard, Rule
from therapies.rules.sources import SOURCE_RULES

__all__ = [
    "APPROACHES", "APPROACH_RULES", "CLASSIFYING", "CONFIDENCE", "DEFAULT_THERAPY", "DONOR_RULES", "EDITION", "GUARDS", "NAMED",
    "OTHER_RULES", "OTHER_THERAPY", "PATTERNS", "ROLE_RULES", "ROUTE_RULES", "RULES", "SETS", "SOURCE_RULES", "TABLES", "THERAPY_APPROACH",
    "Guard", "Rule",
]  # fmt: skip

EDITION: Final = 19
"""Goes up by hand when the classifier's *logic* changes; the tables' own changes are in the digest that `classifier.VERSION` adds."""

APPROACHES: Final[tuple[ApproachSlug, ...]] = ("hsct", "msc", "ipsc", "other")

THERAPY_APPROACH: Final[Mapping[str, ApproachSlug]] = MappingProxyType(
    {
        "ahsct-beam": "hsct",
        "ahsct-cy-atg": "hsct",
        "ahsct-busulfan": "hsct",
        "ahsct-tbi": "hsct",
        "ahsct-cy-rituximab": "hsct",
        "ahsct-fludarabine": "hsct",
        "ahsct": "hsct",  # autologous, regimen other or not stated
        "allo-hsct": "hsct",
        "bm-msc": "msc",
        "ad-msc": "msc",
        "uc-msc": "msc",
        "placental-msc": "msc",
        "msc-np": "msc",
        "msc-ntf": "msc",
        "esc-msc": "msc",
        "msc": "msc",  # source other or not stated
        "ipsc-neural": "ipsc",
        "ipsc-msc": "ipsc",
        "ipsc-immune": "ipsc",
        "ipsc-lines": "ipsc",
        "fetal-nsc": "other",
        "esc-derived": "other",
        "bm-mnc": "other",
        "svf": "other",
        "msc-derived": "other",  # cell-free: exosomes, conditioned medium, secretome
        "muse": "other",
        "oec": "other",
        "cord-blood-derived": "other",
        "other-stem-cell": "other",
    }
)

DEFAULT_THERAPY: Final[Mapping[str, str]] = MappingProxyType({"hsct": "ahsct", "msc": "msc", "other": "other-stem-cell"})
"""The therapy where the record tells the approach and no more; what is made from iPSC may be anything."""

APPROACH_RULES: Final = hsct.HSCT_RULES + hsct_implied.IMPLIED_RULES + msc.MSC_RULES + ipsc.IPSC_RULES + OTHER_RULES

TABLES: Final = (
    ms.CONDITION_RULES,
    (ms.IN_INCLUSION, ms.IN_BASKET_SUMMARY, ms.BROAD_UNVERIFIED),
    APPROACH_RULES,
    regimens.REGIMEN_RULES,
    regimens.REGIMEN_PAIRS,
    (hsct.ALLO_RULE,),
    msc.MSC_THERAPY_RULES,
    ipsc.IPSC_THERAPY_RULES,
    DONOR_RULES,
    donors.INFERRED_DONORS,
    SOURCE_RULES,
    ROUTE_RULES,
    ROLE_RULES,
)
RULES: Final = {rule.id: rule for table in TABLES for rule in table}
"""Every rule by its id, in order."""

_ROOMS: Final = (
    rule, products, ms, other_diseases, regimens, hsct, hsct_implied, sources, msc, ipsc, unsorted, other, guards, donors, routes, prose, around,
    roles,
)  # fmt: skip
"""Each after the rooms that it takes from."""


def _strays(kind: type) -> dict[str, Any]:
    """The values of a kind that stand in a room beside its rules, by room and name; one that several rooms use is its owner's alone."""
    found: dict[str, Any] = {}
    for room in _ROOMS:
        for name, value in vars(room).items():
            if name.isupper() and isinstance(value, kind) and all(value is not known for known in found.values()):
                found[f"{room.__name__.rpartition('.')[2]}.{name}"] = value
    return found


PATTERNS: Final = _strays(re.Pattern)
"""The patterns that belong to no rule, by room and name."""

SETS: Final = _strays(frozenset)
"""The sets of values that belong to no rule, by room and name."""
