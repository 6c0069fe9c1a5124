"""Findings that hang together: what is one observation, and how much the second and third of a group still add.

Since every finding speaks of every source, a likelihood is damped as a whole, never for one source alone: what a
finding says between two sources stays what it is. The k-th strongest answer of a group counts 1 / (1 + within_group *
(k - 1)). Strength is fixed for each answer: how far its ratios spread over the sources.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np

from psoas.diagnosis.likelihood.knobs import Knobs
from psoas.diagnosis.likelihood.table import table_of
from psoas.knowledge import Knowledge
from psoas.knowledge.index import Index, index_of
from psoas.knowledge.rules.facts import Facts

Answers = Mapping[str, str]


@lru_cache(maxsize=2)
def groups_of(knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """Per finding the groups in which it hangs together with others: its own, and each conflict that names it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, finding in knowledge.findings.findings.items():
        if finding.dependence_group:
            found[name].add(finding.dependence_group)
    for group in knowledge.findings.conflicts.values():
        for name in group.findings:
            found[name].add(group.id)
    return {name: frozenset(groups) for name, groups in found.items()}


def strengths(knowledge: Knowledge, knobs: Knobs) -> dict[tuple[str, str], float]:
    """How far the ratios of an answer spread over the sources and none: what orders the answers of a group."""
    return _strengths(knowledge, knobs.for_table())


@lru_cache(maxsize=8)
def _strengths(knowledge: Knowledge, knobs: Knobs) -> dict[tuple[str, str], float]:
    return {
        key: float(np.std(np.append(chance.ln_ratios(key[1]), 0.0)))
        for key, chance in table_of(knowledge, knobs).items()
    }


def counts_of(answers: Answers, knowledge: Knowledge, knobs: Knobs) -> dict[str, float]:
    """Exponent of every answer: the temperature, damped by how many stronger answers of a group stand before it."""
    strength, groups = strengths(knowledge, knobs), groups_of(knowledge)
    order = sorted(answers.items(), key=lambda held: (-strength[held], held[0]))
    seen: defaultdict[str, int] = defaultdict(int)
    counts = {}
    for name, _ in order:
        own = groups.get(name, ())
        before = max((seen[group] for group in own), default=0)
        counts[name] = knobs.temperature / (1.0 + knobs.within_group * before)
        for group in own:
            seen[group] += 1
    return counts


# ---- one observation under several ids


@lru_cache(maxsize=2)
def origins_of(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Per finding those from which its yes follows, directly."""
    index = index_of(knowledge)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in (*index.findings, *index.flags):
        found[name].extend(index.implied_by.get(name, ()))
    return {name: tuple(origins) for name, origins in found.items() if origins}


def speaking(answers: Answers, facts: Facts, knowledge: Knowledge) -> dict[str, str]:
    """The answers that count: not what only repeats another answer, the drawing or a fact of the case."""
    quiet = set(_repeats(answers, facts.index, knowledge))
    quiet.update(_drawn(answers, facts, knowledge))
    quiet.update(knowledge.diagnosis_choices.dependence.said_by_facts)
    return {name: answer for name, answer in answers.items() if name not in quiet}


def _repeats(answers: Answers, index: Index, knowledge: Knowledge) -> Iterable[str]:
    """A yes that another yes implies, a whole that its parts decide, a second id of one observation."""
    origins, order = origins_of(knowledge), {name: number for number, name in enumerate(answers)}
    for name, answer in answers.items():
        implied = answer == "yes" and any(answers.get(origin) == "yes" for origin in origins.get(name, ()))
        if implied and not _circle(name, answers, origins):
            yield name
        parts = _parts_of(name, index)
        if parts and _decided(parts, answers) == answer:
            yield name
        twins = index.same.get(name, ())
        if any(answers.get(twin) == answer and order[twin] < order[name] for twin in twins if twin in order):
            yield name
    for same in knowledge.diagnosis_choices.dependence.same_observation:
        held = [name for name in same if name in answers]
        yield from held[1:]


def _circle(name: str, answers: Answers, origins: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether two ids imply each other and this is the first of them: one has to speak."""
    return any(
        name in origins.get(origin, ()) and answers.get(origin) == "yes" and name < origin for origin in origins[name]
    )


def _parts_of(name: str, index: Index) -> object:
    entry = index.findings.get(name) or index.flags.get(name)
    return entry.parts if entry is not None else None


def _decided(parts: object, answers: Answers) -> str | None:
    """What a rule over answered findings gives, None while they leave it open. Other rules than counts are open."""
    got = _value(parts, answers)
    return None if got is None else "yes" if got else "no"


def _value(rule: object, answers: Answers) -> bool | None:
    if isinstance(rule, str):
        return {"yes": True, "no": False}.get(answers.get(rule, ""))
    if not isinstance(rule, Mapping):
        return None
    votes: list[bool | None] = []
    for key, value in rule.items():
        if key == "any_of":
            votes.append(_some([_value(one, answers) for one in value], 1))
        elif key == "all_of":
            votes.append(_some([_value(one, answers) for one in value], len(value)))
        elif key == "none_of":
            held = _some([_value(one, answers) for one in value], 1)
            votes.append(None if held is None else not held)
        elif key == "n_of":
            votes.append(_some([_value(one, answers) for one in value["of"]], value["n"]))
        else:
            votes.append(None)
    return _some(votes, len(votes))


def _some(votes: list[bool | None], wanted: int) -> bool | None:
    """Whether so many hold: None while the open ones could still decide it."""
    if votes.count(True) >= wanted:
        return True
    return False if len(votes) - votes.count(False) < wanted else None


def _drawn(answers: Answers, facts: Facts, knowledge: Knowledge) -> Iterable[str]:
    """Findings about the place of the pain that the drawing says already."""
    pain = facts.case.pain
    if not pain.regions:
        return
    marks = frozenset(pain.marks())
    for name, places in knowledge.diagnosis_choices.place.said_by.items():
        if name in answers:
            drawn = any(_is_drawn(place, marks) for place in places)
            told = facts.answer(name) in ("yes", "no")
            if not told or drawn or (answers[name] == "no" and pain.map_complete == "yes"):
                yield name


def _is_drawn(place: str, marks: frozenset[tuple[str, str]]) -> bool:
    """Whether a drawing of these (region, side) has this place, or, of its sides, whether they are known."""
    if place == "lumbar_centre":
        return ("lumbar", "centre") in marks
    if place == "one_side_only":
        return not any(side == "unspecified" for _, side in marks)
    return any(region == place for region, _ in marks)
