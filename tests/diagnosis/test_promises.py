"""What the differential promises of any case: it is a probability, it says what was said, and no more."""

from __future__ import annotations

import hashlib
import math
import os
import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from psoas.diagnosis import SETTINGS
from psoas.diagnosis.evidence import likelihood
from psoas.diagnosis.network import item_of, network_of, posterior
from psoas.screening import facts_of, screen
from tests.cases import case_of, cases, random_case
from tests.diagnosis.making import FIGURES, KNOWLEDGE, diagnosis, network, probabilities, raw, weights

QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
SEEDS = range(12)


@QUICK
@given(cases())
def test_probabilities_are_probabilities(data: dict[str, Any]) -> None:
    found = diagnosis(data, with_change=False)
    assert len(found.differential) == len(KNOWLEDGE.sources_of_pain.conditions)
    assert [one.rank for one in found.differential] == list(range(1, len(found.differential) + 1))
    assert 0.0 <= found.no_single_source <= 1.0
    for one in found.differential:
        low, high = one.interval_90
        assert 0.0 <= low <= one.probability <= high <= 1.0
        assert 0.0 <= one.responsibility <= 1.0
        assert all(weight.log2_odds > 0 for weight in one.for_)
        assert all(weight.log2_odds < 0 for weight in one.against)
    order = [(-one.responsibility, -one.probability) for one in found.differential]
    assert order == sorted(order)


@QUICK
@given(cases())
def test_the_joint_states_sum_to_one_for_every_draw(data: dict[str, Any]) -> None:
    net = network(data, draws=30)
    weight = posterior(net)
    assert weight.shape == (31, len(net.states.sets))
    assert weight.min() >= 0
    assert np.allclose(weight.sum(axis=1), 1.0, atol=1e-12)
    none = weight[0][0]
    some = sum(float(weight[0][n]) for n, state in enumerate(net.states.sets) if state)
    assert none + some == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_unknown_moves_nothing(seed: int) -> None:
    """To the last bit, whether a finding is left out, unknown, or was tried and could not be done."""
    data = random_case(seed)
    open_ones = [name for name in FIGURES if name not in data["findings"]]
    said = {**data, "findings": {**data["findings"], **dict.fromkeys(open_ones, "unknown")}}
    assert diagnosis(data) == diagnosis(said)
    tried = {**data, "findings": {**data["findings"], **dict.fromkeys(open_ones, "not_possible")}}
    assert diagnosis(data).differential == diagnosis(tried).differential


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_answers_does_not_matter(seed: int) -> None:
    data = random_case(seed)
    rng = random.Random(seed)

    def shuffled(block: dict[str, Any]) -> dict[str, Any]:
        return dict(rng.sample(list(block.items()), len(block)))

    other = {**data, "findings": shuffled(data["findings"])}
    other["pain"] = {**data["pain"], "regions": shuffled(data["pain"]["regions"])}
    if "measurements" in data:
        other["measurements"] = rng.sample(data["measurements"], len(data["measurements"]))
    assert diagnosis(data) == diagnosis(other)


_PRINT = """
import hashlib
from tests.cases import random_case
from tests.diagnosis.making import diagnosis
print(hashlib.sha256("".join(repr(diagnosis(random_case(seed))) for seed in range(2)).encode()).hexdigest())
"""


