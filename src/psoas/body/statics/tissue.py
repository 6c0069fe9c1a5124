"""Muscle and joint tissue of one person, with muscles shortened or stiffened as asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.coordinates import COORDINATES
from psoas.body.kinematics.posture import PostureError
from psoas.body.kinematics.sections import Array
from psoas.body.subject.model import Body

_LUMBAR = tuple(index for index, name in enumerate(COORDINATES) if name.startswith("lumbar_"))
LUMBAR_JOINTS = tuple(COORDINATES[index] for index in _LUMBAR)


@dataclass(frozen=True)
class Variation:
    """Factors on the nominal tissue, for sensitivity: 1 leaves it as it is.

    Attributes:
        psoas_strength: on the greatest force of psoas major, passive force included.
        extensor_strength: on that of the back muscles, beyond the nominal body's own factor.
        passive_muscle: on the passive force of every muscle.
        disc_stiffness: on the moments of discs and ligaments.
    """

    psoas_strength: float = 1.0
    extensor_strength: float = 1.0
    passive_muscle: float = 1.0
    disc_stiffness: float = 1.0


NOMINAL = Variation()


class Tissue:
    """What muscles and joints of a body can give at any posture.

    Args:
        body: the person's body.
        shorten: percent by which a muscle's fibres are shorter, by muscle (see ``Muscles.shortened``).
        stiffen: percent by which a muscle's passive force is greater at the same stretch.
        variation: factors for sensitivity.

    Raises:
        ValueError: unknown muscle, or a percentage out of range.
    """

    def __init__(
        self,
        body: Body,
        shorten: Mapping[str, float],
        stiffen: Mapping[str, float],
        variation: Variation = NOMINAL,
    ) -> None:
        for name in (*shorten, *stiffen):
            body.members(name)  # refuses an unknown muscle, with near names
        strength = body.muscles.strength_n.copy()
        strength[_members(body, ("psoas_major",))] *= variation.psoas_strength
        back = load_data("recruitment.yaml")["extensors"]
        strength[_members(body, back["muscles"])] *= variation.extensor_strength
        self._muscles = replace(body.muscles, strength_n=strength).shortened(dict(shorten))
        self._passive_factor = np.full(len(strength), variation.passive_muscle)
        low, high = load_data("recruitment.yaml")["stiffen_range_percent"]
        for name, percent in stiffen.items():
            if not low <= percent <= high:
                raise PostureError(f"stiffening of {name} is {percent:g} percent; expected {low} to {high}.")
            self._passive_factor[body.members(name)] *= 1.0 + percent / 100.0
        self._passive = body.passive
        self._disc_factor = variation.disc_stiffness

    def muscle_forces(self, lengths_m: Array) -> tuple[Array, Array]:
        """(active gain, passive force) of every fascicle, each (muscles,) in N, at its length."""
        return self._muscles.capacity_n(lengths_m), self._passive_factor * self._muscles.passive_n(lengths_m)

    def joint_torque(self, q: Array, compression_n: float | None = None) -> Array:
        """(coordinates,) torque of discs, ligaments and hip capsules, N.m, as it acts on the body."""
        torque = self._passive.moments(q, compression_n)
        torque[..., list(_LUMBAR)] *= self._disc_factor
        return torque

    def lumbar_give(self, q: Array, compression_n: float | None = None) -> Array:
        """What lumbar joints push back when they stand off a posture as far as they may, each way.

        A straight line through the torque at the angle that is priced (``give`` in ``data/recruitment.yaml``). Discs
        are stiffer backwards than forwards, so the two ways differ.

        Args:
            q: (..., coordinates) postures, radians.
            compression_n: preload of the levels; None takes the passive tissue's own.

        Returns:
            (..., 2, lumbar joints) N.m: the torque up of a joint lower than asked, the torque down of one higher;
            joints in the order of :data:`LUMBAR_JOINTS`.
        """
        price = load_data("recruitment.yaml")["give"]
        angle = np.radians(float(price["degrees"]))
        here = self.joint_torque(q, compression_n)
        ways = [self.joint_torque(q + sign * angle, compression_n) - here for sign in (-1.0, 1.0)]
        scale = float(price["most_degrees"]) / float(price["degrees"])
        return np.stack([scale * way[..., list(_LUMBAR)] for way in ways], axis=-2)


def _members(body: Body, groups: tuple[str, ...] | list[str]) -> Array:
    return np.concatenate([body.members(f"{group}_{side}") for group in groups for side in ("left", "right")])
