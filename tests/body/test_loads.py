"""Loads of a posture: balance, an independent check of the cut, mirror, mass, order of postures, what is refused."""

from __future__ import annotations

import json

import mujoco
import numpy as np
import pytest

from psoas.body.anatomy.assembly import build_spec, compile_spec, corrected_blueprint
from psoas.body.anatomy.registration import LEVELS, level_axes, upper_bone
from psoas.body.kinematics.posture import PostureError
from psoas.body.kinematics.postures import posture
from psoas.body.statics.arms import Build
from psoas.body.statics.loads import LEVEL_NAMES, Loads, balance_of, read_loads, recruit_posture, solve
from psoas.body.statics.mechanics import Mechanics
from psoas.body.statics.options import Options
from psoas.body.statics.stance import take_stance
from psoas.body.statics.tissue import Tissue
from psoas.body.subject.model import Body

EVERYDAY = (
    "standing", "standing_flexed", "lifting_stoop", "lifting_squat", "sitting_upright", "sitting_slouched",
    "sitting_flexed", "rising_from_chair", "lying_supine", "lying_side", "lying_prone", "walking", "stairs", "running",
)  # fmt: skip


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.of(height_m=1.75, mass_kg=75, sex="male", age_years=40)


@pytest.fixture(scope="module")
def answers(body: Body) -> dict[str, Loads]:
    return {name: solve(body, name) for name in EVERYDAY}


@pytest.mark.parametrize("name", EVERYDAY)
def test_the_whole_body_is_in_balance(name: str, answers: dict[str, Loads], body: Body) -> None:
    answer = answers[name]
    assert answer.residual_nm < 1e-6
    assert answer.reserves_nm < 1e-6, answer.reasons
    assert answer.feasible


@pytest.mark.parametrize("name", ["standing", "lying_supine", "sitting_upright"])
def test_supports_carry_the_weight(name: str, answers: dict[str, Loads], body: Body) -> None:
    assert sum(answers[name].supports_n.values()) == pytest.approx(body.mass_kg() * 9.81, rel=1e-6)


def test_the_ground_carries_the_accelerated_body(answers: dict[str, Loads], body: Body) -> None:
    """Newton's second law in walking: the legs' supports give the vertical force of the published curve, and more."""
    answer = answers["walking"]
    vertical = answer.posture.vertical_force_bw * body.mass_kg() * 9.81
    total = float(np.linalg.norm(sum(answer.supports_n.values())))
    assert total > vertical * (1 - 1e-9)
    assert total < 1.2 * vertical


@pytest.mark.parametrize(("name", "held"), [("standing", 0.0), ("lifting_stoop", 20.0), ("sitting_slouched", 0.0)])
def test_the_cut_agrees_with_virtual_work_of_a_sliding_spine(name: str, held: float) -> None:
    """Every level gets three slides in a second model; the force they need is the joint force, found by MuJoCo."""
    from psoas.body._data import load_data

    size = float(load_data("anthropometry.yaml")["reference"]["height_m"]["value"])
    body = Body.of(height_m=size, mass_kg=75, sex="male", age_years=40)
    mechanics = Mechanics(body.kinematics)
    stance = take_stance(mechanics, Build(size, mechanics.mass_of("arms") / 2), posture(name), held, None)
    balance = balance_of(mechanics, stance, Tissue(body, {}, {}), Options())
    answer = recruit_posture(body, balance, stance, Options())
    loads = read_loads(body, mechanics, stance, balance, answer)

    sliding, data = _sliding_model(body)
    tension = answer.activation[: balance.muscles] * balance.gain_n + balance.passive_n
    jacobian = np.zeros((sliding.ntendon, sliding.nv))
    rows = np.repeat(np.arange(sliding.ntendon), sliding.ten_J_rownnz)
    jacobian[rows, sliding.ten_J_colind] = np.ravel(data.ten_J)[: rows.size]
    assert [sliding.tendon(i).name for i in range(sliding.ntendon)] == list(body.muscles.names)
    force = -jacobian.T @ tension - data.qfrc_bias
    pushes = answer.activation[balance.muscles : balance.muscles + len(balance.contacts)] * balance.full_contact_n
    outside = [(known.bone, known.point, known.force) for known in balance.forces]
    outside += [(p.bone, p.point, size * p.direction) for p, size in zip(balance.contacts, pushes, strict=True)]
    for bone, point, value in outside:
        at = np.zeros((3, sliding.nv))
        mujoco.mj_jac(sliding, data, at, None, point, sliding.body(bone).id)
        force += at.T @ value
    for level in LEVELS:
        slides = [sliding.joint(f"slide_{axis}_{level}").dofadr[0] for axis in "xyz"]
        forward, _, up = level_axes(level) @ force[slides]
        sheath = _sheath_share(mechanics, level, tension)
        told = loads.levels[LEVEL_NAMES[level]]
        assert told.compression_n == pytest.approx(-up - sheath[2], abs=1e-6)
        assert told.shear_n == pytest.approx(forward + sheath[0], abs=1e-6)


