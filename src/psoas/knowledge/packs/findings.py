"""Findings and how well each tells one source of pain from the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from psoas.knowledge.packs.entry import Cited, Entry, Interval, ReadIn, Source, entry

Mode = Literal["ask", "self_test", "hands_on", "imaging_report"]
Quality = Literal["high", "moderate", "low", "very_low"]
Rule = Mapping[str, Any]


@entry
class Accuracy(Cited):
    """Figures of one finding for one source of pain, from one study or review; None where not published."""

    condition: str
    sensitivity: float | None
    specificity: float | None
    lr_pos: float | None
    lr_neg: float | None
    sens_ci: Interval | None = None
    spec_ci: Interval | None = None
    lr_pos_ci: Interval | None = None
    lr_neg_ci: Interval | None = None
    sensitivity_range: tuple[float | None, float | None] | None = None
    specificity_range: Interval | None = None
    lr_pos_range: Interval | None = None
    lr_neg_range: Interval | None = None
    lr_pos_cap: float | None = None
    figures_from: str | None = None
    lr_derived_here: tuple[Literal["lr_pos", "lr_neg"], ...] = ()
    lr_read_in: str | None = None
    lr_pos_read_in: str | None = None
    odds_ratio: float | None = None
    diagnostic_odds_ratio: float | None = None
    diagnostic_odds_ratio_ci: Interval | None = None
    auc: float | Interval | None = None
    ppv: float | None = None
    ppv_ci: Interval | None = None
    ppv_range: Interval | None = None
    npv_ci: Interval | None = None
    npv_range: Interval | None = None
    location_ppv_range: Interval | None = None
    reference_standard: str | None = None
    spectrum: str | None = None
    threshold: str | None = None
    level: str | None = None
    target: str | None = None
    n: int | None = None
    direction: str | None = None
    quality: Quality
    prefer: bool = False
    ignore_if_absent: bool = False
    untested: bool = False
    note: str | None = None


@entry
class Reliability(Cited):
    """How well two examiners agree."""

    kappa: float | None = None
    kappa_min: float | None = None
    icc: float | None = None
    ci: Interval | None = None
    note: str | None = None


@entry
class BothSides(Cited):
    """What a finding means for a source when it is present on both sides; `over_years`: only of older people."""

    case: str
    over_years: float | None = None
    condition: str
    counts: bool
    why: str


@entry
class Finding(Entry):
    """A question, test or measurement that bears on the source of pain.

    Attributes:
        name, how: the practitioner's words for it, and what counts or how it is done.
        plain: the client's words for it; a question where a client can answer it.
        told_only: for what was told less exactly than it is asked; entered, shown and counted, never asked.
    """

    id: str
    name: str
    plain: str | None = None
    kind: Literal["history", "test", "measurement"]
    mode: Mode
    how: str
    accuracy: tuple[Accuracy, ...]
    reliability: Reliability | None
    dependence_group: str | None = None
    values: tuple[str, ...] = ()
    sided: bool = False
    one_thing: str | None = None
    parts: Rule | None = None
    cluster_of: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    implied_by: tuple[str, ...] = ()
    same_as: str | None = None
    also_in_screen: bool = False
    both_sides: tuple[BothSides, ...] = ()
    when_not_possible: str | None = None
    safety: str | None = None
    told_only: bool = False
    untested: bool = False
    note: str | None = None


@entry
class DerivedFinding(Entry):
    """A finding that follows from other fields of the case: never asked. `no_when_false`: false means no."""

    id: str
    rule: str
    no_when_false: bool
    per_side: bool = False
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...] = ()
    note: str | None = None


@entry
class Conflict(Cited):
    """Findings that must not be multiplied for one source, and the rule that says what to do instead."""

    id: str
    findings: tuple[str, ...]
    condition: str
    why: str
    joint_accuracy: str
    rule: str
    computed_here: str | None = None
    note: str | None = None


@entry
class Measurement(Entry):
    """A measured quantity of the case; `value` names the key that holds it, `range` what is accepted."""

    id: str
    plain: str
    value: Literal["value_deg", "value_cm", "value_m", "value_s", "value_grade"]
    unit: str
    range: Interval
    sided: bool
    how: str | None = None
    root: str | None = None


@entry
class ExpressionLanguage(Entry):
    """What an expression may say: fields of the case, and functions with their meaning."""

    what: str
    fields: tuple[str, ...]
    person_sex: str
    pain_worst: str
    functions: Mapping[str, str]


@entry
class FindingPack(Entry):
    """`findings.yaml`."""

    schema_version: int
    meta: Mapping[str, Any]
    sources: Mapping[str, Source]
    expression_language: ExpressionLanguage
    activity_ids: tuple[str, ...]
    measurement_ids: Mapping[str, Measurement]
    findings: Mapping[str, Finding]
    derived_findings: Mapping[str, DerivedFinding]
    conflicts: Mapping[str, Conflict]
