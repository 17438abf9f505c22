"""Feed the targets with atheris: `python -m tests.fuzz [NAME ...] [--inputs N]`; `make fuzz` runs that, and installs atheris first.

Each target runs in a process of its own, in a database of its own in memory, and prints a line: inputs run, new ways through the code that
they found, crashes. A crash prints its input as well; exit status 1. `--seed` repeats a run.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NAMES = (
    "record leaf criteria words number parameters query_string address answers search_words cursor token subscriber judgements"
).split()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which targets (default: all): {', '.join(NAMES)}")
    parser.add_argument("--inputs", type=int, help="inputs for each (default: what the target's row says)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    started, inputs, crashes = time.monotonic(), 0, 0
    for name in given.names or NAMES:
        ran, crashed = _run(name, given.inputs, given.seed)
        inputs, crashes = inputs + ran, crashes + crashed
    print(f"{inputs:,} inputs, {crashes} crashes, in {(time.monotonic() - started) / 60:.0f} minutes (seed {given.seed})")
    return 1 if crashes else 0


def _run(name: str, inputs: int | None, seed: int) -> tuple[int, int]:
    with tempfile.TemporaryDirectory(prefix="trialtracker-fuzz-") as folder:
        started = time.monotonic()
        command = [sys.executable, "-m", "tests.fuzz.run", name, str(inputs or ""), str(seed), folder]
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/unused.sqlite3", "REDIS_URL": "", "LOG_LEVEL": "CRITICAL"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
        ran = int((re.findall(r"number_of_executed_units: (\d+)", done.stderr) or re.findall(r"^#(\d+)", done.stderr, re.M) or ["0"])[-1])
        ways = (re.findall(r" cov: (\d+)", done.stderr) or ["?"])[-1]
        crashed = done.returncode != 0
        seconds = time.monotonic() - started
        print(f"{name}: {ran:,} inputs, {ways} ways through the code, {'CRASHED' if crashed else 'no crash'} ({seconds:.0f} s)", flush=True)
        if crashed:
            print(done.stderr[-3000:] + done.stdout[-1000:])
            for path in Path(folder).glob("crash-*"):
                print(f"  input: {path.read_bytes()[:2000]!r}", flush=True)
    return ran, int(crashed)


if __name__ == "__main__":
    sys.exit(main())
