"""The recruitment solver without a compiler: the same steps as the compiled one, in NumPy, with the same answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from psoas.body.recruitment._terms import (
    BAD_NUMBER,
    BALANCED,
    BOUNDARY,
    CUBIC_CAUTION,
    CUBIC_FLOOR,
    CUBIC_NEAR,
    CUBIC_STEPS,
    CUBIC_TOLERANCE,
    FEW,
    FINE,
    FURTHEST,
    INFEASIBLE,
    MUSCLE_LESS_NM,
    NEAR,
    NEWTON_STEPS,
    NOT_CONVERGED,
    PATIENCE,
    REFINEMENTS,
    RESERVES_USED,
    RIDGE,
    ROUNDING,
    SEARCH_STEPS,
    SLACK,
    STEADY,
    TOLERANCE,
)

Array = NDArray[np.float64]


def _direction(H: Array, ridge: float, right: Array) -> Array:
    """`(H + ridge) x = right`, with the least ridge that makes a singular `H` (collinear or idle joints) solvable."""
    for _ in range(8):
        try:
            factor = np.linalg.cholesky(H + ridge * np.eye(len(right)))
        except np.linalg.LinAlgError:
            ridge *= 10.0
            continue
        # Two triangles by the general solver: SciPy is not asked for here.
        return np.linalg.solve(factor.T, np.linalg.solve(factor, right))
    return right


def _weigh(u: Array, h: Array, lower: Array, error: float, joints: int, everybody: bool) -> Array:
    """How much each muscle answers to a change of its worth; see the compiled one."""
    if everybody:
        return np.asarray(1.0 / h)
    inside = (u > lower) & (u < 1.0)
    weight = inside / h
    if inside.sum() < FEW * joints:
        near = NEAR * min(error, 1.0)
        past = np.where(u < lower, lower - u, u - 1.0)
        close = ~inside & (past < 100.0 * near)
        weight[close] = (near * near / (near * near + past * past) / h)[close]
    return np.asarray(weight)


def _step_length(u: Array, v: Array, q: Array, lower: Array, rest: float, bend0: float, close: float) -> float:
    """Where the slope of the dual along a step, `rest - t bend0 - clip(u + t v) q`, comes close to zero."""
    low, high, t = 0.0, np.inf, 1.0
    for _ in range(SEARCH_STEPS):
        x = u + t * v
        inside = np.clip(x, lower, 1.0)
        slope = rest - t * bend0 - inside @ q
        if abs(slope) <= close:
            break
        bend = bend0 + (q * v)[x == inside].sum()
        low, high = (t, high) if slope > 0.0 else (low, t)
        t = t + slope / bend if bend > 0.0 else np.inf
        if high < np.inf:
            t = t if low < t < high else 0.5 * (low + high)
        else:
            t = min(t, 8.0 * low)
            if t > FURTHEST:
                break
    return t


def _refine(
    A: Array, b: Array, h: Array, lower: Array, soft: Array, u: Array, a: Array, ridge: float, error: float
) -> Array:
    """Take the last rounding out of `a`; see the compiled one."""
    free = (u > lower) & (u < 1.0)
    part = A[:, free]
    H = (part / h[free]) @ part.T + np.diag(soft)
    better = a.copy()
    for _ in range(REFINEMENTS):
        residual = b - A @ better
        worst = float(np.abs(residual).max())
        if worst < error:
            error, a = worst, better.copy()
        better[free] += (part.T @ _direction(H, ridge, residual)) / h[free]
        if not ((better >= lower) & (better <= 1.0)).all():
            break
    return a


def _newton(
    A: Array, b: Array, h: Array, c: Array, lower: Array, soft: Array, y: Array
) -> tuple[int, int, Array, Array]:
    """Minimise `sum(h/2 a^2 - c a)` with `A a + soft y = b`; returns `(status, steps, a, y)`. See the compiled one."""
    limit = TOLERANCE * (1.0 + np.abs(b).max(initial=0.0))
    ridge = float((RIDGE / h).max(initial=RIDGE))
    fresh, last, before = not y.any(), np.zeros_like(h), np.inf
    u = (A.T @ y + c) / h
    a = u
    for count in range(NEWTON_STEPS):
        a = np.clip(u, lower, 1.0)
        residual = b - soft * y - A @ a
        off = float(np.abs(residual).max(initial=0.0))
        if off <= limit:
            free = int(((u > lower) & (u < 1.0)).sum())
            if free >= FEW * len(b) or off <= FINE * limit:
                return BALANCED, count, a, y
            if off > 0.5 * before:
                return BALANCED, count, _refine(A, b - soft * y, h, lower, soft, u, a, ridge, off), y
            before = off
        error = off * (1.0 + count // PATIENCE) ** 3
        weight = _weigh(u, h, lower, error, len(b), fresh and count == 0)
        if count >= PATIENCE:  # going to and fro: take the middle of the two
            weight, last = 0.5 * (weight + last), weight
        part = A[:, weight > 0.0]
        step = _direction((part * weight[weight > 0.0]) @ part.T + np.diag(soft), ridge, residual)
        q = A.T @ step
        v = q / h
        bend0 = float(soft @ (step * step))
        far = b @ step - np.maximum(q, 0.0).sum() - lower @ np.minimum(q, 0.0)
        if bend0 == 0.0 and far > BOUNDARY * limit * np.abs(step).sum():
            return INFEASIBLE, count, a, y
        rest = float(b @ step - (soft * y) @ step)
        rise, noise = float(residual @ step), ROUNDING * float(np.abs(q).sum() + abs(b @ step))
        if rise <= noise and off <= SLACK * limit:
            return BALANCED, count, a, y
        t = _step_length(u, v, q, lower, rest, bend0, max(STEADY * rise, noise))
        y = y + t * step
        u = u + t * v
    return NOT_CONVERGED, NEWTON_STEPS, a, y


def _cubic(
    A: Array, b: Array, w: Array, lower: Array, soft: Array, y: Array, a: Array
) -> tuple[int, int, Array, Array]:
    """Minimise `sum(w a^3)` from the feasible `a` of the quadratic problem; returns `(status, steps, a, y)`."""
    steps, furthest = 0, 1.0
    for _ in range(CUBIC_STEPS):
        h = 6.0 * w * np.maximum(a, max(CUBIC_CAUTION * furthest, CUBIC_FLOOR))
        status, used, new, y_new = _newton(A, b, h, h * a - 3.0 * w * a * a, lower, soft, y)
        steps += used + 1
        if status != BALANCED:
            return status, steps, a, y
        change = new - a
        furthest = float(np.abs(change).max(initial=0.0))
        t = _cubic_step(w, a, change, soft, y, y_new) if furthest > CUBIC_NEAR else 1.0
        a = np.clip(a + t * change, lower, 1.0)
        y = np.where(soft > 0.0, y + t * (y_new - y), y_new)
        best = np.clip(np.sqrt(np.maximum(A.T @ y, 0.0) / (3.0 * w)), lower, 1.0)
        if furthest <= CUBIC_TOLERANCE or (t == 1.0 and np.abs(a - best).max(initial=0.0) <= CUBIC_TOLERANCE):
            return BALANCED, steps, a, y
    return NOT_CONVERGED, steps, a, y


def _cubic_step(w: Array, a: Array, change: Array, soft: Array, y: Array, y_new: Array) -> float:
    """How far to go towards the Newton model's answer: as far as the true cost falls."""
    low, high, t = 0.0, 1.0, 1.0
    for trial in range(SEARCH_STEPS):
        parts = 3.0 * w * (a + t * change) ** 2 * change
        reserves = (y + t * (y_new - y)) * soft * (y_new - y)
        slope = parts.sum() + reserves.sum()
        size = np.abs(parts).sum() + np.abs(reserves).sum()
        if (trial == 0 and slope <= 0.0) or abs(slope) <= STEADY * size or high - low < 1e-6:
            break
        low, high = (low, t) if slope > 0.0 else (t, high)
        t = 0.5 * (low + high)
    return t


