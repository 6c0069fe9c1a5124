"""The tests of hip-flexor length, simulated: where a relaxed leg settles, and how every unknown moves it.

In the modified Thomas test the leg hangs over the table's edge and is free; in the modified Ober test it may only sink
sideways; lying prone an examiner lifts the thigh until the passive moment reaches what makes the pelvis give, or bends
the knee until the pelvis is drawn up. Each is a small system r(q) = 0, solved by Newton's method for
many people at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Vector
from psoas.body.flexibility.leg_surface import LEG
from psoas.body.flexibility.leg_tissue import UNKNOWNS, Legs, Torque, torque

Manoeuvre = Literal["thomas", "thomas_knee_straight", "ober", "prone_extension", "prone_extension_knee_bent", "ely"]

FLEX, ADD, ROT, KNEE = range(len(LEG))


@dataclass(frozen=True)
class Setup:
    """How a manoeuvre holds the leg.

    free: coordinates that settle; balance: coordinates whose torque must vanish, or reach `end_moment_nm` where an
    examiner works against the hip; hip_follows_table: the thigh lies on the table, so the hip turns with the pelvis;
    beyond_straight: the end moment counts beyond that of the straight knee, as the pelvis has settled under that;
    abduction_deg: how far apart the legs lie.
    """

    free: tuple[int, ...]
    balance: tuple[int, ...]
    gravity: Literal["supine", "side", None]
    knee_deg: float
    end_moment_nm: float = 0.0
    hip_follows_table: bool = False
    beyond_straight: bool = False
    abduction_deg: float = 0.0


@dataclass(frozen=True)
class SimulatedTest:
    """Where the legs settled. q_deg (N, 4) in the order of LEG; by_unknown (N, 4, 7) degrees per percent (the capsule:
    per degree); by_tilt (N, 4) degrees per degree of the pelvis's backward tilt; residual_nm (N,) what is left over."""

    q_deg: Vector
    by_unknown: Vector
    by_tilt: Vector
    residual_nm: Vector


def setup_of(manoeuvre: str) -> Setup:
    """The set-up of a manoeuvre; the examiner's end moments come from `tightness.yaml`."""
    ends = load_data("tightness.yaml")["examiner"]
    straight = float(ends["straight_knee_deg"]["value"])
    lift, draw = float(ends["prone_extension_end_nm"]["value"]), float(ends["ely_end_nm"]["value"])
    apart = float(ends["prone_legs_apart_deg"]["value"])
    swing = (FLEX, ADD, ROT)
    known = {
        "thomas": Setup((FLEX, ADD, ROT, KNEE), (FLEX, ADD, ROT, KNEE), "supine", 55.0),
        "thomas_knee_straight": Setup(swing, swing, "supine", straight),
        "ober": Setup((ADD,), (ADD,), "side", straight, 0.0, True),
        "prone_extension": Setup(swing, swing, None, straight, lift),
        "prone_extension_knee_bent": Setup(swing, swing, None, 90.0, lift),
        "ely": Setup((KNEE,), (FLEX,), None, 110.0, draw, True, True, apart),
    }
    if manoeuvre not in known:
        raise ValueError(f"manoeuvre is {manoeuvre!r}; expected one of {', '.join(known)}.")
    return known[manoeuvre]


def simulate_length_test(
    legs: Legs, manoeuvre: str, unknowns: Vector, tilt_deg: Vector, start_deg: Vector | None = None
) -> SimulatedTest:
    """Solve a manoeuvre for N people.

    Args:
        legs: one leg of each person.
        manoeuvre: a name of :data:`Manoeuvre`.
        unknowns: (N, 7) in the order of UNKNOWNS; zeros are the normal leg.
        tilt_deg: (N,) how far the pelvis is tipped backwards from standing.
        start_deg: (N, 4) where to begin; near the answer it saves steps.

    A leg that no torque stops inside the model's range is left at the end of it, and moves with nothing there.
    """
    setup = setup_of(manoeuvre)
    rules = load_data("tightness.yaml")["newton"]
    tilt = np.radians(np.asarray(tilt_deg, dtype=float))
    q = np.zeros((len(legs), 4)) if start_deg is None else np.radians(start_deg)
    if start_deg is None:
        q[:, ADD], q[:, KNEE] = -np.radians(setup.abduction_deg), np.radians(setup.knee_deg)
    if KNEE not in setup.free:
        q[:, KNEE] = np.radians(setup.knee_deg)
    if setup.hip_follows_table:
        q[:, FLEX] = -tilt
    low, high = legs.surface.low, legs.surface.high
    q = np.clip(q, low, high)
    free, rows = list(setup.free), list(setup.balance)
    down = _down(setup.gravity, tilt)
    target = np.zeros((len(legs), len(rows)))
    target[:, 0] = setup.end_moment_nm * legs.hip_scale
    straight = _straight(legs, unknowns, q) if setup.beyond_straight else None
    if straight is not None:
        target += straight.tau[:, rows]
    step_most, tolerance = np.radians(float(rules["step_most_deg"])), float(rules["tolerance_nm"])
    at = torque(legs, unknowns, q, down)
    going = np.arange(len(legs))
    for _ in range(int(rules["steps_most"])):
        residual = at.tau[:, rows] - target
        held = _held_at_the_end(setup, q, residual, low, high)
        going = going[(np.abs(residual[going]).max(axis=1) >= tolerance) & ~held[going]]
        if not len(going):
            break
        step = -_solve(at.by_q[going][:, rows][:, :, free], residual[going][..., None], setup)[..., 0]
        step *= np.minimum(1.0, step_most / np.maximum(np.abs(step).max(axis=1, keepdims=True), 1e-12))
        at_free = np.ix_(going, np.array(free))
        q[at_free] = np.clip(q[at_free] + step, low[free], high[free])
        one_more = torque(legs.take(going), unknowns[going], q[going], _some(down, going))
        for name in ("tau", "by_q", "by_unknown", "by_tilt"):
            getattr(at, name)[going] = getattr(one_more, name)
    residual = at.tau[:, rows] - target
    held = _held_at_the_end(setup, q, residual, low, high)
    return _with_sensitivities(setup, at if straight is None else _beyond(at, straight), q, residual, held)


