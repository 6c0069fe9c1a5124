"""Built files: kept for ever under names of their content, and built anew when their sources are younger."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from psoas.web import assets

# What a build leaves behind, as a script that also notes that it ran.
SCRIPT = """
import pathlib, sys
root = pathlib.Path(sys.argv[0]).parents[1]
with (root / "ran").open("a") as ran:
    ran.write("{name} ")
(root / "src/psoas/web/static/{name}").write_text('{{"{name}": "built-{name}"}}')
"""


@pytest.fixture(autouse=True)
def _names_of_assets() -> None:
    """Here the lists are read from their files."""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout with sources, nothing built, and scripts that build next to nothing."""
    web = tmp_path / "src" / "psoas" / "web"
    for folder in (web / "static", web / "frontend" / "parts", web / "frontend" / "node_modules", tmp_path / "scripts"):
        folder.mkdir(parents=True)
    (web / "frontend" / "parts" / "app.js").write_text("1")
    for name, maker in assets._LISTS.items():
        (tmp_path / "scripts" / maker).write_text(SCRIPT.format(name=name))
    monkeypatch.setattr(assets, "STATIC", web / "static")
    assets.manifest.cache_clear()
    yield tmp_path
    assets.manifest.cache_clear()


def runs(checkout: Path) -> int:
    """How often the scripts and styles were built."""
    ran = checkout / "ran"
    return ran.read_text().split().count("manifest.json") if ran.exists() else 0


def age(path: Path, seconds: float) -> None:
    """Make a file younger (or, below zero, older) than it is."""
    now = path.stat().st_mtime
    os.utime(path, (now + seconds, now + seconds))


def test_what_is_missing_is_built_once(checkout: Path) -> None:
    assets.bring_up_to_date()
    assets.bring_up_to_date()
    assert runs(checkout) == 1
    assert assets.asset_url("manifest.json") == "/static/built-manifest.json"


def test_a_younger_source_builds_anew_and_a_package_does_not(checkout: Path) -> None:
    assets.bring_up_to_date()
    package = checkout / "src" / "psoas" / "web" / "frontend" / "node_modules" / "other.js"
    package.write_text("1")
    age(package, 60)
    assets.bring_up_to_date()
    assert runs(checkout) == 1
    age(checkout / "src" / "psoas" / "web" / "frontend" / "parts" / "app.js", 60)
    assets.bring_up_to_date()
    assert runs(checkout) == 2


def test_a_build_that_fails_is_told(checkout: Path) -> None:
    (checkout / "scripts" / "build_frontend.py").write_text("raise SystemExit(3)")
    with pytest.raises(assets.NotBuilt, match="could not be built"):
        assets.bring_up_to_date()


def test_what_is_not_built_names_the_script(checkout: Path) -> None:
    with pytest.raises(assets.NotBuilt, match="run: python scripts"):
        assets.asset_url("app.js")


def test_a_name_that_the_build_does_not_know_is_told(checkout: Path) -> None:
    assets.bring_up_to_date()
    with pytest.raises(assets.NotBuilt, match=r"no app\.cs; expected one of"):
        assets.asset_url("app.cs")


def test_only_built_files_are_served_and_may_be_kept_for_ever(checkout: Path) -> None:
    assets.bring_up_to_date()
    (assets.STATIC / "built-manifest.json").write_text("{}")
    (assets.STATIC / "stray.js").write_text("1")
    app = FastAPI()
    app.mount("/static", assets.Assets())
    client = TestClient(app)
    kept = client.get("/static/built-manifest.json")
    assert kept.status_code == 200 and kept.headers["cache-control"] == assets.FOREVER
    assert client.get("/static/stray.js").status_code == 404
