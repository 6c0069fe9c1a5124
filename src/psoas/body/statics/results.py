"""What a solved posture tells: loads by level, muscle and hip, and how well it balances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psoas.body.kinematics.posture import Posture
from psoas.body.kinematics.sections import Array


@dataclass(frozen=True)
class LevelLoad:
    """What passes through one level.

    Attributes:
        compression_n: + presses along the end-plate's normal.
        shear_n: in the end-plate, + pulls the upper vertebra forward.
        lateral_shear_n: + pulls the upper vertebra to the left.
        disc_pressure_mpa: for comparison with measurements; the band is over published conversions.
        share_n: compression by cause: ``weight``, ``load``, ``contact``, ``abdominal_pressure`` and every muscle.
    """

    compression_n: float
    shear_n: float
    lateral_shear_n: float
    disc_pressure_mpa: float
    disc_pressure_band_mpa: tuple[float, float]
    share_n: Mapping[str, float] = field(repr=False)


@dataclass(frozen=True)
class MuscleLoad:
    """A muscle's force, N; activation, 0 to 1 (strength-weighted over its fascicles); passive part of the force, N."""

    force_n: float
    activation: float
    passive_n: float


@dataclass(frozen=True)
class Fascicles:
    """Force, activation and passive force of every fascicle, arrays (muscles,) until someone asks for the table."""

    names: tuple[str, ...]
    force_n: Array
    activation: Array
    passive_n: Array

    def table(self) -> dict[str, MuscleLoad]:
        """The same by fascicle name."""
        columns = zip(self.force_n.tolist(), self.activation.tolist(), self.passive_n.tolist(), strict=True)
        return {name: MuscleLoad(*row) for name, row in zip(self.names, columns, strict=True)}


@dataclass(frozen=True)
class Loads:
    """The answer for one posture.

    Attributes:
        posture: as it was solved, legs placed under the centre of mass.
        levels: by name, ``L5/S1`` to ``T12/L1``.
        hips_n: resultant contact force on each femoral head, N.
        muscles: by public muscle, fascicles summed.
        supports_n: force of each support group, N.
        gives_deg: how far each lumbar joint stands off the angle asked, degrees.
        effort: squared activations summed over the fascicles, each weighted by its volume (mean weight 1).
        residual_nm: largest torque or force left unbalanced, N.m or N: rounding.
        reserves_nm: largest torque or force that neither muscle nor support could give.
        feasible: muscles and supports alone hold the posture.
        reasons: why not, one sentence each.
    """

    posture: Posture
    levels: Mapping[str, LevelLoad]
    hips_n: Mapping[str, float]
    muscles: Mapping[str, MuscleLoad]
    fascicle_arrays: Fascicles = field(repr=False)
    supports_n: Mapping[str, float]
    gives_deg: Mapping[str, float] = field(repr=False)
    effort: float
    residual_nm: float
    reserves_nm: float
    feasible: bool
    reasons: tuple[str, ...]

    @property
    def fascicles(self) -> dict[str, MuscleLoad]:
        """As `muscles`, fascicle by fascicle."""
        return self.fascicle_arrays.table()

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers by level and muscle, in the shape that other programs rely on."""
        return {
            "levels": {
                name: {
                    "compression_n": load.compression_n,
                    "shear_n": load.shear_n,
                    "disc_pressure_mpa": load.disc_pressure_mpa,
                }
                for name, load in self.levels.items()
            },
            "muscles": {
                name: {"force_n": m.force_n, "activation": m.activation, "passive_n": m.passive_n}
                for name, m in self.muscles.items()
            },
            "residual_nm": self.residual_nm,
            "reserves_nm": self.reserves_nm,
            "feasible": self.feasible,
        }
