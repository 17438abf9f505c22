"""The management commands as a person or a cron job runs them: exit status, last line, and what stands where."""

import json

from tests.studies import msc_study


def last_line(text):
    return text.splitlines()[-1]


def test_a_complete_sync_exits_0_and_ends_with_its_counts(tracker):
    done = tracker.manage("sync_trials")
    assert done.returncode == 0
    assert done.stdout == "fetched=1200 created=1200 updated=0 unchanged=0 missing=0 failed=0\n"
    told = [line for line in done.stderr.splitlines() if line.startswith("Every study: ")]
    assert told == [f"Every study: {count} of 1200 studies read, {count} new, 0 updated" for count in (500, 1000, 1200)]

    done = tracker.manage("sync_trials", "--dry-run", "--full")
    assert (done.returncode, last_line(done.stdout)) == (0, "fetched=1200 created=0 updated=0 unchanged=1200 missing=0 failed=0")


def test_a_sync_that_the_registry_fails_exits_1_and_says_why(tracker, registry):
    registry.misbehave("403", times=1000)
    done = tracker.manage("sync_trials")
    assert done.returncode == 1
    assert done.stdout == "fetched=0 created=0 updated=0 unchanged=0 missing=0 failed=0\n"
    assert "403" in done.stderr
    assert "Traceback" not in done.stderr
    assert tracker.rows("SELECT state FROM trials_syncrun") == [("failed",)]


def test_studies_that_the_registry_does_not_know_are_named_and_the_others_taken_in(tracker):
    done = tracker.manage("sync_trials", "--nct-id", "NCT99999999", "NCT00000007")
    assert (done.returncode, done.stdout) == (1, "fetched=2 created=1 updated=0 unchanged=0 missing=0 failed=1\n")
    assert done.stderr.splitlines()[-2:] == [
        "NCT99999999: the registry has no study with this id",
        "Not taken in: 1 of 2 studies that were asked for.",
    ]
    assert tracker.rows("SELECT nct_id FROM trials_record") == [("NCT00000007",)]

    dry = tracker.manage("sync_trials", "--dry-run", "--nct-id", "NCT99999999", "NCT00000007")
    assert (dry.returncode, dry.stderr.splitlines()[-2:]) == (1, done.stderr.splitlines()[-2:])
    assert dry.stdout == "Nothing was written (--dry-run).\nfetched=2 created=0 updated=0 unchanged=1 missing=0 failed=1\n"


def test_a_file_that_holds_a_record_which_cannot_be_taken_in_exits_1(tracker, tmp_path):
    file = tmp_path / "studies.jsonl"
    file.write_text(f'{json.dumps(msc_study(7))}\n{{"protocolSection": {{}}}}\n')
    done = tracker.manage("sync_trials", "--from-file", str(file))
    assert (done.returncode, done.stdout) == (1, "fetched=2 created=1 updated=0 unchanged=0 missing=0 failed=1\n")
    assert "Not taken in: 1 of 2 studies that were asked for." in done.stderr


BAD_ARGUMENTS = {
    "--since yesterday": "write it as 2026-01-31",
    "--nct-id seven": "write NCT and eight digits",
    "--nct-id ,": "write NCT and eight digits",
    "--from-file nowhere.jsonl": "there is no such file",
    "--full --nct-id NCT00000007": "cannot go together",
    "--sideways": "unrecognized arguments: --sideways",
}
IN_ONE_PROCESS = """
import contextlib, io, json
from django.core.management import execute_from_command_line
answers = []
for arguments in COMMANDS:
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            execute_from_command_line(["manage.py", "sync_trials", *arguments.split()])
        except SystemExit as end:
            answers.append((end.code, said.getvalue()))
print(json.dumps(answers))
"""


def test_bad_arguments_exit_2_and_start_no_run(tracker):
    answers = json.loads(tracker.python(IN_ONE_PROCESS.replace("COMMANDS", repr(list(BAD_ARGUMENTS)))))
    for (code, said), why in zip(answers, BAD_ARGUMENTS.values(), strict=True):
        assert code == 2
        assert why in said
        assert "Traceback" not in said
    assert tracker.rows("SELECT * FROM trials_syncrun") == []


def test_the_first_start_without_a_network_loads_the_starter_set_and_says_so_in_one_line(tracker, registry):
    live, tracker.environment["CTGOV_API_URL"] = tracker.environment["CTGOV_API_URL"], "http://127.0.0.1:9/api/v2"
    first = tracker.manage("ensure_trials")
    assert (first.returncode, len(first.stdout.splitlines())) == (0, 1)
    assert "showing the bundled starter set until a sync succeeds" in first.stdout
    listed = tracker.value("SELECT count(*) FROM trials_trial WHERE is_listed")
    assert listed > 50

    again = tracker.manage("ensure_trials")
    assert (again.returncode, len(again.stdout.splitlines())) == (0, 1)
    assert "showing what is here" in again.stdout

    tracker.environment["CTGOV_API_URL"] = live
    online = tracker.manage("ensure_trials")
    assert online.returncode == 0
    assert "created=1200" in online.stdout
    registry.requests.clear()
    fresh = tracker.manage("ensure_trials")
    assert fresh.stdout.startswith("Trials are fresh")
    assert registry.requests == []
