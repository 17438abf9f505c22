"""The table of faults: each row says what goes wrong and how it is caused here."""

import copy
import datetime as dt
import json
import math
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import psycopg

from tests.chaos.place import GONE, TODAY, YESTERDAY, Fault, Place, Wrong, renewed
from tests.processes.tracker import PATIENCE
from tests.records import REPO
from tests.studies import msc_study


# --- The registry's side ------------------------------------------------------------------------------------------------------------
def answers_badly(kind: str, times: float = math.inf, after: int = 0, ends: str = "complete", message: str = "", **options):
    """A sync through the worker while the registry's answers are spoiled."""

    def cause(place: Place) -> None:
        place.registry.misbehave(kind, times, after, **options)
        place.tracker.start("worker")
        place.ask_for_a_sync()
        place.wait_for(ends, message=message)

    return cause


def gives(spoil, *pages: str):
    """A sync while a tenth of the registry's stem-cell records are other than they should be: `spoil` changes one in place.

    `pages` are read afterwards, while the spoiled records stand.
    """

    def cause(place: Place) -> None:
        studies = copy.deepcopy(TODAY)
        for study in studies[3:290:10]:
            spoil(study, place.chance)
        place.use(studies)
        place.tracker.start("worker")
        place.ask_for_a_sync()
        place.wait_for("complete")
        for page in pages:
            if (status := place.status_of(page)) != 200:
                raise Wrong(f"{page}: {status or 'no answer'}")

    return cause


def _new_enums(study, chance):
    sections = study["protocolSection"]
    sections["statusModule"]["overallStatus"] = "PAUSED_BY_COURT"
    sections["designModule"] |= {"phases": ["PHASE5"], "studyType": "SIMULATION"}
    sections["sponsorCollaboratorsModule"]["leadSponsor"]["class"] = "GUILD"
    sections["eligibilityModule"]["sex"] = "ANY"


def _missing_modules(study, chance):
    sections = study["protocolSection"]
    for name in list(sections)[chance.randrange(1, 8) :]:
        del sections[name]


def _nulls(study, chance):
    for section in study["protocolSection"].values():
        for key in section:
            if key != "nctId" and chance.random() < 0.5:
                section[key] = None
    study["derivedSection"] = study["hasResults"] = None


def _ten_megabytes(study, chance):
    sections, number = study["protocolSection"], int(study["protocolSection"]["identificationModule"]["nctId"][3:])
    long = "Inclusion Criteria:\n\n" + "* EDSS of 3.0 to 6.5 and relapsing remitting MS for 2 years \\> stem cells\n" * 140_000
    if number == 4:
        sections["descriptionModule"] = {"briefSummary": "stem cells ", "detailedDescription": long}
    elif number == 14:
        sections["eligibilityModule"]["eligibilityCriteria"] = long
    elif number == 24:
        sections["identificationModule"]["officialTitle"] = "stem cells " * 950_000
    elif number == 34:
        sections["armsInterventionsModule"]["interventions"][0]["description"] = "(" * 5_000_000 + "cells" + ")" * 5_000_000


def moving_records(place: Place) -> None:
    """While the second page is asked for, records change, come and go: some that were read already, some that were not."""
    late = {f"NCT{number:08}" for number in [*range(21, 31), *range(250, 261)]}
    before = [study for study in TODAY if study["protocolSection"]["identificationModule"]["nctId"] not in late]
    before += [*YESTERDAY[20:30], YESTERDAY[199]]
    place.use(before)
    place.registry.misbehave("slow", after=2, seconds=3)
    place.tracker.start("worker")
    asked = len(place.registry.requests)
    place.ask_for_a_sync()
    place.tracker.wait_until(lambda: len(place.registry.requests) >= asked + 3, "the second page to be asked for")
    place.registry.records.remove(GONE)
    for study in TODAY:
        if study["protocolSection"]["identificationModule"]["nctId"] in late:
            place.registry.records.replace(study)
    place.wait_for("complete")


def clock_back(place: Place) -> None:
    """The registry's data are older than those of the last sync, and a record carries an update that is still to come."""
    today = f"{dt.datetime.now(dt.UTC).date()}"
    place.registry.timestamp = "2020-01-01T09:00:05"
    ahead = renewed(150, updated="2099-12-31")
    place.use([*(study for study in TODAY if study["protocolSection"]["identificationModule"]["nctId"] != "NCT00000150"), ahead])
    place.tracker.start("worker")
    place.ask_for_a_sync("updated")
    place.wait_for("complete")
    place.registry.records.replace(msc_study(400, updated=today))
    place.ask_for_a_sync("updated")
    place.tracker.wait_until(lambda: [state for state, _ in place.runs()].count("complete") == 2, "the second run")
    if not place.tracker.value("SELECT count(*) FROM trials_trial WHERE nct_id = 'NCT00000400'"):
        raise Wrong("an update of today was passed over after a record had claimed one of 2099")
    place.tracker.python("Trial.objects.filter(pk=400).delete(); Record.objects.filter(pk=400).delete()")


