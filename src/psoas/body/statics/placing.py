"""The bones and muscle paths of one body in many configurations: MuJoCo frame by frame, kept as arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psoas.body.kinematics.geometry import Kinematics
from psoas.body.kinematics.posture import SIDES
from psoas.body.kinematics.sections import Array, subtree


@dataclass(frozen=True)
class Placed:
    """Geometry of F frames: J coordinates, V model joints, M fascicles, B bodies with the room first.

    Attributes:
        lengths_m (F, M), arms_m (F, J, M), level_positions_m (F, 6, 3), level_frames (F, 6, 3, 3): as in ``Geometry``.
        pull: (F, 8, 3, M) force on the part above each level, then on each leg (left, right), per newton of tension,
            in world axes.
        positions_m, rotations: (F, B, 3) and (F, B, 3, 3) of the bodies; centres_m (F, B, 3) of their mass.
        axes: (F, V, 6) turn and shift of each model joint about `root_m` (F, 3).
        slope: (F, V) how far each model joint moves with each coordinate it follows: those of
            `sources[first_source[v]:first_source[v + 1]]`.
        reach: (B, V) 1 where the joint moves the body.
        masses_kg: (B,).
    """

    lengths_m: Array
    arms_m: Array
    level_positions_m: Array
    level_frames: Array
    pull: Array
    positions_m: Array
    rotations: Array
    centres_m: Array
    axes: Array
    root_m: Array
    slope: Array
    first_source: NDArray[np.int64]
    sources: NDArray[np.int64]
    reach: Array
    masses_kg: Array
    names: tuple[str, ...]
    parents: tuple[int, ...]

    def body_of(self, bone: str) -> int:
        """Index of a bone among the bodies."""
        return self.names.index(bone)

    def place(self, bone: str) -> tuple[Array, Array]:
        """Origin (F, 3) and axes (F, 3, 3) of a bone."""
        at = self.body_of(bone)
        return self.positions_m[:, at], self.rotations[:, at]

    def mass_of(self, bone: str) -> float:
        """Mass of one bone with its flesh, kg."""
        return float(self.masses_kg[self.body_of(bone)])

    def part(self, root: str) -> NDArray[np.bool_]:
        """(bodies,) True for a bone and everything that hangs on it."""
        return np.asarray(subtree(list(self.parents), self.body_of(root)), dtype=bool)


def place_frames(kinematics: Kinematics, q: Array, at_each: Callable[[int], None] | None = None) -> Placed:
    """Place a body in configurations `q` (F, J), radians and metres; `at_each` is called where each frame stands."""
    model: Any = kinematics.model
    data: Any = kinematics.bone_data
    frames, bodies, joints, muscles = len(q), int(model.nbody), int(model.nv), int(model.ntendon)
    names = ("world", *kinematics.bone_names)
    parents = tuple(int(parent) for parent in model.body_parentid)
    legs = np.array([subtree(list(parents), names.index(f"femur_{side}")) for side in SIDES], dtype=float).T
    above = np.hstack([kinematics.above, legs])
    room = np.broadcast_to(np.eye(3), (above.shape[1], 3, 3)).copy()
    lengths, slope = np.empty((frames, muscles)), np.empty((frames, joints))
    arms, pull = np.zeros((frames, q.shape[1], muscles)), np.zeros((frames, above.shape[1], 3, muscles))
    positions, centres = np.empty((frames, bodies, 3)), np.empty((frames, bodies, 3))
    rotations, axes, root = np.empty((frames, bodies, 9)), np.empty((frames, joints, 6)), np.empty((frames, 3))
    for f in range(frames):
        slope[f] = kinematics.place(q[f])
        positions[f], rotations[f], centres[f] = data.xpos, data.xmat, data.xipos
        axes[f], root[f] = data.cdof, data.subtree_com[1]
        kinematics.walk(slope[f], room, above, lengths[f], arms[f], pull[f])
        if at_each is not None:
            at_each(f)
    turned = rotations.reshape(frames, bodies, 3, 3)
    level_frames, level_positions = kinematics.levels(positions, turned)
    return Placed(
        lengths_m=lengths,
        arms_m=arms,
        level_positions_m=level_positions,
        level_frames=level_frames,
        pull=pull,
        positions_m=positions,
        rotations=turned,
        centres_m=centres,
        axes=axes,
        root_m=root,
        slope=slope,
        first_source=kinematics.first_source,
        sources=kinematics.sources,
        reach=_reach(model),
        masses_kg=np.array(model.body_mass),
        names=names,
        parents=parents,
    )


def _reach(model: Any) -> Array:
    """(bodies, joints) 1 where a model joint moves a body."""
    reach = np.zeros((model.nbody, model.nv))
    for body in range(1, model.nbody):
        reach[body] = reach[model.body_parentid[body]]
        first = int(model.body_dofadr[body])
        if first >= 0:
            reach[body, first : first + int(model.body_dofnum[body])] = 1.0
    return reach
