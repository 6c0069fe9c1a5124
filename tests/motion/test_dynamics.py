"""Signals with an answer worked by hand: a falling body, a pendulum, a filter, a squat on two plates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from psoas.body import Body, load_motion, solve, solve_motion
from psoas.body.kinematics.coordinates import COORDINATES, INDEX
from psoas.body.motion.dynamics import Wrench, dynamics_of
from psoas.body.motion.errors import MotionError
from psoas.body.motion.frames import on_the_floor
from psoas.body.motion.smoothing import low_pass, smooth
from psoas.body.motion.trial import Motion, Plate
from tests.motion.files import Array, angles, clock, storage

G = 9.81


def configurations(time: Array, **columns: Array | float) -> Array:
    q = np.zeros((len(time), len(COORDINATES)))
    for name, values in columns.items():
        q[:, INDEX[name]] = values
    return q


def test_a_falling_body_needs_nothing(man: Body) -> None:
    time = clock()
    q = configurations(time, pelvis_up=1.0 - 0.5 * G * time**2, hip_flexion_right=0.5, lumbar_flexion_l4l5=0.1)
    needed = dynamics_of(man.kinematics, smooth(time, q, 0.0)).needed
    assert np.abs(needed).max() < 1e-6 * man.mass_kg() * G


def test_a_body_at_rest_needs_its_weight(man: Body) -> None:
    time = clock()
    needed = dynamics_of(man.kinematics, smooth(time, configurations(time, hip_flexion_left=0.7))).needed
    np.testing.assert_allclose(needed[:, INDEX["pelvis_up"]], 75.0 * G, rtol=1e-9)
    np.testing.assert_allclose(needed[:, INDEX["pelvis_forward"]], 0.0, atol=1e-6)
    np.testing.assert_allclose(
        needed, np.tile(-man.pose({"hip_flexion_left": np.degrees(0.7)}).gravity(), (61, 1)), atol=1e-6
    )


def test_a_straight_leg_swings_like_a_pendulum(man: Body) -> None:
    """About the hip, with I its moment of inertia and m d its first moment: M = I a + m g d sin(angle)."""
    model = man.kinematics.model
    man.kinematics.place(np.zeros(len(COORDINATES)))
    data = man.kinematics.bone_data
    hip = np.array(data.xpos[model.body("femur_right").id])
    inertia, first = 0.0, np.zeros(3)
    for bone in ("femur_right", "tibia_right", "foot_right"):
        body = model.body(bone).id
        away = np.array(data.xipos[body]) - hip
        inertia += model.body_inertia[body][1] + model.body_mass[body] * (away[0] ** 2 + away[2] ** 2)
        first += model.body_mass[body] * away
    time = clock(2.0, 120.0)
    angle = 0.3 * np.sin(2 * np.pi * time)
    acceleration = -0.3 * (2 * np.pi) ** 2 * np.sin(2 * np.pi * time)
    lever = -first[2] * np.sin(angle) + first[0] * np.cos(angle)  # forward of the hip, flexion swings the leg forward
    expected = inertia * acceleration + G * lever
    needed = dynamics_of(man.kinematics, smooth(time, configurations(time, hip_flexion_right=angle), 0.0)).needed
    inside = slice(5, -5)
    np.testing.assert_allclose(
        needed[inside, INDEX["hip_flexion_right"]], expected[inside], atol=2e-3 * np.abs(expected).max()
    )


def test_rising_and_sinking_weighs_more_and_less(man: Body) -> None:
    time = clock(2.0)
    up = 0.05 * np.cos(2 * np.pi * time)
    needed = dynamics_of(man.kinematics, smooth(time, configurations(time, pelvis_up=up), 0.0)).needed
    expected = 75.0 * (G - (2 * np.pi) ** 2 * up)
    np.testing.assert_allclose(needed[5:-5, INDEX["pelvis_up"]], expected[5:-5], rtol=1e-3)


def test_the_filter_halves_power_at_its_cut_off_and_has_no_lag() -> None:
    time = clock(10.0)
    middle = slice(200, 400)
    for hertz, gain in ((1.0, 1.0), (6.0, np.sqrt(0.5)), (20.0, 0.0)):
        wave = np.sin(2 * np.pi * hertz * time)
        passed = low_pass(time, wave[:, None], 6.0)[:, 0]
        fitted = passed[middle] @ wave[middle] / (wave[middle] @ wave[middle])
        assert fitted == pytest.approx(gain, abs=0.02)
        if gain > 0.9:
            np.testing.assert_allclose(passed[middle], wave[middle], atol=0.01)
    with pytest.raises(MotionError, match="up to 27"):
        low_pass(time, time[:, None], 40.0)
    np.testing.assert_array_equal(low_pass(time, time[:, None], 0.0), time[:, None])


def squat(man: Body, time: Array) -> tuple[Motion, Array]:
    """Held still on two plates, each with half the weight under the place where the body balances."""
    bent = {"hip_flexion": 1.2, "knee_flexion": 1.4, "ankle_flexion": 0.4}
    q = configurations(
        time,
        pelvis_tilt=0.3,
        lumbar_flexion_l4l5=0.1,
        **{f"{j}_{s}": v for j, v in bent.items() for s in ("left", "right")},
    )
    q = on_the_floor(man, time, q)
    posed = man.pose(q[0])
    centre = posed.centre_of_mass_m()
    plates = []
    for side, way in (("left", 1.0), ("right", -1.0)):
        force = np.tile([0.0, 0.0, 75.0 * G / 2], (len(time), 1))
        place = np.array([centre[0], 0.082 * way, 0.0])
        plates.append(Plate(side, side, force, np.cross(np.tile(place, (len(time), 1)), force)))
    return Motion("squat", time, q, tuple(COORDINATES), tuple(plates), placed=True), centre


def test_a_squat_by_hand(man: Body) -> None:
    """Hip: the ground's half weight at its lever less the leg's own weight at its lever; the pelvis needs nothing."""
    time = clock()
    motion, centre = squat(man, time)
    loads = solve_motion(man, motion)
    man.kinematics.place(motion.q[0])
    data, model = man.kinematics.bone_data, man.kinematics.model
    hip, knee = (np.array(data.xpos[model.body(bone).id]) for bone in ("femur_right", "tibia_right"))

    def below(bones: tuple[str, ...], joint: Array) -> float:
        ground = 75.0 * G / 2 * (centre[0] - joint[0])
        own = sum(model.body_mass[model.body(b).id] * G * (data.xipos[model.body(b).id][0] - joint[0]) for b in bones)
        return float(ground - own)

    shank = ("tibia_right", "foot_right")
    middle = len(time) // 2
    hip_moment = -below(("femur_right", *shank), hip)  # a force ahead of the hip lifts the thigh: muscles must extend
    assert loads.moments_nm[middle, INDEX["hip_flexion_right"]] == pytest.approx(hip_moment, abs=0.02)
    # About the knee, flexion turns the shank back: the same force ahead of the knee would extend it. The model's knee
    # slides a little as it bends and is not square to the plane, which is left out here.
    knee_moment = below(shank, knee)
    assert loads.moments_nm[middle, INDEX["knee_flexion_right"]] == pytest.approx(knee_moment, rel=0.1)
    np.testing.assert_allclose(loads.residual_n[middle], 0.0, atol=1e-6)
    np.testing.assert_allclose(loads.residual_nm[middle, 0], 0.0, atol=1e-6)


def test_a_body_that_stands_still_has_the_loads_of_the_posture(man: Body) -> None:
    """A movement that does not move is the posture: the same balance by another way."""
    still = solve(man, "standing")
    time = clock()
    q = np.tile(man.configuration(still.posture), (len(time), 1))
    loads = solve_motion(man, Motion("still", time, q, ()))
    middle = len(time) // 2
    for at, level in enumerate(loads.levels):
        # The arms hang from the shoulders' middle there and here; the soles share as costs least effort, both times.
        assert loads.compression_n[middle, at] == pytest.approx(still.levels[level].compression_n, rel=0.03)
    assert loads.ground_n[middle, :, 2].sum() == pytest.approx(75.0 * G, rel=0.01)
    assert not loads.ground_measured and loads.feasible.all()


def test_a_mirrored_movement_has_mirrored_loads(man: Body) -> None:
    time = clock()
    swing = 0.3 * np.sin(2 * np.pi * time)
    one = solve_motion(
        man,
        Motion(
            "a",
            time,
            configurations(time, hip_flexion_right=swing, pelvis_rotation=0.1, lumbar_side_bend_l3l4=0.05),
            (),
        ),
    )
    two = solve_motion(
        man,
        Motion(
            "b",
            time,
            configurations(time, hip_flexion_left=swing, pelvis_rotation=-0.1, lumbar_side_bend_l3l4=-0.05),
            (),
        ),
    )
    np.testing.assert_allclose(one.compression_n, two.compression_n, rtol=1e-3, atol=0.5)
    np.testing.assert_allclose(one.lateral_shear_n, -two.lateral_shear_n, atol=1.0)
    np.testing.assert_allclose(one.psoas_n[:, 0], two.psoas_n[:, 1], atol=1.0)


def test_a_frame_that_cannot_be_taken_is_a_result_with_a_reason(man: Body) -> None:
    time = clock(3.0)
    bend = np.where(time > 2.0, np.radians(60.0) * (time - 2.0), 0.0)
    loads = solve_motion(man, Motion("far", time, configurations(time, hip_rotation_left=bend), ()))
    assert loads.solved[:100].all() and not loads.solved[-10:].any()
    assert "hip_rotation_left is" in loads.reason[-1] and "expected -40 to 40" in loads.reason[-1]
    assert any("hip_rotation_left passes the end" in note for note in loads.notes)
    assert loads.summary()["failed"][-1]["time_s"] == pytest.approx(3.0)


def test_swapped_sides_are_noticed(man: Body) -> None:
    motion, _ = squat(man, clock())
    left, right = motion.plates
    crossed = (Plate("a", "left", right.force_n, right.moment_nm), Plate("b", "right", left.force_n, left.moment_nm))
    with pytest.raises(MotionError, match="left and right are swapped"):
        solve_motion(man, Motion("x", motion.time_s, motion.q, motion.given, crossed, placed=True))
    far = tuple(Plate(p.name, "", p.force_n, p.moment_nm + np.cross([2.0, 0.0, 0.0], p.force_n)) for p in motion.plates)
    with pytest.raises(MotionError, match="share axes and origin"):
        solve_motion(man, Motion("x", motion.time_s, motion.q, motion.given, far, placed=True))


def test_a_wrench_on_a_foot_is_what_the_pelvis_no_longer_needs(man: Body) -> None:
    time = clock()
    force = np.tile([3.0, -2.0, 100.0], (len(time), 1))
    still = smooth(time, configurations(time))
    bare = dynamics_of(man.kinematics, still).needed
    held = dynamics_of(man.kinematics, still, (Wrench("foot_left", force, np.zeros_like(force)),)).needed
    np.testing.assert_allclose(bare[:, :3] - held[:, :3], force, atol=1e-9)
    right = [INDEX[name] for name in COORDINATES if name.endswith("_right") or name.startswith("lumbar")]
    np.testing.assert_allclose(bare[:, right], held[:, right], atol=1e-12)


def test_a_file_through_to_loads(man: Body, tmp_path: Path) -> None:
    time = clock()
    sway = angles(time, lumbar_extension=-10.0 + 10.0 * np.cos(2 * np.pi * time))
    loads = solve_motion(man, load_motion(storage(tmp_path / "bow.mot", sway)))
    assert loads.feasible.all()
    upright, bent = loads.compression_n[0, -1], loads.compression_n[len(time) // 2, -1]
    assert bent > 1.3 * upright
