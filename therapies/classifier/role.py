"""What a study does with an approach, asked in the order of `rules.ROLE_RULES`."""

from __future__ import annotations

import re
from typing import Final

from therapies import rules
from therapies.classifier.anchors import APPROACH, ROLE, Table, readable
from therapies.classifier.reading import PROSE, Hit, Reading, is_for_graft, is_of_people, lower, sentence_of
from therapies.evidence import Finding
from therapies.rules import NAMED, Rule, regimens, roles

ROLES: Final = Table(ROLE, rules.ROLE_RULES)


def role_of(reading: Reading, approach: str, hits: list[Hit]) -> Finding:
    """What the study does with the approach. Asked in the order of `rules.ROLE_RULES`; treatment where nothing says otherwise."""
    evidence = reading.evidence
    strongest = hits[0]
    in_names = [hit for hit in hits if hit.tier in ("intervention", "arm") and not (approach == "hsct" and _is_setting(hit))]
    in_titles = [hit for hit in hits if hit.tier == "title"]

    def state(rule: Rule, field: str, quote: str, confidence: float = 0.9) -> Finding:
        return Finding("role", rule.value, rule.id, field, quote, round(min(confidence, rule.ceiling, max(strongest.confidence, 0.3)), 2))

    titles = lower(f"{evidence.brief_title}\n{evidence.official_title}")
    treats = roles.TREATS.search(titles) is not None
    is_told = strongest.tier in PROSE and not evidence.interventions
    if approach == "ipsc" and is_told and roles.ROLE_LINES.pattern.search(sentence_of(strongest)):
        return state(roles.ROLE_LINES, strongest.field.name, strongest.quote, 0.6)
    if approach == "ipsc" or (approach == "other" and strongest.rule.id == "other-cell-free"):
        if evidence.study_type == "OBSERVATIONAL" and (approach == "ipsc" or not treats):
            return state(roles.ROLE_LINES, "study_type", "OBSERVATIONAL", 0.9 if approach == "ipsc" else 0.6)
        if not in_names:
            for hit in reading.hits(roles.ROLE_LINES, ROLES, NAMED):
                return state(roles.ROLE_LINES, hit.field.name, hit.quote, 0.85)

    if (
        approach == "msc"
        and not in_names
        and not treats
        and roles.BANKS.search(lower(f"{evidence.brief_title}\n{evidence.official_title}"))
    ):
        for hit in reading.hits(roles.ROLE_LABORATORY, ROLES, NAMED):
            return state(roles.ROLE_LABORATORY, hit.field.name, hit.quote, 0.7)

    if evidence.study_type == "EXPANDED_ACCESS":
        return state(roles.ROLE_EXPANDED_ACCESS, "study_type", "EXPANDED_ACCESS")
    if evidence.study_type == "OBSERVATIONAL":
        taken = evidence.interventions and all(roles.TAKES.search(lower(item.name)) for item in evidence.interventions)
        for hit in reading.hits(roles.ROLE_LABORATORY, ROLES, NAMED) if taken or not treats else ():
            return state(roles.ROLE_LABORATORY, hit.field.name, hit.quote, 0.7)
        return state(roles.ROLE_OBSERVATIONAL, "study_type", "OBSERVATIONAL")

    if not evidence.study_type and (called := roles.CALLED_OBSERVATIONAL.search(lower(evidence.brief_summary))):
        return state(roles.ROLE_OBSERVATIONAL, "brief_summary", evidence.brief_summary[slice(*called.span())])

    if not in_names and evidence.interventions and all(roles.ROLE_CARE.pattern.search(lower(item.type)) for item in evidence.interventions):
        return state(roles.ROLE_CARE, "interventions[0].type", evidence.interventions[0].type, 0.75)

    if strongest.tier == "outcome" and evidence.interventions:
        return state(roles.ROLE_OUTCOME, strongest.field.name, strongest.quote)

    given = reading.range(frozenset({"intervention"})) if evidence.interventions else reading.range(NAMED)
    makes_room = regimens.MAKES_ROOM.search(reading.low, *given) is not None
    if approach == "hsct" and not in_titles and not makes_room and any(is_of_people(hit) for hit in hits):
        return state(roles.ROLE_SUPPORTIVE, strongest.field.name, strongest.quote, 0.5)
    has_room_made = regimens.CONDITIONING.search(reading.low, *given) is not None
    if approach == "hsct" and evidence.interventions and is_for_graft(strongest) and not has_room_made:
        return state(roles.ROLE_SUPPORTIVE, strongest.field.name, strongest.quote, 0.5)

    if approach == "hsct" and not in_names and not makes_room and roles.MOBILISES.search(titles):
        for hit in in_titles:
            if later := roles.FOR_LATER.search(hit.lead):
                return state(roles.ROLE_SUPPORTIVE, hit.field.name, _words(hit, later), 0.8)

    comparator = _comparator_arm(reading, approach, in_titles)
    if comparator is not None:
        return state(roles.ROLE_COMPARATOR_ARM, *comparator)

    around = approach == "hsct" and not in_names and any(map(_is_setting, in_titles))
    if around and not makes_room:
        for field in reading.fields("title"):
            if care := roles.CARES.search(reading.low, field.start, field.end):
                return state(roles.ROLE_CARE, field.name, reading.document[care.start() : care.end()], 0.75)

    if evidence.interventions:
        conditioning = regimens.CONDITIONING.search(reading.low, *reading.range(frozenset({"intervention"}))) is not None
    else:
        conditioning = reading.names(regimens.STRONG_CONDITIONING)
    is_given = in_names or (strongest.tier == "description" and evidence.interventions)
    may_follow = (not is_given or "follow" in titles or "extension" in titles) and not (conditioning and approach == "hsct")
    for hit in reading.hits(roles.ROLE_FOLLOW_UP, ROLES, roles.ROLE_FOLLOW_UP.where) if may_follow else ():
        if not roles.ROLE_FOLLOW_UP_BOTH.search(reading.low, hit.field.start, hit.field.end):
            if not is_given or "follow" in hit.quote.lower() or "extension" in hit.quote.lower():
                return state(roles.ROLE_FOLLOW_UP, hit.field.name, hit.quote, 0.8)
            break

    if may_follow and approach == "hsct" and in_titles and _lists_nothing(reading):
        for field in reading.fields("title"):
            place = (reading.low, field.start, field.end)
            asked = roles.WATCHED.search(*place) or (around and roles.WATCHED_AROUND.search(*place))
            if asked and not roles.INTERVENES.search(*place):
                return state(roles.ROLE_WATCHED, field.name, reading.document[slice(*asked.span())], 0.7)

    if approach == "hsct" and evidence.interventions and all(roles.SUPPORTS.search(lower(item.name)) for item in evidence.interventions):
        return state(roles.ROLE_SUPPORTIVE, strongest.field.name, strongest.quote, 0.75)

    gives_again = approach == "hsct" and not evidence.interventions and roles.AGAIN.search(titles)
    gives_again = gives_again or roles.WITH_SUPPORT.search(titles) or roles.GRAFTS_COMPARED.search(titles)
    if not in_names and not gives_again:
        prevents = rules.RULES[roles.PREVENTS].pattern.search(titles) and not regimens.MAKES_ROOM.search(titles)
        for hit in in_titles if conditioning and (prevents or not makes_room or roles.COMPLICATION.search(titles)) else ():
            led = roles.ROLE_SUPPORTIVE.pattern.search(hit.lead)
            if led and (prevents or roles.AFTERWARDS.match(led.group()) or roles.COMPLICATION.search(titles)):
                return state(roles.ROLE_SUPPORTIVE, hit.field.name, _words(hit, led), 0.8)
    if not in_names and not conditioning and not gives_again:
        if strongest.rule.id == roles.PREVENTS:
            return state(roles.ROLE_SUPPORTIVE, strongest.field.name, strongest.quote, 0.7)
        for hit in in_titles:
            if roles.PART_OF_GRAFT.match(hit.trail):
                continue
            versus = roles.ROLE_COMPARATOR_TITLE.pattern.search(hit.lead)
            if versus and not any(known.search(hit.lead[: versus.start()]) for known in (roles.USUAL_CARE, roles.BOTH_ARE_CELLS)):
                return state(roles.ROLE_COMPARATOR_TITLE, hit.field.name, _words(hit, versus), 0.75)
            led = roles.ROLE_SUPPORTIVE.pattern.search(hit.lead)
            if (
                not led
                and approach == "hsct"
                and roles.OF_PEOPLE.match(hit.trail)
                and (evidence.interventions or evidence.study_type == "INTERVENTIONAL")
            ):
                return state(roles.ROLE_SUPPORTIVE, hit.field.name, hit.quote, 0.75)
            if led:
                if evidence.primary_purpose in ("DIAGNOSTIC", "BASIC_SCIENCE", "SCREENING"):
                    return state(roles.ROLE_DIAGNOSTIC, "primary_purpose", evidence.primary_purpose)
                return state(roles.ROLE_SUPPORTIVE, hit.field.name, _words(hit, led), 0.8)
        if in_titles and evidence.interventions:
            if evidence.primary_purpose in ("SUPPORTIVE_CARE", "PREVENTION"):
                return state(roles.ROLE_SUPPORTIVE_PURPOSE, "primary_purpose", evidence.primary_purpose)
            if evidence.primary_purpose in ("DIAGNOSTIC", "BASIC_SCIENCE", "SCREENING"):
                return state(roles.ROLE_DIAGNOSTIC, "primary_purpose", evidence.primary_purpose)
    return state(roles.ROLE_TREATMENT, strongest.field.name, strongest.quote, 0.95)


def _lists_nothing(reading: Reading) -> bool:
    """Whether no intervention is listed but what takes something from people or asks them."""
    return all(roles.TAKES.search(lower(item.name)) for item in reading.evidence.interventions)


def _is_setting(hit: Hit) -> bool:
    """Whether a name puts what is given after a transplant, or names the people who had one."""
    return roles.ROLE_SUPPORTIVE.pattern.search(hit.lead) is not None or roles.OF_PEOPLE.match(hit.trail) is not None


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
