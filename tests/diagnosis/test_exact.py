"""The inference against an independent exact engine (pyAgrum), on the whole network, to 1e-9.

Only the parameters are taken from the product: prior odds, leak and P(yes | one source) of every answered finding, the
same of every mark. The conditional tables are written out here afresh: every source that makes a finding likelier than
its leak can produce it alone, every source that makes it less likely holds it back.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from psoas.diagnosis.network import Network, item_of, network_of, posterior
from psoas.diagnosis.states import states_of
from psoas.screening import facts_of
from tests.cases import case_of
from tests.diagnosis.making import FIGURES, KNOWLEDGE, network, random_answers, raw
from tests.diagnosis.peer import evidence, marginals_by_binary_nodes, marginals_by_joint_node

TOLERANCE = 1e-9


def ours(net: Network) -> dict[str, float]:
    present = net.states.member @ posterior(net)[0]
    return dict(zip(net.states.sources, map(float, present), strict=True))


def assert_same(mine: dict[str, float], theirs: dict[str, float]) -> None:
    assert mine.keys() == theirs.keys()
    assert max(abs(mine[name] - theirs[name]) for name in mine) < TOLERANCE


DESK = raw(
    {"worse_with_sitting": "yes", "centralisation": "yes", "straight_leg_raise": {"left": "no"}, "faber": "front"},
    {"lumbar_centre": 5, "buttock_left": 3}, person={"age_years": 44, "sex": "female"},
)  # fmt: skip
WALKER = raw(
    {"no_pain_when_seated": "yes", "wide_based_gait": "no", "hip_internal_rotation_reduced": {"right": "yes"}},
    {"groin_right": 6, "thigh_anterior_right": 4, "calf_left": 2, "calf_right": 2},
    person={"age_years": 74, "sex": "male"}, pain={"map_complete": "yes"},
)  # fmt: skip
CASES = {
    "nothing known": raw(),
    "desk": DESK,
    "walker": WALKER,
    "a tenth answered": random_answers(1, 0.1),
    "a half answered": random_answers(2, 0.5),
    "the whole network": random_answers(3, 1.0),
    "the whole network, otherwise": random_answers(4, 1.0),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("setting", ["studio", "pain_clinic"])
def test_every_source_agrees_with_pyagrum_on_the_whole_network(name: str, setting: str) -> None:
    # Places left free have a test of their own, by hand.
    data = {**CASES[name], "pain": {**CASES[name]["pain"], "map_complete": "no"}}
    net = network(data, setting=setting)
    assert_same(ours(net), marginals_by_joint_node(net))


def test_the_whole_network_is_answered() -> None:
    data = CASES["the whole network"]
    answers = network_of(facts_of(case_of(data), KNOWLEDGE), KNOWLEDGE, "studio", draws=0).answers
    assert set(answers) == set(FIGURES)


def every_figure_counts(seed: int) -> Network:
    """The network with an answer to every finding and no conflict rule: nothing is silenced."""
    net = network(random_answers(seed, 1.0) | {"pain": {"regions": {"lumbar_left": 4, "groin_left": 5}}})
    whole = {figure.condition: dict.fromkeys(FIGURES, 1.0) for figures in FIGURES.values() for figure in figures}
    items = {name: item_of(name, answer, whole, KNOWLEDGE, 0) for name, answer in net.answers.items()}
    return replace(net, items=items)


@pytest.mark.parametrize("seed", [5, 6])
def test_agrees_with_every_finding_in_play_at_once(seed: int) -> None:
    net = every_figure_counts(seed)
    assert len(net.items) == len(FIGURES)
    assert_same(ours(net), marginals_by_joint_node(net))


def test_agrees_with_binary_sources_and_an_explicit_constraint() -> None:
    """Six sources as nodes of their own, 'at most three at once' as one observed child of all."""
    names = (
        "sacroiliac_joint_pain", "facet_joint_pain", "discogenic_pain",
        "disc_herniation_radiculopathy", "lumbar_spinal_stenosis", "hip_osteoarthritis",
    )  # fmt: skip
    for seed in range(6):
        big = network(random_answers(seed, 0.7) | {"pain": {}}, setting="pain_clinic")
        index = {name: number for number, name in enumerate(names)}
        items = {}
        for finding, item in big.items.items():
            kept = [n for n, figure in enumerate(item.figures) if figure.condition in index]
            if kept:
                items[finding] = replace(
                    item, figures=tuple(item.figures[n] for n in kept), weights=tuple(item.weights[n] for n in kept),
                    present=tuple(item.present[n] for n in kept),
                )  # fmt: skip
        states = states_of(names)
        odds = big.odds[:, [big.index[name] for name in names]]
        small = replace(
            big, states=states, index=index, items=items, odds=odds, place=np.zeros(len(states.sets)), marks=(),
        )  # fmt: skip
        theirs = marginals_by_binary_nodes(names, np.exp(odds[0]), evidence(small))
        assert_same(ours(small), theirs)


def test_places_left_free_count_a_quarter_and_only_on_a_map_drawn_whole() -> None:
    """ln of the free places, by hand, for one source: unmarked * sum ln((1 - p) / (1 - base))."""
    choices = KNOWLEDGE.diagnosis_choices.place
    open_map, whole = raw(regions={"calf_left": 4}), raw(regions={"calf_left": 4}, pain={"map_complete": "yes"})
    drawn, free = network(open_map), network(whole)
    state = drawn.states.sets.index((drawn.index["adductor_related_groin_pain"],))
    places = list(KNOWLEDGE.sources_of_pain.conditions["adductor_related_groin_pain"].typical_pain_regions)
    weights = [1 / (1 + choices.falloff * k) for k in range(len(places))]
    marks = choices.marks * math.sqrt(len(places))
    expected = 0.0
    said = {place for source, place in free.said if source == "adductor_related_groin_pain"}
    assert not said
    for place, weight in zip(places, weights, strict=True):
        base = choices.base.get(place, choices.base["other"])
        p = min(choices.most, marks * weight / sum(weights), choices.ratio_most * base, 0.95)
        expected += choices.unmarked * math.log(1 - max(0.0, (p - base) / (1 - base)))
    assert free.place[state] - drawn.place[state] == pytest.approx(expected, abs=1e-12)
    assert drawn.place[0] == free.place[0] == 0.0
