"""Measurements, medicines, illnesses and goals: from a form into the case."""

from __future__ import annotations

import pytest

from psoas.assessment import read_case
from psoas.errors import CaseError
from psoas.interview import (
    apply_answers,
    apply_goals,
    apply_measurements,
    apply_medicines,
    asked_back,
    illness_groups,
    part_of,
    remarks,
    takes_none,
)
from psoas.knowledge import load

KNOWLEDGE = load()
EMPTY = {"psoas_case": 1}
THIGH, EXTENSION = "modified_thomas.thigh_angle", "hip.extension"


def test_trials_of_both_sides_are_kept_with_how_they_were_taken() -> None:
    form = {
        "shown": [THIGH, EXTENSION],
        f"m.{THIGH}.left": ["-12", "−13,5", ""],
        f"m.{THIGH}.right": ["2"],
        f"pelvis.{THIGH}": ["controlled"],
        f"method.{THIGH}": ["inclinometer"],
    }
    found = apply_measurements(EMPTY, form)["measurements"]
    assert [(one["side"], one["value_deg"]) for one in found] == [("left", -12), ("left", -13.5), ("right", 2)]
    assert {one["pelvis"] for one in found} == {"controlled"} and {one["method"] for one in found} == {"inclinometer"}


def test_readings_that_the_form_does_not_show_stay_and_emptied_ones_go() -> None:
    other = {"id": "finger_floor_distance", "value_cm": 30}
    case = EMPTY | {"measurements": [other, {"id": THIGH, "side": "left", "value_deg": -4}]}
    assert apply_measurements(case, {"shown": [THIGH], f"m.{THIGH}.left": [""]})["measurements"] == [other]


def test_every_reading_that_cannot_be_taken_is_named() -> None:
    form = {"shown": [THIGH], f"m.{THIGH}.left": ["-400"], f"m.{THIGH}.right": ["much"]}
    with pytest.raises(CaseError) as caught:
        apply_measurements(EMPTY, form)
    assert [place for place, _ in caught.value.problems] == [f"m.{THIGH}.left", f"m.{THIGH}.right"]
    assert "left, trial 1 is -400; expected -40 to 60 deg" in str(caught.value)


def test_forty_degrees_of_extension_are_asked_back_and_a_turned_sign_is_remarked() -> None:
    pytest.importorskip("mujoco")
    case = apply_measurements(EMPTY, {"shown": [EXTENSION], f"m.{EXTENSION}.left": ["40"]})
    (question,) = asked_back(read_case(case))
    assert "40 degrees" in question and "swapped" in question
    case = apply_measurements(EMPTY, {"shown": [THIGH], f"m.{THIGH}.left": ["12"], f"m.{THIGH}.right": ["-12"]})
    assert not asked_back(read_case(case))
    assert any("swapped" in remark for remark in remarks(read_case(case)))


def test_who_takes_no_medicine_answers_the_questions_about_them() -> None:
    none = apply_medicines(EMPTY, {"takes": ["none"]})
    assert none["findings"]["takes_anticoagulant"] == "no" and takes_none(none, KNOWLEDGE)
    assert not apply_medicines(EMPTY, {"takes": [""]})["findings"], "not asked answers nothing"
    some = apply_medicines(EMPTY, {"takes": ["these"], "medicine": ["Apixaban ", "", "apixaban, ibuprofen"]})
    assert read_case(some).medicines[:2] == ("apixaban", "apixaban") or "apixaban" in read_case(some).medicines
    yes = apply_medicines(EMPTY | {"findings": {"takes_anticoagulant": "yes"}}, {"takes": ["none"]})
    assert yes["findings"]["takes_anticoagulant"] == "yes", "a yes that was given is not taken back"
    with pytest.raises(CaseError, match="keep one"):
        apply_medicines(EMPTY, {"takes": ["none"], "medicine": ["apixaban"]})


def test_no_illness_is_an_answer_and_not_asked_is_none() -> None:
    assert apply_medicines(EMPTY, {"has": ["none"]})["conditions"] == []
    assert "conditions" not in apply_medicines(EMPTY, {"has": [""]})
    case = apply_medicines(EMPTY, {"illness": ["hip_replacement_left", "diabetes"]})
    assert case["conditions"] == ["hip_replacement_left", "diabetes"]


def test_every_illness_of_the_screen_stands_under_one_heading() -> None:
    names = [name for group in illness_groups(KNOWLEDGE) for name, _ in group.illnesses]
    bare = [name.removesuffix("_left").removesuffix("_right") for name in names]
    assert len(names) == len(set(names)) and set(bare) == set(KNOWLEDGE.red_flags.known_conditions)


def test_goals_and_notes() -> None:
    assert apply_goals(EMPTY, {"goal": ["walk 5 km, uphill", "", " sit "], "notes": [" x "]}) == EMPTY | {
        "goals": ["walk 5 km, uphill", "sit"],
        "notes": "x",
    }


def test_a_test_that_is_emptied_was_not_done() -> None:
    parts = [part_of("straight_leg_raise", KNOWLEDGE), part_of("faber", KNOWLEDGE)]
    form = {"a.straight_leg_raise.left": ["no"], "a.straight_leg_raise.right": ["yes"], "a.faber.right": ["front"]}
    case = apply_answers(EMPTY, parts, form)
    assert case["findings"] == {"straight_leg_raise": {"left": "no", "right": "yes"}, "faber": {"right": "front"}}
    assert apply_answers(case, parts[:1], {})["findings"] == {"faber": {"right": "front"}}
    with pytest.raises(CaseError, match="keep one"):
        apply_answers(EMPTY, parts, {"a.faber": ["yes"], "a.faber.left": ["no"]})
