"""Which exercises a case holds back, whoever asks for them: a ranking by another room never outvotes safety."""

from __future__ import annotations

from dataclasses import replace

from psoas.care import _catalogue as catalogue
from psoas.care._candidates import Candidate, exercise_candidate
from psoas.care.safety.checks import Against
from psoas.care.types import Reason
from psoas.knowledge import Exercise, Knowledge
from psoas.knowledge.rules.facts import Facts

WAITS = Reason("referred", "screen", "Waits until the danger has been excluded.")


def held_back(against: Against, facts: Facts) -> dict[str, tuple[Reason, ...]]:
    """Every exercise that this case holds back, with the reasons; while someone must be seen at once, all of them."""
    found: dict[str, tuple[Reason, ...]] = {}
    for exercise in against.knowledge.exercises.exercises.values():
        reasons = (
            (WAITS,)
            if against.screen.at_least("same_day")
            else against.reasons(_as_candidate(exercise, facts, against.knowledge))
        )
        if reasons:
            found[exercise.id] = reasons
    return found


def _as_candidate(exercise: Exercise, facts: Facts, knowledge: Knowledge) -> Candidate:
    """The exercise with the intervention that carries it at some stage; one without any keeps its own words alone."""
    family, twist = catalogue.FAMILIES[exercise.group], catalogue.TWISTS.get(exercise.id, catalogue.Twist())
    named = twist.parent or next(iter(family.parents.values()), None)
    carrier = knowledge.interventions.interventions[named or "exercise_chronic"]
    one = exercise_candidate(exercise, family, twist, carrier, None, facts, knowledge)
    return one if named else replace(one, contraindications=exercise.contraindications, technique=())
