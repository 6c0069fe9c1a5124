"""Goals in words ('lengthen right psoas, spare L4/L5') and the exercises that serve them, best first.

Grammar: ``lengthen|strengthen MUSCLE [below 1 kN] [, spare LEVEL ...]``. A muscle is one of the model's or an everyday
word (``data/exercise_goals.yaml``), its side before or after it, or none for both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from psoas.body._data import load_data
from psoas.body.exercises.registry import ComputedExercise, ExerciseTable, LevelForce, Position
from psoas.body.kinematics.posture import SIDES
from psoas.body.statics.loads import LEVEL_NAMES
from psoas.knowledge.readers.nearest import nearest_ids

Verb = Literal["lengthen", "strengthen"]
_VERBS: Mapping[str, Verb] = {"lengthen": "lengthen", "stretch": "lengthen", "strengthen": "strengthen"}
_LIMIT = re.compile(r"\bbelow\s+(\d+(?:\.\d+)?)\s*(kn|n)\b", re.IGNORECASE)
_EXAMPLES = '"lengthen right psoas, spare L4/L5" or "strengthen gluteus maximus below 1 kN"'
LEVELS = tuple(reversed(LEVEL_NAMES.values()))
"""Names of the levels, lowest first."""


class GoalError(ValueError):
    """A goal that cannot be read; the message says what is understood, with near names."""


@dataclass(frozen=True)
class Goal:
    """What an exercise should do.

    Attributes:
        verb: ``lengthen`` or ``strengthen``.
        words: the muscle as it was asked for.
        muscles: public muscles with their side; each counts alike.
        below_n: the most compression at any level, N; None for no limit.
        spare: levels whose load counts against an exercise.
    """

    verb: Verb
    words: str
    muscles: tuple[str, ...]
    below_n: float | None = None
    spare: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """An exercise that serves a goal.

    Attributes:
        exercise: with the side working that serves the goal better.
        gain: lengthening: percent of fibre length beyond relaxed standing; strengthening: share of full effort.
        load_n: largest force at the spared levels, N; 0 when none is spared.
        score: gain over the best gain, less the load over that of standing (`data/exercise_goals.yaml`).
        made_for_it: the exercise is of a group that is done for such a goal; these come before all others.
    """

    exercise: ComputedExercise
    gain: float
    load_n: float
    score: float
    made_for_it: bool


@dataclass(frozen=True)
class Ranking:
    """Exercises for a goal, best first, and what was left out.

    Attributes:
        over: exercises that serve the goal but press a level more than the goal allows, with that compression, N.
    """

    goal: Goal
    ranked: tuple[Ranked, ...]
    over: tuple[tuple[ComputedExercise, float], ...] = field(default=())


def goal_of(text: str, spare: Sequence[str] = ()) -> Goal:
    """Read a goal.

    Args:
        text: see the grammar above.
        spare: further levels to spare, as ``L4/L5``.

    Raises:
        GoalError: a verb, muscle, limit or level that is not understood.
    """
    rest, *clauses = (part.strip() for part in text.split(","))
    asked = list(spare)
    for clause in clauses:
        if not clause.lower().startswith("spare "):
            raise GoalError(f"{clause!r} is not understood in a goal; after a comma, expected 'spare' and a level.")
        asked += re.split(r"\s+and\s+|\s+", clause[len("spare ") :].strip())
    if (within := re.search(r"\bspare\s+(.+)$", rest, re.IGNORECASE)) is not None:
        asked += re.split(r"\s+and\s+|\s+", within[1].strip())
        rest = rest[: within.start()].strip()
    below, rest = _limit(rest)
    verb, _, words = rest.partition(" ")
    if verb.lower() not in _VERBS:
        raise GoalError(f"A goal begins with lengthen or strengthen, not {verb!r}; such as {_EXAMPLES}.")
    levels = tuple(dict.fromkeys(level_of(one) for one in asked))
    return Goal(_VERBS[verb.lower()], " ".join(words.split()), muscles_of(words), below, levels)


def _limit(text: str) -> tuple[float | None, str]:
    found = _LIMIT.search(text)
    if found is None:
        if re.search(r"\bbelow\b", text, re.IGNORECASE):
            raise GoalError(f"The limit in {text!r} is not understood; expected 'below 1 kN' or 'below 1000 N'.")
        return None, text
    newtons = float(found[1]) * (1000.0 if found[2].lower() == "kn" else 1.0)
    return newtons, (text[: found.start()] + text[found.end() :]).strip()


def level_of(text: str) -> str:
    """A level by name, however its case and stroke.

    Raises:
        GoalError: no such level.
    """
    plain = re.sub(r"[^0-9a-z]", "", text.lower())
    for name in LEVELS:
        if plain in (name.replace("/", "").lower(), name.replace("/L", "").replace("/S", "").lower()):
            return name
    raise GoalError(f"{text!r} is no lumbar level; expected one of {', '.join(LEVELS)}.")


def muscles_of(text: str) -> tuple[str, ...]:
    """Public muscles behind words such as ``right psoas``, ``gluteus maximus`` or ``psoas_major_right``.

    Raises:
        GoalError: an unknown muscle, with near names.
    """
    parts = [part for part in re.split(r"[\s_\-]+", text.lower()) if part]
    sides = [part for part in parts if part in SIDES]
    stem = "_".join(part for part in parts if part not in SIDES and part != "both")
    known = _known()
    if not stem or len(sides) > 1 or stem not in known:
        near = nearest_ids(stem, known) if stem else ()
        hint = f"did you mean {', '.join(near)}?" if near else f"expected a muscle, such as {_EXAMPLES}."
        raise GoalError(f"{text.strip()!r} is not a muscle of this model; {hint}")
    return tuple(f"{muscle}_{side}" for muscle in known[stem] for side in (sides or SIDES))


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """Every word for a muscle without its side, and the muscles meant."""
    from psoas.body.subject.build import compiled_body

    stems = (name.removesuffix("_left").removesuffix("_right") for name in compiled_body().muscles.public_names)
    words = {stem: (stem,) for stem in dict.fromkeys(stems)}
    return words | {word: tuple(meant) for word, meant in load_data("exercise_goals.yaml")["words"].items()}


def rank(table: ExerciseTable, goal: Goal) -> Ranking:
    """The exercises of a table that serve a goal, best first; those made for such a goal before all others.

    Of the two sides an exercise can be done on, the one that serves the goal better counts; of equals the right, and of
    equal exercises the one that the registry lists first.
    """
    data = load_data("exercise_goals.yaml")["ranking"]
    least = float(data["least_gain"][goal.verb])
    served: list[tuple[ComputedExercise, float]] = []
    over: list[tuple[ComputedExercise, float]] = []
    for name in dict.fromkeys(one.id for one in table.exercises):
        sides = [one for one in table.exercises if one.id == name]
        best = max(reversed(sides), key=lambda one: round(gain_of(one, goal, table.standing), 6))
        gain = gain_of(best, goal, table.standing)
        most = max(force.compression_n for force in best.levels.values())
        if gain < least:
            continue
        if goal.below_n is not None and most > goal.below_n:
            over.append((best, most))
        else:
            served.append((best, gain))
    top = max((gain for _, gain in served), default=1.0)
    usual = _load(table.standing.levels, goal.spare)
    ranked = []
    for exercise, gain in served:
        load = _load(exercise.levels, goal.spare)
        cost = float(data["load_weight"]) * load / usual if goal.spare else 0.0
        ranked.append(Ranked(exercise, gain, load, gain / top - cost, exercise.group in data["made_for"][goal.verb]))
    ranked.sort(key=lambda one: (not one.exercise.feasible, not one.made_for_it, -round(one.score, 9)))
    return Ranking(goal, tuple(ranked), tuple(over))


def gain_of(exercise: ComputedExercise, goal: Goal, standing: Position) -> float:
    """What an exercise gives: percent of stretch beyond standing, or the share of full effort; mean over muscles."""
    if goal.verb == "strengthen":
        values = [exercise.effort[muscle] for muscle in goal.muscles]
    else:
        values = [exercise.stretch_percent[name] - standing.stretch_percent[name] for name in goal.muscles]
    # Where no side was asked for, an exercise for one side serves it as well as one for both at once.
    halves = [[v for v, name in zip(values, goal.muscles, strict=True) if name.endswith(side)] for side in SIDES]
    return max(sum(half) / len(half) for half in halves if half)


def _load(levels: Mapping[str, LevelForce], spare: Sequence[str]) -> float:
    return max((levels[name].size_n for name in spare), default=0.0)


def to_answer(ranking: Ranking) -> list[dict[str, Any]]:
    """What ``psoas exercises rank --json`` prints: plain data, best first."""
    return [_entry(one, ranking.goal) for one in ranking.ranked]


def _entry(one: Ranked, goal: Goal) -> dict[str, Any]:
    exercise = one.exercise
    flexors = (f"{muscle}_{side}" for muscle in load_data("exercise_goals.yaml")["flexors"] for side in SIDES)
    stretched = dict.fromkeys((*goal.muscles, *flexors) if goal.verb == "lengthen" else flexors)
    return {
        "id": exercise.id,
        "stretch_percent": {name: _number(exercise.stretch_percent[name], 1) for name in stretched},
        "effort": {name: _number(value, 3) for name, value in exercise.effort.items()},
        "levels": levels_to_answer(exercise.levels),
        "working_side": exercise.side,
        "gain": _number(one.gain, 3),
        "score": _number(one.score, 3),
        "made_for_it": one.made_for_it,
        "feasible": exercise.feasible,
        "reach": _number(exercise.reach, 2),
        "tuck": tuck_to_answer(exercise, tuple(stretched)),
    }


def tuck_to_answer(exercise: ComputedExercise, muscles: Sequence[str]) -> dict[str, Any]:
    """The end with and without the pelvic tuck; empty for exercises that have no tuck."""
    found: dict[str, Any] = {}
    for word, step in (("with", "tucked"), ("without", "untucked")):
        if (position := exercise.at(step)) is not None:
            found[word] = {
                "stretch_percent": {name: _number(position.stretch_percent[name], 1) for name in muscles},
                "flexor_moment_nm": {side: _number(value, 1) for side, value in position.flexor_moment_nm.items()},
                "levels": levels_to_answer(position.levels),
                "feasible": position.feasible,
            }
    return found


def position_to_answer(position: Position) -> dict[str, Any]:
    """One position as plain data: stretch by muscle and by fascicle, passive pull, effort, levels."""
    return {
        "stretch_percent": {name: _number(position.stretch_percent[name], 1) for name in position.passive_n},
        "fascicle_stretch_percent": {k: _number(v, 1) for k, v in position.fascicle_stretch_percent.items()},
        "passive_n": {name: _number(value, 1) for name, value in position.passive_n.items()},
        "flexor_moment_nm": {side: _number(value, 1) for side, value in position.flexor_moment_nm.items()},
        "effort": {name: _number(value, 3) for name, value in position.effort.items()},
        "levels": levels_to_answer(position.levels),
        "feasible": position.feasible,
        "reach": _number(position.reach, 2),
        "reasons": list(position.reasons),
    }


def levels_to_answer(levels: Mapping[str, LevelForce]) -> dict[str, dict[str, float]]:
    """Loads by level as plain numbers, newtons."""
    return {
        name: {"compression_n": _number(force.compression_n, 1), "shear_n": _number(force.shear_n, 1)}
        for name, force in levels.items()
    }


def _number(value: float, digits: int) -> float:
    return round(float(value), digits) + 0.0  # no minus zero
