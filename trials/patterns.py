"""Made-up values for /patterns/, the page that shows every piece the pages are built of. No real trial, nothing from the database."""

import datetime as dt
from types import SimpleNamespace

from django.core.paginator import Paginator
from django.http import QueryDict

from trials.facets import Facet, Option
from trials.filters import Chip
from trials.for_me import ForMeForm, Said
from trials.glance import Fact
from trials.history import Told, word_diff
from trials.plain import GLOSSARY
from trials.registry.records import PartialDate
from trials.vocabulary import Role, Status

NOWHERE = QueryDict("")


def _rows(*rows):
    """What a related manager gives: `.all` is the list."""
    return SimpleNamespace(all=list(rows))


def _approach(slug, name, role):
    approach = SimpleNamespace(slug=slug, short_name=name, get_absolute_url="#tags")
    return SimpleNamespace(approach=approach, role=role, get_role_display=Role(role).label)


def _trial(**changes):
    facts = {
        "nct_id": "NCT00000000",
        "brief_title": "A Made-up Trial of Cells That Shows How Long a Title of a Trial in This Registry May Well Become",
        "acronym": "MADE-UP",
        "status": Status.RECRUITING,
        "trial_approaches": _rows(_approach("hsct", "HSCT", "comparator"), _approach("msc", "MSC", "treatment")),
        "record": SimpleNamespace(gone_at=None),
        "phase_words": "Phase 1 and phase 2",
        "phases": "PHASE1/PHASE2",
        "countries": ["Germany", "Italy", "Norway", "Spain", "Sweden"],
        "enrollment": 40,
        "enrollment_kind": "ESTIMATED",
        "minimum_age_years": 18.0,
        "maximum_age_years": 55.0,
        "ms_courses": ["RRMS"],
        "edss_min": None,
        "edss_max": 6.5,
        "has_results": True,
        "why_stopped": "Too few people came.",
        "start_date": PartialDate(2026, 3),
        "status_verified": PartialDate(2020, 5),
        "sponsor_name": "No Such Hospital",
        "last_update_posted": PartialDate(2026, 10, 1),
        "get_absolute_url": "#cards",
    }
    return SimpleNamespace(**facts | changes)


def samples():
    """One value of each kind, by the name under which the template of patterns asks for it."""
    full = _trial()
    bare = _trial(
        acronym="", status="", trial_approaches=_rows(_approach("other", "Other", "treatment")), phase_words="", countries=[],
        enrollment=None, start_date=None, sponsor_name="", last_update_posted=None, record=SimpleNamespace(gone_at=PartialDate(2026, 1, 5)),
    )  # fmt: skip
    options = [
        Option("a", "A value", 12, False, NOWHERE),
        Option("b", "A chosen value with a rather long name", 3, True, NOWHERE),
        Option("c", "A value without trials", 0, False, NOWHERE),
    ]
    page = Paginator(range(300), 25).page(5)
    return {
        "statuses": [*Status.values, "A_CODE_OF_TOMORROW", ""],
        "rows": [
            _approach("hsct", "HSCT", "treatment"),
            _approach("msc", "MSC", "treatment"),
            _approach("ipsc", "iPSC", "cell-line research"),
            _approach("other", "Other", "follow-up"),
        ],
        "full": full,
        "bare": bare,
        "groups": [SimpleNamespace(status="COMPLETED", count=2, phases=[("Phase 2", [full]), ("", [bare])])],
        "chosen": SimpleNamespace(chips=[Chip("status", "Status", "Recruiting", NOWHERE), Chip("q", "Search", "“cells”", NOWHERE)]),
        "facet": Facet("made-up", "A facet", options, [Option("d", "Rarely chosen", 1, False, NOWHERE)]),
        "empty_facet": Facet("made-up-empty", "A facet without values", [], []),
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "nowhere": NOWHERE,
        "facts": [
            Fact("Disability (EDSS)", "3 to 6.5", ("EDSS 3.0 to 6.5",), "You need two sticks or similar to walk about 20 metres."),
            Fact("Time with MS", ""),
        ],
        "statement": SimpleNamespace(text="A statement, always with its source.", kind="plain", source=GLOSSARY),
        "statements": [SimpleNamespace(text=f"Statement {number}.", source=GLOSSARY) for number in (1, 2)],
        "reasons": [Said("Type of MS", "The record names it among what is taken.", ("relapsing-remitting MS",))],
        "update": SimpleNamespace(
            key="u1",
            is_notable=True,
            trial=full,
            seen_at=dt.datetime(2026, 10, 2, tzinfo=dt.UTC),
            registry_date=PartialDate(2026, 10, 1),
            told=[
                Told("status", "Status", ["Recruiting"], ["Completed"], False, [], ""),
                Told("keywords", "Keywords", ["one"], ["two"], True, [], ""),
                Told(
                    "primary_outcomes",
                    "Primary outcomes",
                    ["a"],
                    ["b"],
                    False,
                    word_diff("Walking at one year", "Walking at two years"),
                    "Altered after the start.",
                ),
            ],
        ),
        "for_me_form": ForMeForm(auto_id="pattern-%s"),
        "nothing_found": SimpleNamespace(
            nct_id=None,
            is_narrowed=True,
            params=NOWHERE,
            chips=[Chip("status", "Status", "Recruiting", NOWHERE)],
            values={"q": "x"},
        ),
        "contact": SimpleNamespace(name="A Team", phone="+00 000 0000", phone_ext="12", email="team@example.org"),
    }
