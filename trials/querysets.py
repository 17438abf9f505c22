"""What one asks of trials, named for its use. Every page, export and feed starts from `listed()`."""

from django.db import models
from django.db.models import Prefetch, Q

from trials.vocabulary import OPEN_STATUSES, Phase


def phase_values(code):
    """Every stored `phases` value that contains a phase code: PHASE2 stands alone, in PHASE1/PHASE2 and in PHASE2/PHASE3."""
    order = list(Phase.values)
    pairs = [f"{first}/{second}" for i, first in enumerate(order) for second in order[i + 1 :]]
    return [code, *(pair for pair in pairs if code in pair.split("/"))]


class TrialQuerySet(models.QuerySet):
    def listed(self):
        """Trials that the public sees: classified above the bar or confirmed, not hidden."""
        return self.filter(is_listed=True)

    def open(self):
        """Trials that take people now or plan to."""
        return self.filter(status__in=OPEN_STATUSES)

    def in_phase(self, *codes):
        """Trials in any of these phases; a phase 1/2 trial is in both. `none` stands for records that state no phase."""
        values = [value for code in codes for value in ([""] if code == "none" else phase_values(code))]
        return self.filter(phases__in=values)

    def in_country(self, *names):
        return self.filter(pk__in=self.model.trial_countries.rel.related_model.objects.filter(name__in=names).values("trial"))

    def matching(self, text):
        """Trials whose titles, ids, interventions, conditions, sponsor, places or summary hold every word of `text`."""
        condition = Q()
        for word in text.casefold().split():
            condition &= Q(search_text__contains=word)
        return self.filter(condition)

    def for_list(self):
        """With what a row of a list shows, in a fixed number of queries whatever the number of rows."""
        return self.defer(
            "brief_summary", "detailed_description", "eligibility_criteria", "search_text", "study_population"
        ).prefetch_related("trial_approaches__approach", "trial_therapies__therapy")

    def for_detail(self):
        """With everything that the detail page shows."""
        return self.select_related("record").prefetch_related(
            "trial_approaches__approach",
            "trial_therapies__therapy",
            "collaborators",
            "arms",
            "interventions",
            "outcomes",
            "contacts",
            "officials",
            "references",
            "links",
            "aliases",
            "findings__approach",
            Prefetch("sites", queryset=self.model.sites.rel.related_model.objects.order_by("country", "city", "facility", "position")),
        )
