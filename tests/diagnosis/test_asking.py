"""The next question and what would change: right by brute force, and never a question that answers itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from psoas.diagnosis.ask import ASKERS, askable, next_questions, open_findings, what_would_change
from psoas.diagnosis.network import Network, posterior
from psoas.diagnosis.what_if import WhatIf
from tests.cases import random_case, with_answer
from tests.diagnosis.making import FIGURES, KNOWLEDGE, diagnosis, network, random_answers, raw

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
    found: np.ndarray = posterior(network(data))[0]
    return found


@pytest.mark.parametrize("name", DATA)
def test_every_answer_moves_the_posterior_as_if_it_stood_in_the_case(name: str) -> None:
    """Every open question and every answer turned round, with all that follows from it, to 1e-12."""
    net = network(DATA[name])
    moves = WhatIf(net)
    assert np.allclose(moves.now, posterior(net)[0], atol=1e-12, rtol=0)
    for finding in (*open_findings(net, "physiotherapist"), *net.answers):
        for answer in ("yes", "no"):
            expected = rebuilt(DATA[name], {finding: answer})
            assert np.abs(moves.after({finding: answer}) - expected).max() < 1e-12, (finding, answer)


@pytest.mark.parametrize("name", ["nothing known", "joint tests", "many answers"])
def test_expected_information_by_brute_force(name: str) -> None:
    """Sum over both answers of P(answer) * KL(after, before), from networks built anew."""
    net = network(DATA[name])
    moves = WhatIf(net)
    before = posterior(net)[0]
    questions = {one.finding: one.expected_information_bits for one in next_questions(net, moves, "physiotherapist")}
    for finding in list(open_findings(net, "physiotherapist"))[::7]:
        p = moves.p_yes(finding)
        assert 0 < p < 1
        bits = 0.0
        for chance, answer in ((p, "yes"), (1 - p, "no")):
            after = rebuilt(DATA[name], {finding: answer})
            bits += chance * float(np.sum(after * np.log2(after / before)))
        assert questions.get(finding, 0.0) == pytest.approx(bits, abs=2e-6)


def test_the_chance_of_a_yes_by_hand() -> None:
    """Sum over states of P(state) * P(yes | state): with one row, the leak or the sensitivity."""
    net = network(raw())
    figure = FIGURES["crossed_straight_leg_raise"][0]
    assert figure.sensitivity is not None
    assert figure.false_positive_rate is not None
    present = float(net.states.member[net.index[figure.condition]] @ posterior(net)[0])
    expected = present * figure.sensitivity + (1 - present) * figure.false_positive_rate
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
    bodyworker, physio = ({one.finding for one in diagnosis(raw(), who=who).next} for who in ASKERS[1:])
    assert bodyworker < physio


def test_what_follows_from_fields_is_never_asked() -> None:
    """Age, sex, the drawing and the course are fields; a report of a scan is read."""
    asked = {one.finding for one in diagnosis(raw(), with_change=False).next}
    in_prior = KNOWLEDGE.diagnosis_choices.figures.in_prior
    fields = {
        "groin_pain", "midline_lumbar_pain", "buttock_pain", "thigh_pain", "pain_below_knee", "unilateral_pain",
        "bilateral_leg_pain", "medial_thigh_worst",
    }  # fmt: skip
    assert {name for name in fields if name not in in_prior} <= set(FIGURES)
    assert not asked & fields
    assert not [name for name in asked if KNOWLEDGE.findings.findings[name].mode == "imaging_report"]
    assert not [name for name in asked if KNOWLEDGE.findings.findings[name].untested]


def test_what_could_not_be_done_is_not_asked_again() -> None:
    asked = {one.finding for one in diagnosis(raw({"slump_test": "not_possible"}), with_change=False).next}
    assert "slump_test" not in asked
    assert "slump_test" in {one.finding for one in diagnosis(raw(), with_change=False).next}


def test_a_question_that_the_conflict_rules_silence_tells_nothing() -> None:
    """Once the count of sacroiliac tests is known, one more of them adds nothing; before, it did."""
    member = "sij_gaenslen"
    before = {one.finding for one in diagnosis(raw(), with_change=False).next}
    known = raw({"sij_cluster_3_plus": "yes", "centralisation": "no", "sij_cluster_no_centralisation": "yes"})
    after = {one.finding for one in diagnosis(known, with_change=False).next}
    assert member in before
    assert member not in after


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
    now = first_of(net, posterior(net)[0])
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
