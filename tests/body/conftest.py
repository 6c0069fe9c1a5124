"""One compiled body for all body tests, kept out of the user's cache.

It and the compiled code are kept in pytest's own cache, so that the next run need not compile: both are kept under a
key of all their sources.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from psoas.body import Body
from psoas.body.blueprint import Blueprint


@pytest.fixture(scope="session", autouse=True)
def own_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PSOAS_CACHE_DIR", str(request.config.cache.mkdir("psoas")))
        yield


@pytest.fixture(scope="session")
def blueprint() -> Blueprint:
    from psoas.body.assembly import corrected_blueprint

    return corrected_blueprint()


@pytest.fixture(scope="session")
def body(own_cache: None) -> Body:
    from psoas.body.validation import reference_body

    return reference_body()