def test_the_same_case_gives_the_same_bytes_here_and_in_a_fresh_process() -> None:
    def said() -> str:
        return hashlib.sha256("".join(repr(diagnosis(random_case(seed))) for seed in range(2)).encode()).hexdigest()

    fresh = [
        subprocess.run(
            [sys.executable, "-c", _PRINT], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": salt, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout.strip()
        for salt in ("1", "2")
    ]  # fmt: skip
    assert {said(), said(), *fresh} == {said()}


@pytest.mark.parametrize("answers", [{"nsaid_response": "no"}, {"leg_sensory_loss": "no"}, {"uveitis": "no"}])
def test_it_does_not_matter_whether_the_screen_ran_before(answers: dict[str, str]) -> None:
    """Two names of one observation form a circle, in which the one asked first decides."""
    facts = facts_of(case_of(raw(answers)), KNOWLEDGE)
    before = network_of(facts, KNOWLEDGE, "studio", draws=0).answers
    for name in answers:
        facts.yes(name)
    screen(facts.case, KNOWLEDGE, facts)
    assert network_of(facts, KNOWLEDGE, "studio", draws=0).answers == before


# ---- how evidence adds up


RAISED_BY_TWO = [
    (name, one.condition, other.condition)
    for name, figures in FIGURES.items()
    for one in figures
    for other in figures
    if one is not other and one.ln_ratio("yes") > 0 < other.ln_ratio("yes")
]


@pytest.mark.parametrize(("finding", "source", "rival"), RAISED_BY_TWO)
def test_a_finding_that_a_rival_explains_raises_a_source_less(finding: str, source: str, rival: str) -> None:
    """P(yes | both) / P(yes | rival) < P(yes | source) / P(yes | neither)."""
    all_count = {figure.condition: {finding: 1.0} for figure in FIGURES[finding]}
    item = item_of(finding, "yes", all_count, KNOWLEDGE, 0)
    place = {figure.condition: number for number, figure in enumerate(item.figures)}
    both = likelihood(item, [place[source], place[rival]])[0] / likelihood(item, [place[rival]])[0]
    alone = likelihood(item, [place[source]])[0] / likelihood(item, [])[0]
    assert 1.0 < both < alone


def test_explaining_away_shows_in_the_differential() -> None:
    """A painful thigh thrust speaks for the sacroiliac joint, less so once inflammation explains it."""

    def gain(known: dict[str, str]) -> float:
        odds = []
        for answer in ("yes", "unknown"):
            data = raw(known | {"sij_thigh_thrust": answer}, person={"age_years": 30}, pain={"duration_weeks": 60})
            p = probabilities(data)["sacroiliac_joint_pain"]
            odds.append(p / (1 - p))
        return odds[0] / odds[1]

    assert gain({"inflammatory_back_pain": "yes"}) < gain({})


def test_what_a_rule_takes_from_a_source_still_explains_away() -> None:
    """The leg raise adds nothing for the buttock beside its own tests, yet the buttock explains it."""

    def gain(known: dict[str, str]) -> float:
        odds = []
        for answer in ("yes", "unknown"):
            p = probabilities(raw(known | {"straight_leg_raise": answer}))["disc_herniation_radiculopathy"]
            odds.append(p / (1 - p))
        return odds[0] / odds[1]

    buttock = {"seated_piriformis_stretch": "yes"}
    assert "straight_leg_raise" not in weights(raw(buttock | {"straight_leg_raise": "yes"}))["deep_gluteal_syndrome"]
    assert gain(buttock) < gain({})


SINGLE = [(name, answer) for name, figures in FIGURES.items() if len(figures) == 1 for answer in ("yes", "no")]


def test_evidence_for_a_source_raises_it_and_evidence_against_lowers_it() -> None:
    before = probabilities(raw())
    for name, answer in SINGLE:
        figure = FIGURES[name][0]
        given = weights(raw({name: answer}))
        if {finding for answers in given.values() for finding in answers} != {name}:
            continue  # other answers follow from it
        after = probabilities(raw({name: answer}))
        assert (after[figure.condition] > before[figure.condition]) is (figure.ln_ratio(answer) > 0), name


def test_independent_evidence_adds_up() -> None:
    steps = [{}, {"centralisation": "yes"}, {"centralisation": "yes", "mri_disc_degeneration": "yes"}]
    found = [probabilities(raw(step))["discogenic_pain"] for step in steps]
    assert found == sorted(found)
    assert found[0] < found[1] < found[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_test_weighs_much_for_the_psoas(seed: int) -> None:
    """No published test identifies the psoas as the source of a back pain: only places and small ratios speak."""
    found = weights(random_case(seed))
    assert found.get("psoas_myofascial_pain", {}) == {}
    assert max(found.get("shortened_hip_flexors", {}).values(), default=1.0) <= 1.2 + 1e-9
    assert max(found.get("hip_flexor_strain", {}).values(), default=1.0) <= 1.2 + 1e-9
    assert max(found.get("iliopsoas_tendinopathy", {}).values(), default=1.0) <= 3.0 + 1e-9


# ---- the gate, the setting


ABSCESS = raw(
    {"fever_or_rigors": "yes", "hip_held_flexed": {"left": "yes"}}, {"groin_left": 6}, vitals={"temperature_c": 39.0}
)


def test_conclusions_at_the_hip_flexors_wait_while_the_gate_is_closed() -> None:
    assert not screen(case_of(ABSCESS), KNOWLEDGE).gate.open
    hip_flexors = tuple(KNOWLEDGE.interventions.condition_map["hip_flexor_psoas"])
    assert diagnosis(ABSCESS, with_change=False).withheld == hip_flexors
    calm = raw(regions={"groin_left": 6})
    assert screen(case_of(calm), KNOWLEDGE).gate.open
    assert diagnosis(calm, with_change=False).withheld == ()


def test_settings_differ() -> None:
    data = raw(regions={"lumbar_centre": 5})
    facet = {setting: probabilities(data, setting=setting)["facet_joint_pain"] for setting in SETTINGS}
    assert facet["pain_clinic"] > facet["studio"] > facet["primary_care"]


def test_studio_is_the_default_setting() -> None:
    assert diagnosis(raw(), with_change=False) == diagnosis(raw(), with_change=False, setting="studio")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"setting": "hospital"}, "setting is 'hospital'; allowed: studio, primary_care, pain_clinic."),
        ({"who": "robot"}, "who is 'robot'; allowed: self, bodyworker, physiotherapist."),
    ],
)
def test_an_unknown_setting_or_asker_is_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message.split(";")[0]) as caught:
        diagnosis(raw(), **options)
    assert str(caught.value) == message


