from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from trialtracker import health, metrics, second_factor

urlpatterns = [
    path("healthz", health.live),
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("icon.svg")), name="favicon"),  # for who reads no page that names it
    path("readyz", health.ready),
    path("metrics", metrics.metrics),
    path("admin/second-factor/", second_factor.second_factor, name="second-factor"),
    path("admin/", include("trials.admin.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("trials.api.urls")),
    path("alerts/", include("alerts.urls")),
    path("", include("trials.data_urls")),
    path("therapies/", include("therapies.urls")),
    path("", include("trials.urls")),
]
