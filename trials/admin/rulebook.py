"""The rule book: each rule of the classifier with its reason, what it holds for, and which curators overruled it how often."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db.models import Count

from therapies.classifier import VERSION
from therapies.rules import GUARDS, RULES
from trials.admin.review import page
from trials.models import Curation, Finding

KIND_WORDS = {
    "condition": "The disease", "approach": "Approaches", "therapy": "Therapies", "role": "Roles", "donor": "Donors",
    "cell_source": "Cell sources", "route": "Routes",
}  # fmt: skip


@dataclass
class Entry:
    """One rule as the page shows it."""

    rule: object
    trials: int = 0
    confirmed: int = 0
    overruled: Counter = field(default_factory=Counter)  # by the curator's name

    @property
    def overruled_by(self):
        return self.overruled.most_common()

    @property
    def times_overruled(self):
        return self.overruled.total()


def overruled_rules(curation: Curation) -> set[str]:
    """The rules whose statements, as they stood then, a judgement contradicts."""
    approach, therapy = curation.approach and curation.approach.slug, curation.therapy and curation.therapy.slug

    def contradicts(finding):
        match curation.field:
            case Curation.Field.HIDE:
                return finding["kind"] in {"approach", "condition"}
            case Curation.Field.NOT_APPROACH:
                return finding["kind"] == "approach" and finding["value"] == approach
            case Curation.Field.APPROACH:
                return finding["kind"] == "role" and finding["approach"] == approach and finding["value"] != curation.role
            case Curation.Field.NOT_THERAPY:
                return finding["kind"] == "therapy" and finding["value"] == therapy
        return False

    return {finding["rule"] for finding in curation.findings if contradicts(finding)}


def entries(curations: Iterable[Curation]) -> dict[str, Entry]:
    """Every rule by its id, also those that the classifier no longer has but that stored statements name."""
    found = {rule: Entry(known) for rule, known in RULES.items()}
    held = Finding.objects.order_by().values_list("rule").annotate(trials=Count("trial", distinct=True))
    for rule, trials in held:
        found.setdefault(rule, Entry(None)).trials = trials
    for curation in curations:
        if curation.field == Curation.Field.CONFIRM:
            for rule in {finding["rule"] for finding in curation.findings}:
                found.setdefault(rule, Entry(None)).confirmed += 1
        for rule in overruled_rules(curation):
            found.setdefault(rule, Entry(None)).overruled[curation.judged_by.get_username()] += 1
    return found


def rule_book(request):
    if not request.user.has_perm("trials.view_finding"):
        raise PermissionDenied
    curations = Curation.objects.filter(withdrawn_at=None).select_related("approach", "therapy", "judged_by").defer("basis")
    groups = defaultdict(list)
    for rule, entry in entries(curations).items():
        groups[KIND_WORDS.get(entry.rule.kind, "Others") if entry.rule else "No longer in force"].append((rule, entry))
    everything = [item for group in groups.values() for item in group]
    worst = sorted((item for item in everything if item[1].overruled), key=lambda item: -item[1].times_overruled)[:10]
    return page(request, "admin/rules.html", title="Rule book", groups=dict(groups), worst=worst, guards=GUARDS, version=VERSION)
