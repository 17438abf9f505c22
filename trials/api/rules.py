"""The rules of every answer of the API: JSON whatever is asked for, a limit per address, errors of one shape. Settings name them."""

from django.conf import settings
from django.http import Http404
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.response import Response

from trials.limits import PerAddress


class AlwaysJSON(BaseContentNegotiation):
    """A browser, a script and a spreadsheet get the same: no Accept header is refused."""

    def select_parser(self, request, parsers):
        return None

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class ApiLimit(PerAddress):
    """So many requests a minute from one address; the answer beyond that says when to come back."""

    def __init__(self):
        super().__init__("api", "API_REQUESTS_PER_MINUTE")


class Refused(exceptions.APIException):
    """A request that cannot mean anything: `errors` pairs each parameter with what is wrong."""

    status_code = 400

    def __init__(self, errors):
        super().__init__("; ".join(message for _, message in errors))
        self.errors = errors


def explain(error, context):
    """DRF's exception handler: every error as `{"errors": [{"parameter", "message"}]}`. Others than HTTP errors are left to Django."""
    headers = {}
    if isinstance(error, Http404):
        status, errors = 404, [(None, str(error) or "There is nothing at this address.")]
    elif isinstance(error, Refused):
        status, errors = 400, error.errors
    elif isinstance(error, exceptions.Throttled):
        status = 429
        wait = int(error.wait or 60) + 1
        headers["Retry-After"] = str(wait)
        errors = [(None, f"At most {settings.API_REQUESTS_PER_MINUTE} requests a minute, please. Come back in {wait} seconds.")]
    elif isinstance(error, exceptions.MethodNotAllowed):
        status, errors = 405, [(None, "The API is read only: use GET or HEAD.")]
    elif isinstance(error, exceptions.APIException):
        status, errors = error.status_code, [(None, str(error.detail))]
    else:
        return None
    return Response({"errors": [{"parameter": parameter, "message": message} for parameter, message in errors]}, status, headers=headers)
