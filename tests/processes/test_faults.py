"""A few rows of the table of faults, on the storage that the suite runs on; `make chaos` causes all of them."""

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.place import Stage
from tests.processes.conftest import redis_url
from tests.processes.tracker import copied

SHORT = ("worker-killed",)


@pytest.fixture(scope="module")
def stage(migrated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stage")
    with copied(migrated, folder) as url:
        yield Stage(folder, url, redis_url=redis_url())


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.name in SHORT], ids=lambda fault: fault.name)
def test_the_site_survives(stage, fault):
    outcome = stage.cause(fault)
    assert outcome.is_survived, [str(outcome), outcome.notes]


def test_every_fault_has_a_name_of_its_own():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert set(SHORT) < {fault.name for fault in FAULTS}
