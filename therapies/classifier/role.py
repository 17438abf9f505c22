"""What a study does with an approach, asked in the order of `rules.ROLE_RULES`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Final

from therapies import rules
from therapies.classifier.anchors import APPROACH, ROLE, Table, readable
from therapies.classifier.reading import PROSE, Field, Hit, Reading, is_for_graft, is_of_people, lower, sentence_of
from therapies.evidence import Finding
from therapies.rules import NAMED, Rule, around, hsct, regimens, roles

ROLES: Final = Table(ROLE, rules.ROLE_RULES)


class Case:
    """One approach of one study: what the questions about its role share."""

    def __init__(self, reading: Reading, approach: str, hits: list[Hit]):
        self.reading = reading
        self.evidence = reading.evidence
        self.is_transplant = approach == "hsct"
        self.approach = approach
        self.hits = hits
        self.strongest = hits[0]
        self.in_names = [hit for hit in hits if hit.tier in ("intervention", "arm") and not (self.is_transplant and _is_setting(hit))]
        self.in_titles = [hit for hit in hits if hit.tier == "title"]
        self.titles = reading.titles
        self._given = reading.range(frozenset({"intervention"}) if self.evidence.interventions else NAMED)

    def state(self, rule: Rule, field: str, quote: str, confidence: float = 0.9) -> Finding:
        least = min(confidence, rule.ceiling, max(self.strongest.confidence, 0.3))
        return Finding("role", rule.value, rule.id, field, quote, round(least, 2))

    def by_strongest(self, rule: Rule, confidence: float) -> Finding:
        return self.state(rule, self.strongest.field.name, self.strongest.quote, confidence)

    def in_title(self, rule: Rule, field: Field, found: re.Match[str], confidence: float) -> Finding:
        """The words that a pattern found in a title."""
        return self.state(rule, field.name, self.reading.document[slice(*found.span())].strip(), confidence)

    def gives_only(self, pattern: re.Pattern[str]) -> bool:
        """Whether interventions are listed, and all are such."""
        listed = self.evidence.interventions
        return bool(listed) and all(pattern.search(lower(item.name)) for item in listed)

    @cached_property
    def treats(self) -> bool:
        return roles.TREATS.search(self.titles) is not None

    @cached_property
    def gives_product(self) -> bool:
        """Whether a trial of treatment lists what may be cells under a name that does not say so."""
        evidence = self.evidence
        given = (item for item in evidence.interventions if item.type in roles.PRODUCTS and not roles.TAKES.search(lower(item.name)))
        return evidence.study_type == "INTERVENTIONAL" and evidence.primary_purpose == "TREATMENT" and any(given)

    @cached_property
    def makes_room(self) -> bool:
        """Whether drugs or rays are given that nobody has without a transplant."""
        return regimens.MAKES_ROOM.search(self.reading.low, *self._given) is not None

    @cached_property
    def conditions(self) -> bool:
        """Whether drugs are given that may make room for a transplant."""
        if self.evidence.interventions:
            return regimens.CONDITIONING.search(self.reading.low, *self._given) is not None
        return self.reading.names(regimens.STRONG_CONDITIONING)

    @cached_property
    def is_around(self) -> bool:
        """Whether a title puts something before, after or beside the transplant, and no name gives it."""
        return self.is_transplant and not self.in_names and any(map(_is_setting, self.in_titles))

    @cached_property
    def may_follow(self) -> bool:
        is_spoken_of = not self.is_given or "follow" in self.titles or "extension" in self.titles
        return is_spoken_of and not (self.conditions and self.is_transplant)

    @cached_property
    def is_given(self) -> bool:
        return bool(self.in_names or (self.strongest.tier == "description" and self.evidence.interventions))

    @cached_property
    def gives_cells(self) -> bool:
        """Whether a name is the transplant's, or a title tells of cells beside what came before."""
        if self.in_names or around.WITH_SUPPORT.search(self.titles) or roles.GRAFTS_COMPARED.search(self.titles):
            return True
        return self.is_transplant and not self.evidence.interventions and roles.AGAIN.search(self.titles) is not None


