"""Puts the body together: source, corrections one by one, left side, MuJoCo model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import mujoco
import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.back_paths import bow_back_muscles
from psoas.body.anatomy.blueprint import MIRROR, Blueprint, Bone, Joint, Point, Route, Vector, Wrap
from psoas.body.anatomy.flexor_paths import adjust_flexors
from psoas.body.anatomy.path_repairs import repair_paths
from psoas.body.anatomy.psoas_path import join_psoas
from psoas.body.anatomy.registration import (
    bring_ends_to_bone,
    hang_abdominal_wall,
    place_lumbar_masses,
    seat_spine,
    set_lumbar_joints,
)
from psoas.body.anatomy.source import composing, read_source

# Muscles whose pelvic ends are registered together, keeping their pattern.
_REGISTERED_TOGETHER: dict[str, tuple[str, ...]] = {
    "quadratus_lumborum": ("quadratus_lumborum",),
    "iliocostalis": ("iliocostalis",),
    "longissimus": ("longissimus_thoracis", "longissimus_lumborum"),
    "multifidus": ("multifidus",),
    "obliques": ("internal_oblique", "external_oblique"),
    "rectus_abdominis": ("rectus_abdominis",),
}
_PELVIS_JOINTS = (
    ("pelvis_forward", "slide", (1.0, 0.0, 0.0)),
    ("pelvis_sideways", "slide", (0.0, 1.0, 0.0)),
    ("pelvis_up", "slide", (0.0, 0.0, 1.0)),
    ("pelvis_tilt", "hinge", (0.0, 1.0, 0.0)),
    ("pelvis_list", "hinge", (1.0, 0.0, 0.0)),
    ("pelvis_rotation", "hinge", (0.0, 0.0, 1.0)),
)


def corrected_blueprint(*, psoas_brim_shift_m: Vector | None = None) -> Blueprint:
    """Midline and right side of the body with every correction applied, in the order the corrections rely on.

    `psoas_brim_shift_m` (3,) moves the point where the psoas crosses the brim, for sensitivity.
    """
    plan = read_source()
    repair_paths(plan)
    trunk_muscles = set(load_data("source_names.yaml")["trunk_prefixes"].values())
    seat_spine(plan, trunk_muscles)
    set_lumbar_joints(plan)
    place_lumbar_masses(plan)
    hang_abdominal_wall(plan)
    join_psoas(plan, psoas_brim_shift_m)
    adjust_flexors(plan)
    bring_ends_to_bone(plan, _REGISTERED_TOGETHER)
    bow_back_muscles(plan)
    free_pelvis(plan)
    return plan


def free_pelvis(plan: Blueprint) -> None:
    """Lets the pelvis move and turn in the room; tilt is forward, list to the right, rotation to the left."""
    joints = tuple(Joint(name, kind, np.zeros(3), np.array(axis)) for name, kind, axis in _PELVIS_JOINTS)
    plan.bones["pelvis"] = replace(plan.bones["pelvis"], joints=joints)


def build_spec(plan: Blueprint) -> Any:
    """The MuJoCo specification of both sides: bodies, joints, wraps, and one spatial tendon per fascicle."""
    spec = mujoco.MjSpec()
    spec.compiler.autolimits = False
    spec.option.gravity = [0.0, 0.0, -9.81]
    bones = [*plan.bones.values(), *(_mirrored_bone(b) for b in plan.bones.values() if b.name.endswith("_right"))]
    bodies = {"world": spec.worldbody}
    origins = {"world": np.zeros(3)}
    for bone in bones:
        _add_bone(bone, bodies, origins)
    for route in plan.routes.values():
        for side in ("right", "left"):
            _add_tendon(spec, bodies, origins, plan, route, side)
    return spec


def compile_spec(spec: Any) -> Any:
    """Compiles the specification without leaving a log file behind."""
    with composing():
        return spec.compile()


def _add_bone(bone: Bone, bodies: dict[str, Any], origins: dict[str, Any]) -> None:
    body = bodies[bone.parent].add_body(name=bone.name, pos=bone.origin - origins[bone.parent])
    bodies[bone.name], origins[bone.name] = body, bone.origin
    body.explicitinertial = True
    # Placeholders; `scaling` gives every segment its mass for a person.
    body.mass, body.ipos, body.inertia = 1.0, bone.com - bone.origin, [0.01, 0.01, 0.01]
    kinds = {"hinge": mujoco.mjtJoint.mjJNT_HINGE, "slide": mujoco.mjtJoint.mjJNT_SLIDE}
    for joint in bone.joints:
        body.add_joint(name=joint.name, type=kinds[joint.kind], axis=joint.axis, pos=joint.anchor - bone.origin)


def _add_tendon(
    spec: Any, bodies: dict[str, Any], origins: dict[str, Any], plan: Blueprint, route: Route, side: str
) -> None:
    name = f"{route.name}_{side}"
    tendon = spec.add_tendon(name=name)
    for index, step in enumerate(route.steps):
        label = f"{name}:{index}"
        if isinstance(step, Point):
            _add_site(bodies, origins, label, step, side)
            tendon.wrap_site(label)
            continue
        geom = f"{step.wrap}_{side}"
        if spec.geom(geom) is None:
            _add_wrap(bodies, origins, geom, plan.wraps[step.wrap], side)
        if step.side is None:
            tendon.wrap_geom(geom, "")
            continue
        _add_site(bodies, origins, label, step.side, side)
        tendon.wrap_geom(geom, label)


def _add_site(bodies: dict[str, Any], origins: dict[str, Any], name: str, point: Point, side: str) -> None:
    position, bone = point.position, point.bone
    if side == "left":
        position, bone = position * MIRROR, _other_side(bone)
    bodies[bone].add_site(name=name, pos=position - origins[bone])


def _add_wrap(bodies: dict[str, Any], origins: dict[str, Any], name: str, wrap: Wrap, side: str) -> None:
    centre, axis, bone = wrap.centre, wrap.axis, wrap.bone
    if side == "left":
        centre, axis, bone = centre * MIRROR, axis * MIRROR, _other_side(bone)
    sphere = wrap.kind == "sphere"
    bodies[bone].add_geom(
        name=name,
        type=mujoco.mjtGeom.mjGEOM_SPHERE if sphere else mujoco.mjtGeom.mjGEOM_CYLINDER,
        pos=centre - origins[bone],
        quat=_turn_z_to(axis),
        size=[wrap.radius_m, 0.0 if sphere else wrap.half_length_m, 0.0],
        contype=0,
        conaffinity=0,
    )


def _turn_z_to(axis: Any) -> list[float]:
    """A quaternion that turns the z axis onto the unit vector `axis`."""
    x, y, z = axis / np.linalg.norm(axis)
    if z < -0.999999:
        return [0.0, 1.0, 0.0, 0.0]
    quaternion = np.array([1.0 + z, -y, x, 0.0])
    return list(quaternion / np.linalg.norm(quaternion))


def _mirrored_bone(bone: Bone) -> Bone:
    joints = tuple(
        Joint(
            _other_side(joint.name),
            joint.kind,
            joint.anchor * MIRROR,
            joint.axis * (MIRROR if joint.kind == "slide" else -MIRROR),
            tuple(_other_side(name) for name in joint.follows),
            joint.polynomial,
        )
        for joint in bone.joints
    )
    return replace(
        bone,
        name=_other_side(bone.name),
        parent=_other_side(bone.parent),
        origin=bone.origin * MIRROR,
        com=bone.com * MIRROR,
        joints=joints,
    )


def _other_side(name: str) -> str:
    return name.removesuffix("_right") + "_left" if name.endswith("_right") else name
