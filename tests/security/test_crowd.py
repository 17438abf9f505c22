"""More requests than a process can serve: a few wait, the others hear at once when to come back, and health is always told."""

import runpy
import threading
import time

import pytest
from django.test import RequestFactory

from tests.records import REPO
from trialtracker import crowd, wsgi


class Server:
    """A stand-in application whose answers take until `go` is set, behind a turnstile; `ask` does what a web server does."""

    def __init__(self, **limits):
        self.go = threading.Event()
        self.entered = threading.Semaphore(0)
        self.turnstile = crowd.Turnstile(self._answer, **limits)

    def _answer(self, environ, start_response):
        self.entered.release()
        if environ["PATH_INFO"] == "/fault/":
            raise RuntimeError("a fault")
        start_response("200 OK", [])

        def body():
            self.go.wait(30)
            yield b"page"

        return body()

    def ask(self, path="/"):
        told = []
        body = self.turnstile(RequestFactory().get(path).environ, lambda status, headers: told.append((status, dict(headers))))
        try:
            text = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        return int(told[0][0][:3]), told[0][1], text

    def asking(self, into, path="/"):
        thread = threading.Thread(target=lambda: into.append(self.ask(path)), daemon=True)
        thread.start()
        return thread


def test_who_finds_the_house_full_is_told_when_to_come_back():
    server, answers = Server(at_work=2, waiting=1, patience=30), []
    threads = [server.asking(answers) for _ in range(2)]
    assert all(server.entered.acquire(timeout=30) for _ in threads)
    threads.append(server.asking(answers))
    while server.turnstile._inside._value:  # until the third one waits
        time.sleep(0.01)

    status, headers, text = server.ask()
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "5", "no-store")
    assert b"try again in a few seconds" in text

    server.go.set()
    for thread in threads:
        thread.join(30)
    assert [status for status, _, _ in answers] == [200, 200, 200]
    assert server.ask()[0] == 200


def test_health_and_files_of_the_layout_pass_a_full_house():
    server = Server(at_work=1, waiting=0)
    server.go.set()
    server.turnstile._inside.acquire()
    assert [server.ask(path)[0] for path in ("/healthz", "/readyz", "/metrics", "/static/site.css", "/")] == [200, 200, 200, 200, 503]


def test_nobody_waits_for_ever():
    server, answers = Server(at_work=1, waiting=1, patience=0.05), []
    thread = server.asking(answers)
    assert server.entered.acquire(timeout=30)
    assert server.ask()[0] == 503
    server.go.set()
    thread.join(30)
    assert server.ask()[0] == 200


def test_a_fault_gives_its_place_back():
    server = Server(at_work=1, waiting=0)
    server.go.set()
    for _ in range(3):
        with pytest.raises(RuntimeError):
            server.ask("/fault/")
    assert server.ask()[0] == 200


def test_the_server_has_a_thread_for_each_and_one_that_refuses():
    assert isinstance(wsgi.application, crowd.Turnstile)
    assert runpy.run_path(str(REPO / "gunicorn.conf.py"))["threads"] == crowd.AT_WORK + crowd.WAITING + 1
