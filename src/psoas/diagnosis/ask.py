"""What to ask or test next, and which answers would change the first rank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

import numpy as np

from psoas.diagnosis.accuracy import figures_of
from psoas.diagnosis.network import Network
from psoas.diagnosis.states import Floats
from psoas.diagnosis.types import Change, NextQuestion, settled
from psoas.diagnosis.what_if import TIED, WhatIf
from psoas.knowledge import Knowledge

ASKERS = ("self", "bodyworker", "physiotherapist")
_FROM_FIELDS = re.compile(r"person\.|pain\.|marked|worst\(|one_sided|both_sides")
PAIRS_FROM = 12  # of the answers that move the first rank most, all pairs are tried


@lru_cache(maxsize=2)
def askable(knowledge: Knowledge) -> dict[str, tuple[str, float]]:
    """Findings that can be asked or tested: who may do it (one of ASKERS) and how many minutes it takes.

    What follows from a field of the case is never asked; what stands in an imaging report is read, not asked.
    """
    choices = knowledge.diagnosis_choices.asking
    found = {}
    for name in figures_of(knowledge):
        finding = knowledge.findings.findings[name]
        derived = knowledge.findings.derived_findings.get(name)
        if finding.mode == "imaging_report" or (derived and follows_from_a_field(derived.rule)):
            continue
        if finding.mode != "hands_on":
            who = "self"
        else:
            who = "physiotherapist" if name in choices.physiotherapist_only else "bodyworker"
        found[name] = (who, choices.minutes_of.get(name, choices.minutes[finding.mode]))
    return found


def follows_from_a_field(rule: str) -> bool:
    """Whether a derived finding follows from age, drawing and the like, so that nobody is asked for it."""
    return _FROM_FIELDS.search(rule) is not None


def open_findings(network: Network, who: str) -> list[str]:
    """Findings without an answer that this asker can find out."""
    allowed = ASKERS[: ASKERS.index(who) + 1]
    facts = network.facts
    return [
        name
        for name, (asker, _) in askable(network.knowledge).items()
        if asker in allowed and name not in network.answers and facts.answer(name) != "not_possible"
    ]


def next_questions(network: Network, moves: WhatIf, who: str) -> tuple[NextQuestion, ...]:
    """Every open question with the information expected from it, the most telling first.

    The information is the expected Kullback-Leibler divergence, in bits, of the posterior over the joint states after
    the answer from the one before. A question that the conflict rules silence tells nothing.
    """
    found = []
    for name in open_findings(network, who):
        p = moves.p_yes(name)
        yes, no = _bits(moves.after({name: "yes"}), moves.now), _bits(moves.after({name: "no"}), moves.now)
        bits = settled(p * yes + (1 - p) * no)
        asker, minutes = askable(network.knowledge)[name]
        if bits > 1e-6:
            found.append(NextQuestion(name, bits, "self" if asker == "self" else "practitioner", minutes))
    return tuple(sorted(found, key=lambda one: (-one.expected_information_bits, one.finding)))


def _bits(after: Floats, before: Floats) -> float:
    return max(0.0, float(after @ np.log2(after / before)))


def what_would_change(network: Network, moves: WhatIf, who: str) -> Change | None:
    """The fewest answers, given or taken otherwise, that would put another source first: one, else two."""
    now = moves.first(moves.now)
    scored = list(_single_changes(network, who))
    gains = [change for change in scored if moves.first(moves.after(change)) != now]
    if gains:
        rough = [_lead(network.gone @ moves.after(change)) for change in gains]
        best = [change for change, lead in zip(gains, rough, strict=True) if lead >= max(rough) - TIED]
        _, answers, first = max(
            (_lead(moves.responsible(after)), tuple(change.items()), moves.first(after))
            for change in best
            for after in [moves.after(change)]
        )
        return Change(answers, first)
    for one, other in combinations(_closing(network, moves, scored, now), 2):
        both = {**one, **other}
        if len(both) == 2 and (first := moves.first(moves.after(both))) != now:
            return Change(tuple(both.items()), first)
    return None


def _closing(network: Network, moves: WhatIf, scored: list[dict[str, str]], now: str) -> list[dict[str, str]]:
    """The single changes that leave the first source the smallest lead, the smallest first."""
    own = network.index[now]
    rough = [_margin(network.gone @ moves.after(change), own) for change in scored]
    edge = sorted(rough)[:PAIRS_FROM][-1:]
    near = [change for change, margin in zip(scored, rough, strict=True) if margin <= edge[0] + TIED]
    return sorted(near, key=lambda change: _margin(moves.responsible(moves.after(change)), own))[:PAIRS_FROM]


def _single_changes(network: Network, who: str) -> Iterator[dict[str, str]]:
    for name, answer in network.answers.items():
        if name in askable(network.knowledge):
            yield {name: "no" if answer == "yes" else "yes"}
    for name in open_findings(network, who):
        yield {name: "yes"}
        yield {name: "no"}


def _lead(responsible: Floats) -> float:
    """How far the first source leads the second, in responsibility."""
    first, second = np.sort(responsible)[::-1][:2]
    return float(first - second)


def _margin(responsible: Floats, own: int) -> float:
    """How far a source leads the best of the others; negative when it does not."""
    return float(responsible[own] - np.delete(responsible, own).max())
