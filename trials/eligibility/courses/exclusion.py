"""What an exclusion criterion refuses; it takes what it spares, as "other than RRMS" does."""

from __future__ import annotations

import re

from trials.eligibility.course_names import GENERAL, LISTED, SLUGS, Mention
from trials.eligibility.courses.context import (
    ABBREVIATED,
    ACTIVE,
    FIRST_EVENT,
    IS_A_REGISTRY,
    NEGATED,
    NO_STATEMENT,
    OTHER_DISEASE,
    OTHER_THAN,
    PAST,
    QUIET,
    Told,
    quote_of,
)
from trials.eligibility.facts import Course, Criterion

_NEXT_OF_LIST = re.compile(r"(?:\s?(?:ms|multiple\ssclerosis|patients?))?\s?;\s?(?:(?:or|and|only)\s)?")
_ONLY_SOME = re.compile(  # under exclusion: not the course as such, only part of it
    r"\b(?:(?<!or\s)(?<!and\s)with\s?out(?!\sconver)|(?<!or\s)(?<!and\s)(?<!accordance\s)with(?!\sor\b)"
    r"|not\s(?:fulfil\w*|meeting|meet|satisfying)|who|whose|that\s(?:do|does|have|has)|which|unless|except|if|when|in\sabsence"
    r"|lacking|treated|receiving)\b"
    r"|^[^,;]{0,25}\b(?:in|during)\s(?:an?\s)?(?:acute\s)?(?:relapse|remission)\b"
)
_REFUSED_FOR = re.compile(
    r"\b(?:treat\w*|therap\w*|drug|approved|medication|intoleran\w*|trial|study|interferon)"
    r"|\b(?:relapse|lesions?)\b(?!\s\((?:i\.?\s?e\.?,?\s)?$|[^,;]*[,;])"
)
_PHASE = re.compile(r"\s*(?:ms)?\W{0,3}(?:phase|stage)")
_OR_ANOTHER = re.compile(r",?\sor\s(?!with)")
_IS_A_TRIAL = re.compile(r"\s(?:(?:ms|multiple\ssclerosis)\s)?(?:trials?|stud(?:y|ies))\b")
_RAPID = re.compile(r"\brapidly[\s-](?:progressing|worsening|evolving)\s$")
_SPELT_OUT = re.compile(r"[^.;()]{0,40}\((?:i\.?e\.?,?\s|that\sis,?\s|e\.?g\.?,?\s)?$")
_SENTENCE = re.compile(r"(?:;|(?<!\be\.g)(?<!\bi\.e)\.)\s")


def excluding(low: str, item: Criterion, mentions: list[Mention], told: Told) -> None:
    mentions, floor = _of_people(low, item, mentions)
    if not mentions:
        return
    stop = _sentence_end(low, item, mentions[0].end)
    is_of_others = is_spared = False
    end_before = item.start
    for place, mention in enumerate(mentions):
        if mention.start >= stop:
            if not _NEXT_OF_LIST.fullmatch(low, end_before, mention.start):
                break
            stop = _sentence_end(low, item, mention.end)  # "PPMS; SPMS"
        before = low[max(item.start, mention.start - 80) : mention.start]
        is_listed = bool(LISTED.fullmatch(low, end_before, mention.start))
        end_before = mention.end
        is_of_others = bool(OTHER_DISEASE.search(before)) or (is_of_others and is_listed)
        if is_of_others or _is_told_again(low, mentions, place):
            continue
        end, until = _with_abbreviation(low, mentions, place, stop)
        after = low[end : min(until, end + 70)]
        if mention.kind == "any" or _tells_another_thing(low, mention, before, after, until, stop):
            continue
        slugs = SLUGS.get(mention.kind) or GENERAL[mention.kind]
        if mention.kind == "relapsing" and any(kind == "progressive" for kind, _ in told.general):
            slugs = ("RRMS",)  # the SPMS that is taken is that without relapses
        courses = [Course(slug, "", quote_of(item, mention)) for slug in slugs]
        is_spared = (is_spared and is_listed) or bool(OTHER_THAN.search(before))  # "MS other than RRMS or SPMS"
        if is_spared or NEGATED.search(before):
            told.specific += courses if "without" not in before[-25:] else []
        elif not _is_of_some(low, mention, before, after, floor):
            told.refused += courses
            told.shut_out.update(slugs if mention.kind in SLUGS else ())


