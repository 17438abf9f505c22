"""The site's own settings with two addresses more, to measure its pages against: `/bare/` and `/constant/`."""

from __future__ import annotations

from pathlib import Path

from trialtracker.settings import *
from trialtracker.settings import TEMPLATES

ROOT_URLCONF = "benchmarks.bare"
TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
