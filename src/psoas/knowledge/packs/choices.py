"""What the diagnosis needs and no publication gives: our own choices, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping

from psoas.knowledge.packs.entry import Entry, ReadIn, Source, entry


@entry
class PriorShare(Entry):
    """A share with the ends of its 90 % range, as fractions."""

    value: float
    low: float
    high: float


@entry
class PriorLine(Entry):
    """A share that replaces the studio's when the expression `if_` (`if` in the pack) is true.

    `finding`: the id under which it is shown as a reason; `source`: where that it matters is published.
    """

    if_: str
    share: PriorShare
    finding: str
    source: tuple[str, ...]
    read_in: tuple[ReadIn, ...]
    why: str


@entry
class Prior(Entry):
    """Share of people, by setting, in whom a source takes part in the complaint before anything else is known."""

    id: str
    studio: PriorShare
    primary_care: PriorShare
    pain_clinic: PriorShare
    when: tuple[PriorLine, ...] = ()
    why: str


@entry
class PlaceChoices(Entry):
    """How much the place of the pain says; see the pack for the meaning of each number."""

    marks: float
    falloff: float
    most: float
    ratio_most: float
    damping: float
    elsewhere: float
    whole: float
    unmarked: float
    causes_typical: float
    causes_other: float
    remains: float
    said_by: Mapping[str, tuple[str, ...]]
    why: str
    base: Mapping[str, float]


@entry
class FigureLimit(Entry):
    """What a row's note or spectrum asks for.

    It does not count, counts for some people only (`only_if`), has its own floor for a no, or leaves the mark of the
    drawing to count beside it (`beside_drawing`).
    """

    finding: str
    condition: str
    scored: bool | None = None
    only_if: str | None = None
    lr_neg_floor: float | None = None
    beside_drawing: bool | None = None
    why: str


@entry
class FigureChoices(Entry):
    """How sure a figure is when its source does not say, and the limits on what one figure may do."""

    people_without_n: Mapping[str, float]
    ratio_sd_without_interval: Mapping[str, float]
    false_positive_rate_unknown: float
    lr_neg_floor: float
    lr_neg_floor_why: str
    direction_only: Mapping[str, float]
    direction_only_why: str
    in_prior: tuple[str, ...]
    psoas_direction_only: float
    psoas_direction_only_why: str
    limits: tuple[FigureLimit, ...]
    draws: int
    seed: int


@entry
class ConflictChoices(Entry):
    """What stays of a weight where a conflict rule asks for less and gives no figure."""

    half: float
    why: str


@entry
class AskingChoices(Entry):
    """How long a question or test takes, and which tests need a physiotherapist."""

    minutes: Mapping[str, float]
    minutes_of: Mapping[str, float]
    physiotherapist_only: tuple[str, ...]
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
    place: PlaceChoices
    figures: FigureChoices
    conflicts: ConflictChoices
    asking: AskingChoices
