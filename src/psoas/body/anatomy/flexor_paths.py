"""Iliacus, rectus femoris, sartorius and tensor fasciae latae brought onto the published moment-arm curves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Blueprint, Over, Point, Vector
from psoas.body.anatomy.psoas_path import hip_roller
from psoas.body.anatomy.surfaces import closest_points

_TURNED = ("rectus_femoris", "sartorius", "tensor_fasciae_latae")


def adjust_flexors(plan: Blueprint) -> None:
    """WhatIf the origins of three flexors by millimetres and reroutes the iliacus over the front of the hip.

    Reasons: the source's rectus femoris, sartorius and tensor fasciae latae lie at the edge of the published curves,
    and its iliacus falls to nothing at 120 degrees of flexion and turns extensor beyond: a via-point artefact.
    """
    data = load_data("flexor_paths.yaml")
    for name in _TURNED:
        route = plan.routes[name]
        origin = route.points[0]
        moved = _turned(origin.position, **data[name])
        plan.routes[name] = route.with_end(0, Point(origin.bone, moved))
    _reroute_iliacus(plan, data["iliacus"])


def _turned(position: Vector, *, origin_turn_deg: float, origin_out_m: float) -> Vector:
    """`position` (3,) turned about the axis through both hip centres and moved away from it."""
    radius = np.hypot(position[0], position[2]) + origin_out_m
    angle = np.arctan2(position[2], position[0]) - np.radians(origin_turn_deg)
    return np.array([radius * np.cos(angle), position[1], radius * np.sin(angle)])


def _reroute_iliacus(plan: Blueprint, data: dict[str, Any]) -> None:
    route = plan.routes["iliacus"]
    origin, trochanter = route.points[0], route.points[-1]
    below = trochanter.position - np.array([0.0, 0.0, float(data["insertion_below_m"])])
    insertion = Point(trochanter.bone, closest_points(below, plan.surfaces[trochanter.bone])[0])
    roller = hip_roller("iliacus_roller", float(data["roller_radius_m"]))
    plan.wraps[roller.name] = roller
    brim = Point("pelvis", np.array(data["brim_m"]))
    front = Point("pelvis", np.array([0.08, insertion.position[1], 0.0]))
    plan.routes["iliacus"] = replace(route, steps=(origin, brim, Over(roller.name, front), insertion))
