"""Thigh pain under a bone antibody, by its brand and dose: the class that the scripts name is the one that is read."""

from __future__ import annotations

import pytest

from psoas.assessment import read_case
from psoas.knowledge import load
from psoas.screening import STEP, screen


@pytest.mark.parametrize(
    "medicine", ["denosumab", "Prolia 60 mg every six months", "Evenity", "alendronate 70 mg weekly"]
)
def test_thigh_pain_under_a_bone_medicine_is_not_left_to_self_care(medicine: str) -> None:
    told = {
        "psoas_case": 1, "person": {"age_years": 72, "sex": "female"}, "medicines": [medicine],
        "pain": {"regions": {"thigh_anterior_left": 5}, "duration_weeks": 8, "onset": "gradual"},
    }  # fmt: skip
    with_it = screen(read_case(told), load())
    without = screen(read_case(told | {"medicines": ["paracetamol"]}), load())
    assert STEP[with_it.urgency] > STEP[without.urgency]
