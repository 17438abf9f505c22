"""Serve record files as the registry would: `python -m tests.standin [PATH ...] [--port 9001] [--misbehave 429 ...]`."""

from __future__ import annotations

import argparse
import math
import signal
import sys
import threading
from pathlib import Path

from tests.standin.faults import KINDS
from tests.standin.holdings import STARTER_SET, read_files
from tests.standin.server import RegistryServer


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.standin", description="A stand-in for the registry, to develop without a network."
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="record files or folders of them (default: the bundled starter set)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=9001, help="0 for any free one (default: %(default)s)")
    parser.add_argument("--timestamp", default="", help="what /version gives (default: the morning after the latest update)")
    parser.add_argument(
        "--misbehave", action="append", default=[], metavar="KIND[:TIMES[:AFTER]]",
        help=f"spoil answers, all of them or the first TIMES, from the one after AFTER: {', '.join(sorted(KINDS))}; may be repeated",
    )  # fmt: skip
    return parser.parse_args()


def main() -> int:
    arguments = _arguments()
    try:
        server = RegistryServer(
            read_files(arguments.paths or [STARTER_SET]), timestamp=arguments.timestamp, host=arguments.host, port=arguments.port
        )
        for text in arguments.misbehave:
            kind, times, after = (*text.split(":"), "", "")[:3]
            server.misbehave(kind, float(times or math.inf), int(after or 0))
    except (OSError, ValueError) as error:
        print(f"python -m tests.standin: {error}", file=sys.stderr)
        return 2
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    try:
        with server:
            print(f"{len(server.records)} studies at {server.url}, data of {server.timestamp}. Ctrl-C ends it.", flush=True)
            stop.wait()
    except OSError as error:
        print(f"python -m tests.standin: port {arguments.port}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
