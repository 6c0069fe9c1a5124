"""What follows is never asked: known answers for each line of the table in the case format."""

from __future__ import annotations

from typing import Any

import pytest

from psoas.knowledge import load
from psoas.knowledge.checks.remarks import conflicts_of, words_about
from psoas.knowledge.index import index_of
from tests.cases import case_of
from tests.knowledge.test_expressions import facts

MAP = {"map_complete": "yes"}
RUNNER = {"id": "running", "change_percent_last_8_weeks": 50}


def marks(*regions: str, **more: Any) -> dict[str, Any]:
    return {"pain": {"regions": dict.fromkeys(regions)} | more}


def grade(group: str, value: float, side: str = "left") -> dict[str, Any]:
    return {"measurements": [{"id": f"power.{group}", "side": side, "value_grade": value}]}


def angle(name: str, value: float, unit: str = "value_deg") -> dict[str, Any]:
    return {"measurements": [{"id": name, unit: value}]}


FOLLOWS: list[tuple[dict[str, Any], str, bool | None]] = [
    # ---- person
    ({"person": {"age_years": 66}}, "age_over_65", True),
    ({"person": {"age_years": 65}}, "age_over_65", False),
    ({}, "age_over_65", None),
    ({"person": {"age_years": 50}}, "age_over_50", True),
    ({"person": {"age_years": 76, "sex": "female"}}, "older_age", True),
    ({"person": {"age_years": 70, "sex": "female"}}, "older_age", False),
    ({"person": {"age_years": 70, "sex": "male"}}, "older_age", True),
    ({"person": {"sex": "male"}}, "male_sex", True),
    ({"person": {"sex": "unspecified"}}, "male_sex", False),
    ({"person": {"age_years": 17, "sex": "male", "activities": [RUNNER]}}, "male_young_athlete", True),
    ({"person": {"age_years": 17, "sex": "male"}}, "male_young_athlete", None),
    ({"person": {"activities": [RUNNER]}}, "training_load_rise", True),
    ({"person": {"height_m": 1.8, "mass_kg": 55}}, "low_body_weight", True),
    ({"person": {"height_m": 1.8, "mass_kg": 82}}, "low_body_weight", False),
    ({"person": {"mass_kg": 40}}, "low_body_weight", None),
    ({"person": {"pregnant": "yes"}}, "pregnancy_known", True),
    ({"person": {"pregnant": "no"}}, "pregnancy_known", False),
    # ---- the pain drawing
    (marks("groin_left"), "groin_pain", True),
    (marks("lumbar_left"), "groin_pain", None),
    (marks("lumbar_left", **MAP), "groin_pain", False),
    (marks("buttock_right"), "buttock_pain", True),
    (marks("thigh_anterior_left"), "thigh_pain", True),
    (marks("leg_front_whole_left"), "thigh_pain", True),
    (marks("calf_left"), "pain_below_knee", True),
    (marks("lumbar_centre"), "midline_lumbar_pain", True),
    (marks("lumbar_left", **MAP), "midline_lumbar_pain", None),
    (marks("lumbar_left"), "unilateral_pain", True),
    (marks("lumbar_left", "groin_right"), "unilateral_pain", False),
    (marks("lumbar_unspecified"), "unilateral_pain", None),
    (marks("calf_left", "calf_right"), "bilateral_leg_pain", True),
    (marks("calf_left", "foot_right"), "bilateral_leg_pain", None),
    (marks("thoracic_centre"), "thoracic_pain", True),
    (marks("lower_abdomen_right"), "right_lower_belly_pain", True),
    (marks("lower_abdomen_left"), "right_lower_belly_pain", None),
    (marks("lower_abdomen_left", "lumbar_left"), "belly_pain_with_back_pain", True),
    # ---- pain
    ({"pain": {"worst_overall_0_10": 7}}, "pain_7_or_more", True),
    ({"pain": {"worst_overall_0_10": "severe"}}, "pain_7_or_more", True),
    ({"pain": {"worst_overall_0_10": 3, "regions": {"groin_left": 8}}}, "pain_7_or_more", True),
    ({"pain": {"worst_overall_0_10": 6}}, "pain_7_or_more", False),
    ({"pain": {"duration_weeks": 5}}, "duration_over_one_month", True),
    ({"pain": {"duration_weeks": 4}}, "duration_over_one_month", False),
    ({"pain": {"course": "worsening"}}, "steadily_worsening", True),
    ({"pain": {"course": "stable"}}, "steadily_worsening", None),
    ({"pain": {"onset": "gradual"}}, "onset_slow", True),
    ({"person": {"age_years": 48}, "pain": {"duration_weeks": 260}}, "onset_before_45", True),
    ({"person": {"age_years": 48}, "pain": {"duration_weeks": 52}}, "onset_before_45", False),
    # ---- care so far
    ({"tried": [{"what": "x", "effect": "none", "weeks": 4}]}, "no_improvement_one_month", True),
    ({"tried": [{"what": "x", "effect": "none", "weeks": 3}]}, "no_improvement_one_month", None),
    ({"tried": [{"what": "x", "effect": "hours"}]}, "relief_never_lasts", True),
    ({"tried": [{"what": "x", "effect": "temporary"}]}, "relief_never_lasts", None),
    ({"tried": [{"what": "x", "effect": "worse"}]}, "worse_after_treatment", True),
    # ---- measurements
    (angle("hip.internal_rotation", 22), "hip_internal_rotation_reduced", True),
    (angle("hip.internal_rotation", 35), "hip_internal_rotation_reduced", False),
    (angle("hip.flexion", 90), "hip_restricted_one_plane", True),
    (angle("modified_thomas.thigh_angle", 4), "modified_thomas_extension_deficit", True),
    (angle("modified_thomas.thigh_angle", -4), "modified_thomas_extension_deficit", False),
    (angle("finger_floor_distance", 30, "value_cm"), "finger_floor_distance_over_25cm", True),
    (grade("ankle_dorsiflexion", 4), "motor_deficit", True),
    (grade("hip_flexion", 4), "hip_flexion_weak", True),
    (grade("hip_flexion", 5), "hip_flexion_weak", False),
    (grade("ankle_dorsiflexion", 2), "foot_drop", True),
    # ---- vital signs, laboratory
    ({"vitals": {"temperature_c": 38.0}}, "fever", True),
    ({"vitals": {"temperature_c": 37.9}}, "fever", None),
    ({"vitals": {"pulse_per_min": 111}}, "racing_pulse", True),
    ({"laboratory": {"crp_mg_l": 11}}, "raised_inflammation_markers", True),
    # ---- medicines, illnesses
    ({"medicines": ["apixaban"]}, "takes_anticoagulant", True),
    ({"medicines": ["Apixaban"]}, "anticoagulant_or_bleeding_disorder", True),
    ({"medicines": ["paracetamol"]}, "takes_anticoagulant", None),
    ({"medicines": []}, "takes_anticoagulant", None),
    ({"medicines": ["aspirin"]}, "one_antiplatelet", True),
    ({"medicines": ["aspirin", "clopidogrel"]}, "two_antiplatelets", True),
    ({"medicines": ["prednisolone"]}, "on_steroid_tablets", True),
    ({"conditions": ["cancer_breast"]}, "history_of_cancer", True),
    ({"conditions": ["cancer"]}, "history_of_cancer", True),
    ({"conditions": []}, "history_of_cancer", None),
    ({"conditions": ["type_2_diabetes"]}, "has_diabetes", True),
    ({"conditions": ["hip_replacement_right"]}, "hip_replacement_known", True),
    ({"conditions": ["hemiarthroplasty_left"]}, "hip_replacement_known", True),
    ({"conditions": ["aortic_aneurysm"]}, "known_aneurysm", True),
]


