"""Muscles as lines in the room: every fascicle along its path, over its wraps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np

from psoas.body.anatomy.blueprint import Vector
from psoas.body.subject.model import Body

_ARC_STEP_RAD = 0.12
_SPACING_M = 0.004


@dataclass(frozen=True)
class Strand:
    """A fascicle in the room: `points` (n, 3), metres, origin to insertion, a few millimetres apart."""

    fascicle: str
    muscle: str
    points: Vector


def strands(body: Body, muscles: Sequence[str]) -> tuple[Strand, ...]:
    """The fascicles of `muscles` at the body's posture.

    A muscle is a public name with its side (`psoas_major_right`) or without, which means both.

    Raises:
        ValueError: an unknown muscle; the message tells near names.
    """
    chosen: dict[int, None] = {}
    for muscle in muscles:
        both = {f"{muscle}_right", f"{muscle}_left"}
        names = sorted(both) if both <= set(body.muscles.public_names) else [muscle]
        for name in names:
            chosen |= dict.fromkeys(map(int, body.members(name)))
    body.kinematics.place(body.q)
    data = body.kinematics.data
    return tuple(
        Strand(body.muscles.names[i], body.muscles.groups[i], _path(body.kinematics.model, data, i))
        for i in sorted(chosen)
    )


def _path(model: Any, data: Any, tendon: int) -> Vector:
    first, count = int(data.ten_wrapadr[tendon]), int(data.ten_wrapnum[tendon])
    places = np.asarray(data.wrap_xpos).reshape(-1, 3)[first : first + count]
    geoms = np.asarray(data.wrap_obj).reshape(-1)[first : first + count]
    points = [places[:1]]
    for k in range(1, count):
        if geoms[k] >= 0 and geoms[k] == geoms[k - 1]:
            points.append(_arc(model, data, int(geoms[k]), places[k - 1], places[k]))
        else:
            steps = max(int(np.linalg.norm(places[k] - places[k - 1]) / _SPACING_M), 1)
            share = np.linspace(0.0, 1.0, steps + 1)[1:, None]
            points.append(places[k - 1] + share * (places[k] - places[k - 1]))
    return np.vstack(points)


def _arc(model: Any, data: Any, geom: int, start: Vector, end: Vector) -> Vector:
    """Points (n, 3) after `start` along the shorter way over a cylinder or sphere, `end` the last of them."""
    turn = np.asarray(data.geom_xmat[geom]).reshape(3, 3)
    a, b = (turn.T @ (point - data.geom_xpos[geom]) for point in (start, end))
    # Along a cylinder's axis the path advances evenly.
    flat = np.array([0.0, 0.0, float(model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_CYLINDER)])
    round_a, round_b = a - flat * a, b - flat * b
    radius = float(np.linalg.norm(round_a))
    angle = float(np.arccos(np.clip(round_a @ round_b / (radius * np.linalg.norm(round_b)), -1.0, 1.0)))
    share = np.linspace(0.0, 1.0, int(angle / _ARC_STEP_RAD) + 2)[1:, None]
    if angle < 1e-6:
        return start + share * (end - start)
    circle = (np.sin((1 - share) * angle) * round_a + np.sin(share * angle) * round_b) / np.sin(angle)
    local = circle + flat * (a + share * (b - a))
    return np.asarray(local @ turn.T + data.geom_xpos[geom])
