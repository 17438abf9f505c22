"""Sentences in the idioms of real criteria, with what a careful reader takes from them. Ours, but for the few words that the idiom is.

A bound is a number where the value itself is taken, `over(x)` or `under(x)` where it is not, None where that end is not limited.
"""

from trials.eligibility import Bound


def over(value: float) -> Bound:
    return Bound(value, inclusive=False)


under = over
