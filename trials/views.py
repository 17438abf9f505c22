"""The pages about trials. Each view reads the URL, asks a queryset, and hands over to a template; nothing is decided here."""

import re
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from therapies.models import Approach, Kind, Page, Source, Statement, Therapy, group_by_kind
from trials import exports, facets, glance, history, places
from trials.context import current_data
from trials.filters import PlaceForm, TrialFilter
from trials.for_me import ForMeForm
from trials.for_me import compare as compare_with
from trials.models import REGISTRY_STUDY_URL, Trial, TrialCountry
from trials.patterns import samples
from trials.plain import ALL_WORDS, COST_QUESTIONS, TO_TALK_OVER
from trials.search import highlights
from trials.vocabulary import OPEN_STATUSES, Role, Status

PER_PAGE = 25
EXACT = ("start_from", "start_to", "enrollment_from", "enrollment_to", "updated_since", "allocation", "masking")
"""What the list's form of exact filters asks for; every other filter in force is kept beside it."""

NEARBY = 5
"""Sites that a trial's page names as the nearest."""

OPEN_NOW = [("role", Role.TREATMENT), ("status", Status.RECRUITING)]
"""What a question for a town adds: it is asked by who looks for a treatment, and many open studies only follow people who had one."""

RADII = (50, 100, 250, 500, 1000)
"""Kilometres that the list's form offers."""


@require_safe
def home(request):
    approaches = (
        Approach.objects.with_statements()
        .order_by("position")
        .annotate(
            listed=Count("trial_approaches", filter=Q(trial_approaches__trial__is_listed=True)),
            recruiting=Count(
                "trial_approaches",
                filter=Q(
                    trial_approaches__trial__is_listed=True,
                    trial_approaches__trial__status=Status.RECRUITING,
                    trial_approaches__role=Role.TREATMENT,
                ),
            ),
        )
    )
    listed = Trial.objects.listed()
    recruiting = listed.filter(status=Status.RECRUITING).taking((), [Role.TREATMENT])
    totals = listed.aggregate(
        listed=Count("pk"),
        recruiting=Count("pk", filter=Q(pk__in=recruiting.order_by().values("pk"))),
        open_studies=Count("pk", filter=Q(status=Status.RECRUITING)),
        with_results=Count("pk", filter=Q(has_results=True)),
    )
    totals["countries"] = TrialCountry.objects.filter(trial__is_listed=True).order_by().values("name").distinct().count()
    totals["open_besides"] = totals["open_studies"] - totals["recruiting"]
    latest = recruiting.sorted_by("-last_update").for_cards()[:4]
    context = {"approaches": approaches, "totals": totals, "latest": latest, "open_now": OPEN_NOW}
    return render(request, "trials/home.html", context)


@require_safe
def trial_list(request):
    trial_filter = TrialFilter(request.GET)
    if trial_filter.nct_id and (trial := Trial.objects.listed().with_nct_id(trial_filter.nct_id)):
        return redirect(trial)
    if any(not value.strip() for key in trial_filter.filters for value in request.GET.getlist(key)):
        return redirect(_list_url(trial_filter.params))  # a form sends its empty fields too; the address that people share has none
    counted = facets.count(trial_filter, best=PER_PAGE)
    page = _Counted(trial_filter, PER_PAGE, counted).get_page(request.GET.get("page"))
    trials = list(page)
    marks = highlights(trial_filter.query, [trial.pk for trial in trials])
    sort = "distance" if trial_filter.is_by_distance else "relevance" if trial_filter.is_ranked else trial_filter.sort_in_force
    sort_words = trial_filter.filters["sort"].ORDERS
    needs = {"relevance": bool(trial_filter.query), "distance": "near" in trial_filter.values}
    context = {
        "filter": trial_filter,
        "rows": [(trial, marks.get(trial.pk)) for trial in trials],
        "facets": counted,
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "sorts": [(key, words, trial_filter.with_values(sort=[key])) for key, words in sort_words.items() if needs.get(key, True)],
        "sort": sort,
        "rest": _pairs(trial_filter.with_values(q=[], near=[], within=[])),  # what a search keeps beside what is typed
        "without_place": _pairs(trial_filter.with_values(near=[])),
        "radii": RADII,
        "exact": [
            (key, title, trial_filter.filters[key].known().items(), trial_filter.values.get(key, []))
            for key, title in {"allocation": "Who picks the group", "masking": "Who knows the treatment"}.items()
        ],
        "without_exact": _pairs(trial_filter.with_values(**dict.fromkeys(EXACT))),
        "sort_words": sort_words[sort],
        "offers": list(_offers(trial_filter, counted)),
        "told": _told_of(trial_filter.values["q"].strip()) if trial_filter.query and not counted.total else (),
        "asks_for_ipsc_alone": trial_filter.values.get("approach") == ["ipsc"],
        "registry_study_url": REGISTRY_STUDY_URL,
    }
    return render(request, "trials/list.html", context, status=200 if trial_filter.is_valid() else 400)


