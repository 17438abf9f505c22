"""Ask an advisory service, by pip-audit, for known weaknesses of everything that requirements.lock names: `python -m tests.audit`.

pip-audit passes over a package that its service does not know, and so passes over all of them where the service is only a mirror. Here that
counts as not asked. Exit status: 0 nothing known, 1 something known, 2 not asked; with --if-reachable 2 becomes 0, and the words say so.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.records import REPO

LOCK = REPO / "requirements.lock"


class NotAsked(Exception):
    """The service gave no answer that counts."""


def pinned(lock: Path) -> list[str]:
    return re.findall(r"^([A-Za-z0-9._-]+(?:\[[a-z,]+\])?==[^\s;\\]+)", lock.read_text(), re.MULTILINE)


def ask(lines: list[str], service: list[str]) -> list[dict]:
    """What pip-audit answers for pinned lines: `[{"name", "version", "vulns"} or {"name", "skip_reason"}]`."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        command = [sys.executable, "-m", "pip_audit", "--requirement", file.name, "--no-deps", "--disable-pip", "--format", "json"]
        done = subprocess.run([*command, "--progress-spinner", "off", *service], capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)["dependencies"]
    except ValueError:
        raise NotAsked(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pip-audit gave no reason") from None


def audit(lines: list[str], service: list[str]) -> dict[str, list[str]]:
    """The known weaknesses of pinned lines, `{"name version": [id, ...]}`. One line is asked for first, and alone. Raises NotAsked."""
    for some in (lines[:1], lines):
        answers = ask(some, service)
        if unknown := [answer["name"] for answer in answers if "skip_reason" in answer]:
            raise NotAsked(f"it knows nothing of {len(unknown)} of {len(some)} packages, {unknown[0]} for one")
    return {f"{answer['name']} {answer['version']}": [one["id"] for one in answer["vulns"]] for answer in answers if answer["vulns"]}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__.split("\n\n")[0])
    parser.add_argument("--if-reachable", action="store_true", help="succeed where the service cannot be asked")
    parser.add_argument("--osv-url", help="ask this service, which speaks OSV's language, in the place of PyPI")
    options = parser.parse_args(arguments)
    lines = pinned(LOCK)
    try:
        known = audit(lines, ["--vulnerability-service", "osv", "--osv-url", options.osv_url] if options.osv_url else [])
    except NotAsked as reason:
        print(f"The advisory service could not be asked ({reason}): nothing is known of {len(lines)} packages.")
        return 0 if options.if_reachable else 2
    for package, ids in known.items():
        print(f"{package}: {', '.join(ids)}")
    print(f"{len(lines)} packages asked for, {len(known)} with known weaknesses.")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
