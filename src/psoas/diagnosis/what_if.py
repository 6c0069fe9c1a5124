"""How each answer that could still be given, or given otherwise, would move the posterior of one case.

A diagnosis tries some two hundred answers, and each touches little: one finding, the sources that it weighs on, and
what follows from it. Only that is worked out again. What does not depend on the person, such as what one finding says
of every joint state, is worked out once for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from psoas.diagnosis.accuracy import figures_of
from psoas.diagnosis.conflicts import LOOKED_AT, Scored, weights_of
from psoas.diagnosis.evidence import over_states
from psoas.diagnosis.network import (
    Network,
    item_with,
    only_if,
    place_of,
    places_said_by,
    raised_by_tenderness,
    scored_by_source,
    scored_of,
)
from psoas.diagnosis.states import Floats, States
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of
from psoas.knowledge.rules.facts import Facts
from psoas.knowledge.rules.follows import followers_of

Shares = tuple[float | None, ...]
Held = tuple[str, Shares]
"""An answer that counts, and per figure the share that the conflict rules leave of it."""

TIED = 1e-9  # below this a difference may be one of the order of summation


class WhatIf:
    """How each open answer would move the posterior of one case, at the published values.

    An answer is given as a person gives it: what follows from it (groups, implications) is answered with it, the
    conflict rules are applied anew, and a mark of the drawing stays silent where a published ratio now says the same.
    The result is that of the network built again from the case with that answer; only what the answer touches is
    worked out again.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._after: dict[tuple[tuple[str, str], ...], Floats] = {}
        self._place = {network.said: network.place}
        self._ln_prior = network.ln_prior
        self._scored = scored_by_source(network.answers, network.facts, network.knowledge)
        self._raised = raised_by_tenderness(self._scored, network.knowledge)
        self._weights: dict[str, Mapping[str, float]] = {
            condition: weights_of(condition, ones, network.answers, network.facts, network.knowledge, self._raised)
            for condition, ones in self._scored.items()
        }
        self._held: dict[str, Held] = {name: (item.answer, item.weights) for name, item in network.items.items()}
        self._limited = [name for name, _ in only_if(network.knowledge)]
        self._total = np.zeros(len(network.states.sets))
        for name, held in self._held.items():
            self._total = self._total + self._over(name, held)
        self.now = self._normal(self._total + network.place)

    def _normal(self, ln: Floats) -> Floats:
        ln = ln + self._ln_prior
        ln -= ln.max()
        np.exp(ln, out=ln)
        ln /= ln.sum()
        return ln

    def _over(self, name: str, held: Held) -> Floats:
        return over(name, *held, self.network.knowledge, self.network.states)

    def after(self, changes: Mapping[str, str]) -> Floats:
        """The posterior over states if these answers were given, or given otherwise; shape `(states,)`."""
        key = tuple(sorted(changes.items()))
        if key not in self._after:
            self._after[key] = self._posterior_after(changes)
        return self._after[key]

    def _posterior_after(self, changes: Mapping[str, str]) -> Floats:
        moved, facts = self._moved_by(changes)
        answers = {name: answer for name, answer in {**self.network.answers, **moved}.items() if answer is not None}
        weights = self._weights_after(moved, answers, changes, facts)
        total, other = self._total, {}
        for name in sorted({*moved, *self._differing(weights)}):
            old, new = self._held.get(name), self._held_after(name, answers.get(name), weights)
            if old == new:
                continue
            if old:
                total = total - self._over(name, old)
            if new:
                total = total + self._over(name, new)
            other[name] = new
        return self._normal(total + self._place_after(other, facts)) if other else self.now

    def _moved_by(self, changes: Mapping[str, str]) -> tuple[dict[str, str | None], Facts]:
        """The findings that an answer moves, with their new answers (a new side counts), and the facts after it."""
        network = self.network
        alone = stands_alone(network.knowledge)
        if all(name in alone and name not in network.answers for name in changes):
            return dict(changes), network.facts
        facts, table = network.facts.answering(changes), figures_of(network.knowledge)
        moved: dict[str, str | None] = {name: network.answers.get(name) for name in changes if name in table}
        followers = followers_of(facts.index)
        for name in sorted(frozenset().union(*(followers[name] for name in changes))):
            if name in table:
                held = facts.yes(name)
                answer = None if held is None else "yes" if held else "no"
                if name in moved or answer != network.answers.get(name):
                    moved[name] = answer
        return moved, facts

    def _weights_after(
        self, moved: Mapping[str, str | None], answers: Mapping[str, str], changes: Mapping[str, str], facts: Facts
    ) -> dict[str, Mapping[str, float]]:
        """Conflict weights of every source that the moved findings touch."""
        knowledge = self.network.knowledge
        touched = {figure.condition for name in moved for figure in figures_of(knowledge)[name]}
        again = {*moved, *self._limited}
        near = self._scored_again(again, touched, answers, facts)
        scored, raised = self._scored, self._raised
        looked_at = not LOOKED_AT.isdisjoint(moved) or not LOOKED_AT.isdisjoint(changes)
        if looked_at or not tender_findings(knowledge).isdisjoint(again):
            scored = {condition: ones for condition, ones in {**scored, **near}.items() if ones}
            raised = raised_by_tenderness(scored, knowledge)
            touched |= (set(scored) if looked_at else set()) | (raised ^ self._raised)
        return {
            condition: weights_of(condition, ones, answers, facts, knowledge, raised)
            for condition in touched
            if (ones := near.get(condition, self._scored.get(condition, []))) or condition in self._scored
        }

    def _scored_again(
        self, names: set[str], touched: set[str], answers: Mapping[str, str], facts: Facts
    ) -> dict[str, list[Scored]]:
        """What weighs on the touched sources, where these findings may now weigh otherwise."""
        knowledge = self.network.knowledge
        near = {
            condition: [one for one in self._scored.get(condition, ()) if one.finding not in names]
            for condition in touched
        }
        for name in names & answers.keys():
            for one in scored_of(name, answers[name], facts, knowledge):
                if one.figure.condition in touched:
                    near[one.figure.condition].append(one)
        place = places_in_table(knowledge)  # ties go by this order
        return {condition: sorted(ones, key=lambda one: place[one.finding]) for condition, ones in near.items()}

    def _differing(self, weights: Mapping[str, Mapping[str, float]]) -> set[str]:
        """Findings of which the conflict rules now leave more or less."""
        found: set[str] = set()
        for condition, after in weights.items():
            before = self._weights.get(condition, {})
            if after != before:
                found.update(name for name, _ in before.items() ^ after.items())
        return found

    def _held_after(self, name: str, answer: str | None, weights: Mapping[str, Mapping[str, float]]) -> Held | None:
        """The answer with what the conflict rules leave of it; None where that is nothing."""
        shares = tuple(
            weights.get(figure.condition, self._weights.get(figure.condition, {})).get(name)
            for figure in figures_of(self.network.knowledge)[name]
        )
        return (answer, shares) if answer is not None and any(shares) else None

    def _place_after(self, other: Mapping[str, Held | None], facts: Facts) -> Floats:
        """Log-likelihood ratio of the drawing, which is silent where a published ratio says the same."""
        network = self.network
        said_by = network.knowledge.diagnosis_choices.place.said_by
        if said_by.keys().isdisjoint(other):
            return network.place
        said = frozenset(
            pair
            for name in said_by
            if name in figures_of(network.knowledge) and (held := other.get(name, self._held.get(name)))
            for pair in places_said_by(name, *held, network.knowledge)
        )
        if said not in self._place:
            self._place[said] = place_of(facts, network.marks, network.knowledge, network.states, said)
        return self._place[said]

    def p_yes(self, finding: str) -> float:
        """Probability that the answer would be yes."""
        network = self.network
        chance = float(self.now @ chance_of_yes(finding, network.knowledge, network.states))
        return min(max(chance, 0.001), 0.999)

    def first(self, weight: Floats) -> str:
        """The source that would stand first."""
        sources = self.network.states.sources
        rough = self.network.gone @ weight
        best = int(rough.argmax())
        if np.count_nonzero(rough > rough[best] - TIED) == 1:
            return sources[best]
        responsible = self.responsible(weight)
        present = self.network.states.member @ weight
        return sources[min(range(len(sources)), key=lambda n: (-responsible[n], -present[n], sources[n]))]

    def responsible(self, weight: Floats) -> Floats:
        """The responsibility of every source; shape `(sources,)`."""
        found: Floats = (self.network.gone * weight).sum(axis=1)
        return found