def _sliding_model(body: Body) -> tuple[mujoco.MjModel, mujoco.MjData]:
    plan = corrected_blueprint()
    spec = build_spec(plan)
    for level in LEVELS:
        bone = spec.body(upper_bone(level))
        hinges = [(j.name, j.axis.copy(), j.pos.copy()) for j in bone.joints]
        for joint in list(bone.joints):
            spec.delete(joint)
        for axis, direction in zip("xyz", np.eye(3), strict=True):
            bone.add_joint(name=f"slide_{axis}_{level}", type=mujoco.mjtJoint.mjJNT_SLIDE, axis=direction)
        for label, direction, place in hinges:
            bone.add_joint(name=label, type=mujoco.mjtJoint.mjJNT_HINGE, axis=direction, pos=place)
    model = compile_spec(spec)
    here = body.kinematics
    model.body_mass[:] = here.model.body_mass
    data = mujoco.MjData(model)
    for index in range(here.model.njnt):
        address = model.joint(here.model.joint(index).name).qposadr[0]
        data.qpos[address] = here.data.qpos[here.model.jnt_qposadr[index]]
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    mujoco.mj_tendon(model, data)
    mujoco.mj_comVel(model, data)
    mujoco.mj_rne(model, data, 0, data.qfrc_bias)
    return model, data


def _sheath_share(mechanics: Mechanics, level: str, tension: np.ndarray) -> np.ndarray:
    """The abdominal sheath hands part of the pull on it to the spine above; the sliding model leaves it all below."""
    from psoas.body.anatomy.registration import SHEATH_SHARE

    frame = mechanics.geometry.level_frames[LEVELS.index(level)]
    return np.asarray(frame @ (SHEATH_SHARE * (tension @ mechanics.pull_across("abdomen"))))


def test_left_and_right_are_alike_in_a_symmetric_posture(answers: dict[str, Loads]) -> None:
    for name in ("standing", "lying_supine", "lifting_stoop"):
        muscles = answers[name].muscles
        for muscle, load in muscles.items():
            if muscle.endswith("_left"):
                assert load.force_n == pytest.approx(muscles[muscle.replace("_left", "_right")].force_n, abs=1e-4)


def test_shortening_left_mirrors_shortening_right(body: Body) -> None:
    left, right = (solve(body, "standing", shorten={f"psoas_major_{side}": 8}) for side in ("left", "right"))
    for level, load in left.levels.items():
        other = right.levels[level]
        assert load.compression_n == pytest.approx(other.compression_n, abs=1e-4)
        assert load.lateral_shear_n == pytest.approx(-other.lateral_shear_n, abs=1e-4)
    assert left.hips_n["left"] == pytest.approx(right.hips_n["right"], abs=1e-4)


