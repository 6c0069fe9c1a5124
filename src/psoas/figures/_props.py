"""What the person lies, kneels, sits or leans on: boxes in the world, seen by the same camera."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np

from psoas.figures._flesh import Camera, Outline
from psoas.figures._props_more import MORE, Made
from psoas.figures._skeleton import Point, Skeleton

MAT, CUSHION, WOOD, DARK_WOOD, SHADOW = "#a9c7b4", "#e9c46a", "#d9c2a3", "#b99c78", "#ddd6ca"
Steps = Mapping[Any, Skeleton]


@dataclass(frozen=True)
class Box:
    """A box with rounded edges.

    Attributes:
        low, high: corners in the world, m.
        round_m: radius of its edges in the picture.
        front: drawn over the person.
        opacity: 1 hides what lies behind.
    """

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    colour: str
    round_m: float = 0.012
    front: bool = False
    opacity: float = 1.0

    def outline(self, camera: Camera) -> Outline:
        """The box as seen."""
        from shapely import MultiPoint

        corners = product(*zip(self.low, self.high, strict=True))
        flat = MultiPoint([camera.flat(np.array(corner)) for corner in corners]).convex_hull
        return flat.buffer(-self.round_m).buffer(self.round_m, 6) if flat.area > 0 else flat.buffer(self.round_m)


def _span(steps: Steps, axis: int, *, joints: tuple[str, ...] | None = None) -> tuple[float, float]:
    values = [
        point[axis]
        for held in steps.values()
        for name, point in held.points.items()
        if joints is None or name in joints
    ]
    return float(min(values)), float(max(values))


def _first(steps: Steps) -> Skeleton:
    """The step that the furniture is built around."""
    return steps["start"] if "start" in steps else steps["end"]


def _mat(steps: Steps) -> list[Box]:
    (left, right), (near, far) = _span(steps, 0), _span(steps, 1)
    return [Box((left - 0.12, near - 0.12, -0.035), (right + 0.12, far + 0.12, 0.0), MAT)]


def _floor(steps: Steps) -> list[Box]:
    left, right = _span(steps, 0)
    low = min(
        held.points[f"{joint}_{side}"][2]
        for held in steps.values()
        for joint in ("heel", "ball")
        for side in ("left", "right")
    )
    low = min(0.0, float(low))
    return [Box((left - 0.25, -0.4, low - 0.03), (right + 0.25, 0.4, low), SHADOW)]


def _cushion_knee(steps: Steps) -> list[Box]:
    at = _first(steps).points["knee_right"]
    return [Box((at[0] - 0.12, at[1] - 0.1, -0.03), (at[0] + 0.1, at[1] + 0.1, 0.012), CUSHION, 0.02)]


def _pillow_head(steps: Steps) -> list[Box]:
    held = _first(steps)
    at = held.points["head"]
    side = abs(float(held.frames["thorax"][2, 1])) > 0.7
    high = float(at[2]) - (0.085 if side else 0.095)
    return [Box((at[0] - 0.15, at[1] - 0.15, 0.0), (at[0] + 0.15, at[1] + 0.15, max(high, 0.02)), CUSHION, 0.02)]


def _pillow_belly(steps: Steps) -> list[Box]:
    at = _first(steps).points["spine_3"]
    return [Box((at[0] - 0.14, at[1] - 0.2, 0.0), (at[0] + 0.14, at[1] + 0.2, 0.05), CUSHION, 0.02)]


def _between_knees(held: Skeleton) -> tuple[Point, float]:
    """The middle between the knees, and half the way from one to the other."""
    right, left = held.points["knee_right"], held.points["knee_left"]
    return (right + left) / 2, float(np.linalg.norm(right - left)) / 2


def _ball_knees(steps: Steps) -> list[Box]:
    at, half = _between_knees(_first(steps))
    side = max(half - 0.05, 0.05)
    low, high = at - np.array([0.09, side, 0.09]), at + np.array([0.09, side, 0.09])
    return [Box((low[0], low[1], low[2]), (high[0], high[1], high[2]), CUSHION, 0.08)]


def _bench_knee(steps: Steps) -> list[Box]:
    """A bench under the upper knee of someone who lies on the side."""
    at = steps["end"].points["knee_right"]
    return [
        Box((at[0] - 0.4, at[1] - 0.14, 0.0), (at[0] + 0.08, at[1] + 0.14, max(float(at[2]) - 0.07, 0.1)), WOOD, 0.02)
    ]


def _block_pelvis(steps: Steps) -> list[Box]:
    at = _first(steps).points["spine_0"]
    return [Box((at[0] - 0.09, at[1] - 0.15, 0.0), (at[0] + 0.07, at[1] + 0.15, float(at[2]) - 0.085), CUSHION, 0.015)]


def _table_edge(steps: Steps) -> list[Box]:
    held = _first(steps)
    left = float(min(point[0] for point in held.points.values())) - 0.12
    right = float(held.points["hip_right"][0]) + 0.05
    top = [Box((left, -0.35, -0.07), (right, 0.35, 0.0), MAT, 0.02)]
    legs = [
        Box((x, y, -0.74), (x + 0.05, y + 0.05, -0.07), WOOD) for x in (left + 0.15, right - 0.25) for y in (-0.3, 0.25)
    ]
    return [Box((left - 0.1, -0.4, -0.77), (right + 0.7, 0.4, -0.74), SHADOW), *legs, *top]


def _table(steps: Steps) -> list[Box]:
    """A whole table under someone who lies."""
    (left, right), (near, far) = _span(steps, 0), _span(steps, 1)
    low, high, near, far = left - 0.1, right + 0.1, min(near - 0.06, -0.3), max(far + 0.06, 0.3)
    along = 0.1 * (high - low)
    legs = [
        Box((x, y, -0.34), (x + 0.05, y + 0.05, -0.06), WOOD)
        for x in (low + along, high - along - 0.05)
        for y in (near + 0.03, far - 0.08)
    ]
    return [*legs, Box((low, near, -0.06), (high, far, 0.0), MAT, 0.02)]


def _bench(steps: Steps) -> list[Box]:
    """The end of a table for someone who sits."""
    held = _first(steps)
    edge = float(held.points["knee_left"][0]) - 0.08
    legs = [Box((x, -0.25, -0.6), (x + 0.05, 0.25, -0.06), WOOD) for x in (edge - 0.62, edge - 0.12)]
    return [*legs, Box((edge - 0.7, -0.35, -0.06), (edge, 0.35, 0.0), MAT, 0.02)]


def _chair(
    front: float, seat: float, depth: float, *, back_at_front: bool = False, back_high: float = 0.46
) -> list[Box]:
    """A chair whose seat begins at `front` and runs backward (negative depth: forward)."""
    a, b = sorted((front, front - depth))
    rear = b if back_at_front else a
    legs = [
        Box((x, y, 0.0), (x + 0.035, y + 0.035, seat - 0.03), DARK_WOOD)
        for x in (a + 0.01, b - 0.045)
        for y in (-0.2, 0.17)
    ]
    back = Box((rear - 0.02, -0.2, seat), (rear + 0.02, 0.2, seat + back_high), WOOD)
    return [*legs, back, Box((a, -0.22, seat - 0.035), (b, 0.22, seat), WOOD)]


def _chair_seat(steps: Steps) -> list[Box]:
    held = _first(steps)
    seat = float(held.points["spine_0"][2]) - 0.105
    return _chair(float(held.points["pelvis"][0]) + 0.22, seat, 0.46)


def _chair_calves(steps: Steps) -> list[Box]:
    held = _first(steps)
    seat = float(held.along("knee_right", "ankle_right", 0.35)[2]) - 0.066
    return _chair(float(held.points["knee_right"][0]) + 0.06, seat, -0.46, back_at_front=True)


def _chair_front(steps: Steps) -> list[Box]:
    at = float(_first(steps).points["pelvis"][0]) + 0.56
    return _chair(at, 0.45, -0.42, back_high=0.45)


def _sofa(steps: Steps) -> list[Box]:
    at = min(float(held.points["ankle_right"][0]) for held in steps.values()) - 0.05
    return [
        Box((at - 0.42, -0.4, 0.0), (at, 0.4, 0.42), WOOD, 0.04),
        Box((at - 0.5, -0.4, 0.0), (at - 0.34, 0.4, 0.75), DARK_WOOD, 0.05),
    ]


def _step(steps: Steps) -> list[Box]:
    held = _first(steps)
    high = float(held.points["heel_right"][2])
    at = held.points["heel_right"]
    return [Box((at[0] - 0.05, -0.35, min(0.0, high)), (at[0] + 0.35, 0.35, high), WOOD)]


def _none(steps: Steps) -> list[Box]:
    return []


def box_of(made: Made) -> Box:
    """A box from its parts."""
    low, high, colour, round_m, front, opacity = made
    return Box(low, high, colour, round_m, front, opacity)


def _boxed(made: Callable[[Steps], list[Made]]) -> Callable[[Steps], list[Box]]:
    return lambda steps: [box_of(one) for one in made(steps)]


PROPS: Mapping[str, Callable[[Steps], list[Box]]] = MappingProxyType({
    "mat": _mat, "floor": _floor, "cushion_knee": _cushion_knee, "pillow_head": _pillow_head,
    "pillow_belly": _pillow_belly, "block_pelvis": _block_pelvis, "table_edge": _table_edge, "table": _table,
    "bench": _bench, "chair_seat": _chair_seat, "chair_calves": _chair_calves, "chair_front": _chair_front,
    "sofa": _sofa, "step": _step, "strap": _none, "ball_knees": _ball_knees,
    "bench_knee": _bench_knee, **{name: _boxed(made) for name, made in MORE.items()},
})  # fmt: skip
"""Props by name; the strap is a line and drawn with the hands."""
