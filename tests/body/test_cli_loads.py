"""`psoas body loads`, `compensate` and `compare` from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from psoas.cli.body.loads import register

MAN = ["--height-m", "1.75", "--mass-kg", "75", "--sex", "male", "--age-years", "40"]


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    register(made)
    return made


def run(app: typer.Typer, *words: str):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, list(words))


def told(app: typer.Typer, *words: str) -> dict:  # type: ignore[type-arg]
    result = run(app, *words, "--json")
    assert result.exit_code == 0, result.output
    found: dict = json.loads(result.stdout)  # type: ignore[type-arg]
    return found


def test_loads_as_json(app: typer.Typer) -> None:
    answer = told(app, "loads", "--posture", "standing", *MAN)
    assert set(answer) == {"levels", "muscles", "residual_nm", "reserves_nm", "feasible"}
    assert answer["feasible"] is True
    assert answer["residual_nm"] < 1e-6
    assert 300 < answer["levels"]["L4/L5"]["compression_n"] < 1200


def test_options_reach_the_model(app: typer.Typer) -> None:
    plain = told(app, "loads", "--posture", "standing", *MAN)
    bent = told(app, "loads", "--posture", "standing_flexed", "--trunk-deg", "20", *MAN)
    held = told(app, "loads", "--posture", "standing", "--hold-kg", "5", "--hold-distance-m", "0.4", *MAN)
    tight = told(app, "loads", "--posture", "standing", "--shorten", "psoas_major_right=5", *MAN)
    level = lambda answer: answer["levels"]["L5/S1"]["compression_n"]  # noqa: E731
    assert level(plain) < min(level(bent), level(held), level(tight))
    passive = [a["muscles"]["psoas_major_right"]["passive_n"] for a in (plain, tight)]
    assert passive[0] < passive[1]


def test_tables_for_people(app: typer.Typer) -> None:
    result = run(app, "loads", "--posture", "lying_supine", *MAN)
    assert result.exit_code == 0
    assert "Hip contact force" in result.stdout
    compared = run(app, "compare", "--postures", "lying_supine,standing", *MAN)
    assert "100 %" in compared.stdout


def test_compare_as_json(app: typer.Typer) -> None:
    rows = told(app, "compare", "--postures", "standing,standing_flexed", *MAN)["postures"]
    assert [row["posture"] for row in rows] == ["standing", "standing_flexed"]
    assert rows[0]["percent_of_standing"] == pytest.approx(100.0)
    assert rows[1]["percent_of_standing"] > 120


def test_compensate_as_json(app: typer.Typer) -> None:
    answer = told(app, "compensate", "--shorten", "psoas_major_right=10", "--samples", "0", *MAN)
    assert "no published simulation" in answer["label"]
    assert {"held", "chosen"} <= set(answer)


def test_compensate_for_people(app: typer.Typer) -> None:
    result = run(app, "compensate", "--shorten", "psoas_major_right=10", "--samples", "1", *MAN)
    assert result.exit_code == 0, result.output
    assert "pelvic tilt" in result.stdout.replace("\n", " ")


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_plot_is_written(app: typer.Typer, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"levels.{ending}"
    assert run(app, "loads", "--posture", "standing", "--plot", str(path), *MAN).exit_code == 0
    assert path.stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["loads", "--posture", "standng"], "did you mean standing"),
        (["loads", "--posture", "standing", "--mass-kg=-3"], "mass_kg is -3"),
        (["loads", "--posture", "standing", "--sex", "cat"], "sex is 'cat'"),
        (["loads", "--posture", "standing_flexed", "--trunk-deg", "400"], "trunk_deg is 400; expected -30 to 110"),
        (["loads", "--posture", "standing", "--hold-kg=-1"], "hold_kg is -1; expected 0 to 100"),
        (["loads", "--posture", "standing", "--shorten", "psoas_major_right"], "is not MUSCLE=PERCENT"),
        (["loads", "--posture", "standing", "--shorten", "psoas_right=5"], "muscle is 'psoas_right'"),
        (["loads", "--posture", "standing", "--plot", "levels.doc"], "expected a name ending in .png or .svg"),
        (["compensate"], "Nothing to compensate for"),
        (["compare", "--postures", "hovering"], "not a known posture"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(app: typer.Typer, words: list[str], sentence: str) -> None:
    result = run(app, *words)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