# --- Our side: processes ------------------------------------------------------------------------------------------------------------
def kills(count: int):
    """Kill the worker, and all that it has started, at so many random moments of the sync that it then takes up again.

    A moment is a share of the studies, met some time within the batch that follows: below 0 before the first, above 1 after the last.
    """

    def cause(place: Place) -> None:
        place.ask_for_a_sync()
        for _ in range(count):
            asked, before = len(place.registry.requests), place.tracker.value("SELECT max(id) FROM trials_syncrun")
            worker = place.tracker.start("worker")
            place.tracker.wait_until(lambda asked=asked: len(place.registry.requests) > asked, "a sync to begin")
            wanted = min(1, place.chance.uniform(-0.2, 1.2)) * len(TODAY)
            is_there = f"SELECT count(*) FROM trials_syncrun WHERE id > {before} AND (fetched >= {wanted} OR state = 'complete')"
            place.tracker.wait_until(lambda is_there=is_there: place.tracker.value(is_there) > 0, f"{wanted:.0f} studies")
            time.sleep(place.chance.uniform(0, place.length / 6))
            place.tracker.stop(worker, signal.SIGKILL)
            state, fetched = place.tracker.rows("SELECT state, fetched FROM trials_syncrun ORDER BY id DESC LIMIT 1")[0]
            stage = "before its first batch" if not fetched else "after the last page" if fetched >= len(TODAY) else "between two batches"
            place.kills["after its end" if state == "complete" else stage] += 1
            if state == "complete":
                place.ask_for_a_sync()  # nothing is left to be taken up again

    return cause


