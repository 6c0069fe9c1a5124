"""What the diagnosis answers: ranked sources with their reasons, and the next question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from psoas.case.types import Settled

SETTLED_DIGITS = 10
ChanceWord = Literal["clear", "likely", "leading", "open"]
Verdict = Literal["probably", "possibly", "probably_not", "cannot_tell_yet"]


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
class Chances:
    """How sure the answer is.

    Attributes:
        word: `clear`, `likely`, `leading` or `open`.
        leader: the most probable source.
        probability: its probability.
        none: probability that no specific source is at work.
        none_leads: that is more probable than any source.
    """

    word: ChanceWord
    leader: str
    probability: float
    none: float
    none_leads: bool


@dataclass(frozen=True, slots=True)
class HipFlexorVerdict:
    """Whether the hip flexors are part of the complaint.

    Attributes:
        as_source: the verdict; `cannot_tell_yet` while a danger that looks like a tight psoas is not excluded.
        probability: that at least one of the four hip-flexor sources is at work.
        because: what speaks for and against the likeliest of the four, the strongest first.
        settle_by: the finding whose answer would tell most, or `retest`.
        withheld: ids of the dangers that must be excluded first; empty when the gate is open.
        leader: the likeliest of the four sources.
        tried: what was tried on this person's hip flexors and settled; the re-tests among it moved the probability.
    """

    as_source: Verdict
    probability: float
    interval_90: tuple[float, float]
    because: tuple[Weight, ...]
    settle_by: str
    withheld: tuple[str, ...]
    leader: str
    tried: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The differential of one case, best first, by responsibility and then probability.

    Attributes:
        no_single_source: probability that none of the specific sources is present.
        chances: how sure the answer is, in a word.
        judged: share of what speaks for and against the first three sources that is judgement and not published.
        psoas: whether the hip flexors are part of it.
        withheld: sources at the hip flexors whose conclusion waits for a danger to be excluded.
        change: what would change the first rank; None when no single or double answer would.
    """

    setting: str
    differential: tuple[RankedSource, ...]
    no_single_source: float
    next: tuple[NextQuestion, ...]
    withheld: tuple[str, ...]
    change: Change | None
    chances: Chances
    judged: float
    psoas: HipFlexorVerdict
