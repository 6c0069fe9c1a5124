"""Muscle-recruitment problems from the real models of `myo-sim`: their moment arms, strengths and weight.

Four kinds, each a list of `(A, b)` in N.m, one a posture:

* `easy`: the torque of a known, low activation; nobody at full effort in the answer;
* `hard`: the torque of a known pattern in which a third of the muscles work fully; the optimum spreads it, so that
  few are at full effort in the answer;
* `saturated`: a third of the muscles are at full effort in the answer itself. Made backwards, from multipliers of
  the joints, so the optimum is known: `clip(A' y / 2, 0, 1)`;
* `real`: the weight of the body in a forward bend with 150 N pulling down on the trunk, and a pair of costly reserve
  columns a joint, so that an answer always exists.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

Array = NDArray[np.float64]
Problem = tuple[Array, Array]

MODELS = ("myotorso", "myofullbody")
KINDS = ("real", "easy", "hard", "saturated")
RESERVE_NM = 60.0  # a reserve at activation 1; it costs as much as a muscle at 1
PULL_N = 150.0


def problems(model_name: str, kind: str, count: int = 40, seed: int = 1) -> list[Problem]:
    """`count` problems of one kind; A is (joints, muscles), b (joints,)."""
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; expected one of {KINDS}.")
    rng = np.random.default_rng(seed)
    model = _compiled(model_name)
    data = mujoco.MjData(model)
    trunk = int(np.argmax(model.body_mass))
    jacobian = np.zeros((3, model.nv))
    tables, torques = [], []
    for row in _postures(model, count, seed, bent=kind == "real"):
        mujoco.mj_resetData(model, data)
        data.qpos[:] = row
        mujoco.mj_fwdPosition(model, data)
        mujoco.mj_fwdVelocity(model, data)
        mujoco.mj_jacBodyCom(model, data, jacobian, None, trunk)
        tables.append(_moment_arms(model, data))
        torques.append(data.qfrc_bias + PULL_N * jacobian[2])
    keep = _independent(tables, _moved_joints(model, np.mean(np.abs(tables), axis=0)))
    strength = _strength(model)
    found = []
    for table, bias in zip(tables, torques, strict=True):
        A = np.ascontiguousarray((-strength[:, None] * table[:, keep]).T)
        joints, muscles = A.shape
        if kind == "easy":
            found.append((A, A @ rng.uniform(0.0, 0.2, muscles)))
        elif kind == "hard":
            full = rng.random(muscles) < 1 / 3
            found.append((A, A @ np.where(full, 1.0, rng.uniform(0.0, 0.3, muscles))))
        elif kind == "saturated":
            found.append((A, A @ saturated_efforts(A, rng)))
        else:
            found.append((np.hstack([A, RESERVE_NM * np.eye(joints), -RESERVE_NM * np.eye(joints)]), bias[keep]))
    return found


def saturated_efforts(A: Array, rng: np.random.Generator) -> Array:
    """(muscles,) the optimum for random multipliers, grown until a third of the muscles are at full effort."""
    z = A.T @ (rng.normal(size=len(A)) / np.linalg.norm(A, axis=1))
    return np.clip(z / np.quantile(z, 2 / 3), 0.0, 1.0)


@contextmanager
def _quiet() -> Iterator[None]:
    """MuJoCo warns about the empty prefixes that the source attaches its parts with, also into a file here."""
    before = mujoco.get_mju_user_warning()
    mujoco.set_mju_user_warning(lambda message: None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        mujoco.set_mju_user_warning(before)


def _compiled(name: str) -> Any:
    from myo_sim.build import compose

    with _quiet():
        return compose.build_spec(name).compile()


def _postures(model: Any, count: int, seed: int, bent: bool) -> Array:
    """(count, nq) postures: 40 % of the way to a random place in each joint's range; `bent` flexes the trunk far."""
    rng = np.random.default_rng(seed)
    table = np.tile(model.qpos0, (count, 1))
    for joint in range(model.njnt):
        single = model.jnt_type[joint] in (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE)
        if single and model.jnt_limited[joint]:
            (low, high), at = model.jnt_range[joint], model.jnt_qposadr[joint]
            start = model.qpos0[at]
            table[:, at] = np.clip(start + 0.4 * (rng.uniform(low, high, count) - start), low, high)
    if bent:
        bend = model.joint("flex_extension")
        table[:, bend.qposadr[0]] = max(bend.range, key=abs) * rng.uniform(0.3, 0.9, count)
    return table


def _moment_arms(model: Any, data: Any) -> Array:
    """(muscles, degrees of freedom) from the compressed rows that MuJoCo keeps, m."""
    dense = np.zeros((model.nu, model.nv))
    mujoco.mju_sparse2dense(
        dense, data.actuator_moment.ravel(), data.moment_rownnz, data.moment_rowadr, data.moment_colind.ravel()
    )
    return dense


def _strength(model: Any) -> Array:
    """(muscles,) force at full effort, N."""
    given = np.array(model.actuator_gainprm[:, 2])
    return np.where(given > 0.0, given, model.actuator_gainprm[:, 3] / model.actuator_acc0)


def _moved_joints(model: Any, arms: Array) -> NDArray[np.int64]:
    """Degrees of freedom that a muscle moves, without the free root and, in the full body, without slaved joints."""
    keep = arms.max(axis=0) > 1e-4
    for joint in range(model.njnt):
        if model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_FREE:
            keep[model.jnt_dofadr[joint] : model.jnt_dofadr[joint] + 6] = False
    if keep.sum() > 60:
        for equality in range(model.neq):
            if model.eq_type[equality] == mujoco.mjtEq.mjEQ_JOINT:
                keep[model.jnt_dofadr[model.eq_obj1id[equality]]] = False
    return np.flatnonzero(keep)


def _independent(tables: list[Array], keep: NDArray[np.int64]) -> NDArray[np.int64]:
    """Without the joints that the others determine in some posture: the peers need full row rank."""
    for table in tables:
        _, r, order = qr(table[:, keep], mode="economic", pivoting=True)
        size = np.abs(np.diag(r))
        keep = keep[np.sort(order[size > 1e-4 * size[0]])]
    return keep
