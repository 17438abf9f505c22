"""What all files for taking away have in common: the same parameters as the list, a plain no to what cannot be used, and 304 where nothing
has changed."""

import functools

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from trials import version


def download(filter_class):
    """Make a view of a function of (request, bound filter, version) that returns a response.

    A page may pass over an unknown parameter with a notice; a file cannot, so there it is an error, in plain text.
    """

    def decorate(function):
        @require_safe
        @functools.wraps(function)
        def view(request, **kwargs):
            now = version.current_version()
            if unchanged := version.not_modified(request, now):
                return unchanged
            bound = filter_class(request.GET)
            if wrong := refusals(bound):
                return HttpResponse("\n".join(wrong) + "\n", status=400, content_type="text/plain; charset=utf-8")
            return version.stamp(function(request, bound, now, **kwargs), request, now)

        return view

    return decorate


def refusals(bound) -> list[str]:
    """What keeps a file from being exactly what its address says."""
    return [mistake.message for mistake in bound.mistakes] + [f"We know no parameter “{key}”." for key in bound.ignored]


def site_of(request) -> str:
    """The site's address, as in `https://example.org`."""
    return f"{request.scheme}://{request.get_host()}"