# ---- what is the same for everyone


@lru_cache(maxsize=2048)
def over(name: str, answer: str, shares: Shares, knowledge: Knowledge, states: States) -> Floats:
    """Log-likelihood ratio of one answered finding in each state; shape `(states,)`, not to be written to."""
    index = {source: number for number, source in enumerate(states.sources)}
    found = over_states(item_with(name, answer, shares, knowledge, 0), states, index)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=256)
def chance_of_yes(name: str, knowledge: Knowledge, states: States) -> Floats:
    """P(yes | state) of a finding, before any conflict rule; shape `(states,)`, not to be written to."""
    shares = tuple(1.0 for _ in figures_of(knowledge)[name])
    leak = float(item_with(name, "yes", shares, knowledge, 0).leak[0])
    found: Floats = leak * np.exp(over(name, "yes", shares, knowledge, states))
    found.flags.writeable = False
    return found


@lru_cache(maxsize=2)
def stands_alone(knowledge: Knowledge) -> frozenset[str]:
    """Findings whose answer, while nothing else speaks for or against them, moves no other finding of the diagnosis.

    None of them is in a circle of ids, and no rule asks for one of them beside the members that it weighs.
    """
    followers = followers_of(index_of(knowledge))
    table = frozenset(figures_of(knowledge))
    return frozenset(
        name
        for name in table - LOOKED_AT
        if followers[name] & table == {name} and not any(name in followers[o] for o in followers[name] - {name})
    )


@lru_cache(maxsize=2)
def tender_findings(knowledge: Knowledge) -> frozenset[str]:
    """Sore points, of which only one source is raised."""
    return frozenset(knowledge.findings.conflicts["myofascial"].findings)


@lru_cache(maxsize=2)
def places_in_table(knowledge: Knowledge) -> dict[str, int]:
    """Where each finding stands among those that can move a probability."""
    return {name: place for place, name in enumerate(figures_of(knowledge))}
