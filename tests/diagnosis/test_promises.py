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
from psoas.diagnosis.evidence import over_states
from psoas.diagnosis.network import draws_of, network_of, posterior
from psoas.knowledge.frequencies import ranked_sources
from psoas.screening import facts_of, screen
from tests.cases import case_of, cases, random_case
from tests.diagnosis.making import ANSWERS, KNOBS, KNOWLEDGE, TABLE, counts, diagnosis, network, probabilities, raw

QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
SEEDS = range(8)
FINDINGS = [name for name in ANSWERS if name in KNOWLEDGE.findings.findings]


@QUICK
@given(cases())
def test_probabilities_are_probabilities(data: dict[str, Any]) -> None:
    found = diagnosis(data, with_change=False)
    assert len(found.differential) == len(ranked_sources(KNOWLEDGE))
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
    nominal = posterior(net)
    weight, member = draws_of(net, nominal)
    assert weight.shape == (30, member.shape[1])
    assert weight.min() >= 0
    assert np.allclose(weight.sum(axis=1), 1.0, atol=1e-12)
    assert nominal.shape == (len(net.states.sets),)
    assert nominal.min() >= 0
    assert nominal.sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_unknown_moves_nothing(seed: int) -> None:
    """To the last bit, whether a finding is left out, unknown, or was tried and could not be done."""
    data = random_case(seed)
    open_ones = [name for name in FINDINGS if name not in data["findings"]]
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


SOURCES = ranked_sources(KNOWLEDGE)
RAISED = [name for name, answer in TABLE if answer == "yes" and (TABLE[name, answer].ln_ratios("yes") > 0.7).sum() > 1]


@pytest.mark.parametrize("finding", RAISED)
def test_a_finding_that_a_rival_explains_raises_a_source_less(finding: str) -> None:
    """P(yes | both) / P(yes | rival) < P(yes | source) / P(yes | neither)."""
    states = network(raw()).states
    chance = TABLE[finding, "yes"]
    source, rival = (int(n) for n in np.argsort(-chance.present)[:2])
    over = over_states(chance, "yes", states)
    both = over[states.sets.index(tuple(sorted((source, rival))))] - over[states.sets.index((rival,))]
    assert 0.0 < both < over[states.sets.index((source,))]


def test_explaining_away_shows_in_the_differential() -> None:
    """A painful thigh thrust speaks for the sacroiliac joint, less so once pregnancy explains it."""

    def gain(person: dict[str, Any]) -> float:
        odds = []
        for answer in ("yes", "unknown"):
            data = raw({"sij_thigh_thrust": answer}, person=person, pain={"duration_weeks": 60})
            p = probabilities(data)["sacroiliac_joint_pain"]
            odds.append(p / (1 - p))
        return odds[0] / odds[1]

    assert gain({"age_years": 30, "pregnant": "yes"}) < gain({"age_years": 30, "pregnant": "no"})


def test_evidence_for_a_source_raises_it_and_evidence_against_lowers_it() -> None:
    """One answer alone, for the source of which it says most."""
    before = probabilities(raw())
    for name in FINDINGS[::5]:
        for answer in ("yes", "no"):
            data = raw({name: answer})
            if set(counts(data)) != {name}:
                continue  # other answers follow from it
            ratios = TABLE[name, answer].ln_ratios(answer)
            strongest = int(np.argmax(np.abs(ratios)))
            after = probabilities(data)[SOURCES[strongest]]
            if ratios[strongest] == max(ratios):
                assert after > before[SOURCES[strongest]], (name, answer)
            elif ratios[strongest] == min(ratios):
                assert after < before[SOURCES[strongest]], (name, answer)


def test_independent_evidence_adds_up() -> None:
    steps = [{}, {"centralisation": "yes"}, {"centralisation": "yes", "worse_with_sitting": "yes"}]
    found = [probabilities(raw(step))["discogenic_pain"] for step in steps]
    assert found == sorted(found)
    assert found[0] < found[1] < found[2]


