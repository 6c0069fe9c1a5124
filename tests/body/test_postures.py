"""Postures: names, angles, ranges, the split of a forward bend, the gait curves."""

import pytest

from psoas.body.kinematics.coordinates import LUMBAR_KINDS, coordinate_vector
from psoas.body.kinematics.posture import PostureError, coordinate_names, forward_bend
from psoas.body.kinematics.postures import posture, posture_names
from psoas.knowledge import load

ASKED = [
    "lying_supine",
    "lying_side",
    "lying_prone",
    "sitting_upright",
    "sitting_slouched",
    "sitting_flexed",
    "standing",
    "standing_flexed",
    "lifting_squat",
    "lifting_stoop",
    "rising_from_chair",
    "walking",
    "running",
    "stairs",
    "getting_out_of_bed",
]


@pytest.mark.parametrize("name", ASKED)
def test_the_postures_asked_for_exist(name: str) -> None:
    assert name in posture_names()


@pytest.mark.parametrize("name", posture_names())
def test_every_posture_is_complete(name: str) -> None:
    found = posture(name)
    assert found.support
    assert set(found.angles_deg) <= set(coordinate_names())
    assert found.sources
    assert found.balance in ("fixed", "lean", "accelerate")


@pytest.mark.parametrize("name", posture_names())
def test_the_model_accepts_every_posture(name: str) -> None:
    assert coordinate_vector(posture(name).joints_deg).shape


def test_a_lumbar_total_reaches_the_trunk_whole() -> None:
    bent = posture("standing").with_angles(lumbar_flexion=30.0)
    assert bent.lumbar_flexion_deg == pytest.approx(30.0)
    assert bent.trunk_deg == pytest.approx(30.0)
    assert bent.angle("lumbar_flexion_l4l5") > bent.angle("lumbar_flexion_l1l2") > 0
    assert "flexion" in LUMBAR_KINDS


FIXED_BY_A_LIMB = {("cat_camel", "start"), ("childs_pose", "end"), ("prone_press_up", "end")}
"""Hands and knees, or the front of the pelvis, on the floor give the pelvis; its tilt and the curve give the trunk."""
SLOPE_THE_OTHER_WAY = {("supported_bridge", "start"), ("supported_bridge", "end"), ("glute_bridge", "end")}
"""The pack has these half sitting (above -90); shoulders on the floor and the pelvis raised ask for more than -90."""


def test_the_trunk_of_an_exercise_is_the_packs_but_where_the_floor_says_otherwise() -> None:
    other, raised = set(), set()
    for name, exercise in load().exercises.exercises.items():
        pose = exercise.pose
        for step, held in (("start", pose.start), ("end", pose.end)) if pose else ():
            trunk = posture(f"exercise:{name}:{step}").trunk_deg
            assert posture(f"exercise:{name}:{step}").lumbar_flexion_deg == pytest.approx(held.lumbar_flexion_deg)
            if held.trunk_pitch_deg is not None and trunk != pytest.approx(held.trunk_pitch_deg):
                other.add((name, step))
                if trunk < -90 < held.trunk_pitch_deg < 0:
                    raised.add((name, step))
    assert other == FIXED_BY_A_LIMB | SLOPE_THE_OTHER_WAY
    assert raised == SLOPE_THE_OTHER_WAY


def test_trade_words_become_the_models_coordinates() -> None:
    clam = posture("exercise:clamshell:end")
    assert clam.angle("hip_adduction_right") == -25
    assert clam.angle("hip_rotation_right") == -30


def test_a_forward_bend_follows_esolas_bands_and_ceiling() -> None:
    assert forward_bend(30) == pytest.approx((30 * 1.9 / 2.9, 30 / 2.9))
    assert forward_bend(110) == pytest.approx((41.6, 68.4))  # full bend: 41.6 lumbar, 69.4 hip of 111


def test_trunk_angle_of_a_bend_is_what_was_asked() -> None:
    for asked in (-20.0, 0.0, 33.0, 80.0):
        assert posture("standing_flexed", trunk_deg=asked).trunk_deg == pytest.approx(asked)


def test_bending_on_a_seat_keeps_the_thighs_level() -> None:
    for asked in (0.0, 20.0, 40.0):
        bent = posture("sitting_flexed", trunk_deg=asked)
        assert bent.trunk_deg == pytest.approx(asked)
        assert bent.angle("hip_flexion_left") - bent.angle("pelvis_tilt") == pytest.approx(90.0)
    assert posture("sitting_upright", trunk_deg=0).angles_deg == posture("sitting_upright").angles_deg


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: posture("standng"), "did you mean standing"),
        (lambda: posture("standing_flexed", trunk_deg=400), "trunk_deg is 400; expected -30 to 110"),
        (lambda: posture("lying_supine", trunk_deg=10), "does not take it"),
        (lambda: posture("walking@130"), "phase_percent is 130; expected 0 to 100"),
        (lambda: posture("walking@x"), "expected a number"),
        (lambda: posture("standing").with_angles(hip_flexion_right=400), "hip_flexion_right_deg is 400; expected -30"),
        (lambda: posture("standing").with_angles(hip_flexon_right=4), "did you mean hip_flexion_right"),
        (lambda: posture("standing").with_angles(lumbar_flexion=200), "lumbar_flexion_.*_deg is .*; expected"),
    ],
)
def test_bad_input_gets_a_sentence(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PostureError, match=words):
        call()


def test_walking_mirrors_after_half_a_stride() -> None:
    now, later = posture("walking@20"), posture("walking@70")
    for joint in ("hip_flexion", "knee_flexion", "ankle_flexion"):
        assert now.angle(f"{joint}_right") == pytest.approx(later.angle(f"{joint}_left"))
    assert now.vertical_force_bw == pytest.approx(later.vertical_force_bw)
    assert now.support == ("foot_right",)
    assert later.support == ("foot_left",)


def test_the_spline_meets_scipys_periodic_spline() -> None:
    from scipy.interpolate import CubicSpline

    from psoas.body.kinematics.gait import _periodic

    x, y = [0.0, 12.0, 31.0, 45.0], [0.95, 1.12, 0.78, 1.10]
    reference = CubicSpline([*x, 50.0], [*y, y[0]], bc_type="periodic")
    for at in (0.0, 5.0, 30.0, 49.0):
        assert _periodic(x, y, at, 50.0) == pytest.approx(float(reference(at)), abs=1e-12)


def test_both_feet_carry_in_double_support() -> None:
    double = posture("walking@6")
    assert set(double.support) == {"foot_right", "foot_left"}
    assert double.centre_of_pressure["share_right"] + double.centre_of_pressure["share_left"] == pytest.approx(1.0)


def test_key_frames_of_the_gait_curve_are_met() -> None:
    assert posture("walking@50").angle("hip_flexion_right") == pytest.approx(-11.0)
    assert posture("walking@73").angle("knee_flexion_right") == pytest.approx(60.0)
