"""Text search, on whichever database the suite runs: SQLite's FTS5, or PostgreSQL under `make test-servers`."""

import threading
import time
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import make_trial
from tests.studies import drug_study, msc_study, write_jsonl
from trials import search
from trials.derive import _document, derive, rederive
from trials.facets import count
from trials.filters import TrialFilter
from trials.models import Record, Trial
from trials.payload import unpack
from trials.registry.parse import parse
from trials.search import SearchEntry, SearchWord, highlights, read
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    make_trial(
        1, brief_title="Haematopoietic Stem Cell Transplantation in Multiple Sclerosis", acronym="BEAT-MS",
        interventions=[{"name": "Autologous transplant (BEAM)"}], conditions=["Multiple Sclerosis"], sponsor_name="Uppsala University",
        sites=[{"facility": "Centrum Onkologii", "city": "Łódź", "country": "Poland"}],
    )  # fmt: skip
    make_trial(
        2, brief_title="Mesenchymal Stromal Cells for Progressive Disease", interventions=[{"name": "MSC-NP"}],
        conditions=["Neuromyelitis Optica", "Sjögren's Syndrome"], sponsor_name="Haukeland Hospital",
        sites=[{"facility": "St. Olavs", "city": "Tromsø", "country": "Norway"}],
        brief_summary="Cells are given into the spine; a transplant is not.",
    )  # fmt: skip
    make_trial(
        3, brief_title="A Drug for Fatigue", interventions=[{"name": "Modafinil"}], conditions=["Fatigue"], aliases=["NCT09990000"],
        sites=[{"facility": "Clinic", "city": "Mannheim", "country": "Germany"}], brief_summary="People with leukemia may take part.",
    )  # fmt: skip


def found(text):
    return sorted(trial.pk for trial in Trial.objects.matching(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("transplantation", [1, 2]),
        ("TRANSPLANTED", [1, 2]),  # another form of the word
        ("transplanta", [1, 2]),  # unfinished, beyond the stem
        ("mesench", [2]),
        ("modaf*", [3]),
        ("drug fat", [3]),
        ("fat drug", [3]),  # no trial holds the word: it may be unfinished
        ("a* optica", [2]),
        ("stem norway", []),  # every word must occur
        ("cells norway", [2]),
        ("the cells of norway", [2]),
        ('"stem cell"', [1]),
        ('"cell stem"', []),
        ('"stem cell', [1]),  # a quote left open
        ("stem-cell", [1]),
        ("msc-np", [2]),
        ("beat-ms", [1]),
        ("hematopoietic", [1]),  # the other spelling
        ("leukaemia", [3]),
        ("sjogren", [2]),
        ("SJÖGREN’S", [2]),
        ("lodz", [1]),
        ("Łódź", [1]),
        ("tromso", [2]),
        ("tromsø", [2]),
        ("NCT00000002", [2]),
        ("nct09990000", [3]),
        ("uppsala", [1]),
        ("olavs", [2]),
        ("scelrosis", [1]),  # two letters swapped
        ("mesenchimal", [2]),  # one wrong
        ("modafinl", [3]),  # one missing
        ("autollogous", [1]),  # one too many
        ("xutologous", [1]),
        ("scelrosis haukeland", []),
        ("scelrosis upsala", [1]),  # one mistake in each word
        ("stemcell transplnt", [1]),  # written as one word, beside a mistake
        ("spms", []),
        ("trasplante de células madre", [1]),
        ("greffe de cellules souches", [1]),
        ("Stammzelltransplantation", [1]),
        ("mesenquimales", [2]),
        ("sten", []),  # of four letters one other is another word
        ("setm", [1]),
        ("NCT00000002, nct00000003", [2, 3]),
        ("NCT00000002 drug", []),
        ("msx", []),  # too short to guess at
        ("NCT00000009", []),  # a number that is nearly right is another number
        ('"scelrosis"', []),  # quotes are meant
        ("", []),
        ("!!! ---", []),
        ("the of", []),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("shelf")
def test_a_text_finds(text, expected):
    assert found(text) == expected


@pytest.mark.usefixtures("shelf")
def test_what_people_say_finds_what_records_call_otherwise_and_the_other_way_round_nothing():
    make_trial(4, brief_title="Adipose Cells", conditions=["Secondary Progressive Multiple Sclerosis"])

    assert found("fat cells") == [4]
    assert found("spms") == [4]
    assert found("adipose") == [4]


@pytest.mark.usefixtures("shelf")
def test_a_correction_is_told():
    assert read("scelrosis upsala").corrections == (("scelrosis", ("sclerosis",)), ("upsala", ("uppsala",)))
    assert read("sclerosis").corrections == ()


@pytest.mark.usefixtures("shelf")
def test_what_stands_in_a_title_comes_before_what_stands_in_a_summary():
    query = read("transplant")

    assert [trial.pk for trial in Trial.objects.matching(query).by_relevance(query)] == [1, 2]
    assert [trial.pk for trial in Trial.objects.matching(query).by_relevance(query).reverse()] == [2, 1]


@pytest.mark.usefixtures("shelf")
def test_search_and_filters_work_together():
    query = read("cells")
    trials = Trial.objects.matching(query).in_country("Norway")

    assert [trial.pk for trial in trials.by_relevance(query)] == [2]
    assert trials.count() == 1
    assert Trial.objects.filter(pk__in=trials.values("pk")).count() == 1


AWKWARD = [
    '"', '""', "'", "a'b", "\\", "*", "**", "a* *b", "(", "()", "NEAR(a b)", "a AND", "OR", "NOT x", "title:cell", "-cell", "cell -",
    "^cell", "a:b:c", "<script>", "%", "_", "&|!<->", ":*", "a:*", "🧠", "x" * 5_000, "a " * 5_000, '"' * 999, "ß", "İ", "\u0000", "\ud800",
    "日本", "'; DROP TABLE trials_search; --", "ﬁbrosis", "1e5", "3.5", "٣",
]  # fmt: skip


@pytest.mark.parametrize("text", AWKWARD, ids=ascii)
@pytest.mark.usefixtures("shelf")
def test_whatever_is_typed_gives_an_answer(text):
    query = read(text)

    assert isinstance(found(text), list)
    assert len(query.terms) <= search.MOST_WORDS
    assert isinstance(highlights(query, [1, 2, 3]), dict)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\"'*()-: cells")), max_size=60))
