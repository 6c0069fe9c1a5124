"""A care pathway for each source of pain: what to change, what to do in which phase, how to get back, whom to see.

The words are for people; what a plan decides by stands beside them as data: the loads that a change lightens, the
exercise of a step, what an effect is about, the people a remark is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from psoas.knowledge.packs.entry import Cited, Entry, Source, entry

PhaseName = Literal["calm", "rebuild", "return"]
Certainty = Literal["high", "moderate", "low", "very_low", "none"]
HandsOnKind = Literal["massage", "mobilisation", "thrust", "needling", "stretching", "deep_psoas", "coaching"]
About = Literal[
    "exercise", "walking_prevention", "direction", "nerve", "stretching", "hands_on", "aid", "medicine", "operation",
    "course", "prevention", "healthy", "after_birth", "elsewhere",
]  # fmt: skip
"""What an effect is about; `elsewhere` was measured in people without this source and is shown nowhere."""


@entry
class LoadChange(Cited):
    """One load to lighten now. `loads`: which everyday loads it lightens, words of plan_choices.yaml."""

    loads: tuple[str, ...]
    what: str
    how_long: str
    why: str


@entry
class Avoided(Entry):
    """What to leave alone; `until` says for how long, as a phrase (`until ...`, `for good`)."""

    what: str
    until: str
    why: str


@entry
class StepDose(Entry):
    """How much of an exercise. `minutes` may be a range ("5-10"); `hold_s` in seconds. `basis` as for exercises."""

    sets: int | None = None
    reps: int | None = None
    hold_s: float | None = None
    minutes: str | None = None
    days_per_week: int
    weeks: int
    intensity: str | None = None
    basis: Literal["trial", "guideline", "default"]
    note: str | None = None
    source: tuple[str, ...] = ()


@entry
class Step(Cited):
    """One exercise of a phase.

    Attributes:
        exercise: id in exercises.yaml.
        graded: loads that it brings back in measured steps although they hurt now; it says how far it may hurt.
    """

    exercise: str
    what: str
    dose: StepDose
    progress_when: str
    regress_when: str
    graded: tuple[str, ...] = ()
    certainty: Certainty


@entry
class Phase(Entry):
    """Calm, rebuild or return, with its steps in order of weight."""

    name: PhaseName
    enter_when: str
    items: tuple[Step, ...]


@entry
class HandsOn(Cited):
    """Work with hands or needles. `minutes` and `sessions` may be ranges."""

    kinds: tuple[HandsOnKind, ...]
    what: str
    region: str
    minutes: str
    sessions: str
    expect: str
    not_if: str
    certainty: Certainty


@entry
class Adjunct(Cited):
    """Warmth, medicine, aids; for whom."""

    what: str
    for_whom: str
    certainty: Certainty


@entry
class SportAndWork(Entry):
    """What may go on, what stops, and what must be possible before all of it comes back."""

    keep: tuple[str, ...]
    stop: tuple[str, ...]
    return_when: tuple[str, ...]


@entry
class SeeSomeone(Entry):
    """When to see whom. Words for a reader: the danger screen and `refer` of plan_choices.yaml decide."""

    who: str
    when: str
    urgency: Literal["same_day", "urgent_referral", "routine_referral", "emergency_now"]
    why: str


@entry
class ReTest(Cited):
    """What to measure again, after how many weeks, and how much is enough."""

    what: str
    after_weeks: int
    enough_change: str
    if_not: str


@entry
class Course(Cited):
    """The expected course: weeks, and what share got better in which study."""

    weeks: str
    share_better: str


@entry
class Difference(Entry):
    """What is otherwise for some people. `groups`: words of plan_choices.yaml; none: a practitioner judges."""

    groups: tuple[str, ...]
    who: str
    how: str
    sex: Literal["female", "male"] | None = None


@entry
class PathwayEffect(Cited):
    """A published effect. `about` and `pain_lasts` say where it may be shown: never beside another step or term.

    `pain_lasts`: acute is under 6 weeks, recent up to 12, chronic over 12.
    """

    what: str
    about: About
    pain_lasts: Literal["any", "acute", "recent", "chronic"]
    against: str
    size: str
    term: str
    certainty: Certainty


@entry
class Pathway(Entry):
    """What helps one source of pain, from the first day to sport and work."""

    id: str
    in_a_sentence: str
    change_now: tuple[LoadChange, ...]
    avoid_for_now: tuple[Avoided, ...]
    phases: tuple[Phase, ...]
    hands_on: tuple[HandsOn, ...]
    adjuncts: tuple[Adjunct, ...]
    sport_and_work: SportAndWork
    see_someone: tuple[SeeSomeone, ...]
    re_test: ReTest
    expected_course: Course
    differs_for: tuple[Difference, ...]
    effect: tuple[PathwayEffect, ...]

    def phase(self, name: str) -> Phase:
        """One phase by its name."""
        return next(one for one in self.phases if one.name == name)


@entry
class CarePathwayPack(Entry):
    """`care_by_source.yaml`."""

    schema_version: int
    meta: Mapping[str, str]
    sources: Mapping[str, Source]
    pathways: Mapping[str, Pathway]
