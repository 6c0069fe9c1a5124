"""How each answer that could still be given, or given otherwise, would move the posterior of one case.

A diagnosis tries some six hundred answers, and each touches little: one finding, what follows from it, and the
damping of those that hang together with it. Only that is worked out again. What does not depend on the person, such
as what one finding says of every joint state, is worked out once for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from psoas.diagnosis.case_facts import case_facts
from psoas.diagnosis.evidence import Item, ln_answer, over_states
from psoas.diagnosis.likelihood.dependence import counts_of, groups_of, origins_of, speaking, strengths
from psoas.diagnosis.likelihood.knobs import Knobs
from psoas.diagnosis.likelihood.table import table_of
from psoas.diagnosis.network import Network, chance_for
from psoas.diagnosis.states import Floats, States
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of
from psoas.knowledge.rules.expressions import names_in
from psoas.knowledge.rules.facts import Facts
from psoas.knowledge.rules.follows import followers_of

TIED = 1e-9  # below this a difference may be one of the order of summation
Change = tuple[str, str]
"""A finding with the answer it would have."""


class WhatIf:
    """How each open answer would move the posterior of one case, at the values themselves.

    An answer is given as a person gives it: what follows from it (groups, implications) is answered with it, what only
    repeats another answer falls silent, and the damping of groups is applied anew. The result is that of the network
    built again from the case with that answer.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._after: dict[tuple[Change, ...], Floats] = {}
        self._lines = lines_of(network.knowledge, network.knobs, network.states)
        self._total = network.ln_prior
        for item in network.observations:
            self._total = self._total + item.counts * over_states(item.chance, item.answer, network.states)
        self.now = _normal(self._total[None, :])[0]
        self._ranks = _Ranks(network)

    def after(self, changes: Mapping[str, str]) -> Floats:
        """The posterior over states if these answers were given, or given otherwise; shape `(states,)`."""
        key = tuple(sorted(changes.items()))
        if key not in self._after:
            self._after[key] = _normal(self._ln_after(dict(key))[None, :])[0]
        return self._after[key]

    def after_each(self, changes: Sequence[Change]) -> Floats:
        """The posterior after each of these single answers; shape `(changes, states)`."""
        return _normal(self.ln_after_each(changes))

    def ln_after_each(self, changes: Sequence[Change]) -> Floats:
        """The log weights of `after_each`, before they are made to sum to one."""
        alone = stands_alone(self.network.knowledge)
        rows = np.empty((len(changes), len(self._total)))
        quick = [n for n, (name, _) in enumerate(changes) if name in alone and name not in self.network.answers]
        if quick:
            place = self._lines.place
            own = np.array([self._ranks.counts(changes[n]) for n in quick])
            said = self._lines.over[[place[changes[n]] for n in quick]]
            rows[quick] = self._total + own[:, None] * said
            for n in quick:
                for item, by in self._ranks.moved(changes[n]):
                    rows[n] += by * over_states(item.chance, item.answer, self.network.states)
        for n in set(range(len(changes))) - set(quick):
            rows[n] = self._ln_after(dict([changes[n]]))
        return rows

    def _ln_after(self, changes: dict[str, str]) -> Floats:
        network = self.network
        answers, facts = self._answers_after(changes)
        held = speaking(answers, facts, network.knowledge)
        counts = counts_of(held, network.knowledge, network.knobs)
        total = self._total + self._told_after(changes, facts)
        for name, item in network.items.items():
            if held.get(name) != item.answer or counts[name] != item.counts:
                total = total - item.counts * over_states(item.chance, item.answer, network.states)
        for name, answer in held.items():
            old = network.items.get(name)
            if old is None or old.answer != answer or old.counts != counts[name]:
                chance = chance_for(name, answer, facts, network.knowledge, network.table)
                total = total + counts[name] * over_states(chance, answer, network.states)
        return total

    def _answers_after(self, changes: Mapping[str, str]) -> tuple[dict[str, str], Facts]:
        """The answers once these were given, in the order of the table, and the facts with them."""
        network = self.network
        facts = network.facts.answering(changes)
        followers = followers_of(facts.index)
        moved = dict(network.answers)
        order = self._lines.order
        touched = frozenset().union(*(followers[name] for name in changes)) & order.keys()
        for name in sorted(touched, key=order.__getitem__):  # in a circle of ids the first asked decides
            held = facts.yes(name)
            if held is None:
                moved.pop(name, None)
            else:
                moved[name] = "yes" if held else "no"
        return dict(sorted(moved.items(), key=lambda one: order[one[0]])), facts

    def _told_after(self, changes: Mapping[str, str], facts: Facts) -> Floats | float:
        """What facts of the case add once these answers were given, less what they add now."""
        network = self.network
        followers = followers_of(facts.index)
        if not network.knobs.facts or not any(followers[name] & asked_by_facts(network.knowledge) for name in changes):
            return 0.0
        ln = np.zeros(len(network.states.sources))
        for sign, told in ((1, case_facts(facts, network.table, network.knowledge)), (-1, network.told)):
            for fact in told:
                ln += sign * network.knobs.temperature * fact.chance.ln_ratios(fact.answer)
        return ln @ network.states.member

    def p_yes_each(self, names: Sequence[str]) -> Floats:
        """Probability that each of these answers would be yes; shape `(names,)`."""
        chances = self._lines.chance_of_yes[[self._lines.place[name, "yes"] for name in names]] @ self.now
        found: Floats = np.clip(chances, 0.001, 0.999)
        return found

    def p_yes(self, finding: str) -> float:
        """Probability that the answer would be yes."""
        return float(self.p_yes_each([finding])[0])

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


