"""Psoas major in one path: vertebra, the vertebrae below it, pelvic brim, front of the hip, lesser trochanter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Blueprint, Over, Point, Step, Vector, Wrap
from psoas.body.anatomy.registration import seated_end_plate, spine_shift
from psoas.body.anatomy.surfaces import closest_points

_COLUMN = ("thorax", "l1", "l2", "l3", "l4", "l5")
ROLLER = "psoas_roller"


def join_psoas(plan: Blueprint, brim_shift_m: Vector | None = None) -> None:
    """Replaces the source's two half psoas muscles by twelve fascicles that run from the spine to the femur.

    Reason: the source ends its fascicles on the sacrum and starts a second, lumped psoas on the pelvis, so psoas force
    at the hip never reaches the spine and strength counts twice (766 and 1385 N a side). `brim_shift_m` (3,) moves the
    brim point from where the data put it.
    """
    data = load_data("psoas_major.yaml")
    shift = np.zeros(3) if brim_shift_m is None else brim_shift_m
    brim = Point("pelvis", np.array(data["path"]["brim_m"]) + shift)
    lumped = plan.routes.pop("psoas_lumped")
    trochanter = lumped.points[-1]
    below = trochanter.position - np.array([0.0, 0.0, float(data["path"]["insertion_below_m"])])
    landed = closest_points(below, plan.surfaces["femur_right"])[0]
    insertion = Point("femur_right", landed)
    plan.wraps[ROLLER] = hip_roller(ROLLER, float(data["path"]["roller_radius_m"]))
    over_hip = Over(ROLLER, Point("pelvis", np.array([0.08, landed[1], 0.0])))
    tension = float(data["specific_tension_n_per_cm2"]["value"])
    uppermost = plan.routes["psoas_major_l1_vb"]
    t12 = Point("thorax", np.array(data["t12_origin_m"]["value"]) + spine_shift())
    plan.routes["psoas_major_t12_vb"] = replace(uppermost, name="psoas_major_t12_vb").with_end(0, t12)
    for fascicle, pcsa_mm2 in data["fascicles"]["pcsa_mm2"].items():
        old = plan.routes[f"psoas_major_{fascicle}"]
        origin = old.points[0]
        landed_origin = closest_points(origin.position, plan.surfaces[origin.bone])[0]
        origin = Point(origin.bone, landed_origin if fascicle.endswith("_tp") else origin.position)
        steps: list[Step] = [origin, *_carried(origin, brim.position), brim, over_hip, insertion]
        strength = pcsa_mm2 / 100.0 * tension
        plan.routes[old.name] = replace(old, steps=tuple(steps), strength_n=strength)


def hip_roller(name: str, radius_m: float) -> Wrap:
    """A cylinder on the pelvis, its axis through both hip centres, that keeps a tendon in front of the joint."""
    return Wrap(
        name,
        "pelvis",
        "cylinder",
        centre=np.array([0.0, -_HIP_HALF_WIDTH_M, 0.0]),
        axis=np.array([0.0, 1.0, 0.0]),
        radius_m=radius_m,
        half_length_m=_ROLLER_HALF_LENGTH_M,
    )


# Where along its axis the cylinder is drawn; MuJoCo wraps over an endless one.
_HIP_HALF_WIDTH_M = 0.0773
_ROLLER_HALF_LENGTH_M = 0.03


def _carried(origin: Point, brim: Vector) -> list[Point]:
    """Points where the straight neutral line from `origin` to `brim` passes each lower vertebra's middle height.

    Each is carried by that vertebra, so that the muscle bends with the spine and, at the neutral posture, pulls as the
    measured straight line does.
    """
    points = []
    for bone in _COLUMN[_COLUMN.index(origin.bone) + 1 :]:
        middle = 0.5 * (seated_end_plate(bone, "upper").mean(axis=0) + seated_end_plate(bone, "lower").mean(axis=0))
        share = (origin.position[2] - middle[2]) / (origin.position[2] - brim[2])
        if share > 0.0:
            points.append(Point(bone, origin.position + share * (brim - origin.position)))
    return points
