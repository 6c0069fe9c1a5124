"""Muscle recruitment: the activations that balance every joint at the least sum of squared (or cubed) effort.

    minimise    sum w a^p              p = 2 or 3
    subject to  A a = b,   lower <= a <= 1

`A` is the torque of each muscle at full effort about each joint, `b` the torque asked of the muscles: passive muscle
force, discs, ligaments and external forces are already taken off. The cost is strictly convex, so there is one answer.
It is found to rounding by Newton's method on the dual (one unknown a joint), and it is checked before it leaves:
torque, limits and duality gap, from the original numbers. What cannot be reached is said, never smoothed over.

A reserve is a torque that no muscle gives. Reserves are tried only after it is proved that the muscles cannot reach
the torque; an answer that needed them is marked `feasible=False` and says how much each joint was short.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from psoas.body._compile import has_numba
from psoas.body.recruitment._terms import (
    BAD_NUMBER,
    BALANCED,
    CHECK_GAP,
    CHECK_TORQUE,
    INFEASIBLE,
    NOT_CONVERGED,
    RESERVES_USED,
)
from psoas.body.recruitment.answer import (
    Array,
    ConvergenceError,
    InfeasibleError,
    Recruitment,
    RecruitmentBatch,
    RecruitmentError,
)

__all__ = [
    "ConvergenceError",
    "Engine",
    "InfeasibleError",
    "Recruitment",
    "RecruitmentBatch",
    "RecruitmentError",
    "recruit",
    "recruit_batch",
]

Engine = Literal["auto", "numba", "numpy"]

_PER_THREAD = 64  # fewer members than this are not worth a thread


@dataclass(frozen=True, slots=True)
class _Raw:
    """What an engine leaves behind, with the names of its arrays."""

    a: Array
    y: Array
    reserve: Array
    residual: Array
    status: NDArray[np.int64]
    steps: NDArray[np.int64]
    torque: Array
    gap: Array
    effort: Array


def recruit(
    moment_matrix_nm: ArrayLike,
    torque_nm: ArrayLike,
    *,
    power: int = 2,
    weights: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    reserve_nm: ArrayLike | None = None,
    warm_start: Recruitment | ArrayLike | None = None,
    joints: Sequence[str] | None = None,
    engine: Engine = "auto",
) -> Recruitment:
    """Find the activations that balance one posture.

    Args:
        moment_matrix_nm: (joints, muscles) torque of each muscle about each joint at full effort, N.m.
        torque_nm: (joints,) torque the muscles must give, N.m, same signs.
        power: 2 or 3, the power of the activation in the cost.
        weights: (muscles,) or one number, cost of each muscle, above 0; 1 when left out.
        lower: (muscles,) or one number, least activation (co-contraction), 0 to 1; 0 when left out.
        reserve_nm: (joints,) or one number: the reserve torque, N.m, that costs as much as one muscle at full effort;
            it costs the square of its share of this. 0: no reserve there. Used only when the muscles cannot do it.
        warm_start: the answer (or its multipliers) of a similar posture; changes the time, not the answer.
        joints: names for the messages.
        engine: "numba" or "numpy"; "auto" takes Numba when it is installed.

    Returns:
        Activations (muscles,) from 0 to 1, reserve torques and residual (joints,), N.m, multipliers (joints,), the
        effort and the proven gap to the best.

    Raises:
        ValueError: shapes do not fit, or a number is not finite or out of range.
        InfeasibleError: the muscles cannot reach the torque and no reserve makes up for it.
        ConvergenceError: no answer passed the checks.
    """
    A = np.ascontiguousarray(moment_matrix_nm, dtype=np.float64)
    b = np.ascontiguousarray(torque_nm, dtype=np.float64)
    if A.ndim != 2 or b.shape != A.shape[:1]:
        raise ValueError(
            f"moment_matrix_nm is {A.shape} and torque_nm {b.shape}; expected (joints, muscles) and (joints,)."
        )
    A, b = A[None], b[None]
    w, low, reserve, warm = _options(A, b, power, weights, lower, reserve_nm, warm_start)
    raw = _solve(A, b, w, low, reserve, warm, power, False, 1, engine)
    status = int(raw.status[0])
    if status > RESERVES_USED:
        raise _failure(A, b, w, low, power, status, joints, engine, raw)
    return Recruitment(
        raw.a[0], raw.reserve[0], raw.y[0], raw.residual[0], float(raw.effort[0]), float(raw.gap[0]),
        int(raw.steps[0]), status == BALANCED,
    )  # fmt: skip


def recruit_batch(
    moment_matrix_nm: ArrayLike,
    torque_nm: ArrayLike,
    *,
    power: int = 2,
    weights: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    reserve_nm: ArrayLike | None = None,
    warm_start: ArrayLike | None = None,
    movement: bool = False,
    threads: int | None = None,
    engine: Engine = "auto",
) -> RecruitmentBatch:
    """The same for a stack of postures. A member that fails is a result with a reason; nothing is raised for it.

    Args:
        moment_matrix_nm: (members, joints, muscles), or (joints, muscles) shared by all, N.m.
        torque_nm: (members, joints), N.m.
        power: as in `recruit`.
        weights: one number, (muscles,) or (members, muscles).
        lower: one number, (muscles,) or (members, muscles).
        reserve_nm: as in `recruit`.
        warm_start: (joints,) or (members, joints) multipliers.
        movement: the members are the frames of a movement: each starts from the one before.
        threads: how many to use; all cores when left out. One thread works on neighbouring members.
        engine: as in `recruit`.

    Returns:
        The same with a leading axis of members: activations (members, muscles), torques (members, joints), N.m. A
        member without an answer holds NaN, with the cause in `reason`.

    Raises:
        ValueError: shapes do not fit, or a number other than in the matrix or the torque is out of range.
    """
    A = np.ascontiguousarray(moment_matrix_nm, dtype=np.float64)
    b = np.ascontiguousarray(torque_nm, dtype=np.float64)
    A = A[None] if A.ndim == 2 else A
    if A.ndim != 3 or b.ndim != 2 or A.shape[1] != b.shape[1] or len(A) not in (1, len(b)):
        raise ValueError(
            f"moment_matrix_nm is {A.shape} and torque_nm {b.shape}; expected (members, joints, muscles) and "
            "(members, joints)."
        )
    w, low, reserve, warm = _options(A, b, power, weights, lower, reserve_nm, warm_start)
    if threads is None:
        threads = min(os.cpu_count() or 1, len(b) // _PER_THREAD)
    raw = _solve(A, b, w, low, reserve, warm, power, movement, threads, engine)
    status = raw.status
    solved = status <= RESERVES_USED
    for array in (raw.a, raw.y, raw.reserve, raw.residual, raw.effort, raw.gap):
        array[~solved] = np.nan
    reasons = {
        BALANCED: "",
        RESERVES_USED: "the muscles cannot reach the torque; reserves made up for it",
        INFEASIBLE: "the muscles cannot reach the torque",
        NOT_CONVERGED: "the solver stopped without an answer that passes its checks",
        BAD_NUMBER: "the moment matrix or the torque holds a number that is not finite",
    }
    return RecruitmentBatch(
        raw.a, raw.reserve, raw.y, raw.residual, raw.effort, raw.gap, raw.steps,
        status == BALANCED, solved, tuple(reasons[int(s)] for s in status),
    )  # fmt: skip


def _options(
    A: Array,
    b: Array,
    power: int,
    weights: ArrayLike | None,
    lower: ArrayLike | None,
    reserve_nm: ArrayLike | None,
    warm_start: Recruitment | ArrayLike | None,
) -> tuple[Array, Array, Array, Array]:
    """The options as arrays with a leading axis of members (or of 1), checked."""
    members, (joints, muscles) = len(b), A.shape[1:]
    if power not in (2, 3):
        raise ValueError(f"power is {power!r}; expected 2 or 3.")
    w = _spread("weights", weights, 1.0, members, muscles)
    if weights is not None and not (np.isfinite(w).all() and w.min(initial=1.0) > 0.0):
        raise ValueError(f"weights start at {w.min():.6g}; expected finite numbers above 0.")
    low = _spread("lower", lower, 0.0, members, muscles)
    if lower is not None and not (low.min(initial=0.0) >= 0.0 and low.max(initial=0.0) <= 1.0):
        raise ValueError(f"lower runs from {low.min():.6g} to {low.max():.6g}; expected 0 to 1.")
    reserve = _spread("reserve_nm", reserve_nm, 0.0, 1, joints)
    if reserve_nm is not None and not (np.isfinite(reserve).all() and reserve.min(initial=0.0) >= 0.0):
        raise ValueError(f"reserve_nm starts at {reserve.min():.6g}; expected finite numbers from 0.")
    if isinstance(warm_start, Recruitment):
        warm_start = warm_start.multiplier
    warm = _spread("warm_start", warm_start, 0.0, members, joints)
    if warm_start is not None:
        warm = np.where(np.isfinite(warm), warm, 0.0)  # a failed neighbour is no starting point
    return w, low, reserve[0], warm


def _spread(name: str, given: ArrayLike | None, default: float, members: int, size: int) -> Array:
    """`given` as (1, size) or (members, size)."""
    if given is None:
        return _default(default, size)
    array = np.asarray(given, dtype=np.float64)
    if array.ndim == 0:
        return np.full((1, size), float(array))
    if array.shape not in ((size,), (1, size), (members, size)):
        raise ValueError(f"{name} is {array.shape}; expected one number or ({size},).")
    return np.ascontiguousarray(array.reshape(-1, size))


@functools.cache
def _default(value: float, size: int) -> Array:
    """An option left out, for every muscle or joint. Kept: nobody writes to options."""
    return np.full((1, size), value)


@functools.cache
def _engine(engine: Engine) -> Callable[..., None]:
    """The engine's `solve_range`; imported on first use, so that importing this module stays cheap."""
    if engine not in ("auto", "numba", "numpy"):
        raise ValueError(f"engine is {engine!r}; expected 'auto', 'numba' or 'numpy'.")
    if engine == "numpy" or (engine == "auto" and not has_numba()):
        from psoas.body.recruitment._numpy import solve_range as plain

        return plain
    from psoas.body.recruitment._kernel import solve_range

    return solve_range


