"""What a practice may learn from its own settled trials: whether the words for chances hold, and what helped whom.

Nothing here changes an answer. A share of the practice's own is shown beside the published one, from the least number
of `data/trial.yaml` on, drawn towards it as far as its own people are few; the danger screen knows nothing of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from psoas.trial.choices import table

GRID = 2001
"""Points of the grid on which a share is integrated: to a thousandth."""


@dataclass(frozen=True, slots=True)
class Settled:
    """One question that a trial settled: what was predicted before it, in a word and as a probability, and its end."""

    word: str
    probability: float
    is_so: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A share with the number it rests on, its mean and central 90 %; `enough` says whether it may be read as one."""

    yes: int
    of: int
    mean: float
    interval_90: tuple[float, float]
    enough: bool


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often what was said in one word came true, beside the mean probability that stood behind the word."""

    word: str
    predicted: float
    came_true: Share


@dataclass(frozen=True, slots=True)
class Helped:
    """How often one thing helped whom it was tried on, over weeks."""

    what: str
    helps: int
    does_not: int
    undecided: int


def share_of(yes: int, of: int, *, published: float | None = None) -> Share:
    """A share with its posterior: from Jeffreys' prior, or from a published share worth some people.

    Args:
        published: the share in the evidence, 0 to 1; None where there is none.
    """
    row = table()["practice"]
    worth = float(row["published_worth_people"])
    a, b = (0.5, 0.5) if published is None else (worth * published, worth * (1.0 - published))
    a, b = max(a, 1e-3) + yes, max(b, 1e-3) + of - yes
    grid = (np.arange(GRID) + 0.5) / GRID
    ln = (a - 1) * np.log(grid) + (b - 1) * np.log1p(-grid)
    weight = np.exp(ln - ln.max())
    below = np.cumsum(weight) / weight.sum()
    low, high = (float(grid[int(np.searchsorted(below, share))]) for share in (0.05, 0.95))
    return Share(yes, of, a / (a + b), (low, high), of >= int(row["least_settled"]))


def reliability(settled: Sequence[Settled]) -> tuple[Reliability, ...]:
    """By word, how often it came true; the words as they first come."""
    found = []
    for word in dict.fromkeys(one.word for one in settled):
        rows = [one for one in settled if one.word == word]
        mean = math.fsum(one.probability for one in rows) / len(rows)
        found.append(Reliability(word, mean, share_of(sum(one.is_so for one in rows), len(rows))))
    return tuple(found)


def helped(trials: Iterable[tuple[str, str]]) -> tuple[Helped, ...]:
    """By thing tried, how often its trial ended in which word; most tried first.

    Args:
        trials: pairs of what was tried and the last word of its trial.
    """
    counts: dict[str, dict[str, int]] = {}
    for what, word in trials:
        row = counts.setdefault(what, {"helps": 0, "does_not": 0, "cannot_tell_yet": 0})
        row[word] += 1
    made = [Helped(what, row["helps"], row["does_not"], row["cannot_tell_yet"]) for what, row in counts.items()]
    return tuple(sorted(made, key=lambda one: (-(one.helps + one.does_not + one.undecided), one.what)))
