"""Tests of the length of the hip flexors: how they are done, how good they are, norms, and the link with back pain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from psoas.knowledge.packs.entry import Cited, Entry, Interval, Source, entry
from psoas.knowledge.packs.treatment.care import Certainty

Flexor = Literal["iliacus_psoas", "rectus_femoris", "tensor_fasciae_latae", "sartorius"]


@entry
class FlexorTest(Entry):
    """How a test is done and which flexors it reads."""

    id: str
    name: str
    steps: str
    must_control: str | None = None
    reads: tuple[Flexor, ...]


@entry
class FlexorSign(Entry):
    """How one flexor shows in the modified Thomas test; effects are changes of its length in centimetres."""

    sign: str
    mimics: str
    knee_effect_cm: float | None = None
    knee_0_to_90_effect_cm: float | None = None
    abduction_10_effect_cm: float


@entry
class FlexorSigns(Cited):
    """The signs of every flexor, and the order in which to tell them apart."""

    note: str
    muscles: Mapping[Flexor, FlexorSign]
    decision_steps: tuple[str, ...]


@entry
class TestValidity(Cited):
    """Does a test measure what it says."""

    id: str
    test: str
    target: str | None = None
    condition: str | None = None
    fact: str | None = None
    sensitivity: float | None = None
    sensitivity_ci: Interval | None = None
    specificity: float | None = None
    specificity_ci: Interval | None = None
    lr_positive: float | None = None
    lr_negative: float | None = None
    correlation_with_hip_extension: float | None = None
    note: str | None = None


@entry
class TestReliability(Cited):
    """Does a test give the same figure twice; `sem_deg` and `mdc95_deg` are in degrees."""

    id: str
    test: str | None = None
    measure: str | None = None
    fact: str | None = None
    icc: float | Interval | None = None
    icc_ci: Interval | None = None
    icc_min: float | None = None
    between_instruments_icc: Interval | None = None
    kappa: float | Interval | None = None
    sem_deg: float | None = None
    sem_range_deg: Interval | None = None
    mdc95_deg: float | None = None
    method_error_deg: float | None = None
    note: str | None = None


@entry
class TestNorm(Cited):
    """What a group of people measures in a test, in degrees unless `measure` says otherwise."""

    id: str
    test: str
    measure: str
    group: str | None = None
    mean: float | None = None
    sd: float | None = None
    n: int | None = None
    value: float | None = None
    tight_above: float | None = None
    normal_below: float | None = None
    hip_short_above_deg: float | None = None
    knee_short_below_deg: float | None = None
    abduction_reference_deg: float | None = None
    percent: float | None = None
    fact: str | None = None
    note: str | None = None


@entry
class StatedFact(Cited):
    """A fact in words."""

    id: str
    fact: str
    note: str | None = None


@entry
class SuggestedRatio(Entry):
    """The likelihood ratio to use; None: no study gives one."""

    value: float | None
    note: str


@entry
class BackPainLink(Entry):
    """Studies on short hip flexors and back pain, for, against and beside; `reading` sums them up."""

    positive: Mapping[str, StatedFact]
    null: Mapping[str, StatedFact]
    neighbours: Mapping[str, StatedFact]
    reading: str
    suggested_likelihood_ratio: SuggestedRatio


@entry
class Trial(Cited):
    """A trial of treating the hip flexors."""

    id: str
    what: str
    n: int | None = None
    result: str
    effect: str
    certainty: Certainty
    note: str | None = None


@entry
class HipFlexorTestPack(Entry):
    """`hip_flexor_tests.yaml`."""

    schema_version: int
    topic: str
    sign_conventions: Mapping[str, str]
    sources: Mapping[str, Source]
    tests: Mapping[str, FlexorTest]
    how_each_flexor_shows: FlexorSigns
    validity: Mapping[str, TestValidity]
    reliability: Mapping[str, TestReliability]
    reading_of_reliability: str
    norms: Mapping[str, TestNorm]
    norms_reading: str
    measurement_technology: Mapping[str, StatedFact]
    association_with_low_back_pain: BackPainLink
    trials: Mapping[str, Trial]
    design_facts: tuple[str, ...]
    not_found: tuple[str, ...]
