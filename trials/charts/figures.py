"""What the landscape counts. A figure is a table of cells; each cell keeps the trials behind it and the parameters of the list that shows
exactly those, so that a mark, its row in the table, its line in the CSV file and the list under its link cannot differ.

Registrations of one confirmed family are one programme and count once in a cell; the list under it shows every registration.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.http import QueryDict

from trials.bands import LASTED, OTHER, OUTCOMES, PEOPLE, band_of, outcome_groups
from trials.filters import NOT_STATED, TrialFilter
from trials.models import Outcome, Trial, TrialApproach, TrialCountry
from trials.programmes import programme_of
from trials.vocabulary import CODES, Role, label

UNKNOWN = "Not stated"


def default_role(data: QueryDict) -> QueryDict:
    """The parameters with the treatment role where none is given; an empty `role=` stands for any role."""
    if "role" in data:
        return data
    data = data.copy()
    data["role"] = Role.TREATMENT.value
    return data


@dataclass(frozen=True, slots=True)
class Cell:
    """The trials, by number, of one row and one series. `programmes` is what is drawn; `params` are those of the list behind it."""

    row: str
    series: str
    trials: frozenset[int]
    programmes: int
    params: QueryDict

    @property
    def registrations(self) -> int:
        return len(self.trials)

    @property
    def words(self) -> str:
        """`2015, HSCT: 3`, with the registrations where they are more than the programmes."""
        name = ", ".join(filter(None, [self.row, self.series]))
        more = f" ({self.registrations} registrations)" if self.registrations != self.programmes else ""
        return f"{name}: {self.programmes}{more}"


@dataclass(frozen=True)
class Figure:
    """One chart as a table. `rows` and `series` are headings in order; a cell without trials is missing from `cells`. `method` says how
    what is drawn was told, where that takes many words."""

    key: str
    title: str
    about: str
    row_title: str
    rows: list[str]
    series: list[str]
    cells: dict[tuple[str, str], Cell]
    notes: list[str] = field(default_factory=list)
    method: str = ""

    @property
    def table(self) -> Iterator[tuple[str, list[Cell | None]]]:
        """Each row's heading with its cells, None where there is no trial."""
        for row in self.rows:
            yield row, [self.cells.get((row, series)) for series in self.series]

    @property
    def in_order(self) -> list[Cell]:
        """The cells as the table reads, left to right and down."""
        return [cell for _, cells in self.table for cell in cells if cell]

    @property
    def has_families(self) -> bool:
        return any(cell.registrations != cell.programmes for cell in self.in_order)


