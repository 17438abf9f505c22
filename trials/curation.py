"""Where the classifier and the curators meet: what is shown is worked out here, purely, from what each of them said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from therapies.evidence import Classification, Match


@dataclass(frozen=True, slots=True)
class Judgement:
    """A curator's standing word on one study; `field` is one of `Curation.Field`, the slugs name an approach or a therapy."""

    field: str
    approach: str = ""
    role: str = ""
    therapy: str = ""
    is_outdated: bool = False  # the record has changed since


@dataclass(frozen=True, slots=True)
class EffectiveApproach:
    """An approach as shown. `origin` is `classifier` or `curator`; a curator's word has confidence 1."""

    approach: str
    role: str
    donors: tuple[str, ...] = ()
    cell_sources: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    confidence: float = 1.0
    origin: str = "curator"


@dataclass(frozen=True, slots=True)
class Effective:
    approaches: tuple[EffectiveApproach, ...]
    therapies: tuple[str, ...]
    is_listed: bool
    review_reasons: tuple[str, ...]

    @property
    def needs_review(self) -> bool:
        return bool(self.review_reasons)


def resolve(classified: Classification, judgements: Iterable[Judgement] = ()) -> Effective:
    """Return what is shown: the classifier's facts, unless a curator has said otherwise. Later judgements override earlier ones.

    A statement below the bar is not shown until a curator confirms it; it puts the study on the review queue instead. So does a judgement
    that the record has since outrun, but that judgement goes on standing until the curator changes it.
    """
    judgements = tuple(judgements)
    confirmed = any(judgement.field == "confirm" for judgement in judgements)
    condition_holds = confirmed or (classified.condition is not None and classified.condition.is_fact)

    approaches: dict[str, EffectiveApproach] = {}
    therapies: list[str] = []
    reasons: list[str] = []
    undecided: set[str] = set()
    for match in classified.matches:
        if condition_holds and (confirmed or match.is_fact):
            approaches[match.approach.value] = _from_match(match, confirmed)
            therapies += [finding.value for finding in match.therapies if confirmed or finding.is_fact]
        else:
            undecided.add(match.approach.value)
    dropped: set[str] = set()
    for judgement in judgements:
        slug = judgement.approach
        if judgement.field == "approach":
            known = next((match for match in classified.matches if match.approach.value == slug), None)
            base = _from_match(known, True) if known else EffectiveApproach(slug, judgement.role)
            approaches[slug] = EffectiveApproach(slug, judgement.role, base.donors, base.cell_sources, base.routes)
            if known and slug in undecided:
                therapies += [finding.value for finding in known.therapies if finding.is_fact]
            undecided.discard(slug)
            condition_holds = True
        elif judgement.field == "not_approach":
            approaches.pop(slug, None)
            undecided.discard(slug)
            dropped.add(slug)
        elif judgement.field == "therapy":
            therapies.append(judgement.therapy)
        elif judgement.field == "not_therapy":
            therapies = [therapy for therapy in therapies if therapy != judgement.therapy]
    for match in classified.matches:
        if match.approach.value in dropped and match.approach.value not in approaches:
            ours = {finding.value for finding in match.therapies}
            asked = {judgement.therapy for judgement in judgements if judgement.field == "therapy"}
            therapies = [therapy for therapy in therapies if therapy not in ours or therapy in asked]

    is_hidden = any(judgement.field == "hide" for judgement in judgements)
    if not is_hidden:
        if undecided and not condition_holds:
            reasons.append("It is not certain that multiple sclerosis is studied.")
        if undecided and condition_holds:
            reasons.append(f"Below the bar: {', '.join(sorted(undecided))}.")
        if any(judgement.is_outdated for judgement in judgements):
            reasons.append("The record has changed since it was judged.")
    return Effective(
        approaches=tuple(approaches.values()),
        therapies=tuple(dict.fromkeys(therapies)),
        is_listed=bool(approaches) and not is_hidden,
        review_reasons=tuple(reasons),
    )


def _from_match(match: Match, confirmed: bool) -> EffectiveApproach:
    def facts(findings):
        return tuple(dict.fromkeys(finding.value for finding in findings if confirmed or finding.is_fact))

    return EffectiveApproach(
        approach=match.approach.value,
        role=match.role.value,
        donors=facts(match.donors),
        cell_sources=facts(match.cell_sources),
        routes=facts(match.routes),
        confidence=1.0 if confirmed else min(match.approach.confidence, match.role.confidence),
        origin="curator" if confirmed else "classifier",
    )
