"""What stands beside a mention of the scale and is no limit of it: a change, a sub-score, a condition, what a relapse did."""

from __future__ import annotations

import re

from trials.eligibility.course_names import courses_in
from trials.eligibility.facts import Criterion
from trials.eligibility.numbers import Token

CHANGE = re.compile(
    r"increas|worsen|progress(?!ive)|chang|deteriorat|improv|decreas|declin|reduc|drop|gain|shift|accumul|loss\b|rise\b|rising"
    r"|rose\b|fell\b|differ|delta"
)
SUBSCORE = re.compile(
    r"pyramid|cerebell|brain-?stem|sensory|bowel|visual|sub-?sc|subscale|functional|component|function|\bfs\b|fss|ambulation"
)
OF_THOSE = re.compile(  # at the beginning of a criterion that is not asked of everybody
    r"(?:those|patients|subjects|participants|people)\s(?:with|who\shave)\s(?:an?\s)?(?:baseline\s|screening\s)?"
    r"(?:edss|expanded\sdisability\sstatus\sscale)\b[^:;]{1,40}:"
)
_PAST = re.compile(r"reach|attain|histor|previous|prior|worst|ever\b|pre-?relapse|nadir")
_OF_ONE_RELAPSE = re.compile(
    r"\b(?:relapse|attack|exacerbation)\s(?:with|of|reaching|causing|having)\s(?:an?\s|the\s|a\smaximum\s|maximal\s){0,2}$"
)
_LEFT_BY_A_RELAPSE = re.compile(
    r"\b(?:relapse|attack|exacerbation)\s[^.;]{0,60}?\b"
    r"(?:residual|incomplete\w*|recover\w*|sequel\w*|remission|persist\w*|severe|disabling)\b[^.;]{0,30}$"
)
_LAST = ("last", "past", "previous", "preceding", "prior")
_SOMEBODY = re.compile(r"(?:patient|subject|participant|person|people|individual|those|volunteer|case)s?$|people$")
_ONLY_IF = re.compile(
    r"\b(?:(?:are|is|will|can|may|should|must)\s+(?:only\s+)?(?:be\s+)?"
    r"(?:eligible|included|enrol\w+|allowed|accepted|considered|permitted)\b[^.;]{0,40}?\b(?:if|when|provided|only))"
)
_SENTENCE_OR_NUMBER = re.compile(r"[.;](?=\s)|(?<!day\s)(?<!day\s-)(?<!visit\s)(?<!week\s)(?<!month\s)(?<!\d)\d")


def is_of_a_relapse(low: str, item: Criterion, start: int) -> bool:
    """The score tells how bad one relapse was, or what it left: "one relapse with incomplete recovery and EDSS ≥ 2"."""
    first = max(item.start, start - 110)
    if not any(low.find(word, first, start) >= 0 for word in ("relapse", "attack", "exacerbation")):
        return False
    return bool(_OF_ONE_RELAPSE.search(low, max(item.start, start - 50), start) or _LEFT_BY_A_RELAPSE.search(low, first, start))


def is_proviso(low: str, start: int, end: int) -> bool:
    """What follows takes the words back: "EDSS ≤ 2 are only eligible if ..."."""
    end = min(end, start + 120)
    stop = _SENTENCE_OR_NUMBER.search(low, start, end)
    return bool(_ONLY_IF.search(low, start, stop.start() if stop else end))


def is_change(left: list[Token]) -> bool:
    """The mention is of a change ("increase of ≥ 1 point in EDSS"), a sub-score, an example or the past."""
    left = _without_abbreviations(left)
    for distance, token in enumerate(reversed(left[-9:])):
        if token.kind in ("stop", "close", "comma") or token.text in ("and", "with", "have", "has", "having", "but", "while"):
            return False
        if token.kind == "point" and distance < 4 and any(after.text == "from" for after in left[len(left) - distance :]):
            return True  # "1.0 point from an EDSS of 1 to 5"
        if token.kind == "word":
            if CHANGE.match(token.text) or token.text in ("e.g", "eg", "example", "instance", "such"):
                return True
            if (distance < 4 and _PAST.match(token.text)) or (distance < 5 and SUBSCORE.match(token.text)):
                return True
    return False


def _without_abbreviations(items: list[Token]) -> list[Token]:
    """ "Functional Systems Score (FSS)": a word alone in brackets only says the same again."""
    while len(items) > 3 and [item.kind for item in items[-4:-1]] == ["open", "word", "close"]:
        items = [*items[:-4], items[-1]]
    return items[:-3] if [item.kind for item in items[-3:]] == ["open", "word", "close"] else items


def is_condition(left: list[Token], low: str, item: Criterion, start: int) -> bool:
    """The mention only says for whom something else holds ("if baseline EDSS ≤ 5.0", "10 years in patients with EDSS > 5")."""
    near = left[-6:]
    for place, token in enumerate(near):
        if token.text in ("if", "when", "unless", "where", "whenever") and not any(
            after.kind in ("stop", "close") for after in near[place:]
        ):
            return True
        if (
            token.text in ("in", "for", "among")
            and place + 1 < len(near)
            and any(_SOMEBODY.match(after.text) for after in near[place + 1 : place + 3])
            and not courses_in(low, token.start, start)
            and low[item.start : token.start].strip(" -*(")
        ):
            return True
        if token.kind == "open" and place and near[place - 1].kind == "point":
            return True  # "≥ 0.5 point (baseline EDSS ≥ 5.5)"
        if token.text == "e" and place + 1 < len(near) and near[place + 1].text == "g":
            return True
    return False


def is_changed_after(items: list[Token], at: int, is_range: bool) -> bool:
    """ "≥ 1 point increase", "≥ 1.0 in the last 12 months": what was read is a change after all."""
    near = items[at : at + 5]
    texts = [token.text for token in near]
    if not texts:
        return False
    if CHANGE.match(texts[0]) or (near[0].kind == "point" and len(texts) > 1 and CHANGE.match(texts[1])):
        return True
    if texts[0].startswith(("follow", "visit")):
        return True  # "EDSS at baseline and at least one follow-up"
    if texts[0] == "after" and any(text.startswith(("relapse", "attack", "steroid", "cortico")) for text in texts[1:]):
        return True  # "EDSS ≥ 2 after the relapse": what an attack left behind
    if not is_range and texts[0] == "within" and any(text in ("of", "from", "after", "since") for text in texts[2:4]):
        return True  # "EDSS ≥ 6 within 5 years of onset": how fast, not how far
    is_window = not is_range and texts[0] in ("in", "within", "over", "during") and any(text in _LAST for text in texts[1:3])
    return is_window or (not is_range and texts[0].endswith(_LAST))
