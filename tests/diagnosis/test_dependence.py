"""Findings that hang together: what is one observation counts once, the rest of a group less and less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from psoas.diagnosis.likelihood.dependence import groups_of, strengths
from tests.diagnosis.making import KNOBS, KNOWLEDGE, counts, network, raw

TESTS_OF_THE_JOINT = ("sij_distraction", "sij_compression", "sij_thigh_thrust", "sij_sacral_thrust", "sij_gaenslen")


def test_every_conflict_of_the_evidence_is_a_group() -> None:
    groups = groups_of(KNOWLEDGE)
    for conflict in KNOWLEDGE.findings.conflicts.values():
        for name in conflict.findings:
            assert conflict.id in groups[name]


def test_the_second_and_third_of_a_group_count_less() -> None:
    """1, 1 / (1 + d), 1 / (1 + 2 d) of the temperature, the strongest first."""
    found = counts(raw(dict.fromkeys(TESTS_OF_THE_JOINT, "yes")))
    d = KNOBS.within_group
    own = sorted((found[name] / KNOBS.temperature for name in TESTS_OF_THE_JOINT), reverse=True)
    assert own == pytest.approx([1 / (1 + k * d) for k in range(5)])
    strength = strengths(KNOWLEDGE, KNOBS)
    order = sorted(TESTS_OF_THE_JOINT, key=lambda name: -found[name])
    assert [strength[name, "yes"] for name in order] == sorted((strength[n, "yes"] for n in order), reverse=True)


def test_a_weak_answer_takes_nothing_from_a_strong_one() -> None:
    strength = strengths(KNOWLEDGE, KNOBS)
    weak, strong = sorted(TESTS_OF_THE_JOINT, key=lambda name: strength[name, "yes"])[:: len(TESTS_OF_THE_JOINT) - 1]
    alone, both = counts(raw({strong: "yes"})), counts(raw({strong: "yes", weak: "yes"}))
    assert both[strong] == alone[strong] == KNOBS.temperature


def test_findings_of_no_common_group_count_in_full() -> None:
    found = counts(raw({"sij_thigh_thrust": "yes", "straight_leg_raise": "yes"}))
    assert set(found.values()) == {KNOBS.temperature}


def test_without_damping_everything_counts() -> None:
    found = counts(raw(dict.fromkeys(TESTS_OF_THE_JOINT, "yes")), replace(KNOBS, within_group=0.0, temperature=1.0))
    assert set(found.values()) == {1.0}


# ---- one observation


def test_a_count_that_its_tests_decide_is_silent() -> None:
    found = counts(raw(dict.fromkeys(TESTS_OF_THE_JOINT, "yes")))
    assert set(found) == set(TESTS_OF_THE_JOINT)
    assert set(counts(raw({"sij_cluster_3_plus": "yes"}))) == {"sij_cluster_3_plus"}


def test_what_another_answer_implies_is_silent() -> None:
    assert "piriformis_stretch_painful" not in counts(raw({"fair_test": "yes"}))
    assert "piriformis_stretch_painful" in counts(raw({"piriformis_stretch_painful": "yes"}))
    assert "gait_abnormal" not in counts(raw({"limp": "yes"}))


def test_two_names_of_one_observation_count_once() -> None:
    both = counts(raw({"hip_internal_rotation_reduced": {"left": "yes"}, "loss_of_internal_rotation": "yes"}))
    assert set(both) & {"hip_internal_rotation_reduced", "loss_of_internal_rotation"} == {
        "hip_internal_rotation_reduced"
    }
    measured = raw(measurements=[{"id": "hip.internal_rotation", "side": "left", "value_deg": 10}])
    assert "hip_internal_rotation_25_or_less" not in counts(measured)


@pytest.mark.parametrize("place", ["front", "side", "back"])
def test_faber_is_one_observation_read_by_the_place_of_the_pain(place: str) -> None:
    found = counts(raw({"faber": {"left": place}}))
    assert f"faber_pain_{place}" in found
    assert "faber" not in found


def test_what_the_drawing_says_is_said_once() -> None:
    found = counts(raw(regions={"groin_left": 4, "calf_left": 3}))
    assert not {"groin_pain", "pain_below_knee", "pain_below_buttocks", "unilateral_pain"} & set(found)
    assert "groin_pain" in counts(raw({"groin_pain": "yes"}))
    assert "groin_pain" not in counts(raw({"groin_pain": "yes"}, {"groin_left": 4}))
    assert "midline_lumbar_pain" in counts(raw({"midline_lumbar_pain": "no"}, {"buttock_left": 4}))


def test_the_marks_of_a_drawing_are_damped_together() -> None:
    one = network(raw(regions={"groin_left": 4})).drawing
    three = network(raw(regions={"groin_left": 4, "thigh_anterior_left": 3, "knee_left": 2})).drawing
    d = KNOBS.drawing
    assert one[0].counts == pytest.approx(KNOBS.temperature)
    assert three[0].counts == pytest.approx(KNOBS.temperature * (1 + 1 / (1 + d) + 1 / (1 + 2 * d)) / 3)
