"""The compiled recruitment solver: one problem after another, squared or cubed. Plain loops for Numba.

Cubed activations are a short sequence of quadratic problems (the Newton model of the cost at the last answer), each
started from the multipliers of the one before.

Rows are scaled to unit length inside; every array here is in scaled units unless its name says `_nm`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from psoas.body._compile import compiled
from psoas.body.recruitment._check import certify
from psoas.body.recruitment._newton import newton
from psoas.body.recruitment._table import tabulate, worths
from psoas.body.recruitment._terms import (
    BAD_NUMBER,
    CUBIC_CAUTION,
    CUBIC_FLOOR,
    CUBIC_NEAR,
    CUBIC_STEPS,
    CUBIC_TOLERANCE,
    INFEASIBLE,
    MUSCLE_LESS_NM,
    NOT_CONVERGED,
    RESERVES_USED,
    SEARCH_STEPS,
    STEADY,
)


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
        status, used = newton(table, b, h, c, lower, soft, y, new)
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
    status, steps = newton(table, b, h, c, lower, soft, y, a)
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
