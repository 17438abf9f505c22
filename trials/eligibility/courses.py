"""Which courses of MS a trial takes and which it refuses. Knows where naming one is no statement about it (a drug "approved for relapsing
MS", the relapsing past of a secondary progressive course).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from trials.eligibility.course_names import GENERAL, KEYWORDS, LISTED, SLUGS, Mention, mentions_in
from trials.eligibility.criteria import Source, normal
from trials.eligibility.facts import COURSES, CRITERIA, Activity, Course, CourseFacts, Criterion, Quote

_ABOUT_MS = re.compile(r"multiple sclerosis|\b(?:r?r|sp|pp)?ms\b|isolated syndrome|demyelinat")

_MS_AS_SUCH = re.compile(  # not the name of who looks after people with it
    r"\b(?:ms|multiple\ssclerosis)\b(?!/mri|\s(?:cent(?:er|re)s?|clinics?|society|societies|research|specialists?|nurses?|units?|databases?)\b)"
)
_NOT_YET_MS = re.compile(
    r"(?:\bother\sthan\s|\b(?:suggest\w*|consistent|compatible|typical|risk|suspic\w+|suspected|convert\w*|conversion|develop\w*|indicative|characteristic"
    r"|beginning|potential|possible|(?:manifestation|presentation|attack|event|episode)\sof)\s(?:of|with|to|into|for)?\s?(?:an?\s|the\s|having\s|clinically\s|definite\s)*|\bnot\s(?:\w+\s){0,3})(?:multiple\ssclerosis\s\()?$"
)
_NO_STATEMENT = re.compile(  # before a course that is named for a drug's sake
    r"\b(?:approved|indicated|licen[sc]ed|authori[sz]ed|registered|used|available)\s(?:for|in)\b[^.;:]{0,40}$"
    r"|\b(?:treatments?|therap(?:y|ies)|drugs?|dmts?|medications?|trials?|agents?"
    r"|relatives|siblings?|brothers?|sisters?|parents?|fathers?|mothers?|spouses?|partners?|caregivers?|carers?)\s(?:for|of|in)\s(?:the\s|an?\s)?(?:treatment\sof\s)?"
    r"(?:(?:patients?|people|persons?|individuals?|children|those)\swith\s)?(?:active\s|highly\sactive\s)?$"
    r"|\b(?:(?:fa|mo)ther|relative|sibling|brother|sister|parent|spouse)s?\swith\s$"
)
_TREATED_FOR = re.compile(  # but who begins a drug for a course has it
    r"\b(?:start\w*|initiat\w*|commenc\w*|begin\w*|prescribed|treated\swith|receiv\w+|taking|on\san?)\s(?:(?!approved|licen[sc]ed|(?<!as\s)indicated)[\w-]+\s){1,3}for\s(?:the\s)?(?:treatment\sof\s)?"
    r"(?:their\s|active\s)?$"
)
_PAST = re.compile(  # before a course that somebody had, or that is told apart
    r"\b(?:preceded\sby|preceding|(?<!\bms\s)following|after|initial|initially|previous|previously|prior|earlier|past|(?<!year\s)history\sof)\s(?:a\s|an\s)?"
    r"(?:initial\s|prior\s|previous\s|typical\s|period\sof\s)?(?:history\sof\s(?:a\s)?)?$"
    r"|\b(?:conversion|convert\w*|transition\w*|evol\w+|progressed|progression|progressing|switch\w*)\sfrom\s(?:a\s|an\s)?$"
    r"|\b(?:risk\sof|before|prior\sto|without|not|not\syet)\s(?:conver\w+|transition\w*|progress\w*|evol\w+|turn\w*)\s(?:to|into)\s(?:a\s|an\s)?$"
    r"|\brather\sthan\s(?:an?\s|the\s)?(?:mcdonald|polman|poser|lublin)\s$"
    r"|\b(?:suspicion|suspected|risk|signs?|evidence|distinguished|distinct|differentiat\w+)\s(?:of|from)\s(?:a\s)?$"
)
_NOT_YET = re.compile(
    r"\b(?:risk|suspicion|signs?|evidence)\s(?:of|for)\s(?:an?\s)?(?:develop\w+|conver\w+|transition\w*|progress\w+)\s(?:of\s|to\s|into\s)?(?:an?\s)?$"
)
_BEFORE_NOW = re.compile(
    r"\s?(?:ms\s|phase\s|course\s)?(?:was\sthe\s(?:initial|first|earlier|previous)\s|before(?=\s?[.;,)]|$)|previously|earlier|in\sthe\spast|prior(?=\s?[.;,)]|$))"
)
_TURNED = re.compile(  # "RRMS that has converted to SPMS"
    r"\)?(?:\sms|\smultiple\ssclerosis)?(?:\s\(r?r?ms\))?(?:\spatients?|\scourse|\sdisease)?,?\s"
    r"(?:(?:(?:who|that|which|with|has|have|had|recently|documented|confirmed|then|before|after)\s){0,4}"
    r"(?:converted|conversion|(?<=before\s)converting|converting(?=[^.;]{0,40}?\s(?:within|in)\sthe\s(?:last|past)\s)"
    r"|(?:transition|transform|progress|evolv|turn|chang)ed|progression)\s(?:in)?to\s(?:an?\s|active\s)?"
    r"|with\s(?:\w+\s)?(?:progression|progressive\s(?:disease|course|phase))\s?[:(]\s?)(?=sp-?ms|secondar)"
)
_AFTER = re.compile(r"\b(?:after|following|preceded\sby|subsequent\sto)\s(?:an?\s|the\s)?(?:initial\s|prior\s|previous\s)?$")
_HAD = re.compile(r"\bhad\s(?:an?\s|initial\s)?$")
_NOW = re.compile(r"[^;]{0,80}?[;,]\s(?:and\s|but\s)?now\b")
_OF_SOME = re.compile(  # "MS; those with relapsing MS must be on stable treatment"
    r"[.;,]\s(?:in|for|those\swith|if|(?:patients|participants|subjects|people)\swith)\s(?:the\s|an?\s)?$"
)
_OPENING = re.compile(r"(?:^|[.;]\s)(?:(?:in|for|if|(?:(?:patients|participants|subjects|people|those)\swith))\s(?:the\s|an?\s)?)?$")
_ASKED_OF_THEM = re.compile(
    r"\s?(?:ms\b|multiple\ssclerosis)?\s?(?:\(\w+\)\s?)?(?:patients?|participants?|subjects?|people|individuals)?\s?"
    r"(?:[:,]|(?:must|should|need|ha(?:ve|s)\sto|(?:is|are)\srequired)\b)"
)
_FOR = re.compile(r"\bfor\s(?:the\s)?$")
_THEIRS = re.compile(r"\s?(?:patients?|participants?|subjects?)[\s.;)]*")  # "no relapse in the last months for RRMS patients"
_DIAGNOSED_BEFORE = re.compile(r"\b(?:previous|prior|earlier|initial|past)\s(?:\w+\s)?diagnosis\sof\s(?:an?\s)?$")
_FIRST_EVENT = re.compile(r"(?:first|initial|single)\s")
_COUNTED_FROM = re.compile(
    r"\b(?:(?:since|from)\s(?:the\s)?(?:onset\sof\s)?|of\s(?:the\s)?onset\sof\s|(?:time|date|day|years?|yrs|age)\s(?:of|at|after)\s)(?:the\s|an?\s|their\s)?$"
)
_YEARS_AGO = re.compile(r"\s(?:\w+\s){0,6}(?:\d{1,2}|two|three|four|five|ten)\syears\s(?:ago|before|prior|earlier)\b")
_DEFINING = re.compile(r"\b(?:defined|characteri[sz]ed|diagnosed|i\.e|that\sis|meaning|following|follows|after)\b")
_THEN = re.compile(r"follow|prior|progress|worsen|evol|with\s(?:recent|subsequent)|by\sa|after|history|course")
_NEGATED = re.compile(
    r"(?:\b(?:not|no|other\sthan|exception\sof|except(?:ing|\sfor)?|exclud(?:ing|es?|ed)|without|rather\sthan|unlike|(?:sub)?types\sbut|forms\sbut|courses\sbut|no\s(?:evidence|signs?|history|suspicion)\sof|apart\sfrom)|\bnon-?"
    r"|\b(?:types?|forms?|courses?)\sof\s(?:ms|multiple\ssclerosis|the\sdisease)\sthan)\s?"
    r"(?:with\s|having\s|in\s|for\s|a\s|an\s|the\s|of\s|diagnosis\sof\s|classified\sas\s|have\s|be\s|yet\s|those\s|patients\s|people\s|subjects\s|any\s){0,4}$"
)
_OTHER_DISEASE = re.compile(  # "disorders other than MS": tells nothing of its courses
    r"\b(?<!of the )(?:disorders?|diseases?|conditions?|illness(?:es)?|patholog(?:y|ies))\s"
    r"(?:of\sthe\s(?:cns|brain|central\snervous\ssystem)\s)?"
    r"\(?(?:other\sthan|except(?:ing|\sfor)?|apart\sfrom|besides)\s(?:an?\s|the\s|active\s)?$"
)
_OTHER_THAN = re.compile(r"\b(?:other\sthan|except(?:ing|\sfor)?|apart\sfrom)\s(?:an?\s|the\s|active\s)?$")
_NEXT_OF_LIST = re.compile(r"(?:\s?(?:ms|multiple\ssclerosis|patients?))?\s?;\s?(?:(?:or|and|only)\s)?")
_REFUSED_AFTER = re.compile(  # "PPMS is not allowed"; only the names of courses may stand between
    r"^(?:[\s,/()]|\b(?:ms|multiple|sclerosis|and|or|patients?|people|subjects?|participants?|courses?|forms?|disease|rrms|spms|ppms|prms"
    r"|primary|secondary|progressive|relapsing|remitting)\b){0,24}\b(?:(?:(?:is|are|will\sbe)\s)?(?:excluded|ineligible"
    r"|not\s(?:allowed|eligible|permitted|included|accepted|admitted))|(?:cannot|can\snot|may\snot|must\snot|will\snot)\s"
    r"(?:take\spart|participate|be\s(?:included|enrol\w+)|enrol\w*))"
)
_ONLY_SOME = re.compile(  # under exclusion: not the course as such, only part of it
    r"\b(?:(?<!or\s)(?<!and\s)with\s?out(?!\sconver)|(?<!or\s)(?<!and\s)(?<!accordance\s)with(?!\sor\b)|not\s(?:fulfil\w*|meeting|meet|satisfying)|who|whose|that\s(?:do|does|have|has)|which|unless|except|if|when|in\sabsence|lacking|treated|receiving)\b"
    r"|^[^,;]{0,25}\b(?:in|during)\s(?:an?\s)?(?:acute\s)?(?:relapse|remission)\b"
)
_REFUSED_FOR = re.compile(
    r"\b(?:treat\w*|therap\w*|drug|approved|medication|intoleran\w*|trial|study|interferon)|\b(?:relapse|lesions?)\b(?!\s\((?:i\.?\s?e\.?,?\s)?$|[^,;]*[,;])"
)
_THAT_IS = re.compile(r"\s?(?:ms|multiple\ssclerosis)?\s?\((?:i\.?\s?e\.?,?\s?|that\sis,?\s)")
_PHASE = re.compile(r"\s*(?:ms)?\W{0,3}(?:phase|stage)")
_OR_ANOTHER = re.compile(r",?\sor\s(?!with)")
_IS_A_TRIAL = re.compile(r"\s(?:ms\s)?(?:trials?|stud(?:y|ies))\b")
_IS_A_REGISTRY = re.compile(r"\s(?:ms\s)?(?:patient\s)?(?:registr(?:y|ies)|databases?)\b")
_RAPID = re.compile(r"\brapidly[\s-](?:progressing|worsening|evolving)\s$")
_ABBREVIATED = re.compile(r"\s?(?:ms|multiple\ssclerosis|disease)?\s?\(")
_ACTIVE = re.compile(r"(?:(?<!not )(?<!non-)(?<!non )\bactive\s(?:and\s)?|\brelapsing\s)$")
_THE_COURSE = r"^\W{0,3}(?:(?:ms|multiple sclerosis|disease|course|spms|ppms|rrms|patients?)\W{0,3}){0,4}"
_ACTIVE_AFTER = re.compile(
    _THE_COURSE + r"(?:\(?with\s(?!or\b|/)"
    r"(?:continu\w+\s|ongoing\s|superimposed\s|clinical\s|residual\s|evidence\sof\s|recent\s|active\s|still\s|some\s|at\sleast\s\w+\s){0,2}"
    r"(?:relapses?|activity|inflamm\w+|exacerbations?|attacks?|disease\sactivity|enhancing|gadolinium|gd|mri)"
    r"|who\s(?:still\s)?(?:have|experience)\srelapses|\(?active\b)"
)
_QUIET = re.compile(r"(?:\bnon-?\s?relapsing\s|\bnonrelapsing\s|\bnon-?\s?active\s|\binactive\s|\bnot\sactive\s|\bnr-?)$")
_QUIET_AFTER = re.compile(
    _THE_COURSE + r"(?:\(?with\s?out\s(?:any\s|ongoing\s|superimposed\s|clinical\s|further\s|evidence\sof\s|recent\s){0,2}"
    r"(?:relapses?|activity|attacks|exacerbations)|non-?\s?active|inactive|not\sactive)"
)


@dataclass(slots=True)
class _Told:
    """What the criteria say, gathered criterion by criterion."""

    specific: list[Course] = field(default_factory=list)
    general: list[tuple[str, Course]] = field(default_factory=list)
    """Each with its word, "relapsing" or "progressive"."""
    refused: list[Course] = field(default_factory=list)
    shut_out: set[str] = field(default_factory=set)
    """Refused by name under exclusion."""
    earlier: list[Course] = field(default_factory=list)
    """Diagnosed before: taken, unless the course now is SPMS."""
    of_some: list[tuple[str, Course]] = field(default_factory=list)
    """Of whom a criterion asks something, where MS is taken as such: taken, if of several courses it is asked apart."""
    no_limit: Quote | None = None


def course_facts(source: Source, fields: Sequence[tuple[str, str]] = ()) -> CourseFacts:
    """Read the courses from the criteria; where these are silent, from `fields`: (name, text) pairs, titles before conditions.

    What the criteria exclude is kept in any case, and taken away from what a general word ("relapsing MS") would let in.
    """
    told = _Told()
    low = source.low
    is_about_ms = None
    for item in source.holding(KEYWORDS):
        mentions = mentions_in(low, item.start, item.end)
        if mentions and is_about_ms is None:
            is_about_ms = bool(_ABOUT_MS.search(low) or any(_ABOUT_MS.search(normal(text)) for _, text in fields))
        if not is_about_ms:  # CIS is a carcinoma in situ elsewhere
            mentions = [mention for mention in mentions if mention.kind not in ("cis", "ris")]
        if mentions and item.kind == "exclusion":
            _excluding(item, low, mentions, told)
        elif mentions:
            _including(source, item, mentions, told)
    specific, general, excluded, no_limit = told.specific, told.general, told.refused, told.no_limit
    if len({kind for kind, _ in told.of_some}) > 1:
        specific = specific + [course for kind, course in told.of_some if kind in SLUGS]
        general = general + [(kind, course) for kind, course in told.of_some if kind in GENERAL]
    if not any(item.course == "SPMS" for item in specific):  # else "previous diagnosis of RRMS" is its past
        specific = specific + told.earlier
    # taken and refused by name: whoever meets an exclusion criterion is not taken, whatever the inclusion criteria say
    specific = [item for item in specific if item.course not in told.shut_out] or specific
    accepted = _merge(specific, general, excluded)
    if accepted and {item.course for item in accepted} <= {"CIS", "RIS"} and _takes_ms(source, len(low)):
        return CourseFacts((), _first_of_each(excluded), no_limit)
    if not accepted and not no_limit:
        for name, text in fields:
            if accepted and not (name.startswith("conditions") and accepted[0].quote.field.startswith("conditions")):
                break  # the first title that tells; of the conditions all
            small = normal(text)
            mentions = mentions_in(small, 0, len(small))
            if mentions:
                named, wide = _of_field(name, text, small, mentions)
                specific, general = specific + named, general + wide
                accepted = _merge(specific, general, excluded)
    if not specific and {kind for kind, _ in general} == {"relapsing"} and not _FORMS.search(low) and _only_remitting(fields):
        accepted = tuple(item for item in accepted if item.course == "RRMS") or accepted
    if not specific and {kind for kind, _ in general} == {"progressive"} and (meant := _progressive_of(fields)):
        accepted = tuple(item for item in accepted if item.course in meant) or accepted
    taken = {item.course for item in accepted}
    refused = _first_of_each([item for item in excluded if item.course not in taken])
    return CourseFacts(accepted, refused, no_limit if not accepted else None)


def _first_of_each(found: list[Course]) -> tuple[Course, ...]:
    first: dict[str, Course] = {}
    for item in found:
        first.setdefault(item.course, item)
    return tuple(first[slug] for slug in COURSES if slug in first)


_SURE_OR_NOT = re.compile(r"\b(?:known|confirmed|definite|established)\s(?:or|and|/)\s(?:suspected|possible|probable)\s")


def _takes_ms(source: Source, until: int) -> bool:
    """Whether the inclusion criteria before `until` take people with MS of whatever course: "or CIS" beside them narrows nothing."""
    for item in source.holding(("ms", "sclerosis")):
        if item.start >= until:
            break
        if item.kind != "exclusion":
            for found in _MS_AS_SUCH.finditer(source.low, item.start, min(item.end, until)):
                before = (source.low, max(item.start, found.start() - 60), found.start())
                if _SURE_OR_NOT.search(*before) or not _NOT_YET_MS.search(*before):
                    return True
    return False


_FORMS = re.compile(r"\brelapsing[\s-](?:forms|types|courses|phenotypes)\b")


def _only_remitting(fields: Sequence[tuple[str, str]]) -> bool:
    """Whether titles and conditions name RRMS and no other course, but for "relapsing MS": they tell which of these is meant.

    "Relapsing forms" are several, so that RRMS among the conditions, whose list of terms knows no other relapsing course, leaves them be.
    """
    kinds = set()
    for _, text in fields:
        small = normal(text)
        if _FORMS.search(small):
            return False
        kinds |= {mention.kind for mention in mentions_in(small, 0, len(small))}
    return kinds - {"any", "relapsing"} == {"rr"}


def _progressive_of(fields: Sequence[tuple[str, str]]) -> set[str]:
    """The progressive courses that titles and conditions name: they tell which "progressive MS" are meant."""
    texts = [normal(text) for _, text in fields]
    kinds = {mention.kind for text in texts for mention in mentions_in(text, 0, len(text))}
    return {slug for kind in kinds for slug in SLUGS.get(kind, ())} & set(GENERAL["progressive"])


def _merge(specific: list[Course], general: list[tuple[str, Course]], excluded: list[Course]) -> tuple[Course, ...]:
    named = {item.course for item in specific}
    refused = {item.course for item in excluded} - named
    found = list(specific)
    for kind, item in general:
        # "relapsing" beside RRMS, "progressive" beside SPMS or PPMS: the list says which are meant
        core = {"RRMS"} if kind == "relapsing" else {"SPMS", "PPMS"}
        if not named & core and item.course not in refused:
            found.append(item)
    best: dict[str, Course] = {}
    for item in found:
        known = best.get(item.course)
        if known is None:
            best[item.course] = item
        elif known.activity != item.activity:
            best[item.course] = replace(known, activity="")
    return tuple(best[slug] for slug in COURSES if slug in best)


def _quote(item: Criterion, mention: Mention) -> Quote:
    return Quote(CRITERIA, item.text[mention.start - item.start : mention.end - item.start], mention.start)


def _including(source: Source, item: Criterion, mentions: list[Mention], told: _Told) -> None:
    low = source.low
    secondary_before = has_turned = False
    end_before = item.start
    negated_list = of_others = False
    passed_over = ""
    no_statement = False
    is_only = sum(mention.kind != "any" for mention in mentions) == 1
    for place, mention in enumerate(mentions):
        before = low[max(item.start, mention.start - 80) : mention.start]
        between = low[end_before : mention.start]
        until = mentions[place + 1].start if place + 1 < len(mentions) else item.end
        after = low[mention.end : min(until, mention.end + 90)]
        end_before = mention.end
        quote = _quote(item, mention)
        if mention.kind == "any":
            told.no_limit = told.no_limit or quote
            continue
        of_others = bool(_OTHER_DISEASE.search(before)) or (of_others and bool(LISTED.fullmatch(between)))
        if of_others:
            continue
        # "not PPMS or SPMS": a negation goes on over a bare list
        negated_list = bool(_NEGATED.search(before)) or (negated_list and len(between) < 12 and "but" not in between)
        slugs = SLUGS.get(mention.kind) or GENERAL[mention.kind]
        refusal = _REFUSED_AFTER.search(low[mention.end : min(item.end, mention.end + 140)])
        is_refused = refusal and refusal.group().count("(") <= refusal.group().count(")")  # not "RRMS (SPMS excluded)"
        if is_refused and _OTHER_THAN.search(before):
            pass  # "courses other than RRMS are not allowed"
        elif negated_list or is_refused:
            told.refused += [Course(slug, "", quote) for slug in slugs if not _QUIET.search(before)]
            if not _QUIET.search(before):
                continue
        turned = _TURNED.match(low, mention.end, item.end) if mention.kind in ("rr", "relapsing") else None
        if turned and ("before" not in turned.group() or _HAD.search(before)):
            has_turned = not _REFUSED_AFTER.search(low[turned.end() : turned.end() + 140])
            if has_turned:
                continue
        no_statement = bool(
            (_NO_STATEMENT.search(before) and not _TREATED_FOR.search(before)) or (no_statement and LISTED.fullmatch(between))
        )  # "relatives of people with RRMS or SPMS"
        if (
            no_statement
            or (not has_turned and _is_past(low, mention, before))
            or _IS_A_REGISTRY.match(after)
            or (mention.kind == passed_over and _ABBREVIATED.fullmatch(between))
        ):
            passed_over = mention.kind  # and its abbreviation in brackets with it
            continue
        if mention.kind == "pr" and place + 1 < len(mentions) and mentions[place + 1].kind == "sp" and _THAT_IS.fullmatch(after):
            continue  # "relapsing-progressive (i.e. secondary progressive)"
        if mention.kind == "relapsing" and place and mentions[place - 1].kind == "sp" and between.strip() == "(":
            continue  # "SPMS (relapsing or not)"
        if secondary_before and mention.kind in ("rr", "relapsing") and _is_the_past_of_spms(low, mentions[0].end, mention):
            continue
        secondary_before = secondary_before or mention.kind in ("sp", "shared", "progressive")
        if mention.kind == "progressive" and place + 1 < len(mentions) and mentions[place + 1].kind == "rr" and _AFTER.search(after):
            slugs = ("SPMS",)  # "a progressive course after a relapsing-remitting one"
        activity = _activity(before, low[mention.start : mention.end], after)
        courses = [Course(slug, "active" if mention.kind == "relapsing" and slug == "SPMS" else activity, quote) for slug in slugs]
        if is_only and _is_of_some(source, mention, before, after):
            told.of_some += [(mention.kind, course) for course in courses]
        elif mention.kind in GENERAL:
            told.general += [(mention.kind, course) for course in courses]
        elif mention.kind == "rr" and _DIAGNOSED_BEFORE.search(before):
            told.earlier += courses
        else:
            told.specific += courses


def _is_of_some(source: Source, mention: Mention, before: str, after: str) -> bool:
    """Whether a criterion only asks something of those with a course, while MS of whatever course is taken: "RRMS patients: no relapse"."""
    is_asked = _OF_SOME.search(before) or (
        _ASKED_OF_THEM.match(after) if _OPENING.search(before) else _FOR.search(before) and _THEIRS.fullmatch(after)
    )
    return bool(is_asked) and _takes_ms(source, mention.start)


def _is_past(low: str, mention: Mention, before: str) -> bool:
    if _FIRST_EVENT.match(low, mention.start, mention.end):  # always lies behind somebody with CIS
        return bool(_COUNTED_FROM.search(before) or _YEARS_AGO.match(low, mention.end))
    has_had = _HAD.search(before) and _NOW.match(low, mention.end)
    return bool(has_had or _PAST.search(before) or _NOT_YET.search(before) or _BEFORE_NOW.match(low, mention.end))


def _is_the_past_of_spms(low: str, start: int, mention: Mention) -> bool:
    """ "SPMS defined as relapsing-remitting disease followed by progression"."""
    start = max(start, mention.start - 150)
    return bool(_DEFINING.search(low, start, mention.start) and _THEN.search(low, max(start, mention.start - 30), mention.end + 60))


def _activity(before: str, words: str, after: str) -> Activity:
    if words.startswith("nr") or _QUIET.search(before) or _QUIET_AFTER.search(after):
        return "not active"
    if words.startswith("asp") or _ACTIVE.search(before) or _ACTIVE_AFTER.search(after):
        return "active"
    return ""


_SPELT_OUT = re.compile(r"[^.;()]{0,40}\((?:i\.?e\.?,?\s|that\sis,?\s|e\.?g\.?,?\s)?$")
_SENTENCE = re.compile(r"(?:;|(?<!\be\.g)(?<!\bi\.e)\.)\s")


def _sentence_end(low: str, item: Criterion, start: int) -> int:
    """Where the sentence at `start` ends; a semicolon in brackets ends none."""
    for place, stop in enumerate(_SENTENCE.finditer(low, start, item.end)):
        is_in_brackets = low[stop.start()] == ";" and low.count("(", item.start, stop.start()) > low.count(")", item.start, stop.start())
        if place == 3 or not is_in_brackets:
            return stop.start()
    return item.end


def _excluding(item: Criterion, low: str, mentions: list[Mention], told: _Told) -> None:
    """What an exclusion criterion refuses; it takes what it spares, as "other than RRMS" does."""
    stop = _sentence_end(low, item, mentions[0].end)
    floor = item.start
    while _NO_STATEMENT.search(low[max(floor, mentions[0].start - 120) : mentions[0].start]):
        floor = stop  # "a drug licensed for RRMS; SPMS"
        mentions = [mention for mention in mentions if mention.start >= floor]
        if not mentions:
            return
        stop = _sentence_end(low, item, mentions[0].end)
    of_others = spared = False
    end_before = item.start
    for place, mention in enumerate(mentions):
        if mention.start >= stop:
            if not _NEXT_OF_LIST.fullmatch(low, end_before, mention.start):
                break
            stop = _sentence_end(low, item, mention.end)  # "PPMS; SPMS"
        before = low[max(item.start, mention.start - 80) : mention.start]
        is_listed = bool(LISTED.fullmatch(low, end_before, mention.start))
        end_before = mention.end
        of_others = bool(_OTHER_DISEASE.search(before)) or (of_others and is_listed)
        if of_others:
            continue
        is_name = place and mentions[place - 1].kind == mention.kind and not _FIRST_EVENT.match(low, mentions[place - 1].start)
        if is_name and _ABBREVIATED.fullmatch(low, mentions[place - 1].end, mention.start):
            continue  # told with the words that it stands for
        following = mentions[place + 1 : place + 3]
        end = mention.end
        if following and following[0].kind == mention.kind and _ABBREVIATED.fullmatch(low, end, following[0].start):
            end, following = following[0].end, following[1:]  # "secondary progressive MS (SPMS) without relapses"
        until = following[0].start if following else stop
        after = low[end : min(until, end + 70)]
        if mention.kind == "any":
            continue
        slugs = SLUGS.get(mention.kind) or GENERAL[mention.kind]
        if mention.kind == "relapsing" and any(kind == "progressive" for kind, _ in told.general):
            slugs = ("RRMS",)  # the SPMS that is taken is that without relapses
        quote = _quote(item, mention)
        if (
            _QUIET.search(before)
            or _ACTIVE.search(before)
            or _RAPID.search(before)
            or _IS_A_TRIAL.match(after)
            or _IS_A_REGISTRY.match(after)
        ):
            continue
        if _FIRST_EVENT.match(low, mention.start, mention.end) or low.endswith("relapses", mention.start, mention.end):
            continue  # tells when, not who
        if mention.kind == "progressive" and until < stop and _SPELT_OUT.match(low, mention.end, until):
            continue  # "progressive forms of MS (SPMS or PPMS)"
        spared = (spared and is_listed) or bool(_OTHER_THAN.search(before))  # "MS other than RRMS or SPMS"
        if spared or _NEGATED.search(before):
            if "without" not in before[-25:]:
                told.specific += [Course(slug, "", quote) for slug in slugs]
            continue
        if mention.kind == "pp" and before.endswith("initial "):
            pass  # who once had it still has
        elif _PAST.search(before) and "history of" not in before and "evidence of" not in before and "suspicion" not in before:
            continue
        other = _OR_ANOTHER.search(after)
        if _REFUSED_FOR.search(low, max(floor, mention.start - 150), mention.start) or _ONLY_SOME.search(
            after, 0, other.start() if other else len(after)
        ):
            continue
        if mention.kind == "rr" and _PHASE.match(after) and not before.endswith(("in ", "in the ")):
            continue
        told.refused += [Course(slug, "", quote) for slug in slugs]
        if mention.kind in SLUGS:
            told.shut_out.update(slugs)


def _of_field(place: str, text: str, low: str, mentions: list[Mention]) -> tuple[list[Course], list[tuple[str, Course]]]:
    specific, general = [], []
    for mention in mentions:
        if mention.kind == "any":
            continue
        before = low[max(0, mention.start - 40) : mention.start]
        quote = Quote(place, text[mention.start : mention.end], mention.start)
        if mention.kind in GENERAL:
            for slug in GENERAL[mention.kind]:
                state = "active" if mention.kind == "relapsing" and slug == "SPMS" else _activity(before, "", "")
                general.append((mention.kind, Course(slug, state, quote)))
        elif not _is_past(low, mention, before):
            specific += [
                Course(slug, _activity(before, low[mention.start : mention.end], low[mention.end : mention.end + 60]), quote)
                for slug in SLUGS[mention.kind]
            ]
    return specific, general
