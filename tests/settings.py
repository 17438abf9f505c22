"""The project's own settings, kept apart from what a developer runs: no `.env`, and a folder of the suite's own in place of `var/`.

`DATABASE_URL` and `REDIS_URL` count as they do anywhere, so the same suite runs on PostgreSQL and Redis. Each pytest-xdist worker has its
own folder and its own Redis database, counted down from 15 and emptied before each test (pytest-django gives it its own SQL database): no
two of them share a lock, a cache or a queue, and none touches the database 0 that a developer may use.
"""

import os
import tempfile
from urllib.parse import urlsplit

os.environ["ENV_FILE"] = os.devnull
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="trialtracker-tests-")  # conftest removes it at the end
if os.environ.get("REDIS_URL"):
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{15 - worker}").geturl()

from trialtracker.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a log-in in a test takes a millisecond, not half a second

FILES_PER_MINUTE = SEARCHES_PER_MINUTE = SUBSCRIPTIONS_PER_HOUR = 1_000_000  # all tests come from one address

STATIC_ROOT.mkdir()  # WhiteNoise warns of a folder that is not there
