"""Exercises: how each is done and posed, its dose, and what stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from psoas.knowledge.packs.entry import Cited, Entry, Interval, ReadIn, Source, entry


@entry
class LegPose(Entry):
    """Angles of one leg in degrees; signs as in the pack's `angle_conventions`. None: not part of the pose."""

    hip_flexion_deg: float | None = None
    knee_flexion_deg: float | None = None
    hip_abduction_deg: float | None = None
    hip_external_rotation_deg: float | None = None
    ankle_dorsiflexion_deg: float | None = None


@entry
class Posture(Entry):
    """The whole body at one end of a movement, in degrees; `work` is the side stretched or trained."""

    trunk_pitch_deg: float | None = None
    trunk_roll_deg: float | None = None
    pelvic_tilt_deg: float
    lumbar_flexion_deg: float
    lumbar_lateral_bend_deg: float | None = None
    thoracic_flexion_deg: float | None = None
    shoulder_flexion_deg: float | None = None
    other_arm_shoulder_flexion_deg: float | None = None
    work: LegPose
    other: LegPose


@entry
class Pose(Entry):
    """Start and end of an exercise, and where each angle comes from."""

    start: Posture
    end: Posture
    angle_basis: Mapping[str, Literal["published", "geometry", "target"]]
    pose_note: str | None = None


@entry
class PoseVariant(Entry):
    """A change of the end posture for the working leg."""

    end_work: LegPose


@entry
class ExerciseLoad(Entry):
    """A load of the exercise: a row of `load_table`, or a finding with its own source."""

    row: str | None = None
    finding: str | None = None
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...] = ()


@entry
class ExerciseEvidence(Cited):
    """What a study found for an exercise."""

    finding: str


@entry
class Exercise(Entry):
    """One exercise with its dose. `reps` of three numbers falls from set to set. A programme has no pose of its own."""

    id: str
    name: str
    purpose: str
    group: str
    directional_bias: Literal["neutral", "extension", "flexion", "lateral", "rotation"]
    steps: tuple[str, ...]
    pose: Pose | None = None
    variant_straight_knee: PoseVariant | None = None
    hold_s: float
    reps: int | tuple[int, ...]
    sets: int
    per_week: int
    weeks: int
    minutes_per_session: float | None = None
    dose_basis: Literal["trial", "guideline", "default"]
    dose_source: tuple[str, ...]
    dose_read_in: tuple[ReadIn, ...] = ()
    dose_via: tuple[str, ...] = ()
    dose_note: str | None = None
    progression: str
    regression: str
    stop_if: tuple[str, ...]
    target_muscles: tuple[str, ...]
    target_tissue: tuple[str, ...] = ()
    contraindications: tuple[str, ...]
    hip_replacement_note: str | None = None
    psoas_effect: str
    load: tuple[ExerciseLoad, ...]
    load_note: str | None = None
    evidence: tuple[ExerciseEvidence, ...]
    note: str | None = None


@entry
class DoseRule(Cited):
    """A general rule for the dose of one kind of exercise."""

    rule: str
    via: tuple[str, ...] = ()


@entry
class LoadRow(Cited):
    """Compression of the lumbar spine in newtons during a task."""

    id: str
    task: str
    compression_n: float
    conflict: str | None = None
    via: tuple[str, ...] = ()


@entry
class PsoasEmgRow(Cited):
    """Activity of the psoas during a task, percent of a maximal contraction (from, to)."""

    id: str
    task: str
    pct_mvc: Interval | None
    note: str | None = None


@entry
class LoadTable(Entry):
    """What exercises load the spine and the psoas with."""

    note: str
    see_also: str
    rows: Mapping[str, LoadRow]
    psoas_emg: Mapping[str, PsoasEmgRow]


@entry
class ExercisesMeta(Entry):
    """Conventions that the exercises are written in, and what stops every exercise."""

    title: str
    version: int
    angle_conventions: Mapping[str, str]
    sides: str
    angle_basis: Mapping[str, str]
    dose_basis: Mapping[str, str]
    global_stop_if: tuple[str, ...]
    dose_rules: Mapping[str, tuple[DoseRule, ...]] = field(default_factory=dict)
    load_table: LoadTable


@entry
class AvoidEarly(Entry):
    """A popular exercise that is left out at first, and the rows of `load_table` that say why."""

    id: str
    name: str
    reason: str
    rows: tuple[str, ...]


@entry
class ExercisePack(Entry):
    """`exercises.yaml`."""

    meta: ExercisesMeta
    exercises: Mapping[str, Exercise]
    avoid_early: Mapping[str, AvoidEarly]
    sources: Mapping[str, Source]
