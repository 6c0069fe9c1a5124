"""Population studies: the same rows however they are worked out, nothing lost to a kill, nothing refused silently."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest
import typer
from typer.testing import CliRunner

from psoas.body import Body
from psoas.body.kinematics.posture import PostureError
from psoas.body.statics import loads
from psoas.body.study.population import Plan, StudyError, person_number, solve_part
from psoas.body.study.run import run_study
from psoas.cli.body.study import register

SMALL = Plan.of(6, seed=3, postures=["sitting_upright"], percent=[0.0, 10.0])


def rows_of(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
    return found


@pytest.fixture(scope="module")
def expected() -> list[dict[str, Any]]:
    return solve_part(SMALL, range(6))


def test_a_person_comes_from_the_seed_and_the_number_alone() -> None:
    plan, larger = Plan.of(10, seed=5), Plan.of(1000, seed=5)
    assert [person_number(plan, n) for n in range(10)] == [person_number(larger, n) for n in range(10)]
    assert person_number(plan, 0) != person_number(Plan.of(10, seed=6), 0)
    people = [person_number(larger, n) for n in range(400)]
    assert 150 < sum(person.sex == "female" for person in people) < 250
    for person in people:
        assert 18.9 < person.mass_kg / person.height_m**2 < 34.1
        assert 20.0 <= person.age_years <= 75.0


def test_rows_are_what_solve_says(expected: list[dict[str, Any]]) -> None:
    assert len(expected) == 12
    row = expected[3]
    assert (row["person"], row["percent"]) == (1, 10.0)
    body = Body.of(**{key: row[key] for key in ("height_m", "mass_kg", "sex", "age_years")})
    tight = {"psoas_major_left": 10.0, "psoas_major_right": 10.0}
    one = loads.solve(body, "sitting_upright", shorten=tight)
    assert row["compression_l4l5_n"] == pytest.approx(one.levels["L4/L5"].compression_n, abs=1e-4)
    assert row["shear_l5s1_n"] == pytest.approx(one.levels["L5/S1"].shear_n, abs=1e-4)
    assert row["hip_left_n"] == pytest.approx(one.hips_n["left"], abs=1e-4)
    assert row["psoas_major_right_n"] == pytest.approx(one.muscles["psoas_major_right"].force_n, abs=1e-4)
    assert row["feasible"] == one.feasible
    assert row["reason"] == ""


def test_processes_give_the_same_rows(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    seen: list[tuple[int, int]] = []
    results = run_study(SMALL, tmp_path, workers=2, on_part=lambda done, total: seen.append((done, total)))
    assert rows_of(results) == expected
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert {path.name for path in tmp_path.iterdir()} == {"plan.json", "results.parquet"}
    # Asked again, it is found done.
    again: list[tuple[int, int]] = []
    assert run_study(SMALL, tmp_path, on_part=lambda done, total: again.append((done, total))) == results
    assert again == [(2, 2)]


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed (extra 'ray')")
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_local_ray_gives_the_same_rows(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    assert rows_of(run_study(SMALL, tmp_path, ray_address="local")) == expected


def test_without_ray_a_plain_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psoas.body.study.run.importlib.util.find_spec", lambda name: None)
    with pytest.raises(StudyError, match=r"pip install 'psoas\[body,ray\]'"):
        run_study(SMALL, tmp_path, ray_address="local")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_killed_study_goes_on(tmp_path: Path) -> None:
    plan = Plan.of(40, seed=3, postures=["sitting_upright"], percent=[0.0])
    script = (
        "import sys; from pathlib import Path\n"
        "from psoas.body.study.population import Plan; from psoas.body.study.run import run_study\n"
        "run_study(Plan.of(40, seed=3, postures=['sitting_upright'], percent=[0.0]), Path(sys.argv[1]), workers=1)"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    parts = tmp_path / "parts"
    deadline = time.monotonic() + 60.0
    while not (parts.is_dir() and list(parts.glob("*.parquet"))):
        assert child.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert not (tmp_path / "results.parquet").exists()
    kept = {path.name: path.read_bytes() for path in parts.glob("*.parquet")}
    assert 0 < len(kept) < 10
    first: list[tuple[int, int]] = []
    results = run_study(plan, tmp_path, workers=1, on_part=lambda done, total: first.append((done, total)))
    assert first[0] == (len(kept), 10)  # what was done was not done again
    rows = rows_of(results)
    assert [row["person"] for row in rows] == list(range(40))
    assert rows[:4] == solve_part(plan, range(4))


def test_another_plan_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    run_study(Plan.of(1, postures=["sitting_upright"], percent=[0.0]), tmp_path, workers=1)
    with pytest.raises(StudyError, match="another plan"):
        run_study(Plan.of(2, postures=["sitting_upright"], percent=[0.0]), tmp_path, workers=1)


def test_a_posture_that_a_body_cannot_take_is_a_row_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, expected: list[dict[str, Any]]
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise PostureError("standing cannot be brought over the feet")

    monkeypatch.setattr("psoas.body.study.population.movement_through", refuse)
    rows = solve_part(Plan.of(1, postures=["standing"], percent=[0.0, 5.0]), range(1))
    assert [row["reason"] for row in rows] == ["standing cannot be brought over the feet"] * 2
    assert not rows[0]["feasible"]
    assert np.isnan(rows[0]["compression_l5s1_n"])
    assert set(rows[0]) == set(expected[0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"people": 0}, "people is 0; expected at least 1"),
        ({"people": 1, "seed": -1}, "seed is -1"),
        ({"people": 1, "postures": []}, "at least one posture"),
        ({"people": 1, "postures": ["flying"]}, "'flying' is not a known posture"),
        ({"people": 1, "tighten": ["psoas"]}, "psoas"),
        ({"people": 1, "percent": [80.0]}, "80 percent; expected -50 to 50"),
        ({"people": 1, "power": 4}, "power is 4"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Plan.of(**options)


def test_from_the_command_line(tmp_path: Path) -> None:
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)
    asked = [
        "study",
        str(tmp_path / "one"),
        "--people",
        "1",
        "--posture",
        "sitting_upright",
        "--workers",
        "1",
        "--json",
    ]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["rows"] == 3
    assert len(rows_of(Path(said["results"]))) == 3
    refused = CliRunner().invoke(app, ["study", str(tmp_path / "two"), "--posture", "flying"])
    assert refused.exit_code == 2
    assert "flying" in refused.stderr
    assert not (tmp_path / "two").exists()
