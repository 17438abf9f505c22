"""A backup holds every row and comes back whole, on the database that the suite runs on; what is no use is refused and harms nothing."""

import json
import stat
from contextlib import ExitStack

import pytest

from tests.processes.conftest import DATABASE_URL
from tests.processes.tracker import Tracker, scratch_database
from tests.servers import free_port

FILL = """
from django.contrib.auth.models import User
from django.core.management import call_command
call_command("sync_trials", nct_id=["NCT00000001", "NCT00000002", "NCT00001001"])
User.objects.create_user("ada", "ada@example.org", "a long pass phrase")
"""
GO_ON = """
from django.core.management import call_command
from django.test import Client
print("NCT00000002" in Client(headers={"host": "localhost"}).get("/trials/?q=mesenchymal").content.decode())
call_command("sync_trials", nct_id=["NCT00000002", "NCT00000003"])
"""
TRY = """
import json
from django.core.management import CommandError, call_command
refused = []
for command, path, *options in COMMANDS:
    try:
        call_command(command, path, *options)
    except CommandError as error:
        refused.append(str(error))
print(json.dumps(refused))
"""


def everything(tracker):
    """Every row of every table, as text."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if not tracker.is_sqlite:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return {name: sorted(map(repr, tracker.rows(f'SELECT * FROM "{name}"'))) for (name,) in tracker.rows(tables)}


def refusals(tracker, *commands):
    """Run commands one after the other in one process, and return what those say that are refused."""
    answer = tracker.python(TRY.replace("COMMANDS", repr([list(map(str, command)) for command in commands])))
    return json.loads(answer.splitlines()[-1])


@pytest.fixture
def filled(tracker):
    """A TrialTracker with trials and an account, and the file of its backup."""
    tracker.python(FILL)
    path = tracker.folder / "backup"
    done = tracker.manage("backup", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{path}: {path.stat().st_size:,} bytes")
    return tracker, path


@pytest.fixture
def empty(tmp_path, registry):
    """A TrialTracker with a database in which there is nothing at all."""
    with ExitStack() as stack:
        folder = tmp_path / "empty"
        folder.mkdir()
        is_sqlite = not DATABASE_URL.startswith("postgres")
        url = f"sqlite:///{folder}/trialtracker.sqlite3" if is_sqlite else stack.enter_context(scratch_database(DATABASE_URL))
        tracker = stack.enter_context(Tracker(folder, url))
        tracker.environment["CTGOV_API_URL"] = registry.url
        yield tracker


def test_every_row_comes_back_and_the_site_goes_on(filled, empty):
    source, path = filled
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    done = empty.manage("restore", str(path))
    assert (done.returncode, done.stdout) == (0, f"{path} is restored.\n"), done.stderr
    rows = everything(source)
    assert (len(rows["trials_record"]), len(rows["auth_user"])) == (3, 1)
    assert everything(empty) == rows
    assert empty.python(GO_ON) == "True\nfetched=2 created=1 updated=0 unchanged=1 missing=0 failed=0\n"


def test_what_is_there_is_thrown_away_only_when_that_is_said_and_for_a_file_of_use(filled):
    tracker, path = filled
    whole, before = path.read_bytes(), everything(tracker)
    tracker.execute("CREATE TABLE trials_later (id integer primary key, trial_id bigint REFERENCES trials_trial)")
    tracker.execute("INSERT INTO trials_later VALUES (1, 2)")
    tracker.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('alerts', '9999_later', '2026-11-24')")
    tracker.execute("DELETE FROM auth_user")
    grown = everything(tracker)
    later, damaged, text, nowhere = (tracker.folder / name for name in ("later", "damaged", "text", "nowhere"))
    damaged.write_bytes(whole[: len(whole) // 2])
    text.write_text("not a backup")
    refused = {
        ("backup", path): "a backup is never overwritten",
        ("backup", nowhere / "backup"): "is no folder",
        ("restore", path): "is not empty: to throw away all that it holds, say --replace",
        ("restore", later, "--replace"): "made by a later version of TrialTracker (it has alerts.9999_later)",
        ("restore", damaged, "--replace"): f"{damaged} is",
        ("restore", text, "--replace"): f"{text} is no whole",
        ("restore", nowhere, "--replace"): "is no file",
    }
    said = refusals(tracker, ("backup", later), *refused)
    assert [words for words, why in zip(said, refused.values(), strict=True) if why not in words] == []
    assert everything(tracker) == grown
    assert path.read_bytes() == whole
    assert not list(tracker.folder.glob(".*"))

    done = tracker.manage("restore", str(path), "--replace")
    assert done.returncode == 0, done.stderr
    assert everything(tracker) == before


def test_a_backup_in_mid_sync_holds_whole_studies_and_the_next_sync_heals_it(tracker, empty, registry):
    registry.misbehave("slow", after=2, seconds=60)
    worker = tracker.start("worker")
    tracker.send("trials.sync_full")
    tracker.wait_until(lambda: tracker.value("SELECT count(*) FROM trials_record") >= 200, "200 studies")
    path = tracker.folder / "backup"
    said = refusals(tracker, ("backup", path), ("restore", path, "--replace"))
    assert len(said) == 1
    assert "another sync is running" in said[0]
    tracker.stop(worker)
    registry.behave()

    empty.python(f"from django.core.management import call_command\ncall_command('restore', {str(path)!r})\ncall_command('sync_trials')")
    assert empty.value("SELECT count(*) FROM trials_record") == 1200
    (state, fetched), (end, again) = empty.rows("SELECT state, fetched FROM trials_syncrun ORDER BY id")
    assert (state, end, again) == ("interrupted", "complete", 1200)
    assert 200 <= fetched <= 1000


def test_a_database_that_is_away_gives_a_reason_and_no_password(tmp_path):
    with Tracker(tmp_path, f"postgres://nobody:secret@127.0.0.1:{free_port()}/nothing") as tracker:
        done = tracker.manage("backup", str(tmp_path / "backup"))
    assert done.returncode == 1
    assert "No backup was made: pg_dump failed" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
