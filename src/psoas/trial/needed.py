"""How much longer an undecided trial would likely take, if its mean stays where it is."""

from __future__ import annotations

import math

import numpy as np

from psoas.trial.choices import noticeable_points
from psoas.trial.model import Posterior, normal_cdf
from psoas.trial.verdict import word_of

MOST_WEEKS = 26
"""Beyond half a year nothing is foretold: our choice."""


def weeks_to_settle(found: Posterior, days: int) -> int | None:
    """Weeks in blocks beyond `days` after which the word would likely fall; None where half a year is not enough.

    The posterior mean is taken to stay, and its standard deviation to fall with the square root of the days: an effect
    near the smallest that people notice takes long whatever is done.
    """
    mean = found.effect.average
    variance = float(found.effect.weight @ (found.effect.sd**2 + found.effect.mean**2)) - mean**2
    notice = noticeable_points(found.level.average)
    for weeks in range(1, MOST_WEEKS + 1):
        sd = math.sqrt(variance * days / (days + 7 * weeks))
        any_help, by_notice = (float(normal_cdf(np.array([(limit - mean) / sd]))[0]) for limit in (0.0, -notice))
        if word_of(any_help, by_notice) != "cannot_tell_yet":
            return weeks
    return None
