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
from psoas.body._recruitment_check import certify
from psoas.body._recruitment_table import reweigh, solve, tabulate, torques, worths
from psoas.body._recruitment_terms import (
    BAD_NUMBER,
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
    RESERVES_USED,
    RIDGE,
    ROUNDING,
    SEARCH_STEPS,
    SLACK,
    STEADY,
    TOLERANCE,
)


@compiled
def _weigh(u: Any, h: Any, lower: Any, error: float, joints: int, everybody: bool, weight: Any) -> None:
    """How much each muscle answers to a change of its worth: `1 / h` between its limits, 0 past them.

    With few muscles between their limits the matrix is close to singular and its step too long in the directions
    nobody serves. Those just past a limit, who would come in on the way, are then counted in part, the less the
    smaller `error` is: near the answer the step is Newton's own.
    """
    n = len(u)
    free = 0
    for i in range(n):
        inside = ((u[i] > lower[i]) & (u[i] < 1.0)) | everybody
        free += inside
        weight[i] = 1.0 / h[i] if inside else 0.0
    if free < FEW * joints:
        near = NEAR * min(error, 1.0)
        for i in range(n):
            past = lower[i] - u[i] if u[i] < lower[i] else u[i] - 1.0
            if (weight[i] == 0.0) & (past < 100.0 * near):
                weight[i] = near * near / (near * near + past * past) / h[i]