def _straight(legs: Legs, unknowns: Vector, q: Vector) -> Torque:
    """The torque with the knee straight and the hip as it is, without gravity: the examiner carries the leg."""
    before = q.copy()
    before[:, KNEE] = np.radians(float(load_data("tightness.yaml")["examiner"]["straight_knee_deg"]["value"]))
    return torque(legs, unknowns, before, None)


def _beyond(at: Torque, straight: Torque) -> Torque:
    """Slopes of the torque beyond that of the straight knee, which the knee's own angle does not change."""
    fixed = straight.by_q.copy()
    fixed[:, :, KNEE] = 0.0
    return Torque(at.tau, at.by_q - fixed, at.by_unknown - straight.by_unknown, at.by_tilt)


def _some(down: tuple[Vector, Vector] | None, going: NDArray[np.intp]) -> tuple[Vector, Vector] | None:
    return None if down is None else (down[0][going], down[1][going])


def _solve(matrix: Vector, right: Vector, setup: Setup) -> Vector:
    """Newton's step. A passive leg's stiffness is negative definite near rest; far away it may not be, and a little of
    its diagonal is added so that a step always leads downhill."""
    if setup.free != setup.balance:
        return np.asarray(np.linalg.solve(np.maximum(matrix, 0.3), right))
    symmetric = 0.5 * (matrix + np.swapaxes(matrix, 1, 2))
    values, vectors = np.linalg.eigh(-symmetric)
    values = np.maximum(np.abs(values), 0.3)
    inner = np.swapaxes(vectors, 1, 2) @ right
    return -np.asarray(vectors @ (inner / values[..., None]))


def _held_at_the_end(setup: Setup, q: Vector, residual: Vector, low: Vector, high: Vector) -> NDArray[np.bool_]:
    """(N,) whether the leg lies at the end of the model's range and is pressed against it."""
    free = list(setup.free)
    at_low, at_high = q[:, free] <= low[free] + 1e-9, q[:, free] >= high[free] - 1e-9
    if setup.free != setup.balance:  # an examiner's knee bend: pressed further while the moment is not reached
        residual = -residual
    pressed = (at_low & (residual < 0)) | (at_high & (residual > 0))
    return np.asarray(pressed.any(axis=1))


def _with_sensitivities(
    setup: Setup, at: Torque, q: Vector, residual: Vector, held: NDArray[np.bool_]
) -> SimulatedTest:
    """The implicit function theorem: dq = -(dr/dq)^-1 dr, for every unknown and for the tilt."""
    free, rows = list(setup.free), list(setup.balance)
    matrix = at.by_q[:, rows][:, :, free]
    stiff = matrix + np.where(held, 1e6, 0.0)[:, None, None] * -np.eye(len(free))
    moved = np.zeros((len(q), 4))
    if setup.hip_follows_table:
        moved[:, FLEX] = -1.0
    tilt_side = at.by_tilt[:, rows] + np.einsum("nij,nj->ni", at.by_q[:, rows], moved)
    right = np.concatenate([at.by_unknown[:, rows], tilt_side[..., None]], axis=2)
    answer = -np.linalg.solve(stiff, right)
    change = np.zeros((len(q), 4, len(UNKNOWNS) + 1))
    change[:, free] = answer
    change[:, :, -1] += moved
    return SimulatedTest(
        q_deg=np.degrees(q),
        by_unknown=np.degrees(change[..., :-1]),
        by_tilt=change[..., -1],
        residual_nm=np.abs(residual).max(axis=1),
    )


def _down(position: str | None, tilt: Vector) -> tuple[Vector, Vector] | None:
    """Gravity's direction (N, 3) in the pelvis's frame (forward, left, up) and its change per radian of tilt."""
    zero, one = np.zeros_like(tilt), np.ones_like(tilt)
    if position == "supine":
        sine, cosine = np.sin(tilt), np.cos(tilt)
        return np.stack([-cosine, zero, sine], axis=1), np.stack([sine, zero, cosine], axis=1)
    if position == "side":
        return np.stack([zero, one, zero], axis=1), np.zeros((len(tilt), 3))
    return None
