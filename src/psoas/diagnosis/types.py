"""What the diagnosis answers: ranked sources with their reasons, and the next question."""

from __future__ import annotations

from dataclasses import dataclass

SETTLED_DIGITS = 10


def settled(value: float) -> float:
    """A result without the last bits, in which the number of threads of the linear algebra shows."""
    return round(float(value), SETTLED_DIGITS)


@dataclass(frozen=True, slots=True)
class Weight:
    """What one finding says of one source.

    Attributes:
        finding: id of the finding, or the marked region (`buttock_left`) when it is the place of the pain.
        log2_odds: weight in bits: +1 doubles the odds of the source against none.
        source: where the figure is published; `reasoned` for what was judged.
        read_in: how it was read there.
        answer: the answer that was scored.
        judged: share of the weight that rests on judgement, 0 (published) to 1.
    """

    finding: str
    log2_odds: float
    source: tuple[str, ...]
    read_in: tuple[str, ...]
    answer: str
    judged: float = 1.0


@dataclass(frozen=True, slots=True)
class RankedSource:
    """One source of pain in the differential.

    Attributes:
        probability: posterior probability that the source is present.
        interval_90: 5th and 95th percentile over the uncertainty of figures and priors.
        responsibility: expected share of the present complaint that would go if this source alone were cured.
    """

    source: str
    probability: float
    interval_90: tuple[float, float]
    responsibility: float
    for_: tuple[Weight, ...]
    against: tuple[Weight, ...]
    rank: int


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """A question or test not yet done, with what it is expected to tell."""

    finding: str
    expected_information_bits: float
    who: str
    minutes: float

    @property
    def bits_per_minute(self) -> float:
        """Expected information for each minute of work."""
        return self.expected_information_bits / self.minutes


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change of answers that would put another source first."""

    answers: tuple[tuple[str, str], ...]
    first: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The differential of one case, best first, by responsibility and then probability.

    Attributes:
        no_single_source: probability that none of the specific sources is present.
        withheld: sources at the hip flexors whose conclusion waits for a danger to be excluded.
        change: what would change the first rank; None when no single or double answer would.
    """

    setting: str
    differential: tuple[RankedSource, ...]
    no_single_source: float
    next: tuple[NextQuestion, ...]
    withheld: tuple[str, ...]
    change: Change | None