@compiled
def _newton(table: Any, b: Any, h: Any, c: Any, lower: Any, soft: Any, y: Any, a: Any) -> Any:
    """Minimise `sum(h/2 a^2 - c a)` with `A a + soft y = b`, `lower <= a <= 1`; returns `(status, steps)`.

    `soft` is the compliance of each joint's reserve (0: none). `y` is the starting point and the answer. From all
    zeros, which know nothing, the first step takes every muscle as free.
    """
    m, n = len(b), len(h)
    u, v, q = np.empty(n), np.empty(n), np.empty(n)  # (z + c) / h, its rate along the step, and A' step
    D, weight, last = np.zeros(n), np.empty(n), np.zeros(n)
    H, L = np.zeros((m, m)), np.empty((m, m))
    work = np.empty((2 * m if table.filled else 0, n))
    residual, step = np.empty(m), np.empty(m)
    largest, fresh = 0.0, True
    for j in range(m):
        largest = max(largest, abs(b[j]))
        fresh = fresh and y[j] == 0.0
    limit = TOLERANCE * (1.0 + largest)
    before = np.inf
    ridge = 0.0  # rows have unit length, so no entry of H was ever larger than 1 / h
    for i in range(n):
        ridge = max(ridge, RIDGE / h[i])
    worths(table, y, q)
    for i in range(n):
        u[i] = (q[i] + c[i]) / h[i]
    for count in range(NEWTON_STEPS):
        for i in range(n):
            x = lower[i] if u[i] < lower[i] else u[i]  # `min` and `max` would keep this off the vector registers
            a[i] = 1.0 if x > 1.0 else x
        torques(table, a, residual)
        error = 0.0
        for j in range(m):
            residual[j] = b[j] - soft[j] * y[j] - residual[j]
            error = max(error, abs(residual[j]))
        if error <= limit:
            free = 0
            for i in range(n):
                free += (u[i] > lower[i]) & (u[i] < 1.0)
            # With few free muscles a small torque is a large activation: go on as long as it pays.
            if free >= FEW * m or error <= FINE * limit or error > 0.5 * before:
                return 0, count
            before = error
        _weigh(u, h, lower, error * (1.0 + count // PATIENCE) ** 3, m, fresh and count == 0, weight)
        for i in range(n if count >= PATIENCE else 0):  # going to and fro: take the middle of the two
            now = weight[i]
            weight[i] = 0.5 * (now + last[i])
            last[i] = now
        reweigh(table, weight, D, H, work)
        solve(table, H, soft, ridge, residual, L, step)
        worths(table, step, q)

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
            v[i] = q[i] / h[i]
            noise += abs(q[i])
            far -= q[i] if q[i] > 0.0 else lower[i] * q[i]
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
                inside = lower[i] if x < lower[i] else x
                inside = 1.0 if inside > 1.0 else inside
                slope -= inside * q[i]
                bend += (q[i] if x == inside else 0.0) * v[i]
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
def _cubic(table: Any, b: Any, w: Any, lower: Any, soft: Any, y: Any, a: Any) -> Any:
    """Minimise `sum(w a^3)` from the feasible `a` of the quadratic problem; returns `(status, steps)`."""
    m, n = len(b), len(w)
    h, c, new, z = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    y_old = np.empty(m)
    steps, furthest = 0, 1.0
    for _ in range(CUBIC_STEPS):
        floor = max(CUBIC_CAUTION * furthest, CUBIC_FLOOR)  # a cube is flat at 0: its model there is too free
        for i in range(n):
            h[i] = 6.0 * w[i] * max(a[i], floor)
            c[i] = h[i] * a[i] - 3.0 * w[i] * a[i] * a[i]
        for j in range(m):
            y_old[j] = y[j]
        status, used = _newton(table, b, h, c, lower, soft, y, new)
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
        worths(table, y, z)
        off = 0.0
        for i in range(n):
            a[i] = min(max(a[i] + t * (new[i] - a[i]), lower[i]), 1.0)
            best = min(max(np.sqrt(max(z[i], 0.0) / (3.0 * w[i])), lower[i]), 1.0)
            off = max(off, abs(a[i] - best))
        for j in range(m):
            if soft[j] > 0.0:
                y[j] = y_old[j] + t * (y[j] - y_old[j])
        if furthest <= CUBIC_TOLERANCE or (t == 1.0 and off <= CUBIC_TOLERANCE):
            return 0, steps
    return NOT_CONVERGED, steps


@compiled
def _attempt(table: Any, b: Any, w: Any, lower: Any, soft: Any, power: int, y: Any, a: Any) -> Any:
    """One problem in scaled units, quadratic first; `y` is used as a starting point unless it is all zeros."""
    h, c = np.empty(len(w)), np.zeros(len(w))
    for i in range(len(w)):
        h[i] = 2.0 * w[i]
    status, steps = _newton(table, b, h, c, lower, soft, y, a)
    if status == 0 and power == 3:
        status, more = _cubic(table, b, w, lower, soft, y, a)
        steps += more
    return status, steps


@compiled
def solve_range(
    A_nm: Any, b_nm: Any, w: Any, lower: Any, reserve_nm: Any, warm: Any, power: int, movement: bool, begin: int,
    end: int, a: Any, y: Any, reserve: Any, residual: Any, status: Any, steps: Any,
    torque_error: Any, gap: Any, effort: Any,
) -> None:  # fmt: skip
    """Solve members `begin` to `end`; the last nine arrays receive the answers. A leading axis of 1 is shared.

    `movement` starts each member from the multipliers of the one before, if that one was solved.
    """
    joints, muscles = A_nm.shape[1], A_nm.shape[2]
    scale, order = np.empty(joints), np.empty(joints, np.int64)
    b, soft, soft_nm, ys = np.empty(joints), np.zeros(joints), np.zeros(joints), np.empty(joints)
    table, total = tabulate(A_nm[begin if len(A_nm) > 1 else 0], scale, order)
    for f in range(begin, end):
        A = A_nm[f if len(A_nm) > 1 else 0]
        wf, lf = w[f if len(w) > 1 else 0], lower[f if len(lower) > 1 else 0]
        if f > begin and len(A_nm) > 1:
            table, total = tabulate(A, scale, order)
        whole, missing, spare = total, False, True
        for place in range(joints):
            j = order[place]
            whole += b_nm[f, j]
            b[place] = b_nm[f, j] * scale[place]
            y[f, j] = warm[f if len(warm) > 1 else 0, j]
            if movement and f > begin and status[f - 1] <= RESERVES_USED:
                y[f, j] = y[f - 1, j]
            ys[place] = y[f, j] / scale[place] if scale[place] > 0.0 else 0.0
            reserve[f, j] = 0.0
            soft[place], soft_nm[j] = 0.0, 0.0
            if scale[place] == 0.0 and abs(b_nm[f, j]) > MUSCLE_LESS_NM:
                missing = True
                spare = spare and reserve_nm[j] > 0.0
        for i in range(muscles):
            a[f, i] = lf[i]
        if not np.isfinite(whole):
            status[f] = BAD_NUMBER
            continue
        state, steps[f] = _attempt(table, b, wf, lf, soft, power, ys, a[f])
        if state == INFEASIBLE or (missing and state == 0):
            state, some = INFEASIBLE, False
            for place in range(joints):
                j = order[place]
                soft_nm[j] = 0.5 * reserve_nm[j] * reserve_nm[j]
                soft[place] = soft_nm[j] * scale[place] * scale[place]
                ys[place] = 0.0
                some = some or soft_nm[j] > 0.0
            if spare and some:
                state, more = _attempt(table, b, wf, lf, soft, power, ys, a[f])
                steps[f] += more
                if state == 0:
                    state = RESERVES_USED
        for place in range(joints):
            j = order[place]
            y[f, j] = ys[place] * scale[place]
            if state == RESERVES_USED:
                if scale[place] == 0.0 and soft_nm[j] > 0.0:
                    y[f, j] = b_nm[f, j] / soft_nm[j]
                reserve[f, j] = soft_nm[j] * y[f, j]
        status[f] = state
        torque_error[f], gap[f], effort[f] = certify(
            A, b_nm[f], wf, lf, soft_nm, power, a[f], y[f], reserve[f], residual[f]
        )
