"""Schemathesis over the whole API, in this process: whatever is sent, the answer is as the description says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from psoas.web.api.description import openapi
from psoas.web.settings import Settings
from tests.web.apps import Running, running

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, allow_header_conformance,
]  # fmt: skip
EXAMPLES = 10
"""For each operation and mode; the same every time."""
OPERATIONS = [(path, method) for path, methods in openapi()["paths"].items() for method in methods]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def api() -> Iterator[Running]:
    made = running(Settings(names=("testserver",)))
    yield made
    made.records.close()


@pytest.fixture(scope="module")
def headers(api: Running) -> dict[str, str]:
    return api.headers()


@pytest.fixture(scope="module")
def known(api: Running) -> dict[str, str]:
    """Ids that exist, so that requests get past the first look-up."""
    person = api.person()
    return {"person_id": person, "visit_id": api.visit(person, state=None), "fact_id": "fever"}


@pytest.fixture(scope="module")
def described(api: Running) -> BaseSchema:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", api.app)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part)
def test_every_answer_is_as_described(
    described: BaseSchema,
    headers: dict[str, str],
    known: dict[str, str],
    path: str,
    method: str,
    mode: GenerationMode,
) -> None:
    operation = described[path][method]
    signed = {} if path.endswith("/sessions/current") else headers  # signing out would end the token of the others

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def all_hold(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:
            case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
        case.call_and_validate(headers=signed, checks=CHECKS)

    all_hold()
