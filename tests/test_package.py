"""What wheel and launchers promise: licences of what is bundled, one list of sets, a build that tells what fails."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from psoas import __version__

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "src" / "psoas" / "web" / "frontend"


def _licence(name: str) -> str:
    return (ROOT / "licences" / f"{name}.txt").read_text(encoding="utf-8")


def test_every_bundled_package_has_its_licence_with_the_version_that_is_bundled() -> None:
    for name, version in json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))["dependencies"].items():
        assert _licence(name).startswith(f"{name} {version}, bundled"), name
        assert "ermission" in _licence(name) or "purpose" in _licence(name), f"the text of {name}'s licence"


def test_the_weights_have_theirs() -> None:
    listed = yaml.safe_load((ROOT / "src/psoas/measure/data/weights.yaml").read_text(encoding="utf-8"))
    assert f"{listed['package']} {listed['version']}" in _licence("mediapipe-pose")


def test_both_launchers_install_the_same_for_a_command() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from launch import EXTRA_OF
    finally:
        sys.path.pop(0)
    shell = (ROOT / "psoas").read_text(encoding="utf-8")
    branches = re.findall(r"^\s+([a-z| ]+)\) extra=(\w+) ;;$", shell, re.M)
    assert {word.strip(): extra for words, extra in branches for word in words.split("|")} == EXTRA_OF


def test_the_launcher_in_python_runs_a_command() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "launch.py"), "--version"]
    if not (ROOT / ".venv" / ".ready-base").exists():
        pytest.skip("this checkout was not set up by its launcher")
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, f"psoas {__version__}\n"), ran.stderr


def test_the_citation_has_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == __version__ and cited["license"] == "Apache-2.0"


def test_a_wheel_without_its_pages_is_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("hatchling", reason="the hook needs Hatchling")
    import hatch_build

    (tmp_path / "scripts").mkdir()
    for maker in hatch_build.MAKERS:
        (tmp_path / "scripts" / maker).write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.setattr(hatch_build, "HERE", tmp_path)
    with pytest.raises(hatch_build.AssetsError, match=r"build_frontend\.py ended with exit status 3.*Node 20"):
        hatch_build.make_assets()
    for maker in hatch_build.MAKERS:
        (tmp_path / "scripts" / maker).write_text("", encoding="utf-8")
    with pytest.raises(hatch_build.AssetsError, match=r"were not made: src/psoas/web/static/manifest\.json"):
        hatch_build.make_assets()


def test_files_for_the_forge_can_be_read_and_only_call_ci_run() -> None:
    for path in [*(ROOT / ".github").rglob("*.yml"), ROOT / ".pre-commit-config.yaml"]:
        assert yaml.safe_load(path.read_text(encoding="utf-8")), path
    steps = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]["run"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run"]


def test_paths_that_contributing_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:src|scripts|tests|docs|validation|benchmarks)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path
