"""The fast inside of the body: one configuration in, every geometric array out.

`Geometry` is what batch code needs for one posture: muscle lengths and moment arms, gravity's generalised forces, bone
positions, and the pull of each muscle across each lumbar level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import mujoco
import numpy as np

from psoas.body.anatomy.blueprint import Blueprint, Joint, Vector
from psoas.body.anatomy.registration import LEVELS, SHEATH_SHARE, level_axes, upper_bone
from psoas.body.kinematics._path_kernel import walk_paths
from psoas.body.kinematics._path_layout import chain_arrays, path_arrays
from psoas.body.kinematics.coordinates import COORDINATES, INDEX


@dataclass(frozen=True)
class Geometry:
    """Arrays at one configuration; J coordinates (`COORDINATES`), M fascicles, B bones, six levels (`LEVELS`).

    lengths_m (M,); arms_m (J, M): moment arm, positive when the fascicle's pull drives the coordinate up (for a hinge
    metres, for a slide a pure number); gravity (J,): gravity's generalised force, newton metres and newtons;
    bone_positions_m (B, 3) and bone_rotations (B, 3, 3): world frame; level_positions_m (6, 3): disc centres;
    level_frames (6, 3, 3): rows forward, left, up of the lower vertebra's end plate in the world; level_pull (6, 3, M):
    force on the part above the level, per newton of tension, along those rows.
    """

    lengths_m: Vector
    arms_m: Vector
    gravity: Vector
    bone_positions_m: Vector
    bone_rotations: Vector
    level_positions_m: Vector
    level_frames: Vector
    level_pull: Vector


def stacked(geometries: Sequence[Geometry]) -> Geometry:
    """Geometries of n postures as one, every array with an axis (n,) in front."""
    return Geometry(*(np.stack([getattr(one, field.name) for one in geometries]) for field in fields(Geometry)))


@dataclass(frozen=True)
class Dependency:
    """How one model joint follows coordinates: value = sum c_k * s**k, s the sum of `sources` (indices)."""

    address: int
    sources: tuple[int, ...]
    polynomial: tuple[float, ...]


def dependencies_of(plan: Blueprint, model: Any) -> tuple[Dependency, ...]:
    """The rule for every joint of the compiled model, in the model's order."""
    rules: dict[str, Joint] = {}
    for bone in plan.bones.values():
        for joint in bone.joints:
            rules[joint.name] = joint
    found = []
    for index in range(model.njnt):
        name = str(model.joint(index).name)
        side = "_left" if name.endswith("_left") else ""
        joint = rules[name.removesuffix("_left") + "_right"] if side else rules[name]
        address = int(model.jnt_qposadr[index])
        if joint.follows:
            sources = tuple(INDEX[f.replace("_right", side) if side else f] for f in joint.follows)
            found.append(Dependency(address, sources, joint.polynomial))
        else:
            found.append(Dependency(address, (INDEX[name],), (0.0, 1.0)))
    return tuple(found)


