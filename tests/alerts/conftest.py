import pytest
from django.conf import settings as django_settings

from alerts import composing
from tests.alerts.mailing import ADDRESS, clock
from tests.alerts.sink import smtp_sink
from tests.builders import make_trial


@pytest.fixture
def sink(settings):
    """An SMTP server that alerts are sent to."""
    with smtp_sink() as server:
        settings.EMAIL_BACKEND = "alerts.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.EMAIL_TIMEOUT = 10
        settings.SITE_URL = "https://trials.example.org"
        assert server.port == django_settings.EMAIL_PORT
        yield server


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """What the web process hands to the worker waits for `deliver` instead."""
    monkeypatch.setattr("alerts.tasks.send.delay", lambda mail_id: None)


@pytest.fixture
def now():
    return clock()


@pytest.fixture
def trial():
    return make_trial(1, brief_title="Cells & nerves", status="RECRUITING", countries=["Norway"])


@pytest.fixture
def mail(now):
    return composing.ask(ADDRESS, "daily", now())
