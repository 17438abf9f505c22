"""The curators' pages beside Django's own; they stand before them under `/admin/`. Every view is one of the admin site."""

from django.contrib import admin
from django.urls import path

from trials.admin import dashboard, review, rulebook, runs

app_name = "curating"


def page(address, view, name):
    return path(address, admin.site.admin_view(view), name=name)


urlpatterns = [
    page("", dashboard.dashboard, "dashboard"),
    page("trials/review/", review.overview, "queue"),
    page("trials/review/next/", review.next_up, "next"),
    page("trials/review/<str:nct_id>/", review.review, "review"),
    page("trials/review/<str:nct_id>/withdraw/<int:pk>/", review.withdraw, "withdraw"),
    page("trials/sync/", runs.sync_page, "sync"),
    page("trials/sync/progress/", runs.progress, "progress"),
    page("trials/sync/cancel/", runs.cancel, "cancel"),
    page("trials/sync/retry/<int:pk>/", runs.retry_run, "retry"),
    page("trials/rules/", rulebook.rule_book, "rules"),
]
