"""Our own choices for a plan: loads of a day, what eases, whom to see and meanwhile, who is who."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from psoas.knowledge.packs.entry import Entry, entry

Rule = str | Mapping[str, Any]
"""A rule in the language of red_flags.yaml."""


@entry
class Leads(Entry):
    """From which probability a source leads a plan; `close`: share of the first's from which a second counts too."""

    probability: float
    away_from_back: float
    close: float


@entry
class HowSure(Entry):
    """A word for a probability."""

    from_probability: float
    words: str


@entry
class Pattern(Entry):
    """A pathway to follow where no source leads and these loads hurt."""

    pathway: str
    loads: tuple[str, ...]


@entry
class TryFirst(Entry):
    """From which probability, and how far ahead of the next, a source that does not lead is tried first."""

    probability: float
    ahead: float


@entry
class PhaseEdges(Entry):
    """Which phase somebody starts in; pain 0 to 10, the worst of the last week."""

    calm_from_pain: float
    calm_within_weeks: float
    calm_recent_pain: float
    return_up_to_pain: float
    lasting_weeks: float


@entry
class Gentler(Entry):
    """Who starts with fewer sets."""

    age_years: float
    pain: float
    fewer_sets: int
    words: str


@entry
class DayLoad(Entry):
    """Something that a day asks of a body.

    Attributes:
        provoked_by: answers that say that it hurts.
        activities: sports and work that consist of it.
        title: the same as a short instruction.
        change: what to do about it, for somebody whom it hurts.
    """

    id: str
    name: str
    title: str
    provoked_by: tuple[str, ...]
    activities: tuple[str, ...] = ()
    change: str


@entry
class ChangePoints(Entry):
    """Points by which the one load to change is chosen."""

    provoked: float
    provoked_by_test: float
    each_more: float
    activity: float
    more_of_it: float
    more_percent: float
    own_line: float


@entry
class ActivityWords(Entry):
    """A sport or work by its name. `back`: its own way back, in steps."""

    id: str
    name: str
    work: bool = False
    back: str | None = None


@entry
class Ease(Entry):
    """What eases now, for somebody who said so.

    `not_with`: loads it consists of. `movement`: it is more than a rest.
    """

    id: str
    say: str
    not_with: tuple[str, ...]
    movement: bool = False


@entry
class Refer(Entry):
    """Whom to see for a source, when, what should be checked there, and what to do until then.

    `walk`: said where nothing stands against a walking programme.
    """

    id: str
    when: Rule
    urgency: Literal["urgent_referral", "routine_referral"]
    who: str
    check: tuple[str, ...]
    until: str
    walk: str | None = None


@entry
class SourceCare(Entry):
    """What stands beside the pathway of a source.

    Attributes:
        measure: what the person measures again.
        watch: when to get help, for this source, in a sentence.
        way_back: what must be possible first, after "when".
        return_needs: what must hold before the last phase; a rule that is never true leaves it to a doctor.
        ease_asks: loads that the usual ease consists of.
        neuro: a nerve may be involved, so it is examined first.
    """

    id: str
    measure: str
    watch: str
    way_back: str
    return_needs: Rule | None = None
    ease: str
    ease_asks: tuple[str, ...] = ()
    sport: str
    work: str
    neuro: bool = False
    refer: tuple[Refer, ...]


@entry
class DangerCare(Entry):
    """What should be checked for a cause of the screen, and what to do until then.

    `check_alone`, `until_alone`: more of it, where no cause and no source says anything more exact.
    """

    id: str
    check: tuple[str, ...]
    until: str
    check_alone: tuple[str, ...] = ()
    until_alone: str | None = None


@entry
class Group(Entry):
    """People for whom something is otherwise."""

    id: str
    when: Rule


@entry
class Examined(Entry):
    """One part of the examination of a leg's nerves; any answer to `any_of`, or a reading, will do."""

    id: str
    name: str
    any_of: tuple[str, ...]
    measured: str | None = None


@entry
class TriedCare(Entry):
    """Care that was tried, by the words that people use."""

    id: str
    words: tuple[str, ...]
    exercises: tuple[str, ...] = ()
    hands_on: tuple[str, ...] = ()
    again: str


@entry
class ReasonWords(Entry):
    """What an answer is called in a reason. `plain`: for the person; `trade`: for the practitioner."""

    id: str
    plain: str
    trade: str | None = None


@entry
class RegionPathway(Entry):
    """The pathway for a pain outside the back that no source leads."""

    region: str
    pathway: str
    when: Rule


@entry
class Injuries(Entry):
    """Beginnings after which a fracture is excluded before hands move the spine; weeks until mobilisation may go on."""

    answers: tuple[str, ...]
    mobilise_after_weeks: float
    words: str


@entry
class Extra(Entry):
    """What is added to any referral when it holds."""

    id: str
    when: Rule
    check: tuple[str, ...]
    until: str


@entry
class BackTo(Entry):
    """The way back in steps, by what the person goes back to; `{when}` is the criterion of the source.

    `walk_on`: sources for which more walking is part of an ordinary day's way back.
    """

    day: str
    walk_on: tuple[str, ...]
    day_without_walking: str
    sport: str
    work: str
    goal: str


@entry
class PlanChoicesPack(Entry):
    """`plan_choices.yaml`."""

    schema_version: int
    basis: Literal["choice"]
    meta: Mapping[str, str]
    leads: Leads
    how_sure: tuple[HowSure, ...]
    patterns: tuple[Pattern, ...]
    try_first: TryFirst
    phase: PhaseEdges
    gentler: Gentler
    loads: Mapping[str, DayLoad]
    change_points: ChangePoints
    activities: Mapping[str, ActivityWords]
    exercise_loads: Mapping[str, tuple[str, ...]]
    instead: tuple[str, ...]
    instead_at_the_hip: tuple[str, ...]
    hip_sources: tuple[str, ...]
    ease_otherwise: str
    eases: Mapping[str, Ease]
    of_source: Mapping[str, SourceCare]
    dangers: Mapping[str, DangerCare]
    groups: Mapping[str, Group]
    nerve_examination: tuple[Examined, ...]
    nerve_signs: tuple[str, ...]
    leg_pain: tuple[str, ...]
    nerve_exercises: tuple[str, ...]
    tried: Mapping[str, TriedCare]
    reasons: Mapping[str, ReasonWords]
    by_region: tuple[RegionPathway, ...]
    injuries: Injuries
    extras: tuple[Extra, ...]
    ineffective_medicine: str
    back_to: BackTo
    enough: str
    places: Mapping[str, str]
