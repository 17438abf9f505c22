"""Goals 4 and 5 on the database that DATABASE_URL names: the list page's questions, against hand-written SQL for the same answers.

`python -m benchmarks.pages TRIALS`, started by `python -m benchmarks scale`. On SQLite the list is held against its limit alone.
"""

from __future__ import annotations

import itertools
import math
import sys

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from benchmarks import copies, floors
from benchmarks.table import Row, in_turn, median, send, share
from trials import facets
from trials.filters import MANY, TrialFilter
from trials.models import Site
from trials.places import KM_PER_DEGREE

PER_PAGE = 25
ROUNDS = 15
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
LIMITS = {"sqlite": 0.6, "postgresql": 0.25}
TEXTS = ("safety", "chronic pain", "transplantation", '"quality life"', "depression women", "kidney", "vaccin", "sclerosis cell")
ASKED = {
    "status": ["RECRUITING", "COMPLETED"],
    "phase": ["PHASE2", "PHASE3"],
    "country": ["France", "Germany"],
    "study_type": ["INTERVENTIONAL"],
    "sponsor_class": ["INDUSTRY", "OTHER"],
}

HAND_WRITTEN = """
WITH given AS (
    SELECT t.record_id, t.status, t.phases, t.study_type, t.sponsor_class, t.ms_courses, t.start_date, t.has_results,
        t.status IN ('RECRUITING', 'COMPLETED') AS a, t.phases IN ('PHASE2', 'PHASE1/PHASE2', 'PHASE2/PHASE3', 'PHASE3') AS b,
        t.study_type = 'INTERVENTIONAL' AS c, t.sponsor_class IN ('INDUSTRY', 'OTHER') AS d,
        t.record_id IN (SELECT trial_id FROM trials_trialcountry c WHERE c.name IN ('France', 'Germany')) AS e
    FROM trials_search s JOIN trials_trial t ON t.record_id = s.rowid
    WHERE t.is_listed AND s.trials_search @@ to_tsquery('english', %(query)s) OFFSET 0
), found AS MATERIALIZED (
    SELECT * FROM given WHERE a::int + b::int + c::int + d::int + e::int >= 4
), hits AS MATERIALIZED (SELECT * FROM found WHERE a AND b AND c AND d AND e)
SELECT 'total', '', count(*) FROM hits
UNION ALL SELECT 'status', status, count(*) FROM found WHERE b AND c AND d AND e GROUP BY 2
UNION ALL SELECT 'phase', phases, count(*) FROM found WHERE a AND c AND d AND e GROUP BY 2
UNION ALL SELECT 'study_type', study_type, count(*) FROM found WHERE a AND b AND d AND e GROUP BY 2
UNION ALL SELECT 'sponsor_class', sponsor_class, count(*) FROM found WHERE a AND b AND c AND e GROUP BY 2
UNION ALL SELECT 'country', c.name, count(*) FROM trials_trialcountry c JOIN found ON found.record_id = c.trial_id WHERE a AND b AND c AND d
    GROUP BY 2
UNION ALL SELECT 'approach', p.slug, count(*) FROM trials_trialapproach a JOIN hits ON hits.record_id = a.trial_id
    JOIN therapies_approach p ON p.id = a.approach_id GROUP BY 2
UNION ALL SELECT 'role', a.role, count(DISTINCT a.trial_id) FROM trials_trialapproach a JOIN hits ON hits.record_id = a.trial_id GROUP BY 2
UNION ALL SELECT 'therapy', h.slug, count(*) FROM trials_trialtherapy a JOIN hits ON hits.record_id = a.trial_id
    JOIN therapies_therapy h ON h.id = a.therapy_id GROUP BY 2
UNION ALL SELECT 'course', ms_courses::text, count(*) FROM hits GROUP BY 2
UNION ALL SELECT 'started', substr(start_date, 1, 4), count(*) FROM hits GROUP BY 2
UNION ALL SELECT 'has_results', has_results::text, count(*) FROM hits GROUP BY 2
UNION ALL (SELECT 'best', '', s.rowid FROM trials_search s JOIN hits ON hits.record_id = s.rowid
    ORDER BY ts_rank('{0.1,0.2,0.6,1.0}', s.trials_search, to_tsquery('english', %(query)s), 1) DESC, s.rowid LIMIT 25)
"""
PAGE = """
SELECT record_id, nct_id, brief_title, status, phases, countries, sponsor_name, enrollment, start_date
FROM trials_trial WHERE record_id = ANY(%(best)s)
"""


def main(count: int) -> None:
    call_command("migrate", verbosity=0)
    copies.fill(count)
    lists(count)
    pagination(count)
    if connection.vendor == "postgresql":
        near()


def lists(count: int) -> None:
    """Five filters and a text, with all facets: each text in turn, by hand and by ours, to the same numbers."""
    texts = itertools.cycle(TEXTS)
    now = {}

    def by_hand():
        now["text"] = next(texts)
        if connection.vendor == "sqlite":
            return 0.0
        query = TrialFilter({"q": now["text"]}).query.tsquery
        return floors.seconds(lambda: now.update(theirs=_by_hand(query)))

    def ours():
        return floors.seconds(lambda: now.update(ours=_ours(ASKED | {"q": now["text"]})))

    def compared():
        assert now["ours"] == now.get("theirs", now["ours"]), now
        return 0.0

    in_turn(len(TEXTS), by_hand, ours)  # into memory
    floor, taken, _ = in_turn(len(TEXTS) * ROUNDS, by_hand, ours, compared)
    what = f"{NAMES[connection.vendor]}: list of {count:,} trials, five filters and a text, all facets"
    if connection.vendor == "postgresql":
        send(Row(4, f"{what}: median", "hand-written SQL, the same numbers", median(floor), median(taken), 2.5))
    send(Row(4, f"{what}: 95th percentile", "the limit", LIMITS[connection.vendor], share(taken, 0.95), 1))
    for text in TEXTS:
        seconds = median(taken[TEXTS.index(text) :: len(TEXTS)])
        print(f"{NAMES[connection.vendor]}: {text}: {seconds * 1000:.0f} ms", file=sys.stderr, flush=True)


