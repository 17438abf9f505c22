"""One criterion for each query parameter: which trials pass, and the words for its values."""

from trials import models
from trials.bands import LASTED, OTHER, OUTCOMES, PEOPLE, STARTED
from trials.filters.fields import NearField, SortField, WordsField, YesNoField
from trials.filters.kinds import NOT_STATED, CodeCriterion, Criterion, DayCriterion, NumberCriterion, ValuesCriterion, either
from trials.vocabulary import CODES, COURSES, Role

WITH_ARTICLE = {"Bahamas", "Cayman Islands", "Dominican Republic", "Netherlands", "Philippines", "United Arab Emirates", "United Kingdom",
                "United States"}  # fmt: skip


class ApproachCriterion(ValuesCriterion):
    """Together with the role it asks one thing: an approach that is taken in that role."""

    what = "approach"
    place = "before"

    def known(self):
        return {slug: approach.short_name for slug, approach in self.parent.approaches.items()}

    def label_of(self, value):
        approach = self.parent.approaches[value]
        return approach.name if value == "other" else approach.short_name

    def narrow(self, trials, values):
        return trials.taking(values["approach"], values.get("role", ()))

    def words(self, value):
        return either("other stem-cell" if slug == "other" else self.label_of(slug) for slug in value)


class RoleCriterion(ValuesCriterion):
    what = "role"
    WORDS = {
        Role.TREATMENT: "testing a treatment",
        Role.COMPARATOR: "with the cells as the comparator",
        Role.FOLLOW_UP: "following people who were treated",
        Role.SUPPORTIVE: "about care around a transplant",
        Role.CELL_LINE_RESEARCH: "for cell-line research",
    }

    def known(self):
        return CODES["Role"]

    def narrow(self, trials, values):
        return trials if "approach" in values else trials.taking((), values["role"])

    def words(self, value):
        return either(self.WORDS[role] for role in value)


class TherapyCriterion(ValuesCriterion):
    what = "therapy"

    def known(self):
        return {slug: therapy.name for slug, therapy in self.parent.therapies.items()}

    def narrow(self, trials, values):
        return trials.testing(values["therapy"])

    def words(self, value):
        return f"testing {either(self.labels(value))}"


class StatusCriterion(CodeCriterion):
    what = "status"
    column, group = "status", "Status"

    def words(self, value):
        names = {"UNKNOWN": "status unknown", NOT_STATED: "status not stated"}
        return either(names.get(status) or self.label_of(status).lower() for status in value)


class PhaseCriterion(CodeCriterion):
    what = "phase"
    column, group = "phases", "Phase"
    place = "before"

    def known(self):
        return CODES["Phase"] | {NOT_STATED: "No phase stated"}

    def label_of(self, value):
        return self.known().get(value) or super().label_of(value)

    def narrow(self, trials, values):
        return trials.in_phase(*values["phase"])

    def words(self, value):
        numbers = [code.removeprefix("PHASE") for code in value]
        if all(number.isdigit() for number in numbers):
            return f"phase {either(sorted(numbers))}"
        names = {"NA": "phase-less", NOT_STATED: "no-phase-stated"}
        return either(names.get(code) or self.label_of(code).lower() for code in value)


class StudyTypeCriterion(CodeCriterion):
    what = "study type"
    column, group = "study_type", "StudyType"
    place = "before"

    def words(self, value):
        names = {"EXPANDED_ACCESS": "expanded-access", NOT_STATED: "no-type-stated"}
        return either(names.get(code) or self.label_of(code).lower() for code in value)


class CountryCriterion(ValuesCriterion):
    what = "country"

    def known(self):
        return {NOT_STATED: "Not stated"}

    def is_kept(self, value):
        return models.TrialCountry.objects.filter(name=value).exists()

    def narrow(self, trials, values):
        return trials.in_country(*values["country"])

    def check(self, trials, values):
        return trials.naming_country(*values["country"])

    def words(self, value):
        named = [f"the {name}" if name in WITH_ARTICLE else name for name in value if name != NOT_STATED]
        said = [f"in {either(named)}"] if named else []
        return either([*said, "without a stated country"] if NOT_STATED in value else said)


