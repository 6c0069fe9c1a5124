"""Illness scripts as rules: each fact translated into the one rule language, once, and asked of a case once.

A script is about 260 small conjunctions over some 400 facts. Translated into rules and evaluated one by one they would
ask the same facts again and again, so the facts are evaluated first, each one time, and the scripts are then set
operations on what is true. `rule_of` gives a whole script as a rule all the same, for those who read rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from psoas.errors import KnowledgeError
from psoas.knowledge.rules.conditions import Rule, ids_in
from psoas.knowledge.rules.expressions import Ternary, compile_expression, t_or

if TYPE_CHECKING:
    from psoas.knowledge import Knowledge
    from psoas.knowledge.packs.danger_scripts import DangerScriptPack, Script
    from psoas.knowledge.rules.facts import Facts

_PLAIN: Mapping[str, str] = {
    "severe": "pain.worst >= 8",
    "tried_none": "tried('none')",
    "tried_worse": "tried('worse')",
    "one_side": "one_side()",
    "both_sides": "two_sides()",
    "any_sport": "activity()",
    "training_up": "activity_change() >= 20",
    "temp>=38": "vitals.temperature_c >= 38",
    "pulse>100": "vitals.pulse_per_min > 100",
    "systolic<100": "vitals.systolic_mmhg < 100",
    "crp_raised": "laboratory.crp_mg_l > 10 or laboratory.esr_mm_h > 30",
    "wcc_raised": "laboratory.white_cells_10e9_l > 11",
    "pregnant": "person.pregnant == 'yes'",
}
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"age(>=|<)(\d+)"), "person.age_years {} {}"),
    (re.compile(r"duration(>=|<)(\d+)"), "pain.duration_weeks {} {}"),
    (re.compile(r"sex=(male|female)"), "person.sex == '{}'"),
    (re.compile(r"onset=(sudden|gradual|after_injury)"), "pain.onset == '{}'"),
    (re.compile(r"course=(improving|stable|worsening|episodic)"), "pain.course == '{}'"),
    (re.compile(r"mark:(\w+)"), "marked('{}')"),
    (re.compile(r"activity:(\w+)"), "activity('{}')"),
    (re.compile(r"condition:(\w+)"), "known('{}')"),
)

TELLING_NOT = re.compile(r"(age|duration|sex|onset|mark|activity)\b.*|one_side|both_sides|any_sport|pregnant")
"""Facts that place a person or a pain without saying that anything is wrong: alone they half-fill nothing."""


def expression_of(fact: str, pack: DangerScriptPack) -> str | None:
    """The expression that a fact of a field stands for; None for a bare id, which is a rule by itself."""
    if fact in _PLAIN:
        return _PLAIN[fact]
    if match := re.fullmatch(r"medicine:(\w+)", fact):
        classes = pack.medicine_classes.get(match[1], (match[1],))
        return " or ".join(f"takes('{name}')" for name in classes)
    for shape, text in _SHAPES:
        if match := shape.fullmatch(fact):
            return text.format(*match.groups())
    if not re.fullmatch(r"[a-z][a-z0-9_]*", fact):
        raise KnowledgeError(f"the fact {fact!r} of danger_scripts.yaml is none that script_language names.")
    return None


def fact_rule(fact: str, pack: DangerScriptPack) -> Rule:
    """A fact in the rule language; what the case may also state as an answer counts either way."""
    text = expression_of(fact, pack)
    told = pack.told_as.get(fact, ())
    if text is None:
        return {"any_of": [fact, *told]} if told else fact
    return {"any_of": [{"when": text}, *told]} if told else {"when": text}


def rule_of(script: Script, pack: DangerScriptPack) -> Rule:
    """A script as one rule: `all` and groups that must hold, facts of the twin that must not be known to be true."""
    parts: list[Rule] = [fact_rule(fact, pack) for fact in script.all]
    parts += [
        {"n_of": {"n": group.how_many, "of": [fact_rule(fact, pack) for fact in group.of]}} for group in script.at_least
    ]  # fmt: skip
    rule: dict[str, Any] = {"all_of": parts}
    expressions = [text for fact in script.unless if (text := expression_of(fact, pack)) is not None]
    ids = [fact for fact in script.unless if expression_of(fact, pack) is None]
    if expressions:
        rule["unless"] = " or ".join(f"({text})" for text in expressions)
    if ids:
        rule["unless_yes"] = ids
    return rule


@dataclass(frozen=True, slots=True)
class Part:
    """`n` of these facts must be true; a fact of `all` is a part of one fact."""

    n: int
    facts: tuple[str, ...]

    def state(self, truth: Mapping[str, Ternary]) -> Ternary:
        """Whether the part holds: False when too few of its facts can still be true."""
        true = sum(truth[fact] is True for fact in self.facts)
        if true >= self.n:
            return True
        open_ = sum(truth[fact] is None for fact in self.facts)
        return None if true + open_ >= self.n else False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A script ready to be asked. `rests_on`: the facts of all its parts."""

    script: Script
    parts: tuple[Part, ...]
    needed: frozenset[str]
    groups: tuple[tuple[int, frozenset[str]], ...]
    unless: frozenset[str]

    def fires(self, true: frozenset[str]) -> bool:
        """Whether it fires, from the facts that are true."""
        return (
            self.needed <= true
            and all(len(facts & true) >= n for n, facts in self.groups)
            and self.unless.isdisjoint(true)
        )  # fmt: skip


