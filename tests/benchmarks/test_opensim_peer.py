"""Without OpenSim the comparison says so in one sentence and is no failure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _said(*words: str) -> str:
    command = [sys.executable, "-m", "benchmarks.opensim_peer", *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_a_python_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    python = tmp_path / "python"
    assert _said("--opensim-python", str(python)) == f"No comparison with OpenSim: there is no Python at {python}.\n"


def _answer(tmp_path: Path, model: str, site: Path | None = None) -> dict[str, str]:
    """The worker's answer in a Python that has nothing installed but what stands in `site`."""
    ask, answer = tmp_path / "ask.json", tmp_path / "answer.json"
    ask.write_text(json.dumps({"model": model, "core": 0}))
    command = [sys.executable, "-S", str(ROOT / "benchmarks" / "_opensim_worker.py"), str(ask), str(answer)]
    subprocess.run(command, check=True, env={"PYTHONPATH": str(site)} if site else {})
    found: dict[str, str] = json.loads(answer.read_text())
    return found


def test_a_python_without_opensim_says_so(tmp_path: Path) -> None:
    assert _answer(tmp_path, str(tmp_path / "none.osim")) == {
        "missing": "OpenSim is not installed in this Python (pip install opensim)"
    }


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "opensim.py").write_text("raise AssertionError('loaded before the model was looked for')\n")
    missing = _answer(tmp_path, str(tmp_path / "none.osim"), site)["missing"]
    assert missing.startswith("the lifting model was not found")


def test_too_few_frames_are_refused() -> None:
    command = [sys.executable, "-m", "benchmarks.opensim_peer", "--frames", "5"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert "--frames is 5; expected 8 or more" in done.stderr


@pytest.mark.parametrize(("reserve_nm", "unsolved", "sound"), [(0.4, 0, True), (3.0, 0, False), (0.4, 2, False)])
def test_answers_that_lean_on_reserves_are_not_called_sound(reserve_nm: float, unsolved: int, sound: bool) -> None:
    sys.path.insert(0, str(ROOT))
    try:
        from benchmarks.opensim_peer import told
    finally:
        sys.path.pop(0)
    theirs = {
        "version": "4.6", "muscles": 318, "balanced": 21, "frames": 16, "per_s": 0.4, "processor_per_s": 0.4,
        "optimise_s": 38.0, "reaction_s": 1.0, "reserve_nm": reserve_nm, "reserve_at": "a", "pelvis_n": 823.0,
        "disc_n": [600.0, 2400.0], "unsolved": unsolved,
    }  # fmt: skip
    ours = {
        "fascicles": 290, "coordinates": 34, "single_per_s": 200.0, "single_processor_per_s": 200.0,
        "movement_per_s": 4000.0, "movement_processor_per_s": 4000.0, "feasible": True, "reserves_nm": 0.0,
        "residual_nm": 1e-10, "disc_n": [900.0, 1800.0],
    }  # fmt: skip
    machine = {"load_1min": 1.0, "cores": 2}
    text = told({"machine": machine, "load_before": 1.0, "mass_kg": 84.0, "opensim": theirs, "psoas": ours})
    assert ("NOT SOUND" in text) == (not sound)
    assert "The models differ" in text
