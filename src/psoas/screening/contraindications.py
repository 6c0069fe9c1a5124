"""What hands must not do, and what must still be asked before they may: the second pass of the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from psoas.knowledge import Knowledge
from psoas.knowledge.rules.conditions import evaluate, true_ids
from psoas.knowledge.rules.expressions import Ternary
from psoas.knowledge.rules.facts import Facts
from psoas.screening.questions import applies
from psoas.screening.types import Ban, PsoasGate

BANS = ("absolute", "relative")


def bans(knowledge: Knowledge, facts: Facts) -> Iterator[Ban]:
    for rule in knowledge.red_flags.manual_contraindications.values():
        if evaluate(rule.forbid_if, facts) is not True:
            continue
        for technique in rule.technique:
            level = rule.level_by_technique.get(technique, rule.level)
            if level in BANS:
                because = (*true_ids(rule.forbid_if, facts), *_illnesses(rule.forbid_if, facts, True)) or (rule.id,)
                yield Ban(
                    technique, rule.id, level, because, rule.source, rule.why, rule.do_instead, rule.limited_to
                )  # fmt: skip


def _expressions(rule: Any) -> Iterator[str]:
    """Expressions inside a rule that speak for a ban (`unless` speaks against one)."""
    if isinstance(rule, Mapping):
        for key, value in rule.items():
            if key == "when":
                yield value
            elif key == "n_of":
                yield from _expressions(value["of"])
            else:
                yield from _expressions(value)
    elif isinstance(rule, (list, tuple)):
        for part in rule:
            yield from _expressions(part)


def _illnesses(rule: Any, facts: Facts, held: Ternary) -> tuple[str, ...]:
    """Illnesses that the rule names in `known(...)` and that are held (True) or not stated (None)."""
    names = [name for text in _expressions(rule) for name in re.findall(r"known\('(\w+)'\)", text)]
    return tuple(dict.fromkeys(name for name in names if facts.known(name) is held))


def open_questions(technique: str, knowledge: Knowledge, facts: Facts, gate: PsoasGate) -> tuple[str, ...]:
    """What must still be answered no before a technique that can do grave harm is cleared.

    That is what its contraindications name, and the gate of the psoas: the causes for which "the psoas must not be
    stretched or pressed" (psoas_mimics), each of which forbids it through the urgency. An illness is answered by the
    list `conditions`: once it is given, what it does not name counts as denied. A mark on the pain drawing is answered
    by `pain.map_complete`.
    """
    told = facts.with_illnesses_told()
    ask: list[str] = []
    for rule in knowledge.red_flags.manual_contraindications.values():
        level = rule.level_by_technique.get(technique, rule.level)
        if technique in rule.technique and level in BANS:
            ask += _asks(rule.forbid_if, told)
    return tuple(dict.fromkeys((*ask, *gate.ask)))


def _asks(rule: Any, facts: Facts) -> Iterator[str]:
    """The questions that leave a rule unknown: nothing is asked of a branch that is decided."""
    if evaluate(rule, facts) is not None:
        return
    if isinstance(rule, str):
        if combo := facts.index.combinations.get(rule):
            yield from _asks(combo.rule, facts)
        elif applies(rule, facts):
            yield rule
        return
    for key, value in rule.items():
        if key == "when":
            yield from _fields_unknown(value, facts)
        elif key in ("all_of", "any_of", "none_of", "n_of"):
            for part in value["of"] if key == "n_of" else value:
                yield from _asks(part, facts)


def _fields_unknown(text: str, facts: Facts) -> Iterator[str]:
    """The fields, illnesses and the drawing that leave an expression unknown."""
    if facts.expression(text) is not None:
        return
    yield from (name for name in re.findall(r"known\('(\w+)'\)", text) if facts.known(name) is None)
    for block, name in re.findall(r"(person|pain)\.(\w+)", text):
        if facts.field(block, name) is None:
            yield f"{block}.{name}"
    if "marked" in text and facts.case.pain.map_complete != "yes":
        yield "pain.map_complete"
