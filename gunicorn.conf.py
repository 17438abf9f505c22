"""How gunicorn serves the site. It reads this file by itself, so that Procfile, compose.yaml and a systemd unit start the same server.

Three settings come from the environment: HOST and PORT, and WEB_CONCURRENCY, the number of processes (gunicorn's own name for it).
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

from gunicorn.glogging import Logger

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Four threads work, eleven hold a reader who waits a moment, one tells the others to come back: see trialtracker/crowd.py.
worker_class = "gthread"
threads = 16
timeout = 60
# Workers show that they live by touching a file. On a slow or full disk that touch can block, and gunicorn would kill a healthy worker.
# It gives its files there names that nobody can guess, which is what S108 is about.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Only faults are logged: who read what about their illness is nobody's business. A proxy in front may keep its own log.
accesslog = None
loglevel = "warning"
control_socket_disable = True


class logger_class(Logger):
    """Faults without query strings: gunicorn names the whole address of a request whose answer broke off."""

    def exception(self, msg, *args, **kwargs):
        super().exception(msg, *(re.sub(r"\?.*", "?...", str(arg)) for arg in args), **kwargs)


def on_starting(server):
    """Make the folder in which the processes add up what /metrics shows."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="trialtracker-metrics-", dir=worker_tmp_dir)


def on_exit(server):
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def when_ready(server):
    """Say where the site is, for whoever has just typed `make run`."""
    print(f"TrialTracker is at http://{bind}/ (Ctrl-C stops it)", flush=True)
