"""What helps and how much: interventions, with their contraindications and the guidelines' stances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from psoas.knowledge.packs.entry import Cited, Entry, Interval, ReadIn, Source, entry

Certainty = Literal["high", "moderate", "low", "very_low", "none"]
Stance = Literal["for", "conditional", "against", "no_recommendation"]
Stage = Literal["acute", "subacute", "chronic", "recurrent", "any"]
WhoDoesIt = Literal["self", "practitioner", "refer"]
GuidelineBody = Literal["NICE_NG59", "ACP_2017", "WHO_2023", "JOSPT_2021", "NASS_2020"]


ScaleId = Literal["smd", "points_100", "points_10", "points_5", "roland_morris", "oswestry"]


@entry
class Effect(Cited):
    """How much an intervention changes one outcome against a comparator; `metric` says how it is counted.

    `scale`, `direction` and `comparator` are words for a reader; `scale_id`, `positive_is_better`, `active_comparator`
    (a treatment itself) and `sham` (or placebo) are what is reckoned with.
    """

    outcome: str
    metric: str
    value: float
    ci: Interval | None
    direction: str | None = None
    positive_is_better: bool = False
    scale: str
    scale_id: ScaleId | None = None
    at_weeks: float | None
    at: str | None = None
    comparator: str
    active_comparator: bool = False
    sham: bool = False
    via: tuple[str, ...] = ()


@entry
class GuidelineStance(Cited):
    """What one guideline says of an intervention."""

    body: GuidelineBody
    stance: Stance
    note: str | None = None
    via: tuple[str, ...] = ()


@entry
class Intervention(Entry):
    """Something that can be done for back pain. `for_` is `for` in the pack: ids of `condition_map`."""

    id: str
    name: str
    plain_name: str
    tried_as: tuple[str, ...] = ()
    for_: tuple[str, ...]
    stage: tuple[Stage, ...]
    effect: tuple[Effect, ...]
    effect_in_words: str | None = None
    effect_in_words_source: tuple[str, ...] = ()
    effect_in_words_read_in: tuple[ReadIn, ...] = ()
    certainty: Certainty
    certainty_note: str | None = None
    conflicting: bool = False
    guideline: tuple[GuidelineStance, ...]
    harms: str
    harms_source: tuple[str, ...] = ()
    harms_read_in: tuple[ReadIn, ...] = ()
    contraindications: tuple[str, ...]
    contraindications_note: str | None = None
    who_does_it: WhoDoesIt
    technique: str | None = None
    note: str


@entry
class CareFlag(Entry):
    """A word used in `contraindications`, in plain language; `flag_map` ties some to causes of the screen."""

    id: str
    plain: str


@entry
class EffectBands(Cited):
    """Words for the size of an effect on a scale of 0 to 100."""

    small: str
    medium: str
    large: str


@entry
class WorthwhileDifference(Cited):
    """The smallest difference on a scale of 0 to 100 that is worth having, against doing little."""

    pain: float
    function: float
    comparison: str


@entry
class InterventionsMeta(Entry):
    """Scales and conventions that the interventions are written in."""

    title: str
    version: int
    sign_convention: str
    effect_metrics: tuple[str, ...]
    stages: Mapping[Stage, str]
    stage_note: str
    effect_size_bands_0_100: EffectBands
    worthwhile_difference_0_100: WorthwhileDifference
    certainty_scale: tuple[Certainty, ...]
    certainty_note: str
    stance_scale: Mapping[Stance, str]
    guideline_scope: Mapping[GuidelineBody, str]
    who_does_it: Mapping[WhoDoesIt, str]


@entry
class InterventionPack(Entry):
    """`interventions.yaml`."""

    meta: InterventionsMeta
    condition_map: Mapping[str, tuple[str, ...]]
    flag_map: Mapping[str, tuple[str, ...]]
    technique_note: str
    condition_ids: tuple[str, ...]
    flags: Mapping[str, CareFlag]
    interventions: Mapping[str, Intervention]
    sources: Mapping[str, Source]
