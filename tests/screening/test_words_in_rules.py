"""Words of the vocabulary reach the rules that knew it by another name: quiet dangers, each with its twin."""

from __future__ import annotations

import pytest

from psoas.knowledge import load
from psoas.screening import STEP, Screen, screen
from tests.cases import Raw, case_of

BLEEDING_OR_NERVE = {
    "person": {"age_years": 70, "sex": "female"},
    "pain": {"regions": {"groin_right": 7, "thigh_anterior_right": 7}, "duration_weeks": 0.3, "onset": "sudden"},
}
RUNNER = {
    "person": {"age_years": 21, "sex": "female", "activities": [{"id": "running", "change_percent_last_8_weeks": 35}]},
    "pain": {"regions": {"sacroiliac_right": 5, "buttock_right": 4}, "duration_weeks": 6, "course": "worsening"},
}
OVER_50 = {
    "person": {"age_years": 51, "sex": "female"},
    "pain": {"regions": {"lumbar_centre": 5}, "duration_weeks": 7, "course": "worsening", "onset": "gradual"},
}
AFTER_OPERATION = {
    "person": {"age_years": 60, "sex": "female"},
    "pain": {"regions": {"lumbar_centre": 6}, "duration_weeks": 2, "course": "worsening"},
}
HEALING = {**AFTER_OPERATION, "pain": {**AFTER_OPERATION["pain"], "course": "improving"}}
LATE_PREGNANCY = {
    "person": {"age_years": 32, "sex": "female", "pregnant": "yes"},
    "conditions": ["pregnancy_20_weeks_or_later"],
    "pain": {"regions": {"groin_left": 6}, "duration_weeks": 3},
}


def screened(base: Raw, *yes: str, **blocks: object) -> Screen:
    raw = {"psoas_case": 1, **base, "findings": dict.fromkeys(yes, "yes"), **blocks}
    return screen(case_of(raw), load())


@pytest.mark.parametrize(
    ("base", "yes", "blocks", "least"),
    [
        (BLEEDING_OR_NERVE, ("knee_extension_weak",), {"medicines": ["warfarin 3 mg"]}, "emergency_now"),
        (BLEEDING_OR_NERVE, ("hip_weakness_unspecified",), {"medicines": ["Eliquis"]}, "emergency_now"),
        (RUNNER, ("worse_running",), {}, "urgent_referral"),
        (OVER_50, ("night_pain", "appetite_lost"), {}, "urgent_referral"),
        (OVER_50, ("pain_at_rest", "unusual_tiredness"), {}, "urgent_referral"),
        (AFTER_OPERATION, ("onset_after_operation", "night_pain"), {}, "urgent_referral"),
        (LATE_PREGNANCY, ("limp", "worse_walking"), {}, "urgent_referral"),
    ],
)
def test_the_danger_is_seen(base: Raw, yes: tuple[str, ...], blocks: Raw, least: str) -> None:
    assert STEP[screened(base, *yes, **blocks).urgency] >= STEP[least]


@pytest.mark.parametrize(
    ("base", "yes", "blocks"),
    [
        (BLEEDING_OR_NERVE, ("knee_extension_weak", "patellar_reflex_reduced"), {"medicines": ["ibuprofen"]}),
        ({**RUNNER, "pain": {**RUNNER["pain"], "course": "improving"}}, ("worse_running",), {}),
        ({**OVER_50, "pain": {**OVER_50["pain"], "course": "stable"}}, ("night_pain", "unusual_tiredness"), {}),
        (
            {**AFTER_OPERATION, "pain": {**AFTER_OPERATION["pain"], "course": "improving"}},
            ("onset_after_operation",),
            {},
        ),
        ({**LATE_PREGNANCY, "pain": {"regions": {"pubis_centre": 6, "groin_left": 4}}}, ("limp", "worse_walking"), {}),
    ],
)
def test_its_twin_is_not_sent_away_within_two_weeks(base: Raw, yes: tuple[str, ...], blocks: Raw) -> None:
    assert STEP[screened(base, *yes, **blocks).urgency] < STEP["urgent_referral"]


def test_an_operation_that_came_before_the_pain_is_one_of_the_last_three_months() -> None:
    """The pain is younger than that, so the operation is asked after, and counts as a risk of a clot."""
    calf = {"pain": {"regions": {"calf_left": 5}, "duration_weeks": 2}}
    told, silent = (screened(calf, *yes, "calf_tender") for yes in (("onset_after_operation",), ()))
    assert STEP[told.urgency] >= STEP[silent.urgency]
    assert "spinal_operation_3_months" in screened(AFTER_OPERATION, "onset_after_operation").not_asked
