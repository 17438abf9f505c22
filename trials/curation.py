"""Where the classifier and the curators meet: what is shown is worked out here, purely, from what each of them said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from therapies.evidence import Classification, Match

CHANGED = "Changed since it was judged"
RULES_CHANGED = "The rules now say"
DISEASE_UNCERTAIN = "It is not certain that multiple sclerosis is studied"
BELOW_BAR = "Below the bar"
NEW_IN_SCOPE = "New in scope"
"""How the sentences begin that say why a study waits for a curator."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An approach with its role and what goes with it, as the classifier gave it or a curator confirmed it."""

    approach: str
    role: str
    therapies: tuple[str, ...] = ()
    donors: tuple[str, ...] = ()
    cell_sources: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()

    def __str__(self):
        return f"{self.approach} ({', '.join([self.role, *self.therapies])})"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A curator's standing word on one study; `field` is one of `Curation.Field`, the slugs name an approach or a therapy.

    `changed` names the fields it rested on that read otherwise in the record now; a confirmation says in `confirmed` what was confirmed.
    """

    field: str
    approach: str = ""
    role: str = ""
    therapy: str = ""
    confirmed: tuple[Statement, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, str]:
        """What it settles: of two judgements about the same thing the later one stands."""
        return (self.field.removeprefix("not_"), self.approach or self.therapy)


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


def statements_of(classified: Classification) -> tuple[Statement, ...]:
    """The classifier's whole answer, also what is below the bar: what a curator confirms who says that it is right."""
    return tuple(_statement(match) for match in classified.matches)


def statements_from(findings: Iterable[Mapping]) -> tuple[Statement, ...]:
    """The same from findings that were stored as objects with `approach`, `kind` and `value`, in the classifier's order."""
    said: dict[str, dict[str, list[str]]] = {}
    for finding in findings:
        if finding["approach"]:
            said.setdefault(finding["approach"], {}).setdefault(finding["kind"], []).append(finding["value"])
    return tuple(
        Statement(
            approach=approach,
            role=kinds["role"][0],
            therapies=tuple(dict.fromkeys(kinds.get("therapy", ()))),
            donors=tuple(dict.fromkeys(kinds.get("donor", ()))),
            cell_sources=tuple(dict.fromkeys(kinds.get("cell_source", ()))),
            routes=tuple(dict.fromkeys(kinds.get("route", ()))),
        )
        for approach, kinds in said.items()
    )


