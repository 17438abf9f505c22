"""Log lines: one JSON object each, tied to the request that they come from, and silent about who reads what."""

import json
import logging

import pytest

from trialtracker.logs import InHand, JSONLines, request_id


def line_of(message, *arguments, **options):
    record = logging.getLogger("trials.sync").makeRecord("trials.sync", logging.WARNING, "sync.py", 1, message, arguments, **options)
    InHand().filter(record)
    return JSONLines().format(record)


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
