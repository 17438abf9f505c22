"""Which approaches a study takes: the hits that count, and what takes the others back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from therapies import rules
from therapies.classifier.anchors import APPROACH, Table
from therapies.classifier.reading import LEAD, PROSE, Hit, Reading, is_own, lower, rank, sentence_of, takes_people
from therapies.classifier.role import ROLES
from therapies.evidence import SHOWN_AS_FACT, Finding
from therapies.rules import CLASSIFYING, CONFIDENCE, NAMED, Guard, Rule, around, other_diseases, prose, regimens, roles

_MOST_MENTIONS: Final = 12
KIND_UNSAID: Final = frozenset({"other-stem-cells", "other-stem-cells-spoken-of"})
"""Rules that name stem cells of any kind."""
_SPOKEN_OF: Final = "other-stem-cells-spoken-of"
_LEAST_CLAIM: Final = 0.45
_RARE: Final = frozenset({"other-named", "other-selected-blood-cells"})
"""Rules whose words are spoken of more often than given: running text must say that it is this study's aim."""
_TOLD_IN_PROSE: Final = frozenset({"hsct-product", "hsct-gene-therapy"})
"""Rules whose words speak of what is given even where only running text holds them: a code is all that such a record's names have."""
_TELL_KIND: Final = (rules.RULES["msc-named"], rules.RULES["msc-adipose"])
_PLAIN: Final = tuple(rule for rule in rules.APPROACH_RULES if not rule.yields_to)
_YIELDING: Final = tuple(rule for rule in rules.APPROACH_RULES if rule.yields_to)
_ROUNDS: Final = (
    NAMED,
    frozenset({"description"}),
    frozenset({"keyword"}),
    frozenset({"summary"}),
    frozenset({"detail"}),
    frozenset({"outcome"}),
    frozenset({"criteria"}),
)
"""Where approaches are looked for. A later round is read only while nothing is certain: it could add only mentions."""
_BESIDE: Final = (
    frozenset({"description"}),
    Table(APPROACH, (rule for rule in rules.APPROACH_RULES if rule.where == frozenset({"description"}))),
)
"""What a description tells even where names are certain: a second kind of cells in the same syringe."""
_ROUND_RULES: Final = tuple((tiers, Table(APPROACH, (rule for rule in (*_PLAIN, *_YIELDING) if rule.where & tiers))) for tiers in _ROUNDS)
_SUMMARY: Final = _ROUND_RULES[_ROUNDS.index(frozenset({"summary"}))]


def _guarded(hit: Hit) -> Guard | None:
    """The context that takes a hit back, if one does."""
    lead, trail = hit.lead, hit.trail
    for guard in rules.GUARDS:
        if guard.approaches and hit.rule.value not in guard.approaches:
            continue
        if guard.tiers and hit.tier not in guard.tiers:
            continue
        if (guard.before is not None and guard.before.search(lead)) or (guard.after is not None and guard.after.search(trail)):
            return guard
    return None


def _is_use(hit: Hit) -> bool:
    """Whether running text speaks of giving the cells in this study, not of what is known or done elsewhere."""
    tier = hit.tier
    if tier not in ("description", "summary", "detail"):
        return True
    sentence = sentence_of(hit)
    if prose.BACKGROUND.search(sentence):
        return False
    if tier == "description":
        return True
    use = (prose.MAKING if hit.rule.value == "ipsc" else prose.USE).search(sentence) is not None
    if tier == "detail":
        use = use and prose.PLANNED.search(sentence) is not None
    return use or is_defined(hit, sentence)


def is_defined(hit: Hit, sentence: str) -> bool:
    """Whether the sentence says that what is given in this study is these cells: "Product X is a suspension of ..."."""
    until = sentence.find(hit.quote.lower())
    for name in hit.reading.given:
        at = sentence.find(name, 0, until)
        if at >= 0:
            between = sentence[at + len(name) : until]
            if len(between) <= LEAD and prose.DEFINES.search(between) and not prose.GIVES.search(between):
                return True
    return False


def _leaves_kind_open(accepted: Mapping[str, list[Hit]]) -> bool:
    """Whether all that is known so far are stem cells of a kind that a summary may still tell to be mesenchymal."""
    hits = [hit for found in accepted.values() for hit in found]
    return bool(hits) and all("msc" in hit.rule.yields_to and prose.KIND_OPEN.search(hit.quote.lower()) for hit in hits)


def _told_by_summary(reading: Reading) -> list[Hit]:
    """Where the summary says of this study's cells that they are mesenchymal."""
    tiers, table = _SUMMARY
    told = (hit for rule in _TELL_KIND for hit in reading.hits(rule, table, tiers))
    return [hit for hit in told if _guarded(hit) is None and _is_use(hit) and is_own(hit)]


