"""One answered finding as a likelihood over the joint states.

Within one finding the sources act by a noisy-OR: each source that makes the finding likelier than the leak can
produce it alone; a source that makes it less likely than the leak holds it back (a noisy-AND of inhibitors on top).
So a finding that one source explains says less for another, which is how causes explain each other away.

What a conflict rule takes from a finding for one source is taken from what it says of that source, not from what the
source explains: a straight-leg raise that adds nothing for a sore piriformis, whose own tests were counted, still says
less for a nerve root while the piriformis explains it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from psoas.diagnosis.accuracy import Figure, expit, logit
from psoas.diagnosis.states import MOST_AT_ONCE, Floats, States

ROOM = 0.995


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An answered finding with what it says of each source.

    Attributes:
        leak: P(yes) when none of the sources is present; shape `(draws,)`, the published value first.
        present: per figure P(yes) when that source alone is present; same shape. The leak where it does not count.
        weights: per figure the share of its logarithm that the conflict rules leave; None where it does not count.
        answer: `yes` or `no`.
    """

    finding: str
    answer: str
    figures: tuple[Figure, ...]
    weights: tuple[float | None, ...]
    leak: Floats
    present: tuple[Floats, ...]

    def ln_ratio(self, number: int) -> float:
        """Logarithm of the ratio applied for the figure at this place, at the published values."""
        return (self.weights[number] or 0.0) * float(self.ln_full(number)[0])

    def ln_full(self, number: int) -> Floats:
        """Logarithm of the ratio before the conflict rules, shape `(draws,)`."""
        p, leak = self.present[number], self.leak
        found: Floats = np.log(p / leak) if self.answer == "yes" else np.log((1 - p) / (1 - leak))
        return found


def make_item(
    finding: str, answer: str, figures: Sequence[Figure], weights: Sequence[float | None], *,
    draws: int, seed: int, leak_unknown: float,
) -> Item:  # fmt: skip
    """Parameters of one answered finding, with `draws` samples after the published value.

    Args:
        weights: per figure what the conflict rules leave of it, 0 to 1, on the log scale; None where it does not count.
        leak_unknown: false-positive rate where no row prints one; with one source present it cancels out.
    """
    ratios = [
        np.ones(draws + 1) if weight is None else np.exp(figure.ln_draws(answer, draws, seed))
        for figure, weight in zip(figures, weights, strict=True)
    ]  # fmt: skip
    # The leak must leave room for the strongest ratio: a probability cannot pass one.
    room = ROOM / np.maximum(1.0, np.max(ratios, axis=0))
    pooled = pooled_leak(figures, leak_unknown)
    if answer == "yes":
        leak = np.minimum(pooled, room)
        present = tuple(leak * ratio for ratio in ratios)
    else:
        leak = np.maximum(pooled, 1.0 - room)
        present = tuple(1.0 - (1.0 - leak) * ratio for ratio in ratios)
    return Item(finding, answer, tuple(figures), tuple(weights), leak, present)


def pooled_leak(figures: Sequence[Figure], leak_unknown: float) -> float:
    """P(yes) without any of the sources: the rows' false-positive rates, weighted by people, on the logit scale."""
    rows = [(figure.people, figure.false_positive_rate) for figure in figures if figure.false_positive_rate]
    if not rows:
        return leak_unknown
    people = sum(weight for weight, _ in rows)
    return float(expit(np.asarray(sum(weight * logit(rate) for weight, rate in rows) / people)))


def likelihood(item: Item, subset: Sequence[int]) -> Floats:
    """P(the answer | exactly these figures' sources present), before the conflict rules; shape `(draws,)`."""
    return _answered(item.answer, item.leak, [item.present[number] for number in subset])


def _answered(answer: str, leak: Floats, present: Sequence[Floats]) -> Floats:
    off, held = 1 - leak, np.ones_like(leak)
    for p in present:
        off = off * np.where(p > leak, (1 - p) / (1 - leak), 1.0)
        held = held * np.where(p < leak, p / leak, 1.0)
    yes: Floats = (1 - off) * held
    return yes if answer == "yes" else 1 - yes


@lru_cache(maxsize=512)
def interactions(item: Item) -> dict[tuple[int, ...], Floats]:
    """The log-likelihood, relative to no source, split into terms of one, two and three sources.

    Summing the terms of all subsets of a state gives its log-likelihood ratio. Keys are positions of figures. Items are
    the same for everyone, so their terms are kept.
    """
    places = range(len(item.figures))
    empty = np.log(likelihood(item, ()))
    full = {
        subset: np.log(likelihood(item, subset)) - empty
        for size in range(1, MOST_AT_ONCE + 1)
        for subset in combinations(places, size)
    }
    terms: dict[tuple[int, ...], Floats] = {}
    for subset, value in full.items():
        smaller = sum(
            terms[part] for size in range(1, len(subset)) for part in combinations(subset, size)
        )  # fmt: skip
        terms[subset] = value - smaller
    return {
        subset: (item.weights[subset[0]] or 0.0) * term if len(subset) == 1 else term for subset, term in terms.items()
    }


def over_states(item: Item, states: States, index: Mapping[str, int]) -> Floats:
    """Log-likelihood ratio of the answer in each state, at the published values; shape `(states,)`."""
    leak, present = float(item.leak[0]), [float(p[0]) for p in item.present]
    yes = [_yes(leak, [p for place, p in enumerate(present) if code >> place & 1]) for code in range(2 ** len(present))]
    chances = yes if item.answer == "yes" else [1.0 - p for p in yes]
    taken = [item.ln_ratio(place) - float(item.ln_full(place)[0]) for place in range(len(present))]
    table = np.array([
        math.log(p / chances[0]) + sum(ln for place, ln in enumerate(taken) if code >> place & 1)
        for code, p in enumerate(chances)
    ])  # fmt: skip
    code = np.zeros(len(states.sets), dtype=np.intp)
    for place, figure in enumerate(item.figures):
        code += states.member_bits[index[figure.condition]] << place
    found: Floats = table[code]
    return found


def _yes(leak: float, present: Sequence[float]) -> float:
    off, held = 1.0 - leak, 1.0
    for p in present:
        if p > leak:
            off *= (1.0 - p) / (1.0 - leak)
        elif p < leak:
            held *= p / leak
    return (1.0 - off) * held