class _Ranks:
    """Where each counted answer stands in its groups, and what one more answer would do to that."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._strength = strengths(network.knowledge, network.knobs)
        self._groups = groups_of(network.knowledge)
        self._order = {name: (-self._strength[name, item.answer], name) for name, item in network.items.items()}
        self._members: dict[str, list[str]] = {}
        for name in sorted(network.items, key=self._order.__getitem__):
            for group in self._groups.get(name, ()):
                self._members.setdefault(group, []).append(name)
        self._rank = {
            (name, group): number for group, names in self._members.items() for number, name in enumerate(names)
        }

    def _damped(self, before: int) -> float:
        knobs = self._network.knobs
        return knobs.temperature / (1.0 + knobs.within_group * before)

    def counts(self, change: Change) -> float:
        """Exponent of an answer that would be added."""
        own = (-self._strength[change], change[0])
        return self._damped(
            max((self._stronger(group, own) for group in self._groups.get(change[0], ())), default=0)
        )  # fmt: skip

    def _stronger(self, group: str, own: tuple[float, str]) -> int:
        return sum(self._order[name] < own for name in self._members.get(group, ()))

    def moved(self, change: Change) -> list[tuple[Item, float]]:
        """The items that would count less beside it, and by how much."""
        own, groups = (-self._strength[change], change[0]), self._groups.get(change[0], frozenset())
        near = {name for group in groups for name in self._members.get(group, ()) if self._order[name] > own}
        found = []
        for name in sorted(near):
            item = self._network.items[name]
            before = max(self._rank[name, group] + (group in groups) for group in self._groups[name])
            by = self._damped(before) - item.counts
            if by:
                found.append((item, by))
        return found


def _normal(ln: Floats) -> Floats:
    ln = ln - ln.max(axis=1, keepdims=True)
    np.exp(ln, out=ln)
    ln /= ln.sum(axis=1, keepdims=True)
    return ln


# ---- what is the same for everyone


@dataclass(frozen=True, eq=False)
class Lines:
    """What each answer of the table says of each state.

    Attributes:
        place: row of an answer in `over`, and of a finding's yes in `chance_of_yes`.
        over: log-likelihood ratio against no source, `(answers, states)`.
        chance_of_yes: P(yes | state), in the same rows; only those of a yes are meant to be read.
        order: place of each finding in the table.
    """

    place: Mapping[Change, int]
    over: Floats
    chance_of_yes: Floats
    order: Mapping[str, int]


def lines_of(knowledge: Knowledge, knobs: Knobs, states: States) -> Lines:
    """The lines of a table, in one go."""
    return _lines(knowledge, knobs.for_table(), states)


@lru_cache(maxsize=4)
def _lines(knowledge: Knowledge, knobs: Knobs, states: States) -> Lines:
    table = table_of(knowledge, knobs)
    keys = sorted(table, key=lambda key: key[1], reverse=True)  # every yes, then every no
    number = sum(answer == "yes" for _, answer in keys)
    leak = np.array([[table[key].leak] for key in keys])
    present = np.stack([table[key].present for key in keys])
    yes = ln_answer("yes", leak[:number], present[:number], states.member)
    no = ln_answer("no", leak[number:], present[number:], states.member)
    chance = np.exp(yes)
    over = np.concatenate([yes, no])
    over -= over[:, :1]
    place = {key: row for row, key in enumerate(keys)}
    order = {name: n for n, name in enumerate(dict.fromkeys(name for name, _ in table))}
    return Lines(place, over, chance, order)


@lru_cache(maxsize=2)
def asked_by_facts(knowledge: Knowledge) -> frozenset[str]:
    """Findings that facts of the case look at."""
    chosen = knowledge.diagnosis_choices.facts.values()
    return frozenset(name for fact in chosen for text in (fact.yes, fact.no or "") if text for name in names_in(text))


@lru_cache(maxsize=2)
def stands_alone(knowledge: Knowledge) -> frozenset[str]:
    """Findings whose answer, while nothing speaks for or against them, moves no other finding and silences none."""
    index = index_of(knowledge)
    followers, origins = followers_of(index), origins_of(knowledge)
    dependence = knowledge.diagnosis_choices.dependence
    apart = {
        *knowledge.diagnosis_choices.place.said_by, *dependence.said_by_facts, *asked_by_facts(knowledge),
        *(name for same in dependence.same_observation for name in same),
    }  # fmt: skip
    return frozenset(
        name
        for name in (*index.findings, *index.flags)
        if name not in apart and name not in origins and followers[name] == {name} and not _has_parts(name, knowledge)
    )


def _has_parts(name: str, knowledge: Knowledge) -> bool:
    index = index_of(knowledge)
    entry = index.findings.get(name) or index.flags.get(name)
    return entry is not None and bool(entry.parts)
