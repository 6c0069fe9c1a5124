"""Recruitment against general solvers: DAQP and Clarabel on squared effort, SciPy on cubed."""

from __future__ import annotations

import numpy as np
import pytest
import qpsolvers
import scipy.sparse
from numpy.typing import NDArray
from scipy.linalg import qr
from scipy.optimize import OptimizeResult, minimize

from psoas.body.recruitment.solver import Engine, recruit, recruit_batch

Array = NDArray[np.float64]
Problem = tuple[Array, Array]


def a_body(joints: int, muscles: int, reach: int, seed: int) -> Array:
    """(joints, muscles) torques: each muscle crosses up to `reach` neighbouring joints, with 2-100 N.m at each."""
    rng = np.random.default_rng(seed)
    A = np.zeros((joints, muscles))
    for i in range(muscles):
        first = rng.integers(0, joints)
        crossed = np.arange(first, min(first + rng.integers(1, reach + 1), joints))
        A[crossed, i] = rng.normal(0.0, 1.0, len(crossed)) * np.exp(rng.uniform(np.log(2.0), np.log(100.0)))
    return A


def problem(kind: str, joints: int, muscles: int, reach: int, seed: int) -> Problem:
    """`easy`: low efforts reach the torque; `hard`: so does a pattern with a third at full effort; `saturated`: a third
    are at full effort in the answer; `degenerate`: idle, collinear and lone joints."""
    rng = np.random.default_rng(seed + 1000)
    A = a_body(joints, muscles, reach, seed)
    if kind == "degenerate":
        A[1] = 0.0  # no muscle
        A[3] = -2.0 * A[2]  # says nothing new
        A[4] = 0.0
        A[4, :2] = 5.0, -8.0  # two muscles, one either way
        A[:, 10:20] = A[:, 20:30]  # muscles alike
    if kind == "saturated":
        return A, A @ saturated(A, rng)
    effort = rng.uniform(0.0, 0.2, muscles)
    if kind != "easy":
        effort = np.where(rng.random(muscles) < 1 / 3, 1.0, rng.uniform(0.0, 0.3, muscles))
    return A, A @ effort


def saturated(A: Array, rng: np.random.Generator) -> Array:
    """The least squared efforts for random multipliers, grown until a third of the muscles are at full effort."""
    z = A.T @ (rng.normal(size=len(A)) / np.linalg.norm(A, axis=1))
    return np.clip(z / np.quantile(z, 2 / 3), 0.0, 1.0)


def independent(A: Array, b: Array) -> Problem:
    """Rows that say something new: the general solvers are not asked to cope with the others."""
    scaled = A / np.maximum(np.linalg.norm(A, axis=1), 1e-12)[:, None]
    _, r, order = qr(scaled.T, mode="economic", pivoting=True)
    kept = np.sort(order[np.abs(np.diag(r)) > 1e-9])
    return A[kept], b[kept]


def by_qpsolvers(name: str, A: Array, b: Array, lower: float = 0.0, **options: float) -> Array:
    A, b = independent(A, b)
    scale = 1.0 / np.linalg.norm(A, axis=1)
    n = A.shape[1]
    sparse = name == "clarabel"
    P, G = 2.0 * np.eye(n), A * scale[:, None]
    answer = qpsolvers.solve_qp(
        scipy.sparse.csc_matrix(P) if sparse else P,
        np.zeros(n),
        A=scipy.sparse.csc_matrix(G) if sparse else G,
        b=b * scale,
        lb=np.full(n, lower),
        ub=np.ones(n),
        solver=name,
        **options,
    )
    assert answer is not None
    return np.asarray(answer)


def by_slsqp(A: Array, b: Array) -> OptimizeResult:
    n, scale = A.shape[1], 1.0 / np.linalg.norm(A, axis=1)
    balance = {"type": "eq", "fun": lambda a: scale * (A @ a - b), "jac": lambda a: scale[:, None] * A}
    return minimize(
        lambda a: (a**3).sum(), np.full(n, 0.3), jac=lambda a: 3.0 * a**2, bounds=[(0.0, 1.0)] * n, method="SLSQP",
        constraints=balance, options={"ftol": 1e-14, "maxiter": 1000},
    )  # fmt: skip


