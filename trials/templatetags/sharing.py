"""`{% share %}` in the head of every page: its canonical address, a preview for those who are sent the link, and of a trial its
description as schema.org has it."""

from django import template
from django.utils.safestring import mark_safe

from trials import sharing

register = template.Library()

USUAL = (
    "Stem-cell trials in multiple sclerosis",
    "Clinical trials of stem-cell treatment for multiple sclerosis, from the public record of ClinicalTrials.gov, in plain words.",
)


@register.inclusion_tag("_partials/share.html", takes_context=True)
def share(context):
    request = context.get("request")
    if request is None:  # an error page that is rendered without one
        return {}
    trial, bound = context.get("trial"), context.get("filter")
    title, description = _preview(context, trial, bound)
    said = {"title": title, "description": description, "site_name": sharing.SITE_NAME, "is_study": bool(trial)}
    said["canonical"] = sharing.canonical(request, bound.params if bound else None)
    if trial:
        said["study"] = mark_safe(sharing.as_script_text(sharing.study(trial, sharing.site_of(request))))  # noqa: S308  escaped there
    return said


def _preview(context, trial, bound):
    if trial:
        return trial.brief_title or trial.nct_id, f"{trial.nct_id}: {trial.get_status_display() or 'status not stated'}. {USUAL[1]}"
    if bound and bound.is_narrowed:
        return bound.sentence, USUAL[1]
    named = context.get("therapy") or context.get("approach")
    return (named.name, f"{named.name}: what it is, what was found, and its trials in multiple sclerosis.") if named else USUAL
