"""The body commands: shapes others rely on, and clear refusals."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from psoas.cli.body.commands import app

_ARMS = ["moment-arms", "--coordinate", "hip_flexion_right", "--muscle", "psoas_major_right"]


def test_moment_arms_json() -> None:
    done = CliRunner().invoke(app, [*_ARMS, "--degrees=-20,0,45,90", "--json"])
    assert done.exit_code == 0, done.output
    curve = json.loads(done.stdout)
    assert set(curve) == {"degrees", "moment_arm_m", "length_m"}
    assert curve["degrees"] == [-20.0, 0.0, 45.0, 90.0]
    assert all(0.02 < arm < 0.04 for arm in curve["moment_arm_m"])
    assert curve["length_m"] == sorted(curve["length_m"], reverse=True)


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("muscle", ["psoas_major", "iliacus", "rectus_femoris", "sartorius", "tensor_fasciae_latae"])
def test_public_muscles_have_arms(muscle: str, side: str) -> None:
    arguments = ["moment-arms", "--coordinate", f"hip_flexion_{side}", "--muscle", f"{muscle}_{side}"]
    done = CliRunner().invoke(app, [*arguments, "--degrees=45", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["moment_arm_m"][0] > 0.02


@pytest.mark.parametrize("level", ["t12l1", "l1l2", "l2l3", "l3l4", "l4l5", "l5s1"])
def test_every_level_has_a_coordinate(level: str) -> None:
    arguments = ["moment-arms", "--coordinate", f"lumbar_flexion_{level}", "--muscle", "iliocostalis_left"]
    done = CliRunner().invoke(app, [*arguments, "--degrees=0,5", "--json"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([*_ARMS, "--degrees=400"], "hip_flexion_right_deg is 400; expected -30 to 140."),
        ([*_ARMS, "--degrees=a,b"], "--degrees is 'a,b'; expected numbers"),
        ([*_ARMS, "--degrees=0", "--mass-kg=-3"], "mass_kg is -3; expected 30 to 250."),
        ([*_ARMS, "--degrees=0", "--pose=knee"], "--pose is 'knee'; expected COORDINATE=DEGREES"),
        (["moment-arms", "--coordinate=x", "--muscle=iliacus_left", "--degrees=0"], "coordinate is 'x'"),
        (["moment-arms", "--coordinate=pelvis_tilt", "--muscle=biceps", "--degrees=0"], "muscle is 'biceps'"),
    ],
)
def test_wrong_input_is_a_sentence_and_status_2(arguments: list[str], sentence: str) -> None:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_lengths_says_what_it_assumed() -> None:
    done = CliRunner().invoke(app, ["lengths", "--height-m=1.7", "--json"])
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    assert content["assumed"] == ["age_years", "mass_kg"]
    assert content["muscles"]["psoas_major_left"]["passive_tension_n"] < 100


def test_tables_are_readable() -> None:
    runner = CliRunner()
    assert "length cm" in runner.invoke(app, [*_ARMS, "--degrees=0"]).stdout
    assert "iliacus_left" in runner.invoke(app, ["lengths"]).stdout


def test_validate_json_lists_every_target() -> None:
    done = CliRunner().invoke(app, ["validate", "--json"])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    assert len(rows) > 40
    assert {"id", "value", "unit", "low", "high", "in_range", "kind", "source"} <= set(rows[0])