def _kind(rule: Rule) -> str:
    """What a rule's words name: an approach, in the fourth drawer one of its therapies."""
    return rules.OTHER_THERAPY.get(rule.id, rule.value)


def _certain(accepted: dict[str, list[Hit]]) -> set[str]:
    return {approach for approach, hits in accepted.items() if any(hit.confidence >= SHOWN_AS_FACT for hit in hits)}


class _Seen:
    """The hits of one study as they are found: those that count, and those that are only mentions, each with why."""

    def __init__(self) -> None:
        self.accepted: dict[str, list[Hit]] = defaultdict(list)
        self.mentions: list[tuple[Hit, str]] = []
        self.taken_back: dict[str, float] = {}
        self.certain: set[str] = set()
        self.settled: set[str] = set()  # shown by an intervention's name; each rule of the fourth drawer is a therapy of its own

    def needs(self, rule: Rule) -> bool:
        return rule.value not in self.settled and not (rule.yields_to and rule.yields_to & self.certain)

    def add(self, hit: Hit) -> None:
        rule = hit.rule
        if rule.value in self.settled and hit.tier in ("intervention", "arm"):
            return  # a title may still tell of the role
        if hit.tier == "criteria":
            self.mentions.append((hit, rule.id))
        elif (guard := _guarded(hit)) is not None and guard.leaves:
            self.accepted[rule.value].append(hit._replace(confidence=min(hit.confidence, guard.leaves)))
        elif guard is not None:
            self.mentions.append((hit, guard.id))
            if hit.tier in NAMED:
                self.taken_back[_kind(rule)] = max(self.taken_back.get(_kind(rule), 0), CONFIDENCE[hit.tier])
        elif not _is_use(hit) or (rule.yields_to & self.accepted.keys() - {rule.value} and hit.confidence < SHOWN_AS_FACT):
            self.mentions.append((hit, rule.id))
        else:
            self._accept(hit)

    def _accept(self, hit: Hit) -> None:
        approach = hit.rule.value
        self.accepted[approach].append(hit)
        if hit.confidence >= SHOWN_AS_FACT:
            self.certain.add(approach)
            if hit.tier == "intervention" and approach != "other":
                self.settled.add(approach)


def _see(reading: Reading, is_about_ms: bool) -> _Seen:
    """Look for approaches, round by round, while none is certain."""
    seen = _Seen()
    for tiers, table in (_ROUND_RULES[0], _BESIDE, *_ROUND_RULES[1:]):
        if seen.certain and table is not _BESIDE[1]:
            break
        if ("outcome" in tiers and not is_about_ms) or not reading.places(APPROACH, tiers):
            continue
        for rule in reading.candidates(table, tiers):
            if seen.needs(rule):
                for hit in reading.hits(rule, table, tiers):
                    seen.add(hit)
    return seen


def approaches_of(reading: Reading, is_about_ms: bool) -> tuple[dict[str, list[Hit]], list[Finding]]:
    """The accepted hits of each approach, strongest first, and what was seen but does not count.

    Outcomes are read in studies of the disease only: elsewhere they tell of transplants that come later or came before.
    """
    seen = _see(reading, is_about_ms)
    accepted, mentions = seen.accepted, seen.mentions
    if not accepted and not mentions:
        return {}, []  # most studies
    if seen.certain and _leaves_kind_open(accepted) and (told := _told_by_summary(reading)):
        mentions.extend((hit, hit.rule.id) for hits in accepted.values() for hit in hits)
        accepted = {"msc": told}
    kept = _weigh(accepted, seen.taken_back)
    if not is_about_ms:
        kept = {approach: hits for approach, hits in kept.items() if _is_given(reading, approach, hits, accepted)}
    kept_hits = {id(hit) for hits in kept.values() for hit in hits}
    mentions.extend((hit, hit.rule.id) for hits in accepted.values() for hit in hits if id(hit) not in kept_hits)
    return kept, _told_once(mentions)


def _told_once(mentions: list[tuple[Hit, str]]) -> list[Finding]:
    """The mentions in the order of the record, the same words of one field once, and no more than anybody reads."""
    first: dict[tuple[str, str, str], Finding] = {}
    for hit, why in sorted(mentions, key=lambda item: (item[0].start, item[1])):
        first.setdefault((hit.rule.value, hit.field.name, hit.quote.lower()), hit.finding(rule=why, ceiling=0.1))
    return list(first.values())[:_MOST_MENTIONS]


def _is_plan(hit: Hit) -> bool:
    """Whether a summary says that people in this study are to be given the cells."""
    if hit.tier != "summary":
        return False
    sentence = sentence_of(hit)
    plan = prose.PLAN.search(sentence) is not None
    told = plan or (prose.OWN.search(sentence) and not prose.GENERAL.search(sentence))
    return bool(told and prose.GIVING.search(sentence) and not around.RELAPSED.search(sentence))


