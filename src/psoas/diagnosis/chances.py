"""How sure an answer is, in words: one scale, used wherever an answer is said in a sentence.

The word comes from the probability of the most probable source and how far it leads the next: another source, or that
no specific source is at work. The leader is the most probable source, which need not be the first of a differential
that is ranked by responsibility.
"""

from __future__ import annotations

from collections.abc import Sequence

from psoas.diagnosis.types import Chances, RankedSource, settled
from psoas.knowledge import Knowledge


def chances_of(differential: Sequence[RankedSource], none: float, knowledge: Knowledge) -> Chances:
    """The word for the most probable source of a differential.

    Args:
        differential: ranked sources, at least one, in any order.
        none: probability that no specific source is at work.
    """
    leader, *others = sorted(differential, key=lambda one: (-one.probability, one.source))
    choices = knowledge.diagnosis_choices
    ahead = settled(leader.probability - max([none, *(one.probability for one in others[:1])]))
    word = next(
        (line.word for line in choices.chances if leader.probability >= line.at_least and ahead >= line.ahead_by),
        choices.chances_else,
    )
    return Chances(word, leader.source, leader.probability, none, none > leader.probability)  # type: ignore[arg-type]


def judged_share(differential: Sequence[RankedSource], first: int = 3) -> float:
    """How much of what speaks for and against the first sources is judgement and not published, 0 to 1, by bits."""
    weights = [weight for one in differential[:first] for weight in (*one.for_, *one.against)]
    total = sum(abs(weight.log2_odds) for weight in weights)
    return sum(abs(weight.log2_odds) * weight.judged for weight in weights) / total if total else 0.0
