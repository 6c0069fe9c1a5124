"""The geometry of a leg as smooth polynomials: fascicle lengths and centres of mass over hip and knee.

A test of flexor length is solved hundreds of times for one estimate and hundreds of thousands of times for a study, and
every step needs second derivatives. So the reference body is measured once on a grid (Chebyshev nodes), a polynomial is
fitted, and the polynomial is kept in the cache. Bodies of other sizes are the same shape, so one fit serves all.
"""

from __future__ import annotations

import io
import itertools
import os
import tempfile
import zipfile
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
from numpy.polynomial import chebyshev

from psoas.body._data import load_data
from psoas.body._folders import cache_folder
from psoas.body.anatomy.blueprint import Vector
from psoas.body.flexibility.pelvis_tilt import tilt_in
from psoas.body.kinematics.coordinates import INDEX, coordinate_vector
from psoas.body.subject.cache import cache_key

LEG = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_flexion")
"""Order of the leg's coordinates, radians. A left leg is the mirror of a right one."""

SEGMENTS = ("femur", "tibia", "foot")
_PAIRS = tuple(itertools.combinations_with_replacement(range(len(LEG)), 2))


@dataclass(frozen=True)
class LegSurface:
    """Polynomials of the right leg of the reference body, and its muscles that cross hip or knee (M fascicles).

    low, high (4,): the box of angles the fit holds in, radians. powers (B, 4): Chebyshev degrees of each term.
    coefficients (B, M + 9): fascicle lengths, then centres of mass of thigh, shank and foot in the pelvis's frame
    (forward, left, up), metres. names, groups (M,) are without side; the other (M,) arrays are those of `Muscles`;
    capsule (4,): the hip capsule's parameters.
    """

    low: Vector
    high: Vector
    powers: Vector
    coefficients: Vector
    names: Vector
    groups: Vector
    strength_n: Vector
    optimal_fibre_m: Vector
    slack_m: Vector
    pennation_rad: Vector
    passive_start: Vector
    passive_full: Vector
    capsule: Vector

    @property
    def count(self) -> int:
        """Number of fascicles."""
        return len(self.names)

    def evaluate(self, q: Vector) -> tuple[Vector, Vector, Vector]:
        """Values (N, K), slopes (N, 4, K) and curvatures (N, 4, 4, K) at angles `q` (N, 4) in radians.

        K counts the fascicles, then the nine coordinates of the centres of mass; metres and metres per radian.
        """
        scale = 2.0 / (self.high - self.low)
        u = (q - self.low) * scale - 1.0
        tables = [_table(u[:, d], int(self.powers[:, d].max()), float(scale[d])) for d in range(len(LEG))]
        # parts[d][k] (N, B): factor of coordinate d in every term, k times differentiated.
        parts = [[table[k][:, self.powers[:, d]] for k in range(3)] for d, table in enumerate(tables)]
        orders = [(0, 0, 0, 0), *(_orders(d) for d in range(4)), *(_orders(*pair) for pair in _PAIRS)]
        terms = np.stack([parts[0][a] * parts[1][b] * parts[2][c] * parts[3][d] for a, b, c, d in orders])
        rows, people, size = terms.shape
        found = (terms.reshape(rows * people, size) @ self.coefficients).reshape(rows, people, -1)
        curvature = np.empty((people, 4, 4, found.shape[2]))
        for at, (i, j) in enumerate(_PAIRS):
            curvature[:, i, j] = curvature[:, j, i] = found[5 + at]
        return found[0], np.moveaxis(found[1:5], 0, 1), curvature


def _orders(*which: int) -> tuple[int, int, int, int]:
    return (which.count(0), which.count(1), which.count(2), which.count(3))


def _table(u: Vector, degree: int, scale: float) -> tuple[Vector, Vector, Vector]:
    """Chebyshev polynomials (N, degree + 1) at `u` (N,) with first and second derivative per radian."""
    first, second = _derivatives(degree)
    value = chebyshev.chebvander(u, degree)
    return np.asarray(value), scale * (value @ first), scale**2 * (value @ second)


