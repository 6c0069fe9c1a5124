"""Where a body stands in the frames of a movement: within its joints' ranges, over a floor, on two ankles."""

from __future__ import annotations

from typing import Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.coordinates import COORDINATES, INDEX, SLIDES, from_edge_units, range_of, to_edge_units
from psoas.body.kinematics.posture import SIDES
from psoas.body.kinematics.sections import Array
from psoas.body.motion.ground import lowest_m
from psoas.body.motion.smoothing import low_pass
from psoas.body.statics.arms import Build
from psoas.body.statics.placing import Placed, place_frames
from psoas.body.subject.model import Body

_FEW = 200  # frames that tell where the floor is


def within_range(time_s: Array, q: Array) -> tuple[Array, list[str], list[str]]:
    """Configurations (F, J) held at the end of a range that they pass by little.

    Returns:
        The configurations; for each frame why it cannot be taken, or an empty sentence; and what was held.
    """
    past = float(load_data("motion.yaml")["limits"]["past_limit_deg"])
    limits = np.array([range_of(name) for name in COORDINATES])
    limits[: len(SLIDES)] = (-np.inf, np.inf)  # where in the room does not matter
    values = to_edge_units(q)
    over = np.maximum(limits[:, 0] - values, 0.0) + np.maximum(values - limits[:, 1], 0.0)
    why, notes = [""] * len(q), []
    for frame in np.flatnonzero((over > past).any(axis=1) | ~np.isfinite(values).all(axis=1)).tolist():
        at = int(np.argmax(np.nan_to_num(over[frame], nan=np.inf)))
        low, high = limits[at]
        what = f"{COORDINATES[at]} is {values[frame, at]:.1f} deg at {time_s[frame]:.3f} s"
        why[frame] = f"{what}; expected {low:g} to {high:g}."
    taken = over[[not one for one in why]]
    for at in np.flatnonzero((taken > 0).any(axis=0)).tolist():
        count, most = int((taken[:, at] > 0).sum()), float(taken[:, at].max())
        ends = "{} passes the end of its range ({:g} to {:g} deg)".format(COORDINATES[at], *limits[at])
        notes.append(f"{ends} by up to {most:.1f} deg in {count} frames; held there.")
    return from_edge_units(np.clip(values, limits[:, 0], limits[:, 1])), why, notes


def ankles_m(body: Body, q: Array) -> dict[str, Array]:
    """(F, 3) of each ankle in the room, by side, m, at configurations (F, J)."""
    places = np.empty((len(q), len(SIDES), 3))
    model: Any = body.kinematics.model
    at = [model.body(f"foot_{side}").id for side in SIDES]
    for frame, row in enumerate(q):
        body.kinematics.place(row)
        places[frame] = body.kinematics.bone_data.xpos[at]
    return {side: places[:, number] for number, side in enumerate(SIDES)}


def on_the_floor(body: Body, time_s: Array, q: Array) -> Array:
    """The configurations (F, J) with the pelvis so high that the lowest point of the soles is at height 0, smoothed.

    A foot hands over to the other with a kink, which no pelvis has.
    """
    standing = q.copy()
    standing[:, INDEX["pelvis_up"]] = 0.0
    placed = place_frames(body.kinematics, standing)
    height = -lowest_m(_build(body, placed), placed)
    cut = float(load_data("motion.yaml")["smoothing"]["height_hz"]["value"])
    standing[:, INDEX["pelvis_up"]] = low_pass(time_s, height[:, None], cut)[:, 0]
    return standing


def floor_of(body: Body, q: Array) -> float:
    """Height of the lowest point that a sole gets to in configurations (F, J), m."""
    placed = place_frames(body.kinematics, q[:: max(1, len(q) // _FEW)])
    return float(lowest_m(_build(body, placed), placed).min())


def _build(body: Body, placed: Placed) -> Build:
    return Build(body.person.height_m, placed.mass_of("arms") / 2)