MOST_TOLD = 3


def _told_of(text):
    """What our texts say of the words for which no trial was found: of STAR-MS, say, which is registered elsewhere. One of each source."""
    whole = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)
    said = Statement.objects.published().filter(text__icontains=text).select_related("source")
    told = {}
    for statement in said.order_by(F("approach").asc(nulls_last=True), "position", "pk"):
        if whole.search(statement.text):
            told.setdefault(statement.source, statement)
    return list(told.values())[:MOST_TOLD]


OFFERS = {
    "only-open": ("status", Status.RECRUITING, "open to people now"),
    "only-treatment": ("role", Role.TREATMENT, "that test a treatment"),
}
"""What who looks for a treatment wants to press first: many trials that are open follow people who were treated before."""


def _offers(trial_filter, counted):
    """Links that leave only some of the trials, each with its words, where nothing of its filter is chosen and it would leave out any."""
    for name, (key, value, words) in OFFERS.items():
        if key not in trial_filter.values:
            for option in (*counted[key].options, *counted[key].more):
                if option.value == value and 0 < option.count < counted.total:
                    yield name, words, option


def _list_url(params):
    return reverse("trials:list") + (f"?{params.urlencode()}" if params else "")


def _pairs(params):
    return [(key, value) for key, values in params.lists() for value in values]


@csrf_exempt  # it changes nothing and knows nobody; a token would mean a cookie
@sensitive_post_parameters("latitude", "longitude")
@require_http_methods(["GET", "HEAD", "POST"])
def near_me(request):
    """From the browser's location, rounded before it was sent, to the list from the nearest town on. Only the town's name goes on.

    Whoever comes without a location, as by an address that was typed or kept, is asked for a town.
    """
    try:
        latitude, longitude = (float(request.POST[name]) for name in ("latitude", "longitude"))
    except (KeyError, ValueError):
        return render(request, "trials/near_me.html", {"open_now": OPEN_NOW}, status=400 if request.method == "POST" else 200)
    is_on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180  # false for nan, too
    town = places.nearest(latitude, longitude, settings.VAR_DIR) if is_on_earth else None
    params = request.POST.copy()
    for name in ("latitude", "longitude"):
        del params[name]
    if town:
        params["near"] = str(town)
    return redirect(_list_url(TrialFilter(params).params))


class _Counted(Paginator):
    """A paginator of a filter's trials that knows already what was counted of them."""

    def __init__(self, trial_filter, per_page, counted):
        super().__init__(trial_filter, per_page)
        self.count, self.best = counted.total, counted.best

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return self._get_page(self.object_list.rows_between(first, first + self.per_page, self.count, self.best), number, self)


