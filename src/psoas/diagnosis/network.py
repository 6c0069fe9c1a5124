"""The diagnosis network of one case: priors, the drawing and every answered finding, over all joint states.

Inference is exact: all states of at most three sources are enumerated, their log-probabilities are sums of terms of
one, two and three sources, and one matrix product gives every state for every draw of the uncertain figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from psoas.diagnosis.accuracy import figures_of
from psoas.diagnosis.conflicts import Scored, weights_of
from psoas.diagnosis.evidence import Item, interactions, make_item
from psoas.diagnosis.pain_drawing import Mark, ln_place, ln_unmarked, marks_of, vanishing
from psoas.diagnosis.priors import ln_odds
from psoas.diagnosis.states import Floats, States, states_of
from psoas.knowledge import Knowledge
from psoas.knowledge.rules.facts import Facts

NONSPECIFIC = "nonspecific_lumbar_strain"


@dataclass(frozen=True, eq=False)
class Network:
    """Everything the posterior of one case rests on.

    Attributes:
        answers: per finding that can move a probability, `yes` or `no`.
        odds: log prior odds, `(draws + 1, sources)`; row 0 holds the published values themselves.
        place: log-likelihood ratio of the pain drawing, `(states,)`.
        gone: share of the complaint that goes when a source is cured, `(sources, states)`.
        said: pairs of source and place for which a published ratio of the place counts already.
    """

    knowledge: Knowledge
    facts: Facts
    states: States
    answers: Mapping[str, str]
    items: Mapping[str, Item]
    marks: tuple[Mark, ...]
    odds: Floats
    place: Floats
    gone: Floats
    said: frozenset[tuple[str, str]]
    draws: int
    index: Mapping[str, int] = field(default_factory=dict)

    @property
    def ln_prior(self) -> Floats:
        """Log prior weight of each state at the published values; shape `(states,)`."""
        found: Floats = self.odds[0] @ self.states.member
        return found


def network_of(facts: Facts, knowledge: Knowledge, setting: str, *, draws: int | None = None) -> Network:
    """Build the network of a case in a setting (`studio`, `primary_care`, `pain_clinic`)."""
    states = states_of(tuple(knowledge.sources_of_pain.conditions))
    index = {source: number for number, source in enumerate(states.sources)}
    number = knowledge.diagnosis_choices.figures.draws if draws is None else draws
    facts = facts.of_case(facts.case)  # in a circle of ids the first asked decides: the screen must not
    answers = answers_of(facts, knowledge)
    items = items_of(answers, facts, knowledge, number)
    marks = marks_of(facts.case.pain, knowledge, states)
    said = places_said(items, knowledge)
    return Network(
        knowledge=knowledge,
        facts=facts,
        states=states,
        answers=answers,
        items=items,
        marks=marks,
        odds=ln_odds(states.sources, setting, facts, knowledge, number),
        place=place_of(facts, marks, knowledge, states, said),
        gone=vanishing(marks, knowledge, states),
        said=said,
        draws=number,
        index=index,
    )


def place_of(
    facts: Facts, marks: tuple[Mark, ...], knowledge: Knowledge, states: States, said: frozenset[tuple[str, str]]
) -> Floats:
    """Log-likelihood ratio of the drawing, with what was marked and what was left free; shape `(states,)`."""
    return ln_place(marks, states, said) + ln_unmarked(facts.case.pain, marks, knowledge, states, said)


def answers_of(facts: Facts, knowledge: Knowledge) -> dict[str, str]:
    """What is known of every finding that can move a probability."""
    return {name: "yes" if held else "no" for name in figures_of(knowledge) if (held := facts.yes(name)) is not None}


@lru_cache(maxsize=2)
def _rows_of(knowledge: Knowledge) -> dict[tuple[str, str], tuple[Scored, ...]]:
    """Per finding and answer what it would weigh on, whoever the person is."""
    found: dict[tuple[str, str], tuple[Scored, ...]] = {}
    said_by = knowledge.diagnosis_choices.place.said_by
    for name, figures in figures_of(knowledge).items():
        finding = knowledge.findings.findings[name]
        for answer in ("yes", "no"):
            found[name, answer] = tuple(
                Scored(name, answer, figure, bool(finding.cluster_of), finding.mode == "hands_on")
                for figure in figures
                # Of a bare direction for a place that was drawn, the drawing says it already, and better.
                if figure.ln_ratio(answer) and not (figure.direction_only and name in said_by)
            )
    return found


@lru_cache(maxsize=2)
def only_if(knowledge: Knowledge) -> dict[tuple[str, str], str]:
    """Per finding and source the expression without which its figure does not count."""
    limits = knowledge.diagnosis_choices.figures.limits
    return {(limit.finding, limit.condition): limit.only_if for limit in reversed(limits) if limit.only_if}


def _counts(one: Scored, facts: Facts, knowledge: Knowledge) -> bool:
    """Whether an answer counts for this person: not where its figures are of others, or as `both_sides` says."""
    condition = one.figure.condition
    if expression := only_if(knowledge).get((one.finding, condition)):
        return facts.expression(expression) is True
    raw = facts.case.findings.get(one.finding)
    both = isinstance(raw, dict) and raw.get("left") == raw.get("right") == "yes"
    if one.answer != "yes" or not both:
        return True
    old = (facts.case.person.age_years or 0) > 60
    rules = [r for r in knowledge.findings.findings[one.finding].both_sides if r.condition == condition]
    return all(rule.counts for rule in rules if old or "age" not in rule.case)


def scored_of(name: str, answer: str, facts: Facts, knowledge: Knowledge) -> list[Scored]:
    """What one answered finding would weigh on."""
    return [one for one in _rows_of(knowledge)[name, answer] if _counts(one, facts, knowledge)]


def scored_by_source(answers: Mapping[str, str], facts: Facts, knowledge: Knowledge) -> dict[str, list[Scored]]:
    """The answered findings that would weigh on each source."""
    found: dict[str, list[Scored]] = {}
    for name, answer in answers.items():
        for one in scored_of(name, answer, facts, knowledge):
            found.setdefault(one.figure.condition, []).append(one)
    return found


def raised_by_tenderness(scored: Mapping[str, list[Scored]], knowledge: Knowledge) -> frozenset[str]:
    """The one source that tender points may raise: the one they speak for most."""
    tender = knowledge.findings.conflicts["myofascial"].findings
    best = [
        (one.ln, condition)
        for condition, ones in scored.items()
        for one in ones
        if one.finding in tender and one.ln > 0 and one.answer == "yes"
    ]
    return frozenset({max(best)[1]}) if best else frozenset()


def items_of(answers: Mapping[str, str], facts: Facts, knowledge: Knowledge, draws: int) -> dict[str, Item]:
    """Every answered finding that still counts after the conflict rules."""
    scored = scored_by_source(answers, facts, knowledge)
    raised = raised_by_tenderness(scored, knowledge)
    weights = {
        condition: weights_of(condition, ones, answers, facts, knowledge, raised) for condition, ones in scored.items()
    }
    items = {name: item_if_counted(name, answer, weights, knowledge, draws) for name, answer in answers.items()}
    return {name: item for name, item in items.items() if item}


def item_if_counted(
    name: str, answer: str | None, weights: Mapping[str, Mapping[str, float]], knowledge: Knowledge, draws: int
) -> Item | None:
    """The answered finding, or None when the conflict rules leave nothing of it."""
    counted = any(weights.get(figure.condition, {}).get(name) for figure in figures_of(knowledge)[name])
    return item_of(name, answer, weights, knowledge, draws) if answer is not None and counted else None


def item_of(
    name: str, answer: str, weights: Mapping[str, Mapping[str, float]], knowledge: Knowledge, draws: int
) -> Item:  # fmt: skip
    """One answered finding with the conflict weights of its sources."""
    shares = tuple(weights.get(figure.condition, {}).get(name) for figure in figures_of(knowledge)[name])
    return item_with(name, answer, shares, knowledge, draws)


@lru_cache(maxsize=1024)
def item_with(name: str, answer: str, shares: tuple[float | None, ...], knowledge: Knowledge, draws: int) -> Item:
    """One answered finding with the share that the conflict rules leave of each figure. It is the same for everyone."""
    choices = knowledge.diagnosis_choices.figures
    return make_item(
        name, answer, figures_of(knowledge)[name], shares,
        draws=draws, seed=choices.seed, leak_unknown=choices.false_positive_rate_unknown,
    )  # fmt: skip


def places_said(items: Mapping[str, Item], knowledge: Knowledge) -> frozenset[tuple[str, str]]:
    """Pairs of source and place for which a published ratio of that place counts already."""
    said_by = knowledge.diagnosis_choices.place.said_by
    return frozenset(
        pair
        for name, item in items.items()
        if name in said_by
        for pair in places_said_by(name, item.answer, item.weights, knowledge)
    )


def places_said_by(
    name: str, answer: str, shares: tuple[float | None, ...], knowledge: Knowledge
) -> Iterator[tuple[str, str]]:
    """The pairs that one answered finding about a place says."""
    choices = knowledge.diagnosis_choices
    beside = {(limit.finding, limit.condition) for limit in choices.figures.limits if limit.beside_drawing}
    for figure, share in zip(figures_of(knowledge)[name], shares, strict=True):
        if share and figure.ln_ratio(answer) and (name, figure.condition) not in beside:
            for place in choices.place.said_by[name]:
                yield figure.condition, place


def posterior(network: Network) -> Floats:
    """P(state | case) for each draw; shape `(draws + 1, states)`, the published values first."""
    states, index = network.states, network.index
    terms: dict[tuple[int, ...], Floats] = {
        (number,): network.odds[:, number].copy() for number in range(len(states.sources))
    }
    for item in network.items.values():
        for subset, term in interactions(item).items():
            key = tuple(sorted(index[item.figures[number].condition] for number in subset))
            terms[key] = terms[key] + term if key in terms else term
    columns = np.stack(list(terms.values()), axis=1)
    rows = np.stack([states.containing(key) for key in terms])
    weight: Floats = columns @ rows  # in place from here on: a megabyte for every eighty draws
    weight += network.place
    weight -= weight.max(axis=1, keepdims=True)
    np.exp(weight, out=weight)
    weight /= weight.sum(axis=1, keepdims=True)
    return weight