class Kinematics:
    """Evaluates a compiled, scaled model. Not safe to share between threads: it holds MuJoCo's scratch space."""

    def __init__(self, model: Any, dependencies: tuple[Dependency, ...]) -> None:
        self.model = model
        self._data = mujoco.MjData(model)
        self._paths_are_current = False
        self._chosen = np.zeros((model.nv, len(COORDINATES)))
        self._polynomials = np.zeros((model.nq, 5))
        for rule in dependencies:
            self._chosen[rule.address, list(rule.sources)] = 1.0
            self._polynomials[rule.address, : len(rule.polynomial)] = rule.polynomial
        self._paths = path_arrays(model)
        self._chain = chain_arrays(model, self._chosen)
        self.above = self._sides_of_levels()
        self.first_source, self.sources = self._chain[4], self._chain[5]

    @property
    def data(self) -> Any:
        """MuJoCo's data at the last place, bones and muscle paths."""
        if not self._paths_are_current:
            mujoco.mj_tendon(self.model, self._data)
            self._paths_are_current = True
        return self._data

    @property
    def bone_data(self) -> Any:
        """MuJoCo's data at the last place, with bones and their masses only: muscle paths may be of another place."""
        return self._data

    @property
    def muscle_names(self) -> tuple[str, ...]:
        """Fascicle names, the order of every muscle array."""
        return tuple(str(self.model.tendon(i).name) for i in range(self.model.ntendon))

    @property
    def bone_names(self) -> tuple[str, ...]:
        """Bone names, the order of every bone array."""
        return tuple(str(self.model.body(i).name) for i in range(1, self.model.nbody))

    def joint_positions(self, q: Vector) -> tuple[Vector, Vector]:
        """Model joint positions (nq,) for coordinates `q` (J,), and their slope (nq, J)."""
        value, slope = self._follow(q)
        return value, slope[:, None] * self._chosen

    def _follow(self, q: Vector) -> tuple[Vector, Vector]:
        """Model joint positions (nq,) and how far each moves (nq,) with every coordinate it follows."""
        driver = self._chosen @ q
        c = self._polynomials
        value = c[:, 0] + driver * (c[:, 1] + driver * (c[:, 2] + driver * (c[:, 3] + driver * c[:, 4])))
        return value, c[:, 1] + driver * (2 * c[:, 2] + driver * (3 * c[:, 3] + driver * 4 * c[:, 4]))

    def follows(self, spread: Vector) -> Vector:
        """(nq, unknowns) how what each joint follows changes with unknowns that `spread` (J, unknowns) tells."""
        return np.asarray(self._chosen @ spread)

    def joint_motion(self, q: Vector, speed: Vector, acceleration: Vector) -> tuple[Vector, Vector]:
        """Speed and acceleration (F, nq) of the model's joints for those of the coordinates, all (F, J), per second.

        With x = p(s) and s the sum of the coordinates that a joint follows, x' = p's' and x'' = p's'' + p''s'^2.
        """
        s, ds, dds = (np.asarray(part) @ self._chosen.T for part in (q, speed, acceleration))
        c = self._polynomials
        first = c[:, 1] + s * (2 * c[:, 2] + s * (3 * c[:, 3] + s * 4 * c[:, 4]))
        second = 2 * c[:, 2] + s * (6 * c[:, 3] + s * 12 * c[:, 4])
        return np.asarray(first * ds), np.asarray(first * dds + second * ds**2)

    def place(self, q: Vector) -> Vector:
        """WhatIf the model to `q` (J,) and returns how far each joint (nq,) moves with every coordinate it follows."""
        self._data.qpos[:], slope = self._follow(q)
        mujoco.mj_kinematics(self.model, self._data)
        mujoco.mj_comPos(self.model, self._data)
        self._paths_are_current = False
        return slope

    def lengths(self, q: Vector) -> Vector:
        """Fascicle lengths (M,), metres, at `q` (J,), from MuJoCo; `evaluate` walks the paths itself."""
        self.place(q)
        return np.array(self.data.ten_length)

    def evaluate(self, q: Vector) -> Geometry:
        """Every array at `q` (J,), radians and metres."""
        slope = self.place(q)
        data, muscles = self._data, self.model.ntendon
        rotations = np.array(data.xmat).reshape(-1, 3, 3)
        frames, positions = self.levels(data.xpos, rotations)
        lengths = np.empty(muscles)
        arms = np.zeros((len(COORDINATES), muscles))
        pull = np.zeros((len(LEVELS), 3, muscles))
        self.walk(slope, frames, self.above, lengths, arms, pull)
        return Geometry(
            lengths_m=lengths,
            arms_m=arms,
            gravity=self._gravity(slope),
            bone_positions_m=np.array(data.xpos[1:]),
            bone_rotations=rotations[1:],
            level_positions_m=positions,
            level_frames=frames,
            level_pull=pull,
        )

    def walk(
        self, slope: Vector, frames: Vector, above: Vector, lengths: Vector, arms: Vector, pull: Vector
    ) -> None:  # fmt: skip
        """Walk every fascicle's path at the present place: fill `lengths` (M,), add to `arms` (J, M), `pull` (S, 3, M).

        slope (nq,) is what `place` returned; frames (S, 3, 3) and above (B, S) say in which axes and across which of S
        sections the pull is told; `self.above` are the levels.
        """
        data = self._data
        rotations = np.array(data.xmat).reshape(-1, 3, 3)
        walk_paths(
            data.xpos, rotations, data.xanchor, data.xaxis, slope, frames, self._paths, self._chain, above, lengths,
            arms, pull,
        )  # fmt: skip

    def _gravity(self, slope: Vector) -> Vector:
        """Gravity's generalised force (J,) at the present place."""
        force = np.zeros(self.model.nv)
        self._data.qvel[:] = 0.0
        mujoco.mj_comVel(self.model, self._data)
        mujoco.mj_rne(self.model, self._data, 0, force)
        return np.asarray(-(slope * force) @ self._chosen)

    def path(self, fascicle: str) -> tuple[tuple[str, ...], Vector]:
        """Bones (n names) and positions (n, 3), metres, of the fixed points of a fascicle's path where it now lies.

        Points on wraps are left out. Raises ValueError for an unknown fascicle.
        """
        if fascicle not in self.muscle_names:
            raise ValueError(f"fascicle is {fascicle!r}; expected one of the {len(self.muscle_names)} muscle names")
        tendon = self.model.tendon(fascicle).id
        first = int(self.model.tendon_adr[tendon])
        sites = [
            int(self.model.wrap_objid[at])
            for at in range(first, first + int(self.model.tendon_num[tendon]))
            if self.model.wrap_type[at] == mujoco.mjtWrap.mjWRAP_SITE
        ]
        bones = tuple(str(self.model.body(self.model.site_bodyid[site]).name) for site in sites)
        return bones, np.array(self._data.site_xpos[sites])

    def _sides_of_levels(self) -> Vector:
        """(B, 6): 1 for a bone above a level, 0 below, a share for the abdominal wall."""
        model = self.model
        above = np.zeros((model.nbody, len(LEVELS)))
        for column, level in enumerate(LEVELS):
            top = model.body(upper_bone(level)).id
            for body in range(model.nbody):
                above[body, column] = float(self._descends(body, top))
        above[model.body("abdomen").id] = SHEATH_SHARE
        return above

    def _descends(self, body: int, ancestor: int) -> bool:
        while body > 0:
            if body == ancestor:
                return True
            body = int(self.model.body_parentid[body])
        return False

    @cached_property
    def _level_axes(self) -> Vector:
        return np.array([level_axes(level) for level in LEVELS])

    @cached_property
    def _level_bodies(self) -> tuple[Any, Any]:
        lower = [self.model.body_parentid[self.model.body(upper_bone(level)).id] for level in LEVELS]
        upper = [self.model.body(upper_bone(level)).id for level in LEVELS]
        return np.array(lower), np.array(upper)

    def levels(self, positions_m: Vector, rotations: Vector) -> tuple[Vector, Vector]:
        """End-plate frames (..., 6, 3, 3) and disc centres (..., 6, 3) from places (..., bodies, 3) and rotations."""
        lower, upper = self._level_bodies
        turned = np.asarray(rotations)[..., lower, :, :] @ self._level_axes.transpose(0, 2, 1)
        return np.swapaxes(turned, -1, -2).copy(), np.array(np.asarray(positions_m)[..., upper, :])
