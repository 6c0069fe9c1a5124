"""What a plan holds for people one meets."""

from __future__ import annotations

from datetime import date

import pytest

from psoas.care import plan_for, stage_of
from psoas.knowledge import load
from psoas.screening import facts_of, screen
from tests.care.doubles import case_of, differential, ids, plan_of, planned

BACK = {"regions": {"lumbar_left": 5, "lumbar_right": 5}, "duration_weeks": 30}
FRESH = BACK | {"duration_weeks": 2}
STIFF_HIP = [{"id": "modified_thomas.thigh_angle", "side": "right", "value_deg": 8, "pelvis": "controlled"}]
HIP_STORY = differential(0.4, shortened_hip_flexors=0.15, facet_joint_pain=0.12)


@pytest.mark.parametrize(
    ("weeks", "stage"),
    [(1, "acute"), (5.9, "acute"), (6, "subacute"), (12, "subacute"), (12.1, "chronic"), (None, None)],
)
def test_the_stage_follows_the_edges_of_the_pack(weeks: float | None, stage: str | None) -> None:
    assert stage_of(case_of(pain={"duration_weeks": weeks} if weeks else {})) == stage


def test_the_load_comes_first_and_exercise_follows_in_lasting_pain() -> None:
    plan = plan_of(pain=BACK)
    assert [item.order for item in plan.items] == [1, 2, 3, 4, 5]
    assert [item.kind for item in plan.items].count("exercise") == 2


def test_a_fresh_episode_gets_ease_and_gentle_movement_and_no_strength_work() -> None:
    plan = plan_of(pain=FRESH)
    assert plan.aim is not None and plan.aim.phase == "calm"
    groups = load().exercises.exercises
    assert {groups[name].group for name in ids(plan) if name in groups} <= {"aerobic", "mobility", "breathing"}


def test_without_a_duration_nobody_is_moved_on_from_calm() -> None:
    plan = plan_of(pain={"regions": {"lumbar_left": 5}})
    assert plan.stage is None and plan.aim is not None and plan.aim.phase == "calm"
    assert not {item.kind for item in plan.items} & {"medicine", "supplement", "hands_on", "needling"}


def test_pain_free_between_episodes_gets_walking_for_prevention() -> None:
    plan = plan_of(
        pain={"regions": {"lumbar_left": 0}, "worst_overall_0_10": 0, "course": "episodic", "duration_weeks": 90}
    )
    walking = next(item for item in plan.items if item.id == "walking_programme")
    assert plan.stage == "recurrent" and walking.phase == "return"
    assert walking.dose["weeks"] == 26 and walking.progress_when


def test_no_single_source_gets_a_plan_for_what_hurts_and_says_so() -> None:
    plan = plan_of(differential(0.9), pain=BACK, findings={"worse_bending_backward": "yes"})
    assert plan.aim is not None and "No single source stands out" in plan.aim.sentence
    assert plan.aim.hurts == ("arching backward",)
    assert {item.for_ for item in plan.items} == {"no_single_source"}
    assert not any(item.effects for item in plan.items)  # an effect is shown for a source, and none leads


def test_a_stiff_hip_is_worth_working_on_and_settled_by_a_retest() -> None:
    plan = plan_of(HIP_STORY, pain=BACK, measurements=STIFF_HIP)
    stretch = next(item for item in plan.items if item.id == "half_kneeling_tuck_stretch")
    assert "modified_thomas_extension_deficit" in [one.id for one in stretch.because]
    assert stretch.retest is not None and "testing again" in stretch.retest
    assert stretch.after_questions == planned(case_of(pain=BACK, measurements=STIFF_HIP))[1].gate.ask
    assert stretch.stop_if[0].startswith("do not start before")
    assert stretch.certainty == "very_low"
    assert "Pain from the small joints" in stretch.note  # another likely source is named


def test_a_finding_at_the_hip_flexors_gets_one_place_however_little_they_answer_for() -> None:
    plan = plan_of(
        differential(0.4, shortened_hip_flexors=0.03, facet_joint_pain=0.2), pain=BACK, measurements=STIFF_HIP
    )
    assert ids(plan).count("half_kneeling_tuck_stretch") == 1
    assert sum(item.retest is not None for item in plan.items) == 1


def test_a_gate_question_answered_yes_asks_for_a_doctor_before_the_hip_flexors() -> None:
    plan = plan_of(HIP_STORY, pain=BACK, measurements=STIFF_HIP, medicines=["apixaban"])
    stretch = next(item for item in plan.items if item.id == "half_kneeling_tuck_stretch")
    assert "anticoagulant_or_bleeding_disorder" in stretch.doctor_first
    assert any(said.startswith("do not start before a doctor has agreed") for said in stretch.stop_if)


def test_without_a_finding_or_responsibility_the_hip_flexors_are_left_alone() -> None:
    knowledge = load()
    for item in plan_of(pain=BACK).items:
        exercise = knowledge.exercises.exercises.get(item.id)
        assert exercise is None or not exercise.group.startswith("hip_flexor")


