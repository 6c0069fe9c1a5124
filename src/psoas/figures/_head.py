"""Head, hair and face, seen from any side: an egg with a jaw and a nose, and what lies on its surface."""

from __future__ import annotations

import numpy as np

from psoas.figures._flesh import Camera, Outline, hull, smooth
from psoas.figures._skeleton import Point, Skeleton

EGG = np.array([0.094, 0.077, 0.117])
"""Half axes of the skull: forward, left, up, m."""
HAIR = 1.075
ROWS, COLUMNS = 20, 36


def _surface(held: Skeleton, units: Point, scale: float = 1.0) -> Point:
    """Points of the egg from points of the unit ball, shape (n, 3)."""
    placed: Point = held.points["head"] + (units * EGG * scale) @ held.frames["head"].T
    return placed


def _faces(held: Skeleton, camera: Camera, units: Point) -> Point:
    """Cosine between the surface and the viewer; positive is seen."""
    normal = (units / EGG) @ held.frames["head"].T
    cosine: Point = normal @ camera.toward / np.linalg.norm(normal, axis=-1)
    return cosine


def _ball() -> Point:
    """A grid of the unit ball, shape (rows + 1, columns + 1, 3)."""
    polar = np.linspace(0, np.pi, ROWS + 1)[:, None]
    turn = np.linspace(0, 2 * np.pi, COLUMNS + 1)[None, :]
    return np.stack([np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar) + 0.0 * turn], axis=-1)


def skin(held: Skeleton, camera: Camera) -> Outline:
    """Outline of skull, jaw and nose."""
    from shapely import MultiPoint, union_all

    skull = MultiPoint([camera.flat(at) for at in _surface(held, _ball().reshape(-1, 3))]).convex_hull
    frame, at = held.frames["head"], held.points["head"]

    def ball(ahead: float, up: float, radius: float, aside: float = 0.0) -> tuple[Point, float]:
        return at + ahead * frame[:, 0] + aside * frame[:, 1] + up * frame[:, 2], radius

    cheeks = [ball(0.016, -0.05, 0.058, aside) for aside in (-0.015, 0.015)]
    chin = [ball(0.054, -0.1, 0.026, aside) for aside in (-0.016, 0.016)]
    jaw = hull(camera, [cheeks, chin])
    nose = hull(camera, [[ball(0.088, 0.005, 0.008)], [ball(0.108, -0.026, 0.009)], [ball(0.085, -0.034, 0.012)]])
    return smooth(union_all([smooth(union_all([skull, jaw]), 0.02), nose]), 0.005)


def hair(held: Skeleton, camera: Camera, *, tied: bool) -> Outline:
    """The hair that is seen; `tied` puts a bun behind the crown."""
    from shapely import Polygon, union_all

    units = _ball()
    placed = _surface(held, units.reshape(-1, 3), HAIR).reshape(units.shape)
    middle = (units[:-1, :-1] + units[1:, :-1] + units[:-1, 1:] + units[1:, 1:]) / 4
    seen = _faces(held, camera, middle) > -0.12
    grown = middle[..., 2] > -0.02 + 0.66 * middle[..., 0] - 0.16 * np.abs(middle[..., 1]) * (middle[..., 0] > 0)
    patches = []
    for row, column in zip(*np.nonzero(seen & grown), strict=True):
        corners = [placed[row, column], placed[row, column + 1], placed[row + 1, column + 1], placed[row + 1, column]]
        patches.append(Polygon([camera.flat(corner) for corner in corners]).buffer(0.003, 2))
    if tied:
        frame, at = held.frames["head"], held.points["head"]
        bun = at - 0.088 * frame[:, 0] + 0.088 * frame[:, 2]
        patches.append(hull(camera, [[(bun, 0.036)]]))
    return smooth(union_all(patches), 0.014)


def dots(held: Skeleton, camera: Camera) -> list[tuple[str, Outline]]:
    """Eyes, ears and mouth that are seen, as named shapes."""
    from shapely import LineString, Point

    found: list[tuple[str, Outline]] = []
    for side in (1.0, -1.0):
        eye = _unit(0.86, side * 0.42, 0.09)
        if _faces(held, camera, eye) > 0.12:
            found.append(("ink", Point(camera.flat(_surface(held, eye))).buffer(0.0078, 4)))
        ear = _unit(-0.12, side, -0.10)
        if _faces(held, camera, ear) > 0.25:
            found.append(("ear", Point(camera.flat(_surface(held, ear))).buffer(0.02, 5)))
    mouth = [_unit(0.82, y, -0.53 + 0.9 * y * y) for y in np.linspace(-0.3, 0.3, 7)]
    seen = [camera.flat(_surface(held, unit, 1.03)) for unit in mouth if _faces(held, camera, unit) > 0.1]
    if len(seen) > 2:
        found.append(("ink", LineString(seen).buffer(0.0026, 3)))
    return found


def _unit(ahead: float, left: float, up: float) -> Point:
    vector = np.array([ahead, left, up])
    unit: Point = vector / np.linalg.norm(vector)
    return unit
