"""What one asks of trials, named for its use. Every page, export and feed starts from `listed()`."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    TextField,
    When,
)
from django.db.models.functions import Cast, Length, Lower, Substr

from trials import nearby, search
from trials.vocabulary import CODES, OPEN_STATUSES, Phase, Status, label


def phase_values(code):
    """Every stored `phases` value that contains a phase code: PHASE2 stands alone, in PHASE1/PHASE2 and in PHASE2/PHASE3."""
    order = list(Phase.values)
    pairs = [f"{first}/{second}" for i, first in enumerate(order) for second in order[i + 1 :]]
    return [code, *(pair for pair in pairs if code in pair.split("/"))]


def _in_words(column, template, output_field):
    """An expression without parameters, so that an index which is made of it serves the queries which use it, on either database."""
    return Func(F(column), template=template, output_field=output_field)


_OPEN_LATER = ", ".join(f"'{status}'" for status in OPEN_STATUSES if status != Status.RECRUITING)
OPENNESS = _in_words(
    "status", f"CASE WHEN %(expressions)s = '{Status.RECRUITING}' THEN 0 WHEN %(expressions)s IN ({_OPEN_LATER}) THEN 1 ELSE 9 END",
    models.IntegerField(),
)  # fmt: skip
"""Trials that look for people now, then those that will or may, then the rest."""

LATEST = _in_words("last_update_posted", "COALESCE(%(expressions)s, '')", models.CharField()).desc()
"""Latest update first, those without one last."""

ORDERS = {
    "open": (OPENNESS, LATEST),
    "-last_update": (LATEST,),
    "last_update": (F("last_update_posted").asc(nulls_last=True),),
    "-start": (F("start_date").desc(nulls_last=True),),
    "start": (F("start_date").asc(nulls_last=True),),
    "-enrollment": (F("enrollment").desc(nulls_last=True),),
    "enrollment": (F("enrollment").asc(nulls_last=True),),
    "title": (Lower("brief_title"),),
    "-title": (Lower("brief_title").desc(),),
}

CARD = ("nct_id", "brief_title", "acronym", "status", "status_verified", "phases", "countries", "enrollment", "enrollment_kind",
        "minimum_age_years", "maximum_age_years", "ms_courses", "edss_min", "edss_max", "start_date", "sponsor_name", "last_update_posted",
        "has_results", "why_stopped", "record__gone_at")  # fmt: skip
"""What a card or a row under a therapy shows of a trial."""

_SAYS_NOTHING_ELSE = Q(status__in=[Status.RECRUITING, ""])
_LOOKS_FOR_PEOPLE = Q(trial__status=Status.RECRUITING) & _SAYS_NOTHING_ELSE
"""What holds of a site that looks for people: its trial does, and it does not say otherwise."""


@dataclass(frozen=True, slots=True)
class StatusGroup:
    """Trials of one status: `phases` pairs the words of a phase, empty where none is stated, with its trials."""

    status: str
    phases: list

    @property
    def words(self):
        return label("Status", self.status) if self.status else "Status not stated"

    @property
    def count(self):
        return sum(len(trials) for _, trials in self.phases)


def _status_rank(status):
    return list(CODES["Status"]).index(status) if status in CODES["Status"] else len(CODES["Status"])


def _phase_rank(item):
    """Early phases first, then studies without phases, then those that state none."""
    codes = list(CODES["Phase"])
    return [codes.index(code) if code in codes else len(codes) for code in item[0].split("/")] if item[0] else [len(codes) + 1]


def _month_number(column):
    """Months since the year 0, of a date that names at least a month."""
    return Cast(Substr(column, 1, 4), models.IntegerField()) * 12 + Cast(Substr(column, 6, 2), models.IntegerField())


def _any_word(words):
    condition = Q()
    for word in words:
        condition |= Q(measure__icontains=word)
    return condition


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
        """Trials with a site in any of these countries; `none` stands for records that name no country."""
        rows = self.model.trial_countries.rel.related_model.objects.order_by()
        condition = Q(pk__in=rows.filter(name__in=names).values("trial"))
        return self.filter(condition | ~Q(pk__in=rows.values("trial")) if "none" in names else condition)

    def naming_country(self, *names):
        """As `in_country`, told by each trial's own row, in words that PostgreSQL alone knows: for trials that something else has found."""
        condition = Q()
        for name in names:
            condition |= Q(countries=[]) if name == "none" else Q(countries__has_key=name)
        return self.filter(condition)

    def condition(self):
        """What these ask of a trial, as SQL that is true or false of its row, with its values."""
        try:
            sql, given = self.query.get_compiler(connection=connection).compile(self.query.where)
        except EmptyResultSet:
            return "1 = 0", ()
        return sql, tuple(given)

    def within(self, column, bands):
        """Trials whose number in a column lies in any of these `trials.bands.Band`; None stands for a number that is not known."""
        condition = Q()
        for band in bands:
            if band is None:
                condition |= Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": 0})
            else:
                upper = {} if band.below is None else {f"{column}__lt": band.below}
                condition |= Q(**{f"{column}__gte": band.low}, **upper)
        return self.filter(condition)

    def started_in(self, bands):
        """Trials whose start lies in the years of any of these `trials.bands.Band`; None stands for a start that is not stated."""
        condition = Q()
        for band in bands:
            years = {"start_date__gte": str(band.low), "start_date__lt": str(band.below)} if band else {"start_date__isnull": True}
            condition |= Q(**years)
        return self.filter(condition)

    def with_months(self):
        """With `months`, completed months from start to completion by year and month; null where either names only a year or is missing."""
        return self.annotate(start_length=Length("start_date"), completion_length=Length("completion_date")).annotate(
            months=Case(
                When(start_length__gte=7, completion_length__gte=7, then=_month_number("completion_date") - _month_number("start_date")),
                default=None,
                output_field=models.IntegerField(),
            )
        )

    def measuring(self, groups, *, others_than=None, or_none=False):
        """Trials with a primary outcome whose measure contains a word of any of these groups of words; with `others_than`, also those with
        one that contains none of these words; with `or_none`, also those that state no primary outcome."""
        outcomes = self.model.outcomes.rel.related_model.objects.order_by().filter(kind="primary")
        condition = Q(pk__in=outcomes.filter(_any_word(word for group in groups for word in group)).values("trial")) if groups else Q()
        if others_than:
            condition |= Q(pk__in=outcomes.exclude(_any_word(others_than)).values("trial"))
        if or_none:
            condition |= ~Q(pk__in=outcomes.values("trial"))
        return self.filter(condition)

    def taking(self, approaches=(), roles=()):
        """Trials that take one of these approaches in one of these roles; an empty argument leaves its side open."""
        rows = self.model.trial_approaches.rel.related_model.objects.order_by()
        if approaches:
            rows = rows.filter(approach__slug__in=approaches)
        if roles:
            rows = rows.filter(role__in=roles)
        return self.filter(pk__in=rows.values("trial"))

    def testing(self, therapies):
        """Trials of one of these therapies, given by slug."""
        rows = self.model.trial_therapies.rel.related_model.objects.order_by()
        return self.filter(pk__in=rows.filter(therapy__slug__in=therapies).values("trial"))

    def accepting_course(self, *courses):
        """Trials whose criteria accept one of these MS courses, as we read them; `none` stands for trials of which none was read."""
        trials = self.annotate(courses_text=Cast("ms_courses", TextField()))
        condition = Q()
        for course in courses:
            condition |= Q(courses_text="[]") if course == "none" else Q(courses_text__contains=f'"{course}"')
        return trials.filter(condition)

    def with_nct_id(self, nct_id):
        """The trial of this NCT id, or the one that the registry has merged it into; None where there is neither."""
        return self.filter(nct_id=nct_id).first() or self.filter(aliases__nct_id=nct_id).order_by("nct_id").first()

    def by_status_and_phase(self):
        """All of them, as a list of `StatusGroup`: open ones first, and within a status by phase, early to late."""
        groups = {}
        for trial in self.sorted_by("-last_update"):
            groups.setdefault(trial.status, {}).setdefault(trial.phases, []).append(trial)
        return [
            StatusGroup(status, [(trials[0].phase_words, trials) for _, trials in sorted(groups[status].items(), key=_phase_rank)])
            for status in sorted(groups, key=_status_rank)
        ]

    def sorted_by(self, order):
        """In one of the orders of `ORDERS`; what has no value to sort by comes last, the NCT id settles ties."""
        return self.order_by(*ORDERS[order], "pk")

    def around(self, place, kilometres):
        """Trials with a site within so many kilometres of a `places.Place`, as the crow flies."""
        sites = self.model.sites.rel.related_model.objects.order_by().filter(nearby.InBox(place, kilometres))
        return self.filter(pk__in=sites.annotate(km=nearby.kilometres_from(place)).filter(km__lte=kilometres).values("trial"))

    def with_distances(self, place):
        """With `nearest_open_km`, to the nearest site that looks for people, and `nearest_km`, to the nearest of all; None for none.

        A site looks for people where its trial does and it does not say otherwise: where the two disagree, the record is behind.
        """
        sites = self.model.sites.rel.related_model.objects.filter(trial=OuterRef("pk"), latitude__isnull=False)
        sites = sites.annotate(km=nearby.kilometres_from(place)).order_by("km")
        nearest, nearest_open = (found.values("km")[:1] for found in (sites, sites.filter(_LOOKS_FOR_PEOPLE)))
        return self.annotate(nearest_open_km=Subquery(nearest_open), nearest_km=Subquery(nearest))

    def by_distance(self):
        """Of trials `with_distances`: nearest first, those that look for people nowhere after those that do, those without places last."""
        return self.order_by(F("nearest_open_km").asc(nulls_last=True), F("nearest_km").asc(nulls_last=True), "pk")

    def nearest(self, place, first, last):
        """The keys of the trials from `first` up to `last` in the order of `by_distance`, where the rings around a place hold so many that
        look for people; fewer keys where they do not. It looks at the sites in a ring, whatever the number of trials."""
        looking = self.order_by().filter(pk=OuterRef("trial"), status=Status.RECRUITING)
        sites = self.model.sites.rel.related_model.objects.order_by().filter(Exists(looking)).annotate(km=nearby.kilometres_from(place))

        def trials_of(sites):
            trials = sites.values("trial_id").annotate(open_km=Min("km", filter=_SAYS_NOTHING_ELSE), any_km=Min("km"))
            return trials.order_by("open_km", "any_km", "trial_id")

        def reach(sites):
            return trials_of(sites).filter(open_km__isnull=False).values_list("open_km", flat=True)[last - 1 : last].first()

        pks = []
        for kilometres in nearby.rings(place, sites, reach):
            trials = trials_of(sites.filter(nearby.InBox(place, kilometres))).filter(open_km__lte=kilometres)
            pks = list(trials.values_list("trial_id", flat=True)[first:last])
            if len(pks) == last - first:
                break
        return pks

    def matching(self, text):
        """Trials that a typed text finds, or a `search.Query` that was read from one; how it is read stands in `trials.search`."""
        return self.filter(search.matching(text))

    def by_relevance(self, query):
        """Those that `matching(query)` left, best answer first; the NCT id settles ties. A query that finds nothing orders nothing."""
        return self.order_by(search.Relevance(query).desc(), "pk") if query else self.order_by("pk")

    def keys_between(self, first, last, total):
        """The keys of the rows from `first` up to `last` of these, which are `total` and in an order.

        Keys alone are put in order, by an index where one has it, from whichever end is nearer: the last page costs what the first does.
        """
        keys = self.values_list("pk", flat=True)
        return list(keys[first:last]) if first <= total // 2 else list(keys.reverse()[max(0, total - last) : total - first])[::-1]

    def for_cards(self):
        """With what a card shows and little else, in two queries whatever the number of trials: most of a list's time went into columns
        that no card shows."""
        approaches = self.model.trial_approaches.rel.related_model.objects.select_related("approach")
        approaches = approaches.only("trial_id", "role", "approach__slug", "approach__short_name")
        return self.select_related("record").only(*CARD).prefetch_related(Prefetch("trial_approaches", approaches))

    def for_list(self):
        """With all but the long texts and the therapies, in a fixed number of queries whatever the number of rows."""
        approaches = self.model.trial_approaches.rel.related_model.objects.select_related("approach")
        return (
            self.select_related("record")
            .defer("record__payload", "brief_summary", "detailed_description", "eligibility_criteria", "study_population")
            .prefetch_related(Prefetch("trial_approaches", approaches))
        )

    def with_therapies(self):
        """With the published therapies and their names."""
        therapies = self.model.trial_therapies.rel.related_model.objects
        return self.prefetch_related(Prefetch("trial_therapies", therapies.filter(therapy__is_published=True).select_related("therapy")))

    def for_comparing(self):
        """As for a list, with the therapies and the texts that eligibility is read from."""
        trials = self.for_list().with_therapies()
        return trials.defer(None).defer("record__payload", "brief_summary", "detailed_description", "study_population")

    def for_detail(self):
        """With everything that the detail page shows."""
        return (
            self.for_list()
            .with_therapies()
            .defer(None)
            .defer("record__payload")
            .prefetch_related(
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
        )


class ListingQuerySet(models.QuerySet):
    def note_new(self, now):
        """Write down the trials that are listed and were not before, as seen first at `now`; return how many. May be called at any time."""
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO trials_listing (trial_id, listed_at) SELECT record_id, %s FROM trials_trial AS trial
                WHERE is_listed AND NOT EXISTS (SELECT 1 FROM trials_listing WHERE trial_id = trial.record_id) ON CONFLICT DO NOTHING""",
                [connection.ops.adapt_datetimefield_value(now)],
            )
            return cursor.rowcount
