"""The pages about approaches and therapies: what is said of each, with its source, and its trials by status and phase.

Trials come through the reverse relations, so that nothing here imports them.
"""

from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from therapies.models import Approach, Therapy

LISTED = Count("trials", filter=Q(trials__is_listed=True))


@require_safe
def therapy_list(request):
    therapies = Therapy.objects.published().with_statements().annotate(listed=LISTED).order_by("position", "name")
    approaches = Approach.objects.with_statements().annotate(listed=LISTED).order_by("position")
    approaches = approaches.prefetch_related(Prefetch("therapies", therapies))
    return render(request, "therapies/list.html", {"approaches": approaches})


@require_safe
def approach_detail(request, slug):
    approach = get_object_or_404(Approach.objects.with_statements(), slug=slug)
    therapies = approach.therapies.published().annotate(listed=LISTED).order_by("position", "name")
    groups = approach.trials.listed().for_cards().by_status_and_phase()
    return render(request, "therapies/approach.html", {"approach": approach, "therapies": therapies, "groups": groups})


@require_safe
def therapy_detail(request, slug):
    therapy = get_object_or_404(Therapy.objects.published().for_detail(), slug=slug)
    groups = therapy.trials.listed().for_cards().by_status_and_phase()
    return render(request, "therapies/detail.html", {"therapy": therapy, "groups": groups})
