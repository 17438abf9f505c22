"""What readers ask for, in the mixture in which they come: locust runs this file, `python -m tests.load` starts locust.

Each reader asks at a pace of its own (READER_PACE requests a second, 0 for as fast as answers come) and does not wait for other readers'
answers. Every request goes into the file READER_LOG, a line each: when it was sent, its name, the status (0 where there was no answer), the
milliseconds until the body was there, and Retry-After.
"""

import os
import random

from locust import FastHttpUser, constant, constant_throughput, events, task

PACE = float(os.environ["READER_PACE"])
TRIALS = os.environ["READER_TRIALS"].split(",")
"""NCT ids of listed trials."""

APPROACHES = ["hsct", "msc", "ipsc", "other"]
STATUSES = ["RECRUITING", "COMPLETED", "ACTIVE_NOT_RECRUITING", "UNKNOWN"]
PHASES = ["PHASE1", "PHASE2", "PHASE3", "NA"]
WORDS = [
    "mesenchymal",
    "autologous",
    "bone marrow",
    "relapsing",
    "progressive",
    "umbilical cord",
    '"stem cell" AND NOT placebo',
    "HSCT",
    "norway",
]
FILES = ["csv", "json", "jsonl", "xlsx", "ris"]

_log = open(os.environ["READER_LOG"], "w", buffering=1)  # noqa: SIM115  for as long as locust runs


@events.request.add_listener
def note(name, response_time, response, exception, start_time, **kwargs):
    status = response.status_code if response is not None else 0
    again = response.headers.get("Retry-After", "") if status in (429, 503) else ""
    _log.write(f"{start_time:.3f}\t{name}\t{status}\t{response_time:.1f}\t{again}\t{exception if not status else ''}\n")


class Reader(FastHttpUser):
    wait_time = constant_throughput(PACE) if PACE else constant(0)
    connection_timeout = network_timeout = 60
    default_headers = {"Connection": "close"}  # each comes anew, as most readers do

    def ask(self, name, path, **parameters):
        with self.client.get(path, params=parameters, name=name, catch_response=True) as answer:
            answer.success()  # what an answer is worth is judged from the log

    @task(10)
    def home(self):
        self.ask("home", "/")

    @task(15)
    def list(self):
        chosen = {"approach": random.choice(APPROACHES), "status": random.choice(STATUSES), "phase": random.choice(PHASES)}
        self.ask("list", "/trials/", **{name: chosen[name] for name in random.sample(sorted(chosen), random.randint(0, 2))})

    @task(15)
    def search(self):
        self.ask("search", "/trials/", q=random.choice(WORDS))

    @task(25)
    def trial(self):
        self.ask("trial", f"/trials/{random.choice(TRIALS)}/")

    @task(3)
    def export(self):
        self.ask("export", f"/trials/export.{random.choice(FILES)}", approach=random.choice(APPROACHES))

    @task(10)
    def api(self):
        self.ask("API", "/api/v1/trials/", page_size=random.choice([10, 50]), approach=random.choice(APPROACHES))

    @task(2)
    def api_facets(self):
        self.ask("API facets", "/api/v1/facets/", status=random.choice(STATUSES))

    @task(5)
    def landscape(self):
        self.ask("landscape", "/landscape/", approach=random.choice(APPROACHES))

    @task(5)
    def feed(self):
        self.ask("feed", "/trials/feed.atom")

    @task(3)
    def changes(self):
        self.ask("changes", "/changes/")

    @task(5)
    def for_me(self):
        answers = {"age": random.randint(18, 70), "sex": random.choice(["female", "male", ""]), "years_since_diagnosis": 3, "which": "all"}
        with self.client.post("/for-me/", data=answers, name="for me", catch_response=True) as answer:
            answer.success()

    @task(2)
    def health(self):
        self.ask("health", "/healthz")
