"""What to ask or test next, and which answers would change the first rank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations

import numpy as np

from psoas.diagnosis.conflicts import LOOKED_AT, weights_of
from psoas.diagnosis.evidence import Item, over_states
from psoas.diagnosis.figures import figures_of
from psoas.diagnosis.network import (
    Network,
    item_if_counted,
    item_of,
    place_of,
    places_said,
    raised_by_tenderness,
    scored_by_source,
)
from psoas.diagnosis.states import Floats
from psoas.diagnosis.types import Change, NextQuestion, settled
from psoas.knowledge import Knowledge
from psoas.knowledge.facts import Facts
from psoas.knowledge.follows import followers_of

ASKERS = ("self", "bodyworker", "physiotherapist")
_FROM_FIELDS = re.compile(r"person\.|pain\.|marked|worst\(|one_sided|both_sides")
PAIRS_FROM = 12  # of the answers that move the first rank most, all pairs are tried


class Moves:
    """How each open answer would move the posterior of one case, at the published values.

    An answer is given as a person gives it: what follows from it (groups, implications) is answered with it, the
    conflict rules are applied anew, and a mark of the drawing stays silent where a published ratio now says the same.
    The result is that of the network built again from the case with that answer; only what the answer touches is
    worked out again.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._over: dict[tuple[str, str, tuple[float | None, ...]], Floats] = {}
        self._after: dict[tuple[tuple[str, str], ...], Floats] = {}
        self._place = {network.said: network.place}
        self._scored = scored_by_source(network.answers, network.facts, network.knowledge)
        self._raised = raised_by_tenderness(self._scored, network.knowledge)
        self._weights = {
            condition: weights_of(condition, ones, network.answers, network.facts, network.knowledge, self._raised)
            for condition, ones in self._scored.items()
        }
        self._total = self._sum(network.items.values())
        self.now = self._normal(self._total + network.place)

    def _normal(self, ln: Floats) -> Floats:
        ln = ln + self.network.ln_prior
        weight = np.exp(ln - ln.max())
        found: Floats = weight / weight.sum()
        return found

    def over(self, item: Item) -> Floats:
        """Log-likelihood ratio of one answered finding in each state."""
        key = (item.finding, item.answer, item.weights)
        if key not in self._over:
            self._over[key] = over_states(item, self.network.states, self.network.index)
        return self._over[key]

    def _sum(self, items: Iterable[Item]) -> Floats:
        total = np.zeros(len(self.network.states.sets))
        for item in items:
            total = total + self.over(item)
        return total

    def after(self, changes: Mapping[str, str]) -> Floats:
        """The posterior over states if these answers were given, or given otherwise; shape `(states,)`."""
        key = tuple(sorted(changes.items()))
        if key not in self._after:
            self._after[key] = self._posterior_after(changes)
        return self._after[key]

    def _posterior_after(self, changes: Mapping[str, str]) -> Floats:
        network = self.network
        facts = network.facts.answering(changes)
        answers, moved = self._answers_after(changes, facts)
        weights = self._weights_after(answers, moved, changes, facts)
        names = {
            name for name in answers
            if name in moved or any(weights[f.condition] is not self._weights.get(f.condition)
                                    for f in figures_of(network.knowledge)[name] if f.condition in weights)
        }  # fmt: skip
        items = dict(network.items)
        total = self._total
        for name in sorted(names | (moved - set(answers))):
            old = items.pop(name, None)
            new = item_if_counted(name, answers.get(name), weights, network.knowledge, 0)
            if old and new and (old.answer, old.weights) == (new.answer, new.weights):
                items[name] = old
                continue
            if old:
                total = total - self.over(old)
            if new:
                items[name] = new
                total = total + self.over(new)
        return self._normal(total + self._place_after(items, facts))

    def _answers_after(self, changes: Mapping[str, str], facts: Facts) -> tuple[dict[str, str], set[str]]:
        """Every answer, with what follows from the changes, and the names that moved (a new side counts)."""
        network = self.network
        answers, moved = dict(network.answers), set(changes)
        followers = followers_of(facts.index)
        for name in sorted(frozenset().union(*(followers[name] for name in changes))):
            if name in figures_of(network.knowledge):
                held = facts.yes(name)
                answer = None if held is None else "yes" if held else "no"
                if answer != network.answers.get(name):
                    moved.add(name)
                    answers.pop(name, None)
                    if answer is not None:
                        answers[name] = answer
        table = figures_of(network.knowledge)
        return {name: answers[name] for name in table if name in answers}, moved & set(table)  # ties go by this order

    def _weights_after(
        self, answers: Mapping[str, str], moved: set[str], changes: Mapping[str, str], facts: Facts
    ) -> dict[str, Mapping[str, float]]:
        """Conflict weights of every source; those that nothing touches are the same objects as before."""
        network, table = self.network, figures_of(self.network.knowledge)
        touched = {figure.condition for name in moved for figure in table[name]}
        near = {
            name: answer for name, answer in answers.items() if any(f.condition in touched for f in table[name])
        }  # fmt: skip
        scored = {c: ones for c, ones in self._scored.items() if c not in touched}
        scored |= {c: v for c, v in scored_by_source(near, facts, network.knowledge).items() if c in touched}
        raised = raised_by_tenderness(scored, network.knowledge)
        if LOOKED_AT & (moved | set(changes)):
            touched |= set(scored)
        touched |= raised ^ self._raised
        return {
            condition: weights_of(condition, ones, answers, facts, network.knowledge, raised)
            if condition in touched
            else self._weights[condition]
            for condition, ones in scored.items()
        }

    def _place_after(self, items: Mapping[str, Item], facts: Facts) -> Floats:
        network = self.network
        said = places_said(items, network.knowledge)
        if said not in self._place:
            self._place[said] = place_of(facts, network.marks, network.knowledge, network.states, said)
        return self._place[said]

    def p_yes(self, finding: str) -> float:
        """Probability that the answer would be yes."""
        network = self.network
        figures = figures_of(network.knowledge)[finding]
        weights = {figure.condition: {finding: 1.0} for figure in figures}
        item = item_of(finding, "yes", weights, network.knowledge, 0)
        on = float(item.leak[0]) * np.exp(self.over(item))
        return float(np.clip(self.now @ on, 0.001, 0.999))

    def first(self, weight: Floats) -> str:
        """The source that would stand first."""
        responsible = (self.network.gone * weight).sum(axis=1)
        present = self.network.states.member @ weight
        sources = self.network.states.sources
        best = min(range(len(sources)), key=lambda n: (-responsible[n], -present[n], sources[n]))
        return sources[best]


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


