"""From the posterior to a differential: probability, interval, responsibility and reasons of every source."""

from __future__ import annotations

import math

import numpy as np

from psoas.diagnosis.accuracy import logit
from psoas.diagnosis.network import NONSPECIFIC, Network, posterior
from psoas.diagnosis.priors import line_of
from psoas.diagnosis.states import Floats
from psoas.diagnosis.types import RankedSource, Weight, settled

SHOWN = 0.005  # a weight under this many bits is no reason
CHOICE = ("choice",)
REASONED = ("reasoned",)


def differential(network: Network) -> tuple[tuple[RankedSource, ...], float]:
    """Every source, most responsible first, and the probability that none of the specific ones is present."""
    weight = posterior(network)
    states = network.states
    present = weight @ states.member.T
    low, high = _percentiles(present[1:], 0.05, 0.95)
    nominal = present[0]
    responsible = (network.gone * weight[0]).sum(axis=1)
    order = sorted(
        range(len(states.sources)),
        key=lambda number: (-settled(responsible[number]), -settled(nominal[number]), states.sources[number]),
    )
    ranked = []
    for rank, number in enumerate(order, 1):
        reasons = reasons_of(network, number)
        p = settled(nominal[number])
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
    return tuple(ranked), no_specific_source(network, weight[0])


def _percentiles(drawn: Floats, *shares: float) -> list[Floats]:
    """Quantiles over the draws, linearly interpolated, as `numpy.quantile` gives them and without what it imports."""
    ordered = np.sort(drawn, axis=0)
    found = []
    for share in shares:
        place = share * (len(ordered) - 1)
        below = int(place)
        found.append(ordered[below] + (place - below) * (ordered[min(below + 1, len(ordered) - 1)] - ordered[below]))
    return found


def no_specific_source(network: Network, weight: Floats) -> float:
    """P(no source, or an ordinary strain and nothing else)."""
    only = network.states.sets.index((network.index[NONSPECIFIC],))
    return settled(weight[0] + weight[only])


def reasons_of(network: Network, number: int) -> list[Weight]:
    """What each answer and each mark says of one source, in bits, the strongest first."""
    source = network.states.sources[number]
    reasons = []
    for item in network.items.values():
        for place, figure in enumerate(item.figures):
            if figure.condition == source:
                row = figure.row
                cited = (*row.source, *(CHOICE if figure.direction_only else ()))
                bits = item.ln_ratio(place) / math.log(2)
                reasons.append(Weight(item.finding, bits, cited, row.read_in, item.answer))
    drawn: dict[str, float] = {}
    for mark in network.marks:
        if not any((source, place) in network.said for place in mark.places):
            # One stroke over several places is one reason.
            drawn[mark.key] = drawn.get(mark.key, 0.0) + mark.ln_ratio(number) / math.log(2)
    reasons += [Weight(key, bits, CHOICE, REASONED, "yes") for key, bits in drawn.items()]
    if line := line_of(source, network.facts, network.knowledge):
        usual = network.knowledge.diagnosis_choices.priors[source].studio.value
        bits = (logit(line.share.value) - logit(usual)) / math.log(2)
        held = "no" if network.facts.holds(line.finding) is False else "yes"
        reasons.append(Weight(line.finding, bits, (*line.source, *CHOICE), line.read_in, held))
    reasons = [reason for reason in reasons if abs(reason.log2_odds) >= SHOWN]
    return sorted(reasons, key=lambda reason: (-abs(reason.log2_odds), reason.finding))
