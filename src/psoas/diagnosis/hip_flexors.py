"""The psoas question: are the hip flexors part of it? One verdict, for the four hip-flexor sources taken together.

It is about the muscle as a source of the pain. Whether a flexor is short is another question, which angles answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from psoas.diagnosis.ask import open_findings
from psoas.diagnosis.network import Network, Solved
from psoas.diagnosis.rank import percentiles
from psoas.diagnosis.states import Floats
from psoas.diagnosis.types import HipFlexorVerdict, RankedSource, Verdict, settled
from psoas.diagnosis.what_if import WhatIf

RETEST = "retest"
"""What settles it once nothing more can be asked: treat the muscle, test again."""
MOST_REASONS = 3


def verdict_of(
    solved: Solved, ranked: Sequence[RankedSource], what_if: WhatIf, who: str, closed_by: tuple[str, ...]
) -> HipFlexorVerdict:  # fmt: skip
    """The verdict for one case.

    Args:
        solved: the network of the case with its posterior.
        ranked: its differential.
        who: who could ask next: `self`, `bodyworker` or `physiotherapist`.
        closed_by: dangers that look like a tight psoas and are not excluded; then nothing is concluded.
    """
    network = solved.network
    names = network.knowledge.interventions.condition_map["hip_flexor_psoas"]
    own = [network.index[name] for name in names if name in network.index]
    any_of: NDArray[np.bool_] = network.states.member[own].max(axis=0) > 0
    p = float(solved.nominal[any_of].sum())
    low, high = _interval(solved, own, p)
    leader = max((one for one in ranked if one.source in names), key=lambda one: (one.probability, one.source))
    reasons = sorted((*leader.for_, *leader.against), key=lambda one: (-abs(one.log2_odds), one.finding))
    return HipFlexorVerdict(
        as_source="cannot_tell_yet" if closed_by else _word(network, ranked, names, p),
        probability=settled(p),
        interval_90=(settled(low), settled(high)),
        because=tuple(reasons[:MOST_REASONS]),
        settle_by=_settled_by(network, what_if, who, any_of),
        withheld=closed_by,
        leader=leader.source,
        tried=network.tried.rows,
    )


def _interval(solved: Solved, own: list[int], p: float) -> tuple[float, float]:
    if not len(solved.draws):
        return p, p
    low, high = percentiles(solved.draws[:, solved.kept[own].max(axis=0) > 0].sum(axis=1), 0.05, 0.95)
    return min(float(low), p), max(float(high), p)


def _word(network: Network, ranked: Sequence[RankedSource], names: Sequence[str], p: float) -> Verdict:
    choices = network.knowledge.diagnosis_choices.hip_flexors
    if p >= choices.probably_at:
        return "probably"
    facts = {fact.id for fact in network.told}
    told = any(
        abs(weight.log2_odds) >= choices.telling_bits and weight.finding not in facts
        for one in ranked
        if one.source in names
        for weight in (*one.for_, *one.against)
    )
    if not told:
        return "cannot_tell_yet"
    return "possibly" if p >= choices.probably_not_under else "probably_not"


def _settled_by(network: Network, what_if: WhatIf, who: str, any_of: NDArray[np.bool_]) -> str:
    """The open finding that would tell most of whether a hip flexor is at work; `retest` when none tells enough."""
    names = open_findings(network, who)
    if not names:
        return RETEST
    chance = what_if.p_yes_each(names)
    before = np.array([float(what_if.now[any_of].sum())])
    gained = np.zeros(len(names))
    for answer, share in (("yes", chance), ("no", 1.0 - chance)):
        after = what_if.after_each([(name, answer) for name in names])[:, any_of].sum(axis=1)
        gained = gained + share * _entropy_gap(after, before)
    best = int(np.argmax(np.round(gained, 10)))
    return names[best] if gained[best] >= network.knowledge.diagnosis_choices.hip_flexors.worth_asking_bits else RETEST


def _entropy_gap(after: Floats, before: Floats) -> Floats:
    """Kullback-Leibler divergence of a yes-or-no chance from the one before, in bits."""
    after, before = np.clip(after, 1e-12, 1 - 1e-12), np.clip(before, 1e-12, 1 - 1e-12)
    found: Floats = after * np.log2(after / before) + (1 - after) * np.log2((1 - after) / (1 - before))
    return found
