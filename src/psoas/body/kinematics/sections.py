"""Cut sections: the force that crosses a joint when the body is cut through at that joint.

Everything above the cut is one free body. On it act its weight, the external forces applied to it, every muscle at the
place where its path truly leaves it, and the joint. A muscle whose path runs p1, p2, … pn with tension T pulls, in each
segment that joins the part above to the part below, with T along that segment. Segments that lie on one side, or on a
wrapping surface of one bone, give nothing. With u the unit vector from the point above to the point below,

    force on the upper part = T * sum over crossing segments of u,

so a path that crosses, comes back and crosses again is counted as often as it crosses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Segments:
    """Straight pieces of all muscle paths in one posture, in world coordinates.

    Attributes:
        tendon: (nseg,) tendon of each piece.
        start, direction: (nseg, 3) first point, m, and unit vector towards the second.
        first, second: (nseg,) bodies at its two ends.
    """

    tendon: NDArray[np.int64]
    start: Array
    direction: Array
    first: NDArray[np.int64]
    second: NDArray[np.int64]


class PathReader:
    """Reads muscle paths out of MuJoCo. Built once per model.

    MuJoCo lists, per tendon, the points of its path: -1 marks a site, a geom's number one of the two ends of the piece
    that lies on that geom. Sites appear in the order of the model, so the bone under each point is known.
    """

    def __init__(self, model: Any) -> None:
        import mujoco

        site = int(mujoco.mjtWrap.mjWRAP_SITE)
        if np.any(model.wrap_type == int(mujoco.mjtWrap.mjWRAP_PULLEY)):
            raise ValueError("A tendon with a pulley was found; sections read single paths only. Split the tendon.")
        self._geom_body = np.asarray(model.geom_bodyid, np.int64)
        self._site_body: NDArray[np.int64] = np.asarray(model.site_bodyid, np.int64)[
            np.asarray(model.wrap_objid)[np.asarray(model.wrap_type) == site]
        ]

    def read(self, data: Any) -> Segments:
        """Segments in the posture held by `data` (after ``mj_tendon`` or ``mj_forward``)."""
        count = np.asarray(data.ten_wrapnum, np.int64)
        total = int(count.sum())
        points = np.asarray(data.wrap_xpos, float).reshape(-1, 3)[:total]
        marks = np.asarray(data.wrap_obj, np.int64).reshape(-1)[:total]
        on_site = marks < 0
        body = np.where(on_site, 0, self._geom_body[np.where(on_site, 0, marks)])
        body[on_site] = self._site_body
        tendon = np.repeat(np.arange(len(count)), count)
        joined = tendon[1:] == tendon[:-1]
        span = (points[1:] - points[:-1])[joined]
        length = np.linalg.norm(span, axis=1)
        direction = span / np.where(length > 1e-12, length, 1.0)[:, None]
        return Segments(
            tendon=tendon[1:][joined],
            start=points[:-1][joined].copy(),
            direction=direction,
            first=body[:-1][joined],
            second=body[1:][joined],
        )


def crossing_forces(segments: Segments, upper: NDArray[np.bool_], tendons: int, about: Array) -> tuple[Array, Array]:
    """Force and moment on the upper part per newton of tension in each tendon, in world axes.

    Args:
        segments: paths in the posture.
        upper: (nbody,) the free part.
        tendons: number of tendons in the model.
        about: (3,) point for the moments, m.

    Returns:
        (tendons, 3) force and (tendons, 3) moment in N and N.m per N.
    """
    starts_above = upper[segments.first]
    crosses = starts_above != upper[segments.second]
    pull = np.where(starts_above[crosses], 1.0, -1.0)[:, None] * segments.direction[crosses]
    arm = segments.start[crosses] - about
    force = np.zeros((tendons, 3))
    moment = np.zeros((tendons, 3))
    np.add.at(force, segments.tendon[crosses], pull)
    np.add.at(moment, segments.tendon[crosses], np.cross(arm, pull))
    return force, moment


def subtree(parents: Sequence[int], root: int) -> NDArray[np.bool_]:
    """(nbody,) True for `root` and every body that hangs on it; parents come before children."""
    inside = np.zeros(len(parents), bool)
    inside[root] = True
    for body in range(root + 1, len(parents)):
        inside[body] = inside[parents[body]]
    return inside
