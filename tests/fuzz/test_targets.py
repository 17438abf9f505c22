"""A few made-up inputs to every target that `make fuzz` feeds with many."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import NAMES
from tests.fuzz.targets import TARGETS, lay_out

LINES = st.text(st.characters(codec="utf-8"), max_size=60).map(str.encode)


@pytest.fixture
def laid_out(db, settings):
    settings.API_REQUESTS_PER_MINUTE = 1_000_000_000
    lay_out()


def inputs(seeds):
    """Bytes, lines of text, and seeds with something else in their midst."""
    spliced = st.tuples(st.sampled_from(seeds), st.integers(0, 4096), st.integers(0, 20), st.binary(max_size=20) | LINES).map(
        lambda given: given[0][: given[1] % (len(given[0]) + 1)] + given[3] + given[0][given[1] % (len(given[0]) + 1) + given[2] :]
    )
    return spliced | st.lists(LINES, max_size=4).map(b"\n".join) | st.binary(max_size=100)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_from_outside_is_a_fault_of_ours(laid_out, name):
    target = TARGETS[name]

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs(target.seeds))
    def holds(data):
        target(data)

    for seed in target.seeds:
        target(seed)
    holds()


def test_every_target_is_in_the_table():
    assert set(NAMES) == set(TARGETS)
