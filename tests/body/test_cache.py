"""The compiled body is built once, survives a damaged cache, and leaves nothing in the user's folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from psoas.body._folders import cache_folder
from psoas.body.subject.build import compiled_body
from psoas.body.subject.cache import cache_key, load_or_build, read_cached, write_cached
from psoas.body.subject.compiled import CompiledBody


def _never() -> CompiledBody:
    raise AssertionError("built although it was cached")


def test_what_is_read_back_is_what_was_written(tmp_path: Path) -> None:
    before = compiled_body()
    path = tmp_path / "body.bin"
    assert write_cached(path, before)
    after = read_cached(path)
    assert after is not None
    assert after.muscles.names == before.muscles.names
    np.testing.assert_array_equal(after.muscles.slack_m, before.muscles.slack_m)
    np.testing.assert_array_equal(after.model.site_pos, before.model.site_pos)
    assert after.dependencies == before.dependencies
    assert after.capsule == before.capsule
    assert list(tmp_path.iterdir()) == [path]


def test_a_cached_body_is_not_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSOAS_CACHE_DIR", str(tmp_path))
    load_or_build(compiled_body)
    load_or_build(_never)
    assert [path.name for path in cache_folder().iterdir()] == [f"body-{cache_key()}.bin"]


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_cache_is_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | None) -> None:
    monkeypatch.setenv("PSOAS_CACHE_DIR", str(tmp_path))
    path = tmp_path / f"body-{cache_key()}.bin"
    write_cached(path, compiled_body())
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] if damage is None else damage)
    assert read_cached(path) is None
    assert load_or_build(compiled_body).muscles.names == compiled_body().muscles.names
    assert read_cached(path) is not None


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("PSOAS_CACHE_DIR", str(blocked / "cache"))
    assert load_or_build(compiled_body).muscles.names


def test_building_leaves_nothing_behind_and_prints_nothing(tmp_path: Path) -> None:
    work, cache = tmp_path / "work", tmp_path / "cache"
    work.mkdir()
    script = (
        "import os; os.environ['PSOAS_CACHE_DIR'] = os.sys.argv[1]; from psoas.body import Body; "
        "Body.of(height_m=1.7, mass_kg=70)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(cache)], cwd=work, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    assert list(work.iterdir()) == []


def test_importing_psoas_does_not_load_mujoco() -> None:
    script = "import sys, psoas, psoas.body, psoas.cli.body.commands; assert 'mujoco' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
