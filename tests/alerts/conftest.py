import pytest
from django.conf import settings as django_settings

from tests.alerts.sink import smtp_sink


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