def test_a_closed_gate_withholds_hip_flexor_work_and_says_why() -> None:
    case = case_of(pain=BACK, measurements=STIFF_HIP, findings={"groin_pain_with_impact": "yes", "limp": "yes"})
    plan, seen = planned(case, HIP_STORY)
    assert "femoral_neck_stress_fracture" in seen.gate.closed_by and not seen.at_least("same_day")
    assert "half_kneeling_tuck_stretch" not in ids(plan)
    stretch = next(one for one in plan.dropped if one.id == "half_kneeling_tuck_stretch")
    assert "gate" in {reason.code for reason in stretch.reasons}


@pytest.mark.parametrize(
    "findings",
    [{"saddle_numbness": "yes"}, {"hip_held_flexed": "yes", "fever_or_rigors": "yes"}, {"leg_weakness": "yes"}],
)
def test_an_emergency_gets_the_referral_alone(findings: dict[str, str]) -> None:
    plan = plan_of(HIP_STORY, pain=BACK, findings=findings, measurements=STIFF_HIP)
    assert [item.kind for item in plan.items] == ["referral"]
    assert plan.items[0].id == plan.urgency
    assert plan.items[0].because and plan.items[0].steps and plan.items[0].sources
    assert plan.leave_for_now[0].why == "Delay is the harm." and plan.safety_net and plan.review


def test_an_urgent_referral_comes_first_with_gentle_things_only() -> None:
    plan = plan_of(pain=BACK, conditions=["cancer_breast"])
    assert plan.urgency == "urgent_referral"
    assert plan.items[0].kind == "referral"
    assert len(plan.items) <= 3
    assert all(item.who == "self" for item in plan.items[1:])


def test_thin_bones_get_no_thrust_and_no_bending() -> None:
    plan = plan_of(pain=BACK, conditions=["osteoporosis"])
    offered = set(ids(plan))
    assert not offered & {
        "spinal_manipulation_chronic",
        "childs_pose",
        "single_knee_to_chest",
        "mcgill_curl_up",
        "yoga",
    }
    assert any(item.kind == "exercise" for item in plan.items)  # the rule says what to do instead: strengthening
    thrust = next(one for one in plan.dropped if one.id == "spinal_manipulation_chronic")
    assert {"technique", "contraindication"} <= {reason.code for reason in thrust.reasons}


def test_pregnancy_drops_what_the_packs_forbid_and_what_they_are_silent_on() -> None:
    person = {"age_years": 30, "sex": "female", "pregnant": "yes", "pregnancy_weeks": 25}
    plan = plan_of(differential(0.3, pregnancy_pelvic_girdle_pain=0.4), pain=BACK, person=person)
    offered = {item.id: item for item in plan.items}
    assert not {item.kind for item in plan.items} & {"hands_on", "needling", "medicine", "supplement"}
    assert not offered.keys() & {"glute_bridge", "supine_pelvic_tilt", "breathing_90_90", "mcgill_curl_up"}


def test_the_week_of_pregnancy_not_told_counts_as_late() -> None:
    plan = plan_of(pain=FRESH, person={"sex": "female", "pregnant": "yes"})
    nsaid = next(one for one in plan.dropped if one.id == "nsaid_acute")
    assert "pregnancy_20_weeks_or_later" in [reason.by for reason in nsaid.reasons]


def test_leg_pain_from_a_nerve_gets_no_thrust_and_no_bending_forward() -> None:
    plan = plan_of(
        differential(0.2, disc_herniation_radiculopathy=0.6),
        pain={"regions": {"lumbar_left": 3, "calf_left": 8}, "duration_weeks": 4},
        findings={"leg_pain_worse_than_back": "yes"},
    )
    assert not set(ids(plan)) & {"spinal_manipulation_acute", "childs_pose", "single_knee_to_chest"}


def test_pain_that_is_not_in_the_back_gets_no_treatment_of_the_back() -> None:
    plan = plan_of(pain={"regions": {"groin_left": 6}, "duration_weeks": 20})
    assert not set(ids(plan)) & {"spinal_manipulation_chronic", "massage", "acupuncture", "capsicum_topical"}


def test_what_was_tried_without_effect_is_not_offered_again() -> None:
    assert "walking_programme" in ids(plan_of(pain=FRESH))
    again = plan_of(pain=FRESH, tried=[{"what": "walking", "weeks": 1, "effect": "none"}])
    assert "walking_programme" not in ids(again)
    held = [one for one in again.dropped if one.id == "walking_programme"]
    assert "tried" in [reason.code for one in held for reason in one.reasons]


def test_what_helped_too_little_comes_again_only_with_a_reason() -> None:
    plan = plan_of(pain=BACK, tried=[{"what": "physiotherapy", "weeks": 6, "effect": "temporary"}])
    treats = next(item for item in plan.items if item.order == 3)
    assert treats.again.startswith("Physiotherapy, 6 weeks:")


