"""Inverse kinematics: the joint angles that bring the markers of a body nearest to those that were seen.

Least squares by Gauss-Newton within the joints' ranges. A marker at p on bone b moves with a model joint of axis (turn,
shift), both about the point c, by shift + turn x (p - c) where the joint moves b; each unknown gathers the joints that
follow it. The unknowns are the pelvis's six, three whole lumbar angles, shared out over the levels as everywhere, and
five of each leg.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psoas.body.kinematics.coordinates import (
    COORDINATES,
    INDEX,
    LUMBAR_KINDS,
    SLIDES,
    from_edge_units,
    lumbar_shares,
    range_of,
)
from psoas.body.kinematics.sections import Array
from psoas.body.subject.model import Body

STEPS, ENOUGH, DAMPING = 30, 1e-4, 1e-6
"""Most steps a frame; a step below this (radians, metres) ends it; a little weight on staying where one is."""


@dataclass(frozen=True)
class Fitted:
    """Coordinates (F, J) and how far each marker (F, markers) is left from where it was seen, m; NaN where unseen."""

    q: Array
    apart_m: Array


@cache
def _spread() -> tuple[Array, Array, Array]:
    """(J, unknowns) from unknowns to coordinates, and the lowest and highest value of each unknown."""
    names = [name for name in COORDINATES if not name.startswith("lumbar_")]
    spread = np.zeros((len(COORDINATES), len(names) + len(LUMBAR_KINDS)))
    low, high = np.empty(spread.shape[1]), np.empty(spread.shape[1])
    ends = from_edge_units(np.array([range_of(name) for name in COORDINATES]).T)
    for column, name in enumerate(names):
        spread[INDEX[name], column] = 1.0
        low[column], high[column] = (-np.inf, np.inf) if name in SLIDES else ends[:, INDEX[name]]
    for number, kind in enumerate(LUMBAR_KINDS):
        column = len(names) + number
        shares = {INDEX[f"lumbar_{kind}_{level}"]: share for level, share in lumbar_shares().items()}
        for at, share in shares.items():
            spread[at, column] = share
        low[column] = max(ends[0, at] / share for at, share in shares.items())
        high[column] = min(ends[1, at] / share for at, share in shares.items())
    return spread, low, high


class MarkerFit:
    """Fits one body with markers at fixed places (markers, 3) on its bones, m.

    `weights` (markers,) are those of their squared distances; all alike when left out.
    """

    def __init__(self, body: Body, bones: list[str], places_m: Array, weights: Array | None = None) -> None:
        self._kinematics = body.kinematics
        model: Any = body.kinematics.model
        self._bone: NDArray[np.int64] = np.array([model.body(name).id for name in bones])
        self._places_m = np.asarray(places_m, dtype=float)
        self._root_weight = np.sqrt(np.ones(len(bones)) if weights is None else np.asarray(weights, dtype=float))
        self._spread, self._low, self._high = _spread()
        self._follows = body.kinematics.follows(self._spread)
        reach = np.zeros((model.nbody, model.nv))
        for at in range(1, model.nbody):
            reach[at] = reach[model.body_parentid[at]]
            reach[at, model.body_dofadr[at] : model.body_dofadr[at] + model.body_dofnum[at]] = 1.0
        self._reach = reach[self._bone]

    def fit(self, seen_m: Array, start: Array) -> Fitted:
        """Fit frames one after the other, each from the one before.

        Args:
            seen_m: (F, markers, 3) in the room; NaN where a marker was not seen.
            start: (J,) for the first frame.
        """
        unknown = self._of(start)
        q, apart = np.empty((len(seen_m), len(COORDINATES))), np.empty(seen_m.shape[:2])
        for frame, seen in enumerate(seen_m):
            unknown, gap = self._frame(seen, unknown)
            q[frame], apart[frame] = self._spread @ unknown, np.linalg.norm(gap, axis=1)
        return Fitted(q, apart)

    def _of(self, q: Array) -> Array:
        """The unknowns nearest to configuration `q` (J,)."""
        found, *_ = np.linalg.lstsq(self._spread, q, rcond=None)
        return np.clip(found, self._low, self._high)

    def markers_m(self, q: Array) -> Array:
        """(markers, 3) where the markers are in configuration `q` (J,)."""
        self._kinematics.place(q)
        data = self._kinematics.bone_data
        turned = np.asarray(data.xmat).reshape(-1, 3, 3)[self._bone]
        return np.asarray(np.asarray(data.xpos)[self._bone] + np.einsum("mij,mj->mi", turned, self._places_m))

    def on_bones(self, q: Array, seen_m: Array) -> Array:
        """(markers, 3) places on the bones of what is seen at (markers, 3) in configuration `q` (J,)."""
        self._kinematics.place(q)
        data = self._kinematics.bone_data
        turned = np.asarray(data.xmat).reshape(-1, 3, 3)[self._bone]
        return np.asarray(np.einsum("mij,mi->mj", turned, seen_m - np.asarray(data.xpos)[self._bone]))

    def _frame(self, seen: Array, unknown: Array) -> tuple[Array, Array]:
        """Unknowns of one frame, and seen less placed (markers, 3)."""
        there = np.isfinite(seen).all(axis=1)
        root_weight = self._root_weight[there, None]
        gap, slope = self._gap(seen, unknown)
        cost = float(np.sum((root_weight * gap[there]) ** 2))
        damping = DAMPING
        for _ in range(STEPS):
            jac = (root_weight[:, :, None] * slope[there]).reshape(-1, len(unknown))
            rest = (root_weight * gap[there]).ravel()
            step = self._step(jac.T @ jac, jac.T @ rest, unknown, damping)
            tried = np.clip(unknown + step, self._low, self._high)
            if np.abs(tried - unknown).max() < ENOUGH:
                break
            new_gap, new_slope = self._gap(seen, tried)
            new_cost = float(np.sum((root_weight * new_gap[there]) ** 2))
            if new_cost > cost + 1e-15:  # the straight line led too far: keep closer
                damping = max(damping * 100.0, 1e-4)
                if damping > 1e3:
                    break
                continue
            unknown, gap, slope, cost = tried, new_gap, new_slope, new_cost
            damping = max(damping / 10.0, DAMPING)
        return unknown, gap

    def _step(self, square: Array, pull: Array, unknown: Array, damping: float) -> Array:
        """The damped step of the unknowns that are not held at an end of their range against the pull."""
        free = ~(((unknown <= self._low) & (pull < 0.0)) | ((unknown >= self._high) & (pull > 0.0)))
        step = np.zeros_like(pull)
        system = square[np.ix_(free, free)] + damping * np.eye(int(free.sum()))
        step[free] = np.linalg.solve(system, pull[free])
        return step

    def _gap(self, seen: Array, unknown: Array) -> tuple[Array, Array]:
        """Seen less placed (markers, 3), and how the placed move with each unknown (markers, 3, unknowns)."""
        q = self._spread @ unknown
        slope = self._kinematics.place(q)
        data = self._kinematics.bone_data
        turned = np.asarray(data.xmat).reshape(-1, 3, 3)[self._bone]
        away = np.einsum("mij,mj->mi", turned, self._places_m)
        placed = np.asarray(data.xpos)[self._bone] + away
        axes, root = np.asarray(data.cdof), np.asarray(data.subtree_com[1])
        lever = placed - root
        by_unknown = slope[:, None] * self._follows
        # Shift and turn of every marker's bone per unknown, (markers, unknowns) each, then shift + turn x lever.
        turn_x, turn_y, turn_z, shift_x, shift_y, shift_z = (
            self._reach @ (axes[:, k, None] * by_unknown) for k in range(6)
        )
        x, y, z = (lever[:, k, None] for k in range(3))
        moved = np.stack(
            [shift_x + turn_y * z - turn_z * y, shift_y + turn_z * x - turn_x * z, shift_z + turn_x * y - turn_y * x],
            axis=1,
        )
        return seen - placed, moved