def role_of(reading: Reading, approach: str, hits: list[Hit]) -> Finding:
    """What the study does with the approach: the first answer to the questions below; treatment where nothing says otherwise."""
    case = Case(reading, approach, hits)
    for ask in _QUESTIONS:
        if (found := ask(case)) is not None:
            return found
    return case.by_strongest(roles.ROLE_TREATMENT, 0.95)


def _lines(case: Case) -> Finding | None:
    """Whether cells or lines are made for the laboratory."""
    observes = case.evidence.study_type == "OBSERVATIONAL"
    is_told = case.strongest.tier in PROSE and not case.evidence.interventions
    if case.approach == "ipsc" and is_told and roles.ROLE_LINES.pattern.search(sentence_of(case.strongest)):
        return case.by_strongest(roles.ROLE_LINES, 0.6)
    if (case.approach == "ipsc" and not case.gives_product) or (case.approach == "other" and case.strongest.rule.id == "other-cell-free"):
        if observes and (case.approach == "ipsc" or not case.treats):
            return case.state(roles.ROLE_LINES, "study_type", "OBSERVATIONAL", 0.9 if case.approach == "ipsc" else 0.6)
        if not case.in_names:
            for hit in case.reading.hits(roles.ROLE_LINES, ROLES, NAMED):
                return case.state(roles.ROLE_LINES, hit.field.name, hit.quote, 0.85)
    if case.approach == "msc" and not case.in_names and not case.treats and roles.BANKS.search(case.titles):
        return _laboratory(case)
    return None


def _laboratory(case: Case) -> Finding | None:
    for hit in case.reading.hits(roles.ROLE_LABORATORY, ROLES, NAMED):
        return case.state(roles.ROLE_LABORATORY, hit.field.name, hit.quote, 0.7)
    return None


def _declared(case: Case) -> Finding | None:
    """Whether the record's type of study, of intervention or its summary's first words say it."""
    evidence = case.evidence
    is_access = evidence.study_type == "EXPANDED_ACCESS" and not case.gives_only(around.SUPPORTS)
    if is_access and not (case.is_around and evidence.interventions):
        return case.state(roles.ROLE_EXPANDED_ACCESS, "study_type", "EXPANDED_ACCESS")
    if evidence.study_type == "OBSERVATIONAL":
        looks = case.gives_only(roles.TAKES) or not case.treats
        return (_laboratory(case) if looks else None) or case.state(roles.ROLE_OBSERVATIONAL, "study_type", "OBSERVATIONAL")
    if not evidence.study_type and (called := roles.CALLED_OBSERVATIONAL.search(lower(evidence.brief_summary))):
        return case.state(roles.ROLE_OBSERVATIONAL, "brief_summary", evidence.brief_summary[slice(*called.span())])
    if (
        (case.is_transplant or not case.in_names)
        and evidence.interventions
        and all(around.ROLE_CARE.pattern.search(lower(item.type)) for item in evidence.interventions)
    ):
        return case.state(around.ROLE_CARE, "interventions[0].type", evidence.interventions[0].type, 0.75)
    if case.strongest.tier == "outcome" and evidence.interventions:
        return case.by_strongest(around.ROLE_OUTCOME, 0.9)
    return None


def _of_people(case: Case) -> Finding | None:
    """Whether a summary names the transplant as one that people have anyway."""
    if not case.is_transplant:
        return None
    is_about_regimen = regimens.CONDITIONS.search(case.titles) and not around.COMPLICATION.search(case.titles)
    if not case.in_titles and not case.makes_room and not is_about_regimen and any(map(is_of_people, case.hits)):
        return case.by_strongest(around.ROLE_SUPPORTIVE, 0.5)
    if case.evidence.interventions and is_for_graft(case.strongest) and not case.conditions:
        return case.by_strongest(around.ROLE_SUPPORTIVE, 0.5)
    return None


