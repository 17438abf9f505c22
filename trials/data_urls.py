"""Addresses of what leaves the site or tells its history: changes, feeds, calendars, files for taking away."""

from django.urls import path, re_path

from trials import export_views, feeds, history_views, landscape_views, sharing

app_name = "data"
urlpatterns = [
    path("changes/", history_views.changes, name="changes"),
    path("changes/feed.atom", feeds.changes, name="changes-feed"),
    path("landscape/", landscape_views.landscape, name="landscape"),
    path("landscape/<slug:key>.csv", landscape_views.figure_csv, name="landscape-csv"),
    path("data/", export_views.data, name="data"),
    path("data/snapshots/", export_views.snapshot_list, name="snapshots"),
    path("data/snapshots/<str:name>/<str:file>", export_views.snapshot_file, name="snapshot-file"),
    path("trials/export.meta.json", export_views.about_list, name="about-list"),
    re_path(r"^trials/export\.(?P<extension>jsonl|xlsx|parquet|ris|bib)$", export_views.export, name="export"),
    path("trials/feed.atom", feeds.new_trials, name="trials-feed"),
    path("trials/dates.ics", feeds.dates, name="dates"),
    re_path(r"^trials/(?P<nct_id>NCT[0-9]{8})/feed\.atom$", feeds.trial_changes, name="trial-feed"),
    *sharing.urlpatterns,
]
