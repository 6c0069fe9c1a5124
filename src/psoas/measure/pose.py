"""People in a picture and their landmarks, by BlazePose through LiteRT, on this machine.

The detector guesses where people are. Around each guess a square is cut, turned upright, and shown to the second
network, which gives 33 landmarks, a heat map of each, and whether there is a person at all. A landmark is moved to the
heat map's centre of mass nearby, without which knee angles change by about ten degrees. The network also says where it
would rather have cut; after a few such looks the landmarks no longer depend on the detector.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from psoas.measure._data import choice
from psoas.measure.detector import Spot, spots_in
from psoas.measure.networks import Array, networks, sigmoid
from psoas.measure.picture import Picture

LANDMARKS = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
    "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
    "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "left_heel", "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip
"""What the network finds, in its order."""

_COUNT = len(LANDMARKS)

# How the network was built; its makers' figures, not choices.
_CUT_PX, _HEAT = 256, 64
_ENLARGED, _HEAT_REACH, _HEAT_LEAST = 1.25, 3, 0.5


@dataclass(frozen=True)
class Pose:
    """One person.

    Attributes:
        points: (33, 2) pixels of the picture, in the order of `LANDMARKS`.
        depth: (33,) metres from the middle of the hips, away from the camera.
        visible: (33,) from 0 to 1.
        presence: how sure the network is that it saw a person, 0 to 1.
        spot: where the person is.
    """

    points: Array
    depth: Array
    visible: Array
    presence: float
    spot: Spot

    def at(self, name: str) -> Array:
        """One landmark, (2,) pixels."""
        return np.asarray(self.points[LANDMARKS.index(name)])

    def seen(self, name: str) -> float:
        """How visible one landmark is, 0 to 1."""
        return float(self.visible[LANDMARKS.index(name)])


def find_people(picture: Picture) -> tuple[Pose, ...]:
    """Everybody in a picture, the largest first.

    Raises:
        MissingExtraError: LiteRT or the weights are not installed.
    """
    for small in (False, True):
        found: list[Pose] = []
        for spot in spots_in(picture.image, small=small):
            if any(_same(spot, other.spot) for other in found):
                continue
            pose = _settled(picture, spot)
            if pose is not None and not any(_same(pose.spot, other.spot) for other in found):
                found.append(pose)
        if found:
            return tuple(sorted(found, key=lambda one: -one.spot.radius_px))
    return ()


def _settled(picture: Picture, spot: Spot) -> Pose | None:
    """The pose after a few looks, or None as soon as nobody is seen."""
    pose = None
    for _ in range(choice("pose", "looks")):
        pose = _look(picture, spot)
        if pose.presence < choice("pose", "presence_least"):
            return None
        spot = pose.spot
    return pose


def _same(one: Spot, other: Spot) -> bool:
    """Whether two spots are one person: their hips lie together, for their size."""
    apart = math.dist(one.hips, other.hips)
    return bool(apart < choice("pose", "same_person") * max(one.radius_px, other.radius_px))


def _look(picture: Picture, spot: Spot) -> Pose:
    """The landmarks in the square around a spot; the pose's own spot is where to look next."""
    from PIL import Image as Pillow

    to_picture = _cut_around(spot)
    cut = picture.image.transform(
        (_CUT_PX, _CUT_PX), Pillow.Transform.AFFINE, tuple(to_picture.ravel()), Pillow.Resampling.BILINEAR
    )
    raw, heat, metres, presence = networks().landmarks(np.asarray(cut, dtype=np.float32) / np.float32(255.0))
    points = _refined(raw[:, :2], heat) @ to_picture[:, :2].T + to_picture[:, 2]
    hips, reach = ((float(x), float(y)) for x, y in points[_COUNT : _COUNT + 2])
    return Pose(points[:_COUNT], metres[:_COUNT, 2], sigmoid(raw[:_COUNT, 3]), presence, Spot(hips, reach))


def _cut_around(spot: Spot) -> Array:
    """From pixels of the cut to pixels of the picture, (2, 3); the person stands upright in the cut."""
    dx, dy = spot.reach[0] - spot.hips[0], spot.reach[1] - spot.hips[1]
    turn = math.pi / 2 - math.atan2(-dy, dx)
    scale = 2.0 * _ENLARGED * math.hypot(dx, dy) / _CUT_PX
    cos, sin, half = scale * math.cos(turn), scale * math.sin(turn), _CUT_PX / 2
    x, y = spot.hips
    return np.array([[cos, -sin, x - half * cos + half * sin], [sin, cos, y - half * sin - half * cos]])


def _refined(points: Array, heat: Array) -> Array:
    """Landmarks (n, 2) in pixels of the cut, each moved to the centre of mass of its heat map (64, 64, n) around it."""
    moved = points.copy()
    for index, (x, y) in enumerate(points):
        column, row = int(x / _CUT_PX * _HEAT), int(y / _CUT_PX * _HEAT)
        if not (0 <= column < _HEAT and 0 <= row < _HEAT):
            continue
        top, left = max(0, row - _HEAT_REACH), max(0, column - _HEAT_REACH)
        mass = sigmoid(heat[top : row + _HEAT_REACH + 1, left : column + _HEAT_REACH + 1, index])
        if mass.max() < _HEAT_LEAST:
            continue
        rows, columns = np.mgrid[top : top + mass.shape[0], left : left + mass.shape[1]]
        moved[index] = [(columns * mass).sum(), (rows * mass).sum()]
        moved[index] *= _CUT_PX / _HEAT / mass.sum()
    return moved
