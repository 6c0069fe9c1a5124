"""Moment arms are what they claim to be, and no hip flexor turns extensor where people move."""

from __future__ import annotations

import numpy as np
import pytest

from psoas.body import Body
from psoas.body.kinematics.coordinates import COORDINATES, SLIDES, range_of, to_edge_units
from psoas.body.kinematics.postures import posture

_STEP = 1e-6


@pytest.mark.parametrize(
    "posture",
    [
        {},
        {"hip_flexion_right": -20, "hip_flexion_left": 95, "knee_flexion_left": 80, "hip_adduction_right": -15},
        {"lumbar_flexion": 45, "lumbar_rotation": 8, "pelvis_tilt": 30, "ankle_flexion_right": 12},
        {"lumbar_flexion": -15, "lumbar_side_bend": 20, "hip_rotation_left": 25, "knee_flexion_right": 30},
    ],
)
def test_arm_is_minus_the_slope_of_length(body: Body, posture: dict[str, float]) -> None:
    posed = body.pose(posture)
    for index in range(len(COORDINATES)):
        step = np.zeros(len(COORDINATES))
        step[index] = _STEP
        before, after = (body.kinematics.lengths(posed.q + sign * step) for sign in (-1, 1))
        np.testing.assert_allclose(posed.geometry.arms_m[index], (before - after) / (2 * _STEP), atol=2e-8)


def test_walked_paths_equal_mujocos(body: Body) -> None:
    random = np.random.default_rng(3)
    for share in np.tile([1.0, 0.4], 100):
        q = np.array([share * _anywhere(random, name) for name in COORDINATES])
        walked = body.kinematics.evaluate(q)
        np.testing.assert_allclose(walked.lengths_m, body.kinematics.lengths(q), atol=1e-10)
        slopes = _mujoco_slopes(body, q)
        np.testing.assert_allclose(walked.arms_m, -slopes, atol=1e-10)


def _anywhere(random: np.random.Generator, name: str) -> float:
    value = random.uniform(*range_of(name))
    return float(value if name in SLIDES else np.radians(value))


def _mujoco_slopes(body: Body, q: np.ndarray) -> np.ndarray:
    kinematics, model = body.kinematics, body.kinematics.model
    rows = np.repeat(np.arange(model.ntendon), model.ten_J_rownnz)
    slopes = np.zeros((model.ntendon, model.nv))
    slopes[rows, model.ten_J_colind] = np.ravel(kinematics.data.ten_J)[: rows.size]
    return np.asarray((slopes @ kinematics.joint_positions(q)[1]).T)


@pytest.mark.parametrize("muscle", ["psoas_major", "iliacus", "tensor_fasciae_latae"])
def test_hip_flexors_stay_flexors_from_30_extension_to_120_flexion(body: Body, muscle: str) -> None:
    arms = body.curve("hip_flexion_right", f"{muscle}_right", list(range(-30, 121, 5)))["moment_arm_m"]
    assert min(arms) > 0.0


def test_psoas_arm_is_smooth_over_the_hips_range(body: Body) -> None:
    arms = np.array(body.curve("hip_flexion_right", "psoas_major_right", list(range(-30, 121)))["moment_arm_m"])
    assert np.abs(np.diff(arms)).max() < 0.0012


def test_no_path_jumps_anywhere_in_the_joints_ranges(body: Body) -> None:
    """Along straight lines between random postures, a length's second difference stays under a millimetre and a half.

    The lines are cut into 200 steps of at most one degree; a path that flips over a wrap jumps by 4 to 20 mm.
    """
    random = np.random.default_rng(20)
    joints = [(i, range_of(name)) for i, name in enumerate(COORDINATES) if not name.startswith("pelvis")]
    for _ in range(40):
        ends = np.zeros((2, len(COORDINATES)))
        for index, (low, high) in joints:
            ends[:, index] = np.radians(random.uniform(low, high, 2))
        line = [body.kinematics.lengths(ends[0] + share * (ends[1] - ends[0])) for share in np.linspace(0, 1, 201)]
        assert np.abs(np.diff(line, 2, axis=0)).max() < 0.0015


def test_psoas_lengthens_steadily_as_the_hip_extends(body: Body) -> None:
    lengths = body.curve("hip_flexion_right", "psoas_major_right", list(range(-30, 121, 5)))["length_m"]
    assert np.all(np.diff(lengths) < 0)


