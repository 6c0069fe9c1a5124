"""What the body model adds to the exercises of a plan: a second reason, after the published evidence.

It never changes which exercises a plan holds, nor their order: a case has the same plan with and without the body
model installed. It says what each does to this person's body, which way of doing it serves better, and, of stretches
that the evidence does not tell apart, which one this body would gain from with the least load.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from psoas.assessment.body_findings import is_installed

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.body.exercises.registry import ComputedExercise, ExerciseTable
    from psoas.body.flexibility.tightness_result import Tightness
    from psoas.care import Item

SAID = "Computed for your body by this model"
STRETCH_GROUP = "hip_flexor_stretch"
_MUSCLE_OF = {"iliopsoas": "psoas_major"}
"""The muscle that stands for a flexor of the estimate."""


def computed_for_plan(answer: Assessment) -> Mapping[str, str]:
    """By id of a plan's exercise, one or two sentences; empty without hip angles, without the body, or with danger."""
    ids = tuple(item.id for item in answer.plan.items if item.kind == "exercise")
    if not ids or not is_installed() or answer.screen.at_least("same_day"):
        return {}
    found = answer.body
    if found is None or found.tightness is None:
        return {}
    from psoas.body.exercises.registry import exercise_ids, exercise_table
    from psoas.body.subject.model import Body
    from psoas.care import exercises_held_back
    from psoas.knowledge import load

    knowledge, person = load(), found.tightness.person
    ids = tuple(name for name in ids if name in exercise_ids())  # the model solves what it has a pose for
    if not ids:
        return {}
    groups = {name: one.group for name, one in knowledge.exercises.exercises.items()}
    held = exercises_held_back(answer.case, answer.facts, knowledge, answer.screen, answer.diagnosis)
    posed = set(exercise_ids())
    kin = [name for name, group in groups.items() if group == STRETCH_GROUP and name not in held and name in posed]
    wanted = tuple(dict.fromkeys((*ids, *(kin if any(groups[name] == STRETCH_GROUP for name in ids) else ()))))
    body = Body.of(height_m=person.height_m, mass_kg=person.mass_kg, sex=person.sex, age_years=person.age_years)
    try:
        table = exercise_table(body, shorten=found.tightness.shorten(), only=wanted)
    except (ValueError, ArithmeticError):  # a shortening beyond what the body takes; the plan stands without the model
        return {}
    return {item.id: _sentences(item, table, found.tightness) for item in answer.plan.items if item.id in ids}


def shortest(found: Tightness) -> str:
    """The flexor that is shortest by the readings, as a muscle with its side."""
    told = [
        (one.shortening_percent, flexor, side)
        for side, flexors in found.sides.items()
        for flexor, one in flexors.items()
        if found.determined(flexor, side)
    ]
    _, flexor, side = max(told, default=(0.0, "iliopsoas", "right"))
    return f"{_MUSCLE_OF.get(flexor, flexor)}_{side}"


def _sentences(item: Item, table: ExerciseTable, found: Tightness) -> str:
    muscle = shortest(found)
    exercise = table.of(item.id, muscle.rsplit("_", 1)[1])
    level = max(table.standing.levels, key=lambda name: table.standing.levels[name].compression_n)
    load = f"{level} is pressed at most {_times(exercise, table, level)} as hard as in quiet standing"
    if exercise.group != STRETCH_GROUP:
        return f"{SAID}: {load}{_target(exercise)}."
    stretch, standing = exercise.stretch_percent[muscle], table.standing.stretch_percent[muscle]
    return (
        f"{SAID}: done for the {exercise.side} side, the {_words(muscle)} is stretched {stretch:.0f} % beyond rest "
        f"(standing: {standing:.0f} %); {load}.{_tuck(exercise, muscle)}{_kin(item, table, muscle, level)}"
    )


def _target(exercise: ComputedExercise) -> str:
    """The one of the exercise's target muscles that works hardest; empty where it names none of this model's."""
    from psoas.body.exercises.goals import GoalError, muscles_of
    from psoas.knowledge import load

    efforts: dict[str, float] = {}
    for word in load().exercises.exercises[exercise.id].target_muscles:
        try:
            efforts |= {muscle: exercise.effort[muscle] for muscle in muscles_of(word)}
        except GoalError:  # a structure that this model does not have, such as the diaphragm
            continue
    if not efforts:
        return ""
    hardest = max(efforts, key=lambda name: efforts[name])
    return f"; of its target muscles the {_words(hardest)} works hardest, with {efforts[hardest]:.0%} of its strength"


def _tuck(exercise: ComputedExercise, muscle: str) -> str:
    """Which way of doing it serves better, as far as the tuck goes."""
    with_, without = exercise.at("tucked"), exercise.at("untucked")
    if with_ is None or without is None or not (with_.feasible and without.feasible):
        return ""
    tucked, plain = with_.stretch_percent[muscle], without.stretch_percent[muscle]
    return f" With the pelvis tucked {tucked:.0f} %, without {plain:.0f} %: tuck it." if tucked > plain else ""


def _kin(item: Item, table: ExerciseTable, muscle: str, level: str) -> str:
    """The stretch of the same group that this body would gain from with the least load, where it is another."""
    from psoas.body.exercises.goals import Goal, rank

    best = rank(table, Goal("lengthen", muscle, (muscle,), spare=(level,))).ranked
    first = next((one.exercise for one in best if one.exercise.group == STRETCH_GROUP), None)
    if first is None or first.id == item.id:
        return ""
    return (
        f" To spare {level}, {first.name.lower()} would do it with {_times(first, table, level)} the load of standing; "
        "the published evidence does not tell the two apart."
    )


def _times(exercise: ComputedExercise, table: ExerciseTable, level: str) -> str:
    """A load beside that of standing, both of one rule of sharing work; newtons of two rules would not compare."""
    return f"{exercise.levels[level].compression_n / table.standing.levels[level].compression_n:.1f} times"


def _words(muscle: str) -> str:
    stem, side = muscle.rsplit("_", 1)
    return f"{side} {stem.replace('_', ' ')}"
