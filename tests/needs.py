"""Programs that some tests drive. Where one is missing its tests are left out, and the end of the run names them (see conftest).

What is found is a path to run, or None. `pytestmark = needs_chromium`, or the mark on one test.
"""

import shutil
from pathlib import Path

import pytest


def _find(*names: str, folders: tuple[str, ...] = ()) -> str | None:
    found = (shutil.which(name) for name in names)
    beside = (str(path) for pattern in folders for path in sorted(Path("/").glob(pattern), reverse=True))
    return next((path for path in (*found, *beside) if path), None)


CHROMIUM = _find("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REDIS_SERVER = _find("redis-server", "valkey-server")
INITDB = _find("initdb", folders=("usr/lib/postgresql/*/bin/initdb",))

RSCRIPT = (
    _find("Rscript")
    if [*Path("/usr").glob("lib/R/site-library/jsonlite"), *Path("/usr/local").glob("lib/R/site-library/jsonlite")]
    else None
)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")
needs_redis = pytest.mark.skipif(REDIS_SERVER is None, reason="redis-server is not installed: apt-get install redis-server")
needs_r = pytest.mark.skipif(RSCRIPT is None, reason="R with jsonlite is not installed: apt-get install r-base-core r-cran-jsonlite")
needs_postgresql = pytest.mark.skipif(INITDB is None, reason="postgresql is not installed: apt-get install postgresql")
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed: apt-get install systemd")
