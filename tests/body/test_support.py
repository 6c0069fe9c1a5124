"""Supports: who carries, and whether anything can."""

from dataclasses import replace

import numpy as np
import pytest

from psoas.body.kinematics.posture import PostureError
from psoas.body.kinematics.postures import posture
from psoas.body.statics.arms import Build, arms_of, grip_point
from psoas.body.statics.support import contacts

ORIGIN = {
    "pelvis": (0, 0, 0.93), "l5": (-0.05, 0, 1.04), "l1": (-0.04, 0, 1.18), "thorax": (-0.04, 0, 1.18),
    "femur_left": (0, 0.08, 0.93), "femur_right": (0, -0.08, 0.93), "tibia_left": (0, 0.08, 0.5),
    "tibia_right": (0, -0.08, 0.5), "foot_left": (-0.01, 0.08, 0.08), "foot_right": (-0.01, -0.08, 0.08),
}  # fmt: skip
BUILD = Build(height_m=1.75, arm_mass_kg=3.5)


def place(bone: str) -> tuple[np.ndarray, np.ndarray]:
    return np.array(ORIGIN[bone], float), np.eye(3)


def pushes(name: str, **changes: object):  # type: ignore[no-untyped-def]
    chosen = replace(posture(name), **changes)  # type: ignore[arg-type]
    arms = arms_of(BUILD, chosen, np.array([-0.035, 0, 1.45]), np.eye(3), None)
    return contacts(chosen, BUILD, place, arms), chosen


def hold(found, chosen, centre):  # type: ignore[no-untyped-def]
    from psoas.body.statics.support import can_hold

    return can_hold(found, np.array([0, 0, -700.0]), np.array(centre, float), chosen)


def test_two_feet_have_eight_points_left_and_right_alike() -> None:
    found, _ = pushes("standing")
    assert len(found) == 8
    left = sorted(tuple(p.point * [1, -1, 1]) for p in found if "left" in p.name)
    right = sorted(tuple(p.point) for p in found if "right" in p.name)
    np.testing.assert_allclose(left, right)


def test_a_centre_of_mass_over_the_feet_is_held() -> None:
    assert hold(*pushes("standing"), (0.05, 0, 1.0)).holds


@pytest.mark.parametrize(
    ("centre", "words"),
    [((0.4, 0, 1), "24.5 cm in front of"), ((-0.2, 0, 1), "behind"), ((0.05, 0.5, 1), "to the left of")],
)
def test_a_centre_of_mass_outside_the_feet_is_said(centre: tuple[float, ...], words: str) -> None:
    found = hold(*pushes("standing"), centre)
    assert not found.holds
    assert words in found.reason
    assert found.moment_gap_nm > 10


def test_a_vertical_support_cannot_push_sideways_but_a_rough_one_can() -> None:
    from psoas.body.statics.support import can_hold

    lean = np.array([20.0, 0, -700.0])
    centre = np.array([0.05 - 1.0 * 20 / 700, 0, 1.0])
    smooth, chosen = pushes("standing")
    rough, _ = pushes("standing", friction=0.5)
    assert not can_hold(smooth, lean, centre, chosen).holds
    assert can_hold(rough, lean, centre, chosen).holds


def test_an_unknown_support_is_refused() -> None:
    with pytest.raises(PostureError, match="not a known support"):
        pushes("standing", support=("hammock",))


def test_every_posture_names_known_supports() -> None:
    from psoas.body.kinematics.postures import posture_names

    for name in posture_names():
        found, _ = pushes(name)
        assert found


def test_a_load_out_of_reach_is_refused() -> None:
    shoulder = np.array([-0.04, 0, 1.45])
    with pytest.raises(PostureError, match=r"hold_distance_m is 2; in standing the hands reach 0\.00 to 0"):
        grip_point(BUILD, posture("standing"), 2.0, place("l5")[0], shoulder)


def test_arms_keep_their_length_and_hold_the_grip() -> None:
    shoulder = np.array([-0.035, 0, 1.45])
    grip = grip_point(BUILD, posture("standing"), 0.4, place("l5")[0], shoulder)
    assert grip[0] == pytest.approx(-0.05 + 0.4)
    hanging, held = (arms_of(BUILD, posture("standing"), shoulder, np.eye(3), at) for at in (None, grip))
    for side in ("left", "right"):
        assert held[side].hand == pytest.approx(grip)
        for arm in (hanging[side], held[side]):
            assert np.linalg.norm(arm.elbow - arm.shoulder) == pytest.approx(0.186 * 1.75)
            assert np.linalg.norm(arm.hand - arm.elbow) == pytest.approx(0.2 * 1.75)
