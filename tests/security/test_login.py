"""The admin's door: who guesses is shut out for a while, sessions end, passwords are long."""

import datetime as dt

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

PASSWORD = "correct horse battery"


@pytest.fixture
def curator(db):
    return get_user_model().objects.create_user("curator", password=PASSWORD, is_staff=True)


def log_in(client, password, address="127.0.0.1", name="curator", forwarded_for=None):
    """Send the admin's form; returns the status and whether the client is logged in."""
    headers = {"X-Forwarded-For": forwarded_for} if forwarded_for else {}
    form = {"username": name, "password": password, "next": "/about/"}
    response = client.post("/admin/login/", form, REMOTE_ADDR=address, headers=headers)
    return response.status_code, SESSION_KEY in client.session


def test_five_wrong_passwords_close_the_door_to_that_address_alone(client, curator):
    for _ in range(4):
        assert log_in(client, "guess") == (200, False)
    assert log_in(client, "guess") == (429, False)
    assert log_in(client, PASSWORD) == (429, False)
    assert log_in(client, PASSWORD, address="127.0.0.2") == (302, True)


def test_behind_a_proxy_the_door_closes_to_the_address_that_it_saw(client, curator, settings):
    """Else one stranger's five guesses at a curator's name would shut that name out for everybody."""
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    for _ in range(5):
        log_in(client, "guess", forwarded_for="10.0.0.1, 203.0.113.9")
    assert log_in(client, PASSWORD, forwarded_for="10.0.0.2, 203.0.113.9") == (429, False)
    assert log_in(client, PASSWORD, forwarded_for="203.0.113.10") == (302, True)
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"203.0.113.9"}


def test_without_a_proxy_a_forwarded_address_opens_no_door(client, curator):
    for n in range(5):
        log_in(client, "guess", forwarded_for=f"203.0.113.{n}")
    assert log_in(client, PASSWORD, forwarded_for="203.0.113.99") == (429, False)


def test_a_proxy_that_names_no_address_costs_nobody_the_log_in(client, curator, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    assert log_in(client, "guess", forwarded_for="203.0.113.9:50123") == (200, False)
    assert log_in(client, "guess", forwarded_for="unknown") == (200, False)
    assert log_in(client, PASSWORD, forwarded_for="unknown") == (302, True)


def test_the_door_opens_again_after_a_while(client, curator):
    locked = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
    with time_machine.travel(locked, tick=False):
        for _ in range(5):
            log_in(client, "guess")
    with time_machine.travel(locked + settings.AXES_COOLOFF_TIME - dt.timedelta(seconds=5), tick=False):
        assert log_in(client, PASSWORD) == (429, False)
    with time_machine.travel(locked + settings.AXES_COOLOFF_TIME * 2, tick=False):
        assert log_in(client, PASSWORD) == (302, True)


def test_a_clock_that_goes_back_opens_no_door_that_is_shut(client, curator):
    locked = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
    with time_machine.travel(locked, tick=False):
        for _ in range(5):
            log_in(client, "guess")
    with time_machine.travel(locked - dt.timedelta(hours=30), tick=False):
        assert log_in(client, PASSWORD) == (429, False)
        assert log_in(client, PASSWORD, address="127.0.0.2") == (302, True)


def test_a_session_ends_with_the_working_day(client, curator):
    opened = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
    with time_machine.travel(opened, tick=False):
        assert log_in(client, PASSWORD)[1]
        assert client.get("/admin/").status_code == 200
    with time_machine.travel(opened + dt.timedelta(hours=11, minutes=59), tick=False):
        assert client.get("/admin/").status_code == 200
    with time_machine.travel(opened + dt.timedelta(hours=12, seconds=1), tick=False):
        assert client.get("/admin/").status_code == 302


def test_a_right_password_is_no_failure_and_leaves_no_log(client, curator):
    for _ in range(4):
        log_in(client, "guess")
    assert log_in(client, PASSWORD) == (302, True)
    assert (AccessAttempt.objects.count(), AccessLog.objects.count()) == (0, 0)


def test_a_wrong_name_is_answered_like_a_wrong_password(client, curator):
    pages = [
        client.post("/admin/login/", {"username": name, "password": "guess"}).content.decode().split('class="errornote"')[1][:200]
        for name in ("curator", "nobody-there")
    ]
    assert pages[0] == pages[1]


def test_logging_in_changes_the_session_and_it_ends(client, curator):
    client.get("/admin/login/")
    assert log_in(client, PASSWORD)[1]
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (60 * 60 * 12, True, "Lax")
    session = client.session
    client.post("/admin/logout/")
    assert not type(session)(session.session_key).exists(session.session_key)


@pytest.mark.parametrize("password", ["short one", "password1234", "839201748261", "curator-curator"])
def test_a_weak_password_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, get_user_model()(username="curator-curator"))
    validate_password(PASSWORD, get_user_model()(username="curator-curator"))
