"""Facts of the case that are findings: age, sex, how it began, how long, course, sport, illnesses, what was tried.

They change the odds of each source by P(fact | source) / P(fact | no specific source), source by source: a fact such as
age is not made by a source, so there is nothing to explain away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from psoas.diagnosis.likelihood.table import Chance
from psoas.knowledge import Knowledge
from psoas.knowledge.rules.facts import Facts

ILLNESS = "condition_"


@dataclass(frozen=True, slots=True, eq=False)
class CaseFact:
    """A fact that is known of this person, with what it says of every source."""

    id: str
    answer: str
    chance: Chance


def case_facts(facts: Facts, table: Mapping[tuple[str, str], Chance], knowledge: Knowledge) -> tuple[CaseFact, ...]:
    """What the case says of its facts; of one kind the first that is true."""
    found: dict[str, tuple[str, str]] = {}
    for kind, name, answer in _told(facts, knowledge):
        if (name, answer) in table and kind not in found:
            found[kind] = (name, answer)
    return tuple(CaseFact(name, answer, table[name, answer]) for name, answer in found.values())


def _told(facts: Facts, knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Kind, id and answer of every fact; a yes of a kind comes before any no of it."""
    chosen = knowledge.diagnosis_choices.facts
    for fact in chosen.values():
        if facts.expression(fact.yes) is True:
            yield fact.kind, fact.id, "yes"
    for fact in chosen.values():
        if fact.no and facts.expression(fact.no) is True:
            yield fact.kind, fact.id, "no"
    for illness in knowledge.red_flags.known_conditions:
        if facts.known(illness) is True:
            yield ILLNESS + illness, ILLNESS + illness, "yes"
