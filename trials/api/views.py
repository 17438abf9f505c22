"""The addresses of the API. Each view checks its own parameters and hands over: which trials is for the filters to say, what a row looks
like for the exports' list of columns."""

from typing import get_args

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from therapies.evidence import ApproachSlug
from therapies.models import Approach, Therapy
from trials import facets, version
from trials.api import shapes
from trials.api.answers import DataView
from trials.api.paging import page_of
from trials.api.rules import Refused
from trials.bands import LASTED, OTHER, OUTCOMES, PEOPLE, STARTED
from trials.context import current_data
from trials.derive import VERSION as RULES_VERSION
from trials.downloads import site_of
from trials.exports import COLUMNS
from trials.filters import NOT_STATED, TrialFilter, ValuesCriterion
from trials.glance import OVER
from trials.history import FIELD_WORDS, ChangeFilter
from trials.models import SyncRun, Trial
from trials.provenance import provenance_of
from trials.querysets import ORDERS
from trials.vocabulary import CODES, COURSES

LARGEST_PAGE = 500
USUAL_PAGE = 100
NAMES = tuple(column.name for column in COLUMNS)


# --- Parameters ------------------------------------------------------------------------------------------------------------------

_WORDS = {
    "q": "Every word is to be found in titles, ids, interventions, conditions, sponsor, places or summary.",
    "approach": "Approach to the treatment.",
    "phase": "Phase; `none` stands for records that state none.",
    "study_type": "Study type.",
    "role": "What the stem cells are in the study; with `approach`, of that approach.",
    "status": "Overall status.",
    "therapy": "Therapy, by slug as /api/v1/therapies/ gives it.",
    "country": "Country with a site, as /api/v1/facets/ spells it.",
    "course": "MS course that the criteria accept, as we read them; `none` stands for trials of which none was read.",
    "sponsor_class": "Kind of lead sponsor.",
    "has_results": "Whether results are posted on ClinicalTrials.gov.",
    "started": "Year of the start, in bands of five; `none` stands for records that give no start.",
    "start_from": "Started in this year or later.",
    "start_to": "Started in this year or earlier.",
    "enrollment_from": "So many people or more, actual or estimated.",
    "enrollment_to": "So many people at most, actual or estimated.",
    "allocation": "How people come into groups.",
    "masking": "Who does not know who gets what.",
    "updated_since": "The record was last updated on this day or later.",
    "start_stated": "Whether the record gives a start date.",
    "sponsor": "Lead sponsor, as the registry writes its name; `none` stands for records that name none.",
    "people": "How many people take part, actual or estimated, in bands; `none` stands for records that give no number.",
    "enrollment_kind": "Whether the number of people is actual or estimated.",
    "lasted": "Completed years from start to completion, in bands; `none` where the dates do not tell.",
    "completion_date_kind": "Whether the completion date is actual or estimated.",
    "outcome": "What a primary outcome measures, told by a list of words; `none` stands for records that state none.",
    "near": "A town to measure distances from; alone it narrows nothing.",
    "within": "Kilometres from `near` to any site, as the crow flies.",
    "sort": "Order of the list.",
    "since": "Seen changed on this day (UTC) or later.",
    "until": "Seen changed on this day (UTC) or earlier.",
    "field": "The field that changed.",
    "notable": "Changes pointed out: primary outcomes altered after the start, enrolment cut.",
}
_MANY = {key for key, criterion in ChangeFilter.base_filters.items() if isinstance(criterion, ValuesCriterion)}
_NUMBERS = ("start_from", "start_to", "enrollment_from", "enrollment_to", "within")
_KINDS = dict.fromkeys(_NUMBERS, OpenApiTypes.INT) | dict.fromkeys(("since", "until", "updated_since"), OpenApiTypes.DATE)
_KNOWN = {
    "approach": list(get_args(ApproachSlug)),
    "role": list(CODES["Role"]),
    "course": [*COURSES, NOT_STATED],
    "field": list(FIELD_WORDS),
    "sort": list(ORDERS),
    "has_results": ["yes", "no"],
    "start_stated": ["yes", "no"],
    "started": [*STARTED, NOT_STATED],
    "people": [*PEOPLE, NOT_STATED],
    "lasted": [*LASTED, NOT_STATED],
    "outcome": [*OUTCOMES, OTHER, NOT_STATED],
    "notable": ["yes", "no"],
}


