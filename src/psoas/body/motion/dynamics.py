"""Inverse dynamics: what muscles must give for a movement, frame by frame.

MuJoCo's recursive Newton-Euler pass gives the force and moment c_b between every bone b and its parent that carry
weight and acceleration of everything beyond. A joint with motion axis s of bone b needs s . c_b; what the ground gives
to a foot is taken off, and each coordinate gathers the joints that follow it. The six rows of the pelvis need no
muscle: with measured ground forces they are the residual, what the measurement and the model do not agree on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from psoas.body.kinematics.geometry import Kinematics
from psoas.body.kinematics.sections import Array
from psoas.body.motion.smoothing import Smoothed
from psoas.body.statics.placing import Placed, place_frames


@dataclass(frozen=True)
class Wrench:
    """Force (F, 3) in N and moment (F, 3) about the origin of the room in N.m that act on a bone from outside."""

    bone: str
    force_n: Array
    moment_nm: Array


@dataclass(frozen=True)
class Dynamics:
    """Placed frames with what carries them; see `Placed`.

    Attributes:
        placed: geometry of the frames.
        carried: (F, bodies, 6) moment about `placed.root_m` and force, room axes, that each bone's parent must give for
            weight and acceleration of the bone and what hangs on it, before anything from outside.
        needed: (F, J) generalised force for weight and acceleration, less what acts from outside: what muscles, discs
            and supports must give, N.m and N.
    """

    placed: Placed
    carried: Array
    needed: Array


def dynamics_of(kinematics: Kinematics, moving: Smoothed, outside: tuple[Wrench, ...] = ()) -> Dynamics:
    """Inverse dynamics of frames (F, J) with forces from outside."""
    model: Any = kinematics.model
    data: Any = kinematics.bone_data
    speed, acceleration = kinematics.joint_motion(moving.q, moving.speed, moving.acceleration)
    carried = np.empty((len(moving.q), int(model.nbody), 6))

    def at_each(frame: int) -> None:
        data.qvel[:], data.qacc[:] = speed[frame], acceleration[frame]
        mujoco.mj_comVel(model, data)
        mujoco.mj_rnePostConstraint(model, data)
        carried[frame] = data.cfrc_int

    placed = place_frames(kinematics, moving.q, at_each)
    bone_of = np.asarray(model.dof_bodyid)
    weight = gathered(placed, np.einsum("fvk,fvk->fv", placed.axes, carried[:, bone_of]), moving.q.shape[1])
    bare = Dynamics(placed, carried, weight)
    return replace(bare, needed=weight - given_by(bare, outside)) if outside else bare


def given_by(dynamics: Dynamics, outside: tuple[Wrench, ...]) -> Array:
    """(F, J) generalised force of what acts from outside, N.m and N."""
    placed = dynamics.placed
    by_joint = np.zeros(placed.slope.shape)
    for wrench in outside:
        about_root = wrench.moment_nm - np.cross(placed.root_m, wrench.force_n)
        both = np.concatenate([about_root, wrench.force_n], axis=1)
        by_joint += placed.reach[placed.body_of(wrench.bone)] * np.einsum("fvk,fk->fv", placed.axes, both)
    return gathered(placed, by_joint, dynamics.needed.shape[1])


def gathered(placed: Placed, by_joint: Array, coordinates: int) -> Array:
    """(F, J) of coordinates from (F, V) of the model's joints: each follows the coordinates of its rule."""
    counts = np.diff(placed.first_source)
    joint: NDArray[np.int64] = np.repeat(np.arange(len(counts)), counts)
    out = np.zeros((len(by_joint), coordinates))
    np.add.at(out.T, placed.sources, (placed.slope * by_joint)[:, joint].T)
    return out


def section_given(dynamics: Dynamics, roots: tuple[str, ...], outside: tuple[Wrench, ...]) -> Array:
    """(F, sections, 3) force of weight, acceleration and outside on each bone of `roots` and what hangs on it, N."""
    placed = dynamics.placed
    out = np.stack([-dynamics.carried[:, placed.body_of(root), 3:] for root in roots], axis=1)
    for number, root in enumerate(roots):
        inside = placed.part(root)
        for wrench in outside:
            if inside[placed.body_of(wrench.bone)]:
                out[:, number] += wrench.force_n
    return out
