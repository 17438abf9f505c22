"""What happens when more readers come than a process can serve: a few wait, the others are told at once when to come back.

Without a limit every request waits its turn, all answers come late, and those who have given up are served like those who still wait. It
stands between the web server and Django, and knows paths and counts alone.
"""

import threading

AT_WORK = 4
"""Requests that one process works on at once: pages wait for the database, not for the processor."""

WAITING = 11
"""Requests that may wait for one of those to end. The server needs a thread for each, and one more that refuses (gunicorn.conf.py)."""

PATIENCE_SECONDS = 10
"""How long one may wait; whoever waited that long would not be served soon."""

COME_BACK_SECONDS = 5

ALWAYS = ("/healthz", "/readyz", "/metrics", "/static/")
"""What costs little, or is asked for by whoever decides whether the process lives."""

REFUSAL = b"More people are reading than this site can serve at once. Please try again in a few seconds.\n"


class Turnstile:
    """WSGI middleware that lets `at_work` requests through at once and `waiting` more wait; 503 with Retry-After for all others."""

    def __init__(self, application, *, at_work=AT_WORK, waiting=WAITING, patience=PATIENCE_SECONDS):
        self.application = application
        self._inside = threading.BoundedSemaphore(at_work + waiting)
        self._at_work = threading.BoundedSemaphore(at_work)
        self._patience = patience

    def __call__(self, environ, start_response):
        if environ.get("PATH_INFO", "").startswith(ALWAYS):
            return self.application(environ, start_response)
        if not self._inside.acquire(blocking=False):
            return _refuse(start_response)
        if not self._at_work.acquire(timeout=self._patience):
            self._inside.release()
            return _refuse(start_response)
        try:
            return _Body(self.application(environ, start_response), self._leave)
        except BaseException:
            self._leave()
            raise

    def _leave(self):
        self._at_work.release()
        self._inside.release()


def _refuse(start_response):
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(REFUSAL)),
        "Retry-After": str(COME_BACK_SECONDS),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    start_response("503 Service Unavailable", list(headers.items()))
    return [REFUSAL]


class _Body:
    """An answer's body: a file for download is work until its last line is out, so the place is given back when the server closes it."""

    def __init__(self, body, leave):
        self._body = body
        self._leave = leave

    def __iter__(self):
        return iter(self._body)

    def close(self):
        leave, self._leave = self._leave, None
        try:
            if hasattr(self._body, "close"):
                self._body.close()
        finally:
            if leave:
                leave()
