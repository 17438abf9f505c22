"""The real web server, two processes of it: what they count adds up, and a fault is reported and logged without who was reading."""

import gzip
import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.servers import free_port

PRIVATE = ("my-own-illness", "reader@example.org", "203.0.113.9", "session-of-mine")


@pytest.fixture
def sink():
    """A server that keeps the events that Sentry's client sends."""
    events = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            events.append((str(self.headers), body.decode()))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.events = events
        yield server
        server.shutdown()


@pytest.fixture
def ask(tracker, sink):
    """Ask the running web server: `ask(method, path, body, **headers)` gives the status and the text."""
    port = free_port()
    tracker.environment |= {"PORT": str(port), "WEB_CONCURRENCY": "2", "SENTRY_DSN": f"http://key@127.0.0.1:{sink.server_port}/1"}

    def call(method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    tracker.start("web")
    tracker.wait_until(lambda: call("GET", "/healthz")[0] == 200, "the web server")
    return call


def test_counts_add_up_over_processes_and_a_fault_tells_nothing_of_the_reader(tracker, ask, sink):
    assert {ask("GET", "/about/")[0] for _ in range(30)} == {200}
    line = 'trialtracker_requests_total{method="GET",status="200",view="trials:about"} 30.0'
    assert all(line in ask("GET", "/metrics")[1] for _ in range(10))  # whichever process answers
    assert ask("GET", "/metrics", **{"X-Forwarded-For": "127.0.0.1"})[0] == 404

    tracker.execute("ALTER TABLE trials_trial RENAME TO trials_lost")
    headers = {"Cookie": "sessionid=session-of-mine", "X-Forwarded-For": "203.0.113.9"}
    assert ask("GET", "/trials/?words=my-own-illness", **headers)[0] == 500
    form = "age=47&which=all&note=my-own-illness&address=reader@example.org"
    assert ask("POST", "/for-me/", form, **headers, **{"Content-Type": "application/x-www-form-urlencoded"})[0] == 500
    tracker.wait_until(lambda: len(sink.events) == 2, "two events")

    for head, body in sink.events:
        assert [word for word in PRIVATE if word in head or word in body] == []
        event = json.loads(body.splitlines()[2])
        assert event["exception"]["values"][-1]["type"] in {"OperationalError", "ProgrammingError"}
        assert event["exception"]["values"][-1]["stacktrace"]["frames"]
        assert event["request"] in ({"method": "GET"}, {"method": "POST"})
        assert event["transaction"] in {"/trials/", "/for-me/"}
    log = tracker.log("web").read_text()
    assert "trials_trial" in log
    assert [word for word in PRIVATE if word in log] == []