def test_loads_rise_with_body_mass() -> None:
    light, heavy = (Body.of(height_m=1.75, mass_kg=mass, sex="male", age_years=40) for mass in (60, 90))
    for name in ("standing", "standing_flexed"):
        one, two = solve(light, name), solve(heavy, name)
        for level in one.levels:
            assert two.levels[level].compression_n > one.levels[level].compression_n


def test_postures_come_in_the_measured_order(answers: dict[str, Loads]) -> None:
    load = {name: answer.levels["L4/L5"].compression_n for name, answer in answers.items()}
    assert load["lying_supine"] < load["lying_side"] < load["sitting_slouched"] < load["standing"]
    assert load["standing"] < load["standing_flexed"]
    assert load["standing_flexed"] < load["lifting_stoop"]
    assert load["lying_prone"] < load["standing"] < load["walking"]


def test_a_load_held_farther_away_presses_more(body: Body) -> None:
    near, far = (solve(body, "standing", hold_kg=5, hold_distance_m=d).levels["L5/S1"] for d in (0.25, 0.5))
    empty = solve(body, "standing").levels["L5/S1"]
    assert empty.compression_n < near.compression_n < far.compression_n


def test_compression_is_the_sum_of_its_shares(answers: dict[str, Loads]) -> None:
    for answer in answers.values():
        for load in answer.levels.values():
            assert sum(load.share_n.values()) == pytest.approx(load.compression_n, abs=1e-6)


def test_standing_compression_exceeds_the_weight_above(answers: dict[str, Loads]) -> None:
    load = answers["standing"].levels["L4/L5"]
    assert load.compression_n > load.share_n["weight"] > 0.35 * 75 * 9.81


def test_the_dictionary_has_the_promised_shape(answers: dict[str, Loads]) -> None:
    told = json.loads(json.dumps(answers["standing"].to_dict()))
    assert set(told) == {"levels", "muscles", "residual_nm", "reserves_nm", "feasible"}
    assert set(told["levels"]) == {"L5/S1", "L4/L5", "L3/L4", "L2/L3", "L1/L2", "T12/L1"}
    assert set(told["levels"]["L4/L5"]) == {"compression_n", "shear_n", "disc_pressure_mpa"}
    assert set(told["muscles"]["psoas_major_right"]) == {"force_n", "activation", "passive_n"}


def test_an_impossible_load_is_marked_infeasible(body: Body) -> None:
    answer = solve(body, "lifting_stoop", hold_kg=100)
    assert not answer.feasible
    assert answer.reserves_nm > 1
    assert "short" in answer.reasons[0]


def test_abdominal_pressure_unloads_the_spine_when_muscles_are_spared(body: Body) -> None:
    plain = solve(body, "standing_flexed")
    pressed = solve(body, "standing_flexed", options=Options(abdominal_pressure_kpa=5))
    assert pressed.levels["L4/L5"].compression_n < plain.levels["L4/L5"].compression_n


def test_tone_presses_the_spine(body: Body) -> None:
    soft, tense = (solve(body, "standing", options=Options(tone=tone)) for tone in (0.0, 0.05))
    assert tense.levels["L4/L5"].compression_n > soft.levels["L4/L5"].compression_n + 20


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda b: solve(b, "standing", hold_kg=-1), "hold_kg is -1; expected 0 to 100"),
        (lambda b: solve(b, "standing", hold_kg=5, hold_distance_m=3), "hold_distance_m is 3; expected 0 to 1.2"),
        (lambda b: solve(b, "standing", shorten={"psoas_mayor_right": 5}), "did you mean psoas_major_right"),
        (lambda b: solve(b, "standing", shorten={"psoas_major_right": 80}), "expected"),
        (lambda b: solve(b, "standing", options=Options(power=4)), "power is 4; expected 2 or 3"),
        (lambda b: solve(b, "standing", options=Options(tone=2)), "tone is 2; expected 0 to 0.5"),
        (lambda b: solve(b, "upside_down"), "not a known posture"),
    ],
)
def test_bad_input_gets_a_sentence(body: Body, call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((PostureError, ValueError), match=words):
        call(body)
