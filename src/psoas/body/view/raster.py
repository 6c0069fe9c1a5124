"""Draws bone surfaces as seen from one side, hidden parts hidden: a camera and a depth buffer, softly shaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psoas.body.anatomy.blueprint import Surface, Vector

# From shade to light. Few shades keep the picture small; all of this is our choice.
_SHADES = np.array([[124, 112, 98], [178, 164, 145], [219, 207, 187], [242, 234, 219], [253, 250, 243]], dtype=float)
_STEPS = 51
_HAZE, _AIR = 0.3, np.array([251.0, 250.0, 247.0])  # the farthest bone is this much of the page's colour
_INK = np.array([104, 93, 80], dtype=float)
_LIGHT = np.array([-0.45, 0.65, 0.75])  # from the left, above, in front of the picture
_STEP_M = 0.006  # a jump in depth that is drawn as an edge
_OVERSAMPLED = 2


@dataclass(frozen=True)
class Camera:
    """Parallel view: unit vectors (3,) of the room to the picture's right, up, and out of it to the viewer."""

    right: Vector
    up: Vector
    out: Vector

    def project(self, points: Vector) -> Vector:
        """Points (..., 3) of the room as right, up and nearness (..., 3), metres."""
        return np.asarray(points @ np.array([self.right, self.up, self.out]).T)


@dataclass(frozen=True)
class Frame:
    """The part of the picture's plane that is drawn: left, bottom, width, height in metres, and pixels per metre."""

    left_m: float
    bottom_m: float
    width_m: float
    height_m: float
    pixels_per_m: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return round(self.height_m * self.pixels_per_m), round(self.width_m * self.pixels_per_m)


@dataclass(frozen=True)
class Shaded:
    """`image` (rows, columns, 4) of bytes, clear where no bone is; `near_m` (rows, columns), -inf where no bone is."""

    image: NDArray[np.uint8]
    near_m: Vector


def shade(bones: Sequence[Surface], camera: Camera, frame: Frame) -> Shaded:
    """The bones as the camera sees them; rows run downwards."""
    fine = frame.pixels_per_m * _OVERSAMPLED
    rows, columns = (n * _OVERSAMPLED for n in frame.shape)
    near = np.full((rows, columns), -np.inf)
    light = np.zeros((rows, columns))
    for bone in bones:
        seen = camera.project(bone.vertices)
        brightness = _brightness(seen, bone.faces)
        spots = np.column_stack(
            [(seen[:, 0] - frame.left_m) * fine, rows - (seen[:, 1] - frame.bottom_m) * fine, seen[:, 2], brightness]
        )
        for triangle in _facing(spots[bone.faces]):
            _fill(triangle, near, light)
    return Shaded(_coloured(near, light), near[::_OVERSAMPLED, ::_OVERSAMPLED])


def _facing(triangles: Vector) -> Vector:
    """Those of the triangles (n, 3, 4) whose outer side is seen; the bones are closed, so the others are hidden."""
    a, b = triangles[:, 1, :2] - triangles[:, 0, :2], triangles[:, 2, :2] - triangles[:, 0, :2]
    return np.asarray(triangles[a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0] < 0.0])  # rows run down


def _brightness(seen: Vector, faces: Any) -> Vector:
    """0 to 1 for every vertex, from the mean normal of its triangles."""
    a, b, c = (seen[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    mean = np.zeros_like(seen)
    for k in range(3):
        np.add.at(mean, faces[:, k], normal)
    mean /= np.maximum(np.linalg.norm(mean, axis=1), 1e-12)[:, None]
    lit = mean @ (_LIGHT / np.linalg.norm(_LIGHT))
    facing = np.clip(mean[:, 2], 0.0, 1.0)
    return np.asarray(np.clip(0.06 + 0.56 * np.clip(lit, -0.3, 1.0) + 0.36 * facing, 0.0, 1.0))


def _fill(triangle: Vector, near: Vector, light: Vector) -> None:
    """Draw one triangle, corners (3, 4): column, row, nearness, brightness."""
    x, y = triangle[:, 0], triangle[:, 1]
    area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
    left, right = max(int(x.min()), 0), min(int(x.max()) + 2, near.shape[1])
    top, bottom = max(int(y.min()), 0), min(int(y.max()) + 2, near.shape[0])
    if area == 0.0 or left >= right or top >= bottom:
        return
    column, row = np.arange(left, right) + 0.5, (np.arange(top, bottom) + 0.5)[:, None]
    one = ((column - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (row - y[0])) / area
    two = ((x[1] - x[0]) * (row - y[0]) - (column - x[0]) * (y[1] - y[0])) / area
    depth = triangle[0, 2] + one * (triangle[1, 2] - triangle[0, 2]) + two * (triangle[2, 2] - triangle[0, 2])
    window = near[top:bottom, left:right]
    drawn = (one >= 0) & (two >= 0) & (one + two <= 1) & (depth > window)
    window[drawn] = depth[drawn]
    tone = triangle[0, 3] + one * (triangle[1, 3] - triangle[0, 3]) + two * (triangle[2, 3] - triangle[0, 3])
    light[top:bottom, left:right][drawn] = tone[drawn]


def _coloured(near: Vector, light: Vector) -> NDArray[np.uint8]:
    """Colours by brightness, ink on edges, farther bones paler, and pixels averaged down."""
    bone = np.isfinite(near)
    filled = np.where(bone, near, -1e3)
    edge = np.zeros_like(bone)
    for axis, way in ((0, 1), (0, -1), (1, 1), (1, -1)):
        edge |= filled - np.roll(filled, way, axis) > _STEP_M
    steps = np.linspace(0.0, 1.0, len(_SHADES))
    tone = np.stack([np.interp(light[bone], steps, _SHADES[:, k]) for k in range(3)], axis=-1)
    tone[edge[bone]] = 0.35 * tone[edge[bone]] + 0.65 * _INK
    if bone.any():
        depth = near[bone]
        haze = _HAZE * (depth.max() - depth) / max(float(np.ptp(depth)), 0.05)
        tone += haze[:, None] * (_AIR - tone)
    colour = np.zeros((*near.shape, 3))
    colour[bone] = tone
    weight = bone.astype(float)
    shape = (near.shape[0] // _OVERSAMPLED, _OVERSAMPLED, near.shape[1] // _OVERSAMPLED, _OVERSAMPLED)
    cover = weight.reshape(shape).mean(axis=(1, 3))
    mean = colour.reshape(*shape, 3).mean(axis=(1, 3)) / np.maximum(cover, 1e-9)[..., None]
    coarse = np.round(np.dstack([mean, 255.0 * cover]) / 255.0 * _STEPS) / _STEPS * 255.0
    coarse[cover == 0.0] = 0.0
    return coarse.astype(np.uint8)
