"""The course of low-back pain over the weeks, and what makes it longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from psoas.knowledge.packs.entry import Cited, Entry, Interval, ReadIn, Source, entry


@entry
class CoursePoint(Cited):
    """Pooled mean pain, 0 to 100, some weeks after the start; `ci` is the interval of the mean, not of people."""

    weeks: int
    mean_pain_0_100: float
    ci: Interval
    ci_read_in: str | None = None


@entry
class CourseRatio(Entry):
    """The same as a share of the pain at the start."""

    weeks: int
    ratio_to_baseline: float


@entry
class Trajectory(Entry):
    """Mean course of one group of people."""

    id: str
    use: Literal["default_band", "historical_comparison"]
    population: str
    time_zero: str
    certainty: str | None = None
    rows: tuple[CoursePoint, ...]
    ratios: tuple[CourseRatio, ...]
    note: str | None = None


@entry
class DrawingStep(Entry):
    """One step of drawing the band; `read_in` 'proposal' marks our own choice."""

    step: str
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...]


@entry
class BandDrawing(Cited):
    """How the expected course is drawn for a person."""

    warning: str
    steps: tuple[DrawingStep, ...]
    disability: str


@entry
class OtherFraction(Entry):
    """The same fraction under another definition or elsewhere."""

    what: str
    value: float


@entry
class RecoveryFraction(Cited):
    """The share of people who reach something by some week, or the days until half of them do."""

    what: str
    population: str
    stages: tuple[Literal["acute", "subacute", "persistent"], ...]
    weeks: int | None = None
    value: float | None = None
    value_days: float | None = None
    ci: Interval | None = None
    n: int | None = None
    others: tuple[OtherFraction, ...] = ()
    note: str | None = None


@entry
class Recurrence(Cited):
    """How often and how soon pain comes back, or what raises it."""

    what: str
    value: float | None = None
    odds_ratio: float | None = None
    ci: Interval | None = None
    n: int | None = None


@entry
class CourseClass(Entry):
    """A kind of course and the share of people who take it."""

    id: str
    share: float


@entry
class CourseClasses(Cited):
    """The kinds of course found in one study."""

    population: str
    classes: tuple[CourseClass, ...] = ()


@entry
class PrognosticFactor(Cited):
    """What goes with a longer course. `measure` says how `crude`, `adjusted` or `value` is counted."""

    id: str
    ask: str | None
    outcome: str
    measure: str
    unit: str | None = None
    crude: float | None = None
    crude_ci: Interval | None = None
    adjusted: float | None = None
    adjusted_ci: Interval | None = None
    value: float | str | Interval | None = None
    range: Interval | None = None
    ci: Interval | tuple[Interval, ...] | None = None
    who: str | None = None
    note: str | None = None


@entry
class Scoring(Entry):
    """How a screening tool is scored, in words."""

    total: str
    psychosocial_subscale: str | None = None
    rule: tuple[str, ...]
    note: str | None = None


@entry
class OutcomeByGroup(Cited):
    """Share with a poor outcome in each risk group."""

    what: str
    low: float
    medium: float
    high: float


@entry
class ToolAccuracy(Cited):
    """How well a screening tool forecasts."""

    what: str
    value: float | Interval | None = None
    ci: Interval | None = None
    n: int | None = None
    sensitivity: float | None = None
    sensitivity_ci: Interval | None = None
    specificity: float | None = None
    specificity_ci: Interval | None = None
    note: str | None = None


@entry
class ToolLicence(Cited):
    """On what terms a tool may be used."""

    text: str


@entry
class ScreeningTool(Cited):
    """A published questionnaire for the risk of a long course; `product_rule` says what we may do with it."""

    id: str
    name: str
    constructs: tuple[str, ...]
    scoring: Scoring | None = None
    outcome_by_group: OutcomeByGroup | None = None
    accuracy: tuple[ToolAccuracy, ...]
    licence: ToolLicence | None = None
    product_rule: str


@entry
class OwnQuestions(Entry):
    """The prognostic factors that we ask for, in our own words."""

    meaning: str
    read_in: tuple[ReadIn, ...]
    items: tuple[str, ...]


@entry
class TrialResult(Entry):
    """One result of a trial; two values are stratified care and control."""

    what: str
    value: float | Interval | None = None
    difference: float | None = None
    ci: Interval | None = None
    effect_size: float | None = None
    effect_size_ci: Interval | None = None


@entry
class StratifiedCareTrial(Cited):
    """A trial of care chosen by risk."""

    id: str
    design: str
    results: tuple[TrialResult, ...]


@entry
class MeaningfulChange(Cited):
    """The change of a measure that people notice, or the rule for calling someone recovered."""

    measure: str
    minimal_important_change: float | None = None
    minimal_important_change_fraction: float | None = None
    rule: str | None = None


@entry
class Checkpoint(Entry):
    """What to look at in some week, what is expected, and what to do if it is not so."""

    week: int
    check: str
    expected: str
    if_not: str
    basis: str
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...]


@entry
class AfterRecovery(Cited):
    """What to do once someone is well."""

    rule: str


@entry
class CourseMessage(Cited):
    """Words for the person about the expected course."""

    use: str
    text: str


@entry
class PrognosisPack(Entry):
    """`prognosis.yaml`."""

    title: str
    version: int
    read_in_scale: Mapping[ReadIn, str]
    trajectories: Mapping[str, Trajectory]
    band_drawing: BandDrawing
    recovery_fractions: tuple[RecoveryFraction, ...]
    recurrence: tuple[Recurrence, ...]
    trajectory_classes: tuple[CourseClasses, ...]
    prognostic_factors: Mapping[str, PrognosticFactor]
    screening_tools: Mapping[str, ScreeningTool]
    own_questions: OwnQuestions
    stratified_care_trials: Mapping[str, StratifiedCareTrial]
    meaningful_change: tuple[MeaningfulChange, ...]
    checkpoints: tuple[Checkpoint, ...]
    after_recovery: tuple[AfterRecovery, ...]
    messages: tuple[CourseMessage, ...]
    gaps: tuple[str, ...]
    sources: Mapping[str, Source]
