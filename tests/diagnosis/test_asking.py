"""The next question and what would change: right by brute force, and never a question that answers itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from psoas.diagnosis.ask import ASKERS, askable, expected_bits, movements_of, open_findings, what_would_change
from psoas.diagnosis.network import Network, posterior
from psoas.diagnosis.what_if import WhatIf
from tests.cases import random_case, with_answer
from tests.diagnosis.making import ANSWERS, KNOWLEDGE, TABLE, diagnosis, network, random_answers, raw

DATA = {
    "nothing known": raw(),
    "a few answers": random_answers(11, 0.05),
    "many answers": random_answers(12, 0.4),
    "all kinds of blocks": random_case(7),
    "joint tests": raw({"sij_distraction": "yes", "sij_thigh_thrust": "yes"}, {"buttock_left": 5}),
    "sore places": raw({"ql_trigger_point": "yes", "sciatic_notch_tenderness": {"left": "yes"}}, {"flank_left": 4}),
}


def rebuilt(data: dict[str, Any], answers: dict[str, str]) -> np.ndarray:
    """The posterior over states of the case with these answers, built from nothing."""
    for name, answer in answers.items():
        data = with_answer(data, name, answer)
    found: np.ndarray = posterior(network(data))
    return found


@pytest.mark.parametrize("name", DATA)
def test_every_answer_what_if_the_posterior_as_if_it_stood_in_the_case(name: str) -> None:
    """Every open question and every answer turned round, with all that follows from it, to 1e-12."""
    net = network(DATA[name])
    what_if = WhatIf(net)
    assert np.allclose(what_if.now, posterior(net), atol=1e-12, rtol=0)
    for finding in (*open_findings(net, "physiotherapist"), *net.answers):
        for answer in ("yes", "no"):
            expected = rebuilt(DATA[name], {finding: answer})
            assert np.abs(what_if.after({finding: answer}) - expected).max() < 1e-12, (finding, answer)


@pytest.mark.parametrize("name", ["nothing known", "joint tests", "many answers"])
def test_expected_information_by_brute_force(name: str) -> None:
    """Sum over both answers of P(answer) * KL(after, before), from networks built anew."""
    net = network(DATA[name])
    what_if = WhatIf(net)
    before = posterior(net)
    names = list(open_findings(net, "physiotherapist"))[::7]
    questions = dict(zip(names, expected_bits(net, what_if, names), strict=True))
    for finding in names:
        p = what_if.p_yes(finding)
        assert 0 < p < 1
        bits = 0.0
        for chance, answer in ((p, "yes"), (1 - p, "no")):
            after = rebuilt(DATA[name], {finding: answer})
            bits += chance * float(np.sum(after * np.log2(after / before)))
        assert questions.get(finding, 0.0) == pytest.approx(bits, abs=2e-6)


def test_the_chance_of_a_yes_by_hand() -> None:
    """Sum over states of P(state) * P(yes | state); with no source that is the leak."""
    net = network(raw())
    chance = TABLE["crossed_straight_leg_raise", "yes"]
    weight = posterior(net)
    expected = 0.0
    for state, share in zip(net.states.sets, weight, strict=True):
        silent, through = 1 - chance.leak, 1.0
        for member in state:
            p = float(chance.present[member])
            silent *= (1 - p) / (1 - chance.leak) if p > chance.leak else 1.0
            through *= p / chance.leak if p < chance.leak else 1.0
        expected += float(share) * (1 - silent) * through
    assert WhatIf(net).p_yes("crossed_straight_leg_raise") == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("who", ASKERS)
def test_questions_suit_the_asker_and_are_open(name: str, who: str) -> None:
    found = diagnosis(DATA[name], who=who, with_change=False).next
    net = network(DATA[name])
    allowed = ASKERS[: ASKERS.index(who) + 1]
    bits = [one.expected_information_bits for one in found]
    assert bits == sorted(bits, reverse=True)
    assert all(bit > 0 for bit in bits)
    for one in found:
        asker, minutes = askable(KNOWLEDGE)[one.finding]
        assert asker in allowed
        assert one.who == ("self" if asker == "self" else "practitioner")
        assert one.minutes == minutes > 0
        assert one.bits_per_minute == one.expected_information_bits / minutes
        assert one.finding not in net.answers
    if who == "self":
        assert not [one for one in found if KNOWLEDGE.findings.findings[one.finding].mode == "hands_on"]


def test_the_physiotherapist_sees_every_question_of_the_bodyworker() -> None:
    """Or a more telling test of the same movement."""
    net = network(raw())
    bodyworker, physio = (set(open_findings(net, who)) for who in ASKERS[1:])
    assert bodyworker < physio
    asked, better = ({one.finding for one in diagnosis(raw(), who=who).next} for who in ASKERS[1:])
    movements = movements_of(KNOWLEDGE)
    instead = {movements[name] for name in better if name in movements}
    assert {name for name in asked - better if movements.get(name) not in instead} == set()


def test_what_follows_from_fields_is_never_asked() -> None:
    """Age, sex, the drawing and the course are fields; a report of a scan is read."""
    asked = {one.finding for one in diagnosis(raw(), with_change=False).next}
    fields = {
        "groin_pain", "midline_lumbar_pain", "buttock_pain", "thigh_pain", "pain_below_knee", "unilateral_pain",
        "bilateral_leg_pain", "medial_thigh_worst",
    }  # fmt: skip
    assert fields <= set(ANSWERS)
    assert not asked & fields
    assert not [name for name in asked if KNOWLEDGE.findings.findings[name].mode == "imaging_report"]


def test_what_could_not_be_done_is_not_asked_again() -> None:
    asked = {one.finding for one in diagnosis(raw({"slump_test": "not_possible"}), with_change=False).next}
    assert "slump_test" not in asked
    assert "slump_test" in {one.finding for one in diagnosis(raw(), with_change=False).next}


def test_of_several_tests_of_one_movement_only_the_most_telling_is_proposed() -> None:
    several = KNOWLEDGE.diagnosis_choices.asking.same_movement
    for data in (raw(), raw(regions={"groin_left": 4}), raw({"slump_test": "no"}, {"calf_left": 4})):
        asked = [one.finding for one in diagnosis(data, with_change=False).next]
        for names in several:
            assert len([name for name in asked if name in names]) <= 1
            if set(names) & set(data["findings"]):
                assert not set(asked) & set(names)


def test_no_question_about_legs_that_a_complete_drawing_leaves_free() -> None:
    legs = {"leg_pain_worse_than_back", "leg_pain_cough_sneeze", "shooting_leg_pain", "neurogenic_claudication"}
    back = raw(regions={"lumbar_left": 5}, pain={"map_complete": "yes"})
    assert not legs & {one.finding for one in diagnosis(back, with_change=False).next}
    open_map = raw(regions={"lumbar_left": 5})
    assert legs & {one.finding for one in diagnosis(open_map, with_change=False).next}


def test_a_client_is_asked_nothing_that_only_a_practitioner_knows() -> None:
    asked = {one.finding for one in diagnosis(raw(), who="self", with_change=False).next}
    assert asked
    assert not asked & set(KNOWLEDGE.diagnosis_choices.asking.not_known_to_a_client)
    assert all(KNOWLEDGE.findings.findings[name].mode in ("ask", "self_test") for name in asked)


def test_a_man_is_not_asked_about_a_pelvis_in_pregnancy() -> None:
    man = {one.finding for one in diagnosis(raw(person={"sex": "male"}), with_change=False).next}
    assert not man & {"self_p4", "self_bridge", "self_p4_or_bridge", "self_mat_test"}


# ---- what would change the first rank


def first_of(net: Network, weight: np.ndarray) -> str:
    responsible = (net.gone * weight).sum(axis=1)
    present = net.states.member @ weight
    return min(zip(-responsible, -present, net.states.sources, strict=True))[2]


CHANGING = [random_answers(seed, share) for seed, share in ((21, 0.02), (22, 0.1), (23, 0.3), (24, 0.6))]


@pytest.mark.parametrize("data", CHANGING, ids=["2 %", "10 %", "30 %", "60 %"])
@pytest.mark.parametrize("who", ["self", "physiotherapist"])
def test_no_single_change_is_missed_and_the_one_named_is_real(data: dict[str, Any], who: str) -> None:
    net = network(data)
    change = what_would_change(net, WhatIf(net), who)
    now = first_of(net, posterior(net))
    candidates = [(name, answer) for name in open_findings(net, who) for answer in ("yes", "no")]
    candidates += [(n, "no" if a == "yes" else "yes") for n, a in net.answers.items() if n in askable(KNOWLEDGE)]
    singles = {one for one in candidates if first_of(net, rebuilt(data, dict([one]))) != now}
    if change is None:
        assert not singles
        return
    assert change.first != now
    assert first_of(net, rebuilt(data, dict(change.answers))) == change.first
    if singles:
        assert len(change.answers) == 1
        assert change.answers[0] in singles
    else:
        assert len(change.answers) == 2
