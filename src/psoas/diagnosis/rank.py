"""From the posterior to a differential: probability, interval, responsibility and reasons of every source."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from psoas.diagnosis.likelihood.table import Birth
from psoas.diagnosis.network import Network, Solved
from psoas.diagnosis.states import Floats
from psoas.diagnosis.tried import REASONED, RETEST
from psoas.diagnosis.types import RankedSource, Weight, settled

SHOWN = 0.005  # a weight under this many bits is no reason


def differential(solved: Solved) -> tuple[tuple[RankedSource, ...], float]:
    """Every source, most responsible first, and the probability that no specific one is at work."""
    network, nominal = solved.network, solved.nominal
    states = network.states
    present: Floats = states.member @ nominal
    low, high = _intervals(solved, present)
    responsible = (network.gone * nominal).sum(axis=1)
    order = sorted(
        range(len(states.sources)),
        key=lambda number: (-settled(responsible.item(number)), -settled(present.item(number)), states.sources[number]),
    )
    ranked = []
    for rank, number in enumerate(order, 1):
        reasons = reasons_of(network, number)
        p = settled(present[number])
        ranked.append(
            RankedSource(
                source=states.sources[number],
                probability=p,
                interval_90=(min(settled(low[number]), p), max(settled(high[number]), p)),
                responsibility=settled(responsible[number]),
                for_=tuple(reason for reason in reasons if reason.log2_odds > 0),
                against=tuple(reason for reason in reasons if reason.log2_odds < 0),
                rank=rank,
            )
        )
    return tuple(ranked), settled(float(nominal[0]))


def _intervals(solved: Solved, present: Floats) -> tuple[Floats, Floats]:
    """The 5th and 95th percentile of every source's probability."""
    if not len(solved.draws):
        return present, present
    low, high = percentiles(solved.draws @ solved.kept.T, 0.05, 0.95)
    return low, high


def percentiles(drawn: Floats, *shares: float) -> list[Floats]:
    """Quantiles over the draws, linearly interpolated, as `numpy.quantile` gives them and without what it imports."""
    ordered = np.sort(drawn, axis=0)
    found = []
    for share in shares:
        place = share * (len(ordered) - 1)
        below = int(place)
        found.append(ordered[below] + (place - below) * (ordered[min(below + 1, len(ordered) - 1)] - ordered[below]))
    return found


def reasons_of(network: Network, number: int) -> list[Weight]:
    """What each answer, each mark and each fact of the case says of one source, in bits, the strongest first."""
    found: dict[str, Weight] = {}
    for name, bits, answer, birth in _said(network, number):
        if held := found.get(name):  # one stroke over several places is one reason
            bits += held.log2_odds
        found[name] = Weight(name, bits, birth.source, birth.read_in, answer, birth.judged)
    reasons = [reason for reason in found.values() if abs(reason.log2_odds) >= SHOWN]
    return sorted(reasons, key=lambda reason: (-abs(reason.log2_odds), reason.finding))


def _said(network: Network, number: int) -> Iterator[tuple[str, float, str, Birth]]:
    for item in network.observations:
        yield item.finding, item.ln_ratio(number) / math.log(2), item.answer, item.chance.births[number]
    if network.tried.bits and network.states.sources[number] in network.tried.sources:
        yield RETEST, network.tried.bits, network.tried.answer, REASONED
    for fact in network.told:
        ln = network.knobs.temperature * float(fact.chance.ln_ratios(fact.answer)[number])
        yield fact.id, ln / math.log(2), fact.answer, fact.chance.births[number]
