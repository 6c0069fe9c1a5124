"""Where the taps may belong, from the pose network: a start for a person to put right, never a measurement.

The network marks joints, and nothing of the pelvis: hip angles taken from such points are off by more than ten degrees
(`markerless_ipad` in hip_flexor_tests.yaml). So it proposes, and only taps that a person confirmed are measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from psoas.errors import MeasureError
from psoas.measure._data import choice, load_data
from psoas.measure.angle import Side, side_of
from psoas.measure.networks import Array
from psoas.measure.picture import Picture
from psoas.measure.pose import Pose, find_people
from psoas.measure.taps import Point, Taps


@dataclass(frozen=True)
class Proposal:
    """Proposed taps.

    Attributes:
        taps: points to be put right by hand.
        visible: how visible each landmark is to the network, 0 to 1; the iliac spines are reckoned from the others.
        pose: everything that the network found.
        picture: name of the picture, and `seconds` where it is a frame of a video.
        notes: what a person should know, in sentences.
    """

    taps: Taps
    visible: Mapping[str, float]
    pose: Pose
    picture: str
    seconds: float | None = None
    notes: tuple[str, ...] = ()

    def to_answer(self) -> dict[str, Any]:
        """Plain data for JSON; the taps as a taps file has them."""
        return {
            "source": self.picture,
            "seconds": self.seconds,
            "proposed": self.taps.to_data(),
            "visible": {name: round(value, 3) for name, value in self.visible.items()},
            "notes": list(self.notes),
        }


def propose_taps(picture: Picture, *, side: str | None = None, person: Point | None = None) -> Proposal:
    """Proposed taps for the leg nearer to the camera, or for `side`.

    Args:
        picture: an upright picture, see `load_picture` and `load_frame`.
        side: `left` or `right`; None takes the leg that the network sees nearer to the camera.
        person: a point on the person who is meant, in pixels, where there are several.

    Returns:
        Points in pixels to correct by hand: proposed, not measured.

    Raises:
        MeasureError: nobody in the picture, several people, or a leg that is not seen.
        MissingExtraError: LiteRT or the weights are not installed.
    """
    pose = _meant(picture, find_people(picture), person)
    known = side_of(side) if side is not None else _nearer(pose)
    seen = {name: pose.seen(f"{known}_{joint}") for name, joint in _JOINTS.items()}
    least = choice("pose", "visible_least")
    if unseen := [name for name in ("trochanter", "knee") if seen[name] < least]:
        raise MeasureError(
            f"The {known} {' and '.join(unseen)} cannot be seen in {picture.name}. Take the photo from that side, with "
            "hip, knee and foot in it, or give --taps."
        )
    taps = _taps(pose, known, picture.size_px, with_ankle=seen["ankle"] >= least)
    return Proposal(taps, seen, pose, picture.name, picture.seconds, _notes(pose, known))


_JOINTS = {"trochanter": "hip", "knee": "knee", "ankle": "ankle"}


def _meant(picture: Picture, people: tuple[Pose, ...], person: Point | None) -> Pose:
    if not people:
        raise MeasureError(
            f"Nobody is found in {picture.name}. Take the photo from the side, with the whole person in it, or give "
            "--taps."
        )
    if person is not None:
        nearest = min(people, key=lambda one: math.dist(one.spot.hips, person))
        if math.dist(nearest.spot.hips, person) > nearest.spot.radius_px:
            at = ", ".join(_place(one) for one in people)
            raise MeasureError(f"Nobody is found at [{person[0]:g}, {person[1]:g}]; people are at {at}.")
        return nearest
    if len(people) > 1:
        at = ", ".join(_place(one) for one in people)
        raise MeasureError(
            f"{len(people)} people are found in {picture.name}, at {at}. Say who is meant with --person X,Y, cut the "
            "photo to one person, or give --taps."
        )
    return people[0]


def _place(one: Pose) -> str:
    return f"[{one.spot.hips[0]:.0f}, {one.spot.hips[1]:.0f}]"


def _nearer(pose: Pose) -> Side:
    """The side nearer to the camera; depth counts away from it."""
    depth = {side: pose.depth[[23, 25] if side == "left" else [24, 26]].mean() for side in ("left", "right")}
    return "left" if depth["left"] <= depth["right"] else "right"


def _taps(pose: Pose, side: Side, size_px: tuple[int, int], *, with_ankle: bool) -> Taps:
    """Joints as the network sees them; the iliac spines reckoned from hip, length of thigh and direction of trunk."""
    hip, knee = pose.at(f"{side}_hip"), pose.at(f"{side}_knee")
    trunk = 0.5 * (pose.at("left_shoulder") + pose.at("right_shoulder") - pose.at("left_hip") - pose.at("right_hip"))
    up = trunk / max(float(np.linalg.norm(trunk)), 1e-9)
    forward = np.array([-up[1], up[0]])
    if forward @ _facing(pose, side) < 0:
        forward = -forward
    thigh = float(np.linalg.norm(knee - hip))
    offsets = load_data("measure.yaml")["propose"]
    asis, psis = (
        _inside(hip + thigh * (float(share["forward"]) * forward + float(share["up"]) * up), size_px)
        for share in (offsets["asis"], offsets["psis"])
    )
    ankle = _inside(pose.at(f"{side}_ankle"), size_px) if with_ankle else None
    return Taps(side, _inside(hip, size_px), _inside(knee, size_px), asis, psis, ankle)


def _facing(pose: Pose, side: Side) -> Array:
    """A vector towards the person's front: where the toes point and where the nose is from the ears."""
    toes = pose.at(f"{side}_foot_index") - pose.at(f"{side}_heel")
    nose = pose.at("nose") - 0.5 * (pose.at("left_ear") + pose.at("right_ear"))
    return np.asarray(toes * pose.seen(f"{side}_foot_index") + nose * pose.seen("nose"))


def _inside(point: Array, size_px: tuple[int, int]) -> Point:
    x, y = np.clip(point, 0.0, np.array(size_px, dtype=float))
    return float(x), float(y)


def _notes(pose: Pose, side: Side) -> tuple[str, ...]:
    notes = [
        "These points are proposed, not measured: no landmark of the network lies on the pelvis. Feel for the bones, "
        "put every point right, and measure with --taps."
    ]
    shoulders = float(np.linalg.norm(pose.at("left_shoulder") - pose.at("right_shoulder")))
    trunk = float(np.linalg.norm(pose.at(f"{side}_shoulder") - pose.at(f"{side}_hip")))
    if shoulders > choice("pose", "shoulders_most") * trunk:
        notes.append("The person seems to be turned to the camera; a photo from the side is needed.")
    return tuple(notes)
