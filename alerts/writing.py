"""A mail in words: text and HTML, with the headers by which a mail program offers to unsubscribe with one click (RFC 2369, RFC 8058)."""

from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from alerts.links import CONFIRM_WITHIN, confirm_link, leave_link
from alerts.models import Mail
from trials import history
from trials.models import TrialChange


def write(mail: Mail, connection=None) -> EmailMultiAlternatives:
    """Return the message of an outbox row. It has the same Message-ID whenever it is written."""
    subscription = mail.subscription
    context = {"subscription": subscription, "site": settings.SITE_URL, "leave_link": leave_link(subscription)}
    if mail.kind == Mail.Kind.QUESTION:
        subject = "Please confirm: news of stem-cell trials in multiple sclerosis"
        context |= {"confirm_link": confirm_link(mail), "hours": int(CONFIRM_WITHIN.total_seconds() // 3600),
                    "frequency": mail.get_frequency_display().lower()}  # fmt: skip
    else:
        context |= _news(mail)
        subject = _subject(context)
    name = f"alerts/{mail.kind}"
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split())[:200],
        body=render_to_string(f"{name}.txt", context),
        to=[subscription.address],
        headers=_headers(mail, context["leave_link"]),
        connection=connection,
    )
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message


def _headers(mail, leave):
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "Message-ID": f"<alert.{mail.pk}.{mail.subscription.token}@{host}>",
        "Date": format_datetime(mail.made_at),
        "List-Id": f"TrialTracker alerts <alerts.{host}>",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def _news(mail):
    changes = TrialChange.objects.filter(pk__in=mail.items.values("change")).select_related("trial").order_by("-seen_at", "-pk")
    new = [item.trial for item in mail.items.filter(trial__isnull=False).select_related("trial")]
    subscription = mail.subscription
    if subscription.trial:
        page = subscription.trial.get_absolute_url()
    else:
        page = f"{reverse('trials:list')}?{subscription.query}" if subscription.query else reverse("trials:list")
    return {"new": new, "updates": list(history.updates(changes)), "page": f"{settings.SITE_URL}{page}"}


def _subject(context):
    parts = [
        f"{len(found)} {word}{'s' if len(found) > 1 else ''}"
        for found, word in ((context["new"], "new trial"), (context["updates"], "changed trial"))
        if found
    ]
    return f"{' and '.join(parts)}: {context['subscription'].words}"
