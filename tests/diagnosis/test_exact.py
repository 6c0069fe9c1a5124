"""The inference against an independent exact engine (pyAgrum), on the whole network, to 1e-9.

Only the parameters are taken from the product: starting shares, leak and P(yes | one source) of every observation, what
the damping leaves of it, the ratios of the facts of the case. The conditional tables are written out here afresh: every
source that makes a finding likelier than its leak can produce it alone, every source that makes it less likely holds it
back.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from psoas.diagnosis.evidence import Item, drawn
from psoas.diagnosis.network import (
    SLIVER,
    Network,
    draws_of,
    kept_states,
    ln_evidence,
    network_of,
    posterior,
)
from psoas.diagnosis.rank import percentiles
from psoas.diagnosis.states import states_of
from psoas.screening import facts_of
from tests.cases import case_of
from tests.diagnosis.making import ANSWERS, KNOWLEDGE, network, random_answers, raw
from tests.diagnosis.peer import evidence, marginals_by_binary_nodes, marginals_by_joint_node

TOLERANCE = 1e-9


def ours(net: Network) -> dict[str, float]:
    present = net.states.member @ posterior(net)
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
@pytest.mark.parametrize("setting", ["studio", "referred"])
def test_every_source_agrees_with_pyagrum_on_the_whole_network(name: str, setting: str) -> None:
    net = network(CASES[name], setting=setting)
    assert_same(ours(net), marginals_by_joint_node(net, setting))


def test_the_whole_network_is_answered() -> None:
    data = CASES["the whole network"]
    answers = network_of(facts_of(case_of(data), KNOWLEDGE), KNOWLEDGE, "studio", draws=0).answers
    assert set(answers) >= set(ANSWERS) - set(KNOWLEDGE.diagnosis_choices.dependence.said_by_facts)


def test_agrees_with_binary_sources_and_an_explicit_constraint() -> None:
    """Six sources as nodes of their own, 'at most three at once' as one observed child of all."""
    names = (
        "sacroiliac_joint_pain", "facet_joint_pain", "discogenic_pain",
        "disc_herniation_radiculopathy", "lumbar_spinal_stenosis", "hip_osteoarthritis",
    )  # fmt: skip
    for seed in range(3):
        big = network(random_answers(seed, 0.2), setting="pain_clinic")
        own = [big.index[name] for name in names]
        states = states_of(names)

        def small_item(item: Item, own: list[int] = own) -> Item:
            chance = item.chance
            births = tuple(chance.births[n] for n in own)
            return replace(item, chance=replace(chance, present=chance.present[own], sd=chance.sd[own], births=births))

        small = replace(
            big, states=states, index={name: n for n, name in enumerate(names)},
            items={name: small_item(item) for name, item in big.items.items()},
            drawing=tuple(small_item(item) for item in big.drawing), odds=big.odds[:, own],
        )  # fmt: skip
        theirs = marginals_by_binary_nodes(names, np.exp(small.odds[0]), evidence(small))
        assert_same(ours(small), theirs)


def test_places_left_free_count_a_quarter_and_only_on_a_map_drawn_whole() -> None:
    """ln of the free places, by hand, for one source: temperature * unmarked * sum ln((1 - p) / (1 - base))."""
    share = KNOWLEDGE.diagnosis_choices.place.unmarked
    open_map, whole = raw(regions={"calf_left": 4}), raw(regions={"calf_left": 4}, pain={"map_complete": "yes"})
    drawn, free = network(open_map), network(whole)
    source = free.index["adductor_related_groin_pain"]
    state = drawn.states.sets.index((source,))
    expected = 0.0
    for (name, answer), chance in free.table.items():
        if name.startswith("mark_") and answer == "no" and name not in ("mark_calf", "mark_one_side_only"):
            expected += free.knobs.temperature * share * math.log((1 - chance.present[source]) / (1 - chance.leak))
    more, less = ln_evidence(free), ln_evidence(drawn)
    assert more[state] - less[state] == pytest.approx(expected, abs=1e-12)
    assert more[0] == less[0] == 0.0


def test_the_states_left_out_of_the_draws_cost_no_interval_a_hundredth() -> None:
    """The draws run over the states that carry all but a sliver of the mass; over all states the ends hardly differ."""
    for seed in range(4):
        net = network(random_answers(seed, 0.05), draws=200)
        nominal = posterior(net)
        root = np.sqrt(nominal)
        assert root[kept_states(nominal)].sum() >= (1 - SLIVER) * root.sum()
        weight, member = draws_of(net, nominal)
        full = net.odds[1:] @ net.states.member + drawn(
            net.observations, net.states.member, 200, KNOWLEDGE.diagnosis_choices.figures.seed
        )
        full = np.exp(full - full.max(axis=1, keepdims=True))
        full /= full.sum(axis=1, keepdims=True)
        for kept, every in zip(
            percentiles(weight @ member.T, 0.05, 0.95), percentiles(full @ net.states.member.T, 0.05, 0.95), strict=True
        ):
            assert np.abs(kept - every).max() < 0.01
