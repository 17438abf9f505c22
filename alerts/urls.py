from django.urls import path

from alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.subscribe, name="subscribe"),
    path("confirm/<str:signed>/", views.confirm_view, name="confirm"),
    path("leave/<str:signed>/", views.leave, name="leave"),
]