def _mobilised(case: Case) -> Finding | None:
    """Whether cells are only collected for a transplant that comes later."""
    if not case.is_transplant or case.in_names or case.makes_room:
        return None
    if around.MOBILISES.search(case.titles):
        for hit in case.in_titles:
            if later := around.FOR_LATER.search(hit.lead):
                return case.state(around.ROLE_SUPPORTIVE, hit.field.name, _words(hit, later), 0.8)
    if case.strongest.rule.id == hsct.MOBILISES:
        return case.by_strongest(around.ROLE_SUPPORTIVE, 0.75)
    return None


def _compared(case: Case) -> Finding | None:
    arm = _comparator_arm(case.reading, case.approach, case.in_titles)
    if arm:
        return case.state(roles.ROLE_COMPARATOR_ARM, *arm)
    for field in case.reading.fields("title") if case.is_transplant else ():
        if first := roles.ENGINEERED_FIRST.search(case.reading.low, field.start, field.end):
            return case.in_title(roles.ROLE_COMPARATOR_TITLE, field, first, 0.75)
    return None


def _cared_for(case: Case) -> Finding | None:
    if not case.is_around or case.makes_room:
        return None
    for field in case.reading.fields("title"):
        if care := around.CARES.search(case.reading.low, field.start, field.end):
            return case.in_title(around.ROLE_CARE, field, care, 0.75)
    return None


def _followed(case: Case) -> Finding | None:
    for hit in case.reading.hits(roles.ROLE_FOLLOW_UP, ROLES, roles.ROLE_FOLLOW_UP.where) if case.may_follow else ():
        if roles.ROLE_FOLLOW_UP_BOTH.search(case.reading.low, hit.field.start, hit.field.end):
            continue
        if case.is_given and "follow" not in hit.quote.lower() and "extension" not in hit.quote.lower():
            return None
        return case.state(roles.ROLE_FOLLOW_UP, hit.field.name, hit.quote, 0.8)
    return None


def _watched(case: Case) -> Finding | None:
    """Whether transplanted people are asked or looked at, by a title, and nothing is given."""
    gives = case.evidence.interventions and not case.gives_only(roles.TAKES)
    if not case.is_transplant or not case.in_titles or not case.may_follow or gives or case.strongest.rule.id == around.CHIMERISM:
        return None
    for field in case.reading.fields("title"):
        place = (case.reading.low, field.start, field.end)
        asked = around.WATCHED.search(*place) or (around.WATCHED_AROUND.search(*place) if case.is_around else None)
        if asked and not around.INTERVENES.search(*place):
            return case.in_title(around.ROLE_WATCHED, field, asked, 0.7)
    return None


def _helped(case: Case) -> Finding | None:
    return case.by_strongest(around.ROLE_SUPPORTIVE, 0.75) if case.is_transplant and case.gives_only(around.SUPPORTS) else None


def _around_with_regimen(case: Case) -> Finding | None:
    """Whether a title puts what is given around the transplant, though drugs are named that may make room for it."""
    if case.gives_cells or not case.conditions:
        return None
    prevents = rules.RULES[around.PREVENTS].pattern.search(case.titles) and not regimens.MAKES_ROOM.search(case.titles)
    heals = prevents or around.COMPLICATION.search(case.titles)
    for hit in case.in_titles if heals or not case.makes_room else ():
        if not prevents and around.PART_OF_GRAFT.match(hit.trail):
            continue
        led = around.ROLE_SUPPORTIVE.pattern.search(hit.lead)
        if led and (heals or around.AFTERWARDS.match(led.group())):
            return case.state(around.ROLE_SUPPORTIVE, hit.field.name, _words(hit, led), 0.8)
    return None


