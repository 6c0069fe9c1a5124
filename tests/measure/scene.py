"""A leg and a pelvis on a picture, built from known angles, with the taps that show them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from psoas.knowledge import load
from psoas.measure import Taps

SIZE_PX = (1768, 994)


def lying(
    thigh_deg: float = -10.0, *, tilt_deg: float = 10.0, knee_deg: float = 60.0, thigh_px: float = 500.0,
    ankle: bool = True, table: bool = True, pelvis: str | None = None,
) -> Taps:  # fmt: skip
    """A person on the back with the head to the left: thigh against the table, pelvis tilted backwards from standing.

    The pelvis has the mean shape: its spine line points downward in front by the published mean when it stands upright.
    """
    hip = np.array([800.0, 400.0])
    direction = math.radians(thigh_deg)
    knee = hip + thigh_px * np.array([math.cos(direction), -math.sin(direction)])
    shank = direction - math.radians(knee_deg)
    foot = knee + 0.9 * thigh_px * np.array([math.cos(shank), -math.sin(shank)])
    slope = math.tan(math.radians(load().angle_readings.pelvis.spine_line.value))

    def of_pelvis(forward: float, up: float) -> tuple[float, float]:
        turn = math.radians(tilt_deg)
        front = forward * math.cos(turn) - up * math.sin(turn)
        headward = forward * math.sin(turn) + up * math.cos(turn)
        return float(hip[0] - headward * thigh_px), float(hip[1] - front * thigh_px)

    return Taps(
        side="right",
        trochanter=_point(hip),
        knee=_point(knee),
        asis=of_pelvis(0.15, 0.20),
        psis=of_pelvis(-0.21, 0.20 + 0.36 * slope),
        ankle=_point(foot) if ankle else None,
        table=((100.0, 600.0), (1700.0, 600.0)) if table else None,
        pelvis=pelvis,  # type: ignore[arg-type]
    )


def moved(taps: Taps, matrix: np.ndarray, shift: tuple[float, float] = (0.0, 0.0)) -> Taps:
    """The same taps with every point turned, mirrored or scaled by a (2, 2) matrix and shifted."""

    def move(point: tuple[float, float]) -> tuple[float, float]:
        return _point(matrix @ np.array(point) + np.array(shift))

    names = ("trochanter", "knee", "asis", "psis", "ankle")
    points = {name: move(point) for name in names if (point := getattr(taps, name)) is not None}
    table = None if taps.table is None else (move(taps.table[0]), move(taps.table[1]))
    return replace(taps, table=table, **points)


def turn(degrees: float) -> np.ndarray:
    """A turn of the picture, (2, 2)."""
    angle = math.radians(degrees)
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


MIRROR = np.diag([-1.0, 1.0])


def _point(at: np.ndarray) -> tuple[float, float]:
    return float(at[0]), float(at[1])
