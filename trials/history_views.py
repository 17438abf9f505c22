"""The page of changes. It reads the URL, asks the filter, and hands over to a template."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trials import history
from trials.history import ChangeFilter

PER_PAGE = 100
"""Changes a page; those of one update stay together unless the page ends between them."""


@require_safe
def changes(request):
    change_filter = ChangeFilter(request.GET)
    page = Paginator(change_filter.changes.select_related("trial"), PER_PAGE).get_page(request.GET.get("page"))
    is_first = page.number == 1
    began = history.began()
    listings = history.listed_after(change_filter.listings, began)
    context = {
        "filter": change_filter,
        "page": page,
        "updates": list(history.updates(page)),
        "listings": list(listings.select_related("trial")[: history.LISTINGS_SHOWN]) if is_first else [],
        "listings_count": listings.count(),
        "began": began,
        "months": [(first, change_filter.with_values(since=[str(first)], until=[])) for first in history.month_starts(history.today(), 3)],
        "fields": change_filter.filters["field"].known().items(),
        "kept": [(key, value) for key, values in change_filter.params.lists() if key not in FORM_KEYS for value in values],
    }
    return render(request, "trials/changes.html", context, status=200 if change_filter.is_valid() else 400)


FORM_KEYS = {"since", "until", "field", "notable", "q"}
"""What the page's own form asks for; every other filter in force is kept beside it."""
