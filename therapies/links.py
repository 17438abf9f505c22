"""Whether a source's address still answers. HTTP alone; what becomes of the answer is for the caller."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import sleep
from urllib.parse import urlsplit

import requests

TIMEOUT = (10, 30)
"""Seconds to wait for a connection, and for each answer."""

PAUSE = 1.0
"""Seconds between two requests to the same host."""

GONE = {404, 410}
GUARDED = {401, 402, 403, 405, 406, 407, 409, 418, 421, 425, 429, 451, 503}
"""Answers of servers that are there but turn programs away: publishers do. They say nothing of whether a person would be let in."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`state` is one of `therapies.models.LinkState`; `note` says in a few words what came."""

    state: str
    note: str


def check(url: str, session: requests.Session) -> Answer:
    """Ask for an address, redirects followed: by HEAD and, where that is not answered well, by GET without reading the body."""
    try:
        answer = session.head(url, timeout=TIMEOUT, allow_redirects=True)
        if answer.status_code >= 400:
            answer = session.get(url, timeout=TIMEOUT, allow_redirects=True, stream=True)
            answer.close()
    except requests.TooManyRedirects:
        return Answer("broken", "It redirects in a circle.")
    except requests.exceptions.SSLError as error:
        return Answer("broken", f"Its certificate is not accepted: {error}"[:300])
    except requests.Timeout:
        return Answer("broken", f"No answer within {TIMEOUT[1]} seconds.")
    except requests.RequestException as error:
        return Answer("broken", f"No connection: {type(error).__name__}.")
    said = f"{answer.status_code} {answer.reason}".strip()
    if answer.status_code < 400:
        return Answer("answers", f"{said}, now at {answer.url}"[:300] if answer.history and answer.url != url else said)
    if answer.status_code in GUARDED:
        return Answer("guarded", said)
    return Answer("broken", f"{said}: gone." if answer.status_code in GONE else said)


def check_all(urls: Iterable[str], user_agent: str, wait: Callable[[float], None] = sleep) -> Iterator[tuple[str, Answer]]:
    """Yield each address with its answer, a pause between two requests to one host."""
    with requests.Session() as session:
        session.headers["User-Agent"] = user_agent
        session.max_redirects = 10
        last_host = None
        for url in sorted(urls, key=lambda url: urlsplit(url).hostname or ""):
            host = urlsplit(url).hostname
            if host == last_host:
                wait(PAUSE)
            last_host = host
            yield url, check(url, session)
