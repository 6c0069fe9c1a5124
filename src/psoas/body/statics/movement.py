"""Many postures of one body at once: pose, moment arms, recruitment and the load at every level.

The same answers as :func:`psoas.body.statics.loads.solve`, one posture at a time, from the same parts; what differs is
that everything but the bones' places is worked out for all frames together. A movement is a run of configurations that
share what carries the person and how the arms are held; members may also share a frame and differ in their muscles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psoas.body._data import load_data
from psoas.body.anatomy.registration import LEVELS, upper_bone
from psoas.body.kinematics.coordinates import COORDINATES, INDEX, coordinate_vector, range_of, to_edge_units
from psoas.body.kinematics.posture import SIDES, Posture, PostureError
from psoas.body.kinematics.postures import posture as posture_by_name
from psoas.body.kinematics.sections import Array
from psoas.body.recruitment.solver import recruit_batch
from psoas.body.statics._movement_kernel import cut_sections, fill_balance
from psoas.body.statics.arms import Build, arms_of, grip_point
from psoas.body.statics.loads import LEVEL_NAMES, RESERVE_NM, check_load, costs_of, effort_of
from psoas.body.statics.mechanics import Mechanics
from psoas.body.statics.options import Options, abdominal_forces, tone_of
from psoas.body.statics.placing import Placed, place_frames
from psoas.body.statics.stance import take_stance
from psoas.body.statics.support import Contact, can_hold, contacts
from psoas.body.statics.tissue import Tissue
from psoas.body.subject.model import Body

CHUNK = 128  # frames worked on together: their tables stay in the processor's cache


@dataclass(frozen=True)
class Movement:
    """A run of configurations, ready over their supports.

    Attributes:
        q: (frames, J) radians and metres, in the order of ``COORDINATES``.
        gravity: (frames, 3) m/s2, less the acceleration of the whole body.
        posture: what carries the person, the arms, and what is held; its joint angles are not read.
        hold_kg, hold_distance_m: mass in the hands, as in :func:`psoas.body.statics.loads.solve`.
    """

    q: Array
    gravity: Array
    posture: Posture
    hold_kg: float
    hold_distance_m: float | None

    def __len__(self) -> int:
        return len(self.q)


@dataclass(frozen=True)
class MovementLoads:
    """Loads of every member; L levels in the order of `levels`, M fascicles.

    Attributes:
        compression_n, shear_n, lateral_shear_n: (members, L), signs as in ``LevelLoad``.
        hips_n: (members, 2) resultant on the left and right femoral head.
        activation, force_n, passive_n: (members, M).
        effort: (members,) as in ``Loads``.
        residual_nm, reserves_nm: (members,) largest left unbalanced (rounding), largest that nobody could give.
        feasible: (members,) muscles and supports alone hold the posture.
        reason: one sentence a member, empty when feasible. A member without an answer has NaN in its arrays.
    """

    levels: tuple[str, ...]
    compression_n: Array
    shear_n: Array
    lateral_shear_n: Array
    hips_n: Array
    activation: Array
    force_n: Array
    passive_n: Array
    effort: Array
    residual_nm: Array
    reserves_nm: Array
    feasible: NDArray[np.bool_]
    reason: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.reason)


def movement_through(
    body: Body,
    postures: Sequence[str | Posture],
    *,
    hold_kg: float | None = None,
    hold_distance_m: float | None = None,
    frames: int | None = None,
) -> Movement:
    """The movement through some postures, each placed over its supports.

    Args:
        body: the person's body.
        postures: names or postures that share supports, friction and the arms' angles.
        hold_kg, hold_distance_m: as in :func:`psoas.body.statics.loads.solve`.
        frames: spread this many evenly over the run, linearly between the postures; None keeps the postures alone.

    Returns:
        The frames: joint coordinates (F, J) in radians and metres, with the supports and the load that they share.

    Raises:
        PostureError: postures that do not share their supports, and what :func:`.loads.solve` refuses.
    """
    asked = [posture_by_name(item) if isinstance(item, str) else item for item in postures]
    if not asked:
        raise PostureError("postures is empty; expected at least one.")
    first = asked[0]
    held = first.hold_kg if hold_kg is None else float(hold_kg)
    distance = first.hold_distance_m if hold_distance_m is None else float(hold_distance_m)
    check_load(held, distance)
    for other in asked[1:]:
        if _carried_by(other) != _carried_by(first):
            raise PostureError(
                f"{other.name} and {first.name} differ in supports, friction or arms; solve them as two movements."
            )
    mechanics = Mechanics(body.kinematics)
    build = Build(body.person.height_m, mechanics.mass_of("arms") / 2)
    stances = [take_stance(mechanics, build, item, held, distance) for item in asked]
    q = np.array([coordinate_vector(stance.posture.joints_deg) for stance in stances])
    gravity = np.array([stance.gravity for stance in stances])
    if frames is not None and len(q) > 1:
        at, knots = np.linspace(0.0, len(q) - 1.0, frames), np.arange(len(q))
        q = np.stack([np.interp(at, knots, column) for column in q.T], axis=1)
        gravity = np.stack([np.interp(at, knots, column) for column in gravity.T], axis=1)
    return Movement(q, gravity, first, held, distance)


def _carried_by(posture: Posture) -> tuple[object, ...]:
    arms = tuple(posture.angle(f"{joint}_{side}") for joint in ("shoulder_flexion", "elbow_flexion") for side in SIDES)
    return posture.support, posture.friction, posture.lies, arms


def solve_movement(
    body: Body,
    movement: Movement,
    *,
    shorten: Mapping[str, float] | None = None,
    stiffen: Mapping[str, float] | None = None,
    options: Options | None = None,
    threads: int = 1,
) -> MovementLoads:
    """Muscle forces and loads of every frame of a movement. Options as in :func:`psoas.body.statics.loads.solve`.

    Args:
        body: the person's body, the one that the movement was made for.
        movement: of :func:`movement_through`.
        shorten: percent by which slack length is shorter, by muscle.
        stiffen: percent by which passive force is greater, by muscle.
        options: co-contraction, abdominal pressure, power of the cost.
        threads: how many to use.

    Returns:
        Arrays with one entry per frame: compression and shear (F, levels), muscle forces (F, M), newtons. A frame that
        has no answer holds NaN and a reason.

    Raises:
        PostureError: an angle outside its joint's range, in any frame; nothing is ever clipped.
        ValueError: unknown muscle.
    """
    _check_ranges(movement.q)
    tissue = Tissue(body, shorten or {}, stiffen or {})
    parts = []
    for begin in range(0, len(movement), CHUNK):
        part = replace(movement, q=movement.q[begin : begin + CHUNK], gravity=movement.gravity[begin : begin + CHUNK])
        placed = place_frames(body.kinematics, part.q)
        parts.append(solve_members(body, part, placed, [tissue], options or Options(), threads))
    if not parts:
        raise PostureError("the movement holds no frames; expected at least one.")
    return joined(parts)


def _check_ranges(q: Array) -> None:
    low, high = np.array([range_of(name) for name in COORDINATES]).T
    values = to_edge_units(q)
    outside = ~((values >= low - 1e-9) & (values <= high + 1e-9))
    if outside.any():
        frame, at = np.argwhere(outside)[0]
        raise PostureError(
            f"{COORDINATES[at]} is {values[frame, at]:g} in frame {frame}; expected {low[at]:g} to {high[at]:g}."
        )


def joined(parts: Sequence[MovementLoads]) -> MovementLoads:
    """Members of several results, one after the other."""
    table: dict[str, Any] = {}
    for field in fields(MovementLoads):
        values = [getattr(part, field.name) for part in parts]
        if field.name == "levels":
            table[field.name] = values[0]
        elif field.name == "reason":
            table[field.name] = tuple(reason for value in values for reason in value)
        else:
            table[field.name] = np.concatenate(values)
    return MovementLoads(**table)


def solve_members(
    body: Body, movement: Movement, placed: Placed, tissues: Sequence[Tissue], options: Options, threads: int = 1
) -> MovementLoads:
    """Every frame with every tissue, tissues outermost; for callers that keep `placed` over several calls."""
    frames = len(movement)
    frame_of = np.tile(np.arange(frames), len(tissues))
    problem = _Problem(body, movement, placed, options)
    forces = [tissue.muscle_forces(placed.lengths_m) for tissue in tissues]
    gain, passive = (np.concatenate([pair[side] for pair in forces]) for side in (0, 1))
    lying = float(load_data("recruitment.yaml")["lying_compression_n"]["value"]) if movement.posture.lies else None
    known = np.concatenate([tissue.joint_torque(movement.q, lying) for tissue in tissues])
    gives = np.concatenate([tissue.lumbar_give(movement.q, lying) for tissue in tissues])
    matrix = problem.matrix(gain, passive, gives, frame_of, known)
    muscles = gain.shape[1]
    weights, lower = costs_of(body, len(problem.bones), gives.shape[2], options)
    lower[:muscles] = tone_of(body, movement.posture, options)
    answer = recruit_batch(
        matrix,
        -known,
        power=options.power,
        weights=weights,
        lower=lower,
        reserve_nm=RESERVE_NM,
        threads=threads,
        movement=True,
    )
    activation = answer.activation[:, :muscles]
    force = activation * gain + passive
    pushes = answer.activation[:, muscles : muscles + len(problem.bones)] * problem.full_n
    sections = problem.sections(force, pushes, frame_of)
    levels = np.einsum("mlij,mlj->mli", placed.level_frames[frame_of], sections[:, : len(LEVELS)])
    holds, why = problem.standing()
    shortest = np.abs(np.nan_to_num(answer.reserve_nm)).max(axis=1, initial=0.0)
    return MovementLoads(
        levels=tuple(LEVEL_NAMES[level] for level in LEVELS),
        compression_n=-levels[:, :, 2],
        shear_n=levels[:, :, 0],
        lateral_shear_n=levels[:, :, 1],
        hips_n=np.linalg.norm(sections[:, len(LEVELS) :], axis=2),
        activation=activation,
        force_n=force,
        passive_n=passive,
        effort=effort_of(body, activation),
        residual_nm=np.abs(answer.residual_nm).max(axis=1, initial=0.0),
        reserves_nm=shortest,
        feasible=answer.feasible & holds[frame_of],
        reason=tuple(
            " ".join(part for part in (why[f], answer.reason[member]) if part) for member, f in enumerate(frame_of)
        ),
    )


class _Problem:
    """What acts on the body in every frame: contacts, weight, load and pressure, as arrays over frames."""

    def __init__(self, body: Body, movement: Movement, placed: Placed, options: Options) -> None:
        posture, gravity = movement.posture, movement.gravity
        self._placed, self._movement = placed, movement
        build = Build(body.person.height_m, placed.mass_of("arms") / 2)
        middle, axes = placed.place("arms")[0], placed.place("thorax")[1]
        grip = None
        if movement.hold_kg > 0:
            l5s1 = placed.level_positions_m[:, -1]
            grip = grip_point(build, posture, movement.hold_distance_m, l5s1, middle)
        arms = arms_of(build, posture, middle, axes, grip)
        self._contacts = contacts(posture, build, placed.place, arms)
        frames = len(movement)
        self.points = _stack([contact.point for contact in self._contacts], frames)
        self.directions = _stack([contact.direction for contact in self._contacts], frames)
        self.bones = np.array([placed.body_of(contact.bone) for contact in self._contacts], dtype=np.int64)
        self.against = np.array(
            [placed.body_of(contact.against) if contact.against else 0 for contact in self._contacts], dtype=np.int64
        )
        self.full_n = float(load_data("contacts.yaml")["full_effort_n"])

        known: list[tuple[str, Array, Array]] = []
        moved: Array = np.zeros((frames, 3))
        for side in SIDES:
            weight = build.arm_mass_kg * gravity
            known += [("thorax", arms[side].centre, weight), ("thorax", middle, -weight)]
            moved = moved + build.arm_mass_kg * (arms[side].centre - middle)
        mass = float(placed.masses_kg.sum())
        centre = np.asarray(placed.centres_m.transpose(0, 2, 1) @ placed.masses_kg / mass)
        self._weight, self._centre = mass * gravity, centre + moved / mass
        if grip is not None:
            held = movement.hold_kg
            known.append(("thorax", grip, held * gravity))
            self._weight = self._weight + held * gravity
            self._centre = (mass * centre + moved + held * grip) / (mass + held)
        for force in abdominal_forces(placed.level_positions_m, placed.place, options):
            known.append((force.bone, force.point, force.force))
        self._known_bones = np.array([placed.body_of(bone) for bone, _, _ in known], dtype=np.int64)
        self._known_points = _stack([point for _, point, _ in known], frames)
        self._known_forces = _stack([force for _, _, force in known], frames)

    def matrix(self, gain: Array, passive: Array, give: Array, frame_of: NDArray[np.int64], known: Array) -> Array:
        """(members, J, muscles + contacts + gives); adds what is given to `known` (members, J)."""
        placed, (members, muscles), gives = self._placed, gain.shape, give.shape[2]
        size = muscles + len(self.bones) + 2 * gives
        matrix = np.zeros((members, len(COORDINATES), size))
        rows = [INDEX[name] for name in COORDINATES if name.startswith("lumbar_")]
        columns = muscles + len(self.bones) + np.arange(gives)
        matrix[:, rows, columns], matrix[:, rows, columns + gives] = give[:, 0], give[:, 1]
        heavy = np.flatnonzero(placed.masses_kg)
        weights = placed.masses_kg[heavy, None] * self._movement.gravity[:, None, :]
        fill_balance(
            placed.arms_m, gain, passive, placed.axes, placed.root_m, placed.slope, placed.first_source,
            placed.sources, placed.reach, self.points, self.directions, self.bones, self.against, self.full_n,
            np.concatenate([self._known_points, placed.centres_m[:, heavy]], axis=1),
            np.concatenate([self._known_forces, weights], axis=1), np.concatenate([self._known_bones, heavy]),
            frame_of, matrix, known,
        )  # fmt: skip
        return matrix

    def sections(self, force: Array, pushes: Array, frame_of: NDArray[np.int64]) -> Array:
        """(members, levels + 2 hips, 3) everything but the joint on the part above, world axes, N."""
        placed = self._placed
        roots = [*(upper_bone(level) for level in LEVELS), *(f"femur_{side}" for side in SIDES)]
        parts = np.array([placed.part(root) for root in roots], dtype=float)  # (sections, bodies)
        given = (parts @ placed.masses_kg)[None, :, None] * self._movement.gravity[:, None, :]
        given = given + np.einsum("sk,fki->fsi", parts[:, self._known_bones], self._known_forces)
        sign = parts[:, self.bones] - parts[:, self.against]
        out = given[frame_of] + np.einsum("sk,mk,mki->msi", sign, pushes, self.directions[frame_of])
        cut_sections(placed.pull, force, frame_of, out)
        return np.asarray(out)

    def standing(self) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
        """Whether the supports can hold the body at all, frame by frame, and why not."""
        world = np.flatnonzero(self.against == 0)
        frames = len(self._movement)
        if len(world):
            points, directions = self.points[:, world], self.directions[:, world]
            wrench = np.concatenate([directions, np.cross(points - self._centre[:, None], directions)], axis=2)
            size = np.linalg.norm(self._weight, axis=1)
            matrix = 2.0 * size[:, None, None] * wrench.transpose(0, 2, 1)
            wanted = np.concatenate([-self._weight, np.zeros((frames, 3))], axis=1)
            holds = recruit_batch(matrix, wanted, threads=1).feasible
        else:
            holds = np.zeros(frames, dtype=bool)
        return holds, tuple("" if good else self._why(f) for f, good in enumerate(holds))

    def _why(self, frame: int) -> str:
        pushes = tuple(self._contacts_of(frame))
        posture = self._movement.posture
        return can_hold(pushes, self._weight[frame], self._centre[frame], posture).reason

    def _contacts_of(self, frame: int) -> Iterator[Contact]:
        for k, contact in enumerate(self._contacts):
            yield replace(contact, point=self.points[frame, k], direction=self.directions[frame, k])


def _stack(rows: Sequence[Array], frames: int) -> Array:
    """(frames, rows, 3) from rows of (3,) or (frames, 3)."""
    if not rows:
        return np.zeros((frames, 0, 3))
    return np.ascontiguousarray(np.stack([np.broadcast_to(row, (frames, 3)) for row in rows], axis=1))
