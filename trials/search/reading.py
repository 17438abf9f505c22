"""How a typed text becomes a query."""

import re

from django.db.models.functions import Length

from trials.search.entries import SearchEntry, SearchWord
from trials.search.letters import fold
from trials.search.query import Query, Term
from trials.search.sayings import SAYINGS

MOST_WORDS = 16
"""Words of a text that are read; whatever follows narrows no further."""

MOST_COMPLETIONS = 20
MOST_CORRECTIONS = 8
MOST_CANDIDATES = 4_000

STOP_WORDS = frozenset(
    """a an the and or of in on at to for from by with without is are was were be been it its this that these those as into than then
    who whom which what where when how do does did can could will would should may might not no nor so such
    de del der des di du el en et la las le les los und von y""".split()
)
"""Words that say nothing of a trial, also in the languages of `sayings`; they count within quotes alone."""

SPELLINGS = (
    ("haem", "hem"), ("aemi", "emi"), ("oede", "ede"), ("paed", "ped"), ("oeso", "eso"), ("foet", "fet"), ("orthop", "orthopa"),
    ("tumour", "tumor"), ("colour", "color"), ("behaviour", "behavior"), ("fibre", "fiber"), ("centre", "center"), ("isation", "ization"),
    ("ised", "ized"), ("ising", "izing"), ("elin", "ellin"), ("programme", "program"), ("sulph", "sulf"), ("gynaec", "gynec"),
)  # fmt: skip
"""British and American spellings of the same part of a word; either finds the other."""

NCT_ID = re.compile(r"nct\d{8}")
_CHUNK = re.compile(r'"([^"]*)"?|([^\s"]+)')
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)


def read(text: str) -> Query:
    """Read what a person typed. At most four queries, all of bounded cost; two where every word is known. Any text gives an answer.

    A text without letters or digits gives an empty query, which finds nothing; so does one of nothing but stop words.
    """
    words, terms, corrections = [], [], []
    chunks = list(_CHUNK.finditer(_POSSESSIVE.sub("", text.replace("“", '"').replace("”", '"'))))
    for number, chunk in enumerate(chunks):
        quoted, bare = chunk.groups()
        parts = tuple(fold(quoted if bare is None else bare).split())
        if bare is None or len(parts) > 1:
            if parts:
                words.append((parts, None))
        elif parts and parts[0] not in STOP_WORDS:
            is_open = bare.endswith("*") or (number == len(chunks) - 1 and len(parts[0]) > 3)
            words.append((parts, is_open))
    ids = tuple(parts for parts, _ in words if NCT_ID.fullmatch(parts[0]))
    if len(ids) > 1 and len(ids) == len(words):  # no trial has two: who lists numbers asks for each
        return Query((Term(ids[:MOST_WORDS]),))
    words = words[:MOST_WORDS]
    single = {parts[0] for parts, is_open in words if is_open is not None}
    known = set(SearchWord.objects.filter(word__in=single).values_list("word", flat=True)) if single else set()
    for parts, is_open in words:
        if is_open is None:
            terms.append(Term((parts[:MOST_WORDS],)))
            continue
        word = parts[0]
        forms = [word, *_spellings(word)]
        prefix = ""
        if is_open or word not in known:
            completions = _completions(word)
            prefix = word if len(word) > 1 else ""
            forms += completions
            if (
                word not in known
                and word not in SAYINGS
                and not completions
                and not _occurs(Term(tuple((form,) for form in forms), prefix))
            ):
                found = _corrections(word)
                if found:
                    corrections.append((word, tuple(found)))
                    forms += found
        terms.append(Term((*((form,) for form in dict.fromkeys(forms)), *SAYINGS.get(word, ())), prefix))
    return Query(tuple(terms), tuple(corrections))


def _spellings(word: str) -> list[str]:
    pairs = [pair for both in SPELLINGS for pair in (both, both[::-1])]
    return [word.replace(one, other) for one, other in pairs if one in word and other not in word][:4]


def _completions(word: str) -> list[str]:
    """The shortest known words that begin so: stems are cut off the end, so the beginning of a word may be longer than its stem."""
    if len(word) < SearchWord.SHORTEST:
        return []
    found = SearchWord.objects.filter(word__gte=word, word__lt=f"{word}\U0010ffff").order_by(Length("word"), "word")
    return list(found.values_list("word", flat=True)[:MOST_COMPLETIONS])


def _occurs(term: Term) -> bool:
    return SearchEntry.objects.filter(index__matches=Query((term,))).exists()


def _corrections(word: str) -> list[str]:
    """The known words that are one letter away: one too many, one missing, one wrong, or two neighbours swapped.

    Whatever the mistake, the word keeps at least half of the letters that it does not touch at one of its ends.
    """
    if len(word) < 4 or not word.isalpha() or len(word) > SearchWord.LONGEST:
        return []
    kept = (len(word) - 1) // 2
    start, end = word[:kept], word[::-1][:kept]
    lengths = (len(word) - 1, len(word), len(word) + 1)
    words = SearchWord.objects.annotate(length=Length("word")).filter(length__in=lengths)
    same_start = words.filter(word__gte=start, word__lt=f"{start}\U0010ffff").order_by()
    same_end = words.filter(backwards__gte=end, backwards__lt=f"{end}\U0010ffff").order_by()
    candidates = [part.values_list("word", flat=True)[:MOST_CANDIDATES] for part in (same_start, same_end)]
    near = {candidate for part in candidates for candidate in part if _is_near(word, candidate)}
    if len(word) == 4:  # one letter other, more or less makes another short word or name of it: MIST is not MOST
        near = {candidate for candidate in near if sorted(candidate) == sorted(word)}
    return sorted(near, key=lambda candidate: (candidate[0] != word[0], abs(len(candidate) - len(word)), candidate))[:MOST_CORRECTIONS]


def _is_near(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, make one word the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[at:], other[at:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])
