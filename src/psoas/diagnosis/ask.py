"""What to ask or test next, and which answers would change the first rank."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

import numpy as np

from psoas.diagnosis.likelihood.knobs import knobs_of
from psoas.diagnosis.likelihood.table import table_of
from psoas.diagnosis.network import Network
from psoas.diagnosis.states import Floats
from psoas.diagnosis.types import Change, NextQuestion, settled
from psoas.diagnosis.what_if import TIED, WhatIf
from psoas.knowledge import Knowledge

ASKERS = ("self", "bodyworker", "physiotherapist")
_FROM_FIELDS = re.compile(r"person\.|pain\.|marked|worst\(|one_sided|both_sides")
TINY = 1e-300  # a state whose weight is not a number any more tells nothing
PAIRS_FROM = 12  # of the answers that move the first rank most, all pairs are tried


@lru_cache(maxsize=2)
def askable(knowledge: Knowledge) -> dict[str, tuple[str, float]]:
    """Findings that can be asked or tested: who may do it (one of ASKERS) and how many minutes it takes.

    What follows from a field of the case is never asked; what stands in an imaging report is read, not asked; what only
    says less exactly what another question asks is entered, not asked.
    """
    choices = knowledge.diagnosis_choices.asking
    found = {}
    for name in dict.fromkeys(name for name, _ in table_of(knowledge, knobs_of(knowledge))):
        finding = knowledge.findings.findings.get(name)
        if finding is None:
            continue  # a question of the danger screen has its own sheet; a fact of the case its own field
        derived = knowledge.findings.derived_findings.get(name)
        if finding.told_only or finding.mode == "imaging_report" or (derived and follows_from_a_field(derived.rule)):
            continue
        if finding.mode != "hands_on" and name not in choices.not_known_to_a_client:
            who = "self"
        else:
            who = "physiotherapist" if name in choices.physiotherapist_only else "bodyworker"
        found[name] = (who, choices.minutes_of.get(name, choices.minutes[finding.mode]))
    return found


def follows_from_a_field(rule: str) -> bool:
    """Whether a derived finding follows from age, drawing and the like, so that nobody is asked for it."""
    return _FROM_FIELDS.search(rule) is not None


def open_findings(network: Network, who: str) -> list[str]:
    """Findings without an answer that this asker can find out, and that the case does not say already."""
    allowed = ASKERS[: ASKERS.index(who) + 1]
    facts, silent = network.facts, _settled_by_case(network)
    return [
        name
        for name, (asker, _) in askable(network.knowledge).items()
        if asker in allowed
        and name not in network.answers
        and name not in silent
        and facts.answer(name) != "not_possible"
    ]


def _settled_by_case(network: Network) -> frozenset[str]:
    """Questions that what is known makes idle: of leg pain where a complete drawing has none, and the like."""
    rules = network.knowledge.diagnosis_choices.asking.only_if
    return frozenset(
        name for rule in rules if network.facts.expression(rule.if_) is False for name in rule.findings
    )  # fmt: skip


@lru_cache(maxsize=2)
def movements_of(knowledge: Knowledge) -> dict[str, int]:
    """Per finding the movement that it is one of several tests of."""
    several = knowledge.diagnosis_choices.asking.same_movement
    return {name: number for number, names in enumerate(several) for name in names}


def next_questions(network: Network, what_if: WhatIf, who: str) -> tuple[NextQuestion, ...]:
    """Every open question with the information expected from it, the most telling first.

    The information is the expected Kullback-Leibler divergence, in bits, of the posterior over the joint states after
    the answer from the one before. Of several tests of one movement only the most telling stands here, and none once
    one of them was done.
    """
    names = open_findings(network, who)
    found = []
    for name, bits in zip(names, expected_bits(network, what_if, names), strict=True):
        asker, minutes = askable(network.knowledge)[name]
        if bits > 1e-6:
            found.append(NextQuestion(name, bits, "self" if asker == "self" else "practitioner", minutes))
    found.sort(key=lambda one: (-one.expected_information_bits, one.finding))
    return tuple(_one_of_each_movement(found, network))


def _one_of_each_movement(found: list[NextQuestion], network: Network) -> Iterator[NextQuestion]:
    movements = movements_of(network.knowledge)
    done = {movements[name] for name in network.answers if name in movements}
    for one in found:
        movement = movements.get(one.finding)
        if movement is None:
            yield one
        elif movement not in done:
            done.add(movement)
            yield one


def expected_bits(network: Network, what_if: WhatIf, names: list[str]) -> list[float]:
    """Expected information of each question, in bits; in the order of the names."""
    if not names:
        return []
    chance = what_if.p_yes_each(names)
    before = np.log(what_if.now)
    bits = np.zeros(len(names))
    for answer, share in (("yes", chance), ("no", 1.0 - chance)):
        after = what_if.after_each([(name, answer) for name in names])
        gained = np.einsum("ij,ij->i", after, np.log(np.maximum(after, TINY)) - before) / math.log(2)
        bits += share * np.maximum(gained, 0.0)
    return [settled(value) for value in bits]


def what_would_change(network: Network, what_if: WhatIf, who: str) -> Change | None:
    """The fewest answers, given or taken otherwise, that would put another source first: one, else two."""
    now = what_if.first(what_if.now)
    own = network.index[now]
    singles = list(_single_changes(network, who))
    if not singles:
        return None
    responsible = what_if.after_each(singles) @ network.gone.T
    margins = responsible[:, own] - np.delete(responsible, own, axis=1).max(axis=1)
    gains = [one for one, margin in zip(singles, margins, strict=True) if margin < TIED and _gains(one, what_if, now)]
    if gains:
        _, answers, first = max(
            (_lead(what_if.responsible(after)), (one,), what_if.first(after))
            for one in gains
            for after in [what_if.after(dict([one]))]
        )
        return Change(answers, first)
    for one, other in combinations(_closing(singles, margins, what_if, own), 2):
        if one[0] != other[0] and (first := what_if.first(what_if.after(dict([one, other])))) != now:
            return Change((one, other), first)
    return None


def _gains(one: tuple[str, str], what_if: WhatIf, now: str) -> bool:
    return what_if.first(what_if.after(dict([one]))) != now


def _closing(
    singles: list[tuple[str, str]], margins: Floats, what_if: WhatIf, own: int
) -> list[tuple[str, str]]:  # fmt: skip
    """The single changes that leave the first source the smallest lead, the smallest first."""
    edge = np.sort(margins)[:PAIRS_FROM][-1]
    near = [one for one, margin in zip(singles, margins, strict=True) if margin <= edge + TIED]
    return sorted(near, key=lambda one: _margin(what_if.responsible(what_if.after(dict([one]))), own))[:PAIRS_FROM]


def _single_changes(network: Network, who: str) -> Iterator[tuple[str, str]]:
    for name, answer in network.answers.items():
        if name in askable(network.knowledge):
            yield name, "no" if answer == "yes" else "yes"
    for name in open_findings(network, who):
        yield name, "yes"
        yield name, "no"


def _lead(responsible: Floats) -> float:
    """How far the first source leads the second, in responsibility."""
    first, second = np.sort(responsible)[::-1][:2]
    return float(first - second)


def _margin(responsible: Floats, own: int) -> float:
    """How far a source leads the best of the others; negative when it does not."""
    return float(responsible[own] - np.delete(responsible, own).max())
