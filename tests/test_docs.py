"""The documents tell the truth: what they tell a reader to type, open or set is there."""

import re
import shlex

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from tests.records import REPO
from tests.test_settings import READ_BY_COMPOSE, READ_BY_GUNICORN, READ_BY_SETTINGS

DOCUMENTS = sorted([*REPO.glob("*.md"), *(REPO / "docs").rglob("*.md")])
TEXTS = {str(path.relative_to(REPO)): path.read_text() for path in DOCUMENTS}
MAKEFILE = (REPO / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
NOT_OURS = {"/api/v2/"}  # the registry's, or ours of a day to come
MADE_AT_RUN_TIME = ("var", ".venv", ".env", "../")


def commands(text):
    """What a document gives to be typed: indented lines, fenced lines and quoted phrases that begin with a command's name."""
    lines = re.findall(r"^(?:    )?((?:make|docker|\S*python|[A-Z_]+=\S+ docker) .*)$", text, re.MULTILINE)
    quoted = re.findall(r"`((?:make|manage\.py|\.venv/bin/python) [^`]+)`", text)
    return [shlex.split(command, comments=True) for command in [*lines, *quoted]]


def named(text):
    """What a document names in code quotes or links to within the repository."""
    return {*re.findall(r"`([^`\n]+)`", text), *re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)}


@pytest.mark.parametrize("name", TEXTS)
def test_what_make_is_asked_for_exists(name):
    for command in commands(TEXTS[name]):
        if command[0] == "make":
            targets = [word for word in command[1:] if "=" not in word]
            variables = {word.partition("=")[0] for word in command[1:] if "=" in word}
            assert set(targets) <= TARGETS, command
            assert variables <= READ_BY_SETTINGS | READ_BY_GUNICORN | set(re.findall(r"\b[A-Z_]+\b", MAKEFILE)), command


@pytest.mark.parametrize("name", TEXTS)
def test_management_commands_exist_and_know_their_options(name):
    for command in commands(TEXTS[name]):
        if "manage.py" in command:
            called, *arguments = command[command.index("manage.py") + 1 :]
            assert called in get_commands(), command
            parser = load_command_class(get_commands()[called], called).create_parser("manage.py", called)
            options = {option for action in parser._actions for option in action.option_strings}
            assert {argument for argument in arguments if argument.startswith("--")} <= options, command


@pytest.mark.parametrize("name", TEXTS)
def test_files_and_folders_that_are_named_exist(name):
    looks_like_a_path = re.compile(
        r"(\.{0,2}[\w.-]+/)*[\w.-]*\.(py|md|toml|yaml|txt|lock|example|html)|(\.{0,2}[\w.-]+/)+[\w.-]*|Procfile|LICENSE|Dockerfile|Makefile"
    )
    for word in named(TEXTS[name]):
        if looks_like_a_path.fullmatch(word) and not word.startswith(MADE_AT_RUN_TIME) and word != "manage.py prepare":
            assert (REPO / word).exists() or (REPO / name).parent.joinpath(word).exists(), f"{name} names {word}"


@pytest.mark.parametrize("name", TEXTS)
def test_addresses_of_the_site_that_are_named_answer(name):
    for path in {*re.findall(r"`(/[a-z0-9/.-]*)`", TEXTS[name])} - NOT_OURS:
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{name} names {path}, which leads nowhere")


@pytest.mark.parametrize("name", TEXTS)
def test_settings_that_are_named_are_read(name):
    used_by_tests = {"TRACKER_RECORDS", "TRACKER_NO_SKIPS", "ENV_FILE"}
    for word in re.findall(r"`([A-Z]{2,}(?:_[A-Z]+)+)(?:=[^`]*)?`", TEXTS[name]):
        assert word in READ_BY_SETTINGS | READ_BY_GUNICORN | READ_BY_COMPOSE | used_by_tests, f"{name} names {word}"


def test_the_readme_opens_with_the_two_commands():
    indented = [line.split("#")[0].strip() for line in TEXTS["README.md"].splitlines() if line.startswith("    ")]
    assert indented[:2] == ["make run", "make test"]


def test_pictures_that_the_documents_show_are_there():
    for name, text in TEXTS.items():
        for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
            assert (REPO / name).parent.joinpath(picture).is_file(), f"{name} shows {picture}"