class CourseCriterion(ValuesCriterion):
    """MS courses that the criteria accept, as we read them."""

    what = "MS course"
    place = "beside"

    def known(self):
        return COURSES | {NOT_STATED: "Not stated"}

    def label_of(self, value):
        return self.known()[value]

    def narrow(self, trials, values):
        return trials.accepting_course(*values["course"])

    def words(self, value):
        accepted = [code for code in value if code != NOT_STATED]
        said = [f"that accept {either(accepted)}"] if accepted else []
        if NOT_STATED in value:
            said.append("whose MS course is not stated")
        return either(said)


class SponsorClassCriterion(CodeCriterion):
    what = "kind of sponsor"
    column, group = "sponsor_class", "SponsorClass"
    WORDS = {
        "INDUSTRY": "industry",
        "NIH": "the US National Institutes of Health",
        "FED": "another US federal agency",
        "OTHER_GOV": "another government",
        "NETWORK": "a network",
        "INDIV": "an individual",
        "OTHER": "a university, hospital or other body",
        NOT_STATED: "a body of no stated kind",
    }

    def words(self, value):
        return f"sponsored by {either(self.WORDS.get(code) or self.label_of(code).lower() for code in value)}"


class SponsorCriterion(ValuesCriterion):
    """The lead sponsor's name, as the registry writes it."""

    what = "sponsor"

    def known(self):
        return {NOT_STATED: "Not stated"}

    def is_kept(self, value):
        return models.Trial.objects.filter(sponsor_name=value).exists()

    def narrow(self, trials, values):
        return trials.filter(sponsor_name__in=["" if value == NOT_STATED else value for value in values["sponsor"]])

    def words(self, value):
        return f"sponsored by {either('a body that is not named' if name == NOT_STATED else name for name in value)}"


class PeopleCriterion(ValuesCriterion):
    """How many people take part, actual or estimated, in bands."""

    what = "number of people"

    def known(self):
        return {key: band.label for key, band in PEOPLE.items()} | {NOT_STATED: "Not stated"}

    def narrow(self, trials, values):
        return trials.within("enrollment", [PEOPLE.get(key) for key in values["people"]])

    def words(self, value):
        said = [f"with {PEOPLE[key].label} people" for key in value if key != NOT_STATED]
        return either([*said, "whose number of people is not stated"] if NOT_STATED in value else said)


class StartedCriterion(ValuesCriterion):
    """The year of the start, in bands."""

    what = "start"

    def known(self):
        return {key: band.label for key, band in STARTED.items()} | {NOT_STATED: "Not stated"}

    def narrow(self, trials, values):
        return trials.started_in([STARTED.get(key) for key in values["started"]])

    def words(self, value):
        said = [f"started {STARTED[key].label}" for key in value if key != NOT_STATED]
        return either([*said, "without a stated start"] if NOT_STATED in value else said)


class EnrollmentKindCriterion(CodeCriterion):
    what = "kind of enrolment"
    column, group = "enrollment_kind", "DateKind"
    of = "enrolment"

    def words(self, value):
        said = [self.label_of(code).lower() for code in value if code != NOT_STATED]
        return f"{self.of} {either([*said, 'neither actual nor estimated'] if NOT_STATED in value else said)}"


class CompletionKindCriterion(EnrollmentKindCriterion):
    what = "kind of completion date"
    column, of = "completion_date_kind", "completion date"


class LastedCriterion(ValuesCriterion):
    """Completed years from start to completion, actual or estimated; known where both dates name at least a month, in that order."""

    what = "time from start to completion"

    def known(self):
        return {key: band.label[0].upper() + band.label[1:] for key, band in LASTED.items()} | {NOT_STATED: "Not known"}

    def narrow(self, trials, values):
        return trials.with_months().within("months", [LASTED.get(key) for key in values["lasted"]])

    def words(self, value):
        said = [f"lasting {LASTED[key].label}" for key in value if key != NOT_STATED]
        return either([*said, "whose length is not known"] if NOT_STATED in value else said)


