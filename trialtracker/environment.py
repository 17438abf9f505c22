"""How a setting is read from the environment: each reader takes text and gives a value, or ValueError where the text is of no use."""

import math
import os
import re
import secrets

import environ
from django.core.exceptions import ImproperlyConfigured


def setting(name, default, read=str, how=""):
    """Return `read` of the environment variable `name`; `default` where it is unset or empty.

    `read` takes the text and raises ValueError where it is of no use. That becomes an ImproperlyConfigured which names the variable and
    says `how` to mend it, without showing a password that a URL may hold.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        return read(text)
    except ValueError:
        shown = re.sub(r"(://[^:/@]*):.*@", r"\1:***@", text)
        raise ImproperlyConfigured(f"{name}={shown!r} cannot be used: {how}.") from None


def yes_or_no(text):
    answers = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if text.lower() not in answers:
        raise ValueError(text)
    return answers[text.lower()]


def number(least, most, kind=float):
    """Return a reader of a number from `least` to `most`, both allowed."""

    def read(text):
        value = kind(text)
        if not math.isfinite(value) or not least <= value <= most:
            raise ValueError(text)
        return value

    return read


def text_like(pattern):
    """Return a reader of text that the whole of a regular expression matches."""

    def read(text):
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return text

    return read


def each(read):
    """Return a reader of a list that commas separate."""
    return lambda text: [read(part.strip()) for part in text.split(",") if part.strip()]


def database(text):
    """Read a database URL into one entry of DATABASES."""
    config = environ.Env.db_url_config(text_like(r"(sqlite|postgres|postgresql)://.+")(text))
    if ":memory:" in config["NAME"]:
        raise ValueError("web, worker and beat cannot share a database in memory")
    return config


def mail_server(text):
    """Read a mail URL into EMAIL_* settings; SMTP goes through our own back end, which never sends a mail twice."""
    config = environ.Env.email_url_config(text_like(r"(smtp|smtps|smtp\+tls|smtp\+ssl|consolemail|filemail|dummymail)://.*")(text))
    if config["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        if not config["EMAIL_HOST"]:
            raise ValueError(text)
        config["EMAIL_BACKEND"] = "alerts.smtp.EmailBackend"
    return {name: value for name, value in config.items() if name.startswith("EMAIL_")}


def kept_secret_key(path):
    """Return the key kept in the file `path`, made at the first start; two processes that start at once agree on one."""
    if not path.exists():
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