def test_any_text_gives_an_answer(text):
    found(text)


@given(st.text())
def test_folding_keeps_every_letter_in_its_place(text):
    assert len(search.fold(text)) == len(text)


def test_reading_a_text_costs_a_bounded_number_of_queries(shelf, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        read("stem cell transplantation")
    with django_assert_max_num_queries(2 + 4 * search.MOST_WORDS):
        read(" ".join(f"unheardof{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"))


@pytest.mark.usefixtures("shelf")
def test_words_are_marked_where_they_stand():
    marked = highlights(read("transplant progressive"), [1, 2])

    assert marked[2].title.html == "Mesenchymal Stromal Cells for <mark>Progressive</mark> Disease\n"
    assert marked[2].field == "summary"
    assert marked[2].excerpt.html == "Cells are given into the spine; a <mark>transplant</mark> is not."


@pytest.mark.usefixtures("shelf")
def test_words_with_diacritics_are_marked_as_they_are_written():
    assert highlights(read("sjogren"), [2])[2].excerpt.html == "Neuromyelitis Optica\n<mark>Sjögren</mark>&#x27;s Syndrome"


def test_a_record_cannot_smuggle_markup_into_a_highlight():
    make_trial(4, brief_title="<script>alert(1)</script> & <b>cells</b>", brief_summary="x" * 300 + " <img src=x> cells " + "y " * 300)

    marked = highlights(read("cells"), [4])[4]

    assert marked.title.html == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;<mark>cells</mark>&lt;/b&gt;\n"
    assert "&lt;img src=x&gt; <mark>cells</mark>" in marked.excerpt.html
    assert len(str(marked.excerpt)) <= search.EXCERPT + 4


def entries():
    return {row[0]: row[1:] for row in SearchEntry.objects.order_by("pk").values_list("pk", *search.FIELDS[1:])}


def test_the_index_holds_what_the_trials_hold(tmp_path):
    def take(*studies):
        sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", studies),)))
        documents = [_document(derive(parse(unpack(record.payload))), record.pk) for record in Record.objects.filter(trial__isnull=False)]
        assert entries() == {document.trial_id: document[2:] for document in documents}

    SearchEntry.objects.all().delete()
    take(msc_study(1), msc_study(2, title="Umbilical Cells in Sclerosis"), drug_study(3))
    take(msc_study(1, title="Placental Cells in Multiple Sclerosis"))
    assert found("placental") == [1]
    assert found('"stem cells for multiple"') == []

    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    rederive()
    assert found("placental") == [1]
    take()


def test_filters_of_a_text_follow_what_the_record_says_now_though_its_words_stay(tmp_path):
    for status in ("RECRUITING", "COMPLETED"):
        sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", [msc_study(1, status=status)]),)))

        asked = {"q": "sclerosis", "country": ["Norway"]}
        totals = {asked_for: count(TrialFilter(asked | {"status": [asked_for]})).total for asked_for in ("RECRUITING", "COMPLETED")}
        assert totals == {asked_for: int(asked_for == status) for asked_for in totals}


def test_what_an_older_version_wrote_is_counted_again_once_it_is_worked_out_anew(tmp_path):
    sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", [msc_study(1), msc_study(2, status="COMPLETED")]),)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE trials_search SET mixture = 0 WHERE rowid = (SELECT MIN(rowid) FROM trials_search)")
    rederive()

    counted = count(TrialFilter({"q": "sclerosis", "status": ["COMPLETED"]}))
    assert counted.total == 1
    assert {option.value: option.count for option in counted["status"].options} == {"RECRUITING": 1, "COMPLETED": 1}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_write_trials_that_are_alike_in_all_their_facets_at_once_are_both_counted():
    def other():
        try:
            make_trial(2, status="SUSPENDED")
        finally:
            connection.close()

    writer = threading.Thread(target=other)
    with transaction.atomic():
        make_trial(1, status="SUSPENDED")
        if connection.vendor == "postgresql":  # SQLite takes one writer at a time
            writer.start()
            deadline = time.monotonic() + 60
            while not _is_waited_for():  # for a mixture that is not yet known to be kept
                assert writer.is_alive()
                assert time.monotonic() < deadline
                writer.join(0.01)
    if connection.vendor == "sqlite":
        writer.start()
    writer.join(30)

    assert count(TrialFilter({"q": "autologous", "status": ["SUSPENDED"]})).total == 2


