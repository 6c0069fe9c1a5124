"""The moment matrix made ready for the compiled solver, and the four products it needs. Plain loops for Numba.

Rows are scaled to unit length. A table that is mostly filled (a trunk: most muscles cross most joints) is kept whole
and worked on along its rows; a sparse one (a body: a muscle crosses some five of seventy joints) as its non-zeros, by
row and by column. In a sparse one the joints may be taken in reverse: skeletons are listed from the root, and from
the tips inward the Cholesky factor of a tree of joints has no non-zero that its matrix had not.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from psoas.body._compile import compiled
from psoas.body.recruitment._terms import MOSTLY_FILLED, MUSCLE_LESS_NM


class Table(NamedTuple):
    """The scaled matrix in one of two forms; the arrays of the other are empty.

    Fields: `filled` the form; `whole` (joints, muscles); `begin`, `end`, `muscle`, `by_row` the non-zeros of each
    joint; `start`, `joint`, `by_column` those of each muscle; `first` the first joint that shares a muscle with each.
    """

    filled: Any
    whole: Any
    begin: Any
    end: Any
    muscle: Any
    by_row: Any
    start: Any
    joint: Any
    by_column: Any
    first: Any


@compiled
def tabulate(A_nm: Any, scale: Any, order: Any) -> Any:
    """`(Table, check sum)`; fills `scale` (0: no muscle) and `order` (the joint in each place), both by place.

    The check sum is finite when every number of the matrix is.
    """
    joints, muscles = A_nm.shape
    total, count = 0.0, 0
    for j in range(joints):
        square = 0.0
        for i in range(muscles):
            square += A_nm[j, i] * A_nm[j, i]
            count += A_nm[j, i] != 0.0
        scale[j] = 1.0 / np.sqrt(square) if square > MUSCLE_LESS_NM**2 else 0.0
        order[j] = j
        total += square
    first = np.zeros(joints, np.int64)
    small, index = np.empty(0), np.empty(0, np.uint32)
    if count > MOSTLY_FILLED * joints * muscles or not np.isfinite(total):
        whole = np.empty((joints, muscles))
        for j in range(joints):
            for i in range(muscles):
                whole[j, i] = A_nm[j, i] * scale[j]
        return Table(True, whole, first, first, index, small, first, index, small, first), total

    begin, end, start = np.empty(joints, np.int64), np.empty(joints, np.int64), np.zeros(muscles + 1, np.int64)
    by_row, muscle = np.empty(count + 1), np.empty(count + 1, np.uint32)
    low, high = np.empty(muscles, np.int64), np.zeros(muscles, np.int64)  # the first and last joint of a muscle
    for i in range(muscles):
        low[i] = joints
    k = 0
    for j in range(joints):
        begin[j] = k
        line = A_nm[j]
        for block in range(0, muscles if scale[j] > 0.0 else 0, 8):
            if block + 8 <= muscles:  # most eighths are empty
                near = abs(line[block]) + abs(line[block + 1]) + abs(line[block + 2]) + abs(line[block + 3])
                far = abs(line[block + 4]) + abs(line[block + 5]) + abs(line[block + 6]) + abs(line[block + 7])
                if near + far == 0.0:
                    continue
            for i in range(block, min(block + 8, muscles)):
                if line[i] != 0.0:
                    by_row[k] = line[i] * scale[j]
                    muscle[k] = i
                    k += 1
                    start[i + 1] += 1
                    if low[i] > j:
                        low[i] = j
                    high[i] = j
        end[j] = k
    for i in range(muscles):
        start[i + 1] += start[i]

    # Work of the Cholesky factor in both orders: its rows reach back to the first joint they share a muscle with.
    last = np.empty(joints, np.int64)
    forward, backward = 0, 0
    for j in range(joints):
        first[j], last[j] = j, j
        for k in range(begin[j], end[j]):
            i = muscle[k]
            if low[i] < first[j]:
                first[j] = low[i]
            if high[i] > last[j]:
                last[j] = high[i]
        forward += (j - first[j]) ** 2
        backward += (last[j] - j) ** 2
    if backward < forward:
        for j in range(joints):
            order[j] = joints - 1 - j
            first[j] = joints - 1 - last[joints - 1 - j]
        for j in range(joints // 2):
            k = joints - 1 - j
            scale[j], scale[k] = scale[k], scale[j]
            begin[j], begin[k] = begin[k], begin[j]
            end[j], end[k] = end[k], end[j]

    by_column, joint = np.empty(count + 1), np.empty(count + 1, np.uint32)
    for i in range(muscles):
        low[i] = start[i]  # from here on, where the muscle's next non-zero goes
    for j in range(joints):
        for k in range(begin[j], end[j]):
            i = muscle[k]
            by_column[low[i]] = by_row[k]
            joint[low[i]] = j
            low[i] += 1
    return Table(False, np.empty((0, 0)), begin, end, muscle, by_row, start, joint, by_column, first), total


@compiled
def torques(table: Any, a: Any, out: Any) -> None:
    """`out = A a`."""
    if table.filled:
        for j in range(len(out)):
            s = 0.0
            for i in range(len(a)):
                s += table.whole[j, i] * a[i]
            out[j] = s
    else:
        for j in range(len(out)):
            s = 0.0
            for k in range(table.begin[j], table.end[j]):
                s += table.by_row[k] * a[table.muscle[k]]
            out[j] = s


@compiled
def worths(table: Any, y: Any, out: Any) -> None:
    """`out = A' y`: what a muscle's effort is worth at these prices of torque."""
    if table.filled:
        for i in range(len(out)):
            out[i] = 0.0
        for j in range(len(y)):
            price = y[j]
            for i in range(len(out)):
                out[i] += price * table.whole[j, i]
    else:
        for i in range(len(out)):
            s = 0.0
            for k in range(table.start[i], table.start[i + 1]):
                s += table.by_column[k] * y[table.joint[k]]
            out[i] = s


