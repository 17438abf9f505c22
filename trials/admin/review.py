"""The review queue: one screen a study, one key press or click a decision, the next comes up.

Everything is a plain form; `keys.js` only presses its buttons. Any record can be opened here, in scope or not, queued or not.
"""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, Q, Value, When
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from therapies.evidence import SHOWN_AS_FACT
from therapies.models import Approach, Therapy
from therapies.rules import RULES
from trials import curation as say
from trials.admin import judging
from trials.basis import changes_since
from trials.derive import conclusion
from trials.evidence import evidence_of
from trials.models import REGISTRY_STUDY_URL, Curation, Record, Trial
from trials.vocabulary import Role, label

READY_REASONS = (
    "The title or the intervention says so.",
    "The arms or the description say so.",
    "The protocol or a publication says so: see the link.",
    "The cells are named only as background or in the criteria.",
    "The cells are the comparator, or were given before the study.",
    "Multiple sclerosis is not what is studied.",
    "No stem cells are given.",
    "It is a duplicate of another record.",
)
USUAL_REASONS = {
    "confirm": "Read; the quoted words say what the rules say.",
    "restate": "Read; the record says otherwise than the rules.",
    "keep": "Read again; what was judged still holds.",
    "exclude": "Read; not a study of stem cells in multiple sclerosis.",
}
DONE = {"confirm": "confirmed", "restate": "judged as you chose", "keep": "kept as it was judged", "exclude": "excluded"}
NOT_TAKEN = ""

KINDS = {
    "changed": ("Changed since a curator judged them", (say.CHANGED, say.RULES_CHANGED)),
    "doubt": ("Below the bar", (say.BELOW_BAR, say.DISEASE_UNCERTAIN)),
    "new": ("Newly in scope", (say.NEW_IN_SCOPE,)),
}
"""Why a trial waits, in the order in which they come up, and how the reasons begin."""


def because(beginnings) -> Q:
    condition = Q()
    for beginning in beginnings:
        condition |= Q(review_reason__contains=beginning)
    return condition


def queue():
    """The trials that wait, those whose judgement has lost its ground first."""
    rank = Case(
        *(When(because(beginnings), then=Value(number)) for number, (_, beginnings) in enumerate(KINDS.values())),
        default=Value(len(KINDS)),
        output_field=IntegerField(),
    )
    waiting = Trial.objects.filter(needs_review=True).annotate(rank=rank)
    return waiting.select_related("record").defer("record__payload").order_by("rank", "nct_id")