@pytest.mark.parametrize(("blocks", "name", "value"), FOLLOWS, ids=[f"{n}-{row[1]}" for n, row in enumerate(FOLLOWS)])
def test_what_follows(blocks: dict[str, Any], name: str, value: bool | None) -> None:
    assert facts(**blocks).yes(name) is value


# ---- sides


def test_without_a_side_the_worse_reading_counts() -> None:
    readings = [
        {"id": "hip.internal_rotation", "side": "left", "value_deg": 40},
        {"id": "hip.internal_rotation", "side": "right", "value_deg": 20},
    ]
    held = facts(measurements=readings)
    assert held.measured("hip.internal_rotation") == 20
    assert held.yes("hip_internal_rotation_reduced") is True
    assert held.of_side("left").yes("hip_internal_rotation_reduced") is False
    assert held.of_side("right").yes("hip_internal_rotation_reduced") is True


def test_a_reading_without_a_side_answers_for_both() -> None:
    held = facts(**angle("hip.internal_rotation", 20))
    assert held.of_side("left").yes("hip_internal_rotation_reduced") is True
    assert held.of_side("right").yes("hip_internal_rotation_reduced") is True


def test_an_answer_without_a_side_never_answers_for_a_side() -> None:
    assert facts(findings={"leg_weakness": "yes"}).yes("leg_weakness", "left") is None
    held = facts(findings={"leg_weakness": {"left": "yes", "right": "no"}})
    assert [held.yes("leg_weakness", side) for side in ("left", "right")] == [True, False]
    assert held.yes("leg_weakness") is True
    assert held.yes("legs_both_weak") is None
    assert facts(findings={"leg_weakness": {"left": "yes", "right": "yes"}}).yes("legs_both_weak") is True


