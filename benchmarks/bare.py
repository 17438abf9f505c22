"""What the list is measured against: a view that asks nothing and renders 25 constant rows, and one that answers constant bytes."""

from __future__ import annotations

from functools import cache

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from trials.models import Trial
from trials.views import PER_PAGE
from trialtracker.urls import urlpatterns as site


@cache
def rows() -> list[Trial]:
    return list(Trial.objects.listed().for_cards()[:PER_PAGE])


def bare(request):
    return render(request, "bare.html", {"trials": rows(), "data": {}})


def constant(request):
    return HttpResponse(b"x" * 60_000)


urlpatterns = [path("bare/", bare), path("constant/", constant), *site]
