"""The landscape: a page of charts under the filters of the list, and a CSV file for each. They read the URL and hand over."""

import csv
import io

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from trials.charts import drawing, figures
from trials.charts.specs import shortened
from trials.context import current_data
from trials.downloads import download, site_of
from trials.exports import FORMULA_STARTS
from trials.filters import TrialFilter
from trials.vocabulary import CODES


def bound(data) -> TrialFilter:
    """The list's filter, with the treatment role where the address names none."""
    return TrialFilter(figures.default_role(data))


def _own(params):
    """Parameters as this page reads them: without a role it would take the treatment role again, so any role is written as an empty one."""
    own = params.copy()
    own.pop("sort", None)
    if "role" not in own:
        own["role"] = ""
    return own


@require_safe
def landscape(request):
    trial_filter = bound(request.GET)
    context = {"filter": trial_filter, "own": _own(trial_filter.params)}
    if not trial_filter.is_valid():
        mistakes = [(mistake.message, _own(mistake.params)) for mistake in trial_filter.mistakes]
        return render(request, "trials/landscape.html", context | {"mistakes": mistakes}, status=400)
    found = figures.landscape(trial_filter)
    drawn = drawing.draw(found.figures, reverse("trials:list"))
    context |= {
        "landscape": found,
        "figures": [(figure, drawn.get(figure.key), shortened(figure)) for figure in found.figures],
        "chips": [(chip, _own(chip.params)) for chip in trial_filter.chips],
        "roles": _choices(trial_filter, "role", CODES["Role"]),
        "approaches": _choices(trial_filter, "approach", trial_filter.filters["approach"].known()),
    }
    return render(request, "trials/landscape.html", context)


def _choices(trial_filter, key, known):
    """The values of a key as (words, parameters that ask for it alone, whether it is), any of them first."""
    asked = trial_filter.values.get(key, [])
    rows = [("Any", [], not asked), *((words, [value], asked == [value]) for value, words in known.items())]
    return [(words, _own(trial_filter.with_values(**{key: values})), is_chosen) for words, values, is_chosen in rows]


@download(bound)
def figure_csv(request, trial_filter, version, key):
    if key not in figures.KEYS:
        raise Http404
    found = figures.landscape(trial_filter)
    lines = io.StringIO()
    writer = csv.writer(lines)
    if found.figures:
        writer.writerows(map(_safe, figures.csv_rows(found[key], f"{site_of(request)}{reverse('trials:list')}")))
    else:
        writer.writerow(figures.COLUMNS)
    response = HttpResponse(lines.getvalue(), content_type="text/csv; charset=utf-8")
    data = current_data()
    response["Content-Disposition"] = f'attachment; filename="trialtracker-{key}-{data.day.isoformat() if data.day else "undated"}.csv"'
    return response


def _safe(row):
    """Cells that a spreadsheet would run as a formula begin with an apostrophe."""
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in row]
