"""What holds for every test: no network, nothing left behind, and a plain word on what was not run.

- A connection to, or a name look-up of, anything but this machine fails the test that tried it, even where the code swallowed the refusal.
- A skip says which program is missing (`tests/needs.py`); the end of the run names each test that was left out and how to get it run.
- `TRACKER_NO_SKIPS=1`, as `.ci/run` sets it, turns a skip into a failure. Only the registry's records, which not everybody has, may be
  missing: tests that need them fail where the folder is there and they were left out all the same.
"""

import ipaddress
import os
import shutil
import sys
from collections import defaultdict
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connections

from tests.chromium import browser, new_page, shelf
from tests.processes.tracker import Tracker
from tests.records import RECORDS, WHY_NOT_READ

hypothesis.settings.register_profile("suite", deadline=None)  # a loaded machine is no failure of the code
hypothesis.settings.load_profile("suite")

NO_SKIPS = os.environ.get("TRACKER_NO_SKIPS") == "1"


def pytest_unconfigure(config):
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


# --- No network ------------------------------------------------------------------------------------------------------------------
class RealNetwork(Exception):
    """A test tried to leave this machine."""


SERVERS = {urlsplit(os.environ.get(name, "")).hostname for name in ("DATABASE_URL", "REDIS_URL")} - {None}
"""Where the person who runs the suite has put PostgreSQL and Redis: allowed, wherever it is."""

_refused: list[str] = []


def _is_here(host) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if not host or host == "localhost" or host in SERVERS:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _watch(event, arguments):
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path or bytes name a Unix socket
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        _refused.append(f"{event} {host!r}")
        raise RealNetwork(f"{event} {host!r}: tests talk to this machine only; use tests.standin for the registry.")


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def no_network():
    """Fail the test that tried to reach the network, whatever the code under test made of the refusal."""
    _refused.clear()
    yield
    if _refused:
        pytest.fail(f"tried to reach the network: {', '.join(_refused)}", pytrace=False)


@pytest.fixture(autouse=True)
def empty_cache():
    """Each test starts with nothing in Django's caches."""
    for cache in caches.all():
        cache.clear()


# --- What the migrations laid down ---------------------------------------------------------------------------------------------------
_laid_down: dict[str, str] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Hand what the tables held at first to the connection that this test will use.

    A test that empties the tables (`serialized_rollback`) has them filled again from an attribute of the connection. While Playwright keeps
    an event loop in this thread, Django looks its connections up elsewhere and may make new ones, without that attribute.
    """
    for alias in connections:
        if contents := getattr(connections[alias], "_test_serialized_contents", None):
            _laid_down[alias] = contents
        elif alias in _laid_down:
            connections[alias]._test_serialized_contents = _laid_down[alias]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A SQLite database with every migration applied, to be copied by those who start processes of their own."""
    path = tmp_path_factory.mktemp("migrated") / "trialtracker.sqlite3"
    done = Tracker(path.parent, f"sqlite:///{path}").manage("migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    return path


# --- What was not run --------------------------------------------------------------------------------------------------------------
def _reason(report) -> str:
    """The words of a skip; pytest gives them as (path, line, 'Skipped: words')."""
    words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return words.removeprefix("Skipped: ")


def _fail_a_skip(report):
    is_allowed = _reason(report) == WHY_NOT_READ and not RECORDS.is_dir()
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail") and not is_allowed:
        report.outcome = "failed"
        report.longrepr = f"Left out, and TRACKER_NO_SKIPS=1 allows no skip: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _fail_a_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _fail_a_skip((yield))


def pytest_terminal_summary(terminalreporter):
    left_out = defaultdict(list)
    for report in terminalreporter.stats.get("skipped", []):
        left_out[_reason(report)].append(report.nodeid)
    if not left_out:
        return
    terminalreporter.section("what was not run")
    for reason, names in sorted(left_out.items()):
        terminalreporter.line(f"{reason} ({len(names)}):")
        for name in sorted(names):
            terminalreporter.line(f"  {name}")
