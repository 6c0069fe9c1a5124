"""Fascicles: names, strength, architecture, and what they can pull at a length.

A fascicle is a fibre in series with a stiff tendon. With normalised fibre length l, it can pull
strength * bell(l) * cos(pennation) when fully active and pulls strength * stretch(l) * cos(pennation) when relaxed:
bell(l) = exp(-(l - 1)^2 / w), stretch(l) = (exp(k t) - 1) / (exp(k) - 1), t = (l - 1 - start) / (full - start) or 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Vector


@dataclass(frozen=True)
class Muscles:
    """One entry per fascicle (M). `names` carry the side; `groups` are the public muscles with their side.

    strength_n (M,): greatest isometric force at optimal fibre length; optimal_fibre_m, slack_m (M,): optimal fibre and
    tendon slack length; pennation_rad (M,): at optimal fibre length; passive_start, passive_full (M,): fibre strain
    where a relaxed fibre starts to pull and where it pulls with its full strength.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    strength_n: Vector
    optimal_fibre_m: Vector
    slack_m: Vector
    pennation_rad: Vector
    passive_start: Vector
    passive_full: Vector

    @cached_property
    def public_names(self) -> tuple[str, ...]:
        """The public muscles, each once, in order."""
        return tuple(dict.fromkeys(self.groups))

    @cached_property
    def _members(self) -> dict[str, NDArray[np.intp]]:
        found: dict[str, list[int]] = {}
        for index, (name, group) in enumerate(zip(self.names, self.groups, strict=True)):
            found.setdefault(group, []).append(index)
            if name != group:
                found.setdefault(name, []).append(index)
        return {key: np.array(value) for key, value in found.items()}

    def members(self, muscle: str) -> NDArray[np.intp]:
        """Indices of the fascicles of a public muscle or fascicle; empty when there is none of that name.

        Args:
            muscle: a public muscle with its side, or a fascicle.

        Returns:
            Indices (k,) into every fascicle array; (0,) when there is none of that name.
        """
        return self._members.get(muscle, np.array([], dtype=np.intp))

    def fibre_lengths_m(self, lengths_m: Vector) -> Vector:
        """Fibre lengths (..., M) for fascicle lengths (..., M); a slack fascicle's fibre ends at its thickness.

        The fibre keeps its thickness h = optimal * sin(pennation), so that fibre^2 = (length - slack)^2 + h^2.

        Args:
            lengths_m: (..., M) origin to insertion, metres.

        Returns:
            (..., M) metres.
        """
        thickness = self.optimal_fibre_m * np.sin(self.pennation_rad)
        along = np.maximum(np.asarray(lengths_m) - self.slack_m, 0.0)
        return np.asarray(np.hypot(along, thickness))

    def normalised_lengths(self, lengths_m: Vector) -> Vector:
        """Fibre lengths (..., M) as multiples of the optimal fibre length.

        Args:
            lengths_m: (..., M) origin to insertion, metres.

        Returns:
            (..., M), 1 at the optimal fibre length.
        """
        return np.asarray(self.fibre_lengths_m(lengths_m) / self.optimal_fibre_m)

    def capacity_n(self, lengths_m: Vector) -> Vector:
        """Force (..., M) along the tendon that full activation adds at fascicle lengths (..., M), newtons.

        Args:
            lengths_m: (..., M) origin to insertion, metres.

        Returns:
            (..., M) newtons, + pulls.
        """
        normal = self.normalised_lengths(lengths_m)
        return self.strength_n * active_share(normal) * self._cosine(lengths_m)

    def passive_n(self, lengths_m: Vector) -> Vector:
        """Force (..., M) along the tendon of the relaxed fascicles at lengths (..., M), newtons.

        Args:
            lengths_m: (..., M) origin to insertion, metres.

        Returns:
            (..., M) newtons, + pulls.
        """
        normal = self.normalised_lengths(lengths_m)
        return self.strength_n * passive_share(normal, self.passive_start, self.passive_full) * self._cosine(lengths_m)

    def _cosine(self, lengths_m: Vector) -> Vector:
        fibre = self.fibre_lengths_m(lengths_m)
        thickness = self.optimal_fibre_m * np.sin(self.pennation_rad)
        return np.asarray(np.sqrt(np.maximum(1.0 - (thickness / fibre) ** 2, 0.0)))

    def shortened(self, percent_by_muscle: dict[str, float]) -> Muscles:
        """The same muscles with some tight: `{"psoas_major_right": 10}` takes a tenth off its fibres' slack length.

        A relaxed fibre starts to resist at its optimal length, so that length is what shortens, as when sarcomeres
        in series are lost. Negative percentages lengthen.

        Args:
            percent_by_muscle: percent off the optimal fibre length, -50 to 50, by muscle or fascicle.

        Returns:
            New muscles; these are left as they are.

        Raises:
            ValueError: an unknown muscle, or a percentage out of range.
        """
        fibre = self.optimal_fibre_m.copy()
        pennation = self.pennation_rad.copy()
        for muscle, percent in percent_by_muscle.items():
            at = self.members(muscle)
            if at.size == 0:
                raise ValueError(f"muscle is {muscle!r}; expected one of {', '.join(self.public_names)}")
            if not -50.0 <= percent <= 50.0:
                raise ValueError(f"shortening of {muscle} is {percent:g} percent; expected -50 to 50.")
            fibre[at] *= 1.0 - percent / 100.0
            pennation[at] = np.arcsin(np.sin(self.pennation_rad[at]) / (1.0 - percent / 100.0))
        return replace(self, optimal_fibre_m=fibre, pennation_rad=pennation)


def active_share(normal: Vector) -> Vector:
    """Share of strength a fully active fibre can pull at normalised lengths `normal`, any shape.

    Args:
        normal: fibre lengths over the optimal one, any shape.

    Returns:
        The same shape, 0 to 1.
    """
    width = float(load_data("muscle_architecture.yaml")["curves"]["active_width"]["value"])
    return np.asarray(np.exp(-((np.asarray(normal) - 1.0) ** 2) / width))


def passive_share(normal: Vector, start: Vector | float, full: Vector | float) -> Vector:
    """Share of strength a relaxed fibre pulls at normalised lengths `normal`; it reaches 1 at 1 + `full`.

    Beyond that it goes on as a straight line, so that an impossible length cannot overflow.
    """
    exponent = float(load_data("muscle_architecture.yaml")["curves"]["passive_exponent"]["value"])
    stretch = np.maximum(np.asarray(normal) - 1.0 - start, 0.0) / (np.asarray(full) - start)
    curve = np.expm1(exponent * np.minimum(stretch, 1.0)) / np.expm1(exponent)
    slope = exponent * np.exp(exponent) / np.expm1(exponent)
    return np.asarray(curve + slope * np.maximum(stretch - 1.0, 0.0))
