"""From a posterior to a verdict: it helps, it does not, it cannot be told yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from psoas.trial.choices import noticeable_points, table
from psoas.trial.model import Batch, Posterior

Word = Literal["helps", "does_not", "cannot_tell_yet"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the days settle.

    Attributes:
        word: `helps`: nearly certain that it does something, and likelier than not that people would notice;
            `does_not`: a gain that people notice is nearly ruled out; else `cannot_tell_yet`.
        effect_points: posterior mean of the difference of daily pain, negative where it helps.
        interval_90: the central 90 % of it.
        any_help, noticeable_help: probabilities that pain is less at all, and by what people notice.
        noticeable_points: that smallest difference, for this person's usual pain.
    """

    word: Word
    effect_points: float
    interval_90: tuple[float, float]
    any_help: float
    noticeable_help: float
    noticeable_points: float

    @property
    def sentence(self) -> str:
        """The verdict as a client reads it."""
        gain = f"{abs(self.effect_points):.1f} points {'less' if self.effect_points <= 0 else 'more'} pain a day"
        low, high = self.interval_90
        span = f"(90 % sure of between {-high:+.1f} and {-low:+.1f} points of relief)"
        if self.word == "helps":
            return f"It helps you: about {gain} {span}."
        if self.word == "does_not":
            return f"It does not help you by an amount that people notice: about {gain} {span}. Look elsewhere."
        return f"It cannot be told yet: so far about {gain} {span}."


def verdict_of(posterior: Posterior) -> Verdict:
    """The verdict on one person's trial."""
    notice = noticeable_points(posterior.level.average)
    any_help, by_notice = posterior.effect.below(0.0), posterior.effect.below(-notice)
    return Verdict(
        word=word_of(any_help, by_notice),
        effect_points=posterior.effect.average,
        interval_90=posterior.effect.interval(0.9),
        any_help=any_help,
        noticeable_help=by_notice,
        noticeable_points=notice,
    )


def word_of(any_help: float, noticeable_help: float) -> Word:
    """The word for two probabilities; thresholds in `data/trial.yaml`."""
    limits = table()["verdict"]
    if any_help >= limits["helps"]["below_zero"] and noticeable_help >= limits["helps"]["noticeable"]:
        return "helps"
    if 1.0 - noticeable_help >= limits["does_not"]["less_than_noticeable"]:
        return "does_not"
    return "cannot_tell_yet"


def words_of(batch: Batch) -> NDArray[np.str_]:
    """The word for each of many people, (N,)."""
    level = np.sum(batch.weight * batch.mean[:, :, 0], axis=1)
    notice = np.array([noticeable_points(value) for value in level])
    any_help, by_notice = batch.effect_below(0.0), batch.effect_below(-notice)
    return np.array([word_of(a, n) for a, n in zip(any_help, by_notice, strict=True)])
