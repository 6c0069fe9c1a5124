"""Ground forces where none were measured: soles push as muscles and balance ask, wherever they are near the floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from psoas.body._data import load_data
from psoas.body.kinematics.posture import SIDES, Posture
from psoas.body.kinematics.sections import Array
from psoas.body.motion.dynamics import gathered
from psoas.body.statics.arms import Build
from psoas.body.statics.placing import Placed
from psoas.body.statics.support import contacts

FRICTION = 1.0  # of a shoe on a floor, as the walking posture has it


@dataclass(frozen=True)
class Soles:
    """Pushes that the floor may give under both feet, K of them.

    Attributes:
        points, directions: (F, K, 3) m, and newton per newton of push; zero where the point is off the floor.
        bones: (K,) body that takes each push.
        touching: (F, K) whether the point is near the floor.
    """

    points: Array
    directions: Array
    bones: NDArray[np.int64]
    touching: NDArray[np.bool_]


def soles(build: Build, placed: Placed, floor_m: float) -> Soles:
    """The pushes of heel, ball and toe of both feet, with the edges of their friction cones."""
    posture = Posture("motion", {}, ("feet",), friction=FRICTION)
    pushes = contacts(posture, build, placed.place, {})
    frames = len(placed.lengths_m)
    points = np.stack([np.broadcast_to(push.point, (frames, 3)) for push in pushes], axis=1)
    directions = np.stack([np.broadcast_to(push.direction, (frames, 3)) for push in pushes], axis=1)
    near = float(load_data("motion.yaml")["limits"]["foot_on_ground_m"])
    touching = points[:, :, 2] < floor_m + near
    return Soles(
        points=np.ascontiguousarray(points),
        directions=np.ascontiguousarray(directions * touching[:, :, None]),
        bones=np.array([placed.body_of(push.bone) for push in pushes], dtype=np.int64),
        touching=touching,
    )


def lowest_m(build: Build, placed: Placed) -> Array:
    """(F,) height of the lowest point of the soles, m."""
    pushes = contacts(Posture("motion", {}, ("feet",), friction=0.0), build, placed.place, {})
    return np.asarray(np.min([push.point[:, 2] for push in pushes], axis=0))


def forces_of(found: Soles, placed: Placed, pushes_n: Array) -> dict[str, tuple[Array, Array]]:
    """By side, force (F, 3) and its moment about the origin (F, 3) of the pushes (F, K)."""
    each = found.directions * pushes_n[:, :, None]
    turned = np.cross(found.points, each)
    out = {}
    for side in SIDES:
        mine = found.bones == placed.body_of(f"foot_{side}")
        out[side] = (each[:, mine].sum(axis=1), turned[:, mine].sum(axis=1))
    return out


def pushes_by_coordinate(placed: Placed, found: Soles, coordinates: int) -> Array:
    """(F, J, K) generalised force of one newton of each push."""
    out = np.empty((len(found.points), coordinates, len(found.bones)))
    for push, bone in enumerate(found.bones):
        along = found.directions[:, push]
        turn = np.cross(found.points[:, push] - placed.root_m, along)
        both = np.concatenate([turn, along], axis=1)
        out[:, :, push] = gathered(placed, placed.reach[bone] * np.einsum("fvk,fk->fv", placed.axes, both), coordinates)
    return out
