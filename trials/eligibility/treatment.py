"""What a trial asks of somebody's recent disease activity, earlier treatment, pregnancy and contraception. Statements without numbers: each
is the criterion, or the part of it, that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from trials.eligibility.facts import CRITERIA, Criterion, Fact, Quote

_RELAPSE = re.compile(r"\b(?:relapses?|attacks?|exacerbations?|outbreaks?|clinical\sevents?)\b")
_COUNT = re.compile(
    r"(?:≥|\\?>|\d|\bone\b|\btwo\b|\bthree\b|\ba\b|\bat\sleast\b|\bmore\b|\bor\smore\b|\bdocumented\b|\bpresence\b|\bhistory\sof\b|\bclinical\b|\bsevere\b|\bactive\b|\bcontinued\b)"
)
_NO_RELAPSE = re.compile(
    r"(?:\bno\b|\bwithout\b|\bfree\b|\bnot\b|\babsence\b|\brelapse-free\b|\bstable\b|\bfewer\b)(?![^.;,]{0,60}\bno\slonger)"
)
_MRI = re.compile(
    r"\b(?:gadolinium|gd\b|gd\+|gd-|gel\b|gels\b|gad\b|contrast)[\s+-]{0,3}(?:\w+[\s-]{1,3}){0,2}?(?:enhanc\w+|positive|lesions?)?|\benhancing\b|\bnew\s(?:or\s(?:newly\s)?enlarging\s|and/or\senlarging\s|mri\s)?t2|\bnew\s(?:mri\s)?lesions?|\bmri\sactivity|\bactive\slesions?|\bt1\s?gd"
)
_ACTIVE = re.compile(
    r"\b(?:active\sdisease|disease\sactivity|new\sactivity|highly\sactive|active\s(?:relapsing|multiple\ssclerosis|ms\b)|breakthrough)"
)
_NO_MRI = re.compile(
    r"contra-?indicat|allerg|hypersensitiv|unable|inability|without\s(?:gadolinium|gd|any)|no\s(?:gadolinium|gd|new)|ability to|willing|undergo"
)
_FAILURE = re.compile(
    r"\b(?:failures?\b(?:\s(?:of|to|on|with|after|despite|defined|under|from)|\sor\b)|treatment\sfailures?|failed\b|failing\b|fails?\sto\srespond|not\srespond\w*|non-?respon\w+|no\sresponse|lack\sof\sresponse"
    r"|(?:inadequate|insufficient|suboptimal|sub-optimal|poor|incomplete)\s(?:treatment\s)?(?:response|respon\w+|efficacy)|do(?:es)?\snot\srespond|did\snot\srespond|refractory|treatment[\s-]resistan\w+|(?:drug|therapy)[\s-]resistan\w+|attempted\s(?:\w+\s)?therap\w+|resistan(?:ce|t)\sto|breakthrough|despite\s(?:\w+\s){0,4}(?:treatment|therapy|dmts?)|under\s(?:the\s)?treatment\sof)"
)
_NOT_TREATMENT_FAILURE = re.compile(
    r"\b(?:renal|kidney|heart|cardiac|hepatic|liver|respiratory|organ|screen|graft|bone\smarrow|ovarian)\s$"
)
_PREGNANT = re.compile(r"\bpregnan\w+|\bgravid\b|\bgestat\w+")
_NURSING = re.compile(r"\b(?:breast[\s-]?feed\w*|breast[\s-]?fed|lactat\w+|nursing(?!\shome))\b")
_CONTRACEPTION = re.compile(r"\b(?:contracept\w+|birth[\s-]control|barrier\smethod|abstinen\w+|sterili[sz]\w+)")
_MAY_BE_PREGNANT = re.compile(r"pregnant\s(?:women|patients)\s(?:may|can|are\s(?:allowed|eligible))")

_CELLS = re.compile(
    r"\b(?:(?:autologous|allogen(?:e)?ic|syngeneic|ha?ematopoietic|mesenchymal|bone[\s-]marrow|cord\sblood|peripheral|blood|neural|adult|any|cellular|ah?|a)?[\s/,-]{0,2}){0,3}"
    r"(?:stem[\s-]?cells?(?:[\s-](?:transplant\w*|therap\w+|treatment\w*|infusions?|injections?|graft\w*|rescue))?|(?:bone\s)?marrow(?:[\s-](?:or\s\w+\s)?(?:transplant\w*|graft\w*))|\ba?h?sct\b|\bah?sct\b|\bahsct\b|\basct\b|\bhct\b|\bbmt\b|\bmscs?\b|cell(?:ular)?[\s-](?:based\s)?(?:therap\w+|treatments?|transplant\w*)|stromal\scells?(?:[\s-](?:therap\w+|treatment\w*|transplant\w*))?|blood\scell\stransplant\w*)"
)
_EARLIER = re.compile(
    r"\b(?:prior|previous(?:ly)?|past|histor(?:y|ical)|earlier|received|receiving|undergone|underwent|undergoing|had|have\shad|having\shad|treated|treatment\swith|use\sof|ever|exposure|already|before)\b"
)
_AFTER_EARLIER = re.compile(r"\bin\sthe\spast|\bpreviously|\bat\sany\stime|\bprior\sto|\bbefore|\bwithin\b|\bever\b|\bearlier")
_RECENTLY = re.compile(
    r"\b(?:within|in|during|less\sthan|over)\s(?:the\s)?(?:(?:last|past|previous|preceding|prior)\s)?(?:\d{1,3}|one|two|three|four|six|twelve)\s?(?:-\s?)?(?:years?|months?|weeks?|days?)\b"
)
_UNFIT_FOR = re.compile(
    r"\b(?:tolerate|contra-?indicat\w*|unable|inability|unsuitable|refus\w*|candidate\w*|eligible|jeopardi[sz]e|mobili[sz]\w*|collect\w*|insufficient|hypersensitiv\w*|allerg\w*|for the duration)\b"
)
_FEARED = re.compile(r"\b(?:planned|planning|scheduled|intend\w*|awaiting|candidates? for|willing|decline|refus\w+)\b")


def _fact(value: str, item: Criterion, start: int, end: int) -> Fact:
    """A fact with the sentence around start..end as its quote."""
    return Fact(value, _sentence(item, start, end))


_BREAK = re.compile(r"[.;](?=\s)|\n")


def _sentence(item: Criterion, start: int, end: int) -> Quote:
    """The sentence of the criterion that holds start..end; the whole criterion where that is short."""
    if len(item.text) <= 160:
        return item.quote
    start, end = start - item.start, end - item.start
    first = max(0, start - 300)
    for cut in _BREAK.finditer(item.text, first, start):
        first = cut.end()
    if first == max(0, start - 300) and first:
        first = item.text.find(" ", first, start) + 1 or start
    last_cut = _BREAK.search(item.text, end, min(len(item.text), end + 300))
    if last_cut:
        last = last_cut.start()
    elif end + 300 >= len(item.text):
        last = len(item.text)
    else:
        last = item.text.rfind(" ", end, end + 300)
        last = end if last < 0 else last
    words = item.text[first:last]
    return Quote(CRITERIA, words.strip(), item.start + first + len(words) - len(words.lstrip()))


def activity(criteria: Iterable[Criterion], low: str) -> tuple[Fact, ...]:
    """Recent relapses (`relapse`), lesions on MRI (`mri`) or activity without saying which (`active disease`), one fact a criterion and kind."""
    found = []
    for item in criteria:
        if item.kind == "exclusion":
            continue
        part = low[item.start : item.end]
        if "relaps" in part or "attack" in part or "exacerb" in part or "outbreak" in part:
            for match in _RELAPSE.finditer(part):
                before = part[max(0, match.start() - 70) : match.start()]
                before = re.split(r"[.;]\s", before)[-1]
                if _COUNT.search(before) and not _NO_RELAPSE.search(before) and not re.search(r"\bwith(?:/without|\sor\swithout)", before):
                    found.append(_fact("relapse", item, item.start + match.start(), item.start + match.end()))
                    break
        if "gad" in part or "gd" in part or "gel" in part or "enhanc" in part or "new " in part or "mri" in part or "lesion" in part:
            match = _MRI.search(part)
            if (
                match
                and not _NO_MRI.search(part[max(0, match.start() - 60) : match.end()])
                and re.search(r"enhanc|lesion|gel|t2|activity|positive", part[match.start() : match.end() + 40])
            ):
                found.append(_fact("mri", item, item.start + match.start(), item.start + match.end()))
        if (
            "activ" in part
            and (match := _ACTIVE.search(part))
            and not any(fact.quote.start <= item.end and fact.quote.end >= item.start for fact in found)
        ):
            if not _NO_RELAPSE.search(part[max(0, match.start() - 30) : match.start()]):
                found.append(_fact("active disease", item, item.start + match.start(), item.start + match.end()))
    return tuple(found)


def treatment_failure(criteria: Iterable[Criterion], low: str) -> tuple[Fact, ...]:
    """Earlier treatments that must have failed."""
    found = []
    for item in criteria:
        if item.kind == "exclusion":
            continue
        part = low[item.start : item.end]
        for match in _FAILURE.finditer(part):
            if not _NOT_TREATMENT_FAILURE.search(part[max(0, match.start() - 25) : match.start()]):
                found.append(_fact("asked", item, item.start + match.start(), item.start + match.end()))
                break
    return tuple(found)


def pregnancy(criteria: Iterable[Criterion], low: str) -> tuple[Fact | None, Fact | None, Fact | None]:
    """(pregnancy, breast-feeding, contraception): the first criterion that excludes or asks each."""
    pregnant = nursing = contraception = None
    for item in criteria:
        part = low[item.start : item.end]
        if not pregnant and ("pregnan" in part or "gravid" in part or "gestat" in part) and (match := _PREGNANT.search(part)):
            if item.kind == "exclusion" or re.search(
                r"\b(?:not|non|negative|no|exclud)\w*", part[max(0, match.start() - 60) : match.end() + 30]
            ):
                if not _MAY_BE_PREGNANT.search(part):
                    pregnant = _fact("excluded", item, item.start + match.start(), item.start + match.end())
        if not nursing and ("lactat" in part or "breast" in part or "nursing" in part) and (match := _NURSING.search(part)):
            if item.kind == "exclusion" or re.search(r"\b(?:not|non|no)\b", part[max(0, match.start() - 60) : match.start()]):
                nursing = _fact("excluded", item, item.start + match.start(), item.start + match.end())
        if not contraception and ("contracep" in part or "birth" in part or "barrier" in part or "abstin" in part):
            if match := _CONTRACEPTION.search(part):
                contraception = _fact("asked", item, item.start + match.start(), item.start + match.end())
    return pregnant, nursing, contraception


def previous_stem_cells(criteria: Iterable[Criterion], low: str) -> Fact | None:
    """What a trial says of earlier treatment with stem cells: `excluded`, `excluded recently`, `required` or None. The strictest counts."""
    order = ("excluded", "required", "excluded recently")
    found: dict[str, Fact] = {}
    for item in criteria:
        part = low[item.start : item.end]
        if not ("cell" in part or "marrow" in part or "sct" in part or "hct" in part or "bmt" in part or "msc" in part):
            continue
        lead = low[item.start - 1 : item.start] and item.lead.lower()
        for match in _CELLS.finditer(part):
            before = re.split(r"[.;]\s", part[max(0, match.start() - 120) : match.start()])[-1]
            after = re.split(r"[.;]\s", part[match.end() : match.end() + 60])[0]
            if _FEARED.search(before) or _UNFIT_FOR.search(before):
                continue
            was = _EARLIER.search(before) or _EARLIER.search(match.group()) or _AFTER_EARLIER.search(after) or _EARLIER.search(lead or "")
            if not was:
                continue
            if item.kind == "exclusion":
                near = before[-80:] + match.group() + after + " " + (lead or "")
                value = "excluded recently" if _RECENTLY.search(near) else "excluded"
            elif re.search(r"\b(?:no|not|never|without|naive)\b", before) or re.match(r"\W*naive", after):
                value = "excluded"
            elif item.kind == "inclusion" and _is_required(before, match.group()):
                value = "required"
            else:
                continue
            found.setdefault(value, _fact(value, item, item.start + match.start(), item.start + match.end()))
            break
    return next((found[value] for value in order if value in found), None)


def _is_required(before: str, words: str) -> bool:
    if "progenitor" in words or re.search(r"\bcd\d|\bb[\s-]$|\bt[\s-]$|donor", before[-20:]):
        return False
    return bool(re.search(r"\b(?:undergone|underwent|received|had|treated|history\sof|previous|prior|who\shave|undergoing)\b", before))
