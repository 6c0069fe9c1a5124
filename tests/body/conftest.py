"""One compiled body for all body tests."""

from __future__ import annotations

import pytest

from psoas.body import Body
from psoas.body.anatomy.blueprint import Blueprint


@pytest.fixture(scope="session")
def blueprint() -> Blueprint:
    from psoas.body.anatomy.assembly import corrected_blueprint

    return corrected_blueprint()


@pytest.fixture(scope="session")
def body() -> Body:
    from psoas.body.study.validation import reference_body

    return reference_body()