def _is_waited_for():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone() != (0,)


def test_a_trial_is_found_by_our_short_names_though_its_record_writes_them_out(tmp_path):
    study = msc_study(1, title="Cells in Multiple Sclerosis", intervention="Umbilical cord mesenchymal cells")
    sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", [study]),)))

    assert found("UC-MSC") == [1]
    assert found("ahsct") == []


def test_looking_for_a_word_walks_an_index():
    make_trial(1)
    letters = Random(1)  # words of all beginnings, ends and lengths, as a vocabulary has them
    words = {"".join(letters.choices("abcdefghijklmnoprstuvwy", k=letters.randint(3, 16))) for _ in range(5_000)}
    SearchWord.objects.bulk_create([SearchWord(word=word, backwards=word[::-1]) for word in words], ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE trials_searchword")  # else PostgreSQL guesses, and what it guesses changes its plan
    with CaptureQueriesContext(connection) as queries:
        found('transplantt "stem cells"')
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plans = []
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{query['sql']}")
            plans.append("\n".join(str(row) for row in cursor.fetchall()))
    assert any("trials_search_words" in plan or "VIRTUAL TABLE INDEX" in plan for plan in plans)
    assert any("searchword_by_start" in plan or "searchword_word" in plan for plan in plans)  # that of PostgreSQL's own for a word's start
    assert any("searchword_by_end" in plan for plan in plans)
    assert not any("SCAN trials_searchword" in plan or "Seq Scan" in plan for plan in plans)
