"""The one load to change now: what provokes this person, in their sport, work, sitting or walking; and what eases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psoas.care.pathway.loads import activity_words, because_of, reason, told_in_daily_life
from psoas.care.types import Because
from psoas.case.types import Activity
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.treatment.pathways import LoadChange, Pathway
from psoas.knowledge.packs.treatment.plan_choices import SourceCare
from psoas.knowledge.rules.facts import Facts

NEVER_FIRST = frozenset({"referral", "smoking", "weight", "snapping", "inactivity"})
"""Loads that are no load of a day, or that are the point only when asked for."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The load to change: its id, a title for it, its words, why, and the pathway's line where it is one."""

    load: str
    title: str
    name: str
    say: str
    because: tuple[Because, ...]
    line: LoadChange | None


def change_for(
    pathway: Pathway, care: SourceCare, hurts: Mapping[str, tuple[str, ...]], facts: Facts, knowledge: Knowledge,
    *, second: Pathway | None = None,
) -> Chosen:  # fmt: skip
    """The load with the most points; of equals the pathway's own line, then the one that stands first.

    `second`: the pathway of a source close behind; its lines count where the first has none for a load that hurts.
    """
    activity = _activity(facts, knowledge)
    first = {load for line in pathway.change_now if "sport" not in line.loads for load in line.loads}
    lines = list(pathway.change_now)
    lines += [line for line in (second.change_now if second else ()) if set(line.loads) & set(hurts) - first]
    found = [_own(line, place, hurts, activity, facts, knowledge) for place, line in enumerate(lines)]
    covered = {load for line in lines for load in line.loads}
    sporty = {load for line in lines if "sport" in line.loads for load in line.loads}
    found += [
        (_points((load,), hurts, activity, facts, knowledge), -100.0 - place, load, None)
        for place, load in enumerate(hurts)
        if (load not in covered or load in sporty) and knowledge.plan_choices.loads[load].change
    ]
    _, _, load, line = max(found, key=lambda one: (one[0], one[1]))
    parts = _parts(load, line)
    by_activity = activity is not None and any(
        activity.id in knowledge.plan_choices.loads[part].activities for part in parts
    )
    names = tuple(dict.fromkeys(name for part in parts for name in hurts.get(part, ())))
    because = because_of(names[:3], knowledge)
    if by_activity and activity is not None:
        because = (activity_reason(activity, knowledge), *because)
        words = activity_words(activity.id, knowledge)
        work = knowledge.plan_choices.activities[activity.id].work
        say = (care.work if work else care.sport).format(activity=words)
        title = f"{words[:1].upper()}{words[1:]}: what changes now"
        return Chosen(load, title, words, say[:1].upper() + say[1:], because, line)
    table = knowledge.plan_choices.loads
    return Chosen(load, table[load].title, table[load].name, line.what if line else table[load].change, because, line)


def _parts(load: str, line: LoadChange | None) -> tuple[str, ...]:
    return line.loads if line else (load,)


def _own(
    line: LoadChange, place: int, hurts: Mapping[str, tuple[str, ...]], activity: Activity | None, facts: Facts,
    knowledge: Knowledge,
) -> tuple[float, float, str, LoadChange | None]:  # fmt: skip
    """Points of one line of the pathway, and the load that it is about for this person."""
    of_sport = "sport" in line.loads and (activity is None or activity.id not in _sports(knowledge))
    if of_sport or (set(line.loads) & NEVER_FIRST and not any(load in hurts for load in line.loads)):
        return (-1.0, -float(place), line.loads[0], line)
    points = _points(line.loads, hurts, activity, facts, knowledge)
    each = [(_points((load,), hurts, activity, facts, knowledge), -n, load) for n, load in enumerate(line.loads)]
    return (points + knowledge.plan_choices.change_points.own_line, -float(place), max(each)[2], line)


def _points(
    loads: tuple[str, ...], hurts: Mapping[str, tuple[str, ...]], activity: Activity | None, facts: Facts,
    knowledge: Knowledge,
) -> float:  # fmt: skip
    table, points = knowledge.plan_choices.loads, knowledge.plan_choices.change_points
    total = 0.0
    for load in loads:
        answers = hurts.get(load, ())
        if answers:
            daily = any(told_in_daily_life(name, knowledge) for name in answers)
            more = points.each_more if len(answers) > 1 else 0.0
            total = max(total, more + (points.provoked if daily else points.provoked_by_test))
    if activity is not None and any(activity.id in table[load].activities for load in loads):
        total += points.activity
        if (activity.change_percent_last_8_weeks or 0.0) >= points.more_percent:
            total += points.more_of_it
    return total


def _sports(knowledge: Knowledge) -> tuple[str, ...]:
    return knowledge.plan_choices.loads["sport"].activities


def _activity(facts: Facts, knowledge: Knowledge) -> Activity | None:
    """The sport or work that matters most: what went up, then what takes most hours, then what stands first."""
    known = [one for one in facts.case.person.activities if one.id in knowledge.plan_choices.activities]
    loaded = {name for load in knowledge.plan_choices.loads.values() for name in load.activities}
    known = [one for one in known if one.id in loaded]
    return max(known, key=lambda one: (one.change_percent_last_8_weeks or 0.0, one.hours_per_week or 0.0), default=None)


def activity_reason(activity: Activity, knowledge: Knowledge) -> Because:
    """A sport or work of the person as a reason."""
    words = activity_words(activity.id, knowledge)
    if activity.hours_per_week:
        words += f", {activity.hours_per_week:g} hours a week"
    if activity.change_percent_last_8_weeks:
        words += f", {activity.change_percent_last_8_weeks:+g} % in 8 weeks"
    return Because(f"person.activities.{activity.id}", words)


def ease_for(
    care: SourceCare, hurts: Mapping[str, tuple[str, ...]], facts: Facts, knowledge: Knowledge, *, at_rest: bool = False
) -> tuple[str, str, tuple[Because, ...]]:
    """What eases now: id, words, and the answer that says so; without one, what usually eases this source.

    `at_rest`: nothing that is a movement, because a doctor is awaited.
    """
    for ease in knowledge.plan_choices.eases.values():
        if at_rest and ease.movement:
            continue
        if facts.yes(ease.id) and not set(ease.not_with) & set(hurts):
            return ease.id, ease.say, (reason(ease.id, knowledge),)
    if set(care.ease_asks) & set(hurts):
        return care.id, knowledge.plan_choices.ease_otherwise, ()
    return care.id, care.ease, ()
