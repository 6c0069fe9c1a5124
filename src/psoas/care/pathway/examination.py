"""Whether the nerves of a hurting leg were examined: strength, reflexes, feeling and the saddle come before hands."""

from __future__ import annotations

from psoas.case import Case
from psoas.knowledge import Knowledge
from psoas.knowledge.rules.facts import Facts

LEG_REGIONS = frozenset({
    "thigh", "thigh_posterior", "leg", "leg_front_whole", "leg_back_whole", "calf", "shin_lateral", "shin_medial",
    "foot", "foot_dorsum",
})  # fmt: skip
"""Marks below the buttock that a nerve of the back may reach; the front of the thigh counts with other signs only."""


def leg_pain(facts: Facts, knowledge: Knowledge) -> bool:
    """Whether the leg hurts in a way that a nerve may be behind."""
    if any(facts.yes(name) for name in knowledge.plan_choices.leg_pain):
        return True
    return any(region in LEG_REGIONS for region, _ in facts.case.pain.marks())


def missing(facts: Facts, knowledge: Knowledge) -> tuple[str, ...]:
    """Parts of the examination that have no answer yet, as words; empty when the leg does not hurt."""
    if not leg_pain(facts, knowledge):
        return ()
    return tuple(
        part.name
        for part in knowledge.plan_choices.nerve_examination
        if not any(facts.yes(name) is not None for name in part.any_of) and not _read(facts.case, part.measured)
    )


def signs(facts: Facts, knowledge: Knowledge) -> tuple[str, ...]:
    """Signs of a nerve that does not work as it should."""
    return tuple(name for name in knowledge.plan_choices.nerve_signs if facts.yes(name))


def _read(case: Case, start: str | None) -> bool:
    return start is not None and any(one.id.startswith(f"{start}.") for one in case.measurements)