def _around(case: Case) -> Finding | None:
    """Whether a title compares another treatment with it, or puts what is given around it."""
    evidence = case.evidence
    if case.gives_cells or case.conditions:
        return None
    if case.strongest.rule.id == around.PREVENTS:
        return case.by_strongest(around.ROLE_SUPPORTIVE, 0.7)
    for hit in case.in_titles:
        if around.PART_OF_GRAFT.match(hit.trail):
            continue
        versus = roles.ROLE_COMPARATOR_TITLE.pattern.search(hit.lead)
        if versus and not any(known.search(hit.lead[: versus.start()]) for known in (roles.USUAL_CARE, roles.BOTH_ARE_CELLS)):
            return case.state(roles.ROLE_COMPARATOR_TITLE, hit.field.name, _words(hit, versus), 0.75)
        led = around.ROLE_SUPPORTIVE.pattern.search(hit.lead)
        if led and evidence.primary_purpose in roles.LOOKS:
            return case.state(roles.ROLE_DIAGNOSTIC, "primary_purpose", evidence.primary_purpose)
        if led:
            return case.state(around.ROLE_SUPPORTIVE, hit.field.name, _words(hit, led), 0.8)
        intervenes = evidence.interventions or evidence.study_type == "INTERVENTIONAL"
        if case.is_transplant and intervenes and around.OF_PEOPLE.match(hit.trail):
            return case.state(around.ROLE_SUPPORTIVE, hit.field.name, hit.quote, 0.75)
    if case.is_transplant and case.in_titles and around.PREVENTS_COMPLICATION.search(case.titles):
        return case.by_strongest(around.ROLE_SUPPORTIVE, 0.7)
    if case.in_titles and evidence.interventions and evidence.primary_purpose in ("SUPPORTIVE_CARE", "PREVENTION"):
        return case.state(around.ROLE_SUPPORTIVE_PURPOSE, "primary_purpose", evidence.primary_purpose)
    if case.in_titles and evidence.interventions and evidence.primary_purpose in roles.LOOKS:
        return case.state(roles.ROLE_DIAGNOSTIC, "primary_purpose", evidence.primary_purpose)
    return None


_QUESTIONS: Final[tuple[Callable[[Case], Finding | None], ...]] = (
    _lines,
    _declared,
    _of_people,
    _mobilised,
    _compared,
    _cared_for,
    _followed,
    _watched,
    _helped,
    _around_with_regimen,
    _around,
)


def _is_setting(hit: Hit) -> bool:
    """Whether a name puts what is given after a transplant, or names the people who had one."""
    return around.ROLE_SUPPORTIVE.pattern.search(hit.lead) is not None or around.OF_PEOPLE.match(hit.trail) is not None


def _words(hit: Hit, found: re.Match[str]) -> str:
    """What a pattern found in the words that lead up to a hit, as the field has it."""
    offset = hit.start - len(hit.lead)
    return hit.reading.document[offset + found.start() : offset + found.end()].strip()


def _comparator_arm(reading: Reading, approach: str, in_titles: list[Hit]) -> tuple[str, str, float] | None:
    """The arm that shows the approach to be only what another treatment is compared with: (field, quote, confidence), or None."""
    arms = reading.evidence.arms
    if not {"EXPERIMENTAL", "ACTIVE_COMPARATOR"} <= {arm.type for arm in arms}:
        return None
    holding: list[int] = []
    for number, arm in enumerate(arms):
        text = lower(" | ".join((arm.label, arm.description, *arm.intervention_names)))
        places = APPROACH.places(readable(text))
        held = {
            rule.value
            for rule in rules.APPROACH_RULES
            if not places.keys().isdisjoint(rule.anchors) and rule.pattern.search(text) and reading.supports(rule)
        }
        if arm.type == "EXPERIMENTAL" and held:
            return None  # it is given there, or other cells are: both are tested
        if approach in held:
            holding.append(number)
    if not holding:
        return None
    first = arms[holding[0]]
    if first.type != "ACTIVE_COMPARATOR" or not first.label:
        return None
    subject = any(not roles.ROLE_COMPARATOR_TITLE.pattern.search(hit.lead) for hit in in_titles)
    return f"arms[{holding[0]}].label", first.label, 0.6 if subject else 0.8