def test_guidelines_against_and_unproven_remedies_are_named_and_not_offered() -> None:
    refused = {one.id: one.reasons[0].code for one in plan_of(pain=BACK).not_offered}
    assert refused["paracetamol"] == "guidelines_against"
    assert refused["turmeric_curcumin"] == "no_evidence"
    assert refused["willow_bark"] == "guidelines_against"
    assert refused["traction"] == "guidelines_against"


def test_small_effects_are_called_smaller_than_what_people_notice() -> None:
    from psoas.care.offers import offers_for

    knowledge, case = load(), case_of(pain=FRESH)
    facts = facts_of(case, knowledge)
    offers = offers_for(case, facts, knowledge, screen(case, knowledge, facts), differential())
    nsaid = offers.of("nsaid_acute")
    assert nsaid is not None and nsaid.effects[0].noticeable == "no"
    assert "7.29 points of 100" in nsaid.effects[0].words
    assert "about 15" in nsaid.effects[0].words and "smaller than what people notice" in nsaid.effects[0].words


def test_disagreeing_guidelines_are_named() -> None:
    from psoas.care._items import disagreement

    said = disagreement(load().interventions.interventions["acupuncture"])
    assert said is not None
    assert "NICE NG59 advises against it" in said and "ACP 2017 recommends it" in said


def test_the_review_comes_sooner_when_the_pain_gets_worse_and_has_a_date_when_one_is_known() -> None:
    assert plan_of(pain=BACK).review.week == 4
    assert plan_of(pain=BACK | {"course": "worsening"}).review.week == 1
    knowledge, case = load(), case_of(pain=FRESH)
    facts = facts_of(case, knowledge)
    plan = plan_for(case, facts, knowledge, screen(case, knowledge, facts), differential(), today=date(2026, 3, 2))
    assert plan.review.on == date(2026, 3, 16)
    assert [one.week for one in plan.checkpoints] == [4, 6, 7, 12, 26, 52]


def test_the_same_case_gives_the_same_plan() -> None:
    case = case_of(pain=BACK, measurements=STIFF_HIP, medicines=["apixaban"], supplements=["turmeric"])
    assert planned(case, HIP_STORY) == planned(case, HIP_STORY)


LEG = {"regions": {"lumbar_left": 3, "calf_left": 6}, "duration_weeks": 8}
EXAMINED = {
    "motor_deficit": "no",
    "achilles_reflex_reduced": {"left": "no"},
    "sensory_deficit": "no",
    "saddle_numbness": "no",
}


def test_a_hurting_leg_gets_no_nerve_exercise_and_no_thrust_before_its_nerves_were_examined() -> None:
    story = differential(0.2, disc_herniation_radiculopathy=0.4)
    for told in ({}, *({name: answer} for name, answer in EXAMINED.items())):
        plan = plan_of(story, pain=LEG, findings=told)
        assert plan.examine_first
        assert not set(ids(plan)) & set(load().plan_choices.nerve_exercises)
        assert not any("mobilisation" in work.what for work in plan.hands_on)
    assert plan_of(story, pain=LEG, findings=EXAMINED).examine_first == ()


def test_what_provokes_is_never_prescribed_and_the_load_is_changed() -> None:
    plan = plan_of(differential(0.2, discogenic_pain=0.4), pain=BACK, findings={"hip_pain_on_walking": "yes"})
    assert "walking_programme" not in ids(plan)
    assert next(item for item in plan.items if item.order == 1).because[0].id == "hip_pain_on_walking"


def test_a_young_bowlers_suspected_bone_stress_gets_rest_and_a_scan() -> None:
    plan = plan_of(
        differential(0.3, spondylolysis=0.5),
        person={"age_years": 16, "sex": "male", "activities": [{"id": "throwing", "hours_per_week": 9}]},
        pain={"regions": {"lumbar_left": 5}, "duration_weeks": 6},
        findings={"worse_bending_backward": "yes"},
    )
    referral, change = plan.items[:2]
    assert referral.kind == "referral" and any("MRI" in one for one in referral.check) and referral.until_seen
    assert change.say.startswith("Stop throwing")
    assert not plan.hands_on


def test_the_verdict_on_the_hip_flexors_brings_a_step_and_a_retest() -> None:
    from psoas.care.pathway.weighed import Candidate, Weighed, target_of

    ranked = (Candidate("facet_joint_pain", 0.4, 0.3), Candidate("psoas_myofascial_pain", 0.3, 0.2))
    possible = frozenset(load().sources_of_pain.conditions)
    for said, asked in (("probably", "psoas_myofascial_pain"), ("probably_not", None), (None, None)):
        target = target_of(Weighed(ranked, 0.3, said), load(), in_the_back=True, possible=possible)  # type: ignore[arg-type]
        assert target.first == "facet_joint_pain" and target.flexors == asked
