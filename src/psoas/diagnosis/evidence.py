"""One answered finding as a likelihood over the joint states.

Within one finding the sources act by a noisy-OR: each source that makes the finding likelier than the leak can
produce it alone; a source that makes it less likely than the leak holds it back (a noisy-AND of inhibitors on top).
So a finding that one source explains says less for another, which is how causes explain each other away:

    P(yes | state) = (1 - (1 - leak) prod_up (1 - p) / (1 - leak)) * prod_down p / leak

Both products are sums of logarithms over the members of a state: two matrix products give every state at once,
however many sources a finding speaks of.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from psoas.diagnosis.likelihood.table import Chance
from psoas.diagnosis.states import Floats, States

SPARE = 1e-12
"""Chances of draws stay this far off 0 and 1, so that a logarithm exists."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An observation that counts: an answered finding, a mark of the drawing, or a place left free.

    Attributes:
        key: what draws are seeded by: the id of the row.
        finding: what it is shown as: the id of the finding, or the mark of the case (`buttock_left`).
        answer: `yes` or `no`.
        counts: exponent of its likelihood, from the damping of its group and the temperature.
    """

    key: str
    finding: str
    answer: str
    counts: float
    chance: Chance

    def ln_ratio(self, source: int) -> float:
        """Logarithm of the ratio applied when the source at this place is present alone."""
        return self.counts * float(self.chance.ln_ratios(self.answer)[source])


def ln_answer(answer: str, leak: Floats, present: Floats, member: Floats) -> Floats:
    """ln P(answer | state).

    Args:
        leak: `(rows, 1)`, P(yes) without any source; a row is a draw or a finding.
        present: `(rows, sources)`, P(yes) with that source alone.
        member: `(sources, states)`, 1 where the source is in the state.

    Returns:
        `(rows, states)`.
    """
    up: Floats = np.where(present > leak, np.log1p(-present) - np.log1p(-leak), 0.0) @ member
    down: Floats = np.where(present < leak, np.log(present) - np.log(leak), 0.0) @ member
    # Leaks and chances stay far enough off 0 and 1 for plain exp and log, which are several times faster than the exact
    # forms near zero.
    up += np.log(1.0 - leak)
    np.exp(up, out=up)
    np.subtract(1.0, up, out=up)
    if answer == "yes":
        np.log(up, out=up)
        up += down
        return up
    up *= np.exp(down, out=down)
    np.subtract(1.0, up, out=up)
    np.log(up, out=up)
    return up


@lru_cache(maxsize=4096)
def over_states(chance: Chance, answer: str, states: States) -> Floats:
    """Log-likelihood ratio of the answer in each state against none, at the values themselves; shape `(states,)`."""
    row = ln_answer(answer, np.array([[chance.leak]]), chance.present[None, :], states.member)[0]
    ln: Floats = row - row[0]
    ln.flags.writeable = False
    return ln


@lru_cache(maxsize=4096)
def chance_of_yes(chance: Chance, states: States) -> Floats:
    """P(yes | state); shape `(states,)`."""
    row = ln_answer("yes", np.array([[chance.leak]]), chance.present[None, :], states.member)[0]
    found: Floats = np.exp(row)
    found.flags.writeable = False
    return found


def drawn(items: Sequence[Item], member: Floats, draws: int, seed: int) -> Floats:
    """Sum over items of their counted log-likelihood ratio, for each draw of their figures; shape `(draws, states)`.

    Draws depend on the row and its sources alone: neither order nor company of answers changes them.

    Args:
        member: `(sources, states)` of the states that are kept, the empty state first.
    """
    total = np.zeros((draws, member.shape[1]))
    for item in items:  # one at a time: the arrays of one item stay in the processor's cache
        ln = ln_answer(item.answer, *_figures(item.key, item.chance, draws, seed), member)
        ln -= ln[:, :1]
        ln *= item.counts
        total += ln
    return total


@lru_cache(maxsize=1024)
def _figures(key: str, chance: Chance, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Draws of the leak `(draws, 1)` and of every chance `(draws, sources)`, on the logit scale."""
    number = len(chance.present)
    normal = np.random.default_rng([seed, zlib.crc32(key.encode())]).standard_normal((draws, number + 1))
    leak = _expit(_logit(np.array(chance.leak)) + chance.sd_leak * normal[:, :1])
    # What says nothing of a source goes on saying nothing, whatever the leak.
    silent = chance.present == chance.leak
    present = _expit(_logit(chance.present) + chance.sd * normal[:, 1:])
    return leak, np.where(silent, leak, present)


def _logit(p: Floats) -> Floats:
    found: Floats = np.log(p) - np.log1p(-p)
    return found


def _expit(x: Floats) -> Floats:
    found: Floats = np.clip(1.0 / (1.0 + np.exp(-x)), SPARE, 1.0 - SPARE)
    return found
