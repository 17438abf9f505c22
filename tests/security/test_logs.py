"""Log lines: one JSON object each, tied to the request that they come from, and silent about who reads what."""

import json
import logging
import runpy
import smtplib

import gunicorn.config
import pytest

from alerts.models import Mail
from tests.records import REPO
from trialtracker import celery_app
from trialtracker.logs import InHand, JSONLines, Lines, request_id


def made(message, *arguments, exc_info=None):
    record = logging.getLogger("trials.sync").makeRecord("trials.sync", logging.WARNING, "sync.py", 1, message, arguments, exc_info)
    InHand().filter(record)
    return record


def line_of(message, *arguments, **options):
    return JSONLines().format(made(message, *arguments, **options))


def test_a_line_is_one_object_whatever_the_message_holds():
    token = request_id.set("abcdef123456")
    try:
        text = line_of("odd status %r in %s", "x\r\ny", 'NCT00000001\n{"level": "CRITICAL"}', exc_info=None)
    finally:
        request_id.reset(token)
    assert len(text.splitlines()) == 1
    line = json.loads(text)
    assert line["at"].endswith("+00:00")
    assert (line["level"], line["logger"], line["request_id"]) == ("WARNING", "trials.sync", "abcdef123456")
    assert "task_id" not in line


def test_an_error_carries_its_traceback():
    try:
        raise ValueError("why")
    except ValueError as error:
        line = json.loads(line_of("it failed", exc_info=(type(error), error, error.__traceback__)))
    assert line["error"].endswith("ValueError: why")


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "is_kept"), [("0123456789abcdef", True), ("short", False), ("x" * 65, False), ("a b\tc<script>", False)])
def test_a_request_has_one_name(client, given, is_kept):
    answered = client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert (answered == given) is is_kept
    assert client.get("/healthz").headers["X-Request-ID"] != answered


@pytest.mark.django_db
def test_what_somebody_asks_for_is_in_no_log_line(client, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    for path in ("/nowhere/", "/trials/NCT99999999/", "/trials/export.csv", "/api/v1/nothing/"):
        assert client.get(path, {"q": "my-own-illness", "email": "reader@example.org"}).status_code in {400, 404}
    ours = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert any("/nowhere/" in message for message in ours)
    assert [message for message in ours if "my-own-illness" in message or "reader@example.org" in message] == []


def test_no_line_names_an_address_or_what_a_database_was_asked(caplog):
    refusal = smtplib.SMTPRecipientsRefused({"reader@example.org": (550, b"no such user <reader@example.org>")})
    asked = "ProgrammingError: no such column\nLINE 1: SELECT q = 'my-own-illness'\n           ^\nDETAIL:  Key (q)=(my-own-illness)"
    lines = Lines("%(levelname)s %(message)s")
    for text in (
        line_of("mail %d: %s", 7, refusal),
        line_of("%s", asked),
        lines.format(made("mail %d: %s", 7, refusal)),
        lines.format(made("%s", asked)),
    ):
        assert "reader@" not in text
        assert "my-own-illness" not in text
        assert "no such" in text


def test_the_web_server_s_own_log_names_no_query_string(capfd):
    settings = runpy.run_path(str(REPO / "gunicorn.conf.py"))
    settings["logger_class"](gunicorn.config.Config()).exception("Error handling request %s %s", "GET", "/trials/?q=my-own-illness")
    said = capfd.readouterr().err
    assert "GET /trials/?..." in said
    assert "my-own-illness" not in said


@pytest.mark.django_db
def test_a_background_task_is_given_numbers_and_no_address(client, django_capture_on_commit_callbacks):
    celery_app.control.purge()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/alerts/", {"address": "reader@example.org", "frequency": "weekly"}).status_code == 200
    with celery_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(celery_app.conf.task_default_queue)
        message = queue.get(timeout=10)
        message.ack()
        queue.close()
    assert message.headers["task"] == "alerts.send"
    assert message.payload[0] == [Mail.objects.get().pk]
    assert "reader" not in repr((message.headers, message.payload))


def test_the_worker_keeps_the_logs_of_the_settings():
    handlers = logging.getLogger().handlers[:]
    celery_app.log.setup_logging_subsystem(loglevel="WARNING")
    assert logging.getLogger().handlers == handlers