def _certify(
    A: Array, b: Array, w: Array, lower: Array, soft: Array, power: int, a: Array, y: Array, reserve: Array
) -> tuple[float, float, float, Array]:
    """`(torque error, duality gap, effort, residual)` of an answer, from the original problem alone."""
    norm = np.sqrt((A * A).sum(axis=1))
    moved = norm > MUSCLE_LESS_NM
    residual = b - reserve - A @ a
    torque = (np.abs(residual[moved]) / norm[moved]).max(initial=0.0)
    torque /= 1.0 + (np.abs(b[moved]) / norm[moved]).max(initial=0.0)
    if not (np.abs(residual[~moved]) <= MUSCLE_LESS_NM).all():
        torque = np.inf
    z = A.T @ y
    wish = z / (2.0 * w) if power == 2 else np.sqrt(np.maximum(z, 0.0) / (3.0 * w))
    best = np.clip(wish, lower, 1.0)
    gap = max(float((w * a**power - w * best**power - z * (a - best)).sum()), 0.0)
    effort = float((w * a**power).sum())
    kept = soft > 0.0
    spent = effort + float((0.5 * reserve[kept] ** 2 / soft[kept]).sum())
    gap += float((0.5 * (reserve - soft * y)[kept] ** 2 / soft[kept]).sum())
    if not ((lower <= a) & (a <= 1.0)).all():
        gap = np.nan
    return float(torque), gap / (spent if spent > 0.0 else 1.0), effort, residual


