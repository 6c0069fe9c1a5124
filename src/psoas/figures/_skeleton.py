"""Joints in space from the joint angles of a posture: the same angles, signs and order that pose the body model.

World axes: x forward, y to the person's left, z up, metres. A frame is a 3 by 3 matrix whose columns are the segment's
forward, left and up axes in the world. Lengths are those of an adult of 1.70 m, rounded (our choice: a picture, not a
measurement); the angles are the pose's own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from psoas.body.kinematics.posture import Posture

Point = NDArray[np.float64]
Frame = NDArray[np.float64]

SIDES = ("left", "right")
OUT: Mapping[str, float] = {"left": 1.0, "right": -1.0}
"""Sign of the outward direction of each side along y."""

PELVIS, LUMBAR, THORAX = 0.10, 0.17, 0.235
NECK, HEAD = 0.095, 0.085
THIGH, SHANK = 0.415, 0.415
UPPER_ARM, FOREARM = 0.275, 0.245
HIP_OUT, SHOULDER_OUT = 0.085, 0.165
SOLE, HEEL, BALL = 0.072, 0.05, 0.115
"""Ankle above the sole, and how far the heel lies behind and the ball before the ankle."""
BENDS = 5
"""Pieces of the lumbar curve."""


def turn_y(deg: float) -> Frame:
    """Rotation about the axis to the left; positive tips forward."""
    c, s = math.cos(math.radians(deg)), math.sin(math.radians(deg))
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def turn_x(deg: float) -> Frame:
    """Rotation about the forward axis; positive bends to the right."""
    c, s = math.cos(math.radians(deg)), math.sin(math.radians(deg))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def turn_z(deg: float) -> Frame:
    """Rotation about the upward axis; positive turns to the left."""
    c, s = math.cos(math.radians(deg)), math.sin(math.radians(deg))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


@dataclass(frozen=True)
class Skeleton:
    """Joints and segments of a posed person.

    Attributes:
        points: place of each joint, shape (3,), m; `spine_0` to `spine_8` run from between the hips to the shoulders.
        frames: orientation of each segment, shape (3, 3).
    """

    points: Mapping[str, Point]
    frames: Mapping[str, Frame] = field(default_factory=dict)

    def moved(self, by: Point) -> Skeleton:
        """The same, shifted."""
        return replace(self, points={name: point + by for name, point in self.points.items()})

    def turned(self, frame: Frame, about: Point) -> Skeleton:
        """The same, turned as a whole about a point."""
        points = {name: about + frame @ (point - about) for name, point in self.points.items()}
        return Skeleton(points, {name: frame @ held for name, held in self.frames.items()})

    def with_parts(self, points: Mapping[str, Point], frames: Mapping[str, Frame] | None = None) -> Skeleton:
        """The same with some joints and segments set anew."""
        return Skeleton({**self.points, **points}, {**self.frames, **(frames or {})})

    def along(self, start: str, end: str, share: float) -> Point:
        """A point on the line between two joints."""
        found: Point = self.points[start] + (self.points[end] - self.points[start]) * share
        return found


def _total(posture: Posture, stem: str) -> float:
    return sum(value for name, value in posture.angles_deg.items() if name.startswith(stem))


def pose(posture: Posture, *, hip_give_deg: Mapping[str, float] | None = None, head_deg: float = 0.0) -> Skeleton:
    """The skeleton of a posture with the middle of the hips at the origin; arms hang unless the posture sets them.

    Args:
        posture: joint angles, degrees.
        hip_give_deg: added to the hip flexion of a side, where the floor demands it.
        head_deg: nod of the head against the chest; positive brings the chin down.
    """
    pelvis = (
        turn_y(posture.angle("pelvis_tilt"))
        @ turn_x(posture.angle("pelvis_list"))
        @ turn_z(posture.angle("pelvis_rotation"))
    )
    points: dict[str, Point] = {"pelvis": np.zeros(3)}
    frames: dict[str, Frame] = {"pelvis": pelvis}
    _trunk(posture, points, frames, head_deg)
    for side in SIDES:
        _leg(posture, side, (hip_give_deg or {}).get(side, 0.0), points, frames)
        _arm(posture, side, points, frames)
    return Skeleton(points, frames)


def _trunk(posture: Posture, points: dict[str, Point], frames: dict[str, Frame], head_deg: float) -> None:
    flexion, bend = posture.lumbar_flexion_deg, _total(posture, "lumbar_side_bend")
    frame, at = frames["pelvis"], points["pelvis"]
    points["spine_0"] = at
    at = at + PELVIS * frame[:, 2]
    points["spine_1"] = at
    for piece in range(BENDS):
        frame = frame @ turn_y(flexion / BENDS) @ turn_x(bend / BENDS)
        at = at + LUMBAR / BENDS * frame[:, 2]
        points[f"spine_{piece + 2}"] = at
        frames[f"spine_{piece + 2}"] = frame
    frames["thorax"] = frame
    points["spine_7"] = at + 0.5 * THORAX * frame[:, 2]
    points["spine_8"] = at + THORAX * frame[:, 2]
    for side in SIDES:
        points[f"shoulder_{side}"] = points["spine_8"] + OUT[side] * SHOULDER_OUT * frame[:, 1] - 0.02 * frame[:, 2]
    neck = frame @ turn_y(12.0 + 0.4 * head_deg)
    points["neck"] = points["spine_8"] + 0.03 * frame[:, 2]
    points["skull"] = points["neck"] + NECK * neck[:, 2]
    frames["head"] = frame @ turn_y(head_deg)
    points["head"] = points["skull"] + HEAD * frames["head"][:, 2] + 0.015 * frames["head"][:, 0]


def _leg(posture: Posture, side: str, give: float, points: dict[str, Point], frames: dict[str, Frame]) -> None:
    out = OUT[side]
    hip = points["pelvis"] + out * HIP_OUT * frames["pelvis"][:, 1]
    thigh = (
        frames["pelvis"]
        @ turn_y(-posture.angle(f"hip_flexion_{side}") - give)
        @ turn_x(-out * posture.angle(f"hip_adduction_{side}"))
        @ turn_z(-out * posture.angle(f"hip_rotation_{side}"))
    )
    shank = thigh @ turn_y(posture.angle(f"knee_flexion_{side}"))
    points[f"hip_{side}"] = hip
    points[f"knee_{side}"] = hip - THIGH * thigh[:, 2]
    points[f"ankle_{side}"] = points[f"knee_{side}"] - SHANK * shank[:, 2]
    frames[f"thigh_{side}"], frames[f"shank_{side}"] = thigh, shank
    set_foot(side, posture.angle(f"ankle_flexion_{side}"), points, frames)


def set_foot(side: str, dorsiflexion_deg: float, points: dict[str, Point], frames: dict[str, Frame]) -> None:
    """Put a foot on its shank: heel and ball, at the height of the sole."""
    foot = frames[f"shank_{side}"] @ turn_y(-dorsiflexion_deg)
    frames[f"foot_{side}"] = foot
    sole = points[f"ankle_{side}"] - SOLE * foot[:, 2]
    points[f"heel_{side}"] = sole - HEEL * foot[:, 0]
    points[f"ball_{side}"] = sole + BALL * foot[:, 0]
    points[f"toe_{side}"] = sole + (BALL + 0.055) * foot[:, 0]


def _arm(posture: Posture, side: str, points: dict[str, Point], frames: dict[str, Frame]) -> None:
    upper = frames["thorax"] @ turn_y(-posture.angle(f"shoulder_flexion_{side}")) @ turn_x(OUT[side] * 4.0)
    fore = upper @ turn_y(-posture.angle(f"elbow_flexion_{side}"))
    points[f"elbow_{side}"] = points[f"shoulder_{side}"] - UPPER_ARM * upper[:, 2]
    points[f"wrist_{side}"] = points[f"elbow_{side}"] - FOREARM * fore[:, 2]
    points[f"finger_{side}"] = points[f"wrist_{side}"] - 0.15 * fore[:, 2]
