"""What `make run` starts, together: one supervisor, a site that answers, one Ctrl-C."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.processes.tracker import PATIENCE, REPO, family
from tests.servers import free_port


def answer(url):
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.URLError:
        return 0, ""


@pytest.fixture
def site(tracker):
    """A prepared site with web, worker and beat up, and its supervisor."""
    tracker.environment["PORT"] = str(free_port())
    prepared = tracker.manage("prepare")
    assert (prepared.returncode, prepared.stdout.splitlines()[-1]) == (
        0,
        "fetched=1200 created=1200 updated=0 unchanged=0 missing=0 failed=0",
    )
    command = [sys.executable, "-m", "honcho", "--env", os.devnull, "start"]
    with tracker.log("honcho").open("wb") as log:
        supervisor = subprocess.Popen(command, cwd=REPO, env=tracker.environment, stdout=log, stderr=log, start_new_session=True)
    tracker.processes.append(supervisor)
    return f"http://127.0.0.1:{tracker.environment['PORT']}", supervisor


def test_one_command_serves_the_site_and_one_ctrl_c_ends_it(tracker, site):
    url, supervisor = site
    tracker.wait_until(lambda: answer(url)[0] == 200, "the home page")
    status, page = answer(f"{url}/trials/?q=NCT00000007")
    assert status == 200
    assert "Mesenchymal Stem Cells for Multiple Sclerosis" in page

    tracker.send("trials.sync_full")
    tracker.wait_for_runs("complete", "complete")

    started = family(supervisor.pid)
    assert len(started) > 6  # the supervisor, web with two workers, worker with two children, beat
    os.killpg(supervisor.pid, signal.SIGINT)
    tracker.wait_until(lambda: supervisor.poll() is not None, "the supervisor's end")
    tracker.wait_until(lambda: not any(family(pid) for pid in started), "the end of all that it started")
    log = tracker.log("honcho").read_text()
    assert f"TrialTracker is at {url}/" in log
    assert "Traceback" not in log
