"""The compiled recruitment solver: Newton's method on the dual, one posture at a time. Plain loops for Numba.

With activations `a`, multipliers `y` of the joints and a diagonal quadratic cost, the cheapest `a` for given `y` is
`clip((A' y + c) / h, lower, 1)`: the cost of a muscle never meets that of another. What is left is to find the `m`
numbers `y` (one a joint) at which the torques come right. That function of `y` is the gradient of a concave one and
piecewise linear, so Newton's method with an exact search along each step ends after a handful of `m x m` systems,
and exactly. The matrix `A D A'` of a step (`D` marks the muscles between their limits) changes only where a muscle
met or left a limit, so it is updated by those muscles alone. A muscle crosses few of the joints: columns are sparse.

Cubed activations are a short sequence of such problems (the Newton model of the cost at the last answer), each
started from the multipliers of the one before.

Rows are scaled to unit length inside; every array here is in scaled units unless its name says `_nm`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from psoas.body._compile import compiled
from psoas.body._recruitment_terms import (
    BAD_NUMBER,
    BOUNDARY,
    CUBIC_FLOOR,
    CUBIC_NEAR,
    CUBIC_STEPS,
    CUBIC_TOLERANCE,
    FURTHEST,
    INFEASIBLE,
    MUSCLE_LESS_NM,
    NEWTON_STEPS,
    NOT_CONVERGED,
    RESERVES_USED,
    RIDGE,
    ROUNDING,
    SEARCH_STEPS,
    SLACK,
    STEADY,
    TOLERANCE,
)


@compiled
def _columns(A_nm: Any, scale: Any, start: Any) -> Any:
    """Row scale; the non-zeros of each muscle's column (from `start[i]` to `start[i + 1]`); a sum to tell NaN by."""
    joints, muscles = A_nm.shape
    total = 0.0
    for j in range(joints):
        square = 0.0
        for i in range(muscles):
            square += A_nm[j, i] * A_nm[j, i]
        scale[j] = 1.0 / np.sqrt(square) if square > MUSCLE_LESS_NM**2 else 0.0
        total += square
    start[:] = 0
    for j in range(joints):
        if scale[j] > 0.0:
            for i in range(muscles):
                start[i + 1] += A_nm[j, i] != 0.0
    for i in range(muscles):
        start[i + 1] += start[i]
    row = np.empty(start[muscles], np.int32)
    value = np.empty(start[muscles])
    fill = start[:-1].copy()
    for j in range(joints):
        if scale[j] > 0.0:
            for i in range(muscles):
                if A_nm[j, i] != 0.0:
                    row[fill[i]] = j
                    value[fill[i]] = A_nm[j, i] * scale[j]
                    fill[i] += 1
    return row, value, total


@compiled
def _factor(H: Any, ridge: Any, L: Any) -> None:
    """Cholesky factor of `H + diag(ridge)`, its diagonal inverted; a dependent row gets a large step, not a failure."""
    m = len(ridge)
    for j in range(m):
        for k in range(j):
            s = H[j, k]
            for i in range(k):
                s -= L[j, i] * L[k, i]
            L[j, k] = s * L[k, k]
        whole = H[j, j] + ridge[j]
        s = whole
        for i in range(j):
            s -= L[j, i] * L[j, i]
        L[j, j] = 1.0 / np.sqrt(max(s, RIDGE * whole, RIDGE))


@compiled
def _solve(L: Any, right: Any, x: Any) -> None:
    """`x` of `L L' x = right`, for the factor that `_factor` leaves."""
    m = len(right)
    for j in range(m):
        s = right[j]
        for i in range(j):
            s -= L[j, i] * x[i]
        x[j] = s * L[j, j]
    for j in range(m - 1, -1, -1):
        s = x[j] * L[j, j]
        x[j] = s
        for i in range(j):
            x[i] -= L[j, i] * s


