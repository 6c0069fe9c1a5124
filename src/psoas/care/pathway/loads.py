"""Which loads of a day hurt this person, by their own answers; and who they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from psoas.care.types import Because
from psoas.case import Case
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of
from psoas.knowledge.rules.conditions import evaluate
from psoas.knowledge.rules.facts import Facts
from psoas.knowledge.words import Words


def hurting(facts: Facts, knowledge: Knowledge) -> Mapping[str, tuple[str, ...]]:
    """Loads that hurt, each with the answers that say so; in the order of plan_choices.yaml."""
    found = {
        load.id: tuple(name for name in load.provoked_by if facts.yes(name))
        for load in knowledge.plan_choices.loads.values()
    }
    return {name: by for name, by in found.items() if by}


def told_in_daily_life(name: str, knowledge: Knowledge) -> bool:
    """Whether an answer is of daily life, not of a test by hand."""
    finding = index_of(knowledge).findings.get(name)
    return finding is None or finding.mode in ("ask", "self_test")


def groups_of(facts: Facts, knowledge: Knowledge) -> frozenset[str]:
    """The groups of people that this one belongs to; what is not known puts nobody in a group."""
    groups = knowledge.plan_choices.groups.values()
    return frozenset(one.id for one in groups if evaluate(one.when, facts) is True)


def possible_sources(facts: Facts, knowledge: Knowledge) -> frozenset[str]:
    """Sources that this person can have: pregnancy pain needs a pregnancy, a replaced hip has no joint left to wear."""
    every = set(knowledge.sources_of_pain.conditions)
    groups = groups_of(facts, knowledge)
    if not groups & {"pregnancy", "after_birth"}:
        every.discard("pregnancy_pelvic_girdle_pain")
    if facts.yes("new_pain_near_replaced_hip"):
        every -= {"hip_osteoarthritis", "femoroacetabular_impingement_labral"}
    return frozenset(every)


def in_words(name: str, knowledge: Knowledge, answer: str = "yes") -> str:
    """An answer, a marked region or a flag as a short phrase."""
    words = _words(knowledge)
    marked = name.rpartition("_")[0] in index_of(knowledge).regions and name not in index_of(knowledge).findings
    phrase = f"pain: {words.region(name)}" if marked else words.short(name)
    return phrase if answer in ("yes", "") else f"not: {phrase}" if answer == "no" else f"{phrase} ({answer})"


@cache
def _words(knowledge: Knowledge) -> Words:
    return Words(knowledge)


def because_of(names: tuple[str, ...], knowledge: Knowledge) -> tuple[Because, ...]:
    """Answers of the case as reasons."""
    return tuple(Because(name, in_words(name, knowledge)) for name in names)


def marks_of(case: Case, knowledge: Knowledge) -> tuple[Because, ...]:
    """The marks of the drawing as reasons: what is always there when something hurts."""
    worst = sorted(case.pain.regions.items(), key=lambda pair: (-(pair[1] or 0), pair[0]))
    return tuple(Because(name, in_words(name, knowledge)) for name, _ in worst[:2])


def activity_words(name: str, knowledge: Knowledge) -> str:
    """A sport or work by its name."""
    return knowledge.plan_choices.activities[name].name
