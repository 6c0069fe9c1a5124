"""The table of fascicles: names, strength and architecture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from psoas.body.blueprint import Vector


@dataclass(frozen=True)
class Muscles:
    """One entry per fascicle (M). `names` carry the side; `groups` are the public muscles with their side.

    strength_n (M,): greatest isometric force at optimal fibre length; optimal_fibre_m, slack_m (M,): optimal fibre and
    tendon slack length; pennation_rad (M,): at optimal fibre length.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    strength_n: Vector
    optimal_fibre_m: Vector
    slack_m: Vector
    pennation_rad: Vector

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
        """Indices of the fascicles of a public muscle or fascicle; empty when there is none of that name."""
        return self._members.get(muscle, np.array([], dtype=np.intp))
