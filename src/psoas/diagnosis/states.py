"""The joint states of the network: no source, one, two or three at once, enumerated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

MOST_AT_ONCE = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class States:
    """Every set of at most three sources.

    Attributes:
        sources: ids, in the order of the rows of `member`.
        sets: the members of each state, as positions in `sources`; the empty state comes first.
        member: `(sources, states)`, 1 where the source is present.
        without: `(sources, states)`, position of the state with that source taken away.
        member_bits: `member` as whole numbers.
    """

    sources: tuple[str, ...]
    sets: tuple[tuple[int, ...], ...]
    member: Floats
    without: NDArray[np.intp]
    member_bits: NDArray[np.intp]

    def containing(self, wanted: Sequence[int]) -> Floats:
        """1 for each state in which all these sources are present; shape `(states,)`."""
        found: Floats = self.member[list(wanted)].prod(axis=0)
        return found


@lru_cache(maxsize=4)
def states_of(sources: tuple[str, ...]) -> States:
    """The joint states of these sources."""
    sets = tuple(one for size in range(MOST_AT_ONCE + 1) for one in combinations(range(len(sources)), size))
    position = {one: number for number, one in enumerate(sets)}
    member = np.zeros((len(sources), len(sets)))
    without = np.tile(np.arange(len(sets)), (len(sources), 1))
    for number, one in enumerate(sets):
        for source in one:
            member[source, number] = 1.0
            without[source, number] = position[tuple(other for other in one if other != source)]
    return States(sources, sets, member, without, member.astype(np.intp))
