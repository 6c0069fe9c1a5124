"""What a movement loads: arrays over frames, and the same as columns with units in their names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psoas.body.kinematics.coordinates import COORDINATES, SLIDES
from psoas.body.kinematics.posture import SIDES
from psoas.body.kinematics.sections import Array


@dataclass(frozen=True)
class MotionLoads:
    """Loads of every frame of a movement. F frames, L levels, J coordinates, M fascicles; sides left, right.

    Attributes:
        name: of the motion.
        time_s: (F,).
        levels: names of the levels, `L5/S1` last.
        q: (F, J) smoothed joint coordinates, radians and metres.
        compression_n, shear_n, lateral_shear_n: (F, L); + presses, + pulls the upper vertebra forward, + to the left.
        hips_n: (F, 2) resultant on the left and the right femoral head.
        moments_nm: (F, J) net joint moments: what muscles and passive tissue give together, + drives the coordinate up.
        residual_n, residual_nm: (F, 3) what the pelvis would need from nowhere: force forward, left and up, and moment
            along tilt, list and rotation. Zero would mean that forces and movement agree wholly.
        ground_n: (F, 2, 3) force on the left and the right foot, measured or estimated.
        ground_measured: whether plates gave it.
        activation, force_n, passive_n: (F, M).
        psoas_length_m, psoas_fibre_of_optimal: (F, 2) strength-weighted means over the fascicles of psoas major.
        psoas_n: (F, 2) summed tension; psoas_hip_nm: (F, 2) its hip flexion moment; psoas_lumbar_nm: (F, L) moment of
            both sides about each level's flexion axis, + bends forward.
        psoas_press_n: (F, L) what psoas major of both sides adds to the compression of each level.
        effort: (F,) sum of activation to the power asked.
        reserves_nm: (F,) largest joint moment that nobody could give.
        feasible: (F,) muscles alone give what is needed.
        reason: one sentence a frame, empty when feasible; a frame without an answer holds NaN.
        muscles: names of the M fascicles; groups: the muscle each belongs to.
        notes: what was assumed or done, one sentence each.
    """

    name: str
    time_s: Array
    levels: tuple[str, ...]
    q: Array
    compression_n: Array
    shear_n: Array
    lateral_shear_n: Array
    hips_n: Array
    moments_nm: Array
    residual_n: Array
    residual_nm: Array
    ground_n: Array
    ground_measured: bool
    activation: Array = field(repr=False)
    force_n: Array = field(repr=False)
    passive_n: Array = field(repr=False)
    psoas_length_m: Array
    psoas_fibre_of_optimal: Array
    psoas_n: Array
    psoas_hip_nm: Array
    psoas_lumbar_nm: Array
    psoas_press_n: Array
    effort: Array
    reserves_nm: Array
    feasible: NDArray[np.bool_]
    reason: tuple[str, ...] = field(repr=False)
    muscles: tuple[str, ...] = field(repr=False)
    groups: tuple[str, ...] = field(repr=False)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.time_s)

    def level(self, name: str) -> int:
        """Column of a level such as `L5/S1`."""
        return self.levels.index(name)

    @property
    def solved(self) -> NDArray[np.bool_]:
        """(F,) frames that have an answer."""
        return np.isfinite(self.compression_n[:, 0])

    def muscle_n(self, group: str) -> Array:
        """(F,) summed tension of a muscle such as `psoas_major_right`, N."""
        members = [at for at, of in enumerate(self.groups) if of == group]
        if not members:
            raise ValueError(f"muscle is {group!r}; expected one such as {self.groups[0]}.")
        return np.asarray(self.force_n[:, members].sum(axis=1))

    def columns(self) -> dict[str, Array]:
        """Every figure over time as a column (F,) with its unit at the end of the name."""
        out: dict[str, Array] = {"time_s": self.time_s}
        for at, level in enumerate(self.levels):
            key = level.lower().replace("/", "_")
            out[f"compression_{key}_n"] = self.compression_n[:, at]
            out[f"shear_{key}_n"] = self.shear_n[:, at]
            out[f"lateral_shear_{key}_n"] = self.lateral_shear_n[:, at]
            out[f"psoas_compression_{key}_n"] = self.psoas_press_n[:, at]
        for at, side in enumerate(SIDES):
            out[f"hip_contact_{side}_n"] = self.hips_n[:, at]
            out[f"psoas_{side}_n"] = self.psoas_n[:, at]
            out[f"psoas_length_{side}_m"] = self.psoas_length_m[:, at]
            out[f"psoas_hip_moment_{side}_nm"] = self.psoas_hip_nm[:, at]
            for axis, way in enumerate(("forward", "left", "up")):
                out[f"ground_{way}_{side}_n"] = self.ground_n[:, at, axis]
        for at, name in enumerate(COORDINATES):
            if at >= len(SLIDES) + 3:
                out[f"{name}_moment_nm"] = self.moments_nm[:, at]
        for at, way in enumerate(("forward", "left", "up")):
            out[f"residual_force_{way}_n"] = self.residual_n[:, at]
        for at, way in enumerate(("tilt", "list", "rotation")):
            out[f"residual_moment_{way}_nm"] = self.residual_nm[:, at]
        for group in dict.fromkeys(self.groups):
            out[f"{group}_n"] = self.muscle_n(group)
        out |= {"effort": self.effort, "reserve_nm": self.reserves_nm, "feasible": self.feasible.astype(float)}
        return out

    def summary(self) -> dict[str, Any]:
        """The largest and the mean of what people ask first, as plain numbers; nothing where no frame was solved."""
        good = self.solved
        levels = {
            level: {
                "compression_max_n": _top(self.compression_n[good, at]),
                "compression_mean_n": _mean(self.compression_n[good, at]),
                "shear_max_n": _top(self.shear_n[good, at]),
                "at_s": _when(self.time_s[good], self.compression_n[good, at]),
            }
            for at, level in enumerate(self.levels)
        }
        sides = {
            side: {
                "hip_contact_max_n": _top(self.hips_n[good, at]),
                "psoas_max_n": _top(self.psoas_n[good, at]),
                "psoas_at_s": _when(self.time_s[good], self.psoas_n[good, at]),
            }
            for at, side in enumerate(SIDES)
        }
        return {
            "motion": self.name,
            "frames": len(self),
            "solved": int(good.sum()),
            "feasible": int(self.feasible.sum()),
            "ground": "measured" if self.ground_measured else "estimated",
            "residual_force_rms_n": _rms(self.residual_n[good]),
            "residual_moment_rms_nm": _rms(self.residual_nm[good]),
            "levels": levels,
            "sides": sides,
            "notes": list(self.notes),
            "failed": [
                {"time_s": float(time), "reason": why}
                for time, why in zip(self.time_s, self.reason, strict=True)
                if why
            ],
        }


def _top(values: Array) -> float | None:
    return float(values[np.argmax(np.abs(values))]) if len(values) else None


def _mean(values: Array) -> float | None:
    return float(values.mean()) if len(values) else None


def _when(time_s: Array, values: Array) -> float | None:
    return float(time_s[np.argmax(values)]) if len(values) else None


def _rms(vectors: Array) -> float | None:
    """Root mean square length of vectors (n, 3)."""
    return float(np.sqrt(np.mean(np.sum(vectors**2, axis=1)))) if len(vectors) else None
