"""What the API's answers look like, field by field. A list's rows have the columns of the exports, in their words (`exports.COLUMNS`)."""

from rest_framework import serializers

from therapies.models import Source, Statement
from trials import models
from trials.exports import COLUMNS

FIELD_OF_KIND = {
    "text": lambda meaning: serializers.CharField(help_text=meaning, allow_null=True),
    "date": lambda meaning: serializers.CharField(help_text=meaning, allow_null=True),
    "number": lambda meaning: serializers.FloatField(help_text=meaning, allow_null=True),
    "boolean": lambda meaning: serializers.BooleanField(help_text=meaning, allow_null=True),
    "list": lambda meaning: serializers.ListField(child=serializers.CharField(), help_text=meaning),
}


def _columns(required):
    fields = {column.name: FIELD_OF_KIND[column.kind](column.meaning) for column in COLUMNS}
    for field in fields.values():
        field.required = required
    return fields


TrialRow = type(
    "TrialRow", (serializers.Serializer,), {"__doc__": "A trial as a list gives it; with `fields`, some of it."} | _columns(False)
)
TrialColumns = type("TrialColumns", (serializers.Serializer,), _columns(True))


class Meta(serializers.Serializer):
    """What an answer holds, in words, and what it rests on: enough to cite it."""

    title = serializers.CharField(help_text="What is asked for, in words.")
    count = serializers.IntegerField(help_text="How many there are in all, on all pages.")
    url = serializers.CharField(help_text="The page of this site that shows the same.")
    filters = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), help_text="The filters in force, by key.")
    source = serializers.CharField()
    data_timestamp = serializers.CharField(allow_null=True, help_text="When ClinicalTrials.gov processed the data, as it gives it.")
    data_kind = serializers.CharField(help_text="live, files, starter or none: where the data came from.")
    retrieved_on = serializers.DateField(help_text="The day of this answer.")
    software = serializers.CharField()
    rules_version = serializers.CharField(help_text="Version of the rules behind our labels.")
    modifications = serializers.CharField(help_text="What we have added to the registry's data.")
    terms = serializers.CharField(help_text="On what terms you may use it.")
    endorsement = serializers.CharField()
    citation = serializers.CharField(help_text="One sentence to put under a table.")


class TrialPage(serializers.Serializer):
    meta = Meta()
    next = serializers.CharField(allow_null=True, help_text="The address of the next page; null at the end.")
    results = TrialRow(many=True)


def _part(model, *fields):
    """A serializer of some columns of a trial's part."""
    meta = type("Meta", (), {"model": model, "fields": fields})
    return type(f"Trial{model.__name__}", (serializers.ModelSerializer,), {"Meta": meta})


class PersonSerializer(serializers.Serializer):
    name = serializers.CharField(required=False)
    role = serializers.CharField(required=False)
    phone = serializers.CharField(required=False)
    phone_ext = serializers.CharField(required=False)
    email = serializers.CharField(required=False)


class SiteSerializer(serializers.ModelSerializer):
    contacts = PersonSerializer(many=True)

    class Meta:
        model = models.Site
        fields = ("facility", "city", "state", "zip", "country", "status", "latitude", "longitude", "contacts")


class FindingSerializer(serializers.ModelSerializer):
    """Why the trial has its labels: which rule saw which words in which field of the record."""

    approach = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)

    class Meta:
        model = models.Finding
        fields = ("approach", "kind", "value", "rule", "field", "quote", "confidence")


PARTS = {
    "collaborators": _part(models.Collaborator, "name", "sponsor_class")(many=True),
    "arms": _part(models.Arm, "label", "type", "description", "intervention_names")(many=True),
    "interventions": _part(models.Intervention, "name", "type", "description", "other_names", "arm_labels")(many=True),
    "outcomes": _part(models.Outcome, "kind", "measure", "description", "time_frame")(many=True),
    "sites": SiteSerializer(many=True),
    "contacts": _part(models.Contact, "name", "role", "phone", "phone_ext", "email")(many=True),
    "officials": _part(models.Official, "name", "role", "affiliation")(many=True),
    "references": _part(models.Reference, "citation", "pmid", "type", "retractions")(many=True),
    "links": _part(models.Link, "url", "label")(many=True),
    "findings": FindingSerializer(many=True),
}


class StatementSerializer(serializers.ModelSerializer):
    """One thing said, with the source it rests on."""

    class SourceSerializer(serializers.ModelSerializer):
        class Meta:
            model = Source
            fields = ("label", "url", "published", "checked_on")

    source = SourceSerializer()

    class Meta:
        model = Statement
        fields = ("kind", "text", "source")


