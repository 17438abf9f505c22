"""What the API's views have in common: the parameters they know, and 304 where nothing has changed since the reader last asked."""

from django.http import Http404
from rest_framework.response import Response
from rest_framework.views import APIView

from trials import version
from trials.api.rules import Refused


class DataView(APIView):
    """A view whose answer depends on its address and the data alone. Subclasses give `answer(request, **kwargs)` the parameters that
    `accepts` names; any other parameter is an error, since a typing error in a key would widen an answer unseen."""

    http_method_names = ["get", "head"]
    metadata_class = None
    accepts: frozenset[str] = frozenset()

    def get(self, request, **kwargs):
        now = version.current_version()
        if unchanged := version.not_modified(request._request, now):
            return unchanged
        self.refuse_unknown(request)
        return version.stamp(Response(self.answer(request, **kwargs)), request._request, now)

    def refuse_unknown(self, request):
        if unknown := [key for key in request.query_params if key not in self.accepts]:
            raise Refused([(key, f"We know no parameter “{key}”.") for key in unknown])

    def answer(self, request, **kwargs):
        raise NotImplementedError


class NothingHere(APIView):
    """Any other address below the API's root."""

    http_method_names = ["get", "head"]

    def get(self, request, **kwargs):
        raise Http404("There is nothing at this address; /api/v1/ lists what there is.")
