"""The exercises of a pathway for this person: those of the phase that nothing stands against, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from psoas.care import _catalogue as catalogue
from psoas.care._candidates import exercise_candidate
from psoas.care.safety.checks import Against
from psoas.care.types import Dropped, Phase, Reason
from psoas.knowledge import Exercise, Knowledge
from psoas.knowledge.packs.treatment.pathways import Pathway, Step, StepDose
from psoas.knowledge.rules.conditions import evaluate
from psoas.knowledge.rules.facts import Facts

ORDER: Mapping[Phase, tuple[Phase, ...]] = {
    "calm": ("calm",), "rebuild": ("rebuild", "calm"), "return": ("return", "rebuild", "calm"),
}  # fmt: skip
"""Where to look for an exercise: in the phase itself, then in gentler ones; never in one that is not reached yet."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One exercise that this person may do: the step of the pathway, or None where it stands in for one."""

    exercise: Exercise
    step: Step | None
    pathway: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class Found:
    """Exercises in order, and what was left out with the reasons."""

    free: tuple[Offered, ...]
    dropped: tuple[Dropped, ...]


def exercises_for(pathway: Pathway, phase: Phase, against: Against, facts: Facts, knowledge: Knowledge) -> Found:
    """The exercises of the phase for this person, then those of gentler phases, then what stands in for them."""
    free: list[Offered] = []
    dropped: dict[str, Dropped] = {}
    for where, step in _steps(pathway, phase):
        exercise = knowledge.exercises.exercises[step.exercise]
        if any(one.exercise.id == exercise.id for one in free):
            continue
        if reasons := reasons_against(exercise, step, against, facts, knowledge):
            dropped.setdefault(exercise.id, Dropped(exercise.id, "exercise", exercise.name, reasons))
        else:
            free.append(Offered(exercise, step, pathway.id, where))
    for name in _instead(pathway, against, knowledge):
        exercise = knowledge.exercises.exercises[name]
        taken = any(one.exercise.id == name for one in free) or name in dropped
        if not taken and not reasons_against(exercise, None, against, facts, knowledge):
            free.append(Offered(exercise, None, pathway.id, phase))
    return Found(tuple(free), tuple(dropped.values()))


def _instead(pathway: Pathway, against: Against, knowledge: Knowledge) -> tuple[str, ...]:
    """What stands in, of the same part of the body; nothing while the screen sends the person on."""
    if against.screen.at_least("routine_referral"):
        return ()
    choices = knowledge.plan_choices
    return choices.instead_at_the_hip if pathway.id in choices.hip_sources else choices.instead


def _steps(pathway: Pathway, phase: Phase) -> Iterator[tuple[Phase, Step]]:
    for name in ORDER[phase]:
        for step in pathway.phase(name).items:
            yield name, step


def reasons_against(
    exercise: Exercise, step: Step | None, against: Against, facts: Facts, knowledge: Knowledge
) -> tuple[Reason, ...]:
    """Why this person does not do the exercise; what a direction needs to have shown counts as a reason too."""
    family, twist = catalogue.FAMILIES[exercise.group], catalogue.TWISTS.get(exercise.id, catalogue.Twist())
    parent = twist.parent or next(iter(family.parents.values()), "exercise_chronic")
    carrier = knowledge.interventions.interventions[parent]
    candidate = exercise_candidate(exercise, family, twist, carrier, None, facts, knowledge)
    reasons = against.reasons(candidate, graded=step.graded if step else ())
    if twist.needs is not None and evaluate(twist.needs, facts) is not True:
        reasons += (Reason("our_rule", "needs", "Only where the examination has shown that it eases."),)
    return reasons


def dose_of_step(dose: StepDose, *, fewer_sets: int = 0) -> dict[str, Any]:
    """The dose as plain data, the keys of an exercise's; `fewer_sets` for a gentle start, never below one."""
    sets = max(1, (dose.sets or 1) - fewer_sets)
    found: dict[str, Any] = {
        "hold_s": dose.hold_s or 0.0,
        "reps": dose.reps or 1,
        "sets": sets,
        "per_week": dose.days_per_week,
        "weeks": dose.weeks,
        "basis": dose.basis,
    }
    if dose.minutes:
        found["minutes_per_session"] = float(dose.minutes.rpartition("-")[2])
        found["minutes"] = dose.minutes
    if dose.intensity:
        found["intensity"] = dose.intensity
    return found


def brief_dose(dose: Mapping[str, Any]) -> str:
    """A dose in a few words: `3 × 10, held 5 s, 4 days a week for 6 weeks`."""
    every_day = dose["per_week"] == 7
    often = "every day" if every_day else f"{dose['per_week']} days a week"
    if "minutes_per_session" in dose:
        minutes = dose.get("minutes") or f"{dose['minutes_per_session']:g}"
        amount = f"{minutes} minutes" + (f", {dose['sets']} times a day" if dose["sets"] > 1 else "")
    elif dose["reps"] == 1 and not dose["hold_s"]:
        amount = (
            "" if dose["sets"] == 1 else f"{dose['sets']} rounds" if not every_day else f"{dose['sets']} times a day"
        )
        often = often if not (every_day and amount) else ""
    elif dose["reps"] == 1:
        amount = f"{dose['sets']} × {dose['hold_s']:g} s" if dose["sets"] > 1 else f"{dose['hold_s']:g} s"
    else:
        reps = "-".join(map(str, dose["reps"])) if isinstance(dose["reps"], list) else dose["reps"]
        amount = f"{dose['sets']} × {reps}" + (f", held {dose['hold_s']:g} s" if dose["hold_s"] else "")
    return f"{', '.join(part for part in (amount, often) if part)} for {dose['weeks']} weeks"
