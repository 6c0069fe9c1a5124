"""Short ways from plain data to the network of a case, for the tests of the diagnosis."""

from __future__ import annotations

import random
from typing import Any

from psoas.diagnosis import Diagnosis, diagnose
from psoas.diagnosis.likelihood.accuracy import figures_of
from psoas.diagnosis.likelihood.knobs import Knobs, knobs_of
from psoas.diagnosis.likelihood.table import table_of
from psoas.diagnosis.network import Network, network_of, posterior
from psoas.knowledge import load
from psoas.knowledge.index import index_of
from psoas.screening import facts_of, screen
from tests.cases import case_of

KNOWLEDGE = load()
FIGURES = figures_of(KNOWLEDGE)
KNOBS = knobs_of(KNOWLEDGE)
TABLE = table_of(KNOWLEDGE, KNOBS)
ANSWERS = [
    name
    for name, answer in TABLE
    if answer == "yes" and name in {*index_of(KNOWLEDGE).findings, *index_of(KNOWLEDGE).flags}
]
"""Findings and flags that can move a probability."""
PLAIN = Knobs(within_group=0.0, drawing=0.0, temperature=1.0, published=1.0, towards_equal=0.0)
"""Nothing damped, every publication believed in full."""
Raw = dict[str, Any]


def raw(
    findings: Raw | None = None,
    regions: Raw | None = None,
    *,
    person: Raw | None = None,
    pain: Raw | None = None,
    **more: Any,
) -> Raw:
    """A raw case of these answers and marks."""
    return {
        "psoas_case": 1, "person": person or {}, "pain": {"regions": regions or {}, **(pain or {})},
        "findings": findings or {}, **more,
    }  # fmt: skip


def network(data: Raw, *, setting: str = "studio", draws: int = 0, knobs: Knobs | None = None) -> Network:
    return network_of(facts_of(case_of(data), KNOWLEDGE), KNOWLEDGE, setting, draws=draws, knobs=knobs)


def probabilities(data: Raw, *, setting: str = "studio") -> dict[str, float]:
    """Posterior probability of every source, at the values themselves."""
    net = network(data, setting=setting)
    present = net.states.member @ posterior(net)
    return dict(zip(net.states.sources, map(float, present), strict=True))


def diagnosis(data: Raw, **options: Any) -> Diagnosis:
    facts = facts_of(case_of(data), KNOWLEDGE)
    return diagnose(facts, KNOWLEDGE, screen(case_of(data), KNOWLEDGE), **options)


def counts(data: Raw, knobs: Knobs | None = None) -> dict[str, float]:
    """What the damping leaves of each answer that counts."""
    return {name: item.counts for name, item in network(data, knobs=knobs).items.items()}


def random_answers(seed: int, share: float) -> Raw:
    """A case in which each finding that can move a probability is answered with this chance."""
    rng = random.Random(seed)
    vocabulary = sorted(ANSWERS)
    return raw(
        {name: rng.choice(("yes", "no")) for name in vocabulary if rng.random() < share},
        {region: rng.choice((None, 3, 7)) for region in rng.sample(REGIONS, rng.randint(0, 5))},
        person={"age_years": rng.randint(14, 88), "sex": rng.choice(("male", "female"))},
        pain={"duration_weeks": rng.choice((1, 8, 40, 200)), "map_complete": rng.choice(("yes", "no"))},
    )


REGIONS = [
    "lumbar_left", "lumbar_right", "lumbar_centre", "lumbar_unspecified", "buttock_left", "buttock_right", "groin_left",
    "thigh_anterior_left", "thigh_posterior_left", "thigh_medial_right", "calf_left", "foot_right", "hip_left",
    "hip_lateral_right", "sacroiliac_left", "sacrum_coccyx_centre", "flank_left", "leg_unspecified", "knee_left",
]  # fmt: skip