def _attempt(
    A: Array, b: Array, w: Array, lower: Array, soft: Array, power: int, y: Array
) -> tuple[int, int, Array, Array]:
    """One problem in scaled units, quadratic first; returns `(status, steps, a, y)`."""
    status, steps, a, y = _newton(A, b, 2.0 * w, np.zeros_like(w), lower, soft, y)
    if status == BALANCED and power == 3:
        status, more, a, y = _cubic(A, b, w, lower, soft, y, a)
        steps += more
    return status, steps, a, y


def solve_range(
    A_nm: Array, b_nm: Array, w: Array, lower: Array, reserve_nm: Array, warm: Array, power: int, movement: bool,
    begin: int, end: int, a: Array, y: Array, reserve: Array, residual: Array, status: NDArray[np.int64],
    steps: NDArray[np.int64], torque_error: Array, gap: Array, effort: Array,
) -> None:  # fmt: skip
    """Solve members `begin` to `end`; the last nine arrays receive the answers. See the compiled one."""
    for f in range(begin, end):
        A = A_nm[f if len(A_nm) > 1 else 0]
        wf, lf = w[f if len(w) > 1 else 0], lower[f if len(lower) > 1 else 0]
        a[f], reserve[f] = lf, 0.0
        start = (
            y[f - 1] if movement and f > begin and status[f - 1] <= RESERVES_USED else warm[f if len(warm) > 1 else 0]
        )
        if not (np.isfinite(A).all() and np.isfinite(b_nm[f]).all()):
            status[f] = BAD_NUMBER
            continue
        norm = np.sqrt((A * A).sum(axis=1))
        moved = norm > MUSCLE_LESS_NM
        scale = np.where(moved, 1.0 / np.where(moved, norm, 1.0), 0.0)
        scaled, b = A * scale[:, None], b_nm[f] * scale
        missing = ~moved & (np.abs(b_nm[f]) > MUSCLE_LESS_NM)
        soft_nm = np.zeros_like(b)
        first = np.where(moved, start * norm, 0.0)
        state, steps[f], a[f], ys = _attempt(scaled, b, wf, lf, soft_nm, power, first)
        if state == INFEASIBLE or (missing.any() and state == BALANCED):
            state = INFEASIBLE
            if (reserve_nm[missing] > 0.0).all() and reserve_nm.any():
                soft_nm = 0.5 * reserve_nm * reserve_nm
                state, more, a[f], ys = _attempt(scaled, b, wf, lf, soft_nm * scale**2, power, np.zeros_like(b))
                steps[f] += more
                state = RESERVES_USED if state == BALANCED else state
        y[f] = ys * scale
        if state == RESERVES_USED:
            idle = ~moved & (soft_nm > 0.0)
            y[f, idle] = b_nm[f, idle] / soft_nm[idle]
            reserve[f] = soft_nm * y[f]
        status[f] = state
        torque_error[f], gap[f], effort[f], residual[f] = _certify(
            A, b_nm[f], wf, lf, soft_nm, power, a[f], y[f], reserve[f]
        )
