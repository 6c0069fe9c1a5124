"""What treating a hip flexor and testing again said of this person: the one finding that is about the muscle itself.

The likelihood ratio of a visit comes from the stated, simulated model of `psoas.trial.retest` and is held within its
limits; several visits together are held within the same ones, since they share what the model leaves out. A trial over
weeks says whether a treatment helps, which moves no source: it is shown, and the plan acts on it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from psoas.case import Case
from psoas.case.types import Settled
from psoas.diagnosis.likelihood.table import BY_JUDGEMENT
from psoas.diagnosis.states import Floats, States
from psoas.knowledge import Knowledge

RETEST = "retest"
RATIO_MOST = 4.0
"""Of all re-tests together, either way; that of one visit in `data/trial.yaml`, which a test holds equal."""
REASONED = BY_JUDGEMENT
"""The model of the re-test is simulated; how much a treated source changes at once is not published."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried at the hip flexors.

    Attributes:
        rows: all of it, as the case has it.
        ratio: likelihood ratio of all re-tests together; 1 without any.
        sources: ids of the sources that it speaks of.
    """

    rows: tuple[Settled, ...]
    ratio: float
    sources: frozenset[str]

    @property
    def bits(self) -> float:
        """The ratio in bits."""
        return math.log2(self.ratio)

    @property
    def answer(self) -> str:
        """Whether it eased beyond the comparison."""
        return "yes" if self.ratio > 1.0 else "no"

    def ln(self, states: States) -> Floats:
        """Natural logarithm of the ratio for each joint state, 0 where no hip flexor is in it; shape `(states,)`."""
        own = [number for number, source in enumerate(states.sources) if source in self.sources]
        if self.ratio == 1.0 or not own:
            return np.zeros(states.member.shape[1])
        found: Floats = np.where(states.member[own].max(axis=0) > 0, math.log(self.ratio), 0.0)
        return found


def tried_of(case: Case, knowledge: Knowledge) -> Tried:
    """What the case says was tried at the hip flexors."""
    rows = tuple(row for row in case.settled if row.hip_flexor == "yes")
    ratios = [row.likelihood_ratio for row in rows if row.by == RETEST and row.likelihood_ratio is not None]
    ratio = min(max(math.prod(ratios), 1.0 / RATIO_MOST), RATIO_MOST)
    return Tried(rows, ratio, frozenset(knowledge.interventions.condition_map["hip_flexor_psoas"]))