def test_what_moves_a_starting_share_is_scored_nowhere_else() -> None:
    """Age acts in the shares: its findings have no figure beside them."""
    assert not set(KNOWLEDGE.diagnosis_choices.figures.in_prior) & set(FIGURES)
    young, old = (probabilities(raw(person={"age_years": age})) for age in (35, 75))
    assert old["lumbar_spinal_stenosis"] > 5 * young["lumbar_spinal_stenosis"]
    assert weights(raw(person={"age_years": 75})) == {}


@pytest.mark.parametrize(
    ("setting", "unknown", "ordinary"),
    [("studio", 0.51, 0.56), ("primary_care", 0.67, 0.72), ("pain_clinic", 0.08, 0.12)],
)
def test_the_share_with_no_specific_source_is_the_one_stated(setting: str, unknown: float, ordinary: float) -> None:
    """As `diagnosis_choices.yaml` says of its priors: while nothing is known, and for a man of 45 after eight weeks."""
    man = raw(person={"age_years": 45, "sex": "male", "pregnant": "no"}, pain={"duration_weeks": 8})
    for data, share in ((raw(), unknown), (man, ordinary)):
        assert diagnosis(data, with_change=False, setting=setting).no_single_source == pytest.approx(share, abs=0.006)


def test_priors_come_back_when_nothing_is_known() -> None:
    """Odds of a source against none: the prior odds, exactly."""
    net = network(raw())
    weight = posterior(net)[0]
    prior = KNOWLEDGE.diagnosis_choices.priors["sacroiliac_joint_pain"].studio.value
    state = net.states.sets.index((net.index["sacroiliac_joint_pain"],))
    assert math.log(weight[state] / weight[0]) == pytest.approx(math.log(prior / (1 - prior)), abs=1e-12)