class ReviewForm(forms.Form):
    """What a curator may say of a study. Each button sends the same form; only `restate` reads roles and therapies."""

    ready = forms.ChoiceField(
        label="Reason", choices=[(reason, reason) for reason in READY_REASONS], required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(label="In your own words", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    source_url = forms.URLField(label="Link to a source", required=False, max_length=200, assume_scheme="https")
    therapies = forms.ModelMultipleChoiceField(
        Therapy.objects.select_related("approach"), to_field_name="slug", required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.approaches = list(Approach.objects.all())
        for approach in self.approaches:
            self.fields[f"role-{approach.slug}"] = forms.ChoiceField(
                label=approach.short_name, choices=[(NOT_TAKEN, "does not take it"), *Role.choices], required=False
            )

    @property
    def role_fields(self):
        return [(approach, self[f"role-{approach.slug}"]) for approach in self.approaches]

    @property
    def therapy_groups(self):
        """Checkboxes by approach, as (approach, [checkbox, ...], whether any is checked)."""
        chosen = set(self["therapies"].value() or ())
        boxes = list(self["therapies"].subwidgets)
        slugs = {therapy.slug: therapy.approach_id for therapy in self.fields["therapies"].queryset}
        groups = [(approach, [box for box in boxes if slugs[str(box.data["value"])] == approach.pk]) for approach in self.approaches]
        return [(approach, group, any(str(box.data["value"]) in chosen for box in group)) for approach, group in groups if group]

    @property
    def roles(self) -> dict[str, str]:
        """The chosen role of each approach that is taken."""
        chosen = {approach.slug: self.cleaned_data[f"role-{approach.slug}"] for approach in self.approaches}
        return {slug: role for slug, role in chosen.items() if role != NOT_TAKEN}

    def reason_for(self, decision: str) -> str:
        given = [text for text in (self.cleaned_data["ready"], self.cleaned_data["reason"].strip()) if text]
        return " ".join(given) or USUAL_REASONS.get(decision, "")


@dataclass
class Text:
    """One text of the record, its quoted words marked. `path` is the name that the classifier's findings give it."""

    path: str
    marked: SafeString


@dataclass
class Part:
    """A part of the record as shown: its name and texts; `is_aside` where it is only there because it was quoted."""

    name: str
    texts: list[Text] = field(default_factory=list)
    is_aside: bool = False


def marked(text: str, quotes) -> SafeString:
    """Return the text, escaped, with every occurrence of the quotes in a <mark>; quotes that overlap share one."""
    spans = sorted(found.span() for quote in {*quotes} - {""} for found in re.finditer(re.escape(quote), text))
    pieces, last = [], 0
    while spans:
        start, end = spans.pop(0)
        while spans and spans[0][0] < end:
            end = max(end, spans.pop(0)[1])
        pieces += [text[last:start], format_html("<mark>{}</mark>", text[start:end])]
        last = end
    return joined("", [*pieces, text[last:]])


def joined(separator: str, pieces) -> SafeString:
    """The pieces as one; what is not HTML already is escaped."""
    return format_html_join(separator, "{}", ((piece,) for piece in pieces))


def parts_of(study, findings) -> list[Part]:
    """What a curator reads of a study, its quoted words marked. What holds nothing is left out; long texts come only where quoted."""
    quotes = {}
    for finding in findings:
        quotes.setdefault(finding.field, set()).add(finding.quote)

    def text(path, value, before=""):
        return Text(path, format_html("{}{}", before, marked(value, quotes.get(path, ()))))

    def each(path, values):
        return [text(f"{path}[{number}]", value) for number, value in enumerate(values)]

    interventions = []
    for number, item in enumerate(study.interventions):
        path = f"interventions[{number}]"
        kind = f"{label('InterventionType', item.type)}: " if item.type else ""
        interventions.append(text(f"{path}.name", item.name, kind))
        interventions += [text(f"{path}.other_names[{other}]", name, "also ") for other, name in enumerate(item.other_names)]
        interventions.append(text(f"{path}.description", item.description))
    arms = []
    for number, arm in enumerate(study.arms):
        kind = f"{label('ArmType', arm.type)}: " if arm.type else ""
        arms.append(text(f"arms[{number}].label", arm.label, kind))
        arms.append(text(f"arms[{number}].description", arm.description))
    parts = [
        Part("Titles", [text("brief_title", study.brief_title), text("official_title", study.official_title)]),
        Part("Conditions", each("conditions", study.conditions)),
        Part("Interventions", interventions),
        Part("Arms", arms),
        Part("Summary", [text("brief_summary", study.brief_summary)]),
        Part("Keywords", each("keywords", study.keywords)),
        Part("MeSH terms of the conditions", each("condition_meshes", [mesh.term for mesh in study.condition_meshes]), True),
        Part("MeSH terms of the interventions", each("intervention_meshes", [mesh.term for mesh in study.intervention_meshes]), True),
        Part("Detailed description", [text("detailed_description", study.detailed_description)], True),
        Part("Eligibility criteria", [text("eligibility_criteria", study.eligibility_criteria)], True),
    ]
    for part in parts:
        part.texts = [shown for shown in part.texts if shown.marked]
    return [part for part in parts if part.texts and not (part.is_aside and all("<mark>" not in shown.marked for shown in part.texts))]


def difference(old: str, new: str) -> SafeString:
    """Two versions of a text as one, word by word: what went in <del>, what came in <ins>."""
    before, after = old.split(), new.split()
    pieces = []
    for what, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = " ".join(before[start:end]), " ".join(after[first:last])
        if what == "equal":
            pieces.append(gone)
            continue
        pieces += [format_html("<del>{}</del>", gone)] if gone else []
        pieces += [format_html("<ins>{}</ins>", come)] if come else []
    return joined(" ", pieces)


@dataclass
class Turned:
    """A field that reads otherwise than when the study was judged. `together` shows both versions of a single text as one."""

    name: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def together(self):
        return difference(self.old[0], self.new[0]) if len(self.old) == len(self.new) == 1 else ""


@dataclass
class Row:
    """One statement of the classifier, as a line of the table."""

    kind: str
    value: str
    finding: object
    says: str

    @property
    def percent(self):
        return round(self.finding.confidence * 100)

    @property
    def is_fact(self):
        return self.finding.confidence >= SHOWN_AS_FACT


def rows_of(classification) -> list[Row]:
    findings = [classification.condition] if classification.condition else []
    findings += [finding for match in classification.matches for finding in match.findings]
    return [Row(found.kind.replace("_", " "), found.value, found, _says(found.rule)) for found in findings]


def _says(rule: str) -> str:
    known = RULES.get(rule)
    return f"This study {known.says}." if known else ""


def may_judge(request):
    if not request.user.has_perm("trials.add_curation"):
        raise PermissionDenied


def page(request, template, status=200, **context):
    """A page of the admin's own look; `title` is its heading."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)


def overview(request):
    """How many wait and why, and the way in."""
    may_judge(request)
    waiting = queue()
    kinds = [(words, waiting.filter(because(beginnings)).count()) for words, beginnings in KINDS.values()]
    skipped = Trial.objects.filter(needs_review=True, pk__in=request.session.get("skipped", [])).count()
    context = {"title": "Review queue", "kinds": kinds, "count": waiting.count(), "skipped": skipped, "trials": waiting[:100]}
    return page(request, "admin/review/overview.html", **context)


def next_up(request):
    """Open the next study of the queue; those skipped in this session come last of all, when one asks for them."""
    may_judge(request)
    if "again" in request.GET:
        request.session["skipped"] = []
    trial = queue().exclude(pk__in=request.session.get("skipped", [])).first()
    return redirect("curating:review", trial.nct_id) if trial else redirect("curating:queue")


def review(request, nct_id):
    """The screen of one study, and what its buttons send."""
    may_judge(request)
    record = get_object_or_404(Record, nct_id=nct_id)
    if request.method != "POST":
        return _screen(request, record)
    form = ReviewForm(request.POST)
    decision = request.POST.get("decision", "")
    if not form.is_valid():
        return _screen(request, record, form, status=422)
    if decision == "skip":
        return _skip(request, record, form)
    if decision == "note":
        return _note(request, record, form)
    if decision not in USUAL_REASONS:
        form.add_error(None, "Press one of the buttons: confirm, record my choice, exclude or skip.")
        return _screen(request, record, form, status=422)
    choose = {
        "confirm": lambda derived: judging.CONFIRM,
        "exclude": lambda derived: judging.EXCLUDE,
        "keep": judging.as_shown,
        "restate": lambda derived: say.answer(
            derived.classification, form.roles, [therapy.slug for therapy in form.cleaned_data["therapies"]]
        ),
    }[decision]
    try:
        judging.check(record, form.cleaned_data["seen"])
        if problem := _problem(decision, form, conclusion(record)):
            form.add_error(None, problem)
            return _screen(request, record, form, status=422)
        judging.decide(
            record,
            choose,
            by=request.user,
            reason=form.reason_for(decision),
            source_url=form.cleaned_data["source_url"],
            seen=form.cleaned_data["seen"],
        )
    except judging.Overtaken as overtaken:
        return _screen(request, record, form, overtaken=overtaken, status=409)
    undo = reverse("curating:review", args=[record.nct_id])
    words = f"{record.nct_id} is {DONE[decision]}. {Trial.objects.filter(needs_review=True).count()} still wait."
    messages.success(request, format_html('{} <a href="{}">Look at it again or withdraw</a>', words, undo))
    return redirect("curating:next")


def _problem(decision, form, derived) -> str:
    """Why a decision cannot be taken, or nothing."""
    if decision == "confirm" and not derived.classification.matches:
        return "Our classifier says nothing of stem cells here, so there is nothing to confirm. Choose an approach, or exclude the study."
    if decision in {"confirm", "restate"} and judging.is_excluded(derived):
        return "This study is excluded. Withdraw the exclusion first, or keep it."
    if decision == "restate" and not form.roles:
        return "You chose no approach. Choose one with its role, or exclude the study."
    if decision == "keep" and not derived.judgements:
        return "Nobody has judged this study yet, so there is nothing to keep."
    return ""


def _skip(request, record, form):
    """Leave a study for later; words typed for it stay with it as a note."""
    skipped = request.session.get("skipped", [])
    request.session["skipped"] = [*(pk for pk in skipped if pk != record.pk), record.pk]
    if reason := form.reason_for("skip"):
        judging.decide(record, judging.NOTE, by=request.user, reason=reason, source_url=form.cleaned_data["source_url"])
    return redirect("curating:next")


def _note(request, record, form):
    if reason := form.reason_for("note"):
        judging.decide(record, judging.NOTE, by=request.user, reason=reason, source_url=form.cleaned_data["source_url"])
        messages.success(request, "Your note is kept.")
        return redirect("curating:review", record.nct_id)
    form.add_error("reason", "Write the note.")
    return _screen(request, record, form, status=422)


@require_POST
def withdraw(request, nct_id, pk):
    """Take one judgement back."""
    if not request.user.has_perm("trials.change_curation"):
        raise PermissionDenied
    record = get_object_or_404(Record, nct_id=nct_id)
    curation = get_object_or_404(record.curations, pk=pk)
    why = request.POST.get("why", "").strip() or "Withdrawn by a curator."
    if judging.withdraw([curation], by=request.user, why=why):
        messages.success(request, "The judgement is withdrawn; it stays in the log.")
    else:
        messages.warning(request, "That judgement was withdrawn already.")
    return redirect("curating:review", record.nct_id)


def _screen(request, record, form=None, overtaken=None, status=200):
    derived = conclusion(record)
    found, evidence = derived.classification, evidence_of(derived.study)
    rows = rows_of(found)
    curations = list(record.curations.select_related("approach", "therapy", "judged_by", "withdrawn_by").order_by("-judged_at", "-pk"))
    judged = [curation for curation in curations if curation.withdrawn_at is None and curation.field != Curation.Field.NOTE]
    changes = [change for curation in judged for change in changes_since(curation.basis, evidence)]
    names = {approach.slug: approach.short_name for approach in Approach.objects.all()}
    therapies = {therapy.slug: therapy.name for therapy in Therapy.objects.all()}
    said = {statement.approach: statement for statement in say.statements_of(found)}
    shown = {item.approach: item for item in derived.effective.approaches}
    if form is None:
        form = ReviewForm(initial=_proposal(record, said, shown, derived))
    else:
        form.data = form.data.copy()
        form.data["seen"] = judging.stamp(record)
    position = list(queue().exclude(pk__in=request.session.get("skipped", [])).values_list("pk", flat=True))
    return page(
        request,
        "admin/review/screen.html",
        status=status,
        title=f"{record.nct_id}: {derived.study.brief_title}",
        record=record,
        trial=Trial.objects.filter(pk=record.pk).only("pk", "nct_id", "is_listed").first(),
        study=derived.study,
        status_words=label("Status", derived.study.overall_status) if derived.study.overall_status else "not stated",
        parts=parts_of(derived.study, [*(row.finding for row in rows), *found.mentions]),
        rows=rows,
        mentions=found.mentions,
        both=[
            (
                names[slug],
                label("Role", said[slug].role) if slug in said else "",
                label("Role", shown[slug].role) if slug in shown else "",
                slug in shown and shown[slug].origin == "curator",
            )
            for slug in names
            if slug in said or slug in shown
        ],
        shown_therapies=[therapies.get(slug, slug) for slug in derived.effective.therapies],
        reasons=derived.effective.review_reasons,
        standing=[curation for curation in curations if curation.withdrawn_at is None],
        withdrawn=[curation for curation in curations if curation.withdrawn_at is not None],
        changes=[Turned(change.field.replace("_", " ").capitalize(), change.old, change.new) for change in dict.fromkeys(changes)],
        is_excluded=judging.is_excluded(derived),
        can_keep=bool(derived.judgements),
        can_confirm=bool(found.matches) and not judging.is_excluded(derived),
        usual=USUAL_REASONS,
        form=form,
        overtaken=overtaken,
        bar=round(SHOWN_AS_FACT * 100),
        is_queued=record.pk in position,
        waiting=len(position),
        registry_url=f"{REGISTRY_STUDY_URL}{record.nct_id}",
    )


def _proposal(record, said, shown, derived):
    """What the form holds when it is opened: what is shown now and, where nothing is, what the classifier thinks."""
    roles = {slug: item.role for slug, item in (shown or said).items()}
    therapies = derived.effective.therapies if shown else [slug for item in said.values() for slug in item.therapies]
    return {"seen": judging.stamp(record), "therapies": list(therapies), **{f"role-{slug}": role for slug, role in roles.items()}}