def standing(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The judgements without those whose place a later one has taken; a confirmation takes that of all but an exclusion."""
    last: dict[tuple[str, str], Judgement] = {}
    for judgement in judgements:
        if judgement.field == "confirm":
            last = {about: other for about, other in last.items() if other.field == "hide"}
        last.pop(judgement.about, None)
        last[judgement.about] = judgement
    return tuple(last.values())


def answer(classified: Classification, roles: Mapping[str, str], therapies: Collection[str]) -> tuple[Judgement, ...]:
    """The judgements that make exactly this what is shown, whatever the classifier says: `roles` by approach, therapies by slug.

    A confirmation where the classifier says the same; `()` where neither says anything.
    """
    said = statements_of(classified)
    if (
        said
        and {item.approach: item.role for item in said} == dict(roles)
        and {slug for item in said for slug in item.therapies} == {*therapies}
    ):
        return (Judgement("confirm"),)
    shown = {slug for item in said if item.approach in roles for slug in item.therapies}
    return (
        *(Judgement("approach", approach=slug, role=role) for slug, role in roles.items()),
        *(Judgement("not_approach", approach=item.approach) for item in said if item.approach not in roles),
        *(Judgement("therapy", therapy=slug) for slug in sorted(therapies)),
        *(Judgement("not_therapy", therapy=slug) for slug in sorted(shown - {*therapies})),
    )


def resolve(classified: Classification, judgements: Iterable[Judgement] = (), is_new: bool = False, takes_all: bool = False) -> Effective:
    """Return what is shown: the classifier's facts, unless a curator has said otherwise. Later judgements override earlier ones.

    A statement below the bar is not shown until a curator confirms it; it puts the study on the review queue instead. So does a study that
    has newly come into scope (`is_new`) and that nobody has judged, a judgement whose ground in the record has changed, and a confirmation
    of something else than what the classifier says now. Those judgements go on standing until a curator changes them.

    With `takes_all` a study is listed whatever it tests.
    """
    if not (classified.matches or judgements or is_new):
        return Effective((), (), takes_all, ())  # as of most studies of the registry
    judgements = standing(judgements)
    confirmation = next((judgement for judgement in judgements if judgement.field == "confirm"), None)
    confirmed = {statement.approach: statement for statement in confirmation.confirmed} if confirmation else {}
    condition_holds = confirmation is not None or (classified.condition is not None and classified.condition.is_fact)

    approaches = {slug: EffectiveApproach(slug, said.role, said.donors, said.cell_sources, said.routes) for slug, said in confirmed.items()}
    therapies = [therapy for said in confirmed.values() for therapy in said.therapies]
    undecided: set[str] = set()
    for match in classified.matches:
        slug = match.approach.value
        if slug in confirmed:
            continue
        if condition_holds and match.is_fact:
            approaches[slug] = _as_fact(match)
            therapies += [finding.value for finding in match.therapies if finding.is_fact]
        else:
            undecided.add(slug)
    dropped: set[str] = set()
    for judgement in judgements:
        slug = judgement.approach
        if judgement.field == "approach":
            known = next((match for match in classified.matches if match.approach.value == slug), None)
            base = _statement(known) if known else approaches.get(slug, EffectiveApproach(slug, judgement.role))
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
    asked = {judgement.therapy for judgement in judgements if judgement.field == "therapy"}
    for said in (*statements_of(classified), *confirmed.values()):
        if said.approach in dropped and said.approach not in approaches:
            therapies = [therapy for therapy in therapies if therapy not in said.therapies or therapy in asked]

    is_hidden = any(judgement.field == "hide" for judgement in judgements)
    reasons: list[str] = []
    if not is_hidden:
        if undecided and not condition_holds:
            reasons.append(f"{DISEASE_UNCERTAIN}.")
        if undecided and condition_holds:
            reasons.append(f"{BELOW_BAR}: {', '.join(sorted(undecided))}.")
        if confirmation and _answer(confirmation.confirmed) != _answer(statements_of(classified)):
            now, then = (", ".join(map(str, said)) or "nothing" for said in (statements_of(classified), confirmation.confirmed))
            reasons.append(f"{RULES_CHANGED} {now}, where {then} was confirmed.")
        if is_new and not judgements:
            reasons.append(f"{NEW_IN_SCOPE}.")
    if changed := dict.fromkeys(name for judgement in judgements for name in judgement.changed):
        reasons.append(f"{CHANGED}: {', '.join(name.replace('_', ' ') for name in changed)}.")
    return Effective(
        approaches=tuple(approaches.values()),
        therapies=tuple(dict.fromkeys(therapies)),
        is_listed=(takes_all or bool(approaches)) and not is_hidden,
        review_reasons=tuple(reasons),
    )


def _values(findings, only_facts: bool = False) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.value for finding in findings if finding.is_fact or not only_facts))


def _statement(match: Match) -> Statement:
    return Statement(
        approach=match.approach.value,
        role=match.role.value,
        therapies=_values(match.therapies),
        donors=_values(match.donors),
        cell_sources=_values(match.cell_sources),
        routes=_values(match.routes),
    )


def _as_fact(match: Match) -> EffectiveApproach:
    return EffectiveApproach(
        approach=match.approach.value,
        role=match.role.value,
        donors=_values(match.donors, only_facts=True),
        cell_sources=_values(match.cell_sources, only_facts=True),
        routes=_values(match.routes, only_facts=True),
        confidence=min(match.approach.confidence, match.role.confidence),
        origin="classifier",
    )


def _answer(statements: Iterable[Statement]) -> set:
    """What must stay the same for a confirmation to hold; donors, sources and routes are refined more often than they turn."""
    return {(said.approach, said.role, frozenset(said.therapies)) for said in statements}