def _solve(
    A: Array,
    b: Array,
    w: Array,
    low: Array,
    reserve: Array,
    warm: Array,
    power: int,
    movement: bool,
    threads: int,
    engine: Engine,
) -> _Raw:
    """Run the engine over all members, in as many threads as asked."""
    members = len(b)
    raw = _Raw(
        np.empty((members, A.shape[2])), np.empty(b.shape), np.empty(b.shape), np.empty(b.shape),
        np.empty(members, np.int64), np.zeros(members, np.int64),
        np.full(members, np.nan), np.full(members, np.nan), np.full(members, np.nan),
    )  # fmt: skip
    run = _engine(engine)

    def part(begin: int, end: int, start: Array = warm) -> None:
        run(
            A, b, w, low, reserve, start, power, movement, begin, end,
            raw.a, raw.y, raw.reserve, raw.residual, raw.status, raw.steps, raw.torque, raw.gap, raw.effort,
        )  # fmt: skip

    if threads <= 1:
        part(0, members)
    else:
        edges = np.linspace(0, members, threads + 1).astype(int).tolist()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, edges[:-1], edges[1:]))
    _judge(raw)
    if movement or warm.any():  # a start from far away may lead nowhere; from nothing it is well behaved
        for member in np.flatnonzero(raw.status == NOT_CONVERGED):
            part(int(member), int(member) + 1, np.zeros_like(warm))
        _judge(raw)
    return raw