def _parameter(key):
    is_many = key in _MANY
    words = _WORDS[key] + (" May be given several times: any of them will do." if is_many else "")
    kind = _KINDS.get(key, OpenApiTypes.STR)
    return OpenApiParameter(key, kind, description=words, many=is_many, explode=is_many or None, enum=_KNOWN.get(key))


def _parameters(filter_class):
    return [_parameter(key) for key in filter_class.base_filters]


PAGING = [
    OpenApiParameter("page_size", OpenApiTypes.INT, description=f"Rows a page, 1 to {LARGEST_PAGE}; {USUAL_PAGE} if left out."),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="Where the page begins; take the address that `next` gives."),
]
FIELDS = OpenApiParameter("fields", OpenApiTypes.STR, description=f"Only these columns, separated by commas: {', '.join(NAMES)}.")

_SAID = {
    304: OpenApiResponse(description="Nothing has changed since the answer whose ETag or Last-Modified you sent."),
    400: OpenApiResponse(shapes.Errors, "A parameter or value that we do not know, named."),
    404: OpenApiResponse(shapes.Errors, "There is nothing of this name."),
    429: OpenApiResponse(shapes.Errors, "Too many requests in a minute; Retry-After says when to come back."),
}


def documented(name, shape, summary, parameters=(), *, may_miss=False, tag="trials"):
    """Describe a view's GET in the OpenAPI document, with every status that it may answer."""
    responses = {200: shape} | {code: said for code, said in _SAID.items() if code != 404 or may_miss}
    return extend_schema(
        operation_id=name, summary=summary, description=f"{summary}.", parameters=list(parameters), responses=responses, tags=[tag]
    )


def _filter_of(view_class, request, extra):
    """The bound filter; Refused with every mistake where anything in it cannot be used."""
    data = request.query_params.copy()
    for key in extra:
        data.pop(key, None)
    found = view_class(data)
    if not found.is_valid():
        raise Refused([(key, message) for key, messages in found.errors.items() for message in messages])
    return found


def _one(request, key):
    values = request.query_params.getlist(key)
    if len(values) > 1:
        raise Refused([(key, "Give this parameter once.")])
    return values[0].strip() if values else ""


def _page_size(request):
    text = _one(request, "page_size")
    if not text:
        return USUAL_PAGE
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= LARGEST_PAGE):
        raise Refused([("page_size", f"Write the rows a page as a whole number from 1 to {LARGEST_PAGE}, not “{text}”.")])
    return int(text)


def _columns(request):
    """The columns asked for, in their usual order; all of them where nothing is said."""
    asked = [name.strip() for name in _one(request, "fields").split(",") if name.strip()]
    if unknown := [name for name in asked if name not in NAMES]:
        raise Refused([("fields", f"We know no field “{name}”.") for name in unknown])
    return [column for column in COLUMNS if not asked or column.name in asked]


def _next(request, cursor):
    if cursor is None:
        return None
    params = request.query_params.copy()
    params["cursor"] = cursor
    return f"{site_of(request)}{request.path}?{params.urlencode()}"


def _meta(request, trial_filter, count, page):
    return provenance_of(trial_filter, count, f"{site_of(request)}{reverse(page)}", localdate()).as_dict()


# --- Trials ----------------------------------------------------------------------------------------------------------------------


