"""Every source at every phase, for five different people: a plan for each, as it was read by eye and kept.

To keep what changed after reading it: `PSOAS_KEEP_PLANS=1 pytest tests/care/test_plans_of_every_source.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from psoas.care import Plan, word_count
from psoas.care.brief import MOST_WORDS
from psoas.case import Case
from psoas.knowledge import load
from psoas.screening import Screen
from tests.care.doubles import case_of, differential, planned

KEPT = Path(__file__).parent / "snapshots" / "plans.yaml"
PEOPLE: Mapping[str, dict[str, Any]] = {
    "athlete": {"age_years": 24, "sex": "male", "activities": [{"id": "football", "hours_per_week": 8}]},
    "desk": {"age_years": 42, "sex": "female"},
    "manual": {"age_years": 38, "sex": "male", "activities": [{"id": "manual_work", "hours_per_week": 40}]},
    "over_70": {"age_years": 76, "sex": "female"},
    "pregnant": {"age_years": 31, "sex": "female", "pregnant": "yes", "pregnancy_weeks": 24},
}
PAIN: Mapping[str, dict[str, Any]] = {
    "calm": {"worst_overall_0_10": 6, "duration_weeks": 4},
    "rebuild": {"worst_overall_0_10": 5, "duration_weeks": 20},
    "return": {"worst_overall_0_10": 2, "duration_weeks": 10},
}
SOURCES = tuple(load().sources_of_pain.conditions)
CASES = [(source, phase, person) for source in SOURCES for phase in PAIN for person in PEOPLE]


def case_for(source: str, phase: str, person: str) -> Case:
    where = load().sources_of_pain.conditions[source].typical_pain_regions[0]
    sides = load().terminology.pain_drawing_regions
    region = where if where not in sides else f"{where}_{'left' if 'left' in sides[where].sides else 'centre'}"
    findings = {"worse_with_sitting": "yes"} if person == "desk" else {}
    return case_of(person=PEOPLE[person], pain={**PAIN[phase], "regions": {region: None}}, findings=findings)


def plan_of_source(source: str, phase: str, person: str) -> tuple[Plan, Screen, Case]:
    case = case_for(source, phase, person)
    return *planned(case, differential(0.2, **{source: 0.5})), case


def line(plan: Plan) -> str:
    """A plan in one line: its phase, then the things in order."""
    phase = plan.aim.phase if plan.aim else "-"
    return f"{phase}: " + ", ".join(item.id for item in plan.items)


@pytest.mark.parametrize(("source", "phase", "person"), CASES)
def test_every_source_at_every_phase_has_a_plan_for_everybody(source: str, phase: str, person: str) -> None:
    plan, seen, case = plan_of_source(source, phase, person)
    assert not seen.at_least("same_day") and plan.aim is not None
    if source != "nonspecific_lumbar_strain" and (source != "pregnancy_pelvic_girdle_pain" or person == "pregnant"):
        assert plan.aim.for_ == source
    assert plan.items and len(plan.items) <= 5 and word_count(plan) <= MOST_WORDS
    assert [item.order for item in plan.items] == sorted(item.order for item in plan.items if item.order is not None)
    assert {1, 5} <= {item.order for item in plan.items} or seen.at_least("urgent_referral")
    said = " ".join(item.say for item in plan.items).lower() + " ".join(plan.differs).lower()
    assert case.person.sex == "female" or "pregnan" not in said
    if plan.aim.phase == "calm":
        assert all(item.phase != "return" for item in plan.items if item.kind == "exercise")


def test_they_are_the_plans_that_were_read() -> None:
    made = {
        source: {phase: {person: line(plan_of_source(source, phase, person)[0]) for person in PEOPLE} for phase in PAIN}
        for source in SOURCES
    }
    if os.environ.get("PSOAS_KEEP_PLANS"):
        KEPT.write_text(yaml.safe_dump(made, sort_keys=False, width=200), encoding="utf-8")
    assert made == yaml.safe_load(KEPT.read_text(encoding="utf-8"))