def test_what_speaks_for_the_psoas_is_marked_as_judged() -> None:
    """No published test identifies the psoas as the source of a back pain: every reason says that it is judgement."""
    net = network(raw({"iliopsoas_palpation_pain": {"left": "yes"}, "bent_forward_stance": "yes"}, {"groin_left": 4}))
    psoas = net.index["psoas_myofascial_pain"]
    assert net.observations
    for item in net.observations:
        assert item.chance.births[psoas].judged == 1.0
        assert item.chance.births[psoas].read_in == ("reasoned",)


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
        ({"setting": "hospital"}, "setting is 'hospital'; allowed: studio, primary_care, pain_clinic, referred."),
        ({"who": "robot"}, "who is 'robot'; allowed: self, bodyworker, physiotherapist."),
    ],
)
def test_an_unknown_setting_or_asker_is_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message.split(";")[0]) as caught:
        diagnosis(raw(), **options)
    assert str(caught.value) == message


def test_what_is_a_fact_of_the_case_is_scored_nowhere_else() -> None:
    """Age acts as a fact: its findings say nothing beside it."""
    young, old = (probabilities(raw(person={"age_years": age})) for age in (35, 75))
    assert old["lumbar_spinal_stenosis"] > 5 * young["lumbar_spinal_stenosis"]
    assert counts(raw(person={"age_years": 75})) == {}


@pytest.mark.parametrize(
    ("setting", "unknown"), [("studio", 0.55), ("primary_care", 0.70), ("pain_clinic", 0.22), ("referred", 0.24)]
)
def test_the_share_with_no_specific_source_is_the_one_stated(setting: str, unknown: float) -> None:
    """As `diagnosis_choices.yaml` says of its priors, while nothing is known."""
    found = diagnosis(raw(), with_change=False, setting=setting).no_single_source
    assert found == pytest.approx(unknown, abs=0.006)
    assert f"{unknown:.2f} in {setting}".replace("_", " ") in KNOWLEDGE.diagnosis_choices.prior_note.replace("_", " ")


def test_starting_shares_come_back_when_nothing_is_known() -> None:
    """Odds of a source against none: the share of the setting, drawn to the mean of all, exactly."""
    net = network(raw())
    weight = posterior(net)
    logits = [
        math.log(p / (1 - p)) for s in net.states.sources for p in [KNOWLEDGE.diagnosis_choices.priors[s].studio.value]
    ]
    own = logits[net.index["sacroiliac_joint_pain"]]
    expected = KNOBS.towards_equal * sum(logits) / len(logits) + (1 - KNOBS.towards_equal) * own
    state = net.states.sets.index((net.index["sacroiliac_joint_pain"],))
    assert math.log(weight[state] / weight[0]) == pytest.approx(expected, abs=1e-12)


# ---- pictures that the work was asked to get right


def test_five_tests_one_finger_and_the_drawing_put_the_joint_first() -> None:
    tests = ("sij_distraction", "sij_compression", "sij_thigh_thrust", "sij_sacral_thrust", "sij_gaenslen")
    data = raw({**dict.fromkeys(tests, "yes"), "psis_one_finger": {"left": "yes"}}, {"sacroiliac_left": 5})
    first = diagnosis(data, with_change=False).differential[0]
    assert first.source == "sacroiliac_joint_pain"
    assert first.probability >= 0.6


def test_the_four_cardinal_signs_put_the_deep_buttock_first() -> None:
    """Buttock pain, worse sitting, sore over the notch, worse on stretching the piriformis (reviews)."""
    data = raw(
        {
            "worse_with_sitting": "yes",
            "sciatic_notch_tenderness": {"left": "yes"},
            "piriformis_stretch_painful": {"left": "yes"},
        },
        {"buttock_left": 6, "thigh_posterior_left": 4},
    )
    assert diagnosis(data, with_change=False).differential[0].source == "deep_gluteal_syndrome"


def test_bowel_disease_and_inflammatory_pain_in_the_young_put_spondyloarthritis_first() -> None:
    data = raw(
        {"morning_stiffness_over_30min": "yes", "better_with_exercise_not_rest": "yes"},
        {"buttock_left": 5, "buttock_right": 5}, person={"age_years": 26, "sex": "male"},
        pain={"duration_weeks": 60, "onset": "gradual"}, conditions=["crohns_disease"],
    )  # fmt: skip
    assert diagnosis(data, with_change=False).differential[0].source == "axial_spondyloarthritis"
