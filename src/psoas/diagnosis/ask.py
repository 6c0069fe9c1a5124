"""What to ask or test next, and which answers would change the first rank."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations

import numpy as np

from psoas.diagnosis.conflicts import weights_of
from psoas.diagnosis.evidence import Item, over_states
from psoas.diagnosis.figures import figures_of
from psoas.diagnosis.network import Network, item_of, raised_by_tenderness, scored_by_source
from psoas.diagnosis.states import Floats
from psoas.diagnosis.types import Change, NextQuestion
from psoas.knowledge import Knowledge

ASKERS = ("self", "bodyworker", "physiotherapist")
_FROM_FIELDS = re.compile(r"person\.|pain\.|marked|worst\(|one_sided|both_sides")
PAIRS_FROM = 12  # of the answers that move the first rank most, all pairs are tried


class Moves:
    """How each open answer would move the posterior of one case, at the published values.

    Everything is held per finding as a log-likelihood over the joint states, so that one more answer costs the
    change of the few findings that the conflict rules tie to it.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._cache: dict[tuple[str, str, tuple[float, ...]], Floats] = {}
        self._after: dict[tuple[tuple[str, str | None], ...], Floats] = {}
        self._base = network.ln_prior + network.place
        self.now = self._normal(self._base + self._sum(network.items))

    def _normal(self, ln: Floats) -> Floats:
        weight = np.exp(ln - ln.max())
        found: Floats = weight / weight.sum()
        return found

    def _over(self, item: Item) -> Floats:
        key = (item.finding, item.answer, item.weights)
        if key not in self._cache:
            self._cache[key] = over_states(item, self.network.states, self.network.index)
        return self._cache[key]

    def _sum(self, items: Mapping[str, Item]) -> Floats:
        total = np.zeros(len(self.network.states.sets))
        for item in items.values():
            total = total + self._over(item)
        return total

    def after(self, changes: Mapping[str, str | None]) -> Floats:
        """The posterior over states if these answers were given (None: taken back); shape `(states,)`."""
        key = tuple(sorted(changes.items()))
        if key not in self._after:
            self._after[key] = self._posterior_after(changes)
        return self._after[key]

    def _posterior_after(self, changes: Mapping[str, str | None]) -> Floats:
        network = self.network
        answers = {**network.answers, **changes}
        given = {name: answer for name, answer in answers.items() if answer is not None}
        touched = {figure.condition for name in changes for figure in figures_of(network.knowledge)[name]}
        related = [
            name for name in given if any(figure.condition in touched for figure in figures_of(network.knowledge)[name])
        ]
        scored = scored_by_source(given, network.facts, network.knowledge)
        raised = raised_by_tenderness(scored, network.knowledge)
        weights = {
            condition: weights_of(condition, scored[condition], given, network.facts, network.knowledge, raised)
            for condition in {f.condition for name in related for f in figures_of(network.knowledge)[name]}
            if condition in scored
        }
        items = {name: item for name, item in network.items.items() if name not in related and name in given}
        for name in related:
            if any(weights.get(f.condition, {}).get(name) for f in figures_of(network.knowledge)[name]):
                items[name] = item_of(name, given[name], weights, network.knowledge, 0)
        return self._normal(self._base + self._sum(items))

    def p_yes(self, finding: str) -> float:
        """Probability that the answer would be yes."""
        network = self.network
        figures = figures_of(network.knowledge)[finding]
        weights = {figure.condition: {finding: 1.0} for figure in figures}
        item = item_of(finding, "yes", weights, network.knowledge, 0)
        on = float(item.leak[0]) * np.exp(over_states(item, network.states, network.index))
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
        if finding.mode == "imaging_report" or (derived and _FROM_FIELDS.search(derived.rule)):
            continue
        if finding.mode != "hands_on":
            who = "self"
        else:
            who = "physiotherapist" if name in choices.physiotherapist_only else "bodyworker"
        found[name] = (who, choices.minutes_of.get(name, choices.minutes[finding.mode]))
    return found


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
        bits = p * _bits(moves.after({name: "yes"}), moves.now) + (1 - p) * _bits(moves.after({name: "no"}), moves.now)
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
    lead = _lead(network, moves.now)
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
        if len(both) == 2 and (first := moves.first(moves.after(both))) != now and lead:
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
