"""The pages that a start does not wait for: there as soon as somebody asks, and the same as without waiting."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from starlette.routing import Match

from psoas.records import open_records
from psoas.web.app import create_app
from psoas.web.lazy_routers import EARLY, modules, routers
from psoas.web.settings import Settings


def started() -> tuple[FastAPI, TestClient]:
    app = create_app(Settings(), open_records("sqlite://"), wait=False)
    return app, TestClient(app, base_url="http://localhost", follow_redirects=False)


def addresses(app: FastAPI) -> list[tuple[str, tuple[str, ...]]]:
    return sorted(
        (one.path, tuple(sorted(getattr(one, "methods", None) or ()))) for one in iter_route_contexts(app.routes)
    )


@pytest.mark.parametrize("path", ["/set-up", "/sign-in", "/healthz", "/", "/static/app.css", "/people"])
def test_the_first_pages_bring_in_nothing_else(path: str) -> None:
    app, client = started()
    assert client.get(path).status_code < 500
    assert not app.state.late.is_loaded


def test_another_page_comes_when_it_is_asked_for() -> None:
    app, client = started()
    assert client.get("/api/v1/schema/case").status_code == 401, "it is there, and wants a token"
    assert app.state.late.is_loaded
    assert client.get("/no-such-page").status_code == 404


def test_many_who_ask_at_once_bring_the_pages_in_once() -> None:
    app, client = started()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: client.get("/api/v1/schema/case").status_code, range(16)))
    assert set(codes) == {401}
    assert addresses(app) == addresses(create_app(Settings(), open_records("sqlite://")))


def test_no_early_page_hides_a_later_one() -> None:
    """Early pages stand first in the table of routes; a later page at an address that one of them matches is lost."""
    early = [route for router in routers(list(EARLY)) for route in router.routes]
    later = [route for router in routers([one for one in modules() if one not in EARLY]) for route in router.routes]
    assert early
    assert later
    for route in later:
        path = route.path.replace(":path", "")  # type: ignore[attr-defined]
        for method in route.methods:  # type: ignore[attr-defined]
            scope = {"type": "http", "path": path, "method": method, "root_path": ""}
            assert not [one for one in early if one.matches(scope)[0] is Match.FULL], path


def test_the_first_pages_need_no_evidence_and_no_numpy() -> None:
    """What takes longest to load stays out of the start."""
    heavy = (
        "numpy",
        "yaml",
        "alembic",
        "typst",
        "mujoco",
        "psoas.care",
        "psoas.knowledge",
        "psoas.diagnosis",
        "psoas.body",
    )
    code = (
        "import sys, psoas.web.serve; from psoas.web.app import create_app; from psoas.web.settings import Settings\n"
        f"create_app(Settings(), None, wait=False); print(*sorted(set({heavy!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []
