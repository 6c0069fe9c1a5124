"""Muscle and joint tissue of one person, with muscles shortened or stiffened as asked (interim: strength only)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from psoas.body.model import Body
from psoas.body.sections import Array


@dataclass(frozen=True)
class Variation:
    """Factors on the nominal tissue, for sensitivity: 1 leaves it as it is."""

    psoas_strength: float = 1.0
    passive_muscle: float = 1.0
    disc_stiffness: float = 1.0
    extensor_strength: float = 1.0


NOMINAL = Variation()


class Tissue:
    def __init__(
        self,
        body: Body,
        shorten: Mapping[str, float],
        stiffen: Mapping[str, float],
        variation: Variation = NOMINAL,
    ) -> None:
        self._body = body

    def muscle_forces(self, lengths_m: Array) -> tuple[Array, Array]:
        f = self._body.muscles.strength_n.copy()
        trunk = np.array(
            [
                not g.startswith("psoas")
                and any(
                    k in g for k in ("abdominis", "oblique", "multifidus", "iliocostalis", "longissimus", "quadratus_l")
                )
                for g in self._body.muscles.groups
            ]
        )
        f[trunk] *= 2.0
        return f, np.zeros(len(lengths_m))

    def joint_torque(self, q: Array) -> Array:
        return np.zeros(len(q))

    def lumbar_stiffness(self, q: Array) -> dict[str, float]:
        from psoas.body._data import load_data
        from psoas.body.coordinates import COORDINATES

        table = load_data("recruitment.yaml")["give"]["stiffness_nm_per_deg"]
        return {
            name: float(table[name.removeprefix("lumbar_").rsplit("_", 1)[0]]) * np.degrees(1.0)
            for name in COORDINATES
            if name.startswith("lumbar_")
        }
