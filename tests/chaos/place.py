"""Where a fault is caused: a site of yesterday, curators' judgements on it, a registry that has moved on, and what a calm sync makes of it.

Each fault gets a copy of yesterday's database with a real web process that is read all the while. After the fault one more sync runs, as
beat would start it; then every row is compared with those of a site that saw no fault.
"""

import fcntl
import html
import itertools
import json
import random
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.processes.tracker import PATIENCE, Tracker, copied, emptied
from tests.servers import Server, free_port, redis_server
from tests.standin import RegistryServer
from tests.studies import drug_study, msc_study

RENEWED = range(1, 151)
"""Numbers of the studies that read otherwise today, in words that go to several tables."""

GONE = "NCT00000200"
"""In the registry yesterday, and no longer today."""


def renewed(number: int, **changes) -> dict:
    facts = {"title": "Renewed Mesenchymal Stem Cells for Multiple Sclerosis", "countries": ["Sweden", "Norway"], "updated": "2026-11-01"}
    facts |= {"criteria": "Inclusion Criteria:\n\n* EDSS 1.0 to 4.5\n\nExclusion Criteria:\n\n* Pregnancy", "status": "COMPLETED"}
    return msc_study(number, **facts | changes)


YESTERDAY = [*(msc_study(number) for number in range(1, 201)), *(drug_study(number) for number in range(1001, 1901))]
TODAY = [
    *(renewed(number) for number in RENEWED),
    *(msc_study(number) for number in range(151, 200)),
    *(msc_study(number, updated="2026-11-02") for number in range(201, 301)),
    *(drug_study(number) for number in range(1001, 1901)),
]

JUDGE = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from therapies.models import Approach
from trials.derive import rederive
curator = get_user_model().objects.create(username="curator")
Curation.objects.create(record_id=5, field="hide", reason="A duplicate.", judged_by=curator)
msc = Approach.objects.get(slug="msc")
Curation.objects.create(record_id=7, field="approach", approach=msc, role="follow-up", reason="Read it.", judged_by=curator)
Curation.objects.create(record_id=200, field="note", reason="Ask the sponsor.", judged_by=curator)
rederive(Record.objects.filter(pk__in=[5, 7, 200]))
administrator = get_user_model().objects.create_user("sam", password="a long pass phrase", is_staff=True)
administrator.groups.add(Group.objects.get(name="administrator"))
"""

HALF_WRITTEN = """
SELECT count(*) FROM trials_trial t WHERE t.brief_title LIKE 'Renewed%'
    AND (NOT EXISTS (SELECT 1 FROM trials_site s WHERE s.trial_id = t.record_id AND s.country = 'Sweden') OR t.status <> 'COMPLETED')
    OR t.brief_title NOT LIKE 'Renewed%' AND EXISTS (SELECT 1 FROM trials_site s WHERE s.trial_id = t.record_id AND s.country = 'Sweden')
    OR NOT EXISTS (SELECT 1 FROM trials_site s WHERE s.trial_id = t.record_id)
    OR NOT EXISTS (SELECT 1 FROM trials_outcome o WHERE o.trial_id = t.record_id)
