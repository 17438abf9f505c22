"""The second factor, set up and used through the pages, with codes worked out by RFC 6238 from the key that the page shows."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
PAGE = "/admin/second-factor/"


def code_of(key):
    """The six digits that an app shows now for a key in base32."""
    message = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(key), message, hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def half_a_minute_later():
    """As if the codes used so far, and the wait after wrong ones, were past."""
    TOTPDevice.objects.update(last_t=-1, throttling_failure_timestamp=None, throttling_failure_count=0)


@pytest.fixture
def ada():
    return get_user_model().objects.create_superuser("ada", password=PASSWORD)


@pytest.fixture
def keys(ada):
    """Ada has set up her second factor: its key, and the recovery codes."""
    return set_up(logged_in(ada))


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def set_up(client):
    page = client.get(PAGE).text
    key = re.search(r'class="key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert re.search(r'<img class="qr" src="data:image/svg\+xml', page)
    codes = re.findall(r"<li><code>([a-z2-7]{8})</code>", client.post(PAGE, {"code": code_of(key)}).text)
    assert len(set(codes)) == 10
    half_a_minute_later()
    return key, codes


def enter(code=None, password=PASSWORD, name="ada"):
    """Whether the door opens, and what it says if not."""
    client = Client()
    answer = client.post("/admin/login/", {"username": name, "password": password, "otp_token": code or "", "next": "/admin/"})
    if SESSION_KEY in client.session:
        return client.get("/admin/").status_code == 200
    return " ".join(re.findall(r'class="errornote">\s*(.*?)\s*</p>', answer.text, re.DOTALL))


def test_who_has_set_up_none_enters_as_before(ada):
    assert enter() is True


def test_the_door_asks_for_the_code_and_takes_each_once(keys):
    key, _ = keys
    assert "type the code that your app shows now" in enter()
    assert "Please enter the correct username and password" in enter(code_of(key), password="guess")
    code = code_of(key)
    assert enter(f"{code[:3]} {code[3:]}") is True
    assert "This code is not right, or was used before" in enter(code)


def test_guessing_is_slowed_down(keys):
    key, _ = keys
    right = code_of(key)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    assert "This code is not right" in enter(wrong)
    assert "temporarily disabled because of 1 failed attempt" in enter(right)
    half_a_minute_later()
    assert enter(code_of(key)) is True


def test_a_recovery_code_opens_once(keys):
    _, codes = keys
    assert enter(codes[3].upper()) is True
    assert "This code is not right, or was used before" in enter(codes[3])
    assert StaticToken.objects.count() == 9


@pytest.mark.parametrize("code", ["1", "abc", "12345678901", "１２３４５６", "\x00", "' OR 1=1"])
def test_what_is_no_code_is_refused(keys, code):
    assert enter(code) is not True


def test_somebody_else_s_code_opens_nothing(keys):
    eve = get_user_model().objects.create_user("eve", password=PASSWORD, is_staff=True)
    key, codes = set_up(logged_in(eve))
    assert enter(code_of(key)) is not True
    assert enter(codes[0]) is not True


def test_a_password_alone_opens_no_page_of_who_has_one(keys, ada):
    client = logged_in(ada)  # as a session from before, or a stolen one
    for path in ("/admin/", "/admin/trials/review/", "/admin/password_change/", PAGE):
        assert client.get(path).url == f"/admin/login/?next={path}"


def test_new_recovery_codes_make_the_old_ones_void_and_it_can_be_turned_off(keys):
    key, codes = keys
    client = Client()
    client.post("/admin/login/", {"username": "ada", "password": PASSWORD, "otp_token": code_of(key), "next": "/admin/"})
    assert "10 recovery codes left" in client.get(PAGE).text
    fresh = re.findall(r"<li><code>([a-z2-7]{8})</code>", client.post(PAGE, {"codes": "new"}).text)
    assert enter(codes[0]) is not True
    StaticToken.objects.first().device.throttle_reset()
    assert enter(fresh[0]) is True
    assert client.post(PAGE, {"forget": "yes"}).url == "/admin/"
    assert enter() is True


def test_a_code_that_is_not_right_turns_nothing_on(ada):
    client = logged_in(ada)
    client.get(PAGE)
    assert "This code is not right" in client.post(PAGE, {"code": "000000"}).text
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert enter() is True


def test_where_it_is_required_the_admin_opens_with_it_alone(ada, settings):
    settings.STAFF_SECOND_FACTOR = "required"
    client = Client()
    answer = client.post("/admin/login/", {"username": "ada", "password": PASSWORD, "next": "/admin/trials/review/"}, follow=True)
    assert answer.redirect_chain[-1] == (PAGE, 302)
    assert "opens its admin only to those who have a second factor" in answer.text
    assert client.get("/admin/trials/trial/").url.startswith("/admin/login/")
    key, _ = set_up(client)
    assert client.get("/admin/trials/trial/").status_code == 200
    assert enter() is not True
    assert enter(code_of(key)) is True


def test_where_it_is_off_nobody_is_asked(keys, settings):
    settings.STAFF_SECOND_FACTOR = "off"
    assert enter() is True
    client = Client()
    assert 'name="otp_token"' not in client.get("/admin/login/").text
    assert client.get(PAGE).status_code == 404


def test_a_reader_sets_up_none(client):
    assert client.get(PAGE).url == f"/admin/login/?next={PAGE}"
    client.force_login(get_user_model().objects.create_user("reader"))
    assert client.get(PAGE).url == f"/admin/login/?next={PAGE}"


def test_an_administrator_takes_it_away_from_who_has_lost_it_but_not_from_a_superuser(keys):
    sam = get_user_model().objects.create_user("sam", password=PASSWORD, is_staff=True)
    sam.groups.set(Group.objects.filter(name="administrator"))
    eve = get_user_model().objects.create_user("eve", password=PASSWORD, is_staff=True)
    set_up(logged_in(eve))
    chosen = list(get_user_model().objects.values_list("pk", flat=True))
    answer = logged_in(sam).post(
        "/admin/auth/user/", {"action": "forget_second_factor", "_selected_action": chosen, "index": "0"}, follow=True
    )
    assert "2 people log in without a code" in answer.text
    assert enter(name="eve") is True
    assert enter() is not True
