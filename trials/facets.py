"""How many trials each value of each filter would leave, and the link that puts the value in or takes it out.

Counts of a facet are taken under all other filters, its own key left out, so that they say what a choice would give. Knows the filters;
knows nothing of pages.
"""

from collections import Counter
from dataclasses import dataclass

from django.http import QueryDict

from trials.counting import RECIPES, Recipe, counts_of
from trials.filters import NOT_STATED, TrialFilter


@dataclass(frozen=True, slots=True)
class Option:
    """One value: its words, the trials it stands for under the other filters, and the list's parameters once it is toggled."""

    value: str
    label: str
    count: int
    is_chosen: bool
    params: QueryDict


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter as a list of links. `more` holds the values beyond the first few, none of them chosen."""

    key: str
    title: str
    options: list[Option]
    more: list[Option]

    @property
    def chosen(self) -> int:
        return sum(option.is_chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Counted:
    """What one query says of a filter: how many trials it leaves, its facets, and the keys of its best answers to a search text."""

    total: int
    facets: list[Facet]
    best: list[int]

    def __getitem__(self, key: str) -> Facet:
        return {facet.key: facet for facet in self.facets}[key]


def count(trial_filter: TrialFilter, best: int = 0) -> Counted:
    """Count every facet of a filter, in one query, which also names so many of the best answers to a search text."""
    found: dict[str, Counter] = {recipe.key: Counter() for recipe in RECIPES} | {"total": Counter(), "best": Counter()}
    values = {recipe.key: recipe.values for recipe in RECIPES} | dict.fromkeys(("total", "best"), lambda stored: [stored])
    for key, stored, number in counts_of(trial_filter, best):
        for value in values[key](stored):
            found[key][value] += int(number)
    return Counted(
        total=found["total"][""],
        facets=[_facet(recipe, trial_filter, found[recipe.key]) for recipe in RECIPES],
        best=[int(pk) for pk, _ in sorted(found["best"].items(), key=lambda item: item[1])],
    )


def _facet(recipe: Recipe, trial_filter: TrialFilter, counts: Counter) -> Facet:
    chosen = _chosen(recipe, trial_filter)
    shown = {value for value in (*counts, *chosen, *(recipe.order if recipe.always else ())) if value}
    rank = {value: position for position, value in enumerate(recipe.order)}
    values = sorted(shown, key=lambda value: (value == NOT_STATED, rank.get(value, len(rank)), -counts[value], value))
    options = [
        Option(
            value,
            trial_filter.filters[recipe.key].label_of(value),
            counts[value],
            value in chosen,
            _params(recipe, trial_filter, value, chosen),
        )
        for value in values
    ]
    first = [option for position, option in enumerate(options) if position < recipe.first or option.is_chosen]
    return Facet(recipe.key, recipe.title, first, [option for option in options if option not in first])


def _chosen(recipe, trial_filter):
    if recipe.key not in trial_filter.values:
        return []
    return trial_filter.filters[recipe.key].chosen(trial_filter.values[recipe.key])


def _params(recipe, trial_filter, value, chosen):
    if recipe.key == "has_results":
        return trial_filter.with_values(has_results=[] if value in chosen else [value])
    return trial_filter.toggled(recipe.key, value)
