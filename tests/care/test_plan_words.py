"""A plan in the client's words, one referral of screen and source, hands after a fall; the rubric on textbooks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import psoas
from psoas.care.brief import brief
from psoas.care.pathway.loads import in_words, plain_words
from psoas.knowledge import load
from psoas.knowledge.index import index_of
from psoas.report.handout._letter_plan import letter_plan

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "validation"))
import plans  # noqa: E402

ROOT_OF_S1 = {
    "psoas_case": 1,
    "person": {"age_years": 47, "sex": "female"},
    "pain": {"regions": {"buttock_left": None, "thigh_posterior_left": None}, "duration_weeks": 3},
    "findings": {
        "leg_pain_cough_sneeze": "yes",
        "worse_with_sitting": "yes",
        "straight_leg_raise": {"left": "yes"},
        "motor_deficit": {"left": "yes"},
        "achilles_reflex_reduced": {"left": "yes"},
        "two_signs_same_root": "yes",
    },
}


def case(**more: object) -> psoas.Assessment:
    return psoas.assess({"psoas_case": 1, **more})


def test_every_textbook_plan_keeps_every_rule_of_the_rubric() -> None:
    count, misses = plans.check(None)
    assert count > 40
    assert misses == []


def test_every_reason_that_a_flag_or_a_test_by_hand_may_give_has_words_for_the_person() -> None:
    """No id with underscores, and no name of a test of the loads that hurt."""
    knowledge = load()
    index = index_of(knowledge)
    for one in knowledge.plan_choices.loads.values():
        for name in one.provoked_by:
            assert "_" not in plain_words(name, knowledge)
            finding = index.findings.get(name)
            if finding is not None and finding.mode == "hands_on":
                assert name in knowledge.plan_choices.reasons, name
    assert plain_words("extension_rotation_test", knowledge) == "leaning back with a turn hurts"
    assert in_words("extension_rotation_test", knowledge) == "extension-rotation (Kemp)"
    assert plain_words("groin_right", knowledge) == "pain in the groin on the right"


def test_the_screens_referral_says_what_the_source_wants_checked_and_takes_the_sooner_of_both() -> None:
    answer = psoas.assess(ROOT_OF_S1)
    sent = answer.plan.items[0]
    assert sent.kind == "referral"
    assert sent.id == "urgent_referral"  # a weak muscle, the source says
    assert answer.screen.urgency == answer.plan.urgency
    assert "MRI of the spine" in sent.check
    assert "heel and toe walking daily" in sent.until_seen
    assert sent.until_seen.lower().count("no manipulation") == 1


def test_a_cause_of_unknown_kind_leaves_the_check_to_the_source() -> None:
    answer = case(
        person={"age_years": 36, "sex": "male"},
        pain={"regions": {"groin_right": None}, "duration_weeks": 60, "course": "worsening"},
    )
    sent = answer.plan.items[0]
    assert sent.id == "routine_referral"
    assert any("X-ray of pelvis and hip" in line for line in sent.check)
    assert "imaging as the findings ask" not in sent.check
    assert "No hands-on work on the painful part" in sent.until_seen


@pytest.mark.parametrize("weeks", [None, 2.0, 30.0])
def test_after_a_fall_there_is_no_thrust_and_no_mobilisation_at_first(weeks: float | None) -> None:
    answer = case(
        person={"age_years": 32, "sex": "female"},
        pain={"regions": {"lumbar_right": None, "buttock_right": None}, "duration_weeks": weeks},
        findings={"onset_simple_fall": "yes", "worse_turning_in_bed": "yes"},
    )
    offered = " ".join(work.what.lower() for work in answer.plan.hands_on)
    assert "high-velocity thrust" not in offered
    if weeks is None or weeks < 6:
        assert "mobilisation" not in offered
    assert any(reason.by == "onset_simple_fall" for gone in answer.plan.hands_on_withheld for reason in gone.reasons)


def test_pain_at_the_side_of_the_hip_without_a_source_follows_the_hip_and_not_the_back() -> None:
    answer = case(pain={"regions": {"hip_lateral_left": None}}, findings={"better_with_exercise": "yes"})
    aim = answer.plan.aim
    assert aim is not None
    if aim.for_ == "no_single_source":
        assert aim.pathway == "greater_trochanteric_pain_syndrome"
        assert "pain at the side of the hip" in aim.plain
    assert "ordinary back pain" not in aim.plain


def test_the_way_back_of_a_footballer_is_that_of_football() -> None:
    answer = case(
        person={"age_years": 24, "sex": "male", "activities": [{"id": "football"}]},
        pain={"regions": {"groin_right": 4, "thigh_medial_right": 5}, "duration_weeks": 20},
        findings={"adductor_squeeze_painful": "yes"},
    )
    back = next(item for item in answer.plan.items if item.order == 5)
    assert "straight runs" in back.say


def test_a_referral_says_that_a_medicine_did_nothing_and_is_not_stopped_alone() -> None:
    answer = psoas.assess(
        {
            **ROOT_OF_S1,
            "medicines": ["gabapentin"],
            "tried": [{"what": "gabapentin", "effect": "none"}],
        }
    )
    checks = " ".join(answer.plan.items[0].check)
    assert "gabapentin" in checks
    assert "do not stop it on your own" in checks


def test_the_letter_prints_the_plan_of_the_one_object() -> None:
    answer = psoas.assess(ROOT_OF_S1)
    said = {line["label"]: line["text"] for line in letter_plan(answer.plan)["lines"]}
    sent = answer.plan.items[0]
    assert said["Until then"] == sent.until_seen
    assert said["How soon"].lower().startswith(sent.how_soon)
    assert "MRI of the spine" in said["To be checked, please"]
    assert answer.plan.retest is not None
    assert answer.plan.retest.enough in said["Measured again"]
    assert any(one.id == sent.id for one in brief(answer.plan))