def test_lumbar_arms_of_psoas_do_not_depend_on_the_hip(body: Body) -> None:
    at = body.members("psoas_major_right")
    standing = body.moment_arms("lumbar_flexion_l4l5")[at]
    sitting = body.pose({"hip_flexion_right": 90}).moment_arms("lumbar_flexion_l4l5")[at]
    np.testing.assert_allclose(sitting, standing, atol=1e-9)


def test_slides_and_whole_body_turns_change_no_length(body: Body) -> None:
    moved = body.pose({"pelvis_tilt": 40, "pelvis_list": 20, "pelvis_rotation": -70, "pelvis_forward": 1.0})
    np.testing.assert_allclose(moved.lengths(), body.lengths(), atol=1e-12)


@pytest.mark.parametrize("coordinate", [c for c in COORDINATES if c not in SLIDES and not c.startswith("pelvis")])
def test_angles_outside_the_range_are_refused(body: Body, coordinate: str) -> None:
    low, high = range_of(coordinate)
    body.pose({coordinate: low})
    body.pose({coordinate: high})
    for value in (low - 1, high + 1, float("nan")):
        with pytest.raises(ValueError, match=rf"{coordinate}_deg is .*; expected"):
            body.pose({coordinate: value})


def test_an_array_outside_the_range_is_refused(body: Body) -> None:
    q = body.q.copy()
    q[COORDINATES.index("hip_flexion_right")] = np.radians(400)
    with pytest.raises(ValueError, match="hip_flexion_right_deg is 400; expected -30 to 140"):
        body.pose(q)
    with pytest.raises(ValueError, match="expected"):
        body.pose(q[:3])


def test_unknown_names_are_refused_with_a_hint(body: Body) -> None:
    with pytest.raises(ValueError, match="did you mean hip_flexion_right"):
        body.pose({"hip_flexion_r": 10})
    with pytest.raises(ValueError, match="did you mean psoas_major_right"):
        body.length("psoas_right")
    with pytest.raises(ValueError, match="floating"):
        body.pose("floating")


def test_a_posture_by_name_is_the_posture_by_angles(body: Body) -> None:
    np.testing.assert_array_equal(body.pose("standing").q, body.pose({}).q)
    sitting = posture("sitting_upright")
    np.testing.assert_array_equal(body.pose("sitting_upright").q, body.pose(sitting.joints_deg).q)
    assert body.pose("sitting_upright").length("psoas_major_right") < body.length("psoas_major_right")


def test_a_whole_lumbar_angle_is_shared_as_measured(body: Body) -> None:
    degrees = dict(zip(COORDINATES, to_edge_units(body.pose({"lumbar_flexion": 50}).q), strict=True))
    shares = {level: degrees[f"lumbar_flexion_{level}"] / 50 for level in ("l5s1", "l4l5", "l3l4", "l2l3", "l1l2")}
    assert sum(shares.values()) == pytest.approx(0.92)
    # In life L4/5 moves most and the top least; the source has it the other way about.
    assert shares["l4l5"] == max(shares.values())
    assert shares["l1l2"] == min(shares.values())


def test_many_postures_at_once_equal_one_by_one(body: Body) -> None:
    postures = ["standing", {"hip_flexion_right": 40}, {"lumbar_flexion": 20}]
    together = body.geometries(postures)
    assert together.arms_m.shape == (3, len(COORDINATES), len(body.muscles.names))
    for index, one in enumerate(postures):
        np.testing.assert_array_equal(together.lengths_m[index], body.pose(one).lengths())
        np.testing.assert_array_equal(together.level_pull[index], body.pose(one).geometry.level_pull)


def test_a_path_runs_through_its_bones(body: Body) -> None:
    bones, points = body.pose({"hip_flexion_left": 60}).path("psoas_major_l3_tp_left")
    assert bones == ("l3", "l4", "l5", "pelvis", "femur_left")
    assert points.shape == (5, 3)
    straight = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
    assert body.pose({"hip_flexion_left": 60}).length("psoas_major_l3_tp_left") == pytest.approx(straight, rel=0.05)
    with pytest.raises(ValueError, match="expected one of"):
        body.path("psoas_major_l9_left")
