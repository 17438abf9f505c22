"""Which therapy within an approach: the tissue of mesenchymal cells, the conditioning of a transplant."""

from __future__ import annotations

from typing import Final

from therapies import rules
from therapies.classifier.anchors import DETAIL, IPSC, Table
from therapies.classifier.approach import KIND_UNSAID
from therapies.classifier.cells import as_findings, heard
from therapies.classifier.reading import Hit, Reading
from therapies.evidence import SHOWN_AS_FACT, Finding
from therapies.rules import hsct, ipsc, msc, other_diseases, prose, regimens

_MSC_THERAPIES: Final = Table(DETAIL, msc.MSC_THERAPY_RULES)
_IPSC_THERAPIES: Final = Table(IPSC, ipsc.IPSC_THERAPY_RULES)
_OWN_CELLS: Final = hsct.CHANGED_CELLS | {hsct.MOBILISES}
_MSC_KINDS: Final = frozenset({"msc-np", "msc-ntf", "esc-msc"})
_IPSC_KINDS: Final = frozenset({"ipsc-msc", "ipsc-immune"})
"""What the cells are made into; it says more than the tissue that they are of, or than a word for nerve cells beside it."""
_REGIMENS: Final = Table(DETAIL, regimens.REGIMEN_RULES)
_REGIMEN_PAIRS: Final = tuple(Table(DETAIL, (rule,)) for rule in regimens.REGIMEN_PAIRS)


def therapies_of(
    reading: Reading,
    approach: str,
    role: str,
    hits: list[Hit],
    donors: tuple[Finding, ...],
    sources: tuple[Finding, ...],
    is_about_ms: bool,
) -> tuple[Finding, ...]:
    """The therapies that are stated, else the approach's own where it has one.

    Transplants for multiple sclerosis give people their own cells; elsewhere nobody guesses whose they are.
    """
    strongest = hits[0]
    if approach == "hsct" and not donors and strongest.rule.id not in _OWN_CELLS:
        if reading.names_disease(other_diseases.DONORS_DISEASE):
            return (_as_therapy(strongest, "allo-hsct", 0.6),)
        if not is_about_ms:
            return ()
    if approach == "hsct":
        stated = [] if strongest.rule.id in hsct.CHANGED_CELLS else _transplant_therapies(reading, donors)
    elif approach == "msc":
        stated = _kinds(heard(reading, _MSC_THERAPIES), _MSC_KINDS)
    elif approach == "ipsc":
        lines = role == "cell-line research"
        stated = [_as_therapy(strongest, "ipsc-lines")] if lines else _kinds(heard(reading, _IPSC_THERAPIES), _IPSC_KINDS)
    else:
        stated = _other_therapies(hits, sources)
    if stated:
        return tuple(stated)
    default = rules.DEFAULT_THERAPY.get(approach)
    if default is None:
        return ()
    known = approach == "msc" or (approach == "hsct" and any(donor.value == "autologous" for donor in donors))
    return (_as_therapy(strongest, default, 1.0 if known else 0.6),)


def _kinds(told: list[Hit], kinds: frozenset[str]) -> list[Finding]:
    """The findings that tell of one of these kinds; where none does, all."""
    return list(as_findings([hit for hit in told if hit.rule.value in kinds] or told))


def _other_therapies(hits: list[Hit], sources: tuple[Finding, ...]) -> list[Finding]:
    """The therapies of the fourth drawer: each by its own rule, words for stem cells of any kind only where nothing else is named."""
    leading = [hit for hit in hits if hit.confidence >= SHOWN_AS_FACT]
    leading = leading or [hit for hit in hits if hit.rule.id not in KIND_UNSAID][:1] or hits[:1]
    stated: dict[str, Finding] = {}
    for hit in leading:
        slug = rules.OTHER_THERAPY[hit.rule.id]
        stated.setdefault(slug, _as_therapy(hit, slug))
    if hits[0].rule.id == "other-stem-cells" and len(stated) == 1 and {source.value for source in sources} == {"cord blood"}:
        return [_as_therapy(hits[0], "cord-blood-derived")]
    return list(stated.values())


def _as_therapy(hit: Hit, slug: str, ceiling: float = 1.0) -> Finding:
    return Finding("therapy", slug, hit.rule.id, hit.field.name, hit.quote, round(min(hit.confidence, ceiling), 2))


def _transplant_therapies(reading: Reading, donors: tuple[Finding, ...]) -> list[Finding]:
    """The conditioning regimens of an autologous transplant, and the allogeneic one."""
    kinds = {donor.value: donor for donor in donors}
    stated: list[Finding] = []
    if "allogeneic" in kinds:
        donor = kinds["allogeneic"]
        stated.append(Finding("therapy", "allo-hsct", hsct.ALLO_RULE.id, donor.field, donor.quote, donor.confidence))
        if "autologous" not in kinds:
            return stated
    told = heard(reading, _REGIMENS, prose.CONDITIONED)
    told = [hit for hit in told if not (hit.rule.id.endswith("-together") and _is_part_of_another(hit, told))]
    if len({hit.field for hit in told}) == 1 and not _compares(told):
        told = [hit for hit in told if hit.rule.id != "cy-rituximab-together"] or told
    if reading.names_disease(other_diseases.CANCER):
        told = [hit for hit in told if hit.rule.id in hsct.REGIMENS_OF_CANCER]
    elif not told or reading.evidence.study_type == "OBSERVATIONAL":  # a register lists the drugs of all its regimens
        for pair in _REGIMEN_PAIRS:
            if apart := heard(reading, pair, prose.CONDITIONED):
                told = [*told, *apart]
                break
    conditioning = list(as_findings(told))
    if stated and not conditioning:
        donor = kinds["autologous"]
        conditioning = [Finding("therapy", "ahsct", donor.rule, donor.field, donor.quote, donor.confidence)]
    return conditioning + stated


def _is_part_of_another(hit: Hit, others: list[Hit]) -> bool:
    """Whether a pair of drugs only continues the list of drugs of a regimen that is named too."""
    apart = any(not other.rule.id.endswith("-together") for other in others)
    return apart and not _compares([other for other in others if other.field == hit.field])


def _compares(told: list[Hit]) -> bool:
    """Whether one text names regimens for different groups, by the words from the first to the last."""
    reading = told[0].reading
    return regimens.COMPARES.search(reading.low, min(hit.start for hit in told), max(hit.end for hit in told)) is not None
