"""The danger screen as data: causes, their flags and combinations, thresholds, and what forbids which technique."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from psoas.knowledge.packs.entry import Cited, Entry, Interval, ReadIn, Source, entry

Action = Literal["emergency_now", "same_day", "urgent_referral", "routine_referral", "watch"]
Strength = Literal["hard_stop", "strong", "moderate", "weak", "no_value", "consensus", "untested"]
Level = Literal["absolute", "relative", "modify"]
AskWho = Literal["self", "practitioner"]
Rule = Mapping[str, Any]
"""A rule as the pack holds it; `rule_language` of the pack says what each key means."""


@entry
class Technique(Entry):
    """Something hands or exercise do to a body, which a contraindication can forbid."""

    id: str
    plain: str


@entry
class KnownCondition(Entry):
    """An illness the person can name; `covers` says in words which more special ids it stands for, `covers_ids` are
    those ids."""

    id: str
    plain: str
    covers: str | None = None
    covers_ids: tuple[str, ...] = ()


@entry
class OtherFigure(Cited):
    """A second published figure for the same thing, kept beside the one that is used."""

    what: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    ci: Interval | None = None
    n: int | None = None
    sensitivity: float | Interval | None = None
    specificity: float | Interval | None = None
    lr_pos: float | Interval | None = None
    lr_pos_ci: Interval | None = None
    lr_neg: float | None = None
    lr_neg_ci: Interval | None = None
    odds_ratio: float | None = None
    hazard_ratio: float | None = None
    read_on: str | None = None


@entry
class BaseRate(Cited):
    """How often a cause is found in a stated setting; `value` None where no figure exists."""

    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str
    setting: str
    note: str | None = None
    others: tuple[OtherFigure, ...] = ()


@entry
class Flag(Cited):
    """One answer the screen acts on. `defined_in` 'findings': its wording stands there, under the same id."""

    id: str
    ask: str | None = None
    checklist: str | None = None
    parts: Rule | None = None
    one_thing: str | None = None
    ask_who: AskWho
    applies_if: str
    derived_from: str | None
    no_when_false: bool = False
    sided: bool = False
    suggests: tuple[str, ...] = ()
    action_if_alone: Action
    why_action: str | None = None
    strength: Strength
    combinations: tuple[str, ...]
    reask_each_visit: bool = False
    defined_in: Literal["findings"] | None = None
    implies: tuple[str, ...] = ()
    same_as: str | None = None
    formerly: str | None = None
    population: str | None = None
    sensitivity: float | None = None
    specificity: float | None = None
    lr_pos: float | None = None
    lr_neg: float | None = None
    ci: Mapping[str, Interval] = field(default_factory=dict)
    derived_fields: tuple[str, ...] = ()
    sensitivity_read_in: str | None = None
    lr_read_in: str | None = None
    alternatives: tuple[OtherFigure, ...] = ()
    note: str | None = None


@entry
class Combination(Cited):
    """Answers that together ask for more than each alone. `rule` holds its keys of the rule language."""

    id: str
    says: str
    rule: Rule
    action: Action
    applies_if: str | None = None
    target_weeks: int | None = None
    formerly: str | None = None
    sensitivity: float | None = None
    specificity: float | None = None
    lr_pos: float | None = None
    ci: Mapping[str, Interval] = field(default_factory=dict)
    c_statistic: float | None = None
    probability: float | None = None
    note: str | None = None


@entry
class ScoreModel(Cited):
    """A published score of several answers: a fact to show, never a reason to lower a danger."""

    id: str
    what: str
    members: tuple[str, ...] = ()
    auc: float | None = None
    sensitivity: float | None = None
    specificity: float | None = None
    specificity_read_in: str | None = None
    probability: float | None = None
    ci: Mapping[str, Interval] = field(default_factory=dict)
    note: str | None = None


@entry
class OutcomeFigure(Cited):
    """How a cause ended in a published series."""

    what: str
    value: float


@entry
class RelatedFinding(Cited):
    """Accuracy of a finding outside the screen that touches the same cause."""

    what: str
    meaning: str
    sensitivity: float
    specificity: float
    lr_pos: float
    lr_neg: float
    ci: Mapping[str, Interval] = field(default_factory=dict)


@entry
class NewerReview(Cited):
    """A review that replaces the one whose figures are still used, and what of it could be read."""

    read: str


@entry
class Condition(Entry):
    """A serious cause of back, hip or groin pain, with the answers that raise it."""

    id: str
    name: str
    icd10: tuple[str, ...]
    base_rate: BaseRate
    flags: Mapping[str, Flag]
    combinations: Mapping[str, Combination]
    action: Action
    action_text: str
    guideline: tuple[str, ...]
    guideline_read_in: ReadIn
    newer_review: NewerReview | None = None
    models: Mapping[str, ScoreModel] = field(default_factory=dict)
    also_covers: tuple[str, ...] = ()
    related_finding: RelatedFinding | None = None
    outcome: tuple[OutcomeFigure, ...] = ()
    same_as: str | None = None
    note: str | None = None


@entry
class Threshold(Cited):
    """A vital sign or laboratory value beyond which something follows; `sets` names the flag it answers yes."""

    id: str
    when: str
    sets: str | None
    action: Action
    sensitivity: float | None = None
    specificity: float | None = None
    lr_pos: float | None = None
    note: str


@entry
class News2(Cited):
    """Points of the National Early Warning Score 2: per field, bands in rising order with their points."""

    note: str
    points: Mapping[str, tuple[tuple[str, int], ...]]


@entry
class VitalSigns(Entry):
    """Signs measured at the visit; `fields` gives the accepted range, or the words accepted."""

    note: str
    fields: Mapping[str, Interval | str]
    news2: News2
    thresholds: Mapping[str, Threshold]
    combinations: Mapping[str, Combination]


@entry
class Laboratory(Entry):
    """Results the person already has; `fields` gives the accepted range."""

    note: str
    fields: Mapping[str, Interval]
    thresholds: Mapping[str, Threshold]
    combinations: Mapping[str, Combination]


@entry
class Contraindication(Cited):
    """What forbids a technique (`absolute`, `relative`) or asks for a gentler form of it (`modify`)."""

    id: str
    technique: tuple[str, ...]
    condition: str
    forbid_if: Rule
    level: Level
    level_by_technique: Mapping[str, Level] = field(default_factory=dict)
    limited_to: str | None = None
    why: str
    do_instead: str
    evidence: str


@entry
class PsoasMimics(Entry):
    """Dangers that look like a tight psoas, and the questions to ask before the psoas is blamed."""

    meaning: str
    ids: tuple[str, ...]
    gate_questions: tuple[str, ...]


@entry
class AskFirst(Entry):
    """A question that becomes due when the expression `if_` (`if` in the pack) is not false."""

    if_: str
    ask: str
    why: str | None = None


@entry
class HarmReport(Cited):
    """A published harm of a technique, one case."""

    id: str
    technique: tuple[str, ...]
    event: str
    who: str
    outcome: str
    note: str | None = None


@entry
class HarmRate(Cited):
    """How often a technique harms, as a fraction or in the words of the source."""

    technique: tuple[str, ...]
    what: str
    value: float | str


@entry
class Overall(Cited):
    """A fact on serious causes taken together."""

    fact: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    derived: str | None = None


@entry
class Guidance(Cited):
    """A rule of a guideline that holds for every visit."""

    rule: str


@entry
class RedFlagPack(Entry):
    """`red_flags.yaml`."""

    title: str
    version: int
    not_medical_advice: str
    read_in_scale: Mapping[str, str]
    action_scale: Mapping[Action, str]
    strength_scale: Mapping[Strength, str]
    techniques: Mapping[str, Technique]
    rule_language: Mapping[str, str]
    flag_fields: Mapping[str, str]
    overall: tuple[Overall, ...]
    how_to_use: tuple[str, ...]
    general_guidance: tuple[Guidance, ...]
    psoas_mimics: PsoasMimics
    safety_net: tuple[str, ...]
    ask_first: tuple[AskFirst, ...]
    vital_signs: VitalSigns
    laboratory: Laboratory
    known_conditions: Mapping[str, KnownCondition]
    conditions: Mapping[str, Condition]
    manual_contraindications: Mapping[str, Contraindication]
    harm_reports: Mapping[str, HarmReport]
    harm_rates: tuple[HarmRate, ...]
    gaps: tuple[str, ...]
    sources: Mapping[str, Source]