@require_safe
def trial_detail(request, nct_id):
    number = nct_id.upper()
    trial = Trial.objects.listed().for_detail().with_nct_id(number)
    if trial is None:
        context = {"nct_id": number, "registry_url": f"{REGISTRY_STUDY_URL}{number}"}
        return render(request, "trials/not_here.html", context, status=404)
    if trial.nct_id != nct_id:
        return redirect(trial, permanent=True)
    rows = trial.trial_approaches.all()
    about = Q(kind=Kind.PLAIN, approach__in=[row.approach for row in rows])
    findings = Q(kind__in=[Kind.EVIDENCE, Kind.RISK], text__contains=trial.nct_id)
    said = list(Statement.objects.published().filter(about | findings).select_related("source"))
    for row in rows:
        row.plain_statements = [
            statement for statement in said if statement.kind == Kind.PLAIN and statement.approach_id == row.approach_id
        ]
    sites = trial.sites.all()
    today = timezone.localdate()
    form = PlaceForm(request.GET)
    place = form.cleaned_data["near"] if form.is_valid() else None
    nearby = glance.nearby(trial, place) if place else []
    who = glance.who(trial)
    context = {
        "trial": trial,
        "is_stale": glance.is_stale(trial, today),
        "is_over": trial.status in glance.OVER,
        "is_open": trial.status in OPEN_STATUSES,
        "people": glance.people_words(trial),
        "period": glance.period(trial),
        "place": place,
        "typed_place": request.GET.get("near", ""),
        "place_mistakes": form.errors.get("near", []),
        "nearby": nearby[:NEARBY],
        "first_contact": glance.first_contact(trial, nearby),
        "who": who,
        "who_briefly": glance.briefly(who),
        "involves": glance.involves(trial),
        "cost_questions": COST_QUESTIONS,
        "places": glance.sites_by_country(sites),
        "recruiting_sites": sum(site.status == Status.RECRUITING for site in sites),
        "sites_say_status": any(site.status for site in sites),
        "outcomes": glance.outcomes_by_kind(trial.outcomes.all()),
        "design": glance.design(trial),
        "dates": glance.dates(trial),
        "findings": glance.findings_by_approach(trial, dict(Therapy.objects.published().order_by().values_list("slug", "name"))),
        "found": [statement for statement in said if statement.kind != Kind.PLAIN],
        "publications": glance.publications(trial),
        "updates": history.timeline(trial),
    }
    return render(request, "trials/detail.html", context)


# --- Could this be for me? -------------------------------------------------------------------------------------------------