class TrialList(DataView):
    accepts = frozenset(TrialFilter.base_filters) | {"page_size", "cursor", "fields"}

    def answer(self, request):
        size, columns = _page_size(request), _columns(request)
        trial_filter = _filter_of(TrialFilter, request, {"page_size", "cursor", "fields"})
        order = trial_filter.sort_in_force
        trials = trial_filter.narrowed().for_list().with_therapies()
        page = page_of(trials, (*ORDERS[order], "nct_id"), size, _one(request, "cursor"), f"trials {order}")
        site = site_of(request)
        return {
            "meta": _meta(request, trial_filter, trial_filter.narrowed().count(), "trials:list"),
            "next": _next(request, page.next),
            "results": [{column.name: column.value(trial, site) for column in columns} for trial in page.rows],
        }

    @documented("trial_list", shapes.TrialPage, "Trials under the filters of a list", [*_parameters(TrialFilter), *PAGING, FIELDS])
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)


class TrialOne(DataView):
    def answer(self, request, nct_id):
        trial = Trial.objects.listed().for_detail().with_nct_id(nct_id)
        if trial is None:
            raise Http404(f"No trial {nct_id} is listed here. It may be on ClinicalTrials.gov all the same.")
        site = site_of(request)
        answer = {column.name: column.value(trial, site) for column in COLUMNS}
        for name in shapes.DETAIL:
            value = [alias.nct_id for alias in trial.aliases.all()] if name == "merged_nct_ids" else getattr(trial, name)
            answer[name] = value if isinstance(value, (list, bool)) else str(value) if value else None
        for name, part in shapes.PARTS.items():
            answer[name] = part.to_representation(getattr(trial, name).all())
        if trial.status in OVER:  # as on the page: there is nobody to apply to
            answer["contacts"] = []
            answer["sites"] = [site | {"contacts": []} for site in answer["sites"]]
        return answer

    @documented(
        "trial_one",
        shapes.TrialDetail,
        "One trial, all of it",
        [OpenApiParameter("nct_id", {"type": "string", "pattern": r"^NCT\d{8}$"}, "path", description="Also an id merged into another.")],
        may_miss=True,
    )
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)


class FacetCounts(DataView):
    accepts = frozenset(TrialFilter.base_filters)

    def answer(self, request):
        trial_filter = _filter_of(TrialFilter, request, ())
        counted = facets.count(trial_filter)
        return {
            "meta": _meta(request, trial_filter, counted.total, "trials:list"),
            "facets": [
                {
                    "key": facet.key,
                    "title": facet.title,
                    "options": [
                        {"value": option.value, "label": option.label, "count": option.count, "is_chosen": option.is_chosen}
                        for option in (*facet.options, *facet.more)
                    ],
                }
                for facet in counted.facets
            ],
        }

    @documented("facet_counts", shapes.Facets, "How many trials each value of each filter would leave", _parameters(TrialFilter))
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)


class ChangeList(DataView):
    accepts = frozenset(ChangeFilter.base_filters) | {"page_size", "cursor"}

    def answer(self, request):
        size = _page_size(request)
        change_filter = _filter_of(ChangeFilter, request, {"page_size", "cursor"})
        rows = change_filter.changes.select_related("trial").only(
            "field", "old", "new", "is_notable", "registry_date", "seen_at", "run_id", "trial__nct_id", "trial__brief_title"
        )
        page = page_of(rows, ("-seen_at", "-pk"), size, _one(request, "cursor"), "changes")
        site = site_of(request)
        return {
            "meta": _meta(request, change_filter, change_filter.changes.count(), "data:changes"),
            "next": _next(request, page.next),
            "results": [
                {
                    "nct_id": change.trial.nct_id,
                    "title": change.trial.brief_title,
                    "field": change.field,
                    "label": FIELD_WORDS.get(change.field, change.field),
                    "old": change.old,
                    "new": change.new,
                    "is_notable": change.is_notable,
                    "registry_date": str(change.registry_date) if change.registry_date else None,
                    "seen_at": change.seen_at,
                    "update": change.update_key,
                    "url": f"{site}{change.trial.get_absolute_url()}",
                }
                for change in page.rows
            ],
        }

    @documented("change_list", shapes.ChangePage, "What changed in the trials of a list", [*_parameters(ChangeFilter), *PAGING])
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)


