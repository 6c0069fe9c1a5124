"""The diagnosis network of one case: priors, the drawing and every answered finding, over all joint states.

Inference is exact: all states of at most three sources are enumerated, their log-probabilities are sums of terms of
one, two and three sources, and one matrix product gives every state for every draw of the uncertain figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from psoas.diagnosis.conflicts import Scored, weights_of
from psoas.diagnosis.evidence import Item, interactions, make_item
from psoas.diagnosis.figures import Figure, figures_of
from psoas.diagnosis.place import Mark, ln_place, ln_unmarked, marks_of, vanishing
from psoas.diagnosis.priors import ln_odds
from psoas.diagnosis.states import Floats, States, states_of
from psoas.knowledge import Knowledge
from psoas.knowledge.facts import Facts

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


def _counts(figure: Figure, answer: str, facts: Facts, knowledge: Knowledge) -> bool:
    """Whether an answer counts for this person: not where its figures are of others, or as `both_sides` says."""
    if figure.direction_only and figure.finding in knowledge.diagnosis_choices.place.said_by:
        return False  # the drawing says it already, and better
    for limit in knowledge.diagnosis_choices.figures.limits:
        if limit.only_if and (limit.finding, limit.condition) == (figure.finding, figure.condition):
            return facts.expression(limit.only_if) is True
    raw = facts.case.findings.get(figure.finding)
    both = isinstance(raw, dict) and raw.get("left") == raw.get("right") == "yes"
    if answer != "yes" or not both:
        return True
    old = (facts.case.person.age_years or 0) > 60
    rules = [r for r in knowledge.findings.findings[figure.finding].both_sides if r.condition == figure.condition]
    return all(rule.counts for rule in rules if old or "age" not in rule.case)


def scored_by_source(answers: Mapping[str, str], facts: Facts, knowledge: Knowledge) -> dict[str, list[Scored]]:
    """The answered findings that would weigh on each source."""
    found: dict[str, list[Scored]] = {}
    table = figures_of(knowledge)
    for name, answer in answers.items():
        finding = knowledge.findings.findings[name]
        for figure in table[name]:
            if figure.ln_ratio(answer) and _counts(figure, answer, facts, knowledge):
                one = Scored(name, answer, figure, bool(finding.cluster_of), finding.mode == "hands_on")
                found.setdefault(figure.condition, []).append(one)
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
    choices = knowledge.diagnosis_choices.figures
    figures = figures_of(knowledge)[name]
    return make_item(
        name, answer, figures, [weights.get(figure.condition, {}).get(name) for figure in figures],
        draws=draws, seed=choices.seed, leak_unknown=choices.false_positive_rate_unknown,
    )  # fmt: skip


def places_said(items: Mapping[str, Item], knowledge: Knowledge) -> frozenset[tuple[str, str]]:
    """Pairs of source and place for which a published ratio of that place counts already."""
    choices = knowledge.diagnosis_choices
    said_by = choices.place.said_by
    beside = {(limit.finding, limit.condition) for limit in choices.figures.limits if limit.beside_drawing}
    return frozenset(
        (figure.condition, place)
        for name, item in items.items()
        if name in said_by
        for figure, weight in zip(item.figures, item.weights, strict=True)
        if weight and figure.ln_ratio(item.answer) and (name, figure.condition) not in beside
        for place in said_by[name]
    )


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
    ln = columns @ rows + network.place
    ln -= ln.max(axis=1, keepdims=True)
    weight = np.exp(ln)
    found: Floats = weight / weight.sum(axis=1, keepdims=True)
    return found
