"""What takes in words from outside, each with what must hold for any input. A target takes bytes, and raises where something does not hold.

Targets that answer requests need a database with `lay_out` in it; each input is undone.
"""

import copy
import itertools
import json
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail, signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import NoReverseMatch, reverse

from alerts.forms import SubscribeForm
from alerts.links import _link
from alerts.models import Subscription
from tests.builders import make_trial
from tests.evaluation.classifier import quoted
from tests.registry.full_study import RECORD as FULL_STUDY
from tests.studies import msc_study
from therapies.classifier import classify
from trials import search
from trials.api.paging import SALT
from trials.eligibility import extract
from trials.evidence import evidence_of
from trials.filters import TrialFilter
from trials.models import Curation, Trial
from trials.registry.normalise import canonical_nct_id, nct_number
from trials.registry.parse import parse
from trials.registry.raw import BadRecord, content_hash, decode

MOST_SECONDS = 5.0
"""Processor time that one input of a few kilobytes may take."""

ANSWERS = {200, 301, 302, 400, 404}
"""A page, another address, or a clear refusal: never a fault of ours."""


@dataclass(frozen=True)
class Target:
    """`seeds` are inputs to begin with, `inputs` how many `make fuzz` makes of them."""

    feed: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    inputs: int
    needs_database: bool = False

    def __call__(self, data: bytes) -> None:
        started = time.process_time()
        if self.needs_database:
            with undone():
                self.feed(data)
        else:
            self.feed(data)
        seconds = time.process_time() - started
        assert seconds < MOST_SECONDS, f"{seconds:.1f} s for {len(data)} bytes"


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


# --- What a record says ---------------------------------------------------------------------------------------------------------------
def record(data: bytes) -> None:
    """Any bytes are a study or a BadRecord; a study is the same read twice, and its quotes are its own words."""
    try:
        found = decode(data)
        study = parse(found)
    except BadRecord:
        return
    assert study == parse(copy.deepcopy(found))
    assert canonical_nct_id(study.nct_id) == study.nct_id
    assert len(content_hash(found)) > 8
    evidence = evidence_of(study)
    held(classify(evidence), evidence)


def leaf(data: bytes) -> None:
    """A whole study in which one value is something else."""
    where, _, value = data.partition(b"\n")
    study = copy.deepcopy(FULL_STUDY)
    places = list(_places(study))
    parent, key = places[int.from_bytes(where[:3], "big") % len(places)]
    try:
        parent[key] = json.loads(value)
    except (ValueError, RecursionError):
        parent[key] = text_of(value)
    try:
        raw = json.dumps(study).encode()
    except RecursionError:
        return
    record(raw)


def _places(node):
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield node, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


