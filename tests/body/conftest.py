"""One compiled body for all body tests, kept out of the user's cache."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from psoas.body import Body
from psoas.body.blueprint import Blueprint


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PSOAS_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def blueprint() -> Blueprint:
    from psoas.body.assembly import corrected_blueprint

    return corrected_blueprint()


@pytest.fixture(scope="session")
def body(own_cache: None) -> Body:
    from psoas.body.validation import reference_body

    return reference_body()
