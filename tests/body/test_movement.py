"""Many postures at once have the answers of one at a time."""

from __future__ import annotations

import pickle
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from psoas.body import Body
from psoas.body.kinematics.coordinates import INDEX
from psoas.body.kinematics.posture import Posture, PostureError
from psoas.body.kinematics.postures import posture
from psoas.body.statics import loads, movement
from psoas.body.statics.movement import MovementLoads, movement_through, solve_movement
from psoas.body.statics.options import Options
from psoas.body.statics.placing import place_frames
from psoas.body.statics.tissue import Tissue


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.of(height_m=1.75, mass_kg=75.0, sex="male", age_years=30.0)


def compare(many: MovementLoads, member: int, one: loads.Loads) -> None:
    for column, level in enumerate(many.levels):
        expected = one.levels[level]
        assert many.compression_n[member, column] == pytest.approx(expected.compression_n, abs=1e-4)
        assert many.shear_n[member, column] == pytest.approx(expected.shear_n, abs=1e-4)
        assert many.lateral_shear_n[member, column] == pytest.approx(expected.lateral_shear_n, abs=1e-4)
    np.testing.assert_allclose(many.hips_n[member], [one.hips_n["left"], one.hips_n["right"]], atol=1e-4)
    np.testing.assert_allclose(many.force_n[member], [m.force_n for m in one.fascicles.values()], atol=1e-4)
    np.testing.assert_allclose(many.activation[member], [m.activation for m in one.fascicles.values()], atol=1e-7)
    np.testing.assert_allclose(many.passive_n[member], [m.passive_n for m in one.fascicles.values()], atol=1e-6)
    assert many.effort[member] == pytest.approx(one.effort, abs=1e-7)
    assert many.feasible[member] == one.feasible
    assert many.reserves_nm[member] == pytest.approx(one.reserves_nm, abs=1e-5)
    assert bool(many.reason[member]) == bool(one.reasons)


CASES: dict[str, dict[str, Any]] = {
    "standing": {},
    "sitting_flexed": {},  # elbows on the thighs
    "lying_supine": {},
    "lying_side": {},
    "lifting_stoop": {"hold_kg": 15.0},
    "lifting_squat": {"hold_kg": 10.0, "hold_distance_m": 0.35},
    "walking@30": {"shorten": {"psoas_major_right": 8.0}},
    "sitting_upright": {"stiffen": {"iliacus_left": 50.0}, "options": Options(power=3)},
    "standing_flexed": {"options": Options(tone=0.03, abdominal_pressure_kpa=5.0)},
}


@pytest.mark.parametrize("name", CASES)
def test_one_frame_is_the_posture_on_its_own(body: Body, name: str) -> None:
    case = CASES[name]
    held = {key: value for key, value in case.items() if key.startswith("hold")}
    rest = {key: value for key, value in case.items() if not key.startswith("hold")}
    many = solve_movement(body, movement_through(body, [name], **held), **rest)
    compare(many, 0, loads.solve(body, name, **case))


def test_a_walk_is_its_moments(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movement, "CHUNK", 2)
    names = [f"walking@{phase}" for phase in (15, 20, 25, 35, 45)]
    many = solve_movement(body, movement_through(body, names), threads=2)
    assert len(many) == 5
    for member, name in enumerate(names):
        compare(many, member, loads.solve(body, name))


def test_frames_are_spread_between_the_postures(body: Body) -> None:
    ends = [posture("standing", trunk_deg=angle) for angle in (0.0, 30.0)]
    run = movement_through(body, ends, frames=5)
    assert len(run) == 5
    tilt = np.degrees(run.q[:, INDEX["pelvis_tilt"]])
    np.testing.assert_allclose(np.diff(tilt), (tilt[-1] - tilt[0]) / 4, atol=1e-9)
    many = solve_movement(body, run)
    assert many.feasible.all()
    assert (np.diff(many.compression_n[:, many.levels.index("L4/L5")]) > 0.0).all()  # bending presses ever more
    assert many.residual_nm.max() < 1e-6


def test_members_may_share_a_frame_and_differ_in_their_muscles(body: Body) -> None:
    run = movement_through(body, ["standing"])
    placed = place_frames(body.kinematics, run.q)
    tissues = [Tissue(body, {"psoas_major_right": percent}, {}) for percent in (0.0, 10.0)]
    many = movement.solve_members(body, run, placed, tissues, Options())
    compare(many, 0, loads.solve(body, "standing"))
    compare(many, 1, loads.solve(body, "standing", shorten={"psoas_major_right": 10.0}))


def test_a_body_outside_its_feet_is_marked_with_the_reason(body: Body) -> None:
    on_one_leg = replace(posture("standing"), support=("foot_left",), balance="fixed")
    one = loads.solve(body, on_one_leg)
    many = solve_movement(body, movement_through(body, [on_one_leg]))
    assert not many.feasible[0]
    assert one.reasons[0] in many.reason[0]


def test_nobody_carries_a_body_without_supports(body: Body) -> None:
    adrift = Posture("adrift", MappingProxyType({}), support=())
    many = solve_movement(body, movement_through(body, [adrift]))
    assert not many.feasible[0]
    assert "Nothing carries the person" in many.reason[0]


def test_postures_of_one_movement_share_their_supports(body: Body) -> None:
    with pytest.raises(PostureError, match="sitting_upright and standing differ in supports"):
        movement_through(body, ["standing", "sitting_upright"])
    with pytest.raises(PostureError, match="postures is empty"):
        movement_through(body, [])


def test_a_movement_travels_to_another_process(body: Body) -> None:
    run = movement_through(body, ["walking@30"])
    back = pickle.loads(pickle.dumps(run))
    assert back.posture == run.posture
    np.testing.assert_array_equal(back.q, run.q)


def test_an_angle_out_of_range_is_refused(body: Body) -> None:
    run = movement_through(body, ["standing", "standing"])
    q = run.q.copy()
    q[1, INDEX["knee_flexion_right"]] = np.radians(200.0)
    with pytest.raises(PostureError, match="knee_flexion_right is 200 in frame 1; expected"):
        solve_movement(body, replace(run, q=q))
    q[1, INDEX["knee_flexion_right"]] = np.nan
    with pytest.raises(PostureError, match="knee_flexion_right is nan in frame 1"):
        solve_movement(body, replace(run, q=q))
    with pytest.raises(PostureError, match="no frames"):
        solve_movement(body, replace(run, q=q[:0], gravity=run.gravity[:0]))
