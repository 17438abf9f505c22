"""The audit of dependencies, by the real pip-audit, against an advisory service on this machine that speaks OSV's language."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests import audit
from tests.records import REPO
from tests.servers import free_port

pytestmark = pytest.mark.storeless

WEAKNESS = {"id": "PYSEC-2999-1", "summary": "A weakness for a test", "modified": "2026-01-01T00:00:00Z", "affected": []}


@pytest.fixture
def service():
    """`service.weak` names the packages of which it knows a weakness; `service.asked` those that it was asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
            server.asked.append(name)
            body = json.dumps({"vulns": [WEAKNESS]} if name in server.weak else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.weak, server.asked = set(), []
        server.url = f"http://127.0.0.1:{server.server_port}/v1/query"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def run(*arguments):
    done = subprocess.run([sys.executable, "-m", "tests.audit", *arguments], cwd=REPO, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_a_known_weakness_fails_and_is_named(service):
    count = len(audit.pinned(audit.LOCK))
    assert count > 60
    service.weak = {"django", "celery"}
    status, lines = run("--osv-url", service.url, "--if-reachable")
    assert status == 1
    assert [line.split(":")[1].strip() for line in lines[:-1]] == ["PYSEC-2999-1"] * 2
    assert [line.split()[0] for line in lines[:-1]] == ["celery", "django"]
    assert lines[-1] == f"{count} packages asked for, 2 with known weaknesses."
    assert len(set(service.asked)) == count


def test_a_service_that_cannot_be_asked_is_no_clean_answer():
    away = ("--osv-url", f"http://127.0.0.1:{free_port()}/v1/query")
    status, (said,) = run(*away)
    assert status == 2
    assert said.startswith("The advisory service could not be asked (")
    assert run(*away, "--if-reachable")[0] == 0
