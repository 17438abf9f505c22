"""What other programs are told of a page: its one address, its title in a preview, and a trial as schema.org describes one; which pages
there are, and which a crawler need not visit."""

import json
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.cache import cache_page
from django.views.decorators.http import require_safe

from therapies.models import Approach, Therapy
from trials.downloads import site_of
from trials.models import Trial

SITE_NAME = "TrialTracker"

STATUSES = {
    "RECRUITING": "Recruiting",
    "NOT_YET_RECRUITING": "NotYetRecruiting",
    "ENROLLING_BY_INVITATION": "EnrollingByInvitation",
    "ACTIVE_NOT_RECRUITING": "ActiveNotRecruiting",
    "SUSPENDED": "Suspended",
    "COMPLETED": "Completed",
    "TERMINATED": "Terminated",
    "WITHDRAWN": "Withdrawn",
}
"""The registry's codes as schema.org's MedicalStudyStatus; the others have no counterpart and are left out."""

MASKING = {"NONE": "OpenTrial", "SINGLE": "SingleBlindedTrial", "DOUBLE": "DoubleBlindedTrial", "TRIPLE": "TripleBlindedTrial"}


# --- A trial for other programs ----------------------------------------------------------------------------------------------


def study(trial: Trial, site: str) -> dict[str, Any]:
    """A trial as schema.org's MedicalTrial or MedicalObservationalStudy; what the record leaves out is left out. No contacts."""
    said = {
        "@context": "https://schema.org",
        "@type": "MedicalTrial" if trial.study_type == "INTERVENTIONAL" else "MedicalObservationalStudy",
        "name": trial.brief_title or trial.nct_id,
        "alternateName": trial.acronym or None,
        "identifier": trial.nct_id,
        "url": f"{site}{trial.get_absolute_url()}",
        "sameAs": trial.registry_url,
        "status": f"https://schema.org/{STATUSES[trial.status]}" if trial.status in STATUSES else None,
        "sponsor": {"@type": "Organization", "name": trial.sponsor_name} if trial.sponsor_name else None,
        "healthCondition": [{"@type": "MedicalCondition", "name": name} for name in trial.conditions],
        "studyLocation": [{"@type": "AdministrativeArea", "name": name} for name in trial.countries],
    }
    if trial.study_type == "INTERVENTIONAL":
        design = [MASKING.get(trial.masking), "RandomizedTrial" if trial.allocation == "RANDOMIZED" else None]
        said["phase"] = trial.phase_words
        said["trialDesign"] = [f"https://schema.org/{name}" for name in design if name]
    return {key: value for key, value in said.items() if value}


def as_script_text(data: dict[str, Any]) -> str:
    """JSON that can stand in a script element: no character in it can end that element or begin a comment."""
    text = json.dumps(data, ensure_ascii=False)
    return text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


def canonical(request, params=None) -> str:
    """The one address of a page: its path, and of its parameters those that change what it shows, in one spelling."""
    query = params.urlencode() if params else ""
    page = request.GET.get("page", "")
    if page.isascii() and page.isdigit() and int(page) > 1:
        query = f"{query}&page={int(page)}" if query else f"page={int(page)}"
    return f"{site_of(request)}{request.path}{'?' if query else ''}{query}"


# --- Sitemap and robots ------------------------------------------------------------------------------------------------------


class Pages(Sitemap):
    def items(self):
        return [
            "trials:home",
            "trials:list",
            "therapies:list",
            "trials:about",
            "trials:clinics",
            "trials:words",
            "data:changes",
            "data:data",
        ]

    def location(self, name):
        return reverse(name)


class Trials(Sitemap):
    limit = 5000

    def items(self):
        return Trial.objects.listed().select_related("record").only("nct_id", "record__changed_at").order_by("nct_id")

    def lastmod(self, trial):
        return trial.record.changed_at


class Approaches(Sitemap):
    def items(self):
        return Approach.objects.all()


class Therapies(Sitemap):
    def items(self):
        return Therapy.objects.published()


SITEMAPS = {"pages": Pages, "approaches": Approaches, "therapies": Therapies, "trials": Trials}

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /alerts/confirm/
Disallow: /alerts/leave/
Disallow: /trials/export.
Disallow: /api/

Sitemap: {site}/sitemap.xml
"""


@require_safe
def robots(request):
    """The API and the files are for programs that were asked to fetch them, not for search engines."""
    return HttpResponse(ROBOTS.format(site=site_of(request)), content_type="text/plain; charset=utf-8")


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", cache_page(60 * 60)(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
]
