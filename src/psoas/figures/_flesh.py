"""From joints to the outline of a clothed person: balls along each segment, seen from a camera, joined and smoothed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from psoas.figures._skeleton import OUT, Frame, Point, Skeleton

Outline = Any
"""A shape of the plane, in metres: a geometry of Shapely, which brings no types."""
Ball = tuple[Point, float]
Shape = Literal["slim", "broad"]


@dataclass(frozen=True)
class Build:
    """How a body shape differs: factors on the depth and width of the trunk and on the limbs; belly forward, m."""

    depth: float
    width: float
    limb: float
    belly: float


BUILDS: dict[str, Build] = {"slim": Build(1.0, 1.0, 1.0, 0.0), "broad": Build(1.2, 1.16, 1.16, 0.022)}


HEM = 0.028
"""Roundness of the lower edge of the shirt, m."""


@dataclass(frozen=True)
class Camera:
    """A parallel view.

    Attributes:
        right, up: axes of the picture in the world.
        toward: toward the viewer.
    """

    right: Point
    up: Point
    toward: Point

    @classmethod
    def at(cls, around_deg: float, above_deg: float = 0.0) -> Camera:
        """From the right at -90 around, from the front at 0; `above` lifts the viewer."""
        around, above = np.radians(around_deg), np.radians(above_deg)
        toward = np.array([np.cos(above) * np.cos(around), np.cos(above) * np.sin(around), np.sin(above)])
        right = np.array([-np.sin(around), np.cos(around), 0.0])
        return cls(right, np.cross(toward, right), toward)

    def flat(self, point: Point) -> tuple[float, float]:
        """A point of the world on the picture, m."""
        return float(point @ self.right), float(point @ self.up)

    def depth(self, point: Point) -> float:
        """How near to the viewer, m."""
        return float(point @ self.toward)


def hull(camera: Camera, chain: Sequence[Sequence[Ball]]) -> Outline:
    """Outline of a chain of groups of balls: neighbouring groups are joined by their convex hull."""
    from shapely import MultiPoint, Point, union_all

    def discs(group: Iterable[Ball]) -> list[Outline]:
        return [Point(camera.flat(at)).buffer(radius, 12) for at, radius in group]

    groups = [discs(group) for group in chain]
    if len(groups) == 1:
        return union_all(groups[0]).convex_hull
    joined = [union_all([*a, *b]).convex_hull for a, b in pairwise(groups)]
    found: Outline = union_all(joined) if joined else MultiPoint()
    return found


def smooth(shape: Outline, radius: float = 0.016) -> Outline:
    """Round corners and fill notches."""
    found: Outline = shape.buffer(radius, 8).buffer(-2 * radius, 8).buffer(radius, 8)
    return found


def _spread(at: Point, axis: Point, width: float, radius: float) -> list[Ball]:
    """Two balls side by side: an oval section, `width` to each side in all."""
    off = max(width - radius, 0.0) * axis
    return [(at - off, radius), (at + off, radius)]


def trunk_sections(held: Skeleton, build: Build) -> list[list[Ball]]:
    """Sections of the trunk from the seat to the shoulders."""
    table = (  # station, forward, up, depth, width, belly
        ("spine_0", -0.012, -0.02, 0.100, 0.165, 0.0),
        ("spine_1", -0.008, 0.0, 0.098, 0.160, 0.4),
        ("spine_3", 0.012, 0.0, 0.083, 0.136, 1.0),
        ("spine_5", 0.016, 0.0, 0.086, 0.138, 0.9),
        ("spine_7", 0.010, 0.0, 0.098, 0.155, 0.2),
        ("spine_8", -0.002, -0.035, 0.078, 0.160, 0.0),
    )
    found = []
    for name, ahead, up, depth, width, belly in table:
        frame = _frame_of(held, name)
        at = held.points[name] + (ahead + belly * build.belly) * frame[:, 0] + up * frame[:, 2]
        found.append(
            _spread(at, frame[:, 1], width * build.width, depth * (1 + (build.depth - 1) * (0.4 + 0.6 * belly)))
        )
    return found


def _frame_of(held: Skeleton, station: str) -> Frame:
    if station in ("spine_0", "spine_1"):
        return held.frames["pelvis"]
    return held.frames.get(station, held.frames["thorax"])


def trunk(held: Skeleton, camera: Camera, build: Build) -> Outline:
    """The shirt: from the hem on the hips to the slope of the shoulders."""
    from shapely import union_all

    frame = held.frames["thorax"]
    top = held.points["spine_8"] + 0.03 * frame[:, 2]
    slope = [
        [(top - 0.006 * frame[:, 0], 0.05)],
        _spread(held.points["spine_8"] - 0.022 * frame[:, 2], frame[:, 1], 0.165, 0.056),
    ]
    sections = trunk_sections(held, build)
    hem = [ball for pair in zip(sections[1], sections[2], strict=True) for ball in _flat(pair, held.frames["pelvis"])]
    return smooth(union_all([hull(camera, [hem, *sections[2:]]), hull(camera, slope)]), 0.02)


def _flat(between: tuple[Ball, Ball], frame: Frame) -> list[Ball]:
    """The edge of the shirt between two sections: small balls before and behind, so that it ends flat."""
    (low, thick), (high, thin) = between
    middle, depth = low + 0.3 * (high - low), thick + 0.3 * (thin - thick)
    return [(middle + ahead * (depth - HEM) * frame[:, 0], HEM) for ahead in (-1.0, 1.0)]


def pelvis(held: Skeleton, camera: Camera, build: Build) -> Outline:
    """The part of the trunk that the trousers cover."""
    sections = trunk_sections(held, build)[:2]
    frame = held.frames["pelvis"]
    top = [(at + 0.012 * frame[:, 2], radius * 1.01) for at, radius in sections[1]]
    return hull(camera, [sections[0], top])


def neck(held: Skeleton, camera: Camera) -> Outline:
    """From between the shoulders into the skull."""
    low = held.points["spine_8"] - 0.01 * held.frames["thorax"][:, 2]
    skull = held.points["skull"] + 0.02 * held.frames["head"][:, 2]
    return hull(camera, [[(low, 0.058)], [(held.points["neck"], 0.050)], [(skull, 0.047)]])


def leg(held: Skeleton, side: str, camera: Camera, build: Build) -> Outline:
    """Thigh and shank."""
    thigh, shank = held.frames[f"thigh_{side}"], held.frames[f"shank_{side}"]
    hip, knee, ankle = (held.points[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
    wide = build.limb
    parts: list[list[Ball]] = [
        [(hip + 0.004 * thigh[:, 0], 0.090 * wide)],
        [(held.along(f"hip_{side}", f"knee_{side}", 0.35), 0.083 * wide)],
        [(held.along(f"hip_{side}", f"knee_{side}", 0.8), 0.061 * wide)],
        [(knee, 0.054 * wide)],
        [(held.along(f"knee_{side}", f"ankle_{side}", 0.3) - 0.013 * shank[:, 0], 0.055 * wide)],
        [(held.along(f"knee_{side}", f"ankle_{side}", 0.7) - 0.003 * shank[:, 0], 0.041 * wide)],
        [(ankle, 0.036 * wide)],
    ]
    return hull(camera, parts)


def trouser_leg(held: Skeleton, side: str, camera: Camera, build: Build) -> Outline:
    """A mask that takes the trousers down to above the ankle."""
    at = held.along(f"knee_{side}", f"ankle_{side}", 0.72)
    return hull(
        camera,
        [[(held.points[f"hip_{side}"], 0.2)], [(held.points[f"knee_{side}"], 0.13)], [(at, 0.062 * build.limb)]],
    )


def foot(held: Skeleton, side: str, camera: Camera) -> Outline:
    """A bare foot."""
    frame = held.frames[f"foot_{side}"]
    ankle, heel, ball, toe = (held.points[f"{joint}_{side}"] for joint in ("ankle", "heel", "ball", "toe"))
    up, wide = frame[:, 2], OUT[side] * frame[:, 1]
    arch: list[list[Ball]] = [
        [(ankle, 0.036)],
        [(ankle - 0.018 * up + 0.03 * frame[:, 0], 0.032)],
        [(ball + 0.024 * up, 0.024), (ball + 0.022 * up + 0.016 * wide, 0.022)],
        [(toe + 0.016 * up - 0.012 * wide, 0.015), (toe + 0.014 * up + 0.014 * wide - 0.02 * frame[:, 0], 0.014)],
    ]
    back = [[(ankle, 0.035)], [(heel + 0.03 * up, 0.030)]]
    sole = [[(heel + 0.03 * up, 0.030)], [(toe + 0.016 * up, 0.015)]]
    from shapely import union_all

    return smooth(union_all([hull(camera, chain) for chain in (arch, back, sole)]), 0.006)


def arm(held: Skeleton, side: str, camera: Camera, build: Build) -> Outline:
    """Upper arm, forearm and hand."""
    from shapely import union_all

    shoulder, elbow, wrist, finger = (
        held.points[f"{joint}_{side}"] for joint in ("shoulder", "elbow", "wrist", "finger")
    )
    wide = build.limb
    way = (finger - wrist) / max(float(np.linalg.norm(finger - wrist)), 1e-9)
    limb: list[list[Ball]] = [
        [(shoulder, 0.054 * wide)],
        [(held.along(f"shoulder_{side}", f"elbow_{side}", 0.4), 0.045 * wide)],
        [(elbow, 0.035 * wide)],
        [(held.along(f"elbow_{side}", f"wrist_{side}", 0.3), 0.035 * wide)],
        [(wrist, 0.023 * wide)],
    ]
    palm: list[list[Ball]] = [
        [(wrist, 0.023)],
        [(wrist + 0.05 * way, 0.030)],
        [(wrist + 0.085 * way, 0.026)],
        [(finger, 0.012)],
    ]
    return smooth(union_all([hull(camera, limb), hull(camera, palm)]), 0.008)


def sleeve(held: Skeleton, side: str, camera: Camera, build: Build) -> Outline:
    """A mask that takes the sleeve down to the middle of the upper arm."""
    at = held.along(f"shoulder_{side}", f"elbow_{side}", 0.52)
    return hull(camera, [[(held.points[f"shoulder_{side}"], 0.09)], [(at, 0.047 * build.limb)]])
