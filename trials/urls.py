from django.urls import path, re_path

from trials import views

app_name = "trials"
urlpatterns = [
    path("", views.home, name="home"),
    path("trials/", views.trial_list, name="list"),
    path("trials/export.csv", views.export_csv, name="export-csv"),
    path("trials/export.json", views.export_json, name="export-json"),
    re_path(r"^trials/(?P<nct_id>[Nn][Cc][Tt]\d{8})/$", views.trial_detail, name="detail"),
    path("for-me/", views.for_me, name="for-me"),
    path("near-me/", views.near_me, name="near-me"),
    path("shortlist/", views.shortlist, name="shortlist"),
    path("for-neurologist/", views.for_neurologist, name="for-neurologist"),
    path("compare/", views.compare, name="compare"),
    path("about/", views.about, name="about"),
    path("clinics/", views.clinics, name="clinics"),
    path("words/", views.words, name="words"),
    path("patterns/", views.patterns, name="patterns"),
]
