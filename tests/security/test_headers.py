"""What every answer carries, and that the settings of a public site leave Django nothing to warn of."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.builders import make_trial
from tests.records import REPO

PATHS = [
    "/", "/trials/", "/trials/?approach=nonsense", "/trials/NCT00000001/", "/trials/export.csv", "/trials/export.json", "/trials/feed.atom",
    "/therapies/", "/changes/", "/api/v1/trials/", "/api/v1/docs/", "/admin/login/", "/nowhere/",
]  # fmt: skip

POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_policies(client, path):
    make_trial(1)
    headers = client.get(path).headers
    policy = {name: values for name, *values in map(str.split, headers["Content-Security-Policy"].split(";"))}
    styles = policy.pop("style-src")
    assert policy == POLICY
    assert styles[0] == "'self'"
    assert all(re.fullmatch(r"'nonce-[A-Za-z0-9+/=]{24}'", source) for source in styles[1:])
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_no_nonce_is_given_twice(client):
    nonces = {re.search(r"'nonce-([^']+)'", client.get("/api/v1/docs/").headers["Content-Security-Policy"])[1] for _ in range(3)}
    assert len(nonces) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("/admin")])
def test_reading_sets_no_cookie(client, path):
    make_trial(1)
    assert not client.get(path).cookies


@pytest.fixture
def public_site(tmp_path, migrated_file):
    """Run Python or manage.py under the settings of a public site behind TLS; returns the finished process."""

    def run(*arguments):
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL", "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE"}
        }
        environment |= {
            "ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path), "BEHIND_TLS": "true", "SECRET_KEY": "k3y-" + "0123456789abcdef" * 4,
            "ALLOWED_HOSTS": "trials.example.org", "DJANGO_SETTINGS_MODULE": "trialtracker.settings",
        }  # fmt: skip
        shutil.copy(migrated_file, tmp_path)
        return subprocess.run([sys.executable, *arguments], cwd=REPO, env=environment, capture_output=True, text=True, timeout=120)

    return run


@pytest.mark.storeless
def test_django_has_nothing_to_warn_of_on_a_public_site(public_site):
    done = public_site("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


ASK = """
import django; django.setup()
from django.test import Client
from django.conf import settings
plain = Client().get('/about/', headers={'host': 'trials.example.org'})
print(plain.status_code, plain['Location'])
secure = Client().get('/nowhere', secure=True, headers={'host': 'trials.example.org'})
print(secure['Strict-Transport-Security'])
print('upgrade-insecure-requests' in secure['Content-Security-Policy'])
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE)
print(Client().get('/about/', secure=True, headers={'host': 'evil.example.net'}).status_code)
"""


@pytest.mark.storeless
def test_a_public_site_insists_on_tls_and_on_its_own_name(public_site):
    done = public_site("-c", ASK)
    assert done.stdout.splitlines() == [
        "301 https://trials.example.org/about/",
        "max-age=31536000; includeSubDomains; preload",
        "True",
        "True True True Lax",
        "400",
    ], done.stderr