def _of_people(low: str, item: Criterion, mentions: list[Mention]) -> tuple[list[Mention], int]:
    """The mentions after those that are named for a drug's sake ("a drug licensed for RRMS; SPMS"), and where their sentence begins."""
    first, floor = 0, item.start
    while first < len(mentions) and NO_STATEMENT.search(low[max(floor, mentions[first].start - 120) : mentions[first].start]):
        floor = _sentence_end(low, item, mentions[first].end)
        while first < len(mentions) and mentions[first].start < floor:
            first += 1
    return mentions[first:], floor


def _is_told_again(low: str, mentions: list[Mention], place: int) -> bool:
    """Whether a mention is the abbreviation in brackets of the words before it."""
    if not place or mentions[place - 1].kind != mentions[place].kind or FIRST_EVENT.match(low, mentions[place - 1].start):
        return False
    return bool(ABBREVIATED.fullmatch(low, mentions[place - 1].end, mentions[place].start))


def _with_abbreviation(low: str, mentions: list[Mention], place: int, stop: int) -> tuple[int, int]:
    """Where a course ends, its abbreviation included ("secondary progressive MS (SPMS) without relapses"), and where the next begins."""
    end, following = mentions[place].end, mentions[place + 1 : place + 3]
    if following and following[0].kind == mentions[place].kind and ABBREVIATED.fullmatch(low, end, following[0].start):
        end, following = following[0].end, following[1:]
    return end, following[0].start if following else stop


def _tells_another_thing(low: str, mention: Mention, before: str, after: str, until: int, stop: int) -> bool:
    """Whether a course is named with what it is like, or for a trial's or a time's sake, and so not refused as such."""
    if QUIET.search(before) or ACTIVE.search(before) or _RAPID.search(before) or _IS_A_TRIAL.match(after) or IS_A_REGISTRY.match(after):
        return True
    if FIRST_EVENT.match(low, mention.start, mention.end) or low.endswith("relapses", mention.start, mention.end):
        return True  # tells when, not who
    # "progressive forms of MS (SPMS or PPMS)"
    return mention.kind == "progressive" and until < stop and bool(_SPELT_OUT.match(low, mention.end, until))


def _is_of_some(low: str, mention: Mention, before: str, after: str, floor: int) -> bool:
    """Whether an exclusion is only of some who have a course, or of those who had it once."""
    is_of_the_past = PAST.search(before) and not any(words in before for words in ("history of", "evidence of", "suspicion"))
    if is_of_the_past and not (mention.kind == "pp" and before.endswith("initial ")):  # who once had it still has
        return True
    other = _OR_ANOTHER.search(after)
    if _REFUSED_FOR.search(low, max(floor, mention.start - 150), mention.start):
        return True
    if _ONLY_SOME.search(after, 0, other.start() if other else len(after)):
        return True
    return mention.kind == "rr" and bool(_PHASE.match(after)) and not before.endswith(("in ", "in the "))


def _sentence_end(low: str, item: Criterion, start: int) -> int:
    """Where the sentence at `start` ends; a semicolon in brackets ends none."""
    for place, stop in enumerate(_SENTENCE.finditer(low, start, item.end)):
        is_in_brackets = low[stop.start()] == ";" and low.count("(", item.start, stop.start()) > low.count(")", item.start, stop.start())
        if place == 3 or not is_in_brackets:
            return stop.start()
    return item.end
