"""What a trial asks of somebody's recent disease activity, earlier treatment, pregnancy and contraception. Statements without numbers: each
is the criterion, or the sentence of it, that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from trials.eligibility.criteria import Source, normal
from trials.eligibility.facts import CRITERIA, Criterion, Fact, Quote

_SHORT, _REACH = 160, 300  # a criterion quoted whole; characters either side of a match in a longer one
_BREAK = re.compile(r"[.;](?=\s)|\n")

_RELAPSE_WORDS = ("relaps", "attack", "exacerb", "outbreak")
_RELAPSE = re.compile(r"\b(?:relapses?|attacks?|exacerbations?|outbreaks?)\b")
_COUNT = re.compile(
    r"[≥>\d]|\b(?:one|two|three|a|at\sleast|more|documented|presence|history\sof|clinical|severe|active|continued|recent|acute|frequent)\b"
)
_NO_RELAPSE = re.compile(
    r"\b(?:no|without|free|not|absence|relapse-free|stable|fewer|away\sfrom|outside|distant|remote|excluding|independent\sof"
    r"|(?:from|since|after)\s(?:the\s|their\s)?last)\b"
)
_MRI_WORDS = ("gad", "gd", "gel", "enhanc", "new ", "mri", "lesion")
_MRI = re.compile(
    r"\b(?:gadolinium|gd|gels?|gad|contrast)\b[\s+-]{0,3}(?:\w+[\s-]{1,3}){0,2}?(?:enhanc\w+|positive|lesions?)?"
    r"|\benhancing\b|\bnew\s(?:or\s(?:newly\s)?enlarging\s|and/or\senlarging\s|mri\s)?t2|\bnew\s(?:mri\s)?lesions?"
    r"|\bmri\sactivity|\bactive\slesions?|\bt1\s?gd"
)
_LESION = re.compile(r"enhanc|lesion|\bgels?\b|t2|activity|positive")
_NO_MRI = re.compile(
    r"contra-?indicat|allerg|hypersensitiv|unable|inability|absence\sof|lack\sof|without\s(?:gadolinium|gd|any)"
    r"|no\s(?:gadolinium|gd|new)|ability to|willing|undergo"
)
_ACTIVE = re.compile(
    r"\b(?:active\sdisease|disease\sactivity|new\sactivity|clinical\sactivity|highly\sactive"
    r"|active\s(?:relapsing|multiple\ssclerosis|ms\b)|breakthrough)"
)
_FAILURE_WORDS = ("fail", "respon", "attempted", "efficacy", "refractory", "resistan", "breakthrough", "despite")
_FAILURE = re.compile(
    r"\bfailures?\b\s(?:of|to|on|with|after|despite|defined|under|from|or)\b|\btreatment\sfailures?|\bfailed\b|\bfailing\b"
    r"|\bfails?\sto\srespond"
    r"|\bnot\srespond\w*|\bnon-?respon\w+|\bno\sresponse|\black\sof\s(?:response|efficacy)|\battempted\s(?:\w+\s)?therap\w+"
    r"|\b(?:inadequate|insufficient|suboptimal|sub-optimal|poor|incomplete)\s(?:treatment\s)?(?:response|respon\w+|efficacy)|\brefractory"
    r"|\b(?:treatment|drug|therapy)[\s-]resistan\w+|\bresistan(?:ce|t)\sto|\bbreakthrough"
    r"|\bdespite\s(?:\w+\s){0,4}(?:treatment|therapy|dmts?)"
)
_NOT_TREATMENT_FAILURE = re.compile(r"\b(?:renal|kidney|heart|cardiac|hepatic|liver|respiratory|organ|screen|graft|marrow|ovarian)\s$")

_PREGNANT = re.compile(r"\b(?:non-?)?pregna\w+|\bgravid\b|\bgestat\w+")
_NURSING = re.compile(r"\b(?:non-?)?(?:breast[\s-]?feed\w*|breast[\s-]?fed|lactat\w+|nursing(?!\shome))\b")
_CONTRACEPTION = re.compile(r"\b(?:contracept\w+|birth[\s-]control|barrier\smethod|abstinen\w+)")
_MAY_BE_PREGNANT = re.compile(r"\b(?:pregnan\w+|breast-?feeding|lactating)\s(?:women|patients)\s(?:may|can|are\s(?:allowed|eligible))")
_PARTNER = re.compile(r"\bpartners?\b")
_ONLY_SOME_PREGNANCIES = re.compile(
    r"\b(?:high[\s-]risk|ectopic|complicated|multiple|twin|(?:before|until|under|<)\s?\d{2}\sweeks\sof"
    r"|during\s(?:(?:a|an|the|their|her|any|last|previous|earlier|recent)\s){0,2})\s?$"
)
_OUT_OF_A_PART = re.compile(
    r"\b(?:excluded|omitted|exempt\w*)\sfrom\s(?:the\s)?(?:[\w-]+\s){0,4}?"
    r"(?:portions?|parts?|scans?|scanning|imaging|assessments?|sub-?stud\w+|mri)\b"
)
_NEGATION = re.compile(r"\b(?:not|non|negative|no|neither|exclud\w*)\b|\bnon-?(?:pregnan|lactat|nursing|breast)")
_WHO_IS_IT = re.compile(  # under no heading: nobody asks people to be pregnant
    r"\W*(?:(?:(?:fe)?males?|wom[ae]n|any|all|currently|is|are|patients?|subjects?|participants?|who|either)\s){0,6}"
    r"(?:pregnant|lactating|breast-?feeding|nursing)\b"
)

_CELL_WORDS = ("cell", "marrow", "sct", "hct", "bmt", "msc")
_CELLS = re.compile(
    r"\bstem[\s-]?cells?\b|\bmarrow[\s-](?:or\s\w+\s)?(?:transplant|graft)\w*|\b(?:a|auto-?|allo-?)?(?:h?sct|hct)\b|\bbmt\b|\bmscs?\b"
    r"|(?<!\Wb[\s-])(?<!\Wt[\s-])\bcell(?:ular)?[\s-](?:based\s)?(?:therap\w+|treatments?|transplant\w*)|\bstromal\scells?\b"
    r"|\bblood\scell\stransplant\w*"
)
_EARLIER = re.compile(
    r"\b(?:prior|previous(?:ly)?|past|histor(?:y|ical)|earlier|received|undergone|underwent|had|treated|treatment\swith"
    r"|use\sof|ever|exposure"
    r"|exposed|already|before)\b"
)
_AFTER_EARLIER = re.compile(r"\bin\sthe\spast|\bpreviously|\bat\sany\stime|\bprior\sto|\bbefore|\bwithin\b|\bever\b|\bearlier|\bhistory")
_RECENTLY = re.compile(
    r"\b(?:within|in|during|less\sthan|over)\s(?:the\s)?(?:(?:last|past|previous|preceding|prior)\s)?"
    r"(?:\d{1,3}|one|two|three|four|six|twelve)"
    r"\s?-?\s?(?:years?|months?|weeks?|days?)\b"
)
_UNFIT_FOR = re.compile(
    r"\b(?:tolerate|contra-?indicat\w*|unable|inability|unsuitable|jeopardi[sz]e|mobili[sz]\w*|collect\w*|insufficient"
    r"|hypersensitiv\w*|allerg\w*)\b"
)
_PLANNED = re.compile(
    r"\b(?:planned|planning|scheduled|intend\w*|awaiting|candidates?|willing|declin\w+|refus\w+|for\sthe\sduration\sof)\b"
)
_NO_TREATMENT = re.compile(r"^\s(?:mobili[sz]\w+|collection|harvest\w*|donors?|count|carcinoma|cancer|toxicity|an[a]?emia|lymphoma)")
_UNDERGONE = re.compile(r"\b(?:undergone|underwent|received|had|treated|history\sof|previous|prior|who\shave)\b")
_UNTREATED = re.compile(
    r"\b(?:no|not|never|without)\s(?:"
    r"(?:history|prior|previous|previously|earlier|past|received|receive|having|have|had|been|treated|undergone|with|any"
    r"|treatment|therapy|exposure|exposed|use|to|of|a|an|ever|or|and|solid|organ|autologous|allogeneic|ha?ematopoietic"
    r"|peripheral|blood|bone|marrow"
    r"|mesenchymal|human|transplantation|transplant)\s?[,/]?\s?){0,12}$"
)
_BARE = re.compile(r"\W*(?:(?:an?y?|bone|autologous|allogeneic|ha?ematopoietic|peripheral|blood|mesenchymal|or|and)[\s/,]+){0,6}$")
_SPARED = re.compile(r"\b(?:other\sthan|except|apart\sfrom|instead\sof)\b")
_GIVEN_BACK = re.compile(r"transplant|graft|sct|hct|bmt|therap|treatment")
_SINCE = re.compile(
    r"\d\s(?:years?|months?|weeks?|days?)\s(?:after|following|post|since)\s(?:an?\s|the\s|their\s)?(?:autologous\s|allogeneic\s)?$"
)


def activity(source: Source) -> tuple[Fact, ...]:
    """Recent relapses (`relapse`), lesions on MRI (`mri`) or activity without saying which (`active disease`) that a trial asks for.

    At most one fact of a kind for each criterion.
    """
    found = []
    for item in source.holding((*_RELAPSE_WORDS, *_MRI_WORDS, "activ")):
        if item.kind == "exclusion":
            continue
        part = source.low[item.start : item.end]
        relapse = _asked_relapse(part) if any(word in part for word in _RELAPSE_WORDS) else None
        lesion = _asked_lesion(part) if any(word in part for word in _MRI_WORDS) else None
        active = _ACTIVE.search(part) if "activ" in part and not relapse and not lesion else None
        if active and _NO_RELAPSE.search(part[max(0, active.start() - 30) : active.start()]):
            active = None
        for value, match in (("relapse", relapse), ("mri", lesion), ("active disease", active)):
            if match:
                found.append(_fact(value, item, match))
    return tuple(found)


def _asked_relapse(part: str) -> re.Match | None:
    """The first relapse that must have happened, not one that must not."""
    for match in _RELAPSE.finditer(part):
        before = _same_sentence(part[max(0, match.start() - 70) : match.start()])
        if _COUNT.search(before) and not _NO_RELAPSE.search(before):
            return match
    return None


def _asked_lesion(part: str) -> re.Match | None:
    match = _MRI.search(part)
    if not match or _NO_MRI.search(part[max(0, match.start() - 60) : match.end()]):
        return None
    return match if _LESION.search(part, match.start(), match.end() + 40) else None


def treatment_failure(source: Source) -> tuple[Fact, ...]:
    """Earlier treatments that must have failed."""
    found = []
    for item in source.holding(_FAILURE_WORDS):
        if item.kind == "exclusion":
            continue
        part = source.low[item.start : item.end]
        for match in _FAILURE.finditer(part):
            if not _NOT_TREATMENT_FAILURE.search(part[max(0, match.start() - 25) : match.start()]):
                found.append(_fact("asked", item, match))
                break
    return tuple(found)


def pregnancy(source: Source) -> tuple[Fact | None, Fact | None, Fact | None]:
    """(pregnancy, breast-feeding, contraception): the first criterion that excludes or asks each."""
    low = source.low
    pregnant = _first(_barring(_PREGNANT, item, low) for item in source.holding(("pregna", "gravid", "gestat")))
    nursing = _first(_barring(_NURSING, item, low) for item in source.holding(("lactat", "breast", "nursing")))
    asking = source.holding(("contracep", "birth", "barrier", "abstin"))
    contraception = _first(_asking(item, low) for item in asking)
    return pregnant, nursing, contraception


def _first(facts: Iterable[Fact | None]) -> Fact | None:
    return next((fact for fact in facts if fact), None)


def _asking(item: Criterion, low: str) -> Fact | None:
    match = _CONTRACEPTION.search(low[item.start : item.end])
    return _fact("asked", item, match) if match else None


def _barring(pattern: re.Pattern, item: Criterion, low: str) -> Fact | None:
    part = low[item.start : item.end]
    matches = (
        match
        for match in pattern.finditer(part)
        if not _PARTNER.search(part, max(0, match.start() - 60), match.end() + 10)
        and not _ONLY_SOME_PREGNANCIES.search(part, max(0, match.start() - 28), match.start())
    )
    match = next(matches, None)
    if not match or _MAY_BE_PREGNANT.search(part) or _OUT_OF_A_PART.search(part, max(0, match.start() - 120), match.start()):
        return None
    said_not = _NEGATION.search(part, max(0, match.start() - 60), match.end() + 30)
    is_bare = item.kind == "unspecified" and _WHO_IS_IT.match(part)
    return _fact("excluded", item, match) if item.kind == "exclusion" or said_not or is_bare else None


def previous_stem_cells(source: Source) -> Fact | None:
    """What a trial says of earlier treatment with stem cells: `excluded`, `excluded recently`, `required` or None. The strictest counts."""
    found: dict[str, Fact] = {}
    for item in source.holding(_CELL_WORDS):
        part = source.low[item.start : item.end]
        lead = normal(item.lead[-_SHORT:])
        for match in _CELLS.finditer(part):
            value = _said_of_cells(item.kind, part, match, lead)
            if value:
                found.setdefault(value, _fact(value, item, match))
                break
    return next((found[value] for value in ("excluded", "required", "excluded recently") if value in found), None)


def _said_of_cells(kind: str, part: str, match: re.Match, lead: str) -> str:
    before = _same_sentence(part[max(0, match.start() - 120) : match.start()])
    after = re.split(r"[.;]\s", part[match.end() : match.end() + 60])[0]
    words = match.group()
    if _PLANNED.search(before) or _UNFIT_FOR.search(before) or _NO_TREATMENT.search(after):
        return ""
    bare = kind == "exclusion" and _BARE.match(before) and not lead and _GIVEN_BACK.search(words + after[:14])
    if not (
        bare
        or _SINCE.search(before)
        or _EARLIER.search(before)
        or _EARLIER.search(words)
        or _AFTER_EARLIER.search(after)
        or _EARLIER.search(lead)
    ):
        return ""
    if kind == "exclusion":
        return "excluded recently" if _RECENTLY.search(f"{lead} {before[-80:]}{words}{after}") else "excluded"
    if _UNTREATED.search(before) or re.match(r"\W*naive", after):
        return "excluded"
    if kind != "inclusion" or _SPARED.search(before):
        return ""
    return "required" if _UNDERGONE.search(before) or _SINCE.search(before) else ""


def _same_sentence(before: str) -> str:
    return re.split(r"[.;]\s", before)[-1]


def _fact(value: str, item: Criterion, match: re.Match) -> Fact:
    """A fact whose quote is the criterion, or in a long one the sentence that holds the match (found in the criterion's own text)."""
    if len(item.text) <= _SHORT:
        return Fact(value, item.quote)
    first, last = match.span()
    floor, ceiling = max(0, first - _REACH), min(len(item.text), last + _REACH)
    cuts = [cut.end() for cut in _BREAK.finditer(item.text, floor, first)]
    begin = cuts[-1] if cuts else item.text.find(" ", floor, first) + 1 or first if floor else 0
    cut = _BREAK.search(item.text, last, ceiling)
    end = cut.start() if cut else ceiling if ceiling == len(item.text) else max(item.text.rfind(" ", last, ceiling), last)
    words = item.text[begin:end]
    return Fact(value, Quote(CRITERIA, words.strip(), item.start + begin + len(words) - len(words.lstrip())))
