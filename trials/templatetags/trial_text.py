"""How single values look on a page: codes, dates, ages, and the registry's own text."""

import re

import nh3
from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from trials.glance import is_stale, people_words, stated_names, taken_words, tone, unstated
from trials.plain import date_words, dates_in_words, plain, years
from trials.vocabulary import label

register = template.Library()
register.filter("tone", tone)
register.filter("years", years)
register.filter("dates_in_words", dates_in_words)
register.filter("people", people_words)
register.filter("takes", taken_words)
register.filter("names", stated_names)
register.filter("unstated", unstated)

# The registry's text fields are CommonMark since its modern API; older records are plain text whose line breaks mean something. Headings
# would upset the page's own order, indented text is no program code, and HTML stays visible as the characters it is written in.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).disable(
    ["heading", "lheading", "code", "fence", "html_block", "html_inline", "image", "hr", "reference"]
)
_STEM_CELL = re.compile(r"(\bstem-cells?\b)", re.IGNORECASE)
_NCT_ID = re.compile(r"\b(NCT\d{8})\b")
_TAGS = {"p", "br", "ul", "ol", "li", "em", "strong", "blockquote", "a", "code"}


@register.filter
def registry_markdown(text):
    """The registry's text as safe HTML: paragraphs, lists, emphasis, links. Everything else becomes plain words."""
    html = nh3.clean(
        _MARKDOWN.render(text or ""),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308  nh3 has let through the tags above and nothing else


@register.filter
def unbroken(text):
    """A heading that no line end takes apart at the hyphen of “stem-cell”; the hyphen stays, for those who search the page."""
    pieces = enumerate(_STEM_CELL.split(text))  # every second one is what was looked for
    marked = (format_html('<span class="unbroken">{}</span>', piece) if place % 2 else piece for place, piece in pieces)
    return format_html_join("", "{}", ((piece,) for piece in marked))


@register.filter
def trials_linked(text, own=""):
    """A text of ours in which every NCT id leads to the trial's page, but for that of the page on which it stands."""
    address = {piece: reverse("trials:detail", args=[piece]) for piece in _NCT_ID.findall(text) if piece != own}
    pieces = _NCT_ID.split(text)
    return format_html_join(
        "", "{}", ((format_html('<a href="{}">{}</a>', address[piece], piece) if piece in address else piece,) for piece in pieces)
    )


@register.filter
def words_for(code, group):
    """The registry's code in words: `{{ trial.status|words_for:"Status" }}`."""
    return label(group, code) if code else ""


@register.filter
def plainly(code, group):
    """Our short sentence for a code, or nothing: `{{ trial.status|plainly:"Status" }}`."""
    return plain(group, code) if code else ""


@register.filter
def partial_date(date):
    """A PartialDate as exact as it is, in a `<time>`: 14 March 2024, March 2024 or 2024; nothing for None."""
    if date is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', date, date_words(date))


@register.filter
def field_words(path):
    """Where the classifier read something, as one says it: `interventions[0].name` is “intervention 1, name”."""
    words = []
    for step in path.split("."):
        name, _, index = step.partition("[")
        name = name.replace("_", " ")
        words.append(f"{name.removesuffix('s')} {int(index.rstrip(']')) + 1}" if index else name)
    return ", ".join(words)


@register.filter
def unconfirmed_since(trial):
    """When the status was last confirmed, where that is so long ago that it may have changed; else None."""
    return trial.status_verified if is_stale(trial, timezone.localdate()) else None


@register.filter
def distance(kilometres):
    """`12 km (7 miles)`."""
    if kilometres < 1:
        return "Under 1 km"
    return f"{round(kilometres):,} km ({round(kilometres / 1.609344):,} miles)"


@register.filter
def is_web(address):
    """Whether an address that somebody typed into a record may become a link."""
    return address.lower().startswith(("http://", "https://"))


@register.filter
def percent(share):
    """A share from 0 to 1 as whole percent."""
    return f"{share:.0%}".replace("%", " %")
