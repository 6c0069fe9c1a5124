"""The check that every compiled answer passes through: from the original problem and the answer, nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from psoas.body._compile import compiled
from psoas.body.recruitment._terms import MUSCLE_LESS_NM


@compiled
def certify(
    A_nm: Any, b_nm: Any, w: Any, lower: Any, soft_nm: Any, power: int, a: Any, y: Any, reserve: Any, residual: Any
) -> Any:
    """`(torque error, duality gap, effort)` of an answer, from the original problem alone; fills `residual` (N.m).

    The torque error is a share of the muscles' joint strength, the gap one of the effort. Each muscle's part of the
    gap, `w a^p - z a + max over x of (z x - w x^p)`, is never negative, so nothing cancels. Past a limit it is NaN.
    """
    m, n = A_nm.shape
    z = np.zeros(n)
    largest, torque = 0.0, 0.0
    for j in range(m):
        square, s = 0.0, b_nm[j] - reserve[j]
        for i in range(n):
            square += A_nm[j, i] * A_nm[j, i]
            s -= A_nm[j, i] * a[i]
            z[i] += A_nm[j, i] * y[j]
        residual[j] = s
        if square > MUSCLE_LESS_NM**2:
            largest = max(largest, abs(b_nm[j]) / np.sqrt(square))
            share = abs(s) / np.sqrt(square)
            torque = torque if share <= torque else share  # keeps NaN
        elif not abs(s) <= MUSCLE_LESS_NM:
            torque = np.inf
    effort, gap, outside = 0.0, 0.0, 0
    for i in range(n):
        wish = z[i] / (2.0 * w[i]) if power == 2 else np.sqrt(max(z[i], 0.0) / (3.0 * w[i]))
        best = lower[i] if wish < lower[i] else wish
        best = 1.0 if best > 1.0 else best
        cost = w[i] * a[i] * a[i] * (1.0 if power == 2 else a[i])
        least = w[i] * best * best * (1.0 if power == 2 else best)
        effort += cost
        gap += cost - least - z[i] * (a[i] - best)
        outside += not lower[i] <= a[i] <= 1.0
    spent = effort
    for j in range(m):
        if soft_nm[j] > 0.0:
            spent += 0.5 * reserve[j] * reserve[j] / soft_nm[j]
            gap += 0.5 * (reserve[j] - soft_nm[j] * y[j]) ** 2 / soft_nm[j]
    gap = 0.0 if gap < 0.0 else gap  # rounding
    return torque / (1.0 + largest), np.nan if outside else gap / (spent if spent > 0.0 else 1.0), effort
