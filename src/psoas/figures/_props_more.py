"""Further things that the person uses: wall, roll, bicycle, pool, ball, bench, blocks, weights, bands and poles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from psoas.figures._flesh import Camera
from psoas.figures._skeleton import Point, Skeleton
from psoas.figures._svg import Page

CUSHION, WOOD, DARK_WOOD, METAL, WATER, BALL = "#e9c46a", "#d9c2a3", "#b99c78", "#8d99a6", "#7fb6d6", "#b9c0c8"
LINES = {"band": ("#7b5ea7", 4.0), "pole": ("#6b6f76", 4.0), "belt": ("#8a6d4a", 9.0)}
"""Colour and width, px, of each kind of line."""
Steps = Mapping[Any, Skeleton]
Corner = tuple[float, float, float]
Made = tuple[Corner, Corner, str, float, bool, float]
"""Low corner, high corner, colour, radius of the edges (m), whether it is drawn over the person, opacity."""


def _first(steps: Steps) -> Skeleton:
    return steps["start"] if "start" in steps else steps["end"]


def _at(point: Point, half: float) -> tuple[Corner, Corner]:
    low, high = point - half, point + half
    return (float(low[0]), float(low[1]), float(low[2])), (float(high[0]), float(high[1]), float(high[2]))


def _wall(steps: Steps) -> list[Made]:
    at = float(_first(steps).points["pelvis"][0]) + 0.5
    return [((at, -0.4, 0.0), (at + 0.06, 0.4, 1.75), DARK_WOOD, 0.01, False, 1.0)]


def _roll_back(steps: Steps) -> list[Made]:
    held = steps["end"]
    point = held.points["spine_3"] - 0.115 * held.frames["spine_3"][:, 0]
    low, high = _at(point, 0.055)
    return [((low[0], -0.16, low[2]), (high[0], 0.16, high[2]), CUSHION, 0.054, True, 1.0)]


def _bike(steps: Steps) -> list[Made]:
    held = _first(steps)
    x, seat = float(held.points["pelvis"][0]), float(held.points["spine_0"][2]) - 0.1
    hand = held.points["wrist_right"]
    pedal = np.array(
        [float(held.points["ball_right"][0]) - 0.02, 0.0, (_foot(held, "right") + _foot(held, "left")) / 2]
    )
    low = min(0.0, _foot(held, "right")) - 0.06
    crank_low, crank_high = _at(pedal, 0.17)
    bar = float(hand[0]) - 0.02
    return [
        ((x - 0.3, -0.16, low - 0.04), (bar + 0.32, 0.16, low), METAL, 0.02, False, 1.0),
        ((x - 0.06, -0.03, low), (x - 0.01, 0.03, seat), METAL, 0.01, False, 1.0),
        ((bar - 0.02, -0.03, low), (bar + 0.03, 0.03, float(hand[2]) - 0.02), METAL, 0.01, False, 1.0),
        (
            (bar - 0.06, -0.24, float(hand[2]) - 0.05),
            (bar + 0.1, 0.24, float(hand[2]) - 0.01),
            DARK_WOOD,
            0.02,
            False,
            1.0,
        ),
        ((crank_low[0], -0.05, crank_low[2]), (crank_high[0], 0.05, crank_high[2]), METAL, 0.165, False, 1.0),
        ((x - 0.17, -0.11, seat - 0.05), (x + 0.1, 0.11, seat), DARK_WOOD, 0.024, False, 1.0),
    ]


def _foot(held: Skeleton, side: str) -> float:
    return float(held.points[f"ball_{side}"][2])


def _water(steps: Steps) -> list[Made]:
    held = _first(steps)
    high = float(held.points["spine_7"][2]) + 0.03
    xs = [float(point[0]) for point in held.points.values()]
    return [((min(xs) - 0.25, -0.4, 0.0), (max(xs) + 0.25, 0.4, high), WATER, 0.01, True, 0.45)]


def _football(steps: Steps) -> list[Made]:
    at = steps["end"].points["ball_right"]
    low, high = _at(np.array([float(at[0]) + 0.2, float(at[1]), 0.11]), 0.11)
    return [(low, high, BALL, 0.109, False, 1.0)]


def _ball_feet(steps: Steps) -> list[Made]:
    held = _first(steps)
    middle = (held.points["ankle_right"] + held.points["ankle_left"]) / 2
    low, high = _at(middle + np.array([0.02, 0.0, 0.02]), 0.085)
    return [(low, high, CUSHION, 0.084, True, 1.0)]


def _bench_foot(steps: Steps) -> list[Made]:
    """A bench under the upper foot of someone who lies on the side."""
    at = steps["end"].points["ankle_right"]
    x, y, z = float(at[0]), float(at[1]), float(at[2])
    return [((x - 0.2, y - 0.16, 0.0), (x + 0.2, y + 0.2, max(z - 0.05, 0.1)), WOOD, 0.02, False, 1.0)]


def _rising_blocks(steps: Steps) -> list[Made]:
    right = max(float(point[0]) for point in _first(steps).points.values()) + 0.1
    shares = (0.5, 0.75, 1.0)
    base: Made = ((right - 0.15, -0.3, -0.03), (right + 0.8, 0.3, 0.0), "#ddd6ca", 0.012, False, 1.0)
    return [base] + [
        ((right + 0.24 * n, -0.12, 0.0), (right + 0.24 * n + 0.2, 0.12, 0.6 * share), colour, 0.015, False, 1.0)
        for n, (share, colour) in enumerate(zip(shares, ("#cfe0d4", "#a9c7b4", "#7fae92"), strict=True))
    ]


MORE: Mapping[str, Callable[[Steps], list[Made]]] = MappingProxyType({
    "wall": _wall, "roll_back": _roll_back, "bike": _bike, "water": _water, "football": _football,
    "ball_feet": _ball_feet, "bench_foot": _bench_foot, "rising_blocks": _rising_blocks,
})  # fmt: skip
"""Further props by name."""


def weight(held: Skeleton, where: str) -> Made:
    """A weight held before the chest with both hands, or in the right hand."""
    if where == "chest":
        point, half = (
            (held.points["wrist_right"] + held.points["wrist_left"]) / 2 + 0.07 * held.frames["thorax"][:, 0],
            0.08,
        )
    else:
        point, half = held.points["finger_right"] + np.array([0.0, 0.0, -0.03]), 0.1
    low, high = _at(point, half)
    return (low, high, METAL, 0.05, True, 1.0)


def line(said: Mapping[str, Any], steps: Steps, step: str, camera: Camera, page: Page) -> str:
    """A band or pole as SVG text."""
    held, start = steps[step], _first(steps)
    ends = [_place(held, said["from"])]
    to = said["to"]
    if isinstance(to, str):
        ends.append(_place(held, to))
    else:
        ends.append(
            np.array([float(start.points["pelvis"][0]) + to[0], float(start.points["pelvis"][1]) + to[1], to[2]])
        )
    text = " ".join(f"{x:.1f},{y:.1f}" for x, y in (page.at(camera.flat(at)) for at in ends))
    colour, width = LINES[said["kind"]]
    return f'<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"/>'


def line_ends(scene: Mapping[str, Any], steps: Steps, camera: Camera) -> list[tuple[float, float]]:
    """Where the lines of a scene end, on the picture, m: the page makes room for them."""
    start = _first(steps).points["pelvis"]
    found = []
    for said in scene.get("lines", ()):
        if not isinstance(said["to"], str):
            x, y = camera.flat(
                np.array([float(start[0]) + said["to"][0], float(start[1]) + said["to"][1], said["to"][2]])
            )
            found.append((float(x), float(y)))
    return found


def _place(held: Skeleton, name: str) -> Point:
    if name.startswith("low_thigh_"):
        side = name.removeprefix("low_thigh_")
        return held.along(f"hip_{side}", f"knee_{side}", 0.85)
    return held.points[name]
