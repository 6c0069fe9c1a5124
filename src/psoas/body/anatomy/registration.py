"""Seats the spine on the sacrum and brings the ends of the trunk muscles onto their bones.

The source's torso and legs come from two models whose pelves do not agree: the fifth lumbar vertebra stands some 25 mm
behind the sacral end plate, and trunk muscles miss the pelvis by 20-36 mm.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Blueprint, Bone, Joint, Over, Point, Route, Step, Vector
from psoas.body.anatomy.surfaces import closest_points, distances_m

LEVELS = ("t12l1", "l1l2", "l2l3", "l3l4", "l4l5", "l5s1")
_ABOVE = {"t12l1": "thorax", "l1l2": "l1", "l2l3": "l2", "l3l4": "l3", "l4l5": "l4", "l5s1": "l5"}
_BELOW = {"t12l1": "l1", "l1l2": "l2", "l2l3": "l3", "l3l4": "l4", "l4l5": "l5", "l5s1": "pelvis"}
TRUNK_BONES = ("l5", "l4", "l3", "l2", "l1", "thorax", "abdomen", "head", "arms")


def upper_bone(level: str) -> str:
    """The bone above `level`, for example `l4` above `l4l5`."""
    return _ABOVE[level]


def end_plate(bone: str, which: str) -> Vector:
    """Corners (2, 3) of an end plate in the source as read, posterior then anterior, metres; `which`: upper, lower."""
    corners = load_data("skeleton.yaml")["end_plates"][bone][which]
    return np.array([[forward, 0.0, up] for forward, up in corners])


def spine_shift() -> Vector:
    """How far (3,) the trunk must move for L5 to stand on S1 with the measured disc height between them.

    The disc's axis is taken as the mean of the two end plates' normals.
    """
    upper, lower = end_plate("l5", "lower"), end_plate("pelvis", "upper")
    height = float(load_data("skeleton.yaml")["l5s1_disc_height_m"]["value"])
    axis = _normal(upper) + _normal(lower)
    wanted = lower.mean(axis=0) + height * axis / np.linalg.norm(axis)
    return np.asarray(wanted - upper.mean(axis=0))


def disc_point(level: str, forward_share: float) -> Vector:
    """A point (3,) of the disc at `level` once the spine is seated, half-way up between the facing end plates.

    `forward_share` runs from 0 at the disc's back edge to 1 at its front edge.
    """
    plates = seated_end_plate(_ABOVE[level], "lower"), seated_end_plate(_BELOW[level], "upper")
    middle = 0.5 * (plates[0] + plates[1])
    return np.asarray(middle[0] + forward_share * (middle[1] - middle[0]))


def joint_centre(level: str) -> Vector:
    """Where the vertebra above `level` turns on the one below: in the disc, somewhat behind its middle."""
    return disc_point(level, float(load_data("skeleton.yaml")["joint_forward_share"]["value"]))


def level_axes(level: str) -> Vector:
    """Axes (3, 3) of a level, as rows in the neutral frame: forward in the lower vertebra's upper end plate, left, up.

    The third row is the end plate's normal: compression acts along it, shear along the first.
    """
    forward = np.diff(end_plate(_BELOW[level], "upper"), axis=0)[0]
    forward /= np.linalg.norm(forward)
    left = np.array([0.0, 1.0, 0.0])
    return np.array([forward, left, np.cross(forward, left)])


def seat_spine(plan: Blueprint, trunk_muscles: set[str]) -> None:
    """WhatIf the whole trunk, with every trunk muscle, so that L5 stands on the sacral end plate.

    Reason: in the source L5 stands about 25 mm behind S1 (its mesh over the sacral canal), so weight and muscle force
    of the trunk act on a wrong arm at L5/S1 and at the hips.
    """
    shift = spine_shift()
    plan.notes["spine_moved_forward_m"], plan.notes["spine_moved_up_m"] = float(shift[0]), float(shift[2])
    for name in TRUNK_BONES:
        bone = plan.bones[name]
        plan.bones[name] = replace(bone, origin=bone.origin + shift, com=bone.com + shift)
        if name in plan.surfaces:
            plan.surfaces[name] = plan.surfaces[name].moved(shift)
    for name, wrap in plan.wraps.items():
        if wrap.bone in TRUNK_BONES:
            plan.wraps[name] = replace(wrap, centre=wrap.centre + shift)
    for name, route in plan.routes.items():
        if route.group in trunk_muscles:
            plan.routes[name] = replace(route, steps=tuple(_moved_step(step, shift) for step in route.steps))


def set_lumbar_joints(plan: Blueprint) -> None:
    """Gives each level T12/L1 to L5/S1 a joint of three rotations in its disc.

    Reasons: the source has no T12/L1 joint; its L4/5 and L5/S1 centres lie 8-15 mm up inside the upper vertebra; and
    its coupling turns L5/S1 through the whole trunk angle. Here the levels are free; `coordinates` shares an angle out.
    """
    axes = {"flexion": (0.0, 1.0, 0.0), "side_bend": (1.0, 0.0, 0.0), "rotation": (0.0, 0.0, 1.0)}
    for level in LEVELS:
        anchor = joint_centre(level)
        joints = tuple(Joint(f"lumbar_{kind}_{level}", "hinge", anchor, np.array(axis)) for kind, axis in axes.items())
        bone = plan.bones[_ABOVE[level]]
        plan.bones[bone.name] = replace(bone, origin=anchor, joints=joints)


def place_lumbar_masses(plan: Blueprint) -> None:
    """Puts each lumbar slice's centre of mass just in front of its vertebra, and midline masses in the midline.

    Reason: the source's lie 17 to 54 mm in front of the joints, in no order that scans show.
    """
    forward = load_data("skeleton.yaml")["lumbar_mass_forward_m"]
    for name in ("l5", "l4", "l3", "l2", "l1"):
        middle = 0.5 * (seated_end_plate(name, "upper") + seated_end_plate(name, "lower")).mean(axis=0)
        com = middle + np.array([float(forward[name]), 0.0, 0.0])
        plan.bones[name] = replace(plan.bones[name], com=com)
    for name in ("pelvis", "thorax", "head", "arms"):
        bone = plan.bones[name]
        plan.bones[name] = replace(bone, com=bone.com * np.array([1.0, 0.0, 1.0]))


def hang_abdominal_wall(plan: Blueprint) -> None:
    """Lets the abdominal sheath turn by half of each lumbar angle about the L3/4 disc, as a segment of the pelvis.

    Reason: the oblique muscles end on the sheath, which hangs between rib cage and pelvis and hands their pull to
    both. Following the levels half-way does that by virtual work; the source ties the sheath to L5 and to one trunk
    angle. The half is our choice.
    """
    anchor = joint_centre("l3l4")
    axes = {"flexion": (0.0, 1.0, 0.0), "side_bend": (1.0, 0.0, 0.0), "rotation": (0.0, 0.0, 1.0)}
    joints = tuple(
        Joint(
            f"abdominal_wall_{kind}",
            "hinge",
            anchor,
            np.array(axis),
            follows=tuple(f"lumbar_{kind}_{level}" for level in LEVELS),
            polynomial=(0.0, SHEATH_SHARE),
        )
        for kind, axis in axes.items()
    )
    plan.bones["abdomen"] = Bone("abdomen", "pelvis", anchor, joints)


SHEATH_SHARE = 0.5
# A registration stops when its next step is shorter.
_SETTLED_M = 1e-4
# The source's shank meshes are too coarse to move a tendon to: the knee extensors would lose a fifth of their arm.
_COARSE_SHANK = ("tibia_right", "patella_right", "foot_right")


def bring_ends_to_bone(plan: Blueprint, groups: dict[str, tuple[str, ...]]) -> None:
    """Brings the pelvic ends of trunk muscles onto the pelvis, a muscle at a time, then any end that still misses.

    `groups` names muscles whose pelvic ends keep their pattern: all are moved together until they fit best, and only
    then each to the nearest bone. Reason: the torso's muscles were placed on a taller pelvis; after the spine is seated
    their ends still stand up to 33 mm above the crest, the hip bone's spine and the pubis.
    """
    limit = float(load_data("skeleton.yaml")["attachment_limit_m"]["value"])
    pelvis = plan.surfaces["pelvis"]
    for muscles in groups.values():
        ends = [
            (name, index)
            for name, route in plan.routes.items()
            if route.group in muscles
            for index in (0, -1)
            if _end(route, index).bone == "pelvis"
        ]
        if not ends:
            continue
        points = np.array([_end(plan.routes[name], index).position for name, index in ends])
        shift = np.zeros(3)
        for _ in range(60):
            step = np.mean(closest_points(points + shift, pelvis) - points - shift, axis=0)
            shift = shift + step
            if np.linalg.norm(step) < _SETTLED_M:
                break
        for (name, index), landed in zip(ends, closest_points(points + shift, pelvis), strict=True):
            plan.routes[name] = plan.routes[name].with_end(index, Point("pelvis", landed))
    for name, route in plan.routes.items():
        for index in (0, -1):
            end = _end(route, index)
            if end.bone not in plan.surfaces or end.bone in _COARSE_SHANK:
                continue
            surface = plan.surfaces[end.bone]
            if distances_m(end.position, surface)[0] > limit:
                route = route.with_end(index, Point(end.bone, closest_points(end.position, surface)[0]))
        plan.routes[name] = route
    plan.notes["largest_end_gap_m"] = max(end_gaps_m(plan).values())


def end_gaps_m(plan: Blueprint) -> dict[str, float]:
    """Distance in metres from each muscle end to the surface of its bone, by `fascicle:first` and `fascicle:last`.

    Ends on shank, patella and foot are left out, whose meshes are coarse, and on the abdominal wall, which has none.
    """
    gaps: dict[str, float] = {}
    for name, route in plan.routes.items():
        for index, label in ((0, "first"), (-1, "last")):
            end = _end(route, index)
            if end.bone in plan.surfaces and end.bone not in _COARSE_SHANK:
                gaps[f"{name}:{label}"] = float(distances_m(end.position, plan.surfaces[end.bone])[0])
    return gaps


def _end(route: Route, index: int) -> Point:
    step = route.steps[index]
    if not isinstance(step, Point):
        raise ValueError(f"{route.name} must start and end in a point; its step {index} is a wrap")
    return step


def _moved_step(step: Step, shift: Vector) -> Step:
    if isinstance(step, Point):
        return Point(step.bone, step.position + shift)
    side = None if step.side is None else Point(step.side.bone, step.side.position + shift)
    return Over(step.wrap, side)


def _normal(plate: Vector) -> Vector:
    """Upward unit normal (3,) of an end plate given by its posterior and anterior corner."""
    forward = plate[1] - plate[0]
    normal = np.cross(forward, np.array([0.0, 1.0, 0.0]))
    return np.asarray(normal / np.linalg.norm(normal))


def seated_end_plate(bone: str, which: str) -> Vector:
    """Corners (2, 3) of an end plate after `seat_spine`."""
    return end_plate(bone, which) + (0.0 if bone == "pelvis" else spine_shift())
