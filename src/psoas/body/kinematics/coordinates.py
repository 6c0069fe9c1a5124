"""The coordinates of a posture: names, ranges, units, and how they drive every joint of the model.

Signs: hip, knee and lumbar flexion, ankle dorsiflexion and forward pelvic tilt are positive; adduction and internal
rotation of the hip are positive; side bend is positive to the right, rotation positive to the left. Radians and metres
inside, degrees at the edge.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Vector
from psoas.body.anatomy.registration import LEVELS

LUMBAR_KINDS = ("flexion", "side_bend", "rotation")
_PELVIS_SLIDES = ("pelvis_forward", "pelvis_sideways", "pelvis_up")
_PELVIS_TURNS = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")
_LEG = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_flexion", "ankle_flexion")

COORDINATES: tuple[str, ...] = (
    *_PELVIS_SLIDES,
    *_PELVIS_TURNS,
    *(f"lumbar_{kind}_{level}" for level in reversed(LEVELS) for kind in LUMBAR_KINDS),
    *(f"{joint}_{side}" for side in ("right", "left") for joint in _LEG),
)
INDEX: Mapping[str, int] = {name: index for index, name in enumerate(COORDINATES)}
SLIDES = frozenset(_PELVIS_SLIDES)


@cache
def range_of(coordinate: str) -> tuple[float, float]:
    """The allowed range of `coordinate`: degrees, or metres for the pelvis's three slides."""
    data = load_data("coordinates.yaml")
    if coordinate in SLIDES:
        limits = data["pelvis_slide_range_m"]
        return float(limits["low"]), float(limits["high"])
    if coordinate.startswith("lumbar_"):
        return _lumbar_range(coordinate)
    limits = data["ranges_deg"][coordinate.removesuffix("_right").removesuffix("_left")]
    return float(limits["low"]), float(limits["high"])


def _lumbar_range(coordinate: str) -> tuple[float, float]:
    data = load_data("coordinates.yaml")["lumbar_ranges_deg"]
    kind, level = coordinate.removeprefix("lumbar_").rsplit("_", 1)
    if kind != "flexion":
        return float(data[kind]["low"]), float(data[kind]["high"])
    margin = float(data["margin"]["value"])
    means = data["t12l1"] if level == "t12l1" else {k: data[k][level] for k in ("flexion", "extension")}
    return -float(means["extension"]) - margin, float(means["flexion"]) + margin


@cache
def lumbar_shares() -> dict[str, float]:
    """Share of a whole lumbar angle at each level, summing to one."""
    data = load_data("coordinates.yaml")["lumbar_share"]
    top = float(data["t12l1"]["value"])
    measured = {level: float(data[level]) for level in LEVELS if level != "t12l1"}
    total = sum(measured.values())
    return {"t12l1": top, **{level: share / total * (1.0 - top) for level, share in measured.items()}}


def coordinate_vector(values: Mapping[str, float]) -> Vector:
    """The coordinates as an array (len(COORDINATES),) in radians and metres; those not named are zero.

    `values` are degrees (metres for the pelvis's slides). Besides the coordinates it takes `lumbar_flexion`,
    `lumbar_side_bend` and `lumbar_rotation`, shared over the levels as measured in life and added to what is given
    for a level. Names may carry the unit: `hip_flexion_right_deg`.

    Raises ValueError for an unknown name or an angle outside the joint's range.
    """
    given = np.zeros(len(COORDINATES))
    for raw_name, value in values.items():
        name = raw_name.removesuffix("_deg").removesuffix("_m")
        if name in {f"lumbar_{kind}" for kind in LUMBAR_KINDS}:
            for level, share in lumbar_shares().items():
                given[INDEX[f"{name}_{level}"]] += share * float(value)
            continue
        given[index_of(name)] += float(value)
    check_ranges(given)
    return from_edge_units(given)


def index_of(coordinate: str) -> int:
    """Position of `coordinate` in COORDINATES; raises ValueError with near names when there is none."""
    if coordinate not in INDEX:
        near = difflib.get_close_matches(coordinate, COORDINATES, n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise ValueError(f"coordinate is {coordinate!r}; expected one of {len(COORDINATES)} names{hint}")
    return INDEX[coordinate]


def check_ranges(edge_values: Vector) -> None:
    """Raises ValueError when any of the values (len(COORDINATES),), in degrees and metres, is outside its range."""
    for name, value in zip(COORDINATES, edge_values, strict=True):
        low, high = range_of(name)
        unit = "m" if name in SLIDES else "deg"
        if not np.isfinite(value) or value < low - 1e-9 or value > high + 1e-9:
            raise ValueError(f"{name}_{unit} is {value:g}; expected {low:g} to {high:g}.")


_TO_EDGE = np.array([1.0 if name in SLIDES else np.degrees(1.0) for name in COORDINATES])


def to_edge_units(q: Vector) -> Vector:
    """Radians and metres (..., n) to degrees and metres."""
    return np.asarray(np.asarray(q) * _TO_EDGE)


def from_edge_units(values: Vector) -> Vector:
    """Degrees and metres (..., n) to radians and metres."""
    return np.asarray(np.asarray(values) / _TO_EDGE)
