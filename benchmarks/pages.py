"""Goals 4 and 5 on the database that DATABASE_URL names: the list page's questions, against hand-written SQL for the same answers.

`python -m benchmarks.pages TRIALS`, started by `python -m benchmarks scale`.
"""

from __future__ import annotations

import math
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks import copies, floors  # noqa: E402
from benchmarks.table import Row, in_turn, median, send, share  # noqa: E402
from trials import facets  # noqa: E402
from trials.filters import MANY, TrialFilter  # noqa: E402
from trials.models import Site  # noqa: E402
from trials.places import KM_PER_DEGREE  # noqa: E402
from trials.querysets import RINGS  # noqa: E402

PER_PAGE = 25
ROUNDS = 15
TEXTS = ("safety", "chronic pain", "transplantation", '"quality life"', "depression women", "kidney", "vaccin", "sclerosis cell")
ASKED = {
    "status": ["RECRUITING", "COMPLETED"],
    "phase": ["PHASE2", "PHASE3"],
    "country": ["France", "Germany"],
    "study_type": ["INTERVENTIONAL"],
    "sponsor_class": ["INDUSTRY", "OTHER"],
}

HAND_WRITTEN = """
WITH found AS MATERIALIZED (
    SELECT t.record_id, t.status, t.phases, t.study_type, t.sponsor_class, t.ms_courses, t.start_date, t.has_results,
        t.status IN ('RECRUITING', 'COMPLETED') AS a, t.phases IN ('PHASE2', 'PHASE1/PHASE2', 'PHASE2/PHASE3', 'PHASE3') AS b,
        t.study_type = 'INTERVENTIONAL' AS c, t.sponsor_class IN ('INDUSTRY', 'OTHER') AS d,
        EXISTS (SELECT FROM trials_trialcountry c WHERE c.trial_id = t.record_id AND c.name IN ('France', 'Germany')) AS e
    FROM trials_search s JOIN trials_trial t ON t.record_id = s.rowid
    WHERE t.is_listed AND s.trials_search @@ to_tsquery('english', %(query)s)
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
"""
PAGE = """
SELECT t.record_id, t.nct_id, t.brief_title, t.status, t.phases, t.countries, t.sponsor_name, t.enrollment, t.start_date
FROM trials_search s JOIN trials_trial t ON t.record_id = s.rowid
WHERE t.is_listed AND s.trials_search @@ to_tsquery('english', %(query)s)
    AND t.status IN ('RECRUITING', 'COMPLETED') AND t.phases IN ('PHASE2', 'PHASE1/PHASE2', 'PHASE2/PHASE3', 'PHASE3')
    AND t.study_type = 'INTERVENTIONAL' AND t.sponsor_class IN ('INDUSTRY', 'OTHER')
    AND EXISTS (SELECT FROM trials_trialcountry c WHERE c.trial_id = t.record_id AND c.name IN ('France', 'Germany'))
ORDER BY ts_rank('{0.1,0.2,0.6,1.0}', s.trials_search, to_tsquery('english', %(query)s), 1) DESC, t.nct_id LIMIT 25
"""


def main(count: int) -> None:
    call_command("migrate", verbosity=0)
    copies.fill(count)
    lists(count)
    pagination(count)
    near()


def lists(count: int) -> None:
    """Five filters and a text, with all facets: each text in turn, by hand and by ours, to the same numbers."""
    texts = iter(TEXTS * ROUNDS)
    now = {}

    def by_hand():
        now["text"] = next(texts)
        query = TrialFilter({"q": now["text"]}).query.tsquery
        return floors.seconds(lambda: now.update(theirs=_by_hand(query)))

    def ours():
        return floors.seconds(lambda: now.update(ours=_ours(ASKED | {"q": now["text"]})))

    def compared():
        assert now["ours"] == now["theirs"], now
        return 0.0

    floor, taken, _ = in_turn(len(TEXTS) * ROUNDS, by_hand, ours, compared)
    what = f"list of {count:,} trials, five filters and a text, all facets"
    send(Row(4, f"{what}: median", "hand-written SQL, the same numbers", median(floor), median(taken), 2.5))
    send(Row(4, f"{what}: 95th percentile", "the limit", 0.25, share(taken, 0.95), 1))


def _by_hand(query: str):
    with connection.cursor() as cursor:
        cursor.execute(HAND_WRITTEN, {"query": query})
        total = next(number for key, _, number in cursor.fetchall() if key == "total")
        cursor.execute(PAGE, {"query": query})
        return total, [row[0] for row in cursor.fetchall()]


def _ours(asked):
    trial_filter = TrialFilter(asked)
    total = facets.count(trial_filter).total
    return total, [trial.pk for trial in trial_filter.rows_between(0, PER_PAGE, total)]


def pagination(count: int) -> None:
    """The first page of all trials against page 1,000 and the last one."""
    last = (count - 1) // PER_PAGE

    def page(number):
        return lambda: floors.seconds(lambda: TrialFilter({}).rows_between(number * PER_PAGE, (number + 1) * PER_PAGE, count))

    first, thousandth, end = in_turn(5, page(0), page(999), page(last))
    for name, seconds in (("page 1,000", thousandth), ("the last page", end)):
        send(Row(4, f"{name} of {count:,} trials", "the first page", median(first), median(seconds), 2))


NEAR = """
SELECT s.trial_id, min(km) FILTER (WHERE t.status = 'RECRUITING' AND s.status IN ('RECRUITING', '')) AS open_km, min(km) AS any_km
FROM trials_site s JOIN trials_trial t ON t.record_id = s.trial_id, LATERAL (SELECT 2 * 6371 * asin(least(sqrt(
    power(sin((radians(s.latitude) - %(lat)s) / 2), 2) + cos(%(lat)s) * cos(radians(s.latitude))
    * power(sin((radians(s.longitude) - %(lon)s) / 2), 2)), 1.0)) AS km) AS far
WHERE t.is_listed AND s.latitude BETWEEN %(south)s AND %(north)s AND s.longitude BETWEEN %(west)s AND %(east)s AND km <= %(most)s
GROUP BY s.trial_id HAVING min(km) FILTER (WHERE t.status = 'RECRUITING' AND s.status IN ('RECRUITING', '')) IS NOT NULL
ORDER BY 2, 3, 1 LIMIT 25
"""
TOWNS = ("Paris", "Berlin", "Boston", "Chicago", "Madrid", "Cairo", "Tokyo", "Warsaw", "Toronto", "Milan")


def near() -> None:
    """The nearest trials that look for people, from each town in turn: one query in the ring that holds enough, and ours."""
    sites = Site.objects.count()
    towns = iter(TOWNS * ROUNDS)
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

    floor, taken, _ = in_turn(len(TOWNS) * ROUNDS, by_hand, ours, compared)
    what = f"the 25 nearest of {sites:,} sites, read in full"
    send(Row(5, f"{what}: median", "hand-written SQL for their keys", median(floor), median(taken), 3))
    send(Row(5, f"{what}: 95th percentile", "the limit", 0.15, share(taken, 0.95), 1))


def _nearest_by_hand(place) -> list[int]:
    for kilometres in RINGS:
        north = kilometres / KM_PER_DEGREE
        east = north / math.cos(math.radians(abs(place.latitude) + north))
        given = {
            "lat": math.radians(place.latitude), "lon": math.radians(place.longitude), "most": kilometres,
            "south": place.latitude - north, "north": place.latitude + north,
            "west": place.longitude - east, "east": place.longitude + east,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(NEAR, given)
            found = [row[0] for row in cursor.fetchall()]
        if len(found) == PER_PAGE:
            break
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]))