SIZES = {"torso": (18, 210, 12), "body": (69, 416, 6), "leg": (6, 43, 3)}


@pytest.mark.parametrize("engine", ["numba", "numpy"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["easy", "hard", "saturated", "degenerate"])
def test_squared_effort_agrees_with_daqp_and_clarabel(kind: str, size: str, engine: Engine) -> None:
    for seed in range(3):
        A, b = problem(kind, *SIZES[size], seed)
        ours = recruit(A, b, engine=engine)
        assert ours.feasible
        np.testing.assert_allclose(A @ ours.activation, b, atol=1e-8 * (1.0 + np.abs(b).max()))
        daqp = by_qpsolvers("daqp", A, b, primal_tol=1e-11, dual_tol=1e-11)
        np.testing.assert_allclose(ours.activation, daqp, atol=1e-6)
        clarabel = by_qpsolvers("clarabel", A, b, tol_gap_abs=1e-13, tol_gap_rel=1e-13, tol_feas=1e-13)
        np.testing.assert_allclose(ours.activation, clarabel, atol=1e-6)


def test_co_contraction_agrees_with_daqp() -> None:
    A, b = problem("easy", *SIZES["torso"], 7)
    ours = recruit(A, b, lower=0.05)
    np.testing.assert_allclose(
        ours.activation, by_qpsolvers("daqp", A, b, 0.05, primal_tol=1e-11, dual_tol=1e-11), atol=1e-6
    )


def test_reserves_agree_with_daqp() -> None:
    """An infeasible posture with reserves is a plain problem with one more, unlimited unknown a joint."""
    A, b = problem("hard", 6, 43, 3, 5)
    b = 2.0 * b
    reserve = np.linspace(5.0, 20.0, 6)
    ours = recruit(A, b, reserve_nm=reserve)
    assert not ours.feasible
    n = A.shape[1]
    answer = qpsolvers.solve_qp(
        2.0 * np.eye(n + 6), np.zeros(n + 6), A=np.hstack([A, np.diag(reserve)]), b=b,
        lb=np.r_[np.zeros(n), np.full(6, -1e9)], ub=np.r_[np.ones(n), np.full(6, 1e9)], solver="daqp",
        primal_tol=1e-10, dual_tol=1e-10,
    )  # fmt: skip
    assert answer is not None
    np.testing.assert_allclose(ours.activation, answer[:n], atol=1e-6)
    np.testing.assert_allclose(ours.reserve_nm, reserve * answer[n:], atol=1e-4)


@pytest.mark.parametrize("engine", ["numba", "numpy"])
@pytest.mark.parametrize("kind", ["easy", "hard", "saturated"])
def test_cubed_effort_agrees_with_scipy(kind: str, engine: Engine) -> None:
    for seed in range(3):
        A, b = problem(kind, 4, 20, 3, seed)
        A, b = independent(A, b)
        ours = recruit(A, b, power=3, engine=engine)
        peer = by_slsqp(A, b)
        assert peer.success
        # SLSQP leaves the flat bottom of a cube about 1e-5 early; its cost is the sharper comparison.
        assert ours.effort == pytest.approx(peer.fun, rel=1e-7)
        np.testing.assert_allclose(ours.activation, peer.x, atol=2e-4)
        assert ours.effort <= peer.fun + 1e-9


@pytest.mark.parametrize("power", [2, 3])
@pytest.mark.parametrize("kind", ["easy", "hard", "saturated", "degenerate"])
@pytest.mark.parametrize("size", SIZES)
def test_both_engines_agree(size: str, kind: str, power: int) -> None:
    problems = [problem(kind, *SIZES[size], seed) for seed in range(3)]
    A, b = (np.array(part) for part in zip(*problems, strict=True))
    ours, plain = (recruit_batch(A, b, power=power, engine=engine) for engine in ("numba", "numpy"))
    assert ours.feasible.all()
    assert plain.feasible.all()
    np.testing.assert_allclose(ours.activation, plain.activation, atol=1e-8 if power == 2 else 1e-6)
    assert max(ours.gap.max(), plain.gap.max()) < 1e-12