class OutcomeCriterion(ValuesCriterion):
    """What a primary outcome measures, told by the word list of `trials.bands`."""

    what = "primary outcome"

    def known(self):
        return {key: group.label for key, group in OUTCOMES.items()} | {OTHER: "Other", NOT_STATED: "None stated"}

    def narrow(self, trials, values):
        groups = [OUTCOMES[key].words for key in values["outcome"] if key in OUTCOMES]
        every = [word for group in OUTCOMES.values() for word in group.words]
        return trials.measuring(groups, others_than=every if OTHER in values["outcome"] else None, or_none=NOT_STATED in values["outcome"])

    def words(self, value):
        names = {OTHER: "something else", NOT_STATED: "nothing stated"}
        return f"whose primary outcome is about {either(names.get(key) or self.label_of(key) for key in value)}"


class ResultsCriterion(Criterion):
    field_class = YesNoField
    is_named = False

    def narrow(self, trials, values):
        return trials.filter(has_results=values["has_results"])

    def label_of(self, value):
        return "Results posted" if value in (True, "yes") else "No results posted"

    def chosen(self, value):
        return ["yes" if value else "no"]

    def words(self, value):
        return "with results on ClinicalTrials.gov" if value else "without results on ClinicalTrials.gov"


class StartStatedCriterion(ResultsCriterion):
    """Whether the record gives a start date."""

    is_named = True

    def narrow(self, trials, values):
        return trials.filter(start_date__isnull=not values["start_stated"])

    def label_of(self, value):
        return "Stated" if value in (True, "yes") else "Not stated"

    def words(self, value):
        return "with a stated start" if value else "without a stated start"


class YearCriterion(NumberCriterion):
    """A bound of the start date by calendar year; a start that the record leaves out is neither before nor after."""

    def narrow(self, trials, values):
        year = values[self.field_name]
        return trials.filter(**{self.lookup: f"{year + 1 if self.lookup.endswith('__lt') else year:04}"})


class UpdatedSinceCriterion(DayCriterion):
    """Records whose last update was posted on this day or later."""

    def narrow(self, trials, values):
        return trials.filter(last_update_posted__gte=values["updated_since"].isoformat())


class AllocationCriterion(CodeCriterion):
    what = "allocation"
    column, group = "allocation", "Allocation"
    WORDS = {"RANDOMIZED": "randomised", "NON_RANDOMIZED": "not randomised", "NA": "allocation not applicable"}

    def words(self, value):
        return either(self.WORDS.get(code) or self.label_of(code).lower() for code in value)


class MaskingCriterion(CodeCriterion):
    what = "masking"
    column, group = "masking", "Masking"

    def words(self, value):
        return either("open label" if code == "NONE" else f"{self.label_of(code).lower()} masking" for code in value)


class TextCriterion(Criterion):
    field_class = WordsField

    def narrow(self, trials, values):
        return trials.matching(self.parent.query)

    def words(self, value):
        return f"matching “{value}”"


class NearCriterion(Criterion):
    """A place to measure distances from. Alone it narrows nothing: it orders the list, nearest first."""

    field_class = NearField

    def narrow(self, trials, values):
        return trials

    def words(self, value):
        within = self.parent.values.get("within")
        return f"within {within:,} km of {value}" if within else f"nearest to {value} first" if self.parent.is_by_distance else ""


class WithinCriterion(NumberCriterion):
    """A radius in kilometres around the place, as the crow flies, to any site of a trial."""

    is_named = True

    def narrow(self, trials, values):
        return trials.around(values["near"], values["within"]) if "near" in values else trials

    def words(self, value):
        return ""  # the place says it


class SortCriterion(ValuesCriterion):
    """The order of the list. It narrows nothing and has no part in the sentence."""

    field_class = SortField
    what = "order"
    ORDERS = {
        "relevance": "Best match first",
        "distance": "Nearest first",
        "open": "Open to people first",
        "-last_update": "Latest update first",
        "last_update": "Oldest update first",
        "-start": "Latest start first",
        "start": "Earliest start first",
        "-enrollment": "Most people first",
        "enrollment": "Fewest people first",
        "title": "Title, A to Z",
        "-title": "Title, Z to A",
    }

    def known(self):
        return self.ORDERS

    def narrow(self, trials, values):
        return trials

    def words(self, value):
        return ""
