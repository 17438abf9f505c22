"""What is wrong now, for the admin's first page."""

from django import template

from trialtracker import health
from trialtracker.alarms import WORDS, measured

register = template.Library()


@register.simple_tag
def alarms():
    """Each check that is not well, as (name, words, what was measured)."""
    return [(name, WORDS[name], measured(check)) for name, check in health.checks().items() if not check["ok"]]
