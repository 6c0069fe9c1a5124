"""What a picture points at: where the exercise is felt, and what moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from psoas.figures._flesh import Camera
from psoas.figures._skeleton import OUT, Point, Skeleton

Flat = tuple[float, float]
GLOW_RADIUS = {"hip_front": 0.105, "thigh_front": 0.13, "thigh_back": 0.13, "low_back": 0.13, "belly": 0.13}


def site(held: Skeleton, name: str) -> Point:
    """A place on the body by name: `hip_front_right`, `low_back`."""
    stem, _, side = name.rpartition("_")
    if side not in OUT:
        stem, side = name, "right"
    pelvis, thorax = held.frames["pelvis"], held.frames["thorax"]
    thigh, out = held.frames[f"thigh_{side}"], OUT[side]
    hip = held.points[f"hip_{side}"]
    table = {
        "hip_front": hip + 0.045 * (pelvis[:, 0] + thigh[:, 0]) + 0.02 * pelvis[:, 2],
        "hip_side": hip + out * 0.075 * pelvis[:, 1] + 0.03 * pelvis[:, 2],
        "buttock": hip - 0.075 * pelvis[:, 0] - 0.01 * pelvis[:, 2],
        "thigh_front": held.along(f"hip_{side}", f"knee_{side}", 0.42) + 0.045 * thigh[:, 0],
        "thigh_back": held.along(f"hip_{side}", f"knee_{side}", 0.5) - 0.05 * thigh[:, 0],
        "calf": held.along(f"knee_{side}", f"ankle_{side}", 0.32) - 0.04 * held.frames[f"shank_{side}"][:, 0],
        "low_back": held.points["spine_3"] - 0.06 * held.frames["spine_3"][:, 0],
        "belly": held.points["spine_4"] + 0.07 * thorax[:, 0],
        "waist": held.points["spine_3"] + out * 0.11 * held.frames["spine_3"][:, 1],
    }
    return table[stem]


def glow_places(held: Skeleton, scene: Mapping[str, Any], camera: Camera) -> list[tuple[Flat, float]]:
    """Middle and radius, m, of each glow."""
    return [
        (camera.flat(site(held, name)), GLOW_RADIUS.get(name.removesuffix("_right").removesuffix("_left"), 0.11))
        for name in scene.get("glow", ())
    ]


def _joint(held: Skeleton, name: str) -> Point:
    if name in held.points:
        return held.points[name]
    return site(held, "buttock_right" if name == "buttock" else name)


def arrow_points(
    steps: Mapping[Any, Skeleton], scene: Mapping[str, Any], camera: Camera
) -> list[tuple[Flat, Flat, Flat]]:
    """Start, bend and tip of each arrow on the picture, m."""
    return [_one(steps, said, camera) for said in scene.get("arrows", ())]


def _one(steps: Mapping[Any, Skeleton], said: Mapping[str, Any], camera: Camera) -> tuple[Flat, Flat, Flat]:
    end = steps["end"]
    if "turn" in said:
        return _turn(end, camera)
    if "push" in said:
        way = np.array(camera.flat(np.array(said["to"], dtype=float)))
        way = way / float(np.linalg.norm(way))
        aside = np.array([-way[1], way[0]]) * float(said.get("aside", 0.0))
        at = np.array(camera.flat(_joint(end, said["push"]))) + aside
        start, stop = at + float(said.get("start", 0.13)) * way, at + (float(said.get("start", 0.13)) + 0.16) * way
        return _flat(start), _flat((start + stop) / 2), _flat(stop)
    a = np.array(camera.flat(_joint(steps["start"], said["travel"])))
    b = np.array(camera.flat(_joint(end, said["travel"])))
    way = b - a
    far = max(float(np.linalg.norm(way)), 1e-6)
    least = float(said.get("least", 0.1))
    if far < least:
        a = b - way / far * least
    across = np.array([-(b - a)[1], (b - a)[0]]) / max(float(np.linalg.norm(b - a)), 1e-6)
    aside = float(said.get("aside", 0.12)) * across
    shift = float(said.get("start", 0.0)) * way / far
    a, b = a + aside + shift, b + aside + shift
    bend = (a + b) / 2 + 0.18 * float(np.linalg.norm(b - a)) * np.sign(float(said.get("aside", 0.12)) or 1.0) * across
    return _flat(a), _flat(bend), _flat(b)


def _turn(held: Skeleton, camera: Camera) -> tuple[Flat, Flat, Flat]:
    """The tail tucks under: behind the pelvis, from above to below and forward."""
    frame, at = held.frames["pelvis"], held.points["spine_0"]
    places = (
        at - 0.17 * frame[:, 0] + 0.12 * frame[:, 2],
        at - 0.24 * frame[:, 0] - 0.06 * frame[:, 2],
        at - 0.11 * frame[:, 0] - 0.17 * frame[:, 2],
    )
    a, b, c = (camera.flat(place) for place in places)
    return a, b, c


def _flat(point: Point) -> Flat:
    return float(point[0]), float(point[1])
