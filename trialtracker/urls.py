from django.contrib import admin
from django.urls import include, path

from trialtracker import health, metrics, second_factor

urlpatterns = [
    path("healthz", health.live),
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
