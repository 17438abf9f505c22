"""Settings from the environment: the defaults start, the example names them all, and a value that is no use says how to mend it."""

import ast
import os
import re
import runpy
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.records import REPO
from trials.tasks import RETRY_AFTER

SOURCE = REPO / "trialtracker" / "settings.py"
EXAMPLE = REPO / ".env.example"


def calls(path, function):
    """The first argument of each call of a function in a source file, given as it is written there."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {
        node.args[0].value for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == function and len(node.args) > 1
    }


READ_BY_SETTINGS = calls(SOURCE, "setting")
READ_BY_GUNICORN = calls(REPO / "gunicorn.conf.py", "os.environ.get")
READ_BY_COMPOSE = set(re.findall(r"\$\{([A-Z_]+)", (REPO / "compose.yaml").read_text()))


@pytest.fixture
def load(tmp_path):
    """Run settings.py with these variables alone and return what it defines, as a dict."""
    before = dict(os.environ)

    def run(**variables):
        for name in READ_BY_SETTINGS | READ_BY_GUNICORN:
            os.environ.pop(name, None)
        os.environ.update({"ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path), **variables})
        return runpy.run_path(str(SOURCE))

    yield run
    os.environ.clear()
    os.environ.update(before)


def test_nothing_has_to_be_set(load, tmp_path):
    settings = load()
    assert settings["DEBUG"] is False
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "trialtracker.sqlite3")
    assert settings["CELERY_BROKER_TRANSPORT"] == "trialtracker.broker:Transport"
    assert settings["CTGOV_API_URL"] == "https://clinicaltrials.gov/api/v2"


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("DEBUG", "maybe", "write true or false"),
        ("BEHIND_TLS", "perhaps", "write true"),
        ("SECRET_KEY", "short", "set 50 random characters"),
        ("SECRET_KEY", "change-me-" * 5, "leave it out"),
        ("ALLOWED_HOSTS", "https://trials.example.org", "without https://"),
        ("CSRF_TRUSTED_ORIGINS", "trials.example.org", "write scheme and host"),
        ("VAR_DIR", "/dev/null/var", "name a folder"),
        ("DATABASE_URL", "mysql://tracker@localhost/tracker", "write postgres://"),
        ("DATABASE_URL", "tracker.sqlite3", "sqlite:////absolute/path"),
        ("DATABASE_URL", "postgres://tracker@localhost:five/tracker", "write postgres://"),
        ("DATABASE_URL", "sqlite://:memory:", "sqlite:////absolute/path"),
        ("REDIS_URL", "localhost:6379", "write redis://HOST:6379/0"),
        ("CTGOV_API_URL", "clinicaltrials.gov", "as in https://clinicaltrials.gov/api/v2"),
        ("CTGOV_API_URL", "https://clinicaltrials.gov/api/v2?format=json", "as in https://clinicaltrials.gov/api/v2"),
        ("CTGOV_PACE_SECONDS", "fast", "write the seconds"),
        ("CTGOV_PACE_SECONDS", "-1", "write the seconds"),
        ("CTGOV_PACE_SECONDS", "nan", "write the seconds"),
        ("TRACKER_OVERLAP_DAYS", "0", "1 to 365"),
        ("TRACKER_OVERLAP_DAYS", "1.5", "whole days"),
        ("TRACKER_MAX_LOSS_PERCENT", "150", "0 to 100 percent"),
        ("STAFF_SECOND_FACTOR", "yes", "write optional"),
        ("METRICS_TOKEN", "short", "20 or more"),
        ("SENTRY_DSN", "https://sentry.example.org/1", "https://KEY@HOST/PROJECT"),
        ("FILES_PER_MINUTE", "0", "1 or more"),
        ("SEARCHES_PER_MINUTE", "many", "1 or more"),
        ("SUBSCRIPTIONS_PER_HOUR", "1.5", "1 or more"),
        ("ALARM_MAILS", "ops@example.org, night", "write e-mail addresses"),
        ("ALARM_SYNC_HOURS", "two days", "write after how many hours"),
        ("ALARM_FAILED_PERCENT", "101", "0 to 100 percent"),
        ("ALARM_REVIEW_QUEUE", "-1", "write how many trials"),
        ("ALARM_BACKLOG", "0", "1 or more"),
        ("LOG_LEVEL", "LOUD", "write DEBUG"),
        ("LOG_FORMAT", "yaml", "write line"),
    ],
)
def test_a_value_of_no_use_names_the_variable_and_says_how_to_mend_it(load, name, value, mend):
    with pytest.raises(ImproperlyConfigured, match=re.escape(mend)) as raised:
        load(**{name: value})
    assert name in str(raised.value)


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_an_error_shows_no_password(load, name):
    with pytest.raises(ImproperlyConfigured) as raised:
        load(**{name: "http://tracker:p@ss:word@localhost/tracker"})
    assert f"{name}='http://tracker:***@localhost/tracker'" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DEBUG", "Yes", True),
        ("ALLOWED_HOSTS", "trials.example.org, www.example.org,", ["trials.example.org", "www.example.org"]),
        ("CTGOV_API_URL", "http://127.0.0.1:9000/api/v2/", "http://127.0.0.1:9000/api/v2"),
        ("CTGOV_PACE_SECONDS", "0.25", 0.25),
        ("TRACKER_MAX_LOSS_PERCENT", "100", 100.0),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("TRACKER_CONDITION_QUERY", "  ", "multiple sclerosis"),
    ],
)
def test_a_value_is_read(load, name, value, read):
    assert load(**{name: value})[name] == read


def test_servers_take_the_place_of_files(load):
    settings = load(DATABASE_URL="postgres://tracker:secret@db.example.org:5433/trials", REDIS_URL="redis://cache.example.org:6379/2")
    database = settings["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"], database["PORT"], database["NAME"]) == (
        "django.db.backends.postgresql", "db.example.org", 5433, "trials",
    )  # fmt: skip
    assert settings["CELERY_BROKER_URL"] == "redis://cache.example.org:6379/2"
    assert settings["CELERY_RESULT_BACKEND"] == "django-db"
    assert settings["CACHES"]["default"]["LOCATION"] == "redis://cache.example.org:6379/2"
    assert "CELERY_BROKER_TRANSPORT" not in settings
    assert settings["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] > settings["CELERY_TASK_TIME_LIMIT"] + max(RETRY_AFTER)


def test_the_kept_secret_key_is_stable_and_its_owners_alone(load, tmp_path):
    first = load()["SECRET_KEY"]
    assert load()["SECRET_KEY"] == first
    assert load(VAR_DIR=str(tmp_path / "elsewhere"))["SECRET_KEY"] != first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("secret_key*")] == ["secret_key"]


def test_the_environment_counts_before_the_file(load, tmp_path):
    (tmp_path / "env").write_text("LOG_LEVEL=ERROR\nTRACKER_TERM_QUERY=Norway\n")
    settings = load(ENV_FILE=str(tmp_path / "env"), LOG_LEVEL="WARNING")
    assert (settings["LOG_LEVEL"], settings["TRACKER_TERM_QUERY"]) == ("WARNING", "Norway")


def test_the_example_names_every_setting_and_shows_the_default(load, tmp_path):
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))
    assert set(shown) == READ_BY_SETTINGS | READ_BY_GUNICORN | READ_BY_COMPOSE

    (tmp_path / "env").write_text("".join(f"{name}={value}\n" for name, value in shown.items() if name in READ_BY_SETTINGS))
    with_example = load(ENV_FILE=str(tmp_path / "env"))
    with_nothing = load()
    constants = {name for name, value in with_nothing.items() if name.isupper() and not callable(value)}
    assert {name for name in constants if with_example[name] != with_nothing[name]} == set()

    gunicorn = runpy.run_path(str(REPO / "gunicorn.conf.py"))
    assert gunicorn["bind"] == f"{shown['HOST']}:{shown['PORT']}"
    assert gunicorn["workers"] == int(shown["WEB_CONCURRENCY"])
