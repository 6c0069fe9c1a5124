"""What the diagnosis needs and no publication gives: our own choices, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping

from psoas.knowledge.packs.entry import Entry, Source, entry


@entry
class PriorShare(Entry):
    """A share with the ends of its 90 % range, as fractions."""

    value: float
    low: float
    high: float


@entry
class Prior(Entry):
    """Share of people, by setting, in whom a source takes part in the complaint before anything else is known."""

    id: str
    studio: PriorShare
    primary_care: PriorShare
    pain_clinic: PriorShare
    referred: PriorShare
    why: str


@entry
class CaseFact(Entry):
    """A fact of the case that is a finding; of one `kind` only the first that is true speaks.

    `yes` and `no` are expressions; `plain` and `plain_no` say them in words.
    """

    id: str
    kind: str
    plain: str
    plain_no: str | None = None
    yes: str
    no: str | None = None


@entry
class PlaceChoices(Entry):
    """How much the place of the pain says; see the pack for the meaning of each number."""

    whole: float
    unmarked: float
    said_by: Mapping[str, tuple[str, ...]]
    why: str
    causes_typical: float
    causes_other: float
    remains: float


@entry
class DependenceChoices(Entry):
    """The few knobs of the network; see the pack for the meaning of each number."""

    within_group: float
    drawing: float
    temperature: float
    published: float
    towards_equal: float
    judged_sd_logit: float
    series_sd_logit: float
    why: str
    same_observation: tuple[tuple[str, ...], ...]
    said_by_facts: tuple[str, ...]


@entry
class ChanceWord(Entry):
    """A word for the first source's chance, with the probability and the lead it needs."""

    word: str
    at_least: float
    ahead_by: float


@entry
class HipFlexorChoices(Entry):
    """From which probability the hip flexors are said to be part of it, and what must be known to say so."""

    probably_at: float
    probably_not_under: float
    telling_bits: float
    worth_asking_bits: float


@entry
class FigureLimit(Entry):
    """What a row's note or spectrum asks for: it does not count, or has its own floor for a no."""

    finding: str
    condition: str
    scored: bool | None = None
    lr_neg_floor: float | None = None
    why: str


@entry
class FigureChoices(Entry):
    """How sure a published figure is when its source does not say, and the limits on what one figure may do."""

    people_without_n: Mapping[str, float]
    ratio_sd_without_interval: Mapping[str, float]
    false_positive_rate_unknown: float
    lr_neg_floor: float
    lr_neg_floor_why: str
    limits: tuple[FigureLimit, ...]
    draws: int
    seed: int


@entry
class AskedIf(Entry):
    """Findings that are worth asking only while the expression `if_` (`if` in the pack) is not false."""

    findings: tuple[str, ...]
    if_: str


@entry
class AskingChoices(Entry):
    """How long a question or test takes, who can answer it, and when it is idle.

    `same_movement`: of each row only the most telling test is proposed.
    """

    minutes: Mapping[str, float]
    minutes_of: Mapping[str, float]
    physiotherapist_only: tuple[str, ...]
    not_known_to_a_client: tuple[str, ...]
    same_movement: tuple[tuple[str, ...], ...]
    only_if: tuple[AskedIf, ...]
    why: str


@entry
class DiagnosisChoicesPack(Entry):
    """`diagnosis_choices.yaml`."""

    schema_version: int
    topic: str
    note: str
    sources: Mapping[str, Source]
    settings: Mapping[str, str]
    prior_note: str
    priors: Mapping[str, Prior]
    facts: Mapping[str, CaseFact]
    facts_why: str
    place: PlaceChoices
    dependence: DependenceChoices
    chances: tuple[ChanceWord, ...]
    chances_else: str
    hip_flexors: HipFlexorChoices
    chances_why: str
    figures: FigureChoices
    asking: AskingChoices
