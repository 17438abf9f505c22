"""Addresses of what leaves the site or tells its history: changes, feeds, calendars, files for taking away."""

from django.urls import path

from trials import history_views

app_name = "data"
urlpatterns = [
    path("changes/", history_views.changes, name="changes"),
]
