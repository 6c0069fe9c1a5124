"""What people say and reports write has an id: it is taken, shown, counted by the screen, and not asked twice."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from psoas.case import Case
from psoas.diagnosis.ask import askable
from psoas.knowledge import load
from psoas.knowledge._load import DATA
from psoas.knowledge.checks.remarks import conflicts_of
from psoas.knowledge.index import URGENCIES, index_of
from psoas.screening import screen
from tests.cases import case_of
from tests.knowledge.test_expressions import facts

KNOWLEDGE = load()
TABLE = KNOWLEDGE.findings.findings
FREQUENCIES: dict[str, Any] = yaml.safe_load((DATA / "vocabulary_frequencies.yaml").read_text(encoding="utf-8"))
STEP = {name: step for step, name in enumerate(URGENCIES)}
CLIENT_MODES = ("ask", "self_test")

Raw = dict[str, Any]


def urgency(raw: Raw) -> str:
    return screen(made(raw), KNOWLEDGE).urgency


def made(raw: Raw) -> Case:
    return case_of({"psoas_case": 1} | raw)


def told(**findings: Any) -> Raw:
    return {"findings": findings}


# ---- the judged frequencies


def test_every_row_has_a_share_for_every_source_and_says_that_it_is_judged() -> None:
    assert FREQUENCIES["read_in"] == "reasoned" and FREQUENCIES["passes"] == 1
    assert set(FREQUENCIES["sources"]) == {*KNOWLEDGE.sources_of_pain.conditions, "other"}
    for name, row in FREQUENCIES["rows"].items():
        assert len(row["share"]) == len(row["sd_logit"]) == len(FREQUENCIES["sources"]), name
        assert all(isinstance(share, int) and 1 <= share <= 99 for share in row["share"]), name
        assert min(row["sd_logit"]) >= 0.5, name


def test_every_row_is_of_something_that_a_case_can_say() -> None:
    index = index_of(KNOWLEDGE)
    for name in FREQUENCIES["rows"]:
        illness, region = name.removeprefix("condition_"), name.removeprefix("mark_")
        known = name in TABLE or name in index.flags
        assert known or illness in KNOWLEDGE.red_flags.known_conditions or region in index.regions, name


# ---- words for what a number says


@pytest.mark.parametrize(
    "raw",
    [
        told(hip_restricted_one_plane={"right": "yes"}, hip_internal_rotation_reduced={"left": "no"}),
        told(straight_leg_raise={"left": "no", "right": "yes"}),
        told(motor_deficit={"right": "yes"}, knee_extension_weak={"right": "yes"}),
        told(fever="yes", raised_inflammation_markers="yes", white_cells_raised="no"),
        told(takes_anticoagulant="yes", on_steroid_tablets="yes", takes_nsaid="yes", takes_opioid="no"),
        told(walking_distance_fallen="yes", worse_side={"left": "yes"}),
    ],
)
def test_what_a_number_says_can_be_told_in_words(raw: Raw) -> None:
    made(raw)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (told(ankle_dorsiflexion_weak={"left": "yes"}), "motor_deficit"),
        (told(lumbar_flexion_limited="yes"), "lumbar_range_reduced"),
        (told(lumbar_rotation_painful={"left": "yes"}), "lumbar_movement_painful"),
        (told(hip_flexion_painful={"left": "yes"}), "hip_movement_painful"),
        (told(straight_leg_raise="yes"), "slr_pain_unspecified"),
        (told(sciatic_notch_tenderness="yes"), "buttock_tender"),
        (told(pubic_ramus_tenderness="yes"), "pubic_bone_tender"),
        (told(iliopsoas_palpation_pain="yes"), "hip_front_tender"),
        (told(gluteal_trigger_point="yes"), "trigger_point_any"),
        (told(groin_pain_at_rest="yes"), "pain_at_rest"),
        (told(burning_leg_pain="yes"), "burning_pain"),
        (told(worse_stepping_down="yes"), "worse_stairs"),
        (told(trouble_shoes_socks="yes"), "worse_dressing"),
        (told(worse_with_movement="yes", eased_by_rest="yes"), "mechanical_pattern"),
        (told(motor_deficit="no", sensory_deficit="no", reflex_deficit="no"), "neuro_exam_normal"),
        ({"medicines": ["ibuprofen"]}, "takes_nsaid"),
        ({"medicines": ["Anti-inflammatory tablets"]}, "takes_nsaid"),
        ({"medicines": ["tramadol"]}, "takes_opioid"),
        ({"medicines": ["blood thinner"]}, "takes_anticoagulant"),
        ({"medicines": ["steroids"]}, "on_steroid_tablets"),
        ({"conditions": ["osteoarthritis_knee_known_left"]}, "personal_knee_oa"),
        ({"conditions": ["rheumatoid_arthritis"]}, "history_of_arthritis"),
        ({"conditions": ["tuberculosis"]}, "tb_ever"),
        ({"laboratory": {"white_cells_10e9_l": 13.0}}, "white_cells_raised"),
    ],
)
def test_the_special_carries_to_the_general(raw: Raw, name: str) -> None:
    assert facts(**raw).yes(name) is True


def test_a_finding_of_one_place_says_nothing_of_another() -> None:
    said = facts(**told(burning_pain="yes", hip_movement_painful="yes", buttock_tender="yes"))
    for name in ("burning_leg_pain", "hip_internal_rotation_painful", "sciatic_notch_tenderness"):
        assert said.yes(name) is None, name


# ---- told and measured beside each other


def angle(name: str, value: float, side: str) -> Raw:
    return {"measurements": [{"id": name, "value_deg": value, "side": side}]}


@pytest.mark.parametrize(
    ("raw", "field", "says"),
    [
        (
            told(hip_internal_rotation_reduced={"right": "no"}) | angle("hip.internal_rotation", 20, "right"),
            "findings.hip_internal_rotation_reduced.right",
            "no was entered, but yes follows from hip.internal_rotation 20 deg",
        ),
        (
            told(hip_internal_rotation_reduced={"right": "yes"}) | angle("hip.internal_rotation", 40, "right"),
            "findings.hip_internal_rotation_reduced.right",
            "yes was entered, but no follows from hip.internal_rotation 40 deg",
        ),
        (
            told(straight_leg_raise={"left": "yes"}) | angle("straight_leg_raise.angle", 85, "left"),
            "findings.straight_leg_raise.left",
            "yes was entered, but no follows",
        ),
        (
            told(motor_deficit="no")
            | {"measurements": [{"id": "power.knee_extension", "side": "left", "value_grade": 4}]},
            "findings.motor_deficit",
            "power.knee_extension 4 of 5",
        ),
        (told(fever="no") | {"vitals": {"temperature_c": 38.5}}, "findings.fever", "vitals.temperature_c 38.5"),
        (
            told(raised_inflammation_markers="yes") | {"laboratory": {"crp_mg_l": 3.0, "esr_mm_h": 5.0}},
            "findings.raised_inflammation_markers",
            "laboratory.crp_mg_l 3",
        ),
    ],
)
def test_told_and_measured_are_shown_when_they_differ(raw: Raw, field: str, says: str) -> None:
    held = facts(**raw)
    (remark,) = [one for one in conflicts_of(held.case, held) if one.field == field]
    assert says in remark.says and "yes wins" in remark.says
    assert held.yes(field.split(".")[1]) is True, "yes of either counts"


@pytest.mark.parametrize(
    "raw",
    [
        told(hip_internal_rotation_reduced={"right": "yes"}) | angle("hip.internal_rotation", 20, "right"),
        told(hip_internal_rotation_reduced={"left": "yes"}) | angle("hip.internal_rotation", 40, "right"),
        told(hip_internal_rotation_reduced="yes") | angle("hip.internal_rotation", 40, "right"),  # the side is open
        told(fever="yes") | {"vitals": {"temperature_c": 36.6}},  # last week's fever, today's temperature
        told(hip_internal_rotation_reduced="unknown") | angle("hip.internal_rotation", 20, "right"),
    ],
)
def test_what_does_not_differ_is_not_called_different(raw: Raw) -> None:
    held = facts(**raw)
    assert conflicts_of(held.case, held) == ()


# ---- danger told in words


BACK: Raw = {"pain": {"regions": {"lumbar_centre": 5}}}


@pytest.mark.parametrize(
    ("raw", "least"),
    [
        (told(fever="yes") | {"vitals": {"temperature_c": 36.6}}, "same_day"),
        (told(fever="no") | {"vitals": {"temperature_c": 38.6}}, "same_day"),
        # Narrowed on purpose: markers alone, and one weak root without a grade, ask for a doctor within weeks.
        (told(raised_inflammation_markers="yes") | {"laboratory": {"crp_mg_l": 2.0}}, "routine_referral"),
        (told(raised_inflammation_markers="no") | {"laboratory": {"crp_mg_l": 60.0}}, "same_day"),
        (told(white_cells_raised="yes", fever_or_rigors="yes"), "same_day"),
        (told(white_cells_raised="yes", steadily_worsening="yes"), "same_day"),
        (told(ankle_plantarflexion_weak={"left": "yes"}), "routine_referral"),
        (told(motor_deficit={"left": "yes", "right": "yes"}), "same_day"),
        (
            told(hip_flexion_weak="yes", knee_extension_weak="yes", ankle_dorsiflexion_weak="yes"),
            "same_day",
        ),
        (told(sciatica_both_legs_undated="yes"), "urgent_referral"),
        (told(sciatica_both_legs_undated="yes", saddle_numbness="yes"), "emergency_now"),
        (told(upper_motor_neurone_signs="yes"), "same_day"),
        (told(upper_motor_neurone_signs="yes", unsteady_walking="yes"), "emergency_now"),
        (told(upper_motor_neurone_signs="yes") | {"conditions": ["cancer_breast"]}, "emergency_now"),
        ({"conditions": ["vertebral_fracture_recent"]}, "urgent_referral"),
        ({"conditions": ["tuberculosis"]}, "routine_referral"),
        (
            {
                "medicines": ["blood thinner"],
                "findings": {"hip_held_flexed": "yes"},
                "pain": {"regions": {"hip_anterior_left": 7}},
            },
            "emergency_now",
        ),
    ],
)
def test_a_danger_told_in_words_reaches_the_screen(raw: Raw, least: str) -> None:
    assert STEP[urgency(BACK | raw)] >= STEP[least]


@pytest.mark.parametrize("name", ["takes_anticoagulant", "fever", "raised_inflammation_markers", "white_cells_raised"])
def test_a_no_in_words_lowers_nothing(name: str) -> None:
    number: Raw = {
        "vitals": {"temperature_c": 38.6},
        "laboratory": {"crp_mg_l": 60.0, "white_cells_10e9_l": 15.0},
        "medicines": ["warfarin"],
    }
    assert urgency(BACK | number | told(**{name: "no"})) == urgency(BACK | number)


def test_a_told_blood_thinner_forbids_deep_pressure() -> None:
    for raw in (told(takes_anticoagulant="yes"), {"medicines": ["blood thinner"]}):
        bans = {ban.technique for ban in screen(made(BACK | raw), KNOWLEDGE).forbidden}
        assert "deep_psoas_pressure" in bans


def test_a_fresh_fracture_forbids_a_thrust() -> None:
    bans = {ban.technique for ban in screen(made({"conditions": ["vertebral_fracture_recent"]}), KNOWLEDGE).forbidden}
    assert "spinal_manipulation" in bans


# ---- the front of the hip


def test_the_front_of_the_hip_counts_as_the_groin_for_danger() -> None:
    front = {"pain": {"regions": {"hip_anterior_right": 6}, "map_complete": "yes", "onset": "sudden"}}
    groin = {"pain": {"regions": {"groin_right": 6}, "map_complete": "yes", "onset": "sudden"}}
    for more in ({}, {"medicines": ["warfarin"]}, {"person": {"age_years": 12}}, {"conditions": ["hip_replacement"]}):
        assert urgency(front | more) == urgency(groin | more)
    held = facts(**front)
    assert held.yes("groin_pain") is True and held.yes("front_pain_marked") is True
    assert held.expression("marked('hip')") is True
    assert facts(**groin).expression("marked('hip_anterior')") is False


# ---- who is asked what


def test_what_is_only_told_is_never_asked() -> None:
    only = {name for name, finding in TABLE.items() if finding.told_only}
    assert {"slr_pain_unspecified", "numbness_place_not_stated", "takes_nsaid", "knee_extension_weak"} <= only
    assert only.isdisjoint(askable(KNOWLEDGE))


def test_the_danger_screen_is_no_longer_for_a_client() -> None:
    """Words of reports are entered; none became a question of the danger sheets that a client answers."""
    from psoas.interview.sheets import danger_sheets

    asked = {name for sheet in danger_sheets() for name in sheet.ids}
    assert asked.isdisjoint(FREQUENCIES["rows"])


def test_whatever_a_client_can_meet_has_plain_words() -> None:
    for name, finding in TABLE.items():
        if finding.mode in CLIENT_MODES:
            assert finding.plain, name
            assert finding.plain != finding.how and "the person" not in finding.plain, name
            assert len(finding.plain) <= 130 and "_" not in finding.plain, name


def test_practitioner_and_client_words_of_the_new_ids_are_two() -> None:
    for name in FREQUENCIES["rows"]:
        if name in TABLE:
            assert TABLE[name].plain and TABLE[name].plain != TABLE[name].name, name
