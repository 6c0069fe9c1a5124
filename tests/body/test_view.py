"""The picture of the body: what it holds, that it mirrors, and what it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from psoas.body import Body
from psoas.body.anatomy.surfaces import distances_m
from psoas.body.statics.loads import solve
from psoas.body.statics.results import Loads
from psoas.body.view.page import save, spread
from psoas.body.view.picture import FLEXORS, SIDES, Picture, camera_of, draw, picture
from psoas.body.view.skeleton import bones_in_room
from psoas.body.view.strands import strands
from psoas.cli.body.view import register


@pytest.fixture(scope="module")
def standing(body: Body) -> Loads:
    return solve(body, "standing")


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    register(made)
    return made


def psoas(body: Body) -> set[str]:
    return {body.muscles.names[i] for side in ("right", "left") for i in body.members(f"psoas_major_{side}")}


@pytest.mark.parametrize("side", SIDES)
def test_every_side_shows_every_psoas_fascicle_and_level(
    body: Body, standing: Loads, tmp_path: Path, side: str
) -> None:
    path = tmp_path / "body.svg"
    save(draw(body, standing, side=side), path)
    text = path.read_text(encoding="utf-8")
    assert len(psoas(body)) == 24  # twelve a side, T12 to L5
    assert psoas(body) <= set(re.findall(r'id="(psoas_major[^".]*)"', text))
    for name, load in standing.levels.items():
        assert re.search(rf"{name}\s+{load.compression_n:.0f} N", text), name
    assert "Standing" in text and "This model" in text
    assert 20_000 < path.stat().st_size < 400_000


def test_a_png_is_900_pixels_wide_or_more(body: Body, standing: Loads, tmp_path: Path) -> None:
    path = tmp_path / "body.png"
    save(draw(body, standing, close=True), path)
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG") and int.from_bytes(head[16:20], "big") >= 900


def test_strands_are_as_long_as_the_muscles_are(body: Body) -> None:
    posed = body.pose({"hip_flexion_right": 60.0})
    lengths = dict(zip(posed.muscles.names, posed.lengths(), strict=True))
    for strand in strands(posed, FLEXORS):
        drawn = np.linalg.norm(np.diff(strand.points, axis=0), axis=1).sum()
        assert drawn == pytest.approx(lengths[strand.fascicle], rel=0.01), strand.fascicle


@pytest.mark.parametrize("hip_deg", [0.0, 60.0])
def test_muscles_end_on_the_bones_that_are_drawn(body: Body, hip_deg: float) -> None:
    posed = body.pose({"hip_flexion_right": hip_deg, "lumbar_flexion_l4l5": 5.0})
    bones = bones_in_room(posed)
    for strand in strands(posed, ["psoas_major"]):
        femur = bones["femur_right" if strand.fascicle.endswith("_right") else "femur_left"]
        assert distances_m(strand.points[-1], femur)[0] < 0.006


def test_bones_grow_with_the_person() -> None:
    small, tall = (bones_in_room(Body.of(height_m=height))["femur_right"] for height in (1.5, 1.8))
    assert np.ptp(tall.vertices[:, 2]) / np.ptp(small.vertices[:, 2]) == pytest.approx(1.2)


def test_a_mirrored_body_gives_the_mirrored_picture(body: Body) -> None:
    angles = {"hip_flexion_right": 30.0, "knee_flexion_right": 20.0}
    one, other = (
        picture(body.pose(given), side="front", muscles=["psoas_major", "iliacus"], pixels=500)
        for given in (angles, {name.replace("right", "left"): value for name, value in angles.items()})
    )
    mirrored = {strand.fascicle: strand for strand in other.strands}
    for strand in one.strands:
        twin = mirrored[_other(strand.fascicle)]
        np.testing.assert_allclose(strand.points, twin.points * [-1.0, 1.0], atol=1e-9)
        assert strand.value == pytest.approx(twin.value)
    assert one.image.shape == other.image.shape
    # Pixels do not fall alike on both, so edges may differ by a part of one.
    different = np.abs(one.image[..., 3].astype(float) - other.image[:, ::-1, 3]) > 128
    assert different.mean() < 0.01
    assert (one.image[..., 3] != one.image[:, ::-1, 3]).mean() > 0.03  # and one leg is bent


def _other(name: str) -> str:
    stem, side = name.rsplit("_", 1)
    return f"{stem}_{'left' if side == 'right' else 'right'}"


def test_a_bone_hides_what_lies_behind_it(body: Body) -> None:
    def hidden(shown: Picture) -> float:
        return float(np.mean([1.0 - one.seen.mean() for one in shown.strands]))

    front, side = (picture(body, side=side, muscles=["psoas_major_right"], pixels=500) for side in ("front", "side"))
    assert hidden(front) < 0.25  # the psoas lies before the pelvis
    assert hidden(side) > 0.3  # the wing of the ilium stands before it


def test_the_camera_turns_with_who_lies_down() -> None:
    upright = camera_of("front", np.eye(3))
    np.testing.assert_allclose([upright.right, upright.up], [[0, 1, 0], [0, 0, 1]], atol=1e-12)
    supine = np.column_stack([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    above = camera_of("front", supine)
    np.testing.assert_allclose([above.out, above.up], [[0, 0, 1], [-1, 0, 0]], atol=1e-12)
    np.testing.assert_allclose(camera_of("side", supine).up, [0, 0, 1], atol=1e-12)


def test_relaxed_muscles_without_loads(body: Body) -> None:
    shown = picture(body, muscles=["psoas_major_right"], pixels=500)
    tight = picture(body.shortened({"psoas_major_right": 10}), muscles=["psoas_major_right"], pixels=500)
    assert shown.compression_n == {}
    assert 0 < shown.force_n["psoas_major_right"] < tight.force_n["psoas_major_right"]
    stretch = picture(body, muscles=["psoas_major_right"], pixels=500, colour="stretch")
    assert all(0.5 < strand.value < 1.5 for strand in stretch.strands)


def test_labels_keep_apart() -> None:
    placed = spread([0.0, 0.1, 0.2, 5.0], 1.0, (0.0, 6.0))
    assert placed == sorted(placed) and np.diff(placed).min() >= 1.0 - 1e-12
    assert placed[3] == 5.0
    np.testing.assert_allclose(spread([1.0, 1.0, 1.0], 1.0, (0.0, 1.0)), [0.0, 0.5, 1.0])


def test_an_infeasible_posture_says_so(body: Body, standing: Loads) -> None:
    broken = replace(standing, feasible=False, reasons=("hip_flexion_right is 9.0 N.m short.",))
    texts = [text.get_text() for text in draw(body, broken).texts]
    assert any("cannot hold it" in text for text in texts)


def test_the_command_writes_a_picture(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "body.png"
    words = ["--posture", "standing_flexed", "--trunk-deg", "30", "--front", "--shorten", "psoas_major_right=10"]
    result = CliRunner().invoke(app, [*words, "--out", str(path)])
    assert result.exit_code == 0, result.output
    assert path.stat().st_size > 20_000


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--posture", "standng"], "did you mean standing"),
        (["--muscles", "psoas_majr"], "did you mean psoas_major"),
        (["--muscles", ","], "muscles is empty"),
        (["--out", "body.doc"], "expected a name ending in .png or .svg"),
        (["--out", "no/such/folder/body.svg"], "no/such/folder/body.svg cannot be written"),
        (["--side", "--front"], "exclude each other"),
        (["--colour", "mood"], "colour is 'mood'; expected one of force, stretch."),
        (["--shorten", "psoas_major_right"], "is not MUSCLE=PERCENT"),
        (["--height-m", "9"], "height_m is 9"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(app: typer.Typer, words: list[str], sentence: str) -> None:
    result = CliRunner().invoke(app, ["--no-loads", *words])
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_cold_compilation_is_told_once_on_stderr_and_a_warm_one_not_at_all(tmp_path: Path) -> None:
    kernels = (
        "@compiled\ndef one(x): return x + 1.0\n@compiled\ndef two(x): return x * 2.0\nprint(one(1.0) + two(2.0))\n"
    )
    line = "psoas: compiling the body's kernels, once; about half a minute\n"
    script = tmp_path / "kernel.py"
    script.write_text(
        f"from psoas.body._compile import compiled, tell_when_compiling\ntell_when_compiling()\n{kernels}"
    )
    environment = {**os.environ, "PSOAS_CACHE_DIR": str(tmp_path / "cache")}
    for told in (line, ""):
        done = subprocess.run(
            [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
        )
        assert (done.stdout, done.stderr) == ("6.0\n", told)
