"""Muscle and joint tissue of one person, with muscles shortened or stiffened as asked (interim: strength only)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from psoas.body.model import Body
from psoas.body.sections import Array


class Tissue:
    def __init__(self, body: Body, shorten: Mapping[str, float], stiffen: Mapping[str, float]) -> None:
        self._body = body

    def muscle_forces(self, lengths_m: Array) -> tuple[Array, Array]:
        return self._body.muscles.strength_n.copy(), np.zeros(len(lengths_m))

    def joint_torque(self, q: Array) -> Array:
        return np.zeros(len(q))
