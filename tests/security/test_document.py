"""docs/security.md claims what a test shows: each test that it names is there."""

import re

from tests.records import REPO

NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (REPO / "docs" / "security.md").read_text())


def test_every_test_that_the_document_names_is_there():
    assert len(NAMED) > 15
    assert [(path, name) for path, name in NAMED if f"def {name}(" not in (REPO / path).read_text()] == []


def test_every_line_of_the_table_names_one():
    lines = re.findall(r"^\| [0-9].*$", (REPO / "docs" / "security.md").read_text(), re.MULTILINE)
    assert [line for line in lines if "::" not in line] == []
