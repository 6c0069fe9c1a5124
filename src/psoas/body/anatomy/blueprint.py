"""The body as plain data, before it becomes a MuJoCo model.

Everything lies in one frame at the neutral posture: x forward, y left, z up, metres, origin midway between the hip
centres. A correction to the anatomy is then a small function from a blueprint to a blueprint, and the model is compiled
from the result. Only the midline and the right side are held; the left side is the right one mirrored at compile time,
so the body is symmetric to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """A bone's surface: `vertices` (n, 3) in metres and `faces` (m, 3), indices into them."""

    vertices: Vector
    faces: NDArray[np.int64]

    @cached_property
    def triangles(self) -> tuple[Vector, Vector, Vector]:
        """Corners (m, 3, 3), centres (m, 3), and how far each triangle reaches from its centre (m,), metres."""
        corners = self.vertices[self.faces]
        centres = corners.mean(axis=1)
        return corners, centres, np.linalg.norm(corners - centres[:, None], axis=2).max(axis=1)

    def moved(self, shift_m: Vector) -> Surface:
        """The same surface moved by `shift_m` (3,)."""
        return Surface(self.vertices + shift_m, self.faces)


@dataclass(frozen=True)
class Joint:
    """One degree of freedom of a bone. `anchor` and `axis` are (3,); a slide ignores its anchor.

    `polynomial` holds c0..c4 of a dependent joint that follows coordinate `follows`; an independent joint has neither.
    """

    name: str
    kind: str
    anchor: Vector
    axis: Vector
    follows: tuple[str, ...] = ()
    polynomial: tuple[float, ...] = ()


@dataclass(frozen=True)
class Bone:
    """A rigid segment; `origin`, `com` (3,) and `inertia` (3, 3) about the centre of mass, along the neutral axes."""

    name: str
    parent: str
    origin: Vector
    joints: tuple[Joint, ...] = ()
    mass_kg: float = 0.0
    com: Vector = field(default_factory=lambda: np.zeros(3))
    inertia: Vector = field(default_factory=lambda: np.zeros((3, 3)))


@dataclass(frozen=True)
class Point:
    """A point of a muscle's path, carried by `bone`; `position` is (3,) at the neutral posture."""

    bone: str
    position: Vector


@dataclass(frozen=True)
class Wrap:
    """A sphere or cylinder a muscle slides over, carried by `bone`."""

    name: str
    bone: str
    kind: str
    centre: Vector
    axis: Vector
    radius_m: float
    half_length_m: float


@dataclass(frozen=True)
class Over:
    """A step of a path that goes over the wrap named `wrap`, on the side where the point `side` lies."""

    wrap: str
    side: Point | None


Step = Point | Over


@dataclass(frozen=True)
class Route:
    """One fascicle: its path from origin to insertion and its strength.

    `group` is the public muscle it belongs to, `source_name` the name of the actuator it was read from.
    """

    name: str
    group: str
    steps: tuple[Step, ...]
    strength_n: float
    source_name: str

    @property
    def points(self) -> tuple[Point, ...]:
        """The path's points without its wraps."""
        return tuple(step for step in self.steps if isinstance(step, Point))

    def with_end(self, index: int, point: Point) -> Route:
        """The same route with its first (0) or last (-1) step replaced."""
        steps = list(self.steps)
        steps[index] = point
        return replace(self, steps=tuple(steps))


@dataclass
class Blueprint:
    """The body being put together. `notes` collects what each correction measured, for the report and the tests."""

    bones: dict[str, Bone]
    wraps: dict[str, Wrap]
    routes: dict[str, Route]
    surfaces: dict[str, Surface]
    notes: dict[str, float] = field(default_factory=dict)


MIRROR = np.array([1.0, -1.0, 1.0])
