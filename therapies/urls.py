from django.urls import path

from therapies import views

app_name = "therapies"
urlpatterns = [
    path("", views.therapy_list, name="list"),
    path("approach/<slug:slug>/", views.approach_detail, name="approach"),
    path("<slug:slug>/", views.therapy_detail, name="detail"),
]