@dataclass(frozen=True)
class Landscape:
    """All figures of a filter: the number of trials under it, of programmes that they are, and the figures."""

    filter: TrialFilter
    registrations: int
    programmes: int
    figures: list[Figure]

    def __getitem__(self, key: str) -> Figure:
        return {figure.key: figure for figure in self.figures}[key]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What every figure counts from: rows of trials and, by trial, the values of which it may have several."""

    filter: TrialFilter
    trials: list[Trial]
    approaches: dict[int, set[str]]
    countries: dict[int, set[str]]
    measures: dict[int, list[str]]
    programmes: dict[int, int]

    def chosen(self, key: str, values: Iterable[str]) -> list[str]:
        """Of several values of one trial, those that the filter leaves: where it names values, a mark of another would promise trials that
        its list, narrowed to that one, has and this page has not."""
        asked = self.filter.values.get(key)
        return [value for value in values if not asked or value in asked]

    def figure(self, key, title, about, row_title, order, placed, *, series=("",), notes=(), method="") -> Figure:
        """Make a figure of `(row, series, trial number, values of the list's parameters)`; `order` lists the rows to show."""
        ids: dict[tuple[str, str], set[int]] = defaultdict(set)
        values: dict[tuple[str, str], dict] = {}
        for row, of_series, pk, given in placed:
            ids[row, of_series].add(pk)
            values[row, of_series] = given
        cells = {
            place: Cell(
                *place,
                frozenset(numbers),
                len({self.programmes.get(pk, pk) for pk in numbers}),
                self.filter.with_values(**{key: [value] for key, value in values[place].items()}, sort=[]),
            )
            for place, numbers in ids.items()
        }
        rows = list(order(cells)) if callable(order) else [row for row in order if any((row, one) in cells for one in series)]
        shown = [one for one in series if any((row, one) in cells for row in rows)]
        return Figure(key, title, about, row_title, rows, shown, cells, list(notes), method)


def landscape(trial_filter: TrialFilter) -> Landscape:
    """Count everything under a filter, in a fixed number of queries whatever the number of trials."""
    found = trial_filter.narrowed()
    trials = list(
        found.with_months().only(
            "pk", "status", "phases", "start_date", "completion_date", "completion_date_kind", "enrollment", "enrollment_kind",
            "sponsor_name", "sponsor_class",
        )
    )  # fmt: skip
    numbers = found.values("pk")
    approach_rows = TrialApproach.objects.filter(trial__in=numbers)
    if roles := trial_filter.values.get("role"):
        approach_rows = approach_rows.filter(role__in=roles)
    facts = _Facts(
        trial_filter,
        trials,
        _by_trial(approach_rows.order_by().values_list("trial_id", "approach__slug"), set, set.add),
        _by_trial(TrialCountry.objects.filter(trial__in=numbers).order_by().values_list("trial_id", "name"), set, set.add),
        _by_trial(
            Outcome.objects.filter(trial__in=numbers, kind="primary").order_by().values_list("trial_id", "measure"), list, list.append
        ),
        programme_of(),
    )
    programmes = len({facts.programmes.get(trial.pk, trial.pk) for trial in trials})
    return Landscape(trial_filter, len(trials), programmes, [make(facts) for make in FIGURES] if trials else [])


def _by_trial(rows, collection: Callable, add: Callable) -> dict:
    found = defaultdict(collection)
    for pk, value in rows:
        add(found[pk], value)
    return found


# --- The figures -----------------------------------------------------------------------------------------------------------------


def _starts(facts: _Facts) -> Figure:
    names = {slug: approach.short_name for slug, approach in facts.filter.approaches.items()}

    def placed():
        for trial in facts.trials:
            year = str(trial.start_date.year) if trial.start_date else ""
            when = {"start_from": year, "start_to": year} if year else {"start_stated": "no"}
            for slug in facts.chosen("approach", facts.approaches[trial.pk]):
                yield year or UNKNOWN, names[slug], trial.pk, {"approach": slug, **when}

    years = [trial.start_date.year for trial in facts.trials if trial.start_date]
    every = [str(year) for year in range(min(years), max(years) + 1)] if years else []
    several = sum(len(facts.approaches[trial.pk]) > 1 for trial in facts.trials)
    others = "; the others stand at “?”" if len(years) < len(facts.trials) else ""
    return facts.figure(
        "starts",
        "Starts per year, by approach",
        "A panel for each approach; the height says how many trials started in a year, or plan to.",
        "Start",
        lambda cells: [*every, *([UNKNOWN] if any(row == UNKNOWN for row, _ in cells) else [])],
        placed(),
        series=list(names.values()),
        notes=[
            f"{len(years)} of {_trials(len(facts.trials))} state a start date{others}.",
            *([f"{_trials(several)} with several approaches {_are(several)} counted under each."] if several else []),
        ],
    )


def _phases(facts: _Facts) -> Figure:
    codes = CODES["Phase"] | {NOT_STATED: UNKNOWN}

    def placed():
        for trial in facts.trials:
            status = label("Status", trial.status) if trial.status else UNKNOWN
            for code in facts.chosen("phase", trial.phase_codes or [NOT_STATED]):
                yield status, codes.get(code, code), trial.pk, {"status": trial.status or NOT_STATED, "phase": code}

    several = sum(len(trial.phase_codes) > 1 for trial in facts.trials)
    known = [*CODES["Status"].values()]
    seen = {label("Status", trial.status) for trial in facts.trials if trial.status}
    strange = sorted({code for trial in facts.trials for code in trial.phase_codes if code not in codes})
    return facts.figure(
        "phases",
        "Phase by status",
        "Each field says how many trials of a phase have a status; the stronger the colour, the more.",
        "Status",
        [*known, *sorted(seen.difference(known)), UNKNOWN],
        placed(),
        series=[*codes.values(), *strange],
        notes=[
            *([f"A phase 1/2 or 2/3 trial stands in both phases: {_trials(several)}."] if several else []),
            "E1: early phase 1. N/A: the study uses no phases. ?: not stated.",
        ],
    )


def _kind(code: str) -> str:
    return label("DateKind", code) if code else "Kind not stated"


def _enrolment(facts: _Facts) -> Figure:
    def placed():
        for trial in facts.trials:
            key = band_of(PEOPLE, trial.enrollment)
            values = {"people": key or NOT_STATED, "enrollment_kind": trial.enrollment_kind or NOT_STATED}
            yield PEOPLE[key].label if key else UNKNOWN, _kind(trial.enrollment_kind), trial.pk, values

    notes = []
    for code, words in CODES["DateKind"].items():
        known = [trial.enrollment for trial in facts.trials if trial.enrollment is not None and trial.enrollment_kind == code]
        if known:
            notes.append(f"Median {words.lower()} number: {statistics.median(known):g} people, of {_trials(len(known))}.")
    unknown = sum(trial.enrollment is None for trial in facts.trials)
    return facts.figure(
        "enrolment",
        "People in a trial",
        "How many trials have, or plan for, so many people. Actual and estimated numbers are kept apart.",
        "People",
        [*(band.label for band in PEOPLE.values()), UNKNOWN],
        placed(),
        series=_series(facts, "enrollment_kind"),
        notes=[*notes, *([f"{_trials(unknown)} {'gives' if unknown == 1 else 'give'} no number."] if unknown else [])],
    )


def _series(facts, column):
    given = {getattr(trial, column) for trial in facts.trials}
    kinds = [*CODES["DateKind"], ""]
    return [*map(_kind, kinds), *map(_kind, sorted(given.difference(kinds)))]


def _countries(facts: _Facts) -> Figure:
    def placed():
        for trial in facts.trials:
            for name in facts.chosen("country", facts.countries[trial.pk] or [NOT_STATED]):
                yield UNKNOWN if name == NOT_STATED else name, "", trial.pk, {"country": name}

    stated = sum(bool(facts.countries[trial.pk]) for trial in facts.trials)
    several = sum(len(facts.countries[trial.pk]) > 1 for trial in facts.trials)
    return facts.figure(
        "countries",
        "Countries with a site",
        "How many trials have a site in a country; the stronger the colour, the more.",
        "Country",
        _by_number,
        placed(),
        notes=[
            f"{stated} of {_trials(len(facts.trials))} name a country.",
            *([f"{_trials(several)} with sites in several countries {_are(several)} counted in each."] if several else []),
            "Colours from weak to strong: 1, 2 to 4, 5 to 9, 10 or more trials.",
            "The smallest countries have no shape on the map; the table has them all. Borders are Natural Earth’s.",
        ],
    )


def _sponsor_classes(facts: _Facts) -> Figure:
    return facts.figure(
        "sponsor-kinds",
        "Kinds of sponsor",
        "How many trials are led by each kind of body, as the registry groups them.",
        "Kind of sponsor",
        _by_number,
        (
            (
                label("SponsorClass", trial.sponsor_class) if trial.sponsor_class else UNKNOWN,
                "",
                trial.pk,
                {"sponsor_class": trial.sponsor_class or NOT_STATED},
            )
            for trial in facts.trials
        ),
    )


def _sponsors(facts: _Facts) -> Figure:
    names = {trial.sponsor_name for trial in facts.trials if trial.sponsor_name}
    return facts.figure(
        "sponsors",
        "Sponsors with the most trials",
        "How many trials each body leads, under its name in the registry. The drawing shows the first; the table has all.",
        "Sponsor",
        _by_number,
        ((trial.sponsor_name or UNKNOWN, "", trial.pk, {"sponsor": trial.sponsor_name or NOT_STATED}) for trial in facts.trials),
        notes=[f"{len(names)} sponsor{'' if len(names) == 1 else 's'} in all. A body that changed its name stands under each."],
    )


def _outcomes(facts: _Facts) -> Figure:
    names = {key: group.label for key, group in OUTCOMES.items()} | {OTHER: "Other", NOT_STATED: UNKNOWN}

    def placed():
        for trial in facts.trials:
            groups = {key for measure in facts.measures[trial.pk] for key in outcome_groups(measure)} or {NOT_STATED}
            for key in facts.chosen("outcome", groups):
                yield names[key], "", trial.pk, {"outcome": key}

    said = "; ".join(f"{group.label}: {', '.join(group.words)}" for group in OUTCOMES.values())
    stated = sum(bool(facts.measures[trial.pk]) for trial in facts.trials)
    return facts.figure(
        "outcomes",
        "What primary outcomes measure",
        "How many trials have a primary outcome of a kind. A trial may stand in several.",
        "Primary outcome",
        list(names.values()),
        placed(),
        notes=[f"{stated} of {_trials(len(facts.trials))} state a primary outcome."],
        method=f"We tell the kind by words in the outcome’s name. {said}. A name with none of these is “Other”.",
    )


def _lengths(facts: _Facts) -> Figure:
    names = {key: band.label[0].upper() + band.label[1:] for key, band in LASTED.items()}

    def placed():
        for trial in facts.trials:
            key = band_of(LASTED, trial.months)
            values = {"lasted": key or NOT_STATED, "completion_date_kind": trial.completion_date_kind or NOT_STATED}
            yield names[key] if key else "Not known", _kind(trial.completion_date_kind), trial.pk, values

    notes = []
    for code, words in CODES["DateKind"].items():
        known = [trial.months for trial in facts.trials if band_of(LASTED, trial.months) and trial.completion_date_kind == code]
        if known:
            notes.append(f"Median time, {words.lower()}: {statistics.median(known) / 12:.1f} years, of {_trials(len(known))}.")
    return facts.figure(
        "lengths",
        "From start to completion",
        "Completed years from the start to the last visit. Actual and estimated dates of completion are kept apart.",
        "Time",
        [*names.values(), "Not known"],
        placed(),
        series=_series(facts, "completion_date_kind"),
        notes=[*notes, "Not known: a date is missing, names only a year, or lies before the start."],
    )


FIGURES = (_starts, _phases, _countries, _enrolment, _lengths, _sponsor_classes, _outcomes, _sponsors)
KEYS = ("starts", "phases", "countries", "enrolment", "lengths", "sponsor-kinds", "outcomes", "sponsors")


def _by_number(cells: dict[tuple[str, str], Cell]) -> list[str]:
    """Rows with the most programmes first, what is not stated last."""
    return [row for row, _ in sorted(cells, key=lambda place: (place[0] == UNKNOWN, -cells[place].programmes, place[0]))]


def _trials(number: int) -> str:
    return f"{number} trial{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


# --- CSV -------------------------------------------------------------------------------------------------------------------------

COLUMNS = ("row", "series", "programmes", "registrations", "list")


def csv_rows(figure: Figure, address: str) -> Iterator[list]:
    """The figure as lines: a heading, then one line a cell; `address` is the list's page, without parameters."""
    yield list(COLUMNS)
    for cell in figure.in_order:
        yield [cell.row, cell.series, cell.programmes, cell.registrations, f"{address}?{cell.params.urlencode()}"]
