"""Measures of how someone is doing, what change of each matters, and which may be shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from psoas.knowledge.packs.entry import Cited, Entry, Interval, ReadIn, Source, entry

Better = Literal["lower", "higher"]


@entry
class Reading(Entry):
    """A figure, range or sentence about a measure, with what it is and where it was read."""

    what: str | None = None
    is_mdc95: bool = False
    text: str | None = None
    value: float | Interval | None = None
    value_range: Interval | None = None
    value_mean: float | None = None
    value_single: float | None = None
    rounded_for_use: float | None = None
    mic: float | None = None
    mic_percent: float | None = None
    mdc95: float | None = None
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...] = ()
    note: str | None = None


@entry
class Licence(Entry):
    """Whether we may ship the measure."""

    status: str
    ship: bool | Literal["optional_plugin"]
    note: str | None = None
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...] = ()


@entry
class LoincCode(Cited):
    """Codes of the measure in LOINC."""

    code: str | None = None
    display: str | None = None
    also: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@entry
class LoincFallback(Cited):
    """Generic LOINC codes for a measure that has none."""

    panel: str
    name_code: str
    score_code: str
    interpretation_code: str


@entry
class IndexRange(Cited):
    """The ends of an index under one value set."""

    min: float
    max: float
    value_set: str


@entry
class PerformanceTest(Cited):
    """A physical test, and the change in it that matters."""

    id: str
    unit: str
    improves_when: Better
    mcid: float | None = None
    mcid_range: Interval | None = None
    mcid_lower_limb: float | None = None
    mcid_neck_back: float | None = None
    quality: str | None = None


@entry
class Measure(Entry):
    """One outcome measure. `mic` is the smallest change people call important, `mdc` the smallest beyond noise."""

    id: str
    name: str
    domain: str
    unit: str | None = None
    scale: str | None = None
    min: float | None = None
    max: float | None = None
    step: float | None = None
    mean: float | None = None
    sd: float | None = None
    items: int | None = None
    improves_when: Better | None = None
    scoring_rule: str | None = None
    recall_period: str | None = None
    mic: Reading | None = None
    mic_percent: Reading | None = None
    mdc: Reading | None = None
    mdc_individual_range: Reading | None = None
    mdc_group_range: Reading | None = None
    icc_range: Reading | None = None
    other_thresholds: tuple[Reading, ...] = ()
    comparator_thresholds: tuple[Reading, ...] = ()
    recovered_cutoff: Reading | None = None
    high_level_cutoff: Reading | None = None
    change_linked_to_meaningful_pain_relief: Reading | None = None
    responsiveness: Reading | None = None
    caution: Reading | None = None
    core_set: Reading | None = None
    effect_of_use: Reading | None = None
    example: Reading | None = None
    index_range_example: IndexRange | None = None
    risk_bands: Mapping[Literal["low", "medium", "high"], str] = field(default_factory=dict)
    limits: str | None = None
    population: str | None = None
    own_substitute: str | None = None
    instances: tuple[str, ...] = ()
    tests: Mapping[str, PerformanceTest] = field(default_factory=dict)
    time_to_complete_s: float | None = None
    licence: Licence
    accept_as_import: Literal["score_only"] | None = None
    loinc: LoincCode | None = None
    loinc_fallback: LoincFallback | None = None
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...] = ()
    note: str | None = None


@entry
class OutcomeRule(Cited):
    """A rule that holds for every measure, with its figures where it has some."""

    id: str
    text: str
    value_fraction: float | None = None
    nrs_recovered_max: float | None = None
    rmdq_recovered_max: float | None = None
    dor_nrs_0: float | None = None
    dor_rmdq_le_2: float | None = None
    improvement_points: float | None = None
    deterioration_points: float | None = None
    ratio_odi: float | None = None
    ratio_nrs: float | None = None


@entry
class DecisionRule(Entry):
    """What follows from a change of the measures. The rules are choices informed by their sources."""

    when: str
    then: str
    source: tuple[str, ...]


@entry
class MinimalSet(Entry):
    """What is asked by default, in which order and when."""

    rationale: str
    order_of_asking: tuple[str, ...]
    total_time_s: float
    schedule: Mapping[str, tuple[str, ...]]
    decision_rules: tuple[DecisionRule, ...]
    note: str


@entry
class ShipPolicy(Entry):
    """Which measures may be shipped, and how."""

    free_to_ship_with_own_wording: tuple[str, ...]
    optional_plugin_verbatim_with_attribution: tuple[str, ...]
    score_import_only_never_ship_items: tuple[str, ...]
    how_to_import: str


@entry
class OutcomePack(Entry):
    """`outcomes.yaml`."""

    schema_version: int
    topic: str
    sources: Mapping[str, Source]
    general_rules: Mapping[str, OutcomeRule]
    default_minimal_set: MinimalSet
    measures: Mapping[str, Measure]
    ship_policy: ShipPolicy
    gaps: tuple[str, ...]
