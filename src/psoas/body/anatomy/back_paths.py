"""Bows the long back muscles over the lumbar spine, so that they pull where they lie.

Reason: the source leads iliocostalis and longissimus thoracis through points 30-40 mm behind the lumbar discs, deep in
the laminae; on images the middle of the muscle lies 50 mm and more behind them. Too short an arm asks for too much
force: compression in every bent or loaded posture comes out a quarter too high.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Blueprint, Point, Route, Vector
from psoas.body.anatomy.registration import joint_centre

_BETWEEN = {
    "l1": ("t12l1", "l1l2"),
    "l2": ("l1l2", "l2l3"),
    "l3": ("l2l3", "l3l4"),
    "l4": ("l3l4", "l4l5"),
    "l5": ("l4l5", "l5s1"),
}
_BEYOND = {"thorax": ("t12l1", "l1l2"), "pelvis": ("l5s1", "l4l5")}  # T12 and S1: half a vertebra past the end joint


def bow_back_muscles(plan: Blueprint) -> None:
    """Leads the long back muscles over each lumbar vertebra they pass, as far behind it as they lie.

    The iliocostalis's lumbar fascicles are short and run straight from transverse process to iliac crest; they stay.

    Call it once, when the spine is seated and its joints are set; what is far enough behind stays where it is.
    """
    data = load_data("back_paths.yaml")
    for name, route in list(plan.routes.items()):
        if route.group in data["muscles"] and name not in data["short"]:
            over = tuple(data["muscles"][route.group])
            plan.routes[name] = _bowed(route, over, float(data["least_distance_behind_m"]["value"]))


def _bowed(route: Route, over: tuple[str, ...], least_m: float) -> Route:
    """`route` with a point on each vertebra of `over` it passes, at least `least_m` behind the joint centres.

    The fascicle's two ends stay. Points it already has on the way are moved straight back, others are added. Fascicles
    that come from a lumbar vertebra lie deep and run straight; they are left as they are.
    """
    upward = sorted(route.points, key=lambda point: point.position[2])
    if any(not isinstance(step, Point) for step in route.steps) or upward[-1].bone != "thorax":
        return route
    inner = upward[1:-1]
    for bone in over:
        middle, behind = _vertebra(bone)
        if not _passes(upward, bone, middle[2]):
            continue
        held = [point for point in upward[1:-1] if point.bone == bone and bone in _BETWEEN]
        inner = [point for point in inner if not any(point is one for one in held)]
        for position in [point.position for point in held] or [_at_height(upward, middle[2])]:
            gap = least_m - float((position - middle) @ behind)
            inner.append(Point(bone, position + max(gap, 0.0) * behind))
    inner.sort(key=lambda point: point.position[2])
    steps = (upward[0], *inner, upward[-1])
    return replace(route, steps=steps if route.points[0] is upward[0] else steps[::-1])


def _passes(upward: list[Point], bone: str, height: float) -> bool:
    """Whether a path, its points in rising order, goes over a bone.

    One that ends on the pelvis goes over S1: it reaches the bone through the aponeurosis behind the sacrum.
    """
    if bone == "pelvis":
        return upward[0].bone == "pelvis"
    ends_here = bone in _BETWEEN and bone in (upward[0].bone, upward[-1].bone)
    return not ends_here and bool(upward[0].position[2] < height < upward[-1].position[2])


def _at_height(upward: list[Point], height: float) -> Vector:
    """Where (3,) a path, its points in rising order, passes a height."""
    heights = [point.position[2] for point in upward]
    return np.array([np.interp(height, heights, [point.position[axis] for point in upward]) for axis in range(3)])


def _vertebra(bone: str) -> tuple[Vector, Vector]:
    """Middle (3,) of a vertebra on the line of the joint centres, and the direction (3,) straight behind it."""
    if bone in _BETWEEN:
        upper, lower = (joint_centre(level) for level in _BETWEEN[bone])
        middle = 0.5 * (upper + lower)
    else:
        end, next_to = (joint_centre(level) for level in _BEYOND[bone])
        middle = end + 0.5 * (end - next_to)
        upper, lower = (end, next_to) if bone == "thorax" else (next_to, end)
    axis = (upper - lower) / np.linalg.norm(upper - lower)
    return middle, np.array([-axis[2], 0.0, axis[0]])
