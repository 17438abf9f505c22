"""The plain-language layer: short, easy to read, complete, and never a promise."""

import re

import pytest

from tests.reading import grade, sentences, word_count
from trials.plain import ALL_WORDS, COST_QUESTIONS, TO_TALK_OVER, dates_in_words, plain, years
from trials.vocabulary import CODES, COURSES

EVERY = [(words.group, word.code, word.text) for words in ALL_WORDS for word in words.words]


@pytest.mark.parametrize(("group", "code", "text"), EVERY, ids=[f"{group}-{code}" for group, code, _ in EVERY])
def test_each_sentence_is_short(group, code, text):
    assert all(word_count(sentence) <= 16 for sentence in sentences(text))
    assert text.endswith((".", "?"))


@pytest.mark.parametrize("words", ALL_WORDS, ids=[words.group for words in ALL_WORDS])
def test_a_twelve_year_old_can_read_them(words):
    assert grade(" ".join(word.text for word in words.words)) <= 7


@pytest.mark.parametrize("questions", [COST_QUESTIONS, TO_TALK_OVER], ids=["cost", "to talk over"])
def test_the_questions_to_ask_are_as_easy(questions):
    assert grade(" ".join(questions)) <= 7
    assert all(question.endswith("?") for question in questions)


def test_every_status_phase_study_type_and_course_has_its_sentence():
    for group in ("Status", "Phase", "StudyType", "Role"):
        for code in CODES[group]:
            assert plain(group, code), (group, code)
    for code in COURSES:
        assert plain("Course", code), code
    assert plain("Status", "A_CODE_OF_TOMORROW") == ""


def test_nothing_is_promised():
    said = " ".join(text for _, _, text in EVERY).lower()
    for word in ("cure", "hope", "safe treatment", "breakthrough", "game-changer", "eligible", "promising"):
        assert word not in said
    assert not re.search(r"\b(best|better|proven|effective)\b", said)


def test_each_group_names_its_source():
    for words in ALL_WORDS:
        if words.group == "Role":  # labels of ours
            continue
        assert words.source.url.startswith("https://")
        assert words.source.label
        assert words.source.as_of


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (18.0, "18 years"),
        (1, "1 year"),
        (0.5, "6 months"),
        (1 / 12, "1 month"),
        (2.5, "2.5 years"),
        (0.01, "under a month"),
        (None, ""),
        (0, "0 years"),
    ],
)
def test_years_are_said_as_one_says_them(number, text):
    assert years(number) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("As of 2025-09-25 it was recruiting.", "As of 25 September 2025 it was recruiting."),
        ("2019-01", "January 2019"),
        ("2017", "2017"),
        ("between 2020-07-02 and 2021-11", "between 2 July 2020 and November 2021"),
        ("https://example.org/2024-03-14/", "https://example.org/2024-03-14/"),
        ("COVID-2019-20, 2015-16, 1-2024-03", "COVID-2019-20, 2015-16, 1-2024-03"),
    ],
)
def test_dates_read_as_pages_write_them(text, told):
    assert dates_in_words(text) == told
