"""What the OpenAPI document says is what the API does: schemathesis makes up requests from the document and holds each answer to it."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.builders import make_trial
from trials.models import SyncRun, TrialChange

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]


@pytest.fixture
def shelf(db, settings):
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    run = SyncRun.objects.create(kind="full", state="complete", finished_at="2026-01-02T03:04:05Z", data_timestamp="2026-01-01T09:00:05")
    for number in range(1, 6):
        trial = make_trial(
            number,
            approaches=["hsct", "msc"],
            therapies=["ahsct"],
            start_date="2020-03",
            enrollment=40,
            minimum_age_years=18.0,
            edss_min=2.5,
            status="RECRUITING",
            arms=[{"label": "Cells", "type": "EXPERIMENTAL"}],
            outcomes=[{"kind": "primary", "measure": "Relapses"}],
            sites=[{"country": "Norway", "city": "Bergen", "latitude": 60.4, "contacts": [{"name": "A"}], "longitude": 5.3}],
            contacts=[{"name": "B"}],
            references=[{"citation": "A paper", "pmid": "1", "retractions": [{"pmid": "2", "source": "x"}]}],
            findings=[
                {"approach": "hsct", "kind": "approach", "value": "hsct", "rule": "r", "field": "title", "quote": "q", "confidence": 1}
            ],
        )
        TrialChange.objects.create(trial=trial, run=run, field="status", old=["A"], new=["B"], seen_at="2026-01-01T00:00:00Z")
    make_trial(7, approaches=["other"], phases="", status="", study_type="", sponsor_class="", last_update_posted=None)


@pytest.fixture
def document(shelf):
    """The document, asked of the application itself; as Django's own test client does, the test keeps its connection between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    # Django's own application: the turnstile before it wants a server that closes what it has sent, as schemathesis does not.
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations(document):
    return [result.ok() for result in document.get_all_operations()]


def test_every_operation_answers_as_documented(document):
    tried = 0
    for operation in operations(document):

        @settings(
            max_examples=25, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def answers(case):
            case.call_and_validate(checks=CHECKS)

        answers()
        tried += 1
    assert tried == 10


@pytest.mark.parametrize("number", ["NCT00000001", "NCT00000007"])
def test_real_trials_answer_as_documented(document, number):
    for operation in operations(document):
        if operation.path.startswith("/api/v1/trials/{"):
            case = operation.Case(path_parameters={"nct_id": number})
            response = case.call_and_validate(checks=CHECKS)
            assert response.status_code == 200
