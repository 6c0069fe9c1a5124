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
    """An answer, a marked region or a flag as a short phrase of the trade."""
    words, ours = _words(knowledge), knowledge.plan_choices.reasons.get(name)
    if _is_mark(name, knowledge):
        phrase = f"pain: {words.region(name)}"
    elif ours is not None and (ours.trade or name not in index_of(knowledge).findings):
        phrase = ours.trade or ours.plain
    else:
        phrase = words.short(name)
    return _answered(phrase, answer)


def plain_words(name: str, knowledge: Knowledge, answer: str = "yes") -> str:
    """The same in the client's wording of the question, without a name of a test."""
    ours = knowledge.plan_choices.reasons.get(name)
    if _is_mark(name, knowledge):
        return _answered(_place(name, knowledge), answer)
    if ours is not None:
        return _answered(ours.plain, answer)
    finding = index_of(knowledge).findings.get(name)
    if finding is not None and finding.mode == "hands_on":
        return "what the examination found"
    return _answered(_words(knowledge).short(name), answer)


def _is_mark(name: str, knowledge: Knowledge) -> bool:
    index = index_of(knowledge)
    return name.rpartition("_")[0] in index.regions and name not in index.findings


def _place(name: str, knowledge: Knowledge) -> str:
    region, _, side = name.rpartition("_")
    where = {"left": " on the left", "right": " on the right", "centre": " in the middle"}.get(side, "")
    return f"pain {knowledge.plan_choices.places[region]}{where}"


def _answered(phrase: str, answer: str) -> str:
    return phrase if answer in ("yes", "") else f"not: {phrase}" if answer == "no" else f"{phrase} ({answer})"


@cache
def _words(knowledge: Knowledge) -> Words:
    return Words(knowledge)


def because_of(names: tuple[str, ...], knowledge: Knowledge) -> tuple[Because, ...]:
    """Answers of the case as reasons."""
    return tuple(reason(name, knowledge) for name in names)


def reason(name: str, knowledge: Knowledge, answer: str = "yes", weight: float | None = None) -> Because:
    """One answer of the case as a reason, in the words of the trade and in the client's."""
    return Because(name, in_words(name, knowledge, answer), weight, plain_words(name, knowledge, answer))


def marks_of(case: Case, knowledge: Knowledge) -> tuple[Because, ...]:
    """The marks of the drawing as reasons: what is always there when something hurts."""
    worst = sorted(case.pain.regions.items(), key=lambda pair: (-(pair[1] or 0), pair[0]))
    return tuple(reason(name, knowledge) for name, _ in worst[:2])


def activity_words(name: str, knowledge: Knowledge) -> str:
    """A sport or work by its name."""
    return knowledge.plan_choices.activities[name].name


def pathway_of_place(facts: Facts, knowledge: Knowledge) -> str | None:
    """The pathway of the place that hurts, for a pain outside the back; None where nothing is laid down for it."""
    for one in knowledge.plan_choices.by_region:
        if facts.marked(one.region) is True and evaluate(one.when, facts) is True:
            return one.pathway
    return None