def test_weak_roots_count_once_each_and_both_sides_as_several() -> None:
    def roots(*weak: tuple[str, str]) -> int | None:
        return facts(
            measurements=[{"id": f"power.{group}", "side": side, "value_grade": 4} for group, side in weak]
        ).power_weak_roots()

    assert roots() is None
    assert roots(("great_toe_extension", "left"), ("hip_abduction", "left")) == 1  # both L5
    assert roots(("great_toe_extension", "left"), ("ankle_plantarflexion", "left")) == 2
    assert roots(("great_toe_extension", "left"), ("great_toe_extension", "right")) == 3


def test_a_test_that_could_not_be_done_is_neither_yes_nor_no() -> None:
    held = facts(findings={"passive_hip_extension_painful": {"left": "yes", "right": "not_possible"}})
    assert held.yes("hip_extension_impossible") is True
    assert held.not_possible("passive_hip_extension_painful", "left") is None
    assert facts(findings={"straight_leg_raise": {"left": "not_possible"}}).yes("straight_leg_raise") is None


@pytest.mark.parametrize("place", ["front", "side", "back"])
def test_a_place_stands_for_a_yes(place: str) -> None:
    held = facts(findings={"faber": {"right": place}})
    assert held.yes("faber") is True
    assert held.yes(f"faber_pain_{place}") is True


# ---- groups, implications, other names


@pytest.mark.parametrize(
    ("findings", "name", "value"),
    [
        ({"urinary_change": "yes"}, "sphincter_change", True),
        ({"sphincter_change": "yes"}, "sphincter_change", True),
        ({"cannot_walk_on_heel": {"left": "yes"}}, "motor_deficit", True),
        ({"cannot_walk_on_heel": {"left": "yes"}}, "leg_weakness", True),
        ({"foot_slaps": "yes"}, "foot_drop", True),
        ({"hip_internal_rotation_reduced": "yes"}, "loss_of_internal_rotation", True),
    ],
)
def test_what_one_answer_says_of_another(findings: dict[str, Any], name: str, value: bool | None) -> None:
    assert facts(findings=findings).yes(name) is value


def test_every_other_name_and_implication_carries_a_yes() -> None:
    index = facts().index
    for name, others in index.same.items():
        for other in others:
            assert facts(findings={other: "yes"}).yes(name) is True
            assert facts(findings={other: "no"}).yes(name) in (False, True)
    for name, others in index.implied_by.items():
        for other in others:
            assert facts(findings={other: "yes"}).yes(name) is True
            assert facts(findings={other: "no"}).yes(name) is not True


