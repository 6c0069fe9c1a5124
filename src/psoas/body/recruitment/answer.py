"""What recruitment answers with, and the errors it raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class RecruitmentError(ArithmeticError):
    """No trustworthy activations were found."""


class InfeasibleError(RecruitmentError):
    """No activations between their limits reach the torques.

    Attributes:
        shortfall_nm: (joints,) torque that the muscles leave open at each joint, N.m, at the nearest they come.
    """

    def __init__(self, message: str, shortfall_nm: Array) -> None:
        super().__init__(message)
        self.shortfall_nm = shortfall_nm


class ConvergenceError(RecruitmentError):
    """The solver stopped without an answer that passes its checks."""


@dataclass(frozen=True, slots=True)
class Recruitment:
    """The answer for one posture.

    Attributes:
        activation: (muscles,) effort of each muscle, from its lower limit to 1.
        reserve_nm: (joints,) torque in N.m that no muscle gives; zeros when `feasible`.
        multiplier: (joints,) marginal cost of torque, effort per N.m; a starting point for a similar posture.
        residual_nm: (joints,) torque in N.m left over after muscles and reserves: rounding.
        effort: the sum of w a^p.
        gap: bound on how far `effort` (with reserves) is from the least possible, as a share of it.
        steps: Newton steps taken.
        feasible: whether the muscles alone balance the joints.
    """

    activation: Array
    reserve_nm: Array
    multiplier: Array
    residual_nm: Array
    effort: float
    gap: float
    steps: int
    feasible: bool


@dataclass(frozen=True, slots=True)
class RecruitmentBatch:
    """The answers for a stack of postures; arrays as in `Recruitment` with a leading axis of members.

    Attributes:
        reason: one string a member, empty when its answer is whole. A member with reserves keeps its answer and says
            so here; one that failed has NaN in its arrays.
        solved: (members,) whether the member has an answer (reserves included).
    """

    activation: Array
    reserve_nm: Array
    multiplier: Array
    residual_nm: Array
    effort: Array
    gap: Array
    steps: NDArray[np.int64]
    feasible: NDArray[np.bool_]
    solved: NDArray[np.bool_]
    reason: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.reason)

    def __getitem__(self, member: int) -> Recruitment:
        """One member on its own; raises `RecruitmentError` when it has no answer."""
        if not self.solved[member]:
            raise RecruitmentError(f"member {member}: {self.reason[member]}")
        return Recruitment(
            self.activation[member], self.reserve_nm[member], self.multiplier[member], self.residual_nm[member],
            float(self.effort[member]), float(self.gap[member]), int(self.steps[member]), bool(self.feasible[member]),
        )  # fmt: skip

    def __iter__(self) -> Iterator[Recruitment]:
        return (self[member] for member in range(len(self)))
