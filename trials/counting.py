"""What is counted of each facet, and the one query that counts them all, whatever the number of trials or values."""

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast

from trials import search
from trials.bands import STARTED
from trials.filters import NOT_STATED, TrialFilter
from trials.models import TrialApproach, TrialCountry, TrialTherapy
from trials.vocabulary import CODES, COURSES


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one facet is counted and shown.

    `of` is the column of a trial that is counted, `told` what is counted of it, in words that either database knows. What stands in rows
    of their own, `rows(trial_filter, trials)` groups for some trials; the names in rows of `apart`, which a trial may lack, are read there,
    or in `listed`, a column that lists the same, where that can be read. `values(value)` gives the option values that a stored value stands
    for, where they differ; `order` lists the values that come in a fixed order, all others follow by count, and what is not stated comes
    last; `always` shows the ordered ones even where no trial has them.
    """

    key: str
    title: str
    of: str = ""
    told: str = "{}"
    rows: Callable[[TrialFilter, Any], QuerySet] | None = None
    apart: type[Model] | None = None
    listed: str = ""
    values: Callable[[str | None], Iterable[str]] = lambda stored: [stored or NOT_STATED]
    order: tuple[str, ...] = ()
    always: bool = False
    first: int = 8


def _grouped(rows, column, count="pk"):
    """Group rows by a column, as (value, number)."""
    return rows.order_by().annotate(value=Cast(column, TextField())).values("value").annotate(number=Count(count, distinct=count != "pk"))


def _approaches(trial_filter, trials):
    rows = TrialApproach.objects.extra(**trials)
    if roles := trial_filter.values.get("role"):
        rows = rows.filter(role__in=roles)
    return _grouped(rows, "approach__slug")


def _roles(trial_filter, trials):
    rows = TrialApproach.objects.extra(**trials)
    if slugs := trial_filter.values.get("approach"):
        rows = rows.filter(approach__slug__in=slugs)
    return _grouped(rows, "role", "trial")


def _therapies(trial_filter, trials):
    return _grouped(TrialTherapy.objects.extra(**trials).filter(therapy__is_published=True), "therapy__slug")


def _courses_in(stored):
    return json.loads(stored) or [NOT_STATED]


def _band(year):
    """The band that a year lies in, as in `2020-2024`."""
    return [key for key, band in STARTED.items() if band.holds(int(year))] if year else [NOT_STATED]


RECIPES = (
    Recipe("approach", "Approach", rows=_approaches, order=("hsct", "msc", "ipsc", "other"), always=True),
    Recipe("status", "Status", "status", order=tuple(CODES["Status"]), first=14),
    Recipe("country", "Country", apart=TrialCountry, listed="countries", first=6),
    Recipe(
        "phase",
        "Phase",
        "phases",
        values=lambda stored: stored.split("/") if stored else [NOT_STATED],
        order=tuple(CODES["Phase"]),
    ),
    Recipe("course", "MS course in the criteria", "ms_courses", "CAST({} AS text)", values=_courses_in, order=tuple(COURSES)),
    Recipe("role", "Role of the cells", rows=_roles, order=tuple(CODES["Role"])),
    Recipe("therapy", "Therapy", rows=_therapies, first=6),
    Recipe("study_type", "Study type", "study_type", order=tuple(CODES["StudyType"])),
    Recipe("sponsor_class", "Kind of sponsor", "sponsor_class", first=6),
    Recipe("started", "Started", "start_date", "SUBSTR({}, 1, 4)", values=_band, order=tuple(STARTED)),
    Recipe("has_results", "Results on ClinicalTrials.gov", "has_results", "CASE WHEN {} THEN 'yes' ELSE 'no' END", order=("yes", "no")),
)


def counts_of(trial_filter: TrialFilter, best: int = 0) -> list[tuple]:
    """Every (facet's key, stored value, number), the number of all trials as ("total", "", number), and so many of the best answers to a
    search text as ("best", key, place), in one query.

    Facets that leave out nothing in force count the same trials: each different set is found once, at the head of the query, and not again
    for each facet that groups it. Profile at 500,000 trials: a text was searched, and every filter applied, twelve times over.
    """
    kind = _CountsByMixture if search.is_by_index(trial_filter.query) else _Counts
    return kind(trial_filter, best).fetch()


class _Counts:
    """The one query that counts. Its sets of trials are common table expressions: the ORM has no words for them, so they are compiled from
    its querysets and put before its SQL.

    `set0` holds what passes every filter, with what of a trial's own row is counted. `mixtures` holds how many of those are alike in all
    of that, which is all that the facets they share need to read. A facet whose own filter is in force counts a set that leaves it out.

    What no facet leaves out, such as a search text, is looked for once: `found` holds what passes that and what any of the sets asks,
    with whether each trial passes each of the filters that a facet leaves out. Without any such, each set is found through its own
    filters, by whatever index serves them.
    """

    COLUMNS = tuple(recipe.of for recipe in RECIPES if recipe.of)
    COUNTED = ", ".join(f"{recipe.key}_of" for recipe in RECIPES if recipe.of)
    TOLD = ", ".join(f"{recipe.told.format(recipe.of)} AS {recipe.key}_of" for recipe in RECIPES if recipe.of)

    FENCE = {"postgresql": " OFFSET 0"}
    """Behind a query within a query, keeps PostgreSQL from working its columns out anew wherever they are named."""

    COLUMN = re.compile(r'"trials_trial"\."(\w+)"')
    """A column of a trial, as the ORM names it."""

    IS_BY_ROW = False
    """Whether a trial's filters are told by its own row where that says it, rather than by an index."""

    def __init__(self, trial_filter: TrialFilter, best: int = 0):
        self.trial_filter = trial_filter
        self.best = best if trial_filter.is_ranked else 0
        self.left_out = {"set0": ""} | {f"without_{recipe.key}": recipe.key for recipe in RECIPES if recipe.key in trial_filter.values}
        self.optional = set(self.left_out.values()) - {""}
        is_fixed = any(trial_filter.leaves_out(key) for key in trial_filter.values.keys() - self.optional)
        self.is_shared = bool(trial_filter.query or (self.optional and is_fixed))
        keys = self.optional if self.is_shared else ()
        self.asked = {name: trial_filter.conditions(keys, {key}, self.IS_BY_ROW) for name, key in self.left_out.items()}
        self.names = {asked: f"passes{n}" for n, asked in enumerate(dict.fromkeys(itertools.chain(*self.asked.values())))}

    def fetch(self) -> list[tuple]:
        """What `counts_of` gives."""
        heads = [*self._sets(), (f"mixtures AS MATERIALIZED ({self._mixtures()})", ())]
        branches = [("SELECT 'total', '', COUNT(*) FROM set0", ()), *map(self._branch, RECIPES)]
        if self.best:
            keys, given = self._best()
            branches.append((f"SELECT 'best', CAST(pk AS text), ROW_NUMBER() OVER () FROM ({keys}) AS best", given))  # noqa: S608
        sql = f"WITH {', '.join(head for head, _ in heads)} {' UNION ALL '.join(branch for branch, _ in branches)}"
        by_index = search.is_by_index(self.trial_filter.query)
        with connection.cursor() as cursor:
            values = [value for _, given in (*heads, *branches) for value in given]
            cursor.execute(f"{search.BY_INDEX}; {sql}" if by_index else sql, values)  # both in one transaction, and in one message
            if by_index:
                cursor.nextset()
            return cursor.fetchall()

    def _branch(self, recipe: Recipe) -> tuple[str, tuple]:
        """What counts one facet, over a set or over what its trials have in rows of their own."""
        trials = f"without_{recipe.key}"
        trials = trials if trials in self.left_out else "set0"
        if recipe.apart:
            return self._each(recipe, trials), ()
        if recipe.rows:
            joined = {"tables": [trials], "where": [f"{trials}.record_id = trial_id"]}
            return _compiled(recipe.rows(self.trial_filter, joined).values_list(Value(recipe.key, TextField()), "value", "number"))
        return f"SELECT '{recipe.key}', {recipe.key}_of, {self._numbers(trials)} GROUP BY {recipe.key}_of", ()

    def _each(self, recipe: Recipe, trials: str) -> str:
        each = f"{trials} LEFT JOIN {recipe.apart._meta.db_table} AS each ON each.trial_id = {trials}.record_id"
        return f"SELECT '{recipe.key}', each.name, COUNT(*) FROM {each} GROUP BY each.name"  # noqa: S608 names of our own

    def _numbers(self, trials: str) -> str:
        return "SUM(number) FROM mixtures" if trials == "set0" else f"COUNT(*) FROM {trials}"

    def _mixtures(self) -> str:
        return f"SELECT {self.COUNTED}, COUNT(*) AS number FROM set0 GROUP BY {self.COUNTED}"  # noqa: S608 names of our own

    def _best(self) -> tuple[str, tuple]:
        return search.best(self.trial_filter.query, "SELECT record_id FROM set0", self.best)

    def _sets(self) -> Iterator[tuple[str, tuple]]:
        bound = self.trial_filter
        if self.is_shared:
            yield self._given()
            yield self._found()
        for name, key in self.left_out.items():
            is_kept = "" if key else "MATERIALIZED " if bound.is_narrowed else "NOT MATERIALIZED "
            if self.is_shared:
                yield f"{name} AS {is_kept}(SELECT * FROM found WHERE {self._passes(name)})", ()  # noqa: S608
            else:
                sql, given = _compiled(bound.narrowed(without=[key]).values_list("pk", *self.COLUMNS))
                yield f"{name} AS {is_kept}(SELECT pk AS record_id, {self.TOLD} FROM ({sql}) AS given)", given  # noqa: S608

    def _passes(self, trials: str) -> str:
        """What is true of those of `found` that lie in a set."""
        return _every(self.names[condition] for condition in self.asked[trials])

    def _in_any(self) -> str:
        return " OR ".join(f"({self._passes(name)})" for name in self.left_out)

    def _given(self) -> tuple[str, tuple]:
        """What passes all that no facet leaves out, and whether it passes each of the other conditions, by their names."""
        where, asked = self.trial_filter.narrowed(without=self.optional).condition()
        passes = _named(self.names)
        source = "trials_trial"
        if self.trial_filter.query:
            source = search.source({*self.COLUMNS, *self.COLUMN.findall(" ".join([*passes, where]))})
        told = ", ".join(["trials_trial.record_id", *passes, *(f"trials_trial.{name}" for name in self.COLUMNS)])
        fence = self.FENCE.get(connection.vendor, "")
        values = (*_values(self.names), *asked)
        return f"given AS (SELECT {told} FROM {source} WHERE {where}{fence})", values  # noqa: S608 the ORM's SQL and names of our own

    def _found(self) -> tuple[str, tuple]:
        kept = ", ".join(["record_id", *self.names.values(), self.TOLD])
        return f"found AS MATERIALIZED (SELECT {kept} FROM given WHERE {self._in_any()})", ()  # noqa: S608 names of our own


class _CountsByMixture(_Counts):
    """As `_Counts`, of a text on PostgreSQL, where the row that holds a trial's words names the mixture of values that the trial is of.

    `mixed` holds the mixtures, with what is counted of each: what a mixture tells is asked once of it, and not of each trial that holds the
    text. Of a trial there is left what its mixture does not tell, and how well it answers: a look into an index for each trial costs more.
    `mixtures` holds how many of `found` are alike, with what each of the sets asks.

    `mixed` is not materialized: PostgreSQL would forget that each mixture stands there once, and hash the documents in their place.
    """

    IS_BY_ROW = True
    LISTED = tuple(recipe for recipe in RECIPES if recipe.listed)

    def __init__(self, trial_filter, best=0):
        super().__init__(trial_filter, best)
        of_all = trial_filter.queryset
        fixed = [of_all.condition()] if of_all.query.where else []
        fixed += trial_filter.conditions(trial_filter.values.keys() - self.optional, (), self.IS_BY_ROW)
        self.fixed_of_mixture = [asked for asked in fixed if self._is_of_mixture(asked)]
        self.fixed_of_trial = [asked for asked in fixed if not self._is_of_mixture(asked)]
        self.names_of_mixture = {asked: name for asked, name in self.names.items() if self._is_of_mixture(asked)}
        self.names_of_trial = {asked: name for asked, name in self.names.items() if not self._is_of_mixture(asked)}

    def _is_of_mixture(self, condition: tuple[str, tuple]) -> bool:
        """Whether a mixture tells if its trials pass."""
        columns = set(self.COLUMN.findall(condition[0]))
        return bool(columns) and columns <= search.MIXED

    def _sets(self):
        yield self._mixed()
        yield from super()._sets()

    def _mixed(self) -> tuple[str, tuple]:
        told = ", ".join(["id", *_named(self.names_of_mixture), self.TOLD])
        where = _every(sql for sql, _ in self.fixed_of_mixture)
        mixed = f"SELECT {told} FROM trials_mixture AS trials_trial WHERE {where} OFFSET 0"  # noqa: S608 the ORM's SQL
        return f"mixed AS NOT MATERIALIZED ({mixed})", _values(self.names_of_mixture, self.fixed_of_mixture)

    def _given(self):
        lists = [recipe.listed for recipe in self.LISTED]
        asked = " ".join(sql for sql, _ in (*self.names_of_trial, *self.fixed_of_trial))
        source = f"{search.source({*lists, *self.COLUMN.findall(asked)})} JOIN mixed ON mixed.id = trials_search.mixture"
        passes = [*self.names_of_mixture.values(), *_named(self.names_of_trial)]
        told = ", ".join(["trials_trial.record_id", "mixture", *passes, *(f"trials_trial.{name}" for name in lists)])
        may_pass = [_every(self.names_of_mixture[one] for one in asked if one in self.names_of_mixture) for asked in self.asked.values()]
        where = _every([*(sql for sql, _ in self.fixed_of_trial), f"({' OR '.join(f'({one})' for one in may_pass)})"])
        given = f"SELECT {told}, trials_search.trials_search AS words FROM {source} WHERE {where} OFFSET 0"  # noqa: S608 as above
        return f"given AS ({given})", _values(self.names_of_trial, self.fixed_of_trial)

    def _found(self):
        kept, values = ["record_id", "mixture", *self.names.values()], ()
        kept += (f"{recipe.listed} AS {recipe.key}_of" for recipe in self.LISTED)
        if self.best:
            rank, values = search.rank(self.trial_filter.query, "words")
            kept.append(f"CASE WHEN {self._passes('set0')} THEN {rank} END AS rank")
        return f"found AS MATERIALIZED (SELECT {', '.join(kept)} FROM given WHERE {self._in_any()})", values  # noqa: S608 as above

    def _mixtures(self):
        names = ", ".join(["mixture", *self.names.values()])
        alike = f"SELECT {names}, COUNT(*) AS number FROM found GROUP BY {names}"  # noqa: S608 names of our own
        return f"SELECT alike.*, {self.COUNTED} FROM ({alike}) AS alike JOIN mixed ON id = mixture"  # noqa: S608 names of our own

    def _numbers(self, trials):
        return f"SUM(number) FROM mixtures WHERE {self._passes(trials)}"

    def _each(self, recipe, trials):
        alike = f"SELECT {recipe.key}_of, COUNT(*) AS number FROM {trials} GROUP BY {recipe.key}_of"  # noqa: S608 names of our own
        each = f"({alike}) AS alike LEFT JOIN LATERAL jsonb_array_elements_text({recipe.key}_of) AS each ON TRUE"
        return f"SELECT '{recipe.key}', each, SUM(number) FROM {each} GROUP BY each"  # noqa: S608 names of our own

    def _best(self):
        return f"SELECT record_id AS pk FROM set0 ORDER BY rank DESC, record_id LIMIT {self.best}", ()  # noqa: S608 names of our own


def _named(names: dict[tuple[str, tuple], str]) -> list[str]:
    """Whether a row passes each of these conditions, as columns of these names."""
    return [f"{sql} AS {name}" for (sql, _), name in names.items()]


def _values(*conditions: Iterable[tuple[str, tuple]]) -> tuple:
    """What stands in the places of these conditions, in their order."""
    return tuple(value for _, given in itertools.chain(*conditions) for value in given)


def _every(conditions: Iterable[str]) -> str:
    return " AND ".join(conditions) or "1 = 1"


def _compiled(rows: QuerySet) -> tuple[str, tuple]:
    """The SQL of a query, also of one that nothing can pass."""
    return rows.query.get_compiler(connection=connection, elide_empty=False).as_sql()
