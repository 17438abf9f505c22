import os
from urllib.parse import urlsplit

import pytest

from tests.processes.tracker import Tracker, copied, emptied, scratch_database
from tests.standin import RegistryServer
from tests.studies import drug_study, msc_study

STUDIES = [*(msc_study(n) for n in range(1, 201)), *(drug_study(n) for n in range(1001, 2001))]
"""200 of stem cells and 1,000 of drugs: more than fit on a page."""

DATABASE_URL, REDIS_URL = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")


@pytest.fixture(scope="session")
def migrated(request, tmp_path_factory):
    """The URL of a database with every migration applied, to be copied."""
    if DATABASE_URL.startswith("postgres"):
        with scratch_database(DATABASE_URL) as url:
            done = Tracker(tmp_path_factory.mktemp("migrated"), url).manage("migrate", "--verbosity", "0")
            assert done.returncode == 0, done.stderr
            yield url
    else:
        yield f"sqlite:///{request.getfixturevalue('migrated_file')}"


@pytest.fixture
def registry():
    """The stand-in with these studies."""
    with RegistryServer(STUDIES) as server:
        yield server


@pytest.fixture
def tracker(migrated, registry, tmp_path):
    """A migrated TrialTracker without trials that asks the stand-in. Its processes are killed at the end."""
    folder = tmp_path / "tracker"
    folder.mkdir()
    with copied(migrated, folder) as url, Tracker(folder, url, emptied(redis_url())) as tracker:
        tracker.environment["CTGOV_API_URL"] = registry.url
        yield tracker


def redis_url():
    """The URL of a Redis database eight below the suite's own (see tests.settings); empty without Redis."""
    if not REDIS_URL:
        return ""
    url = urlsplit(REDIS_URL)
    return url._replace(path=f"/{int(url.path[1:]) - 8}").geturl()