def test_a_group_is_no_only_when_every_part_is() -> None:
    parts = load().red_flags.conditions["iliopsoas_haematoma"].flags["anticoagulant_or_bleeding_disorder"].parts
    assert parts is not None
    ids = list(parts["any_of"])
    assert facts(findings=dict.fromkeys(ids, "no")).yes("anticoagulant_or_bleeding_disorder") is False
    assert facts(findings=dict.fromkeys(ids[1:], "no")).yes("anticoagulant_or_bleeding_disorder") is None
    assert facts(findings={ids[0]: "yes"}).yes("anticoagulant_or_bleeding_disorder") is True


# ---- where an entered and a derived answer differ


DIFFER: list[tuple[dict[str, Any], str, str]] = [
    ({"person": {"age_years": 80, "sex": "male"}, "findings": {"older_age": "no"}}, "older_age", "person.age_years"),
    (marks("groin_left") | {"findings": {"groin_pain": "no"}}, "groin_pain", "pain.regions"),
    ({"vitals": {"temperature_c": 39}, "findings": {"fever": "no"}}, "fever", "vitals.temperature_c"),
    ({"medicines": ["warfarin"], "findings": {"takes_anticoagulant": "no"}}, "takes_anticoagulant", "medicines"),
    ({"findings": {"urinary_change": "yes", "sphincter_change": "no"}}, "sphincter_change", "urinary_change"),
]


@pytest.mark.parametrize(("blocks", "name", "origin"), DIFFER)
def test_yes_wins_and_it_is_said(blocks: dict[str, Any], name: str, origin: str) -> None:
    held = facts(**blocks)
    assert held.yes(name) is True
    (remark,) = [one for one in conflicts_of(held.case, held) if one.field == f"findings.{name}"]
    assert remark.says.startswith("no was entered, but yes follows from ")
    assert origin in remark.says
    assert remark.says.endswith("yes wins.")


def test_a_yes_stands_against_a_derived_no() -> None:
    held = facts(**marks("lumbar_left", **MAP), findings={"groin_pain": "yes"})
    assert held.yes("groin_pain") is True
    (remark,) = conflicts_of(held.case, held)
    assert remark.field == "findings.groin_pain"
    assert remark.says == "yes was entered, but no follows from pain.regions; yes wins."


@pytest.mark.parametrize("answer", ["yes", "unknown", "not_possible", {"left": "yes", "right": "no"}])
def test_where_they_agree_or_nothing_was_entered_nothing_is_said(answer: Any) -> None:
    held = facts(**angle("hip.internal_rotation", 20), findings={"hip_internal_rotation_reduced": answer})
    assert conflicts_of(held.case, held) == ()
    assert conflicts_of(facts().case, facts()) == ()


# ---- notes that are no errors


def notes(**blocks: Any) -> dict[str, str]:
    case = case_of({"psoas_case": 1, "person": {"height_m": 1.7, "mass_kg": 70}} | blocks)
    return {one.field: one.says for one in words_about(case, index_of(load()).reader)}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("apixiban", "apixaban"), ("warferin", "warfarin"), ("rivaroxiban", "rivaroxaban"), ("clopidogrell", "clopidog")],
)
def test_a_misspelt_blood_thinner_does_not_pass_in_silence(written: str, meant: str) -> None:
    says = notes(medicines=["ibuprofen", written])["medicines[2]"]
    assert meant in says


def test_every_medicine_is_told_as_it_was_understood() -> None:
    said = notes(medicines=["Eliquis 5 mg", "unheard_of"])
    assert said["medicines[1]"] == "Eliquis 5 mg = apixaban, blood thinner."
    assert "is not understood" in said["medicines[2]"]


@pytest.mark.parametrize(("word", "number"), [("mild", 2), ("moderate", 5), ("severe", 8)])
def test_pain_in_words_is_told_as_a_number(word: str, number: int) -> None:
    assert notes(pain={"worst_overall_0_10": word}) == {
        "pain.worst_overall_0_10": f"'{word}' is read as {number} of 10."
    }


def test_a_region_without_a_side() -> None:
    assert "no side" in notes(pain={"regions": {"groin_unspecified": 3}})["pain.regions.groin_unspecified"]
    assert notes(pain={"regions": {"groin_left": 3}}) == {}


def test_height_and_mass_that_are_missing() -> None:
    assert set(notes(person={})) == {"person.height_m", "person.mass_kg"}
    assert notes() == {}