"""
"""How many trials are a mixture of yesterday's words and today's, or lack what each of these studies has."""

PAGES = ("/", "/trials/", "/trials/?q=mesenchymal", "/trials/NCT00000007/", "/api/v1/trials/", "/healthz")


SEED = 1


class Wrong(Exception):
    """Something does not hold; the message says what."""


@dataclass
class Reading:
    """What a reader got who kept asking: how many answers of 200, and what else came, with the moment."""

    good: int = 0
    bad: list[str] = field(default_factory=list)
    last: int = 0


class Admin:
    """The admin's pages as words, for an administrator who signs in with name and password."""

    def __init__(self, url: str):
        self.url = f"{url}/admin/"
        self.session = requests.Session()
        self.session.get(f"{self.url}login/", timeout=PATIENCE)
        form = {
            "username": "sam",
            "password": "a long pass phrase",
            "next": "/admin/",
            "csrfmiddlewaretoken": self.session.cookies["csrftoken"],
        }
        answer = self.session.post(f"{self.url}login/", form, timeout=PATIENCE)
        if "Log out" not in answer.text:
            raise Wrong(f"the administrator cannot sign in: {answer.status_code}")

    def page(self, path: str) -> str:
        answer = self.session.get(self.url + path, timeout=PATIENCE, allow_redirects=False)
        if answer.status_code != 200:
            raise Wrong(f"/admin/{path}: {answer.status_code}")
        return answer.text

    def ask_for_a_sync(self) -> str:
        """Press the button for a sync of everything and return what the page then says."""
        form = {"what": "full", "csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        return _words(self.session.post(f"{self.url}trials/sync/", form, timeout=PATIENCE).text)

    def rows(self, model: str) -> Iterator[tuple[str, str]]:
        """The words that stand in each row of a list, the newest first, and those on the page that the row leads to."""
        listed = self.page(f"{model}/")
        for row in re.findall(r"<tr>(.*?)</tr>", listed, re.DOTALL):
            if link := re.search(rf'href="/admin/{model}/(\d+)/change/', row):
                yield _words(row), _words(self.page(f"{model}/{link[1]}/change/"))


def _words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", markup, flags=re.DOTALL)).split())


class Place:
    """One site with its registry, for one fault. `length` is how long a calm sync takes here, in seconds; `chance` begins anew for each."""

    def __init__(self, tracker: Tracker, registry: RegistryServer, stage: "Stage", servers: dict[str, Server], chance: random.Random):
        self.tracker = tracker
        self.registry = registry
        self.calm = stage.calm
        self.length = stage.length
        self.servers = servers
        self.chance = chance
        self.notes: list[str] = []
        self.kills: Counter[str] = Counter()
        self.url = f"http://127.0.0.1:{tracker.environment['PORT']}"

    # --- what a fault does -------------------------------------------------------------------------------------------------------------

    def ask_for_a_sync(self, kind: str = "full") -> None:
        self.tracker.send(f"trials.sync_{kind}")

    def runs(self) -> list[tuple[str, str]]:
        """State and message of every run since yesterday's."""
        return self.tracker.rows("SELECT state, message FROM trials_syncrun ORDER BY id")[1:]

    def wait_for(self, *states: str, message: str = "") -> None:
        """Wait until a run since yesterday's has ended in one of these states; Wrong where its message lacks some words."""
        self.tracker.wait_until(lambda: any(state in states for state, _ in self.runs()), f"a run that is {' or '.join(states)}")
        found = [text for state, text in self.runs() if state in states]
        if not any(message in text for text in found):
            raise Wrong(f"the run says {found!r}, not {message!r}")

    def use(self, studies: list[dict]) -> None:
        """Let the registry hold these studies and no others."""
        self.registry.records.clear()
        for study in studies:
            self.registry.records.add(study)

    # --- what is seen of it ------------------------------------------------------------------------------------------------------------

    @cached_property
    def admin(self) -> Admin:
        return Admin(self.url)

    def look_for(self, model: str, words: tuple[str, ...]) -> None:
        """Wrong where no row of the admin's list leads to a page with these words; the first of them stands in the row too."""
        found = []
        for row, page in self.admin.rows(model):
            if re.search(words[0], row) and all(re.search(word, page) for word in words):
                return
            found.append(f"{row} | {page[:600]}")
        raise Wrong(f"the admin does not say {words} under {model}: {found}")

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """Keep asking for pages while the block lasts."""
        reading, stop = Reading(), threading.Event()

        def go():
            turn = 0
            while not stop.is_set():
                path = PAGES[turn % len(PAGES)]
                status, turn = self.status_of(path), turn + 1
                reading.last = status
                if status == 200:
                    reading.good += 1
                else:
                    reading.bad.append(f"{path}: {status or 'no answer'}")
                stop.wait(0.2)

        thread = threading.Thread(target=go, name="reader", daemon=True)
        thread.start()
        try:
            yield reading
        finally:
            stop.set()
            thread.join()

    def text_of(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as response:
            return response.read().decode()

    def checks(self) -> dict[str, dict]:
        """What /readyz says."""
        return json.loads(self.text_of("/readyz"))["checks"]

    def status_of(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as response:
                response.read()
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def is_quiet(self) -> bool:
        """Whether nobody holds the right to sync; SQLite only."""
        with open(f"{urlsplit(self.tracker.database_url).path}.sync-lock", "a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    def heal(self) -> None:
        """One more sync, as beat starts it, with nothing in its way."""
        self.registry.behave()
        self.use(TODAY)
        if not any("worker" in process.args for process in self.tracker.processes if process.poll() is None):
            self.tracker.start("worker")
        count = "SELECT count(*) FROM trials_syncrun WHERE kind = 'full' AND state = 'complete'"
        before = self.tracker.value(count)
        self.ask_for_a_sync()
        running = "SELECT count(*) FROM trials_syncrun WHERE state = 'running'"
        self.tracker.wait_until(
            lambda: self.tracker.value(count) > before and not self.tracker.value(running), "the sync that makes it good"
        )

    def compare(self, apart: frozenset[str] = frozenset()) -> tuple[int, int]:
        """How many rows of all tables are lost, and how many are there that should not be; tables named in `apart` are left out."""
        wanted, got = (
            Counter((table, row) for table, rows in tables.items() if table not in apart for row in rows)
            for tables in (self.calm, self.tracker.written())
        )
        for sign, rows in (("lost", wanted - got), ("doubled", got - wanted)):
            self.notes += [f"{sign} in {table}: {row[:300]}" for table, row in list(rows)[:3]]
        return (wanted - got).total(), (got - wanted).total()


@dataclass(frozen=True)
class Fault:
    """A row of the table. `cause` brings it about, waits for its end and raises Wrong where something does not hold.

    `says` are words (patterns) that the admin must show afterwards of some run, the first of them in the list of runs too: how it ended,
    and why; `task_says` the same of some task. `reads_pause` where pages cannot be had for a moment; `spoils` where the registry itself
    gave other records for a while, which is history afterwards; `needs` names what the fault is about; `rounds` how often it is caused
    anew in the full table; `settings` the environment of all its processes, `{folder}` being theirs.
    """

    name: str
    how: str
    cause: Callable[[Place], None]
    says: tuple[str, ...] = ("Complete",)
    task_says: tuple[str, ...] = ()
    reads_pause: bool = False
    spoils: bool = False
    needs: str = ""
    rounds: int = 1
    settings: dict[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    lost: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)
    reads: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def is_survived(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)

    def __str__(self):
        if self.is_survived:
            return "survived"
        return ", ".join([f"lost {self.lost}", f"doubled {self.doubled}", *self.wrong])

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """Put a small disk in the place of a folder; only root may do that."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Wrong(f"a disk of our own needs root: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


class Stage:
    """Yesterday's site, made once, of which every fault gets a copy; and what today's registry makes of it when nothing goes wrong."""

    def __init__(self, folder: Path, migrated: str, servers: dict[str, Server] | None = None, redis_url: str = ""):
        self.folder = folder
        self.servers = servers or {}
        self.redis_url = redis_url
        self.yesterday = migrated
        self.turns = itertools.count(1)
        with RegistryServer(YESTERDAY) as registry:
            (folder / "yesterday").mkdir()
            with Tracker(folder / "yesterday", migrated, emptied(redis_url)) as tracker:
                tracker.environment["CTGOV_API_URL"] = registry.url
                done = tracker.manage("sync_trials", "--full")
                if done.returncode:
                    raise Wrong(done.stderr)
                tracker.python(JUDGE)
        with RegistryServer(TODAY) as registry, self._copy(registry, redis_url) as tracker:
            done = tracker.manage("sync_trials", "--full")
            if done.returncode:
                raise Wrong(done.stderr)
            self.calm = tracker.written()
            self.length = float(tracker.value(_LENGTH[tracker.database_url.startswith("sqlite")]))

    @contextmanager
    def _copy(
        self, registry: RegistryServer, redis_url: str, settings: dict[str, str] | None = None, *, disk: bool = False
    ) -> Iterator[Tracker]:
        folder = self.folder / f"{next(self.turns)}"
        folder.mkdir()
        with (
            mounted(folder) if disk else nullcontext(),
            copied(self.yesterday, folder) as url,
            Tracker(folder, url, emptied(redis_url)) as tracker,
        ):
            tracker.environment |= {"CTGOV_API_URL": registry.url, "PORT": str(free_port()), "WEB_CONCURRENCY": "1"}
            tracker.environment |= {"API_REQUESTS_PER_MINUTE": "1000000"}
            tracker.environment |= {name: value.format(folder=folder) for name, value in (settings or {}).items()}
            yield tracker

    @contextmanager
    def place(self, fault: Fault, number: int) -> Iterator[Place]:
        with ExitStack() as stack:
            servers = dict(self.servers)
            if fault.needs == "redis":
                servers["redis"] = stack.enter_context(redis_server())
            registry = stack.enter_context(RegistryServer(TODAY))
            tracker = stack.enter_context(
                self._copy(registry, servers.get("redis", self.redis_url), fault.settings, disk=fault.needs == "disk")
            )
            place = Place(tracker, registry, self, servers, random.Random(f"{SEED} {fault.name} {number}"))
            web = tracker.start("web")
            tracker.wait_until(lambda: place.status_of("/healthz") == 200, "the site")
            yield place
            if web.poll() is not None:
                raise Wrong("the web process ended")

    def cause(self, fault: Fault, number: int = 1) -> Outcome:
        """Cause a fault once, for the `number`th time, heal it and judge what stands."""
        outcome, started = Outcome(), time.monotonic()
        try:
            with self.place(fault, number) as place:
                place.registry.behave()
                with place.read() as reading:
                    fault.cause(place)
                    if not fault.spoils and (half := place.tracker.value(HALF_WRITTEN)):
                        outcome.wrong.append(f"{half} trials half-written")
                    place.heal()
                outcome.reads = reading.good
                if not reading.good or (reading.bad and not fault.reads_pause) or reading.last != 200:
                    outcome.wrong.append(f"not read: {reading.bad[:5]}")
                place.look_for("trials/syncrun", fault.says)
                if fault.task_says:
                    place.look_for("django_celery_results/taskresult", fault.task_says)
                outcome.lost, outcome.doubled = place.compare(HISTORY if fault.spoils else frozenset())
                outcome.notes, outcome.kills = place.notes, place.kills
        except Exception as error:  # whatever breaks in one row, the others are caused all the same
            outcome.wrong.append(f"{type(error).__name__}: {error}")
        outcome.seconds = time.monotonic() - started
        return outcome


HISTORY = frozenset({"trials_trialchange"})

_LENGTH = {
    True: "SELECT (julianday(finished_at) - julianday(started_at)) * 86400 FROM trials_syncrun ORDER BY id DESC LIMIT 1",
    False: "SELECT EXTRACT(EPOCH FROM finished_at - started_at) FROM trials_syncrun ORDER BY id DESC LIMIT 1",
}