def criteria(data: bytes) -> None:
    """Any text is read, with quotes that stand in it, at a price that grows as the text does."""
    text = text_of(data)
    found = extract(text, titles=(text[:300],))
    assert all(text[item.start : item.end] == item.text for item in found.criteria)
    assert all(value is None or 0 <= value <= 10 for value in (found.edss_min, found.edss_max))
    extract((text * (20_000 // max(1, len(text))))[:20_000])


def words(data: bytes) -> None:
    """Any title and intervention are classified, with quotes that stand in them, at a price that grows as the text does."""
    title, _, intervention = text_of(data).partition("|")
    for factor in (1, 20_000 // max(1, len(title))):
        study = msc_study(1, title=(title * factor)[:20_000], intervention=(intervention * factor)[:20_000])
        evidence = evidence_of(parse(study))
        held(classify(evidence), evidence)


def held(found, evidence) -> None:
    everything = [finding for match in found.matches for finding in match.findings] + list(found.mentions)
    for finding in everything + ([found.condition] if found.condition else []):
        assert quoted(evidence, finding), finding
        assert 0 < finding.confidence <= 1


# --- What a reader writes ---------------------------------------------------------------------------------------------------------------
def number(data: bytes) -> None:
    """Any text is an NCT id, in one form, or a ValueError."""
    text = text_of(data)
    try:
        found = canonical_nct_id(text)
    except ValueError:
        return
    assert found.isascii()
    assert (len(found), canonical_nct_id(found), nct_number(found)) == (11, found, nct_number(text))


PATHS = [
    "/trials/", "/trials/export.csv", "/trials/export.json", "/trials/export.jsonl", "/trials/export.xlsx", "/trials/export.parquet",
    "/trials/export.ris", "/trials/export.bib", "/trials/export.meta.json", "/trials/feed.atom", "/trials/dates.ics", "/changes/",
    "/changes/feed.atom", "/landscape/", "/api/v1/trials/", "/api/v1/facets/", "/api/v1/changes/", "/alerts/", "/compare/", "/shortlist/",
]  # fmt: skip
KEYS = sorted({*TrialFilter.base_filters, *"page cursor page_size fields since until kind trial trials ids nct_id nonsense".split()})


def parameters(data: bytes) -> None:
    """Any parameters, to any page that takes some: first byte the page, then lines of a key's number and a value."""
    query = QueryDict(mutable=True)
    for line in data[1:].split(b"\n")[:8]:
        if line:
            query.appendlist(KEYS[line[0] % len(KEYS)], text_of(line[1:]))
    ask(PATHS[(data[0] if data else 0) % len(PATHS)], query.urlencode())


def query_string(data: bytes) -> None:
    """Any query string, as bytes that a browser would never send."""
    ask(PATHS[(data[0] if data else 0) % len(PATHS)], data[1:].decode("latin-1").replace("#", ""))


def address(data: bytes) -> None:
    """Any path."""
    path = "/" + quote(data.lstrip(b"/"), safe="/%")
    if not path.startswith(("/admin", "/static", "/alerts/")):
        answer = Client(raise_request_exception=True).get(path)
        assert answer.status_code in ANSWERS, (path, answer.status_code)


def answers(data: bytes) -> None:
    """Any answers to “could this be for me?”, and any place on earth or off it."""
    lines = [text_of(line) for line in data.split(b"\n")]
    names = ["age", "sex", "course", "walking", "years_since_diagnosis", "is_pregnant", "had_stem_cells", "which"]
    given = dict(zip(names, lines, strict=False))
    assert Client().post("/for-me/", given).status_code in ANSWERS
    given = dict(zip(["latitude", "longitude", "q", "page"], lines, strict=False))
    assert Client().post("/near-me/", given).status_code in ANSWERS


def search_words(data: bytes) -> None:
    """Any search is read, asked and highlighted."""
    query = search.read(text_of(data))
    found = list(Trial.objects.listed().filter(search.matching(query)).values_list("pk", flat=True))
    search.highlights(query, found)


def cursor(data: bytes) -> None:
    """A cursor that is not ours is refused; one that is, of another list or shape, too."""
    text = text_of(data)
    for path in ("/api/v1/trials/", "/api/v1/changes/"):
        for given in (text, signing.dumps(text, salt=SALT), signing.dumps([text[:3], [text]], salt=SALT)):
            answer = Client().get(path, {"cursor": given})
            is_blank = not given.replace("\0", " ").strip()
            assert answer.status_code == 400 or (is_blank and answer.status_code == 200), given


def token(data: bytes) -> None:
    """A link that we did not send confirms nobody and ends nothing; nor does one of ours with other things in it."""
    text = text_of(data)
    count = Subscription.objects.count()
    for name in ("confirm", "leave"):
        links = [_link(name, text).partition("/alerts/")[2], _link(name, text, text, text).partition("/alerts/")[2]]
        with suppress(NoReverseMatch):
            links.append(reverse(f"alerts:{name}", args=[text]).removeprefix("/alerts/"))
        for link in links:
            for answer in (Client().get(f"/alerts/{link}"), Client().post(f"/alerts/{link}")):
                assert answer.status_code in (404, 200), link
                assert answer.status_code == 404 or name == "leave" or "/alerts/" + link == "/alerts/"
    assert Subscription.objects.filter(confirmed_at=None).count() == count == Subscription.objects.count()


OUR_HEADERS = {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID"}


def subscriber(data: bytes) -> None:
    """Any address is refused, or is one to which one mail can go with headers of our own alone."""
    text = text_of(data)
    form = SubscribeForm({"address": text, "frequency": "weekly"})
    answer = Client().post("/alerts/?q=cells", {"address": text, "frequency": "weekly"})
    assert answer.status_code == (200 if form.is_valid() else 400)
    if form.is_valid():
        kept = Subscription.objects.order_by("-pk")[0].address
        assert len(kept.splitlines()) == 1
        assert "@" in kept
        message = mail.EmailMessage("News", "text", to=[kept]).message()
        assert set(message.keys()) <= {
            "Content-Type",
            "MIME-Version",
            "Content-Transfer-Encoding",
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
        }


HEAD = b"nct_id,field,approach,role,therapy,reason,source_url\n"


def judgements(data: bytes) -> None:
    """Any file of judgements gets a page that says what is wrong, and looking at it writes nothing."""
    client = Client()
    client.force_login(get_user_model().objects.get(username="fuzz"))
    for head in (b"", HEAD):
        file = SimpleUploadedFile("judgements.csv", head + data, "text/csv")
        answer = client.post(reverse("admin:trials_curation_import"), {"format": "0", "import_file": file})
        assert answer.status_code == 200
    assert not Curation.objects.exists()


# --- The table --------------------------------------------------------------------------------------------------------------------------
def ask(path: str, query: str) -> None:
    answer = Client().get(path, QUERY_STRING=query)
    if answer.streaming:
        size = sum(map(len, itertools.islice(answer, 10_000)))
        assert size < 50_000_000
    assert answer.status_code in ANSWERS, (path, query, answer.status_code)


@contextmanager
def undone():
    """Whatever is written while the block lasts is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lay_out() -> None:
    """A few trials, and a curator."""
    for turn in range(1, 5):
        make_trial(turn, countries=["Germany", "Norway"], approaches=("hsct", "msc"), start_date=f"20{turn + 10}-03")
    make_trial(5, brief_title="Mesenchymal cells (relapsing) ü", status="RECRUITING")
    user = get_user_model().objects.create_user("fuzz", password="a long pass phrase", is_staff=True)
    user.groups.set(Group.objects.filter(name="curator"))


_CRITERIA = (
    "Inclusion Criteria:\n\n* EDSS 3.0 to 6.5 (inclusive)\n* RRMS or SPMS, disease duration ≥ 2 years\n\nExclusion Criteria:\n\n"
    "1. Pregnancy\n2. Prior stem cell transplantation"
).encode()

TARGETS = {
    "record": Target(record, (json.dumps(msc_study()).encode(), json.dumps(FULL_STUDY).encode()), 20_000),
    "leaf": Target(leaf, (b"\x00\x01\x02\nnull", b'\x00\x10\x02\n["x", {"date": "2024-13"}]', b"\x00\x00\x33\n1e999"), 3_000),
    "criteria": Target(criteria, (_CRITERIA, b"EDSS <= 5.5, >=2 relapses; kurtzke 0-9.5 \\> x"), 2_000),
    "words": Target(words, (b"Autologous HSCT versus natalizumab|Mesenchymal stem cells from umbilical cord", b"iPSC-derived|"), 2_000),
    "number": Target(number, (b"NCT00273364", b" nct273364 ", "NCT０".encode()), 100_000),
    "parameters": Target(
        parameters, (b"\x00\x05hsct\n\x12Germany", b"\x01\x01x\n\x02y", b"\x0e\x09RECRUITING\n\x0b2024-02-31"), 1_500, True
    ),
    "query_string": Target(query_string, (b"\x00q=a%20b&country=%FF&&=&page=1e9", b"\x0eq[]=1;q=2"), 1_000, True),
    "address": Target(address, (b"trials/NCT00000001/", b"landscape/phases.csv", b"data/snapshots/x/y.json"), 1_000, True),
    "answers": Target(answers, (b"40\nfemale\nrrms\nwalks\n3\nno\nyes\nall", b"59.9\n10.7", b"nan\n1e400"), 400, True),
    "search_words": Target(search_words, (b'"stem cell" AND NOT (hsct OR msc*)', "é İ (".encode(), b"-a --b NCT00000001"), 2_000, True),
    "cursor": Target(cursor, (b"eyJ:1:1", b"\x1c", b"[1]"), 500, True),
    "token": Target(token, (b"eyJ:1:1", b"1", b"a/b"), 300, True),
    "subscriber": Target(subscriber, (b"a@example.org", b'"a b"@[127.0.0.1]', b"a@ex\xe5.obg", b"a@b.c\r\nBcc: x@y.z"), 1_000, True),
    "judgements": Target(
        judgements,
        (b"NCT00000001,approach,msc,treatment,,Read it.,https://example.org/p\n", b'NCT1,hide,,,,"a\nb",javascript:x\n', b"\xff\xfe\x00"),
        200,
        True,
    ),
}  # fmt: skip