def _is_given(reading: Reading, approach: str, hits: list[Hit], accepted: Mapping[str, list[Hit]]) -> bool:
    """Whether a study of another disease gives the cells that it names: it may only look at those of its people.

    A transplant that only running text tells of is one that people have anyway. Of a study of multiple sclerosis a curator decides.
    """
    evidence = reading.evidence
    tiers = {hit.tier for hit in hits}
    lists_nothing = not evidence.interventions and not evidence.arms
    if approach == "hsct" and tiers <= PROSE:
        if reading.names(prose.IMMUNE_CELLS):
            return False
        if hits[0].rule.id in _TOLD_IN_PROSE or reading.names(regimens.STRONG_CONDITIONING) or any(map(takes_people, hits)):
            return True
    if lists_nothing and tiers <= PROSE and any(map(_is_plan, hits)):
        return approach != "hsct" or not reading.names_disease(other_diseases.ORGAN_GRAFT)
    if tiers == {"keyword"} or (tiers <= PROSE and all(hit.rule.yields_to for hit in hits)):
        return _may_be_given(reading, hits, accepted)
    if approach == "hsct":
        is_planned = lists_nothing and any(prose.PLAN.search(sentence_of(hit)) for hit in hits if hit.tier in PROSE)
        return bool(tiers & CLASSIFYING) or is_planned
    if evidence.interventions and all(hit.rule.id == _SPOKEN_OF for hit in hits):
        return reading.names_cells
    if approach == "other" and tiers <= PROSE and all(hit.rule.id in _RARE for hit in hits):
        return any(map(is_own, hits))
    if approach not in ("msc", "other") or tiers & {"intervention", "arm", "description"} or "title" not in tiers:
        return True
    return _is_given_by_title(reading, hits)


def _may_be_given(reading: Reading, hits: list[Hit], accepted: Mapping[str, list[Hit]]) -> bool:
    """Whether cells that only keywords or weak words of running text name may be what is given."""
    evidence = reading.evidence
    if not evidence.interventions:
        if roles.ROLE_FOLLOW_UP.pattern.search(reading.titles):
            return True
        if reading.names(prose.CELLS_GIVEN) and any(map(is_own, hits)):
            return True
    if reading.names_cells or any(hit.tier in ("intervention", "arm", "description") for found in accepted.values() for hit in found):
        return True
    kinds = {item.type for item in evidence.interventions if not prose.NOTHING.search(lower(item.name))}
    names = lower("\n".join(item.name for item in evidence.interventions))
    return bool(kinds & roles.PRODUCTS) and evidence.primary_purpose not in roles.LOOKS and not roles.TISSUES.search(names)


def _is_given_by_title(reading: Reading, hits: list[Hit]) -> bool:
    """Whether cells that no name but the title's tells are given, and not what something else acts on or is taken for."""
    evidence, titles = reading.evidence, reading.titles
    if roles.TREATS.search(titles) or roles.BANKS.search(titles) or hits[0].rule.id == "other-cell-free":
        return True
    if evidence.primary_purpose in roles.LOOKS or (roles.LOOKS_AT.search(titles) and not reading.names_cells):
        return False
    if evidence.interventions:
        return not all(item.type in roles.CARE or roles.TAKES.search(lower(item.name)) for item in evidence.interventions)
    return not reading.hits(roles.ROLE_LABORATORY, ROLES, NAMED)


def _claim(hit: Hit) -> float:
    """How far a hit stands against others; words for stem cells of any kind give way to a summary that names one."""
    return min(hit.confidence, _LEAST_CLAIM) if hit.rule.id in KIND_UNSAID else hit.confidence


def _weigh(accepted: dict[str, list[Hit]], taken_back: dict[str, float]) -> dict[str, list[Hit]]:
    """The approaches that stand beside each other, each with its hits, strongest first.

    An approach falls where a context took its words back in a stronger place than the one that is left (`taken_back` holds that place's
    confidence); where its words yield to an approach that is surer; and where another is certain and it is named only in passing.
    """
    best = {approach: max(hit.confidence for hit in hits) for approach, hits in accepted.items() if hits}
    certain = _certain(accepted)
    kept: dict[str, list[Hit]] = {}
    for approach in rules.APPROACHES:
        hits = [
            hit
            for hit in sorted(accepted.get(approach, ()), key=rank)
            if not any(best[other] > (hit.confidence if other == approach else _claim(hit)) for other in hit.rule.yields_to & best.keys())
        ]
        if all(CONFIDENCE[hit.tier] < taken_back.get(_kind(hit.rule), 0) for hit in hits):
            continue
        if certain and approach not in certain and not any(hit.tier in NAMED for hit in hits):
            continue
        kept[approach] = hits
    if len(kept) > 1 and not certain:
        most = max(hits[0].confidence for hits in kept.values())
        kept = {approach: hits for approach, hits in kept.items() if hits[0].confidence == most}
    return kept
