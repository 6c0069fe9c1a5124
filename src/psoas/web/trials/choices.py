"""What may be tried within a visit or over weeks: things that nothing in the case stands against, hip flexors first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from psoas import figures
from psoas.care.offers import offers_for, works_on_hip_flexors
from psoas.knowledge import load

MOVEMENTS = (
    "Standing up from a chair", "Standing with the hip pushed forward", "Bending forward", "Bending back",
    "Lying flat with straight legs", "Lifting the knee against my hand", "Ten steps",
)  # fmt: skip
COMPARISONS = (
    "The hand at rest on the same place, no pressure", "The same work on the calf of the same leg",
    "Lying at rest for the same time",
)  # fmt: skip
WEEKS_COMPARISONS = ("nothing", "walking", "lying at rest for the same time")
"""Proposals, in the practice's own words when it likes: our choice."""
ANGLES = {
    "": "None", "modified_thomas.thigh_angle": "Thigh angle, modified Thomas test", "hip.extension": "Hip extension",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Treatment:
    """Something that may be tried.

    Attributes:
        pictures: steps of its picture; empty where the registry has none.
    """

    id: str
    name: str
    hip_flexor: bool
    pictures: tuple[str, ...]


def treatments(case: dict[str, Any], *, exercises_only: bool = True) -> tuple[Treatment, ...]:
    """What may be tried of what is on offer for this case, hip flexors first.

    Args:
        exercises_only: leave out what is no exercise, as within a visit.
    """
    found = _treatments(json.dumps(case, sort_keys=True))
    return tuple(one for one, is_exercise in found if is_exercise or not exercises_only)


@lru_cache(maxsize=32)
def _treatments(case: str) -> tuple[tuple[Treatment, bool], ...]:
    from psoas.assessment import assess

    answer, knowledge = assess(json.loads(case)), load()
    offers = offers_for(answer.case, answer.facts, knowledge, answer.screen, answer.diagnosis)
    found = [
        (
            Treatment(
                item.id, item.name, works_on_hip_flexors(item.id, knowledge),
                figures.steps(item.id) if item.id in figures.available() else (),
            ),
            item.id in knowledge.exercises.exercises,
        )
        for item in offers.items
        if item.kind != "referral"
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda pair: not pair[0].hip_flexor))
