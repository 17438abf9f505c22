"""Turns specifications into SVG for a page: drawn by Vega-Lite (`render`, in a process that ends afterwards), kept in the cache under what
they say, so that a drawing is made once and is never behind its data.
"""

import hashlib
import json
import logging
import re
import subprocess
import sys
from pathlib import Path

from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from trials.charts.figures import Figure
from trials.charts.specs import LINK, specs

logger = logging.getLogger(__name__)

VERSION = 1
"""Goes up when a drawing of the same specification changes."""

KEPT_SECONDS = 60 * 60 * 24 * 30
MOST_SECONDS = 60
WIDE = 600
"""Pixels beyond which a drawing takes the whole width of the page; narrower ones keep their text near the size of the page's own."""

_ROOT = re.compile(r'<svg [^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)">')
_LINKED = re.compile(rf'<a xlink:href="{re.escape(LINK)}(\d+)">')
_LEFT_OUT = re.compile(r' (?:role|aria-[a-z]+|font-family|stroke-miterlimit|pointer-events|class)="[^"]*"')
_NOTHING = re.compile(r'<path(?: display="none"| d="M0,0h0v0h0Z"| d="")+/>')
_NUMBER = re.compile(r"-?\d+\.\d{2,}(?:e-\d+)?")


def draw(figures: list[Figure], address: str) -> dict[str, SafeString]:
    """The drawings of each figure by its key, as one piece of HTML. `address` is the page of the list, without parameters.

    A figure is missing where nothing could be drawn: its table says the same.
    """
    wanted = {figure.key: [json.dumps(spec, ensure_ascii=False) for spec in specs(figure)] for figure in figures}
    names = {spec: _name(spec) for texts in wanted.values() for spec in texts}
    kept = cache.get_many(names.values())
    missing = [spec for spec, name in names.items() if name not in kept]
    if missing:
        fresh = {names[spec]: _tidy(svg) for spec, svg in zip(missing, _render(missing), strict=False)}
        cache.set_many(fresh, KEPT_SECONDS)
        kept |= fresh
    drawn = {}
    for figure in figures:
        svgs = [kept[names[spec]] for spec in wanted[figure.key] if names[spec] in kept]
        if svgs:
            drawn[figure.key] = mark_safe("".join(_finish(svg, figure, address) for svg in svgs))  # noqa: S308 drawn here; links and words are escaped
    return drawn


def _name(spec: str) -> str:
    return f"trials.charts.{VERSION}.{hashlib.blake2b(spec.encode(), digest_size=16).hexdigest()}"


def _render(texts: list[str]) -> list[str]:
    """SVG texts of specifications given as JSON; empty where the other process fails, which the log tells."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "trials.charts.render"],
            input=f"[{','.join(texts)}]",
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=Path(__file__).parents[2],
            timeout=MOST_SECONDS,
            check=True,
        )
        return json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        logger.error("Charts could not be drawn: %s %s", error, getattr(error, "stderr", "") or "")
        return []


def _tidy(svg: str) -> str:
    """Without what the page says itself (names, roles, fonts), with coordinates to a tenth of a pixel, and of the page's own width."""
    svg = _LEFT_OUT.sub("", svg)
    svg = _NOTHING.sub("", svg)
    svg = _NUMBER.sub(lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), svg)
    return _ROOT.sub(_root, svg, count=1)


def _root(match: re.Match) -> str:
    is_wide = float(match[1]) > WIDE
    return f'<svg class="drawing{" drawing-wide" * is_wide}" viewBox="0 0 {match[1]} {match[2]}">'


def _finish(svg: str, figure: Figure, address: str) -> str:
    """With the address and the words of each mark, and the figure's name and description."""
    cells = figure.in_order

    def link(match):
        cell = cells[int(match[1])]
        return f'<a href="{escape(address)}?{escape(cell.params.urlencode())}" tabindex="-1"><title>{escape(cell.words)}</title>'

    named = f'<svg role="group" aria-labelledby="{figure.key}-title" aria-describedby="{figure.key}-about"'
    return _LINKED.sub(link, svg).replace("<svg", named, 1)
