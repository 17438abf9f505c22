"""What stands around the words of a duration: whose disease it is, of what else it is told, and from when it is counted."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from trials.eligibility.facts import Criterion, Since
from trials.eligibility.numbers import Reading


class Told(NamedTuple):
    """A duration with the words that tell it: from `start` to `end` of the criteria text."""

    start: int
    end: int
    reading: Reading
    since: Since


_SOMETHING_ELSE = (
    r"(?:relapse|attack|progression|progressive\sphase|spms|treatment|therapy|menopause|study|trial|cancer|malignan\w+|infection|depress\w+"
    r"|disorder|diabetes|\w*carcinoma|lymphoma|tumou?r|stroke|epilepsy|hypertension|migraine)"
)
NOT_MS = re.compile(  # before a duration that is not of MS, or that nobody has had it for
    r"\bage\s(?:at|of)\s(?:the\s)?(?:\w+\s)?$|relapse\s*$|progression\s*$|secondary\s*$|secondary[\s-]progressive\s$"
    r"|\b(?:not|never)\s(?:(?:been|have|had|having)\s){0,3}$"
    rf"|\b{_SOMETHING_ELSE}\s(?:\w+\s){{0,2}}$"
    r"|\b(?:treat\w*|therapy)\swith\s(?:\w+\s){1,3}(?:since\s)?$"
    r"|\b(?:caregivers?|carers?|spouses?|relatives?|siblings?)\s(?:\w+\s){0,4}$"
    r"|\b(?:spms|secondary[\s-]progressive(?:\s(?:ms|multiple\ssclerosis|disease|phase))?)\s?[(,]\s?$"
)
_BEGUN = re.compile(  # "first treated within a year of diagnosis"
    r"\b(?:start\w*|initiat\w*|beg[au]n|treat\w*|therapy|relapses?|attacks?|progress(?:ed|ion)?|reach\w*|conver\w+|stable"
    r"|age|aged|old|mri|scan"
    r"|cancer|malignan\w+|strokes?|infarction)\s(?:\w+\s){0,4}\W{0,2}$"
    r"|\bedss\b[^.;]{0,12}(?:[≥>]|at\s?least|or\s(?:more|above|higher))[^.;]{0,8}$"
)
WHO_HAS_IT = re.compile(
    r"\b(?:symptoms\sof|cases?\sof|(?:cis|rrms|syndrome)\sor|established|definite|confirmed|known|remitting|relapsing"
    r"|(?:primary|secondary)[\s-]progressive|active|have|has|had|having|with|diagnosed)\s$"
)
_A_KIND_OF = re.compile(rf"{WHO_HAS_IT.pattern}|\b(?:(?:sub)?types?|forms?|kinds?|courses?|diagnosis)\sof\s$|^[\s*•-]*$")
_WHO_IS_DIAGNOSED = re.compile(  # not "bladder trouble diagnosed within"
    r"\b(?:ms|sclerosis|rrms|ppms|cis|been|was|were|is|are|be|being|having|patients?|subjects?|participants?|individuals?"
    r"|people|persons?|adults?"
    r"|newly|recently|first|initially|clinically|formally|previously|not|never|disease|and|or|but|course|type|form"
    r"|phenotype|who|those|cases?"
    r"|(?:wo)?m[ae]n|children|(?:fe)?males?)\W{0,3}$|[),:]\s$|^\W*$"
)
_COUNTED = re.compile(
    r"\b(?:since|from|after|of)\s(?:the\s)?(?:\w+\s){0,3}?"
    r"(?P<what>onset|diagnos\w+|(?:first|initial)\s(?:\w+\s)?(?:symptom|manifestation|attack|event)\w*)|\bonset\b"
)
_COUNTED_WITHIN = 60  # characters after the words
_UNITS = ("y", "mo", "w", "da")
_GROWN_UP = 16  # years
_NO_EARLIER = re.compile(r"not?\s(?:earlier|sooner)\sthan\b")
_AGO = re.compile(r"\s(?:ago\b|before\b|prior\b)")


def lead(low: str, item: Criterion, at: int, reach: int) -> str:
    """The words of a criterion that lead up to a place, `reach` characters at most."""
    return low[max(item.start, at - reach) : at]


def is_diagnosis_of_ms(low: str, item: Criterion, at: int) -> bool:
    """Whether "diagnosed" at a place is said of people or of MS."""
    return bool(_WHO_IS_DIAGNOSED.search(lead(low, item, at, 25)))


def is_ms_as_such(low: str, item: Criterion, at: int) -> bool:
    """Whether the name of the disease at a place is what people have, not what something else comes from: "pain due to MS lasting ..."."""
    return bool(_A_KIND_OF.search(lead(low, item, at, 25)))


def is_of_what_began(low: str, item: Criterion, at: int) -> bool:
    """Whether the duration at a place is of something that began, or came, in that time."""
    return bool(_BEGUN.search(low, max(item.start, at - 45), at))


def is_duration(reading: Reading | None) -> bool:
    """Whether a reading is of time, and not of people's age: "definite MS, 18 to 50 years"."""
    if not reading or not reading.unit.startswith(_UNITS):
        return False
    return not (reading.minimum and reading.maximum and reading.minimum.value >= _GROWN_UP and reading.maximum.value >= 2 * _GROWN_UP)


def counted_from(low: str, item: Criterion, start: int, end: int) -> Since:
    """What the words from `start`, or those soon after `end`, say that time is counted from."""
    counted = _COUNTED.search(low, start, min(item.end, end + _COUNTED_WITHIN))
    if not counted:
        return ""
    return "diagnosis" if (counted["what"] or "").startswith("diagnos") else "onset"


def looking_back(low: str, reading: Reading | None) -> Reading | None:
    """ "No earlier than 2 years before screening" is at most 2 years ago, though it is at least 2 years after anything else."""
    if reading and reading.minimum and not reading.maximum and _NO_EARLIER.match(low, reading.start) and _AGO.match(low, reading.end):
        return replace(reading, minimum=None, maximum=reading.minimum)
    return reading