@compiled
def _newton(
    start: Any, row: Any, value: Any, b: Any, h: Any, c: Any, lower: Any, soft: Any, y: Any, a: Any, fresh: bool
) -> Any:
    """Minimise `sum(h/2 a^2 - c a)` with `A a + soft y = b`, `lower <= a <= 1`; returns `(status, steps)`.

    `soft` is the compliance of each joint's reserve (0: none). `y` is the starting point and the answer. `fresh`
    says that `y` holds nothing yet: the first step then takes every muscle as free.
    """
    m, n = len(b), len(h)
    u, v, q = np.empty(n), np.empty(n), np.empty(n)  # (z + c) / h, its rate along the step, and A' step
    D = np.zeros(n)
    H, L = np.zeros((m, m)), np.empty((m, m))
    residual, step = np.empty(m), np.empty(m)
    largest = 0.0
    for j in range(m):
        largest = max(largest, abs(b[j]))
    limit = TOLERANCE * (1.0 + largest)
    for i in range(n):
        s = c[i]
        for k in range(start[i], start[i + 1]):
            s += value[k] * y[row[k]]
        u[i] = s / h[i]
    for count in range(NEWTON_STEPS):
        for j in range(m):
            residual[j] = b[j] - soft[j] * y[j]
        for i in range(n):
            a[i] = min(max(u[i], lower[i]), 1.0)
            if a[i] != 0.0:
                for k in range(start[i], start[i + 1]):
                    residual[row[k]] -= value[k] * a[i]
        error = 0.0
        for j in range(m):
            error = max(error, abs(residual[j]))
        if error <= limit:
            return 0, count
        for i in range(n):
            weight = 1.0 / h[i] if (u[i] > lower[i] and u[i] < 1.0) or (fresh and count == 0) else 0.0
            if weight != D[i]:
                change = weight - D[i]
                D[i] = weight
                for k in range(start[i], start[i + 1]):
                    s = change * value[k]
                    for k2 in range(start[i], k + 1):
                        H[row[k], row[k2]] += s * value[k2]
        _factor(H, soft, L)
        _solve(L, residual, step)

        # The slope of the dual along the step; it never rises, and its value far out decides feasibility.
        pull, rise, far, size, noise = 0.0, 0.0, 0.0, 0.0, 0.0
        reserve0, reserve1 = 0.0, 0.0
        for j in range(m):
            pull += b[j] * step[j]
            rise += residual[j] * step[j]
            size += abs(step[j])
            reserve0 += soft[j] * y[j] * step[j]
            reserve1 += soft[j] * step[j] * step[j]
        far = pull
        for i in range(n):
            s = 0.0
            for k in range(start[i], start[i + 1]):
                s += value[k] * step[row[k]]
            q[i] = s
            v[i] = s / h[i]
            noise += abs(s)
            far -= max(s, 0.0) + lower[i] * min(s, 0.0)
        if reserve1 == 0.0 and far > BOUNDARY * limit * size:
            return INFEASIBLE, count
        noise = ROUNDING * (noise + abs(pull))
        if rise <= noise and error <= SLACK * limit:
            return 0, count
        low, high, t = 0.0, np.inf, 1.0
        for _ in range(SEARCH_STEPS):
            slope, bend = pull - reserve0 - t * reserve1, reserve1
            for i in range(n):
                x = u[i] + t * v[i]
                inside = min(max(x, lower[i]), 1.0)
                slope -= inside * q[i]
                bend += q[i] * v[i] if x == inside else 0.0
            if abs(slope) <= max(STEADY * rise, noise):
                break
            if slope > 0.0:
                low = t
            else:
                high = t
            t = t + slope / bend if bend > 0.0 else np.inf
            if high < np.inf:
                if not low < t < high:
                    t = 0.5 * (low + high)
            else:
                t = min(t, 8.0 * low)
                if t > FURTHEST:
                    break
        for j in range(m):
            y[j] += t * step[j]
        for i in range(n):
            u[i] += t * v[i]
    return NOT_CONVERGED, NEWTON_STEPS