def next_questions(network: Network, moves: Moves, who: str) -> tuple[NextQuestion, ...]:
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


def what_would_change(network: Network, moves: Moves, who: str) -> Change | None:
    """The fewest answers, given or taken otherwise, that would put another source first: one, else two."""
    now = moves.first(moves.now)
    scored = list(_single_changes(network, who))
    gains = []
    for change in scored:
        after = moves.after(change)
        if moves.first(after) != now:
            gains.append((_lead(network, after), tuple(change.items()), moves.first(after)))
    if gains:
        _, answers, first = max(gains)
        return Change(answers, first)
    closing = sorted(scored, key=lambda change: _margin(network, moves.after(change), now))[:PAIRS_FROM]
    for one, other in combinations(closing, 2):
        both = {**one, **other}
        if len(both) == 2 and (first := moves.first(moves.after(both))) != now:
            return Change(tuple(both.items()), first)
    return None


def _single_changes(network: Network, who: str) -> Iterator[dict[str, str]]:
    for name, answer in network.answers.items():
        if name in askable(network.knowledge):
            yield {name: "no" if answer == "yes" else "yes"}
    for name in open_findings(network, who):
        yield {name: "yes"}
        yield {name: "no"}


def _lead(network: Network, weight: Floats) -> float:
    """How far the first source leads the second, in responsibility."""
    first, second = np.sort((network.gone * weight).sum(axis=1))[::-1][:2]
    return float(first - second)


def _margin(network: Network, weight: Floats, source: str) -> float:
    """How far a source leads the best of the others; negative when it does not."""
    responsible = (network.gone * weight).sum(axis=1)
    own = network.index[source]
    return float(responsible[own] - np.delete(responsible, own).max())