def _by_hand(query: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = off; {HAND_WRITTEN}", {"query": query})
        cursor.nextset()
        rows = cursor.fetchall()
        best = [number for key, _, number in rows if key == "best"]
        cursor.execute(PAGE, {"best": best})
        assert len(cursor.fetchall()) == len(best)
        return next(number for key, _, number in rows if key == "total"), best


def _ours(asked):
    trial_filter = TrialFilter(asked)
    counted = facets.count(trial_filter, best=PER_PAGE)
    return counted.total, [trial.pk for trial in trial_filter.rows_between(0, PER_PAGE, counted.total, counted.best)]


def pagination(count: int) -> None:
    """The first page of all trials against page 1,000 and the last one."""
    last = (count - 1) // PER_PAGE

    def page(number):
        return lambda: floors.seconds(lambda: TrialFilter({}).rows_between(number * PER_PAGE, (number + 1) * PER_PAGE, count))

    first, thousandth, end = in_turn(5, page(0), page(999), page(last))
    for name, seconds in (("page 1,000", thousandth), ("the last page", end)):
        send(Row(4, f"{NAMES[connection.vendor]}: {name} of {count:,} trials", "the first page", median(first), median(seconds), 2))


KM = """2 * 6371 * asin(least(sqrt(power(sin((radians(s.latitude) - %(lat)s) / 2), 2)
    + cos(%(lat)s) * cos(radians(s.latitude)) * power(sin((radians(s.longitude) - %(lon)s) / 2), 2)), 1.0))"""
REACH = f"""
SELECT min({KM}) FROM (
    SELECT trial_id, status, latitude, longitude FROM trials_site WHERE latitude IS NOT NULL
    ORDER BY point(longitude, latitude) <-> point(%(east)s, %(north)s) LIMIT 2000
) AS s JOIN trials_trial t ON t.record_id = s.trial_id
WHERE t.is_listed AND t.status = 'RECRUITING' AND s.status IN ('RECRUITING', '') GROUP BY s.trial_id ORDER BY 1 OFFSET 24 LIMIT 1
"""
NEAR = f"""
SELECT s.trial_id, min({KM}) FILTER (WHERE s.status IN ('RECRUITING', '')) AS open_km, min({KM}) AS any_km
FROM trials_site s JOIN trials_trial t ON t.record_id = s.trial_id
WHERE t.is_listed AND t.status = 'RECRUITING' AND s.latitude IS NOT NULL
    AND point(longitude, latitude) <@ box(point(%(east)s - %(x)s, %(north)s - %(y)s), point(%(east)s + %(x)s, %(north)s + %(y)s))
GROUP BY s.trial_id HAVING min({KM}) FILTER (WHERE s.status IN ('RECRUITING', '')) <= %(most)s ORDER BY 2, 3, 1 LIMIT 25
"""
TOWNS = ("Paris", "Berlin", "Boston", "Chicago", "Madrid", "Cairo", "Tokyo", "Warsaw", "Toronto", "Milan")


def near() -> None:
    """The nearest trials that look for people, from each town in turn: by hand in the ring that the nearest 2,000 sites tell, and ours."""
    sites = Site.objects.count()
    towns = itertools.cycle(TOWNS)
    now = {}

    def by_hand():
        now["town"] = next(towns)
        place = TrialFilter({"near": now["town"]}).values["near"]
        return floors.seconds(lambda: now.update(theirs=_nearest_by_hand(place)))

    def ours():
        trial_filter = TrialFilter({"near": now["town"]})
        return floors.seconds(lambda: now.update(ours=[trial.pk for trial in trial_filter.rows_between(0, PER_PAGE, MANY + 1)]))

    def compared():
        assert now["ours"] == now["theirs"], now
        return 0.0

    in_turn(len(TOWNS), by_hand, ours)
    floor, taken, _ = in_turn(len(TOWNS) * ROUNDS, by_hand, ours, compared)
    what = f"the 25 nearest of {sites:,} sites, read in full"
    send(Row(5, f"{what}: median", "hand-written SQL for their keys", median(floor), median(taken), 3))
    send(Row(5, f"{what}: 95th percentile", "the limit", 0.15, share(taken, 0.95), 1))


def _nearest_by_hand(place) -> list[int]:
    given = {
        "lat": math.radians(place.latitude), "lon": math.radians(place.longitude), "north": place.latitude, "east": place.longitude,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(REACH, given)
        [(most,)] = cursor.fetchall()
        y = most / KM_PER_DEGREE
        cursor.execute(NEAR, given | {"most": most, "y": y, "x": y / math.cos(math.radians(abs(place.latitude) + y))})
        return [row[0] for row in cursor.fetchall()]


if __name__ == "__main__":
    main(int(sys.argv[1]))
