"""What the OpenAPI document promises, tried with made requests: nothing is answered by a fault of the server."""

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase

from attacks.target import Target

EXAMPLES = 4
"""Made requests for each operation; there are some fifty operations."""

LIMITS = {503, 504}
"""What a request that passes a limit is answered with, as the document says."""


def test_no_made_request_meets_a_fault(target: Target) -> None:
    schema = schemathesis.openapi.from_url(f"{target.address}/openapi.json")
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @hypothesis.given(case=operation.as_strategy())
        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def answered(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            response = case.call(timeout=15)
            assert response.status_code < 500 or response.status_code in LIMITS, (case, response.text)

        answered()
    assert tried > 50
    target.check_alive()
