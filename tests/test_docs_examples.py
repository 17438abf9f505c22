"""The examples of the documentation do what it says: Python, shell and R are run as they stand."""

import json
import re
import subprocess
import sys
import textwrap

import pytest

from tests.builders import make_trial
from tests.needs import RSCRIPT, needs_r
from tests.records import REPO
from trials.models import SyncRun

USUAL_ADDRESS = "http://127.0.0.1:8000"


def examples(name, language):
    text = (REPO / "docs" / name).read_text()
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(code) for _, code in found]


@pytest.fixture
def site(transactional_db, django_db_serialized_rollback, live_server):
    SyncRun.objects.create(kind="full", state="complete", finished_at="2026-11-21T03:04:05Z", data_timestamp="2026-11-20T09:00:05")
    for number in range(1, 61):
        make_trial(number, approaches=["msc"] if number % 2 else ["hsct"], enrollment=10, enrollment_kind="ACTUAL", status="RECRUITING")
    return live_server.url


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_in_python_run(site):
    (pages,) = examples("api.md", "python")
    (table,) = examples("researchers.md", "python")
    said = run([sys.executable, "-W", "error", "-c", pages.replace(USUAL_ADDRESS, site)])
    assert said.startswith("30 trials; MSC trials (30). ClinicalTrials.gov, data of 2026-11-20T09:00:05")
    said = run([sys.executable, "-W", "error", "-c", table.replace(USUAL_ADDRESS, site)])
    assert said.startswith("30 trials; people: {'ACTUAL': 300, 'ESTIMATED': 0}; 0 trials do not say.\n")
    assert "Phase 2 or 3 HSCT trials, testing a treatment (30)." in said


def test_the_examples_for_the_shell_run(site):
    for command, count in zip(examples("api.md", "sh"), (30, 0), strict=True):
        answer = json.loads(run(["sh", "-c", command.replace(USUAL_ADDRESS, site)]))
        assert answer["meta"]["count"] == count


@needs_r
def test_the_example_in_r_runs(site):
    (code,) = examples("api.md", "r")
    counts, citation = run([RSCRIPT, "-e", code.replace(USUAL_ADDRESS, site)]).split("MSC trials (30). ")
    assert counts.split() == ["PHASE2", "30"]
    assert citation.startswith("ClinicalTrials.gov, data of 2026-11-20T09:00:05")


@pytest.mark.parametrize("name", ["api.md", "researchers.md"])
def test_every_address_that_the_text_names_answers(client, db, name):
    make_trial(273364)
    text = (REPO / "docs" / name).read_text()
    paths = {path for path in re.findall(r"`(?:http://127\.0\.0\.1:8000)?(/[a-z][^`\s]*)`", text) if "v2" not in path}
    assert len(paths) >= 6
    for path in paths:
        assert client.get(path).status_code == 200, path