@csrf_exempt  # it changes nothing and knows nobody; a token would mean a cookie
@sensitive_post_parameters()  # a report of an error leaves the answers out
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def for_me(request):
    form = ForMeForm(request.POST if request.method == "POST" else None)
    groups = None
    if form.is_bound and form.is_valid():
        groups = compare_with(form.trials().for_comparing(), form.person())
    status = 400 if form.is_bound and form.errors else 200
    response = render(request, "trials/for_me.html", {"form": form, "groups": groups}, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


# --- Some trials, chosen one by one ----------------------------------------------------------------------------------------

MOST_KEPT = 40
MOST_COMPARED = 4
MOST_IN_LETTER = 8
"""Trials that an e-mail names one by one: mail programs cut longer links."""


def _chosen(request):
    """The listed trials that `id` parameters name, in that order and each once, and the ids that name none."""
    asked = list(dict.fromkeys(text.strip().upper() for text in request.GET.getlist("id") if text.strip()))[:MOST_KEPT]
    found = {trial.nct_id: trial for trial in Trial.objects.listed().for_detail().filter(nct_id__in=asked)}
    return [found[nct_id] for nct_id in asked if nct_id in found], [nct_id for nct_id in asked if nct_id not in found]


@require_safe
def shortlist(request):
    trials, unknown = _chosen(request)
    rows = [
        {
            "trial": trial,
            "who": [fact for fact in glance.who(trial) if fact.text],
            "is_over": trial.status in glance.OVER,
            "is_stale": glance.is_stale(trial, timezone.localdate()),
            "contacts": [] if trial.status in glance.OVER else glance.all_contacts(trial),
        }
        for trial in trials
    ]
    return render(request, "trials/shortlist.html", {"rows": rows, "unknown": unknown, "most_compared": MOST_COMPARED})


@require_safe
def for_neurologist(request):
    """Chosen trials on paper, or by e-mail: what a doctor wants to know of each, with contacts. It holds nothing about the patient."""
    trials, unknown = _chosen(request)
    sheets = [
        {
            "trial": trial,
            "facts": glance.for_doctor(trial),
            "who": glance.who(trial),
            "places": glance.sites_by_country(trial.sites.all()),
            "is_over": trial.status in glance.OVER,
            "is_stale": glance.is_stale(trial, timezone.localdate()),
            "contacts": [] if trial.status in glance.OVER else glance.all_contacts(trial),
        }
        for trial in trials
    ]
    ids = "&".join(f"id={trial.nct_id}" for trial in trials)
    site = _site(request)
    address = f"{site}{reverse('trials:for-neurologist')}?{ids}"
    context = {"sheets": sheets, "unknown": unknown, "ids": ids, "site": site, "address": address, "questions": TO_TALK_OVER}
    return render(request, "trials/for_neurologist.html", context | {"letter": _letter(trials, address)})


def _letter(trials, address):
    """The `mailto:` link that sends the page: the reader's own mail program writes it, and the reader chooses to whom."""
    lines = [f"{trial.nct_id}: {trial.brief_title}\n{trial.registry_url}" for trial in trials[:MOST_IN_LETTER]]
    body = "\n\n".join(
        ["I would like to talk with you about stem-cell trials in MS.", *lines, f"All of it on one page, to print:\n{address}"]
    )
    return f"mailto:?subject={quote('Stem-cell trials in MS')}&body={quote(body)}"


@require_safe
def compare(request):
    trials, unknown = _chosen(request)
    left_out, trials = trials[MOST_COMPARED:], trials[:MOST_COMPARED]
    context = {"trials": trials, "table": glance.comparison(trials), "unknown": unknown, "left_out": left_out}
    return render(request, "trials/compare.html", context)


# --- Exports ---------------------------------------------------------------------------------------------------------------


def _site(request):
    return f"{request.scheme}://{request.get_host()}"


def _refusals(trial_filter):
    """What keeps an export from being exactly what its URL says. A page passes over unknown parameters with a notice; a file cannot."""
    unknown = [f"We know no parameter “{key}”." for key in trial_filter.ignored]
    return [mistake.message for mistake in trial_filter.mistakes] + unknown


def _file_name(data, extension):
    return f"trialtracker-{data.day.isoformat() if data.day else 'undated'}.{extension}"


@require_safe
def export_csv(request):
    trial_filter = TrialFilter(request.GET)
    if refusals := _refusals(trial_filter):
        return HttpResponse("\n".join(refusals) + "\n", status=400, content_type="text/plain; charset=utf-8")
    rows = exports.rows(trial_filter.qs, _site(request))
    response = StreamingHttpResponse(exports.as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(current_data(), "csv")}"'
    response["Link"] = f'<{reverse("data:about-list")}?{trial_filter.params.urlencode()}>; rel="describedby"; type="application/json"'
    return response


@require_safe
def export_json(request):
    trial_filter = TrialFilter(request.GET)
    if refusals := _refusals(trial_filter):
        return JsonResponse({"errors": refusals}, status=400)
    data = current_data()
    meta = {
        "title": trial_filter.sentence,
        "url": request.build_absolute_uri(),
        "count": trial_filter.qs.count(),
        "source": "ClinicalTrials.gov",
        "data_timestamp": data.timestamp or None,
        "data_kind": data.kind,
        "generated_at": timezone.now().isoformat(timespec="seconds"),
        "modifications": exports.MODIFICATIONS,
        "endorsement": exports.NO_ENDORSEMENT,
    }
    rows = exports.rows(trial_filter.qs, _site(request))
    response = StreamingHttpResponse(exports.as_json(rows, meta), content_type="application/json")
    response["Content-Disposition"] = f'inline; filename="{_file_name(data, "json")}"'
    return response


# --- Pages about no single trial -------------------------------------------------------------------------------------------


def _page_statements(page):
    return group_by_kind(Statement.objects.published().filter(page=page).select_related("source"))


@require_safe
def about(request):
    return render(request, "trials/about.html", {"limits": _page_statements(Page.LIMITS)})


@require_safe
def clinics(request):
    said = _page_statements(Page.CLINICS)
    questions = said.get(Kind.QUESTION, [])
    sources: dict[Source, list[int]] = {}
    for number, statement in enumerate(questions, start=1):
        sources.setdefault(statement.source, []).append(number)
    return render(request, "trials/clinics.html", {"said": said, "sources": sources.items()})


@require_safe
def words(request):
    return render(request, "trials/words.html", {"groups": ALL_WORDS})


@require_safe
def patterns(request):
    return render(request, "trials/patterns.html", samples())
