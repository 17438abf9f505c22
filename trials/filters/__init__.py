"""Every query parameter that lists, exports, facets and feeds accept, and what each means.

The URL is the state: the same parameters give the same trials everywhere. Each filter owns its query (`narrow`), the names of its values
(`label`) and its words in the sentence that says what is shown (`words`). No filter joins a table, so no trial comes twice and facets may
group over what is left. Knows nothing of pages, counts or formats.

`fields` cleans what a URL gives, `kinds` and `criteria` say which trials pass, `trial_filter` puts them together.
"""

from trials.filters.fields import CleanForm, NearField, PlaceForm, YesNoField
from trials.filters.kinds import NOT_STATED, Criterion, DayCriterion, ValuesCriterion, either
from trials.filters.trial_filter import MANY, TRACKING, Chip, Mistake, TrialFilter

__all__ = (
    "MANY", "NOT_STATED", "TRACKING", "Chip", "CleanForm", "Criterion", "DayCriterion", "Mistake", "NearField", "PlaceForm", "TrialFilter",
    "ValuesCriterion", "YesNoField", "either",
)  # fmt: skip