def _judge(raw: _Raw) -> None:
    """Let the check of torque and gap decide (NaN fails): it proves an answer, however the search for it ended."""
    if len(raw.status) == 1 and raw.status[0] <= RESERVES_USED:  # the single call is worth the shorter way
        if not (raw.torque[0] <= CHECK_TORQUE and raw.gap[0] <= CHECK_GAP):
            raw.status[0] = NOT_CONVERGED
        return
    passed = (raw.torque <= CHECK_TORQUE) & (raw.gap <= CHECK_GAP)
    proven = np.where(raw.reserve.any(axis=1), RESERVES_USED, BALANCED)
    raw.status[:] = np.where(
        passed & (raw.status == NOT_CONVERGED),
        proven,
        np.where((raw.status <= RESERVES_USED) & ~passed, NOT_CONVERGED, raw.status),
    )


def _failure(
    A: Array, b: Array, w: Array, low: Array, power: int, status: int, joints: Sequence[str] | None, engine: Engine,
    raw: _Raw,
) -> Exception:  # fmt: skip
    """The exception for a single problem that has no answer, saying what to do."""
    if status == BAD_NUMBER:
        return ValueError("the moment matrix or the torque holds a number that is not finite.")
    if status != INFEASIBLE:
        return ConvergenceError(
            f"no answer passed the checks (torque error {raw.torque[0]:.2g}, gap {raw.gap[0]:.2g}) after "
            f"{raw.steps[0]} steps. Check the moment matrix for muscles or joints out of proportion."
        )
    nearest = _solve(A, b, w, low, np.ones(b.shape[1]), np.zeros(b.shape), power, False, 1, engine)
    short = nearest.reserve[0]
    names = joints if joints is not None else [f"joint {j}" for j in range(len(short))]
    worst = [j for j in np.argsort(-np.abs(short))[:3] if abs(short[j]) > 1e-3 * np.abs(short).max()]
    listed = ", ".join(f"{names[j]} {short[j]:+.3g} N.m" for j in worst)
    return InfeasibleError(
        f"the muscles cannot reach the torque; short of it: {listed}. Ask for less, strengthen the muscles, or pass "
        "reserve_nm to get the nearest answer marked infeasible.",
        short,
    )
