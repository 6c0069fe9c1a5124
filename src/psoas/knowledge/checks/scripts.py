"""Checks of the illness scripts: every fact exists, every script can fire, and no flag can silence one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from psoas.errors import KnowledgeError
from psoas.knowledge.checks import tables
from psoas.knowledge.checks.rules import RuleChecker, members
from psoas.knowledge.problems import Problem
from psoas.knowledge.rules.scripts import expression_of, fact_rule, rule_of

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge
    from psoas.knowledge.packs.danger_scripts import Script
    from psoas.knowledge.packs.findings import Finding
    from psoas.knowledge.packs.red_flags import Flag

_PACK = "danger_scripts"


def check_scripts(k: Knowledge) -> Iterator[Problem]:
    """Every script, the table of facts told otherwise, and the causes."""
    pack, red = k.danger_scripts, k.red_flags
    checker = RuleChecker(k)
    for cause in pack.causes.values():
        if cause.condition not in red.conditions:
            yield Problem(_PACK, f"causes/{cause.id}/condition", cause.condition, "the id of a cause of the screen")
    for name, classes in pack.medicine_classes.items():
        for one in classes:
            if one not in k.interactions.medicine_names:
                yield Problem(_PACK, f"medicine_classes/{name}", one, "a class of medicines")
    for fact in pack.told_as:
        yield from _fact(f"told_as/{fact}", fact, k, checker)
    flags = _flags_and_what_follows(k)
    for script in pack.scripts.values():
        yield from _script(script, k, checker, flags)


def _script(script: Script, k: Knowledge, checker: RuleChecker, flags: frozenset[str]) -> Iterator[Problem]:
    where, pack = f"scripts/{script.id}", k.danger_scripts
    if script.id in checker.known:
        yield Problem(_PACK, where, script.id, "an id that no answer and no combination has")
    if script.cause not in pack.causes:
        yield Problem(_PACK, f"{where}/cause", script.cause, "the id of a cause of this pack")
    if len(script.source) != len(script.read_in) and len(script.read_in) != 1:
        yield Problem(_PACK, f"{where}/read_in", script.read_in, "one word for all sources, or one for each")
    for group in script.at_least:
        if not 1 <= group.how_many <= len(group.of):
            yield Problem(_PACK, f"{where}/at_least/how_many", group.how_many, f"1 to {len(group.of)}")
    named = [*script.all, *(fact for group in script.at_least for fact in group.of), *script.unless]
    problems = [problem for fact in named for problem in _fact(where, fact, k, checker)]
    yield from problems
    if not problems:
        yield from checker.rule(_PACK, where, rule_of(script, pack))
    for fact in script.unless:
        if fact in flags:
            yield Problem(_PACK, f"{where}/unless", fact, "nothing that is a flag or follows from one")


def _fact(where: str, fact: str, k: Knowledge, checker: RuleChecker) -> Iterator[Problem]:
    try:
        rule = fact_rule(fact, k.danger_scripts)
    except KnowledgeError as err:
        yield Problem(_PACK, where, fact, str(err))
        return
    if isinstance(rule, str):
        if rule not in checker.known:
            yield Problem(_PACK, where, fact, "the id of an answer")
    elif text := expression_of(fact, k.danger_scripts):
        yield from checker.expression(_PACK, where, text)


def _flags_and_what_follows(k: Knowledge) -> frozenset[str]:
    """The flags of the screen, and every answer that a flag's yes can make true, through any number of steps."""
    flags, findings = tables.own_flags(k), k.findings.findings
    entries: list[Finding | Flag] = [*findings.values(), *flags.values()]
    rests_on: dict[str, set[str]] = {entry.id: members(entry.parts or {}) for entry in entries}
    for entry in entries:
        for target in (*entry.implies, *([entry.same_as] if entry.same_as else ())):
            rests_on.setdefault(target, set()).add(entry.id)
        if entry.same_as:
            rests_on[entry.id].add(entry.same_as)
    for finding in findings.values():
        rests_on[finding.id].update(finding.implied_by)
    texts = [(derived.id, derived.rule) for derived in k.findings.derived_findings.values()]
    texts += [(flag.id, flag.derived_from) for flag in flags.values() if flag.derived_from]
    for name, text in texts:
        rests_on.setdefault(name, set()).update(members({"when": text}))
    found = {flag.id for _, flag in tables.flag_entries(k)}
    while more := {name for name, origins in rests_on.items() if name not in found and origins & found}:
        found |= more
    return frozenset(found)
