"""A registry that makes its studies as it sends them, however many: `python -m benchmarks.registry PORT STUDIES`.

It speaks as much of the registry's API as the client asks of it: the version, pages in the order of their tokens, and spans of days of the
last update. A few hundred generated studies return under other numbers and days, so that making them takes no time from who is measured.
"""

from __future__ import annotations

import datetime as dt
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import msgspec

from benchmarks.studies import raws
from trials.registry.normalise import nct_id

ORIGINALS = 400
MONTHS = [dt.date(year, month, 15) for year in range(2006, 2026) for month in range(1, 13)]

_DATE = re.compile(rb'("lastUpdatePostDateStruct":\{"date":")[0-9-]{10}')
_RANGE = re.compile(r"RANGE\[([0-9-]+|MIN),([0-9-]+|MAX)\]")


def main(port: int, count: int) -> None:
    originals = list(raws(ORIGINALS))

    def study(number: int) -> bytes:
        raw = originals[number % ORIGINALS].replace(nct_id(number % ORIGINALS + 1).encode(), nct_id(number + 1).encode(), 1)
        return _DATE.sub(rb"\g<1>" + f"{MONTHS[number % len(MONTHS)]}".encode(), raw, count=1)

    class Registry(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            if address.path.endswith("/version"):
                self.send(msgspec.json.encode({"apiVersion": "2.0.5", "dataTimestamp": "2026-11-20T09:00:05"}))
            else:
                self.send(page(asked))

        def send(self, body: bytes):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    def page(asked: dict[str, str]) -> bytes:
        since, until = _RANGE.search(asked.get("filter.advanced", "RANGE[MIN,MAX]")).groups()
        months = [n for n, day in enumerate(MONTHS) if (since == "MIN" or since <= f"{day}") and (until == "MAX" or f"{day}" <= until)]
        numbers = range(count) if len(months) == len(MONTHS) else [n for month in months for n in range(month, count, len(MONTHS))]
        first, size = int(asked.get("pageToken", 0)), int(asked["pageSize"])
        following = f',"nextPageToken":"{first + size}"' if first + size < len(numbers) else ""
        studies = b",".join(study(number) for number in numbers[first : first + size])
        return b'{"totalCount":%d,"studies":[%b]%b}' % (len(numbers), studies, following.encode())

    ThreadingHTTPServer(("127.0.0.1", port), Registry).serve_forever()


@contextmanager
def registry(count: int) -> Iterator[dict[str, str]]:
    """Run it in a process of its own; yield the settings that make a TrialTracker ask it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-m", "benchmarks.registry", str(port), str(count)]) as process:
        try:
            yield {"CTGOV_API_URL": f"http://127.0.0.1:{port}/api/v2", "CTGOV_PACE_SECONDS": "0", "TRACKER_CONDITION_QUERY": "ALL"}
        finally:
            process.terminate()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
