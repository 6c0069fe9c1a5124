"""Muscle forces and joint loads of a measured movement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from psoas.body._data import load_data
from psoas.body.anatomy.muscles import Muscles
from psoas.body.anatomy.registration import LEVELS, upper_bone
from psoas.body.kinematics.coordinates import COORDINATES, INDEX, SLIDES
from psoas.body.kinematics.posture import SIDES, Posture
from psoas.body.kinematics.sections import Array
from psoas.body.motion.dynamics import Dynamics, Wrench, dynamics_of, given_by, section_given
from psoas.body.motion.frames import ankles_m, floor_of, on_the_floor, within_range
from psoas.body.motion.ground import forces_of, pushes_by_coordinate, soles
from psoas.body.motion.plates import under_feet
from psoas.body.motion.psoas import of_psoas
from psoas.body.motion.results import MotionLoads
from psoas.body.motion.smoothing import Smoothed, smooth
from psoas.body.motion.trial import Motion, Plate
from psoas.body.recruitment.solver import recruit_batch
from psoas.body.statics._movement_kernel import cut_sections
from psoas.body.statics.arms import Build
from psoas.body.statics.loads import LEVEL_NAMES, RESERVE_NM, costs_of, effort_of
from psoas.body.statics.movement import CHUNK
from psoas.body.statics.options import Options, tone_of
from psoas.body.statics.tissue import Tissue
from psoas.body.subject.model import Body

PELVIS = len(SLIDES) + 3  # rows of the pelvis in the room, first among the coordinates
_POSTURE = Posture("motion", {}, ("feet",))
_NO_SOLES = 0
_UNCOVERED = "The plates do not cover this frame."
_SPARE_NM = 1e-6  # rounding


def solve_motion(
    body: Body,
    motion: Motion,
    *,
    cut_off_hz: float | None = None,
    shorten: Mapping[str, float] | None = None,
    stiffen: Mapping[str, float] | None = None,
    options: Options | None = None,
    threads: int = 1,
) -> MotionLoads:
    """Inverse dynamics and muscle forces of every frame of a movement.

    With plates, joint moments come from the measured forces and what disagrees is left at the pelvis as the residual.
    Without, the soles push wherever they are near the floor, shared as costs least effort, and `ground_measured` is
    False.

    Args:
        body: the person's body.
        motion: of :func:`psoas.body.load_motion` or of markers.
        cut_off_hz: of the zero-lag low-pass on the coordinates; None takes 6 Hz, 0 none.
        shorten: percent by which slack length is shorter, by muscle.
        stiffen: percent by which passive force is greater, by muscle.
        options: power of the cost, co-contraction.
        threads: how many to use for the recruitment.

    Returns:
        Loads of every frame, newtons and newton metres. A frame without an answer holds NaN and a reason.

    Raises:
        MotionError: a cut-off too high for the rate, plates that are not under the feet.
        ValueError: unknown muscle.
    """
    asked = options or Options()
    tissue = Tissue(body, shorten or {}, stiffen or {})
    q = motion.q if motion.placed else on_the_floor(body, motion.time_s, motion.q)
    moving = smooth(motion.time_s, q, cut_off_hz)
    held, why, notes = within_range(motion.time_s, moving.q)
    if not motion.placed:
        notes.append("The pelvis's place is not known: the lower foot is taken to be on the floor, walking in place.")
    moving = replace(moving, q=held)
    plates, said = _under_feet(body, motion, held)
    if motion.plates:
        why = [one or ("" if inside else _UNCOVERED) for one, inside in zip(why, _covered(motion), strict=True)]
    good = np.flatnonzero([not reason for reason in why])
    floor_m = 0.0 if motion.plates or not len(good) else floor_of(body, held[good])
    muscles = body.muscles.shortened(dict(shorten or {}))
    solver = _Solver(body, tissue, muscles, asked, threads, bool(motion.plates), floor_m)
    parts = []
    for begin in range(0, len(good), CHUNK):
        rows = good[begin : begin + CHUNK]
        part = Smoothed(moving.q[rows], moving.speed[rows], moving.acceleration[rows])
        outside = tuple(Wrench(f"foot_{p.side}", p.force_n[rows], p.moment_nm[rows]) for p in plates)
        parts.append(solver.solve(part, outside))
    return _joined(body, motion, moving.q, good, why, parts, [*motion.notes, *notes, *said], bool(motion.plates))


def moments_of(body: Body, motion: Motion, *, cut_off_hz: float | None = None) -> tuple[Array, Array, Array]:
    """Inverse dynamics alone, of the frames that the plates cover: no muscle is asked and no range is looked at.

    Args:
        body: the person's body.
        motion: with plates.
        cut_off_hz: as in :func:`solve_motion`.

    Returns:
        Time (n,), net joint moments (n, J) in N.m and force on the left and the right foot (n, 2, 3) in N.
    """
    moving = smooth(motion.time_s, motion.q, cut_off_hz)
    rows = np.flatnonzero(_covered(motion))
    plates, _ = _under_feet(body, motion, moving.q)
    outside = tuple(Wrench(f"foot_{p.side}", p.force_n[rows], p.moment_nm[rows]) for p in plates)
    part = Smoothed(moving.q[rows], moving.speed[rows], moving.acceleration[rows])
    return motion.time_s[rows], dynamics_of(body.kinematics, part, outside).needed, _on_feet(outside, len(rows))


def _under_feet(body: Body, motion: Motion, q: Array) -> tuple[tuple[Plate, ...], list[str]]:
    """Plates with their foot; a few ankles are enough to tell left from right."""
    if not motion.plates:
        return (), ["No ground forces were given: they are estimated as what costs least effort."]
    covered = np.flatnonzero(_covered(motion))
    rows = covered[:: max(1, len(covered) // 25)]
    thin = tuple(replace(p, force_n=p.force_n[rows], moment_nm=p.moment_nm[rows]) for p in motion.plates)
    found, notes = under_feet(thin, ankles_m(body, q[rows]))
    whole = {plate.name: plate for plate in motion.plates}
    return tuple(replace(whole[plate.name], side=plate.side) for plate in found), notes


def _covered(motion: Motion) -> NDArray[np.bool_]:
    """(F,) frames for which every plate has a figure."""
    return np.asarray(np.all([np.isfinite(plate.force_n[:, 0]) for plate in motion.plates], axis=0))


@dataclass(frozen=True)
class _Part:
    """What one run of frames gives; names and shapes as in `MotionLoads`."""

    compression_n: Array
    shear_n: Array
    lateral_shear_n: Array
    hips_n: Array
    moments_nm: Array
    residual_n: Array
    residual_nm: Array
    ground_n: Array
    activation: Array
    force_n: Array
    passive_n: Array
    psoas_length_m: Array
    psoas_fibre_of_optimal: Array
    psoas_n: Array
    psoas_hip_nm: Array
    psoas_lumbar_nm: Array
    psoas_press_n: Array
    effort: Array
    reserves_nm: Array
    feasible: Array
    reason: tuple[str, ...]


class _Solver:
    """Solves runs of frames of one motion: the parts that do not change are made once."""

    def __init__(
        self,
        body: Body,
        tissue: Tissue,
        muscles: Muscles,
        options: Options,
        threads: int,
        measured: bool,
        floor_m: float,
    ) -> None:
        self._body, self._tissue, self._options, self._threads = body, tissue, options, threads
        self._measured, self._floor_m = measured, floor_m
        self._lumbar = np.array([INDEX[name] for name in COORDINATES if name.startswith("lumbar_")])
        self._tone = tone_of(body, _POSTURE, options)
        self._muscles = muscles
        self._full_n = float(load_data("contacts.yaml")["full_effort_n"])

    def solve(self, part: Smoothed, outside: tuple[Wrench, ...]) -> _Part:
        """Loads of a run of frames; without measured forces those of the ground are estimated first."""
        body = self._body
        dynamics = dynamics_of(body.kinematics, part, outside)
        placed = dynamics.placed
        gain, passive = self._tissue.muscle_forces(placed.lengths_m)
        first = PELVIS if self._measured else 0
        matrix, known = self._terms(part, dynamics, gain, passive, first)
        if not self._measured:
            outside = self._estimated(dynamics, gain, matrix, known)
            given = given_by(dynamics, outside)
            dynamics = replace(dynamics, needed=dynamics.needed - given)
            matrix, known = np.ascontiguousarray(matrix[:, PELVIS:]), (known + given)[:, PELVIS:]
        answer, reserve = self._recruited(matrix, known, _NO_SOLES)
        activation = answer[:, : gain.shape[1]]
        force = activation * gain + passive
        sections = self._sections(dynamics, force, outside)
        levels = np.einsum("fsij,fsj->fsi", placed.level_frames, sections[:, : len(LEVELS)])
        largest = np.abs(reserve).max(axis=1, initial=0.0)
        whole = np.isfinite(activation[:, 0])
        return _Part(
            compression_n=-levels[:, :, 2],
            shear_n=levels[:, :, 0],
            lateral_shear_n=levels[:, :, 1],
            hips_n=np.linalg.norm(sections[:, len(LEVELS) :], axis=2),
            moments_nm=dynamics.needed,
            residual_n=dynamics.needed[:, :3],
            residual_nm=dynamics.needed[:, 3:PELVIS],
            ground_n=_on_feet(outside, len(force)),
            activation=activation,
            force_n=force,
            passive_n=passive,
            effort=effort_of(body, activation),
            reserves_nm=largest,
            feasible=whole & (largest <= _SPARE_NM),
            reason=tuple(_reason(row, ok) for row, ok in zip(reserve, whole, strict=True)),
            **of_psoas(body, self._muscles, placed, force),
        )

    def _terms(
        self, part: Smoothed, dynamics: Dynamics, gain: Array, passive: Array, first: int
    ) -> tuple[Array, Array]:
        """Columns of the balance (F, J - first, muscles + gives) and what is given (F, J - first), from `first` on."""
        arms, muscles, frames = dynamics.placed.arms_m[:, first:], gain.shape[1], len(part.q)
        give = self._tissue.lumbar_give(part.q)
        gives = give.shape[2]
        matrix = np.zeros((frames, arms.shape[1], muscles + 2 * gives))
        np.multiply(arms, gain[:, None, :], out=matrix[:, :, :muscles])
        rows, columns = self._lumbar - first, muscles + np.arange(gives)
        matrix[:, rows, columns], matrix[:, rows, columns + gives] = give[:, 0], give[:, 1]
        known = (self._tissue.joint_torque(part.q) - dynamics.needed)[:, first:]
        return matrix, known + np.matmul(arms, passive[:, :, None])[:, :, 0]

    def _estimated(self, dynamics: Dynamics, gain: Array, matrix: Array, known: Array) -> tuple[Wrench, ...]:
        """Ground forces that let muscles and soles carry the movement at least effort, as if they had been measured."""
        placed = dynamics.placed
        found = soles(Build(self._body.person.height_m, placed.mass_of("arms") / 2), placed, self._floor_m)
        columns = self._full_n * pushes_by_coordinate(placed, found, len(COORDINATES))
        muscles = gain.shape[1]
        whole = np.concatenate([matrix[:, :, :muscles], columns, matrix[:, :, muscles:]], axis=2)
        answer, _ = self._recruited(whole, known, len(found.bones))
        pushes_n = np.nan_to_num(answer[:, muscles : muscles + len(found.bones)]) * self._full_n
        return tuple(Wrench(f"foot_{side}", *pair) for side, pair in forces_of(found, placed, pushes_n).items())

    def _recruited(self, matrix: Array, known: Array, soles: int) -> tuple[Array, Array]:
        """Efforts (F, columns) and what nobody gives (F, rows)."""
        gives = len(self._lumbar)
        weights, lower = costs_of(self._body, soles, gives, self._options)
        lower[: len(self._tone)] = self._tone
        answer = recruit_batch(
            matrix,
            -known,
            power=self._options.power,
            weights=weights,
            lower=lower,
            reserve_nm=RESERVE_NM,
            threads=self._threads,
            movement=True,
        )
        return answer.activation, np.nan_to_num(answer.reserve_nm)

    def _sections(self, dynamics: Dynamics, force: Array, outside: tuple[Wrench, ...]) -> Array:
        """(F, levels + 2 hips, 3) everything but the joint on the part above each level and on each leg, N."""
        roots = (*(upper_bone(level) for level in LEVELS), *(f"femur_{side}" for side in SIDES))
        out = section_given(dynamics, roots, outside)
        cut_sections(dynamics.placed.pull, force, np.arange(len(force)), out)
        return out


def _on_feet(outside: tuple[Wrench, ...], frames: int) -> Array:
    """(F, 2, 3) force on the left and the right foot, N."""
    out = np.zeros((frames, len(SIDES), 3))
    for wrench in outside:
        out[:, SIDES.index(wrench.bone.removeprefix("foot_"))] += wrench.force_n
    return out


def _reason(reserve_nm: Array, solved: bool) -> str:
    """Why a frame is not held by muscles alone; empty when it is."""
    if not solved:
        return "The recruitment found no answer that passes its checks."
    at = int(np.argmax(np.abs(reserve_nm)))
    short = abs(float(reserve_nm[at]))
    return f"{COORDINATES[PELVIS + at]} is {short:.1f} N.m short of what muscles can give." if short > _SPARE_NM else ""


def _joined(
    body: Body,
    motion: Motion,
    q: Array,
    good: NDArray[np.int64],
    why: list[str],
    parts: list[_Part],
    notes: list[str],
    measured: bool,
) -> MotionLoads:
    """All frames in their order; those that could not be taken hold NaN."""
    frames, levels, count = len(motion), len(LEVELS), len(body.muscles.names)
    widths: dict[str, tuple[int, ...]] = {
        **dict.fromkeys(("compression_n", "shear_n", "lateral_shear_n", "psoas_lumbar_nm", "psoas_press_n"), (levels,)),
        **dict.fromkeys(("hips_n", "psoas_length_m", "psoas_fibre_of_optimal", "psoas_n", "psoas_hip_nm"), (2,)),
        **dict.fromkeys(("activation", "force_n", "passive_n"), (count,)),
        **dict.fromkeys(("residual_n", "residual_nm"), (3,)),
        "moments_nm": (len(COORDINATES),),
        "ground_n": (2, 3),
        "effort": (),
        "reserves_nm": (),
    }
    table: dict[str, Array] = {}
    for name, width in widths.items():
        table[name] = np.full((frames, *width), np.nan)
        if parts:
            table[name][good] = np.concatenate([getattr(part, name) for part in parts])
    feasible = np.zeros(frames, dtype=bool)
    if parts:
        feasible[good] = np.concatenate([part.feasible for part in parts])
    for row, sentence in zip(good, [reason for part in parts for reason in part.reason], strict=True):
        why[row] = sentence
    return MotionLoads(
        name=motion.name,
        time_s=motion.time_s,
        levels=tuple(LEVEL_NAMES[level] for level in LEVELS),
        q=q,
        ground_measured=measured,
        feasible=feasible,
        reason=tuple(why),
        muscles=body.muscles.names,
        groups=body.muscles.groups,
        notes=tuple(notes),
        **table,
    )
