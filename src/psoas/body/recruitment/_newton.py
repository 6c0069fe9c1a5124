"""Newton's method on the dual of one quadratic recruitment problem. Plain loops for Numba.

With activations `a`, multipliers `y` of the joints and a diagonal quadratic cost, the cheapest `a` for given `y` is
`clip((A' y + c) / h, lower, 1)`: the cost of a muscle never meets that of another. What is left is to find the `m`
numbers `y` (one a joint) at which the torques come right. That function of `y` is the gradient of a concave one and
piecewise linear, so Newton's method with an exact search along each step ends after a handful of `m x m` systems,
and exactly. The matrix `A D A'` of a step (`D` marks the muscles between their limits) changes only where a muscle
met or left a limit, so it is updated by those muscles alone. A muscle crosses few of the joints: columns are sparse.

Rows are scaled to unit length inside; every array here is in scaled units unless its name says `_nm`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from psoas.body._compile import compiled
from psoas.body.recruitment._table import reweigh, solve, torques, worths
from psoas.body.recruitment._terms import (
    BOUNDARY,
    FEW,
    FINE,
    FURTHEST,
    INFEASIBLE,
    NEAR,
    NEWTON_STEPS,
    NOT_CONVERGED,
    PATIENCE,
    REFINEMENTS,
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
def _refine(
    table: Any, b: Any, h: Any, lower: Any, soft: Any, y: Any, u: Any, a: Any, D: Any, H: Any, L: Any, work: Any,
    ridge: float, error: float,
) -> None:  # fmt: skip
    """Take the last rounding out of `a`: large multipliers that cancel leave their own in `u`.

    The free muscles are moved by what Newton's step would add to them, so the answer keeps its form; a correction that
    would not help, or would pass a limit, is not made.
    """
    m, n = len(b), len(h)
    residual, step, better = np.empty(m), np.empty(m), np.empty(n)
    weight, q = np.empty(n), np.empty(n)
    for i in range(n):
        weight[i] = 1.0 / h[i] if (u[i] > lower[i]) & (u[i] < 1.0) else 0.0
    reweigh(table, weight, D, H, work)
    for i in range(n):
        better[i] = a[i]
    for _ in range(REFINEMENTS):
        torques(table, better, residual)
        worst = 0.0
        for j in range(m):
            residual[j] = b[j] - soft[j] * y[j] - residual[j]
            worst = max(worst, abs(residual[j]))
        if worst < error:
            error = worst
            for i in range(n):
                a[i] = better[i]
        solve(table, H, soft, ridge, residual, L, step)
        worths(table, step, q)
        for i in range(n):
            if weight[i] > 0.0:
                better[i] += weight[i] * q[i]
                if not lower[i] <= better[i] <= 1.0:
                    return


@compiled
def newton(table: Any, b: Any, h: Any, c: Any, lower: Any, soft: Any, y: Any, a: Any) -> Any:
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
            if free >= FEW * m or error <= FINE * limit:
                return 0, count
            if error > 0.5 * before:
                _refine(table, b, h, lower, soft, y, u, a, D, H, L, work, ridge, error)
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
