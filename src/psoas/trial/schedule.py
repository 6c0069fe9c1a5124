"""The order of blocks, drawn by lot: in each pair of blocks the treatment comes first or second by the toss of a coin.

Pairs keep trend and season apart from the treatment; the coin keeps the person and the practice from choosing. The
order is drawn once, from a seed that the trial keeps, and a day's block is told only when that day comes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import numpy as np

from psoas.trial.model import TrialError

MOST_PAIRS = 12
LONGEST_BLOCK = 28


@dataclass(frozen=True, slots=True)
class Schedule:
    """Run-in days without the treatment, then blocks of `block_days` with (True) or without it (False)."""

    run_in_days: int
    block_days: int
    blocks: tuple[bool, ...]

    @property
    def days(self) -> int:
        """How many days the trial lasts."""
        return self.run_in_days + self.block_days * len(self.blocks)

    def on_treatment(self) -> list[int]:
        """1 on the days of the treatment's blocks, else 0; one entry a day."""
        return [0] * self.run_in_days + [int(on) for on in self.blocks for _ in range(self.block_days)]

    def looks(self, *, first: int, every: int) -> list[int]:
        """After how many days the trial is looked at: at the end of the `first`-th block and each `every` after it."""
        ends = range(first, len(self.blocks) + 1, every)
        days = [self.run_in_days + self.block_days * end for end in ends]
        return days if days and days[-1] == self.days else [*days, self.days]


def new_seed() -> int:
    """A seed that nobody can guess, short enough for a number in any file format."""
    return secrets.randbits(53)


def draw(*, block_days: int, pairs: int, run_in_days: int = 7, seed: int) -> Schedule:
    """Draw the order of a trial.

    Args:
        block_days: length of a block, 2 to 28 days.
        pairs: pairs of blocks, 1 to 12; each holds the treatment once.
        run_in_days: days without the treatment before the first block, 0 to 28.
        seed: from `new_seed`; the same seed draws the same order.

    Raises:
        TrialError: a number outside of these ranges.
    """
    for name, value, low, high in (
        ("block_days", block_days, 2, LONGEST_BLOCK),
        ("pairs", pairs, 1, MOST_PAIRS),
        ("run_in_days", run_in_days, 0, LONGEST_BLOCK),
    ):
        if not low <= value <= high:
            raise TrialError(f"{name} is {value}; expected {low} to {high}.")
    first = np.random.default_rng(seed).integers(0, 2, size=pairs).astype(bool)
    return Schedule(run_in_days, block_days, tuple(on for coin in first for on in (bool(coin), not coin)))