# --- The taxonomy ----------------------------------------------------------------------------------------------------------------

LISTED = Count("trials", filter=Q(trials__is_listed=True), distinct=True)


def _approach(site, row):
    return {
        "slug": row.slug,
        "name": row.name,
        "short_name": row.short_name,
        "reviewed_on": row.reviewed_on,
        "trials": row.listed,
        "url": f"{site}{row.get_absolute_url()}",
    }


def _therapy(site, row):
    return {
        "slug": row.slug,
        "name": row.name,
        "reviewed_on": row.reviewed_on,
        "trials": row.listed,
        "url": f"{site}{row.get_absolute_url()}",
        "approach": row.approach.slug,
        "other_names": row.other_names_list,
        "donor": row.donor or None,
        "cell_source": row.cell_source or None,
        "route": row.route or None,
    }


class TaxonomyList(DataView):
    def answer(self, request):
        site = site_of(request)
        return {"results": [self.shown(site, row) for row in self.rows()]}


class TaxonomyOne(DataView):
    def answer(self, request, slug):
        row = self.rows().with_statements().filter(slug=slug).first()
        if row is None:
            raise Http404(f"There is nothing called “{slug}” here.")
        statements = shapes.StatementSerializer(row.statements.all(), many=True).data
        return self.shown(site_of(request), row) | {"statements": statements}


class OfApproaches:
    shown = staticmethod(_approach)

    def rows(self):
        return Approach.objects.annotate(listed=LISTED)


class OfTherapies:
    shown = staticmethod(_therapy)

    def rows(self):
        return Therapy.objects.published().select_related("approach").annotate(listed=LISTED)


class ApproachList(OfApproaches, TaxonomyList):
    @documented("approach_list", shapes.ApproachList, "The approaches, and how many trials take each", tag="taxonomy")
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)


class ApproachOne(OfApproaches, TaxonomyOne):
    @documented("approach_one", shapes.ApproachDetail, "One approach, with what is said of it", may_miss=True, tag="taxonomy")
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)


class TherapyList(OfTherapies, TaxonomyList):
    @documented("therapy_list", shapes.TherapyList, "The therapies, and how many trials test each", tag="taxonomy")
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)


class TherapyOne(OfTherapies, TaxonomyOne):
    @documented("therapy_one", shapes.TherapyDetail, "One therapy, with what is said of it", may_miss=True, tag="taxonomy")
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)


# --- The data as a whole ---------------------------------------------------------------------------------------------------------


class SyncState(DataView):
    def answer(self, request):
        data = current_data()
        complete = SyncRun.objects.filter(state=SyncRun.State.COMPLETE).first()
        latest = SyncRun.objects.first()
        return {
            "data_timestamp": data.timestamp or None,
            "data_kind": data.kind,
            "data_version": version.current_version().text,
            "rules_version": RULES_VERSION,
            "latest": latest and shapes.Run(latest).data,
            "latest_complete": complete and shapes.Run(complete).data,
        }

    @documented("sync_state", shapes.SyncStatus, "How fresh the data are, and how the last syncs went", tag="data")
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)


class ApiRoot(DataView):
    def answer(self, request):
        site = site_of(request)
        names = ("trials", "facets", "changes", "therapies", "approaches", "sync")
        return {
            "name": "TrialTracker API, version 1",
            "documentation": f"{site}{reverse('api:docs')}",
            "openapi": f"{site}{reverse('api:schema')}",
            "addresses": {name: f"{site}{reverse(f'api:{name}')}" for name in names},
        }

    @documented("api_root", shapes.Root, "What there is", tag="data")
    def get(self, request, **kwargs):
        return super().get(request, **kwargs)
