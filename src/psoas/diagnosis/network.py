"""The diagnosis network of one case: shares, facts, the drawing and every answered finding over all joint states.

Inference is exact at the values themselves: all states of at most three sources are enumerated, and each observation
adds the logarithm of its likelihood. The draws of the uncertain figures run over the states that carry all but a
sliver of the mass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from psoas.diagnosis.case_facts import CaseFact, case_facts
from psoas.diagnosis.evidence import Item, drawn, over_states
from psoas.diagnosis.likelihood.dependence import counts_of, speaking
from psoas.diagnosis.likelihood.knobs import Knobs, knobs_of
from psoas.diagnosis.likelihood.table import Chance, table_of
from psoas.diagnosis.pain_drawing import Mark, Table, items_of_drawing, marks_of, vanishing
from psoas.diagnosis.priors import ln_odds
from psoas.diagnosis.states import Floats, States, states_of
from psoas.diagnosis.tried import Tried, tried_of
from psoas.knowledge import Knowledge
from psoas.knowledge.frequencies import ranked_sources
from psoas.knowledge.rules.facts import Facts

SLIVER = 0.01
"""Share of the square roots of the states' weights that the draws leave out. Our choice; a test holds what it costs.

Draws reach where the values themselves do not, so the roots decide: they even out what is likely and what is not.
"""


@dataclass(frozen=True, eq=False)
class Network:
    """Everything the posterior of one case rests on.

    Attributes:
        answers: per finding that can move a probability, `yes` or `no`.
        items: every observation that counts: answered findings by id, then the drawing.
        told: facts of the case, which act on the odds.
        odds: log odds of each source, facts of the case included; `(draws + 1, sources)`, row 0 the values themselves.
        gone: share of the complaint that goes when a source is cured, `(sources, states)`.
        tried: what treating and testing again said, which acts on every state with a hip flexor in it.
    """

    knowledge: Knowledge
    knobs: Knobs
    facts: Facts
    states: States
    table: Table
    answers: Mapping[str, str]
    items: Mapping[str, Item]
    told: tuple[CaseFact, ...]
    marks: tuple[Mark, ...]
    drawing: tuple[Item, ...]
    odds: Floats
    gone: Floats
    draws: int
    tried: Tried
    index: Mapping[str, int] = field(default_factory=dict)

    @property
    def ln_prior(self) -> Floats:
        """Log weight of each state before any observation, facts of the case included; shape `(states,)`."""
        found: Floats = self.odds[0] @ self.states.member + self.tried.ln(self.states)
        return found

    @property
    def observations(self) -> tuple[Item, ...]:
        """Every observation that counts."""
        return (*self.items.values(), *self.drawing)


def network_of(
    facts: Facts, knowledge: Knowledge, setting: str, *, draws: int | None = None, knobs: Knobs | None = None
) -> Network:  # fmt: skip
    """Build the network of a case in a setting (`studio`, `primary_care`, `pain_clinic`, `referred`)."""
    knobs = knobs or knobs_of(knowledge)
    states = states_of(ranked_sources(knowledge))
    number = knowledge.diagnosis_choices.figures.draws if draws is None else draws
    facts = facts.of_case(facts.case)  # in a circle of ids the first asked decides: the screen must not
    table = table_of(knowledge, knobs)
    answers = answers_of(facts, knowledge, table)
    told = case_facts(facts, table, knowledge) if knobs.facts else ()
    marks = marks_of(facts.case.pain, knowledge, table)
    odds = ln_odds(states.sources, setting, knowledge, knobs, number)
    for fact in told:
        odds = odds + knobs.temperature * fact.chance.ln_ratios(fact.answer)
    return Network(
        knowledge=knowledge,
        knobs=knobs,
        facts=facts,
        states=states,
        table=table,
        answers=answers,
        items=items_of(answers, facts, knowledge, table, knobs),
        told=told,
        marks=marks,
        drawing=tuple(items_of_drawing(facts.case.pain, marks, knowledge, table, knobs)),
        odds=odds,
        gone=vanishing(marks, knowledge, states),
        draws=number,
        tried=tried_of(facts.case, knowledge),
        index={source: place for place, source in enumerate(states.sources)},
    )


def answers_of(facts: Facts, knowledge: Knowledge, table: Table) -> dict[str, str]:
    """What is known of every finding that can move a probability."""
    facts_of_case = knowledge.diagnosis_choices.facts
    return {
        name: "yes" if held else "no"
        for name, answer in table
        if answer == "yes"
        and name not in facts_of_case
        and (name in facts.index.findings or name in facts.index.flags)
        and (held := facts.yes(name)) is not None
    }


def items_of(
    answers: Mapping[str, str], facts: Facts, knowledge: Knowledge, table: Table, knobs: Knobs
) -> dict[str, Item]:  # fmt: skip
    """Every answered finding that counts, with what the damping of its group leaves of it."""
    held = speaking(answers, facts, knowledge)
    return {
        name: Item(name, name, held[name], counts, chance_for(name, held[name], facts, knowledge, table))
        for name, counts in counts_of(held, knowledge, knobs).items()
    }


def chance_for(
    name: str, answer: str, facts: Facts, knowledge: Knowledge, table: Table
) -> Chance:  # fmt: skip
    """What the answer says, without the sources for which a sign on both sides does not count (`both_sides`)."""
    chance = table[name, answer]
    finding = knowledge.findings.findings.get(name)
    raw = facts.case.findings.get(name)
    if finding is None or not finding.both_sides or answer != "yes" or not isinstance(raw, dict):
        return chance
    if not raw.get("left") == raw.get("right") == "yes":
        return chance
    years = facts.case.person.age_years or 0
    order = ranked_sources(knowledge)
    silent = [
        order.index(rule.condition)
        for rule in finding.both_sides
        if not rule.counts and (rule.over_years is None or years > rule.over_years) and rule.condition in order
    ]
    return chance.without(frozenset(silent)) if silent else chance


def ln_evidence(network: Network) -> Floats:
    """Log-likelihood ratio of everything observed in each state; shape `(states,)`."""
    total = np.zeros(len(network.states.sets))
    for item in network.observations:
        total += item.counts * over_states(item.chance, item.answer, network.states)
    return total


def posterior(network: Network) -> Floats:
    """P(state | case) at the values themselves; shape `(states,)`."""
    return _normal(network.ln_prior + ln_evidence(network))


@dataclass(frozen=True, eq=False)
class Solved:
    """A network with its posterior.

    Attributes:
        nominal: P(state | case) at the values themselves; `(states,)`.
        draws: the same for each draw of the uncertain figures, over the states that are kept; `(draws, kept)`.
        kept: members of the kept states; `(sources, kept)`.
    """

    network: Network
    nominal: Floats
    draws: Floats
    kept: Floats


def solve(network: Network) -> Solved:
    """The posterior of a network, with its draws."""
    nominal = posterior(network)
    draws, kept = draws_of(network, nominal) if network.draws else (np.empty((0, 0)), np.empty((0, 0)))
    return Solved(network, nominal, draws, kept)


def draws_of(network: Network, nominal: Floats) -> tuple[Floats, Floats]:
    """P(state | case) for each draw of the uncertain figures, over the states that carry all but a sliver of the mass.

    Returns:
        The weights, `(draws, kept)`, and the members of the kept states, `(sources, kept)`.
    """
    kept = kept_states(nominal)
    member = network.states.member[:, kept]
    seed = network.knowledge.diagnosis_choices.figures.seed
    weight = network.odds[1:] @ member + network.tried.ln(network.states)[kept]
    weight += drawn(network.observations, member, network.draws, seed)
    weight -= weight.max(axis=1, keepdims=True)
    np.exp(weight, out=weight)
    weight /= weight.sum(axis=1, keepdims=True)
    return weight, member


def kept_states(nominal: Floats) -> NDArray[np.intp]:
    """Positions of the states over which the draws run, the empty state among them, in order."""
    root = np.sqrt(nominal)
    order = np.argsort(-root, kind="stable")
    enough = int(np.searchsorted(np.cumsum(root[order]), (1.0 - SLIVER) * root.sum())) + 1
    kept: NDArray[np.intp] = np.unique(np.append(order[:enough], 0))
    return kept


def _normal(ln: Floats) -> Floats:
    ln = ln - ln.max()
    weight: Floats = np.exp(ln)
    weight /= weight.sum()
    return weight
