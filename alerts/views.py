"""Ask for alerts, confirm, leave. Nothing here tells whether an address is known, and a link does nothing until a button is pressed:
programs that open every link in a mail neither confirm nor leave for anybody."""

import logging

from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from alerts import links, tasks
from alerts.composing import ask, confirm
from alerts.forms import SubscribeForm
from alerts.models import Subscription
from trials.downloads import refusals
from trials.filters import TrialFilter
from trials.models import Trial

log = logging.getLogger(__name__)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request):
    """The parameters in the address say which list, or with `trial` which trial."""
    params = request.GET.copy()
    nct_id = params.pop("trial", [""])[-1]
    trial = Trial.objects.listed().filter(nct_id=nct_id).first() if nct_id else None
    if nct_id and not trial:
        raise Http404(f"No trial {nct_id} is listed here.")
    trial_filter = TrialFilter(params)
    wrong = refusals(trial_filter)
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "trial": trial, "filter": trial_filter, "wrong": wrong}
    if wrong:
        return render(request, "alerts/subscribe.html", context, status=400)
    if request.method == "POST" and form.is_valid():
        query = "" if trial else trial_filter.with_values(sort=[]).urlencode()
        mail = ask(form.cleaned_data["address"], form.cleaned_data["frequency"], timezone.now(), query, trial)
        if mail:
            transaction.on_commit(lambda: _send_soon(mail))
        return render(request, "alerts/asked.html", context | {"address": form.cleaned_data["address"]})
    return render(request, "alerts/subscribe.html", context, status=400 if form.errors else 200)


def _send_soon(mail):
    try:
        tasks.send.delay(mail.pk)
    except (OperationalError, OSError):
        log.warning("the broker cannot be reached; mail %d goes with the next delivery", mail.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_view(request, signed):
    found = links.read("confirm", signed, links.CONFIRM_WITHIN)
    if not found:
        return render(request, "alerts/old_link.html", status=404)
    subscription, (frequency,) = found
    if request.method == "POST":
        confirm(subscription, frequency, timezone.now())
    context = {"subscription": subscription, "frequency": Subscription.Frequency(frequency).label.lower(), "done": request.method == "POST"}
    return render(request, "alerts/confirm.html", context | {"leave": links.leave_link(subscription)})


@csrf_exempt  # RFC 8058: a mail program posts without our form; the signed address is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, signed):
    found = links.read("leave", signed, links.LEAVE_WITHIN)
    if not found:
        return render(request, "alerts/old_link.html", {"leaving": True}, status=404 if request.method != "POST" else 200)
    subscription, _ = found
    others = Subscription.objects.filter(address=subscription.address).exclude(pk=subscription.pk)
    context = {"subscription": subscription, "others": others.count(), "words": subscription.words, "home": reverse("trials:home")}
    if request.method == "POST":
        if "all" in request.POST:
            others.delete()
            context["others"] = 0
        subscription.delete()
        return render(request, "alerts/left.html", context)
    return render(request, "alerts/leave.html", context)