def command_killed(place: Place) -> None:
    """Kill `sync_trials --full` at random moments of its whole life."""
    command = [sys.executable, "manage.py", "sync_trials", "--full"]
    for _ in range(5):
        process = subprocess.Popen(command, cwd=REPO, env=place.tracker.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(place.chance.uniform(0.5, 3 + place.length))
        process.kill()
        process.wait()


def two_syncs(place: Place) -> None:
    """Two tasks and two commands want to sync at once."""
    place.registry.misbehave("slow", after=2, seconds=3)
    place.tracker.start("worker")
    place.ask_for_a_sync()
    place.ask_for_a_sync()
    command = [sys.executable, "manage.py", "sync_trials", "--full"]
    commands = [
        subprocess.Popen(command, cwd=REPO, env=place.tracker.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in commands:
        _, told = process.communicate(timeout=PATIENCE)
        if process.returncode not in (0, 1) or "Traceback" in told:
            raise Wrong(f"a command that found a sync running: {process.returncode} {told[-300:]}")
    place.wait_for("complete")


EVERY_SECONDS = """
from django_celery_beat.models import IntervalSchedule, PeriodicTask
every, _ = IntervalSchedule.objects.get_or_create(every={seconds}, period="seconds")
PeriodicTask.objects.create(name="chaos", task="trials.sync_full", interval=every)
"""


def two_beats(place: Place) -> None:
    """Two beats send what is due, each on its own."""
    place.tracker.python(EVERY_SECONDS.format(seconds=4))
    place.tracker.start("worker")
    beats = [place.tracker.start("beat") for _ in range(2)]
    count = "SELECT count(*) FROM trials_syncrun WHERE state = 'complete'"
    place.tracker.wait_until(lambda: place.tracker.value(count) >= 4, "three runs that beats have asked for")
    for beat in beats:
        if beat.poll() is not None:
            raise Wrong("a beat ended")
        place.tracker.stop(beat, signal.SIGTERM)


def poisoned(send, *more: str, ends: str = ""):
    """A message that no worker can do anything with, before a sync in the queue: the sync must be done all the same."""

    def cause(place: Place) -> None:
        asked = send(place.tracker)
        place.ask_for_a_sync()
        place.tracker.start("worker", *more)
        place.wait_for("complete")
        if ends:
            place.tracker.wait_until(lambda: place.tracker.task_state(asked) == ends, f"the task to be a {ends}")
        folder = place.tracker.folder / "broker" / "messages"
        place.tracker.wait_until(lambda: not list(folder.glob("*.msg")), "an empty queue")

    return cause


def _unknown(tracker):
    return tracker.send("trials.no_such_task")


def _bad_arguments(tracker):
    first, *_ = [tracker.send("trials.sync_chosen", *arguments) for arguments in [(7, "x"), (["NCT", 3],), (None,)]]
    return first


def _deadly(tracker):
    return tracker.send("chaos.deadly")


def _no_message(tracker):
    envelope = {"headers": {}, "properties": {"delivery_tag": "x", "delivery_info": {}}, "content-encoding": "utf-8"}
    nonsense = json.dumps(envelope | {"body": "bm9uc2Vuc2U=", "content-type": "application/json"})
    folder = tracker.folder / "broker" / "messages"
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(["no JSON", nonsense, "[]", "{}"]):
        (folder / f"{number:020}_x.trialtracker.msg").write_text(text)
    return ""


# --- Our side: the machine ----------------------------------------------------------------------------------------------------------
CLOCK = {"PYTHONPATH": str(REPO / "tests" / "chaos" / "moved_clock"), "CLOCK": "{folder}/clock"}


def own_clock_back(place: Place) -> None:
    """The clock of web, worker and beat goes back by thirty hours in mid-sync; what is due must be sent, done and shown from then on."""
    place.tracker.python(EVERY_SECONDS.format(seconds=4))
    place.admin.page("")
    place.tracker.start("worker")
    beat = place.tracker.start("beat")
    place.wait_for("complete")
    place.status_of("/trials/NCT00000001/")
    place.registry.misbehave("slow", seconds=5)
    asked = len(place.registry.requests)
    place.tracker.wait_until(lambda: len(place.registry.requests) > asked, "the next sync to begin")
    draft = place.tracker.folder / "draft"
    draft.write_text("-30")
    draft.rename(place.tracker.folder / "clock")
    place.registry.records.replace(renewed(1, title="Renewed After the Clock Went Back: Mesenchymal Stem Cells for Multiple Sclerosis"))
    count = "SELECT count(*) FROM trials_syncrun WHERE state = 'complete'"
    before = place.tracker.value(count)
    place.tracker.wait_until(lambda: place.tracker.value(count) >= before + 4, "runs that beat has asked for after the clock went back")
    if not place.tracker.value("SELECT count(*) FROM trials_syncrun r, trials_syncrun s WHERE r.id > s.id AND r.started_at < s.started_at"):
        raise Wrong("the clock did not go back")
    place.tracker.stop(beat, signal.SIGTERM)
    place.tracker.wait_until(lambda: place.checks()["worker"]["ok"], "the worker to be heard")
    if "After the Clock Went Back" not in place.text_of("/trials/NCT00000001/"):
        raise Wrong("a page shows what stood there before the clock went back")
    newest = place.tracker.value("SELECT max(id) FROM trials_syncrun")
    if f"/syncrun/{newest}/change/" not in place.admin.page("trials/syncrun/").partition("/change/")[0] + "/change/":
        raise Wrong("the admin does not show the newest run first")


def var_full(place: Place) -> None:
    """The disk that holds all of var/ is full in the middle of a sync: database, messages, cache, logs; then somebody makes room."""
    tracker = place.tracker
    place.admin.page("")
    processes = [tracker.start("worker"), tracker.start("beat")]
    place.registry.misbehave("slow", after=2, seconds=4)
    asked = len(place.registry.requests)
    place.ask_for_a_sync()
    tracker.wait_until(lambda: len(place.registry.requests) >= asked + 3, "the second page to be asked for")
    filler = tracker.folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    tracker.wait_until(place.is_quiet, "the sync to end")
    for path in ("/", "/trials/?q=mesenchymal&phase=PHASE2", "/trials/export.csv"):
        if (status := place.status_of(path)) != 200:
            raise Wrong(f"{path}: {status or 'no answer'} while the disk is full")
    if place.checks()["cache"]["ok"]:
        raise Wrong("nobody is told that the disk is full")
    told = place.admin.ask_for_a_sync()
    if "The message broker does not answer, so nothing was started" not in told:
        raise Wrong(f"the admin took a sync that it could not hand on: {told[:500]}")
    if left := list((tracker.folder / "broker" / "messages").glob("*.draft")):
        raise Wrong(f"left of messages that found no room: {left}")
    filler.unlink()
    if any(state == "complete" for state, _ in place.runs()):
        raise Wrong("the disk was not full")
    if ended := [process.args for process in processes if process.poll() is not None]:
        raise Wrong(f"ended by a full disk: {ended}")


# --- Our side: servers and disks ----------------------------------------------------------------------------------------------------
def redis_goes(place: Place, *, restarts: bool) -> None:
    """Redis loses all it holds in the middle of a sync, by a restart or by FLUSHALL; then beat's messages must arrive again."""
    server = place.servers["redis"]
    place.registry.misbehave("slow", after=2, seconds=4)
    place.tracker.start("worker")
    place.tracker.python(EVERY_SECONDS.format(seconds=5))
    beat = place.tracker.start("beat")
    asked = len(place.registry.requests)
    place.tracker.wait_until(lambda: len(place.registry.requests) >= asked + 3, "the second page to be asked for")
    if restarts:
        server.stop()
        time.sleep(2)
        server.start()
    else:
        subprocess.run(["redis-cli", "-u", str(server), "FLUSHALL"], check=True, stdout=subprocess.DEVNULL)
    place.wait_for("complete")
    count = "SELECT count(*) FROM trials_syncrun WHERE state = 'complete'"
    before = place.tracker.value(count)
    place.tracker.wait_until(lambda: place.tracker.value(count) >= before + 2, "runs that beat asked for after Redis came back")
    if beat.poll() is not None:
        raise Wrong("beat ended")
    place.tracker.stop(beat, signal.SIGTERM)


def postgres_goes(place: Place, number: int) -> None:
    """PostgreSQL goes while a batch is being written, and comes back a moment later."""
    server = place.servers["postgres"]
    place.tracker.start("worker")
    beat = place.tracker.start("beat")  # which ends where no database answers its first question: its supervisor's business
    laid_down = "SELECT count(*) FROM django_celery_beat_periodictask"
    place.tracker.wait_until(lambda: place.tracker.value(laid_down) > 0, "the schedule that beat lays down")
    with suppress(psycopg.OperationalError), place.tracker.connected() as connection:
        connection.execute("BEGIN; LOCK TABLE trials_site IN EXCLUSIVE MODE")  # holds the sync's transaction half-way
        place.ask_for_a_sync()
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        place.tracker.wait_until(lambda: place.tracker.value(waits) > 0, "a batch half-written")
        server.stop(number)
    time.sleep(1)
    server.start()
    place.tracker.wait_until(lambda: place.status_of("/trials/") == 200, "the pages to come back")
    if beat.poll() is not None:
        raise Wrong("beat ended")


def disk_full(place: Place) -> None:
    """SQLite finds the disk full in the middle of a sync."""
    pages = place.tracker.value("PRAGMA page_count")
    full = {"PYTHONPATH": str(REPO / "tests" / "chaos" / "full_disk"), "FULL_AFTER_PAGES": str(pages + place.chance.randrange(5, 60))}
    worker = place.tracker.start("worker", **full)
    place.ask_for_a_sync()
    place.tracker.wait_until(lambda: place.runs() and place.is_quiet(), "the sync to end")
    if any(state == "complete" for state, _ in place.runs()):
        raise Wrong("the disk was not full")
    place.tracker.stop(worker, signal.SIGKILL)


def migration_killed(place: Place) -> None:
    """`migrate` is killed at random moments on an empty database, again and again, then let go on: the tables are those of one go."""
    schema = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    wanted, path = place.tracker.rows(schema), Path(place.tracker.folder) / "interrupted.sqlite3"
    environment = place.tracker.environment | {"DATABASE_URL": f"sqlite:///{path}"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    started = time.monotonic()
    subprocess.run(
        command, cwd=REPO, env=environment | {"DATABASE_URL": f"sqlite:///{path}.calm"}, check=True, capture_output=True, timeout=PATIENCE
    )
    length = time.monotonic() - started
    for _ in range(8):
        process = subprocess.Popen(command, cwd=REPO, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(place.chance.uniform(length * 0.3, length))
        process.kill()
        process.wait()
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        raise Wrong(f"migrate cannot go on: {done.stderr[-500:]}")
    connection = sqlite3.connect(path)
    if connection.execute(schema).fetchall() != wanted:
        raise Wrong("the tables are not those of a migration in one go")
    connection.close()


BACK_SOON = {"after": 1, "body": b'"Back soon"', "ends": "failed", "message": "no JSON of the published form"}
NO_STUDIES = {"after": 1, "body": b'{"totalCount":0,"studies":[]}', "ends": "aborted", "message": "lacks"}
at_restart, at_crash = partial(postgres_goes, number=signal.SIGINT), partial(postgres_goes, number=signal.SIGQUIT)
POSTGRES = {"says": ("Failed|Interrupted", "The database failed|The process ended before"), "reads_pause": True, "needs": "postgres"}
LONG_PAGES = [*(f"/trials/NCT{number:08}/" for number in (4, 14, 24, 34)), "/trials/export.csv", "/api/v1/trials/"]
WITH_DEADLY = ("--include", "tests.chaos.deadly")
CUT_OFF = ("Interrupted", "The process ended before the run did. The next run makes up for it.")
FULL = ("Failed|Interrupted", "database or disk is full|The process ended before")

FAULTS = [
    Fault("429-storm", "four answers of 429 with Retry-After: 1 in a row", answers_badly("429", 4, 1)),
    Fault("5xx-throughout", "503 until the retries are used up", answers_badly("503", ends="failed", message="HTTP 503"),
          ("Failed", "HTTP 503"), ("RETRY", "trials.sync_full", "HTTP 503")),
    Fault("dropped-bodies", "three connections end in mid-body", answers_badly("drop", 3, 1)),
    Fault("truncated-bodies", "three bodies are cut short", answers_badly("truncate", 3, 1)),
    Fault("html-with-200", "web pages with status 200", answers_badly("html", after=1, ends="failed", message="a web page"),
          ("Failed", "a web page"), ("RETRY", "trials.sync_full", "a web page")),
    Fault("wrong-content-type", "right JSON, called text/plain", answers_badly("wrong_type")),
    Fault("nonsense-as-json", "a sentence, called application/json", answers_badly("answer", **BACK_SOON),
          ("Failed", "no JSON of the published form"), ("RETRY", "trials.sync_full")),
    Fault("new-enums", "status, phase, type, sex and class that nobody has heard of", gives(_new_enums),
          ("Complete", "PAUSED_BY_COURT", "PHASE5", "SIMULATION", "GUILD", "ANY"), spoils=True),
    Fault("missing-modules", "records without some or all of their modules", gives(_missing_modules), spoils=True),
    Fault("nulls", "records with null in half of their keys", gives(_nulls), spoils=True),
    Fault("ten-megabytes", "four records with 10 MB in one field each", gives(_ten_megabytes, *LONG_PAGES), spoils=True),
    Fault("duplicate-ids", "every page repeats a study of the first", answers_badly("duplicate")),
    Fault("moving-records", "records change, come and go between two pages", moving_records),
    Fault("clock-back", "older data than yesterday's; a record was updated in 2099", clock_back, ("Complete", "2020-01-01"), spoils=True),
    Fault("empty-answer", "no study for a query that had 1,100", answers_badly("answer", **NO_STUDIES),
          ("Stopped: too many studies gone", "lacks 1100 of 1100 known studies", "nothing was marked as gone")),
    Fault("worker-killed", "SIGKILL to the worker at three random moments of a sync", kills(3), CUT_OFF, rounds=17),
    Fault("command-killed", "SIGKILL to sync_trials at five random moments", command_killed, rounds=2),
    Fault("two-syncs", "two tasks and two commands at once", two_syncs, task_says=("RETRY", "another sync is running")),
    Fault("two-beats", "two beats, a sync every four seconds", two_beats),
    Fault("unknown-task", "a message names a task that nobody knows", poisoned(_unknown),
          task_says=("FAILURE", "trials.no_such_task")),
    Fault("bad-arguments", "a task gets arguments that it does not take", poisoned(_bad_arguments, ends="FAILURE"),
          task_says=("FAILURE", "trials.sync_chosen", "TypeError", "positional argument")),
    Fault("no-message", "what lies in the queue is no message", poisoned(_no_message)),
    Fault("deadly-task", "a task kills each process that takes it up", poisoned(_deadly, *WITH_DEADLY, ends="FAILURE"),
          task_says=("FAILURE", "chaos.deadly", "was started 4 times and its worker was killed each time")),
    Fault("disk-full", "SQLite finds the disk full in mid-sync", disk_full, FULL, needs="sqlite", rounds=3),
    Fault("var-full", "the disk of all of var/ is full in mid-sync", var_full, FULL, needs="disk"),
    Fault("own-clock-back", "our own clock goes back by 30 hours in mid-sync", own_clock_back, spoils=True, settings=CLOCK),
    Fault("migration-killed", "SIGKILL to migrate at eight random moments", migration_killed, needs="sqlite"),
    Fault("redis-restarted", "Redis ends, comes back empty", partial(redis_goes, restarts=True), needs="redis"),
    Fault("redis-flushed", "FLUSHALL in mid-sync", partial(redis_goes, restarts=False), needs="redis"),
    Fault("postgres-restarted", "PostgreSQL restarts while a batch is half-written", at_restart, **POSTGRES),
    Fault("postgres-crashed", "PostgreSQL ends at once there, and recovers", at_crash, **POSTGRES),
]  # fmt: skip
