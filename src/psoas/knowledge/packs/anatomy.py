"""The psoas and its neighbours in figures: what the body model is built from and checked on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from psoas.knowledge.packs.entry import Cited, Entry, Interval, Source, entry


@entry
class AnatomyFact(Cited):
    """A fact in words."""

    fact: str
    note: str | None = None


@entry
class NamedFact(Cited):
    """A fact in words with an id."""

    id: str
    fact: str
    note: str | None = None


@entry
class PsoasMinorShare(Cited):
    """Share of bodies with a psoas minor, percent."""

    population: str
    value: float
    n: int | None = None


@entry
class PsoasMinor(Entry):
    """The inconstant psoas minor."""

    note: str
    prevalence_percent: tuple[PsoasMinorShare, ...]


@entry
class SpecificTension(Cited):
    """Force per cross-section, newtons per square centimetre."""

    value: float


@entry
class Fascicle(Cited):
    """One fascicle of the psoas of one side: cross-section in mm^2, force in N, length to the brim in mm."""

    id: str
    origin: str
    pcsa_mm2: float
    model_file_fmax_n: float
    length_to_brim_mm: float


@entry
class FascicleTotals(Entry):
    """Sums of the fascicles of one side."""

    pcsa_cm2: float
    force_at_46_n_per_cm2_n: float
    model_file_fmax_n: float
    note: str


@entry
class FascicleFile(Cited):
    """Parameters of one fascicle in the original model file."""

    fmax_n: float
    optimal_fibre_length_cm: float
    tendon_slack_length_cm: float
    pennation_deg: float


@entry
class Fascicles(Entry):
    """The eleven fascicles. `list_` is `list` in the pack."""

    note: str
    specific_tension_n_per_cm2: SpecificTension
    list_: Mapping[str, Fascicle]
    totals_per_side: FascicleTotals
    l1_body_fascicle_original_file: FascicleFile


@entry
class MeanSd(Entry):
    """A mean and its standard deviation between people."""

    mean: float
    sd: float | None = None


@entry
class Architecture(Cited):
    """Measured architecture of a muscle."""

    muscle: str
    fibre_length_cm: MeanSd
    mass_g: MeanSd | None = None
    pcsa_cm2: MeanSd | None = None
    pennation_deg: MeanSd | None = None
    note: str | None = None


@entry
class ModelStrength(Cited):
    """Strength parameters of a muscle by published model."""

    muscle: str
    fmax_n: Mapping[str, float]
    optimal_fibre_length_cm: Mapping[str, float]
    tendon_slack_length_cm: Mapping[str, float]
    pennation_deg: Mapping[str, float]


@entry
class HipCurves(Cited):
    """A quantity of each hip flexor over the hip angle, by published model. Columns follow `hip_angle_deg`."""

    posture: str
    unit: str
    hip_angle_deg: tuple[float, ...]
    rajagopal: Mapping[str, tuple[float, ...]]
    gait2392: Mapping[str, tuple[float, ...]]
    cadaver_shape_check: tuple[AnatomyFact, ...] = ()
    effect_of_other_joints_rajagopal_cm: Mapping[str, Mapping[str, float]] | None = None


@entry
class EmgShare(Cited):
    """Activity of the psoas in a task, percent of a maximal contraction, in the words of the source."""

    task: str
    value: str


@entry
class AreaNorm(Cited):
    """Cross-section of the psoas, or a related fact, in one group."""

    group: str
    level: str | None = None
    side: Literal["one", "both"] | None = None
    csa_cm2: float | None = None
    lower_reference_limit_cm2: float | None = None
    index_cm2_per_m2: MeanSd | None = None
    fat_fraction_percent: MeanSd | None = None
    fact: str | None = None
    note: str | None = None


@entry
class BackPainMorphology(Entry):
    """Whether the psoas of people with back pain looks different; the last one sums up (`reading`)."""

    finding: Literal["positive", "null", "mixed"] | None = None
    fact: str | None = None
    reading: str | None = None
    source: tuple[str, ...] = ()
    read_in: tuple[str, ...] = ()


@entry
class HipRange(Cited):
    """Passive range of the healthy hip by age and sex, degrees, with 95 % intervals of the mean."""

    age: str
    sex: Literal["F", "M"]
    extension: float
    extension_ci: Interval
    flexion: float
    flexion_ci: Interval


@entry
class HipRanges(Entry):
    """The table of hip ranges."""

    note: str
    rows: tuple[HipRange, ...]


@entry
class PassiveHipMoment(Cited):
    """Passive moment about the hip, N.m, as an equation and tabled by hip angle."""

    equation: str
    values_knee_0_nm: Mapping[str, float]
    values_knee_90_nm: Mapping[str, float]
    caution: str
    related: tuple[AnatomyFact, ...]


@entry
class ValidationTarget(Cited):
    """A published figure that the body model must meet; `range` is the band that counts as met."""

    id: str
    what: str
    posture: str
    value: float | str
    range: Interval | None = None
    unit: str
    kind: Literal["measured", "published_model", "derived"]
    note: str | None = None


@entry
class PsoasAnatomyPack(Entry):
    """`psoas_anatomy.yaml`."""

    schema_version: int
    topic: str
    sign_conventions: Mapping[str, str]
    sources: Mapping[str, Source]
    attachments: Mapping[str, NamedFact]
    psoas_minor: PsoasMinor
    fibre_type: tuple[AnatomyFact, ...]
    fascicles: Fascicles
    architecture: tuple[Architecture, ...]
    model_strength_parameters: tuple[ModelStrength, ...]
    sarcomere: tuple[AnatomyFact, ...]
    hip_moment_arm_curves: HipCurves
    musculotendon_length_curves: HipCurves
    lumbar_action: Mapping[str, NamedFact]
    emg_percent_mvc: tuple[EmgShare, ...]
    emg_facts: tuple[AnatomyFact, ...]
    csa_norms: tuple[AreaNorm, ...]
    lbp_morphology: tuple[BackPainMorphology, ...]
    hip_rom_deg: HipRanges
    passive_hip_moment: PassiveHipMoment
    model_pitfalls: Mapping[str, NamedFact]
    validation_targets: Mapping[str, ValidationTarget]
    note_on_ranges: str
    not_found: tuple[str, ...]