@compiled
def _add_filled(H: Any, work: Any, n: int) -> None:
    """`H += work[:m] work[m:]'` over `n` columns, lower triangle; two rows by two, to load each number once."""
    m = len(H)
    for j in range(0, m - 1, 2):
        for k in range(0, j + 1, 2):
            s00, s01, s10, s11 = 0.0, 0.0, 0.0, 0.0
            for i in range(n):
                s00 += work[j, i] * work[m + k, i]
                s01 += work[j, i] * work[m + k + 1, i]
                s10 += work[j + 1, i] * work[m + k, i]
                s11 += work[j + 1, i] * work[m + k + 1, i]
            H[j, k] += s00
            H[j, k + 1] += s01
            H[j + 1, k] += s10
            H[j + 1, k + 1] += s11
    if m % 2 == 1:
        for k in range(m):
            s00 = 0.0
            for i in range(n):
                s00 += work[m - 1, i] * work[m + k, i]
            H[m - 1, k] += s00


@compiled
def reweigh(table: Any, weight: Any, D: Any, H: Any, work: Any) -> None:
    """Bring `H = A D A'` (lower triangle) from the weights `D` to `weight`, by the muscles whose weight changed.

    `work` is (2 * joints, muscles) of scratch space for a filled table.
    """
    m, n = len(H), len(D)
    changed, present = 0, 0
    for i in range(n):
        changed += weight[i] != D[i]
        present += weight[i] != 0.0
    if present < changed:  # from nothing is the shorter way, and leaves no rounding behind
        for i in range(n):
            D[i] = 0.0
        for j in range(m):
            for k in range(j + 1):
                H[j, k] = 0.0
    if table.filled:
        at = 0
        for i in range(n):
            change = weight[i] - D[i]
            if change != 0.0:
                for j in range(m):
                    work[m + j, at] = table.whole[j, i]
                    work[j, at] = table.whole[j, i] * change
                D[i] = weight[i]
                at += 1
        _add_filled(H, work, at)
        return
    for i in range(n):
        change = weight[i] - D[i]
        if change != 0.0:
            D[i] = weight[i]
            begin = table.start[i]
            for k in range(begin, table.start[i + 1]):
                s = change * table.by_column[k]
                row = table.joint[k]
                for other in range(begin, k + 1):
                    H[row, table.joint[other]] += s * table.by_column[other]


@compiled
def solve(table: Any, H: Any, soft: Any, ridge: float, right: Any, L: Any, x: Any) -> None:
    """`x` of `(H + diag(soft) + ridge) x = right` by Cholesky.

    The ridge is what rounding in `H` needs, so that dependent or idle joints get a large step and not a failure. `L` is
    scratch space; its diagonal holds inverses.
    """
    m = len(right)
    first = table.first
    for j in range(m):
        for k in range(first[j], j):
            s = H[j, k]
            for i in range(max(first[j], first[k]), k):
                s -= L[j, i] * L[k, i]
            L[j, k] = s * L[k, k]
        pivot = H[j, j] + soft[j] + ridge
        s = right[j]
        for i in range(first[j], j):
            pivot -= L[j, i] * L[j, i]
            s -= L[j, i] * x[i]
        L[j, j] = 1.0 / np.sqrt(pivot if pivot > ridge else ridge)
        x[j] = s * L[j, j]
    for j in range(m - 1, -1, -1):
        s = x[j] * L[j, j]
        x[j] = s
        for i in range(first[j], j):
            x[i] -= L[j, i] * s