@compiled
def _cubic(start: Any, row: Any, value: Any, b: Any, w: Any, lower: Any, soft: Any, y: Any, a: Any) -> Any:
    """Minimise `sum(w a^3)` from the feasible `a` of the quadratic problem; returns `(status, steps)`."""
    m, n = len(b), len(w)
    h, c, new = np.empty(n), np.empty(n), np.empty(n)
    y_old = y.copy()
    steps = 0
    for _ in range(CUBIC_STEPS):
        for i in range(n):
            h[i] = 6.0 * w[i] * max(a[i], CUBIC_FLOOR)
            c[i] = h[i] * a[i] - 3.0 * w[i] * a[i] * a[i]
        y_old[:] = y
        status, used = _newton(start, row, value, b, h, c, lower, soft, y, new, False)
        steps += used + 1
        if status != 0:
            return status, steps
        furthest = 0.0
        for i in range(n):
            furthest = max(furthest, abs(new[i] - a[i]))
        # The reserves follow the multipliers: `soft y` is what they give, `y` their marginal cost. Close to the
        # answer the whole step is right, and the slope no more than rounding.
        low, high, t = 0.0, 1.0, 1.0
        for trial in range(SEARCH_STEPS if furthest > CUBIC_NEAR else 0):
            slope, size = 0.0, 0.0
            for i in range(n):
                change = new[i] - a[i]
                s = 3.0 * w[i] * (a[i] + t * change) ** 2 * change
                slope += s
                size += abs(s)
            for j in range(m):
                change = soft[j] * (y[j] - y_old[j])
                s = (y_old[j] + t * (y[j] - y_old[j])) * change
                slope += s
                size += abs(s)
            if (trial == 0 and slope <= 0.0) or abs(slope) <= STEADY * size or high - low < 1e-6:
                break
            if slope > 0.0:
                high = t
            else:
                low = t
            t = 0.5 * (low + high)
        off = 0.0
        for i in range(n):
            a[i] += t * (new[i] - a[i])
            z = 0.0
            for k in range(start[i], start[i + 1]):
                z += value[k] * y[row[k]]
            best = min(max(np.sqrt(max(z, 0.0) / (3.0 * w[i])), lower[i]), 1.0)
            off = max(off, abs(a[i] - best))
        for j in range(m):
            if soft[j] > 0.0:
                y[j] = y_old[j] + t * (y[j] - y_old[j])
        if furthest <= CUBIC_TOLERANCE or (t == 1.0 and off <= CUBIC_TOLERANCE):
            return 0, steps
    return NOT_CONVERGED, steps


@compiled
def _certify(A_nm: Any, b_nm: Any, w: Any, lower: Any, soft_nm: Any, power: int, a: Any, y: Any, reserve: Any) -> Any:
    """`(worst torque error as a share, duality gap as a share)` of an answer, from the original problem alone.

    Each muscle's part of the gap, `w a^p - z a + max over x of (z x - w x^p)`, is never negative, so nothing cancels.
    """
    m, n = A_nm.shape
    z = np.zeros(n)
    largest, scale = 0.0, np.zeros(m)
    torque = 0.0
    for j in range(m):
        square, s = 0.0, b_nm[j] - reserve[j]
        for i in range(n):
            square += A_nm[j, i] * A_nm[j, i]
            s -= A_nm[j, i] * a[i]
            z[i] += A_nm[j, i] * y[j]
        scale[j] = 1.0 / max(np.sqrt(square), MUSCLE_LESS_NM)
        if square > MUSCLE_LESS_NM**2:
            largest = max(largest, abs(b_nm[j]) * scale[j])
        torque = max(torque, abs(s) * scale[j] * (1.0 if square > MUSCLE_LESS_NM**2 else TOLERANCE))
    effort, gap = 0.0, 0.0
    for i in range(n):
        if power == 2:
            best = min(max(z[i] / (2.0 * w[i]), lower[i]), 1.0)
            cost, least = w[i] * a[i] * a[i], w[i] * best * best
        else:
            best = min(max(np.sqrt(max(z[i], 0.0) / (3.0 * w[i])), lower[i]), 1.0)
            cost, least = w[i] * a[i] ** 3, w[i] * best**3
        effort += cost
        gap += cost - least - z[i] * (a[i] - best)
    for j in range(m):
        if soft_nm[j] > 0.0:
            effort += 0.5 * reserve[j] * reserve[j] / soft_nm[j]
            gap += 0.5 * (reserve[j] - soft_nm[j] * y[j]) ** 2 / soft_nm[j]
    return torque / (1.0 + largest), gap / effort if effort > 0.0 else abs(gap)