def _detail():
    text = {
        "official_title": "Official title.",
        "brief_summary": "Brief summary, as the registry has it (CommonMark).",
        "detailed_description": "Detailed description (CommonMark).",
        "eligibility_criteria": "Who can take part, in the registry's words (CommonMark).",
        "observational_model": "The registry's code.",
        "time_perspective": "The registry's code.",
        "primary_purpose": "The registry's code.",
        "org_study_id": "The sponsor's own id.",
        "first_posted": "When the record was first posted.",
        "responsible_party_name": "Who answers for the record.",
        "responsible_party_affiliation": "And where they work.",
    }
    fields = {name: serializers.CharField(help_text=meaning, allow_null=True) for name, meaning in text.items()}
    fields["keywords"] = serializers.ListField(child=serializers.CharField())
    fields["condition_meshes"] = serializers.ListField(child=serializers.CharField(), help_text="MeSH terms of the conditions.")
    fields["intervention_meshes"] = serializers.ListField(child=serializers.CharField(), help_text="MeSH terms of the interventions.")
    fields["merged_nct_ids"] = serializers.ListField(child=serializers.CharField(), help_text="Ids that the registry has merged into this.")
    fields["healthy_volunteers"] = serializers.BooleanField(allow_null=True)
    return fields


DETAIL = _detail()
TrialDetail = type(
    "TrialDetail",
    (TrialColumns,),
    {"__doc__": "All of a trial that the site shows; contacts as long as the study is not over."} | DETAIL | PARTS,
)


class ApproachRow(serializers.Serializer):
    slug = serializers.CharField(help_text="As in the parameter approach.")
    name = serializers.CharField()
    short_name = serializers.CharField()
    reviewed_on = serializers.DateField(help_text="When somebody last read every statement against its source.")
    trials = serializers.IntegerField(help_text="Listed trials that take it.")
    url = serializers.CharField()


class ApproachDetail(ApproachRow):
    statements = StatementSerializer(many=True)


class TherapyRow(ApproachRow):
    short_name = None
    slug = serializers.CharField(help_text="As in the parameter therapy.")
    approach = serializers.CharField(help_text="Its approach's slug.")
    other_names = serializers.ListField(child=serializers.CharField())
    donor = serializers.CharField(allow_null=True)
    cell_source = serializers.CharField(allow_null=True)
    route = serializers.CharField(allow_null=True)


class TherapyDetail(TherapyRow):
    statements = StatementSerializer(many=True)


class ApproachList(serializers.Serializer):
    results = ApproachRow(many=True)


class TherapyList(serializers.Serializer):
    results = TherapyRow(many=True)


class FacetOption(serializers.Serializer):
    value = serializers.CharField(help_text="As the parameter takes it; for started, the first and last year.")
    label = serializers.CharField()
    count = serializers.IntegerField(help_text="Trials that it would give under all other filters.")
    is_chosen = serializers.BooleanField()


class FacetShape(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    options = FacetOption(many=True)


class Facets(serializers.Serializer):
    meta = Meta()
    facets = FacetShape(many=True)


class Change(serializers.Serializer):
    """One field that a sync found changed. Of a list, `old` is what was taken away and `new` what was added."""

    nct_id = serializers.CharField()
    title = serializers.CharField()
    field = serializers.CharField()
    label = serializers.CharField(help_text="The field in words.")
    old = serializers.ListField(child=serializers.CharField())
    new = serializers.ListField(child=serializers.CharField())
    is_notable = serializers.BooleanField(help_text="Primary outcomes altered after the start, or enrolment cut.")
    registry_date = serializers.CharField(allow_null=True, help_text="The registry's own date of the update.")
    seen_at = serializers.DateTimeField(help_text="When we saw it.")
    update = serializers.CharField(help_text="The same for all changes that one sync found in one trial.")
    url = serializers.CharField()


class ChangePage(serializers.Serializer):
    meta = Meta()
    next = serializers.CharField(allow_null=True)
    results = Change(many=True)


class Run(serializers.ModelSerializer):
    class Meta:
        model = models.SyncRun
        fields = (
            "kind",
            "state",
            "started_at",
            "finished_at",
            "data_timestamp",
            "fetched",
            "created",
            "updated",
            "unchanged",
            "missing",
            "failed",
        )


class SyncStatus(serializers.Serializer):
    data_timestamp = serializers.CharField(allow_null=True, help_text="When ClinicalTrials.gov processed the data shown, as it gives it.")
    data_kind = serializers.CharField(help_text="live, files, starter or none.")
    data_version = serializers.CharField(help_text="Differs as soon as anything shown may differ.")
    rules_version = serializers.CharField()
    latest = Run(allow_null=True, help_text="The latest run, whatever came of it.")
    latest_complete = Run(allow_null=True, help_text="The latest run that went through.")


class Error(serializers.Serializer):
    parameter = serializers.CharField(allow_null=True)
    message = serializers.CharField()


class Errors(serializers.Serializer):
    errors = Error(many=True)


class Root(serializers.Serializer):
    name = serializers.CharField()
    documentation = serializers.CharField()
    openapi = serializers.CharField()
    addresses = serializers.DictField(child=serializers.CharField())
