"""Distances from points to bone surfaces."""

from __future__ import annotations

import numpy as np

from psoas.body.anatomy.blueprint import Surface, Vector


def closest_points(points: Vector, surface: Surface) -> Vector:
    """The nearest surface point to each of `points` (n, 3): an array (n, 3), metres."""
    triangles, centres, reach = surface.triangles
    found = []
    for point in np.atleast_2d(points):
        away = np.linalg.norm(centres - point, axis=1)
        # A triangle cannot hold the nearest point if all of another one is nearer than its nearest corner could be.
        near = away - reach <= (away + reach).min()
        found.append(_closest_on_triangles(point, triangles[near]))
    return np.array(found)


def distances_m(points: Vector, surface: Surface) -> Vector:
    """Distance of each of `points` (n, 3) to the surface, an array (n,), metres; zero or more inside as outside."""
    points = np.atleast_2d(points)
    return np.asarray(np.linalg.norm(points - closest_points(points, surface), axis=1))


def _closest_on_triangles(point: Vector, triangles: Vector) -> Vector:
    """The point nearest to `point` (3,) on any of `triangles` (m, 3, 3).

    Each triangle's nearest point is either the foot of the perpendicular, if it falls inside, or lies on an edge.
    """
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    candidates = [_closest_on_segments(point, p, q) for p, q in ((a, b), (b, c), (c, a))]
    normal = _cross(b - a, c - a)
    area = np.einsum("ij,ij->i", normal, normal)
    whole = area > 1e-20
    height = np.einsum("ij,ij->i", point - a, normal) / np.where(whole, area, 1.0)
    foot = point - height[:, None] * normal
    inside = whole.copy()
    for p, q in ((a, b), (b, c), (c, a)):
        inside &= np.einsum("ij,ij->i", _cross(q - p, foot - p), normal) >= 0
    candidates.append(np.where(inside[:, None], foot, a))
    every = np.vstack(candidates)
    return np.asarray(every[np.argmin(np.linalg.norm(every - point, axis=1))])


def _closest_on_segments(point: Vector, start: Vector, end: Vector) -> Vector:
    along = end - start
    length = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", point - start, along) / np.where(length > 0, length, 1.0)
    return np.asarray(start + np.clip(share, 0.0, 1.0)[:, None] * along)


def _cross(one: Vector, two: Vector) -> Vector:
    """Row by row cross product of arrays (n, 3); NumPy's own spends most of its time on axes."""
    return np.stack(
        [
            one[:, 1] * two[:, 2] - one[:, 2] * two[:, 1],
            one[:, 2] * two[:, 0] - one[:, 0] * two[:, 2],
            one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0],
        ],
        axis=1,
    )
