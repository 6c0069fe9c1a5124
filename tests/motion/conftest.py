"""One body for all motion tests."""

from __future__ import annotations

import pytest

from psoas.body import Body


@pytest.fixture(scope="session")
def man() -> Body:
    return Body.of(height_m=1.75, mass_kg=75.0, sex="male", age_years=30.0)