@cache
def _derivatives(degree: int) -> tuple[Vector, Vector]:
    """Matrices (degree + 1, degree + 1) that take Chebyshev polynomials to their first and second derivatives."""
    first = np.zeros((degree + 1, degree + 1))
    first[:degree] = chebyshev.chebder(np.eye(degree + 1), 1, axis=0)
    return first, first @ first


@cache
def leg_surface() -> LegSurface:
    """The surface of this version, from the cache when it is there; needs MuJoCo only to build it."""
    path = cache_folder() / f"leg-{cache_key()}.npz"
    found = _read(path)
    if found is None:
        found = build_surface()
        _write(path, found)
    return found


def build_surface() -> LegSurface:
    """Measures the reference body on the grid of `tightness.yaml` and fits the polynomials."""
    from psoas.body.kinematics.geometry import Kinematics
    from psoas.body.subject.build import compiled_body

    data = load_data("tightness.yaml")["surface"]
    low, high = (np.radians([float(data["box_deg"][name][end]) for name in LEG]) for end in (0, 1))
    powers = _powers(data["degree"], int(data["total_degree"]), int(data["knee_alone_degree"]))
    compiled = compiled_body()
    kinematics = Kinematics(compiled.model, compiled.dependencies)
    back = coordinate_vector({"lumbar_flexion": tilt_in("supine", held=True)[0]})
    columns = [INDEX[f"{name}_right"] for name in LEG]
    crossing = np.abs(kinematics.evaluate(back).arms_m[columns]).max(axis=0) > 1e-9
    bones = [kinematics.model.body(f"{name}_right").id for name in SEGMENTS]
    origin = kinematics.model.body("pelvis").id
    nodes = [np.cos(np.pi * (np.arange(n) + 0.5) / n) for n in (int(data["nodes"][name]) for name in LEG)]
    grid = np.array(list(itertools.product(*nodes)))
    measured = []
    for u in grid:
        q = back.copy()
        q[columns] = low + 0.5 * (u + 1.0) * (high - low)
        lengths = kinematics.lengths(q)[crossing]
        centres = kinematics.data.xipos[bones] - kinematics.data.xpos[origin]
        measured.append(np.concatenate([lengths, centres.ravel()]))
    tables = [chebyshev.chebvander(grid[:, d], int(powers[:, d].max())) for d in range(len(LEG))]
    terms = np.prod([tables[d][:, powers[:, d]] for d in range(len(LEG))], axis=0)
    coefficients = np.linalg.lstsq(terms, np.array(measured), rcond=None)[0]
    muscles, capsule = compiled.muscles, compiled.capsule
    at = np.flatnonzero(crossing)
    return LegSurface(
        low, high, powers, coefficients,
        np.array([muscles.names[i].removesuffix("_right") for i in at]),
        np.array([muscles.groups[i].removesuffix("_right") for i in at]),
        muscles.strength_n[at], muscles.optimal_fibre_m[at], muscles.slack_m[at], muscles.pennation_rad[at],
        muscles.passive_start[at], muscles.passive_full[at],
        np.array([capsule.front_nm, capsule.front_deg, capsule.back_nm, capsule.back_deg]),
    )  # fmt: skip


def _powers(degree: dict[str, int], total: int, knee_alone: int) -> Vector:
    """Terms up to a total degree, and higher ones of the knee alone, over whose edges most muscles bend."""
    found = set(itertools.product(*(range(int(degree[name]) + 1) for name in LEG)))
    kept = [powers for powers in found if sum(powers) <= total]
    kept += [(0, 0, 0, power) for power in range(int(degree["knee_flexion"]) + 1, knee_alone + 1)]
    return np.array(sorted(kept), dtype=int)


def _read(path: Path) -> LegSurface | None:
    """The surface in `path`, or None when there is none or it is damaged (the container's checksums do not hold)."""
    try:
        with np.load(path, allow_pickle=False) as held:
            return LegSurface(**{field.name: held[field.name] for field in fields(LegSurface)})
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def _write(path: Path, surface: LegSurface) -> None:
    """Writes in one step; a folder that cannot be written means building every time."""
    content = io.BytesIO()
    np.savez(content, **{field.name: getattr(surface, field.name) for field in fields(LegSurface)})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content.getvalue())
        Path(name).replace(path)
    except OSError:
        return
