"""What a log line says besides its words: when, which request, which background task. Never a query string, which may tell of an illness,
and never an e-mail address: a mail server's refusal names one."""

import datetime as dt
import json
import logging
import re
import uuid
from contextvars import ContextVar

from celery import current_task

request_id: ContextVar[str] = ContextVar("request_id", default="")

GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
"""What a proxy may give as X-Request-ID to be taken over; anything else is replaced, so that nobody writes into the log."""


ADDRESS = re.compile(r"[^\s@<>\"'(){}\[\]:,;=]+@[^\s@<>\"'(){}\[\]:,;]+\.\w+")


QUOTED = re.compile(r"^(LINE \d+:.*\n *\^|DETAIL: .*)$\n?", re.MULTILINE)
"""Lines of a PostgreSQL error that repeat what it was asked."""


def unnamed(text: str) -> str:
    """A log text without what may tell who it is about."""
    return QUOTED.sub("", ADDRESS.sub("***@***", text))


def request_ids(get_response):
    """Middleware that names each request, takes over a proxy's name for it, and gives it back as X-Request-ID."""

    def answer(request):
        given = request.headers.get("X-Request-ID", "")
        name = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(name)
        try:
            response = get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = name
        return response

    return answer


class InHand(logging.Filter):
    """Puts the ids of what is in hand on each record: `request_id`, `task_id`, empty where there is none."""

    def filter(self, record):
        record.request_id = request_id.get()
        record.task_id = (current_task.request.id or "") if current_task else ""
        return True


_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Lines(logging.Formatter):
    """A line for people, and an error's own lines after it: what somebody has written cannot end it, forge another, or turn its words."""

    def format(self, record):
        return unnamed(super().format(record))

    def formatMessage(self, record):
        record.message = _NOT_SHOWN.sub(lambda found: found[0].encode("unicode_escape").decode(), unnamed(record.message))
        return super().formatMessage(record)


class JSONLines(logging.Formatter):
    """One JSON object a line: `at` (UTC), `level`, `logger`, `message`, and where they apply `request_id`, `task_id` and `error`."""

    def format(self, record):
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": unnamed(record.getMessage()),
        }
        line |= {name: value for name in ("request_id", "task_id") if (value := getattr(record, name, ""))}
        if record.exc_info:
            line["error"] = unnamed(self.formatException(record.exc_info))
        return _NOT_SHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(line, ensure_ascii=False))