class ScriptTable:
    """Every script of the pack, compiled. Made once for a knowledge by `script_table`."""

    def __init__(self, pack: DangerScriptPack) -> None:
        self.pack = pack
        self.scripts = tuple(_compiled(script, pack) for script in pack.scripts.values())
        names = dict.fromkeys(fact for one in self.scripts for fact in _facts_of(one.script))
        self.rules: Mapping[str, Rule] = {fact: fact_rule(fact, pack) for fact in names}
        self._ids = tuple(fact for fact, rule in self.rules.items() if isinstance(rule, str))
        self._fields = tuple(
            (fact, compile_expression(text), pack.told_as.get(fact, ()))
            for fact in names
            if (text := expression_of(fact, pack)) is not None
        )
        # A twin is recognised by the field alone: an answer that is a flag of the screen must silence nothing.
        self._stated = tuple(
            (_stated(fact), compile_expression(text))
            for fact in names
            if fact in pack.told_as and (text := expression_of(fact, pack)) is not None
        )
        self._told = tuple((fact, told) for fact, told in pack.told_as.items() if expression_of(fact, pack) is None)

    def truth(self, facts: Facts) -> dict[str, Ternary]:
        """Every fact of the scripts, asked of a case once: what `evaluate` says of each of `rules`."""
        holds = facts.holds
        truth: dict[str, Ternary] = {fact: holds(fact) for fact in self._ids}
        for fact, asked, told in self._fields:
            value: Ternary = asked(facts)
            truth[fact] = t_or([value, *map(holds, told)]) if told and value is not True else value
        for fact, told in self._told:
            if fact in self.rules:
                truth[fact] = t_or([holds(fact), *map(holds, told)])
        for name, asked in self._stated:
            truth[name] = asked(facts)
        return truth

    @cached_property
    def ids_of(self) -> Mapping[str, tuple[str, ...]]:
        """The answers that a fact rests on, by fact: what can be asked to make it true."""
        return {fact: ids_in(rule) for fact, rule in self.rules.items()}


def _stated(fact: str) -> str:
    """The name under which a fact counts that is read from its field alone."""
    return f"stated {fact}"


def _compiled(script: Script, pack: DangerScriptPack) -> Compiled:
    parts = [Part(1, (fact,)) for fact in script.all] + [Part(group.how_many, group.of) for group in script.at_least]
    groups = tuple((group.how_many, frozenset(group.of)) for group in script.at_least)
    unless = frozenset(_stated(fact) if fact in pack.told_as else fact for fact in script.unless)
    return Compiled(script, tuple(parts), frozenset(script.all), groups, unless)


def _facts_of(script: Script) -> tuple[str, ...]:
    return (*script.all, *(fact for group in script.at_least for fact in group.of), *script.unless)


@lru_cache(maxsize=2)
def script_table(knowledge: Knowledge) -> ScriptTable:
    """The scripts of these packs, compiled."""
    return ScriptTable(knowledge.danger_scripts)
