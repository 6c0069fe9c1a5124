"""The body held in one posture: places, Jacobians, masses and moment arms by coordinate.

A thin reader over :class:`psoas.body.kinematics.geometry.Kinematics`. It holds MuJoCo's scratch space, so one per
thread. It is made for each use (half a millisecond beside a solve of tens): whoever kept one for a body would keep that
body's 26 MB of model and scratch with it, since a reader holds its kinematics.
"""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from psoas.body.kinematics.coordinates import COORDINATES, coordinate_vector
from psoas.body.kinematics.geometry import Geometry, Kinematics
from psoas.body.kinematics.posture import Posture
from psoas.body.kinematics.sections import Array, PathReader, Segments, crossing_forces, subtree
from psoas.body.statics.support import Place


class Mechanics:
    """A scaled body in a posture. :meth:`set` moves it; everything else reads."""

    geometry: Geometry

    def __init__(self, kinematics: Kinematics) -> None:
        self._kinematics = kinematics
        self._model: Any = kinematics.model
        self._bone = {name: index for index, name in enumerate(kinematics.bone_names)}
        self._reader = PathReader(self._model)
        self.muscle_names = kinematics.muscle_names
        self.bone_names = kinematics.bone_names

    def set(self, posture: Posture) -> None:
        """Move the body to a posture, the middle of the hips at the origin.

        Raises:
            ValueError: an angle outside its joint's range.
        """
        self._q = coordinate_vector(posture.joints_deg)
        self.geometry = self._kinematics.evaluate(self._q)
        _, self._slope = self._kinematics.joint_positions(self._q)
        self._read_bones()

    def place_bones(self, posture: Posture) -> None:
        """As :meth:`set`, but bones only: for finding a balance, when no muscle is asked yet."""
        data = self._kinematics.data
        data.qpos[:], self._slope = self._kinematics.joint_positions(coordinate_vector(posture.joints_deg))
        mujoco.mj_kinematics(self._model, data)
        mujoco.mj_comPos(self._model, data)
        self._read_bones()

    def _read_bones(self) -> None:
        data = self._kinematics.data
        self._segments: Segments | None = None
        self._positions = np.array(data.xpos[1:])
        self._rotations = np.array(data.xmat).reshape(-1, 3, 3)[1:]

    @property
    def q(self) -> Array:
        """(coordinates,) the posture in radians and metres."""
        return self._q

    @property
    def mass_kg(self) -> float:
        """Mass of the whole body, kg."""
        return float(np.sum(self._model.body_mass))

    def mass_of(self, bone: str) -> float:
        """Mass of one bone with its flesh, kg."""
        return float(self._model.body_mass[self._bone[bone] + 1])

    def leg_lengths(self) -> tuple[float, float]:
        """Thigh and shank, hip to knee and knee to ankle with the knee straight, m."""
        place = np.asarray(self._model.body_pos)
        at = {bone: place[self._bone[f"{bone}_right"] + 1] for bone in ("tibia", "foot")}
        return float(np.linalg.norm(at["tibia"])), float(np.linalg.norm(at["foot"]))

    def place(self, bone: str) -> Place:
        """Origin (3,) of a bone, m, and its axes (3, 3: columns forward, left, up)."""
        index = self._bone[bone]
        return self._positions[index], self._rotations[index]

    def jacobian(self, bone: str, point: Array) -> Array:
        """(3, coordinates) velocity of a point of a bone per unit speed of each coordinate."""
        full = np.zeros((3, self._model.nv))
        mujoco.mj_jac(self._model, self._kinematics.bone_data, full, None, point, self._bone[bone] + 1)
        return np.asarray(full @ self._slope)

    def centre_of_mass(self) -> Array:
        """(3,) centre of mass of the whole body, m."""
        mass = np.asarray(self._model.body_mass)
        return np.asarray(mass @ np.asarray(self._kinematics.bone_data.xipos) / mass.sum())

    def weight_torque(self, gravity: Array) -> Array:
        """(coordinates,) generalised force of the body's weight in a gravity field (3,), m/s2."""
        total = np.zeros(len(COORDINATES))
        place = np.asarray(self._kinematics.bone_data.xipos)
        for bone, index in self._bone.items():
            mass = float(self._model.body_mass[index + 1])
            if mass > 0.0:
                total += self.jacobian(bone, place[index + 1]).T @ (mass * gravity)
        return total

    def part(self, root: str) -> NDArray[np.bool_]:
        """(bodies,) True for a bone and everything that hangs on it."""
        return subtree(list(self._model.body_parentid), self._bone[root] + 1)

    def part_weight(self, root: str, gravity: Array) -> Array:
        """(3,) weight in N of a bone and everything that hangs on it."""
        return np.asarray(np.asarray(self._model.body_mass)[self.part(root)].sum() * gravity)

    def pull_across(self, root: str) -> Array:
        """(muscles, 3) force in world axes on a bone and what hangs on it, per newton of tension in each muscle."""
        if self._segments is None:
            self._segments = self._reader.read(self._kinematics.data)
        return crossing_forces(self._segments, self.part(root), len(self.muscle_names), np.zeros(3))[0]
