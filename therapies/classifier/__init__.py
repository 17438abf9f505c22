"""What a study does with stem cells, told from its record by the rules in `therapies.rules`, with the words that say so.

`classify()` is pure and deterministic: the same Evidence gives the same Classification, and no file, clock or database is read. The rooms
here own how hits become an answer (which field is believed, what a context takes back, which approach explains words better); what the
words *are* stands in `therapies.rules`. Every quote is the named field's text, verbatim. The rooms: `anchors` and `reading` (texts),
`condition`, `approach`, `role`, `cells`, `therapy`, and `version`.
"""

from __future__ import annotations

from therapies.classifier.approach import approaches_of
from therapies.classifier.cells import donors_of, routes_of, sources_of
from therapies.classifier.condition import condition_of
from therapies.classifier.reading import Reading
from therapies.classifier.role import role_of
from therapies.classifier.therapy import therapies_of
from therapies.classifier.version import VERSION
from therapies.evidence import Classification, Evidence, Match

__all__ = ["VERSION", "classify"]


def classify(evidence: Evidence) -> Classification:
    """Say what a study does with stem cells and whether multiple sclerosis is what it studies.

    Any text is answered, in time linear in its length. Matches come in the order hsct, msc, ipsc, other. A match is made whatever the
    condition, so that a neighbouring disease can be explained; `Classification.in_scope` asks for both.
    """
    reading = Reading(evidence)
    condition = condition_of(reading)
    accepted, mentions = approaches_of(reading, condition is not None)
    matches = []
    for approach, hits in accepted.items():
        role = role_of(reading, approach, hits)
        donors = donors_of(reading, approach, hits[0])
        sources = sources_of(reading, approach, role.value)
        matches.append(
            Match(
                approach=hits[0].finding(),
                role=role,
                therapies=therapies_of(reading, approach, role.value, hits, donors, sources, condition is not None),
                donors=donors,
                cell_sources=sources,
                routes=routes_of(reading, approach),
            )
        )
    return Classification(condition, tuple(matches), tuple(mentions))
