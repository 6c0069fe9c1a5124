"""Every exercise of the registry posed on one person's body: stretch, effort, passive pull and the load of each level.

Published evidence says which exercises were tried on people; this says what each does to this body, in this model. An
exercise is done on either side; its start and end are solved, and for the stretches of the hip flexors the end with
and without the pelvic tuck. Poses: ``data/exercise_poses.yaml``; what is our choice: ``data/exercise_goals.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.coordinates import index_of
from psoas.body.kinematics.posture import SIDES, Posture, PostureError
from psoas.body.kinematics.postures import posture as posture_by_name
from psoas.body.kinematics.sections import Array
from psoas.body.recruitment.solver import ConvergenceError
from psoas.body.statics.loads import membership, solve
from psoas.body.statics.options import Options
from psoas.body.statics.results import Loads
from psoas.body.statics.support import groups_of
from psoas.body.subject.model import Body
from psoas.body.subject.scaling import Person
from psoas.knowledge import load
from psoas.knowledge.packs.treatment.exercises import Exercise

Side = Literal["left", "right"]
Progress = Callable[[int, int], None]
LABEL = "Computed for this body by this model; what was tried on people is in the published evidence."
OWN_STEPS = ("start", "end")


@dataclass(frozen=True)
class LevelForce:
    """What passes through one level, newtons: + compression presses, + shear pulls the upper vertebra forward."""

    compression_n: float
    shear_n: float

    @property
    def size_n(self) -> float:
        """Size of the force, N."""
        return float(np.hypot(self.compression_n, self.shear_n))


@dataclass(frozen=True)
class Position:
    """One position of an exercise.

    Attributes:
        step: ``start``, ``end``, ``tucked``, ``untucked``, ``knee_straight`` or ``standing``.
        stretch_percent: by public muscle, strength-weighted over its fascicles: percent of the length at which the
            relaxed fibre begins to resist; negative is slack.
        fascicle_stretch_percent: the same by fascicle, of the hip flexors.
        passive_n: pull of the relaxed hip flexors, N.
        flexor_moment_nm: moment of that pull about each hip, N.m, + into flexion.
        effort: by public muscle, share of full effort, 0 to 1.
        levels: by name.
        feasible: muscles and supports alone hold it; `reasons` say why not.
        reach: how far from the start to the end the body came, 1 when all the way.
    """

    step: str
    stretch_percent: Mapping[str, float] = field(repr=False)
    fascicle_stretch_percent: Mapping[str, float] = field(repr=False)
    passive_n: Mapping[str, float]
    flexor_moment_nm: Mapping[str, float]
    effort: Mapping[str, float] = field(repr=False)
    levels: Mapping[str, LevelForce]
    feasible: bool
    reasons: tuple[str, ...]
    reach: float = 1.0


@dataclass(frozen=True)
class ComputedExercise:
    """An exercise with one side working. What is asked of the whole is the largest of its start and end."""

    id: str
    name: str
    group: str
    side: Side
    positions: tuple[Position, ...]

    def at(self, step: str) -> Position | None:
        """A position by its step; None when the exercise has none."""
        return next((one for one in self.positions if one.step == step), None)

    @cached_property
    def own(self) -> tuple[Position, ...]:
        """Start and end as the exercise is described."""
        return tuple(one for one in self.positions if one.step in OWN_STEPS)

    @cached_property
    def stretch_percent(self) -> Mapping[str, float]:
        """By public muscle, the larger of start and end."""
        return {name: max(one.stretch_percent[name] for one in self.own) for name in self.own[0].stretch_percent}

    @cached_property
    def effort(self) -> Mapping[str, float]:
        """By public muscle, the larger of start and end."""
        return {name: max(one.effort[name] for one in self.own) for name in self.own[0].effort}

    @cached_property
    def levels(self) -> Mapping[str, LevelForce]:
        """By level, the one of start and end with the larger force."""
        return {
            name: max((one.levels[name] for one in self.own), key=lambda force: force.size_n)
            for name in self.own[0].levels
        }

    @property
    def feasible(self) -> bool:
        """Whether the body can hold both its start and its end, the end as far as `reach` says."""
        return all(one.feasible for one in self.own)

    @property
    def reach(self) -> float:
        """How far towards the end the body came, 0 to 1."""
        return min(one.reach for one in self.own)


@dataclass(frozen=True)
class ExerciseTable:
    """Every exercise on one body, both sides.

    Attributes:
        person: whose body.
        shorten: percent by which flexors are shorter than the average adult's, by muscle and side.
        standing: relaxed standing of the same body, to compare with.
        exercises: in the order of the registry, left side working first.
    """

    person: Person
    shorten: Mapping[str, float]
    standing: Position
    exercises: tuple[ComputedExercise, ...]

    def of(self, name: str, side: str = "right") -> ComputedExercise:
        """One exercise by id and working side.

        Raises:
            PostureError: an unknown id or side; the message lists near ones.
        """
        if side not in SIDES:
            raise PostureError(f"side is {side!r}; expected left or right.")
        check_exercise(name)
        return next(one for one in self.exercises if (one.id, one.side) == (name, side))


def exercise_ids() -> tuple[str, ...]:
    """Ids of every exercise that has a pose, in the order of the registry."""
    return tuple(dict.fromkeys(row["exercise"] for row in load_data("exercise_poses.yaml")["exercises"]))


def check_exercise(name: str) -> None:
    """Refuse an unknown exercise.

    Raises:
        PostureError: with the nearest ids.
    """
    if name not in exercise_ids():
        from psoas.knowledge.readers.nearest import nearest_ids

        near = nearest_ids(name, exercise_ids())
        hint = f"did you mean {', '.join(near)}?" if near else f"expected one of {', '.join(exercise_ids())}."
        raise PostureError(f"{name!r} is not an exercise of the registry; {hint}")


def exercise_table(
    body: Body,
    *,
    shorten: Mapping[str, float] | None = None,
    only: tuple[str, ...] | None = None,
    progress: Progress | None = None,
) -> ExerciseTable:
    """Every exercise on `body`, about a second of work.

    Args:
        body: the person's body.
        shorten: percent by which flexors are shorter, as :meth:`Tightness.shorten` gives.
        only: ids to leave it at; None takes all.
        progress: called with the exercises done and their number.

    Returns:
        Every exercise with its positions: fibre lengths (1 is where resistance begins), effort from 0 to 1, compression
        by level in newtons, and whether this body can hold it.

    Raises:
        PostureError: an unknown exercise. ValueError: an unknown muscle.
    """
    short = MappingProxyType(dict(shorten or {}))
    tight = body.shortened(short) if short else body
    names = exercise_ids() if only is None else only
    for name in names:
        check_exercise(name)
    found: list[ComputedExercise] = []
    for number, name in enumerate(names):
        if progress is not None:
            progress(number, len(names))
        right = _on_side(tight, load().exercises.exercises[name], "right")
        even = all(is_even(posture_by_name(f"exercise:{name}:{step}")) for step in OWN_STEPS)
        left = replace(right, side="left") if even else _on_side(tight, load().exercises.exercises[name], "left")
        found += (left, right)
    if progress is not None:
        progress(len(names), len(names))
    return ExerciseTable(body.person, short, position_of(tight, posture_by_name("standing"), "standing"), tuple(found))


def _on_side(body: Body, exercise: Exercise, side: Literal["left", "right"]) -> ComputedExercise:
    """One exercise with one side working; the poses are written for the right."""
    start, end = (_sided(posture_by_name(f"exercise:{exercise.id}:{step}"), side) for step in OWN_STEPS)
    at_end = furthest(body, start, end)
    positions = [position_of(body, start, "start"), at_end[1]]
    for step, posture in _variants(exercise, at_end[0], side):
        positions.append(position_of(body, posture, step))
    return ComputedExercise(exercise.id, exercise.name, exercise.group, side, tuple(positions))


def is_even(posture: Posture) -> bool:
    """Whether a posture is its own mirror image, so that either side works alike."""
    mirrored = posture.mirrored()
    return (dict(mirrored.angles_deg), sorted(groups_of(mirrored.support)), dict(mirrored.centre_of_pressure)) == (
        dict(posture.angles_deg), sorted(groups_of(posture.support)), dict(posture.centre_of_pressure),
    )  # fmt: skip


def _sided(posture: Posture, side: str) -> Posture:
    return posture if side == "right" else posture.mirrored()


def furthest(body: Body, start: Posture, end: Posture) -> tuple[Posture, Position]:
    """The end, or where it cannot be held, the furthest place on the straight way to it that can."""
    whole = position_of(body, end, "end")
    if whole.feasible:
        return end, whole
    best, low, high = (end, whole), 0.0, 1.0
    for _ in range(int(load_data("exercise_goals.yaml")["reach_halvings"])):
        middle = 0.5 * (low + high)
        between = _between(start, end, middle)
        found = position_of(body, between, "end")
        if found.feasible:
            low, best = middle, (between, replace(found, reach=middle))
        else:
            high = middle
    return best


def _between(start: Posture, end: Posture, share: float) -> Posture:
    names = {*start.angles_deg, *end.angles_deg}
    angles = {name: (1.0 - share) * start.angle(name) + share * end.angle(name) for name in sorted(names)}
    return end.with_angles(**angles)


def _variants(exercise: Exercise, end: Posture, side: str) -> list[tuple[str, Posture]]:
    """The end with and without the tuck, and with the knee straight where the registry has that."""
    found: list[tuple[str, Posture]] = []
    tuck = load_data("exercise_goals.yaml")["tuck"]
    if exercise.group in tuck["groups"]:
        own = exercise.pose.end.pelvic_tilt_deg if exercise.pose is not None else 0.0
        for step, tilt in (("tucked", float(tuck["pelvic_tilt_deg"])), ("untucked", 0.0)):
            try:
                found.append((step, tilted(end, tilt - own)))
            except PostureError:  # that hip or spine does not go there
                continue
    if exercise.variant_straight_knee is not None:
        leg = exercise.variant_straight_knee.end_work
        angles = {"hip_flexion": leg.hip_flexion_deg, "knee_flexion": leg.knee_flexion_deg}
        wanted = {f"{joint}_{side}": float(value) for joint, value in angles.items() if value is not None}
        found.append(("knee_straight", end.with_angles(**wanted)))
    return found


def tilted(posture: Posture, forward_deg: float) -> Posture:
    """The pelvis tilted within the posture: thighs and trunk stay in the room, hips and lumbar curve follow."""
    hips = {f"hip_flexion_{side}": posture.angle(f"hip_flexion_{side}") + forward_deg for side in SIDES}
    return posture.with_angles(
        pelvis_tilt=posture.angle("pelvis_tilt") + forward_deg,
        lumbar_flexion=posture.lumbar_flexion_deg - forward_deg,
        **hips,
    )


def sharing() -> Options:
    """How muscles share the work in exercises and activities; see ``data/exercise_goals.yaml``."""
    rule = load_data("exercise_goals.yaml")["recruitment"]
    return Options(power=int(rule["power"]), by_volume=bool(rule["by_volume"]))


def position_of(body: Body, posture: Posture, step: str) -> Position:
    """A posture solved and read as a position of an exercise; `body` carries its tight muscles already."""
    loads, told = solve_shared(body, posture)
    posed = body.pose(loads.posture)
    lengths = posed.lengths()
    muscles = posed.muscles
    rest = muscles.optimal_fibre_m * (1.0 + np.maximum(muscles.passive_start, 0.0))
    stretch = 100.0 * (muscles.fibre_lengths_m(lengths) / rest - 1.0)
    passive = muscles.passive_n(lengths)
    flexors = tuple(f"{flexor}_{side}" for flexor in load_data("exercise_goals.yaml")["flexors"] for side in SIDES)
    at = {name: muscles.members(name) for name in flexors}
    return Position(
        step=step,
        stretch_percent=_by_muscle(posed, stretch),
        fascicle_stretch_percent={muscles.names[i]: float(stretch[i]) for name in flexors for i in at[name]},
        passive_n={name: float(passive[at[name]].sum()) for name in flexors},
        flexor_moment_nm={side: _flexor_moment_nm(posed, passive, side, flexors) for side in SIDES},
        effort={name: one.activation for name, one in loads.muscles.items()},
        levels=_levels(loads),
        feasible=loads.feasible,
        reasons=(*loads.reasons, *told),
    )


def _by_muscle(body: Body, values: Array) -> dict[str, float]:
    """Strength-weighted mean of a fascicle array (M,) by public muscle."""
    names, member = membership(body.muscles.groups)
    strength = body.muscles.strength_n
    return dict(zip(names, ((member @ (strength * values)) / (member @ strength)).tolist(), strict=True))


def solve_shared(
    body: Body, posture: Posture, shorten: Mapping[str, float] | None = None
) -> tuple[Loads, tuple[str, ...]]:
    """A posture solved with :func:`sharing`, and what to say of it.

    Where rounding leaves the cubed problem without a proven answer, about once in some hundred positions, the squared
    one stands in and a sentence says so.
    """
    rule = sharing()
    try:
        return solve(body, posture, shorten=shorten, options=rule), ()
    except ConvergenceError:
        loads = solve(body, posture, shorten=shorten, options=replace(rule, power=2))
        return loads, ("Muscles share the work by squared activations here: the cubed problem had no proven answer.",)


def _flexor_moment_nm(posed: Body, passive: Array, side: str, flexors: tuple[str, ...]) -> float:
    at = np.concatenate([posed.muscles.members(name) for name in flexors if name.endswith(f"_{side}")])
    arms = posed.geometry.arms_m[index_of(f"hip_flexion_{side}")]
    return float(arms[at] @ passive[at])


def _levels(loads: Loads) -> dict[str, LevelForce]:
    return {name: LevelForce(one.compression_n, one.shear_n) for name, one in loads.levels.items()}
