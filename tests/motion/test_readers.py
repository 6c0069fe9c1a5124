"""One signal with a known answer for every reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from psoas.body import load_motion
from psoas.body.kinematics.coordinates import INDEX
from psoas.body.motion.trial import Motion
from tests.motion.files import angles, clock, plate, storage

TIME = clock()
SWING = 20.0 * np.sin(2 * np.pi * TIME)


def degrees(motion: Motion, coordinate: str) -> np.ndarray:
    return np.degrees(motion.q[:, INDEX[coordinate]])


def test_opensims_angles_keep_their_meaning(tmp_path: Path) -> None:
    table = angles(TIME, hip_flexion_r=SWING, pelvis_tilt=4.0, lumbar_extension=-10.0, knee_angle_l=-30.0 + SWING / 2)
    motion = load_motion(storage(tmp_path / "walk.mot", table))
    np.testing.assert_allclose(degrees(motion, "hip_flexion_right"), SWING, atol=1e-6)
    np.testing.assert_allclose(degrees(motion, "pelvis_tilt"), -4.0, atol=1e-9)  # theirs is positive backwards
    np.testing.assert_allclose(degrees(motion, "knee_flexion_left"), 30.0 - SWING / 2, atol=1e-6)
    lumbar = sum(degrees(motion, name) for name in INDEX if name.startswith("lumbar_flexion_"))
    np.testing.assert_allclose(lumbar, 10.0, atol=1e-9)
    assert motion.rate_hz == pytest.approx(60.0) and motion.placed


def test_a_knee_that_bends_positively_is_flexion_too(tmp_path: Path) -> None:
    table = angles(TIME, knee_angle_r=30.0 + SWING, knee_angle_l=5.0)
    motion = load_motion(storage(tmp_path / "walk.mot", table))
    np.testing.assert_allclose(degrees(motion, "knee_flexion_right"), 30.0 + SWING, atol=1e-6)
    assert any("Rajagopal" in note for note in motion.notes)


def test_the_pelvis_of_the_file_is_moved_to_the_hips(tmp_path: Path) -> None:
    level = load_motion(storage(tmp_path / "a.mot", angles(TIME, pelvis_tx=0.3, pelvis_ty=1.0, pelvis_tz=0.1)))
    np.testing.assert_allclose(level.q[0, :3], [0.3 - 0.0707, -0.1, 1.0 - 0.0661], atol=1e-9)
    turned = load_motion(storage(tmp_path / "b.mot", angles(TIME, pelvis_tilt=90.0)))
    # Tipped backwards by a right angle, what lay behind the origin lies below it and what lay below lies in front.
    np.testing.assert_allclose(turned.q[0, :3], [0.0661, 0.0, 1.0 - 0.0707], atol=1e-9)


def test_radians_in_the_paths_of_opensim_4(tmp_path: Path) -> None:
    columns = {
        "time": TIME,
        "/jointset/hip_r/hip_flexion_r/value": np.radians(SWING),
        "/jointset/hip_r/hip_flexion_r/speed": TIME,
        "/jointset/walker_knee_r/knee_angle_r/value": np.radians(30.0 + SWING),
    }
    motion = load_motion(storage(tmp_path / "states.sto", columns, degrees="no"))
    np.testing.assert_allclose(degrees(motion, "hip_flexion_right"), SWING, atol=1e-6)
    assert not motion.placed


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_csv_by_our_names(tmp_path: Path, comma: str) -> None:
    names = ["time_s", "hip_flexion_left_deg", "lumbar_side_bend_rad", "pelvis_tilt_deg"]
    rows = zip(TIME, SWING, np.radians(SWING / 4), np.full_like(TIME, 7.0), strict=True)
    text = "\n".join([comma.join(names), *(comma.join(f"{value:.9f}" for value in row) for row in rows)])
    file = tmp_path / "bend.csv"
    file.write_text("# a comment\n" + text, encoding="utf-8")
    motion = load_motion(file)
    np.testing.assert_allclose(degrees(motion, "hip_flexion_left"), SWING, atol=1e-6)
    np.testing.assert_allclose(degrees(motion, "pelvis_tilt"), 7.0, atol=1e-9)  # ours is positive forwards
    bend = sum(degrees(motion, name) for name in INDEX if name.startswith("lumbar_side_bend_"))
    np.testing.assert_allclose(bend, SWING / 4, atol=1e-6)


def test_own_names_by_a_yaml_file(tmp_path: Path) -> None:
    file = storage(tmp_path / "own.sto", {"time": TIME, "RHip": -SWING, "Bogus": SWING})
    names = tmp_path / "names.yaml"
    names.write_text("RHip: {to: hip_flexion_right, sign: -1}\n", encoding="utf-8")
    motion = load_motion(file, names=names)
    np.testing.assert_allclose(degrees(motion, "hip_flexion_right"), SWING, atol=1e-6)
    assert any("Bogus" in note for note in motion.notes)
    assert load_motion(file, names={"RHip": "hip_flexion_right"}).given == ("hip_flexion_right",)


def test_plates_give_back_force_place_and_free_torque(tmp_path: Path) -> None:
    one = plate("", (10.0, 700.0, -20.0), (0.1, 0.0, 0.09), (0.0, 5.0, 0.0))
    fast = clock(rate_hz=600.0)
    forces = storage(tmp_path / "grf.mot", {"time": fast, **{k: np.full_like(fast, v) for k, v in one.items()}})
    motion = load_motion(storage(tmp_path / "ik.mot", angles(TIME)), plates=forces)
    (found,) = motion.plates
    np.testing.assert_allclose(found.force_n, np.tile([10.0, 20.0, 700.0], (len(TIME), 1)), atol=1e-6)
    np.testing.assert_allclose(
        found.centre_of_pressure_m(20.0)[:, :2], np.tile([0.1, -0.09], (len(TIME), 1)), atol=1e-9
    )
    about = found.moment_about(np.tile([0.1, -0.09, 0.0], (len(TIME), 1)))
    np.testing.assert_allclose(about, np.tile([0.0, 0.0, 5.0], (len(TIME), 1)), atol=1e-9)


def test_a_short_gap_is_bridged_and_said(tmp_path: Path) -> None:
    swing = SWING.copy()
    swing[20:24] = np.nan
    motion = load_motion(storage(tmp_path / "gap.mot", angles(TIME, hip_flexion_r=swing)))
    np.testing.assert_allclose(degrees(motion, "hip_flexion_right"), SWING, atol=0.05)
    assert any("4 missing samples" in note for note in motion.notes)


def test_an_uneven_clock_is_put_on_an_even_grid(tmp_path: Path) -> None:
    time = TIME + 0.002 * np.sin(40 * TIME)
    motion = load_motion(storage(tmp_path / "jitter.mot", angles(time, hip_flexion_r=20.0 * np.sin(2 * np.pi * time))))
    assert np.ptp(np.diff(motion.time_s)) < 1e-12
    expected = 20.0 * np.sin(2 * np.pi * motion.time_s)
    np.testing.assert_allclose(degrees(motion, "hip_flexion_right"), expected, atol=0.1)
    assert any("even grid" in note for note in motion.notes)
