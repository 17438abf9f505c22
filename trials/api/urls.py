from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from trials.api import views
from trials.api.answers import NothingHere

app_name = "api"
urlpatterns = [
    path("", views.ApiRoot.as_view(), name="root"),
    path("trials/", views.TrialList.as_view(), name="trials"),
    re_path(r"^trials/(?P<nct_id>NCT[0-9]{8})/$", views.TrialOne.as_view(), name="trial"),
    path("facets/", views.FacetCounts.as_view(), name="facets"),
    path("changes/", views.ChangeList.as_view(), name="changes"),
    path("therapies/", views.TherapyList.as_view(), name="therapies"),
    path("therapies/<slug:slug>/", views.TherapyOne.as_view(), name="therapy"),
    path("approaches/", views.ApproachList.as_view(), name="approaches"),
    path("approaches/<slug:slug>/", views.ApproachOne.as_view(), name="approach"),
    path("sync/", views.SyncState.as_view(), name="sync"),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"^.+/$", NothingHere.as_view(schema=None)),
]