@compiled
def _attempt(
    start: Any, row: Any, value: Any, b: Any, w: Any, lower: Any, soft: Any, power: int, y: Any, a: Any
) -> Any:
    """One problem in scaled units, quadratic first; `y` is used as a starting point unless it is all zeros."""
    fresh = True
    for j in range(len(b)):
        fresh = fresh and y[j] == 0.0
    h, c = np.empty(len(w)), np.zeros(len(w))
    for i in range(len(w)):
        h[i] = 2.0 * w[i]
    status, steps = _newton(start, row, value, b, h, c, lower, soft, y, a, fresh)
    if status == 0 and power == 3:
        status, more = _cubic(start, row, value, b, w, lower, soft, y, a)
        steps += more
    return status, steps


@compiled
def solve_range(
    A_nm: Any, b_nm: Any, w: Any, lower: Any, reserve_nm: Any, warm: Any, power: int, movement: bool, begin: int,
    end: int, a: Any, y: Any, reserve: Any, status: Any, steps: Any, torque_error: Any, gap: Any,
) -> None:  # fmt: skip
    """Solve members `begin` to `end`; the last seven arrays receive the answers. A leading axis of 1 is shared.

    `movement` starts each member from the multipliers of the one before, if that one was solved.
    """
    joints, muscles = A_nm.shape[1], A_nm.shape[2]
    scale, start = np.empty(joints), np.empty(muscles + 1, np.int64)
    b, soft, soft_nm, ys = np.empty(joints), np.zeros(joints), np.zeros(joints), np.empty(joints)
    row, value = np.empty(0, np.int32), np.empty(0)
    known, total = False, 0.0
    for f in range(begin, end):
        A = A_nm[f if len(A_nm) > 1 else 0]
        wf, lf = w[f if len(w) > 1 else 0], lower[f if len(lower) > 1 else 0]
        if not known or len(A_nm) > 1:
            row, value, total = _columns(A, scale, start)
            known = True
        whole, missing, spare = total, False, True
        for j in range(joints):
            whole += b_nm[f, j]
            b[j] = b_nm[f, j] * scale[j]
            y[f, j] = warm[f if len(warm) > 1 else 0, j]
            if movement and f > begin and status[f - 1] <= RESERVES_USED:
                y[f, j] = y[f - 1, j]
            ys[j] = y[f, j] / scale[j] if scale[j] > 0.0 else 0.0
            reserve[f, j] = 0.0
            soft[j], soft_nm[j] = 0.0, 0.0
            if scale[j] == 0.0 and abs(b_nm[f, j]) > MUSCLE_LESS_NM:
                missing = True
                spare = spare and reserve_nm[j] > 0.0
        for i in range(muscles):
            a[f, i] = lf[i]
        if not np.isfinite(whole):
            status[f] = BAD_NUMBER
            continue
        state, steps[f] = _attempt(start, row, value, b, wf, lf, soft, power, ys, a[f])
        if state == INFEASIBLE or (missing and state == 0):
            state = INFEASIBLE
            for j in range(joints):
                soft_nm[j] = 0.5 * reserve_nm[j] * reserve_nm[j]
                soft[j] = soft_nm[j] * scale[j] * scale[j]
                ys[j] = 0.0
            if spare and np.max(soft_nm) > 0.0:
                state, more = _attempt(start, row, value, b, wf, lf, soft, power, ys, a[f])
                steps[f] += more
                if state == 0:
                    state = RESERVES_USED
        for j in range(joints):
            y[f, j] = ys[j] * scale[j]
            if state == RESERVES_USED:
                if scale[j] == 0.0 and soft_nm[j] > 0.0:
                    y[f, j] = b_nm[f, j] / soft_nm[j]
                reserve[f, j] = soft_nm[j] * y[f, j]
        status[f] = state
        torque_error[f], gap[f] = _certify(A, b_nm[f], wf, lf, soft_nm, power, a[f], y[f], reserve[f])
