"""A movement as it was measured, in the body's own coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from psoas.body.kinematics.sections import Array


@dataclass(frozen=True)
class Plate:
    """What one force plate measured, on the time grid of its motion, in the room's axes: forward, left, up.

    Attributes:
        name: prefix of its columns.
        side: foot that stood on it, `left` or `right`; empty when the file does not say.
        force_n: (F, 3) on the foot, N.
        moment_nm: (F, 3) about the origin of the room, N.m: of the force at the centre of pressure, with the free
            torque.
    """

    name: str
    side: str
    force_n: Array
    moment_nm: Array

    def centre_of_pressure_m(self, least_n: float) -> Array:
        """(F, 3) where the force meets the floor (z = 0), m; NaN where the plate carries less than `least_n`."""
        up = np.where(self.force_n[:, 2] > least_n, self.force_n[:, 2], np.nan)
        x, y = -self.moment_nm[:, 1] / up, self.moment_nm[:, 0] / up
        return np.stack([x, y, np.where(np.isnan(up), np.nan, 0.0)], axis=1)

    def moment_about(self, points_m: Array) -> Array:
        """(F, 3) moment about points (F, 3), N.m."""
        return np.asarray(self.moment_nm - np.cross(points_m, self.force_n))


@dataclass(frozen=True)
class Motion:
    """A movement in the coordinates of the body, on an even grid of time.

    Attributes:
        name: the file's name.
        time_s: (F,) seconds.
        q: (F, J) radians and metres in the order of `COORDINATES`, as measured: not smoothed, not checked for range.
        given: coordinates that the file gave; the others are zero, as in relaxed standing.
        plates: measured ground forces; empty when there are none.
        placed: whether the pelvis's place in the room is known.
        markers_m: residual of every marker (F, markers), m, when the angles came from markers.
        marker_names: in the order of `markers_m`.
        notes: what was assumed, bridged, left out or doubted, one sentence each.
    """

    name: str
    time_s: Array
    q: Array
    given: tuple[str, ...]
    plates: tuple[Plate, ...] = ()
    placed: bool = False
    markers_m: Array | None = None
    marker_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def rate_hz(self) -> float:
        """Frames a second."""
        return float((len(self.time_s) - 1) / (self.time_s[-1] - self.time_s[0]))

    def __repr__(self) -> str:
        seconds = self.time_s[-1] - self.time_s[0]
        return (
            f"Motion({self.name}: {len(self)} frames, {seconds:.3g} s at {self.rate_hz:.4g} Hz, "
            f"{len(self.given)} coordinates, {len(self.plates)} plates)"
        )
