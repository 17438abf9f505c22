"""The suite's own guards work: the network is out of reach, a skip is named, and where none is allowed it fails."""

import os
import socket
import subprocess
import sys

import pytest

from tests import conftest
from tests.records import REPO

pytestmark = pytest.mark.storeless

SUITE = """
import socket
import pytest

def test_swallows_the_refusal():
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    except Exception:
        pass

@pytest.mark.skip(reason="teapot is not installed: apt-get install teapot")
def test_pours():
    pass

@pytest.mark.xfail(reason="not yet", strict=True)
def test_expected_to_fail():
    assert False
"""


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "clinicaltrials.gov"])
def test_the_network_is_out_of_reach(host):
    with pytest.raises(conftest.RealNetwork, match=host):
        socket.create_connection((host, 443), timeout=1)
    conftest._refused.clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_is_within_reach(host):
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as server:
        socket.create_connection(server.getsockname()[:2], timeout=1).close()


@pytest.mark.parametrize(
    ("no_skips", "outcome"), [("0", "1 passed, 1 skipped, 1 xfailed, 1 error"), ("1", "1 passed, 1 xfailed, 2 errors")]
)
def test_a_skip_is_named_and_fails_where_none_is_allowed(tmp_path, no_skips, outcome):
    (tmp_path / "test_tea.py").write_text(SUITE)
    (tmp_path / "conftest.py").write_text("from tests.conftest import *")
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", tmp_path, "--ds=tests.settings"]
    ran = subprocess.run(
        [*command, "-W", "ignore", tmp_path],
        cwd=REPO,
        env=os.environ | {"TRACKER_NO_SKIPS": no_skips},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in ran.stdout.splitlines()[-1]
    assert "tried to reach the network: socket.getaddrinfo '192.0.2.1'" in ran.stdout
    assert ("teapot is not installed: apt-get install teapot (1):\n  test_tea.py::test_pours" in ran.stdout) == (no_skips == "0")
    assert ("Left out, and TRACKER_NO_SKIPS=1 allows no skip: teapot is not installed" in ran.stdout) == (no_skips == "1")
