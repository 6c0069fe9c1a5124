"""Checks of the illness scripts: every fact exists, every script can fire, and no flag can silence one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from psoas.errors import KnowledgeError
from psoas.knowledge.checks.rules import RuleChecker
from psoas.knowledge.problems import Problem
from psoas.knowledge.rules.scripts import expression_of, fact_rule, rule_of

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge
    from psoas.knowledge.packs.danger_scripts import Script

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
    """The flags of the screen, and every answer that a flag's yes makes true."""
    from psoas.knowledge.index import index_of
    from psoas.knowledge.rules.follows import followers_of

    index = index_of(k)
    followers = followers_of(index)
    return frozenset(index.acts).union(*(followers[name] for name in index.acts))
