"""The launcher: links, folders that were moved or copied, one that cannot be written, files of the current folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAKE = """import sys, pathlib
print("sources", pathlib.Path(__file__).resolve().parents[2].name)
import colorsys
print("shadowed" if "HERE" in vars(colorsys) else "whole")
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the launcher is a shell script")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the launcher, an empty Psoas, and a .venv that was set up there."""
    folder = tmp_path / "first"
    (folder / "src" / "psoas").mkdir(parents=True)
    (folder / "src" / "psoas" / "__main__.py").write_text(FAKE, encoding="utf-8")
    (folder / "src" / "psoas" / "__init__.py").touch()
    for name in ("psoas", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    venv.create(folder / ".venv", with_pip=False, symlinks=True)
    (packages,) = (folder / ".venv").glob("lib/python*/site-packages")
    (packages / "_psoas.pth").write_text(f"{folder / 'src'}\n", encoding="utf-8")
    (folder / ".venv" / ".ready-base").write_text(str(folder), encoding="utf-8")
    return folder


def run(program: Path, *, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run([program], capture_output=True, text=True, cwd=cwd or program.parent, env=env, check=False)


def test_it_runs_where_it_was_set_up(checkout: Path) -> None:
    assert run(checkout / "psoas").stdout == "sources first\nwhole\n"


def test_it_runs_through_links(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "psoas").symlink_to("../first/psoas")
    (tmp_path / "psoas").symlink_to(tmp_path / "bin" / "psoas")
    assert run(tmp_path / "psoas").stdout.startswith("sources first")


def test_a_folder_that_was_renamed_is_put_right_without_a_network(checkout: Path, tmp_path: Path) -> None:
    checkout.rename(tmp_path / "renamed")
    done = run(tmp_path / "renamed" / "psoas")
    assert done.stdout.startswith("sources renamed"), done.stderr


def test_a_copy_runs_its_own_sources(checkout: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout, tmp_path / "copied", symlinks=True)
    done = run(tmp_path / "copied" / "psoas")
    assert done.stdout.startswith("sources copied"), done.stderr
    assert run(checkout / "psoas").stdout.startswith("sources first")


def test_nothing_of_the_current_folder_is_run(checkout: Path, tmp_path: Path) -> None:
    here = tmp_path / "elsewhere"
    here.mkdir()
    for name in ("colorsys", "yaml", "numpy", "pathlib", "venv"):
        (here / f"{name}.py").write_text("HERE = True\nprint('run from the current folder')\n", encoding="utf-8")
    assert run(checkout / "psoas", cwd=here).stdout == "sources first\nwhole\n"


def test_python_m_psoas_does_not_look_into_the_current_folder_either(tmp_path: Path) -> None:
    for name in ("yaml", "numpy", "typer"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run from the current folder')\n", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    env.pop("PYTHONSAFEPATH", None)
    done = subprocess.run(
        [sys.executable, "-m", "psoas", "check", str(ROOT / "examples" / "desk_worker.yaml")],
        capture_output=True, text=True, cwd=tmp_path, env=env, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "current folder" not in done.stdout + done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_cannot_be_written_gets_a_sentence(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    checkout.chmod(0o500)
    try:
        done = run(checkout / "psoas")
    finally:
        checkout.chmod(0o700)
    assert done.returncode == 3
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_lock_that_cannot_be_made_gets_a_sentence(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    (checkout / ".setup.lock").mkdir()
    done = run(checkout / "psoas")
    assert done.returncode == 3
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
